#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"
#include "minkhal/minkhal.h"
#include "support.h"

static mk_sweep_options options;
static mk_sweep sweep;
static mk_error error;
static mk_chain *chain;
static const char *input;

#define SHARE "شارك على فيسبوك"

static void setup(void)
{
    const mk_chain_options of = {.filters = "share,verdict"};
    ck_assert_int_eq(mk_chain_open(&of, &chain, &error), MK_OK);
    options = (mk_sweep_options){.inputs = &input, .n_inputs = 1};
    sweep = (mk_sweep){.n_sites = 0};
    error = (mk_error){.text = ""};
}

static void teardown(void)
{
    mk_sweep_clear(&sweep);
    mk_chain_close(chain);
}

static mk_err run(const char *pages)
{
    mk_sweep_clear(&sweep);
    input = mk_test_file("pages.jsonl", mk_str_of(pages));
    return mk_sweep_run(chain, &options, &sweep, &error);
}

static void run_ok(const char *pages)
{
    const mk_err err = run(pages);
    ck_assert_msg(err == MK_OK, "%s", error.text);
}

static void check_refused(const char *pages, mk_err code, const char *why)
{
    ck_assert_int_eq(run(pages), code);
    const size_t n = strlen(error.text), n_why = strlen(why);
    ck_assert_msg(n >= n_why && strcmp(error.text + n - n_why, why) == 0, "%s", error.text);
    ck_assert_uint_eq(sweep.all.n_pages, 0);
}

#define LINE(text, label) "{\"t\":\"" text "\",\"l\":\"" label "\"}"
#define PAGE(members, lines) "{" members ",\"lines\":[" lines "]}\n"
#define GOOD(members) PAGE(members, LINE("كلام", "K") "," LINE(SHARE, "D"))
#define EMPTY(members) PAGE(members, LINE(SHARE, "D"))
#define LOST(members) PAGE(members, LINE("كلام", "K") "," LINE(SHARE, "K"))
#define KEPT(members) PAGE(members, LINE("كلام", "K") "," LINE("حديث", "D"))

START_TEST(the_chain_cleans_what_is_compared)
{
    run_ok(GOOD("\"id\":\"a\""));
    ck_assert_uint_eq(sweep.all.n_pages, 1);
    ck_assert_uint_eq(sweep.all.n_perfect, 1);
    ck_assert_uint_eq(sweep.all.content_kept, 4);
    ck_assert_uint_eq(sweep.all.junk_kept, 0);
    ck_assert_uint_eq(sweep.all.junk, 13);
}
END_TEST

START_TEST(pages_without_content_stand_apart)
{
    run_ok(GOOD("\"id\":\"a\"") EMPTY("\"id\":\"b\""));
    ck_assert_uint_eq(sweep.all.n_pages, 2);
    ck_assert_uint_eq(sweep.with_content.n_pages, 1);
    ck_assert_uint_eq(sweep.without_content.n_pages, 1);
    ck_assert_uint_eq(sweep.without_content.junk, 13);
}
END_TEST

START_TEST(strata_are_sorted_and_split_by_content)
{
    options.by = "kind";
    run_ok(EMPTY("\"kind\":\"x\"") GOOD("\"kind\":\"x\"") GOOD("\"kind\":\"a\"") GOOD("\"id\":1"));
    ck_assert_uint_eq(sweep.n_strata, 4);
    ck_assert_uint_eq(sweep.strata[0].name.len, 0);
    ck_assert_mk_str_eq(sweep.strata[1].name, MK_STR("a"));
    ck_assert_mk_str_eq(sweep.strata[2].name, MK_STR("x"));
    ck_assert(sweep.strata[2].has_content);
    ck_assert(!sweep.strata[3].has_content);
    ck_assert_uint_eq(sweep.strata[3].score.n_pages, 1);
}
END_TEST

START_TEST(refuses_a_member_that_no_page_has)
{
    options.by = "kind";
    check_refused(GOOD("\"id\":1"), MK_OPTION, "no page has a member 'kind'");
}
END_TEST

START_TEST(junk_is_counted_by_category)
{
    run_ok(PAGE("\"id\":1", LINE("كلام", "K") ",{\"t\":\"حديث\",\"l\":\"D\",\"c\":\"talk\"},"
                                              "{\"t\":\"" SHARE "\",\"l\":\"D\",\"c\":\"share\"},"
                                              "{\"t\":\"نص\",\"l\":\"E\",\"c\":\"talk\"}"));
    ck_assert_uint_eq(sweep.n_junk, 2);
    ck_assert_mk_str_eq(sweep.junk[0].category, MK_STR("share"));
    ck_assert_uint_eq(sweep.junk[0].junk_kept, 0);
    ck_assert_mk_str_eq(sweep.junk[1].category, MK_STR("talk"));
    ck_assert_uint_eq(sweep.junk[1].junk_kept, 4);
    ck_assert_uint_eq(sweep.junk[1].either, 2);
}
END_TEST

/* ---- the worst pages ---- */

START_TEST(the_worst_pages_come_by_loss)
{
    options.n_worst = 2;
    run_ok(KEPT("\"id\":\"a\"") GOOD("\"id\":\"b\"") LOST("\"id\":\"c\"") KEPT("\"id\":\"d\""));
    ck_assert_uint_eq(sweep.n_worst, 2);
    ck_assert_mk_str_eq(sweep.worst[0].id, MK_STR("c"));
    ck_assert_uint_eq(sweep.worst[0].number, 3);
    ck_assert_mk_str_eq(sweep.worst[1].id, MK_STR("a"));
}
END_TEST

START_TEST(a_page_without_loss_is_no_worst_one)
{
    options.n_worst = 5;
    run_ok(GOOD("\"id\":\"a\""));
    ck_assert_uint_eq(sweep.n_worst, 0);
}
END_TEST

START_TEST(a_lost_line_names_the_rule)
{
    options.n_worst = 1;
    run_ok(LOST("\"id\":\"c\""));
    ck_assert_uint_eq(sweep.worst[0].n_lines, 1);
    const mk_wrong_line *l = &sweep.worst[0].lines[0];
    ck_assert(l->lost && l->agrees);
    ck_assert_uint_eq(l->number, 2);
    ck_assert_uint_eq(l->wrong, 13);
    ck_assert_mk_str_eq(l->text, MK_STR(SHARE));
    ck_assert_str_eq(l->filter, "share");
    ck_assert_ptr_nonnull(l->rule);
    ck_assert_uint_gt(l->evidence.len, 0);
}
END_TEST

START_TEST(a_kept_line_without_marks_names_no_rule)
{
    options.n_worst = 1;
    run_ok(KEPT("\"id\":\"c\""));
    const mk_wrong_line *l = &sweep.worst[0].lines[0];
    ck_assert(!l->lost && l->agrees);
    ck_assert_uint_eq(l->number, 2);
    ck_assert_mk_str_eq(l->category, MK_STR("other"));
    ck_assert_ptr_null(l->filter);
}
END_TEST

START_TEST(a_kept_line_names_its_strongest_mark)
{
    options.n_worst = 1;
    run_ok(PAGE("\"id\":1", LINE("كلام", "K") "," LINE("Facebook", "D"))); /* weak alone */
    ck_assert_uint_eq(sweep.n_worst, 1);
    const mk_wrong_line *l = &sweep.worst[0].lines[0];
    ck_assert(!l->lost);
    ck_assert_str_eq(l->filter, "share");
    ck_assert_int_eq(l->strength, MK_WEAK);
}
END_TEST

START_TEST(a_changed_line_names_what_changed_it)
{
    const mk_chain_options of = {.filters = "glued"};
    mk_chain_close(chain);
    ck_assert_int_eq(mk_chain_open(&of, &chain, &error), MK_OK);
    options.n_worst = 1;
    run_ok(PAGE("\"id\":1", LINE("تاريخ المدينة[عدل]", "K")));
    ck_assert_uint_eq(sweep.n_worst, 1);
    const mk_wrong_line *l = &sweep.worst[0].lines[0];
    ck_assert(l->lost);
    ck_assert_uint_eq(l->wrong, 3);
    ck_assert_str_eq(l->filter, "glued");
}
END_TEST

/* ---- sites ---- */

START_TEST(a_site_is_the_member_or_the_host_or_the_page)
{
    run_ok(GOOD("\"site\":\"s\"") GOOD("\"site\":\"s\"") GOOD("\"url\":\"http://h.example/1\"")
               GOOD("\"url\":\"http://h.example/2\"") GOOD("\"id\":\"a\"") GOOD("\"id\":\"b\""));
    ck_assert_uint_eq(sweep.n_sites, 4);
}
END_TEST

START_TEST(another_member_can_tell_the_site)
{
    options.site_field = "desk";
    run_ok(GOOD("\"site\":\"s\",\"desk\":\"d\"") GOOD("\"site\":\"t\",\"desk\":\"d\""));
    ck_assert_uint_eq(sweep.n_sites, 1);
}
END_TEST

START_TEST(folds_and_intervals_come_when_asked_for)
{
    run_ok(GOOD("\"id\":\"a\"") LOST("\"id\":\"b\""));
    ck_assert_uint_eq(sweep.n_folds, 0);
    options.n_folds = 2;
    options.intervals = true;
    run_ok(GOOD("\"id\":\"a\"") LOST("\"id\":\"b\""));
    ck_assert_uint_ge(sweep.n_folds, 1);
    ck_assert_double_lt(sweep.content.low, sweep.content.high);
}
END_TEST

/* ---- wrong input ---- */

START_TEST(a_wrong_label_is_named_with_file_and_line)
{
    check_refused(GOOD("\"id\":1") "\n" PAGE("\"id\":2", LINE("a", "Q")), MK_DAMAGED,
                  "/pages.jsonl:3: bad labelled page: line 1 of the page: unknown label 'Q': "
                  "one of K, D, E is needed");
}
END_TEST

START_TEST(broken_json_is_named_with_file_and_line)
{
    ck_assert_int_eq(run(GOOD("\"id\":1") "{\"lines\":[\n"), MK_DAMAGED);
    ck_assert_ptr_nonnull(strstr(error.text, "/pages.jsonl:2: bad labelled page: "));
}
END_TEST

START_TEST(plain_text_is_no_labelled_page)
{
    check_refused("كلام\n", MK_DAMAGED,
                  "/pages.jsonl:1: bad labelled page: expected '{' at byte 1");
}
END_TEST

START_TEST(an_input_without_pages_is_refused)
{
    check_refused("", MK_DAMAGED, "no labelled page in the input");
}
END_TEST

START_TEST(a_missing_input_is_refused)
{
    input = "/nowhere/pages.jsonl";
    ck_assert_int_eq(mk_sweep_run(chain, &options, &sweep, &error), MK_DAMAGED);
}
END_TEST

START_TEST(a_signal_stops_it)
{
    const volatile sig_atomic_t stop = 1;
    options.stop = &stop;
    ck_assert_int_eq(run(GOOD("\"id\":1")), MK_STOPPED);
}
END_TEST

START_TEST(compressed_pages_are_read)
{
    const char *path = mk_test_path("pages.jsonl.gz"), *pages = GOOD("\"id\":1");
    gzFile file = gzopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_gt(gzwrite(file, pages, (unsigned)strlen(pages)), 0);
    ck_assert_int_eq(gzclose(file), Z_OK);
    input = path;
    ck_assert_int_eq(mk_sweep_run(chain, &options, &sweep, &error), MK_OK);
    ck_assert_uint_eq(sweep.all.n_perfect, 1);
}
END_TEST

static void add_tests(TCase *c)
{
    tcase_add_test(c, the_chain_cleans_what_is_compared);
    tcase_add_test(c, pages_without_content_stand_apart);
    tcase_add_test(c, strata_are_sorted_and_split_by_content);
    tcase_add_test(c, refuses_a_member_that_no_page_has);
    tcase_add_test(c, junk_is_counted_by_category);
    tcase_add_test(c, the_worst_pages_come_by_loss);
    tcase_add_test(c, a_page_without_loss_is_no_worst_one);
    tcase_add_test(c, a_lost_line_names_the_rule);
    tcase_add_test(c, a_kept_line_without_marks_names_no_rule);
    tcase_add_test(c, a_kept_line_names_its_strongest_mark);
    tcase_add_test(c, a_changed_line_names_what_changed_it);
    tcase_add_test(c, a_site_is_the_member_or_the_host_or_the_page);
    tcase_add_test(c, another_member_can_tell_the_site);
    tcase_add_test(c, folds_and_intervals_come_when_asked_for);
    tcase_add_test(c, a_wrong_label_is_named_with_file_and_line);
    tcase_add_test(c, broken_json_is_named_with_file_and_line);
    tcase_add_test(c, plain_text_is_no_labelled_page);
    tcase_add_test(c, an_input_without_pages_is_refused);
    tcase_add_test(c, a_missing_input_is_refused);
    tcase_add_test(c, a_signal_stops_it);
    tcase_add_test(c, compressed_pages_are_read);
}

int main(void)
{
    Suite *s = suite_create("sweep");
    TCase *c = tcase_create("sweep");
    tcase_add_checked_fixture(c, setup, teardown);
    add_tests(c);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
