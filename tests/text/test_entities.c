#include <stdio.h>

#include "text/entities.h"

#include "patching.h"

/* Owned by the caller. */
static mk_str decoded(mk_str text, bool has_markup)
{
    mk_arena *const arena = mk_arena_new();
    mk_patches patches = {.arena = arena};
    mk_drafts drafts = {.draft = {.traced = false}};

    ck_assert_ptr_nonnull(arena);
    mk_op_html_entities(text, has_markup, &drafts, &patches);
    mk_drafts_clear(&drafts);
    const mk_str out = patched(text, &patches);
    mk_arena_free(arena);
    return out;
}

static void check_with(const char *in, const char *want, bool has_markup)
{
    const mk_str got = decoded(mk_str_of(in), has_markup);

    ck_assert_mk_str_eq(got, mk_str_of(want));
    free((char *)got.ptr);
}

static void check(const char *in, const char *want)
{
    check_with(in, want, false);
}

START_TEST(knows_all_names_in_order)
{
    ck_assert_uint_eq(mk_n_entities, 2125);
    for (size_t i = 1; i < mk_n_entities; i++)
        ck_assert_int_lt(strcmp(mk_entities[i - 1].name, mk_entities[i].name), 0);
}
END_TEST

START_TEST(each_name_becomes_its_characters)
{
    char in[40], want[9];

    for (size_t i = 0; i < mk_n_entities; i++) {
        const mk_entity *const e = &mk_entities[i];
        size_t len = mk_utf8_put(want, e->cp[0]);
        if (e->cp[1])
            len += mk_utf8_put(want + len, e->cp[1]);
        want[len] = '\0';
        snprintf(in, sizeof(in), "&%s;", e->name);
        check(in, want);
    }
}
END_TEST

START_TEST(decodes_names_and_numbers)
{
    check("&quot;نص&quot;", "\"نص\"");
    check("&#1575;&#1604;", "ال");
    check("&#x627;&#X644;", "ال");
    check("قبل&nbsp;بعد", "قبل\u00A0بعد");
    check("&NotEqualTilde;", "\u2242\u0338");
    check("&CounterClockwiseContourIntegral;", "\u2233");
}
END_TEST

START_TEST(case_of_names_counts)
{
    check("&AMP;&Amp;", "&&Amp;");
    check("&Alpha;&alpha;", "Αα");
}
END_TEST

START_TEST(needs_the_semicolon)
{
    check("?a=1&copy=2&reg=3&lang=ar", "?a=1&copy=2&reg=3&lang=ar");
    check("&amp", "&amp");
    check("&#1575", "&#1575");
}
END_TEST

START_TEST(leaves_what_it_does_not_know)
{
    check("&bogus; & &; &#; &#x; &a; &1; &#12345678; &#x1234567;",
          "&bogus; & &; &#; &#x; &a; &1; &#12345678; &#x1234567;");
}
END_TEST

START_TEST(numbers_of_controls_are_those_of_windows_1252)
{
    check("&#146;&#x80;&#133;", "\u2019\u20AC\u2026");
    check("&#129;", "\xC2\x81"); /* the page has nothing there */
}
END_TEST

START_TEST(impossible_numbers_are_replacement_characters)
{
    check("&#0;", "\uFFFD");
    check("&#xD800;&#xDFFF;", "\uFFFD\uFFFD");
    check("&#x110000;&#9999999;", "\uFFFD\uFFFD");
    check("&#x10FFFF;", "\U0010FFFF");
}
END_TEST

START_TEST(decodes_what_was_escaped_twice)
{
    check("&amp;quot;", "\"");
    check("&amp;amp;amp;nbsp;", "\u00A0");
    check("&#38;amp;#1575;", "ا");
    check("&amp;x;", "&x;");
}
END_TEST

START_TEST(keeps_signs_of_markup_beside_markup)
{
    check_with("&lt;b&gt; &amp; &quot; &apos; &nbsp;", "&lt;b&gt; &amp; &quot; &apos; \u00A0",
               true);
    check_with("&#60;&amp;lt;&amp;nbsp;", "&#60;&amp;lt;\u00A0", true);
}
END_TEST

static const char *const alphabet = "&&&&;;;;#x38aamplgtqnbsop<01 \nاé";

START_TEST(a_second_pass_finds_nothing)
{
    uint32_t state = 7;
    char text[4 * 24];

    for (int round = 0; round < 50000; round++) {
        const mk_str in = random_of(&state, mk_str_of(alphabet), 24, text);
        const bool markup = mk_str_has(in, MK_STR("<"));
        const mk_str once = decoded(in, markup), twice = decoded(once, markup);
        ck_assert_mk_str_eq(twice, once);
        ck_assert_uint_eq(mk_utf8_valid(once), once.len);
        free((char *)once.ptr);
        free((char *)twice.ptr);
    }
}
END_TEST

/* A chain of n escapes of escapes. */
static mk_str chain(const char *link, size_t n)
{
    mk_buf out = {.max = MK_BUF_MAX};

    mk_buf_putc(&out, '&');
    for (size_t i = 0; i < n; i++)
        mk_buf_puts(&out, link);
    mk_buf_puts(&out, "lt;");
    ck_assert(!out.failed);
    return mk_buf_str(&out);
}

START_TEST(long_chains_take_linear_time)
{
    const mk_str in = chain("amp;", 2000000);
    const mk_str out = decoded(in, false);
    ck_assert_mk_str_eq(out, MK_STR("<"));
    free((char *)in.ptr);
    free((char *)out.ptr);

    /* one pass a link: these stop where nobody has meant them */
    const mk_str numbers = chain("#38;", 200000);
    const mk_str rest = decoded(numbers, false);
    ck_assert_uint_eq(numbers.len - rest.len, (size_t)16 * 4);
    free((char *)numbers.ptr);
    free((char *)rest.ptr);
}
END_TEST

int main(void)
{
    Suite *const s = suite_create("entities");
    TCase *const t = tcase_create("entities");

    tcase_add_test(t, knows_all_names_in_order);
    tcase_add_test(t, each_name_becomes_its_characters);
    tcase_add_test(t, decodes_names_and_numbers);
    tcase_add_test(t, case_of_names_counts);
    tcase_add_test(t, needs_the_semicolon);
    tcase_add_test(t, leaves_what_it_does_not_know);
    tcase_add_test(t, numbers_of_controls_are_those_of_windows_1252);
    tcase_add_test(t, impossible_numbers_are_replacement_characters);
    tcase_add_test(t, decodes_what_was_escaped_twice);
    tcase_add_test(t, keeps_signs_of_markup_beside_markup);
    tcase_add_test(t, a_second_pass_finds_nothing);
    tcase_add_test(t, long_chains_take_linear_time);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
