#include "release/html_put.h"

#include "support.h"

static mk_buf out;

static void setup(void)
{
    out = (mk_buf){.max = 1 << 20};
}

static void teardown(void)
{
    mk_buf_clear(&out);
}

static void check(const char *want)
{
    mk_buf_putc(&out, '\0');
    ck_assert(!out.failed);
    ck_assert_str_eq(out.ptr, want);
    mk_buf_reset(&out);
}

START_TEST(text_cannot_end_an_element_or_a_value)
{
    mk_html_put(&out, MK_STR("</p> & \"a\" 'b' ميناء"));
    check("&lt;/p&gt; &amp; &quot;a&quot; &#39;b&#39; ميناء");
}
END_TEST

START_TEST(controls_are_shown_as_pictures)
{
    mk_html_put(&out, MK_STR("\x1b[31m\t\x7f\0"));
    check("&#x241B;[31m\t&#x2421;&#x2400;");
}
END_TEST

START_TEST(numbers_are_grouped)
{
    const int64_t numbers[] = {0, 999, 1000, 1234567, -1234, INT64_MIN};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        mk_html_number(&out, numbers[i]);
        mk_buf_putc(&out, ' ');
    }
    check("0 999 1,000 1,234,567 \u22121,234 \u22129,223,372,036,854,775,808 ");
}
END_TEST

START_TEST(shares_are_rounded_and_never_lost)
{
    const struct {
        uint64_t part, all;
        const char *want;
    } cases[] = {
        {0, 0, "0.0 %"},
        {1, 3, "33.3 %"},
        {2, 3, "66.7 %"},
        {3, 3, "100.0 %"},
        {1, 100000, "&lt; 0.1 %"},
        {0, 5, "0.0 %"},
        {UINT64_MAX, UINT64_MAX, "100.0 %"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        mk_html_share(&out, cases[i].part, cases[i].all);
        check(cases[i].want);
    }
}
END_TEST

START_TEST(a_bar_of_something_is_never_invisible)
{
    mk_html_bar(&out, 5, 6, 1000000, "gone");
    mk_buf_putc(&out, '\0');
    ck_assert_ptr_nonnull(strstr(out.ptr, "class=\"gone\" x=\"0\" y=\"2\" width=\"1\""));
    mk_buf_reset(&out);
    mk_html_bar(&out, 0, 0, 0, "gone");
    mk_buf_putc(&out, '\0');
    ck_assert_ptr_nonnull(strstr(out.ptr, "width=\"0\""));
}
END_TEST

START_TEST(a_cell_sorts_by_its_number)
{
    mk_html_cell(&out, -12345);
    check("<td class=\"n\" data-v=\"-12345\">\u221212,345</td>");
}
END_TEST

START_TEST(a_text_runs_as_its_first_letter_does)
{
    bool ltr = true;
    ck_assert(mk_html_direction(MK_STR("12 - نص text"), &ltr) && !ltr);
    ck_assert(mk_html_direction(MK_STR("«text» نص"), &ltr) && ltr);
    ck_assert(mk_html_direction(MK_STR("\u05D0"), &ltr) && !ltr);
    ck_assert(!mk_html_direction(MK_STR("*** 12"), &ltr));
    ck_assert(!mk_html_direction(MK_STR(""), &ltr));
}
END_TEST

START_TEST(bars_that_are_too_small_are_seen_all_the_same)
{
    mk_html_pair(&out, 1, 0, 1000000);
    mk_buf_putc(&out, '\0');
    ck_assert_ptr_nonnull(strstr(out.ptr, "class=\"other\" y=\"1\" width=\"1\""));
    ck_assert_ptr_nonnull(strstr(out.ptr, "class=\"kept\" y=\"11\" width=\"0\""));
    mk_buf_reset(&out);
    mk_html_part(&out, 250, 750, 1000, 3);
    mk_html_part(&out, 750, 750, 1000, 4); /* nothing */
    mk_html_part(&out, 0, 0, 0, 5);
    mk_buf_putc(&out, '\0');
    ck_assert_str_eq(out.ptr, "<rect class=\"part3\" x=\"250\" width=\"500\" height=\"40\"/>");
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("html_put");
    TCase *const t = tcase_create("html_put");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, text_cannot_end_an_element_or_a_value);
    tcase_add_test(t, controls_are_shown_as_pictures);
    tcase_add_test(t, numbers_are_grouped);
    tcase_add_test(t, shares_are_rounded_and_never_lost);
    tcase_add_test(t, a_bar_of_something_is_never_invisible);
    tcase_add_test(t, a_cell_sorts_by_its_number);
    tcase_add_test(t, a_text_runs_as_its_first_letter_does);
    tcase_add_test(t, bars_that_are_too_small_are_seen_all_the_same);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
