#include "text/visual_order.h"

#include "patching.h"

/* Owned by the caller. */
static mk_str turned(mk_str text)
{
    mk_arena *const arena = mk_arena_new();
    mk_patches patches = {.arena = arena};
    mk_drafts drafts = {.draft = {.traced = false}};

    ck_assert_ptr_nonnull(arena);
    mk_op_visual_order(text, &drafts, &patches);
    mk_drafts_clear(&drafts);
    const mk_str out = patched(text, &patches);
    mk_arena_free(arena);
    return out;
}

static void check(const char *in, const char *want)
{
    const mk_str got = turned(mk_str_of(in));

    ck_assert_mk_str_eq(got, mk_str_of(want));
    free((char *)got.ptr);
}

/* "Arabic", joined, as it is read and as old screens stored it. */
#define READ "\uFE8D\uFEDF\uFECC\uFEAE\uFE91\uFEF4\uFE94"
#define STORED "\uFE94\uFEF4\uFE91\uFEAE\uFECC\uFEDF\uFE8D"

START_TEST(turns_lines_that_run_backwards)
{
    check(STORED, READ);
    check("\uFEE2\uFED3 " STORED, READ " \uFED3\uFEE2");
}
END_TEST

START_TEST(leaves_lines_that_run_forwards)
{
    check(READ, READ);
    check(READ " (12) " READ, READ " (12) " READ);
}
END_TEST

START_TEST(numbers_and_latin_keep_their_order)
{
    check("2014 " STORED, READ " 2014");
    check("3.5% a@b.c " STORED " x", "x " READ " a@b.c %3.5");
    check("\u0661\u0662 " STORED, READ " \u0661\u0662");
}
END_TEST

START_TEST(mirrors_brackets_only_if_that_balances_them)
{
    check("(" STORED ")", "(" READ ")");
    check(")" STORED "(", "(" READ ")");
    check("\u00AB" STORED "\u00BB", "\u00AB" READ "\u00BB");
}
END_TEST

START_TEST(each_line_is_judged_alone)
{
    check(STORED "\n" READ "\n\n" STORED, READ "\n" READ "\n\n" READ);
}
END_TEST

START_TEST(leaves_what_is_too_short)
{
    check("\uFEE2\uFED3", "\uFEE2\uFED3");
    check("\uFE94\uFEF4\uFE91\uFEAE", "\uFE94\uFEF4\uFE91\uFEAE");
    check("السلام عليكم", "السلام عليكم");
    check("", "");
}
END_TEST

START_TEST(a_second_pass_finds_nothing)
{
    static const char *const alphabet =
        "\uFE8D\uFEDF\uFECC\uFEAE\uFE91\uFEF4\uFE94\uFE8E\uFEE0\uFED3\uFEF2\uFEFB\uFEFC\uFB58"
        "\uFB59\uFBFF\uFE91\uFEF4\uFEDF\uFECC  12a()\u00AB\u00BB.\nب";
    uint32_t state = 5;
    char text[4 * 20];

    for (int round = 0; round < 50000; round++) {
        const mk_str in = random_of(&state, mk_str_of(alphabet), 20, text);
        const mk_str once = turned(in), twice = turned(once);
        ck_assert_mk_str_eq(twice, once);
        ck_assert_uint_eq(mk_utf8_valid(once), once.len);
        free((char *)once.ptr);
        free((char *)twice.ptr);
    }
}
END_TEST

/* Where page glyphs begin, or -1. */
static int glyphs_at(mk_str text)
{
    size_t at;
    return mk_has_page_glyphs(text, true, &at) ? (int)at : -1;
}

START_TEST(sees_glyph_codes_of_pages)
{
    ck_assert_int_eq(glyphs_at(MK_STR("\uFB51 \uFB52 \uFB53\uFB54")), 0);
    ck_assert_int_eq(glyphs_at(MK_STR("آية \uFC41\uFC42\n\uFC43\u00A0\uFC44")), 7);
    ck_assert_int_eq(glyphs_at(MK_STR("\uFB51 \uFB52 \uFB53")), -1);
    ck_assert_int_eq(glyphs_at(MK_STR("\uFB51 \uFB52 x \uFB53 \uFB54")), -1);
    ck_assert_int_eq(glyphs_at(MK_STR("\uFDFA \uFDFB \uFDFC ")), -1);
    ck_assert_int_eq(glyphs_at(MK_STR(READ " " STORED)), -1);
}
END_TEST

START_TEST(sees_what_is_left_of_glyph_codes)
{
    ck_assert_int_eq(glyphs_at(MK_STR("ٱ ٻ ٻ ٻ ٻ پ پ پ پ ڀ")), 0);
    ck_assert_int_eq(glyphs_at(MK_STR("ٱ ٱ ٻ ٻ ٻ ٻ پ")), 3);
    ck_assert_int_eq(glyphs_at(MK_STR("ٱلحمد لله ٻٻٻ پاڪستان")), -1);
}
END_TEST

int main(void)
{
    Suite *const s = suite_create("visual_order");
    TCase *const t = tcase_create("visual_order");

    tcase_add_test(t, turns_lines_that_run_backwards);
    tcase_add_test(t, leaves_lines_that_run_forwards);
    tcase_add_test(t, numbers_and_latin_keep_their_order);
    tcase_add_test(t, mirrors_brackets_only_if_that_balances_them);
    tcase_add_test(t, each_line_is_judged_alone);
    tcase_add_test(t, leaves_what_is_too_short);
    tcase_add_test(t, a_second_pass_finds_nothing);
    tcase_add_test(t, sees_glyph_codes_of_pages);
    tcase_add_test(t, sees_what_is_left_of_glyph_codes);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
