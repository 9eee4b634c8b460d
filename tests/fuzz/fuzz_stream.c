/* fuzz_stream.c: codecs within one another and archives. Whatever the bytes are, reading
 * ends, units never go back, and nothing comes behind an end. The first byte says how
 * many bytes are read at a time. */
#include "fuzz.h"
#include "read/stream_private.h"

enum { MOST = 1 << 16 /* pieces and members: more than small inputs can have */ };

static const mk_limits limits = {.max_unpacked = 16 << 20};

static void read_all(mk_stream *s)
{
    uint64_t unit = 0;
    mk_err err = MK_OK;
    mk_str piece;
    mk_error error;

    for (size_t n = 0; err != MK_END; n++) {
        must(n < MOST);
        err = s->read(s, &piece, &error);
        must(err == MK_OK || err == MK_END || err == MK_DAMAGED);
        if (err == MK_END)
            break;
        must(s->unit >= unit);
        must(err == MK_DAMAGED ? error.text[0] != 0 : piece.len > 0);
        unit = s->unit;
        if (err == MK_DAMAGED && !mk_stream_resume(s))
            break;
    }
    must(s->read(s, &piece, &error) == MK_END);
}

static void read_members(mk_archive *a)
{
    mk_err err = MK_OK;

    for (size_t n = 0; err != MK_END; n++) {
        mk_stream *member = NULL;
        mk_error error;
        must(n < MOST);
        err = mk_archive_next(a, &member, &error);
        must(err == MK_OK || err == MK_END || err == MK_DAMAGED);
        if (err == MK_OK)
            read_all(member);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mk_stream *s = NULL;
    mk_archive *a = NULL;
    mk_error error;
    mk_str head = {0};

    if (size == 0)
        return 0;
    const mk_str bytes = {(const char *)data + 1, size - 1};
    const size_t step = data[0] == 0xFF ? MK_STREAM_CHUNK : data[0] + (size_t)1;
    if (mk_stream_bytes_by("in", bytes, step, &s, &error) != MK_OK)
        return 0;
    mk_stream_limit(s, &limits, NULL);
    if (mk_stream_decode(&s, &error) == MK_OK &&
        mk_stream_peek(s, MK_STREAM_CHUNK, &head, &error) == MK_OK && mk_archive_is(head)) {
        if (mk_archive_open(s, &a, &error) == MK_OK)
            read_members(a);
        s = NULL; /* the archive's */
    }
    if (s)
        read_all(s);
    mk_archive_close(a);
    mk_stream_close(s);
    return 0;
}
