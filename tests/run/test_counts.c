#include "run/counts.h"

#include <stdio.h>

#include "support.h"

enum { MEMORY = 4 << 20 /* bytes */ };

static const uint32_t once[3] = {0, 1, 0};

static mk_counts *counts;
static mk_error error;
static const mk_counted_site *sites;
static const mk_counted *lines;
static size_t n_sites, n_lines;

static void setup(void)
{
    ck_assert_int_eq(mk_counts_new(MEMORY, 1, &counts, &error), MK_OK);
}

static void teardown(void)
{
    mk_counts_free(counts);
}

/* Check tells its parent of every assertion, which a million times is slow. */
static void must(bool ok)
{
    if (!ok)
        ck_abort_msg("out of memory, or more of it than allowed");
}

static uint32_t site_of(const char *name, uint32_t pages)
{
    uint32_t site = 0;
    must(mk_counts_site(counts, mk_str_of(name), pages, &site));
    return site;
}

static void add(uint32_t site, const char *text, uint64_t doc)
{
    const mk_str s = mk_str_of(text);
    must(mk_counts_line(counts, site, mk_hash128(s), once, doc, s));
}

static void sort(void)
{
    mk_counts_sort(counts, &sites, &n_sites, &lines, &n_lines);
}

/* The entry of that text; NULL: it was forgotten. */
static const mk_counted *find(const char *text)
{
    for (size_t i = 0; i < n_lines; i++)
        if (lines[i].text && mk_str_eq((mk_str){lines[i].text, lines[i].len}, mk_str_of(text)))
            return &lines[i];
    return NULL;
}

START_TEST(a_page_counts_once)
{
    const uint32_t site = site_of("a", 2);
    add(site, "line", 1);
    add(site, "line", 1);
    add(site, "line", 2);
    sort();
    ck_assert_uint_eq(mk_counted_pages(find("line")), 2);
    ck_assert_uint_eq(find("line")->missed, 0);
}
END_TEST

START_TEST(sites_do_not_share_lines)
{
    add(site_of("b", 1), "line", 1);
    add(site_of("a", 1), "line", 2);
    sort();
    ck_assert_uint_eq(n_sites, 2);
    ck_assert_uint_eq(n_lines, 2);
    ck_assert_str_eq(sites[0].name, "a");
    ck_assert_uint_eq(lines[0].site, 0);
    ck_assert_uint_eq(mk_counted_pages(&lines[0]), 1);
}
END_TEST

START_TEST(lines_come_by_site_then_pages_then_text)
{
    const uint32_t b = site_of("b", 3);
    add(b, "z", 1);
    add(b, "y", 1);
    add(b, "x", 1);
    add(b, "z", 2);
    add(site_of("a", 1), "w", 3);
    sort();
    static const char *const want[] = {"w", "z", "x", "y"};
    ck_assert_uint_eq(n_lines, 4);
    for (size_t i = 0; i < 4; i++)
        ck_assert_str_eq(lines[i].text, want[i]);
}
END_TEST

START_TEST(a_text_is_kept_from_the_page_that_was_asked_for)
{
    mk_counts_free(counts);
    ck_assert_int_eq(mk_counts_new(MEMORY, 2, &counts, &error), MK_OK);
    const uint32_t site = site_of("a", 2);
    add(site, "once", 1);
    add(site, "twice", 1);
    add(site, "twice", 2);
    sort();
    ck_assert_ptr_null(find("once"));
    ck_assert_ptr_nonnull(find("twice"));
}
END_TEST

/* A heavy line among n that are all different: page i has both. */
static void flood(uint64_t n)
{
    for (uint64_t i = 1; i <= n; i++) {
        char text[64];
        snprintf(text, sizeof(text), "a line that no other page has, number %llu",
                 (unsigned long long)i);
        const uint32_t site = site_of("a", 1);
        add(site, text, i);
        add(site, "heavy", i);
        if (i % 50 == 0)
            add(site, "light", i);
        must(mk_counts_size(counts) <= MEMORY);
    }
}

START_TEST(a_million_lines_take_no_more_memory_than_allowed)
{
    const uint64_t n = 1000000;
    flood(n);
    sort();
    ck_assert_uint_lt(n_lines, n);
    ck_assert_ptr_nonnull(find("heavy"));
    ck_assert_uint_eq(mk_counted_pages(find("heavy")), n); /* it was never forgotten */
    ck_assert_uint_eq(sites[0].pages, n);
}
END_TEST

START_TEST(a_count_is_short_by_what_it_says_at_most)
{
    const uint64_t n = 300000;
    flood(n);
    sort();
    const mk_counted *light = find("light");
    const uint64_t pages = light ? mk_counted_pages(light) : 0;
    const uint64_t missed = light ? light->missed : mk_counts_missed(counts);
    ck_assert_uint_le(pages, n / 50);
    ck_assert_uint_ge(pages + missed, n / 50);
    ck_assert_uint_gt(mk_counts_missed(counts), 0);
    for (size_t i = 0; i < n_lines; i++)
        must(mk_counted_pages(&lines[i]) + lines[i].missed > mk_counts_missed(counts));
    /* the bound of counts.h: when full the table holds 8192 lines or more */
    ck_assert_uint_le(mk_counts_missed(counts), 2 * (2 * n + n / 50) / 8192);
}
END_TEST

START_TEST(many_sites_take_no_more_memory_than_allowed)
{
    for (uint64_t i = 1; i <= 200000; i++) {
        char name[64];
        snprintf(name, sizeof(name), "host-%llu.example", (unsigned long long)i);
        add(site_of(name, 1), "line", i);
        site_of("large.example", 1);
        must(mk_counts_size(counts) <= MEMORY);
    }
    sort();
    ck_assert_uint_lt(n_sites, 200000);
    ck_assert_uint_gt(mk_counts_pages_missed(counts), 0);
    for (size_t i = 0; i < n_sites; i++)
        if (mk_str_eq(mk_str_of(sites[i].name), MK_STR("large.example")))
            ck_assert_uint_ge(sites[i].pages + sites[i].missed, 200000);
    for (size_t i = 0; i < n_lines; i++)
        must(lines[i].site < n_sites);
}
END_TEST

START_TEST(what_others_missed_is_missed_by_all)
{
    add(site_of("a", 1), "before", 1);
    mk_counts_miss(counts, 3, 2);
    const uint32_t site = site_of("b", 1);
    add(site, "after", 0);
    sort();
    ck_assert_uint_eq(find("before")->missed, 3);
    ck_assert_uint_eq(find("after")->missed, 3);
    ck_assert_uint_eq(sites[0].missed, 2);
    ck_assert_uint_eq(sites[1].missed, 2);
}
END_TEST

START_TEST(counts_stop_at_their_end)
{
    const uint32_t most[3] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
    const uint32_t site = site_of("a", UINT32_MAX);
    for (int i = 0; i < 2; i++)
        ck_assert(mk_counts_line(counts, site, mk_hash128(MK_STR("x")), most, 0, MK_STR("x")));
    site_of("a", 5);
    sort();
    ck_assert_uint_eq(sites[0].pages, UINT32_MAX);
    ck_assert_uint_eq(find("x")->at[1], UINT32_MAX);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("counts");
    TCase *t = tcase_create("counts");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_page_counts_once);
    tcase_add_test(t, sites_do_not_share_lines);
    tcase_add_test(t, lines_come_by_site_then_pages_then_text);
    tcase_add_test(t, a_text_is_kept_from_the_page_that_was_asked_for);
    tcase_add_test(t, a_million_lines_take_no_more_memory_than_allowed);
    tcase_add_test(t, a_count_is_short_by_what_it_says_at_most);
    tcase_add_test(t, many_sites_take_no_more_memory_than_allowed);
    tcase_add_test(t, what_others_missed_is_missed_by_all);
    tcase_add_test(t, counts_stop_at_their_end);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
