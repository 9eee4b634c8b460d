#include "measure/labelled.h"
#include "support.h"

static mk_arena *arena;
static mk_labelled page;
static mk_doc doc;
static mk_error error;

static void setup(void)
{
    arena = mk_arena_new();
    doc = (mk_doc){.id = MK_STR("default")};
    error = (mk_error){.text = ""};
}

static void teardown(void)
{
    mk_arena_free(arena);
}

static mk_err parse(const char *json)
{
    return mk_labelled_parse(mk_str_of(json), arena, &page, &doc, &error);
}

static void check_refused(const char *json, const char *why)
{
    ck_assert_int_eq(parse(json), MK_RECORD);
    ck_assert_str_eq(error.text, why);
}

START_TEST(reads_text_label_category_and_part)
{
    ck_assert_int_eq(parse("{\"id\":\"p\",\"lines\":["
                           "{\"t\":\"a b\",\"l\":\"K\",\"keep\":\"a\"},"
                           "{\"t\":\"n\",\"l\":\"D\",\"c\":\"nav\"},{\"l\":\"E\",\"t\":\"\"}]}"),
                     MK_OK);
    ck_assert_mk_str_eq(doc.id, MK_STR("p"));
    ck_assert_uint_eq(page.n, 3);
    ck_assert_mk_str_eq(page.lines[0].text, MK_STR("a b"));
    ck_assert(page.lines[0].truth == MK_TRUTH_KEEP && page.lines[0].partial);
    ck_assert_mk_str_eq(page.lines[0].keep, MK_STR("a"));
    ck_assert(page.lines[1].truth == MK_TRUTH_DROP && !page.lines[1].partial);
    ck_assert_mk_str_eq(page.lines[1].category, MK_STR("nav"));
    ck_assert(page.lines[2].truth == MK_TRUTH_EITHER);
    ck_assert_mk_str_eq(page.lines[2].category, MK_STR("other"));
}
END_TEST

START_TEST(lines_are_joined_and_know_their_place)
{
    ck_assert_int_eq(parse("{\"lines\":[{\"t\":\"ab\",\"l\":\"K\"},{\"t\":\"\",\"l\":\"E\"},"
                           "{\"t\":\"c\",\"l\":\"D\"}]}"),
                     MK_OK);
    ck_assert_mk_str_eq(doc.raw, MK_STR("ab\n\nc"));
    ck_assert_uint_eq(page.lines[1].offset, 3);
    ck_assert_uint_eq(page.lines[2].offset, 4);
}
END_TEST

START_TEST(a_page_without_id_keeps_the_default)
{
    ck_assert_int_eq(parse("{\"lines\":[{\"t\":\"a\",\"l\":\"K\"}]}"), MK_OK);
    ck_assert_mk_str_eq(doc.id, MK_STR("default"));
}
END_TEST

START_TEST(an_id_may_be_a_number)
{
    ck_assert_int_eq(parse("{\"id\":7,\"lines\":[{\"t\":\"a\",\"l\":\"K\"}]}"), MK_OK);
    ck_assert_mk_str_eq(doc.id, MK_STR("7"));
}
END_TEST

START_TEST(url_and_title_reach_the_document)
{
    ck_assert_int_eq(parse("{\"url\":\"http://x/\",\"title\":\"T\",\"date\":null,"
                           "\"lines\":[{\"t\":\"a\",\"l\":\"K\"}]}"),
                     MK_OK);
    ck_assert_mk_str_eq(doc.url, MK_STR("http://x/"));
    ck_assert_mk_str_eq(doc.title, MK_STR("T"));
    ck_assert_uint_eq(doc.date.len, 0);
}
END_TEST

START_TEST(unknown_members_are_passed_over)
{
    ck_assert_int_eq(parse("{\"x\":[1],\"lines\":[{\"t\":\"a\",\"l\":\"K\",\"note\":{\"y\":1}}]}"),
                     MK_OK);
}
END_TEST

START_TEST(refuses_a_label_that_is_none)
{
    check_refused("{\"lines\":[{\"t\":\"a\",\"l\":\"K\"},{\"t\":\"b\",\"l\":\"k\"}]}",
                  "line 2 of the page: unknown label 'k': one of K, D, E is needed");
}
END_TEST

START_TEST(refuses_a_line_without_label)
{
    check_refused("{\"lines\":[{\"t\":\"a\"}]}", "line 1 of the page: no member 'l'");
}
END_TEST

START_TEST(refuses_a_line_without_text)
{
    check_refused("{\"lines\":[{\"l\":\"K\"}]}", "line 1 of the page: no member 't'");
}
END_TEST

START_TEST(refuses_a_member_twice)
{
    check_refused("{\"lines\":[{\"t\":\"a\",\"l\":\"K\",\"l\":\"D\"}]}",
                  "line 1 of the page: member 'l' twice");
    check_refused("{\"lines\":[{\"t\":\"a\",\"l\":\"K\"}],\"lines\":[]}", "member 'lines' twice");
}
END_TEST

START_TEST(refuses_a_part_of_what_is_no_content)
{
    check_refused("{\"lines\":[{\"t\":\"a\",\"l\":\"D\",\"keep\":\"a\"}]}",
                  "line 1 of the page: member 'keep' on a line that is not K");
}
END_TEST

START_TEST(refuses_values_of_wrong_types)
{
    check_refused("{\"lines\":[{\"t\":1,\"l\":\"K\"}]}",
                  "line 1 of the page: member 't' is not a string");
    check_refused("{\"lines\":[7]}", "line 1 of the page: not an object");
    check_refused("{\"lines\":{}}", "member 'lines' is not an array");
    check_refused("{\"id\":[],\"lines\":[{\"t\":\"a\",\"l\":\"K\"}]}",
                  "member 'id' is not a string");
}
END_TEST

START_TEST(refuses_a_page_without_lines)
{
    check_refused("{\"id\":\"p\"}", "no member 'lines'");
    check_refused("{\"lines\":[]}", "no line in 'lines'");
}
END_TEST

START_TEST(refuses_what_is_no_object)
{
    ck_assert_int_eq(parse("[]"), MK_RECORD);
    ck_assert_int_eq(parse("{\"lines\":[{\"t\":\"a\",\"l\":\"K\"}]"), MK_RECORD);
    ck_assert_int_eq(parse("{\"lines\":[{\"t\":\"\\ud800\",\"l\":\"K\"}]}"), MK_RECORD);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("labelled");
    TCase *c = tcase_create("labelled");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, reads_text_label_category_and_part);
    tcase_add_test(c, lines_are_joined_and_know_their_place);
    tcase_add_test(c, a_page_without_id_keeps_the_default);
    tcase_add_test(c, an_id_may_be_a_number);
    tcase_add_test(c, url_and_title_reach_the_document);
    tcase_add_test(c, unknown_members_are_passed_over);
    tcase_add_test(c, refuses_a_label_that_is_none);
    tcase_add_test(c, refuses_a_line_without_label);
    tcase_add_test(c, refuses_a_line_without_text);
    tcase_add_test(c, refuses_a_member_twice);
    tcase_add_test(c, refuses_a_part_of_what_is_no_content);
    tcase_add_test(c, refuses_values_of_wrong_types);
    tcase_add_test(c, refuses_a_page_without_lines);
    tcase_add_test(c, refuses_what_is_no_object);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
