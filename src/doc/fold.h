/* fold.h: text as rules see it: one byte a letter, spelling variants made equal.
 *
 *   - alef with or without hamza, madda, wasla -> ALEF; alef maksura, Persian
 *     yeh -> YEH; teh marbuta -> HEH; waw and yeh with hamza -> WAW, YEH; Persian
 *     keheh, gaf -> KAF; presentation forms -> their letters
 *   - marks, tatweel, bidi controls, zero-width characters vanish
 *   - a run of digits of any kind, with separators inside, is one '0'
 *   - ASCII and Latin-1 letters in lower case, without accents
 *   - other signs and white space are one ' ' between words, none at the ends
 * Letters of other scripts are MK_FOLD_OTHER. The table of Arabic is made of
 * src/text/letters.tsv, like those of the operations on text. Source:
 * Unicode 15.0 chapter 9.2; spellings seen on Arabic pages. */
#ifndef MK_FOLD_H
#define MK_FOLD_H

#include "minkhal/doc.h"

enum {
    MK_FOLD_ALEF = 0x87, /* 0x80 | (code point - U+0620), as all Arabic letters */
    MK_FOLD_BEH = 0x88,
    MK_FOLD_FEH = 0xA1,
    MK_FOLD_KAF = 0xA3,
    MK_FOLD_LAM = 0xA4,
    MK_FOLD_WAW = 0xA8,
    MK_FOLD_OTHER = 0xFE,
    MK_FOLD_CODES = 256, /* values of a folded byte */
    MK_FOLD_PAD = 8      /* bytes that may be written behind a folded text */
};

/* Writes at most 2 * text.len bytes to out (a space may part a digit from a
 * letter) and returns their number. features (may
 * be NULL) is filled in by the same pass. */
size_t mk_fold(mk_str text, char *out, mk_features *features);

/* The same of a text that is trimmed (mk_str_trim), many letters at once where simd says
 * that the machine can: mk_has_simd(). out has room for MK_FOLD_PAD bytes more. */
size_t mk_fold_fast(mk_str text, bool simd, char *out, mk_features *features);

/* The offset in text of byte `at` of its folded form; text.len for its end. */
size_t mk_fold_offset(mk_str text, size_t at);

#endif
