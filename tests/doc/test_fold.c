#include "doc/fold.h"

#include <stdlib.h>

#include "support.h"
#include "text/screen.h"

enum { ALEF = 0x87, WAW = 0xA8, YEH = 0xAA, HEH = 0xA7, KAF = 0xA3, BEH = 0x88, LAM = 0xA4 };

/* Folded text in a static buffer. */
static mk_str fold(mk_str text)
{
    static char bufs[2][4096];
    static unsigned turn;
    char *out = bufs[turn++ % 2];
    ck_assert_uint_le(2 * text.len, sizeof(bufs[0]));
    return (mk_str){out, mk_fold(text, out, NULL)};
}

static mk_features features_of(const char *text)
{
    mk_features f;
    char *out = malloc(2 * strlen(text) + 1);
    ck_assert_ptr_nonnull(out);
    mk_fold(mk_str_of(text), out, &f);
    free(out);
    return f;
}

#define ck_assert_fold_eq(a, b) ck_assert_mk_str_eq(fold(mk_str_of(a)), fold(mk_str_of(b)))
#define ck_assert_fold_ne(a, b) ck_assert(!mk_str_eq(fold(mk_str_of(a)), fold(mk_str_of(b))))

static uint32_t next_random(uint32_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 17;
    *x ^= *x << 5;
    return *x;
}

/* ---- letters ---- */

START_TEST(an_arabic_letter_is_one_byte)
{
    ck_assert_mk_str_eq(fold(MK_STR("ابو")), MK_STR("\x87\x88\xA8"));
}
END_TEST

/* Two spellings a row. */
static const char *const equal[][2] = {
    {"أحمد", "احمد"},
    {"إلى", "الي"},
    {"آخر", "اخر"},
    {"ٱلله", "الله"},
    {"\u0672\u0673\u0675", "ااا"}, /* alefs with a wavy or a high hamza */
    {"مسؤول", "مسوول"},
    {"شئون", "شيون"},
    {"مكتبة", "مكتبه"},
    {"على", "علي"},
    {"فی", "في"},
    {"\u06D0", "ي"},
    {"کتاب", "كتاب"},
    {"گل", "كل"},
    {"\u06C1\u06BE\u06D5", "ههه"}, /* hehs of Urdu and Uyghur */
    {"\u06BA", "ن"},
    {"كِتَابٌ", "كتاب"},
    {"شدّة", "شده"},
    {"كتـــاب", "كتاب"},
    {"هٰذا", "هذا"},
    {"كتاب\u200F", "كتاب"},
    {"كت\u200Cاب", "كتاب"},
    {"\uFEFFكتاب", "كتاب"},
    {"ﻛﺘﺎﺏ", "كتاب"},
    {"ﻻ", "لا"},
    {"SHARE", "share"},
    {"Café", "cafe"},
    {"ÀÉÎÕÜ", "aeiou"},
    {"re\u00ADad", "read"},
    {"١٢٣", "7"},
    {"۱۲", "12"},
    {"ۡلۡ", "ل"},
    {"ا\u0300", "ا"},
};

START_TEST(spellings_of_a_word_are_equal)
{
    ck_assert_fold_eq(equal[_i][0], equal[_i][1]);
}
END_TEST

/* Three bytes of UTF-8 may not become more. */
START_TEST(a_form_of_many_letters_gives_its_first_three)
{
    ck_assert_fold_eq("\uFDF2", "الل");
    ck_assert_fold_eq("\uFDFA", "صلي");
}
END_TEST

static const char *const different[][2] = {
    {"ب", "ت"}, {"پ", "ب"}, {"چ", "ج"}, {"ژ", "ز"}, {"ٹ", "ت"},
    {"ڈ", "د"}, {"ڑ", "ر"}, {"ح", "خ"}, {"د", "ذ"}, {"ه", "ح"},
    {"ا", "ء"}, {"a", "b"}, {"ا", "a"}, {"0", "a"}, {"من هو", "منهو"},
};

START_TEST(letters_that_differ_stay_different)
{
    ck_assert_fold_ne(different[_i][0], different[_i][1]);
}
END_TEST

START_TEST(all_letters_of_the_arabic_alphabet_differ)
{
    static const char *const letters[] = {"ا", "ب", "ت", "ث", "ج", "ح", "خ", "د", "ذ", "ر",
                                          "ز", "س", "ش", "ص", "ض", "ط", "ظ", "ع", "غ", "ف",
                                          "ق", "ك", "ل", "م", "ن", "ه", "و", "ي", "ء"};
    bool seen[256] = {false};
    for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
        const mk_str s = fold(mk_str_of(letters[i]));
        ck_assert_uint_eq(s.len, 1);
        ck_assert_uint_ge((uint8_t)s.ptr[0], 0x80);
        ck_assert(!seen[(uint8_t)s.ptr[0]]);
        seen[(uint8_t)s.ptr[0]] = true;
    }
}
END_TEST

START_TEST(letters_of_other_scripts_are_other)
{
    ck_assert_mk_str_eq(fold(MK_STR("Яש中")), MK_STR("\xFE\xFE\xFE"));
}
END_TEST

/* ---- signs and numbers ---- */

START_TEST(signs_and_spaces_are_one_space)
{
    ck_assert_mk_str_eq(fold(MK_STR("a -- b,\tc\xC2\xA0 d")), MK_STR("a b c d"));
}
END_TEST

START_TEST(signs_at_the_ends_are_nothing)
{
    ck_assert_mk_str_eq(fold(MK_STR(" « a » .")), MK_STR("a"));
    ck_assert_mk_str_eq(fold(MK_STR("*** !")), MK_STR(""));
    ck_assert_mk_str_eq(fold(MK_STR("")), MK_STR(""));
    ck_assert_mk_str_eq(fold((mk_str){NULL, 0}), MK_STR(""));
}
END_TEST

static const char *const numbers[][2] = {
    {"1,234.5", "0"},   {"١٬٢٣٤٫٥", "0"}, {"12:30", "0 0"}, {"2021-07-31", "0 0 0"},
    {"1 000", "0 0"},   {"1,,2", "0 0"},  {"7.", "0"},      {".7", "0"},
    {"1٢۳", "0"},       {"a1", "a 0"},    {"1a", "0 a"},    {"a1b22c", "a 0 b 0 c"},
    {"1.000.000", "0"}, {"3.a", "0 a"},   {"(12)", "0"},    {"1/2", "0 0"},
};

START_TEST(a_number_is_one_zero)
{
    ck_assert_mk_str_eq(fold(mk_str_of(numbers[_i][0])), mk_str_of(numbers[_i][1]));
}
END_TEST

/* ---- properties ---- */

/* Code points of every kind that fold.c knows, and some that it does not. */
static const uint32_t kinds[] = {
    0x627,  0x623,  0x622,  0x628,   0x629, 0x644,  0x649,  0x64A,  0x6CC,  0x6A9,  0x648,
    0x626,  0x67E,  0x64E,  0x651,   0x640, 0x670,  0x200F, 0x200C, 0xFEFF, ' ',    0xA0,
    '\t',   '.',    0x60C,  0x61F,   '-',   ',',    '1',    '9',    0x660,  0x6F5,  0x66B,
    'a',    'Z',    0xE9,   0xDF,    0x416, 0x4E2D, 0xFEFB, 0xFE8D, 0xFE8F, 0xFDF2, 0xFDFA,
    0xFDFD, 0xFE7C, 0xFB56, 0x1F600, 0x750, 0x300,  0xAB,
};

static mk_str random_text(uint32_t *seed, char *out, unsigned n)
{
    size_t len = 0;
    while (n-- > 0)
        len += mk_utf8_put(out + len, kinds[next_random(seed) % (sizeof(kinds) / sizeof(*kinds))]);
    return (mk_str){out, len};
}

/* Words of letters, and now and then anything else. */
static mk_str random_words(uint32_t *seed, char *out, unsigned n)
{
    size_t len = 0;
    while (n-- > 0) {
        const uint32_t x = next_random(seed);
        const uint32_t letter = 0x620 + x / 64 % 0x30; /* tatweel and marks among them */
        len += mk_utf8_put(out + len, x % 64 == 0 ? kinds[x / 64 % (sizeof(kinds) / sizeof(*kinds))]
                                      : x % 6 == 0 ? ' '
                                                   : letter);
    }
    return (mk_str){out, len};
}

/* True if folding s writes no more than two bytes for one, into guard bytes. */
static bool is_bounded(mk_str s)
{
    char out[2 * 160 + 8];
    ck_assert_uint_le(2 * s.len + 8, sizeof(out));
    memset(out, 0x55, sizeof(out));
    mk_features f;
    const size_t n = mk_fold(s, out, &f);
    for (size_t i = 2 * s.len; i < sizeof(out); i++)
        if (out[i] != 0x55)
            return false;
    return n <= 2 * s.len;
}

START_TEST(never_writes_more_than_two_bytes_for_one)
{
    uint32_t seed = 88172645;
    for (unsigned round = 0; round < 4000; round++) {
        char text[160];
        ck_assert(is_bounded(random_text(&seed, text, round % 40)));
    }
}
END_TEST

START_TEST(several_letters_at_once_fold_as_one_by_one)
{
    static char text[1024], fast[2048], slow[2048];
    uint32_t seed = 7;
    if (!mk_has_simd())
        return;
    for (int i = 0; i < 50000; i++) {
        const mk_str s = random_words(&seed, text, next_random(&seed) % 120);
        mk_features a, b;
        memset(&a, 0, sizeof(a));
        memset(&b, 0, sizeof(b));
        const mk_str x = {slow, mk_fold(s, slow, &a)};
        const mk_str y = {fast, mk_fold_fast(mk_str_trim(s), true, fast, &b)};
        ck_assert_mk_str_eq(y, x);
        ck_assert_mem_eq(&a, &b, sizeof(a));
    }
}
END_TEST

START_TEST(no_code_point_alone_takes_more_than_its_bytes_twice)
{
    unsigned n_wrong = 0;
    for (uint32_t cp = 1; cp < 0x20000; cp += cp < 0x10000 ? 1 : 7) {
        char text[4], out[2 * 4 + 1];
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        const size_t len = mk_utf8_put(text, cp);
        memset(out, 0x55, sizeof(out));
        n_wrong += mk_fold((mk_str){text, len}, out, NULL) > 2 * len || out[2 * len] != 0x55;
    }
    ck_assert_uint_eq(n_wrong, 0);
}
END_TEST

/* One space between words, none at the ends. */
START_TEST(spaces_stand_between_words_alone)
{
    uint32_t seed = 12345;
    unsigned n_wrong = 0;
    for (unsigned round = 0; round < 2000; round++) {
        char text[160];
        const mk_str out = fold(random_text(&seed, text, round % 40));
        for (size_t i = 0; i < out.len; i++)
            n_wrong += out.ptr[i] == ' ' && (i == 0 || i + 1 == out.len || out.ptr[i - 1] == ' ');
    }
    ck_assert_uint_eq(n_wrong, 0);
}
END_TEST

/* What folds to byte `at` begins at the offset that mk_fold_offset says. */
START_TEST(offset_is_that_of_the_letter)
{
    uint32_t seed = 424242;
    for (unsigned round = 0; round < 1000; round++) {
        char text[160], out[320], one[16];
        const mk_str s = random_text(&seed, text, round % 40);
        const size_t n = mk_fold(s, out, NULL);
        size_t before = 0;
        bool ok = mk_fold_offset(s, n) == s.len;
        for (size_t at = 0; at < n && ok; at++) {
            const size_t offset = mk_fold_offset(s, at);
            size_t end = offset;
            ok = offset < s.len && offset >= before;
            before = offset;
            if (ok && out[at] == ' ') {
                ok = offset == mk_fold_offset(s, at + 1);
            } else if (ok) {
                mk_utf8_next(s, &end);
                const size_t got = mk_fold(mk_str_sub(s, offset, end), one, NULL);
                ok = memchr(one, out[at], got) != NULL;
            }
        }
        ck_assert_msg(ok, "'%.*s'", (int)s.len, s.ptr);
    }
}
END_TEST

START_TEST(offset_of_a_number_is_that_of_its_first_digit)
{
    ck_assert_uint_eq(mk_fold_offset(MK_STR("ab 1,234 c"), 3), 3);
    ck_assert_uint_eq(mk_fold_offset(MK_STR("ab 1,234 c"), 5), 9);
}
END_TEST

START_TEST(offset_skips_marks_before_the_next_letter)
{
    /* beh, fatha, shadda, alef: two bytes each */
    ck_assert_uint_eq(mk_fold_offset(MK_STR("بَّا"), 1), 6);
}
END_TEST

START_TEST(offset_counts_what_is_trimmed_at_the_beginning)
{
    ck_assert_uint_eq(mk_fold_offset(MK_STR("  \xC2\xA0\xE2\x80\x8F ab"), 0), 8);
}
END_TEST

/* ---- features ---- */

START_TEST(counts_letters_by_script)
{
    const mk_features f = features_of("كتاب read 42");
    ck_assert_uint_eq(f.n_letters, 8);
    ck_assert_uint_eq(f.n_arabic, 4);
    ck_assert_uint_eq(f.n_latin, 4);
    ck_assert_uint_eq(f.n_digits, 2);
}
END_TEST

START_TEST(letters_of_other_scripts_are_neither_arabic_nor_latin)
{
    const mk_features f = features_of("Яш ש 中");
    ck_assert_uint_eq(f.n_letters, 4);
    ck_assert_uint_eq(f.n_arabic, 0);
    ck_assert_uint_eq(f.n_latin, 0);
}
END_TEST

START_TEST(letters_of_the_arabic_supplement_are_arabic)
{
    const mk_features f = features_of("\u0750\u08A0");
    ck_assert_uint_eq(f.n_letters, 2);
    ck_assert_uint_eq(f.n_arabic, 2);
}
END_TEST

START_TEST(marks_and_tatweel_are_no_letters)
{
    ck_assert_uint_eq(features_of("كِتـــَابٌ").n_letters, 4);
}
END_TEST

START_TEST(counts_words)
{
    ck_assert_uint_eq(features_of("").n_words, 0);
    ck_assert_uint_eq(features_of(" - ").n_words, 0);
    ck_assert_uint_eq(features_of("قال: «نعم»، ثم مضى").n_words, 4);
    ck_assert_uint_eq(features_of("3 كتب").n_words, 2);
}
END_TEST

START_TEST(counts_code_points_between_the_ends)
{
    ck_assert_uint_eq(features_of("  كتاب جديد.  ").n_cp, 10);
}
END_TEST

START_TEST(counts_commas_of_both_scripts)
{
    ck_assert_uint_eq(features_of("أ، ب؛ ج, د; ه").n_commas, 4);
    ck_assert_uint_eq(features_of("1,000 ب").n_commas, 0);
}
END_TEST

START_TEST(counts_stops_between_words_and_at_the_end)
{
    ck_assert_uint_eq(features_of("قال نعم. ثم ذهب؟ لا! ٢.٥").n_stops, 3);
    ck_assert_uint_eq(features_of("النهاية.").n_stops, 1);
    ck_assert_uint_eq(features_of("site.com").n_stops, 0);
    ck_assert_uint_eq(features_of("«قال نعم.» ثم").n_stops, 1);
}
END_TEST

static const struct {
    const char *text;
    mk_end end;
} ends[] = {
    {"نص", MK_END_NONE},       {"نص 5", MK_END_NONE},        {"", MK_END_NONE},
    {"نص.[1]", MK_END_STOP},   {"نص. [١][12]", MK_END_STOP}, {"نص؟[3]", MK_END_QUESTION},
    {"نص[1]", MK_END_NONE},    {"نص...[ 2 ]", MK_END_DOTS},  {"نص.[أ]", MK_END_NONE},
    {"نص.", MK_END_STOP},      {"متن۔", MK_END_STOP},        {"«نص.»", MK_END_STOP},
    {"(نص.) ", MK_END_STOP},   {"نص.\u200F ", MK_END_STOP},  {"نص...", MK_END_DOTS},
    {"نص…", MK_END_DOTS},      {"نص..", MK_END_DOTS},        {"نص؟", MK_END_QUESTION},
    {"نص!", MK_END_QUESTION},  {"نص?", MK_END_QUESTION},     {"نص:", MK_END_COLON},
    {"نص :", MK_END_COLON},    {"نص،", MK_END_COMMA},        {"نص؛", MK_END_COMMA},
    {"نص*", MK_END_OTHER},     {"نص |", MK_END_OTHER},       {"«نص»", MK_END_NONE},
    {"قال: نعم", MK_END_NONE},
};

START_TEST(knows_how_a_line_ends)
{
    ck_assert_int_eq(features_of(ends[_i].text).end, ends[_i].end);
}
END_TEST

static const struct {
    const char *text;
    bool bullet;
} bullets[] = {
    {"- بند", true},  {"• بند", true},   {"* بند", true},  {"– بند", true},   {"1. بند", true},
    {"1- بند", true}, {"1) بند", true},  {"١- بند", true}, {"12/ بند", true}, {"بند - آخر", false},
    {"1 بند", false}, {"بند 1.", false}, {"«بند»", false}, {"2020", false},   {"", false},
};

START_TEST(knows_bullets)
{
    ck_assert_int_eq(features_of(bullets[_i].text).bullet, bullets[_i].bullet);
}
END_TEST

START_TEST(knows_opening_quotation_marks)
{
    ck_assert(features_of("«قال»").quoted);
    ck_assert(features_of("\"قال\"").quoted);
    ck_assert(features_of("“قال”").quoted);
    ck_assert(!features_of("قال «نعم»").quoted);
}
END_TEST

START_TEST(knows_addresses)
{
    ck_assert(features_of("انظر https://example.org/a").has_url);
    ck_assert(features_of("www.example.org").has_url);
    ck_assert(features_of("name@example.org").has_url);
    ck_assert(!features_of("example").has_url);
    ck_assert(!features_of("@ name").has_url);
    ck_assert(!features_of("كتاب").has_url);
}
END_TEST

START_TEST(features_do_not_depend_on_what_was_in_them)
{
    mk_features a, b;
    char out[64];
    memset(&a, 0, sizeof(a));
    memset(&b, 0xFF, sizeof(b));
    mk_fold(MK_STR("نص. 12"), out, &a);
    mk_fold(MK_STR("نص. 12"), out, &b);
    ck_assert_uint_eq(a.n_words, b.n_words);
    ck_assert_uint_eq(a.n_stops, b.n_stops);
    ck_assert_uint_eq(a.end, b.end);
    ck_assert_int_eq(a.bullet, b.bullet);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

/* A text and the signs that are noted of it. */
static const struct {
    const char *text;
    unsigned signs;
} noted[] = {
    {"كلمة، وكلمة!", 0},
    {"home > news", MK_SIGN_ANGLE},
    {"a < b", MK_SIGN_ANGLE},
    {"\u00ABقال\u00BB", MK_SIGN_ANGLE},
    {"\u2039a\u203A", MK_SIGN_ANGLE},
    {"a|b", MK_SIGN_BAR},
    {"أ \u00B7 ب", MK_SIGN_BAR},
    {"a \u2022 b", MK_SIGN_BAR},
    {"a \u2502 b", MK_SIGN_BAR},
    {"a \u00A6 b", MK_SIGN_BAR},
    {"[a][b]", MK_SIGN_BAR},
    {"1/2", MK_SIGN_SLASH},
    {"12:30", MK_SIGN_COLON},
    {"a :: b", MK_SIGN_COLON | MK_SIGN_COLONS},
    {"a: :b", MK_SIGN_COLON},
    {"a@b", MK_SIGN_AT},
    {"a-b", MK_SIGN_DASH},
    {"أ \u2013 ب", MK_SIGN_DASH},
    {"\u00A9 2020", MK_SIGN_COPYRIGHT},
    {"25\u00B0", MK_SIGN_DEGREE},
    {"انتهى.", MK_SIGN_STOP},
    {"1.5", MK_SIGN_STOP}, /* in a number too */
    {"أ  ب", MK_SIGN_BLANKS},
    {"أ ب ", 0}, /* at the end nothing counts */
    {"  أ ب  ", 0},
    {"a,  1", MK_SIGN_BLANKS},
    {"x: a/b | c", MK_SIGN_COLON | MK_SIGN_SLASH | MK_SIGN_BAR},
};

START_TEST(notes_signs)
{
    ck_assert_uint_eq(features_of(noted[_i].text).signs, noted[_i].signs);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("fold");
    TCase *const t = tcase_create("fold");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, an_arabic_letter_is_one_byte);
    tcase_add_loop_test(t, spellings_of_a_word_are_equal, 0, ROWS(equal));
    tcase_add_test(t, a_form_of_many_letters_gives_its_first_three);
    tcase_add_loop_test(t, letters_that_differ_stay_different, 0, ROWS(different));
    tcase_add_test(t, all_letters_of_the_arabic_alphabet_differ);
    tcase_add_test(t, letters_of_other_scripts_are_other);
    tcase_add_test(t, signs_and_spaces_are_one_space);
    tcase_add_test(t, signs_at_the_ends_are_nothing);
    tcase_add_loop_test(t, a_number_is_one_zero, 0, ROWS(numbers));
    tcase_add_test(t, never_writes_more_than_two_bytes_for_one);
    tcase_add_test(t, several_letters_at_once_fold_as_one_by_one);
    tcase_add_test(t, no_code_point_alone_takes_more_than_its_bytes_twice);
    tcase_add_test(t, spaces_stand_between_words_alone);
    tcase_add_test(t, offset_is_that_of_the_letter);
    tcase_add_test(t, offset_of_a_number_is_that_of_its_first_digit);
    tcase_add_test(t, offset_skips_marks_before_the_next_letter);
    tcase_add_test(t, offset_counts_what_is_trimmed_at_the_beginning);
    tcase_add_test(t, counts_letters_by_script);
    tcase_add_test(t, letters_of_other_scripts_are_neither_arabic_nor_latin);
    tcase_add_test(t, letters_of_the_arabic_supplement_are_arabic);
    tcase_add_test(t, marks_and_tatweel_are_no_letters);
    tcase_add_test(t, counts_words);
    tcase_add_test(t, counts_code_points_between_the_ends);
    tcase_add_test(t, counts_commas_of_both_scripts);
    tcase_add_test(t, counts_stops_between_words_and_at_the_end);
    tcase_add_loop_test(t, knows_how_a_line_ends, 0, ROWS(ends));
    tcase_add_loop_test(t, knows_bullets, 0, ROWS(bullets));
    tcase_add_test(t, knows_opening_quotation_marks);
    tcase_add_test(t, knows_addresses);
    tcase_add_loop_test(t, notes_signs, 0, (int)(sizeof(noted) / sizeof(*noted)));
    tcase_add_test(t, features_do_not_depend_on_what_was_in_them);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
