#include "doc/sites.h"

#include <stdlib.h>

#include "doc/edit.h"
#include "doc/fold.h"
#include "support.h"

static mk_arena *arena;
static mk_error error;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
    mk_arena_free(arena);
}

/* ---- names ---- */

static void check_name(mk_doc doc, const char *field, const char *want)
{
    mk_str name;
    ck_assert(mk_site_name(&doc, mk_str_of(field), arena, &name));
    ck_assert_mk_str_eq(name, mk_str_of(want));
}

static void check_url(const char *url, const char *want)
{
    check_name((mk_doc){.url = mk_str_of(url)}, NULL, want);
}

static void check_source(const char *source, const char *want)
{
    check_name((mk_doc){.source = mk_str_of(source)}, NULL, want);
}

START_TEST(host_is_lower_case_without_www_and_port)
{
    check_url("https://www.Example.ORG:8080/a/b?c#d", "example.org");
    check_url("http://example.org", "example.org");
    check_url("//cdn.example.org/x", "cdn.example.org");
    check_url("example.org/x", "example.org");
    check_url("https://example.org./", "example.org");
}
END_TEST

START_TEST(user_and_query_are_no_host)
{
    check_url("ftp://me:secret@files.example.org/x", "files.example.org");
    check_url("https://example.org?mail=a@b.example", "example.org");
    check_url("http://[2001:db8::1]:80/", "[2001:db8::1]");
    check_url("www.", "www");
    check_url("https:///path", "");
}
END_TEST

START_TEST(without_a_url_the_first_folder_is_the_site)
{
    check_source("Waha/2020/a.txt", "Waha");
    check_source("crawl.tar!./waha/a.txt", "waha");
    check_source("in/crawl.tar!waha/a.txt", "waha");
    check_source("crawl.tar!a.txt", "crawl.tar");
    check_source("https://example.org/a", "example.org");
    check_source("pages.jsonl.gz", "");
    check_source("", "");
}
END_TEST

START_TEST(a_field_of_the_record_has_the_first_word)
{
    const mk_doc doc = {.url = MK_STR("https://example.org/"),
                        .id = MK_STR("7"),
                        .members = MK_STR("{\"n\":3,\"o\":{},\"desk\":\"\\u0627 b\",\"u\":"
                                          "\"http://www.other.example/\"}")};
    check_name(doc, "desk", "ا b");
    check_name(doc, "n", "3");
    check_name(doc, "o", "");
    check_name(doc, "none", "");
    check_name(doc, "id", "7");
    check_name(doc, "u", "other.example");
}
END_TEST

START_TEST(a_name_that_breaks_a_line_is_none)
{
    check_source("a\nb/c.txt", "");
    check_source("a\x7F/c.txt", "");
    check_source("a\xFF/c.txt", "");
}
END_TEST

/* ---- keys ---- */

static bool are_equal(const char *a, const char *b)
{
    char x[256], y[256];
    const size_t n = mk_fold(mk_str_of(a), x, NULL), m = mk_fold(mk_str_of(b), y, NULL);
    const mk_digest k = mk_site_key((mk_str){x, n}, mk_str_of(a));
    const mk_digest l = mk_site_key((mk_str){y, m}, mk_str_of(b));
    return k.high == l.high && k.low == l.low;
}

START_TEST(numbers_marks_and_signs_make_no_difference)
{
    ck_assert(are_equal("زوار الصفحة: 1,204", "زُوّار الصفحه ٧"));
    ck_assert(!are_equal("زوار الصفحة 1", "زوار الصفحة"));
}
END_TEST

START_TEST(letters_of_other_scripts_are_told_apart)
{
    ck_assert(!are_equal("Новости", "Подпись"));
    ck_assert(are_equal(" Новости ", "Новости"));
}
END_TEST

/* ---- the table ---- */

static mk_sites *sites;

static mk_err open_sites(const char *text)
{
    return mk_sites_new("x.rules", mk_str_of(text), &sites, &error);
}

/* Pages of the rule for line on a page of example.org. */
static uint64_t look_up(const char *host, const char *text)
{
    char folded[256];
    mk_doc doc = {.url = mk_str_of(host)};
    mk_edit edit = {.doc = &doc, .arena = arena};
    const mk_site *site = mk_edit_site(&edit, sites);
    const mk_line line = {.seen = mk_str_of(text),
                          .folded = {folded, mk_fold(mk_str_of(text), folded, NULL)}};
    return site ? mk_site_line(site, &line) : 0;
}

START_TEST(a_rule_holds_on_its_site_alone)
{
    ck_assert_int_eq(open_sites("# minkhal site rules 1\n[a.example pages=40]\n"
                                "30 10/10/10\tأخبار الواحة\n[b.example pages=9]\n"),
                     MK_OK);
    ck_assert_uint_eq(look_up("http://a.example/1", "أخبارُ الواحه"), 30);
    ck_assert_uint_eq(look_up("http://a.example/1", "أخبار الواحة اليوم"), 0);
    ck_assert_uint_eq(look_up("http://b.example/1", "أخبار الواحة"), 0);
    ck_assert_uint_eq(look_up("http://c.example/1", "أخبار الواحة"), 0);
    ck_assert_uint_eq(look_up("http://a.example/1", "***"), 0);
    mk_sites_free(sites);
}
END_TEST

START_TEST(a_person_may_write_as_editors_do)
{
    ck_assert_int_eq(open_sites("\xEF\xBB\xBF# minkhal site rules 1\r\n\r\n# mine\r\n"
                                "[a pages=1 pages=40]\r\n30\t a line\twith a tab \r\n"
                                "31 1/10/20\tlast, without an end"),
                     MK_OK);
    mk_doc doc = {.source = MK_STR("a pages=1/x.txt")};
    mk_edit edit = {.doc = &doc, .arena = arena};
    const mk_site *site = mk_edit_site(&edit, sites);
    ck_assert_ptr_nonnull(site);
    ck_assert_uint_eq(site->n_pages, 40);
    char folded[64];
    const mk_line line = {.seen = MK_STR("A line with a tab"),
                          .folded = {folded, mk_fold(MK_STR("A line with a tab"), folded, NULL)}};
    ck_assert_uint_eq(mk_site_line(site, &line), 30);
    mk_sites_free(sites);
}
END_TEST

START_TEST(mistakes_are_named_by_line)
{
    static const struct {
        const char *text, *where;
    } cases[] = {
        {"", "x.rules:1: "},
        {"# minkhal site rules\n", "x.rules:1: "},
        {"# minkhal site rules 12\n", "x.rules:1: "},
        {"# minkhal site rules 1 missed=\n", "x.rules:1: "},
        {"# minkhal site rules 1 site-field=\n", "x.rules:1: "},
        {"# minkhal site counts 1\n", "x.rules:1: "},
        {"# minkhal site rules 1\n[ pages=4]\n", "x.rules:2: "},
        {"# minkhal site rules 1\n[a pages=4\n", "x.rules:2: "},
        {"# minkhal site rules 1\n[a pages=4294967296]\n", "x.rules:2: "},
        {"# minkhal site rules 1\n[a pages=4]\n0\tline\n", "x.rules:3: "},
        {"# minkhal site rules 1\n[a pages=4]\n3 line\n", "x.rules:3: "},
        {"# minkhal site rules 1\n[a pages=4]\n3 1/1\tline\n", "x.rules:3: "},
        {"# minkhal site rules 1\n[a pages=4]\n3 1/1/1line\n", "x.rules:3: "},
        {"# minkhal site rules 1\n[a pages=4]\n3 4294967295/4294967295/5\tline\n", "x.rules:3: "},
        {"# minkhal site rules 1\n[a pages=4]\n3\n", "x.rules:3: "},
        {"# minkhal site rules 1\n[a pages=4]\n3\t\n", "x.rules:3: "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert_msg(open_sites(cases[i].text) == MK_OPTION, "case %zu was taken", i);
        ck_assert_msg(mk_str_has(mk_str_of(error.text), mk_str_of(cases[i].where)), "case %zu: %s",
                      i, error.text);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("sites");
    TCase *t = tcase_create("sites");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, host_is_lower_case_without_www_and_port);
    tcase_add_test(t, user_and_query_are_no_host);
    tcase_add_test(t, without_a_url_the_first_folder_is_the_site);
    tcase_add_test(t, a_field_of_the_record_has_the_first_word);
    tcase_add_test(t, a_name_that_breaks_a_line_is_none);
    tcase_add_test(t, numbers_marks_and_signs_make_no_difference);
    tcase_add_test(t, letters_of_other_scripts_are_told_apart);
    tcase_add_test(t, a_rule_holds_on_its_site_alone);
    tcase_add_test(t, a_person_may_write_as_editors_do);
    tcase_add_test(t, mistakes_are_named_by_line);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
