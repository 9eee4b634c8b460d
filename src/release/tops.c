/* tops.c: see tops.h. Cases: tests/release/test_stats.c. */
#include "release/tops.h"

#include <stdlib.h>

enum { FIRST = 64 /* slots */ };

struct mk_top_table {
    mk_top *items; /* n of them, owned; names in the arena */
    size_t n, size, max;
    uint32_t *slots; /* n_slots of them: an item's number + 1; 0: free */
    size_t n_slots;
    mk_arena *names;
    uint64_t missed;
};

mk_top_table *mk_top_table_new(size_t max)
{
    mk_top_table *t = calloc(1, sizeof(*t));
    if (!t)
        return NULL;
    t->max = max;
    t->size = FIRST;
    t->n_slots = 2 * (size_t)FIRST;
    t->items = calloc(t->size, sizeof(*t->items));
    t->slots = calloc(t->n_slots, sizeof(*t->slots));
    t->names = mk_arena_new();
    if (t->items && t->slots && t->names)
        return t;
    mk_top_table_free(t);
    return NULL;
}

void mk_top_table_free(mk_top_table *table)
{
    if (!table)
        return;
    free(table->items);
    free(table->slots);
    mk_arena_free(table->names);
    free(table);
}

/* The slot of name, or the free one where it would stand. */
static uint32_t *find(const mk_top_table *t, mk_str name)
{
    size_t i = (size_t)mk_hash64(name) & (t->n_slots - 1);
    while (t->slots[i] != 0 && !mk_str_eq(t->items[t->slots[i] - 1].name, name))
        i = (i + 1) & (t->n_slots - 1);
    return &t->slots[i];
}

static void index_all(mk_top_table *t)
{
    memset(t->slots, 0, t->n_slots * sizeof(*t->slots));
    for (size_t i = 0; i < t->n; i++)
        *find(t, t->items[i].name) = (uint32_t)(i + 1);
}

static bool grow(mk_top_table *t)
{
    const size_t size = 2 * t->size;
    mk_top *items = realloc(t->items, size * sizeof(*items));
    if (!items)
        return false;
    t->items = items;
    t->size = size;
    uint32_t *slots = calloc(2 * size, sizeof(*slots));
    if (!slots)
        return false;
    free(t->slots);
    t->slots = slots;
    t->n_slots = 2 * size;
    index_all(t);
    return true;
}

static int by_count(const void *a, const void *b)
{
    const mk_top *x = a, *y = b;
    if (x->n[0] != y->n[0])
        return x->n[0] < y->n[0] ? 1 : -1;
    return mk_str_cmp(x->name, y->name);
}

/* Forgets the rarer half; the names that stay move to an arena of their own. */
static bool forget(mk_top_table *t)
{
    mk_arena *names = mk_arena_new();
    if (!names)
        return false;
    qsort(t->items, t->n, sizeof(*t->items), by_count);
    t->missed += t->items[t->n / 2].n[0];
    t->n /= 2;
    bool ok = true;
    for (size_t i = 0; i < t->n; i++) {
        const mk_str name = t->items[i].name;
        t->items[i].name = mk_arena_str(names, name);
        ok = ok && (t->items[i].name.ptr || name.len == 0);
    }
    mk_arena_free(t->names);
    t->names = names;
    if (ok)
        index_all(t);
    return ok;
}

bool mk_top_table_put(mk_top_table *t, mk_str name, const uint64_t n[4])
{
    uint32_t *slot = find(t, name);
    if (*slot == 0) {
        if (t->n == t->max && !forget(t))
            return false;
        if (t->n == t->size && !grow(t))
            return false;
        const mk_str copy = mk_arena_str(t->names, name);
        if (!copy.ptr && name.len > 0)
            return false;
        t->items[t->n++] = (mk_top){.name = copy.ptr ? copy : (mk_str){"", 0}};
        slot = find(t, name);
        *slot = (uint32_t)t->n;
    }
    for (size_t i = 0; i < 4; i++)
        t->items[*slot - 1].n[i] += n[i];
    return true;
}

void mk_top_table_miss(mk_top_table *table, uint64_t missed)
{
    table->missed += missed;
}

void mk_top_table_sort(mk_top_table *t, mk_tops *ret)
{
    if (t->n > 1)
        qsort(t->items, t->n, sizeof(*t->items), by_count);
    index_all(t);
    *ret = (mk_tops){t->items, t->n, t->missed};
}
