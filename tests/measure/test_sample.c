#include <stdio.h>

#include "measure/sample.h"
#include "support.h"

static mk_arena *arena;
static mk_scores sites;

static void setup(void)
{
    arena = mk_arena_new();
    sites = (mk_scores){.keys = {.arena = arena}};
}

static void teardown(void)
{
    mk_arena_free(arena);
}

/* A page of a site with ten characters of content, `kept` of them kept. */
static void add(const char *site, uint64_t kept)
{
    const mk_score page = {
        .n_pages = 1, .content = 10, .content_kept = kept, .junk = 10, .junk_kept = 10 - kept};
    mk_score *to = mk_scores_of(&sites, mk_str_of(site));
    ck_assert_ptr_nonnull(to);
    mk_score_add(to, &page);
}

START_TEST(scores_of_a_key_add_up)
{
    add("a", 1);
    add("b", 2);
    add("a", 3);
    ck_assert_uint_eq(sites.keys.n, 2);
    ck_assert_uint_eq(sites.items[0].content_kept, 4);
    ck_assert_uint_eq(sites.items[1].content_kept, 2);
}
END_TEST

START_TEST(scores_stay_while_it_grows)
{
    char name[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "%d", i);
        add(name, (uint64_t)(i % 10));
    }
    for (size_t i = 0; i < 1000; i++)
        ck_assert_uint_eq(sites.items[i].content_kept, i % 10);
}
END_TEST

START_TEST(folds_hold_every_site_once)
{
    mk_fold_score *folds;
    size_t n;
    char name[16];
    uint64_t n_sites = 0, n_pages = 0;
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "site%d", i % 50);
        add(name, 5);
    }
    ck_assert(mk_sample_folds(&sites, 5, arena, &folds, &n));
    ck_assert_uint_eq(n, 5);
    for (size_t i = 0; i < n; i++) {
        n_sites += folds[i].n_sites;
        n_pages += folds[i].score.n_pages;
    }
    ck_assert_uint_eq(n_sites, 50);
    ck_assert_uint_eq(n_pages, 100);
}
END_TEST

START_TEST(a_site_keeps_its_fold_whatever_else_there_is)
{
    mk_fold_score *alone, *beside;
    size_t n_alone, n_beside;
    add("x.example", 7);
    ck_assert(mk_sample_folds(&sites, 10, arena, &alone, &n_alone));
    ck_assert_uint_eq(n_alone, 1);
    /* Fixed: a digest that changed would move every figure that was written down. */
    ck_assert_uint_eq(alone[0].number, mk_hash64(MK_STR("x.example")) % 10);
    sites = (mk_scores){.keys = {.arena = arena}};
    for (int i = 0; i < 30; i++) {
        char name[16];
        snprintf(name, sizeof(name), "s%d", i);
        add(name, 0);
    }
    add("x.example", 7);
    ck_assert(mk_sample_folds(&sites, 10, arena, &beside, &n_beside));
    for (size_t i = 0; i < n_beside; i++)
        if (beside[i].number == alone[0].number)
            ck_assert_uint_eq(beside[i].score.content_kept, 7);
}
END_TEST

START_TEST(folds_without_pages_are_left_out)
{
    mk_fold_score *folds;
    size_t n;
    add("a", 1);
    ck_assert(mk_sample_folds(&sites, 50, arena, &folds, &n));
    ck_assert_uint_eq(n, 1);
}
END_TEST

START_TEST(the_interval_of_one_site_is_its_figure)
{
    mk_interval content, junk;
    add("a", 6);
    ck_assert(mk_sample_intervals(&sites, arena, &content, &junk));
    ck_assert_double_eq_tol(content.low, 0.6, 1e-12);
    ck_assert_double_eq_tol(content.high, 0.6, 1e-12);
    ck_assert_double_eq_tol(junk.low, 0.6, 1e-12);
}
END_TEST

/* Half of 100 sites keep all, half nothing: the mean of 100 draws has a standard
 * deviation of 0.05, so 95 % lie within 0.098 of one half. */
START_TEST(the_interval_is_as_wide_as_theory_says)
{
    mk_interval content, junk;
    char name[16];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "s%d", i);
        add(name, i % 2 ? 10 : 0);
    }
    ck_assert(mk_sample_intervals(&sites, arena, &content, &junk));
    ck_assert_double_eq_tol(content.low, 0.402, 0.02);
    ck_assert_double_eq_tol(content.high, 0.598, 0.02);
}
END_TEST

START_TEST(the_interval_does_not_depend_on_the_order_of_sites)
{
    mk_interval content[2], junk[2];
    add("a", 1);
    add("b", 5);
    add("c", 9);
    ck_assert(mk_sample_intervals(&sites, arena, &content[0], &junk[0]));
    sites = (mk_scores){.keys = {.arena = arena}};
    add("c", 9);
    add("a", 1);
    add("b", 5);
    ck_assert(mk_sample_intervals(&sites, arena, &content[1], &junk[1]));
    ck_assert(content[0].low == content[1].low && content[0].high == content[1].high);
    ck_assert(junk[0].low == junk[1].low && junk[0].high == junk[1].high);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("sample");
    TCase *c = tcase_create("sample");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, scores_of_a_key_add_up);
    tcase_add_test(c, scores_stay_while_it_grows);
    tcase_add_test(c, folds_hold_every_site_once);
    tcase_add_test(c, a_site_keeps_its_fold_whatever_else_there_is);
    tcase_add_test(c, folds_without_pages_are_left_out);
    tcase_add_test(c, the_interval_of_one_site_is_its_figure);
    tcase_add_test(c, the_interval_is_as_wide_as_theory_says);
    tcase_add_test(c, the_interval_does_not_depend_on_the_order_of_sites);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
