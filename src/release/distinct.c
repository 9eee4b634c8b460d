/* distinct.c: see distinct.h. Cases: tests/release/test_stats.c. */
#include "release/distinct.h"

#include <stdlib.h>

struct mk_distinct {
    mk_distinct_item *slots, *spare; /* size of each, owned; a power of two */
    size_t n, max, size;
    unsigned bits;
};

mk_distinct *mk_distinct_new(size_t max)
{
    mk_distinct *set = calloc(1, sizeof(*set));
    if (!set)
        return NULL;
    set->max = max;
    set->size = 4;
    while (set->size < 2 * max)
        set->size *= 2;
    set->slots = calloc(set->size, sizeof(*set->slots));
    set->spare = calloc(set->size, sizeof(*set->spare));
    if (set->slots && set->spare)
        return set;
    mk_distinct_free(set);
    return NULL;
}

void mk_distinct_free(mk_distinct *set)
{
    if (!set)
        return;
    free(set->slots);
    free(set->spare);
    free(set);
}

static bool is_kept(const mk_distinct *set, uint64_t digest)
{
    return set->bits == 0 || (set->bits < 64 && digest >> (64 - set->bits) == 0);
}

/* The low bits choose the slot: the high ones are zero sooner or later. */
static mk_distinct_item *find(const mk_distinct *set, uint64_t digest)
{
    size_t i = (size_t)digest & (set->size - 1);
    while (set->slots[i].n != 0 && set->slots[i].digest != digest)
        i = (i + 1) & (set->size - 1);
    return &set->slots[i];
}

void mk_distinct_raise(mk_distinct *set, unsigned bits)
{
    if (bits <= set->bits)
        return;
    mk_distinct_item *const old = set->slots;
    set->slots = set->spare;
    set->spare = old;
    set->bits = bits;
    set->n = 0;
    for (size_t i = 0; i < set->size; i++) {
        if (old[i].n > 0 && is_kept(set, old[i].digest)) {
            *find(set, old[i].digest) = old[i];
            set->n++;
        }
        old[i].n = 0;
    }
}

void mk_distinct_put(mk_distinct *set, uint64_t digest, uint64_t n)
{
    if (n == 0 || !is_kept(set, digest))
        return;
    mk_distinct_item *const item = find(set, digest);
    set->n += item->n == 0;
    item->digest = digest;
    item->n += n;
    while (set->n > set->max)
        mk_distinct_raise(set, set->bits + 1);
}

void mk_distinct_count(const mk_distinct *set, unsigned *ret_bits, uint64_t *ret_n,
                       uint64_t *ret_distinct)
{
    *ret_n = 0;
    for (size_t i = 0; i < set->size; i++)
        *ret_n += set->slots[i].n;
    *ret_bits = set->bits;
    *ret_distinct = set->n;
}

static int by_digest(const void *a, const void *b)
{
    const mk_distinct_item *x = a, *y = b;
    return (x->digest > y->digest) - (x->digest < y->digest);
}

const mk_distinct_item *mk_distinct_sort(mk_distinct *set, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < set->size; i++)
        if (set->slots[i].n > 0)
            set->spare[n++] = set->slots[i];
    if (n > 1)
        qsort(set->spare, n, sizeof(*set->spare), by_digest);
    *ret_n = n;
    return set->spare;
}
