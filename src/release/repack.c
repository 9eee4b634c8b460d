/* repack.c: see repack.h. No document is read. What is known of them comes from the release:
 * SHA256SUMS proves the manifest, the manifest all other files, and each of these is
 * compared with its digest while it is copied. So what is made is, byte for byte, what
 * packing the inputs of the release again would make. Figures are those of one version:
 * another may count otherwise. Cases: tests/release/test_repack.c, fixtures/cli/pack_again. */
#include "release/repack.h"

#include <stdio.h>
#include <stdlib.h>

#include "release/about.h"
#include "release/assemble.h"
#include "release/beside.h"
#include "release/copy.h"
#include "release/walk.h"

typedef struct repack {
    const mk_pack_options *o;
    mk_container *c;
    mk_manifest m; /* the old one, and then the new one: what it says of documents stays */
    mk_metadata meta;
    mk_stats stats;
    mk_buf text; /* of the manifest */
    mk_stage *stage;
    mk_pool *pool;
    mk_copy *copies; /* n_copies of them, owned */
    size_t n_copies;
    mk_progress progress;
} repack;

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

bool mk_repack_is(const mk_pack_options *o)
{
    return o->n_inputs == 1 && mk_release_is(o->inputs[0]);
}

/* ---- what is asked for ---- */

static mk_err check_options(const mk_pack_options *o, mk_error *reterr)
{
    const struct {
        const char *name;
        bool given;
    } fixed[] = {{"split", o->split},
                 {"salt", o->salt},
                 {"group-field", o->group_field},
                 {"schema", o->schema},
                 {"codec", o->codec},
                 {"level", o->level > 0},
                 {"shard-size", o->shard_size > 0},
                 {"ledger", o->ledger}};

    for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
        if (fixed[i].given)
            return mk_fail(
                reterr, MK_OPTION,
                "no --%s for a release that is packed again: its shards stay as they are",
                fixed[i].name);
    return MK_OK;
}

static mk_err read_about(repack *r, mk_error *reterr)
{
    mk_manifest *const m = &r->m;
    mk_err err = mk_about_croissant(r->o, m, reterr);

    if (err == MK_OK && !mk_str_eq(m->croissant, MK_STR("1.0")) &&
        !mk_str_eq(m->croissant, MK_STR("1.1")))
        err = mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": bad 'croissant'");
    if (err == MK_OK && r->o->metadata)
        err = mk_about_read(r->o, m, &r->meta, reterr);
    else if (err == MK_OK)
        err = mk_metadata_parse(MK_MANIFEST_NAME, m->metadata, m->arena, &r->meta, reterr);
    return err == MK_OK ? mk_sources_audit(r->o->audit, NULL, 0, m, reterr) : err;
}

/* ---- what stays ---- */

/* True if it is the file of attributes of a shard. *at: the shard after the one before, for
 * both stand in the order of their names. */
static bool is_attributes(const mk_manifest *m, mk_str name, size_t *at)
{
    const mk_str folder = MK_STR(MK_ATTRIBUTES_FOLDER);

    if (name.len < folder.len || !mk_str_eq(mk_str_sub(name, 0, folder.len), folder))
        return false;
    for (size_t i = 0; i < m->n_parts; i++, ++*at) {
        const char *const part = m->parts[*at % m->n_parts].name;
        if (mk_str_eq(mk_str_sub(name, folder.len, name.len), mk_str_of(strchr(part, '/')))) {
            ++*at;
            return true;
        }
    }
    return false;
}

/* True if pack may give a file beside the shards that name, and it is none of the papers. */
static bool is_kept(const mk_manifest *m, mk_str name, size_t *at)
{
    char want[256];

    if (mk_str_eq(name, MK_STR(MK_IDS_NAME)) || mk_str_eq(name, MK_STR(MK_REPORT_NAME)))
        return true;
    for (size_t i = 0; i < m->splits.n; i++)
        if (mk_beside_ledger_name(m->splits.items[i].name, m->codec, want, sizeof(want)) > 0 &&
            mk_str_eq(name, mk_str_of(want)))
            return true;
    return is_attributes(m, name, at);
}

/* Drops the papers from the list of files: they are made anew. */
static mk_err keep_files(mk_manifest *m, mk_error *reterr)
{
    mk_files *const files = &m->files;
    const mk_schema *const schema = mk_manifest_schema(m);
    size_t n = 0, at = 0;

    for (size_t i = 0; i < files->n; i++) {
        const mk_str name = files->items[i].name;
        if (mk_assemble_is_paper(name))
            continue;
        if (!is_kept(m, name, &at))
            return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": '%.*s' is no file of a release",
                           (int)(name.len < 100 ? name.len : 100), name.ptr);
        files->items[n++] = files->items[i];
    }
    files->n = n;
    return mk_schema_has(schema, MK_SCHEMA_ID) == mk_manifest_has(m, MK_IDS_NAME)
               ? MK_OK
               : mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": wrong files");
}

/* ---- figures ---- */

static mk_err wrong_figures(const char *why, mk_error *reterr)
{
    return mk_fail(reterr, MK_MISMATCH, "'" MK_FIGURES_NAME "' %s", why);
}

/* The bytes of stats.json, which the manifest has the digest of. */
static mk_err load_figures(repack *r, mk_buf *out, mk_error *reterr)
{
    char digest[MK_SHA256_HEX + 1];
    mk_err err = mk_container_load(r->c, MK_FIGURES_NAME, MK_BUF_MAX, out, reterr);

    if (err == MK_OK)
        err = mk_assemble_digest(mk_buf_str(out), digest, reterr);
    if (err != MK_OK)
        return err;
    for (size_t i = 0; i < r->m.files.n; i++)
        if (mk_str_eq(r->m.files.items[i].name, MK_STR(MK_FIGURES_NAME)) &&
            strcmp(r->m.files.items[i].sha256, digest) == 0)
            return MK_OK;
    return wrong_figures("has another digest than the manifest says", reterr);
}

/* They are figures of these documents, and say no more than is read of them. */
static mk_err check_figures(repack *r, mk_str bytes, mk_error *reterr)
{
    const mk_flat_counts sum = mk_manifest_counts(&r->m);
    const mk_papers papers = {.m = &r->m, .meta = &r->meta, .stats = &r->stats};
    mk_buf again = {.max = MK_BUF_MAX};
    mk_err err = MK_OK;

    if (r->stats.n_docs != sum.documents || r->stats.bytes != sum.bytes ||
        r->stats.letters != sum.letters)
        return wrong_figures("counts other documents than the manifest", reterr);
    mk_figures_put(&papers, &again);
    if (again.failed)
        err = no_memory(reterr);
    else if (!mk_str_eq(mk_buf_str(&again), bytes))
        err = wrong_figures("is not as minkhal writes it", reterr);
    mk_buf_clear(&again);
    return err;
}

static mk_err read_figures(repack *r, mk_error *reterr)
{
    mk_arena *const arena = mk_arena_new();
    mk_buf bytes = {.max = MK_BUF_MAX};
    mk_error why = {0};
    mk_err err = arena ? mk_stats_init(&r->stats, reterr) : no_memory(reterr);

    if (err == MK_OK)
        err = load_figures(r, &bytes, reterr);
    if (err == MK_OK) {
        err = mk_stats_merge(&r->stats, mk_buf_str(&bytes), arena, &why);
        if (err != MK_OK)
            err = mk_fail(reterr, err == MK_NOMEM ? err : MK_MISMATCH, "'" MK_FIGURES_NAME "': %s",
                          why.text);
    }
    if (err == MK_OK) {
        mk_stats_finish(&r->stats);
        err = check_figures(r, mk_buf_str(&bytes), reterr);
    }
    mk_buf_clear(&bytes);
    mk_arena_free(arena);
    return err;
}

/* ---- files ---- */

static mk_err make_folders(repack *r, mk_error *reterr)
{
    static const char *const beside[] = {"ledger", "attributes", MK_ATTRIBUTES_FOLDER};
    mk_err err = mk_stage_mkdir(r->stage, mk_flat_folder(mk_manifest_schema(&r->m)), reterr);

    for (size_t i = 0; err == MK_OK && i < sizeof(beside) / sizeof(*beside); i++)
        if (mk_manifest_has(&r->m, beside[i]))
            err = mk_stage_mkdir(r->stage, beside[i], reterr);
    return err;
}

/* Waits for the oldest copy. NULL with *reterr set: it failed. */
static mk_copy *pull(repack *r, mk_error *reterr)
{
    mk_copy *const c = (mk_copy *)(void *)mk_pool_pull(r->pool);

    if (c->err != MK_OK) {
        mk_fail(reterr, c->err, "%s", c->error.text);
        return NULL;
    }
    r->progress.bytes_in += c->entry->size;
    r->progress.source = c->entry->name;
    if (r->o->on_progress)
        r->o->on_progress(r->o->arg, &r->progress);
    return c;
}

/* Has a file copied, in the place of the i-th. */
static mk_err copy_file(repack *r, size_t i, const char *name, uint64_t bytes, const char *sha256,
                        mk_error *reterr)
{
    const mk_container_entry *entry;
    const mk_err err = mk_container_expect(r->c, name, bytes, &entry, reterr);
    mk_copy *const c = err != MK_OK ? NULL : i < r->n_copies ? &r->copies[i] : pull(r, reterr);

    if (!c)
        return reterr->code;
    *c = (mk_copy){.job.work = mk_copy_work,
                   .from = r->c,
                   .entry = entry,
                   .folder = mk_stage_folder(r->stage),
                   .stop = r->o->stop};
    memcpy(c->sha256, sha256, sizeof(c->sha256));
    mk_pool_push(r->pool, &c->job);
    return MK_OK;
}

static mk_err copy_files(repack *r, mk_error *reterr)
{
    const mk_manifest *const m = &r->m;
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < m->n_parts; i++)
        err = copy_file(r, i, m->parts[i].name, m->parts[i].bytes, m->parts[i].sha256, reterr);
    for (size_t i = 0; err == MK_OK && i < m->files.n; i++) {
        const mk_file *const f = &m->files.items[i];
        char name[256];
        snprintf(name, sizeof(name), "%.*s", (int)f->name.len, f->name.ptr); /* is_kept knows it */
        err = copy_file(r, m->n_parts + i, name, f->bytes, f->sha256, reterr);
    }
    while (err == MK_OK && mk_pool_pending(r->pool) > 0)
        if (!pull(r, reterr))
            err = reterr->code;
    return err;
}

static mk_err copy_all(repack *r, mk_error *reterr)
{
    const unsigned threads = mk_pool_threads_for(r->o->threads);
    mk_err err = mk_stage_open(r->o->output, r->o->force, r->o->stop, &r->stage, reterr);

    if (err == MK_OK)
        err = make_folders(r, reterr);
    if (err == MK_OK)
        err = mk_pool_open(threads < 2 ? 0 : threads, &r->pool, reterr);
    if (err != MK_OK)
        return err;
    r->n_copies = 2 * (size_t)mk_pool_width(r->pool);
    r->copies = calloc(r->n_copies, sizeof(*r->copies));
    for (size_t i = 0; i < r->m.n_parts; i++)
        r->progress.total_bytes += r->m.parts[i].bytes;
    for (size_t i = 0; i < r->m.files.n; i++)
        r->progress.total_bytes += r->m.files.items[i].bytes;
    return r->copies ? copy_files(r, reterr) : no_memory(reterr);
}

/* ---- the whole ---- */

static mk_err open_all(repack *r, mk_error *reterr)
{
    const mk_str version = mk_str_of(mk_version());
    mk_err err = check_options(r->o, reterr);

    if (err == MK_OK)
        err = mk_container_open(r->o->inputs[0], r->o->stop, &r->c, reterr);
    if (err == MK_OK)
        mk_container_tell(r->c, r->o->on_message, r->o->arg);
    if (err == MK_OK)
        err = mk_walk_manifest(r->c, &r->m, &r->text, reterr);
    if (err == MK_OK)
        err = mk_walk_names(&r->m, reterr);
    if (err == MK_OK && !mk_str_eq(r->m.version, version))
        err = mk_fail(reterr, MK_MISMATCH,
                      "'%s' was made by minkhal %.*s, this is %s: pack what it was made of",
                      r->o->inputs[0], (int)(r->m.version.len < 40 ? r->m.version.len : 40),
                      r->m.version.ptr, version.ptr);
    if (err == MK_OK)
        err = read_about(r, reterr);
    if (err == MK_OK)
        err = read_figures(r, reterr);
    return err == MK_OK ? keep_files(&r->m, reterr) : err;
}

mk_err mk_repack(const mk_pack_options *o, mk_release_summary *ret, mk_error *reterr)
{
    repack r = {.o = o, .text = {.max = MK_BUF_MAX}};
    uint64_t lacks = 0;

    mk_err err = open_all(&r, reterr);
    if (err == MK_OK)
        err = copy_all(&r, reterr);
    const mk_papers papers = {.m = &r.m, .meta = &r.meta, .stats = &r.stats};
    if (err == MK_OK)
        err = mk_assemble(r.stage, &papers, &r.m, NULL, o->epoch, o->strict, &lacks, reterr);
    if (err == MK_OK) {
        mk_assemble_summary(&r.m, ret);
        ret->n_copied = ret->n_members;
        ret->n_lacks = lacks;
    }
    mk_pool_close(r.pool);
    free(r.copies);
    mk_stage_close(r.stage);
    mk_stats_clear(&r.stats);
    mk_buf_clear(&r.text);
    mk_manifest_clear(&r.m);
    mk_container_close(r.c);
    return err;
}
