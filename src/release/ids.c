/* ids.c: see ids.h. It costs 16 bytes of memory a document while a release is made.
 * Two ids with one hash are no harm: who asks compares the ids.
 * Cases: tests/release/test_release.c. */
#include "release/ids.h"

#include <stdlib.h>

bool mk_ids_add(mk_ids *ids, const uint64_t *hashes, size_t n, size_t shard, size_t member)
{
    if (shard > UINT32_MAX || member > UINT32_MAX || n > SIZE_MAX / 4 / sizeof(mk_id) - ids->n)
        return false;
    if (ids->n + n > ids->size) {
        const size_t size = (ids->n + n) + (ids->n + n) / 2 + 1024;
        mk_id *const items = realloc(ids->items, size * sizeof(*items));
        if (!items)
            return false;
        ids->items = items;
        ids->size = size;
    }
    for (size_t i = 0; i < n; i++)
        ids->items[ids->n++] = (mk_id){
            .hash = hashes[i], .shard = (uint32_t)shard, .member = (uint32_t)member};
    return true;
}

void mk_ids_clear(mk_ids *ids)
{
    free(ids->items);
    *ids = (mk_ids){0};
}

static int compare(const void *left, const void *right)
{
    const mk_id *const a = left, *const b = right;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->shard != b->shard)
        return a->shard < b->shard ? -1 : 1;
    return a->member < b->member ? -1 : a->member > b->member;
}

uint64_t mk_ids_sort(mk_ids *ids)
{
    uint64_t twice = 0;

    if (ids->n > 0)
        qsort(ids->items, ids->n, sizeof(*ids->items), compare);
    for (size_t i = 1; i < ids->n; i++)
        twice += ids->items[i].hash == ids->items[i - 1].hash;
    return twice;
}

void mk_id_put(const mk_id *id, unsigned char out[MK_ID_BYTES])
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(id->hash >> (56 - 8 * i) & 0xFF);
    for (int i = 0; i < 4; i++) {
        out[8 + i] = (unsigned char)(id->shard >> (24 - 8 * i) & 0xFF);
        out[12 + i] = (unsigned char)(id->member >> (24 - 8 * i) & 0xFF);
    }
}

mk_id mk_id_get(const unsigned char bytes[MK_ID_BYTES])
{
    mk_id id = {0};

    for (int i = 0; i < 8; i++)
        id.hash = id.hash << 8 | bytes[i];
    for (int i = 0; i < 4; i++) {
        id.shard = id.shard << 8 | bytes[8 + i];
        id.member = id.member << 8 | bytes[12 + i];
    }
    return id;
}
