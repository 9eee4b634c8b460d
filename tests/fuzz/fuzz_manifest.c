/* fuzz_manifest.c: the manifest of a release. What is accepted is written as it was read;
 * what is not, or does not add up, says why. As far as it could be read it is written, with
 * totals of our own, and read again. */
#include "fuzz.h"
#include "release/manifest.h"

static mk_err read(mk_str text, mk_manifest *m)
{
    mk_error error = {.code = MK_OK};
    mk_err err = mk_manifest_read(text, m, &error);

    must(err == MK_OK || (err == MK_MISMATCH && error.text[0]));
    if (err != MK_OK)
        return err;
    error = (mk_error){.code = MK_OK};
    err = mk_manifest_check(m, &error);
    must(err == MK_OK || (err == MK_MISMATCH && error.text[0]));
    return MK_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const mk_str text = {(const char *)data, size};
    mk_manifest m = {0}, again = {0};
    mk_buf out = {.max = MK_BUF_MAX};
    const mk_err err = read(text, &m);

    if (m.splits.n > 0) { /* read far enough to be written */
        mk_manifest_put(&m, &out);
        must(!out.failed);
        must(err != MK_OK || mk_str_eq(mk_buf_str(&out), text));
        (void)read(mk_buf_str(&out), &again);
    }
    mk_manifest_clear(&again);
    mk_manifest_clear(&m);
    mk_buf_clear(&out);
    return 0;
}
