/* fuzz_normalize.c: normalised text. The first byte says form and language. It is valid,
 * normalising it again changes nothing, and a record gives what its text gives. */
#include "fuzz.h"
#include "minkhal/minkhal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static mk_normalizer *normalizer; /* as long as the process */
    mk_str text = {(const char *)data + 1, size > 0 ? size - 1 : 0}, once = {0}, twice = {0};
    mk_scratch scratch = {0};
    mk_error error = {.code = MK_OK};

    if (size == 0)
        return 0;
    if (!normalizer)
        normalizer = mk_normalizer_new();
    must(normalizer != NULL);
    const mk_norm_options options = {.form = (mk_form)(data[0] % 3),
                                     .language = (mk_language)(data[0] / 3 % 7)};
    mk_err err = mk_norm_record(normalizer, &options, data[0] & 0x80, text, &scratch, &once,
                                &error);
    must(err == MK_OK || (err == MK_RECORD && error.text[0]));
    must(mk_utf8_valid(once) == once.len);
    free(scratch.ptr);

    text.len = mk_utf8_valid(text);
    err = mk_norm_text(normalizer, &options, text, &once);
    must(err == MK_OK && mk_utf8_valid(once) == once.len);
    char *const copy = malloc(once.len + 1);
    must(copy != NULL);
    memcpy(copy, once.len > 0 ? once.ptr : "", once.len);
    const mk_str first = {copy, once.len};
    err = mk_norm_text(normalizer, &options, first, &twice);
    must(err == MK_OK && mk_str_eq(first, twice));
    free(copy);
    return 0;
}
