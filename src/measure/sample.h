/* sample.h: scores by a key, and how far they depend on the choice of sites. Sites
 * are drawn, never pages: pages of one site are alike. */
#ifndef MK_SAMPLE_H
#define MK_SAMPLE_H

#include "base/intern.h"
#include "minkhal/minkhal.h"

/* Starts as {.keys = {.arena = a}}, which lends all memory. */
typedef struct mk_scores {
    mk_intern keys;
    mk_score *items; /* keys.n of them */
    size_t size;
} mk_scores;

/* The counts of key, none at first; NULL if out of memory. Lent till the next
 * call. */
mk_score *mk_scores_of(mk_scores *scores, mk_str key);

/* Parts the sites into n folds by a digest of their names: a site falls into the
 * same fold wherever it is met. Fills in those that have pages. Lends *ret from
 * the arena. False if out of memory. */
bool mk_sample_folds(const mk_scores *sites, unsigned n, mk_arena *arena, mk_fold_score **ret,
                     size_t *ret_n);

/* The middle 95 % of content and of junk in 1,000 samples of the sites. The same
 * for the same sites, in whatever order they came. False if out of memory. */
bool mk_sample_intervals(const mk_scores *sites, mk_arena *arena, mk_interval *ret_content,
                         mk_interval *ret_junk);

#endif
