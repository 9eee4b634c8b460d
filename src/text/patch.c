/* patch.c: see patch.h. */
#include "text/patch.h"

#include <assert.h>

void mk_patch(mk_patches *patches, size_t at, size_t len, mk_str with, unsigned rule)
{
    if (patches->n == patches->room) {
        const size_t room = patches->room ? patches->room * 2 : 16;
        mk_patch_item *items = mk_arena_alloc(patches->arena, room * sizeof(*items));
        if (!items) {
            patches->nomem = true;
            return;
        }
        if (patches->n > 0)
            memcpy(items, patches->items, patches->n * sizeof(*items));
        patches->items = items;
        patches->room = room;
    }
    const mk_str copy = mk_arena_str(patches->arena, with);
    if (with.len > 0 && !copy.ptr) {
        patches->nomem = true;
        return;
    }
    assert(patches->n == 0 ||
           patches->items[patches->n - 1].at + patches->items[patches->n - 1].len <= at);
    patches->items[patches->n++] = (mk_patch_item){
        .at = (uint32_t)at, .len = (uint32_t)len, .with = copy, .rule = (uint16_t)rule};
}
