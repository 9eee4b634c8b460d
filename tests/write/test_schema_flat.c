/* test_schema_flat.c: the line of a document in the first schema, and that reading our own output
 * and writing it again gives the same bytes. */
#include <stdlib.h>

#include "read/reader.h"
#include "support.h"
#include "write/schema.h"

#define C(s)             \
    {                    \
        s, sizeof(s) - 1 \
    } /* a case; may hold NUL */
#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

static const mk_why why = {.rule = 0};

static void check_line(const mk_doc *doc, const char *want)
{
    mk_buf buf = {.max = MK_BUF_MAX};

    mk_schema_put(mk_schemas, doc, &buf);
    ck_assert(!buf.failed);
    ck_assert_mk_str_eq(mk_buf_str(&buf), mk_str_of(want));
    mk_buf_clear(&buf);
}

START_TEST(writes_all_keys_of_an_empty_document)
{
    const mk_doc doc = {.seq = 1};

    check_line(&doc, "{\"id\":\"\",\"text\":\"\",\"source\":\"\",\"url\":\"\",\"title\":\"\","
                     "\"date\":\"\",\"lang\":\"\",\"metadata\":\"{}\"}\n");
}
END_TEST

START_TEST(writes_all_keys_in_order)
{
    mk_line lines[] = {{.text = C("سطر")}};
    const mk_doc doc = {.id = C("w-1"),
                        .source = C("a.tar!b"),
                        .url = C("http://a/"),
                        .title = C("عنوان"),
                        .date = C("2023"),
                        .lang = C("ar"),
                        .members = C("{\"k\":[1.0,\"\\u0041\"]}"),
                        .lines = lines,
                        .n_lines = 1};

    check_line(&doc, "{\"id\":\"w-1\",\"text\":\"سطر\",\"source\":\"a.tar!b\","
                     "\"url\":\"http://a/\",\"title\":\"عنوان\",\"date\":\"2023\","
                     "\"lang\":\"ar\","
                     "\"metadata\":\"{\\\"k\\\":[1.0,\\\"\\\\u0041\\\"]}\"}\n");
}
END_TEST

/* The text of lines, as JSON. */
static void check_text(mk_line *lines, size_t n, const char *want)
{
    const mk_doc doc = {.lines = lines, .n_lines = n};
    mk_buf buf = {.max = MK_BUF_MAX}, all = {.max = MK_BUF_MAX};

    mk_buf_printf(&all, "{\"id\":\"\",\"text\":%s,\"source\":\"\",", want);
    mk_schema_put(mk_schemas, &doc, &buf);
    ck_assert(!buf.failed && !all.failed && buf.len > all.len);
    ck_assert_mk_str_eq(mk_str_sub(mk_buf_str(&buf), 0, all.len), mk_buf_str(&all));
    mk_buf_clear(&buf);
    mk_buf_clear(&all);
}

START_TEST(joins_lines_with_line_feeds)
{
    mk_line lines[] = {{.text = C("a")}, {.text = C("")}, {.text = C("\"b\"")}, {.text = C("")}};

    check_text(lines, 0, "\"\"");
    check_text(lines, 1, "\"a\"");
    check_text(lines, 2, "\"a\\n\"");
    check_text(lines, 3, "\"a\\n\\n\\\"b\\\"\"");
    check_text(lines, 4, "\"a\\n\\n\\\"b\\\"\\n\"");
    check_text(lines + 1, 3, "\"\\n\\\"b\\\"\\n\"");
    check_text(lines + 1, 1, "\"\"");
}
END_TEST

START_TEST(leaves_out_lines_that_are_gone)
{
    mk_line lines[] = {{.text = C("a"), .gone = &why},
                       {.text = C("b")},
                       {.text = C("c"), .gone = &why},
                       {.text = C("d")},
                       {.text = C("e"), .gone = &why}};

    check_text(lines, 5, "\"b\\nd\"");
    check_text(lines, 1, "\"\"");
    check_text(lines + 2, 1, "\"\"");
    check_text(lines + 2, 3, "\"d\"");
}
END_TEST

START_TEST(escapes_what_could_end_a_line)
{
    mk_line lines[] = {{.text = C("a\xE2\x80\xA8"
                                  "b\xC2\x85"
                                  "c\r\v\0\x7F")}};

    check_text(lines, 1, "\"a\\u2028b\\u0085c\\r\\u000b\\u0000\\u007f\"");
}
END_TEST

START_TEST(appends_to_what_is_there)
{
    const mk_doc doc = {.id = C("x")};
    mk_buf buf = {.max = MK_BUF_MAX};

    mk_buf_puts(&buf, "before\n");
    mk_schema_put(mk_schemas, &doc, &buf);
    const size_t len = buf.len;
    mk_schema_put(mk_schemas, &doc, &buf);
    ck_assert_mk_str_eq(mk_str_sub(mk_buf_str(&buf), 0, 16), MK_STR("before\n{\"id\":\"x\""));
    ck_assert_uint_eq(buf.len, 2 * len - 7);
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(writes_no_half_line_into_a_full_buffer)
{
    mk_line lines[] = {{.text = C("one\n")}, {.text = C("two")}, {.text = C("\x01")}};
    const mk_doc doc = {.id = C("x"), .lines = lines, .n_lines = 3};
    mk_buf whole = {.max = MK_BUF_MAX};

    mk_schema_put(mk_schemas, &doc, &whole);
    for (size_t max = 2; max < whole.len + 4; max++) {
        mk_buf buf = {.max = max};
        mk_buf_puts(&buf, "ab");
        mk_schema_put(mk_schemas, &doc, &buf);
        ck_assert_int_eq(buf.failed, max < whole.len + 2);
        ck_assert_uint_eq(buf.len, buf.failed ? 2 : whole.len + 2);
        mk_buf_clear(&buf);
    }
    mk_buf_clear(&whole);
}
END_TEST

START_TEST(leaves_a_failed_buffer_alone)
{
    const mk_doc doc = {.id = C("x")};
    mk_buf buf = {.max = 4};

    mk_buf_puts(&buf, "abc");
    mk_buf_puts(&buf, "de");
    ck_assert(buf.failed);
    mk_schema_put(mk_schemas, &doc, &buf);
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("abc"));
    mk_buf_clear(&buf);
}
END_TEST

/* ---- with the reader ---- */

/* Reads record, splits its text at LF, writes it. */
static void clean(mk_str record, mk_arena *arena, mk_buf *out)
{
    static const mk_read_options options = {.text_field = C("text"), .id_field = C("id")};
    mk_doc doc = {.id = MK_STR("default"), .source = MK_STR("in.jsonl")};
    mk_error error = {0};
    const mk_err err = mk_reader_jsonl.parse(record, &options, arena, &doc, &error);

    ck_assert_msg(err == MK_OK, "%.*s: %s", (int)record.len, record.ptr, error.text);
    doc.lines = mk_arena_alloc(arena, (doc.raw.len + 1) * sizeof(*doc.lines));
    ck_assert(doc.lines != NULL);
    size_t from = 0;
    for (size_t at = 0; at <= doc.raw.len; at++) {
        if (at < doc.raw.len && doc.raw.ptr[at] != '\n')
            continue;
        doc.lines[doc.n_lines++].text = mk_str_sub(doc.raw, from, at);
        from = at + 1;
    }
    mk_schema_put(mk_schemas, &doc, out);
    ck_assert(!out->failed);
}

START_TEST(writes_the_same_when_its_output_is_read_again)
{
    static const mk_str records[] = {
        C("{\"text\":\"\"}"),
        C("{\"text\":\"\\n\\n\"}"),
        C("{\"text\":\"سطر\\nسطر \\u2028\\u0085\\u007f\\u0000\\r\\n\"}"),
        C("{\"id\":12345678901234567890,\"text\":\"a\",\"n\":1e400,\"m\":-0.0}"),
        C("{\"text\":\"a\",\"metadata\":{\"a\" : [1, 2],\"b\":{\"c\":null}},\"d\":\"\\u0041\"}"),
        C("{\"text\":\"a\",\"metadata\":{\"a\":1},\"a\":2}"),
        C("{\"text\":\"a\",\"metadata\":{\"a\":1,\"a\":2}}"),
        C("{\"text\":\"a\",\"metadata\":{\"metadata\":{\"metadata\":{}}}}"),
        C("{\"text\":\"a\",\"metadata\":\"{\\\"a\\\":\\\"\\\\\\\"\\\"}\"}"),
        C("{\"text\":\"a\",\"metadata\":\"{\\\"a\\\":1}\",\"a\":2}"),
        C("{\"text\":\"a\",\"metadata\":\"no object\"}"),
        C("{\"text\":\"a\",\"metadata\":[\"\\ud800\"],\"metadata2\":\"\\udc00\"}"),
        C("{\"text\":\"a\",\"url\":5,\"title\":{\"x\":1},\"lang\":null,\"source\":\"cc\"}"),
        C("{\"text\":\"a\",\"metadata\":{\"url\":6,\"text\":\"b\"},\"url\":\"http://a\"}"),
        C("{\"text\":\"a\",\"title\":\"\\ud83d\",\"date\":\"\"}"),
        C("{\"text\":\"a\",\"\":{\"\":\"\"},\"مفتاح\":\"قيمة\xE2\x80\xA8\"}"),
    };

    for (size_t i = 0; i < N_OF(records); i++) {
        mk_arena *const arena = mk_arena_new();
        mk_buf once = {.max = MK_BUF_MAX}, twice = {.max = MK_BUF_MAX};
        clean(records[i], arena, &once);
        ck_assert_ptr_eq(memchr(once.ptr, '\n', once.len), once.ptr + once.len - 1);
        clean(mk_str_sub(mk_buf_str(&once), 0, once.len - 1), arena, &twice);
        ck_assert_mk_str_eq(mk_buf_str(&twice), mk_buf_str(&once));
        mk_buf_clear(&once);
        mk_buf_clear(&twice);
        mk_arena_free(arena);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("schema_flat");
    TCase *const t = tcase_create("schema_flat");

    tcase_add_test(t, writes_all_keys_of_an_empty_document);
    tcase_add_test(t, writes_all_keys_in_order);
    tcase_add_test(t, joins_lines_with_line_feeds);
    tcase_add_test(t, leaves_out_lines_that_are_gone);
    tcase_add_test(t, escapes_what_could_end_a_line);
    tcase_add_test(t, appends_to_what_is_there);
    tcase_add_test(t, writes_no_half_line_into_a_full_buffer);
    tcase_add_test(t, leaves_a_failed_buffer_alone);
    tcase_add_test(t, writes_the_same_when_its_output_is_read_again);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
