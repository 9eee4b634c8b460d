/* test_census.c: counts of texts against a slow twin that looks at one code point after the
 * other; at once and one by one, of text and of JSON strings. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "release/census.h"
#include "support.h"

/* What can be told by the public functions alone. */
static mk_census twin(mk_str text)
{
    mk_census c = {.bytes = text.len};
    bool in_parted = false;

    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_utf8_next(text, &at);
        const bool space = cp <= ' ' || mk_is_space(cp) || cp == 0x85 || cp == 0x2028 ||
                           cp == 0x2029;
        c.letters += mk_is_letter(cp);
        c.scripts[MK_SCRIPT_ARABIC] += mk_is_arabic_letter(cp) || cp == 0xFB50 || cp == 0xFEFB;
        c.signs[MK_TEXT_SIGN_TASHKEEL] += (cp >= 0x064B && cp <= 0x0652) || cp == 0x0670;
        c.signs[MK_TEXT_SIGN_TATWEEL] += cp == 0x0640;
        c.signs[MK_TEXT_SIGN_ASCII_DIGITS] += cp >= '0' && cp <= '9';
        c.signs[MK_TEXT_SIGN_ARABIC_DIGITS] += cp >= 0x0660 && cp <= 0x0669;
        c.signs[MK_TEXT_SIGN_INVISIBLE] += mk_is_invisible(cp);
        c.parted += !space && !in_parted;
        in_parted = !space;
    }
    return c;
}

/* A text: of round % 8 eighths plain letters, so that whole blocks are plain now and then. */
static void make_text(uint64_t *state, int round, mk_buf *out)
{
    static const uint32_t some[] = {
        ' ',   ' ',   'a',   'z',   'Z',    'A',   '@',   '[',    '`',    '{',    '0',
        '9',   ':',   '/',   '"',   '\\',   '\n',  '\t',  0x1,    0x85,   0x620,  0x628,
        0x640, 0x640, 0x64A, 0x64B, 0x652,  0x653, 0x65F, 0x660,  0x669,  0x66A,  0x66D,
        0x66E, 0x66F, 0x670, 0x671, 0x67F,  0x680, 0x6CC, 0x6D4,  0x600,  0x605,  0x60C,
        0x610, 0x61A, 0x61B, 0x61C, 0x61F,  0xAB,  0xE9,  0x2028, 0xFB50, 0xFEFB, 0x1F600,
        0x5D0, 0x63F, 0x641, 0x7F,  0x200F, 0xA0,  0x6F1};
    const size_t n = (size_t)(*state >> 40) % 300;

    for (size_t i = 0; i < n; i++) {
        char bytes[4];
        *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const size_t pick = (size_t)(*state >> 33);
        uint32_t cp = some[(pick >> 4) % (sizeof(some) / sizeof(*some))];
        if (pick % 8 < (unsigned)(round % 8))
            cp = (pick >> 4) % 6 == 0 ? ' ' : 0x621 + (uint32_t)(pick >> 7) % 0x1A;
        mk_buf_put(out, (mk_str){bytes, mk_utf8_put(bytes, cp)});
    }
    *state = *state * UINT64_C(6364136223846793005) + 1;
}

static void assert_same(const mk_census *a, const mk_census *b)
{
    ck_assert_uint_eq(a->bytes, b->bytes);
    ck_assert_uint_eq(a->letters, b->letters);
    ck_assert_uint_eq(a->words, b->words);
    ck_assert_uint_eq(a->lines, b->lines);
    ck_assert_uint_eq(a->parted, b->parted);
    for (int i = 0; i < MK_SCRIPT_COUNT; i++)
        ck_assert_uint_eq(a->scripts[i], b->scripts[i]);
    for (int i = 0; i < MK_TEXT_SIGN_COUNT; i++)
        ck_assert_uint_eq(a->signs[i], b->signs[i]);
}

START_TEST(counts_as_the_slow_twin_in_every_way)
{
    mk_buf text = {.max = 1 << 20}, json = {.max = 1 << 20};
    mk_census_table table, slow;
    uint64_t state = 12345;

    mk_census_table_init(&table);
    slow = table;
    slow.has_simd = false;
    for (int round = 0; round < 4000; round++) {
        mk_census a, b, c, d;
        mk_buf_reset(&text);
        mk_buf_reset(&json);
        make_text(&state, round, &text);
        mk_json_put(&json, mk_buf_str(&text));
        const mk_str inside = mk_str_sub(mk_buf_str(&json), 1, json.len - 1);
        const mk_census want = twin(mk_buf_str(&text));
        mk_census_take(&slow, mk_buf_str(&text), &a);
        mk_census_take(&table, mk_buf_str(&text), &b);
        mk_census_string(&slow, inside, &c);
        mk_census_string(&table, inside, &d);
        assert_same(&a, &b);
        assert_same(&a, &c);
        assert_same(&a, &d);
        ck_assert_uint_eq(want.bytes, a.bytes);
        ck_assert_uint_eq(want.letters, a.letters);
        ck_assert_uint_eq(want.parted, a.parted);
        ck_assert_uint_eq(want.scripts[MK_SCRIPT_ARABIC], a.scripts[MK_SCRIPT_ARABIC]);
        ck_assert_uint_eq(want.signs[MK_TEXT_SIGN_TASHKEEL], a.signs[MK_TEXT_SIGN_TASHKEEL]);
        ck_assert_uint_eq(want.signs[MK_TEXT_SIGN_TATWEEL], a.signs[MK_TEXT_SIGN_TATWEEL]);
        ck_assert_uint_eq(want.signs[MK_TEXT_SIGN_ASCII_DIGITS],
                          a.signs[MK_TEXT_SIGN_ASCII_DIGITS]);
        ck_assert_uint_eq(want.signs[MK_TEXT_SIGN_ARABIC_DIGITS],
                          a.signs[MK_TEXT_SIGN_ARABIC_DIGITS]);
        ck_assert_uint_eq(want.signs[MK_TEXT_SIGN_INVISIBLE], a.signs[MK_TEXT_SIGN_INVISIBLE]);
    }
    mk_buf_clear(&text);
    mk_buf_clear(&json);
}
END_TEST

START_TEST(escapes_of_json_count_as_what_they_say)
{
    mk_census_table table;
    mk_census c;

    mk_census_table_init(&table);
    mk_census_string(&table, mk_str_of("\\u0645\\u064f\\/\\ud835\\udd38\\n\\t1\\u200f"), &c);
    ck_assert_uint_eq(2 + 2 + 1 + 4 + 1 + 1 + 1 + 3, c.bytes);
    ck_assert_uint_eq(2, c.letters);
    ck_assert_uint_eq(2, c.lines);
    ck_assert_uint_eq(2, c.parted);
    ck_assert_uint_eq(3, c.words);
    ck_assert_uint_eq(1, c.signs[MK_TEXT_SIGN_TASHKEEL]);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("census");
    TCase *t = tcase_create("census");

    tcase_add_test(t, counts_as_the_slow_twin_in_every_way);
    tcase_add_test(t, escapes_of_json_count_as_what_they_say);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
