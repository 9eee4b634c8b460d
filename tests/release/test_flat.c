/* test_flat.c: which lines a release takes, and what keeps documents together. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "release/flat.h"
#include "support.h"

#define LINE(id, text, url, metadata)                                \
    "{\"id\":" id ",\"text\":" text ",\"source\":\"s\",\"url\":" url \
    ",\"title\":\"\",\"date\":\"\",\"lang\":\"ar\",\"metadata\":" metadata "}"

static mk_err parse(const char *line, mk_arena *arena, mk_flat *flat, mk_error *error)
{
    return mk_flat_parse(&mk_schemas[0], mk_str_of(line), arena, flat, error);
}

START_TEST(takes_a_line_of_our_own)
{
    mk_arena *arena = mk_arena_new();
    mk_flat flat;

    ck_assert_int_eq(
        MK_OK, parse(LINE("\"a\"", "\"نص \\ud83d\\ude00\"", "\"\"", "\"{}\""), arena, &flat, NULL));
    ck_assert_mk_str_eq(flat.values[MK_FLAT_ID].raw, MK_STR("\"a\""));
    mk_arena_free(arena);
}
END_TEST

START_TEST(refuses_what_loaders_would_take_for_something_else)
{
    static const struct {
        const char *line, *why;
    } bad[] = {
        {"{}", "no member 'id'"},
        {"{\"text\":\"x\"}", "member 'text' where 'id' is needed"},
        {LINE("7", "\"x\"", "\"\"", "\"{}\""), "member 'id' is not a string"},
        {LINE("\"\"", "\"x\"", "\"\"", "\"{}\""), "member 'id' is empty"},
        {LINE("\"a\"", "null", "\"\"", "\"{}\""), "member 'text' is not a string"},
        {LINE("\"a\"", "\"\\ud800\"", "\"\"", "\"{}\""),
         "member 'text' has half of a pair of surrogates"},
        {LINE("\"a\"", "\"\\ude00\\ud83d\"", "\"\"", "\"{}\""),
         "member 'text' has half of a pair of surrogates"},
        {LINE("\"a\"", "\"x\"", "\"\"", "{}"), "member 'metadata' is not a string"},
        {LINE("\"a\"", "\"x\"", "\"\"", "\"[]\""), "member 'metadata' is no object as a string"},
        {LINE("\"a\"", "\"x\"", "\"\"", "\"{}\",\"more\":\"\""),
         "member 'more' where the end is needed"},
    };
    mk_arena *arena = mk_arena_new();
    mk_flat flat;
    mk_error error;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        ck_assert_int_eq(MK_RECORD, parse(bad[i].line, arena, &flat, &error));
        ck_assert_str_eq(bad[i].why, error.text);
    }
    mk_arena_free(arena);
}
END_TEST

static mk_str group(const char *line, const char *field, mk_arena *arena)
{
    mk_flat flat;
    mk_str key = {0};
    bool own = false;

    ck_assert_int_eq(MK_OK, parse(line, arena, &flat, NULL));
    ck_assert(mk_flat_group(&flat, mk_str_of(field), arena, &key, &own));
    return key;
}

START_TEST(groups_by_field_then_host_then_id)
{
    const char *const cluster = "metadata.cluster";
    mk_arena *arena = mk_arena_new();

    ck_assert_mk_str_eq(
        group(LINE("\"a\"", "\"x\"", "\"http://w.example/\"", "\"{\\\"cluster\\\":17}\""), cluster,
              arena),
        MK_STR("17"));
    ck_assert_mk_str_eq(
        group(LINE("\"a\"", "\"x\"", "\"https://u@WWW.W.example:80/p\"", "\"{}\""), cluster, arena),
        MK_STR("w.example"));
    ck_assert_mk_str_eq(group(LINE("\"a\"", "\"x\"", "\"\"", "\"{}\""), cluster, arena),
                        MK_STR("a"));
    ck_assert_mk_str_eq(
        group(LINE("\"a\"", "\"x\"", "\"http://w.example/\"", "\"{}\""), "lang", arena),
        MK_STR("ar"));
    mk_arena_free(arena);
}
END_TEST

#define DATED(metadata)                                                                            \
    "{\"id\":\"a\",\"text\":\"x\",\"source\":\"s\",\"url\":\"\",\"title\":\"\",\"date\":\"2023\"," \
    "\"lang\":\"ar\",\"metadata\":\"" metadata "\"}"
#define CRAWLED DATED("{\\\"crawled\\\":\\\"2024\\\"}")

/* Of ours, as a line of the schema. */
static mk_str put(const char *schema, const char *line, mk_arena *arena, mk_buf *out)
{
    mk_flat flat;

    mk_buf_reset(out);
    ck_assert_int_eq(MK_OK, parse(line, arena, &flat, NULL));
    ck_assert_int_eq(MK_OK,
                     mk_flat_put(mk_schema_find(mk_str_of(schema)), &flat, arena, out, NULL));
    return mk_buf_str(out);
}

START_TEST(tells_the_crawl_from_the_page)
{
    static const struct {
        const char *schema, *line, *written;
    } crawls[] = {
        {"dolma", CRAWLED, "\"added\":\"2024\",\"created\":\"2023\""},
        {"dolma", DATED("{}"), "\"added\":\"\",\"created\":\"2023\""},
        {"fineweb2", CRAWLED, "\"date\":\"2024\""},
        {"fineweb2", DATED("{}"), "\"date\":\"2023\""},
        {"culturax", CRAWLED, "\"timestamp\":\"2024\""},
        {"oscar", CRAWLED, "\"warc-date\":\"2024\""},
    };
    mk_arena *arena = mk_arena_new();
    mk_buf out = {.max = 4096};
    mk_flat again;

    for (size_t i = 0; i < sizeof(crawls) / sizeof(*crawls); i++) {
        const mk_str line = put(crawls[i].schema, crawls[i].line, arena, &out);
        ck_assert(mk_str_has(line, mk_str_of(crawls[i].written)));
        ck_assert_int_eq(MK_OK, mk_flat_parse(mk_schema_find(mk_str_of(crawls[i].schema)), line,
                                              arena, &again, NULL));
    }
    mk_buf_clear(&out);
    mk_arena_free(arena);
}
END_TEST

START_TEST(refuses_an_added_that_is_no_string)
{
    mk_arena *arena = mk_arena_new();
    mk_flat flat;
    mk_error error;

    ck_assert_int_eq(
        MK_RECORD,
        mk_flat_parse(mk_schema_find(MK_STR("dolma")),
                      MK_STR("{\"id\":\"a\",\"text\":\"x\",\"source\":\"s\",\"added\":5"), arena,
                      &flat, &error));
    ck_assert_str_eq(error.text, "member 'added' is not a string");
    mk_arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("flat");
    TCase *t = tcase_create("flat");

    tcase_add_test(t, takes_a_line_of_our_own);
    tcase_add_test(t, refuses_what_loaders_would_take_for_something_else);
    tcase_add_test(t, groups_by_field_then_host_then_id);
    tcase_add_test(t, tells_the_crawl_from_the_page);
    tcase_add_test(t, refuses_an_added_that_is_no_string);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
