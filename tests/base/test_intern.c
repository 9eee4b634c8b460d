#include <stdio.h>

#include "base/intern.h"
#include "support.h"

static mk_arena *arena;

static void setup(void)
{
    arena = mk_arena_new();
}

static void teardown(void)
{
    mk_arena_free(arena);
}

START_TEST(numbers_count_from_0_in_order)
{
    mk_intern t = {.arena = arena};
    ck_assert_uint_eq(mk_intern_put(&t, MK_STR("b")), 0);
    ck_assert_uint_eq(mk_intern_put(&t, MK_STR("a")), 1);
}
END_TEST

START_TEST(equal_strings_share_a_number)
{
    mk_intern t = {.arena = arena};
    mk_intern_put(&t, MK_STR("a"));
    mk_intern_put(&t, MK_STR("b"));
    ck_assert_uint_eq(mk_intern_put(&t, MK_STR("a")), 0);
    ck_assert_uint_eq(t.n, 2);
}
END_TEST

START_TEST(the_empty_string_is_one)
{
    mk_intern t = {.arena = arena};
    ck_assert_uint_eq(mk_intern_put(&t, MK_STR("")), 0);
    ck_assert_uint_eq(mk_intern_put(&t, (mk_str){NULL, 0}), 0);
}
END_TEST

START_TEST(strings_are_copies)
{
    mk_intern t = {.arena = arena};
    char text[] = "a";
    mk_intern_put(&t, (mk_str){text, 1});
    text[0] = 'b';
    ck_assert_mk_str_eq(t.items[0], MK_STR("a"));
}
END_TEST

START_TEST(numbers_stay_while_it_grows)
{
    mk_intern t = {.arena = arena};
    char text[16];
    for (unsigned i = 0; i < 20000; i++) {
        const int n = snprintf(text, sizeof(text), "%u", i);
        ck_assert_uint_eq(mk_intern_put(&t, (mk_str){text, (size_t)n}), i);
    }
    ck_assert_uint_eq(mk_intern_put(&t, MK_STR("123")), 123);
    ck_assert_uint_eq(t.n, 20000);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("intern");
    TCase *c = tcase_create("intern");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, numbers_count_from_0_in_order);
    tcase_add_test(c, equal_strings_share_a_number);
    tcase_add_test(c, the_empty_string_is_one);
    tcase_add_test(c, strings_are_copies);
    tcase_add_test(c, numbers_stay_while_it_grows);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
