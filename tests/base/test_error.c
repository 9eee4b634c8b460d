/* test_error.c: mk_fail. */
#include "support.h"

START_TEST(sets_code_and_text)
{
    mk_error error;

    ck_assert_int_eq(mk_fail(&error, MK_LIMIT, "%s has %d", "x", 7), MK_LIMIT);
    ck_assert_int_eq(error.code, MK_LIMIT);
    ck_assert_str_eq(error.text, "x has 7");
}
END_TEST

START_TEST(takes_no_error)
{
    ck_assert_int_eq(mk_fail(NULL, MK_NOMEM, "%d", 1), MK_NOMEM);
}
END_TEST

START_TEST(wraps_its_own_text)
{
    mk_error error;

    mk_fail(&error, MK_RECORD, "inner");
    mk_fail(&error, MK_DAMAGED, "outer: %s: end", error.text);
    ck_assert_str_eq(error.text, "outer: inner: end");
    ck_assert_int_eq(error.code, MK_DAMAGED);
}
END_TEST

START_TEST(keeps_a_text_that_just_fits)
{
    char text[sizeof(((mk_error *)0)->text)];
    mk_error error;

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    mk_fail(&error, MK_BUG, "%s", text);
    ck_assert_str_eq(error.text, text);
}
END_TEST

/* Texts of n ASCII letters and then many characters of the same length: every
 * place inside a character meets the end of the field. */
START_TEST(cuts_between_characters)
{
    static const char *const characters[] = {"x", "ع", "ﷺ", "😀"};
    const size_t width = (size_t)_i + 1;

    for (size_t n_ascii = 0; n_ascii < 4; n_ascii++) {
        char text[1024] = "";
        mk_error error;
        memset(text, 'a', n_ascii);
        for (size_t at = n_ascii; at < 900; at += width)
            memcpy(text + at, characters[_i], width);
        mk_fail(&error, MK_BUG, "%s", text);
        const size_t whole = (sizeof(error.text) - 1 - n_ascii) / width;
        ck_assert_uint_eq(strlen(error.text), n_ascii + whole * width);
        ck_assert_int_eq(strncmp(error.text, text, strlen(error.text)), 0);
    }
}
END_TEST

START_TEST(keeps_stray_bytes_where_it_cuts)
{
    char text[1024] = "";
    mk_error error;

    memset(text, 0x80, 900);
    mk_fail(&error, MK_BUG, "%s", text);
    ck_assert_uint_eq(strlen(error.text), sizeof(error.text) - 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("error");
    TCase *const t = tcase_create("error");

    tcase_add_test(t, sets_code_and_text);
    tcase_add_test(t, takes_no_error);
    tcase_add_test(t, wraps_its_own_text);
    tcase_add_test(t, keeps_a_text_that_just_fits);
    tcase_add_loop_test(t, cuts_between_characters, 0, 4);
    tcase_add_test(t, keeps_stray_bytes_where_it_cuts);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
