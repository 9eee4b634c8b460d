#include "outputs/gate.h"

#include "support.h"

static mk_gate *gate;
static mk_error error;

static void setup(void)
{
    ck_assert_int_eq(mk_gate_open(&gate, &error), MK_OK);
}

static void teardown(void)
{
    mk_gate_close(gate);
}

/* UINT64_MAX if digest is new, else the document that had it. */
static uint64_t pass(mk_digest digest, uint64_t seq)
{
    bool seen = false;
    uint64_t twin = UINT64_MAX;
    /* ck_assert tells the parent process each time: too slow for 300000 of them */
    if (mk_gate_pass(gate, digest, seq, &seen, &twin, &error) != MK_OK)
        ck_abort_msg("%s", error.text);
    if (seen != (twin != UINT64_MAX))
        ck_abort_msg("seen %d, twin %llu", seen, (unsigned long long)twin);
    return twin;
}

static mk_digest digest_of(uint64_t n)
{
    return mk_hash128((mk_str){(const char *)&n, sizeof(n)});
}

START_TEST(close_takes_null)
{
    mk_gate_close(NULL);
}
END_TEST

START_TEST(a_new_text_passes)
{
    ck_assert_uint_eq(pass(digest_of(1), 0), UINT64_MAX);
    ck_assert_uint_eq(pass(digest_of(2), 1), UINT64_MAX);
}
END_TEST

START_TEST(a_text_seen_before_names_its_twin)
{
    pass(digest_of(1), 5);
    pass(digest_of(2), 6);
    ck_assert_uint_eq(pass(digest_of(1), 7), 5);
    ck_assert_uint_eq(pass(digest_of(1), 8), 5);
}
END_TEST

START_TEST(the_first_document_has_a_number_like_all)
{
    pass(digest_of(1), 0);
    ck_assert_uint_eq(pass(digest_of(1), 1), 0);
}
END_TEST

START_TEST(half_a_digest_is_not_enough)
{
    pass((mk_digest){.high = 1, .low = 2}, 0);
    ck_assert_uint_eq(pass((mk_digest){.high = 2, .low = 2}, 1), UINT64_MAX);
    ck_assert_uint_eq(pass((mk_digest){.high = 1, .low = 1}, 2), UINT64_MAX);
}
END_TEST

START_TEST(a_digest_of_zeros_is_a_digest)
{
    ck_assert_uint_eq(pass((mk_digest){0, 0}, 3), UINT64_MAX);
    ck_assert_uint_eq(pass((mk_digest){0, 0}, 4), 3);
}
END_TEST

START_TEST(forgets_from_a_document_on)
{
    for (uint64_t i = 0; i < 10; i++)
        pass(digest_of(i), i);
    mk_gate_forget(gate, 6);
    for (uint64_t i = 0; i < 10; i++)
        ck_assert_uint_eq(pass(digest_of(i), 100 + i), i < 6 ? i : UINT64_MAX);
}
END_TEST

START_TEST(may_forget_all)
{
    pass(digest_of(1), 0);
    mk_gate_forget(gate, 0);
    ck_assert_uint_eq(pass(digest_of(1), 0), UINT64_MAX);
}
END_TEST

START_TEST(forgets_nothing_of_what_came_before)
{
    pass(digest_of(1), 0);
    mk_gate_forget(gate, 1);
    ck_assert_uint_eq(pass(digest_of(1), 2), 0);
}
END_TEST

/* All in one chain of slots. */
START_TEST(forgets_out_of_a_chain)
{
    for (uint64_t i = 0; i < 100; i++)
        pass((mk_digest){.high = i, .low = 7}, i);
    mk_gate_forget(gate, 50);
    for (uint64_t i = 0; i < 100; i++)
        ck_assert_uint_eq(pass((mk_digest){.high = i, .low = 7}, 200 + i), i < 50 ? i : UINT64_MAX);
}
END_TEST

START_TEST(remembers_a_hundred_thousand)
{
    enum { N = 100000 };
    uint64_t n_wrong = 0;
    for (uint64_t i = 0; i < N; i++)
        n_wrong += pass(digest_of(i), i) != UINT64_MAX;
    for (uint64_t i = 0; i < N; i++)
        n_wrong += pass(digest_of(i), N + i) != i;
    mk_gate_forget(gate, N / 2);
    for (uint64_t i = 0; i < N; i++)
        n_wrong += pass(digest_of(i), 2 * N + i) != (i < N / 2 ? i : UINT64_MAX);
    ck_assert_uint_eq(n_wrong, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("gate");
    TCase *const t = tcase_create("gate");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, close_takes_null);
    tcase_add_test(t, a_new_text_passes);
    tcase_add_test(t, a_text_seen_before_names_its_twin);
    tcase_add_test(t, the_first_document_has_a_number_like_all);
    tcase_add_test(t, half_a_digest_is_not_enough);
    tcase_add_test(t, a_digest_of_zeros_is_a_digest);
    tcase_add_test(t, forgets_from_a_document_on);
    tcase_add_test(t, may_forget_all);
    tcase_add_test(t, forgets_nothing_of_what_came_before);
    tcase_add_test(t, forgets_out_of_a_chain);
    tcase_add_test(t, remembers_a_hundred_thousand);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
