/* words.c: see words.h. The list is of words that hardly a page is without. */
#include "text/words.h"

bool mk_word_has_article(const mk_word *word)
{
    return word->n >= 2 && word->cp[0] == 0x0627 && word->cp[1] == 0x0644;
}

bool mk_word_is_common(const mk_word *word)
{
    static const char *const common[] = {
        "في", "من", "على", "إلى", "الى", "عن", "أن", "ان", "هذا", "التي", "الذي", "مع",
        "هو", "هي", "ما",  "لا",  "كان", "و",  "أو", "او", "كل",  "بعد",  "قال",
    };

    if (word->n == 0 || word->n > sizeof(word->cp) / sizeof(*word->cp))
        return false;
    for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++) {
        const mk_str text = mk_str_of(common[i]);
        size_t at = 0, n = 0;
        while (n < word->n && mk_utf8_peek(text, at) == word->cp[n]) {
            mk_utf8_next(text, &at);
            n++;
        }
        if (n == word->n && at == text.len)
            return true;
    }
    return false;
}
