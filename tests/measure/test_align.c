#include <stdlib.h>

#include "measure/align.h"
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

/* Elements are letters; "x" where a's has a partner in b, "." where it has none. */
static void check(const char *a, const char *b, const char *want)
{
    uint32_t x[64], y[64];
    bool in[64] = {false};
    char got[65] = "";
    const size_t n_a = strlen(a), n_b = strlen(b);
    for (size_t i = 0; i < n_a; i++)
        x[i] = (uint32_t)(a[i] - 'a');
    for (size_t i = 0; i < n_b; i++)
        y[i] = (uint32_t)(b[i] - 'a');
    ck_assert_int_eq(mk_align(x, n_a, y, n_b, 26, arena, in), MK_OK);
    for (size_t i = 0; i < n_a; i++)
        got[i] = in[i] ? 'x' : '.';
    ck_assert_str_eq(got, want);
}

START_TEST(equal_sequences_pair_whole)
{
    check("abcabc", "abcabc", "xxxxxx");
}
END_TEST

START_TEST(nothing_pairs_with_nothing)
{
    check("", "abc", "");
    check("abc", "", "...");
    check("abc", "xyz", "...");
}
END_TEST

START_TEST(what_is_missing_has_no_partner)
{
    check("abcdef", "abef", "xx..xx");
}
END_TEST

START_TEST(the_longest_run_is_taken_first)
{
    /* "bcd" outweighs "ab", which would be met before. */
    check("abxbcd", "abcd", "x..xxx");
}
END_TEST

START_TEST(of_equal_runs_the_first_in_a_is_taken)
{
    check("abcab", "ab", "xx...");
}
END_TEST

START_TEST(of_equal_runs_the_first_in_b_is_taken)
{
    /* The first "a" of b leaves "z" to its right. */
    check("az", "ayza", "xx");
    check("abz", "abyzab", "xxx");
}
END_TEST

START_TEST(partners_keep_their_order)
{
    check("abcd", "cdab", "xx..");
}
END_TEST

START_TEST(an_element_is_used_once)
{
    check("aaaa", "aa", "xx..");
    check("aa", "aaaa", "xx");
}
END_TEST

/* A run found with arrays alone, for comparison. */
static void align_slowly(const uint32_t *a, size_t a_from, size_t a_to, const uint32_t *b,
                         size_t b_from, size_t b_to, bool *in)
{
    size_t best_a = 0, best_b = 0, best = 0;
    for (size_t i = a_from; i < a_to; i++)
        for (size_t j = b_from; j < b_to; j++) {
            size_t n = 0;
            while (i + n < a_to && j + n < b_to && a[i + n] == b[j + n])
                n++;
            if (n > best) {
                best = n;
                best_a = i;
                best_b = j;
            }
        }
    if (best == 0)
        return;
    for (size_t i = 0; i < best; i++)
        in[best_a + i] = true;
    align_slowly(a, a_from, best_a, b, b_from, best_b, in);
    align_slowly(a, best_a + best, a_to, b, best_b + best, b_to, in);
}

START_TEST(agrees_with_a_slow_twin)
{
    uint64_t state = 1;
    for (int round = 0; round < 3000; round++) {
        uint32_t x[32], y[32];
        bool got[32] = {false}, want[32] = {false};
        size_t n[2];
        for (size_t k = 0; k < 66; k++) {
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
            const uint32_t r = (uint32_t)(state >> 33);
            if (k < 32)
                x[k] = r % (2 + (uint32_t)round % 5);
            else if (k < 64)
                y[k - 32] = r % (2 + (uint32_t)round % 5);
            else
                n[k - 64] = r % 33;
        }
        mk_arena_reset(arena);
        ck_assert_int_eq(mk_align(x, n[0], y, n[1], 7, arena, got), MK_OK);
        align_slowly(x, 0, n[0], y, 0, n[1], want);
        ck_assert_mem_eq(got, want, sizeof(got));
    }
}
END_TEST

START_TEST(refuses_to_compare_for_ever)
{
    enum { N = 20000 };
    uint32_t *same = calloc(N, sizeof(*same));
    bool *in = calloc(N, sizeof(*in));
    ck_assert(same && in);
    ck_assert_int_eq(mk_align(same, N, same, N, 1, arena, in), MK_LIMIT);
    free(same);
    free(in);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("align");
    TCase *c = tcase_create("align");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, equal_sequences_pair_whole);
    tcase_add_test(c, nothing_pairs_with_nothing);
    tcase_add_test(c, what_is_missing_has_no_partner);
    tcase_add_test(c, the_longest_run_is_taken_first);
    tcase_add_test(c, of_equal_runs_the_first_in_a_is_taken);
    tcase_add_test(c, of_equal_runs_the_first_in_b_is_taken);
    tcase_add_test(c, partners_keep_their_order);
    tcase_add_test(c, an_element_is_used_once);
    tcase_add_test(c, agrees_with_a_slow_twin);
    tcase_add_test(c, refuses_to_compare_for_ever);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
