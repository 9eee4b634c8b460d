/* takedown.c: a release again, without the documents that a list names. Members that hold
 * none of them are copied; shards keep their bounds, and splits their documents. What
 * was done is noted, with the digest of the list (not the list: it may be private) and
 * of the manifest before. Cases: tests/release/test_release.c, fixtures/cli/takedown_*. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/need.h"
#include "release/assemble.h"
#include "release/beside.h"
#include "release/listed.h"
#include "release/walk.h"
#include "write/apart.h"

typedef struct takedown {
    const mk_takedown_options *o;
    mk_container *c;
    mk_manifest old, m;
    mk_metadata meta;
    mk_stats stats;
    mk_buf old_text;
    mk_listed *listed;
    mk_load_rules rules;
    size_t *splits; /* of each part, owned */
    mk_feed *feed;
    mk_volumes *volumes;
    mk_stage *stage;
    mk_beside *beside;
    size_t part; /* of the load before, from 1 */
    uint64_t n_taken;
} takedown;

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

/* ---- the list ---- */

static bool drop(const void *arg, const mk_flat *flat, mk_arena *arena, bool *ret)
{
    const takedown *const t = arg;
    mk_str value;
    mk_err err;

    err = mk_json_text(flat->values[t->o->ids ? MK_FLAT_ID : MK_FLAT_URL], arena, &value, NULL);
    if (err != MK_OK)
        return err != MK_NOMEM;
    *ret = value.len > 0 && mk_listed_names(t->listed, value);
    return true;
}

static mk_err open_list(takedown *t, mk_error *reterr)
{
    const mk_takedown_options *const o = t->o;
    const char *const path = o->ids ? o->ids : o->hosts ? o->hosts : o->urls;
    const mk_listed_kind kind = o->ids     ? MK_LISTED_IDS
                                : o->hosts ? MK_LISTED_HOSTS
                                           : MK_LISTED_URLS;
    const mk_schema *const schema = mk_manifest_schema(&t->old);
    mk_takedown_note *note;
    mk_err err;

    if (!path)
        return mk_fail(reterr, MK_OPTION, "one list is needed: of ids, hosts or urls");
    if (!!o->ids + !!o->hosts + !!o->urls > 1)
        return mk_fail(reterr, MK_OPTION, "only one list may be given: of ids, hosts or urls");
    if (mk_str_trim(mk_str_of(o->reason)).len == 0 || strlen(o->reason) > 4096 ||
        mk_utf8_valid(mk_str_of(o->reason)) != strlen(o->reason))
        return mk_fail(reterr, MK_OPTION, "a reason is needed, in UTF-8");
    if (o->ids && !mk_schema_has(schema, MK_SCHEMA_ID))
        return mk_fail(reterr, MK_OPTION, "documents of the schema '%s' have no ids", schema->name);
    note = mk_manifest_takedown(&t->m);
    if (!note)
        return no_memory(reterr);
    err = mk_listed_open(path, kind, note->list_sha256, &t->listed, reterr);
    if (err == MK_OK)
        note->listed = mk_listed_size(t->listed);
    if (err == MK_OK)
        err = mk_assemble_digest(mk_buf_str(&t->old_text), note->manifest_sha256, reterr);
    note->by = o->ids ? MK_STR("ids") : o->hosts ? MK_STR("hosts") : MK_STR("urls");
    note->reason = mk_arena_str(t->m.arena, mk_str_trim(mk_str_of(o->reason)));
    return err == MK_OK && !note->reason.ptr ? no_memory(reterr) : err;
}

/* ---- what is taken over ---- */

/* The new manifest is the old one as far as it tells how the release came about. Its
 * text stays the old one's, which lives as long. */
static mk_err take_over(takedown *t, mk_error *reterr)
{
    const mk_manifest *const old = &t->old;
    mk_manifest *const m = &t->m;
    mk_err err = mk_assemble_program(m, reterr);

    m->metadata = old->metadata;
    m->audit = old->audit;
    m->schema = old->schema;
    m->croissant = old->croissant;
    m->salt = old->salt;
    m->group_field = old->group_field;
    m->codec = old->codec;
    m->level = old->level;
    m->shard_size = old->shard_size;
    m->splits = old->splits;
    for (size_t i = 0; err == MK_OK && i < old->inputs.n; i++) {
        mk_file *const f = mk_manifest_file(m, &m->inputs, old->inputs.items[i].name);
        if (!f)
            return no_memory(reterr);
        const mk_str name = f->name;
        *f = old->inputs.items[i];
        f->name = name;
    }
    for (size_t i = 0; err == MK_OK && i < old->n_runs; i++) {
        mk_run_note *const note = mk_manifest_run(m);
        if (!note)
            return no_memory(reterr);
        *note = old->runs[i];
    }
    for (size_t i = 0; err == MK_OK && i < old->n_takedowns; i++) {
        mk_takedown_note *const note = mk_manifest_takedown(m);
        if (!note)
            return no_memory(reterr);
        *note = old->takedowns[i];
    }
    if (err == MK_OK && !mk_str_eq(m->croissant, MK_STR("1.0")) &&
        !mk_str_eq(m->croissant, MK_STR("1.1")))
        err = mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": bad 'croissant'");
    return err == MK_OK
               ? mk_metadata_parse(MK_MANIFEST_NAME, m->metadata, m->arena, &t->meta, reterr)
               : err;
}

/* ---- documents ---- */

static mk_err on_load(void *arg, mk_load *load, mk_error *reterr)
{
    takedown *const t = arg;
    const mk_part *const part = &t->old.parts[load->part];
    mk_err err;

    if (load->torn)
        return mk_fail(reterr, MK_MISMATCH, "member %" PRIu64 " of '%s' cannot be read",
                       load->offset + 1, part->name);
    if (load->err != MK_OK)
        return mk_fail(reterr, load->err == MK_NOMEM ? MK_NOMEM : MK_MISMATCH,
                       "'%s', member %" PRIu64 ", line %" PRIu64 ": %s", part->name,
                       load->offset + 1, load->n_lines, load->error.text);
    t->n_taken += load->n_dropped;
    err = mk_load_figures(load, &t->stats, reterr);
    if (err == MK_OK && t->part != load->part + 1) {
        t->part = load->part + 1;
        err = mk_beside_part(t->beside, t->c, &t->old, load->part, reterr);
    }
    if (err == MK_OK)
        err = mk_beside_load(t->beside, load, part->name, part->members[load->offset].first,
                             reterr);
    if (err != MK_OK)
        return err;
    return mk_volumes_put(t->volumes, load, true, reterr);
}

static mk_err on_part_done(void *arg, size_t part, mk_error *reterr)
{
    takedown *const t = arg;
    const mk_err err = mk_beside_part_end(t->beside, reterr);

    return err == MK_OK ? mk_volumes_cut(t->volumes, t->old.parts[part].split, reterr) : err;
}

static mk_err open_shards(takedown *t, mk_error *reterr)
{
    mk_err err = mk_stats_init(&t->stats, reterr);

    if (err == MK_OK)
        err = mk_stage_open(t->o->output, t->o->force, t->o->stop, &t->stage, reterr);
    if (err == MK_OK)
        err = mk_stage_mkdir(t->stage, mk_flat_folder(mk_manifest_schema(&t->old)), reterr);
    if (err != MK_OK)
        return err;
    t->splits = calloc(t->old.n_parts + 1, sizeof(*t->splits));
    if (!t->splits)
        return no_memory(reterr);
    for (size_t i = 0; i < t->old.n_parts; i++)
        t->splits[i] = t->old.parts[i].split;
    t->rules = (mk_load_rules){.schema = mk_manifest_schema(&t->old),
                               .figures = true,
                               .splits = &t->old.splits,
                               .salt = t->old.salt,
                               .group_field = t->old.group_field,
                               .drop = drop,
                               .arg = t,
                               .only = t->splits};
    const mk_feed_options feed = {.rules = &t->rules,
                                  .threads = mk_pool_threads_for(t->o->threads),
                                  .stop = t->o->stop,
                                  .done = on_load,
                                  .arg = t};
    err = mk_feed_open(&feed, &t->feed, reterr);
    if (err != MK_OK)
        return err;
    mk_volumes_options volumes = {.folder = mk_stage_folder(t->stage),
                                  .schema = t->rules.schema,
                                  .splits = &t->m.splits,
                                  .codec = t->m.codec,
                                  .level = (int)(t->m.level <= 22 ? t->m.level : 0),
                                  .shard_size = UINT64_MAX / 4,
                                  .pool = mk_feed_pool(t->feed),
                                  .on_block = mk_beside_block};
    const mk_beside_options beside = {.stage = t->stage,
                                      .splits = &t->m.splits,
                                      .codec = t->m.codec,
                                      .ledger = mk_beside_has_ledger(&t->old),
                                      .report = mk_beside_has_ledger(&t->old),
                                      .attributes = mk_beside_has_attributes(&t->old),
                                      .takedown = true,
                                      .stop = t->o->stop};
    err = mk_beside_open(&beside, &t->beside, reterr);
    volumes.arg = t->beside;
    if (err == MK_OK)
        err = mk_volumes_open(&volumes, &t->volumes, reterr);
    if (err == MK_OK)
        mk_feed_volumes(t->feed, t->volumes);
    return err;
}

static mk_err take(takedown *t, mk_ids *ids, mk_error *reterr)
{
    mk_walk walk = {.c = t->c, .m = &t->old, .part_done = on_part_done, .arg = t};
    mk_err err = open_shards(t, reterr);

    walk.feed = t->feed;
    if (err == MK_OK)
        err = mk_walk_parts(&walk, reterr);
    if (err == MK_OK)
        err = mk_feed_drain(t->feed, reterr);
    if (err == MK_OK)
        err = mk_beside_parts_end(t->beside, reterr);
    if (err == MK_OK && t->n_taken == 0)
        err = mk_fail(reterr, MK_OPTION, "the list names no document of '%s'", t->o->release);
    if (err == MK_OK && t->n_taken == mk_manifest_counts(&t->old).documents)
        err = mk_fail(reterr, MK_OPTION, "the list names all documents of '%s'", t->o->release);
    if (err == MK_OK)
        err = mk_volumes_finish(t->volumes, true, &t->m, ids, reterr);
    if (err == MK_OK)
        err = mk_beside_finish(t->beside, &t->m, mk_metadata_get(&t->meta, MK_META_PRETTY_NAME),
                               reterr);
    if (err == MK_OK)
        t->m.takedowns[t->m.n_takedowns - 1].documents = t->n_taken;
    return err;
}

mk_err mk_takedown(const mk_takedown_options *o, mk_release_summary *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    takedown t = {.o = o, .old_text = {.max = MK_BUF_MAX}};
    mk_ids ids = {0};
    uint64_t lacks; /* by the old card too */
    const mk_need needs[] = {
        {"release", &o->release, 1}, {"output", &o->output, 1}, {"reason", &o->reason, 1}};

    const char *const lists[] = {o->ids, o->hosts, o->urls};

    reterr = reterr ? reterr : &local;
    *ret = (mk_release_summary){0};
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), reterr);
    if (err == MK_OK && o->force) /* the release itself may be replaced */
        err = mk_apart(&o->output, 1, lists, sizeof(lists) / sizeof(*lists), reterr);
    if (err == MK_OK)
        err = mk_container_open(o->release, o->stop, &t.c, reterr);
    if (err == MK_OK)
        mk_container_tell(t.c, o->on_message, o->arg);
    if (err == MK_OK)
        err = mk_walk_manifest(t.c, &t.old, &t.old_text, reterr);
    if (err == MK_OK)
        err = mk_manifest_init(&t.m, reterr);
    if (err == MK_OK)
        err = take_over(&t, reterr);
    if (err == MK_OK)
        err = open_list(&t, reterr);
    if (err == MK_OK && mk_container_find(t.c, MK_REPORT_NAME) && !mk_beside_has_ledger(&t.old) &&
        o->on_message)
        o->on_message(o->arg, "the report is left out: without a ledger it cannot be made anew");
    if (err == MK_OK)
        err = take(&t, &ids, reterr);
    if (err == MK_OK)
        err = mk_assemble_figures(&t.m, &t.stats, reterr);
    const mk_papers papers = {.m = &t.m, .meta = &t.meta, .stats = &t.stats};
    if (err == MK_OK)
        err = mk_assemble(t.stage, &papers, &t.m, &ids, o->epoch, false, &lacks, reterr);
    if (err == MK_OK) {
        mk_assemble_summary(&t.m, ret);
        ret->n_copied = mk_volumes_copied(t.volumes);
        ret->n_taken = t.n_taken;
        ret->n_lacking = mk_listed_lacks(t.listed, o->lacks, o->arg);
    }
    mk_feed_stop(t.feed);
    mk_volumes_close(t.volumes);
    mk_feed_close(t.feed);
    mk_beside_close(t.beside);
    mk_stage_close(t.stage);
    mk_listed_close(t.listed);
    mk_ids_clear(&ids);
    mk_stats_clear(&t.stats);
    free(t.splits);
    mk_buf_clear(&t.old_text);
    mk_manifest_clear(&t.m);
    mk_manifest_clear(&t.old);
    mk_container_close(t.c);
    return err;
}
