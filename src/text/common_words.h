/* common_words.h: the commonest words of the languages of Arabic script, as a table
 * that one step finds a word in. Made at build time of common_words.txt. */
#ifndef MK_COMMON_WORDS_H
#define MK_COMMON_WORDS_H

#include "minkhal/text.h"

enum {
    MK_WORD_LETTERS = 8,   /* of a word of the list, at most */
    MK_WORD_SLOT_BITS = 10 /* the table is about half full */
};

#define MK_WORD_SLOTS ((size_t)1 << MK_WORD_SLOT_BITS)

typedef struct mk_common_word {
    uint64_t key;      /* 0: an empty slot */
    uint8_t languages; /* bits by mk_language */
} mk_common_word;

extern const mk_common_word mk_common_words[MK_WORD_SLOTS];

/* The key with one more letter, U+06xx, which fewer than eight precede. */
static inline uint64_t mk_word_add(uint64_t key, uint32_t cp)
{
    return key << 8 | (cp & 0xFF);
}

/* Where the word stands, or after it without an empty slot between. */
static inline size_t mk_word_slot(uint64_t key)
{
    return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - MK_WORD_SLOT_BITS));
}

#endif
