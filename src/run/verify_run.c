/* verify_run.c: everything that a run folder says of itself, compared with what is in it:
 * names, sizes, digests, lines, counts, the journal's chain, and the ledger against the
 * documents. Also single files of JSON lines. Every wrong thing is told of; the first is
 * the error. Cases: tests/run/test_verify_run.c. */
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/need.h"
#include "minkhal/minkhal.h"
#include "outputs/journal.h"
#include "outputs/run_file.h"
#include "run/pairs.h"

typedef struct verifier {
    const mk_verify_run_options *options;
    mk_verified *summary;
    mk_error first; /* what was wrong first; code MK_OK: nothing */
    mk_error *reterr;
} verifier;

/* Something is wrong: tells it, and goes on. */
static void wrong(verifier *v, const char *format, ...) MK_PRINTF(2, 3);
static void wrong(verifier *v, const char *format, ...)
{
    char text[sizeof(v->first.text)];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (v->summary->n_wrong++ == 0)
        mk_fail(&v->first, MK_MISMATCH, "%s", text);
    if (v->options->on_message)
        v->options->on_message(v->options->arg, text);
}

/* err is of what is verified, not of verifying: tells it, MK_OK. Others are passed on. */
static mk_err judge(verifier *v, mk_err err, const mk_error *why)
{
    switch (err) {
    case MK_OK:
    case MK_END:
        return MK_OK;
    case MK_DAMAGED:
    case MK_MISMATCH:
    case MK_RECORD:
        wrong(v, "%s", why->text);
        return MK_OK;
    case MK_OPTION:
    case MK_NOMEM:
    case MK_LIMIT:
    case MK_OUTPUT:
    case MK_CLOSED:
    case MK_EXISTS:
    case MK_STOPPED:
    case MK_BUG:
        break;
    }
    return mk_fail(v->reterr, err, "%s", why->text);
}

static bool stopped(const verifier *v)
{
    return v->options->stop && *v->options->stop;
}

/* ---- lines ---- */

/* A file of JSON lines as it is read. */
typedef struct lines {
    const char *path;
    mk_buf rest; /* of a line that is not whole yet */
    uint64_t n;  /* lines */
    uint64_t bytes;
    bool told; /* of a line that is wrong: one of a file is enough */
} lines;

/* A line must be one JSON object; documents have a text (not all schemas have an id). */
static void check_line(verifier *v, lines *l, mk_str line, bool documents)
{
    mk_json_object it = mk_json_object_of(line);
    mk_json_member m;
    mk_error why;
    mk_err err;
    bool has_text = false;

    l->n++;
    if (l->told)
        return;
    while ((err = mk_json_object_next(&it, &m, &why)) == MK_OK)
        has_text = has_text ||
                   (m.value.type == MK_JSON_STRING && mk_str_eq(m.key.raw, MK_STR("\"text\"")));
    l->told = err != MK_END || (documents && !has_text);
    if (err != MK_END)
        wrong(v, "%s:%" PRIu64 ": %s", l->path, l->n, why.text);
    else if (l->told)
        wrong(v, "%s:%" PRIu64 ": not a document: no text", l->path, l->n);
}

static mk_err take_chunk(verifier *v, lines *l, mk_str chunk, bool documents)
{
    l->bytes += chunk.len;
    for (size_t at = 0; at < chunk.len;) {
        const char *lf = memchr(chunk.ptr + at, '\n', chunk.len - at);
        const size_t end = lf ? (size_t)(lf - chunk.ptr) : chunk.len;
        const mk_str part = mk_str_sub(chunk, at, end);
        if (lf && l->rest.len == 0) {
            check_line(v, l, part, documents);
        } else {
            mk_buf_put(&l->rest, part);
            if (l->rest.failed)
                return mk_fail(v->reterr, MK_NOMEM, "out of memory for a line of '%s'", l->path);
            if (lf) {
                check_line(v, l, mk_buf_str(&l->rest), documents);
                mk_buf_reset(&l->rest);
            }
        }
        at = end + 1;
    }
    return MK_OK;
}

/* Reads the lines of a file, decoded; *sum is of these bytes. */
static mk_err read_lines(verifier *v, lines *l, bool documents, mk_checksum_run *sum)
{
    mk_stream *stream = NULL;
    mk_str chunk;
    mk_error why;
    mk_err err = mk_stream_file(l->path, &stream, &why);

    if (err == MK_OK)
        err = mk_stream_decode(&stream, &why);
    while (err == MK_OK && (err = stream->read(stream, &chunk, &why)) == MK_OK) {
        mk_checksum_add(sum, chunk);
        err = take_chunk(v, l, chunk, documents);
        if (err == MK_OK && stopped(v))
            err = mk_fail(v->reterr, MK_STOPPED, "stopped by a signal");
        if (err != MK_OK) {
            why = *v->reterr;
            break;
        }
    }
    if (err == MK_END && l->rest.len > 0)
        wrong(v, "%s: the last line has no end", l->path);
    mk_stream_close(stream);
    mk_buf_clear(&l->rest);
    return judge(v, err, &why);
}

/* The digest and the number of the bytes of a file as stored. */
static mk_err read_stored(verifier *v, const char *path, mk_checksum_run *sum, uint64_t *ret_bytes)
{
    mk_stream *stream = NULL;
    mk_str chunk;
    mk_error why;
    mk_err err = mk_stream_file(path, &stream, &why);

    *ret_bytes = 0;
    while (err == MK_OK && (err = stream->read(stream, &chunk, &why)) == MK_OK) {
        mk_checksum_add(sum, chunk);
        *ret_bytes += chunk.len;
    }
    mk_stream_close(stream);
    return judge(v, err, &why);
}

/* ---- shards ---- */

static void compare_number(verifier *v, const char *path, const char *what, uint64_t is,
                           uint64_t said)
{
    if (is != said)
        wrong(v, "%s: %" PRIu64 " %s, run.json says %" PRIu64, path, is, what, said);
}

static mk_err verify_shard(verifier *v, const mk_run_file *f, const mk_shard *s,
                           mk_checksum_run *sum)
{
    char name[MK_SHARD_NAME], *path = NULL, hex[MK_SHA256_HEX + 1];
    const uint64_t before = v->summary->n_wrong;
    uint64_t bytes;

    if (asprintf(&path, "%s%s", f->where, mk_shard_name(s->id, name)) < 0)
        return mk_fail(v->reterr, MK_NOMEM, "out of memory");
    lines l = {.path = path, .rest = {.max = MK_BUF_MAX}};
    mk_err err = read_stored(v, path, sum, &bytes);
    if (err == MK_OK && !mk_checksum_end_hex(sum, hex))
        err = mk_fail(v->reterr, MK_NOMEM, "out of memory for a checksum");
    if (err == MK_OK && v->summary->n_wrong == before) {
        compare_number(v, path, "bytes", bytes, s->bytes);
        if (bytes == s->bytes && strcmp(hex, s->sha256) != 0)
            wrong(v, "%s: its SHA-256 is not the one in run.json", path);
        err = read_lines(v, &l, s->id.kind == MK_OUT_DATA, sum);
        if (!mk_checksum_end_hex(sum, hex) && err == MK_OK)
            err = mk_fail(v->reterr, MK_NOMEM, "out of memory for a checksum");
        /* One thing wrong is told once: what follows from it is not. */
        if (err == MK_OK && v->summary->n_wrong == before) {
            compare_number(v, path, "lines", l.n, s->records);
            compare_number(v, path, "bytes of lines", l.bytes, s->text);
            if (strcmp(hex, s->text_sha256) != 0)
                wrong(v, "%s: the SHA-256 of its lines is not the one in run.json", path);
        }
    }
    v->summary->n_files++;
    v->summary->bytes += bytes;
    if (s->id.kind == MK_OUT_DATA)
        v->summary->n_docs += l.n;
    free(path);
    return err;
}

static mk_err verify_shards(verifier *v, const mk_run_file *f)
{
    mk_checksum_run *sum = NULL;
    mk_err err = mk_checksum_open(MK_SHA256, &sum, v->reterr);

    for (size_t i = 0; i < f->n_shards && err == MK_OK; i++)
        err = verify_shard(v, f, &f->shards[i], sum);
    mk_checksum_close(sum);
    return err;
}

/* ---- sums ---- */

/* What the figures of run.json say of one another. */
static void verify_sums(verifier *v, const mk_run_file *f)
{
    const mk_summary *s = &f->summary;
    const mk_input_counts *c = &f->inputs;
    uint64_t n_lines[MK_N_OUTS] = {0}, next[MK_N_OUTS] = {0};
    bool any[MK_N_OUTS] = {false}, in_order = true;

    for (size_t i = 0; i < f->n_shards; i++) {
        const mk_shard *shard = &f->shards[i];
        n_lines[shard->id.kind] += shard->records;
        in_order &= shard->first >= next[shard->id.kind];
        next[shard->id.kind] = shard->first + shard->records;
        any[shard->id.kind] = true;
    }
    if (s->n_in != s->n_written + s->n_filtered + s->n_duplicate + s->n_rejected + s->n_skipped)
        wrong(v, "%srun.json: records do not add up", f->where);
    if (!f->inputs_add_up || c->in != s->n_in || c->written != s->n_written ||
        c->filtered != s->n_filtered || c->duplicate != s->n_duplicate ||
        c->rejected != s->n_rejected || c->skipped != s->n_skipped)
        wrong(v, "%srun.json: the records of its inputs do not add up", f->where);
    if (n_lines[MK_OUT_DATA] != s->n_written)
        wrong(v, "%srun.json: its shards do not hold the documents that were written", f->where);
    if (any[MK_OUT_LEDGER] && n_lines[MK_OUT_LEDGER] != s->n_in)
        wrong(v, "%srun.json: its ledger does not hold all records", f->where);
    if (any[MK_OUT_REJECTS] && n_lines[MK_OUT_REJECTS] != s->n_rejected)
        wrong(v, "%srun.json: its rejects are not those that were rejected", f->where);
    if (!in_order)
        wrong(v, "%srun.json: its shards are not in order", f->where);
}

/* ---- names ---- */

typedef struct names {
    verifier *v;
    const mk_run_file *file;
} names;

static mk_err check_name(void *arg, const char *name)
{
    const names *n = arg;
    char shard[MK_SHARD_NAME];

    if (strcmp(name, MK_FOLDER_REPORT) == 0 || strcmp(name, MK_FOLDER_JOURNAL) == 0 ||
        strcmp(name, MK_FOLDER_LOCK) == 0 || mk_folder_beside(name))
        return MK_OK;
    for (size_t i = 0; i < n->file->n_shards; i++)
        if (strcmp(name, mk_shard_name(n->file->shards[i].id, shard)) == 0)
            return MK_OK;
    wrong(n->v, "%s%s: a file that is not in run.json", n->file->where, name);
    return MK_OK;
}

/* ---- the journal ---- */

/* The lines of the journal, and what they say in the end. */
typedef struct journal {
    const mk_run_file *file;
    size_t n_closed; /* shards that it tells of */
    bool agree;      /* they are those of run.json, so far */
} journal;

static bool same_shard(const mk_shard *a, const mk_shard *b)
{
    return a->id.kind == b->id.kind && a->id.index == b->id.index && a->id.codec == b->id.codec &&
           a->bytes == b->bytes && a->text == b->text && a->records == b->records &&
           a->first == b->first && strcmp(a->sha256, b->sha256) == 0 &&
           strcmp(a->text_sha256, b->text_sha256) == 0;
}

static mk_err journal_closed(void *arg, const mk_shard *shard)
{
    journal *j = arg;

    j->agree &= j->n_closed < j->file->n_shards && same_shard(shard, &j->file->shards[j->n_closed]);
    j->n_closed++;
    return MK_OK;
}

static mk_err journal_input(void *arg, uint64_t number, const mk_input_counts *counts)
{
    journal *j = arg;

    (void)counts;
    j->agree &= number < j->file->n_inputs;
    return MK_OK;
}

static bool same_counts(const mk_summary *a, const mk_summary *b)
{
    for (const mk_summary_number *n = mk_summary_numbers; n->name; n++)
        if (n->offset != offsetof(mk_summary, bytes_out) &&
            mk_summary_get(a, n) != mk_summary_get(b, n))
            return false;
    return true;
}

static mk_err read_stream(void *arg, mk_str *ret, mk_error *reterr)
{
    mk_stream *const stream = arg;

    return stream->read(stream, ret, reterr);
}

static mk_err verify_lines(verifier *v, const mk_run_file *f, const char *path, mk_stream *stream)
{
    mk_journal_scan scan = {.read = read_stream, .arg = stream, .text.max = MK_BUF_MAX};
    journal j = {.file = f, .agree = true};
    const mk_news_reader news = {journal_closed, journal_input, &j};
    mk_checkpoint mark = {.end = false};
    uint64_t n = 1;
    mk_error why;
    mk_str line;
    mk_err err = MK_OK;

    while (!stopped(v) && (err = mk_journal_next(&scan, &line, &why)) == MK_OK &&
           (n == 1 || (err = mk_checkpoint_read(line, &news, &mark, &why)) == MK_OK))
        n++;
    const bool torn = mk_journal_rest(&scan).len > 0;
    const uint64_t n_lines = scan.n;
    mk_journal_scan_clear(&scan);
    if (stopped(v))
        return mk_fail(v->reterr, MK_STOPPED, "stopped by a signal");
    if (err == MK_MISMATCH)
        wrong(v, "%s:%" PRIu64 ": %s", path, n, why.text);
    else if (err != MK_END)
        return judge(v, err, &why);
    else if (torn)
        wrong(v, "%s: the last line has no end", path);
    else if (n_lines < 2 || !mark.end)
        wrong(v, "%s: it does not come to the end of the run", path);
    else if (!j.agree || j.n_closed != f->n_shards || !same_counts(&mark.summary, &f->summary))
        wrong(v, "%s: it tells of other shards or counts than run.json", path);
    return MK_OK;
}

static mk_err verify_journal(verifier *v, const mk_run_file *f)
{
    mk_stream *stream = NULL;
    char *path = NULL;
    mk_error why;

    if (asprintf(&path, "%s" MK_FOLDER_JOURNAL, f->where) < 0)
        return mk_fail(v->reterr, MK_NOMEM, "out of memory");
    mk_err err = mk_stream_file(path, &stream, &why);
    err = err == MK_OK ? verify_lines(v, f, path, stream) : judge(v, err, &why);
    mk_stream_close(stream);
    free(path);
    return err;
}

/* ---- the ledger ---- */

/* Undoes every edit: what comes of it must be the text that was read. */
static mk_err walk_pairs(verifier *v, mk_pairs *pairs, const mk_run_file *f)
{
    mk_arena *arena = mk_arena_new();
    uint64_t n[MK_SKIPPED + 1] = {0};
    mk_error why;
    mk_pair pair;
    mk_err err = MK_OK;

    if (!arena)
        return mk_fail(v->reterr, MK_NOMEM, "out of memory");
    while (!stopped(v) && (err = mk_pairs_next(pairs, arena, &pair, &why)) == MK_OK) {
        n[pair.ledger.verdict]++;
        v->summary->n_restored += pair.ledger.verdict != MK_REJECTED &&
                                  pair.ledger.verdict != MK_SKIPPED;
        mk_arena_reset(arena);
    }
    mk_arena_free(arena);
    if (stopped(v))
        return mk_fail(v->reterr, MK_STOPPED, "stopped by a signal");
    const mk_summary *s = &f->summary;
    if (err == MK_END && (n[MK_WRITTEN] != s->n_written || n[MK_FILTERED] != s->n_filtered ||
                          n[MK_DUPLICATE] != s->n_duplicate || n[MK_REJECTED] != s->n_rejected ||
                          n[MK_SKIPPED] != s->n_skipped))
        wrong(v, "%srun.json: the ledger counts other records", f->where);
    return judge(v, err, &why);
}

static mk_err verify_ledger(verifier *v, const mk_run_file *f)
{
    char **data = NULL, **ledger = NULL;
    size_t n_data = 0, n_ledger = 0;
    mk_pairs *pairs = NULL;
    mk_err err = mk_run_file_paths(f, MK_OUT_DATA, &data, &n_data, v->reterr);

    if (err == MK_OK)
        err = mk_run_file_paths(f, MK_OUT_LEDGER, &ledger, &n_ledger, v->reterr);
    if (err == MK_OK && n_ledger > 0) {
        err = mk_pairs_open(
            (mk_pair_files){
                .paths = (const char *const *)data, .n = n_data, .stop = v->options->stop},
            (mk_pair_files){
                .paths = (const char *const *)ledger, .n = n_ledger, .stop = v->options->stop},
            &pairs, v->reterr);
        if (err == MK_OK)
            err = walk_pairs(v, pairs, f);
    }
    mk_pairs_close(pairs);
    mk_run_paths_free(data);
    mk_run_paths_free(ledger);
    return err;
}

/* ---- what the run could not read ---- */

enum { MAX_NOTES = 20 /* inputs that are named: more than fit a screen are no news */ };

typedef struct notes {
    verifier *v;
    uint64_t n; /* inputs with something to tell */
} notes;

static void note(const verifier *v, const char *format, ...) MK_PRINTF(2, 3);
static void note(const verifier *v, const char *format, ...)
{
    char text[sizeof(v->first.text)];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    v->options->on_note(v->options->arg, text);
}

static bool note_input(void *arg, mk_str name, const mk_input_counts *c)
{
    notes *const all = arg;
    char damaged[64] = "", rejected[64] = "";

    if ((c->damaged == 0 && c->rejected == 0) || all->n++ >= MAX_NOTES)
        return true;
    if (c->damaged == 1)
        snprintf(damaged, sizeof(damaged), "damaged, ");
    else if (c->damaged > 0) /* members of an archive */
        snprintf(damaged, sizeof(damaged), "%" PRIu64 " sources in it damaged, ", c->damaged);
    if (c->rejected > 0)
        snprintf(rejected, sizeof(rejected), ", %" PRIu64 " rejected", c->rejected);
    note(all->v, "%.*s: %s%" PRIu64 " record%s read%s", (int)(name.len < 300 ? name.len : 300),
         name.ptr, damaged, c->in, c->in == 1 ? "" : "s", rejected);
    return true;
}

static mk_err tell_inputs(verifier *v, const mk_run_file *f)
{
    notes all = {.v = v};

    v->summary->n_damaged = f->summary.n_damaged;
    v->summary->n_rejected = f->summary.n_rejected;
    if (v->summary->n_wrong > 0 || !v->options->on_note)
        return MK_OK;
    const mk_err err = mk_run_file_each_input(f, note_input, &all, v->reterr);
    if (err == MK_OK && all.n > MAX_NOTES)
        note(v, "%" PRIu64 " more inputs", all.n - MAX_NOTES);
    return err;
}

/* ---- public ---- */

bool mk_run_is(const char *path)
{
    return mk_run_file_is(path);
}

static mk_err verify_all(verifier *v, const mk_run_file *f)
{
    const mk_folder folder = {.where = f->where, .fd = -1, .lock = -1};
    names n = {v, f};
    mk_error why;
    mk_err err;

    verify_sums(v, f);
    err = mk_folder_each(&folder, check_name, &n, &why);
    if (err != MK_OK)
        return judge(v, err, &why);
    err = verify_journal(v, f);
    if (err == MK_OK)
        err = verify_shards(v, f);
    /* Of shards that are wrong the ledger could only say so again. */
    if (err == MK_OK && v->summary->n_wrong == 0)
        err = verify_ledger(v, f);
    return err == MK_OK ? tell_inputs(v, f) : err;
}

/* What was found, as the result of the call. */
static mk_err result(verifier *v, mk_err err)
{
    if (err != MK_OK || v->first.code == MK_OK)
        return err;
    return mk_fail(v->reterr, MK_MISMATCH, "%s", v->first.text);
}

mk_err mk_verify_run(const char *path, const mk_verify_run_options *options, mk_verified *ret,
                     mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    verifier v = {.options = options, .summary = ret, .reterr = reterr ? reterr : &local};
    const mk_need needs[] = {{"path", &path, 1}};
    mk_run_file *f = NULL;
    mk_error why;

    *ret = (mk_verified){0};
    mk_err err = mk_need_all(needs, 1, v.reterr);
    if (err != MK_OK)
        return err;
    err = mk_run_file_open(path, &f, &why);
    if (err == MK_OK)
        err = verify_all(&v, f);
    else
        err = judge(&v, err, &why);
    mk_run_file_close(f);
    return result(&v, err);
}

mk_err mk_verify_file(const char *path, const mk_verify_run_options *options, mk_verified *ret,
                      mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    verifier v = {.options = options, .summary = ret, .reterr = reterr ? reterr : &local};
    lines l = {.path = path, .rest = {.max = MK_BUF_MAX}};
    const mk_need needs[] = {{"path", &path, 1}};
    mk_checksum_run *sum = NULL;

    *ret = (mk_verified){.n_files = 1};
    mk_err err = mk_need_all(needs, 1, v.reterr);
    if (err == MK_OK)
        err = mk_checksum_open(MK_SHA256, &sum, v.reterr);
    if (err == MK_OK)
        err = read_lines(&v, &l, false, sum);
    mk_checksum_close(sum);
    ret->n_docs = l.n;
    ret->bytes = l.bytes;
    return result(&v, err);
}
