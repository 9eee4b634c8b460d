/* assemble.c: see assemble.h. The last two files are SHA256SUMS, which has the digest of
 * the manifest, and the manifest, which has those of all others.
 * Cases: tests/release/test_release.c. */
#include "release/assemble.h"

#include <archive.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/json.h"
#include "minkhal/minkhal.h"

enum { CHUNK = 8 << 20 /* bytes written at once */ };

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

mk_err mk_assemble_program(mk_manifest *m, mk_error *reterr)
{
    const unsigned zstd = ZSTD_versionNumber();
    mk_buf out = {.max = 4096};

    mk_buf_printf(&out, "{\"libarchive\":\"%d.%d.%d\",\"libdeflate\":\"%s\",\"zstd\":\"%u.%u.%u\"}",
                  archive_version_number() / 1000000, archive_version_number() / 1000 % 1000,
                  archive_version_number() % 1000, LIBDEFLATE_VERSION_STRING, zstd / 10000,
                  zstd / 100 % 100, zstd % 100);
    m->version = mk_arena_str(m->arena, mk_str_of(mk_version()));
    m->libraries = mk_arena_str(m->arena, mk_buf_str(&out));
    const bool good = !out.failed && m->version.ptr && m->libraries.ptr;
    mk_buf_clear(&out);
    return good ? MK_OK : no_memory(reterr);
}

mk_err mk_assemble_digest(mk_str bytes, char out[MK_SHA256_HEX + 1], mk_error *reterr)
{
    unsigned char digest[MK_CHECKSUM_MAX];
    const size_t n = mk_checksum(MK_SHA256, bytes, digest);

    if (n == 0)
        return no_memory(reterr);
    mk_hex(digest, n, out);
    return MK_OK;
}

/* ---- files ---- */

/* Lists a file that is written. */
static mk_err note(mk_manifest *m, const char *name, uint64_t bytes, mk_checksum_run *run,
                   mk_error *reterr)
{
    mk_file *const f = mk_manifest_file(m, &m->files, mk_str_of(name));

    if (!f || !mk_checksum_end_hex(run, f->sha256))
        return no_memory(reterr);
    f->bytes = bytes;
    return MK_OK;
}

static mk_err put_file(mk_stage *stage, mk_manifest *m, const char *name, mk_str bytes,
                       mk_error *reterr)
{
    mk_checksum_run *run = NULL;
    mk_err err = mk_stage_file(stage, name, bytes, reterr);

    if (err == MK_OK)
        err = mk_checksum_open(MK_SHA256, &run, reterr);
    if (err != MK_OK)
        return err;
    mk_checksum_add(run, bytes);
    err = note(m, name, bytes.len, run, reterr);
    mk_checksum_close(run);
    return err;
}

static mk_err put_ids(mk_stage *stage, mk_manifest *m, const mk_ids *ids, mk_error *reterr)
{
    mk_checksum_run *run = NULL;
    mk_buf buf = {.max = 2 * CHUNK};
    unsigned char entry[MK_ID_BYTES];
    uint64_t size = 0;
    mk_err err = mk_checksum_open(MK_SHA256, &run, reterr);

    if (err == MK_OK)
        err = mk_stage_file(stage, MK_IDS_NAME, (mk_str){"", 0}, reterr);
    mk_buf_puts(&buf, MK_IDS_HEAD);
    for (size_t i = 0; err == MK_OK && i <= ids->n; i++) {
        if (i < ids->n) {
            mk_id_put(&ids->items[i], entry);
            mk_buf_put(&buf, (mk_str){(const char *)entry, sizeof(entry)});
        }
        if (buf.failed)
            err = no_memory(reterr);
        else if (buf.len >= CHUNK || i == ids->n) {
            mk_checksum_add(run, mk_buf_str(&buf));
            size += buf.len;
            err = mk_stage_append(stage, MK_IDS_NAME, mk_buf_str(&buf), reterr);
            mk_buf_reset(&buf);
        }
    }
    if (err == MK_OK)
        err = note(m, MK_IDS_NAME, size, run, reterr);
    mk_buf_clear(&buf);
    mk_checksum_close(run);
    return err;
}

static const struct {
    const char *name;
    void (*put)(const mk_papers *papers, mk_buf *out);
} paper_files[] = {
    {"README.md", mk_card_put},        {"croissant.json", mk_croissant_put},
    {"LICENSE", mk_license_put},       {"CITATION.cff", mk_citation_put},
    {MK_FIGURES_NAME, mk_figures_put},
};

enum { N_PAPERS = sizeof(paper_files) / sizeof(*paper_files) };

bool mk_assemble_is_paper(mk_str name)
{
    for (size_t i = 0; i < N_PAPERS; i++)
        if (mk_str_eq(name, mk_str_of(paper_files[i].name)))
            return true;
    return false;
}

static mk_err put_papers(mk_stage *stage, mk_manifest *m, const mk_papers *papers, mk_error *reterr)
{
    mk_buf out = {.max = MK_BUF_MAX};
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < N_PAPERS; i++) {
        mk_buf_reset(&out);
        paper_files[i].put(papers, &out);
        err = out.failed ? no_memory(reterr)
                         : put_file(stage, m, paper_files[i].name, mk_buf_str(&out), reterr);
    }
    mk_buf_clear(&out);
    return err;
}

mk_err mk_assemble_figures(const mk_manifest *m, mk_stats *stats, mk_error *reterr)
{
    mk_arena *const arena = mk_arena_new();
    mk_err err = arena ? MK_OK : no_memory(reterr);

    for (size_t i = 0; err == MK_OK && i < m->n_runs; i++) {
        mk_error why = {0};
        mk_arena_reset(arena);
        err = mk_stats_rules(stats, m->runs[i].report, arena, &why);
        if (err != MK_OK)
            err = mk_fail(reterr, err == MK_NOMEM ? err : MK_DAMAGED, "run %zu: %s", i + 1,
                          why.text);
    }
    mk_arena_free(arena);
    if (err == MK_OK)
        mk_stats_finish(stats);
    return err;
}

/* ---- checksums ---- */

static int compare_files(const void *a, const void *b)
{
    return mk_str_cmp(((const mk_file *)a)->name, ((const mk_file *)b)->name);
}

/* All files of a release but SHA256SUMS, by name; owned by the caller. *ret_n. */
static mk_file *all_files(const mk_manifest *m, mk_str manifest, size_t *ret_n, mk_error *reterr)
{
    mk_file *const all = calloc(m->files.n + m->n_parts + 2, sizeof(*all));
    size_t n = 0;

    if (!all) {
        no_memory(reterr);
        return NULL;
    }
    for (size_t i = 0; i < m->files.n; i++)
        all[n++] = m->files.items[i];
    for (size_t i = 0; i < m->n_parts; i++) {
        all[n].name = mk_str_of(m->parts[i].name);
        all[n].bytes = m->parts[i].bytes;
        memcpy(all[n++].sha256, m->parts[i].sha256, sizeof(all->sha256));
    }
    all[n].name = MK_STR(MK_MANIFEST_NAME);
    all[n].bytes = manifest.len;
    if (mk_assemble_digest(manifest, all[n++].sha256, reterr) != MK_OK) {
        free(all);
        return NULL;
    }
    qsort(all, n, sizeof(*all), compare_files);
    *ret_n = n;
    return all;
}

mk_err mk_assemble_sums(const mk_manifest *m, mk_str manifest, mk_buf *out, mk_error *reterr)
{
    size_t n = 0;
    mk_file *const all = all_files(m, manifest, &n, reterr);

    if (!all)
        return MK_NOMEM;
    for (size_t i = 0; i < n; i++) {
        mk_buf_puts(out, all[i].sha256);
        mk_buf_puts(out, "  ");
        mk_buf_put(out, all[i].name);
        mk_buf_putc(out, '\n');
    }
    free(all);
    return out->failed ? no_memory(reterr) : MK_OK;
}

/* ---- the end ---- */

static mk_err commit(mk_stage *stage, mk_manifest *m, mk_str manifest, uint64_t sums, int64_t epoch,
                     mk_error *reterr)
{
    size_t n = 0;
    mk_file *const all = all_files(m, manifest, &n, reterr);
    mk_bundle_entry *const entries = all ? calloc(n + 1, sizeof(*entries)) : NULL;
    mk_arena *const arena = mk_arena_new();
    mk_err err = entries && arena ? MK_OK : no_memory(reterr);

    if (err == MK_OK) {
        all[n].name = MK_STR(MK_SUMS_NAME);
        all[n++].bytes = sums;
        qsort(all, n, sizeof(*all), compare_files);
    }
    for (size_t i = 0; entries && err == MK_OK && i < n; i++) {
        char *const name = mk_arena_bytes(arena, all[i].name.len + 1);
        if (!name) {
            err = no_memory(reterr);
            break;
        }
        memcpy(name, all[i].name.ptr, all[i].name.len);
        name[all[i].name.len] = '\0';
        entries[i] = (mk_bundle_entry){name, all[i].bytes};
    }
    if (err == MK_OK)
        err = mk_stage_commit(stage, entries, n, epoch, reterr);
    mk_arena_free(arena);
    free(entries);
    free(all);
    return err;
}

mk_err mk_assemble(mk_stage *stage, const mk_papers *given, mk_manifest *m, const mk_ids *ids,
                   int64_t epoch, bool strict, uint64_t *ret_lacks, mk_error *reterr)
{
    mk_buf lacks = {.max = 4096}, manifest = {.max = MK_BUF_MAX}, sums = {.max = MK_BUF_MAX};
    mk_papers papers = *given;
    mk_err err = MK_OK;

    papers.lacks = &lacks;
    if (ids && mk_schema_has(mk_manifest_schema(m), MK_SCHEMA_ID))
        err = put_ids(stage, m, ids, reterr);

    if (err == MK_OK)
        err = put_papers(stage, m, &papers, reterr);
    *ret_lacks = lacks.len > 0;
    for (size_t i = 0; i < lacks.len; i++)
        *ret_lacks += lacks.ptr[i] == ',';
    if (err == MK_OK && strict && lacks.len > 0)
        err = mk_fail(reterr, MK_OPTION, "the metadata lacks %.*s", (int)lacks.len, lacks.ptr);
    if (err == MK_OK && m->files.n > 0) {
        qsort(m->files.items, m->files.n, sizeof(*m->files.items), compare_files);
        mk_manifest_put(m, &manifest);
        err = manifest.failed ? no_memory(reterr) : mk_manifest_check(m, reterr);
    }
    if (err == MK_MISMATCH)
        reterr->code = err = MK_BUG; /* of our own making */
    if (err == MK_OK)
        err = mk_stage_file(stage, MK_MANIFEST_NAME, mk_buf_str(&manifest), reterr);
    if (err == MK_OK)
        err = mk_assemble_sums(m, mk_buf_str(&manifest), &sums, reterr);
    if (err == MK_OK)
        err = mk_stage_file(stage, MK_SUMS_NAME, mk_buf_str(&sums), reterr);
    if (err == MK_OK)
        err = commit(stage, m, mk_buf_str(&manifest), sums.len, epoch, reterr);
    mk_buf_clear(&lacks);
    mk_buf_clear(&manifest);
    mk_buf_clear(&sums);
    return err;
}

void mk_assemble_summary(const mk_manifest *m, mk_release_summary *ret)
{
    ret->n_documents = mk_manifest_counts(m).documents;
    ret->n_shards = m->n_parts;
    ret->n_files = m->n_parts + m->files.n + 2;
    ret->same_ids = m->same_ids;
    for (size_t i = 0; i < m->n_parts; i++) {
        ret->n_members += m->parts[i].n_members;
        ret->content_bytes += m->parts[i].content;
        ret->stored_bytes += m->parts[i].bytes;
    }
}
