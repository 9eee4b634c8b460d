/* distinct.h: how many of many texts are equal to another, in bounded memory (P. B.
 * Gibbons, "Distinct sampling", VLDB 2001): all digests are kept while there are few;
 * where there are too many, those that begin with one zero bit more. So the sample is
 * of distinct texts with all their copies, and depends on the texts alone, not on
 * their order: samples of two parts added up are the sample of the whole. */
#ifndef MK_DISTINCT_H
#define MK_DISTINCT_H

#include "base/digest.h"

typedef struct mk_distinct mk_distinct;

typedef struct mk_distinct_item {
    uint64_t digest, n; /* n 0: a free slot */
} mk_distinct_item;

/* max: digests that are kept. NULL if out of memory. */
mk_distinct *mk_distinct_new(size_t max);
void mk_distinct_free(mk_distinct *set); /* takes NULL */

/* n more texts of that digest. */
void mk_distinct_put(mk_distinct *set, uint64_t digest, uint64_t n);

/* Keeps only digests that begin with that many zero bits, or more. */
void mk_distinct_raise(mk_distinct *set, unsigned bits);

/* Texts of the digests that are kept, and how many digests those are. */
void mk_distinct_count(const mk_distinct *set, unsigned *ret_bits, uint64_t *ret_n,
                       uint64_t *ret_distinct);

/* All of them by digest. Nothing may be put after. */
const mk_distinct_item *mk_distinct_sort(mk_distinct *set, size_t *ret_n);

#endif
