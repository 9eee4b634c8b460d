#include "run/pipeline.h"

#include "base/buf.h"
#include "doc/doc.h"
#include "doc/edit.h"
#include "doc/segment.h"
#include "write/ledger.h"

/* ---- filters ---- */

mk_err mk_pipeline_run(const mk_chain *chain, mk_doc *doc, mk_arena *arena)
{
    mk_err err = mk_segment(doc, chain->gaps, arena);
    mk_edit edit = {.doc = doc, .arena = arena, .matcher = chain->matcher};
    for (size_t i = 0; i < chain->n_steps && err == MK_OK && !doc->gone; i++) {
        const mk_step *step = &chain->steps[i];
        edit.step = (uint8_t)i;
        err = step->filter->apply(step->config, &edit);
        if (edit.nomem)
            err = MK_NOMEM;
    }
    mk_edit_close(&edit);
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

static mk_digest digest_of(const mk_doc *doc, mk_buf *text)
{
    mk_buf_reset(text);
    mk_doc_put_text(doc, text);
    return mk_hash128(mk_buf_str(text));
}

/* MK_RECORD is no failure here: the document is rejected. */
static mk_err work_on(mk_batch *batch, mk_item *item, mk_buf *text)
{
    mk_doc *doc = &item->doc;
    mk_err err = MK_OK;
    if (doc->verdict != MK_REJECTED) {
        mk_error why;
        err = item->reader->parse(item->bytes, batch->read, batch->arena, doc, &why);
        if (err == MK_RECORD) {
            doc->verdict = MK_REJECTED;
            doc->reason = mk_arena_str(batch->arena, mk_str_of(why.text));
            doc->raw = (mk_str){"", 0};
        } else if (err == MK_OK && doc->verdict != MK_SKIPPED) {
            err = mk_pipeline_run(batch->chain, doc, batch->arena);
        }
    }
    if (err != MK_OK && err != MK_RECORD)
        return err;
    mk_tallies_count(&batch->tallies, doc, &item->counts);
    if (doc->verdict == MK_WRITTEN) {
        mk_schema_put(batch->schema, doc, &batch->out);
        if (batch->want_digest)
            item->digest = digest_of(doc, text);
    }
    return MK_OK;
}

void mk_pipeline_work(mk_job *job)
{
    mk_batch *batch = (mk_batch *)(void *)job;
    const mk_filter *filters[MK_MAX_STEPS + 1] = {NULL};
    for (size_t i = 0; i < batch->chain->n_steps; i++)
        filters[i] = batch->chain->steps[i].filter;
    mk_buf text = {.max = MK_BUF_MAX};
    for (size_t i = 0; i < batch->n_items && batch->err == MK_OK; i++) {
        mk_item *item = &batch->items[i];
        batch->err = work_on(batch, item, &text);
        item->out_end = batch->out.len;
        if (batch->want_ledger)
            mk_ledger_put(&item->doc, filters, &batch->ledger);
        item->ledger_end = batch->ledger.len;
    }
    if (batch->out.failed || batch->ledger.failed || text.failed)
        batch->err = MK_NOMEM;
    if (batch->err != MK_OK)
        mk_fail(&batch->error, batch->err, "out of memory for a batch of documents");
    mk_buf_clear(&text);
}
