#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/digest.h"
#include "minkhal/report.h"
#include "support.h"

static mk_audit audit;
static mk_error error;

/* ---- intervals ---- */

static bool is_near(double got, double want)
{
    return got > want - 0.0001 && got < want + 0.0001;
}

START_TEST(wilson_is_as_published)
{
    double low, high;
    /* Newcombe, Statistics in Medicine 17 (1998), table I: method 3. */
    mk_wilson(81, 263, &low, &high);
    ck_assert(is_near(low, 0.2553) && is_near(high, 0.3662));
    mk_wilson(15, 148, &low, &high);
    ck_assert(is_near(low, 0.0624) && is_near(high, 0.1605));
    mk_wilson(0, 20, &low, &high);
    ck_assert(is_near(low, 0) && is_near(high, 0.1611));
    mk_wilson(1, 29, &low, &high);
    ck_assert(is_near(low, 0.0061) && is_near(high, 0.1718));
    mk_wilson(0, 0, &low, &high);
    ck_assert(is_near(low, 0) && is_near(high, 1));
}
END_TEST

/* ---- reports ---- */

static void put_verdict(mk_buf *out, unsigned doc, const char *rule, unsigned of,
                        const char *verdict)
{
    mk_buf_printf(out, "{\"doc\":%u,\"src\":0,\"rule\":\"%s\",\"of\":%u,\"verdict\":\"%s\"}\n", doc,
                  rule, of, verdict);
}

START_TEST(rules_are_weighted_by_their_removals)
{
    mk_buf v = {.max = MK_BUF_MAX};
    for (unsigned i = 0; i < 10; i++)
        put_verdict(&v, i, "a/x", 900, i < 1 ? "wrong" : "right");
    for (unsigned i = 10; i < 20; i++)
        put_verdict(&v, i, "b/y", 100, i < 15 ? "wrong" : "right");
    put_verdict(&v, 30, "c/z", 5000, "unsure");
    mk_audit_report report;
    ck_assert(mk_audit_read(mk_test_file("v.jsonl", mk_buf_str(&v)), &report, &error) == MK_OK);
    ck_assert_uint_eq(report.n_rules, 3);
    ck_assert_mk_str_eq(report.rules[1].rule, MK_STR("a/x"));
    ck_assert(is_near(report.rules[1].rate, 0.1));
    ck_assert(is_near(report.all.rate, 0.9 * 0.1 + 0.1 * 0.5));
    ck_assert(report.all.low < report.all.rate && report.all.rate < report.all.high);
    ck_assert_uint_eq(report.all.population, 1000);
    ck_assert_uint_eq(report.all.judged[MK_JUDGED_UNSURE], 1);
    mk_audit_report_clear(&report);
    mk_buf_clear(&v);
}
END_TEST

START_TEST(the_last_verdict_on_a_removal_counts)
{
    mk_buf v = {.max = MK_BUF_MAX};
    put_verdict(&v, 1, "a/x", 10, "wrong");
    put_verdict(&v, 1, "a/x", 10, "right");
    mk_audit_report report;
    ck_assert(mk_audit_read(mk_test_file("v.jsonl", mk_buf_str(&v)), &report, &error) == MK_OK);
    ck_assert_uint_eq(report.all.judged[MK_JUDGED_RIGHT], 1);
    ck_assert_uint_eq(report.all.judged[MK_JUDGED_WRONG], 0);
    mk_audit_report_clear(&report);
    mk_buf_clear(&v);
}
END_TEST

START_TEST(refuses_what_is_no_verdict)
{
    mk_audit_report report;
    ck_assert(mk_audit_read(mk_test_file("v.jsonl", MK_STR("{\"doc\":1}\n")), &report, &error) ==
              MK_DAMAGED);
    ck_assert_ptr_nonnull(strstr(error.text, "v.jsonl:1: not a verdict"));
    mk_audit_report_clear(&report);
    ck_assert(mk_audit_read(mk_test_path("none.jsonl"), &report, &error) == MK_DAMAGED);
    mk_audit_report_clear(&report);
}
END_TEST

/* ---- drawing ---- */

/* n documents that lost a line each to one of two rules, one in ten to the second. */
static void put_run(unsigned n)
{
    mk_buf ledger = {.max = MK_BUF_MAX}, docs = {.max = MK_BUF_MAX};
    for (unsigned i = 0; i < n; i++) {
        char read[64];
        const int len = snprintf(read, sizeof(read), "ab\njunk %u\ncd...", i);
        mk_buf_printf(&ledger,
                      "{\"doc\":%u,\"id\":\"%u\",\"source\":\"s\",\"verdict\":\"written\","
                      "\"reason\":\"\",\"review\":false,\"bytes\":%d,\"crc32\":\"%08x\","
                      "\"edits\":[{\"at\":3,\"len\":0,\"src\":3,\"was\":\"junk %u\\n\","
                      "\"why\":[{\"filter\":\"%s\",\"rule\":\"x\",\"evidence\":\"e\"}]},"
                      "{\"at\":5,\"len\":0,\"src\":%d,\"was\":\"...\","
                      "\"why\":[{\"filter\":\"lines\",\"rule\":\"end\",\"evidence\":\"\"}]}]}\n",
                      i, i, len, (unsigned)mk_crc32(mk_str_of(read)), i,
                      i % 10 ? "often" : "seldom", len - 3);
        mk_buf_printf(&docs, "{\"id\":\"%u\",\"text\":\"ab\\ncd\"}\n", i);
    }
    mk_test_file("ledger.jsonl", mk_buf_str(&ledger));
    mk_test_file("docs.jsonl", mk_buf_str(&docs));
    mk_buf_clear(&ledger);
    mk_buf_clear(&docs);
}

static volatile sig_atomic_t stop;

static mk_err draw(size_t n, uint64_t seed, const char *verdicts)
{
    const char *const ledger = mk_test_path("ledger.jsonl");
    const char *const inputs[] = {ledger, mk_test_path("docs.jsonl")};
    const mk_audit_options options = {.inputs = inputs,
                                      .n_inputs = 2,
                                      .n_sample = n,
                                      .seed = seed,
                                      .verdicts = verdicts,
                                      .stop = &stop};
    return mk_audit_draw(&options, &audit, &error);
}

START_TEST(a_signal_ends_the_draw)
{
    put_run(10);
    stop = 1;
    ck_assert_int_eq(draw(20, 1, NULL), MK_STOPPED);
    ck_assert_str_eq(error.text, "stopped by a signal");
    stop = 0;
    mk_audit_clear(&audit);
}
END_TEST

START_TEST(draws_as_many_of_each_rule)
{
    put_run(1000);
    ck_assert_msg(draw(20, 1, NULL) == MK_OK, "%s", error.text);
    ck_assert_uint_eq(audit.population, 1000);
    ck_assert_uint_eq(audit.n_cases, 20);
    size_t n_seldom = 0;
    for (size_t i = 0; i < audit.n_cases; i++) {
        const mk_audit_case *c = &audit.cases[i];
        const bool seldom = mk_str_eq(c->rule, MK_STR("seldom/x"));
        n_seldom += seldom;
        ck_assert_uint_eq(c->population, seldom ? 100 : 900);
        ck_assert_uint_eq(c->src, 3);
        ck_assert_mk_str_eq(c->before, MK_STR("ab"));
        ck_assert_mk_str_eq(c->after, MK_STR("cd"));
        ck_assert_mk_str_eq(c->evidence, MK_STR("e"));
        ck_assert(!c->whole);
    }
    ck_assert_uint_eq(n_seldom, 10);
    mk_audit_clear(&audit);
}
END_TEST

START_TEST(a_greater_sample_holds_the_smaller)
{
    uint64_t docs[10];
    put_run(500);
    ck_assert(draw(10, 3, NULL) == MK_OK);
    for (size_t i = 0; i < 10; i++)
        docs[i] = audit.cases[i].doc;
    mk_audit_clear(&audit);
    ck_assert(draw(30, 3, NULL) == MK_OK);
    for (size_t i = 0; i < 10; i++) {
        bool found = false;
        for (size_t k = 0; k < audit.n_cases; k++)
            found = found || audit.cases[k].doc == docs[i];
        ck_assert(found);
    }
    mk_audit_clear(&audit);
}
END_TEST

START_TEST(what_was_judged_is_not_drawn_again)
{
    mk_scratch scratch = {0};
    mk_str line;
    put_run(100);
    ck_assert(draw(10, 0, NULL) == MK_OK);
    ck_assert(mk_audit_line(&audit.cases[0], MK_JUDGED_RIGHT, &scratch, &line));
    const char *const path = mk_test_file("judged.jsonl", line);
    const uint64_t doc = audit.cases[0].doc;
    mk_audit_clear(&audit);
    ck_assert(draw(10, 0, path) == MK_OK);
    ck_assert_uint_eq(audit.n_cases, 9);
    ck_assert_uint_eq(audit.n_judged, 1);
    for (size_t i = 0; i < audit.n_cases; i++)
        ck_assert_uint_ne(audit.cases[i].doc, doc);
    mk_audit_clear(&audit);
    free(scratch.ptr);
}
END_TEST

START_TEST(refuses_documents_of_another_run)
{
    put_run(10);
    mk_test_file("docs.jsonl", MK_STR("{\"id\":\"other\",\"text\":\"ab\"}\n"));
    ck_assert(draw(10, 0, NULL) == MK_MISMATCH);
    mk_audit_clear(&audit);
    mk_test_file("docs.jsonl", MK_STR("{\"id\":\"0\",\"text\":\"\"}\n"));
    ck_assert(draw(10, 0, NULL) == MK_MISMATCH);
    mk_audit_clear(&audit);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("audit");
    TCase *c = tcase_create("all");
    tcase_add_test(c, wilson_is_as_published);
    tcase_add_test(c, rules_are_weighted_by_their_removals);
    tcase_add_test(c, the_last_verdict_on_a_removal_counts);
    tcase_add_test(c, refuses_what_is_no_verdict);
    tcase_add_test(c, draws_as_many_of_each_rule);
    tcase_add_test(c, a_signal_ends_the_draw);
    tcase_add_test(c, a_greater_sample_holds_the_smaller);
    tcase_add_test(c, what_was_judged_is_not_drawn_again);
    tcase_add_test(c, refuses_documents_of_another_run);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
