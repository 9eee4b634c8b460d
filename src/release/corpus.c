/* corpus.c: see corpus.h. Names decide in folders of runs and releases, whose layout
 * is ours; of a single file its end (.json) and its first line.
 * Cases: tests/release/test_stats.c. */
#include "release/corpus.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "minkhal/release.h"
#include "outputs/run_file.h"
#include "read/file_bytes.h"
#include "release/container.h"
#include "release/manifest.h"
#include "write/ledger.h"

enum { MAX_FIGURES = 256 << 20 /* bytes of a file of figures */ };

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool ends(const char *s, const char *with)
{
    const size_t n = strlen(s), m = strlen(with);
    return n >= m && strcmp(s + n - m, with) == 0;
}

static bool add(mk_paths *paths, const char *path)
{
    const char **items = realloc(paths->items, (paths->n + 1) * sizeof(*items));
    if (!items)
        return false;
    paths->items = items;
    items[paths->n++] = path;
    return true;
}

/* True if the folder holds that file. */
static bool holds(const char *folder, const char *name)
{
    char path[PATH_MAX]; /* a longer one cannot be opened */
    const int n = snprintf(path, sizeof(path), "%s/%s", folder, name);
    return n > 0 && (size_t)n < sizeof(path) && access(path, F_OK) == 0;
}

static bool is_folder(const char *path)
{
    struct stat st;
    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A file of a run or a release. */
static bool add_ours(mk_corpus *c, const mk_input *input, bool is_run)
{
    const char *slash = strrchr(input->name, '/');
    const char *base = slash ? slash + 1 : input->name;
    if (strstr(base, ".jsonl") == NULL)
        return strcmp(base, "run.json") == 0 ? add(&c->figures, input->path) : true;
    if (begins(base, "ledger") || begins(input->name, "ledger/"))
        return add(is_run ? &c->told : &c->ledgers, input->path);
    if (begins(base, "data-") || begins(input->name, "data/") || begins(input->name, "documents/"))
        return add(&c->data, input->path);
    return true;
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a list of files");
}

/* A copy of a path that the corpus owns; NULL if out of memory. */
static const char *name_of(mk_corpus *c, const char *path)
{
    if (!c->names)
        c->names = mk_arena_new();
    const size_t size = strlen(path) + 1;
    char *const copy = c->names ? mk_arena_bytes(c->names, size) : NULL;
    return copy ? memcpy(copy, path, size) : NULL;
}

static mk_err add_shards(mk_corpus *c, const mk_run_file *run, mk_out kind, mk_paths *to,
                         mk_error *reterr)
{
    char **paths = NULL;
    size_t n = 0;
    mk_err err = mk_run_file_paths(run, kind, &paths, &n, reterr);
    for (size_t i = 0; i < n && err == MK_OK; i++) {
        const char *const name = name_of(c, paths[i]);
        if (!name || !add(to, name))
            err = no_memory(reterr);
    }
    mk_run_paths_free(paths);
    return err;
}

/* The folder of a finished run: what its run.json names, and that itself. */
static mk_err add_run(mk_corpus *c, const char *path, mk_error *reterr)
{
    mk_run_file *run = NULL;
    mk_err err = mk_run_file_open(path, &run, reterr);
    if (err == MK_OK)
        err = add_shards(c, run, MK_OUT_DATA, &c->data, reterr);
    if (err == MK_OK)
        err = add_shards(c, run, MK_OUT_LEDGER, &c->told, reterr);
    char *report = NULL;
    if (err == MK_OK && asprintf(&report, "%s" MK_FOLDER_REPORT, run->where) < 0)
        report = NULL;
    const char *const name = report ? name_of(c, report) : NULL;
    if (err == MK_OK && (!name || !add(&c->figures, name)))
        err = no_memory(reterr);
    free(report);
    mk_run_file_close(run);
    return err;
}

/* The first problem of a folder: what is not listed would be missing in the figures. */
static void note_problem(void *arg, const char *text)
{
    mk_error *const first = arg;
    if (first->code == MK_OK)
        mk_fail(first, MK_DAMAGED, "%s", text);
}

/* True if the bytes that an archive begins with are those of a release: the first of its
 * files is CITATION.cff. */
static bool begins_release(mk_str head)
{
    const mk_str first = MK_STR("CITATION.cff");
    const bool zip = head.len > 30 && memcmp(head.ptr, "PK\3\4", 4) == 0;
    const size_t at = zip ? 30 : 0;

    return head.len >= at + first.len && memcmp(head.ptr + at, first.ptr, first.len) == 0 &&
           (zip || (head.len >= 262 && memcmp(head.ptr + 257, "ustar", 5) == 0));
}

/* Its files are read where it is unpacked: as an archive of documents its papers and ledgers
 * would be taken for some. */
static mk_err refuse_release(const char *path, mk_error *reterr)
{
    mk_stream *s = NULL;
    mk_container *container = NULL;
    mk_str head = {0};
    mk_err err = mk_stream_file(path, &s, NULL);
    if (err == MK_OK)
        err = mk_stream_decode(&s, NULL);
    if (err != MK_OK)
        return MK_OK; /* to be told by who reads it */
    err = mk_stream_peek(s, 512, &head, NULL);
    const bool may_be = err == MK_OK && begins_release(head);
    mk_stream_close(s);
    err = may_be ? mk_container_open(path, NULL, &container, NULL) : MK_DAMAGED;
    const bool is = err == MK_OK && mk_container_find(container, MK_MANIFEST_NAME);
    if (err == MK_OK)
        mk_container_close(container);
    return is ? mk_fail(reterr, MK_OPTION, "'%s' is a release in an archive: unpack it first", path)
              : MK_OK;
}

static bool is_file(const char *path)
{
    struct stat st;
    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static mk_err add_file(mk_corpus *c, const char *path, mk_error *reterr)
{
    mk_error why;
    bool is_ledger = false;
    const bool is_figures = ends(path, ".json");
    if (is_file(path) && refuse_release(path, reterr) != MK_OK)
        return MK_OPTION;
    const mk_err err = is_figures ? MK_OK : mk_ledger_is(path, &is_ledger, &why);
    if (err == MK_DAMAGED && c->unread.code == MK_OK)
        c->unread = why;
    if (err != MK_OK && err != MK_DAMAGED)
        return mk_fail(reterr, err, "%s", why.text);
    return add(is_figures  ? &c->figures
               : is_ledger ? &c->ledgers
                           : &c->data,
               path)
               ? MK_OK
               : no_memory(reterr);
}

static mk_err add_path(mk_corpus *c, const char *path, mk_error *reterr)
{
    mk_error problem = {.code = MK_OK};
    if (!is_folder(path))
        return add_file(c, path, reterr);
    if (mk_run_file_is(path))
        return add_run(c, path, reterr);
    const bool is_run = holds(path, "run.json");
    if (!is_run && !holds(path, "manifest.json"))
        return add(&c->data, path) ? MK_OK : no_memory(reterr);
    mk_inputs *inputs = realloc(c->inputs, (c->n_inputs + 1) * sizeof(*inputs));
    if (!inputs)
        return no_memory(reterr);
    c->inputs = inputs;
    inputs[c->n_inputs] = (mk_inputs){0};
    const mk_err err = mk_inputs_list_all(path, note_problem, &problem, &inputs[c->n_inputs],
                                          reterr);
    if (err != MK_OK)
        return err;
    const mk_inputs *const files = &inputs[c->n_inputs++];
    if (problem.code != MK_OK)
        return mk_fail(reterr, problem.code, "%s", problem.text);
    for (size_t i = 0; i < files->n; i++)
        if (!add_ours(c, &files->items[i], is_run))
            return no_memory(reterr);
    return MK_OK;
}

mk_err mk_corpus_open(const char *const *paths, size_t n, mk_corpus *ret, mk_error *reterr)
{
    mk_err err = MK_OK;
    *ret = (mk_corpus){0};
    for (size_t i = 0; i < n && err == MK_OK; i++)
        err = add_path(ret, paths[i], reterr);
    return err;
}

void mk_corpus_close(mk_corpus *corpus)
{
    for (size_t i = 0; i < corpus->n_inputs; i++)
        mk_inputs_clear(&corpus->inputs[i]);
    free(corpus->inputs);
    free(corpus->data.items);
    free(corpus->ledgers.items);
    free(corpus->told.items);
    free(corpus->figures.items);
    mk_arena_free(corpus->names);
    *corpus = (mk_corpus){0};
}

/* ---- with its ledger ---- */

/* The bytes of a path that name its split: up to "-NNNNN-of-"; 0: it is of none. */
static size_t split_of(const char *path)
{
    const char *end = strstr(path, "-of-");
    for (const char *next = end; next; next = strstr(next + 1, "-of-"))
        end = next;
    const char *const slash = strrchr(path, '/');
    if (!end || (slash && slash > end))
        return 0;
    while (end > path && end[-1] >= '0' && end[-1] <= '9')
        end--;
    return (size_t)(end - path);
}

static bool is_same_split(const char *a, const char *b)
{
    const size_t n = split_of(a);
    return n == split_of(b) && memcmp(a, b, n) == 0;
}

mk_err mk_corpus_pairs(const mk_corpus *corpus, const volatile sig_atomic_t *stop, mk_pairs **ret,
                       mk_error *reterr)
{
    const mk_paths *const data = &corpus->data;
    const mk_paths *const told = corpus->ledgers.n > 0 ? &corpus->ledgers : &corpus->told;
    size_t n = 0;
    if (told->n == 0)
        return mk_fail(reterr, MK_OPTION, "no ledger among what was given");
    if (data->n == 0)
        return mk_fail(reterr, MK_OPTION, "no cleaned documents among what was given");
    mk_pair_files *const lanes = calloc(data->n, sizeof(*lanes));
    if (!lanes)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a list of files");
    for (size_t i = 0; i < data->n; i++)
        if (i > 0 && is_same_split(data->items[i - 1], data->items[i])) {
            lanes[n - 1].n++;
        } else {
            lanes[n] = (mk_pair_files){.paths = &data->items[i], .n = 1, .stop = stop};
            n++;
        }
    const mk_err err = mk_pairs_open_lanes(
        lanes, n, (mk_pair_files){.paths = told->items, .n = told->n, .stop = stop}, ret, reterr);
    free(lanes);
    return err;
}

mk_err mk_corpus_pairs_of(const char *cleaned, const char *ledger,
                          const volatile sig_atomic_t *stop, mk_corpus *corpus, mk_pairs **ret,
                          mk_error *reterr)
{
    if (ledger || mk_run_is(cleaned))
        return mk_pairs_open_run(cleaned, ledger, stop, ret, reterr);
    if (!mk_release_is(cleaned))
        return mk_fail(reterr, MK_OPTION,
                       "'%s' is neither the folder of a run nor of a release: LEDGER is needed",
                       cleaned);
    const mk_err err = mk_corpus_open(&cleaned, 1, corpus, reterr);
    if (err == MK_OK && corpus->ledgers.n == 0)
        return mk_fail(reterr, MK_OPTION,
                       "no ledger in the release '%s' (an archive is to be unpacked first)",
                       cleaned);
    return err == MK_OK ? mk_corpus_pairs(corpus, stop, ret, reterr) : err;
}

/* ---- lines ---- */

static const mk_read_options options = {.max_doc = MK_BUF_MAX};

static void close_file(mk_lines *lines)
{
    mk_reader_jsonl.close(lines->reader);
    mk_stream_close(lines->stream);
    lines->reader = NULL;
    lines->stream = NULL;
}

static mk_err open_next(mk_lines *lines, mk_error *reterr)
{
    static const mk_limits no_limits = {0};
    if (lines->next == lines->paths.n)
        return MK_END;
    lines->record = (mk_record){0};
    mk_err err = mk_stream_file(lines->paths.items[lines->next++], &lines->stream, reterr);
    if (err == MK_OK) {
        mk_stream_limit(lines->stream, &no_limits, lines->stop);
        err = mk_stream_decode(&lines->stream, reterr);
    }
    return err == MK_OK ? mk_reader_jsonl.open(lines->stream, &options, &lines->reader, reterr)
                        : err;
}

mk_err mk_lines_next(mk_lines *lines, mk_str *ret, mk_error *reterr)
{
    for (;;) {
        mk_err err = MK_OK;
        if (!lines->reader)
            err = open_next(lines, reterr);
        if (err != MK_OK)
            return err;
        err = mk_reader_jsonl.next(lines->reader, &lines->record, reterr);
        if (err == MK_OK)
            *ret = lines->record.bytes;
        if (err == MK_RECORD)
            return mk_lines_at(lines, err, reterr);
        if (err != MK_END)
            return err;
        close_file(lines);
    }
}

mk_err mk_lines_at(const mk_lines *lines, mk_err code, mk_error *reterr)
{
    const mk_error why = *reterr;
    return mk_fail(reterr, code, "%s:%" PRIu64 ": %s",
                   lines->next > 0 ? lines->paths.items[lines->next - 1] : "", lines->record.number,
                   why.text);
}

void mk_lines_close(mk_lines *lines)
{
    close_file(lines);
}

mk_err mk_ledger_is(const char *path, bool *ret, mk_error *reterr)
{
    mk_lines lines = {.paths = {&path, 1}};
    mk_ledger_record record;
    mk_str line = {0};
    struct stat st;
    *ret = false;
    if (strcmp(path, "-") == 0 || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return MK_OK;
    mk_err err = mk_lines_next(&lines, &line, reterr);
    if (err == MK_OK && line.len > 7 && memcmp(line.ptr, "{\"doc\":", 7) == 0) {
        mk_arena *const arena = mk_arena_new();
        err = arena ? mk_ledger_parse(line, arena, &record, reterr) : no_memory(reterr);
        *ret = err == MK_OK;
        mk_arena_free(arena);
    }
    mk_lines_close(&lines);
    return err == MK_DAMAGED || err == MK_LIMIT || err == MK_NOMEM ? err : MK_OK;
}

/* ---- a whole file ---- */

mk_err mk_file_text(const char *path, mk_arena *arena, mk_str *ret, mk_error *reterr)
{
    mk_buf text = {.max = MAX_FIGURES};
    mk_err err = mk_file_bytes(path, MK_FILE_DECODED, &text, reterr);

    if (err == MK_OK) {
        *ret = text.len > 0 ? mk_arena_str(arena, mk_buf_str(&text)) : (mk_str){"", 0};
        if (!ret->ptr)
            err = mk_fail(reterr, MK_NOMEM, "out of memory for '%s'", path);
    }
    mk_buf_clear(&text);
    return err;
}
