/* align.c: see align.h. For each kind of element its places in b are listed, so
 * that a row of the comparison costs as many steps as there are equal pairs.
 * Source: J. W. Ratcliff and D. Metzener, "Pattern Matching: The Gestalt
 * Approach", Dr. Dobb's Journal, July 1988. Cases: tests/measure/test_align.c. */
#include "measure/align.h"

enum { MAX_STEPS = 1 << 28 /* pairs that are looked at: a second */ };

/* Half-open parts of a and b that are still to be compared. */
typedef struct region {
    size_t a_from, a_to, b_from, b_to;
} region;

typedef struct run {
    size_t a, b, n;
} run;

/* The run of equal elements that ends at a place of b in some row. */
typedef struct cell {
    uint64_t row; /* of which it speaks */
    size_t n;
} cell;

typedef struct aligner {
    const uint32_t *a, *b;
    size_t *first;  /* of a kind's places; first[n_kinds] ends the last */
    size_t *places; /* in b, ascending within a kind */
    cell *cells;    /* one a place of b */
    uint64_t row;   /* counted on over all regions */
    uint64_t n_steps;
} aligner;

static bool list_places(aligner *x, size_t n_b, uint32_t n_kinds, mk_arena *arena)
{
    x->first = mk_arena_alloc(arena, ((size_t)n_kinds + 2) * sizeof(*x->first));
    x->places = mk_arena_alloc(arena, (n_b + 1) * sizeof(*x->places));
    if (!x->first || !x->places)
        return false;
    /* One further on, so that filling in leaves first where it belongs. */
    for (size_t j = 0; j < n_b; j++)
        x->first[x->b[j] + 2]++;
    for (size_t k = 1; k < (size_t)n_kinds + 2; k++)
        x->first[k] += x->first[k - 1];
    for (size_t j = 0; j < n_b; j++)
        x->places[x->first[x->b[j] + 1]++] = j;
    return true;
}

/* The number of the kind's places below `to`. */
static size_t places_below(const aligner *x, uint32_t kind, size_t to)
{
    size_t low = x->first[kind], high = x->first[kind + 1];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (x->places[middle] < to)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Places of b are gone through from the right, so that a cell can be written over
 * as soon as the one to its right has been. */
static void compare_row(aligner *x, const region *r, size_t i, run *best)
{
    const uint32_t kind = x->a[i];
    x->row++;
    for (size_t p = places_below(x, kind, r->b_to); p-- > x->first[kind];) {
        const size_t j = x->places[p];
        if (j < r->b_from)
            break;
        size_t n = 1;
        if (j > r->b_from && x->cells[j - 1].row + 1 == x->row)
            n += x->cells[j - 1].n;
        x->cells[j] = (cell){x->row, n};
        x->n_steps++;
        if (n > best->n || (n == best->n && i + 1 - n == best->a))
            *best = (run){i + 1 - n, j + 1 - n, n};
    }
}

static run longest(aligner *x, const region *r)
{
    run best = {0};
    x->row++; /* no cell of another region is the row before the first */
    for (size_t i = r->a_from; i < r->a_to && x->n_steps <= MAX_STEPS; i++)
        compare_row(x, r, i, &best);
    return best;
}

mk_err mk_align(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, uint32_t n_kinds,
                mk_arena *arena, bool *in_a)
{
    aligner x = {.a = a, .b = b, .cells = mk_arena_alloc(arena, (n_b + 1) * sizeof(cell))};
    /* Regions are apart and not empty: never more than elements. */
    const size_t most = (n_a < n_b ? n_a : n_b) + 2;
    region *todo = mk_arena_alloc(arena, most * sizeof(*todo));
    size_t n_todo = 0;
    if (!todo || !x.cells || !list_places(&x, n_b, n_kinds, arena))
        return MK_NOMEM;
    if (n_a > 0 && n_b > 0)
        todo[n_todo++] = (region){0, n_a, 0, n_b};
    while (n_todo > 0) {
        const region r = todo[--n_todo];
        const run m = longest(&x, &r);
        if (x.n_steps > MAX_STEPS)
            return MK_LIMIT;
        if (m.n == 0)
            continue;
        for (size_t i = 0; i < m.n; i++)
            in_a[m.a + i] = true;
        if (m.a > r.a_from && m.b > r.b_from)
            todo[n_todo++] = (region){r.a_from, m.a, r.b_from, m.b};
        if (m.a + m.n < r.a_to && m.b + m.n < r.b_to)
            todo[n_todo++] = (region){m.a + m.n, r.a_to, m.b + m.n, r.b_to};
    }
    return MK_OK;
}
