/* clean.c: the loop: read, run the pipeline in the pool, pass the gate, write.
 *
 * Everything that decides about order happens on the calling thread. The pool
 * gives jobs back as they were pushed, so that the files are the same for any
 * number of threads.
 *
 * A mark is a state of the run that it can be put back into. One is taken before the
 * first record of a unit of input that is not verified yet (see stream.h): if the unit
 * proves damaged, all that came of it is taken back. In a folder one is also taken after
 * so many bytes of records, and all of them are kept in the journal: a run that was
 * killed goes on at the last. Where marks are taken depends on the input alone. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/need.h"
#include "run/attributes.h"
#include "run/budget.h"
#include "run/clean_private.h"
#include "outputs/run_report.h"
#include "write/apart.h"

enum {
    CHECKPOINT_RECORDS = 65536 /* from mark to mark: bounds what is kept of them */
};

#define DEFAULT_SHARD (UINT64_C(256) << 20)     /* bytes before compression */
#define DEFAULT_CHECKPOINT (UINT64_C(32) << 20) /* bytes: seconds of work, 20 ms of syncing */

/* ---- jobs ---- */

/* Waits for the oldest job and takes its result. */
static mk_err pull(mk_run *r)
{
    mk_job *job = mk_pool_pull(r->pool);
    mk_error error;
    if (!mk_outfile_take(job, &error))
        return mk_run_finish_batch(r, (mk_batch *)(void *)job);
    if (error.code == MK_OK)
        return mk_outputs_collect(r->outputs, r->reterr);
    *r->reterr = error;
    return error.code;
}

static mk_err drain(mk_run *r)
{
    mk_err err = MK_OK;
    while (err == MK_OK && mk_pool_pending(r->pool) > 0)
        err = pull(r);
    return err;
}

static mk_err send_batch(mk_run *r)
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
static mk_err settle(mk_run *r)
{
    mk_err err = send_batch(r);
    if (err == MK_OK)
        err = drain(r);
    if (err == MK_OK)
        err = mk_outputs_flush(r->outputs, r->reterr);
    return err == MK_OK ? drain(r) : err;
}

static mk_batch *batch_to_fill(mk_run *r)
{
    while (!r->current && r->n_spare == 0) {
        if (r->n_all < r->n_batches) {
            mk_batch *fresh = mk_run_new_batch(r);
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

/* ---- marks ---- */

/* unit: that it is taken for, or MK_NO_UNIT. sure: nothing that is not verified was read. */
static mk_err take_mark(mk_run *r, mk_position at, uint64_t unit, bool sure, bool end)
{
    mk_checkpoint *m = &r->last;
    const mk_err err = settle(r);
    if (err != MK_OK)
        return err;
    m->at = at;
    m->end = end;
    m->unit = unit;
    m->seq = r->seq;
    m->since = r->sure.line;
    m->summary = *r->summary;
    mk_tallies_reset(&m->tallies);
    mk_tallies_add(&m->tallies, &r->tallies);
    m->input = at.file < r->inputs.n ? r->counts[at.file] : (mk_input_counts){0};
    r->n_bytes = r->n_records = 0;
    r->progress.n_checkpoints += mk_outputs_in_folder(r->outputs);
    const mk_err marked = mk_outputs_mark(r->outputs, m, sure, r->counts, r->reterr);
    if (marked == MK_OK && sure)
        mk_checkpoint_copy(&r->sure, m);
    return marked;
}

/* The mark of the unit that this record, or damage, is from was taken. */
static bool is_covered(const mk_run *r, const mk_source *source, uint64_t unit)
{
    return r->sure.unit != MK_NO_UNIT && r->sure.unit == unit && r->sure.at.file == source->at.file;
}

static bool is_due(const mk_run *r)
{
    return mk_outputs_in_folder(r->outputs) &&
           (r->n_bytes >= r->options.checkpoint || r->n_records >= CHECKPOINT_RECORDS);
}

/* Takes the mark that has to be taken before this record, if any. */
static mk_err mark_before(mk_run *r, const mk_source *source, const mk_record *record)
{
    const bool covered = is_covered(r, source, record->unit);
    if (r->sure.unit != MK_NO_UNIT && !covered) { /* that unit was whole */
        r->sure.unit = MK_NO_UNIT;
        mk_messages_release(&r->messages);
    }
    if (!record->verified && !covered) {
        const mk_err err = take_mark(r, source->at, record->unit, true, false);
        mk_messages_hold(&r->messages);
        return err;
    }
    if (is_due(r))
        return take_mark(r, source->at, MK_NO_UNIT, !covered, false);
    return MK_OK;
}

/* Counts and the gate as they were at the mark. */
static void restore_counts(mk_run *r, const mk_checkpoint *m)
{
    *r->summary = m->summary;
    mk_tallies_reset(&r->tallies);
    mk_tallies_add(&r->tallies, &m->tallies);
    r->seq = m->seq;
    r->n_bytes = r->n_records = 0;
}

/* Takes back what came of the unit that the sure mark was taken for. What was read and
 * found damaged since stays counted. */
static mk_err go_back(mk_run *r, uint64_t *ret_docs)
{
    const mk_checkpoint *m = &r->sure;
    mk_err err = settle(r);
    *ret_docs = r->seq - m->seq;
    if (err == MK_OK)
        err = mk_outputs_rewind(r->outputs, m, r->reterr);
    if (err != MK_OK)
        return err;
    const uint64_t n_sources = r->summary->n_sources, n_damaged = r->summary->n_damaged;
    const uint64_t bytes_in = r->summary->bytes_in;
    mk_input_counts *const input = &r->counts[m->at.file];
    const uint64_t damaged = input->damaged;
    restore_counts(r, m);
    r->summary->n_sources = n_sources;
    r->summary->n_damaged = n_damaged;
    r->summary->bytes_in = bytes_in;
    *input = m->input;
    input->damaged = damaged;
    if (r->gate)
        mk_gate_forget(r->gate, m->seq);
    r->sure.unit = MK_NO_UNIT;
    mk_messages_drop(&r->messages);
    return MK_OK;
}

/* ---- what is read ---- */

/* Puts a record into the current batch; reason: it is a reject already. */
static mk_err take_record(void *arg, const mk_source *source, const mk_record *record,
                          const char *reason)
{
    mk_run *r = arg;
    if (r->options.stop && *r->options.stop)
        return mk_fail(r->reterr, MK_STOPPED, "stopped by a signal");
    mk_err err = mark_before(r, source, record);
    if (err != MK_OK)
        return err;
    mk_batch *batch = batch_to_fill(r);
    if (!batch)
        return r->reterr->code;
    mk_item *item = &batch->items[batch->n_items];
    *item = (mk_item){.reader = source->reader, .file = source->at.file};
    err = mk_source_doc(source, record, reason, r->seq, batch->arena, &item->bytes, &item->where,
                        &item->doc);
    if (err != MK_OK)
        return mk_fail(r->reterr, err, "out of memory for a record");
    r->seq++;
    r->n_records++;
    r->n_bytes += record->bytes.len;
    mk_source_show(source, &r->place, &r->progress);
    batch->n_items++;
    batch->n_bytes += record->bytes.len;
    if (batch->n_items == MK_BATCH_DOCS || batch->n_bytes >= MK_BATCH_BYTES)
        return send_batch(r);
    return MK_OK;
}

/* A source is damaged: say so, and take back what cannot be trusted. */
static mk_err take_damage(void *arg, const mk_source *source, uint64_t unit, const char *text)
{
    mk_run *r = arg;
    mk_err err = MK_OK;
    uint64_t n_docs = 0;
    if (is_covered(r, source, unit))
        err = go_back(r, &n_docs);
    if (source->n_damaged == 0) {
        r->summary->n_damaged++;
        if (source->at.file < r->inputs.n)
            r->counts[source->at.file].damaged++;
    }
    mk_error message;
    if (n_docs > 0)
        mk_fail(&message, MK_DAMAGED, "%s; %" PRIu64 " %s taken back", text, n_docs,
                n_docs == 1 ? "record that came of it was" : "records that came of it were");
    else
        mk_fail(&message, MK_DAMAGED, "%s", text);
    mk_run_tell(r, message.text);
    return err;
}

static void take_note(void *arg, const char *text)
{
    mk_run_tell(arg, text);
}

/* ---- the whole ---- */

static void set_defaults(mk_clean_options *o)
{
    if (o->max_doc == 0)
        o->max_doc = MK_DEFAULT_MAX_DOC;
    if (o->shard_size == 0)
        o->shard_size = DEFAULT_SHARD;
    if (o->checkpoint == 0)
        o->checkpoint = DEFAULT_CHECKPOINT;
}

static mk_err open_pool(mk_run *r)
{
    const char *const schema = r->options.schema;
    r->schema = schema ? mk_schema_find(mk_str_of(schema)) : mk_schemas;
    if (!r->schema)
        return mk_fail(r->reterr, MK_OPTION, "unknown schema '%s'", schema);
    const unsigned threads = mk_pool_threads_for(r->options.threads);
    const unsigned depth = r->options.limits.max_depth;
    const mk_budget budget = {r->options.memory, r->read.max_doc, threads,
                              depth > 0 ? depth : MK_STREAM_NESTING};
    mk_err err = mk_budget_open(&budget, &r->max_working, r->reterr);
    if (err != MK_OK)
        return err;
    r->n_batches = threads == 1 ? 1 : 2 * (size_t)threads + 2;
    r->all = calloc(r->n_batches, sizeof(mk_batch *));
    r->spare = calloc(r->n_batches, sizeof(mk_batch *));
    if (!r->all || !r->spare)
        return mk_fail(r->reterr, MK_NOMEM, "out of memory");
    err = mk_pool_open(threads == 1 ? 0 : threads, &r->pool, r->reterr);
    if (err == MK_OK && mk_pool_threads(r->pool) > 0)
        r->read.pool = r->pool;
    return err;
}

static mk_err open_counts(mk_run *r)
{
    mk_err err = mk_tallies_init(&r->tallies, r->chain, r->reterr);
    if (err == MK_OK)
        err = mk_checkpoint_init(&r->sure, r->chain, r->reterr);
    if (err == MK_OK)
        err = mk_checkpoint_init(&r->last, r->chain, r->reterr);
    if (err == MK_OK && r->options.dedup)
        err = mk_gate_open(&r->gate, r->reterr);
    return err;
}

/* They are made of the files that the run wrote. */
static mk_err check_attributes(const mk_run *r)
{
    const mk_clean_options *const o = &r->options;
    if (!o->attributes)
        return MK_OK;
    if (mk_folder_is(o->output))
        return mk_fail(r->reterr, MK_OPTION, "no attributes beside a folder");
    const char *const paths[] = {o->output, o->ledger, o->attributes};
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        if (!paths[i] || strcmp(paths[i], "-") == 0)
            return mk_fail(r->reterr, MK_OPTION,
                           "attributes need a ledger, and files instead of pipes");
    return MK_OK;
}

/* What is replaced must not be what is read; nor may two outputs be one. */
static mk_err check_outputs(const mk_run *r)
{
    const mk_clean_options *const o = &r->options;
    const char *const paths[] = {o->output, o->ledger, o->rejects, o->summary, o->attributes};
    const char *const lists[] = {o->select.url_list, o->select.exclude_hosts};
    const size_t n = mk_folder_is(o->output) ? 1 : sizeof(paths) / sizeof(*paths);
    mk_err err = check_attributes(r);
    if (err == MK_OK)
        err = mk_apart(paths, n, lists, sizeof(lists) / sizeof(*lists), r->reterr);
    if (err == MK_OK)
        err = mk_apart(paths, n, r->chain->files, r->chain->n_files, r->reterr);
    if (err != MK_OK)
        return err;

    for (size_t i = 0; i < n && o->force; i++)
        if (paths[i] && strcmp(paths[i], "-") != 0 && mk_inputs_has(&r->inputs, paths[i]))
            return mk_fail(r->reterr, MK_OPTION,
                           "cannot replace '%s': it is, or holds, one of the inputs", paths[i]);
    return MK_OK;
}

/* path: NULL if it is not wanted. */
static mk_err open_beside(mk_run *r, const char *path, mk_outfile **ret)
{
    return path ? mk_outfile_open(path, r->options.force, mk_codec_of(path), 0, r->pool, ret,
                                  r->reterr)
                : MK_OK;
}

static mk_err open_outputs(mk_run *r)
{
    mk_err err = check_outputs(r);
    if (err != MK_OK)
        return err;
    r->spec = (mk_spec){.chain = r->chain, .options = &r->options, .inputs = &r->inputs};
    err = mk_outputs_open(&r->spec, r->pool, &r->outputs, r->reterr);
    if (err == MK_OK)
        err = open_beside(r, r->options.summary, &r->report);
    return err == MK_OK ? open_beside(r, r->options.attributes, &r->attributes) : err;
}

static mk_err open_run(mk_run *r)
{
    mk_err err = open_pool(r);
    return err == MK_OK ? open_counts(r) : err;
}

static mk_err list_inputs(mk_run *r, const mk_source_events *events)
{
    const mk_err err = mk_source_list(&r->options, &r->read, events, &r->inputs, r->reterr);
    if (err != MK_OK)
        return err;
    for (size_t i = 0; i < r->inputs.n; i++)
        r->progress.total_bytes += r->inputs.items[i].size;
    r->counts = calloc(r->inputs.n + 1, sizeof(*r->counts));
    return r->counts ? MK_OK : mk_fail(r->reterr, MK_NOMEM, "out of memory for the inputs");
}

/* ---- the end ---- */

/* in = written + filtered + duplicate + rejected + skipped, or it is our bug. */
static mk_err check_conservation(const mk_run *r)
{
    const mk_summary *s = r->summary;
    uint64_t n_in = 0;
    bool adds_up = true;
    for (size_t i = 0; i < r->inputs.n; i++) {
        const mk_input_counts *c = &r->counts[i];
        n_in += c->in;
        adds_up &= c->in == c->written + c->filtered + c->duplicate + c->rejected + c->skipped;
    }
    if (adds_up && s->n_in == n_in && s->n_in == r->seq &&
        s->n_in == s->n_written + s->n_filtered + s->n_duplicate + s->n_rejected + s->n_skipped)
        return MK_OK;
    return mk_fail(r->reterr, MK_BUG,
                   "records do not add up: read %" PRIu64 ", in %" PRIu64 ", of inputs %" PRIu64
                   ", written %" PRIu64 ", filtered %" PRIu64 ", duplicate %" PRIu64
                   ", rejected %" PRIu64 ", skipped %" PRIu64,
                   r->seq, s->n_in, n_in, s->n_written, s->n_filtered, s->n_duplicate,
                   s->n_rejected, s->n_skipped);
}

static mk_err put_summary(mk_run *r)
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

/* Of the output and the ledger, which have their names. */
static mk_err put_attributes(mk_run *r)
{
    const mk_attributes_files files = {r->options.output, r->options.ledger, r->options.stop};
    uint64_t n_docs;
    return r->attributes ? mk_attributes_write(&files, r->attributes, r->pool, &n_docs, r->reterr)
                         : MK_OK;
}

/* The output's name appears last: where it stands, the others are whole, but for the
 * attributes. */
static mk_err commit_files(mk_run *r)
{
    mk_err err = r->report ? put_summary(r) : MK_OK;
    if (err == MK_OK)
        err = mk_outputs_commit(r->outputs, MK_OUT_LEDGER, r->reterr);
    if (err == MK_OK)
        err = mk_outputs_commit(r->outputs, MK_OUT_REJECTS, r->reterr);
    if (err == MK_OK && r->report)
        err = mk_outfile_commit(r->report, r->reterr);
    if (err == MK_OK)
        err = mk_outputs_commit(r->outputs, MK_OUT_DATA, r->reterr);
    return err == MK_OK ? put_attributes(r) : err;
}

static mk_err finish_folder(mk_run *r)
{
    mk_run_report report = {
        .spec = mk_outputs_spec(r->outputs),
        .inputs = r->counts,
        .summary = r->summary,
    };
    mk_buf text = {.max = MK_BUF_MAX};
    report.shards = mk_outputs_closed(r->outputs, &report.n_shards);
    mk_run_report_put(&report, &text);
    const mk_err err = text.failed ? mk_fail(r->reterr, MK_NOMEM, "out of memory for the report")
                                   : mk_outputs_finish(r->outputs, mk_buf_str(&text), r->reterr);
    mk_buf_clear(&text);
    return err;
}

/* done: by an earlier run, whose figures are asked for. */
static mk_err finish(mk_run *r, bool done)
{
    mk_err err = MK_OK;
    if (!r->last.end) {
        err = settle(r);
        mk_messages_end(&r->messages);
        r->summary->no_text = mk_messages_no_text(&r->messages,
                                                  r->summary->n_in - r->summary->n_skipped);
        if (err == MK_OK)
            err = check_conservation(r);
        if (err == MK_OK)
            err = take_mark(r, (mk_position){.file = r->inputs.n, .place.unit = MK_NO_UNIT},
                            MK_NO_UNIT, true, true);
    }
    if (err == MK_OK)
        err = mk_tallies_report(&r->tallies, r->summary, r->reterr);
    if (err != MK_OK)
        return err;
    r->summary->bytes_out = mk_outputs_bytes(r->outputs, &r->last);
    if (done) {
        mk_error note;
        mk_fail(&note, MK_OK, "the run in '%s' is finished: nothing to do",
                mk_outputs_where(r->outputs));
        mk_run_tell(r, note.text);
        return MK_OK;
    }
    return mk_outputs_in_folder(r->outputs) ? finish_folder(r) : commit_files(r);
}

static mk_err run_all(mk_run *r)
{
    const mk_source_events events = {take_record, take_damage, take_note, r};
    bool done = false;
    mk_err err = list_inputs(r, &events);
    if (err == MK_OK)
        err = open_outputs(r);
    if (err == MK_OK)
        err = mk_outputs_begin(r->outputs, r->counts, r->gate, &r->sure, &r->last, &done,
                               r->reterr);
    if (err != MK_OK)
        return err;
    const bool resumed = r->last.line > 0;
    const mk_position from = r->last.at;
    if (resumed)
        restore_counts(r, &r->last);
    if (r->sure.unit != MK_NO_UNIT)
        mk_messages_hold(&r->messages);
    r->progress.n_checkpoints = r->last.line;
    if (!r->last.end)
        err = mk_source_walk(&r->options, &r->inputs, resumed ? &from : NULL, &r->read, &events,
                             r->summary, r->reterr);
    return err == MK_OK ? finish(r, done) : err;
}

static void close_run(mk_run *r)
{
    while (r->pool && mk_pool_pull(r->pool))
        ; /* batches are freed below, blocks with their files */
    mk_pool_close(r->pool);
    mk_outputs_close(r->outputs);
    mk_outfile_close(r->report);
    mk_outfile_close(r->attributes);
    mk_gate_close(r->gate);
    for (size_t i = 0; i < r->n_all; i++)
        mk_run_free_batch(r->all[i]);
    free(r->all);
    free(r->spare);
    free(r->counts);
    mk_inputs_clear(&r->inputs);
    mk_tallies_clear(&r->tallies);
    mk_checkpoint_clear(&r->sure);
    mk_checkpoint_clear(&r->last);
    mk_messages_clear(&r->messages);
    mk_source_options_clear(&r->read);
}

mk_err mk_clean(const mk_chain *chain, const mk_clean_options *options, mk_summary *ret,
                mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    *ret = (mk_summary){0};
    mk_run r = {
        .chain = chain, .options = *options, .summary = ret, .reterr = reterr ? reterr : &local};
    set_defaults(&r.options);
    mk_messages_init(&r.messages, options->on_message, options->arg);
    const mk_need needs[] = {{"inputs", options->inputs, options->n_inputs},
                             {"output", &options->output, 1}};
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), r.reterr);
    if (err == MK_OK)
        err = mk_source_options(&r.options, &r.read, r.reterr);
    if (err == MK_OK)
        err = open_run(&r);
    if (err == MK_OK)
        err = run_all(&r);
    mk_run_show_progress(&r);
    close_run(&r);
    return err;
}
