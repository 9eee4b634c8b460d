/* scan.c: batches of records on their way through the pool; see scan.h. Batches
 * close as those of a run (chain/pipeline.h). */
#include "release/scan.h"

#include <stdlib.h>

#include "base/pool.h"
#include "chain/pipeline.h"
#include "read/source.h"
#include "run/messages.h"

typedef struct item {
    const mk_reader *reader;
    mk_str bytes, where;
    mk_doc doc;
    void *result;
} item;

typedef struct batch {
    mk_job job; /* must be first: the pool hands it back */
    const mk_scan *scan;
    const mk_read_options *read;
    mk_arena *arena;
    item items[MK_BATCH_DOCS];
    size_t n_items, n_bytes;
    bool nomem;
} batch;

typedef struct scanner {
    const mk_scan *scan;
    mk_read_options read;
    mk_pool *pool;
    batch **all, **spare;
    size_t n_all, n_spare, n_batches;
    batch *current;
    uint64_t seq;
    mk_summary *summary;
    mk_progress progress;
    mk_source_place place; /* that it names */
    mk_messages messages;  /* of bad records */
    bool ended;            /* take has seen enough */
    mk_error *reterr;
} scanner;

/* ---- in the pool ---- */

static bool work_on(const batch *b, item *it)
{
    mk_doc *doc = &it->doc;
    mk_error why;
    if (doc->verdict == MK_REJECTED)
        return true;
    const mk_err err = it->reader->parse(it->bytes, b->read, b->arena, doc, &why);
    if (err == MK_RECORD) {
        doc->verdict = MK_REJECTED;
        doc->reason = mk_arena_str(b->arena, mk_str_of(why.text));
        return true;
    }
    if (err != MK_OK)
        return false;
    it->result = mk_arena_alloc(b->arena, b->scan->result_size + 1);
    return it->result &&
           (doc->verdict == MK_SKIPPED || b->scan->work(b->scan->arg, doc, b->arena, it->result));
}

static void work(mk_job *job)
{
    batch *b = (batch *)(void *)job;
    for (size_t i = 0; i < b->n_items && !b->nomem; i++)
        b->nomem = !work_on(b, &b->items[i]);
}

/* ---- in order ---- */

static void tell(const scanner *s, const char *text)
{
    if (s->scan->options->on_message)
        s->scan->options->on_message(s->scan->options->arg, text);
}

static mk_err finish_item(scanner *s, const item *it)
{
    const mk_doc *doc = &it->doc;
    s->summary->n_in++;
    s->summary->n_skipped += doc->verdict == MK_SKIPPED;
    if (doc->verdict == MK_REJECTED) {
        s->summary->n_rejected++;
        mk_messages_reject(&s->messages, it->where, doc->number, doc->reason);
    }
    if (doc->verdict != MK_WRITTEN || s->ended)
        return MK_OK;
    s->summary->text_in += doc->raw.len;
    const mk_err err = s->scan->take(s->scan->arg, doc, it->result, s->reterr);
    s->ended = err == MK_END;
    return err == MK_END ? MK_OK : err;
}

static void show_progress(scanner *s)
{
    if (!s->scan->options->on_progress)
        return;
    s->progress.n_in = s->summary->n_in;
    s->progress.text_in = s->summary->text_in;
    s->scan->options->on_progress(s->scan->options->arg, &s->progress);
}

static mk_err pull(scanner *s)
{
    batch *b = (batch *)(void *)mk_pool_pull(s->pool);
    mk_err err = b->nomem ? mk_fail(s->reterr, MK_NOMEM, "out of memory for a batch of documents")
                          : MK_OK;
    for (size_t i = 0; i < b->n_items && err == MK_OK; i++)
        err = finish_item(s, &b->items[i]);
    mk_arena_reset(b->arena);
    b->n_items = b->n_bytes = 0;
    b->nomem = false;
    s->spare[s->n_spare++] = b;
    show_progress(s);
    return err;
}

static mk_err drain(scanner *s)
{
    mk_err err = MK_OK;
    if (s->current && s->current->n_items > 0) {
        mk_pool_push(s->pool, &s->current->job);
        s->current = NULL;
    }
    while (err == MK_OK && mk_pool_pending(s->pool) > 0)
        err = pull(s);
    return err;
}

/* ---- records ---- */

static void free_batch(batch *b)
{
    if (!b)
        return;
    mk_arena_free(b->arena);
    free(b);
}

static batch *new_batch(scanner *s)
{
    batch *b = calloc(1, sizeof(*b));
    if (b)
        b->arena = mk_arena_new();
    if (!b || !b->arena) {
        free_batch(b);
        mk_fail(s->reterr, MK_NOMEM, "out of memory for a batch of documents");
        return NULL;
    }
    b->job.work = work;
    b->scan = s->scan;
    b->read = &s->read;
    s->all[s->n_all++] = b;
    return b;
}

static batch *batch_to_fill(scanner *s)
{
    while (mk_pool_pending(s->pool) > 0 && mk_pool_ready(s->pool))
        if (pull(s) != MK_OK)
            return NULL;
    while (!s->current && s->n_spare == 0) {
        if (s->n_all < s->n_batches)
            return s->current = new_batch(s);
        if (pull(s) != MK_OK)
            return NULL;
    }
    if (!s->current)
        s->current = s->spare[--s->n_spare];
    return s->current;
}

static mk_err take_record(void *arg, const mk_source *source, const mk_record *record,
                          const char *reason)
{
    scanner *s = arg;
    if (s->scan->options->stop && *s->scan->options->stop)
        return mk_fail(s->reterr, MK_STOPPED, "stopped by a signal");
    if (s->ended)
        return MK_END;
    batch *b = batch_to_fill(s);
    if (!b)
        return s->reterr->code;
    item *it = &b->items[b->n_items];
    *it = (item){.reader = source->reader};
    const mk_err err = mk_source_doc(source, record, reason, s->seq++, b->arena, &it->bytes,
                                     &it->where, &it->doc);
    if (err != MK_OK)
        return mk_fail(s->reterr, err, "out of memory for a record");
    mk_source_show(source, &s->place, &s->progress);
    b->n_bytes += record->bytes.len;
    if (++b->n_items == MK_BATCH_DOCS || b->n_bytes >= MK_BATCH_BYTES) {
        mk_pool_push(s->pool, &b->job);
        s->current = NULL;
    }
    return MK_OK;
}

static mk_err take_damage(void *arg, const mk_source *source, uint64_t unit, const char *text)
{
    scanner *s = arg;
    (void)unit;
    s->summary->n_damaged += source->n_damaged == 0;
    tell(s, text);
    return MK_OK;
}

static void take_note(void *arg, const char *text)
{
    tell(arg, text);
}

static mk_err open_scan(scanner *s)
{
    const unsigned threads = mk_pool_threads_for(s->scan->options->threads);
    s->n_batches = threads == 1 ? 1 : 2 * (size_t)threads + 2;
    s->all = calloc(s->n_batches, sizeof(*s->all));
    s->spare = calloc(s->n_batches, sizeof(*s->spare));
    if (!s->all || !s->spare)
        return mk_fail(s->reterr, MK_NOMEM, "out of memory");
    return mk_pool_open(threads == 1 ? 0 : threads, &s->pool, s->reterr);
}

mk_err mk_scan_run(const mk_scan *scan, mk_summary *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    scanner s = {.scan = scan, .summary = ret, .reterr = reterr ? reterr : &local};
    const mk_source_events events = {take_record, take_damage, take_note, &s};
    *ret = (mk_summary){0};
    mk_messages_init(&s.messages, scan->options->on_message, scan->options->arg);
    mk_err err = mk_source_options(scan->options, &s.read, s.reterr);
    if (err == MK_OK)
        err = open_scan(&s);
    if (err == MK_OK)
        err = mk_source_each(scan->options, &s.read, &events, ret, &s.progress.total_bytes,
                             s.reterr);
    if (err == MK_OK)
        err = drain(&s);
    if (err == MK_OK)
        mk_messages_end(&s.messages);
    ret->no_text = mk_messages_no_text(&s.messages, ret->n_in - ret->n_skipped);
    while (s.pool && mk_pool_pull(s.pool))
        ;
    mk_pool_close(s.pool);
    for (size_t i = 0; i < s.n_all; i++)
        free_batch(s.all[i]);
    free(s.all);
    free(s.spare);
    mk_messages_clear(&s.messages);
    mk_source_options_clear(&s.read);
    return err;
}
