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

#ifdef __cplusplus
extern "C" {
#endif

/* Lent bytes; no NUL ends them. ptr may be NULL when len is 0. */
typedef struct mk_str {
    const char *ptr;
    size_t len;
} mk_str;

#ifdef __cplusplus
#define MK_STR(literal) (mk_str{(literal), sizeof(literal) - 1})
#else
#define MK_STR(literal) ((mk_str){(literal), sizeof(literal) - 1})
#endif

static inline mk_str mk_str_of(const char *nul_ended)
{
    const mk_str s = {nul_ended, nul_ended ? strlen(nul_ended) : 0};
    return s;
}

static inline bool mk_str_eq(mk_str a, mk_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline mk_str mk_str_sub(mk_str s, size_t from, size_t to)
{
    const mk_str part = {s.ptr + from, to - from};
    return part;
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

/* For "did you mean ...?": bytes to insert, leave out, change or swap with the
 * next to get from a to b, at most limit + 1. Words of more than 64 bytes are
 * limit + 1 apart. */
MK_API unsigned mk_edit_distance(mk_str a, mk_str b, unsigned limit);

/* XXH3, seed 0: the same on every machine. Not against an adversary. */
MK_API uint64_t mk_hash64(mk_str s);

/* Why text may change: what a rule of a filter and an operation on text have in
 * common. */
typedef struct mk_rule {
    const char *name;     /* NULL ends a table */
    const char *category; /* the kind of text that goes: share, caption, ... */
    const char *help;     /* one line */
} mk_rule;

/* ---- normalisation ---- */

/* A language in Arabic script. What is right in one is a mistake in another: text
 * of OTHER keeps its letters. */
typedef enum mk_language {
    MK_LANGUAGE_OTHER, /* another one, or it could not be told */
    MK_LANGUAGE_AR,    /* Arabic */
    MK_LANGUAGE_FA,    /* Persian, Dari */
    MK_LANGUAGE_UR,    /* Urdu */
    MK_LANGUAGE_CKB,   /* Sorani Kurdish */
    MK_LANGUAGE_UG,    /* Uyghur */
    MK_LANGUAGE_PS     /* Pashto */
} mk_language;

/* Of a whole text, by letters and words. OTHER when not sure. */
MK_API mk_language mk_language_detect(mk_str text);

/* How many words of text (valid UTF-8) are among the commonest of that language: particles,
 * pronouns, short verbs, of which one word in five of running Arabic text is one, one in ten of a
 * headline and one in twenty-five of a menu. */
MK_API unsigned mk_language_common_words(mk_str text, mk_language language);

/* "ar", "ckb", ...; "" for OTHER. */
MK_API const char *mk_language_code(mk_language language);

/* Of a tag ("fa-AF", "prs", "zh"): by its first part. */
MK_API mk_language mk_language_of_tag(mk_str bcp47_tag);

/* Which operations run. */
typedef enum mk_form {
    MK_FORM_TRAIN,    /* repairs, and what was typed by mistake for certain */
    MK_FORM_SEARCH,   /* and folds: for keys and indexes, not for reading */
    MK_FORM_PRESERVE, /* only what no reader can see or want */
    MK_FORM_ONLY      /* those that are switched on, each once, nothing else */
} mk_form;

/* The operations on text, in the order of their numbers; a name NULL ends. Bit i
 * of a mask is operation i. */
MK_API extern const mk_rule mk_operation_rules[];

/* The number of the operation of that name, or -1. */
MK_API int mk_operation_find(mk_str name);

/* The operations that run in that form. */
MK_API uint64_t mk_form_operations(mk_form form);

typedef struct mk_norm_options {
    mk_form form;
    mk_language language;
    uint64_t on, off; /* operations beside the form's, and of it that do not run */
    bool is_line;     /* text is a line of a document: operations that need the whole
                         document do not run */
} mk_norm_options;

/* Sets what words for people say; false for words that do not go together:
 *   form         train, search, preserve
 *   lang         other, ar, fa, ur, ckb, ug, ps
 *   diacritics   keep, strip, harakat, quran-only
 *   digits       form, keep, ascii, arabic, persian
 *   mark-order   nfc, shadda-first
 *   punctuation  form, keep, ascii, arabic
 * and an operation's name with form, on, off. form: as the form has it. */
MK_API bool mk_norm_set(mk_norm_options *options, mk_str name, mk_str value);

/* A span that reads otherwise than it did. Spans are in order and apart; between
 * them both texts are equal. */
typedef struct mk_norm_change {
    uint32_t at, len;         /* in the text as it reads now, bytes */
    uint32_t src_at, src_len; /* in the text as it was, bytes */
    uint64_t operations;      /* a bit for each that had a part in it */
} mk_norm_change;

/* Working memory for one thread: it grows with the longest text and is used
 * again, so that a loop over texts soon allocates nothing. */
typedef struct mk_normalizer mk_normalizer;

/* Owned by the caller; NULL if out of memory. */
MK_API mk_normalizer *mk_normalizer_new(void);
MK_API void mk_normalizer_free(mk_normalizer *normalizer); /* takes NULL */

/* Normalises text (valid UTF-8, at most MK_NORM_MAX bytes, line breaks welcome).
 * *ret is lent till the next call; it may be text itself, where nothing was to be
 * done. Pure: the same bytes for the same options, whatever ran before. MK_LIMIT
 * for a text that is or becomes too long, MK_NOMEM. */
MK_API mk_err mk_norm_text(mk_normalizer *normalizer, const mk_norm_options *options, mk_str text,
                           mk_str *ret);

/* The same into a buffer of the caller's: writes at most room bytes to out and
 * *ret_len, how many the result has, is more than room if it did not fit (out is
 * then untouched). */
MK_API mk_err mk_norm_copy(mk_normalizer *normalizer, const mk_norm_options *options, mk_str text,
                           char *out, size_t room, size_t *ret_len);

/* As mk_norm_text, and *ret_changes (n of them, lent likewise) say what was
 * changed where, and why. Slower. */
MK_API mk_err mk_norm_trace(mk_normalizer *normalizer, const mk_norm_options *options, mk_str text,
                            mk_str *ret, const mk_norm_change **ret_changes, size_t *ret_n);

enum { MK_NORM_MAX = 1 << 30 }; /* bytes */

#ifdef __cplusplus
}
#endif

#endif
