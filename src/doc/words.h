/* words.h: the words of a line's folded form, one load of eight letters each. Spaces
 * stand behind the form (MK_INDEX_PAD), so a load at its last letter reads known bytes.
 * For index*.c, match.c and vocabulary.c. */
#ifndef MK_WORDS_H
#define MK_WORDS_H

#include "base/word.h"
#include "minkhal/doc.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { MK_WORDS_BLOCK = 32 /* bytes whose spaces are found at once */ };

/* A bit for each space of the block at ptr. */
static inline uint32_t mk_spaces_of(const char *ptr)
{
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' ');
    const __m128i *const p = (const __m128i *)(const void *)ptr;
    const unsigned low = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(p), space));
    const unsigned high = (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128(p + 1), space));
    return low | high << 16;
#else
    const uint64_t low = UINT64_C(0x7F7F7F7F7F7F7F7F), spaces = UINT64_C(0x2020202020202020);
    uint32_t ret = 0;
    for (unsigned i = 0; i < MK_WORDS_BLOCK / MK_WORD; i++) {
        const uint64_t x = mk_word_load(ptr + (size_t)MK_WORD * i) ^ spaces;
        const uint64_t found = ~(((x & low) + low) | x | low); /* the highest bit of each */
        ret |= (uint32_t)((found >> 7) * UINT64_C(0x0102040810204080) >> 56) << MK_WORD * i;
    }
    return ret;
#endif
}

/* The words of a folded line one after the other, from one of them on. */
typedef struct mk_words {
    mk_str folded;
    size_t at;     /* the next one; behind the line: there is none */
    size_t block;  /* whose spaces are known */
    uint32_t ends; /* those of them at which words end from `at` on */
} mk_words;

/* From the word on that begins at `at`. */
static inline mk_words mk_words_from(mk_str folded, size_t at)
{
    return (mk_words){folded, at, at, at < folded.len ? mk_spaces_of(folded.ptr + at) : 0};
}

/* Where the next word begins and ends; false: there is none. */
static inline bool mk_words_next(mk_words *w, size_t *ret_from, size_t *ret_to)
{
    if (w->at >= w->folded.len)
        return false;
    while (w->ends == 0) {
        w->block += MK_WORDS_BLOCK;
        w->ends = mk_spaces_of(w->folded.ptr + w->block);
    }
    *ret_from = w->at;
    *ret_to = w->block + (size_t)__builtin_ctz(w->ends);
    w->ends &= w->ends - 1;
    w->at = *ret_to + 1;
    return true;
}

/* The letters of the word that the bytes begin with, and how many they are: to the
 * first space, eight at most. */
static inline uint64_t mk_folded_word(uint64_t bytes, size_t *ret_len)
{
    const uint64_t found = mk_word_equal(bytes, ' ');
    const uint64_t first = found & (0 - found);

    *ret_len = found ? (size_t)__builtin_ctzll(found) / 8 : MK_WORD;
    return bytes & ((first >> 7) - 1);
}

/* Where the word at `at` ends, of which a load showed len letters. */
static inline size_t mk_folded_word_end(mk_str folded, size_t at, size_t len)
{
    at += len;
    if (len < MK_WORD || at == folded.len || folded.ptr[at] == ' ')
        return at;
    const char *const space = memchr(folded.ptr + at, ' ', folded.len - at);
    return space ? (size_t)(space - folded.ptr) : folded.len;
}

#endif
