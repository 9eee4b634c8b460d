#include "read/html_token.h"

#include <stdio.h>
#include <stdlib.h>

#include "support.h"

/* The tokens of s in words: T(text), <name|attribute=value...>, </name>. */
static const char *tokens_of(mk_str s)
{
    static char out[4096];
    html_tokens tokens = html_tokens_of(s);
    html_token t;
    size_t n = 0;
    out[0] = '\0';
    while (mk_html_token_next(&tokens, &t)) {
        const mk_str what = t.type == HTML_TEXT ? t.text : t.name;
        mk_str name, value;
        n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s",
                              t.type == HTML_TEXT    ? t.refs ? "T(" : "R("
                              : t.type == HTML_START ? "<"
                                                     : "</",
                              (int)what.len, what.ptr);
        for (size_t at = 0;
             t.type == HTML_START && mk_html_attribute_next(t.attributes, &at, &name, &value);)
            n += (size_t)snprintf(out + n, sizeof(out) - n, "|%.*s=%.*s", (int)name.len, name.ptr,
                                  (int)value.len, value.ptr);
        n += (size_t)snprintf(out + n, sizeof(out) - n, t.type == HTML_TEXT ? ")" : ">");
    }
    return out;
}

static const struct {
    const char *html, *tokens;
} cases[] = {
    {"a<b>c</b>", "T(a)<b>T(c)</b>"},
    {"<DIV Class=X>", "<DIV|Class=X>"},
    {"a < b <3 </> c", "T(a < b <3 )T( c)"},
    {"<a href=\"x>y\" b='c\"d' e>", "<a|href=x>y|b=c\"d|e=>"},
    {"<a b = c/d>", "<a|b=c/d>"},
    {"<a =b c=>", "<a|=b=|c=>"},
    {"<br/><br />", "<br><br>"},
    {"<p/a/b=1>", "<p|a=|b=1>"},
    {"<p", ""},
    {"<p a=\"x", ""},
    {"x<p a='>'", "T(x)"},
    {"</p x=y>", "</p>"},
    {"<!doctype html>a", "T(a)"},
    {"a<!-- <b> -- x -->c", "T(a)T(c)"},
    {"a<!-->b<!--->c", "T(a)T(b)T(c)"},
    {"a<!-- x --!>b", "T(a)T(b)"},
    {"a<!-- x", "T(a)"},
    {"a<?php echo 1 ?>b", "T(a)T(b)"},
    {"a</ b>c", "T(a)T(c)"},
    {"<![CDATA[x]]>y", "T(y)"},
    {"<script>if (a<b) '</p>';</SCRIPT >x", "<script>R(if (a<b) '</p>';)</SCRIPT>T(x)"},
    {"<script><!--<script></script>--></script>x",
     "<script>R(<!--<script></script>-->)</script>T(x)"},
    {"<script><!--x</script>y", "<script>R(<!--x)</script>T(y)"},
    {"<script><!--><script></script>y", "<script>R(<!--><script>)</script>T(y)"},
    {"<script>x</scripts>y", "<script>R(x</scripts>y)"},
    {"<title>a<b>&amp;</title>", "<title>T(a<b>&amp;)</title>"},
    {"<textarea></div></textarea>", "<textarea>T(</div>)</textarea>"},
    {"<noscript><img></noscript>", "<noscript>R(<img>)</noscript>"},
    {"<plaintext>a</plaintext>", "<plaintext>R(a</plaintext>)"},
    {"<style></style>a", "<style></style>T(a)"},
};

START_TEST(reads_tags_and_text)
{
    ck_assert_str_eq(tokens_of(mk_str_of(cases[_i].html)), cases[_i].tokens);
}
END_TEST

START_TEST(reads_bytes_that_are_no_text)
{
    ck_assert_str_eq(tokens_of(MK_STR("\xFF<b\xFE>\x80")), "T(\xFF)<b\xFE>T(\x80)");
}
END_TEST

/* Each byte is read a bounded number of times: these would take hours else. */
static const char *const bombs[] = {"<", "<a ",          "a=", "<!--",          "<!-- -", "</",
                                    "&", "<script><!--", "\"", "<title></titl", "<a b='"};

START_TEST(takes_time_in_proportion)
{
    enum { SIZE = 8 << 20 };
    const size_t len = strlen(bombs[_i]);
    char *bytes = malloc(SIZE);
    html_token t;
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = bombs[_i][i % len];
    html_tokens tokens = html_tokens_of((mk_str){bytes, SIZE});
    size_t n = 0;
    while (mk_html_token_next(&tokens, &t)) {
        mk_str name, value;
        for (size_t at = 0;
             t.type == HTML_START && mk_html_attribute_next(t.attributes, &at, &name, &value);)
            n++;
        n++;
    }
    ck_assert_uint_le(n, SIZE);
    free(bytes);
}
END_TEST

/* ---- references ---- */

static const struct {
    const char *text;
    bool in_value;
    uint32_t first, second; /* 0: none */
    size_t len;             /* bytes of the reference */
} refs[] = {
    {"&amp;x", false, '&', 0, 5},
    {"&nbsp;", false, 0xA0, 0, 6},
    {"&laquo;", false, 0xAB, 0, 7},
    {"&zwnj;", false, 0x200C, 0, 6},
    {"&bne;", false, '=', 0x20E5, 5},
    {"&CounterClockwiseContourIntegral;", false, 0x2233, 0, 33},
    {"&ampx", false, '&', 0, 4},
    {"&notit;", false, 0xAC, 0, 4},
    {"&notin;", false, 0x2209, 0, 7},
    {"&copy=1", true, 0, 0, 0},
    {"&copyx", true, 0, 0, 0},
    {"&copy 1", true, 0xA9, 0, 5},
    {"&copy;=1", true, 0xA9, 0, 6},
    {"&#1575;", false, 0x627, 0, 7},
    {"&#x627;", false, 0x627, 0, 7},
    {"&#X627 ", false, 0x627, 0, 6},
    {"&#150;", false, 0x2013, 0, 6},
    {"&#0;", false, 0xFFFD, 0, 4},
    {"&#xD800;", false, 0xFFFD, 0, 8},
    {"&#x110000;", false, 0xFFFD, 0, 10},
    {"&#99999999999999999999;", false, 0xFFFD, 0, 23},
    {"&#;", false, 0, 0, 0},
    {"&#x;", false, 0, 0, 0},
    {"&;", false, 0, 0, 0},
    {"&", false, 0, 0, 0},
    {"&unknown;", false, 0, 0, 0},
    {"& amp;", false, 0, 0, 0},
};

START_TEST(resolves_references)
{
    uint32_t cp[2] = {0, 0};
    size_t at = 0;
    const unsigned n = mk_html_ref(mk_str_of(refs[_i].text), &at, refs[_i].in_value, cp);
    ck_assert_uint_eq(n, (unsigned)(refs[_i].first != 0) + (refs[_i].second != 0));
    ck_assert_uint_eq(at, refs[_i].len);
    if (n > 0)
        ck_assert_uint_eq(cp[0], refs[_i].first);
    if (n > 1)
        ck_assert_uint_eq(cp[1], refs[_i].second);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(*(table)))

int main(void)
{
    Suite *s = suite_create("html_token");
    TCase *tc = tcase_create("html_token");
    tcase_add_loop_test(tc, reads_tags_and_text, 0, COUNT(cases));
    tcase_add_test(tc, reads_bytes_that_are_no_text);
    tcase_add_loop_test(tc, takes_time_in_proportion, 0, COUNT(bombs));
    tcase_add_loop_test(tc, resolves_references, 0, COUNT(refs));
    suite_add_tcase(s, tc);
    return mk_test_run(s);
}
