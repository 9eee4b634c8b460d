/* tops.h: counts by name in bounded memory (after Misra and Gries): where there are
 * too many names the rarer half is forgotten, and `missed` says by how much any
 * count may be short for it. Counts are never too high. What is forgotten depends on
 * the order of the input, which is the same for every number of threads. */
#ifndef MK_TOPS_H
#define MK_TOPS_H

#include "base/arena.h"
#include "minkhal/report.h"

typedef struct mk_top_table mk_top_table;

/* max: names that are kept. NULL if out of memory. */
mk_top_table *mk_top_table_new(size_t max);
void mk_top_table_free(mk_top_table *table); /* takes NULL */

/* Adds to the counts of name (copied). False if out of memory. */
bool mk_top_table_put(mk_top_table *table, mk_str name, const uint64_t n[4]);

/* What follows was counted elsewhere, where that much was forgotten. */
void mk_top_table_miss(mk_top_table *table, uint64_t missed);

/* In order. Lends them till the next put. */
void mk_top_table_sort(mk_top_table *table, mk_tops *ret);

#endif
