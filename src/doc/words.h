/* words.h: the words of a line's folded form, one load of eight letters each. Spaces
 * stand behind the form (MK_INDEX_PAD), so a load at its last letter reads known bytes.
 * For index*.c and vocabulary.c. */
#ifndef MK_WORDS_H
#define MK_WORDS_H

#include "base/word.h"
#include "minkhal/doc.h"

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
