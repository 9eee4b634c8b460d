#include "measure/tokens.h"
#include "support.h"

static void check(const char *text, const char *want)
{
    mk_buf scratch = {.max = MK_BUF_MAX}, out = {.max = MK_BUF_MAX};
    ck_assert(mk_tokens_put(mk_str_of(text), &scratch, &out));
    ck_assert_mk_str_eq(mk_buf_str(&out), mk_str_of(want));
    mk_buf_clear(&scratch);
    mk_buf_clear(&out);
}

START_TEST(spellings_of_alef_are_one)
{
    check("أإآٱا", "ااااا");
}
END_TEST

START_TEST(spellings_of_yeh_heh_waw_kaf_are_one)
{
    check("ىیئي", "يييي");
    check("ةہھه", "هههه");
    check("ؤو", "وو");
    check("کك", "كك");
}
END_TEST

START_TEST(marks_and_tatweel_vanish)
{
    check("مُحَمَّــد", "محمد");
}
END_TEST

START_TEST(quranic_signs_vanish_within_a_word)
{
    check("ا\u06DEب\u06E5", "اب");
}
END_TEST

START_TEST(format_characters_part_no_words)
{
    check("می\u200Cخواهم\u200F", "ميخواهم");
}
END_TEST

START_TEST(presentation_forms_are_letters)
{
    check("\uFEFB \uFEE3", "لا م");
}
END_TEST

START_TEST(digits_of_all_scripts_are_ascii)
{
    check("٢٠٢٤ ۲۰ 2024 ९", "2024 20 2024 9");
    check("٩۹०", "990");
}
END_TEST

START_TEST(numbers_are_not_equal)
{
    check("12 13", "12 13");
}
END_TEST

START_TEST(case_is_folded)
{
    check("Straße ÉCOLE", "strasse école");
}
END_TEST

START_TEST(signs_part_words_and_stand_nowhere)
{
    check(" «قال»: a-b… (c) ", "قال a b c");
    check("!؟ ، ", "");
    check("", "");
}
END_TEST

START_TEST(text_that_grows_is_whole)
{
    check("\uFDFA", "صلي الله عليه وسلم");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tokens");
    TCase *c = tcase_create("tokens");
    tcase_add_test(c, spellings_of_alef_are_one);
    tcase_add_test(c, spellings_of_yeh_heh_waw_kaf_are_one);
    tcase_add_test(c, marks_and_tatweel_vanish);
    tcase_add_test(c, quranic_signs_vanish_within_a_word);
    tcase_add_test(c, format_characters_part_no_words);
    tcase_add_test(c, presentation_forms_are_letters);
    tcase_add_test(c, digits_of_all_scripts_are_ascii);
    tcase_add_test(c, numbers_are_not_equal);
    tcase_add_test(c, case_is_folded);
    tcase_add_test(c, signs_part_words_and_stand_nowhere);
    tcase_add_test(c, text_that_grows_is_whole);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
