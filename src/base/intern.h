/* intern.h: strings as numbers: equal strings have the same, counted from 0 in
 * the order in which they are first seen. */
#ifndef MK_INTERN_H
#define MK_INTERN_H

#include "base/arena.h"

#define MK_INTERN_NONE UINT32_MAX /* above every number */

/* Starts as {.arena = a}, which lends all memory. */
typedef struct mk_intern {
    mk_arena *arena;
    mk_str *items;   /* n of them, copies */
    uint32_t *slots; /* n_slots of them: an item's number + 1; 0: free */
    size_t n, n_slots, size;
} mk_intern;

/* The number of s, which is added if it is new; MK_INTERN_NONE if out of memory. */
uint32_t mk_intern_put(mk_intern *intern, mk_str s);

#endif
