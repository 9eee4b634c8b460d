/* patch.h: what a letter filter wants changed. Patches are added by mk_patch of
 * filter.h. */
#ifndef MK_PATCH_H
#define MK_PATCH_H

#include "base/arena.h"
#include "minkhal/filter.h"

/* What a letter filter wants changed in one line. */
typedef struct mk_patch_item {
    uint32_t at, len; /* in the line's text before */
    mk_str with;
    uint16_t rule;
} mk_patch_item;

struct mk_patches {
    mk_patch_item *items;
    size_t n, room;
    mk_arena *arena;
    bool nomem;
};

#endif
