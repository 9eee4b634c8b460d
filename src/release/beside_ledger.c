/* beside_ledger.c: the ledger, line by line with the documents, and what is made of it: a
 * ledger a split, attributes, the report. In a takedown the texts of records that are not
 * in the release leave it, before anything is made of them.
 * Cases: tests/release/test_release.c, fixtures/cli/pack_ledger, takedown_ledger. */
#include <stdio.h>

#include "base/json.h"
#include "release/beside_private.h"

int mk_beside_ledger_name(const char *split, mk_codec codec, char *out, size_t size)
{
    return snprintf(out, size, "ledger/%s.jsonl.%s", split, mk_manifest_codec(codec));
}

mk_err mk_beside_ledger(mk_beside *b, mk_pair_files files, mk_error *reterr)
{
    mk_pairs_close(b->pairs);
    b->pairs = NULL;
    files.stop = b->o.stop;
    return mk_pairs_open_fed(files, &b->pairs, reterr);
}

static void count_record(mk_beside *b, mk_verdict verdict)
{
    static const mk_verdict order[MK_RUN_COUNTS] = {[1] = MK_WRITTEN,
                                                    [2] = MK_FILTERED,
                                                    [3] = MK_DUPLICATE,
                                                    [4] = MK_REJECTED,
                                                    [5] = MK_SKIPPED};

    b->counts[0]++;
    for (size_t i = 1; i < MK_RUN_COUNTS; i++)
        b->counts[i] += order[i] == verdict;
}

/* ---- takedowns ---- */

/* What is left of a record whose text is not in the release: its number, and what became of
 * it. Also of those that never were written: nobody can tell whether they are of the
 * site that asked, or a copy. Where there was no text the reason stays. */
static mk_err make_stub(mk_beside *b, const mk_pair *from, mk_pair *ret, mk_error *reterr)
{
    static const char *const words[] = {[MK_WRITTEN] = "skipped",
                                        [MK_FILTERED] = "filtered",
                                        [MK_DUPLICATE] = "duplicate",
                                        [MK_REJECTED] = "rejected",
                                        [MK_SKIPPED] = "skipped"};
    const mk_verdict verdict = from->ledger.verdict;
    const bool had_text = verdict != MK_REJECTED && verdict != MK_SKIPPED;
    const char *const comma = memchr(from->line.ptr, ',', from->line.len);

    *ret = (mk_pair){
        .ledger = {.verdict = verdict == MK_WRITTEN ? MK_SKIPPED : verdict,
                   .reason = had_text ? MK_STR(MK_LEDGER_TAKEN_DOWN) : from->ledger.reason}};
    mk_buf_reset(&b->stub);
    b->stub.max = MK_BUF_MAX;
    mk_buf_put(&b->stub, mk_str_sub(from->line, 0, comma ? (size_t)(comma - from->line.ptr) : 0));
    mk_buf_printf(&b->stub,
                  ",\"id\":\"\",\"source\":\"\",\"verdict\":\"%s\",\"reason\":", words[verdict]);
    mk_json_put(&b->stub, ret->ledger.reason);
    mk_buf_puts(&b->stub, ",\"review\":false,\"bytes\":0,\"crc32\":\"00000000\",\"edits\":[]}");
    ret->line = mk_buf_str(&b->stub);
    return b->stub.failed ? mk_beside_no_memory(reterr) : MK_OK;
}

/* ---- records ---- */

static mk_err put_line(mk_beside *b, mk_str line, size_t split, mk_error *reterr)
{
    mk_side *const s = &b->splits[split].ledger;
    mk_err err = MK_OK;

    if (!s->name[0]) {
        mk_beside_ledger_name(b->o.splits->items[split].name, b->o.codec, s->name, sizeof(s->name));
        err = mk_side_open(s, &b->to, reterr);
    }
    if (err != MK_OK)
        return err;
    mk_buf_put(&s->lines, line);
    mk_buf_putc(&s->lines, '\n');
    return mk_side_send(s, &b->to, reterr);
}

/* A record: of a document, or NULL. */
static mk_err take_pair(mk_beside *b, const mk_pair *pair, const mk_load_doc *doc, mk_error *reterr)
{
    const size_t split = doc ? doc->split : 0;
    const bool is_gone = !doc || doc->is_dropped;
    mk_pair stub;
    mk_err err = MK_OK;

    if (b->o.takedown && is_gone) {
        err = make_stub(b, pair, &stub, reterr);
        pair = &stub;
    }
    if (err != MK_OK)
        return err;
    count_record(b, pair->ledger.verdict);
    if (b->o.report)
        err = mk_report_count_add(&b->report, pair, b->arena, reterr);
    if (err == MK_OK && b->o.stage && b->o.ledger)
        err = put_line(b, pair->line, split, reterr);
    if (err == MK_OK && !is_gone && b->o.attributes && !b->lines.reader) {
        b->splits[split].waiting.max = MK_BUF_MAX;
        err = mk_attributes_put(b->maker, pair, b->arena, &b->splits[split].waiting, reterr);
    }
    return err;
}

mk_err mk_beside_records(mk_beside *b, const mk_load_doc *doc, mk_error *reterr)
{
    mk_pair pair;
    mk_err err;

    for (;;) {
        mk_arena_reset(b->arena);
        err = mk_pairs_next(b->pairs, b->arena, &pair, reterr);
        if (err != MK_OK)
            return err == MK_RECORD ? MK_MISMATCH : err;
        const bool is_doc = pair.ledger.verdict == MK_WRITTEN;
        err = take_pair(b, &pair, is_doc ? doc : NULL, reterr);
        if (err != MK_OK || is_doc)
            return err == MK_RECORD ? MK_MISMATCH : err;
    }
}

mk_err mk_beside_ledger_end(mk_beside *b, mk_error *reterr)
{
    const mk_err err = mk_beside_records(b, NULL, reterr);

    mk_pairs_close(b->pairs);
    b->pairs = NULL;
    return err == MK_END ? MK_OK : err;
}

mk_err mk_beside_end_ledger(mk_beside *b, mk_manifest *m, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < b->o.splits->n; i++) {
        mk_side *const s = &b->splits[i].ledger;
        char name[sizeof(s->name)];
        mk_file file = {0};
        if (!s->name[0])
            continue;
        memcpy(name, s->name, sizeof(name));
        err = mk_side_close(s, &b->to, &file, reterr);
        if (err == MK_OK)
            err = mk_beside_list(m, name, &file, reterr);
    }
    return err;
}
