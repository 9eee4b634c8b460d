/* test_json.c: the scanner against tables of what RFC 8259 has and has not, its
 * messages, its limits; the escaper against its definition and the scanner. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "support.h"

/* clang-format off */
#define C(s) {s, sizeof(s) - 1} /* a case; may hold NUL */
#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

/* ---- tables ---- */

static const mk_str good_values[] = {
    /* words and numbers */
    C("null"), C("true"), C("false"), C("0"), C("-0"), C("1"), C("-1"), C("9"),
    C("10"), C("-10"), C("1234567890"), C("12345678901234567890"),
    C("-99999999999999999999999999999999999999"), C("0.0"), C("-0.0"), C("0.1"),
    C("1.5"), C("-1.25"), C("10.010"), C("0e0"), C("0E0"), C("0e+1"), C("0e-1"),
    C("1e1"), C("1E1"), C("1e+1"), C("1E-1"), C("1e00"), C("1e01"), C("123e45"),
    C("123.456e78"), C("123.456E+78"), C("-123.456e-78"), C("1e400"), C("-1e400"),
    C("1e-400"), C("0.00000000000000000000000000000000000000000000000000001"),
    C("123456789012345678901234567890.123456789012345678901234567890e12345678901"),
    /* strings */
    C("\"\""), C("\"a\""), C("\" \""), C("\"abc def\""), C("\"'\""), C("\"/\""),
    C("\"{}[],:\""), C("\"// /* #\""), C("\"\x7F\""), C("\"\\\"\""), C("\"\\\\\""),
    C("\"\\/\""), C("\"\\b\\f\\n\\r\\t\""), C("\"\\u0000\""), C("\"\\u0041\""),
    C("\"\\u00e9\""), C("\"\\u00E9\""), C("\"\\u0628\\u0629\""), C("\"\\uFFFF\""),
    C("\"\\uFEFF\""), C("\"\\ud83d\\ude00\""), C("\"\\uD83D\\uDE00\""),
    C("\"\\udbff\\udfff\""), C("\"\\ud800\""), C("\"\\udc00\\ud800\""),
    C("\"\\ud800\\n\""), C("\"\\\\u0041\""), C("\"\\\\\\\\\""), C("\"\\\\\\\"\""),
    C("\"نص عربي\""), C("\"كتـــاب، «قال»؟\""), C("\"\xC2\x80\""), C("\"\xDF\xBF\""),
    C("\"\xE0\xA0\x80\""), C("\"\xED\x9F\xBF\""), C("\"\xEE\x80\x80\""),
    C("\"\xEF\xBB\xBF\""), C("\"\xEF\xBF\xBE\""), C("\"\xEF\xBF\xBF\""),
    C("\"\xE2\x80\xA8\xE2\x80\xA9\""), C("\"\xC2\x85\""), C("\"\xF0\x9F\x98\x80\""),
    C("\"\xF0\x90\x80\x80\""), C("\"\xF4\x8F\xBF\xBF\""),
    C("\"1234567\""), C("\"12345678\""), C("\"123456789\""),
    C("\"12345678\\n12345678\\t12345678\\\"\""),
    /* containers */
    C("[]"), C("{}"), C("[ ]"), C("{ }"), C("[\t\n\r ]"), C("[1]"), C("[1,2]"),
    C("[ 1 , 2 ]"), C("[null,true,false]"), C("[[]]"), C("[[],[]]"), C("[{},{}]"),
    C("[[[[[[[[]]]]]]]]"), C("[1,[2,[3,[4]]]]"), C("[\"a\",\"b\"]"),
    C("{\"a\":1}"), C("{ \"a\" : 1 }"), C("{\"\":0}"), C("{\"a\":1,\"b\":2}"),
    C("{\"a\":1,\"a\":2}"), C("{\"a\":{}}"), C("{\"a\":[]}"), C("{\"a\":{\"b\":{}}}"),
    C("{\"a\":[{\"b\":[{}]}]}"), C("{\"\\u0061\\n\":\"x\"}"), C("{\"مفتاح\":\"قيمة\"}"),
    C("{\n\t\"a\"\r\n:\n[\n]\n,\n\"b\"\n:\n{\n}\n}"), C("[1\n]"), C("[\"]\",\"}\"]"),
};

/* None of them may stand where a value stands: in an object or in an array. */
static const mk_str bad_values[] = {
    /* words */
    C("nul"), C("nulll"), C("NULL"), C("Null"), C("tru"), C("truee"), C("True"),
    C("TRUE"), C("fals"), C("False"), C("falsee"), C("n"), C("t"), C("f"), C("a"),
    C("undefined"), C("None"), C("yes"), C("nan"), C("NaN"), C("-NaN"), C("+NaN"),
    C("inf"), C("Infinity"), C("-Infinity"), C("+Infinity"), C("null null"),
    C("true false"), C("nu ll"), C("null\0"), C("\0"), C("*"), C("$"), C("&"),
    C("<null>"), C("(1)"), C("ك"), C("\xE2\x80\x9C" "a" "\xE2\x80\x9D"),
    /* numbers */
    C("+1"), C("++1"), C("+-1"), C("--1"), C("-+1"), C("-"), C("+"), C("- 1"),
    C("-a"), C("-\"1\""), C("01"), C("-01"), C("00"), C("-00"), C("007"), C("012"),
    C("0123.5"), C(".5"), C("-.5"), C("+.5"), C("."), C("1."), C("-1."), C("0."),
    C("1.e1"), C("1.+1"), C(".e1"), C("1..2"), C("1.2.3"), C("1.5."), C("0.e1"),
    C("1e"), C("1E"), C("1e+"), C("1e-"), C("1e+-1"), C("1ee1"), C("1e1e1"),
    C("1e1.5"), C("1e.5"), C("e1"), C("1 e1"), C("1e 1"), C("1 .5"), C("1. 5"),
    C("1 2"), C("1_000"), C("1'000"), C("1f"), C("1d"), C("1L"), C("0x1"), C("0X1F"),
    C("-0x1"), C("0b1"), C("0o7"), C("1a"), C("1\""), C("1:"), C("1;"), C("1/2"),
    C("1+1"), C("2-1"), C("1\0"), C("\xD9\xA1"), C("\xDB\xB1\xDB\xB2"),
    C("1\xD9\xAB" "5"), C("\xEF\xBC\x91"), C("1\xC2\xA0"), C("\xE2\x88\x92" "1"),
    /* strings */
    C("\""), C("\"a"), C("a\""), C("\"\"\""), C("\"a\"b\""), C("\"a\" \"b\""),
    C("'a'"), C("''"), C("`a`"), C("\"a'"), C("'a\""), C("\"\\\""), C("\"\\"),
    C("\"\\x41\""), C("\"\\a\""), C("\"\\v\""), C("\"\\0\""), C("\"\\1\""),
    C("\"\\'\""), C("\"\\e\""), C("\"\\ \""), C("\"\\U0041\""), C("\"\\B\""),
    C("\"\\N\""), C("\"\\u\""), C("\"\\u1\""), C("\"\\u12\""), C("\"\\u123\""),
    C("\"\\u123g\""), C("\"\\u12 4\""), C("\"\\u{41}\""), C("\"\\u+041\""),
    C("\"\\u-041\""), C("\"\\u 041\""), C("\"\\uD8\""), C("\"\\ud83d\\u\""),
    C("\"\\ud83d\\ude0\""), C("\"\\u00\\u0041\""), C("\"\\u\xD9\xA1\""), C("\"\\\xD8\xA8\""),
    C("\"\\\n\""), C("\"\\\0\""), C("\"\n\""), C("\"\t\""), C("\"\r\""), C("\"\r\n\""),
    C("\"\0\""), C("\"\x01\""), C("\"\x08\""), C("\"\x1B\""), C("\"\x1F\""),
    C("\"1234567\x1F" "89\""), C("\"12345678901234567890\n\""), C("\"\\u0041"),
    C("\\u0041"), C("\\n"), C("u\"a\""), C("b\"a\""), C("r\"a\""),
    /* UTF-8 */
    C("\"\x80\""), C("\"\xBF\""), C("\"\xC0\x80\""), C("\"\xC1\xBF\""), C("\"\xC2\""),
    C("\"\xC2\x41\""), C("\"\xD8\""), C("\"\xE0\x80\x80\""), C("\"\xE0\x9F\xBF\""),
    C("\"\xE2\x80\""), C("\"\xED\xA0\x80\""), C("\"\xED\xA0\xBD\xED\xB8\x80\""),
    C("\"\xED\xBF\xBF\""), C("\"\xF0\x80\x80\x80\""), C("\"\xF0\x8F\xBF\xBF\""),
    C("\"\xF0\x9F\x98\""), C("\"\xF4\x90\x80\x80\""), C("\"\xF5\x80\x80\x80\""),
    C("\"\xF8\x88\x80\x80\x80\""), C("\"\xFE\""), C("\"\xFF\""), C("\"\xE9t\xE9\""),
    C("\"\xC7\xE1\xDA\xD1\xC8\""), C("\xFF"), C("1\x80"), C("[\xC3]"),
    /* arrays */
    C("["), C("]"), C("[["), C("[]]"), C("[[]"), C("][ "), C("[,"), C("[,]"), C("[1,]"),
    C("[,1]"), C("[1,,2]"), C("[1 2]"), C("[1;2]"), C("[1:2]"), C("[1,2,]"), C("[1"),
    C("[1,"), C("[\"a\""), C("[\"a\",]"), C("[\"a\" \"b\"]"), C("[\"a\":1]"), C("[1}"),
    C("[}"), C("[1]x"), C("[1] 2"), C("[][]"), C("[a]"), C("[-]"), C("[+1]"), C("[tru]"),
    C("[1,\n,2]"), C("[...]"), C("[1\0]"), C("[\f]"), C("[\v]"), C("[\xC2\xA0]"),
    C("[\xEF\xBB\xBF]"), C("[\xE2\x80\xA8]"), C("[//c\n]"), C("[/**/]"), C("[#\n]"),
    C("(1,2)"), C("<>"), C("[{]}"), C("[[[[[[[[]]]]]]]"), C("[[1,2],[3,4],]"),
    /* objects */
    C("{"), C("{{"), C("{{}}"), C("{]"), C("{[]}"), C("{,}"), C("{:}"), C("{:1}"),
    C("{1}"), C("{1:1}"), C("{null:1}"), C("{true:1}"), C("{a:1}"), C("{'a':1}"),
    C("{a}"), C("{\"a\"}"), C("{\"a\":}"), C("{\"a\": }"), C("{\"a\":,}"),
    C("{\"a\" 1}"), C("{\"a\",1}"), C("{\"a\"=1}"), C("{\"a\"::1}"), C("{\"a\":1:2}"),
    C("{\"a\":1,}"), C("{\"a\":1,,}"), C("{,\"a\":1}"), C("{\"a\":1,,\"b\":2}"),
    C("{\"a\":1 \"b\":2}"), C("{\"a\":1;\"b\":2}"), C("{\"a\":1,\"b\"}"),
    C("{\"a\":1,\"b\":}"), C("{\"a\":1,2}"), C("{\"a\":1,b:2}"), C("{\"a\":1,\"b\":2,}"),
    C("{\"a\":1]"), C("{\"a\":1"), C("{\"a\":"), C("{\"a\""), C("{\"a"), C("{\"a\":1}}"),
    C("{\"a\":1}x"), C("{} {}"), C("{\"a\":1}{}"), C("{\"a\":[}"), C("{\"a\":[1}"),
    C("{\"a\":{\"b\":1}"), C("{\"a\":{]}"), C("{\"a\":a}"), C("{\"a\":'b'}"),
    C("{\"a\":+1}"), C("{\"a\":01}"), C("{\"\\x\":1}"), C("{\"\n\":1}"), C("{\"\xFF\":1}"),
    C("{\"a\":1//c\n}"), C("{\"a\":1/*c*/}"), C("{/*c*/}"), C("{\"a\":NaN}"),
    C("{\"a\":undefined}"), C("{\"a\":1\0}"), C("{\"a\xC2\xA0:1}"), C("{[]:1}"),
    C("{{}:1}"), C("{\"a\":\"b\":\"c\"}"), C("{*}"), C("{\"a\":1,#\n}"), C("{}\f"),
};

/* Not one object. */
static const mk_str bad_texts[] = {
    C(""), C(" "), C("\n"), C("\t\r\n "), C("\0"), C("null"), C("1"), C("\"a\""), C("[]"),
    C("[{}]"), C("{"), C("}"), C("{}x"), C("{}1"), C("{}{}"), C("{} {}"), C("{},"),
    C("{};"), C("{}]"), C("{}}"), C("{}\0"), C("\0{}"), C("x{}"), C(",{}"), C("{\0}"),
    C("\xEF\xBB\xBF{}"), C("{}\xEF\xBB\xBF"), C("\xEF\xBB\xBF"), C("\xEF\xBB{}"),
    C("\xFF\xFE{\0}\0"), C("\xFE\xFF\0{\0}"), C("{\0}\0"), C("\xC2\xA0{}"),
    C("{}\xE2\x80\xA8"), C("{}\f"), C("\v{}"), C("//\n{}"), C("{}//"), C("{}#"),
    C("{}/**/"), C("\"{}\""), C("'{}'"), C("({})"), C("{}\xC3"), C("{\"a\":1}\n{\"b\":2}"),
};

/* Keys and values of every kind; the base of truncations and mutations. */
static const mk_str rich = C(
    "{\"id\" : \"w-1\",\"text\":\"سطر أول\\nسطر \\\"ثان\\\" \\u0628\\ud83d\\ude00\","
    "\"n\":-12.50e+3,\"z\":0,\"a\":[1,[true,false,null],{\"b\":[ ],\"c\":{ }}],\r\n"
    "\"\":\"\",\"\\u0061\\/\":[{\"k\":\"\\\\\"},\t\"x\"],\"long\":\"0123456789abcdefg\"}");
/* clang-format on */

/* ---- helpers ---- */

static mk_str join3(const char *before, mk_str middle, const char *after)
{
    const size_t n_before = strlen(before), n_after = strlen(after);
    const size_t len = n_before + middle.len + n_after;
    char *const ptr = malloc(len ? len : 1); /* no byte more: a sanitizer sees it */

    ck_assert(ptr != NULL);
    memcpy(ptr, before, n_before);
    if (middle.len)
        memcpy(ptr + n_before, middle.ptr, middle.len);
    memcpy(ptr + n_before + middle.len, after, n_after);
    return (mk_str){ptr, len};
}

/* Walks all of text as an object. */
static mk_err walk_object(mk_str text, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member member;
    mk_err err;

    do {
        err = mk_json_object_next(&it, &member, reterr);
    } while (err == MK_OK);
    return err;
}

static mk_err walk_array(mk_str text, mk_error *reterr)
{
    mk_json_array it = mk_json_array_of(text);
    mk_json_value value;
    mk_err err;

    do {
        err = mk_json_array_next(&it, &value, reterr);
    } while (err == MK_OK);
    return err;
}

static void check_walk(const char *before, mk_str middle, const char *after, mk_err want)
{
    const mk_str text = join3(before, middle, after);
    mk_error error = {0};
    const mk_err got = before[0] == '[' ? walk_array(text, &error) : walk_object(text, &error);

    ck_assert_msg(got == want, "%.*s: got %d (%s), want %d", (int)text.len, text.ptr, (int)got,
                  error.text, (int)want);
    free((char *)text.ptr);
}

/* The error of walking text, which must be refused. */
static void check_error(mk_str text, const char *want)
{
    const mk_str copy = join3("", text, "");
    mk_error error = {0};

    ck_assert_int_eq(walk_object(copy, &error), MK_RECORD);
    ck_assert_int_eq(error.code, MK_RECORD);
    ck_assert_str_eq(error.text, want);
    free((char *)copy.ptr);
}

/* The only member of text. */
static mk_json_member only_member(mk_str text)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member member = {0}, none;

    ck_assert_int_eq(mk_json_object_next(&it, &member, NULL), MK_OK);
    ck_assert_int_eq(mk_json_object_next(&it, &none, NULL), MK_END);
    return member;
}

/* The text of the JSON string `json`. */
static void check_text(const char *json, mk_str want)
{
    const mk_str text = join3("{\"k\":", mk_str_of(json), "}");
    const mk_json_value value = only_member(text).value;
    mk_arena *const arena = mk_arena_new();
    mk_str got = {0};

    ck_assert_int_eq(mk_json_text(value, arena, &got, NULL), MK_OK);
    ck_assert_mk_str_eq(got, want);
    mk_arena_free(arena);
    free((char *)text.ptr);
}

static void check_lone(const char *json, const char *want)
{
    const mk_str text = join3("{\"k\":", mk_str_of(json), "}");
    const mk_json_value value = only_member(text).value;
    mk_arena *const arena = mk_arena_new();
    mk_str got = MK_STR("untouched");
    mk_error error;

    ck_assert_int_eq(mk_json_text(value, arena, &got, &error), MK_RECORD);
    ck_assert_str_eq(error.text, want);
    ck_assert_mk_str_eq(got, MK_STR("untouched"));
    mk_arena_free(arena);
    free((char *)text.ptr);
}

/* n times `open`, then middle, then n times `shut`, in {"a": }. */
static mk_str nested(size_t n, const char *open, const char *middle, const char *shut)
{
    mk_buf buf = {.max = MK_BUF_MAX};

    mk_buf_puts(&buf, "{\"a\":");
    for (size_t i = 0; i < n; i++)
        mk_buf_puts(&buf, open);
    mk_buf_puts(&buf, middle);
    for (size_t i = 0; i < n; i++)
        mk_buf_puts(&buf, shut);
    mk_buf_puts(&buf, "}");
    ck_assert(!buf.failed);
    return mk_buf_str(&buf);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* ---- the grammar ---- */

START_TEST(accepts_valid_values_as_members)
{
    for (size_t i = 0; i < N_OF(good_values); i++)
        check_walk("{\"k\":", good_values[i], "}", MK_END);
}
END_TEST

START_TEST(accepts_valid_values_as_elements)
{
    for (size_t i = 0; i < N_OF(good_values); i++)
        check_walk("[", good_values[i], "]", MK_END);
}
END_TEST

START_TEST(accepts_valid_values_inside_values)
{
    for (size_t i = 0; i < N_OF(good_values); i++) {
        check_walk("{\"k\":[0, {\"a\":", good_values[i], " , \"b\":[]}, 1]}", MK_END);
        check_walk("[{\"a\":[", good_values[i], "]},\n{}]", MK_END);
    }
}
END_TEST

START_TEST(accepts_valid_objects_alone)
{
    for (size_t i = 0; i < N_OF(good_values); i++) {
        if (good_values[i].ptr[0] == '{')
            check_walk(" \t\r\n", good_values[i], "\n\r\t ", MK_END);
    }
}
END_TEST

START_TEST(rejects_invalid_values_as_members)
{
    for (size_t i = 0; i < N_OF(bad_values); i++) {
        check_walk("{\"k\":", bad_values[i], "}", MK_RECORD);
        check_walk("{\"k\": ", bad_values[i], " ,\"l\":1}", MK_RECORD);
    }
}
END_TEST

START_TEST(rejects_invalid_values_as_elements)
{
    for (size_t i = 0; i < N_OF(bad_values); i++) {
        check_walk("[", bad_values[i], "]", MK_RECORD);
        check_walk("[null, ", bad_values[i], " ]", MK_RECORD);
    }
}
END_TEST

START_TEST(rejects_invalid_values_inside_values)
{
    for (size_t i = 0; i < N_OF(bad_values); i++) {
        check_walk("{\"k\":[0, {\"a\":", bad_values[i], " , \"b\":[]}, 1]}", MK_RECORD);
        check_walk("[{\"a\":[", bad_values[i], "]},\n{}]", MK_RECORD);
    }
}
END_TEST

START_TEST(rejects_what_is_not_one_object)
{
    for (size_t i = 0; i < N_OF(bad_texts); i++)
        check_walk("", bad_texts[i], "", MK_RECORD);
    for (size_t i = 0; i < N_OF(bad_values); i++)
        check_walk("", bad_values[i], "", MK_RECORD);
}
END_TEST

START_TEST(rejects_an_object_where_an_array_is_asked_for)
{
    mk_error error;

    ck_assert_int_eq(walk_array(MK_STR("{}"), &error), MK_RECORD);
    ck_assert_str_eq(error.text, "expected '[' at byte 1");
    ck_assert_int_eq(walk_array(MK_STR(""), &error), MK_RECORD);
    ck_assert_str_eq(error.text, "unexpected end at byte 1");
}
END_TEST

START_TEST(rejects_every_truncation)
{
    for (size_t n = 0; n < rich.len; n++) {
        const mk_str cut = join3("", mk_str_sub(rich, 0, n), "");
        mk_error error = {0};
        char want[64];
        ck_assert_int_eq(walk_object(cut, &error), MK_RECORD);
        snprintf(want, sizeof(want), "unexpected end at byte %zu", n + 1);
        if (mk_utf8_valid(cut) == n)
            ck_assert_str_eq(error.text, want);
        free((char *)cut.ptr);
    }
    ck_assert_int_eq(walk_object(rich, NULL), MK_END);
}
END_TEST

/* As walk_object; what is yielded must lie in text and unescape to UTF-8. No
 * assertion a step: Check writes a note for each, and there are millions. */
static bool walks_well(mk_str text, mk_arena *arena, mk_err *ret)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member m;
    mk_str s;
    mk_err err;

    while ((err = mk_json_object_next(&it, &m, NULL)) == MK_OK) {
        if (m.key.raw.ptr <= text.ptr || m.value.raw.len == 0 ||
            m.value.raw.ptr + m.value.raw.len >= text.ptr + text.len)
            return false;
        if (mk_json_text(m.key, arena, &s, NULL) == MK_OK && mk_utf8_valid(s) != s.len)
            return false;
        if (m.value.type == MK_JSON_STRING && mk_json_text(m.value, arena, &s, NULL) == MK_OK &&
            mk_utf8_valid(s) != s.len)
            return false;
    }
    *ret = err;
    return true;
}

START_TEST(survives_every_mutation_of_one_byte)
{
    mk_arena *const arena = mk_arena_new();
    const mk_str text = join3("", rich, "");
    char *const bytes = (char *)text.ptr;

    for (size_t i = 0; i < text.len; i++) {
        const char kept = bytes[i];
        for (int c = 0; c < 256; c++) {
            const bool control = c < 0x20 && c != '\n' && c != '\r' && c != '\t';
            mk_err err = MK_BUG;
            bytes[i] = (char)c;
            if (!walks_well(text, arena, &err) || (err != MK_END && err != MK_RECORD) ||
                (control && err != MK_RECORD))
                ck_abort_msg("byte %zu as %02X: %d", i, (unsigned)c, (int)err);
        }
        bytes[i] = kept;
        mk_arena_reset(arena);
    }
    mk_arena_free(arena);
    free(bytes);
}
END_TEST

/* A byte that ends a run of plain ones is found wherever it stands among them. */
START_TEST(finds_special_bytes_at_every_place_in_a_string)
{
    char text[64];

    for (size_t len = 1; len < 40; len++) {
        for (size_t at = 0; at < len; at++) {
            for (int c = 0; c < 0x80; c++) {
                const bool special = c < 0x20 || c == '"' || c == '\\';
                memcpy(text, "[\"", 2);
                memset(text + 2, c % 2 ? 'x' : ' ', len);
                memcpy(text + 2 + len, "\"]", 2);
                text[2 + at] = (char)c;
                if (walk_array((mk_str){text, len + 4}, NULL) != (special ? MK_RECORD : MK_END))
                    ck_abort_msg("byte %02X at %zu of %zu", (unsigned)c, at, len);
            }
        }
    }
}
END_TEST

/* ---- messages ---- */

START_TEST(says_what_is_wrong_and_where)
{
    static const struct {
        mk_str text;
        const char *want;
    } cases[] = {
        {C(""), "unexpected end at byte 1"},
        {C("{\"a\""), "unexpected end at byte 5"},
        {C("{\"a\":tr"), "unexpected end at byte 8"},
        {C("{\"a\":\"\\u12"), "unexpected end at byte 11"},
        {C("\xEF\xBB\xBF{}"), "byte order mark at byte 1"},
        {C("{\"a\":\"\xD8\""), "not valid UTF-8 at byte 7"},
        {C("{\"ab\":\"c\xFF\"}"), "not valid UTF-8 at byte 9"},
        {C("[]"), "expected '{' at byte 1"},
        {C("  x"), "expected '{' at byte 3"},
        {C("{a:1}"), "expected a key at byte 2"},
        {C("{\"a\":1,}"), "expected a key at byte 8"},
        {C("{\"abcdef\" , 1}"), "expected ':' at byte 11"},
        {C("{\"a\":{\"b\" 1}}"), "expected ':' at byte 11"},
        {C("{\"a\":}"), "expected a value at byte 6"},
        {C("{\"a\":[1,]}"), "expected a value at byte 9"},
        {C("{\"a\":NaN}"), "expected a value at byte 6"},
        {C("{\"a\":'b'}"), "expected a value at byte 6"},
        {C("{\"a\":nule}"), "expected a value at byte 6"},
        {C("{\"a\":+1}"), "expected a value at byte 6"},
        {C("{\"a\":-x}"), "expected a digit at byte 7"},
        {C("{\"a\":1.}"), "expected a digit at byte 8"},
        {C("{\"a\":1e+}"), "expected a digit at byte 9"},
        {C("{\"a\":-012}"), "leading zero at byte 7"},
        {C("{\"a\":1 2}"), "expected ',' or '}' at byte 8"},
        {C("{\"a\":[1 2]}"), "expected ',' or ']' at byte 9"},
        {C("{\"a\":{\"b\":1 2}}"), "expected ',' or '}' at byte 13"},
        {C("{\"a\":\"b\nc\"}"), "control character at byte 8"},
        {C("{\"a\":\"b\\xc\"}"), "bad escape at byte 8"},
        {C("{\"a\":\"b\\u00g0\"}"), "bad escape at byte 8"},
        {C("{} x"), "bytes after the value at byte 4"},
    };

    for (size_t i = 0; i < N_OF(cases); i++)
        check_error(cases[i].text, cases[i].want);
}
END_TEST

START_TEST(stays_failed)
{
    mk_json_object it = mk_json_object_of(MK_STR("{\"a\":1,,\"b\":2}"));
    mk_json_member member;

    ck_assert_int_eq(mk_json_object_next(&it, &member, NULL), MK_OK);
    ck_assert_int_eq(mk_json_object_next(&it, &member, NULL), MK_RECORD);
    ck_assert_int_eq(mk_json_object_next(&it, &member, NULL), MK_RECORD);
    ck_assert_mk_str_eq(member.key.raw, MK_STR("\"a\""));
}
END_TEST

START_TEST(stays_ended)
{
    mk_json_object it = mk_json_object_of(MK_STR("{}"));
    mk_json_array of = mk_json_array_of(MK_STR("[]"));
    mk_json_member member;
    mk_json_value value;

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(mk_json_object_next(&it, &member, NULL), MK_END);
        ck_assert_int_eq(mk_json_array_next(&of, &value, NULL), MK_END);
    }
}
END_TEST

/* ---- limits ---- */

START_TEST(accepts_256_levels)
{
    enum { INNER = MK_JSON_DEPTH - 2 /* without the outermost and the middle */ };
    const mk_str cases[] = {
        nested(INNER, "[", "[]", "]"),
        nested(INNER, "[", "{}", "]"),
        nested(INNER, "[0,", "[2]", ",1]"),
        nested(INNER, "{\"b\":", "{\"c\":1}", "}"),
        nested(INNER, "{\"b\":[],\"c\":", "[[]]", ",\"d\":1}"),
        nested(INNER / 2, "[{\"b\":", "[1]", "}]"),
        nested(INNER / 2, "{\"b\":[", "{}", "]}"),
    };
    static const mk_err wants[] = {MK_END, MK_END, MK_END, MK_END, MK_RECORD /* one more */,
                                   MK_END, MK_END};

    for (size_t i = 0; i < N_OF(cases); i++) {
        ck_assert_msg(walk_object(cases[i], NULL) == wants[i], "case %zu", i);
        free((char *)cases[i].ptr);
    }
}
END_TEST

START_TEST(rejects_257_levels)
{
    const mk_str arrays = nested(MK_JSON_DEPTH, "[", "", "]");
    const mk_str objects = nested(MK_JSON_DEPTH, "{\"b\":", "0", "}");

    check_error(arrays, "nested deeper than 256 levels at byte 261");
    check_error(objects, "nested deeper than 256 levels at byte 1281");
    free((char *)arrays.ptr);
    free((char *)objects.ptr);
}
END_TEST

START_TEST(rejects_a_million_levels)
{
    const mk_str arrays = nested(1000000, "[", "", "]");

    check_error(arrays, "nested deeper than 256 levels at byte 261");
    free((char *)arrays.ptr);
}
END_TEST

START_TEST(keeps_the_kind_of_every_level_apart)
{
    check_error((mk_str)C("{\"a\":[{\"b\":[{\"c\":[]}]]}]}"), "expected ',' or '}' at byte 22");
    check_error((mk_str)C("{\"a\":[{\"b\":[{\"c\":[}]}]}]}"), "expected a value at byte 19");
}
END_TEST

START_TEST(walks_100000_members)
{
    mk_buf buf = {.max = MK_BUF_MAX};
    mk_json_member member;
    size_t n = 0;

    for (size_t i = 0; i < 100000; i++)
        mk_buf_printf(&buf, "%s\"k%zu\":{\"n\":[%zu]}", i ? "," : "{", i, i);
    mk_buf_putc(&buf, '}');
    mk_json_object it = mk_json_object_of(mk_buf_str(&buf));
    while (mk_json_object_next(&it, &member, NULL) == MK_OK)
        n++;
    ck_assert_uint_eq(n, 100000);
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(reads_a_number_of_a_million_digits)
{
    const size_t n = 1000000;
    char *const text = malloc(n + 2);

    ck_assert(text != NULL);
    memset(text, '7', n + 2);
    text[0] = '[';
    text[n + 1] = ']';
    ck_assert_int_eq(walk_array((mk_str){text, n + 2}, NULL), MK_END);
    free(text);
}
END_TEST

/* ---- values ---- */

START_TEST(yields_values_byte_for_byte)
{
    static const struct {
        mk_str json;
        mk_json_type type;
        bool plain;
    } cases[] = {
        {C("null"), MK_JSON_NULL, false},
        {C("false"), MK_JSON_FALSE, false},
        {C("true"), MK_JSON_TRUE, false},
        {C("1e400"), MK_JSON_NUMBER, false},
        {C("12345678901234567890"), MK_JSON_NUMBER, false},
        {C("-0.10E-05"), MK_JSON_NUMBER, false},
        {C("\"\""), MK_JSON_STRING, true},
        {C("\"كلمة\""), MK_JSON_STRING, true},
        {C("\"a\\/b\""), MK_JSON_STRING, false},
        {C("[ 1 ,2]"), MK_JSON_ARRAY, false},
        {C("{ \"a\" : [ \"}\" ] }"), MK_JSON_OBJECT, false},
    };

    for (size_t i = 0; i < N_OF(cases); i++) {
        const mk_str text = join3("{ \"k\" : ", cases[i].json, " }");
        const mk_json_member member = only_member(text);
        ck_assert_mk_str_eq(member.key.raw, MK_STR("\"k\""));
        ck_assert_int_eq(member.key.type, MK_JSON_STRING);
        ck_assert(member.key.plain);
        ck_assert_mk_str_eq(member.value.raw, cases[i].json);
        ck_assert_int_eq(member.value.type, cases[i].type);
        ck_assert_int_eq(member.value.plain, cases[i].plain);
        free((char *)text.ptr);
    }
}
END_TEST

START_TEST(yields_elements_in_order)
{
    static const mk_str want[] = {C("1"), C("\"b\""), C("[2,3]"), C("{}")};
    mk_json_array it = mk_json_array_of(MK_STR(" [1, \"b\" ,[2,3],{}] "));
    mk_json_value value;

    for (size_t i = 0; i < N_OF(want); i++) {
        ck_assert_int_eq(mk_json_array_next(&it, &value, NULL), MK_OK);
        ck_assert_mk_str_eq(value.raw, want[i]);
    }
    ck_assert_int_eq(mk_json_array_next(&it, &value, NULL), MK_END);
}
END_TEST

START_TEST(resolves_escapes)
{
    check_text("\"\"", MK_STR(""));
    check_text("\"plain\"", MK_STR("plain"));
    check_text("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", MK_STR("\"\\/\b\f\n\r\t"));
    check_text("\"a\\u0000b\"", MK_STR("a\0b"));
    check_text("\"te\\u0078t\"", MK_STR("text"));
    check_text("\"\\u0628\\u0629 \\u00e9\\u00E9\"", MK_STR("بة éé"));
    check_text("\"\\u007f\\u0080\\u07ff\\u0800\\uffff\"",
               MK_STR("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF"));
    check_text("\"\\\\u0041\"", MK_STR("\\u0041"));
    check_text("\"مرحبا\\nبكم\"", MK_STR("مرحبا\nبكم"));
}
END_TEST

START_TEST(resolves_surrogate_pairs)
{
    check_text("\"\\ud83d\\ude00\"", MK_STR("\xF0\x9F\x98\x80"));
    check_text("\"x\\uD800\\uDC00y\"", MK_STR("x\xF0\x90\x80\x80y"));
    check_text("\"\\udbff\\udfff\"", MK_STR("\xF4\x8F\xBF\xBF"));
}
END_TEST

START_TEST(rejects_lone_surrogates)
{
    check_lone("\"\\ud800\"", "escape \\ud800 is half of a pair");
    check_lone("\"abc\\uDFFF\"", "escape \\uDFFF is half of a pair");
    check_lone("\"\\udc00\\ud800\"", "escape \\udc00 is half of a pair");
    check_lone("\"\\ud800\\ud800\"", "escape \\ud800 is half of a pair");
    check_lone("\"\\ud83d\\u0041\"", "escape \\ud83d is half of a pair");
    check_lone("\"\\ud83d\\\\ude00\"", "escape \\ud83d is half of a pair");
    check_lone("\"\\ud83d\\nude00\"", "escape \\ud83d is half of a pair");
    check_lone("\"\\ud83d\xED\x9F\xBF\"", "escape \\ud83d is half of a pair");
    check_lone("\"\\ud83d\\ude00\\ude00\"", "escape \\ude00 is half of a pair");
}
END_TEST

START_TEST(lends_plain_text_from_the_input)
{
    const mk_str text = MK_STR("{\"k\":\"كلام\"}");
    mk_str got;

    ck_assert_int_eq(mk_json_text(only_member(text).value, NULL, &got, NULL), MK_OK);
    ck_assert_ptr_eq(got.ptr, text.ptr + 6);
}
END_TEST

START_TEST(reads_integers_that_fit)
{
    static const struct {
        const char *json;
        bool ok;
        uint64_t want;
    } cases[] = {
        {"0", true, 0},
        {"42", true, 42},
        {"9007199254740993", true, UINT64_C(9007199254740993)},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"18446744073709551620", false, 0},
        {"99999999999999999999", false, 0},
        {"100000000000000000000000", false, 0},
        {"-1", false, 0},
        {"-0", false, 0},
        {"1.0", false, 0},
        {"1e2", false, 0},
        {"\"1\"", false, 0},
        {"null", false, 0},
        {"[1]", false, 0},
    };

    for (size_t i = 0; i < N_OF(cases); i++) {
        const mk_str text = join3("{\"k\":", mk_str_of(cases[i].json), "}");
        uint64_t got = 7;
        ck_assert_int_eq(mk_json_uint(only_member(text).value, &got), cases[i].ok);
        ck_assert_uint_eq(got, cases[i].ok ? cases[i].want : 7);
        free((char *)text.ptr);
    }
}
END_TEST

/* ---- the escaper ---- */

static void check_put(mk_str s, const char *want)
{
    mk_buf buf = {.max = MK_BUF_MAX};

    mk_json_put(&buf, s);
    ck_assert(!buf.failed);
    ck_assert_mk_str_eq(mk_buf_str(&buf), mk_str_of(want));
    mk_buf_clear(&buf);
}

START_TEST(escapes_what_must_be_and_uses_short_forms)
{
    check_put(MK_STR(""), "\"\"");
    check_put((mk_str){NULL, 0}, "\"\"");
    check_put(MK_STR("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
    check_put(MK_STR("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
    check_put(MK_STR("\0\x01\x0B\x1F\x7F"), "\"\\u0000\\u0001\\u000b\\u001f\\u007f\"");
    check_put(MK_STR("\xC2\x85\xE2\x80\xA8\xE2\x80\xA9"), "\"\\u0085\\u2028\\u2029\"");
    check_put(MK_STR("«نص» “ ” \xC2\x84\xC2\x86\xE2\x80\xA7\xE2\x80\xAA\xE2\x81\xA8"),
              "\"«نص» “ ” \xC2\x84\xC2\x86\xE2\x80\xA7\xE2\x80\xAA\xE2\x81\xA8\"");
}
END_TEST

START_TEST(escapes_no_other_code_point)
{
    for (uint32_t cp = 0; cp < 0x11000; cp++) {
        const bool special = cp < 0x20 || cp == '"' || cp == '\\' || cp == 0x7F || cp == 0x85 ||
                             cp == 0x2028 || cp == 0x2029;
        mk_buf buf = {.max = 64};
        char bytes[4];
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        const mk_str s = {bytes, mk_utf8_put(bytes, cp)};
        mk_json_put(&buf, s);
        if (buf.failed || mk_str_eq(mk_str_sub(mk_buf_str(&buf), 1, buf.len - 1), s) == special)
            ck_abort_msg("U+%04X", (unsigned)cp);
        mk_buf_clear(&buf);
    }
}
END_TEST

/* Blocks of bytes are looked at together: the slow twin is the table here. */
START_TEST(escapes_at_every_place_in_a_string)
{
    static const struct {
        mk_str s;
        const char *escape;
    } cases[] = {
        {C("\0"), "\\u0000"},
        {C("\x1F"), "\\u001f"},
        {C("\n"), "\\n"},
        {C("\""), "\\\""},
        {C("\\"), "\\\\"},
        {C("\x7F"), "\\u007f"},
        {C("\xC2\x85"), "\\u0085"},
        {C("\xE2\x80\xA8"), "\\u2028"},
        {C("\xE2\x80\xA9"), "\\u2029"},
    };
    static const char *const fills[] = {" ", "!", "~", "\xC2\x84", "\xE2\x80\xAA"};

    for (size_t i = 0; i < N_OF(cases) * N_OF(fills) * 20; i++) {
        const size_t which = i % N_OF(cases), n = i / N_OF(cases) % 20;
        const char *const fill = fills[i / N_OF(cases) / 20];
        mk_buf plain = {.max = 1024}, want = {.max = 1024};
        mk_buf_putc(&want, '"');
        for (size_t k = 0; k < 20; k++) {
            mk_buf_puts(&plain, fill);
            mk_buf_puts(&want, fill);
            if (k == n) {
                mk_buf_put(&plain, cases[which].s);
                mk_buf_puts(&want, cases[which].escape);
            }
        }
        mk_buf_puts(&want, "\"");
        mk_buf_putc(&want, '\0');
        check_put(mk_buf_str(&plain), want.ptr);
        mk_buf_clear(&plain);
        mk_buf_clear(&want);
    }
}
END_TEST

/* What is cut off in the middle of a character must not be read past. */
START_TEST(escapes_the_beginning_of_a_character_at_the_end)
{
    static const mk_str cut[] = {C("\xC2"), C("\xE2"), C("\xE2\x80")};

    for (size_t i = 0; i < N_OF(cut); i++) {
        const mk_str s = join3("", cut[i], "");
        mk_buf buf = {.max = 64};
        mk_json_put(&buf, s);
        ck_assert_mk_str_eq(mk_str_sub(mk_buf_str(&buf), 1, buf.len - 1), cut[i]);
        mk_buf_clear(&buf);
        free((char *)s.ptr);
    }
}
END_TEST

START_TEST(reads_back_what_it_wrote)
{
    mk_arena *const arena = mk_arena_new();
    uint32_t seed = 20230713;
    char s[4 * 64];

    for (int round = 0; round < 20000; round++) {
        static const uint32_t bounds[] = {0x20, 0x80, 0x100, 0x800, 0x2100, 0x110000};
        mk_buf buf = {.max = MK_BUF_MAX};
        const size_t n = next_random(&seed) % 64;
        size_t len = 0;
        mk_str got = {0};
        for (size_t i = 0; i < n; i++) {
            const uint32_t cp = next_random(&seed) % bounds[next_random(&seed) % 6];
            len += mk_utf8_put(s + len, cp >= 0xD800 && cp <= 0xDFFF ? 0x2028 : cp);
        }
        mk_buf_puts(&buf, "{\"k\":");
        mk_json_put(&buf, (mk_str){s, len});
        mk_buf_putc(&buf, '}');
        ck_assert(!buf.failed);
        ck_assert_int_eq(mk_json_text(only_member(mk_buf_str(&buf)).value, arena, &got, NULL),
                         MK_OK);
        ck_assert_mk_str_eq(got, ((mk_str){s, len}));
        mk_buf_clear(&buf);
        mk_arena_reset(arena);
    }
    mk_arena_free(arena);
}
END_TEST

START_TEST(says_when_the_buffer_is_full)
{
    for (size_t max = 0; max < 12; max++) {
        mk_buf buf = {.max = max};
        mk_json_put(&buf, MK_STR("ab\n\x01"));
        ck_assert_int_eq(buf.failed, max < 12);
        ck_assert(buf.len <= max);
        mk_buf_clear(&buf);
    }
    check_put(MK_STR("ab\n\x01"), "\"ab\\n\\u0001\"");
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("json");
    TCase *const grammar = tcase_create("grammar");
    TCase *const limits = tcase_create("limits");
    TCase *const values = tcase_create("values");
    TCase *const escaper = tcase_create("escaper");

    tcase_set_timeout(grammar, 60);
    tcase_add_test(grammar, accepts_valid_values_as_members);
    tcase_add_test(grammar, accepts_valid_values_as_elements);
    tcase_add_test(grammar, accepts_valid_values_inside_values);
    tcase_add_test(grammar, accepts_valid_objects_alone);
    tcase_add_test(grammar, rejects_invalid_values_as_members);
    tcase_add_test(grammar, rejects_invalid_values_as_elements);
    tcase_add_test(grammar, rejects_invalid_values_inside_values);
    tcase_add_test(grammar, rejects_what_is_not_one_object);
    tcase_add_test(grammar, rejects_an_object_where_an_array_is_asked_for);
    tcase_add_test(grammar, rejects_every_truncation);
    tcase_add_test(grammar, survives_every_mutation_of_one_byte);
    tcase_add_test(grammar, finds_special_bytes_at_every_place_in_a_string);
    tcase_add_test(grammar, says_what_is_wrong_and_where);
    tcase_add_test(grammar, stays_failed);
    tcase_add_test(grammar, stays_ended);
    suite_add_tcase(s, grammar);

    tcase_add_test(limits, accepts_256_levels);
    tcase_add_test(limits, rejects_257_levels);
    tcase_add_test(limits, rejects_a_million_levels);
    tcase_add_test(limits, keeps_the_kind_of_every_level_apart);
    tcase_add_test(limits, walks_100000_members);
    tcase_add_test(limits, reads_a_number_of_a_million_digits);
    suite_add_tcase(s, limits);

    tcase_add_test(values, yields_values_byte_for_byte);
    tcase_add_test(values, yields_elements_in_order);
    tcase_add_test(values, resolves_escapes);
    tcase_add_test(values, resolves_surrogate_pairs);
    tcase_add_test(values, rejects_lone_surrogates);
    tcase_add_test(values, lends_plain_text_from_the_input);
    tcase_add_test(values, reads_integers_that_fit);
    suite_add_tcase(s, values);

    tcase_set_timeout(escaper, 60);
    tcase_add_test(escaper, escapes_what_must_be_and_uses_short_forms);
    tcase_add_test(escaper, escapes_no_other_code_point);
    tcase_add_test(escaper, escapes_at_every_place_in_a_string);
    tcase_add_test(escaper, escapes_the_beginning_of_a_character_at_the_end);
    tcase_add_test(escaper, reads_back_what_it_wrote);
    tcase_add_test(escaper, says_when_the_buffer_is_full);
    suite_add_tcase(s, escaper);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
