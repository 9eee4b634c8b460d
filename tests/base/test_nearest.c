#include "minkhal/text.h"

#include "support.h"

START_TEST(equal_words_are_0_apart)
{
    ck_assert_uint_eq(mk_edit_distance(MK_STR("share"), MK_STR("share"), 2), 0);
    ck_assert_uint_eq(mk_edit_distance(MK_STR(""), MK_STR(""), 2), 0);
}
END_TEST

START_TEST(counts_insertions_deletions_and_replacements)
{
    ck_assert_uint_eq(mk_edit_distance(MK_STR("shar"), MK_STR("share"), 2), 1);
    ck_assert_uint_eq(mk_edit_distance(MK_STR("sshare"), MK_STR("share"), 2), 1);
    ck_assert_uint_eq(mk_edit_distance(MK_STR("shure"), MK_STR("share"), 2), 1);
    ck_assert_uint_eq(mk_edit_distance(MK_STR("kitten"), MK_STR("sitting"), 5), 3);
}
END_TEST

START_TEST(two_letters_that_changed_places_are_one_edit)
{
    ck_assert_uint_eq(mk_edit_distance(MK_STR("shrae"), MK_STR("share"), 3), 1);
}
END_TEST

START_TEST(counts_from_an_empty_word)
{
    ck_assert_uint_eq(mk_edit_distance(MK_STR(""), MK_STR("nav"), 5), 3);
    ck_assert_uint_eq(mk_edit_distance(MK_STR("nav"), (mk_str){NULL, 0}, 5), 3);
}
END_TEST

START_TEST(is_symmetric)
{
    static const char *const words[] = {"", "a", "nav", "vana", "tatweel", "tashkeel", "shop"};
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 7; j++)
            ck_assert_uint_eq(mk_edit_distance(mk_str_of(words[i]), mk_str_of(words[j]), 9),
                              mk_edit_distance(mk_str_of(words[j]), mk_str_of(words[i]), 9));
}
END_TEST

START_TEST(never_says_more_than_limit_and_one)
{
    ck_assert_uint_eq(mk_edit_distance(MK_STR("abcdef"), MK_STR("uvwxyz"), 2), 3);
    ck_assert_uint_eq(mk_edit_distance(MK_STR("abcdef"), MK_STR("uvwxyz"), 0), 1);
    ck_assert_uint_eq(mk_edit_distance(MK_STR("abcdef"), MK_STR("uvwxyz"), 6), 6);
}
END_TEST

START_TEST(compares_64_bytes_and_no_more)
{
    char a[65], b[65];
    memset(a, 'x', sizeof(a));
    memset(b, 'x', sizeof(b));
    b[63] = 'y';
    ck_assert_uint_eq(mk_edit_distance((mk_str){a, 64}, (mk_str){b, 64}, 2), 1);
    ck_assert_uint_eq(mk_edit_distance((mk_str){a, 65}, (mk_str){a, 65}, 2), 3);
    ck_assert_uint_eq(mk_edit_distance(MK_STR("x"), (mk_str){a, 65}, 2), 3);
}
END_TEST

START_TEST(takes_the_letter_that_a_word_lacks_for_one_edit)
{
    ck_assert_uint_eq(mk_edit_distance(MK_STR("tashkel"), MK_STR("tashkeel"), 2), 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("nearest");
    TCase *const t = tcase_create("nearest");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, equal_words_are_0_apart);
    tcase_add_test(t, counts_insertions_deletions_and_replacements);
    tcase_add_test(t, two_letters_that_changed_places_are_one_edit);
    tcase_add_test(t, counts_from_an_empty_word);
    tcase_add_test(t, is_symmetric);
    tcase_add_test(t, never_says_more_than_limit_and_one);
    tcase_add_test(t, compares_64_bytes_and_no_more);
    tcase_add_test(t, takes_the_letter_that_a_word_lacks_for_one_edit);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
