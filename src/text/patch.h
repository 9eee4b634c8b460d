/* patch.h: what an operation wants changed in a text. */
#ifndef MK_PATCH_H
#define MK_PATCH_H

#include "base/arena.h"
#include "minkhal/text.h"

typedef struct mk_patch_item {
    uint32_t at, len; /* in the text before */
    mk_str with;
    uint16_t rule;
    uint64_t also; /* further rules: bit i is rule i */
} mk_patch_item;

typedef struct mk_patches {
    mk_patch_item *items;
    size_t n, room;
    mk_arena *arena;
    bool nomem;
} mk_patches;

/* text[at, at+len) is to read `with` (copied; empty: removed) because of rule.
 * Patches come in ascending order and do not overlap. Out of memory is
 * remembered and reported by who runs the operation. */
void mk_patch(mk_patches *patches, size_t at, size_t len, mk_str with, unsigned rule);

#endif
