/* test_splits.c: splits by words, and that a document's split is its group's and the
 * salt's alone. */
#include <stdio.h>
#include <stdlib.h>

#include "release/splits.h"
#include "support.h"

START_TEST(shares_are_parts_of_their_sum)
{
    mk_splits s;

    ck_assert_int_eq(MK_OK, mk_splits_parse("train=98,validation=1,test=1", &s, NULL));
    ck_assert_uint_eq(3, s.n);
    ck_assert_uint_eq(980000, s.items[0].part);
    ck_assert_uint_eq(10000, s.items[2].part);
    ck_assert_int_eq(MK_OK, mk_splits_parse("a=1,b=1,c=1", &s, NULL));
    ck_assert_uint_eq(MK_SPLIT_UNIT, s.items[0].part + s.items[1].part + s.items[2].part);
    ck_assert_int_eq(MK_OK, mk_splits_parse("a=0.5,b=0.25", &s, NULL));
    ck_assert_uint_eq(333333, s.items[1].part);
    ck_assert_int_eq(MK_OK, mk_splits_parse(NULL, &s, NULL));
    ck_assert_str_eq("train", s.items[0].name);
}
END_TEST

START_TEST(refuses_bad_words)
{
    static const char *const bad[] = {
        "",        "train",  "train=",  "train=0",     "=1",
        "Train=1", "a-b=1",  "a=1,a=1", "a=-1",        "a=1,",
        ".a=1",    "a..b=1", "a=1,b=x", "a=1.2345678", "a=1000000,b=0.000001"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        mk_splits s;
        mk_error error = {0};
        ck_assert_msg(mk_splits_parse(bad[i], &s, &error) == MK_OPTION, "'%s'", bad[i]);
        ck_assert(error.text[0]);
    }
}
END_TEST

/* By another program: int(sha256(salt + key).hexdigest()[:16], 16) / 2**64. */
START_TEST(picks_as_written_down)
{
    mk_splits s;
    size_t split;

    ck_assert_int_eq(MK_OK, mk_splits_parse("train=80,test=20", &s, NULL));
    /* sha256("saltwaha.example") */
    ck_assert(mk_splits_pick(&s, MK_STR("salt"), MK_STR("waha.example"), &split));
    ck_assert_uint_eq(0, split);
    ck_assert(mk_splits_pick(&s, MK_STR("salt"), MK_STR("k8"), &split));
    ck_assert_uint_eq(1, split);
    ck_assert(mk_splits_pick(&s, MK_STR("salt"), MK_STR("k8"), &split));
    ck_assert_uint_eq(1, split);
}
END_TEST

START_TEST(shares_come_out)
{
    mk_splits s;
    unsigned n[3] = {0};

    ck_assert_int_eq(MK_OK, mk_splits_parse("train=80,validation=15,test=5", &s, NULL));
    for (int i = 0; i < 20000; i++) {
        char key[32];
        size_t split;
        const int len = snprintf(key, sizeof(key), "host%d.example", i);
        ck_assert(mk_splits_pick(&s, MK_STR(""), (mk_str){key, (size_t)len}, &split));
        n[split]++;
    }
    ck_assert(n[0] > 15700 && n[0] < 16300);
    ck_assert(n[1] > 2800 && n[1] < 3200);
    ck_assert(n[2] > 880 && n[2] < 1120);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("splits");
    TCase *t = tcase_create("splits");

    tcase_add_test(t, shares_are_parts_of_their_sum);
    tcase_add_test(t, refuses_bad_words);
    tcase_add_test(t, picks_as_written_down);
    tcase_add_test(t, shares_come_out);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
