/* test_utf8.c: src/base/utf8.c against the text of RFC 3629 and Unicode 15.0. */
#include <stdlib.h>

#include <utf8proc.h>

#include "support.h"

enum { MAX_CP = 0x10FFFF };

/* For loops over millions: ck_assert writes to a pipe each time. */
#define CHECK(condition, ...)          \
    do {                               \
        if (!(condition))              \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)

static bool is_surrogate(uint32_t cp)
{
    return cp >= 0xD800 && cp <= 0xDFFF;
}

/* A generator that is the same everywhere (Numerical Recipes' LCG). */
static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* ---- validity ---- */

/* The slow twin: decodes one sequence by the definition, not by byte ranges. */
static size_t slow_sequence(const unsigned char *p, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t len = p[0] < 0x80           ? 1
                       : (p[0] >> 5) == 0x06 ? 2
                       : (p[0] >> 4) == 0x0E ? 3
                       : (p[0] >> 3) == 0x1E ? 4
                                             : 0;
    uint32_t cp;

    if (len == 0 || len > left)
        return 0;
    cp = len == 1 ? p[0] : p[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        cp = cp << 6 | (p[i] & 0x3Fu);
    }
    return (len > 1 && cp < least[len]) || is_surrogate(cp) || cp > MAX_CP ? 0 : len;
}

static size_t slow_valid(mk_str s)
{
    size_t at = 0, len;

    while (at < s.len && (len = slow_sequence((const unsigned char *)s.ptr + at, s.len - at)) > 0)
        at += len;
    return at;
}

#define ck_assert_valid_upto(literal, n) ck_assert_uint_eq(mk_utf8_valid(MK_STR(literal)), (n))

START_TEST(accepts_the_ends_of_each_length)
{
    ck_assert_valid_upto("\x01\x7F", 2);
    ck_assert_valid_upto("\xC2\x80\xDF\xBF", 4);
    ck_assert_valid_upto("\xE0\xA0\x80\xEF\xBF\xBF", 6);
    ck_assert_valid_upto("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8);
}
END_TEST

START_TEST(accepts_empty_text_and_nul)
{
    ck_assert_uint_eq(mk_utf8_valid((mk_str){0}), 0);
    ck_assert_valid_upto("a\0b", 3);
}
END_TEST

START_TEST(rejects_overlong_forms)
{
    ck_assert_valid_upto("a\xC0\x80", 1);
    ck_assert_valid_upto("a\xC1\xBF", 1);
    ck_assert_valid_upto("a\xE0\x9F\xBF", 1);
    ck_assert_valid_upto("a\xF0\x8F\xBF\xBF", 1);
}
END_TEST

START_TEST(rejects_lone_surrogate)
{
    ck_assert_valid_upto("\xED\x9F\xBF", 3);
    ck_assert_valid_upto("a\xED\xA0\x80", 1);
    ck_assert_valid_upto("a\xED\xBF\xBF", 1);
    ck_assert_valid_upto("\xEE\x80\x80", 3);
}
END_TEST

START_TEST(rejects_what_is_above_10ffff)
{
    ck_assert_valid_upto("a\xF4\x90\x80\x80", 1);
    ck_assert_valid_upto("a\xF5\x80\x80\x80", 1);
    ck_assert_valid_upto("a\xFE", 1);
    ck_assert_valid_upto("a\xFF", 1);
}
END_TEST

START_TEST(rejects_a_tail_without_a_lead)
{
    ck_assert_valid_upto("\x80", 0);
    ck_assert_valid_upto("ab\xBF", 2);
    ck_assert_valid_upto("\xD9\x84\x84", 2);
}
END_TEST

START_TEST(rejects_a_sequence_that_is_cut_short)
{
    ck_assert_valid_upto("a\xD9", 1);
    ck_assert_valid_upto("a\xE2\x80", 1);
    ck_assert_valid_upto("a\xF0\x9F\x98", 1);
    ck_assert_valid_upto("a\xE2\x80z", 1);
    ck_assert_valid_upto("a\xD9z", 1);
}
END_TEST

START_TEST(finds_a_bad_byte_at_every_place_of_a_long_text)
{
    char text[128];

    for (size_t bad = 0; bad < sizeof(text); bad += 2) {
        for (size_t i = 0; i < sizeof(text); i += 2)
            memcpy(text + i, i % 6 == 4 ? "ab" : "\xD9\x84", 2);
        text[bad] = '\xFF';
        ck_assert_uint_eq(mk_utf8_valid((mk_str){text, sizeof(text)}), bad);
    }
}
END_TEST

START_TEST(agrees_with_the_slow_twin_on_all_pairs_and_triples)
{
    char text[4] = {0};

    for (unsigned a = 0x7F; a < 0x100; a++)
        for (unsigned b = 0; b < 0x100; b++)
            for (unsigned c = 0x70; c < 0x100; c += c < 0xC2 ? 1 : 7) {
                text[0] = (char)a, text[1] = (char)b, text[2] = (char)c;
                const mk_str s = {text, 3};
                CHECK(mk_utf8_valid(s) == slow_valid(s), "%02X %02X %02X", a, b, c);
            }
}
END_TEST

START_TEST(agrees_with_the_slow_twin_on_random_bytes)
{
    static const char leads[] = "a \xD8\xD9\xE0\xE2\xED\xEF\xF0\xF4\xC1\xF5";
    uint32_t state = 1;
    char text[64];

    for (int round = 0; round < 200000; round++) {
        const size_t len = next_random(&state) % (sizeof(text) + 1);
        for (size_t i = 0; i < len; i++) {
            const uint32_t r = next_random(&state);
            text[i] = r % 8 < 3   ? leads[r / 8 % (sizeof(leads) - 1)]
                      : r % 8 < 7 ? (char)(0x80 | (r / 8 & 0x3F))
                                  : (char)(r / 8);
        }
        const mk_str s = {text, len};
        CHECK(mk_utf8_valid(s) == slow_valid(s), "round %d", round);
    }
}
END_TEST

/* Characters of all lengths; returns the bytes. */
static size_t put_characters(char *out, size_t room, uint32_t *state)
{
    static const uint32_t from[] = {0x20, 0x600, 0x80, 0x800, 0xE000, 0x10000},
                          size[] = {0x60, 0xFF, 0x780, 0xD000, 0x2000, 0x100000};
    size_t n = 0;

    while (room - n >= 4) {
        const uint32_t r = next_random(state), kind = r % 16 < 10 ? r % 2 : r / 16 % 6;
        n += mk_utf8_put(out + n, from[kind] + r / 128 % size[kind]);
    }
    return n;
}

/* Both ways, told by the environment. */
static void ck_both_ways(mk_str s, int round)
{
    const size_t want = slow_valid(s);

    CHECK(mk_utf8_valid(s) == want, "round %d", round);
    ck_assert_int_eq(setenv("MINKHAL_SIMD", "off", 1), 0);
    CHECK(mk_utf8_valid(s) == want, "round %d", round);
    ck_assert_int_eq(unsetenv("MINKHAL_SIMD"), 0);
}

START_TEST(agrees_with_the_slow_twin_on_long_texts_with_bad_bytes)
{
    uint32_t state = 7;
    char text[700];

    for (int round = 0; round < 20000; round++) {
        const size_t room = 256 + next_random(&state) % (sizeof(text) - 256);
        const size_t n = put_characters(text, room, &state);
        for (uint32_t bad = next_random(&state) % 4; bad > 0; bad--)
            text[next_random(&state) % n] ^= (char)(1 << next_random(&state) % 8);
        ck_both_ways((mk_str){text, n - next_random(&state) % 4}, round);
    }
}
END_TEST

START_TEST(finds_a_byte_among_ascii_at_every_place)
{
    static const char bytes[] = "\x80\xC3\xE2\xFF";
    char text[280];

    memset(text, 'a', sizeof(text));
    for (size_t len = 0; len <= sizeof(text); len++) {
        CHECK(mk_utf8_valid((mk_str){text, len}) == len, "%zu", len);
        for (size_t at = 0; at < len; at++) {
            text[at] = bytes[at % 4];
            CHECK(mk_utf8_valid((mk_str){text, len}) == at, "%zu of %zu", at, len);
            text[at] = 'a';
        }
    }
}
END_TEST

/* The blocks are of 32 bytes. */
START_TEST(agrees_with_the_slow_twin_on_all_triples_across_blocks)
{
    char text[300];

    for (int at = 61; at <= 64; at++)
        for (unsigned a = 0x7F; a < 0x100; a++)
            for (unsigned b = 0x7F; b < 0x100; b++)
                for (unsigned c = 0x7F; c < 0x100; c += 9) {
                    memset(text, 'a', sizeof(text));
                    text[at] = (char)a, text[at + 1] = (char)b, text[at + 2] = (char)c;
                    const mk_str s = {text, sizeof(text)};
                    CHECK(mk_utf8_valid(s) == slow_valid(s), "%02X %02X %02X", a, b, c);
                }
}
END_TEST

/* ---- code points ---- */

START_TEST(writes_and_reads_every_scalar_value)
{
    for (uint32_t cp = 0; cp <= MAX_CP; cp++) {
        char bytes[4];
        size_t at = 0;
        if (is_surrogate(cp))
            continue;
        const mk_str s = {bytes, mk_utf8_put(bytes, cp)};
        CHECK(mk_utf8_valid(s) == s.len, "U+%04X", (unsigned)cp);
        CHECK(mk_utf8_next(s, &at) == cp && at == s.len, "U+%04X", (unsigned)cp);
        CHECK(mk_utf8_prev(s, &at) == cp && at == 0, "U+%04X", (unsigned)cp);
    }
}
END_TEST

START_TEST(walks_a_text_in_both_directions)
{
    static const uint32_t want[] = {'a', 0x0644, 0x200F, 0x1F600, 0x064B};
    const mk_str s = MK_STR("a\xD9\x84\xE2\x80\x8F\xF0\x9F\x98\x80\xD9\x8B");
    size_t at = 0;

    for (int i = 0; i < 5; i++)
        ck_assert_uint_eq(mk_utf8_next(s, &at), want[i]);
    ck_assert_uint_eq(at, s.len);
    for (int i = 4; i >= 0; i--)
        ck_assert_uint_eq(mk_utf8_prev(s, &at), want[i]);
    ck_assert_uint_eq(at, 0);
}
END_TEST

START_TEST(says_none_at_both_ends)
{
    const mk_str s = MK_STR("a");
    size_t at = 1;

    ck_assert_uint_eq(mk_utf8_next(s, &at), MK_CP_NONE);
    ck_assert_uint_eq(at, 1);
    at = 0;
    ck_assert_uint_eq(mk_utf8_prev(s, &at), MK_CP_NONE);
    ck_assert_uint_eq(at, 0);
    ck_assert_uint_eq(mk_utf8_peek((mk_str){0}, 0), MK_CP_NONE);
    ck_assert_uint_eq(mk_utf8_before((mk_str){0}, 0), MK_CP_NONE);
}
END_TEST

START_TEST(looks_without_moving)
{
    const mk_str s = MK_STR("a\xD9\x84");

    ck_assert_uint_eq(mk_utf8_peek(s, 1), 0x0644);
    ck_assert_uint_eq(mk_utf8_before(s, 1), 'a');
    ck_assert_uint_eq(mk_utf8_before(s, 3), 0x0644);
}
END_TEST

START_TEST(stays_inside_bytes_that_are_no_utf8)
{
    char text[16];
    uint32_t state = 7;

    for (int round = 0; round < 20000; round++) {
        const size_t len = next_random(&state) % (sizeof(text) + 1);
        for (size_t i = 0; i < len; i++)
            text[i] = (char)(0x80 | next_random(&state));
        /* on the heap, so that the sanitizer sees a byte too far */
        char *copy = malloc(len ? len : 1);
        memcpy(copy, text, len);
        const mk_str s = {copy, len};
        size_t at = 0, steps = 0;
        while (at < len && ++steps <= len)
            mk_utf8_next(s, &at);
        CHECK(at == len, "round %d", round);
        for (steps = 0; at > 0 && ++steps <= len;)
            mk_utf8_prev(s, &at);
        CHECK(at == 0, "round %d", round);
        mk_str_trim(s);
        free(copy);
    }
}
END_TEST

/* ---- strings ---- */

START_TEST(orders_by_bytes_and_shorter_first)
{
    ck_assert_int_lt(mk_str_cmp(MK_STR("a"), MK_STR("b")), 0);
    ck_assert_int_gt(mk_str_cmp(MK_STR("\xD9"), MK_STR("z")), 0);
    ck_assert_int_lt(mk_str_cmp(MK_STR("ab"), MK_STR("abc")), 0);
    ck_assert_int_gt(mk_str_cmp(MK_STR("b"), MK_STR("abc")), 0);
    ck_assert_int_eq(mk_str_cmp(MK_STR("ab"), MK_STR("ab")), 0);
    ck_assert_int_eq(mk_str_cmp((mk_str){0}, MK_STR("")), 0);
    ck_assert_int_lt(mk_str_cmp((mk_str){0}, MK_STR("a")), 0);
}
END_TEST

START_TEST(finds_a_part)
{
    ck_assert(mk_str_has(MK_STR("شارك الخبر"), MK_STR("الخبر")));
    ck_assert(mk_str_has(MK_STR("a\0b"), MK_STR("\0b")));
    ck_assert(mk_str_has(MK_STR("a"), MK_STR("")));
    ck_assert(mk_str_has((mk_str){0}, (mk_str){0}));
    ck_assert(!mk_str_has(MK_STR("a"), MK_STR("ab")));
    ck_assert(!mk_str_has((mk_str){0}, MK_STR("a")));
}
END_TEST

START_TEST(trims_spaces_bidi_controls_and_zero_width)
{
    ck_assert_mk_str_eq(mk_str_trim(MK_STR(" \t\u00A0\u3000نص\r\n\u2029 ")), MK_STR("نص"));
    ck_assert_mk_str_eq(mk_str_trim(MK_STR("\u200F\u202Bنص\u202C\u200E")), MK_STR("نص"));
    ck_assert_mk_str_eq(mk_str_trim(MK_STR("\uFEFF\u200B نص \u200C\u200D\u2060")), MK_STR("نص"));
}
END_TEST

START_TEST(trims_nothing_inside)
{
    ck_assert_mk_str_eq(mk_str_trim(MK_STR("a \u200F b")), MK_STR("a \u200F b"));
}
END_TEST

START_TEST(trims_bytes_that_are_no_utf_8_to_a_part_of_them)
{
    /* Read from its end it has other code points than from its begin: they overlap. */
    const mk_str s = MK_STR("\xEE\x26\xAE\xEE\xEE\x9F\xAD\x01\x05"), got = mk_str_trim(s);

    ck_assert_uint_le(got.len, s.len);
    ck_assert_uint_le((size_t)(got.ptr - s.ptr), s.len - got.len);
}
END_TEST

START_TEST(trims_blank_text_to_nothing)
{
    ck_assert_uint_eq(mk_str_trim(MK_STR(" \u200F\u00A0")).len, 0);
    ck_assert_uint_eq(mk_str_trim((mk_str){0}).len, 0);
}
END_TEST

START_TEST(keeps_the_selector_of_an_emoji)
{
    ck_assert_mk_str_eq(mk_str_trim(MK_STR(" \u2764\uFE0F ")), MK_STR("\u2764\uFE0F"));
}
END_TEST

/* ---- classes ---- */

static utf8proc_category_t category(uint32_t cp)
{
    return utf8proc_category((utf8proc_int32_t)cp);
}

START_TEST(letters_are_category_l_but_tatweel)
{
    for (uint32_t cp = 0; cp <= MAX_CP; cp++) {
        const utf8proc_category_t c = category(cp);
        const bool want = c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO && cp != 0x0640;
        CHECK(mk_is_letter(cp) == want, "U+%04X", (unsigned)cp);
    }
    ck_assert(!mk_is_letter(0x110000));
    ck_assert(!mk_is_letter(UINT32_MAX));
}
END_TEST

/* The small letters U+06E5, U+06E6, U+08C9 are signs over others: category Lm. */
START_TEST(arabic_letters_are_category_lo_of_the_arabic_blocks)
{
    for (uint32_t cp = 0; cp <= MAX_CP; cp++) {
        const bool block = (cp >= 0x0600 && cp <= 0x06FF) || (cp >= 0x0750 && cp <= 0x077F) ||
                           (cp >= 0x0870 && cp <= 0x08FF);
        const bool want = block && category(cp) == UTF8PROC_CATEGORY_LO;
        CHECK(mk_is_arabic_letter(cp) == want, "U+%04X", (unsigned)cp);
    }
}
END_TEST

START_TEST(arabic_marks_are_category_mn_of_the_arabic_blocks)
{
    for (uint32_t cp = 0; cp <= MAX_CP; cp++) {
        const bool block = (cp >= 0x0600 && cp <= 0x06FF) || (cp >= 0x0870 && cp <= 0x08FF);
        const bool want = (block && category(cp) == UTF8PROC_CATEGORY_MN) || cp == 0x0897;
        CHECK(mk_is_arabic_mark(cp) == want, "U+%04X", (unsigned)cp);
    }
}
END_TEST

START_TEST(digits_have_values_in_three_scripts)
{
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(mk_digit_value('0' + (uint32_t)i), i);
        ck_assert_int_eq(mk_digit_value(0x0660 + (uint32_t)i), i);
        ck_assert_int_eq(mk_digit_value(0x06F0 + (uint32_t)i), i);
    }
}
END_TEST

START_TEST(what_stands_beside_digits_has_no_value)
{
    static const uint32_t beside[] = {'/',    ':',    0x065F, 0x066A, 0x06EF,
                                      0x06FA, 0x0966, 0,      'a',    UINT32_MAX};

    for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); i++)
        ck_assert_int_eq(mk_digit_value(beside[i]), -1);
}
END_TEST

START_TEST(spaces_are_white_space_without_line_breaks)
{
    int n = 0;

    for (uint32_t cp = 0; cp <= MAX_CP; cp++) {
        const bool want = cp == '\t' || category(cp) == UTF8PROC_CATEGORY_ZS;
        CHECK(mk_is_space(cp) == want, "U+%04X", (unsigned)cp);
        n += want;
    }
    ck_assert_int_eq(n, 18);
}
END_TEST

START_TEST(visible_formats_are_not_invisible)
{
    static const uint32_t visible[] = {0x0600, 0x0601, 0x0602, 0x0603, 0x0604, 0x0605,
                                       0x06DD, 0x08E2, 0x034F, 0x180E, 0xFFFD};

    for (size_t i = 0; i < sizeof(visible) / sizeof(*visible); i++)
        ck_assert_msg(!mk_is_invisible(visible[i]), "U+%04X", (unsigned)visible[i]);
}
END_TEST

START_TEST(spaces_and_line_breaks_are_not_invisible)
{
    static const uint32_t blanks[] = {'\t', '\n', '\v',   '\f',   '\r',   ' ',
                                      0x85, 0xA0, 0x2028, 0x2029, 0x202F, 0x3000};

    for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++)
        ck_assert_msg(!mk_is_invisible(blanks[i]), "U+%04X", (unsigned)blanks[i]);
}
END_TEST

START_TEST(controls_joiners_and_private_use_are_invisible)
{
    static const uint32_t gone[] = {
        0,      0x1B,   0x7F,   0x80,   0xAD,   0x061C,  0x200B,  0x200C,  0x200D,  0x200E,
        0x200F, 0x202A, 0x202E, 0x2060, 0x2066, 0x206F,  0xE000,  0xF8FF,  0xFDD0,  0xFE0F,
        0xFEFF, 0xFFF9, 0xFFFC, 0xFFFE, 0xFFFF, 0xE0001, 0xE0020, 0xE007F, 0xF0000, 0x10FFFF};

    for (size_t i = 0; i < sizeof(gone) / sizeof(*gone); i++)
        ck_assert_msg(mk_is_invisible(gone[i]), "U+%04X", (unsigned)gone[i]);
}
END_TEST

/* ---- what a text holds ---- */

/* ---- */

static void add_validity(Suite *s)
{
    TCase *t = tcase_create("validity");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, accepts_the_ends_of_each_length);
    tcase_add_test(t, accepts_empty_text_and_nul);
    tcase_add_test(t, rejects_overlong_forms);
    tcase_add_test(t, rejects_lone_surrogate);
    tcase_add_test(t, rejects_what_is_above_10ffff);
    tcase_add_test(t, rejects_a_tail_without_a_lead);
    tcase_add_test(t, rejects_a_sequence_that_is_cut_short);
    tcase_add_test(t, finds_a_bad_byte_at_every_place_of_a_long_text);
    tcase_add_test(t, agrees_with_the_slow_twin_on_all_pairs_and_triples);
    tcase_add_test(t, agrees_with_the_slow_twin_on_random_bytes);
    tcase_add_test(t, agrees_with_the_slow_twin_on_long_texts_with_bad_bytes);
    tcase_add_test(t, finds_a_byte_among_ascii_at_every_place);
    tcase_add_test(t, agrees_with_the_slow_twin_on_all_triples_across_blocks);
    suite_add_tcase(s, t);
}

static void add_code_points(Suite *s)
{
    TCase *t = tcase_create("code points");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, writes_and_reads_every_scalar_value);
    tcase_add_test(t, walks_a_text_in_both_directions);
    tcase_add_test(t, says_none_at_both_ends);
    tcase_add_test(t, looks_without_moving);
    tcase_add_test(t, stays_inside_bytes_that_are_no_utf8);
    suite_add_tcase(s, t);
}

static void add_strings(Suite *s)
{
    TCase *t = tcase_create("strings");
    tcase_add_test(t, orders_by_bytes_and_shorter_first);
    tcase_add_test(t, finds_a_part);
    tcase_add_test(t, trims_spaces_bidi_controls_and_zero_width);
    tcase_add_test(t, trims_nothing_inside);
    tcase_add_test(t, trims_bytes_that_are_no_utf_8_to_a_part_of_them);
    tcase_add_test(t, trims_blank_text_to_nothing);
    tcase_add_test(t, keeps_the_selector_of_an_emoji);
    suite_add_tcase(s, t);
}

static void add_classes(Suite *s)
{
    TCase *t = tcase_create("classes");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, letters_are_category_l_but_tatweel);
    tcase_add_test(t, arabic_letters_are_category_lo_of_the_arabic_blocks);
    tcase_add_test(t, arabic_marks_are_category_mn_of_the_arabic_blocks);
    tcase_add_test(t, digits_have_values_in_three_scripts);
    tcase_add_test(t, what_stands_beside_digits_has_no_value);
    tcase_add_test(t, spaces_are_white_space_without_line_breaks);
    tcase_add_test(t, visible_formats_are_not_invisible);
    tcase_add_test(t, spaces_and_line_breaks_are_not_invisible);
    tcase_add_test(t, controls_joiners_and_private_use_are_invisible);
    suite_add_tcase(s, t);
}

static void add_holdings(Suite *s)
{
    TCase *t = tcase_create("what a text holds");
    tcase_set_timeout(t, 60);
    suite_add_tcase(s, t);
}

static Suite *suite(void)
{
    Suite *s = suite_create("utf8");
    add_validity(s);
    add_code_points(s);
    add_strings(s);
    add_classes(s);
    add_holdings(s);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
