#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "minkhal/report.h"
#include "release/census.h"
#include "release/distinct.h"
#include "release/tops.h"
#include "support.h"

/* ---- a text ---- */

static mk_census census_of(const char *text)
{
    mk_census_table table;
    mk_census c;
    mk_census_table_init(&table);
    mk_census_take(&table, mk_str_of(text), &c);
    return c;
}

START_TEST(counts_words_letters_and_lines)
{
    const mk_census c = census_of("سلام عليكم\n \t\nabc 12 x");
    ck_assert_uint_eq(c.words, 5);
    ck_assert_uint_eq(c.letters, 4 + 5 + 3 + 1);
    ck_assert_uint_eq(c.lines, 2);
    ck_assert_uint_eq(c.scripts[MK_SCRIPT_ARABIC], 9);
    ck_assert_uint_eq(c.scripts[MK_SCRIPT_LATIN], 4);
    ck_assert_uint_eq(c.signs[MK_TEXT_SIGN_ASCII_DIGITS], 2);
}
END_TEST

START_TEST(marks_and_tatweel_do_not_part_words)
{
    const mk_census c = census_of("م\u064Fح\u0640\u0640مد \u200Fنعم");
    ck_assert_uint_eq(c.words, 2);
    ck_assert_uint_eq(c.letters, 4 + 3);
    ck_assert_uint_eq(c.signs[MK_TEXT_SIGN_TASHKEEL], 1);
    ck_assert_uint_eq(c.signs[MK_TEXT_SIGN_TATWEEL], 2);
    ck_assert_uint_eq(c.signs[MK_TEXT_SIGN_INVISIBLE], 1);
}
END_TEST

START_TEST(tells_digits_forms_and_scripts_apart)
{
    const mk_census c = census_of("1 ١٢ ۱۲۳ \uFEE1 Ж Ω א 中");
    ck_assert_uint_eq(c.signs[MK_TEXT_SIGN_ASCII_DIGITS], 1);
    ck_assert_uint_eq(c.signs[MK_TEXT_SIGN_ARABIC_DIGITS], 2);
    ck_assert_uint_eq(c.signs[MK_TEXT_SIGN_PERSIAN_DIGITS], 3);
    ck_assert_uint_eq(c.signs[MK_TEXT_SIGN_FORMS], 1);
    ck_assert_uint_eq(c.scripts[MK_SCRIPT_ARABIC], 1);
    ck_assert_uint_eq(c.scripts[MK_SCRIPT_CYRILLIC], 1);
    ck_assert_uint_eq(c.scripts[MK_SCRIPT_GREEK], 1);
    ck_assert_uint_eq(c.scripts[MK_SCRIPT_HEBREW], 1);
    ck_assert_uint_eq(c.scripts[MK_SCRIPT_HAN], 1);
    ck_assert_uint_eq(census_of("").lines, 0);
}
END_TEST

/* ---- histograms ---- */

START_TEST(quantiles_lie_between_min_and_max)
{
    mk_histogram h = {0};
    ck_assert_uint_eq(mk_histogram_quantile(&h, 500), 0);
    for (uint64_t i = 1; i <= 1000; i++)
        mk_histogram_put(&h, i);
    ck_assert_uint_eq(h.min, 1);
    ck_assert_uint_eq(h.max, 1000);
    ck_assert_uint_eq(h.sum, 500500);
    const uint64_t middle = mk_histogram_quantile(&h, 500);
    ck_assert_msg(middle >= 480 && middle <= 520, "%llu", (unsigned long long)middle);
    ck_assert_uint_le(mk_histogram_quantile(&h, 1000), 1000);
    ck_assert_uint_ge(mk_histogram_quantile(&h, 0), 1);
    mk_histogram_put(&h, UINT64_MAX);
    ck_assert_uint_eq(h.bins[64], 1);
}
END_TEST

/* ---- bounded tables ---- */

START_TEST(a_full_table_never_counts_too_much)
{
    mk_top_table *t = mk_top_table_new(8);
    const uint64_t one[4] = {1, 10};
    char name[16];
    mk_tops tops;
    ck_assert_ptr_nonnull(t);
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "%d", i);
        ck_assert(mk_top_table_put(t, MK_STR("often"), one));
        ck_assert(mk_top_table_put(t, mk_str_of(name), one));
    }
    mk_top_table_sort(t, &tops);
    ck_assert_uint_le(tops.n, 8);
    ck_assert_mk_str_eq(tops.items[0].name, MK_STR("often"));
    ck_assert_uint_le(tops.items[0].n[0], 1000);
    ck_assert_uint_ge(tops.items[0].n[0] + tops.missed, 1000);
    mk_top_table_free(t);
}
END_TEST

START_TEST(a_table_that_is_large_enough_is_exact)
{
    mk_top_table *t = mk_top_table_new(1000);
    const uint64_t one[4] = {1};
    char name[16];
    mk_tops tops;
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof(name), "%d", i % 1000);
        ck_assert(mk_top_table_put(t, mk_str_of(name), one));
    }
    mk_top_table_sort(t, &tops);
    ck_assert_uint_eq(tops.n, 1000);
    ck_assert_uint_eq(tops.missed, 0);
    for (size_t i = 0; i < tops.n; i++)
        ck_assert_uint_eq(tops.items[i].n[0], 3);
    ck_assert_mk_str_eq(tops.items[1].name, MK_STR("1")); /* equal counts: by name */
    mk_top_table_free(t);
}
END_TEST

static uint64_t mixed(uint64_t i)
{
    i += UINT64_C(0x9E3779B97F4A7C15);
    i = (i ^ i >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    i = (i ^ i >> 27) * UINT64_C(0x94D049BB133111EB);
    return i ^ i >> 31;
}

START_TEST(samples_of_parts_are_the_sample_of_the_whole)
{
    mk_distinct *whole = mk_distinct_new(100), *a = mk_distinct_new(100), *b = mk_distinct_new(100);
    for (uint64_t i = 0; i < 5000; i++) {
        mk_distinct_put(whole, mixed(i % 3000), 1);
        mk_distinct_put(i % 7 == 0 ? a : b, mixed(i % 3000), 1);
    }
    size_t n, n_whole;
    unsigned bits, bits_whole;
    uint64_t texts, texts_whole, kinds, kinds_whole;
    const mk_distinct_item *items = mk_distinct_sort(b, &n);
    mk_distinct_count(b, &bits, &texts, &kinds);
    for (size_t i = 0; i < n; i++)
        mk_distinct_put(a, items[i].digest, items[i].n);
    mk_distinct_raise(a, bits);
    mk_distinct_count(a, &bits, &texts, &kinds);
    mk_distinct_count(whole, &bits_whole, &texts_whole, &kinds_whole);
    ck_assert_uint_eq(bits, bits_whole);
    ck_assert_uint_eq(texts, texts_whole);
    ck_assert_uint_eq(kinds, kinds_whole);
    items = mk_distinct_sort(a, &n);
    const mk_distinct_item *want = mk_distinct_sort(whole, &n_whole);
    ck_assert_uint_eq(n, n_whole);
    ck_assert_uint_gt(n, 20);
    for (size_t i = 0; i < n; i++)
        ck_assert(items[i].digest == want[i].digest && items[i].n == want[i].n);
    mk_distinct_free(whole);
    mk_distinct_free(a);
    mk_distinct_free(b);
}
END_TEST

/* ---- a corpus ---- */

/* n documents from number `first` on; some are equal to others. */
static const char *put_docs(const char *name, unsigned first, unsigned n)
{
    mk_buf docs = {.max = MK_BUF_MAX};
    for (unsigned i = first; i < first + n; i++) {
        mk_buf_printf(&docs, "{\"id\":\"%u\",\"url\":\"http://www.s%u.example/x\",\"text\":\"", i,
                      i % 7);
        mk_buf_puts(&docs, i % 3 ? "هذا خبر عن المدينة" : "and a text in Latin");
        mk_buf_printf(&docs, " %u\"%s}\n", i % 50, i % 4 ? "" : ",\"lang\":\"ar\"");
    }
    ck_assert(!docs.failed);
    const char *path = mk_test_file(name, mk_buf_str(&docs));
    mk_buf_clear(&docs);
    return path;
}

static mk_str json_of(const char *a, const char *b, unsigned threads, mk_scratch *scratch)
{
    const char *const inputs[] = {a, b};
    const mk_stats_options options = {.inputs = inputs, .n_inputs = b ? 2 : 1, .threads = threads};
    mk_stats stats;
    mk_error error = {.text = ""};
    mk_str json;
    ck_assert_msg(mk_stats_run(&options, &stats, &error) == MK_OK, "%s", error.text);
    ck_assert(mk_stats_json(&stats, scratch, &json));
    mk_stats_clear(&stats);
    return json;
}

START_TEST(parts_add_up_to_the_whole)
{
    mk_scratch s[4] = {{0}};
    const char *const whole = put_docs("whole.jsonl", 0, 900);
    const mk_str want = json_of(whole, NULL, 1, &s[0]);
    const char *const a = mk_test_file("a.json",
                                       json_of(put_docs("a.jsonl", 0, 300), NULL, 1, &s[1]));
    const char *const b = mk_test_file("b.json",
                                       json_of(put_docs("b.jsonl", 300, 600), NULL, 1, &s[2]));
    ck_assert_mk_str_eq(json_of(a, b, 1, &s[3]), want);
    ck_assert_mk_str_eq(json_of(b, a, 1, &s[3]), want);
    ck_assert_mk_str_eq(json_of(a, mk_test_path("b.jsonl"), 2, &s[3]), want);
    for (int i = 0; i < 4; i++)
        free(s[i].ptr);
}
END_TEST

START_TEST(figures_do_not_depend_on_threads)
{
    mk_scratch s[2] = {{0}};
    const char *const path = put_docs("docs.jsonl", 0, 2000);
    ck_assert_mk_str_eq(json_of(path, NULL, 4, &s[0]), json_of(path, NULL, 1, &s[1]));
    free(s[0].ptr);
    free(s[1].ptr);
}
END_TEST

START_TEST(refuses_figures_that_are_none)
{
    static const char *const wrong[] = {
        "{}",
        "[]",
        "{\"stats\":1,\"documents\":-1}",
        "{\"stats\":1,\"letters_a_document\":{\"n\":2,\"bins\":[1]}}",
        "{\"stats\":1,\"sites\":{\"items\":[{\"documents\":1}]}}",
        "{\"stats\":1,\"texts\":{\"digests\":[\"0\"]}}",
        "{\"stats\":1,\"texts\":{\"sample_bits\":65}}",
        "{\"stats\":1",
        "{\"stats\":2}",
        "{\"stats\":\"1\"}",
        "{\"stats\":1,\"letters_a_document\":{\"n\":1,\"bins\":[\"1\"]}}",
        "{\"stats\":1,\"letters_a_document\":{\"n\":-1}}",
        "{\"stats\":1,\"letters_a_document\":{\"sum\":null}}",
        "{\"stats\":1,\"letters_a_document\":{\"min\":[]}}",
        "{\"stats\":1,\"words_a_document\":{\"max\":\"\"}}",
        "{\"stats\":1,\"letters_a_document\":{\"bins\":[1,]}}",
        "{\"stats\":1,\"letters_a_document\":{\"n\":1,}}",
        "{\"stats\":1,\"letters_a_document\":{\"n\":66,\"bins\":["
        "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
        "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}}",
        "{\"stats\":1,\"scripts\":{\"Arabic\":{\"characters\":-1}}}",
        "{\"stats\":1,\"scripts\":{\"Arabic\":{\"documents\":{}}}}",
        "{\"stats\":1,\"scripts\":{\"Arabic\":{\"documents\":1,}}}",
        "{\"stats\":1,\"scripts\":{\"Arabic\":{},}}",
        "{\"stats\":1,\"signs\":{\"tatweel\":{\"characters\":1.5}}}",
        "{\"stats\":1,\"signs\":{\"tatweel\":{},}}",
        "{\"stats\":1,\"sites\":{\"items\":[1]}}",
        "{\"stats\":1,\"sites\":{\"items\":[{\"name\":\"\\ud800\"}]}}",
        "{\"stats\":1,\"sites\":{\"items\":[{\"name\":\"a\",\"documents\":-1}]}}",
        "{\"stats\":1,\"sites\":{\"items\":[{\"name\":\"a\",}]}}",
        "{\"stats\":1,\"sites\":{\"items\":[{\"name\":\"a\"},]}}",
        "{\"stats\":1,\"sites\":{\"missed\":-1}}",
        "{\"stats\":1,\"rules\":{\"missed\":1,}}",
        "{\"stats\":1,\"texts\":{\"digests\":[0]}}",
        "{\"stats\":1,\"texts\":{\"digests\":[\"0123456789abcdeF\"]}}",
        "{\"stats\":1,\"texts\":{\"digests\":[\"0123456789abcde/\"]}}",
        "{\"stats\":1,\"texts\":{\"digests\":[\"0123456789abcdef-1\"]}}",
        "{\"stats\":1,\"texts\":{\"digests\":[\"0123456789abcdef \"]}}",
        "{\"stats\":1,\"texts\":{\"digests\":[\"0123456789abcdef x\"]}}",
        "{\"stats\":1,\"texts\":{\"digests\":[\"0123456789abcdef\",]}}",
        "{\"stats\":1,\"texts\":{\"sample_bits\":-1}}",
        "{\"stats\":1,\"texts\":{\"sample_bits\":1,}}",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        const char *const path = mk_test_file("wrong.json", mk_str_of(wrong[i]));
        const mk_stats_options options = {.inputs = &path, .n_inputs = 1};
        mk_stats stats;
        mk_error error = {.text = ""};
        ck_assert_msg(mk_stats_run(&options, &stats, &error) == MK_DAMAGED, "%s", wrong[i]);
        ck_assert_ptr_nonnull(strstr(error.text, "wrong.json: "));
        mk_stats_clear(&stats);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("stats");
    TCase *c = tcase_create("all");
    tcase_add_test(c, counts_words_letters_and_lines);
    tcase_add_test(c, marks_and_tatweel_do_not_part_words);
    tcase_add_test(c, tells_digits_forms_and_scripts_apart);
    tcase_add_test(c, quantiles_lie_between_min_and_max);
    tcase_add_test(c, a_full_table_never_counts_too_much);
    tcase_add_test(c, a_table_that_is_large_enough_is_exact);
    tcase_add_test(c, samples_of_parts_are_the_sample_of_the_whole);
    tcase_add_test(c, parts_add_up_to_the_whole);
    tcase_add_test(c, figures_do_not_depend_on_threads);
    tcase_add_test(c, refuses_figures_that_are_none);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
