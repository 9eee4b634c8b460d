/* pack.c: cleaned documents as a release. Order is that of the inputs; the pool unpacks,
 * checks and compresses, this thread reads, digests and writes. Every line is checked:
 * a release holds none that a loader would take for something else.
 * Cases: tests/release/test_release.c, fixtures/cli/pack_*. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/need.h"
#include "release/about.h"
#include "release/assemble.h"
#include "release/beside.h"
#include "release/feed.h"
#include "release/intake.h"
#include "release/repack.h"
#include "release/sources.h"
#include "write/apart.h"

typedef struct pack {
    const mk_pack_options *o;
    mk_manifest m;
    mk_metadata meta;
    mk_sources sources;
    mk_load_rules rules;
    mk_stats stats;
    const mk_schema *schema;
    mk_sources ledgers;
    const char **ledger_paths; /* of them, owned */
    mk_beside *beside;         /* NULL: there is no ledger */
    mk_feed *feed;
    mk_volumes *volumes;
    mk_stage *stage;
    const char *name; /* of the file being read */
    uint64_t line;    /* of it, read so far */
    mk_file *input;   /* likewise */
    bool torn;        /* loads are void until it is read again from torn_at on */
    uint64_t torn_at;
    mk_intake *in; /* likewise */
    mk_progress progress;
    uint64_t bytes_before; /* of the files before */
    uint64_t n_grouped;    /* documents that have the field of --group-field */
} pack;

/* ---- options ---- */

static mk_err unknown(const char *what, const char *value, const char *known, mk_error *reterr)
{
    return mk_fail(reterr, MK_OPTION, "unknown %s '%s': %s", what, value, known);
}

static mk_err keep(mk_manifest *m, const char *text, const char *otherwise, mk_str *ret,
                   mk_error *reterr)
{
    const mk_str s = mk_str_of(text ? text : otherwise);

    if (s.len > 1000 || mk_utf8_valid(s) != s.len)
        return mk_fail(reterr, MK_OPTION, "a value that is too long or not UTF-8");
    *ret = mk_arena_str(m->arena, s);
    return ret->ptr || s.len == 0 ? MK_OK
                                  : mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

static mk_err set_options(pack *p, mk_error *reterr)
{
    const mk_pack_options *const o = p->o;
    const char *const codec = o->codec ? o->codec : "gz";
    mk_encoder *encoder = NULL;
    mk_err err = MK_OK;

    p->schema = mk_schema_find(mk_str_of(o->schema ? o->schema : "flat"));
    if (!p->schema)
        return unknown("schema", o->schema,
                       "flat, datatrove, dolma, fineweb2, culturax and oscar are known", reterr);
    if (strcmp(codec, "gz") != 0 && strcmp(codec, "zst") != 0)
        return unknown("codec", codec, "gz and zst are known", reterr);
    p->m.codec = strcmp(codec, "gz") == 0 ? MK_CODEC_GZ : MK_CODEC_ZST;
    p->m.level = (uint64_t)(o->level > 0 ? o->level : 0);
    p->m.shard_size = o->shard_size ? o->shard_size : UINT64_C(256) << 20;
    if (p->m.shard_size > UINT64_MAX / 4)
        return mk_fail(reterr, MK_OPTION, "too large a shard size");
    p->m.croissant = MK_STR("1.0");
    err = mk_encoder_open(p->m.codec, o->level, &encoder, reterr); /* is there such a level? */
    mk_encoder_close(encoder);
    if (err == MK_OK)
        err = keep(&p->m, o->schema, "flat", &p->m.schema, reterr);
    if (err == MK_OK)
        err = mk_about_croissant(o, &p->m, reterr);
    if (err == MK_OK)
        err = keep(&p->m, o->salt, "", &p->m.salt, reterr);
    if (err == MK_OK)
        err = keep(&p->m, o->group_field, "metadata.cluster", &p->m.group_field, reterr);
    if (err == MK_OK)
        err = mk_splits_parse(o->split, &p->m.splits, reterr);
    if (err == MK_OK && p->m.group_field.len > 0 && !mk_flat_may_group(p->m.group_field))
        err = mk_fail(reterr, MK_OPTION,
                      "--group-field '%.*s': it takes id, text, url, ... or metadata.NAME",
                      (int)p->m.group_field.len, p->m.group_field.ptr);
    return err == MK_OK ? mk_assemble_program(&p->m, reterr) : err;
}

/* ---- documents ---- */

static mk_err on_load(void *arg, mk_load *load, mk_error *reterr)
{
    pack *const p = arg;
    const bool copy = p->m.splits.n == 1 && p->m.level == 0 && load->codec == p->m.codec;
    mk_err err;

    if (p->torn)
        return MK_OK; /* it will be read again */
    if (load->torn) {
        p->torn = true;
        p->torn_at = load->offset;
        return MK_OK;
    }
    if (load->err == MK_RECORD)
        return mk_fail(reterr, MK_DAMAGED,
                       "%s:%" PRIu64 ": %s (lines of 'minkhal clean' are needed, of the schema %s)",
                       p->name, p->line + load->n_lines, load->error.text, p->schema->name);
    if (load->err != MK_OK)
        return mk_fail(reterr, load->err, "%s:%" PRIu64 ": %s", p->name, p->line + load->n_lines,
                       load->error.text);
    err = p->beside ? mk_beside_load(p->beside, load, p->name, p->line, reterr) : MK_OK;
    p->line += load->n_lines;
    p->n_grouped += load->n_grouped;
    for (size_t i = 0; i < p->m.splits.n; i++) {
        p->input->documents += load->portions[i].counts.documents;
        p->progress.n_in += load->portions[i].counts.documents;
    }
    if (err == MK_OK)
        err = mk_load_figures(load, &p->stats, reterr);
    if (err == MK_OK)
        err = mk_volumes_put(p->volumes, load, copy, reterr);
    if (err == MK_OK && p->o->on_progress) {
        p->progress.bytes_in = p->bytes_before + mk_intake_size(p->in);
        p->progress.source = p->name;
        p->o->on_progress(p->o->arg, &p->progress);
    }
    return err;
}

static mk_err read_loads(pack *p, mk_intake *in, mk_error *reterr)
{
    mk_err err = MK_OK;

    while (err == MK_OK && !p->torn) {
        mk_load *const load = mk_feed_load(p->feed);
        if (!load)
            return mk_fail(reterr, MK_NOMEM, "out of memory for documents");
        err = mk_intake_next(in, load, reterr);
        if (err == MK_OK)
            err = mk_feed_push(p->feed, load, reterr);
        else
            mk_feed_spare(p->feed, load);
    }
    if (err != MK_OK && err != MK_END)
        return err;
    return mk_feed_drain(p->feed, reterr);
}

static mk_err read_source(pack *p, size_t i, mk_error *reterr)
{
    mk_intake *in = NULL;
    mk_err err = mk_intake_open(p->sources.items[i].path, &in, reterr);

    if (err != MK_OK)
        return err;
    p->in = in;
    p->name = p->sources.items[i].path;
    p->line = 0;
    p->input = mk_manifest_file(&p->m, &p->m.inputs, mk_str_of(p->sources.items[i].name));
    err = p->input ? read_loads(p, in, reterr)
                   : mk_fail(reterr, MK_NOMEM, "out of memory for a release");
    while (err == MK_OK && p->torn) {
        p->torn = false;
        err = mk_intake_unpack_from(in, p->torn_at, reterr);
        if (err == MK_OK)
            err = read_loads(p, in, reterr);
    }
    if (err == MK_OK) {
        p->input->bytes = mk_intake_size(in);
        p->bytes_before += p->input->bytes;
        if (!mk_intake_digest(in, p->input->sha256))
            err = mk_fail(reterr, MK_NOMEM, "out of memory for a checksum");
    }
    mk_intake_close(in);
    return err;
}

/* Bytes of all files; 0 where that is not known. */
static uint64_t total_of(const mk_sources *sources)
{
    uint64_t sum = 0;
    struct stat st;

    for (size_t i = 0; i < sources->n; i++) {
        if (stat(sources->items[i].path, &st) != 0)
            return 0;
        sum += (uint64_t)st.st_size;
    }
    return sum;
}

static mk_err read_all(pack *p, mk_error *reterr)
{
    mk_err err = MK_OK;

    p->progress.total_bytes = total_of(&p->sources);
    for (size_t i = 0; err == MK_OK && i < p->sources.n; i++)
        err = read_source(p, i, reterr);
    if (err == MK_OK) {
        mk_volumes_flush(p->volumes);
        err = mk_feed_drain(p->feed, reterr);
    }
    return err == MK_OK ? mk_sources_check(&p->m, reterr) : err;
}

/* ---- the ledger ---- */

/* Opens the ledger that was asked for, or what the runs have: the report is made of it. */
static mk_err open_ledger(pack *p, mk_error *reterr)
{
    const mk_pack_options *const o = p->o;
    const bool found = !o->ledger || strcmp(o->ledger, "auto") == 0;
    mk_err err = found ? mk_sources_find_ledgers(o->inputs, o->n_inputs, &p->m, &p->ledgers, reterr)
                       : mk_sources_ledgers(o->ledger, &p->ledgers, reterr);

    if (err == MK_OK && o->ledger && p->ledgers.n == 0)
        err = mk_fail(reterr, MK_OPTION, "not all inputs are runs that have a ledger");
    if (err != MK_OK || p->ledgers.n == 0)
        return err;
    const mk_beside_options beside = {.stage = p->stage,
                                      .splits = &p->m.splits,
                                      .codec = p->m.codec,
                                      .ledger = o->ledger != NULL,
                                      .report = true,
                                      .attributes = strcmp(p->schema->name, "dolma") == 0,
                                      .stop = o->stop};
    err = mk_beside_open(&beside, &p->beside, reterr);
    p->ledger_paths = calloc(p->ledgers.n, sizeof(*p->ledger_paths));
    if (err == MK_OK && !p->ledger_paths)
        err = mk_fail(reterr, MK_NOMEM, "out of memory for a release");
    for (size_t i = 0; err == MK_OK && i < p->ledgers.n; i++)
        p->ledger_paths[i] = p->ledgers.items[i].path;
    const mk_pair_files files = {.paths = p->ledger_paths, .n = p->ledgers.n};
    return err == MK_OK ? mk_beside_ledger(p->beside, files, reterr) : err;
}

/* With all documents written: nothing is left in the ledger, and its files are whole. */
static mk_err finish_ledger(pack *p, mk_error *reterr)
{
    const mk_str name = mk_metadata_get(&p->meta, MK_META_PRETTY_NAME);
    mk_err err = p->beside ? mk_beside_ledger_end(p->beside, reterr) : MK_OK;

    if (!p->beside)
        return MK_OK;
    if (err == MK_OK && !p->sources.loose)
        err = mk_sources_check_ledger(&p->m, mk_beside_counts(p->beside), reterr);
    return err == MK_OK ? mk_beside_finish(p->beside, &p->m, name, reterr) : err;
}

/* ---- the whole ---- */

/* What is replaced must not be what is read. */
static mk_err check_output(const mk_pack_options *o, mk_error *reterr)
{
    const bool found = !o->ledger || strcmp(o->ledger, "auto") == 0;
    const char *const named[] = {o->metadata, o->audit, found ? NULL : o->ledger};
    mk_err err = mk_apart(&o->output, 1, named, sizeof(named) / sizeof(*named), reterr);

    if (err == MK_OK && !mk_repack_is(o)) /* a release may be packed again in its place */
        err = mk_apart(&o->output, 1, o->inputs, o->n_inputs, reterr);
    return err;
}

static mk_err open_all(pack *p, mk_error *reterr)
{
    mk_err err = mk_manifest_init(&p->m, reterr);

    if (err == MK_OK)
        err = set_options(p, reterr);
    if (err == MK_OK)
        err = mk_about_read(p->o, &p->m, &p->meta, reterr);
    if (err == MK_OK)
        err = mk_sources_list(p->o->inputs, p->o->n_inputs, &p->m, &p->sources, reterr);
    if (err == MK_OK)
        err = mk_sources_audit(p->o->audit, p->o->inputs, p->o->n_inputs, &p->m, reterr);
    if (err == MK_OK)
        err = mk_stats_init(&p->stats, reterr);
    if (err == MK_OK)
        err = mk_stage_open(p->o->output, p->o->force, p->o->stop, &p->stage, reterr);
    if (err == MK_OK)
        err = mk_stage_mkdir(p->stage, mk_flat_folder(p->schema), reterr);
    if (err == MK_OK)
        err = open_ledger(p, reterr);
    if (err != MK_OK)
        return err;
    p->rules = (mk_load_rules){.schema = p->schema,
                               .convert = p->schema != &mk_schemas[0],
                               .figures = true,
                               .splits = &p->m.splits,
                               .salt = p->m.salt,
                               .group_field = p->m.group_field};
    const mk_feed_options feed = {.rules = &p->rules,
                                  .threads = mk_pool_threads_for(p->o->threads),
                                  .stop = p->o->stop,
                                  .done = on_load,
                                  .arg = p};
    err = mk_feed_open(&feed, &p->feed, reterr);
    if (err != MK_OK)
        return err;
    const mk_volumes_options volumes = {.folder = mk_stage_folder(p->stage),
                                        .schema = p->schema,
                                        .splits = &p->m.splits,
                                        .codec = p->m.codec,
                                        .level = p->o->level,
                                        .shard_size = p->m.shard_size,
                                        .pool = mk_feed_pool(p->feed),
                                        .on_block = p->beside ? mk_beside_block : NULL,
                                        .arg = p->beside};
    err = mk_volumes_open(&volumes, &p->volumes, reterr);
    if (err == MK_OK)
        mk_feed_volumes(p->feed, p->volumes);
    return err;
}

/* A name with a slip of the pen would part what belongs together. */
static mk_err check_groups(const pack *p, mk_error *reterr)
{
    if (!p->o->group_field || !*p->o->group_field || p->m.splits.n < 2 || p->progress.n_in == 0 ||
        p->n_grouped > 0)
        return MK_OK;
    return mk_fail(reterr, MK_OPTION, "--group-field '%s': no document has it", p->o->group_field);
}

mk_err mk_pack(const mk_pack_options *options, mk_release_summary *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    pack p = {.o = options};
    mk_ids ids = {0};
    uint64_t lacks = 0;
    const mk_need needs[] = {{"inputs", options->inputs, options->n_inputs},
                             {"output", &options->output, 1}};

    reterr = reterr ? reterr : &local;
    *ret = (mk_release_summary){0};
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), reterr);
    if (err == MK_OK && options->force)
        err = check_output(options, reterr);
    if (err != MK_OK)
        return err;
    if (mk_repack_is(options))
        return mk_repack(options, ret, reterr);
    err = open_all(&p, reterr);
    if (err == MK_OK)
        err = read_all(&p, reterr);
    if (err == MK_OK)
        err = check_groups(&p, reterr);
    if (err == MK_OK)
        err = mk_volumes_finish(p.volumes, false, &p.m, &ids, reterr);
    if (err == MK_OK)
        err = finish_ledger(&p, reterr);
    if (err == MK_OK)
        err = mk_assemble_figures(&p.m, &p.stats, reterr);
    const mk_papers papers = {.m = &p.m, .meta = &p.meta, .stats = &p.stats};
    if (err == MK_OK)
        err = mk_assemble(p.stage, &papers, &p.m, &ids, options->epoch, options->strict, &lacks,
                          reterr);
    if (err == MK_OK) {
        mk_assemble_summary(&p.m, ret);
        ret->n_copied = mk_volumes_copied(p.volumes);
        ret->n_lacks = lacks;
    }
    mk_feed_stop(p.feed);
    mk_volumes_close(p.volumes);
    mk_feed_close(p.feed);
    mk_stage_close(p.stage);
    mk_beside_close(p.beside);
    free(p.ledger_paths);
    mk_sources_clear(&p.ledgers);
    mk_sources_clear(&p.sources);
    mk_ids_clear(&ids);
    mk_stats_clear(&p.stats);
    mk_manifest_clear(&p.m);
    return err;
}
