/* In which encoding a page is: the order in which a browser asks. */
#include "read/html.h"
#include "support.h"

/* "ذهب" in four encodings */
#define WORD_UTF8 "\u0630\u0647\u0628"
#define WORD_1256 "\xD0\xE5\xC8"
#define WORD_8859_6 "\xD0\xE7\xC8"

static mk_arena *arena;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
    mk_arena_free(arena);
}

static mk_html_page read(mk_str bytes, const char *http)
{
    mk_html_page page;
    mk_error error;
    const mk_err err = mk_html_text(bytes, mk_str_of(http), NULL, arena, &page, &error);
    ck_assert_msg(err == MK_OK, "%s", error.text);
    return page;
}

static const struct {
    const char *bytes, *http;
    const char *charset, *told_by;
} cases[] = {
    {"\xEF\xBB\xBF" WORD_UTF8, "windows-1256", "utf-8", "bom"},
    {WORD_1256, "windows-1256", "windows-1256", "http"},
    {WORD_1256, "CP1256", "windows-1256", "http"},
    {"<meta charset=utf-8>" WORD_1256, "windows-1256", "windows-1256", "http"},
    {"<meta charset=windows-1256>" WORD_1256, "", "windows-1256", "meta"},
    {"<meta charset=windows-1256>" WORD_1256, "no such thing", "windows-1256", "meta"},
    {"<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=windows-1256'>" WORD_1256, "",
     "windows-1256", "meta"},
    {"<meta content=\"text/html;charset = 'iso-8859-6'\" http-equiv=content-type>" WORD_8859_6, "",
     "iso-8859-6", "meta"},
    {"<meta charset=utf-16>" WORD_UTF8, "", "utf-8", "meta"},
    {"<!-- <meta charset=iso-8859-6> --><meta charset=windows-1256>" WORD_1256, "", "windows-1256",
     "meta"},
    {"<script>'<meta charset=iso-8859-6>'</script><meta charset=windows-1256>" WORD_1256, "",
     "windows-1256", "meta"},
    {"<meta charset=nonsense><meta charset=windows-1256>" WORD_1256, "", "windows-1256", "meta"},
    {"<meta name=x content='charset=iso-8859-6'><p>" WORD_UTF8, "", "utf-8", "guess"},
    {WORD_UTF8, "", "utf-8", "guess"},
};

START_TEST(finds_the_encoding)
{
    const mk_html_page page = read(mk_str_of(cases[_i].bytes), cases[_i].http);
    ck_assert_mk_str_eq(page.charset, mk_str_of(cases[_i].charset));
    ck_assert_str_eq(page.told_by, cases[_i].told_by);
    ck_assert_mk_str_eq(page.text, mk_str_of(WORD_UTF8));
    ck_assert_uint_eq(page.n_bad, 0);
}
END_TEST

START_TEST(guesses_windows_1256_of_a_page)
{
    /* "went the boy to the school and came back to the house", said twice */
    static const char text[] =
        "<p>\xD0\xE5\xC8 \xC7\xE1\xE6\xE1\xCF \xC5\xE1\xEC \xC7\xE1\xE3\xCF\xD1\xD3\xC9 "
        "\xE6\xDA\xC7\xCF \xC5\xE1\xEC \xC7\xE1\xC8\xED\xCA. \xD0\xE5\xC8 \xC7\xE1\xE6\xE1\xCF "
        "\xC5\xE1\xEC \xC7\xE1\xE3\xCF\xD1\xD3\xC9.</p>";
    const mk_html_page page = read(MK_STR(text), "");
    ck_assert_mk_str_eq(page.charset, MK_STR("windows-1256"));
    ck_assert_str_eq(page.told_by, "guess");
}
END_TEST

START_TEST(reads_utf_16_by_its_mark)
{
    const mk_html_page page = read(MK_STR("\xFF\xFE\x30\x06\x47\x06\x28\x06"), "");
    ck_assert_mk_str_eq(page.text, MK_STR(WORD_UTF8));
    ck_assert_str_eq(page.told_by, "bom");
}
END_TEST

START_TEST(counts_bytes_that_the_encoding_does_not_know)
{
    const mk_html_page page = read(MK_STR("<meta charset=utf-8>a\xFFz"), "");
    ck_assert_mk_str_eq(page.text, MK_STR("a\uFFFDz"));
    ck_assert_uint_eq(page.n_bad, 1);
}
END_TEST

START_TEST(looks_no_further_than_the_first_kilobyte)
{
    char bytes[2048];
    memset(bytes, ' ', sizeof(bytes));
    static const char meta[] = "<meta charset=iso-8859-6>" WORD_UTF8;
    memcpy(bytes + 1100, meta, sizeof(meta) - 1);
    ck_assert_str_eq(read((mk_str){bytes, sizeof(bytes)}, "").told_by, "guess");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("html_charset");
    TCase *tc = tcase_create("html_charset");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, finds_the_encoding, 0, (int)(sizeof(cases) / sizeof(*cases)));
    tcase_add_test(tc, guesses_windows_1256_of_a_page);
    tcase_add_test(tc, reads_utf_16_by_its_mark);
    tcase_add_test(tc, counts_bytes_that_the_encoding_does_not_know);
    tcase_add_test(tc, looks_no_further_than_the_first_kilobyte);
    suite_add_tcase(s, tc);
    return mk_test_run(s);
}
