/* clean.c: the loop: read, run the pipeline in the pool, pass the gate, write.
 *
 * Everything that decides about order happens on the calling thread. The pool
 * gives jobs back as they were pushed, so that the files are the same for any
 * number of threads. Records of a unit of input that is not verified yet (see
 * stream.h) are only taken after a checkpoint: if the unit proves damaged, all
 * that came of it is taken back. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "read/input.h"
#include "run/budget.h"
#include "run/gate.h"
#include "run/messages.h"
#include "run/outfile.h"
#include "run/pipeline.h"
#include "run/source.h"
#include "write/ledger.h"

enum {
    MAX_THREADS = 256, /* more than any machine it was tried on */
    KEPT_BUF = 4 << 20 /* bytes that a spare batch keeps for its next lines */
};

/* A state of the run that can be gone back to. */
typedef struct checkpoint {
    bool taken;
    uint64_t file, unit; /* that it was taken for */
    uint64_t seq;
    uint64_t out, ledger, rejects; /* sizes of the files */
    mk_summary summary;
    mk_tallies tallies;
} checkpoint;

typedef struct run {
    const mk_chain *chain;
    const mk_clean_options *options;
    mk_read_options read;
    mk_pool *pool;
    mk_gate *gate;
    mk_outfile *out, *ledger, *rejects, *report;
    mk_batch **all;   /* n_all batches, of n_batches at most */
    mk_batch **spare; /* those of them that are not in use */
    size_t n_all, n_spare, n_batches;
    mk_batch *current;               /* being filled */
    uint64_t n_working, max_working; /* bytes of records in the pool; as many as may be */
    mk_summary *summary;
    mk_tallies tallies;
    checkpoint checkpoint;
    mk_messages messages; /* of bad records */
    uint64_t seq;         /* of the next record */
    mk_progress progress;
    mk_error *reterr;
} run;

/* ---- batches ---- */

static void free_batch(mk_batch *batch)
{
    if (!batch)
        return;
    mk_arena_free(batch->arena);
    mk_buf_clear(&batch->out);
    mk_buf_clear(&batch->ledger);
    mk_tallies_clear(&batch->tallies);
    free(batch);
}

static mk_batch *new_batch(run *r)
{
    mk_batch *batch = calloc(1, sizeof(*batch));
    if (batch)
        batch->arena = mk_arena_new();
    if (!batch || !batch->arena || mk_tallies_init(&batch->tallies, r->chain, r->reterr) != MK_OK) {
        free_batch(batch);
        mk_fail(r->reterr, MK_NOMEM, "out of memory for a batch of documents");
        return NULL;
    }
    batch->job.work = mk_pipeline_work;
    batch->chain = r->chain;
    batch->read = &r->read;
    batch->want_ledger = r->ledger != NULL;
    batch->want_digest = r->gate != NULL;
    batch->out.max = batch->ledger.max = MK_BUF_MAX;
    return batch;
}

static void reset_batch(mk_batch *batch)
{
    mk_arena_reset(batch->arena);
    if (batch->out.size > KEPT_BUF)
        mk_buf_clear(&batch->out);
    if (batch->ledger.size > KEPT_BUF)
        mk_buf_clear(&batch->ledger);
    mk_buf_reset(&batch->out);
    mk_buf_reset(&batch->ledger);
    mk_tallies_reset(&batch->tallies);
    batch->n_items = batch->n_bytes = 0;
    batch->err = MK_OK;
}

/* ---- finished documents ---- */

static void tell(const run *r, const char *text)
{
    if (r->options->on_message)
        r->options->on_message(r->options->arg, text);
}

static void show_progress(run *r)
{
    if (!r->options->on_progress)
        return;
    r->progress.n_in = r->summary->n_in;
    r->progress.n_written = r->summary->n_written;
    r->progress.text_in = r->summary->text_in;
    r->progress.text_out = r->summary->text_out;
    r->options->on_progress(r->options->arg, &r->progress);
}

/* The bytes of a reject, so that it can be mended and read again. */
static mk_err put_reject(run *r, const mk_item *item)
{
    mk_error text;
    mk_fail(&text, MK_RECORD, "%.*s:%" PRIu64 ": bad record: %.*s", (int)item->where.len,
            item->where.ptr, item->doc.number, (int)item->doc.reason.len, item->doc.reason.ptr);
    mk_messages_say(&r->messages, text.text);
    if (!r->rejects)
        return MK_OK;
    mk_buf line = {.max = MK_BUF_MAX};
    const bool valid = mk_utf8_valid(item->bytes) == item->bytes.len;
    mk_buf_puts(&line, "{\"source\":");
    mk_json_put(&line, item->doc.source);
    mk_buf_printf(&line, ",\"number\":%" PRIu64 ",\"reason\":", item->doc.number);
    mk_json_put(&line, item->doc.reason);
    mk_buf_puts(&line, valid ? ",\"record\":" : ",\"record_hex\":\"");
    if (valid)
        mk_json_put(&line, item->bytes);
    for (size_t i = 0; i < item->bytes.len && !valid; i++)
        mk_buf_printf(&line, "%02x", (unsigned char)item->bytes.ptr[i]);
    mk_buf_puts(&line, valid ? "}\n" : "\"}\n");
    const mk_err err = line.failed ? mk_fail(r->reterr, MK_NOMEM, "out of memory for a reject")
                                   : mk_outfile_put(r->rejects, mk_buf_str(&line), r->reterr);
    mk_buf_clear(&line);
    return err;
}

/* The gate found an earlier document with the same text: its line is not
 * written, and its ledger line says so. */
static mk_err put_duplicate(run *r, mk_item *item)
{
    if (!r->ledger)
        return MK_OK;
    const mk_filter *filters[MK_MAX_STEPS + 1] = {NULL};
    for (size_t i = 0; i < r->chain->n_steps; i++)
        filters[i] = r->chain->steps[i].filter;
    mk_buf line = {.max = MK_BUF_MAX};
    mk_ledger_put(&item->doc, filters, &line);
    const mk_err err = line.failed ? mk_fail(r->reterr, MK_NOMEM, "out of memory for the ledger")
                                   : mk_outfile_put(r->ledger, mk_buf_str(&line), r->reterr);
    mk_buf_clear(&line);
    return err;
}

static void count(mk_summary *s, const mk_item *item)
{
    const mk_doc *doc = &item->doc;
    s->n_in++;
    s->n_written += doc->verdict == MK_WRITTEN;
    s->n_filtered += doc->verdict == MK_FILTERED;
    s->n_duplicate += doc->verdict == MK_DUPLICATE;
    s->n_rejected += doc->verdict == MK_REJECTED;
    s->n_skipped += doc->verdict == MK_SKIPPED;
    if (doc->verdict == MK_SKIPPED)
        mk_summary_skip(s, doc->reason);
    s->n_review += doc->review && doc->verdict == MK_WRITTEN;
    s->text_in += item->counts.text_in;
    s->lines_in += item->counts.lines_in;
    s->letters_in += item->counts.letters_in;
    if (doc->verdict == MK_WRITTEN) {
        s->text_out += item->counts.text_out;
        s->lines_out += item->counts.lines_out;
        s->letters_out += item->counts.letters_out;
    }
}

static mk_err finish_item(run *r, mk_item *item, mk_str out, mk_str ledger)
{
    mk_doc *doc = &item->doc;
    mk_err err = MK_OK;
    if (r->gate && doc->verdict == MK_WRITTEN) {
        bool seen = false;
        err = mk_gate_pass(r->gate, item->digest, doc->seq, &seen, &doc->twin, r->reterr);
        if (seen)
            doc->verdict = MK_DUPLICATE;
    }
    if (err == MK_OK && doc->verdict == MK_DUPLICATE)
        err = put_duplicate(r, item);
    else if (err == MK_OK && r->ledger)
        err = mk_outfile_put(r->ledger, ledger, r->reterr);
    if (err == MK_OK && doc->verdict == MK_REJECTED)
        err = put_reject(r, item);
    if (err == MK_OK && doc->verdict == MK_WRITTEN)
        err = mk_outfile_put(r->out, out, r->reterr);
    count(r->summary, item);
    return err;
}

/* buf's bytes from, to; buf may have none at all. */
static mk_str part_of(const mk_buf *buf, size_t from, size_t to)
{
    return from < to ? (mk_str){buf->ptr + from, to - from} : (mk_str){"", 0};
}

static mk_err finish_batch(run *r, mk_batch *batch)
{
    mk_err err = batch->err;
    if (err != MK_OK)
        *r->reterr = batch->error;
    size_t out = 0, ledger = 0;
    for (size_t i = 0; i < batch->n_items && err == MK_OK; i++) {
        mk_item *item = &batch->items[i];
        err = finish_item(r, item, part_of(&batch->out, out, item->out_end),
                          part_of(&batch->ledger, ledger, item->ledger_end));
        out = item->out_end;
        ledger = item->ledger_end;
    }
    mk_tallies_add(&r->tallies, &batch->tallies);
    r->n_working -= batch->n_bytes;
    reset_batch(batch);
    r->spare[r->n_spare++] = batch;
    show_progress(r);
    return err;
}

/* Waits for the oldest job and takes its result. */
static mk_err pull(run *r)
{
    mk_job *job = mk_pool_pull(r->pool);
    mk_error error;
    if (!mk_outfile_take(job, &error))
        return finish_batch(r, (mk_batch *)(void *)job);
    if (error.code != MK_OK)
        *r->reterr = error;
    return error.code;
}

static mk_err drain(run *r)
{
    mk_err err = MK_OK;
    while (err == MK_OK && mk_pool_pending(r->pool) > 0)
        err = pull(r);
    return err;
}

/* ---- records on their way in ---- */

static mk_err send_batch(run *r)
{
    if (!r->current || r->current->n_items == 0)
        return MK_OK;
    /* What is in work has a ceiling; one batch may always be. */
    const uint64_t n_bytes = r->current->n_bytes;
    while (r->n_working > 0 && n_bytes > r->max_working - r->n_working) {
        const mk_err err = pull(r);
        if (err != MK_OK)
            return err;
    }
    r->n_working += n_bytes;
    mk_pool_push(r->pool, &r->current->job);
    r->current = NULL;
    return MK_OK;
}

/* Everything read so far is in the files. */
static mk_err settle(run *r)
{
    mk_err err = send_batch(r);
    if (err == MK_OK)
        err = drain(r);
    mk_outfile *files[] = {r->out, r->ledger, r->rejects};
    for (size_t i = 0; i < 3 && err == MK_OK; i++)
        if (files[i])
            err = mk_outfile_flush(files[i], r->reterr);
    return err == MK_OK ? drain(r) : err;
}

static mk_batch *batch_to_fill(run *r)
{
    while (!r->current && r->n_spare == 0) {
        if (r->n_all < r->n_batches) {
            mk_batch *fresh = new_batch(r);
            if (!fresh)
                return NULL;
            r->all[r->n_all++] = r->spare[r->n_spare++] = fresh;
            break;
        }
        if (pull(r) != MK_OK)
            return NULL;
    }
    while (mk_pool_pending(r->pool) > 0 && mk_pool_ready(r->pool))
        if (pull(r) != MK_OK)
            return NULL;
    if (!r->current)
        r->current = r->spare[--r->n_spare];
    return r->current;
}

static uint64_t size_or_0(const mk_outfile *file)
{
    return file ? mk_outfile_size(file) : 0;
}

static mk_err take_checkpoint(run *r, const mk_source *source, const mk_record *record)
{
    const mk_err err = settle(r);
    if (err != MK_OK)
        return err;
    checkpoint *c = &r->checkpoint;
    if (!c->tallies.rules && mk_tallies_init(&c->tallies, r->chain, r->reterr) != MK_OK)
        return MK_NOMEM;
    mk_tallies_reset(&c->tallies);
    mk_tallies_add(&c->tallies, &r->tallies);
    c->summary = *r->summary;
    c->out = mk_outfile_size(r->out);
    c->ledger = size_or_0(r->ledger);
    c->rejects = size_or_0(r->rejects);
    c->seq = r->seq;
    c->file = source->file;
    c->unit = record->unit;
    c->taken = true;
    mk_messages_hold(&r->messages);
    return MK_OK;
}

/* Takes back what came of the unit that the checkpoint was taken for. */
static mk_err go_back(run *r, uint64_t *ret_docs)
{
    checkpoint *c = &r->checkpoint;
    mk_err err = settle(r);
    *ret_docs = r->seq - c->seq;
    if (err == MK_OK)
        err = mk_outfile_rewind(r->out, c->out, r->reterr);
    if (err == MK_OK && r->ledger)
        err = mk_outfile_rewind(r->ledger, c->ledger, r->reterr);
    if (err == MK_OK && r->rejects)
        err = mk_outfile_rewind(r->rejects, c->rejects, r->reterr);
    if (err != MK_OK)
        return err;
    const uint64_t n_sources = r->summary->n_sources, n_damaged = r->summary->n_damaged;
    *r->summary = c->summary;
    r->summary->n_sources = n_sources;
    r->summary->n_damaged = n_damaged;
    mk_tallies_reset(&r->tallies);
    mk_tallies_add(&r->tallies, &c->tallies);
    if (r->gate)
        mk_gate_forget(r->gate, c->seq);
    r->seq = c->seq;
    c->taken = false;
    mk_messages_drop(&r->messages);
    return MK_OK;
}

/* Puts a record into the current batch; reason: it is a reject already. */
static mk_err take_record(void *arg, const mk_source *source, const mk_record *record,
                          const char *reason)
{
    run *r = arg;
    if (r->options->stop && *r->options->stop)
        return mk_fail(r->reterr, MK_STOPPED, "stopped by a signal");
    checkpoint *c = &r->checkpoint;
    if (c->taken && (c->file != source->file || c->unit != record->unit)) {
        c->taken = false; /* that unit was whole */
        mk_messages_release(&r->messages);
    }
    if (!record->verified && !c->taken) {
        const mk_err err = take_checkpoint(r, source, record);
        if (err != MK_OK)
            return err;
    }
    mk_batch *batch = batch_to_fill(r);
    if (!batch)
        return r->reterr->code;
    mk_item *item = &batch->items[batch->n_items];
    *item = (mk_item){.reader = source->reader};
    const mk_err err = mk_source_doc(source, record, reason, r->seq, batch->arena, &item->bytes,
                                     &item->where, &item->doc);
    if (err != MK_OK)
        return mk_fail(r->reterr, err, "out of memory for a record");
    r->seq++;
    r->progress.source = source->name;
    r->progress.bytes_in = source->stored_before + source->stream->stored;
    batch->n_items++;
    batch->n_bytes += record->bytes.len;
    if (batch->n_items == MK_BATCH_DOCS || batch->n_bytes >= MK_BATCH_BYTES)
        return send_batch(r);
    return MK_OK;
}

/* A source is damaged: say so, and take back what cannot be trusted. */
static mk_err take_damage(void *arg, const mk_source *source, uint64_t unit, const char *text)
{
    run *r = arg;
    mk_err err = MK_OK;
    uint64_t n_docs = 0;
    if (r->checkpoint.taken && r->checkpoint.file == source->file && r->checkpoint.unit == unit)
        err = go_back(r, &n_docs);
    r->summary->n_damaged += source->n_damaged == 0;
    mk_error message;
    if (n_docs > 0)
        mk_fail(&message, MK_DAMAGED, "%s; %" PRIu64 " records that came of it were taken back",
                text, n_docs);
    else
        mk_fail(&message, MK_DAMAGED, "%s", text);
    tell(r, message.text);
    return err;
}

static void take_note(void *arg, const char *text)
{
    tell(arg, text);
}

/* ---- the whole ---- */

static mk_err open_files(run *r)
{
    const mk_clean_options *o = r->options;
    const struct {
        const char *path, *codec;
        mk_outfile **file;
        int level;
    } files[] = {
        {o->output, o->codec, &r->out, o->level},
        {o->ledger, NULL, &r->ledger, 0},
        {o->rejects, NULL, &r->rejects, 0},
        {o->summary, NULL, &r->report, 0},
    };
    mk_err err = MK_OK;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files) && err == MK_OK; i++) {
        mk_codec codec;
        if (!files[i].path)
            continue;
        err = mk_codec_pick(files[i].path, files[i].codec, &codec, r->reterr);
        if (err == MK_OK)
            err = mk_outfile_open(files[i].path, o->force, codec, files[i].level, r->pool,
                                  files[i].file, r->reterr);
    }
    return err;
}

static unsigned threads_of(const mk_clean_options *options)
{
    const long n = options->threads > 0 ? (long)options->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (unsigned)n;
}

static mk_err open_run(run *r)
{
    const unsigned threads = threads_of(r->options);
    const unsigned depth = r->options->limits.max_depth;
    const mk_budget budget = {r->options->memory, r->read.max_doc, threads,
                              depth > 0 ? depth : MK_STREAM_NESTING};
    mk_err err = mk_budget_open(&budget, &r->max_working, r->reterr);
    if (err != MK_OK)
        return err;
    r->n_batches = threads == 1 ? 1 : 2 * (size_t)threads + 2;
    r->all = calloc(r->n_batches, sizeof(mk_batch *));
    r->spare = calloc(r->n_batches, sizeof(mk_batch *));
    if (!r->all || !r->spare)
        return mk_fail(r->reterr, MK_NOMEM, "out of memory");
    err = mk_tallies_init(&r->tallies, r->chain, r->reterr);
    if (err == MK_OK)
        err = mk_pool_open(threads == 1 ? 0 : threads, &r->pool, r->reterr);
    if (err == MK_OK && mk_pool_threads(r->pool) > 0)
        r->read.pool = r->pool;
    if (err == MK_OK && r->options->dedup)
        err = mk_gate_open(&r->gate, r->reterr);
    return err == MK_OK ? open_files(r) : err;
}

/* in = written + filtered + duplicate + rejected + skipped, or it is our bug. */
static mk_err check_conservation(const run *r)
{
    const mk_summary *s = r->summary;
    if (s->n_in == r->seq &&
        s->n_in == s->n_written + s->n_filtered + s->n_duplicate + s->n_rejected + s->n_skipped)
        return MK_OK;
    return mk_fail(
        r->reterr, MK_BUG,
        "records do not add up: read %" PRIu64 ", in %" PRIu64 ", written %" PRIu64
        ", filtered %" PRIu64 ", duplicate %" PRIu64 ", rejected %" PRIu64 ", skipped %" PRIu64,
        r->seq, s->n_in, s->n_written, s->n_filtered, s->n_duplicate, s->n_rejected, s->n_skipped);
}

static mk_err put_report(run *r)
{
    mk_buf text = {.max = MK_BUF_MAX};
    mk_summary_put(r->summary, r->chain, &text);
    mk_err err = text.failed ? mk_fail(r->reterr, MK_NOMEM, "out of memory for the summary")
                             : mk_outfile_put(r->report, mk_buf_str(&text), r->reterr);
    if (err == MK_OK)
        err = mk_outfile_flush(r->report, r->reterr);
    mk_buf_clear(&text);
    return err == MK_OK ? drain(r) : err;
}

/* The output's name appears last: where it stands, the others are whole. */
static mk_err close_files(run *r)
{
    mk_err err = settle(r);
    mk_messages_release(&r->messages);
    if (err == MK_OK)
        err = check_conservation(r);
    if (err == MK_OK)
        err = mk_tallies_report(&r->tallies, r->summary, r->reterr);
    if (err == MK_OK)
        err = mk_outfile_end(r->out, r->reterr);
    if (err == MK_OK)
        r->summary->bytes_out = mk_outfile_size(r->out);
    if (err == MK_OK && r->report)
        err = put_report(r);
    mk_outfile *files[] = {r->ledger, r->rejects, r->report, r->out};
    for (size_t i = 0; i < 4 && err == MK_OK; i++)
        if (files[i])
            err = mk_outfile_commit(files[i], r->reterr);
    return err;
}

static void close_run(run *r)
{
    while (r->pool && mk_pool_pull(r->pool))
        ; /* batches are freed below, blocks with their files */
    mk_pool_close(r->pool);
    mk_outfile_close(r->out);
    mk_outfile_close(r->ledger);
    mk_outfile_close(r->rejects);
    mk_outfile_close(r->report);
    mk_gate_close(r->gate);
    for (size_t i = 0; i < r->n_all; i++)
        free_batch(r->all[i]);
    free(r->all);
    free(r->spare);
    mk_tallies_clear(&r->tallies);
    mk_tallies_clear(&r->checkpoint.tallies);
    mk_messages_clear(&r->messages);
}

mk_err mk_clean(const mk_chain *chain, const mk_clean_options *options, mk_summary *ret,
                mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    *ret = (mk_summary){0};
    run r = {
        .chain = chain, .options = options, .summary = ret, .reterr = reterr ? reterr : &local};
    const mk_source_events events = {take_record, take_damage, take_note, &r};
    mk_messages_init(&r.messages, options->on_message, options->arg);
    mk_err err = mk_source_options(options, &r.read, r.reterr);
    if (err == MK_OK)
        err = open_run(&r);
    if (err == MK_OK)
        err = mk_source_each(options, &r.read, &events, ret, &r.progress.total_bytes, r.reterr);
    if (err == MK_OK)
        err = close_files(&r);
    show_progress(&r);
    close_run(&r);
    mk_source_options_clear(&r.read);
    return err;
}
