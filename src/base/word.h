/* word.h: eight bytes at once, the first in the lowest bits on every machine. */
#ifndef MK_WORD_H
#define MK_WORD_H

#include <stdint.h>
#include <string.h>

enum { MK_WORD = 8 /* bytes */ };

/* The MK_WORD bytes at ptr, which are there. */
static inline uint64_t mk_word_load(const void *ptr)
{
    uint64_t word;

    memcpy(&word, ptr, sizeof(word));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The first n bytes at ptr, fewer than MK_WORD; zeros after them. */
static inline uint64_t mk_word_load_part(const void *ptr, size_t n)
{
    char bytes[MK_WORD] = {0};

    memcpy(bytes, ptr, n);
    return mk_word_load(bytes);
}

/* Its first n bytes, MK_WORD at most. */
static inline uint64_t mk_word_head(uint64_t word, size_t n)
{
    return n < MK_WORD ? word & ((UINT64_C(1) << 8 * n) - 1) : word;
}

/* Its bytes before the first that is c; MK_WORD if none is. */
static inline size_t mk_word_span(uint64_t word, char c)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), other = word ^ ones * (uint8_t)c;
    const uint64_t found = (other - ones) & ~other & ones << 7;

    return found ? (size_t)__builtin_ctzll(found) / 8 : MK_WORD;
}

#endif
