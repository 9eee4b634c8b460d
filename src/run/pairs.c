/* pairs.c: walks a ledger and what was written in step. A ledger has a line for each
 * record, what was written only for those with that verdict, in the same order. Where
 * that lies in several lanes, the document is the first of one of them: the one with
 * its id, and among several with the same id, or with none, the one whose text is
 * right. Cases: fixtures/cli/report, those of restore_ beside it. */
#include "run/pairs.h"

#include <inttypes.h>
#include <stdlib.h>

#include "read/reader.h"
#include "outputs/run_file.h"

/* Files of lines being read. */
typedef struct lines {
    mk_pair_files files;
    size_t at; /* the file being read, or to be opened */
    mk_stream *stream;
    void *reader;
    mk_record record;
} lines;

/* What was written, or a split of it. */
typedef struct lane {
    lines lines;
    mk_doc doc;      /* its next document, if has_doc */
    mk_arena *arena; /* of doc; owned. NULL where there is but one lane */
    bool has_doc;
} lane;

struct mk_pairs {
    lane *lanes; /* n_lanes of them, owned */
    size_t n_lanes;
    lines ledger;
    const char *single[2]; /* of one file each */
    char **owned[2];       /* of a run's folder */
    mk_buf text;
    bool is_fed;
    struct {
        mk_str line; /* ptr NULL: none */
        const char *name;
        uint64_t number;
    } fed;
};

static const mk_read_options options = {.max_doc = MK_BUF_MAX};

static void close_file(lines *l)
{
    mk_reader_jsonl.close(l->reader);
    mk_stream_close(l->stream);
    l->reader = NULL;
    l->stream = NULL;
}

static mk_err open_file(lines *l, mk_error *reterr)
{
    static const mk_limits no_limits = {0};
    mk_err err = l->files.open ? l->files.open(l->files.arg, l->at, &l->stream, reterr)
                               : mk_stream_file(l->files.paths[l->at], &l->stream, reterr);
    if (err == MK_OK) {
        mk_stream_limit(l->stream, &no_limits, l->files.stop);
        err = mk_stream_decode(&l->stream, reterr);
    }
    return err == MK_OK ? mk_reader_jsonl.open(l->stream, &options, &l->reader, reterr) : err;
}

/* Puts the file's name and line before the reason. */
static mk_err located(const lines *l, mk_err code, mk_error *reterr)
{
    const mk_error why = *reterr;
    return mk_fail(reterr, code == MK_RECORD ? MK_MISMATCH : code, "%s:%" PRIu64 ": %s",
                   l->files.paths[l->at], l->record.number, why.text);
}

static mk_err next_line(lines *l, mk_error *reterr)
{
    mk_err err = MK_END;
    while (l->at < l->files.n) {
        err = l->reader ? MK_OK : open_file(l, reterr);
        if (err == MK_OK)
            err = mk_reader_jsonl.next(l->reader, &l->record, reterr);
        if (err == MK_RECORD)
            return located(l, err, reterr);
        if (err != MK_END)
            return err;
        close_file(l);
        l->at++;
    }
    return err;
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory to read a ledger");
}

mk_err mk_pairs_open_lanes(const mk_pair_files *lanes, size_t n, mk_pair_files ledger,
                           mk_pairs **ret, mk_error *reterr)
{
    mk_pairs *p = calloc(1, sizeof(*p));
    if (!p)
        return no_memory(reterr);
    p->lanes = calloc(n + 1, sizeof(*p->lanes));
    bool ok = p->lanes != NULL;
    for (size_t i = 0; i < n && ok; i++) {
        p->n_lanes++;
        p->lanes[i].lines.files = lanes[i];
        if (n > 1)
            ok = (p->lanes[i].arena = mk_arena_new()) != NULL;
    }
    if (!ok) {
        mk_pairs_close(p);
        return no_memory(reterr);
    }
    p->ledger.files = ledger;
    p->text.max = MK_BUF_MAX;
    *ret = p;
    return MK_OK;
}

mk_err mk_pairs_open(mk_pair_files cleaned, mk_pair_files ledger, mk_pairs **ret, mk_error *reterr)
{
    return mk_pairs_open_lanes(&cleaned, 1, ledger, ret, reterr);
}

/* The shards of a folder. */
static mk_err find_shards(mk_pairs *p, const char *path, mk_pair_files files[2], mk_error *reterr)
{
    static const mk_out kinds[2] = {MK_OUT_DATA, MK_OUT_LEDGER};
    mk_run_file *run = NULL;
    mk_err err = mk_run_file_open(path, &run, reterr);
    for (unsigned i = 0; i < 2 && err == MK_OK; i++) {
        err = mk_run_file_paths(run, kinds[i], &p->owned[i], &files[i].n, reterr);
        files[i].paths = (const char *const *)p->owned[i];
    }
    if (err == MK_OK && files[1].n == 0 && run->summary.n_in > 0)
        err = mk_fail(reterr, MK_OPTION, "the run in '%s' has no ledger", path);
    mk_run_file_close(run);
    return err;
}

mk_err mk_pairs_open_run(const char *cleaned, const char *ledger, const volatile sig_atomic_t *stop,
                         mk_pairs **ret, mk_error *reterr)
{
    const mk_pair_files none = {.stop = stop};
    mk_pairs *p = NULL;
    mk_err err = mk_pairs_open(none, none, &p, reterr);
    if (err != MK_OK)
        return err;
    p->single[0] = cleaned;
    p->single[1] = ledger;
    mk_pair_files files[2] = {{.paths = &p->single[0], .n = 1, .stop = stop},
                              {.paths = &p->single[1], .n = 1, .stop = stop}};
    if (!ledger)
        err = find_shards(p, cleaned, files, reterr);
    p->lanes[0].lines.files = files[0];
    p->ledger.files = files[1];
    if (err == MK_OK)
        *ret = p;
    else
        mk_pairs_close(p);
    return err;
}

mk_err mk_pairs_open_fed(mk_pair_files ledger, mk_pairs **ret, mk_error *reterr)
{
    const mk_err err = mk_pairs_open((mk_pair_files){0}, ledger, ret, reterr);

    if (err == MK_OK)
        (*ret)->is_fed = true;
    return err;
}

void mk_pairs_feed(mk_pairs *p, mk_str line, const char *name, uint64_t number)
{
    p->fed.line = line;
    p->fed.name = name;
    p->fed.number = number;
}

static const char *last_name(const lines *l)
{
    return l->files.n > 0 ? l->files.paths[l->files.n - 1] : "";
}

/* The line that was fed. */
static mk_err take_fed(mk_pairs *p, mk_arena *arena, mk_pair *ret, mk_error *reterr)
{
    const mk_str line = p->fed.line, id = ret->ledger.id;
    mk_error why;
    if (!line.ptr)
        return mk_fail(reterr, MK_MISMATCH, "no document '%.*s', which the ledger has", (int)id.len,
                       id.ptr);
    p->fed.line = (mk_str){0};
    const mk_err err = mk_reader_jsonl.parse(line, &options, arena, &ret->doc, &why);
    if (err != MK_OK)
        return mk_fail(reterr, err == MK_RECORD ? MK_MISMATCH : err, "%s:%" PRIu64 ": %s",
                       p->fed.name, p->fed.number, why.text);
    if (ret->doc.id.len > 0 && !mk_str_eq(ret->doc.id, id))
        return mk_fail(reterr, MK_MISMATCH,
                       "%s:%" PRIu64 ": document '%.*s' where the ledger has '%.*s'", p->fed.name,
                       p->fed.number, (int)ret->doc.id.len, ret->doc.id.ptr, (int)id.len, id.ptr);
    return MK_OK;
}

static mk_err next_doc(lane *l, mk_arena *arena, mk_doc *ret, mk_error *reterr)
{
    mk_err err = next_line(&l->lines, reterr);
    if (err != MK_OK)
        return err;
    *ret = (mk_doc){.raw = {"", 0}};
    err = mk_reader_jsonl.parse(l->lines.record.bytes, &options, arena, ret, reterr);
    return err == MK_OK ? err : located(&l->lines, err, reterr);
}

static mk_err ends_early(const lines *l, mk_str id, mk_error *reterr)
{
    return mk_fail(reterr, MK_MISMATCH, "'%s' ends before the document '%.*s' of the ledger",
                   last_name(l), (int)id.len, id.ptr);
}

/* The text as it was read, of the document and its record. */
static mk_err undo(mk_pairs *p, mk_arena *arena, mk_pair *ret, mk_error *reterr)
{
    mk_buf_reset(&p->text);
    const mk_err err = mk_ledger_undo(ret->doc.raw, &ret->ledger, arena, &p->text, reterr);
    if (err != MK_OK)
        return located(&p->ledger, err, reterr);
    ret->read = p->text.ptr ? mk_buf_str(&p->text) : (mk_str){"", 0};
    return MK_OK;
}

/* The document that was written for the ledger's record. */
static mk_err take_next(mk_pairs *p, mk_arena *arena, mk_pair *ret, mk_error *reterr)
{
    lane *const l = &p->lanes[0];
    const mk_str id = ret->ledger.id;
    const mk_err err = next_doc(l, arena, &ret->doc, reterr);
    if (err != MK_OK)
        return err == MK_END ? ends_early(&l->lines, id, reterr) : err;
    /* A schema may have no id: the digest of the text says whether they fit. */
    if (ret->doc.id.len > 0 && !mk_str_eq(ret->doc.id, id))
        return mk_fail(reterr, MK_MISMATCH,
                       "%s:%" PRIu64 ": document '%.*s' where the ledger has '%.*s'",
                       l->lines.files.paths[l->lines.at], l->lines.record.number,
                       (int)ret->doc.id.len, ret->doc.id.ptr, (int)id.len, id.ptr);
    return undo(p, arena, ret, reterr);
}

/* Makes the next document of each lane known. */
static mk_err fill_lanes(mk_pairs *p, mk_error *reterr)
{
    for (size_t i = 0; i < p->n_lanes; i++) {
        lane *const l = &p->lanes[i];
        if (l->has_doc)
            continue;
        mk_arena_reset(l->arena);
        const mk_err err = next_doc(l, l->arena, &l->doc, reterr);
        if (err != MK_OK && err != MK_END)
            return err;
        l->has_doc = err == MK_OK;
    }
    return MK_OK;
}

static mk_err take_among(mk_pairs *p, mk_arena *arena, mk_pair *ret, mk_error *reterr)
{
    const mk_str id = ret->ledger.id;
    mk_err err = fill_lanes(p, reterr);
    if (err != MK_OK)
        return err;
    err = mk_fail(reterr, MK_MISMATCH, "%s:%" PRIu64 ": document '%.*s' is next in no split",
                  p->ledger.files.paths[p->ledger.at], p->ledger.record.number, (int)id.len,
                  id.ptr);
    for (size_t i = 0; i < p->n_lanes && err == MK_MISMATCH; i++) {
        lane *const l = &p->lanes[i];
        if (!l->has_doc || (l->doc.id.len > 0 && !mk_str_eq(l->doc.id, id)))
            continue;
        ret->doc = l->doc;
        err = undo(p, arena, ret, reterr);
        l->has_doc = err != MK_OK; /* it stays in the arena till the next call */
    }
    return err;
}

/* No record is left in the ledger: none may be left of what was written. */
static mk_err end(mk_pairs *p, mk_error *reterr)
{
    if (p->fed.line.ptr)
        return mk_fail(reterr, MK_MISMATCH, "%s:%" PRIu64 ": a document that is not in the ledger",
                       p->fed.name, p->fed.number);
    for (size_t i = 0; i < p->n_lanes; i++) {
        lane *const l = &p->lanes[i];
        const mk_err err = l->has_doc ? MK_OK : next_line(&l->lines, reterr);
        if (err == MK_OK)
            return mk_fail(reterr, MK_MISMATCH,
                           "%s:%" PRIu64 ": a document that is not in the ledger",
                           l->lines.files.paths[l->lines.at], l->lines.record.number);
        if (err != MK_END)
            return err;
    }
    return MK_END;
}

mk_err mk_pairs_next(mk_pairs *p, mk_arena *arena, mk_pair *ret, mk_error *reterr)
{
    lines *const l = &p->ledger;
    mk_err err = next_line(l, reterr);
    if (err != MK_OK)
        return err == MK_END ? end(p, reterr) : err;
    *ret = (mk_pair){.read = {"", 0}, .line = l->record.bytes};
    err = mk_ledger_parse(l->record.bytes, arena, &ret->ledger, reterr);
    if (err != MK_OK)
        return located(l, err, reterr);
    ret->doc.raw = (mk_str){"", 0};
    if (ret->ledger.verdict == MK_REJECTED || ret->ledger.verdict == MK_SKIPPED)
        return MK_OK; /* never was a text */
    if (ret->ledger.verdict != MK_WRITTEN)
        return undo(p, arena, ret, reterr);
    if (p->is_fed) {
        err = take_fed(p, arena, ret, reterr);
        return err == MK_OK ? undo(p, arena, ret, reterr) : err;
    }
    return p->n_lanes == 1 ? take_next(p, arena, ret, reterr) : take_among(p, arena, ret, reterr);
}

void mk_pairs_close(mk_pairs *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n_lanes; i++) {
        close_file(&p->lanes[i].lines);
        mk_arena_free(p->lanes[i].arena);
    }
    free(p->lanes);
    close_file(&p->ledger);
    mk_run_paths_free(p->owned[0]);
    mk_run_paths_free(p->owned[1]);
    mk_buf_clear(&p->text);
    free(p);
}
