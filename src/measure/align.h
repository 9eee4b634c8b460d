/* align.h: what two sequences have in common, found by its longest runs. */
#ifndef MK_ALIGN_H
#define MK_ALIGN_H

#include "base/arena.h"

/* Sets in_a[i] for each element of a (n_a of them, in_a all false before) that has
 * a partner in b. The longest run that both have, the first of equals, is taken,
 * then the same left and right of it, and so on (Ratcliff and Obershelp): whole
 * phrases find each other before single words do. Elements are below n_kinds.
 * MK_LIMIT: more than 2^28 steps; MK_NOMEM. */
mk_err mk_align(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, uint32_t n_kinds,
                mk_arena *arena, bool *in_a);

#endif
