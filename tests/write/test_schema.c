/* test_schema.c: the line of a document in each schema, and that it can be read again. */
#include "read/reader.h"
#include "support.h"
#include "write/schema.h"

#define C(s)             \
    {                    \
        s, sizeof(s) - 1 \
    }

static mk_line lines[] = {{.text = C("سطر")}, {.text = C("ثان")}};
static const mk_doc doc = {.id = C("w-1"),
                           .source = C("a.tar!b"),
                           .url = C("http://a/"),
                           .title = C("عنوان"),
                           .date = C("2023"),
                           .lang = C("ar"),
                           .members = C("{\"k\":1}"),
                           .lines = lines,
                           .n_lines = 2};

static const char *const wanted[] = {
    "{\"id\":\"w-1\",\"text\":\"سطر\\nثان\",\"source\":\"a.tar!b\",\"url\":\"http://a/\","
    "\"title\":\"عنوان\",\"date\":\"2023\",\"lang\":\"ar\",\"metadata\":\"{\\\"k\\\":1}\"}\n",

    "{\"text\":\"سطر\\nثان\",\"id\":\"w-1\",\"metadata\":{\"url\":\"http://a/\","
    "\"title\":\"عنوان\",\"date\":\"2023\",\"language\":\"ar\",\"file_path\":\"a.tar!b\","
    "\"extra\":\"{\\\"k\\\":1}\"}}\n",

    "{\"id\":\"w-1\",\"text\":\"سطر\\nثان\",\"source\":\"a.tar!b\",\"added\":\"\","
    "\"created\":\"2023\",\"metadata\":{\"url\":\"http://a/\",\"title\":\"عنوان\","
    "\"language\":\"ar\",\"extra\":\"{\\\"k\\\":1}\"}}\n",

    "{\"text\":\"سطر\\nثان\",\"id\":\"w-1\",\"dump\":\"\",\"url\":\"http://a/\",\"date\":\"2023\","
    "\"file_path\":\"a.tar!b\",\"language\":\"ar\",\"language_score\":0.0,"
    "\"language_script\":\"Arab\",\"minhash_cluster_size\":0,\"top_langs\":\"{}\"}\n",

    "{\"text\":\"سطر\\nثان\",\"timestamp\":\"2023\",\"url\":\"http://a/\","
    "\"source\":\"a.tar!b\"}\n",

    "{\"id\":\"w-1\",\"text\":\"سطر\\nثان\",\"meta\":{\"warc_headers\":{\"warc-record-id\":\"\","
    "\"warc-date\":\"2023\",\"content-type\":\"\",\"content-length\":0,\"warc-type\":\"\","
    "\"warc-identified-content-language\":\"\",\"warc-refers-to\":\"\","
    "\"warc-target-uri\":\"http://a/\",\"warc-block-digest\":\"\"},"
    "\"identification\":{\"label\":\"ar\",\"prob\":0.0},\"harmful_pp\":0.0,\"tlsh\":\"\","
    "\"quality_warnings\":[],\"categories\":[],\"sentence_identifications\":[]}}\n",
};

START_TEST(writes_each_schema)
{
    for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
        mk_buf out = {.max = MK_BUF_MAX};
        ck_assert_ptr_nonnull(mk_schemas[i].name);
        mk_schema_put(&mk_schemas[i], &doc, &out);
        ck_assert_mk_str_eq(mk_buf_str(&out), mk_str_of(wanted[i]));
        mk_buf_clear(&out);
    }
    ck_assert_ptr_null(mk_schemas[sizeof(wanted) / sizeof(*wanted)].name);
}
END_TEST

/* Keys and types are those of a document of which all is known. */
START_TEST(writes_all_keys_of_an_empty_document)
{
    static const mk_doc empty = {.members = {"{}", 2}};
    for (const mk_schema *s = mk_schemas; s->name; s++) {
        mk_buf out = {.max = MK_BUF_MAX}, all = {.max = MK_BUF_MAX};
        mk_schema_put(s, &empty, &out);
        mk_schema_put(s, &doc, &all);
        size_t n_out = 0, n_all = 0;
        for (size_t i = 0; i < out.len; i++)
            n_out += out.ptr[i] == ':';
        for (size_t i = 0; i < all.len; i++)
            n_all += all.ptr[i] == ':';
        /* "http:" and the colon among the members, if it is written */
        const bool has_members = mk_str_has(mk_buf_str(&all), MK_STR("\\\"k\\\""));
        ck_assert_uint_eq(n_all, n_out + 1 + has_members);
        ck_assert(!mk_str_has(mk_buf_str(&out), MK_STR("null")));
        mk_buf_clear(&out);
        mk_buf_clear(&all);
    }
}
END_TEST

static const struct {
    const char *schema, *written; /* a piece of the line */
} crawls[] = {
    {"flat", "\"date\":\"2023\""},       {"datatrove", "\"date\":\"2023\""},
    {"dolma", "\"added\":\"2024\""},     {"dolma", "\"created\":\"2023\""},
    {"fineweb2", "\"date\":\"2024\""},   {"culturax", "\"timestamp\":\"2024\""},
    {"oscar", "\"warc-date\":\"2024\""},
};

START_TEST(tells_the_crawl_from_the_page)
{
    mk_doc crawled = doc;
    mk_buf out = {.max = MK_BUF_MAX};

    crawled.members = MK_STR("{\"k\":\"crawled\",\"crawled\":\"2024\"}");
    mk_schema_put(mk_schema_find(mk_str_of(crawls[_i].schema)), &crawled, &out);
    ck_assert(mk_str_has(mk_buf_str(&out), mk_str_of(crawls[_i].written)));
    mk_buf_clear(&out);
}
END_TEST

START_TEST(finds_the_crawl_among_members)
{
    ck_assert_mk_str_eq(mk_schema_crawled(MK_STR("{\"crawled\":\"2024\"}")), MK_STR("2024"));
    ck_assert_mk_str_eq(mk_schema_crawled(MK_STR("{\"a\":{\"crawled\":\"2024\"}}")), MK_STR(""));
    ck_assert_mk_str_eq(mk_schema_crawled(MK_STR("{\"a\":\"crawled\"}")), MK_STR(""));
    ck_assert_mk_str_eq(mk_schema_crawled(MK_STR("{\"crawled\":2024}")), MK_STR(""));
    ck_assert_mk_str_eq(mk_schema_crawled(MK_STR("{}")), MK_STR(""));
    ck_assert_mk_str_eq(mk_schema_crawled((mk_str){0}), MK_STR(""));
}
END_TEST

START_TEST(what_was_written_can_be_read_without_options)
{
    static const mk_read_options options = {.max_doc = 0};
    for (const mk_schema *s = mk_schemas; s->name; s++) {
        const bool is_culturax = mk_str_eq(mk_str_of(s->name), MK_STR("culturax"));
        const bool is_oscar = mk_str_eq(mk_str_of(s->name), MK_STR("oscar"));
        mk_arena *arena = mk_arena_new();
        mk_buf out = {.max = MK_BUF_MAX};
        mk_doc got = {.source = C("file")};
        mk_error error;
        mk_schema_put(s, &doc, &out);
        ck_assert(mk_reader_jsonl.parse(mk_buf_str(&out), &options, arena, &got, &error) == MK_OK);
        ck_assert_mk_str_eq(got.raw, MK_STR("سطر\nثان"));
        ck_assert_mk_str_eq(got.url, doc.url);
        const bool is_crawl = mk_schema_has(s, MK_SCHEMA_CRAWLED); /* it has no other date */
        ck_assert_mk_str_eq(got.date, is_crawl ? MK_STR("") : doc.date);
        ck_assert(mk_str_has(got.members, MK_STR("\"crawled\":\"2023\"")) == is_crawl);
        ck_assert_mk_str_eq(got.id, is_culturax ? MK_STR("") : doc.id);
        ck_assert_mk_str_eq(got.lang, is_culturax ? MK_STR("") : doc.lang);
        ck_assert_mk_str_eq(got.source, is_oscar ? MK_STR("file") : doc.source);
        mk_arena_free(arena);
        mk_buf_clear(&out);
    }
}
END_TEST

START_TEST(a_line_is_whole_or_absent)
{
    for (size_t max = 0; max < 100; max++) {
        mk_buf out = {.max = max};
        mk_schema_put(&mk_schemas[5], &doc, &out);
        ck_assert(out.failed);
        ck_assert_uint_eq(out.len, 0);
        mk_buf_clear(&out);
    }
}
END_TEST

START_TEST(finds_schemas_by_name)
{
    ck_assert_ptr_eq(mk_schema_find(MK_STR("flat")), mk_schemas);
    ck_assert_ptr_null(mk_schema_find(MK_STR("fla")));
    ck_assert_ptr_null(mk_schema_find(MK_STR("")));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("schema");
    TCase *c = tcase_create("all");
    tcase_add_test(c, writes_each_schema);
    tcase_add_test(c, writes_all_keys_of_an_empty_document);
    tcase_add_loop_test(c, tells_the_crawl_from_the_page, 0,
                        (int)(sizeof(crawls) / sizeof(*crawls)));
    tcase_add_test(c, finds_the_crawl_among_members);
    tcase_add_test(c, what_was_written_can_be_read_without_options);
    tcase_add_test(c, a_line_is_whole_or_absent);
    tcase_add_test(c, finds_schemas_by_name);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
