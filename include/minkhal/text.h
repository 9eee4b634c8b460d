/* text.h: bytes, code points and the classes that rules ask about.
 *
 * Text is UTF-8. Offsets and lengths count bytes; thresholds count letters or
 * code points. Functions that take an mk_str of text expect valid UTF-8 (the
 * reader has checked it) unless they say otherwise. */
#ifndef MINKHAL_TEXT_H
#define MINKHAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "minkhal/error.h"

/* Lent bytes; no NUL ends them. ptr may be NULL when len is 0. */
typedef struct mk_str {
    const char *ptr;
    size_t len;
} mk_str;

#define MK_STR(literal) ((mk_str){(literal), sizeof(literal) - 1})

static inline mk_str mk_str_of(const char *nul_ended)
{
    return (mk_str){nul_ended, nul_ended ? strlen(nul_ended) : 0};
}

static inline bool mk_str_eq(mk_str a, mk_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline mk_str mk_str_sub(mk_str s, size_t from, size_t to)
{
    return (mk_str){s.ptr + from, to - from};
}

/* Byte order, shorter first on a tie: <0, 0, >0. Never by locale. */
MK_API int mk_str_cmp(mk_str a, mk_str b);

/* True if s contains the bytes of part. */
MK_API bool mk_str_has(mk_str s, mk_str part);

/* s without white space (ASCII and Unicode), bidi controls and zero-width
 * characters at both ends: what stands there is seldom meant. */
MK_API mk_str mk_str_trim(mk_str s);

enum { MK_CP_NONE = 0 }; /* what stands before the first and after the last */

/* The code point at *at, which is advanced past it; MK_CP_NONE at the end. */
MK_API uint32_t mk_utf8_next(mk_str s, size_t *at);

/* The code point that ends at *at, which is moved to its start; MK_CP_NONE at
 * the beginning. */
MK_API uint32_t mk_utf8_prev(mk_str s, size_t *at);

/* As the two above, without moving. */
MK_API uint32_t mk_utf8_peek(mk_str s, size_t at);
MK_API uint32_t mk_utf8_before(mk_str s, size_t at);

/* Writes cp (a scalar value) to out, 1 to 4 bytes. Returns their number. */
MK_API size_t mk_utf8_put(char out[4], uint32_t cp);

/* Bytes of the longest valid prefix of s: s.len if all of it is UTF-8 as in
 * RFC 3629 (no overlong form, no surrogate, nothing above U+10FFFF). */
MK_API size_t mk_utf8_valid(mk_str s);

/* An Arabic-script letter: LETTER of Unicode 15.0 blocks Arabic, Supplement and
 * Extended-A and -B, without marks, digits, tatweel and signs. */
MK_API bool mk_is_arabic_letter(uint32_t cp);

/* A letter of any script (general category L*), tatweel excepted. */
MK_API bool mk_is_letter(uint32_t cp);

/* An Arabic combining mark: harakat, shadda, hamza marks, Quranic signs. */
MK_API bool mk_is_arabic_mark(uint32_t cp);

/* 0 to 9 for an ASCII, Arabic-Indic (U+0660) or Persian (U+06F0) digit, else
 * -1. */
MK_API int mk_digit_value(uint32_t cp);

/* White space (White_Space=yes of Unicode) that is not a line break. */
MK_API bool mk_is_space(uint32_t cp);

/* Bidi controls, zero-width and other characters without a glyph: those that
 * the filter `invisible` removes; its table is the reference. */
MK_API bool mk_is_invisible(uint32_t cp);

/* What a text holds that a letter filter may have to touch: bits, or-ed. */
enum {
    MK_HAS_TATWEEL = 1 << 0,   /* U+0640 */
    MK_HAS_TASHKEEL = 1 << 1,  /* U+064B to U+0652, U+0670 */
    MK_HAS_MARK = 1 << 2,      /* anything that NFC may change */
    MK_HAS_FORM = 1 << 3,      /* presentation forms U+FB50-FDFF, U+FE70-FEFC */
    MK_HAS_INVISIBLE = 1 << 4, /* mk_is_invisible, C0 and C1 controls */
    MK_HAS_SPACE = 1 << 5,     /* a space that is not one U+0020 between words */
    MK_HAS_DIGIT = 1 << 6,     /* a decimal digit of any of the three kinds */
    MK_HAS_ENTITY = 1 << 7     /* an ampersand */
};

/* For "did you mean ...?": bytes to insert, leave out, change or swap with the
 * next to get from a to b, at most limit + 1. Words of more than 64 bytes are
 * limit + 1 apart. */
MK_API unsigned mk_edit_distance(mk_str a, mk_str b, unsigned limit);

/* XXH3, seed 0: the same on every machine. Not against an adversary. */
MK_API uint64_t mk_hash64(mk_str s);

/* The MK_HAS_ bits of s, in one pass. */
MK_API uint32_t mk_text_has(mk_str s);

#endif
