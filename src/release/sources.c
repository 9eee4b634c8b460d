/* sources.c: see sources.h. A folder of a run is one that has run.json; its shards are
 * data-NNNNN.jsonl, .gz or .zst, its ledgers ledger-NNNNN (docs/FORMATS.md, "Run
 * folders"). Cases: tests/release/test_release.c. */
#include "release/sources.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "minkhal/release.h"
#include "minkhal/report.h"
#include "outputs/folder.h"
#include "read/file_bytes.h"
#include "release/run_set.h"

#define RUN_NAME "run.json"

enum { RUN_MAX = 64 << 20 /* bytes of run.json */ };

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a list of files");
}

/* "folder/name" or name, NUL-ended, in the arena. */
static const char *copy(mk_sources *s, const char *folder, const char *name)
{
    const size_t size = (folder ? strlen(folder) + 1 : 0) + strlen(name) + 1;
    char *const path = mk_arena_bytes(s->arena, size);

    if (path)
        snprintf(path, size, "%s%s%s", folder ? folder : "", folder ? "/" : "", name);
    return path;
}

static mk_err add(mk_sources *s, const char *folder, const char *path, mk_error *reterr)
{
    const char *const slash = strrchr(path, '/');

    if (s->n == s->size) {
        const size_t size = s->size * 2 + 16;
        void *const items = realloc(s->items, size * sizeof(*s->items));
        if (!items)
            return no_memory(reterr);
        s->items = items;
        s->size = size;
    }
    s->items[s->n].path = copy(s, folder, path);
    s->items[s->n].name = copy(s, NULL, slash ? slash + 1 : path);
    if (!s->items[s->n].path || !s->items[s->n].name)
        return no_memory(reterr);
    s->n++;
    return MK_OK;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* PREFIX, digits, .jsonl and perhaps a codec. */
static bool is_shard(const char *name, const char *prefix)
{
    const size_t n = strlen(prefix);

    if (strncmp(name, prefix, n) != 0)
        return false;
    const size_t digits = strspn(name + n, "0123456789");
    const char *const end = name + n + digits;
    return digits > 0 && (strcmp(end, ".jsonl") == 0 || strcmp(end, ".jsonl.gz") == 0 ||
                          strcmp(end, ".jsonl.zst") == 0);
}

static mk_err cannot_read(const char *folder, int number, mk_error *reterr)
{
    char text[128];

    return mk_fail(reterr, number == ENOMEM ? MK_NOMEM : MK_DAMAGED, "cannot read '%s': %s", folder,
                   strerror_r(number, text, sizeof(text)));
}

/* The files of a run whose names begin so, in order. */
static mk_err add_shards(mk_sources *s, const char *folder, const char *prefix, mk_error *reterr)
{
    DIR *const d = opendir(folder);
    const char **names = NULL;
    size_t n = 0, size = 0;
    struct dirent *item;
    mk_err err = MK_OK;

    if (!d)
        return cannot_read(folder, errno, reterr);
    while (err == MK_OK && (errno = 0, item = readdir(d))) {
        if (!is_shard(item->d_name, prefix))
            continue;
        if (n == size) {
            size = size * 2 + 64;
            const char **const more = realloc(names, size * sizeof(*names));
            if (!more) {
                err = no_memory(reterr);
                break;
            }
            names = more;
        }
        names[n] = copy(s, NULL, item->d_name);
        if (!names[n++])
            err = no_memory(reterr);
    }
    if (err == MK_OK && errno != 0)
        err = cannot_read(folder, errno, reterr);
    closedir(d);
    if (err == MK_OK && n > 0)
        qsort(names, n, sizeof(*names), compare);
    for (size_t i = 0; err == MK_OK && i < n; i++)
        err = add(s, folder, names[i], reterr);
    free(names);
    return err;
}

/* ---- run.json ---- */

static mk_err note_run(const char *folder, mk_manifest *m, mk_error *reterr)
{
    char path[4096];
    mk_buf text = {.max = RUN_MAX};
    unsigned char digest[MK_CHECKSUM_MAX];
    mk_json_member member;
    mk_error why = {0};
    mk_run_note *note;
    mk_err err;

    if (snprintf(path, sizeof(path), "%s/" RUN_NAME, folder) >= (int)sizeof(path))
        return mk_fail(reterr, MK_DAMAGED, "cannot read '%s': the name is too long", folder);
    err = mk_file_bytes(path, MK_FILE_STORED, &text, reterr);
    if (err == MK_OK) {
        mk_json_object it = mk_json_object_of(mk_buf_str(&text));
        while ((err = mk_json_object_next(&it, &member, &why)) == MK_OK)
            ;
        err = err == MK_END ? MK_OK : mk_fail(reterr, MK_DAMAGED, "bad '%s': %s", path, why.text);
    }
    if (err == MK_OK) {
        const size_t n = mk_checksum(MK_SHA256, mk_buf_str(&text), digest);
        note = mk_manifest_run(m);
        if (!note || n == 0) {
            err = no_memory(reterr);
        } else {
            mk_hex(digest, n, note->sha256);
            note->report = mk_arena_str(m->arena, mk_str_trim(mk_buf_str(&text)));
            if (!note->report.ptr)
                err = no_memory(reterr);
        }
    }
    mk_buf_clear(&text);
    return err;
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static mk_err add_path(mk_sources *s, const char *path, mk_manifest *m, mk_error *reterr)
{
    const size_t before = s->n;
    uint64_t counts[MK_RUN_COUNTS] = {0};
    struct stat st;
    mk_err err;

    if (!is_folder(path)) {
        s->loose = true;
        return add(s, NULL, path, reterr);
    }
    const char *const run = copy(s, path, RUN_NAME);
    if (!run)
        return no_memory(reterr);
    if (stat(run, &st) != 0)
        return mk_fail(reterr, MK_DAMAGED,
                       mk_release_is(path) ? "'%s' is a release: it is packed again alone"
                                           : "'%s' is a folder without " RUN_NAME ", no run's",
                       path);
    err = note_run(path, m, reterr);
    if (err == MK_OK)
        err = add_shards(s, path, "data-", reterr);
    if (err == MK_OK && s->n == before && /* it may have written nothing */
        (!mk_run_counts(m->runs[m->n_runs - 1].report, counts) || counts[1] > 0))
        err = mk_fail(reterr, MK_DAMAGED, "the run in '%s' has no data", path);
    return err;
}

mk_err mk_sources_list(const char *const *paths, size_t n, mk_manifest *m, mk_sources *ret,
                       mk_error *reterr)
{
    mk_err err = MK_OK;

    *ret = (mk_sources){.arena = mk_arena_new()};
    if (!ret->arena)
        return no_memory(reterr);
    for (size_t i = 0; err == MK_OK && i < n; i++)
        err = add_path(ret, paths[i], m, reterr);
    if (err == MK_OK)
        err = mk_run_set_check(m, reterr);
    if (err == MK_OK && ret->n == 0)
        err = mk_fail(reterr, MK_DAMAGED, "the run in '%s' has no data", paths[0]);
    return err;
}

mk_err mk_sources_ledgers(const char *path, mk_sources *ret, mk_error *reterr)
{
    mk_err err;

    *ret = (mk_sources){.arena = mk_arena_new()};
    if (!ret->arena)
        return no_memory(reterr);
    if (!is_folder(path))
        return add(ret, NULL, path, reterr);
    err = add_shards(ret, path, "ledger-", reterr);
    if (err == MK_OK && ret->n == 0)
        err = mk_fail(reterr, MK_DAMAGED, "the run in '%s' has no ledger", path);
    return err;
}

mk_err mk_sources_find_ledgers(const char *const *paths, size_t n, const mk_manifest *m,
                               mk_sources *ret, mk_error *reterr)
{
    mk_err err = MK_OK;
    bool all = true;

    *ret = (mk_sources){.arena = mk_arena_new()};
    if (!ret->arena)
        return no_memory(reterr);
    for (size_t i = 0; err == MK_OK && all && i < n; i++) {
        const size_t before = ret->n;
        uint64_t counts[MK_RUN_COUNTS] = {1};
        if (is_folder(paths[i])) {
            err = add_shards(ret, paths[i], "ledger-", reterr);
            mk_run_counts(m->runs[i].report, counts);
        }
        all = ret->n > before || counts[0] == 0;
    }
    if (!all)
        ret->n = 0;
    return err;
}

/* ---- verdicts ---- */

static uint64_t millionths(double share)
{
    return share <= 0 ? 0 : share >= 1 ? 1000000 : (uint64_t)(share * 1e6 + 0.5);
}

static mk_err note_audit(const char *path, mk_audit_note *to, mk_error *reterr)
{
    unsigned char digest[MK_CHECKSUM_MAX];
    mk_audit_report report = {0};
    mk_buf text = {.max = RUN_MAX};
    mk_err err = mk_audit_read(path, &report, reterr);
    const mk_audit_rate *const all = &report.all;

    if (err == MK_OK)
        err = mk_file_bytes(path, MK_FILE_STORED, &text, reterr);
    if (err == MK_OK) {
        *to = (mk_audit_note){.removals = all->population,
                              .right = all->judged[MK_JUDGED_RIGHT],
                              .wrong = all->judged[MK_JUDGED_WRONG],
                              .unsure = all->judged[MK_JUDGED_UNSURE],
                              .rate = millionths(all->rate),
                              .low = millionths(all->low),
                              .high = millionths(all->high)};
        const size_t n = mk_checksum(MK_SHA256, mk_buf_str(&text), digest);
        if (n == 0)
            err = no_memory(reterr);
        else
            mk_hex(digest, n, to->sha256);
    }
    mk_buf_clear(&text);
    mk_audit_report_clear(&report);
    return err;
}

mk_err mk_sources_audit(const char *path, const char *const *paths, size_t n, mk_manifest *m,
                        mk_error *reterr)
{
    char found[4096];

    if (!path && n == 1 && is_folder(paths[0]) &&
        snprintf(found, sizeof(found), "%s/" MK_FOLDER_AUDIT, paths[0]) < (int)sizeof(found) &&
        access(found, F_OK) == 0)
        path = found;
    return path ? note_audit(path, &m->audit, reterr) : MK_OK;
}

void mk_sources_clear(mk_sources *s)
{
    free(s->items);
    mk_arena_free(s->arena);
    *s = (mk_sources){0};
}

/* ---- the conservation law ---- */

const char *const mk_run_count_names[MK_RUN_COUNTS] = {"in",        "written",  "filtered",
                                                       "duplicate", "rejected", "skipped"};

bool mk_run_counts(mk_str report, uint64_t counts[MK_RUN_COUNTS])
{
    mk_json_object it = mk_json_object_of(report);
    mk_json_member member;
    mk_str inner = {0};
    unsigned found = 0;

    while (mk_json_object_next(&it, &member, NULL) == MK_OK)
        if (mk_str_eq(member.key.raw, MK_STR("\"counts\"")) && member.value.type == MK_JSON_OBJECT)
            inner = member.value.raw;
    if (inner.len == 0)
        return false;
    it = mk_json_object_of(inner);
    while (mk_json_object_next(&it, &member, NULL) == MK_OK)
        for (unsigned i = 0; i < MK_RUN_COUNTS; i++)
            if (mk_str_eq(mk_str_sub(member.key.raw, 1, member.key.raw.len - 1),
                          mk_str_of(mk_run_count_names[i])) &&
                mk_json_uint(member.value, &counts[i]))
                found |= 1U << i;
    return found == 0x3F;
}

/* The input of that name and digest, both as JSON strings; false if there is none. */
static bool has_input(const mk_manifest *m, mk_str name, mk_str sha256)
{
    for (size_t i = 0; i < m->inputs.n; i++)
        if (mk_str_eq(m->inputs.items[i].name, mk_str_sub(name, 1, name.len - 1)) &&
            mk_str_eq(mk_str_of(m->inputs.items[i].sha256), mk_str_sub(sha256, 1, sha256.len - 1)))
            return true;
    return false;
}

/* A shard of a run's report: its data must be among the inputs, as the run wrote it. */
static mk_err check_shard(const mk_manifest *m, mk_str shard, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(shard);
    mk_json_member member;
    mk_str name = {0}, sha256 = {0};

    while (mk_json_object_next(&it, &member, NULL) == MK_OK) {
        if (member.value.type != MK_JSON_STRING)
            continue;
        if (mk_str_eq(member.key.raw, MK_STR("\"name\"")))
            name = member.value.raw;
        else if (mk_str_eq(member.key.raw, MK_STR("\"sha256\"")))
            sha256 = member.value.raw;
    }
    if (name.len < 7 || sha256.len == 0 || memcmp(name.ptr, "\"data-", 6) != 0 ||
        has_input(m, name, sha256))
        return MK_OK;
    return mk_fail(reterr, MK_MISMATCH, "'%.*s' is not what its run wrote", (int)name.len - 2,
                   name.ptr + 1);
}

static mk_err check_shards(const mk_manifest *m, mk_str report, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(report);
    mk_json_member member;
    mk_json_value shard;
    mk_err err = MK_OK;

    while (err == MK_OK && mk_json_object_next(&it, &member, NULL) == MK_OK) {
        if (!mk_str_eq(member.key.raw, MK_STR("\"shards\"")) || member.value.type != MK_JSON_ARRAY)
            continue;
        mk_json_array shards = mk_json_array_of(member.value.raw);
        while (err == MK_OK && mk_json_array_next(&shards, &shard, NULL) == MK_OK)
            if (shard.type == MK_JSON_OBJECT)
                err = check_shard(m, shard.raw, reterr);
    }
    return err;
}

mk_err mk_sources_check(const mk_manifest *m, mk_error *reterr)
{
    uint64_t written = 0, documents = 0;
    bool told = true;

    for (size_t i = 0; i < m->n_runs; i++) {
        uint64_t c[MK_RUN_COUNTS] = {0};
        const mk_err err = check_shards(m, m->runs[i].report, reterr);
        if (err != MK_OK)
            return err;
        if (!mk_run_counts(m->runs[i].report, c)) {
            told = false;
            continue;
        }
        if (c[0] != c[1] + c[2] + c[3] + c[4] + c[5])
            return mk_fail(reterr, MK_MISMATCH,
                           "run %zu: %" PRIu64 " records came in, and what became of them is "
                           "another number",
                           i + 1, c[0]);
        written += c[1];
    }
    for (size_t i = 0; i < m->inputs.n; i++)
        documents += m->inputs.items[i].documents;
    if (told && m->n_runs > 0 && documents < written)
        return mk_fail(reterr, MK_MISMATCH,
                       "the runs wrote %" PRIu64 " documents, %" PRIu64 " were read", written,
                       documents);
    return MK_OK;
}

mk_err mk_sources_check_ledger(const mk_manifest *m, const uint64_t counts[], mk_error *reterr)
{
    uint64_t said[MK_RUN_COUNTS] = {0};

    for (size_t i = 0; i < m->n_runs; i++) {
        uint64_t c[MK_RUN_COUNTS] = {0};
        if (!mk_run_counts(m->runs[i].report, c))
            return MK_OK;
        for (size_t k = 0; k < MK_RUN_COUNTS; k++)
            said[k] += c[k];
    }
    for (size_t k = 0; k < MK_RUN_COUNTS; k++)
        if (m->n_runs > 0 && said[k] != counts[k])
            return mk_fail(reterr, MK_MISMATCH,
                           "the ledger has %" PRIu64
                           " records that are '%s', the runs say %" PRIu64,
                           counts[k], mk_run_count_names[k], said[k]);
    return MK_OK;
}
