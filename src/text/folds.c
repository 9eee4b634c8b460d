/* folds.c: one letter or digit for another, wherever it stands. What the folds of
 * letters make equal is in letters.tsv. */
#include "text/pass.h"

static void fold(mk_str text, mk_patches *patches, unsigned map)
{
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at), to = mk_letter_map(map, cp);
        if (to != cp)
            mk_patch_cp(patches, from, at, to);
    }
}

void mk_pass_alef(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    fold(text, patches, MK_MAP_ALEF);
}

void mk_pass_maksura(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    fold(text, patches, MK_MAP_MAKSURA);
}

void mk_pass_marbuta(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    fold(text, patches, MK_MAP_MARBUTA);
}

void mk_pass_hamza(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    fold(text, patches, MK_MAP_HAMZA);
}

void mk_pass_script(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    fold(text, patches, MK_MAP_SCRIPT);
}

/* Digits of the three kinds become those that begin with zero. */
static void digits(mk_str text, mk_patches *patches, uint32_t zero)
{
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (mk_is_digit(cp) && cp - zero > 9)
            mk_patch_cp(patches, from, at, zero + (uint32_t)mk_digit_value(cp));
    }
}

void mk_pass_digits_ascii(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    digits(text, patches, '0');
}

void mk_pass_digits_arabic(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    digits(text, patches, 0x0660);
}

void mk_pass_digits_persian(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    digits(text, patches, 0x06F0);
}
