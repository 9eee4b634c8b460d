/* restore.c: the written texts and the ledger, side by side, back to what was
 * read. */
#include <inttypes.h>

#include "base/json.h"
#include "minkhal/minkhal.h"
#include "read/reader.h"
#include "run/outfile.h"
#include "write/ledger.h"

/* A file of lines being read. */
typedef struct lines {
    const char *path;
    mk_stream *stream;
    void *reader;
    mk_record record;
} lines;

static const mk_read_options options = {
    .text_field = {"text", 4}, .id_field = {"id", 2}, .max_doc = MK_BUF_MAX};

static mk_err open_lines(lines *l, const char *path, const mk_restore_options *o, mk_error *reterr)
{
    static const mk_limits limits = {0};
    l->path = path;
    mk_err err = mk_stream_file(path, &l->stream, reterr);
    if (err == MK_OK) {
        mk_stream_limit(l->stream, &limits, o->stop);
        err = mk_stream_decode(&l->stream, reterr);
    }
    return err == MK_OK ? mk_reader_jsonl.open(l->stream, &options, &l->reader, reterr) : err;
}

static void close_lines(lines *l)
{
    mk_reader_jsonl.close(l->reader);
    mk_stream_close(l->stream);
}

static mk_err next_line(lines *l, mk_error *reterr)
{
    return mk_reader_jsonl.next(l->reader, &l->record, reterr);
}

/* Puts the file's name and line before the reason. */
static mk_err located(const lines *l, mk_err code, mk_error *reterr)
{
    const mk_error why = *reterr;
    return mk_fail(reterr, code, "%s:%" PRIu64 ": %s", l->path, l->record.number, why.text);
}

/* The text written for the document whose ledger line is at hand. */
static mk_err written_text(lines *cleaned, mk_str id, mk_arena *arena, mk_str *ret,
                           mk_error *reterr)
{
    mk_err err = next_line(cleaned, reterr);
    if (err == MK_END)
        return mk_fail(reterr, MK_MISMATCH, "'%s' ends before the document '%.*s' of the ledger",
                       cleaned->path, (int)id.len, id.ptr);
    if (err != MK_OK)
        return located(cleaned, err == MK_RECORD ? MK_MISMATCH : err, reterr);
    mk_doc doc = {0};
    err = mk_reader_jsonl.parse(cleaned->record.bytes, &options, arena, &doc, reterr);
    if (err != MK_OK)
        return located(cleaned, err == MK_RECORD ? MK_MISMATCH : err, reterr);
    if (!mk_str_eq(doc.id, id))
        return mk_fail(reterr, MK_MISMATCH,
                       "%s:%" PRIu64 ": document '%.*s' where the ledger has "
                       "'%.*s'",
                       cleaned->path, cleaned->record.number, (int)doc.id.len, doc.id.ptr,
                       (int)id.len, id.ptr);
    *ret = doc.raw;
    return MK_OK;
}

static mk_err put_text(mk_outfile *out, mk_str id, mk_str text, mk_buf *line, mk_error *reterr)
{
    mk_buf_reset(line);
    mk_buf_puts(line, "{\"id\":");
    mk_json_put(line, id);
    mk_buf_puts(line, ",\"text\":");
    mk_json_put(line, text);
    mk_buf_puts(line, "}\n");
    return line->failed ? mk_fail(reterr, MK_NOMEM, "out of memory for a text")
                        : mk_outfile_put(out, mk_buf_str(line), reterr);
}

static mk_err drain(mk_pool *pool, mk_error *reterr)
{
    mk_err err = MK_OK;
    while (mk_pool_pending(pool) > 0) {
        mk_error error;
        if (mk_outfile_take(mk_pool_pull(pool), &error) && error.code != MK_OK && err == MK_OK) {
            *reterr = error;
            err = error.code;
        }
    }
    return err;
}

/* What is at hand while restoring. */
typedef struct restorer {
    lines ledger, cleaned;
    mk_outfile *out;
    mk_pool *pool;
    mk_arena *arena;
    mk_buf text, line;
} restorer;

static mk_err restore_one(restorer *r, uint64_t *n_docs, mk_error *reterr)
{
    mk_ledger_record record = {0};
    mk_arena_reset(r->arena);
    mk_err err = mk_ledger_parse(r->ledger.record.bytes, r->arena, &record, reterr);
    if (err != MK_OK)
        return located(&r->ledger, err == MK_RECORD ? MK_MISMATCH : err, reterr);
    if (record.verdict == MK_REJECTED || record.verdict == MK_SKIPPED)
        return MK_OK; /* never was a text */
    mk_str written = {"", 0};
    if (record.verdict == MK_WRITTEN) {
        err = written_text(&r->cleaned, record.id, r->arena, &written, reterr);
        if (err != MK_OK)
            return err;
    }
    mk_buf_reset(&r->text);
    err = mk_ledger_undo(written, &record, r->arena, &r->text, reterr);
    if (err != MK_OK)
        return located(&r->ledger, err == MK_RECORD ? MK_MISMATCH : err, reterr);
    ++*n_docs;
    err = put_text(r->out, record.id, mk_buf_str(&r->text), &r->line, reterr);
    return err == MK_OK ? drain(r->pool, reterr) : err;
}

static mk_err restore_all(restorer *r, uint64_t *n_docs, mk_error *reterr)
{
    mk_err err;
    while ((err = next_line(&r->ledger, reterr)) == MK_OK) {
        err = restore_one(r, n_docs, reterr);
        if (err != MK_OK)
            return err;
    }
    if (err != MK_END)
        return err == MK_RECORD ? located(&r->ledger, MK_MISMATCH, reterr) : err;
    err = next_line(&r->cleaned, reterr);
    if (err == MK_OK)
        return mk_fail(reterr, MK_MISMATCH, "%s:%" PRIu64 ": a document that is not in the ledger",
                       r->cleaned.path, r->cleaned.record.number);
    if (err != MK_END)
        return err;
    err = mk_outfile_flush(r->out, reterr);
    if (err == MK_OK)
        err = drain(r->pool, reterr);
    return err == MK_OK ? mk_outfile_commit(r->out, reterr) : err;
}

mk_err mk_restore(const mk_restore_options *o, uint64_t *ret_docs, mk_error *reterr)
{
    mk_error local;
    reterr = reterr ? reterr : &local;
    restorer r = {.text = {.max = MK_BUF_MAX}, .line = {.max = MK_BUF_MAX}};
    *ret_docs = 0;
    r.arena = mk_arena_new();
    mk_err err = r.arena ? mk_pool_open(0, &r.pool, reterr)
                         : mk_fail(reterr, MK_NOMEM, "out of memory");
    if (err == MK_OK)
        err = open_lines(&r.ledger, o->ledger, o, reterr);
    if (err == MK_OK)
        err = open_lines(&r.cleaned, o->cleaned, o, reterr);
    if (err == MK_OK)
        err = mk_outfile_open(o->output, o->force, o->level, r.pool, &r.out, reterr);
    if (err == MK_OK)
        err = restore_all(&r, ret_docs, reterr);
    mk_pool_close(r.pool);
    mk_outfile_close(r.out);
    close_lines(&r.ledger);
    close_lines(&r.cleaned);
    mk_buf_clear(&r.text);
    mk_buf_clear(&r.line);
    mk_arena_free(r.arena);
    return err;
}
