#include "doc/segment.h"

#include "support.h"

static mk_arena *arena;
static mk_doc doc;
static bool gaps;

static void setup(void)
{
    gaps = false;
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
    mk_arena_free(arena);
}

static void segment(mk_str raw)
{
    doc = (mk_doc){.raw = raw};
    ck_assert_int_eq(mk_segment(&doc, gaps, arena), MK_OK);
}

/* raw is "a", a break, "b". */
static void ck_assert_breaks(mk_str raw, uint32_t break_len)
{
    segment(raw);
    ck_assert_uint_eq(doc.n_lines, 2);
    ck_assert_mk_str_eq(doc.lines[0].text, MK_STR("a"));
    ck_assert_uint_eq(doc.lines[0].break_len, break_len);
    ck_assert_mk_str_eq(doc.lines[1].text, MK_STR("b"));
    ck_assert_uint_eq(doc.lines[1].src_offset, 1 + break_len);
    ck_assert_uint_eq(doc.lines[1].break_len, 0);
}

START_TEST(line_feed_ends_a_line)
{
    ck_assert_breaks(MK_STR("a\nb"), 1);
}
END_TEST

START_TEST(carriage_return_ends_a_line)
{
    ck_assert_breaks(MK_STR("a\rb"), 1);
}
END_TEST

START_TEST(carriage_return_and_line_feed_are_one_break)
{
    ck_assert_breaks(MK_STR("a\r\nb"), 2);
}
END_TEST

START_TEST(vertical_tab_ends_a_line)
{
    ck_assert_breaks(MK_STR("a\vb"), 1);
}
END_TEST

START_TEST(form_feed_ends_a_line)
{
    ck_assert_breaks(MK_STR("a\fb"), 1);
}
END_TEST

START_TEST(next_line_ends_a_line)
{
    ck_assert_breaks(MK_STR("a\xC2\x85"
                            "b"),
                     2);
}
END_TEST

START_TEST(line_separator_ends_a_line)
{
    ck_assert_breaks(MK_STR("a\xE2\x80\xA8"
                            "b"),
                     3);
}
END_TEST

START_TEST(paragraph_separator_ends_a_line)
{
    ck_assert_breaks(MK_STR("a\xE2\x80\xA9"
                            "b"),
                     3);
}
END_TEST

START_TEST(line_feed_before_carriage_return_is_two_breaks)
{
    segment(MK_STR("a\n\rb"));
    ck_assert_uint_eq(doc.n_lines, 3);
    ck_assert_uint_eq(doc.lines[1].src_len, 0);
}
END_TEST

START_TEST(carriage_return_at_the_end_is_one_break)
{
    segment(MK_STR("a\r"));
    ck_assert_uint_eq(doc.n_lines, 1);
    ck_assert_uint_eq(doc.lines[0].break_len, 1);
}
END_TEST

START_TEST(characters_with_the_first_bytes_of_a_break_are_none)
{
    /* U+00A0, U+2022, U+2027, U+202A: beside U+0085, U+2028 and U+2029 */
    segment(MK_STR("a\xC2\xA0\xE2\x80\xA2\xE2\x80\xA7\xE2\x80\xAA"
                   "b"));
    ck_assert_uint_eq(doc.n_lines, 1);
    ck_assert_uint_eq(doc.lines[0].src_len, doc.raw.len);
}
END_TEST

START_TEST(tab_and_other_controls_end_no_line)
{
    segment(MK_STR("a\t\x08\x0E\x1C\x1F"
                   "b"));
    ck_assert_uint_eq(doc.n_lines, 1);
}
END_TEST

START_TEST(text_after_the_last_break_is_a_line)
{
    segment(MK_STR("a\nb"));
    ck_assert_uint_eq(doc.n_lines, 2);
}
END_TEST

START_TEST(nothing_after_the_last_break_is_no_line)
{
    segment(MK_STR("a\nb\n"));
    ck_assert_uint_eq(doc.n_lines, 2);
    ck_assert_uint_eq(doc.lines[1].break_len, 1);
}
END_TEST

START_TEST(empty_text_has_no_line)
{
    segment(MK_STR(""));
    ck_assert_uint_eq(doc.n_lines, 0);
    segment((mk_str){NULL, 0});
    ck_assert_uint_eq(doc.n_lines, 0);
}
END_TEST

START_TEST(breaks_alone_are_empty_lines)
{
    segment(MK_STR("\n\r\n\r\xE2\x80\xA8"));
    ck_assert_uint_eq(doc.n_lines, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(doc.lines[i].text.len, 0);
        ck_assert_int_eq(doc.lines[i].label, MK_LABEL_BLANK);
    }
}
END_TEST

START_TEST(line_of_spaces_and_marks_without_a_glyph_is_blank)
{
    segment(MK_STR(" \t\xC2\xA0\xE2\x80\x8F\xE2\x80\x8B\nنص\n.\n"));
    ck_assert_uint_eq(doc.n_lines, 3);
    ck_assert_int_eq(doc.lines[0].label, MK_LABEL_BLANK);
    ck_assert_int_eq(doc.lines[1].label, MK_LABEL_TEXT);
    ck_assert_int_eq(doc.lines[2].label, MK_LABEL_TEXT);
}
END_TEST

START_TEST(lines_are_kept_and_unchanged_at_first)
{
    segment(MK_STR("a\nb"));
    for (size_t i = 0; i < 2; i++) {
        ck_assert_ptr_null(doc.lines[i].gone);
        ck_assert_ptr_null(doc.lines[i].seen.ptr);
        ck_assert_uint_eq(doc.lines[i].n_changes, 0);
    }
}
END_TEST

/* Lines and breaks of random texts follow one another without a gap, no line
 * holds a break, and each text is the raw bytes at its place. */
START_TEST(lines_and_breaks_cover_the_raw_text)
{
    static const char *const parts[] = {
        "a",  "ب",        "\n",       "\r",           "\r\n",         "\v",
        "\f", "\xC2\x85", "\xC2\xA0", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA"};
    uint32_t x = 2463534242u;
    for (unsigned round = 0; round < 1000; round++) {
        char raw[256];
        size_t len = 0;
        for (unsigned n = round % 40; n > 0; n--) {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            const char *part = parts[x % 12];
            memcpy(raw + len, part, strlen(part));
            len += strlen(part);
        }
        segment((mk_str){raw, len});
        uint64_t at = 0;
        for (size_t i = 0; i < doc.n_lines; i++) {
            const mk_line *line = &doc.lines[i];
            ck_assert_uint_eq(line->src_offset, at);
            ck_assert_uint_eq(line->src_len, line->text.len);
            ck_assert_mk_str_eq(line->text, mk_str_sub(doc.raw, at, at + line->src_len));
            ck_assert(line->break_len > 0 || i + 1 == doc.n_lines);
            bool holds_break = false;
            for (size_t k = 0; k < line->text.len;) {
                const uint32_t cp = mk_utf8_next(line->text, &k);
                holds_break |= (cp >= '\n' && cp <= '\r') || cp == 0x85 || cp == 0x2028 ||
                               cp == 0x2029;
            }
            ck_assert(!holds_break);
            at += line->src_len + line->break_len;
        }
        ck_assert_uint_eq(at, len);
        mk_arena_reset(arena);
    }
}
END_TEST

/* ---- pages without line breaks ---- */

enum { BLOCKS = 12 };

/* A line of BLOCKS blocks of 100 bytes with n blanks after each. */
static mk_str page_of(int n)
{
    static char page[BLOCKS * 200];
    size_t at = 0;
    for (int i = 0; i < BLOCKS; i++) {
        memset(page + at, 'a' + i, 100);
        at += 100;
        memset(page + at, ' ', (size_t)n);
        at += (size_t)n;
    }
    return (mk_str){page, at - (size_t)n};
}

START_TEST(gaps_part_the_blocks_of_a_page)
{
    gaps = true;
    segment(page_of(4));
    ck_assert_uint_eq(doc.n_lines, BLOCKS);
    for (size_t i = 0; i < BLOCKS; i++) {
        ck_assert_uint_eq(doc.lines[i].text.len, 100);
        ck_assert_uint_eq(doc.lines[i].src_offset, i * 104);
        ck_assert_uint_eq(doc.lines[i].break_len, i + 1 < BLOCKS ? 4 : 0);
    }
}
END_TEST

START_TEST(gaps_are_left_alone_unless_asked_for)
{
    segment(page_of(4));
    ck_assert_uint_eq(doc.n_lines, 1);
}
END_TEST

START_TEST(three_blanks_are_no_gap)
{
    gaps = true;
    segment(page_of(3));
    ck_assert_uint_eq(doc.n_lines, 1);
}
END_TEST

START_TEST(a_shorter_line_with_gaps_is_a_table)
{
    gaps = true;
    segment(mk_str_sub(page_of(4), 0, 900));
    ck_assert_uint_eq(doc.n_lines, 1);
}
END_TEST

START_TEST(a_long_line_with_few_gaps_is_prose)
{
    static char prose[20000];
    gaps = true;
    memset(prose, 'a', sizeof(prose));
    for (size_t i = 0; i < 10; i++)
        memset(prose + 100 + 300 * i, ' ', 5);
    segment((mk_str){prose, sizeof(prose)});
    ck_assert_uint_eq(doc.n_lines, 1);
}
END_TEST

START_TEST(tabs_and_nbsp_make_gaps_and_breaks_after_them_still_count)
{
    static char text[BLOCKS * 110 + 8];
    size_t at = 0;
    gaps = true;
    for (int i = 0; i < BLOCKS; i++) {
        memset(text + at, 'a', 100);
        memcpy(text + at + 100, " \t\xC2\xA0 ", 5);
        at += 105;
    }
    memcpy(text + at, "\nend", 4);
    segment((mk_str){text, at + 4});
    ck_assert_uint_eq(doc.n_lines, BLOCKS + 2);
    ck_assert_mk_str_eq(doc.lines[BLOCKS].text, MK_STR(""));
    ck_assert_mk_str_eq(doc.lines[BLOCKS + 1].text, MK_STR("end"));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("segment");
    TCase *const t = tcase_create("segment");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, line_feed_ends_a_line);
    tcase_add_test(t, carriage_return_ends_a_line);
    tcase_add_test(t, carriage_return_and_line_feed_are_one_break);
    tcase_add_test(t, vertical_tab_ends_a_line);
    tcase_add_test(t, form_feed_ends_a_line);
    tcase_add_test(t, next_line_ends_a_line);
    tcase_add_test(t, line_separator_ends_a_line);
    tcase_add_test(t, paragraph_separator_ends_a_line);
    tcase_add_test(t, line_feed_before_carriage_return_is_two_breaks);
    tcase_add_test(t, carriage_return_at_the_end_is_one_break);
    tcase_add_test(t, characters_with_the_first_bytes_of_a_break_are_none);
    tcase_add_test(t, tab_and_other_controls_end_no_line);
    tcase_add_test(t, text_after_the_last_break_is_a_line);
    tcase_add_test(t, nothing_after_the_last_break_is_no_line);
    tcase_add_test(t, empty_text_has_no_line);
    tcase_add_test(t, breaks_alone_are_empty_lines);
    tcase_add_test(t, line_of_spaces_and_marks_without_a_glyph_is_blank);
    tcase_add_test(t, lines_are_kept_and_unchanged_at_first);
    tcase_add_test(t, lines_and_breaks_cover_the_raw_text);
    tcase_add_test(t, gaps_part_the_blocks_of_a_page);
    tcase_add_test(t, gaps_are_left_alone_unless_asked_for);
    tcase_add_test(t, three_blanks_are_no_gap);
    tcase_add_test(t, a_shorter_line_with_gaps_is_a_table);
    tcase_add_test(t, a_long_line_with_few_gaps_is_prose);
    tcase_add_test(t, tabs_and_nbsp_make_gaps_and_breaks_after_them_still_count);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
