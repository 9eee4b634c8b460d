/* test_sniff.c: types that nobody named. */
#include "read/sniff.h"

#include "support.h"

#define ck_assert_sniff(body, type) ck_assert_mk_str_eq(mk_sniff(MK_STR(body)), MK_STR(type))

START_TEST(a_page_is_html)
{
    ck_assert_sniff("<!DOCTYPE html>\n<title>x</title>", "text/html");
    ck_assert_sniff(" \n<html><body>x", "text/html");
    ck_assert_sniff("\xEF\xBB\xBF<head>", "text/html");
}
END_TEST

START_TEST(what_has_a_signature_is_told_by_it)
{
    ck_assert_sniff("%PDF-1.7\n", "application/pdf");
    ck_assert_sniff("\x89PNG\r\n\x1A\n....", "image/png");
    ck_assert_sniff("\xFF\xD8\xFF\xE0", "image/jpeg");
    ck_assert_sniff("RIFF....WEBPVP8 ", "image/webp");
    ck_assert_sniff("\0\0\0\x18"
                    "ftypmp42",
                    "video/mp4");
    ck_assert_sniff("PK\3\4....", "application/zip");
    ck_assert_sniff("<?xml version=\"1.0\"?><rss>", "text/xml");
    ck_assert_sniff("RIFF", "text/plain"); /* cut off before its kind */
}
END_TEST

START_TEST(what_has_no_binary_byte_is_text)
{
    ck_assert_sniff("word\tword\n\x1B[m", "text/plain");
    ck_assert_sniff("\xC7\xE1\xDA\xD1\xC8", "text/plain"); /* windows-1256 */
    ck_assert_sniff("\xFF\xFEw\0o\0", "text/plain");       /* UTF-16 */
    ck_assert_sniff("w\0o\0", "");
    ck_assert_sniff("", "");
}
END_TEST

START_TEST(only_the_beginning_counts)
{
    char body[1500];

    memset(body, 'x', sizeof(body));
    body[1444] = '\1';
    ck_assert_uint_eq(mk_sniff((mk_str){body, sizeof(body)}).len, 0);
    body[1444] = 'x';
    body[1445] = '\1';
    ck_assert_mk_str_eq(mk_sniff((mk_str){body, sizeof(body)}), MK_STR("text/plain"));
}
END_TEST

int main(void)
{
    Suite *const s = suite_create("sniff");
    TCase *const t = tcase_create("sniff");

    tcase_add_test(t, a_page_is_html);
    tcase_add_test(t, what_has_a_signature_is_told_by_it);
    tcase_add_test(t, what_has_no_binary_byte_is_text);
    tcase_add_test(t, only_the_beginning_counts);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
