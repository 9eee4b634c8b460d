/* A page as lines with cues. */
#include "read/html.h"

#include <stdlib.h>

#include "base/buf.h"
#include "read/reader.h"
#include "support.h"

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

static mk_html_page read_page(mk_str html)
{
    mk_html_page page;
    mk_error error;
    const mk_err err = mk_html_text(html, MK_STR("utf-8"), NULL, arena, &page, &error);
    ck_assert_msg(err == MK_OK, "%s", error.text);
    return page;
}

/* ---- lines ---- */

static const struct {
    const char *html, *text;
} texts[] = {
    /* blocks and white space */
    {"", ""},
    {"a  b\n\tc", "a b c"},
    {"<p>a</p><p>b</p>", "a\nb"},
    {"<p>a<p>b", "a\nb"},
    {"a<br>b<br/><br>c", "a\nb\nc"},
    {"<div>a<div>b</div>c</div>d", "a\nb\nc\nd"},
    {"<p>a <b>b</b> c</p>", "a b c"},
    {"<b>a</b><i>b</i>", "ab"},
    {"<b>a </b> <i> b</i>", "a b"},
    {"<p> &nbsp; </p><p>a</p>", "a"},
    {"<ul><li>a<li>b<ul><li>c</ul></ul>d", "a\nb\nc\nd"},
    {"<h1>a</h1>b<hr>c", "a\nb\nc"},
    {"<dl><dt>a<dd>b</dl>", "a\nb"},
    {"<pre>\na  b\n\tc\n</pre>d", "a  b\nc\nd"},
    {"a\u2028b\xC2\x85"
     "c\vd\fe",
     "a b c d e"},
    {"&#1575;&amp;&lt;b&gt;", "\u0627&<b>"},
    {"&lt;p&gt;&#10;x", "<p> x"},
    /* tables */
    {"<table><tr><td>a<td>1<tr><td>b<td>2</table>c", "a\t1\nb\t2\nc"},
    {"<table><tr><th>a</th><td><p>1</p></td></tr></table>", "a\t1"},
    {"<table><tr><td><a href=x>home</a><td><a href=y>news</a></table>", "home\nnews"},
    {"<table><tr><td>a<br>b<td>c</table>", "a\nb\nc"},
    {"<table><tr><td>a<td><table><tr><td>b<td>c</table><td>d</table>", "a\nb\tc\nd"},
    {"<table><tr><td>a</td></tr></table></td>b", "a\nb"},
    /* what is not read */
    {"a<script>b</script><style>c</style><template>d</template>e", "ae"},
    {"a<noscript><p>b</p></noscript>c", "ac"},
    {"<p hidden>a</p>b", "b"},
    {"<p hidden=until-found>a</p>b", "a\nb"},
    {"<div aria-hidden=true>a<p>b</div>c", "c"},
    {"<span style='color:red; DISPLAY : none !important'>a</span>b", "b"},
    {"<span style='display:nonesuch'>a</span>b", "ab"},
    {"<span class='x sr-only'>a</span>b", "b"},
    {"<select><option>a<option>b</select><button>c</button><textarea>d</textarea>e", "e"},
    {"<svg><title>a</title><path/><text>b</text></svg>c<iframe>d</iframe>", "c"},
    {"<form><p>a</p><input value=b></form>", "a"},
    {"<title>a</title>b", "b"},
    {"<!-- a -->b<?php c ?>", "b"},
    /* what is not as it should be */
    {"<b><p>a</b>b</p>c", "ab\nc"},
    {"</p>a</div></td></b>b", "ab"},
    {"<p>a<table><tr><td>b</table>c", "a\nb\nc"},
    {"<html><body>a<html><body>b</body></html>c", "abc"},
    {"<li>a<div>b<li>c", "a\nb\nc"},
    {"<h2>a<h3>b</h2>c", "a\nb\nc"},
    {"a<unknown>b</unknown>c", "abc"},
    {"<div hidden>a</div></div><p>b", "b"},
    {"a\x01z", "a z"},
};

START_TEST(reads_text_as_a_browser_shows_it)
{
    ck_assert_mk_str_eq(read_page(mk_str_of(texts[_i].html)).text, mk_str_of(texts[_i].text));
}
END_TEST

START_TEST(reads_a_nul_as_a_space)
{
    ck_assert_mk_str_eq(read_page(MK_STR("a\0b<p\0>c")).text, MK_STR("a b\nc"));
}
END_TEST

/* ---- what JSON-LD says is the article ---- */

#define BODY40                                                                    \
    "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20 w21 " \
    "w22 w23 w24 w25 w26 w27 w28 w29 w30 w31 w32 w33 w34 w35 w36 w37 w38 w39 w40"
#define STATED(body, page) \
    "<script type=\"application/ld+json\">{\"articleBody\":\"" body "\"}</script>" page

static const struct {
    const char *html;
    bool stated; /* the first line */
} stated[] = {
    {STATED(BODY40, "<div>w3 w4 w5 w6 w7 w8 w9</div>"), true},
    {STATED(BODY40, "<div>w3, w4: w5 - w6 \"w7\" w8 w9.</div>"), true},
    {STATED(BODY40, "<div>w3 w4 w5 w6</div>"), false},          /* too short */
    {STATED(BODY40, "<div>w9 w8 w7 w6 w5 w4 w3</div>"), false}, /* other words' order */
    {STATED(BODY40, "<div>a b c d e f g</div>"), false},
    {STATED("w1 w2 w3 w4 w5 w6 w7 w8", "<div>w1 w2 w3 w4 w5 w6</div>"), false}, /* a teaser */
};

START_TEST(lines_of_the_stated_body_stand_in_the_body)
{
    const mk_html_page page = read_page(mk_str_of(stated[_i].html));
    ck_assert_uint_eq(page.n_lines, 1);
    ck_assert_uint_eq(page.cues[0].parts, stated[_i].stated ? MK_PART_BODY : 0);
}
END_TEST

START_TEST(other_languages_are_kept)
{
    const mk_html_page page = read_page(
        mk_str_of("<link rel=alternate hreflang=en href='https://x.example/en?a=1&amp;b=2'>"
                  "<link rel=alternate hreflang=fr href='https://x.example/fr'><link rel=alternate "
                  "type=application/rss+xml href=rss>x"));
    ck_assert_mk_str_eq(page.alternates, MK_STR("{\"en\":\"https://x.example/en?a=1&b=2\",\"fr\":"
                                                "\"https://x.example/fr\"}"));
}
END_TEST

/* ---- cues ---- */

static const struct {
    const char *html;
    size_t line;
    mk_cues cues;
} cues[] = {
    {"a", 0, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<a href=x>a</a>", 0, {0, 100, MK_BLOCK_TEXT, 0}},
    {"<a href=x>ab</a>cd", 0, {0, 50, MK_BLOCK_TEXT, 0}},
    {"<a href=x>ab</a> - , !", 0, {0, 100, MK_BLOCK_TEXT, 0}},
    {"<a name=x>ab</a>", 0, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<a href='#x'>ab</a>", 0, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<a href=x><p>a</a>bcd", 0, {0, 25, MK_BLOCK_TEXT, 0}},
    {"<a href=x>a<div>b</div></a><p>c", 2, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<h3>a</h3>", 0, {0, 0, MK_BLOCK_HEADING, 3}},
    {"<li>a</li>", 0, {0, 0, MK_BLOCK_ITEM, 0}},
    {"<blockquote><p>a", 0, {0, 0, MK_BLOCK_QUOTE, 0}},
    {"<pre>a", 0, {0, 0, MK_BLOCK_PRE, 0}},
    {"<table><tr><td>a<td>b", 0, {0, 0, MK_BLOCK_ROW, 0}},
    {"<table><tr><td>a", 0, {0, 0, MK_BLOCK_CELL, 0}},
    {"<nav><ul><li>a", 0, {MK_PART_NAV, 0, MK_BLOCK_ITEM, 0}},
    {"<nav>a</nav>b", 1, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<article><p>a", 0, {MK_PART_CONTENT, 0, MK_BLOCK_TEXT, 0}},
    {"<header><p>a", 0, {MK_PART_HEADER, 0, MK_BLOCK_TEXT, 0}},
    {"<article><header><p>a", 0, {MK_PART_CONTENT, 0, MK_BLOCK_TEXT, 0}},
    {"<div role=navigation>a", 0, {MK_PART_NAV, 0, MK_BLOCK_TEXT, 0}},
    {"<div itemprop=articleBody>a", 0, {MK_PART_BODY, 0, MK_BLOCK_TEXT, 0}},
    {"<div class='x entry-content'>a", 0, {MK_PART_BODY, 0, MK_BLOCK_TEXT, 0}},
    {"<div class=articleBody>a", 0, {MK_PART_BODY, 0, MK_BLOCK_TEXT, 0}},
    {"<div class=newsdetails>a", 0, {MK_PART_BODY, 0, MK_BLOCK_TEXT, 0}},
    {"<div class='post text'>a", 0, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<div class=sidebar>a", 0, {MK_PART_ASIDE, 0, MK_BLOCK_TEXT, 0}},
    {"<div class=has-sidebar>a", 0, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<div class=rightSidebar>a", 0, {MK_PART_ASIDE, 0, MK_BLOCK_TEXT, 0}},
    {"<div id=comments>a", 0, {MK_PART_COMMENTS, 0, MK_BLOCK_TEXT, 0}},
    {"<div class='related_posts'>a", 0, {MK_PART_RELATED, 0, MK_BLOCK_TEXT, 0}},
    {"<div class=shared>a", 0, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<body class=sidebar>a", 0, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<p>a <span class=share>b</span>", 0, {0, 0, MK_BLOCK_TEXT, 0}},
    {"<p><span class=share>a</span> <span class=share>b</span>",
     0,
     {MK_PART_SHARE, 0, MK_BLOCK_TEXT, 0}},
};

START_TEST(says_what_the_markup_says)
{
    const mk_html_page page = read_page(mk_str_of(cues[_i].html));
    ck_assert_uint_gt(page.n_lines, cues[_i].line);
    const mk_cues got = page.cues[cues[_i].line], want = cues[_i].cues;
    ck_assert_uint_eq(got.parts, want.parts);
    ck_assert_uint_eq(got.link, want.link);
    ck_assert_uint_eq(got.block, want.block);
    ck_assert_uint_eq(got.heading, want.heading);
}
END_TEST

/* ---- metadata ---- */

START_TEST(finds_the_metadata)
{
    const mk_html_page page = read_page(
        MK_STR("<html lang=ar><head><title>  The sieve &amp; the \n flour - Site</title>"
               "<link rel=canonical href='https://x.invalid/?a=1&amp;b=2'>"
               "<meta property='article:published_time' content='2020-01-02T03:04:05Z'>"
               "</head><body><h1>The sieve &amp; the flour</h1><p>x"));
    ck_assert_mk_str_eq(page.title, MK_STR("The sieve & the flour"));
    ck_assert_mk_str_eq(page.lang, MK_STR("ar"));
    ck_assert_mk_str_eq(page.date, MK_STR("2020-01-02T03:04:05Z"));
    ck_assert_mk_str_eq(page.url, MK_STR("https://x.invalid/?a=1&b=2"));
    ck_assert_uint_eq(page.cues[0].parts, MK_PART_TITLE);
    ck_assert_uint_eq(page.cues[1].parts, 0);
}
END_TEST

static const struct {
    const char *html, *title;
} titles[] = {
    {"<title>Site</title><p>x", "Site"},
    {"<meta property=og:title content='The sieve'><title>Site: The sieve</title><p>x", "The sieve"},
    {"<title>Site | The whole title</title><h2>The whole title</h2>", "The whole title"},
    {"<title>News - Site name</title><p>News", "News - Site name"},
    {"<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"WebPage\"},{\"headline\":\"A &quot;b&quot;\","
     "\"datePublished\":\"2020-01-02\"}]}</script>",
     "A \"b\""},
    {"<script type='application/ld+json'>[{\"headline\":\"In a list\"}]</script>", "In a list"},
    {"<script type='application/ld+json'>{broken</script><title>T</title>", "T"},
    {"<script>{\"headline\":\"no\"}</script><title>T</title>", "T"},
    {"<svg><title>icon</title></svg><title>T</title>", "T"},
    {"<title></title><p>x", ""},
};

START_TEST(finds_the_title)
{
    ck_assert_mk_str_eq(read_page(mk_str_of(titles[_i].html)).title, mk_str_of(titles[_i].title));
}
END_TEST

static const struct {
    const char *html, *date;
} page_dates[] = {
    {"<meta name=date.issued content='  2020-01-02 '><p>x", "2020-01-02"},
    {"<meta itemprop=datePublished content='٢ يناير ٢٠٢٠'><p>x", "٢ يناير ٢٠٢٠"},
    {"<meta itemprop=datePublished content='today'><p>x", ""},
    {"<meta itemprop=datePublished content='today'>"
     "<meta property='article:published_time' content='2020-01-02'><p>x",
     "2020-01-02"},
    {"<meta itemprop=datePublished content='Published on 2 January 2020 at 10:30 by the editors "
     "of the news desk'><p>x",
     ""},
    {"<script type='application/ld+json'>{\"datePublished\":\"\"}</script>"
     "<time itemprop=datePublished datetime=2020-01-02>x</time>",
     "2020-01-02"},
    {"<script type='application/ld+json'>{\"datePublished\":\"soon\"}</script><p>x", ""},
};

START_TEST(takes_dates_alone_for_the_date)
{
    ck_assert_mk_str_eq(read_page(mk_str_of(page_dates[_i].html)).date,
                        mk_str_of(page_dates[_i].date));
}
END_TEST

START_TEST(counts_what_it_leaves_out)
{
    const mk_html_page page = read_page(
        MK_STR("<script>a</script><style>b</style><p hidden>c<span hidden>d</span></p>"
               "<button>e</button><input><svg></svg>text"));
    ck_assert_uint_eq(page.removed.scripts, 2);
    ck_assert_uint_eq(page.removed.hidden, 1);
    ck_assert_uint_eq(page.removed.forms, 2);
    ck_assert_uint_eq(page.removed.media, 1);
}
END_TEST

START_TEST(tells_the_document_what_it_knows)
{
    mk_html_page page = read_page(MK_STR("<title>t</title><script></script>x"));
    mk_doc doc = {.title = MK_STR("of the record"), .members = MK_STR("{}")};
    ck_assert_int_eq(mk_html_fill(&page, arena, &doc, NULL), MK_OK);
    ck_assert_mk_str_eq(doc.raw, MK_STR("x"));
    ck_assert_mk_str_eq(doc.title, MK_STR("of the record"));
    ck_assert_ptr_eq(doc.cues, page.cues);
    ck_assert_mk_str_eq(
        doc.members, MK_STR("{\"charset\":\"utf-8\",\"charset_by\":\"http\""
                            ",\"removed\":{\"scripts\":1,\"hidden\":0,\"forms\":0,\"media\":0}}"));
}
END_TEST

START_TEST(reads_a_page_that_a_script_would_show)
{
    mk_buf html = {.max = MK_BUF_MAX};
    mk_buf_puts(&html, "<div style='display:none'>");
    for (int i = 0; i < 100; i++)
        mk_buf_puts(&html, "<p>a paragraph of the page");
    const mk_html_page page = read_page(mk_buf_str(&html));
    ck_assert_uint_eq(page.n_lines, 100);
    ck_assert(page.shows_hidden);
    mk_buf_clear(&html);
}
END_TEST

/* ---- limits ---- */

static mk_str repeat(const char *what, size_t n, const char *end)
{
    const size_t len = strlen(what);
    char *bytes = mk_arena_bytes(arena, n * len + strlen(end) + 1);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < n; i++)
        memcpy(bytes + i * len, what, len);
    memcpy(bytes + n * len, end, strlen(end));
    return (mk_str){bytes, n * len + strlen(end)};
}

static const struct {
    const char *what;
    size_t n;
    const char *end;
    size_t n_lines;
} bombs[] = {
    {"<div>", 400000, "x", 1},
    {"<b>", 400000, "x", 1},
    {"<div></b>", 400000, "x", 1},
    {"<a href=x>", 400000, "x", 1},
    {"<table><tr><td>", 400000, "x", 1},
    {"<i><div></i>", 400000, "x", 1},
    {"<ul><li>", 400000, "x", 1},
    {"x<br>", 400000, "", 400000},
    {"<td>x", 400000, "", 400000},
    {"</p>", 400000, "x", 1},
    {"&nGt;", 400000, "", 1},
    {"a=b ", 400000, ">x", 1},
};

START_TEST(takes_bombs_in_their_stride)
{
    const mk_html_page page = read_page(repeat(bombs[_i].what, bombs[_i].n, bombs[_i].end));
    ck_assert_uint_eq(page.n_lines, bombs[_i].n_lines);
}
END_TEST

START_TEST(takes_a_tag_of_a_million_attributes)
{
    const mk_str attributes = repeat("a=b ", 1000000, ">x");
    char *bytes = mk_arena_bytes(arena, attributes.len + 3);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, "<p ", 3);
    memcpy(bytes + 3, attributes.ptr, attributes.len);
    ck_assert_mk_str_eq(read_page((mk_str){bytes, attributes.len + 3}).text, MK_STR("x"));
}
END_TEST

START_TEST(takes_a_huge_attribute)
{
    const mk_str value = repeat("x", 4000000, "\">y");
    char *bytes = mk_arena_bytes(arena, value.len + 10);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, "<p class=\"", 10);
    memcpy(bytes + 10, value.ptr, value.len);
    ck_assert_mk_str_eq(read_page((mk_str){bytes, value.len + 10}).text, MK_STR("y"));
}
END_TEST

START_TEST(flattens_what_is_too_deep)
{
    const mk_html_limits limits = {.max_depth = 3};
    mk_html_page page;
    ck_assert_int_eq(mk_html_text(MK_STR("<div><div><div>a<nav>b</nav></div>c</div>d</div>e"),
                                  MK_STR("utf-8"), &limits, arena, &page, NULL),
                     MK_OK);
    ck_assert_mk_str_eq(page.text, MK_STR("a\nb\nc\nd\ne"));
    ck_assert(page.flattened);
    ck_assert_uint_eq(page.cues[1].parts, 0);
}
END_TEST

START_TEST(refuses_what_is_beyond_a_limit)
{
    const mk_html_limits few = {.max_elements = 2}, small = {.max_bytes = 5};
    mk_html_page page;
    mk_error error;
    ck_assert_int_eq(mk_html_text(MK_STR("<p><p><p>"), MK_STR(""), &few, arena, &page, &error),
                     MK_RECORD);
    ck_assert_str_eq(error.text, "more than 2 elements");
    ck_assert_int_eq(mk_html_text(MK_STR("<p>xyz"), MK_STR(""), &small, arena, &page, &error),
                     MK_RECORD);
    ck_assert_str_eq(error.text, "longer than 5 bytes");
    ck_assert_int_eq(mk_html_text(MK_STR("<p><p>"), MK_STR(""), &few, arena, &page, &error), MK_OK);
}
END_TEST

/* ---- bid ---- */

static const struct {
    const char *head;
    bool is;
} heads[] = {
    {"<!DOCTYPE html><p>", true},
    {"\xEF\xBB\xBF\n <!doctype HTML PUBLIC \"-//W3C\">", true},
    {"<html>", true},
    {"<!-- saved --><head>", true},
    {"<?php include 'x'; ?>\n\n<main>", true},
    {"<?xml version='1.0'?><html>", true},
    {"<div>", true},
    {"<p>", true},
    {"<?xml version='1.0'?><rss>", false},
    {"<!doctype svg>", false},
    {"<b>", false},
    {"</p>", false},
    {"< p>", false},
    {"<3 and <p>", false},
    {"text <html>", false},
    {"{\"text\":\"<html>\"}", false},
    {"", false},
};

START_TEST(knows_a_page_in_utf_16)
{
    ck_assert(mk_html_is(MK_STR("\xFF\xFE<\0p\0>\0")));
    ck_assert(mk_html_is(MK_STR("\xFE\xFF\0<\0p\0>")));
    ck_assert(!mk_html_is(MK_STR("\xFF\xFEp\0>\0")));
}
END_TEST

START_TEST(knows_a_page_by_its_head)
{
    ck_assert_int_eq(mk_html_is(mk_str_of(heads[_i].head)), heads[_i].is);
    ck_assert_ptr_eq(mk_reader_pick(mk_str_of(heads[_i].head)), heads[_i].is ? &mk_reader_html
                                                                : heads[_i].head[0] == '{'
                                                                    ? &mk_reader_jsonl
                                                                    : &mk_reader_text);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(*(table)))

int main(void)
{
    Suite *s = suite_create("html");
    TCase *tc = tcase_create("html");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, reads_text_as_a_browser_shows_it, 0, COUNT(texts));
    tcase_add_test(tc, reads_a_nul_as_a_space);
    tcase_add_loop_test(tc, says_what_the_markup_says, 0, COUNT(cues));
    tcase_add_test(tc, finds_the_metadata);
    tcase_add_loop_test(tc, finds_the_title, 0, COUNT(titles));
    tcase_add_loop_test(tc, takes_dates_alone_for_the_date, 0,
                        (int)(sizeof(page_dates) / sizeof(*page_dates)));
    tcase_add_test(tc, counts_what_it_leaves_out);
    tcase_add_test(tc, tells_the_document_what_it_knows);
    tcase_add_test(tc, reads_a_page_that_a_script_would_show);
    tcase_add_loop_test(tc, lines_of_the_stated_body_stand_in_the_body, 0,
                        (int)(sizeof(stated) / sizeof(*stated)));
    tcase_add_test(tc, other_languages_are_kept);
    tcase_add_loop_test(tc, takes_bombs_in_their_stride, 0, COUNT(bombs));
    tcase_add_test(tc, takes_a_tag_of_a_million_attributes);
    tcase_add_test(tc, takes_a_huge_attribute);
    tcase_add_test(tc, flattens_what_is_too_deep);
    tcase_add_test(tc, refuses_what_is_beyond_a_limit);
    tcase_add_test(tc, knows_a_page_in_utf_16);
    tcase_add_loop_test(tc, knows_a_page_by_its_head, 0, COUNT(heads));
    suite_add_tcase(s, tc);
    return mk_test_run(s);
}
