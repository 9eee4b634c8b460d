/* words.c: the words of a folded line and what their inflected forms share. A
 * rough stem, for comparing lines of one page: no dictionary, no claim about
 * the language. */
#include "doc/fold.h"
#include "minkhal/filter.h"

enum { STEM = 4 /* letters */ };

mk_str mk_word_next(mk_str folded, size_t *at)
{
    while (*at < folded.len && folded.ptr[*at] == ' ')
        ++*at;
    const size_t from = *at;
    while (*at < folded.len && folded.ptr[*at] != ' ')
        ++*at;
    return mk_str_sub(folded, from, *at);
}

mk_str mk_word_stem(mk_str word)
{
    const unsigned char *p = (const unsigned char *)word.ptr;
    const bool article = word.len > 5 && p[1] == MK_FOLD_ALEF && p[2] == MK_FOLD_LAM;
    if (article &&
        (p[0] == MK_FOLD_WAW || p[0] == MK_FOLD_FEH || p[0] == MK_FOLD_BEH || p[0] == MK_FOLD_KAF))
        word = mk_str_sub(word, 3, word.len);
    else if (word.len > 4 && (p[0] == MK_FOLD_ALEF || p[0] == MK_FOLD_LAM) && p[1] == MK_FOLD_LAM)
        word = mk_str_sub(word, 2, word.len);
    else if (word.len > 4 && p[0] == MK_FOLD_WAW)
        word = mk_str_sub(word, 1, word.len);
    return word.len > STEM ? mk_str_sub(word, 0, STEM) : word;
}
