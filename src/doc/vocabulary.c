/* vocabulary.c: the words of a folded line and what their inflected forms share. A
 * rough stem, for comparing lines of one page: no dictionary, no claim about
 * the language. */
#include <stdlib.h>

#include "doc/fold.h"
#include "minkhal/filter.h"

enum {
    STEM = 4,         /* letters */
    MIN_WORD = 3,     /* folded letters: shorter words are in every text */
    MAX_STEMS = 4096, /* words of the body that are remembered */
};

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

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool is_of_body(const mk_line *line)
{
    return line->zone == MK_ZONE_BODY;
}

bool mk_vocabulary_gather(mk_edit *edit, mk_vocabulary *ret)
{
    return mk_vocabulary_gather_if(edit, is_of_body, ret);
}

bool mk_vocabulary_gather_if(mk_edit *edit, bool (*is)(const mk_line *), mk_vocabulary *ret)
{
    uint64_t *stems = mk_edit_scratch(edit, MAX_STEMS * sizeof(*stems));
    size_t n = 0;
    if (!stems)
        return false;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        size_t at = 0;
        if (!is(line))
            continue;
        for (mk_str w = mk_word_next(line->folded, &at); w.len > 0 && n < MAX_STEMS;
             w = mk_word_next(line->folded, &at))
            if (w.len >= MIN_WORD)
                stems[n++] = mk_hash64(mk_word_stem(w));
    }
    qsort(stems, n, sizeof(*stems), by_value);
    *ret = (mk_vocabulary){stems, n};
    return true;
}

double mk_vocabulary_share(const mk_vocabulary *v, mk_str folded, size_t more)
{
    size_t n = more, hits = 0, at = 0;
    for (mk_str w = mk_word_next(folded, &at); w.len > 0; w = mk_word_next(folded, &at)) {
        if (w.len < MIN_WORD)
            continue;
        const uint64_t stem = mk_hash64(mk_word_stem(w));
        n++;
        hits += v->n > 0 && bsearch(&stem, v->stems, v->n, sizeof(stem), by_value) != NULL;
    }
    return n > 0 ? (double)hits / (double)n : 0;
}
