#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "minkhal/minkhal.h"
#include "support.h"

static mk_mine_options options;
static mk_mine_summary summary;
static mk_error error;
static const char *inputs[4];
static mk_buf pages;

static void setup(void)
{
    pages = (mk_buf){.max = MK_BUF_MAX};
    options = (mk_mine_options){.inputs = inputs};
}

static void teardown(void)
{
    mk_buf_clear(&pages);
}

/* As mk_test_path, lent till the test ends. */
static const char *path_of(const char *name)
{
    static char paths[16][512];
    static unsigned turn;
    char *path = paths[turn++ % 16];
    snprintf(path, sizeof(paths[0]), "%s/%s", mk_test_folder(), name);
    return path;
}

/* n pages of a.example; the first n_with of them have the line. */
static void put_pages(unsigned n, unsigned n_with, const char *line)
{
    static unsigned number;
    for (unsigned i = 0; i < n; i++) {
        mk_buf_puts(&pages, "{\"url\":\"http://a.example/\",\"text\":\"");
        for (unsigned k = ++number; k > 0; k /= 10) /* letters: numbers are all equal */
            mk_buf_putc(&pages, (char)('a' + k % 10));
        mk_buf_printf(&pages, " own line%s%s\"}\n", i < n_with ? "\\n" : "",
                      i < n_with ? line : "");
    }
    ck_assert(!pages.failed);
}

static const char *save(const char *name)
{
    mk_test_file(name, mk_buf_str(&pages));
    mk_buf_reset(&pages);
    return path_of(name);
}

static mk_err mine(const char *input, const char *output)
{
    inputs[0] = input;
    options.n_inputs = options.n_inputs > 1 ? options.n_inputs : 1;
    options.output = output;
    return mk_mine(&options, &summary, &error);
}

static bool holds(const char *path, const char *part)
{
    const mk_str bytes = mk_test_read(path);
    const bool found = mk_str_has(bytes, mk_str_of(part));
    free((char *)(uintptr_t)bytes.ptr);
    return found;
}

/* True if a line on n_with of n pages becomes a rule. */
static bool is_mined(unsigned n, unsigned n_with, const char *line)
{
    put_pages(n, n_with, line);
    const char *in = save("in.jsonl"), *out = path_of("out.rules");
    options.force = true;
    const mk_err err = mine(in, out);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
    ck_assert_uint_eq(summary.n_in, n);
    return summary.n_lines == 1 && holds(out, line);
}

#define SHORT_80 \
    "aaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbb cccccccccccccccccccc dddddddddddddddddddd"
#define LONG_81 SHORT_80 "d"

START_TEST(twenty_pages_are_enough_and_nineteen_are_not)
{
    ck_assert(is_mined(100, 20, "furniture"));
    ck_assert(!is_mined(100, 19, "furniture"));
}
END_TEST

START_TEST(one_percent_is_enough_and_less_is_not)
{
    ck_assert(is_mined(2500, 25, "furniture"));
    ck_assert(!is_mined(2501, 25, "furniture"));
}
END_TEST

START_TEST(long_lines_need_ten_percent)
{
    ck_assert(is_mined(400, 39, SHORT_80));
    ck_assert(is_mined(400, 40, LONG_81));
    ck_assert(!is_mined(400, 39, LONG_81));
}
END_TEST

START_TEST(floors_can_be_set)
{
    options.min_pages = 5;
    options.min_share = 50;
    ck_assert(is_mined(10, 5, "furniture"));
    ck_assert(!is_mined(11, 5, "furniture"));
    ck_assert(!is_mined(4, 4, "furniture"));
}
END_TEST

START_TEST(the_skeleton_of_texts_is_no_furniture)
{
    static const char *const kept[] = {
        "المقادير:",  "ثانياً",         "أولا :", "المادة 5", "المادة الخامسة", "الفصل الثاني",
        "الحادي عشر", "الباب الأول -", "12",     "أ",        "الحلقة 7",
    };
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
        ck_assert_msg(!is_mined(30, 30, kept[i]), "'%s' became a rule", kept[i]);
    ck_assert(is_mined(30, 30, "الفصل الثاني من الرواية كاملا"));
    ck_assert(is_mined(30, 30, "المادة"));
    ck_assert(is_mined(30, 30, "عدد الزوار: 12"));
}
END_TEST

START_TEST(numbers_are_equal)
{
    for (unsigned i = 0; i < 25; i++) {
        char line[64];
        snprintf(line, sizeof(line), "visitors %u", i * 131);
        put_pages(1, 1, line);
    }
    const char *in = save("in.jsonl"), *out = path_of("out.rules");
    ck_assert_int_eq(mine(in, out), MK_OK);
    ck_assert_uint_eq(summary.n_lines, 1);
    ck_assert(holds(out, "\n25 0/25/0\tvisitors "));
}
END_TEST

START_TEST(a_page_without_a_site_is_not_counted)
{
    mk_buf_puts(&pages, "{\"text\":\"a line\"}\n{\"url\":\"\",\"text\":\"a line\"}\n");
    const char *in = save("in.jsonl");
    options.min_pages = 1;
    ck_assert_int_eq(mine(in, path_of("out.rules")), MK_OK);
    ck_assert_uint_eq(summary.n_no_site, 2);
    ck_assert_uint_eq(summary.n_sites, 0);
}
END_TEST

START_TEST(bad_and_long_records_are_not_counted)
{
    mk_buf_puts(&pages, "{\"url\":\"http://a.example\",\"text\":\"line\"}\nno json\n");
    mk_buf_puts(&pages,
                "{\"url\":\"http://a.example\",\"text\":\"line, and longer than allowed\"}\n");
    const char *in = save("in.jsonl");
    options.max_doc = 50;
    options.min_pages = 1;
    ck_assert_int_eq(mine(in, path_of("out.rules")), MK_OK);
    ck_assert_uint_eq(summary.n_in, 3);
    ck_assert_uint_eq(summary.n_rejected, 2);
    ck_assert(holds(path_of("out.rules"), "[a.example pages=1]\n1 1/0/0\tline\n"));
}
END_TEST

static void ck_assert_same_bytes(const char *a, const char *b)
{
    const mk_str x = mk_test_read(a), y = mk_test_read(b);
    ck_assert_msg(mk_str_eq(x, y), "%.*s\nis not\n%.*s", (int)x.len, x.ptr, (int)y.len, y.ptr);
    free((char *)(uintptr_t)x.ptr);
    free((char *)(uintptr_t)y.ptr);
}

/* Both halves in one file, and each by itself as counts. */
static void put_halves(void)
{
    for (int half = 0; half < 2; half++) {
        put_pages(12, 11, "top of all");
        put_pages(13, half == 0 ? 12 : 8, "bottom, at the floor");
        save(half == 0 ? "a.jsonl" : "b.jsonl");
    }
    for (int half = 0; half < 2; half++) {
        const mk_str bytes = mk_test_read(path_of(half == 0 ? "a.jsonl" : "b.jsonl"));
        mk_buf_put(&pages, bytes);
        free((char *)(uintptr_t)bytes.ptr);
    }
    save("all.jsonl");
}

START_TEST(two_halves_make_the_whole)
{
    put_halves();
    ck_assert_int_eq(mine(path_of("all.jsonl"), path_of("all.rules")), MK_OK);
    ck_assert_uint_eq(summary.n_lines, 2);
    options.counts = true;
    options.min_pages = 1;
    ck_assert_int_eq(mine(path_of("a.jsonl"), path_of("a.counts")), MK_OK);
    ck_assert_int_eq(mine(path_of("b.jsonl"), path_of("b.counts")), MK_OK);
    options.counts = false;
    options.min_pages = 0;
    options.n_inputs = 2;
    inputs[1] = path_of("b.counts");
    ck_assert_int_eq(mine(path_of("a.counts"), path_of("ab.rules")), MK_OK);
    ck_assert_uint_eq(summary.n_merged, 2);
    ck_assert_same_bytes(path_of("ab.rules"), path_of("all.rules"));
    inputs[1] = path_of("a.counts");
    ck_assert_int_eq(mine(path_of("b.counts"), path_of("ba.rules")), MK_OK);
    ck_assert_same_bytes(path_of("ba.rules"), path_of("all.rules"));
    inputs[1] = path_of("a.counts"); /* counts and pages together */
    ck_assert_int_eq(mine(path_of("b.jsonl"), path_of("mixed.rules")), MK_OK);
    ck_assert_same_bytes(path_of("mixed.rules"), path_of("all.rules"));
}
END_TEST

START_TEST(a_part_says_what_it_left_out)
{
    put_halves();
    options.counts = true;
    ck_assert_int_eq(mine(path_of("a.jsonl"), path_of("a.counts")), MK_OK);
    ck_assert(holds(path_of("a.counts"), "# minkhal site counts 1 missed=1\n"));
    ck_assert(!holds(path_of("a.counts"), "own line"));
    options.counts = false;
    ck_assert_int_eq(mine(path_of("a.counts"), path_of("a.rules")), MK_OK);
    ck_assert_uint_eq(summary.missed, 1);
    ck_assert(holds(path_of("a.rules"), "# minkhal site rules 1 missed=1\n"));
}
END_TEST

START_TEST(the_same_bytes_every_time)
{
    put_halves();
    ck_assert_int_eq(mine(path_of("all.jsonl"), path_of("one.rules")), MK_OK);
    ck_assert_int_eq(mine(path_of("all.jsonl"), path_of("two.rules")), MK_OK);
    ck_assert_same_bytes(path_of("one.rules"), path_of("two.rules"));
}
END_TEST

START_TEST(an_output_that_exists_is_not_touched)
{
    put_pages(1, 0, "");
    const char *in = save("in.jsonl");
    mk_test_file("out.rules", MK_STR("mine"));
    ck_assert_int_eq(mine(in, path_of("out.rules")), MK_EXISTS);
    ck_assert(holds(path_of("out.rules"), "mine"));
}
END_TEST

START_TEST(a_bad_file_of_counts_leaves_no_output)
{
    mk_test_file("bad.counts", MK_STR("# minkhal site counts 1\n[a pages=x]\n"));
    ck_assert_int_eq(mine(path_of("bad.counts"), path_of("out.rules")), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, "bad.counts:2: "));
    ck_assert_int_ne(access(path_of("out.rules"), F_OK), 0);
}
END_TEST

/* ---- the filter ---- */

/* The text of the only document as a chain with rules leaves it. */
static bool show(void *arg, const mk_doc *doc)
{
    mk_scratch scratch = {0};
    mk_str text;
    ck_assert(mk_doc_text(doc, &scratch, &text));
    mk_buf_put(arg, text);
    free(scratch.ptr);
    return false;
}

static void check_clean(const char *chain_text, const char *text, const char *want)
{
    char set[600];
    snprintf(set, sizeof(set), "sites:rules=%s",
             mk_test_file("x.rules", MK_STR("# minkhal site rules 1\n[a.example pages=4010]\n"
                                            "312 300/2/10\tأخبار الواحة\n250\tملح\n")));
    const char *sets[] = {set};
    mk_buf json = {.max = MK_BUF_MAX}, got = {.max = MK_BUF_MAX};
    mk_buf_printf(&json, "{\"url\":\"http://a.example/\",\"text\":\"%s\"}\n", text);
    inputs[0] = mk_test_file("page.jsonl", mk_buf_str(&json));
    const mk_chain_options chain_options = {.filters = chain_text, .sets = sets, .n_sets = 1};
    const mk_clean_options clean = {.inputs = inputs, .n_inputs = 1};
    mk_chain *chain = NULL;
    ck_assert_int_eq(mk_chain_open(&chain_options, &chain, &error), MK_OK);
    ck_assert(strstr(mk_chain_text(chain), "rules=") != NULL);
    ck_assert_int_eq(mk_explain(chain, &clean, show, &got, &error), MK_OK);
    ck_assert_mk_str_eq(mk_buf_str(&got), mk_str_of(want));
    mk_chain_close(chain);
    mk_buf_clear(&json);
    mk_buf_clear(&got);
}

START_TEST(the_filter_drops_whole_lines_alone)
{
    check_clean("sites", "أَخبار الواحه:\\nأخبار الواحة كثيرة\\nملح", "أخبار الواحة كثيرة");
}
END_TEST

START_TEST(the_filter_spares_what_the_page_speaks_for)
{
    const char *text = "المقادير:\\nملح\\nسكر\\nطحين";
    check_clean("prose,guards,sites", text, "المقادير:\nملح\nسكر\nطحين");
    check_clean("prose,guards,sites:guarded=on", text, "المقادير:\nسكر\nطحين");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("mine");
    TCase *t = tcase_create("mine");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, twenty_pages_are_enough_and_nineteen_are_not);
    tcase_add_test(t, one_percent_is_enough_and_less_is_not);
    tcase_add_test(t, long_lines_need_ten_percent);
    tcase_add_test(t, floors_can_be_set);
    tcase_add_test(t, the_skeleton_of_texts_is_no_furniture);
    tcase_add_test(t, numbers_are_equal);
    tcase_add_test(t, a_page_without_a_site_is_not_counted);
    tcase_add_test(t, bad_and_long_records_are_not_counted);
    tcase_add_test(t, two_halves_make_the_whole);
    tcase_add_test(t, a_part_says_what_it_left_out);
    tcase_add_test(t, the_same_bytes_every_time);
    tcase_add_test(t, an_output_that_exists_is_not_touched);
    tcase_add_test(t, a_bad_file_of_counts_leaves_no_output);
    tcase_add_test(t, the_filter_drops_whole_lines_alone);
    tcase_add_test(t, the_filter_spares_what_the_page_speaks_for);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
