/* decode.c: bytes of a text in any charset as UTF-8, for who has no document. */
#include "minkhal/minkhal.h"
#include "text/charset.h"

mk_err mk_decode(mk_str bytes, const char *label, mk_scratch *scratch, mk_str *ret,
                 uint64_t *ret_bad, mk_error *reterr)
{
    mk_buf out = {.ptr = scratch->ptr, .size = scratch->size, .max = MK_BUF_MAX};
    const bool is_auto = !label || strcmp(label, "auto") == 0;
    const mk_charset *charset = is_auto ? mk_charset_detect(bytes)
                                        : mk_charset_by_label(mk_str_of(label));
    uint64_t n_bad = 0;

    if (!charset)
        return mk_fail(reterr, MK_OPTION, "unknown charset '%s'", label);
    const mk_err err = mk_charset_decode(charset, bytes, &out, &n_bad, reterr);
    scratch->ptr = out.ptr;
    scratch->size = out.size;
    if (err == MK_OPTION)
        return mk_fail(reterr, err, "cannot decode %s", mk_charset_name(charset));
    if (err != MK_OK)
        return err;
    *ret = out.len > 0 ? mk_buf_str(&out) : MK_STR("");
    *ret_bad = n_bad;
    return MK_OK;
}
