#include <stdio.h>

#include "read/select.h"

#include "support.h"

static mk_select *open_select(mk_selection options)
{
    mk_select *select = NULL;
    mk_error error;

    ck_assert_msg(mk_select_open(&options, &select, &error) == MK_OK, "%s", error.text);
    return select;
}

static void ck_assert_refused(mk_selection options, const char *text)
{
    mk_select *select = NULL;
    mk_error error;

    ck_assert_int_eq(mk_select_open(&options, &select, &error), MK_OPTION);
    ck_assert_str_eq(error.text, text);
    ck_assert_ptr_null(select);
}

START_TEST(takes_all_but_failures_unless_told)
{
    mk_select *const s = open_select((mk_selection){0});

    ck_assert_ptr_null(mk_select_url(s, MK_STR("")));
    ck_assert_ptr_null(mk_select_languages(s, MK_STR("")));
    ck_assert(mk_select_type(s, MK_STR("text/html")));
    ck_assert(mk_select_status(s, 200) && mk_select_status(s, 299));
    ck_assert(!mk_select_status(s, 199) && !mk_select_status(s, 404));
    ck_assert(mk_select_status(NULL, 200) && !mk_select_status(NULL, 500));
    mk_select_close(s);
}
END_TEST

START_TEST(takes_types_and_whole_families)
{
    mk_select *const s = open_select((mk_selection){.types = "text/html, application/*"});

    ck_assert(mk_select_type(s, MK_STR("text/html")));
    ck_assert(mk_select_type(s, MK_STR("application/xhtml+xml")));
    ck_assert(!mk_select_type(s, MK_STR("text/htm")));
    ck_assert(!mk_select_type(s, MK_STR("text/html5")));
    mk_select_close(s);
}
END_TEST

START_TEST(takes_statuses_and_whole_classes)
{
    mk_select *const s = open_select((mk_selection){.statuses = "200,4xx"});

    ck_assert(mk_select_status(s, 200) && mk_select_status(s, 404));
    ck_assert(!mk_select_status(s, 201) && !mk_select_status(s, 500));
    mk_select_close(s);
}
END_TEST

START_TEST(takes_a_record_with_one_of_the_languages)
{
    mk_select *const s = open_select((mk_selection){.languages = "ara,fas"});

    ck_assert_ptr_null(mk_select_languages(s, MK_STR("eng,ara")));
    ck_assert_ptr_null(mk_select_languages(s, MK_STR("FAS")));
    ck_assert_str_eq(mk_select_languages(s, MK_STR("arab")), "--only-lang");
    ck_assert_str_eq(mk_select_languages(s, MK_STR("")), "--only-lang");
    mk_select_close(s);
}
END_TEST

START_TEST(names_what_crawl_files_alone_answer)
{
    mk_select *const s = open_select((mk_selection){.types = "text/html", .languages = "ara"});
    mk_select *const none = open_select((mk_selection){0});

    ck_assert_str_eq(mk_select_of_crawls(s, 0), "--only-type");
    ck_assert_str_eq(mk_select_of_crawls(s, 1), "--only-lang");
    ck_assert_ptr_null(mk_select_of_crawls(s, 2));
    ck_assert_ptr_null(mk_select_of_crawls(none, 0));
    ck_assert_ptr_null(mk_select_of_crawls(NULL, 0));
    mk_select_close(s);
    mk_select_close(none);
}
END_TEST

START_TEST(takes_urls_of_a_list)
{
    const char *const path = mk_test_file(
        "urls", MK_STR("# ours\n\nhttp://b.example/\r\n  http://a.example/x  \n"));
    mk_select *const s = open_select((mk_selection){.url_list = path});

    ck_assert_ptr_null(mk_select_url(s, MK_STR("http://a.example/x")));
    ck_assert_ptr_null(mk_select_url(s, MK_STR("http://b.example/")));
    ck_assert_str_eq(mk_select_url(s, MK_STR("http://a.example/")), "--url-list");
    ck_assert_str_eq(mk_select_url(s, MK_STR("# ours")), "--url-list");
    mk_select_close(s);
}
END_TEST

START_TEST(leaves_out_hosts_and_what_is_below_them)
{
    const char *const path = mk_test_file("hosts", MK_STR("Spam.example\nads.example.org\n"));
    mk_select *const s = open_select((mk_selection){.exclude_hosts = path});
    static const char *const out[] = {"http://spam.example/",     "https://WWW.Spam.Example:8080/x",
                                      "http://a.b.spam.example",  "http://user@spam.example/",
                                      "http://ads.example.org?x", "http://spam.example./"};
    static const char *const in[] = {"http://example.org/spam.example",
                                     "http://notspam.example/",
                                     "http://example/",
                                     "http://x@y/",
                                     "mailto:a@spam.example",
                                     ""};

    for (size_t i = 0; i < 6; i++) {
        ck_assert_msg(mk_select_url(s, mk_str_of(out[i])) != NULL, "%s", out[i]);
        ck_assert_msg(mk_select_url(s, mk_str_of(in[i])) == NULL, "%s", in[i]);
    }
    mk_select_close(s);
}
END_TEST

START_TEST(reduces_what_means_a_host)
{
    const char *const path = mk_test_file(
        "hosts", MK_STR("https://h1.example/\n*.h2.example\n.h3.example\nh4.example:8080\n"
                        "http://u@H5.example:80\nh6.example/\n"));
    mk_select *const s = open_select((mk_selection){.exclude_hosts = path});

    for (int i = 1; i <= 6; i++) {
        char url[64];
        snprintf(url, sizeof(url), "https://www.h%d.example/x", i);
        ck_assert_msg(mk_select_url(s, mk_str_of(url)) != NULL, "%s", url);
    }
    mk_select_close(s);
}
END_TEST

START_TEST(refuses_what_is_no_host_by_its_line)
{
    static const char *const bad[] = {
        "https://h.example/page", "h.example/page",      "h.example?x", "h.*.example",
        "a.example b.example",    "a.example,b.example", "https:///",   "*"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        char text[256], want[256];
        snprintf(text, sizeof(text), "# hosts\ngood.example\n%s\n", bad[i]);
        const char *const path = mk_test_file("hosts", mk_str_of(text));
        snprintf(want, sizeof(want), "%s:3: '%s' is no host", path, bad[i]);
        ck_assert_refused((mk_selection){.exclude_hosts = path}, want);
    }
}
END_TEST

START_TEST(refuses_values_that_it_does_not_understand)
{
    ck_assert_refused((mk_selection){.types = "html"}, "bad value 'html' for '--only-type'");
    ck_assert_refused((mk_selection){.statuses = "200,20"}, "bad value '20' for '--only-status'");
    ck_assert_refused((mk_selection){.languages = "a"}, "bad value 'a' for '--only-lang'");
    ck_assert_refused((mk_selection){.languages = ","}, "no value for '--only-lang'");
    ck_assert_refused((mk_selection){.url_list = "/none/such"},
                      "cannot open '/none/such': No such file or directory");
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("select");
    TCase *const t = tcase_create("select");

    tcase_add_test(t, takes_all_but_failures_unless_told);
    tcase_add_test(t, takes_types_and_whole_families);
    tcase_add_test(t, takes_statuses_and_whole_classes);
    tcase_add_test(t, takes_a_record_with_one_of_the_languages);
    tcase_add_test(t, names_what_crawl_files_alone_answer);
    tcase_add_test(t, takes_urls_of_a_list);
    tcase_add_test(t, leaves_out_hosts_and_what_is_below_them);
    tcase_add_test(t, reduces_what_means_a_host);
    tcase_add_test(t, refuses_what_is_no_host_by_its_line);
    tcase_add_test(t, refuses_values_that_it_does_not_understand);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
