/* get.c: documents by their ids. ids.idx is searched in place, then the member that it
 * points at is unpacked, and ids are compared as they are: equal hashes are no harm.
 * Cases: tests/release/test_release.c, fixtures/cli/get_*. */
#include "base/digest.h"
#include "base/need.h"
#include "release/assemble.h"
#include "release/walk.h"

typedef struct getter {
    const mk_get_options *o;
    mk_container *c;
    mk_manifest m;
    const mk_container_entry *index;
    uint64_t n; /* entries of the index */
    mk_load *load;
    bool over;
} getter;

static mk_err damaged(mk_error *reterr, const char *name)
{
    return mk_fail(reterr, MK_MISMATCH, "'%s' is damaged: 'minkhal verify' tells more", name);
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for documents");
}

static mk_err read_id(getter *g, uint64_t i, mk_id *ret, mk_error *reterr)
{
    unsigned char bytes[MK_ID_BYTES];
    const mk_err err = mk_container_read(g->c, g->index, sizeof(MK_IDS_HEAD) - 1 + i * MK_ID_BYTES,
                                         (char *)bytes, sizeof(bytes), reterr);

    if (err == MK_OK)
        *ret = mk_id_get(bytes);
    return err;
}

/* The first entry whose hash is not below. */
static mk_err find(getter *g, uint64_t hash, uint64_t *ret, mk_error *reterr)
{
    uint64_t low = 0, high = g->n;
    mk_err err = MK_OK;

    while (err == MK_OK && low < high) {
        const uint64_t middle = low + (high - low) / 2;
        mk_id id;
        err = read_id(g, middle, &id, reterr);
        if (err == MK_OK && id.hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    *ret = low;
    return err;
}

/* Unpacks a member. */
static mk_err unpack(getter *g, const mk_id *id, mk_error *reterr)
{
    const mk_part *part;
    const mk_container_entry *entry;
    char *to;
    mk_err err;

    if (id->shard >= g->m.n_parts || id->member >= g->m.parts[id->shard].n_members)
        return damaged(reterr, MK_IDS_NAME);
    part = &g->m.parts[id->shard];
    const mk_member *const b = &part->members[id->member];
    entry = mk_container_find(g->c, part->name);
    if (!entry)
        return mk_fail(reterr, MK_MISMATCH, "'%s' is missing", part->name);
    mk_load_reset(g->load);
    g->load->codec = g->m.codec;
    if (b->length > entry->size)
        return damaged(reterr, part->name);
    to = mk_buf_room(&g->load->stored, (size_t)b->length);
    if (!to)
        return no_memory(reterr);
    err = mk_container_read(g->c, entry, b->offset, to, (size_t)b->length, reterr);
    if (err != MK_OK)
        return err;
    g->load->stored.len = (size_t)b->length;
    err = mk_load_unpack(g->load, mk_buf_str(&g->load->stored), &g->load->content);
    return err == MK_NOMEM ? no_memory(reterr) : err == MK_OK ? MK_OK : damaged(reterr, part->name);
}

/* Shows the lines of the member at hand that have this id. */
static mk_err show(getter *g, mk_str id, uint64_t *shown, mk_error *reterr)
{
    mk_str rest = mk_buf_str(&g->load->content), have;
    mk_error why = {0};
    mk_flat flat;

    while (rest.len > 0 && !g->over) {
        const char *const end = memchr(rest.ptr, '\n', rest.len);
        const size_t n = end ? (size_t)(end - rest.ptr) : rest.len;
        const mk_str line = mk_str_sub(rest, 0, n);
        mk_err err;
        rest = mk_str_sub(rest, end ? n + 1 : n, rest.len);
        mk_arena_reset(g->load->arena);
        err = mk_flat_parse(mk_manifest_schema(&g->m), line, g->load->arena, &flat, &why);
        if (err == MK_OK)
            err = mk_json_text(flat.values[MK_FLAT_ID], g->load->arena, &have, &why);
        if (err != MK_OK)
            return mk_fail(reterr, err == MK_NOMEM ? MK_NOMEM : MK_MISMATCH,
                           "a line of the release is damaged: %s", why.text);
        if (!mk_str_eq(have, id))
            continue;
        ++*shown;
        g->over = !g->o->show(g->o->arg, line);
    }
    return MK_OK;
}

static mk_err get_one(getter *g, mk_str id, uint64_t *shown, mk_error *reterr)
{
    const uint64_t hash = mk_hash64(id);
    uint64_t at = 0;
    mk_id before = {0}, now;
    bool first = true;
    mk_err err = find(g, hash, &at, reterr);

    for (; err == MK_OK && at < g->n && !g->over; at++) {
        err = read_id(g, at, &now, reterr);
        if (err != MK_OK || now.hash != hash)
            break;
        if (!first && now.shard == before.shard && now.member == before.member)
            continue; /* twice in one member: both were shown */
        first = false;
        before = now;
        err = unpack(g, &now, reterr);
        if (err == MK_OK)
            err = show(g, id, shown, reterr);
    }
    return err;
}

static mk_err open_index(getter *g, mk_error *reterr)
{
    static const mk_load_rules rules = {0};
    const size_t head = sizeof(MK_IDS_HEAD) - 1;
    char bytes[sizeof(MK_IDS_HEAD)];
    mk_err err;

    if (!mk_schema_has(mk_manifest_schema(&g->m), MK_SCHEMA_ID))
        return mk_fail(reterr, MK_OPTION, "documents of the schema '%s' have no ids",
                       mk_manifest_schema(&g->m)->name);
    g->index = mk_container_find(g->c, MK_IDS_NAME);
    if (!g->index)
        return mk_fail(reterr, MK_MISMATCH, "'" MK_IDS_NAME "' is missing");
    if (g->index->size < head || (g->index->size - head) % MK_ID_BYTES != 0)
        return damaged(reterr, MK_IDS_NAME);
    err = mk_container_read(g->c, g->index, 0, bytes, head, reterr);
    if (err == MK_OK && memcmp(bytes, MK_IDS_HEAD, head) != 0)
        return damaged(reterr, MK_IDS_NAME);
    g->n = (g->index->size - head) / MK_ID_BYTES;
    g->load = mk_load_new(&rules);
    if (err == MK_OK && !g->load)
        err = no_memory(reterr);
    return err;
}

mk_err mk_get(const mk_get_options *o, uint64_t *ret_lacking, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    getter g = {.o = o};
    mk_buf text = {.max = MK_BUF_MAX};
    const char *const show = o->show ? "there" : NULL;
    const mk_need needs[] = {{"release", &o->release, 1}, {"show", &show, 1}};

    reterr = reterr ? reterr : &local;
    *ret_lacking = 0;
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), reterr);
    if (err == MK_OK)
        err = mk_container_open(o->release, o->stop, &g.c, reterr);
    if (err == MK_OK)
        err = mk_walk_manifest(g.c, &g.m, &text, reterr);
    if (err == MK_OK)
        err = open_index(&g, reterr);
    for (size_t i = 0; err == MK_OK && i < o->n_ids && !g.over; i++) {
        uint64_t shown = 0;
        if (o->stop && *o->stop)
            err = mk_fail(reterr, MK_STOPPED, "stopped by a signal");
        else
            err = get_one(&g, mk_str_of(o->ids[i]), &shown, reterr);
        if (err == MK_OK && shown == 0) {
            ++*ret_lacking;
            if (o->lacks)
                o->lacks(o->arg, o->ids[i]);
        }
    }
    mk_load_free(g.load);
    mk_buf_clear(&text);
    mk_manifest_clear(&g.m);
    mk_container_close(g.c);
    return err;
}
