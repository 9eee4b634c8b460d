#include "read/field.h"

#include <stdlib.h>

#include "base/buf.h"
#include "support.h"

static mk_arena *arena;

static void begin(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void end(void)
{
    mk_arena_free(arena);
}

static mk_str value_of(mk_str text, const char *name)
{
    mk_fields fields = {0};
    size_t end;

    ck_assert_int_eq(mk_fields_parse(text, arena, &fields, &end), MK_OK);
    return mk_fields_get(&fields, mk_str_of(name));
}

static size_t end_of(mk_str text)
{
    mk_fields fields = {0};
    size_t end;

    ck_assert_int_eq(mk_fields_parse(text, arena, &fields, &end), MK_OK);
    return end;
}

START_TEST(finds_a_name_in_any_case)
{
    const mk_str text = MK_STR("A: 1\r\nContent-LENGTH:  22 \t\r\n\r\n");

    ck_assert_mk_str_eq(value_of(text, "content-length"), MK_STR("22"));
    ck_assert_ptr_null(value_of(text, "content").ptr);
}
END_TEST

START_TEST(takes_the_first_of_a_name)
{
    ck_assert_mk_str_eq(value_of(MK_STR("A: 1\nA: 2\n"), "a"), MK_STR("1"));
}
END_TEST

START_TEST(joins_folded_lines_by_a_space)
{
    ck_assert_mk_str_eq(value_of(MK_STR("A: one\r\n two\r\n\t three\r\nB: x\r\n"), "A"),
                        MK_STR("one two three"));
    ck_assert_mk_str_eq(value_of(MK_STR(" lost\nA:\n b\n"), "A"), MK_STR("b"));
}
END_TEST

START_TEST(passes_over_lines_without_a_colon)
{
    ck_assert_mk_str_eq(value_of(MK_STR("WARC/1.0\r\nnothing\r\n\xFF\xFE: \xE9\r\nA: 1"), "A"),
                        MK_STR("1"));
}
END_TEST

START_TEST(finds_the_end_of_the_head)
{
    ck_assert_uint_eq(end_of(MK_STR("A: 1\r\n\r\nbody")), 8);
    ck_assert_uint_eq(end_of(MK_STR("A: 1\n\nbody")), 6);
    ck_assert_uint_eq(end_of(MK_STR("A: 1\r\n")), 0);
    ck_assert_uint_eq(end_of(MK_STR("A: 1\r\n\r")), 0);
}
END_TEST

START_TEST(takes_more_fields_than_most_heads_have)
{
    mk_buf text = {.max = MK_BUF_MAX};

    for (unsigned i = 0; i < 9000; i++)
        mk_buf_printf(&text, "f%u: %u\n", i, i);
    ck_assert_mk_str_eq(value_of(mk_buf_str(&text), "f17"), MK_STR("17"));
    ck_assert_mk_str_eq(value_of(mk_buf_str(&text), "f8191"), MK_STR("8191"));
    ck_assert_ptr_null(value_of(mk_buf_str(&text), "f8192").ptr);
    mk_buf_clear(&text);
}
END_TEST

START_TEST(reads_numbers_that_fit)
{
    uint64_t n = 7;

    ck_assert(mk_field_number(MK_STR("18446744073709551615"), &n));
    ck_assert_uint_eq(n, UINT64_MAX);
    ck_assert(!mk_field_number(MK_STR("18446744073709551616"), &n));
    ck_assert(!mk_field_number(MK_STR(""), &n));
    ck_assert(!mk_field_number(MK_STR("-1"), &n));
    ck_assert(!mk_field_number(MK_STR("1 2"), &n));
}
END_TEST

START_TEST(reads_media_types)
{
    static const struct {
        const char *value, *type, *charset;
    } cases[] = {
        {"text/html", "text/html", ""},
        {"Text/HTML; charset=UTF-8", "text/html", "UTF-8"},
        {"text/html;charset=\"windows-1256\" ; x=y", "text/html", "windows-1256"},
        {"text/html; level=1; Charset = utf-8", "text/html", "utf-8"},
        {"application/xhtml+xml", "application/xhtml+xml", ""},
        {"", "", ""},
        {"text", "", ""},
        {"text/", "", ""},
        {"/html", "", ""},
        {"a/b/c", "", ""},
        {"text/ht ml", "", ""},
        {"text/\xD9\x86", "", ""},
    };
    mk_str type, charset;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert_int_eq(mk_field_media(mk_str_of(cases[i].value), arena, &type, &charset), MK_OK);
        ck_assert_mk_str_eq(type, mk_str_of(cases[i].type));
        ck_assert_mk_str_eq(charset, mk_str_of(cases[i].charset));
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("field");
    TCase *const t = tcase_create("field");

    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, finds_a_name_in_any_case);
    tcase_add_test(t, takes_the_first_of_a_name);
    tcase_add_test(t, joins_folded_lines_by_a_space);
    tcase_add_test(t, passes_over_lines_without_a_colon);
    tcase_add_test(t, finds_the_end_of_the_head);
    tcase_add_test(t, takes_more_fields_than_most_heads_have);
    tcase_add_test(t, reads_numbers_that_fit);
    tcase_add_test(t, reads_media_types);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
