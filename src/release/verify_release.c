/* verify_release.c: is a release what it says? First the manifest, then names and sizes,
 * then the digest of every file, then what is in the shards: members, documents, counts,
 * splits, ids; at last SHA256SUMS as a whole and the frame of an archive.
 * Cases: tests/release/test_release.c, which damages every byte. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/need.h"
#include "release/assemble.h"
#include "release/beside.h"
#include "release/lane.h"
#include "release/sources.h"
#include "release/walk.h"

typedef struct verifier {
    mk_container *c;
    mk_manifest m;
    mk_buf text; /* of the manifest */
    mk_load_rules rules;
    size_t *splits; /* of each part, owned */
    mk_feed *feed;
    mk_lane *stored, *content; /* of the part at hand */
    mk_flat_counts counts[MK_SPLITS_MAX];
    mk_stats stats;
    mk_ids ids;
    mk_beside *beside;
    size_t part;       /* of the load before, from 1 */
    uint64_t n_before; /* documents of it, before the load */
} verifier;

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory to verify a release");
}

/* ---- names ---- */

static mk_err check_names(const verifier *v, mk_error *reterr)
{
    const mk_container_entry *entry;
    mk_err err = mk_walk_names(&v->m, reterr);

    for (size_t i = 0; err == MK_OK && i < v->m.n_parts; i++)
        err = mk_container_expect(v->c, v->m.parts[i].name, v->m.parts[i].bytes, &entry, reterr);
    for (size_t i = 0; err == MK_OK && i < v->m.files.n; i++) {
        char name[256];
        const mk_str s = v->m.files.items[i].name;
        if (s.len >= sizeof(name) || memchr(s.ptr, '\0', s.len))
            return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": bad name of a file");
        memcpy(name, s.ptr, s.len);
        name[s.len] = '\0';
        err = mk_container_expect(v->c, name, v->m.files.items[i].bytes, &entry, reterr);
    }
    for (size_t i = 0; err == MK_OK && i < v->c->n; i++)
        if (!mk_walk_lists(&v->m, v->c->items[i].name))
            err = mk_fail(reterr, MK_MISMATCH, "'%s' is no file of the release",
                          v->c->items[i].name);
    return err;
}

/* ---- files ---- */

static mk_err check_digest(mk_container *c, const mk_file *f, const volatile sig_atomic_t *stop,
                           mk_error *reterr)
{
    enum { CHUNK = 1 << 20 };
    char name[256], digest[MK_SHA256_HEX + 1];
    mk_checksum_run *run = NULL;
    char *const chunk = malloc(CHUNK);
    const mk_container_entry *entry;
    mk_err err = chunk ? mk_checksum_open(MK_SHA256, &run, reterr) : no_memory(reterr);

    memcpy(name, f->name.ptr, f->name.len); /* check_names has measured it */
    name[f->name.len] = '\0';
    entry = mk_container_find(c, name);
    for (uint64_t at = 0; err == MK_OK && at < f->bytes;) {
        if (stop && *stop) {
            err = mk_fail(reterr, MK_STOPPED, "interrupted");
            break;
        }
        const size_t n = f->bytes - at < CHUNK ? (size_t)(f->bytes - at) : CHUNK;
        err = mk_container_read(c, entry, at, chunk, n, reterr);
        if (err == MK_OK)
            mk_checksum_add(run, (mk_str){chunk, n});
        at += n;
    }
    if (err == MK_OK && !mk_checksum_end_hex(run, digest))
        err = no_memory(reterr);
    if (err == MK_OK && strcmp(digest, f->sha256) != 0)
        err = mk_fail(reterr, MK_MISMATCH, "'%s' has another digest than the manifest says", name);
    mk_checksum_close(run);
    free(chunk);
    return err;
}

static mk_err check_sums(verifier *v, mk_error *reterr)
{
    mk_buf want = {.max = MK_BUF_MAX}, have = {.max = MK_BUF_MAX};
    mk_err err = mk_assemble_sums(&v->m, mk_buf_str(&v->text), &want, reterr);

    if (err == MK_OK)
        err = mk_container_load(v->c, MK_SUMS_NAME, MK_BUF_MAX, &have, reterr);
    if (err == MK_OK && !mk_str_eq(mk_buf_str(&want), mk_buf_str(&have)))
        err = mk_fail(reterr, MK_MISMATCH,
                      "'" MK_SUMS_NAME "' does not have the digests of "
                      "these files in the order of their names");
    mk_buf_clear(&want);
    mk_buf_clear(&have);
    return err;
}

/* ---- shards ---- */

/* What cannot be read though its digest is right was not made so by us. */
static mk_err as_mismatch(mk_err err, mk_error *reterr)
{
    if (err == MK_RECORD || err == MK_DAMAGED || err == MK_LIMIT)
        reterr->code = MK_MISMATCH;
    return reterr->code;
}

/* The ledger and the attributes of the documents of a load. */
static mk_err follow(verifier *v, const mk_load *load, mk_error *reterr)
{
    mk_err err = MK_OK;

    if (v->part != load->part + 1) {
        v->part = load->part + 1;
        v->n_before = 0;
        err = mk_beside_part(v->beside, v->c, &v->m, load->part, reterr);
    }
    if (err == MK_OK)
        err = mk_beside_load(v->beside, load, v->m.parts[load->part].name, v->n_before, reterr);
    v->n_before += load->n_docs;
    return err == MK_OK ? MK_OK : as_mismatch(err, reterr);
}

static mk_err on_load(void *arg, mk_load *load, mk_error *reterr)
{
    verifier *const v = arg;
    const mk_part *const part = &v->m.parts[load->part];
    const mk_member *const b = &part->members[load->offset];
    const size_t number = (size_t)load->offset + 1;
    const mk_portion *const p = &load->portions[part->split];
    mk_flat_counts *const sum = &v->counts[part->split];

    if (load->torn)
        return mk_fail(reterr, MK_MISMATCH, "member %zu of '%s' cannot be read", number,
                       part->name);
    if (load->err == MK_NOMEM)
        return no_memory(reterr);
    if (load->err != MK_OK)
        return mk_fail(reterr, MK_MISMATCH, "'%s', member %zu, line %" PRIu64 ": %s", part->name,
                       number, load->n_lines, load->error.text);
    if (load->content.len != b->content || p->counts.documents != b->documents || !load->exact)
        return mk_fail(reterr, MK_MISMATCH, "member %zu of '%s' is not what the manifest says",
                       number, part->name);
    sum->documents += p->counts.documents;
    sum->bytes += p->counts.bytes;
    sum->letters += p->counts.letters;
    sum->words += p->counts.words;
    mk_err err = mk_load_figures(load, &v->stats, reterr);
    if (err == MK_OK)
        err = follow(v, load, reterr);
    if (err != MK_OK)
        return err;
    mk_lane_put(v->stored, &load->stored);
    mk_lane_put(v->content, &load->content);
    return mk_ids_add(&v->ids, p->hashes, (size_t)p->counts.documents, load->part,
                      (size_t)load->offset)
               ? MK_OK
               : no_memory(reterr);
}

static mk_err on_part_done(void *arg, size_t part, mk_error *reterr)
{
    verifier *const v = arg;
    const mk_err err = mk_beside_part_end(v->beside, reterr);

    if (err != MK_OK)
        return as_mismatch(err, reterr);
    const mk_part *const p = &v->m.parts[part];
    char stored[MK_SHA256_HEX + 1], content[MK_SHA256_HEX + 1];

    if (!mk_lane_end_hex(v->stored, stored) || !mk_lane_end_hex(v->content, content))
        return no_memory(reterr);
    if (strcmp(stored, p->sha256) != 0)
        return mk_fail(reterr, MK_MISMATCH, "'%s' has another digest than the manifest says",
                       p->name);
    if (strcmp(content, p->content_sha256) != 0)
        return mk_fail(reterr, MK_MISMATCH,
                       "what '%s' unpacks to has another digest than the manifest says", p->name);
    return MK_OK;
}

static mk_err check_counts(const verifier *v, mk_error *reterr)
{
    if (memcmp(v->m.ledger, mk_beside_counts(v->beside), sizeof(v->m.ledger)) != 0)
        return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": wrong counts of the ledger");
    for (size_t i = 0; i < v->m.splits.n; i++) {
        const mk_flat_counts *const a = &v->counts[i], *const b = &v->m.counts[i];
        if (a->documents != b->documents || a->bytes != b->bytes || a->letters != b->letters ||
            a->words != b->words)
            return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": wrong counts of split '%s'",
                           v->m.splits.items[i].name);
    }
    return mk_sources_check(&v->m, reterr);
}

/* stats.json says of these documents what minkhal of this version counts. Where names of
 * sites were forgotten, the order of the documents before they were split told which. */
static mk_err check_figures(verifier *v, mk_error *reterr)
{
    const mk_papers papers = {.m = &v->m, .stats = &v->stats};
    mk_buf have = {.max = MK_BUF_MAX}, want = {.max = MK_BUF_MAX};
    mk_err err = mk_assemble_figures(&v->m, &v->stats, reterr);

    if (err != MK_OK)
        return as_mismatch(err, reterr);
    if (!mk_str_eq(v->m.version, mk_str_of(mk_version())) ||
        (v->m.splits.n > 1 && (v->stats.sites.missed > 0 || v->stats.languages.missed > 0)))
        return MK_OK;
    err = mk_container_load(v->c, MK_FIGURES_NAME, MK_BUF_MAX, &have, reterr);
    if (err == MK_OK)
        mk_figures_put(&papers, &want);
    if (err == MK_OK && want.failed)
        err = no_memory(reterr);
    else if (err == MK_OK && !mk_str_eq(mk_buf_str(&have), mk_buf_str(&want)))
        err = mk_fail(reterr, MK_MISMATCH, "'" MK_FIGURES_NAME "' counts other documents");
    mk_buf_clear(&have);
    mk_buf_clear(&want);
    return err;
}

static mk_err wrong_ids(mk_error *reterr)
{
    return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": wrong number of same_ids");
}

/* ids.idx is what the documents make it. */
static mk_err check_ids(verifier *v, mk_error *reterr)
{
    const mk_container_entry *const entry = mk_container_find(v->c, MK_IDS_NAME);
    const mk_str head = MK_STR(MK_IDS_HEAD);
    enum { AT_ONCE = 4096 };
    unsigned char have[AT_ONCE * MK_ID_BYTES], want[MK_ID_BYTES];

    if (!mk_schema_has(mk_manifest_schema(&v->m), MK_SCHEMA_ID))
        return v->m.same_ids == 0 && !entry ? MK_OK : wrong_ids(reterr);
    if (mk_ids_sort(&v->ids) != v->m.same_ids)
        return wrong_ids(reterr);
    if (!entry || entry->size != head.len + (uint64_t)v->ids.n * MK_ID_BYTES)
        return mk_fail(reterr, MK_MISMATCH, "'" MK_IDS_NAME "' is not the index of these ids");
    for (size_t i = 0; i < v->ids.n; i++) {
        if (i % AT_ONCE == 0) {
            const size_t n = v->ids.n - i < AT_ONCE ? v->ids.n - i : AT_ONCE;
            const mk_err err = mk_container_read(v->c, entry, head.len + i * MK_ID_BYTES,
                                                 (char *)have, n * MK_ID_BYTES, reterr);
            if (err != MK_OK)
                return err;
        }
        mk_id_put(&v->ids.items[i], want);
        if (memcmp(want, have + i % AT_ONCE * MK_ID_BYTES, MK_ID_BYTES) != 0)
            return mk_fail(reterr, MK_MISMATCH, "'" MK_IDS_NAME "' is not the index of these ids");
    }
    return MK_OK;
}

/* ---- the whole ---- */

static mk_err check_shards(verifier *v, const mk_verify_options *o, mk_error *reterr)
{
    mk_walk w = {.c = v->c, .m = &v->m, .part_done = on_part_done, .arg = v};
    mk_err err;

    v->splits = calloc(v->m.n_parts + 1, sizeof(*v->splits));
    if (!v->splits)
        return no_memory(reterr);
    for (size_t i = 0; i < v->m.n_parts; i++)
        v->splits[i] = v->m.parts[i].split;
    v->rules = (mk_load_rules){.schema = mk_manifest_schema(&v->m),
                               .splits = &v->m.splits,
                               .salt = v->m.salt,
                               .group_field = v->m.group_field,
                               .figures = true,
                               .only = v->splits,
                               .check = mk_flat_is_kept(mk_manifest_schema(&v->m))};
    const mk_feed_options feed = {.rules = &v->rules,
                                  .threads = mk_pool_threads_for(o->threads),
                                  .stop = o->stop,
                                  .done = on_load,
                                  .arg = v};
    const mk_beside_options beside = {.splits = &v->m.splits, .codec = v->m.codec, .stop = o->stop};
    err = mk_beside_open(&beside, &v->beside, reterr);
    if (err == MK_OK)
        err = mk_feed_open(&feed, &v->feed, reterr);
    if (err == MK_OK)
        err = mk_lane_open(mk_feed_pool(v->feed), &v->stored, reterr);
    if (err == MK_OK)
        err = mk_lane_open(mk_feed_pool(v->feed), &v->content, reterr);
    w.feed = v->feed;
    if (err == MK_OK)
        err = mk_walk_parts(&w, reterr);
    if (err == MK_OK && (err = mk_beside_parts_end(v->beside, reterr)) != MK_OK)
        err = as_mismatch(err, reterr);
    return err;
}

mk_err mk_verify_release(const mk_verify_options *o, mk_release_summary *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    verifier v = {.text = {.max = MK_BUF_MAX}};
    const mk_need needs[] = {{"release", &o->release, 1}};

    reterr = reterr ? reterr : &local;
    *ret = (mk_release_summary){0};
    mk_err err = mk_need_all(needs, 1, reterr);
    if (err == MK_OK)
        err = mk_container_open(o->release, o->stop, &v.c, reterr);
    if (err == MK_OK)
        mk_container_tell(v.c, o->on_message, o->arg);
    if (err == MK_OK)
        err = mk_walk_manifest(v.c, &v.m, &v.text, reterr);
    if (err == MK_OK)
        err = check_names(&v, reterr);
    for (size_t i = 0; err == MK_OK && i < v.m.files.n; i++)
        err = check_digest(v.c, &v.m.files.items[i], o->stop, reterr);
    if (err == MK_OK)
        err = mk_stats_init(&v.stats, reterr);
    if (err == MK_OK)
        err = check_shards(&v, o, reterr);
    if (err == MK_OK)
        err = check_counts(&v, reterr);
    if (err == MK_OK)
        err = check_figures(&v, reterr);
    if (err == MK_OK)
        err = check_ids(&v, reterr);
    if (err == MK_OK)
        err = check_sums(&v, reterr);
    if (err == MK_OK && v.c->kind != MK_BUNDLE_FOLDER)
        err = mk_container_check_frame(v.c, reterr);
    if (err == MK_OK)
        mk_assemble_summary(&v.m, ret);
    mk_feed_close(v.feed);
    mk_beside_close(v.beside);
    mk_lane_close(v.stored);
    mk_lane_close(v.content);
    free(v.splits);
    mk_stats_clear(&v.stats);
    mk_ids_clear(&v.ids);
    mk_buf_clear(&v.text);
    mk_manifest_clear(&v.m);
    mk_container_close(v.c);
    return err;
}

/* A zip or a tar; a compressed tar by its name. */
static bool is_archive(const char *path)
{
    char head[512] = {0};
    FILE *const f = fopen(path, "rb");
    const size_t n = f ? fread(head, 1, sizeof(head), f) : 0;

    if (f)
        fclose(f);
    return mk_bundle_of(path) != MK_BUNDLE_FOLDER || (n >= 4 && memcmp(head, "PK\3\4", 4) == 0) ||
           (n == sizeof(head) && memcmp(head + 257, "ustar", 5) == 0);
}

bool mk_release_is(const char *path)
{
    char manifest[4096];
    struct stat st;

    if (stat(path, &st) != 0)
        return false;
    if (!S_ISDIR(st.st_mode))
        return S_ISREG(st.st_mode) && is_archive(path);
    return snprintf(manifest, sizeof(manifest), "%s/" MK_MANIFEST_NAME, path) <
               (int)sizeof(manifest) &&
           stat(manifest, &st) == 0;
}
