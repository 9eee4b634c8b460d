/* pass.h: the shape of an operation, and what all of them are written with.
 *
 * A pass looks at a text (one line or several, UTF-8) and emits patches in
 * ascending order, apart. It keeps nothing. An operation is one pass or a few in
 * sequence; operations.c says which, and in which order operations run. */
#ifndef MK_PASS_H
#define MK_PASS_H

#include "minkhal/text.h"
#include "text/letter.h"
#include "text/mojibake.h"
#include "text/patch.h"

/* What a pass may ask for beside the text. */
typedef struct mk_pass_context {
    mk_language language;
    bool has_markup;             /* the document holds a literal < */
    const mk_mojibake *evidence; /* of the document */
    mk_drafts *drafts;           /* for who writes a text several times over */
} mk_pass_context;

typedef void mk_pass(const mk_pass_context *context, mk_str text, mk_patches *patches);

enum {
    MK_TATWEEL_CP = 0x0640,
    MK_SHADDA = 0x0651,
    MK_HAMZA_ABOVE = 0x0654,
    MK_ZWSP = 0x200B,
    MK_ZWNJ = 0x200C,
    MK_ZWJ = 0x200D
};

/* As mk_utf8_next, in line: text is valid and *at is below its length. */
static inline uint32_t mk_take(mk_str text, size_t *at)
{
    const unsigned char *p = (const unsigned char *)text.ptr + *at;

    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xE0 && *at + 1 < text.len) {
        *at += 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    return mk_utf8_next(text, at);
}

/* The code point at `at`; MK_CP_NONE at the end. */
static inline uint32_t mk_look(mk_str text, size_t at)
{
    return at < text.len ? mk_take(text, &at) : MK_CP_NONE;
}

/* text[at, to) reads cp. The engine knows which operation runs: no rule here. */
static inline void mk_patch_cp(mk_patches *patches, size_t at, size_t to, uint32_t cp)
{
    char bytes[4];

    mk_patch(patches, at, to - at, (mk_str){bytes, mk_utf8_put(bytes, cp)}, 0);
}

static inline void mk_patch_away(mk_patches *patches, size_t at, size_t to)
{
    mk_patch(patches, at, to - at, (mk_str){NULL, 0}, 0);
}

/* 0-9, Arabic-Indic, Persian. */
static inline bool mk_is_digit(uint32_t cp)
{
    return cp - '0' < 10 || (mk_letter_facts_of(cp) & MK_DIGIT) != 0;
}

/* White space as Unicode has it, line breaks and C0 separators included. */
static inline bool mk_is_white(uint32_t cp)
{
    return (cp >= 0x09 && cp <= 0x0D) || (cp >= 0x1C && cp <= 0x20) || cp == 0x85 || cp == 0x2028 ||
           cp == 0x2029 || mk_is_space(cp);
}

/* ---- the passes, by file ---- */

/* whitespace.c */
mk_pass mk_pass_newline, mk_pass_newline_cr, mk_pass_spaces, mk_pass_whitespace,
    mk_pass_blank_lines;
/* unseen.c */
mk_pass mk_pass_control, mk_pass_control_c0, mk_pass_nonchar, mk_pass_pua, mk_pass_bidi,
    mk_pass_bom, mk_pass_unseen, mk_pass_zwsp, mk_pass_tags, mk_pass_selectors;
/* joiners.c */
mk_pass mk_pass_zwnj, mk_pass_zwj, mk_pass_heh_zwnj, mk_pass_joiners_all;
/* forms.c */
mk_pass mk_pass_forms, mk_pass_allah, mk_pass_words;
/* nfc.c */
mk_pass mk_pass_nfc, mk_pass_nfkc, mk_pass_casefold;
/* True if NFC may change cp, or what stands before it because of cp. True also of
 * some composed letters that it leaves alone. */
bool mk_nfc_may_change(uint32_t cp);
/* marks.c */
mk_pass mk_pass_dup_marks, mk_pass_mark_cap, mk_pass_shadda_first, mk_pass_tashkeel,
    mk_pass_harakat, mk_pass_quran_marks, mk_pass_marks, mk_pass_tanween_after,
    mk_pass_tanween_before;
/* language_letters.c */
mk_pass mk_pass_letters;
/* tatweel.c */
mk_pass mk_pass_tatweel, mk_pass_tatweel_all;
/* folds.c */
mk_pass mk_pass_alef, mk_pass_maksura, mk_pass_marbuta, mk_pass_hamza, mk_pass_script,
    mk_pass_digits_ascii, mk_pass_digits_arabic, mk_pass_digits_persian;
/* punct.c */
mk_pass mk_pass_number_sep, mk_pass_punct_ascii, mk_pass_punct_arabic, mk_pass_quotes,
    mk_pass_space_before, mk_pass_space_after, mk_pass_repeat_punct;
/* elongation.c */
mk_pass mk_pass_elongation_cap, mk_pass_elongation_fold;
/* hold.c */
mk_pass mk_pass_find_code, mk_pass_find_ayah, mk_pass_find_ayah_turned, mk_pass_find_verse,
    mk_pass_find_quran_word;

#endif
