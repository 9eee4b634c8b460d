/* intern.c: an open table of numbers, at most half full, over an array of
 * strings. Both grow by doubling: what they leave behind stays the arena's.
 * Cases: tests/base/test_intern.c. */
#include "base/intern.h"

enum {
    FIRST = 64,         /* items; a power of 2 */
    MAX_ITEMS = 1 << 30 /* items: their numbers + 1 fit a slot, twice as many slots fit an int */
};

static size_t slot_of(const mk_intern *t, mk_str s)
{
    size_t i = (size_t)mk_hash64(s) & (t->n_slots - 1);
    while (t->slots[i] && !mk_str_eq(t->items[t->slots[i] - 1], s))
        i = (i + 1) & (t->n_slots - 1);
    return i;
}

static bool grow(mk_intern *t)
{
    mk_intern to = {.arena = t->arena, .n = t->n, .size = t->size ? 2 * t->size : FIRST};
    if (to.size > MAX_ITEMS)
        return false;
    to.n_slots = 2 * to.size;
    to.items = mk_arena_alloc(t->arena, to.size * sizeof(*to.items));
    to.slots = mk_arena_alloc(t->arena, to.n_slots * sizeof(*to.slots));
    if (!to.items || !to.slots)
        return false;
    for (size_t i = 0; i < t->n; i++) {
        to.items[i] = t->items[i];
        to.slots[slot_of(&to, t->items[i])] = (uint32_t)(i + 1);
    }
    *t = to;
    return true;
}

uint32_t mk_intern_put(mk_intern *intern, mk_str s)
{
    if (intern->n == intern->size && !grow(intern))
        return MK_INTERN_NONE;
    const size_t slot = slot_of(intern, s);
    if (intern->slots[slot])
        return intern->slots[slot] - 1;
    const mk_str copy = mk_arena_str(intern->arena, s);
    if (s.len > 0 && !copy.ptr)
        return MK_INTERN_NONE;
    intern->items[intern->n++] = copy;
    intern->slots[slot] = (uint32_t)intern->n;
    return (uint32_t)(intern->n - 1);
}
