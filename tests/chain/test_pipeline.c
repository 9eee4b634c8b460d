#include "chain/pipeline.h"

#include <stdlib.h>

#include "doc/doc.h"
#include "support.h"
#include "write/ledger.h"

static mk_arena *arena;
static mk_chain *chain;
static mk_doc doc;
static volatile sig_atomic_t stop;
static size_t max_line;
static mk_error error;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
    chain = NULL;
    stop = 0;
    max_line = MK_BATCH_LINE;
}

static void teardown(void)
{
    mk_chain_close(chain);
    mk_arena_free(arena);
}

static void open_chain(const char *filters)
{
    const mk_chain_options options = {.filters = filters};
    const mk_err err = mk_chain_open(&options, &chain, &error);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
}

static void run(const char *raw)
{
    doc = (mk_doc){.raw = mk_str_of(raw)};
    ck_assert_int_eq(mk_pipeline_run(chain, &doc, arena), MK_OK);
}

/* The text of doc; lent till the arena goes. */
static mk_str text(void)
{
    mk_scratch scratch = {0};
    mk_str s;
    ck_assert(mk_doc_text(&doc, &scratch, &s));
    const mk_str copy = mk_arena_str(arena, s);
    free(scratch.ptr);
    return copy;
}

/* ---- a document ---- */

START_TEST(lines_become_text_again)
{
    open_chain("");
    run("a\r\nb\n\n\nc\n");
    ck_assert_mk_str_eq(text(), MK_STR("a\nb\n\nc"));
    ck_assert_int_eq(doc.verdict, MK_WRITTEN);
}
END_TEST

START_TEST(steps_run_in_order)
{
    open_chain("normalize:tatweel=off,normalize");
    run(" كتـاب  ـ  كتب");
    ck_assert_mk_str_eq(text(), MK_STR("كتاب - كتب"));
    ck_assert_uint_eq(doc.lines[0].changes[0].why->step, 0);
    ck_assert_uint_eq(doc.lines[0].changes[1].why->step, 1);
}
END_TEST

START_TEST(letters_of_lines_that_are_gone_stay)
{
    open_chain("share,verdict,normalize");
    run("شارك هذا الخـــبر\nكتـــاب");
    ck_assert_mk_str_eq(text(), MK_STR("كتاب"));
    ck_assert_ptr_nonnull(doc.lines[0].gone);
    ck_assert_uint_eq(doc.lines[0].n_changes, 0);
}
END_TEST

START_TEST(a_document_of_which_nothing_is_left_is_filtered)
{
    open_chain("");
    run("\n \n");
    ck_assert_int_eq(doc.verdict, MK_FILTERED);
    ck_assert_ptr_nonnull(doc.gone);
    ck_assert_str_eq(mk_chain_filter(chain, doc.gone->step)->rules[doc.gone->rule].name, "empty");
    ck_assert_uint_eq(text().len, 0);
}
END_TEST

START_TEST(an_empty_document_is_filtered)
{
    open_chain("");
    run("");
    ck_assert_int_eq(doc.verdict, MK_FILTERED);
}
END_TEST

START_TEST(the_same_text_gives_the_same_lines)
{
    open_chain("share,verdict,normalize");
    run("شارك هذا الخبر\nنص  ثان\nنص");
    const mk_str first = text();
    run("شارك هذا الخبر\nنص  ثان\nنص");
    ck_assert_mk_str_eq(text(), first);
}
END_TEST

START_TEST(doc_text_reuses_its_scratch)
{
    mk_scratch scratch = {0};
    mk_str out;
    open_chain("");
    run("abc");
    ck_assert(mk_doc_text(&doc, &scratch, &out));
    const char *ptr = scratch.ptr;
    run("de\nf");
    ck_assert(mk_doc_text(&doc, &scratch, &out));
    ck_assert_ptr_eq(scratch.ptr, ptr);
    ck_assert_mk_str_eq(out, MK_STR("de\nf"));
    free(scratch.ptr);
}
END_TEST

/* ---- a batch ---- */

static const mk_read_options read_options = {
    .text_field = {"text", 4}, .id_field = {"id", 2}, .max_doc = 1 << 20};
static mk_batch *batch;

/* A batch of these records of JSONL, done. */
static void work(const char *const *records, size_t n, bool ledger, bool digest)
{
    batch = calloc(1, sizeof(*batch));
    ck_assert_ptr_nonnull(batch);
    batch->chain = chain;
    batch->read = &read_options;
    batch->schema = mk_schemas;
    batch->arena = arena;
    batch->want_ledger = ledger;
    batch->want_digest = digest;
    batch->stop = &stop;
    batch->max_line = max_line;
    ck_assert_int_eq(mk_tallies_init(&batch->tallies, chain, &error), MK_OK);
    for (size_t i = 0; i < n; i++)
        batch->items[batch->n_items++] = (mk_item){.reader = &mk_reader_jsonl,
                                                   .bytes = mk_str_of(records[i]),
                                                   .where = MK_STR("in.jsonl"),
                                                   .doc = {.seq = i,
                                                           .number = i + 1,
                                                           .id = MK_STR("in:1"),
                                                           .source = MK_STR("in.jsonl"),
                                                           .members = MK_STR("{}")}};
    batch->job.work = mk_pipeline_work;
    batch->job.work(&batch->job);
}

static void clear_batch(void)
{
    mk_buf_clear(&batch->out);
    mk_buf_clear(&batch->ledger);
    mk_tallies_clear(&batch->tallies);
    free(batch);
}

START_TEST(a_batch_writes_its_documents_one_after_another)
{
    static const char *const records[] = {"{\"text\":\"a\"}", "{\"text\":\"\"}",
                                          "{\"text\":\"b\"}"};
    open_chain("");
    work(records, 3, false, false);
    ck_assert_int_eq(batch->err, MK_OK);
    ck_assert_int_eq(batch->items[0].doc.verdict, MK_WRITTEN);
    ck_assert_int_eq(batch->items[1].doc.verdict, MK_FILTERED);
    ck_assert_uint_gt(batch->items[0].out_end, 0);
    ck_assert_uint_eq(batch->items[1].out_end, batch->items[0].out_end);
    ck_assert_uint_eq(batch->items[2].out_end, batch->out.len);
    ck_assert_int_eq(batch->out.ptr[batch->items[0].out_end - 1], '\n');
    ck_assert_uint_eq(batch->ledger.len, 0);
    clear_batch();
}
END_TEST

START_TEST(a_batch_rejects_what_is_no_document)
{
    static const char *const records[] = {"{\"text\":\"a\"}", "{\"text\":", "{\"text\":\"b\"}"};
    open_chain("");
    work(records, 3, true, false);
    ck_assert_int_eq(batch->err, MK_OK);
    ck_assert_int_eq(batch->items[1].doc.verdict, MK_REJECTED);
    ck_assert_uint_gt(batch->items[1].doc.reason.len, 0);
    ck_assert_uint_eq(batch->items[1].doc.raw.len, 0);
    ck_assert_uint_eq(batch->items[1].out_end, batch->items[0].out_end);
    ck_assert_int_eq(batch->items[2].doc.verdict, MK_WRITTEN);
    clear_batch();
}
END_TEST

/* What is removed stands in the ledger: its line is longer than the record. */
START_TEST(a_batch_rejects_a_document_whose_line_is_too_long)
{
    static const char *const records[] = {
        "{\"text\":\"a\"}",
        "{\"text\":\"a  b  c  d  e  f  g  h  i  j  k  l  m  n  o  p\"}",
        "{\"text\":\"b  c\"}",
    };
    open_chain("normalize");
    max_line = 600;
    work(records, 3, true, false);
    ck_assert_int_eq(batch->err, MK_OK);
    ck_assert_int_eq(batch->items[0].doc.verdict, MK_WRITTEN);
    ck_assert_int_eq(batch->items[1].doc.verdict, MK_REJECTED);
    ck_assert_mk_str_eq(batch->items[1].doc.reason,
                        MK_STR("its line of the output or the ledger is longer than 600 bytes"));
    ck_assert_mk_str_eq(batch->items[1].doc.source, MK_STR("in.jsonl"));
    ck_assert_uint_eq(batch->items[1].out_end, batch->items[0].out_end);
    ck_assert_uint_eq(batch->items[1].counts.lines_in, 0);
    ck_assert_int_eq(batch->items[2].doc.verdict, MK_WRITTEN);
    const mk_str line = {batch->ledger.ptr + batch->items[0].ledger_end,
                         batch->items[1].ledger_end - batch->items[0].ledger_end};
    mk_ledger_record record = {0};
    ck_assert_int_eq(mk_ledger_parse(line, arena, &record, &error), MK_OK);
    ck_assert_int_eq(record.verdict, MK_REJECTED);
    ck_assert_uint_eq(record.bytes, 0);
    ck_assert_mk_str_eq(record.id, MK_STR("in:1"));
    clear_batch();
}
END_TEST

START_TEST(a_line_that_is_too_long_counts_for_no_rule)
{
    static const char *const records[] = {"{\"text\":\"a  b  c  d  e  f\"}"};
    open_chain("normalize");
    max_line = 200;
    work(records, 1, false, true);
    ck_assert_int_eq(batch->items[0].doc.verdict, MK_WRITTEN);
    clear_batch();
    max_line = 20;
    work(records, 1, false, true);
    ck_assert_int_eq(batch->items[0].doc.verdict, MK_REJECTED);
    for (size_t i = 0; i < batch->tallies.n_rules; i++)
        ck_assert_uint_eq(batch->tallies.rules[i].spans, 0);
    clear_batch();
}
END_TEST

START_TEST(a_batch_writes_a_ledger_line_for_each_record)
{
    static const char *const records[] = {"{\"text\":\"a\"}", "{\"text\":", "{\"text\":\"\"}"};
    open_chain("");
    work(records, 3, true, false);
    size_t n = 0;
    for (size_t i = 0; i < batch->ledger.len; i++)
        n += batch->ledger.ptr[i] == '\n';
    ck_assert_uint_eq(n, 3);
    ck_assert_uint_lt(batch->items[0].ledger_end, batch->items[1].ledger_end);
    ck_assert_uint_eq(batch->items[2].ledger_end, batch->ledger.len);
    clear_batch();
}
END_TEST

START_TEST(digests_are_of_the_written_text)
{
    static const char *const records[] = {"{\"text\":\"a  b\"}", "{\"text\":\"a b\"}",
                                          "{\"text\":\"a c\"}"};
    open_chain("normalize");
    work(records, 3, false, true);
    ck_assert_uint_eq(batch->items[0].digest.low, batch->items[1].digest.low);
    ck_assert_uint_eq(batch->items[0].digest.high, batch->items[1].digest.high);
    ck_assert_uint_ne(batch->items[0].digest.low, batch->items[2].digest.low);
    ck_assert_uint_eq(batch->items[0].digest.low, mk_hash128(MK_STR("a b")).low);
    clear_batch();
}
END_TEST

START_TEST(a_batch_counts_its_documents)
{
    static const char *const records[] = {"{\"text\":\"ab  cd\\nef\"}", "{\"text\":\" \"}"};
    open_chain("normalize");
    work(records, 2, false, false);
    const mk_doc_counts *c = &batch->items[0].counts;
    ck_assert_uint_eq(c->text_in, 9);
    ck_assert_uint_eq(c->text_out, 8);
    ck_assert_uint_eq(c->lines_in, 2);
    ck_assert_uint_eq(c->lines_out, 2);
    ck_assert_uint_eq(c->letters_in, 6);
    ck_assert_uint_eq(c->letters_out, 6);
    ck_assert_uint_eq(batch->items[1].counts.lines_in, 0);
    ck_assert_uint_eq(batch->items[1].counts.text_out, 0);
    clear_batch();
}
END_TEST

static unsigned n_applied;

/* A signal comes while the first step is at its second document. */
static mk_err apply_and_stop(const void *config, mk_edit *edit)
{
    (void)config;
    (void)edit;
    stop = ++n_applied >= 2;
    return MK_OK;
}

static mk_err apply_behind(const void *config, mk_edit *edit)
{
    (void)config;
    (void)edit;
    ck_assert(!stop);
    return MK_OK;
}

START_TEST(a_stop_ends_a_batch_between_two_steps)
{
    static const char *const records[] = {"{\"text\":\"a\"}", "{\"text\":\"b\"}",
                                          "{\"text\":\"c\"}"};
    open_chain("normalize,normalize");
    mk_filter first = *chain->steps[0].filter, second = first;
    first.apply = apply_and_stop;
    second.apply = apply_behind;
    chain->steps[0].filter = &first;
    chain->steps[1].filter = &second;
    n_applied = 0;
    work(records, 3, true, false);
    ck_assert_int_eq(batch->err, MK_STOPPED);
    ck_assert_int_eq(batch->error.code, MK_STOPPED);
    ck_assert_str_eq(batch->error.text, "stopped by a signal");
    ck_assert_uint_eq(n_applied, 2);
    ck_assert_uint_eq(batch->out.len, batch->items[0].out_end);
    clear_batch();
    chain->steps[0].filter = chain->steps[1].filter = mk_filter_find(MK_STR("normalize"));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("pipeline");
    TCase *const t = tcase_create("pipeline");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, lines_become_text_again);
    tcase_add_test(t, steps_run_in_order);
    tcase_add_test(t, letters_of_lines_that_are_gone_stay);
    tcase_add_test(t, a_document_of_which_nothing_is_left_is_filtered);
    tcase_add_test(t, an_empty_document_is_filtered);
    tcase_add_test(t, the_same_text_gives_the_same_lines);
    tcase_add_test(t, doc_text_reuses_its_scratch);
    tcase_add_test(t, a_batch_writes_its_documents_one_after_another);
    tcase_add_test(t, a_batch_rejects_what_is_no_document);
    tcase_add_test(t, a_batch_rejects_a_document_whose_line_is_too_long);
    tcase_add_test(t, a_line_that_is_too_long_counts_for_no_rule);
    tcase_add_test(t, a_batch_writes_a_ledger_line_for_each_record);
    tcase_add_test(t, digests_are_of_the_written_text);
    tcase_add_test(t, a_batch_counts_its_documents);
    tcase_add_test(t, a_stop_ends_a_batch_between_two_steps);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
