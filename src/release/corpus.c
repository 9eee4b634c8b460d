/* corpus.c: see corpus.h. Names decide in folders of runs and releases, whose layout
 * is ours; of a single file its end (.json) and its first line.
 * Cases: tests/release/test_stats.c. */
#include "release/corpus.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
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
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return false;
    const bool found = access(path, F_OK) == 0;
    free(path);
    return found;
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
    if (begins(base, "data-") || begins(input->name, "data/"))
        return add(&c->data, input->path);
    return true;
}

/* The first problem of a folder: what is not listed would be missing in the figures. */
static void note_problem(void *arg, const char *text)
{
    mk_error *const first = arg;
    if (first->code == MK_OK)
        mk_fail(first, MK_DAMAGED, "%s", text);
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a list of files");
}

static mk_err add_file(mk_corpus *c, const char *path, mk_error *reterr)
{
    mk_error why;
    bool is_ledger = false;
    const bool is_figures = ends(path, ".json");
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
    if (!is_folder(path)) {
        return add_file(c, path, reterr);
    }
    const bool is_run = holds(path, "run.json");
    if (!is_run && !holds(path, "manifest.json"))
        return add(&c->data, path) ? MK_OK : no_memory(reterr);
    mk_inputs *inputs = realloc(c->inputs, (c->n_inputs + 1) * sizeof(*inputs));
    if (!inputs)
        return no_memory(reterr);
    c->inputs = inputs;
    inputs[c->n_inputs] = (mk_inputs){0};
    const mk_err err = mk_inputs_list(&path, 1, note_problem, &problem, &inputs[c->n_inputs],
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
    *ret = (mk_corpus){0};
    mk_err err = MK_OK;
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
    *corpus = (mk_corpus){0};
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
    if (lines->next == lines->paths.n)
        return MK_END;
    lines->record = (mk_record){0};
    mk_err err = mk_stream_file(lines->paths.items[lines->next++], &lines->stream, reterr);
    if (err == MK_OK)
        err = mk_stream_decode(&lines->stream, reterr);
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
    mk_stream *s = NULL;
    mk_buf text = {.max = MAX_FIGURES};
    mk_str piece;
    mk_err err = mk_stream_file(path, &s, reterr);
    if (err == MK_OK)
        err = mk_stream_decode(&s, reterr);
    while (err == MK_OK && (err = s->read(s, &piece, reterr)) == MK_OK)
        mk_buf_put(&text, piece);
    if (err == MK_END && text.failed)
        err = mk_fail(reterr, MK_LIMIT, "out of memory for %s, or it is above %d MiB", path,
                      MAX_FIGURES >> 20);
    if (err == MK_END) {
        *ret = text.len > 0 ? mk_arena_str(arena, mk_buf_str(&text)) : (mk_str){"", 0};
        err = ret->ptr ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory for %s", path);
    }
    mk_buf_clear(&text);
    mk_stream_close(s);
    return err;
}
