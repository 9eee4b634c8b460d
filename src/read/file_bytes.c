/* file_bytes.c: see file_bytes.h. Cases: tests/read/test_file_bytes.c. */
#include "read/file_bytes.h"

mk_err mk_file_bytes(const char *path, mk_file_form form, mk_buf *out, mk_error *reterr)
{
    mk_stream *s = NULL;
    mk_str chunk;
    mk_err err = mk_stream_file(path, &s, reterr);

    if (err == MK_OK && form == MK_FILE_DECODED)
        err = mk_stream_decode(&s, reterr);
    while (err == MK_OK && (err = s->read(s, &chunk, reterr)) == MK_OK) {
        if (chunk.len > out->max - out->len)
            err = mk_fail(reterr, MK_LIMIT, "'%s' is larger than %zu bytes", path, out->max);
        else
            mk_buf_put(out, chunk);
        if (out->failed)
            err = mk_fail(reterr, MK_NOMEM, "out of memory for '%s'", path);
    }
    mk_stream_close(s);
    return err == MK_END ? MK_OK : err;
}

mk_err mk_file_option(const char *path, mk_file_form form, mk_buf *out, mk_error *reterr)
{
    mk_error error = {.code = MK_OK};
    const mk_err err = mk_file_bytes(path, form, out, &error);

    return err == MK_OK ? MK_OK
                        : mk_fail(reterr, err == MK_DAMAGED ? MK_OPTION : err, "%s", error.text);
}
