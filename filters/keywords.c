/* keywords: removes lists of search words: six short lines or more that say the
 * same two words again and again, in changing places, as people type them into a
 * search box («أخبار الذهب اليوم», «سعر الذهب», «سعر الذهب اليوم»). Pages carry them
 * for search engines, and they look like verse. Litanies and lists of like things
 * begin their lines alike: they stay. Cases: fixtures/filters/keywords.cases */
#include <stdlib.h>

#include "minkhal/filter.h"

enum { SEARCH };

static const mk_rule rules[] = {
    [SEARCH] = {"search", "spam", "one of a run of lines that repeat two words"},
    {0},
};

enum {
    MIN_RUN = 6,        /* lines */
    MAX_RUN = 200,      /* lines that are compared with one another */
    MAX_WORDS = 8,      /* words of a line */
    MIN_KEY = 3,        /* folded letters of a word that counts */
    SHARE = 75,         /* percent of the lines that have each of the two words */
    MAX_DISTINCT = 50,  /* percent of the words that are different ones */
    MAX_SAME_START = 70 /* percent of the lines that begin with one word */
};

typedef struct word {
    uint64_t stem;
    uint32_t line; /* of the run */
    bool first;    /* of those of its line that count */
} word;

static int by_stem(const void *a, const void *b)
{
    const word *x = a, *y = b;
    if (x->stem != y->stem)
        return x->stem > y->stem ? 1 : -1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool may_be_search(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words >= 2 && f->n_words <= MAX_WORDS && f->n_letters > 0 && f->n_stops == 0 &&
           f->end != MK_END_COLON && line->label != MK_LABEL_PROSE;
}

static size_t gather(mk_edit *edit, const size_t *run, size_t n, word *words)
{
    size_t count = 0;
    for (size_t k = 0; k < n; k++) {
        const mk_str folded = mk_edit_line(edit, run[k])->folded;
        size_t at = 0;
        bool first = true;
        for (mk_str w = mk_word_next(folded, &at); w.len > 0 && count < (k + 1) * MAX_WORDS;
             w = mk_word_next(folded, &at)) {
            if (w.len < MIN_KEY)
                continue;
            words[count++] = (word){mk_hash64(mk_word_stem(w)), (uint32_t)k, first};
            first = false;
        }
    }
    return count;
}

/* True if the n lines of the run say two words again and again. */
static bool repeats_words(word *words, size_t count, size_t n)
{
    size_t distinct = 0, shared = 0, same_start = 0;
    qsort(words, count, sizeof(*words), by_stem);
    for (size_t from = 0, to; from < count; from = to) {
        size_t lines = 0, starts = 0;
        for (to = from; to < count && words[to].stem == words[from].stem; to++) {
            lines += to == from || words[to].line != words[to - 1].line;
            starts += words[to].first;
        }
        distinct++;
        shared += lines * 100 >= n * SHARE;
        same_start = starts > same_start ? starts : same_start;
    }
    return shared >= 2 && distinct * 100 <= count * MAX_DISTINCT &&
           same_start * 100 <= n * MAX_SAME_START;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    size_t run[MAX_RUN], n = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX);; i = mk_edit_next(edit, i)) {
        if (i != SIZE_MAX && n < MAX_RUN && may_be_search(mk_edit_line(edit, i))) {
            run[n++] = i;
            continue;
        }
        if (n >= MIN_RUN) {
            word *const words = mk_edit_scratch(edit, n * MAX_WORDS * sizeof(*words));
            if (!words)
                return MK_NOMEM;
            if (repeats_words(words, gather(edit, run, n, words), n))
                for (size_t k = 0; k < n; k++)
                    mk_edit_drop(edit, run[k], SEARCH,
                                 mk_edit_format(edit, "one of %zu lines that say the same", n));
        }
        n = 0;
        if (i == SIZE_MAX)
            return MK_OK;
    }
}

const mk_filter mk_filter_keywords = {
    .abi = MK_FILTER_ABI,
    .name = "keywords",
    .summary = "remove lists of search words",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
