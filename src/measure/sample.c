/* sample.c: see sample.h. The percentile bootstrap over clusters; sequences of
 * SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom
 * Number Generators", 2014) from a fixed seed, so that a figure can be repeated.
 * Cases: tests/measure/test_sample.c. */
#include "measure/sample.h"

#include <stdlib.h>

enum {
    FIRST = 64,       /* items */
    N_SAMPLES = 1000, /* enough for percentiles */
    LOW = 25,         /* of N_SAMPLES, the first inside */
    HIGH = 974        /* and the last */
};

#define SEED UINT64_C(0x6D696E6B68616C21)

mk_score *mk_scores_of(mk_scores *scores, mk_str key)
{
    const uint32_t i = mk_intern_put(&scores->keys, key);
    if (i == MK_INTERN_NONE)
        return NULL;
    if (i >= scores->size) {
        const size_t size = scores->size ? 2 * scores->size : FIRST;
        mk_score *items = mk_arena_alloc(scores->keys.arena, size * sizeof(*items));
        if (!items)
            return NULL;
        for (size_t k = 0; k < i; k++)
            items[k] = scores->items[k];
        scores->items = items;
        scores->size = size;
    }
    return &scores->items[i];
}

/* ---- folds ---- */

bool mk_sample_folds(const mk_scores *sites, unsigned n, mk_arena *arena, mk_fold_score **ret,
                     size_t *ret_n)
{
    mk_fold_score *folds = mk_arena_alloc(arena, ((size_t)n + 1) * sizeof(*folds));
    size_t n_folds = 0;
    if (!folds)
        return false;
    for (size_t i = 0; i < sites->keys.n; i++) {
        mk_fold_score *f = &folds[mk_hash64(sites->keys.items[i]) % n];
        f->n_sites++;
        mk_score_add(&f->score, &sites->items[i]);
    }
    for (unsigned i = 0; i < n; i++)
        if (folds[i].n_sites > 0) {
            folds[n_folds] = folds[i];
            folds[n_folds++].number = i;
        }
    *ret = folds;
    *ret_n = n_folds;
    return true;
}

/* ---- intervals ---- */

typedef struct site {
    mk_str name;
    const mk_score *score;
} site;

static int by_name(const void *a, const void *b)
{
    return mk_str_cmp(((const site *)a)->name, ((const site *)b)->name);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* Below n, which is at most 2^32. */
static size_t draw(uint64_t *state, size_t n)
{
    return (size_t)((next_random(state) >> 32) * n >> 32);
}

static site *sort_sites(const mk_scores *sites, mk_arena *arena)
{
    site *sorted = mk_arena_alloc(arena, (sites->keys.n + 1) * sizeof(*sorted));
    for (size_t i = 0; sorted && i < sites->keys.n; i++)
        sorted[i] = (site){sites->keys.items[i], &sites->items[i]};
    if (sorted)
        qsort(sorted, sites->keys.n, sizeof(*sorted), by_name);
    return sorted;
}

static mk_interval middle(double values[N_SAMPLES])
{
    qsort(values, N_SAMPLES, sizeof(*values), by_value);
    return (mk_interval){values[LOW], values[HIGH]};
}

bool mk_sample_intervals(const mk_scores *sites, mk_arena *arena, mk_interval *ret_content,
                         mk_interval *ret_junk)
{
    double content[N_SAMPLES], junk[N_SAMPLES];
    const size_t n = sites->keys.n;
    uint64_t state = SEED;
    const site *sorted = sort_sites(sites, arena);
    if (!sorted)
        return false;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        mk_score sum = {0};
        for (size_t k = 0; k < n; k++)
            mk_score_add(&sum, sorted[draw(&state, n)].score);
        content[i] = mk_score_figure(&sum, MK_FIGURE_CONTENT);
        junk[i] = mk_score_figure(&sum, MK_FIGURE_JUNK);
    }
    *ret_content = middle(content);
    *ret_junk = middle(junk);
    return true;
}
