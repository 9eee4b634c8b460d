/* clean_batch.c: batches of documents, and what becomes of finished ones: in the order of
 * the input each passes the gate, is counted and goes to its files. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"
#include "run/clean_private.h"
#include "write/ledger.h"

enum { KEPT_BUF = 4 << 20 /* bytes that a spare batch keeps for its next lines */ };

void mk_run_free_batch(mk_batch *batch)
{
    if (!batch)
        return;
    mk_arena_free(batch->arena);
    mk_buf_clear(&batch->out);
    mk_buf_clear(&batch->ledger);
    mk_tallies_clear(&batch->tallies);
    free(batch);
}

mk_batch *mk_run_new_batch(mk_run *r)
{
    mk_batch *batch = calloc(1, sizeof(*batch));
    if (batch)
        batch->arena = mk_arena_new();
    if (!batch || !batch->arena || mk_tallies_init(&batch->tallies, r->chain, r->reterr) != MK_OK) {
        mk_run_free_batch(batch);
        mk_fail(r->reterr, MK_NOMEM, "out of memory for a batch of documents");
        return NULL;
    }
    batch->job.work = mk_pipeline_work;
    batch->chain = r->chain;
    batch->read = &r->read;
    batch->schema = r->schema;
    batch->want_ledger = mk_outputs_want(r->outputs, MK_OUT_LEDGER);
    batch->want_digest = r->gate != NULL;
    batch->stop = r->options.stop;
    batch->max_line = MK_BATCH_LINE;
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

void mk_run_tell(const mk_run *r, const char *text)
{
    if (r->options.on_message)
        r->options.on_message(r->options.arg, text);
}

void mk_run_show_progress(mk_run *r)
{
    if (!r->options.on_progress || !r->outputs)
        return;
    r->progress.n_in = r->summary->n_in;
    r->progress.n_written = r->summary->n_written;
    r->progress.text_in = r->summary->text_in;
    r->progress.shard = mk_outputs_shard(r->outputs);
    r->progress.text_out = r->summary->text_out;
    r->options.on_progress(r->options.arg, &r->progress);
}

/* The bytes of a reject, so that it can be mended and read again. */
static mk_err put_reject(mk_run *r, const mk_item *item)
{
    mk_messages_reject(&r->messages, item->where, item->doc.number, item->doc.reason);
    if (!mk_outputs_want(r->outputs, MK_OUT_REJECTS))
        return MK_OK;
    mk_buf line = {.max = MK_BATCH_LINE};
    const bool valid = mk_utf8_valid(item->bytes) == item->bytes.len;
    mk_buf_puts(&line, "{\"source\":");
    mk_json_put(&line, item->doc.source);
    mk_buf_printf(&line, ",\"number\":%" PRIu64 ",\"reason\":", item->doc.number);
    mk_json_put(&line, item->doc.reason);
    const size_t head = line.len;
    mk_buf_puts(&line, valid ? ",\"record\":" : ",\"record_hex\":\"");
    if (valid)
        mk_json_put(&line, item->bytes);
    for (size_t i = 0; i < item->bytes.len && !valid; i++)
        mk_buf_printf(&line, "%02x", (unsigned char)item->bytes.ptr[i]);
    mk_buf_puts(&line, valid ? "}\n" : "\"}\n");
    if (line.full) { /* as of a record that was too long itself */
        mk_buf_cut(&line, head);
        mk_buf_puts(&line, ",\"record\":\"\"}\n");
    }
    const mk_err err = line.failed ? mk_fail(r->reterr, MK_NOMEM, "out of memory for a reject")
                                   : mk_outputs_put(r->outputs, MK_OUT_REJECTS, item->doc.seq,
                                                    mk_buf_str(&line), r->reterr);
    mk_buf_clear(&line);
    return err;
}

/* The gate found an earlier document with the same text: its line is not
 * written, and its ledger line says so. */
static mk_err put_duplicate(mk_run *r, mk_item *item)
{
    if (!mk_outputs_want(r->outputs, MK_OUT_LEDGER))
        return MK_OK;
    const mk_filter *filters[MK_MAX_STEPS + 1] = {NULL};
    for (size_t i = 0; i < r->chain->n_steps; i++)
        filters[i] = r->chain->steps[i].filter;
    mk_buf line = {.max = MK_BUF_MAX};
    mk_ledger_put(&item->doc, filters, &line);
    const mk_err err = line.failed ? mk_fail(r->reterr, MK_NOMEM, "out of memory for the ledger")
                                   : mk_outputs_put(r->outputs, MK_OUT_LEDGER, item->doc.seq,
                                                    mk_buf_str(&line), r->reterr);
    mk_buf_clear(&line);
    return err;
}

static void count(mk_run *r, const mk_item *item)
{
    const mk_doc *doc = &item->doc;
    mk_summary *s = r->summary;
    mk_input_counts *c = &r->counts[item->file];
    const struct {
        uint64_t *all, *input;
    } numbers[] = {
        [MK_WRITTEN] = {&s->n_written, &c->written},
        [MK_FILTERED] = {&s->n_filtered, &c->filtered},
        [MK_DUPLICATE] = {&s->n_duplicate, &c->duplicate},
        [MK_REJECTED] = {&s->n_rejected, &c->rejected},
        [MK_SKIPPED] = {&s->n_skipped, &c->skipped},
    };
    s->n_in++;
    c->in++;
    ++*numbers[doc->verdict].all;
    ++*numbers[doc->verdict].input;
    if (doc->verdict == MK_SKIPPED)
        mk_summary_skip(s, doc->reason, 1);
    if (doc->review && doc->verdict == MK_WRITTEN) {
        s->n_review++;
        mk_tallies_review(&r->tallies, doc);
    }
    s->text_in += item->counts.text_in;
    s->lines_in += item->counts.lines_in;
    s->letters_in += item->counts.letters_in;
    if (doc->verdict == MK_WRITTEN) {
        s->text_out += item->counts.text_out;
        s->lines_out += item->counts.lines_out;
        s->letters_out += item->counts.letters_out;
    }
}

static mk_err pass_gate(mk_run *r, mk_item *item)
{
    mk_doc *doc = &item->doc;
    bool seen = false;
    const mk_err err = mk_gate_pass(r->gate, item->digest, doc->seq, &seen, &doc->twin, r->reterr);
    if (err != MK_OK)
        return err;
    if (!seen)
        return mk_outputs_key(r->outputs, item->digest, doc->seq, r->reterr);
    doc->verdict = MK_DUPLICATE;
    return MK_OK;
}

static mk_err finish_item(mk_run *r, mk_item *item, mk_str out, mk_str ledger)
{
    mk_doc *doc = &item->doc;
    mk_err err = MK_OK;
    if (r->gate && doc->verdict == MK_WRITTEN)
        err = pass_gate(r, item);
    if (err == MK_OK && doc->verdict == MK_WRITTEN)
        err = mk_outputs_make_room(r->outputs, out.len, r->reterr);
    if (err == MK_OK && doc->verdict == MK_DUPLICATE)
        err = put_duplicate(r, item);
    else if (err == MK_OK)
        err = mk_outputs_put(r->outputs, MK_OUT_LEDGER, doc->seq, ledger, r->reterr);
    if (err == MK_OK && doc->verdict == MK_REJECTED)
        err = put_reject(r, item);
    if (err == MK_OK && doc->verdict == MK_WRITTEN)
        err = mk_outputs_put(r->outputs, MK_OUT_DATA, doc->seq, out, r->reterr);
    count(r, item);
    return err;
}

/* buf's bytes from, to; buf may have none at all. */
static mk_str part_of(const mk_buf *buf, size_t from, size_t to)
{
    return from < to ? (mk_str){buf->ptr + from, to - from} : (mk_str){"", 0};
}

mk_err mk_run_finish_batch(mk_run *r, mk_batch *batch)
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
    mk_run_show_progress(r);
    return err;
}
