#include "doc/fold.h"
#include "minkhal/filter.h"
#include "support.h"

/* The stem of a word, as the fold has it. */
static mk_str stem(const char *word)
{
    static char bufs[2][256];
    static unsigned turn;
    char *out = bufs[turn++ % 2];
    return mk_word_stem((mk_str){out, mk_fold(mk_str_of(word), out, NULL)});
}

#define ck_assert_same_stem(a, b) ck_assert_mk_str_eq(stem(a), stem(b))
#define ck_assert_other_stem(a, b) ck_assert(!mk_str_eq(stem(a), stem(b)))

START_TEST(article_and_conjunction_are_no_part_of_the_stem)
{
    ck_assert_same_stem("المدينة", "مدينة");
    ck_assert_same_stem("والمدينة", "مدينة");
    ck_assert_same_stem("بالمدينة", "المدينة");
    ck_assert_same_stem("للمدينة", "المدينة");
    ck_assert_same_stem("ومدينة", "مدينة");
}
END_TEST

START_TEST(inflected_forms_share_their_beginning)
{
    ck_assert_same_stem("روايات", "رواية");
    ck_assert_same_stem("مدينتنا", "مدينة");
}
END_TEST

START_TEST(other_words_have_other_stems)
{
    ck_assert_other_stem("مدينة", "قرية");
    ck_assert_other_stem("باب", "كتاب");
}
END_TEST

START_TEST(short_words_are_left_whole)
{
    ck_assert_uint_eq(stem("ولد").len, 3);
    ck_assert_uint_eq(stem("لله").len, 3);
    ck_assert_uint_eq(stem("").len, 0);
}
END_TEST

START_TEST(words_come_one_after_another)
{
    const mk_str line = MK_STR("ab  c ");
    size_t at = 0;
    ck_assert_mk_str_eq(mk_word_next(line, &at), MK_STR("ab"));
    ck_assert_mk_str_eq(mk_word_next(line, &at), MK_STR("c"));
    ck_assert_uint_eq(mk_word_next(line, &at).len, 0);
    ck_assert_uint_eq(at, line.len);
}
END_TEST

START_TEST(words_of_any_length_end_at_a_space)
{
    char line[64];
    for (size_t before = 0; before < 3; before++)
        for (size_t len = 1; len < 20; len++)
            for (size_t after = 0; after < 12; after++) {
                const size_t n = before + len + (after > 0 ? 1 + after : 0);
                size_t at = 0;
                memset(line, 'a', sizeof(line));
                memset(line, ' ', before);
                if (after > 0)
                    line[before + len] = ' ';
                ck_assert_uint_eq(mk_word_next((mk_str){line, n}, &at).len, len);
                ck_assert_uint_eq(at, before + len);
                ck_assert_uint_eq(mk_word_next((mk_str){line, n}, &at).len, after);
                ck_assert_uint_eq(at, n);
            }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("vocabulary");
    TCase *t = tcase_create("vocabulary");
    tcase_add_test(t, article_and_conjunction_are_no_part_of_the_stem);
    tcase_add_test(t, inflected_forms_share_their_beginning);
    tcase_add_test(t, other_words_have_other_stems);
    tcase_add_test(t, short_words_are_left_whole);
    tcase_add_test(t, words_come_one_after_another);
    tcase_add_test(t, words_of_any_length_end_at_a_space);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
