/* How much may be in work. */
#include "run/budget.h"
#include "support.h"

static const mk_budget small = {.max_doc = 1 << 20, .threads = 2, .depth = 2};

START_TEST(has_no_ceiling_unless_asked)
{
    uint64_t n = 0;
    ck_assert_int_eq(mk_budget_open(&small, &n, NULL), MK_OK);
    ck_assert_uint_eq(n, UINT64_MAX);
}
END_TEST

START_TEST(lets_one_record_and_its_batch_in_at_the_floor)
{
    mk_budget b = small;
    uint64_t n = 0;
    b.memory = mk_budget_floor(&b);
    ck_assert_int_eq(mk_budget_open(&b, &n, NULL), MK_OK);
    ck_assert_uint_eq(n, (1 << 20) + b.max_doc);
}
END_TEST

START_TEST(refuses_less_and_says_how_much)
{
    mk_budget b = small;
    mk_error error;
    uint64_t n = 7;
    b.memory = mk_budget_floor(&b) - 1;
    ck_assert_int_eq(mk_budget_open(&b, &n, &error), MK_OPTION);
    ck_assert_uint_eq(n, 7);
    ck_assert_str_eq(error.text, "--memory is too small: records of up to 1048576 bytes "
                                 "(--max-doc) need 811M");
}
END_TEST

START_TEST(more_memory_lets_more_in)
{
    mk_budget b = small;
    uint64_t few = 0, more = 0;
    b.memory = UINT64_C(1) << 30;
    ck_assert_int_eq(mk_budget_open(&b, &few, NULL), MK_OK);
    b.memory *= 2;
    ck_assert_int_eq(mk_budget_open(&b, &more, NULL), MK_OK);
    ck_assert_uint_gt(more, few);
}
END_TEST

START_TEST(larger_records_need_more)
{
    mk_budget b = small;
    b.max_doc = 64 << 20;
    ck_assert_uint_gt(mk_budget_floor(&b), UINT64_C(6) << 30);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("budget");
    TCase *const t = tcase_create("budget");

    tcase_add_test(t, has_no_ceiling_unless_asked);
    tcase_add_test(t, lets_one_record_and_its_batch_in_at_the_floor);
    tcase_add_test(t, refuses_less_and_says_how_much);
    tcase_add_test(t, more_memory_lets_more_in);
    tcase_add_test(t, larger_records_need_more);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
