#include "chain/pipeline.h"

#include "base/buf.h"
#include "doc/doc.h"
#include "doc/edit.h"
#include "doc/segment.h"
#include "write/ledger.h"

/* ---- filters ---- */

/* normalizer: NULL, or what an earlier document has left; whoever calls frees it. A large
 * document may take seconds: MK_STOPPED before the next step where *stop is set, and the
 * document is half made. */
static mk_err run(const mk_chain *chain, mk_doc *doc, mk_arena *arena, mk_normalizer **normalizer,
                  const volatile sig_atomic_t *stop)
{
    mk_err err = mk_segment(doc, chain->gaps, arena);
    mk_edit edit = {.doc = doc,
                    .arena = arena,
                    .matcher = chain->matcher,
                    .normalizer = normalizer,
                    .simd = chain->simd};
    if (err == MK_OK && !mk_edit_begin(&edit))
        err = MK_NOMEM;
    for (size_t i = 0; i < chain->n_steps && err == MK_OK && !doc->gone; i++) {
        const mk_step *step = &chain->steps[i];
        if (stop && *stop)
            return MK_STOPPED;
        edit.step = (uint8_t)i;
        err = step->filter->apply(step->config, &edit);
        if (edit.nomem)
            err = MK_NOMEM;
    }
    return err;
}

mk_err mk_pipeline_run(const mk_chain *chain, mk_doc *doc, mk_arena *arena)
{
    mk_normalizer *normalizer = NULL;
    const mk_err err = run(chain, doc, arena, &normalizer, NULL);
    mk_normalizer_free(normalizer);
    return err;
}

bool mk_doc_text(const mk_doc *doc, mk_scratch *scratch, mk_str *ret)
{
    mk_buf buf = {.ptr = scratch->ptr, .size = scratch->size, .max = MK_BUF_MAX};
    mk_doc_put_text(doc, &buf);
    scratch->ptr = buf.ptr;
    scratch->size = buf.size;
    *ret = mk_buf_str(&buf);
    return !buf.failed;
}

/* ---- a batch ---- */

static mk_err put_digest(const mk_doc *doc, mk_buf *text, mk_digest *ret)
{
    mk_buf_reset(text);
    mk_doc_put_text(doc, text);
    *ret = mk_hash128(mk_buf_str(text));
    return text->failed ? MK_NOMEM : MK_OK;
}

/* What the documents of a batch share. */
typedef struct tools {
    mk_normalizer *normalizer;
    mk_buf text;
    mk_arena *page;  /* of the document at hand: its memory stays in the caches */
    mk_arena *owned; /* page, if it is emptied after each document */
} tools;

/* A duplicate's ledger line is put when the gate has seen it: its lines are needed
 * until then. */
static mk_err take_tools(mk_batch *batch, tools *ret)
{
    *ret = (tools){.text = {.max = MK_BUF_MAX}, .page = batch->arena};
    if (batch->want_ledger && batch->want_digest)
        return MK_OK;
    ret->page = ret->owned = mk_arena_new();
    return ret->page ? MK_OK : MK_NOMEM;
}

static void drop_tools(tools *t)
{
    mk_normalizer_free(t->normalizer);
    mk_buf_clear(&t->text);
    mk_arena_free(t->owned);
}

/* MK_RECORD is no failure here: the document is rejected. */
static mk_err work_on(mk_batch *batch, mk_item *item, tools *t)
{
    mk_doc *doc = &item->doc;
    mk_err err = MK_OK;
    if (doc->verdict != MK_REJECTED) {
        mk_error why;
        err = item->reader->parse(item->bytes, batch->read, t->page, doc, &why);
        if (err == MK_RECORD) {
            doc->verdict = MK_REJECTED;
            doc->reason = mk_arena_str(batch->arena, mk_str_of(why.text));
            doc->raw = (mk_str){"", 0};
            if (!doc->reason.ptr)
                return MK_NOMEM;
        } else if (err == MK_OK && doc->verdict != MK_SKIPPED) {
            err = run(batch->chain, doc, t->page, &t->normalizer, batch->stop);
        }
    }
    return err == MK_RECORD ? MK_OK : err;
}

/* The document as lines, each with its own ceiling, whatever the batch holds. */
static void put_lines(mk_batch *batch, const mk_doc *doc, const mk_filter *const *filters)
{
    batch->out.max = batch->out.len + batch->max_line;
    batch->ledger.max = batch->ledger.len + batch->max_line;
    if (doc->verdict == MK_WRITTEN)
        mk_schema_put(batch->schema, doc, &batch->out);
    if (batch->want_ledger)
        mk_ledger_put(doc, filters, &batch->ledger);
}

/* Writes and counts what became of the document. One of which a line would be too long is
 * a reject: no other suffers for it. id: what it was before the record was read. */
static mk_err put_item(mk_batch *batch, mk_item *item, mk_str id, const mk_filter *const *filters,
                       tools *t)
{
    mk_doc *const doc = &item->doc;
    const size_t out = batch->out.len, ledger = batch->ledger.len;
    put_lines(batch, doc, filters);
    if (batch->out.full || batch->ledger.full) {
        mk_error why;
        mk_buf_cut(&batch->out, out);
        mk_buf_cut(&batch->ledger, ledger);
        mk_fail(&why, MK_RECORD, "its line of the output or the ledger is longer than %zu bytes",
                batch->max_line);
        *doc = (mk_doc){.seq = doc->seq,
                        .number = doc->number,
                        .offset = doc->offset,
                        .inner = doc->inner,
                        .id = id,
                        .source = doc->source,
                        .raw = {"", 0},
                        .reason = mk_arena_str(batch->arena, mk_str_of(why.text)),
                        .verdict = MK_REJECTED};
        if (!doc->reason.ptr)
            return MK_NOMEM;
        put_lines(batch, doc, filters);
    }
    item->out_end = batch->out.len;
    item->ledger_end = batch->ledger.len;
    mk_tallies_count(&batch->tallies, doc, &item->counts);
    return doc->verdict == MK_WRITTEN && batch->want_digest
               ? put_digest(doc, &t->text, &item->digest)
               : MK_OK;
}

/* Whys without what they say, which has been written. */
static mk_err keep_whys(mk_arena *arena, const mk_why *whys, const mk_why **ret)
{
    for (*ret = NULL; whys; whys = whys->next) {
        mk_why *const why = mk_arena_alloc(arena, sizeof(*why));
        if (!why)
            return MK_NOMEM;
        *why = (mk_why){.next = *ret, .rule = whys->rule, .step = whys->step};
        *ret = why;
    }
    return MK_OK;
}

/* Of a document that is done only what the counts and messages say stays. */
static mk_err let_go(mk_batch *batch, mk_doc *doc, tools *t)
{
    const mk_why *review;

    if (!t->owned)
        return MK_OK;
    const mk_doc done = *doc;
    if (keep_whys(batch->arena, done.review, &review) != MK_OK)
        return MK_NOMEM;
    *doc = (mk_doc){.seq = done.seq,
                    .number = done.number,
                    .offset = done.offset,
                    .inner = done.inner,
                    .verdict = done.verdict,
                    .review = review};
    const bool told = done.verdict == MK_REJECTED || done.verdict == MK_SKIPPED;
    if (told) {
        doc->source = mk_arena_str(batch->arena, done.source);
        doc->reason = mk_arena_str(batch->arena, done.reason);
    }
    mk_arena_reset(t->owned);
    return !told || (doc->source.len == done.source.len && doc->reason.len == done.reason.len)
               ? MK_OK
               : MK_NOMEM;
}

void mk_pipeline_work(mk_job *job)
{
    mk_batch *batch = (mk_batch *)(void *)job;
    const mk_filter *filters[MK_MAX_STEPS + 1] = {NULL};
    for (size_t i = 0; i < batch->chain->n_steps; i++)
        filters[i] = batch->chain->steps[i].filter;
    tools t;
    batch->err = take_tools(batch, &t);
    for (size_t i = 0; i < batch->n_items && batch->err == MK_OK; i++) {
        mk_item *item = &batch->items[i];
        const mk_str id = item->doc.id;
        batch->err = work_on(batch, item, &t);
        if (batch->err != MK_OK)
            break; /* the document is half made */
        batch->err = put_item(batch, item, id, filters, &t);
        if (batch->err == MK_OK)
            batch->err = let_go(batch, &item->doc, &t);
    }
    if (batch->out.failed || batch->ledger.failed)
        batch->err = MK_NOMEM;
    if (batch->err == MK_STOPPED)
        mk_fail(&batch->error, batch->err, "stopped by a signal");
    else if (batch->err != MK_OK)
        mk_fail(&batch->error, batch->err, "out of memory for a batch of documents");
    drop_tools(&t);
}
