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

/* The letters of a word, sixteen bits each from the top. */
typedef struct mk_word_key {
    uint64_t first, rest; /* four letters each */
} mk_word_key;

typedef struct mk_common_word {
    mk_word_key key;   /* zeros: an empty slot */
    uint8_t languages; /* bits by mk_language */
} mk_common_word;

extern const mk_common_word mk_common_words[MK_WORD_SLOTS];

/* Adds the letter that n others precede. False: the key has no place for it. */
static inline bool mk_word_add(mk_word_key *key, size_t n, uint32_t cp)
{
    if (cp > 0xFFFF || n >= MK_WORD_LETTERS)
        return false;
    if (n < 4)
        key->first |= (uint64_t)cp << (48 - 16 * n);
    else
        key->rest |= (uint64_t)cp << (112 - 16 * n);
    return true;
}

/* Where the word stands, or after it without an empty slot between. */
static inline size_t mk_word_slot(mk_word_key key)
{
    const uint64_t mixed = (key.first ^ key.rest * UINT64_C(0x9E3779B97F4A7C15)) *
                           UINT64_C(0xC2B2AE3D27D4EB4F);

    return (size_t)(mixed >> (64 - MK_WORD_SLOT_BITS));
}

#endif
