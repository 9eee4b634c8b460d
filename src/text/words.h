/* words.h: the words that tell Arabic from other text, for those who must guess
 * which bytes stand for it. */
#ifndef MK_WORDS_H
#define MK_WORDS_H

#include "minkhal/text.h"

/* A word's code points as they come; n counts on after those that are kept. */
typedef struct mk_word {
    uint16_t cp[4];
    size_t n;
} mk_word;

static inline void mk_word_add(mk_word *word, uint32_t cp)
{
    if (word->n < sizeof(word->cp) / sizeof(*word->cp))
        word->cp[word->n] = (uint16_t)cp;
    word->n++;
}

/* It begins with alef and lam. */
bool mk_word_has_article(const mk_word *word);

/* It is one of the commonest words of Arabic. */
bool mk_word_is_common(const mk_word *word);

#endif
