/* test_read_jsonl.c: lines out of chunks of any size, and documents out of
 * lines: every member has one place, and nothing of a record is lost. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "read/reader.h"
#include "support.h"

#define C(s)             \
    {                    \
        s, sizeof(s) - 1 \
    } /* a case; may hold NUL */
#define N_OF(table) (sizeof(table) / sizeof((table)[0]))
#define MARK "\xEF\xBB\xBF"

static mk_arena *arena;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert(arena != NULL);
}

static void teardown(void)
{
    mk_arena_free(arena);
}

/* ---- a stream of given chunks ---- */

typedef struct chunk {
    mk_str bytes;
    uint64_t unit;
    bool verified;
} chunk;

typedef struct fake {
    mk_stream base;
    const chunk *chunks;
    size_t n, at;
    uint64_t repeat; /* of the chunk at hand, before the next */
    mk_err end;      /* after the last chunk, once */
    char *lent;      /* freed by the next read: a sanitizer sees who kept it */
} fake;

static mk_err fake_read(mk_stream *s, mk_str *ret, mk_error *reterr)
{
    fake *const f = (fake *)s;

    free(f->lent);
    f->lent = NULL;
    if (f->at == f->n) {
        const mk_err end = f->end;
        f->end = MK_END;
        return end == MK_END ? end : mk_fail(reterr, end, "crc mismatch in fake");
    }
    const chunk *const c = &f->chunks[f->at];
    if (f->repeat > 0)
        f->repeat--;
    else
        f->at++;
    f->lent = malloc(c->bytes.len ? c->bytes.len : 1);
    ck_assert(f->lent != NULL);
    if (c->bytes.len)
        memcpy(f->lent, c->bytes.ptr, c->bytes.len);
    f->base.unit = c->unit;
    f->base.verified = c->verified;
    *ret = (mk_str){f->lent, c->bytes.len};
    return MK_OK;
}

/* An open reader with what it needs. */
typedef struct run {
    fake stream;
    mk_read_options options;
    void *state;
    mk_record record;
    mk_error error;
} run;

static void run_open(run *r, const chunk *chunks, size_t n, uint64_t max_doc)
{
    *r = (run){.stream = {.base = {.read = fake_read, .name = "fake"},
                          .chunks = chunks,
                          .n = n,
                          .end = MK_END},
               .options = {.max_doc = max_doc}};
    ck_assert_int_eq(mk_reader_jsonl.open(&r->stream.base, &r->options, &r->state, NULL), MK_OK);
}

static mk_err run_next(run *r)
{
    return mk_reader_jsonl.next(r->state, &r->record, &r->error);
}

static void run_close(run *r)
{
    mk_reader_jsonl.close(r->state);
    free(r->stream.lent);
}

/* text read in chunks of `size` bytes gives one line of `want` a record:
 * "NUMBER:BYTES;" or, for one that is too long, "NUMBER!;". */
static void check_lines(mk_str text, size_t size, uint64_t max_doc, const char *want)
{
    chunk chunks[256];
    size_t n = 0;
    mk_buf got = {.max = MK_BUF_MAX};
    run r;
    mk_err err;

    for (size_t at = 0; at < text.len; at += size) {
        const size_t end = text.len - at < size ? text.len : at + size;
        ck_assert(n < N_OF(chunks));
        chunks[n++] = (chunk){mk_str_sub(text, at, end), 0, true};
    }
    run_open(&r, chunks, n, max_doc);
    while ((err = run_next(&r)) != MK_END) {
        if (err == MK_OK) {
            mk_buf_printf(&got, "%d:", (int)r.record.number);
            mk_buf_put(&got, r.record.bytes);
            mk_buf_puts(&got, ";");
        } else {
            ck_assert_int_eq(err, MK_RECORD);
            mk_buf_printf(&got, "%d!;", (int)r.record.number);
        }
    }
    ck_assert_int_eq(run_next(&r), MK_END);
    ck_assert_msg(mk_str_eq(mk_buf_str(&got), mk_str_of(want)),
                  "in chunks of %zu: got %.*s, want %s", size, (int)got.len, got.ptr ? got.ptr : "",
                  want);
    mk_buf_clear(&got);
    run_close(&r);
}

static void check_lines_in_all_chunks(mk_str text, uint64_t max_doc, const char *want)
{
    for (size_t size = 1; size <= text.len + 1; size++)
        check_lines(text, size, max_doc, want);
}

/* ---- next ---- */

START_TEST(splits_at_line_feeds)
{
    check_lines_in_all_chunks(MK_STR("{\"a\":1}\n{\"b\":2}\n{}\n"), 100,
                              "1:{\"a\":1};2:{\"b\":2};3:{};");
}
END_TEST

START_TEST(drops_a_carriage_return_before_the_line_feed_only)
{
    check_lines_in_all_chunks(MK_STR("{}\r\n{\r}\r\n\r{}\r\r\n"), 100, "1:{};2:{\r};3:\r{}\r;");
    check_lines_in_all_chunks(MK_STR("{1}\r"), 100, "1:{1}\r;");
}
END_TEST

START_TEST(counts_blank_lines_but_skips_them)
{
    check_lines_in_all_chunks(MK_STR("\n\r\n{1}\n \t\n\n{2}\n\n \r\n"), 100, "3:{1};6:{2};");
}
END_TEST

START_TEST(reads_a_last_line_without_a_line_feed)
{
    check_lines_in_all_chunks(MK_STR("{1}\n{2}"), 100, "1:{1};2:{2};");
    check_lines_in_all_chunks(MK_STR("{1}"), 100, "1:{1};");
}
END_TEST

START_TEST(finds_no_record_in_nothing)
{
    check_lines(MK_STR(""), 1, 100, "");
    check_lines_in_all_chunks(MK_STR("\n\n"), 100, "");
    check_lines_in_all_chunks(MK_STR(" \r\n \t"), 100, "");
}
END_TEST

START_TEST(skips_the_byte_order_mark_once)
{
    check_lines_in_all_chunks(MK_STR(MARK "{1}\n" MARK "{2}\n"), 100, "1:{1};2:" MARK "{2};");
    check_lines_in_all_chunks(MK_STR(MARK MARK "{1}\n"), 100, "1:" MARK "{1};");
    check_lines_in_all_chunks(MK_STR(MARK "\n{1}"), 100, "2:{1};");
    check_lines_in_all_chunks(MK_STR(MARK), 100, "");
}
END_TEST

START_TEST(hands_on_bytes_that_are_no_text)
{
    run r;
    static const chunk chunks[] = {{C("a\0b\xFF\n"), 0, true}};

    run_open(&r, chunks, 1, 100);
    ck_assert_int_eq(run_next(&r), MK_OK);
    ck_assert_mk_str_eq(r.record.bytes, MK_STR("a\0b\xFF"));
    run_close(&r);
}
END_TEST

START_TEST(rejects_only_records_over_the_limit)
{
    const mk_str text = MK_STR("12345\n123456\n12345\r\n123456\r\n1234567890123\n1\n");

    check_lines_in_all_chunks(text, 5, "1:12345;2!;3:12345;4!;5!;6:1;");
    check_lines_in_all_chunks(MK_STR("123456"), 5, "1!;");
    check_lines_in_all_chunks(MK_STR("12345"), 5, "1:12345;");
    check_lines_in_all_chunks(MK_STR(MARK "12345\r\n" MARK "123\n"), 5, "1:12345;2!;");
    check_lines_in_all_chunks(MK_STR(MARK "123456\r\n1"), 5, "1!;2:1;");
}
END_TEST

START_TEST(names_the_limit)
{
    static const chunk chunks[] = {{C("1234567\n"), 0, true}};
    run r;

    run_open(&r, chunks, 1, 5);
    ck_assert_int_eq(run_next(&r), MK_RECORD);
    ck_assert_str_eq(r.error.text, "longer than 5 bytes (--max-doc)");
    ck_assert_uint_eq(r.record.number, 1);
    run_close(&r);
}
END_TEST

/* 256 MiB, four times the limit. */
START_TEST(passes_over_an_endless_line)
{
    static char block[1 << 20];
    memset(block, 'x', sizeof(block));
    const chunk chunks[] = {{{block, sizeof(block)}, 0, true}, {C("x\n{1}\n"), 0, true}};
    run r;

    run_open(&r, chunks, N_OF(chunks), 64 << 20);
    r.stream.repeat = 255;
    ck_assert_int_eq(run_next(&r), MK_RECORD);
    ck_assert_int_eq(run_next(&r), MK_OK);
    ck_assert_mk_str_eq(r.record.bytes, MK_STR("{1}"));
    ck_assert_uint_eq(r.record.number, 2);
    run_close(&r);
}
END_TEST

START_TEST(drops_the_line_that_damage_cuts)
{
    static const chunk chunks[] = {{C("{1}\n{2"), 0, true}, {C("}"), 1, false}};
    run r;

    run_open(&r, chunks, N_OF(chunks), 100);
    r.stream.end = MK_DAMAGED;
    ck_assert_int_eq(run_next(&r), MK_OK);
    ck_assert_mk_str_eq(r.record.bytes, MK_STR("{1}"));
    ck_assert_int_eq(run_next(&r), MK_DAMAGED);
    ck_assert_str_eq(r.error.text, "crc mismatch in fake");
    ck_assert_int_eq(run_next(&r), MK_END);
    ck_assert_int_eq(run_next(&r), MK_END);
    run_close(&r);
}
END_TEST

START_TEST(drops_the_long_line_that_damage_cuts)
{
    static const chunk chunks[] = {{C("{1234567890123"), 0, true}};
    run r;

    run_open(&r, chunks, N_OF(chunks), 5);
    r.stream.end = MK_DAMAGED;
    ck_assert_int_eq(run_next(&r), MK_DAMAGED);
    ck_assert_int_eq(run_next(&r), MK_END);
    run_close(&r);
}
END_TEST

START_TEST(passes_on_a_stream_out_of_memory)
{
    static const chunk chunks[] = {{C("{1}\n"), 0, true}};
    run r;

    run_open(&r, chunks, N_OF(chunks), 100);
    r.stream.end = MK_NOMEM;
    ck_assert_int_eq(run_next(&r), MK_OK);
    ck_assert_int_eq(run_next(&r), MK_NOMEM);
    run_close(&r);
}
END_TEST

START_TEST(goes_on_after_empty_chunks)
{
    static const chunk chunks[] = {{C(""), 0, true},
                                   {C("{"), 0, true},
                                   {C(""), 1, false},
                                   {C("}\n"), 2, true},
                                   {C(""), 3, true}};
    run r;

    run_open(&r, chunks, N_OF(chunks), 100);
    ck_assert_int_eq(run_next(&r), MK_OK);
    ck_assert_mk_str_eq(r.record.bytes, MK_STR("{}"));
    ck_assert(r.record.verified);
    ck_assert_uint_eq(r.record.unit, 2);
    ck_assert_int_eq(run_next(&r), MK_END);
    run_close(&r);
}
END_TEST

START_TEST(knows_the_unit_of_every_record)
{
    static const chunk chunks[] = {
        {C("{1}\n{2"), 0, true}, {C("}\n{3}\n{4"), 1, true}, {C("4"), 2, true},
        {C("}\n"), 3, true},     {C("{5}"), 3, true},
    };
    static const uint64_t wants[] = {0, 1, 1, 3, 3};
    run r;

    run_open(&r, chunks, N_OF(chunks), 100);
    for (size_t i = 0; i < N_OF(wants); i++) {
        ck_assert_int_eq(run_next(&r), MK_OK);
        ck_assert_uint_eq(r.record.number, i + 1);
        ck_assert_uint_eq(r.record.unit, wants[i]);
        ck_assert(r.record.verified);
    }
    ck_assert_int_eq(run_next(&r), MK_END);
    run_close(&r);
}
END_TEST

START_TEST(is_verified_only_if_all_its_chunks_are)
{
    static const chunk chunks[] = {
        {C("{1}\n{2"), 0, true}, {C("}\n{3}\n{4"), 1, false}, {C("}\n{5}\n"), 2, true},
        {C("{6}"), 3, true},     {C("\n{7}\n"), 4, false},
    };
    /* The line feed that ends the sixth came unverified: damage may have made it. */
    static const bool wants[] = {true, false, false, false, true, false, false};
    run r;

    run_open(&r, chunks, N_OF(chunks), 100);
    for (size_t i = 0; i < N_OF(wants); i++) {
        ck_assert_int_eq(run_next(&r), MK_OK);
        ck_assert_msg(r.record.verified == wants[i], "record %zu", i + 1);
    }
    run_close(&r);
}
END_TEST

START_TEST(closes_nothing)
{
    mk_reader_jsonl.close(NULL);
}
END_TEST

/* ---- bid ---- */

START_TEST(bids_by_the_first_line)
{
    static const struct {
        mk_str head;
        int want;
    } cases[] = {
        {C(""), 0},
        {C("\n \r\n"), 0},
        {C("text"), 0},
        {C("[{\"a\":1}]\n"), 0},
        {C("\"{}\"\n"), 0},
        {C("<html>{"), 0},
        {C(MARK), 0},
        {C("{}\n"), 90},
        {C("{}"), 90},
        {C("{\"text\":\"a\"}\nnot read"), 90},
        {C(" \n\r\n {\"text\":\"a\"} \r\n"), 90},
        {C(MARK "{\"text\":\"a\"}\n"), 90},
        {C("{"), 90},
        {C("{\"te"), 90},
        {C("{\"text\":\"نص"), 90},
        {C("{\"text\":\"\xD9"), 90},
        {C("{\"text\":\"\xF0\x9F\x98"), 90},
        {C("{\"text\":\"\\u06"), 90},
        {C("{\"n\":-"), 90},
        {C("{\"b\":[true,fal"), 90},
        {C("{\n"), 40},
        {C("{\n  \"text\": \"a\"\n}\n"), 40},
        {C("{a:1}"), 40},
        {C("{\"a\":1}{\"b\":2}\n"), 40},
        {C("{\"a\":1,}\n"), 40},
        {C("{\"a\":\"\xFF\"}\n"), 40},
        {C("{\"a\":\"\xFF ... and so on"), 40},
        {C("{{ template }}"), 40},
    };

    for (size_t i = 0; i < N_OF(cases); i++) {
        const int got = mk_reader_jsonl.bid(cases[i].head);
        ck_assert_msg(got == cases[i].want, "%.*s: got %d, want %d", (int)cases[i].head.len,
                      cases[i].head.ptr, got, cases[i].want);
    }
    ck_assert_int_eq(mk_reader_jsonl.bid((mk_str){NULL, 0}), 0);
}
END_TEST

START_TEST(bids_90_for_every_beginning_of_a_record)
{
    const mk_str record = MK_STR("{\"id\":1,\"text\":\"كلمة\\n\\u0628\",\"m\":{\"a\":[null]}}");

    for (size_t n = 1; n <= record.len; n++)
        ck_assert_int_eq(mk_reader_jsonl.bid(mk_str_sub(record, 0, n)), 90);
}
END_TEST

/* ---- parse ---- */

static mk_doc new_doc(void)
{
    return (mk_doc){.id = MK_STR("in.jsonl:1"), .source = MK_STR("in.jsonl"), .number = 1};
}

static mk_doc parse_with(mk_str json, const mk_read_options *options)
{
    mk_doc doc = new_doc();
    mk_error error = {0};
    const mk_err err = mk_reader_jsonl.parse(json, options, arena, &doc, &error);

    ck_assert_msg(err == MK_OK, "%.*s: %s", (int)json.len, json.ptr, error.text);
    return doc;
}

static mk_doc parse(mk_str json)
{
    static const mk_read_options options = {.text_field = C("text"), .id_field = C("id")};

    return parse_with(json, &options);
}

static void check_reject(mk_str json, const char *want)
{
    static const mk_read_options options = {.text_field = C("text"), .id_field = C("id")};
    mk_doc doc = new_doc();
    const mk_doc before = doc;
    mk_error error = {0};

    ck_assert_int_eq(mk_reader_jsonl.parse(json, &options, arena, &doc, &error), MK_RECORD);
    ck_assert_str_eq(error.text, want);
    ck_assert_int_eq(memcmp(&doc, &before, sizeof(doc)), 0);
}

/* {"text":"t",` rest `} has the members `want`. */
static void check_members(const char *rest, const char *want)
{
    mk_buf buf = {.max = MK_BUF_MAX};

    mk_buf_printf(&buf, "{\"text\":\"t\",%s}", rest);
    ck_assert_mk_str_eq(parse(mk_buf_str(&buf)).members, mk_str_of(want));
    mk_buf_clear(&buf);
}

START_TEST(takes_the_text_with_escapes_resolved)
{
    ck_assert_mk_str_eq(parse(MK_STR("{\"text\":\"سطر\\nثان \\u0628 \\ud83d\\ude00\"}")).raw,
                        MK_STR("سطر\nثان ب \xF0\x9F\x98\x80"));
    ck_assert_mk_str_eq(parse(MK_STR("{\"text\":\"a\\u0000b\"}")).raw, MK_STR("a\0b"));
    ck_assert_mk_str_eq(parse(MK_STR(" { \"te\\u0078t\" : \"x\" } \r")).raw, MK_STR("x"));
    ck_assert_uint_eq(parse(MK_STR("{\"text\":\"\"}")).raw.len, 0);
}
END_TEST

START_TEST(rejects_records_without_a_text)
{
    check_reject(MK_STR("{}"), "no member 'text'");
    check_reject(MK_STR("{\"Text\":\"x\"}"), "no member 'text', only 'Text'");
    check_reject(MK_STR("{\"a\":{\"text\":\"x\"}}"), "no member 'text', only 'a'");
    check_reject(MK_STR("{\"text\":null}"), "member 'text' is not a string");
    check_reject(MK_STR("{\"text\":1}"), "member 'text' is not a string");
    check_reject(MK_STR("{\"text\":[\"x\"]}"), "member 'text' is not a string");
    check_reject(MK_STR("{\"text\":{}}"), "member 'text' is not a string");
}
END_TEST

/* A few of them, each bounded: the message stays a line. */
START_TEST(names_the_members_that_are_there_instead)
{
    mk_buf buf = {.max = MK_BUF_MAX};

    check_reject(MK_STR("{\"id\":1,\"body\":\"b\",\"a\\n\":2,\"نص\":3}"),
                 "no member 'text', only 'id', 'body', 'a\\n', 'نص'");
    check_reject(MK_STR("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6}"),
                 "no member 'text', only 'a', 'b', 'c', 'd' and 2 more");
    mk_buf_puts(&buf, "{\"");
    for (int i = 0; i < 30; i++)
        mk_buf_puts(&buf, "نص");
    mk_buf_puts(&buf, "\":1}");
    check_reject(mk_buf_str(&buf), "no member 'text', only 'نصنصنصنصنصنصنصنصنصنص'");
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(rejects_what_is_not_one_object)
{
    check_reject(MK_STR("[]"), "expected '{' at byte 1");
    check_reject(MK_STR("{\"text\":\"x\"} {}"), "bytes after the value at byte 14");
    check_reject(MK_STR("{\"text\":\"x\",}"), "expected a key at byte 13");
    check_reject(MK_STR("{\"text\":\"x\xFF\"}"), "not valid UTF-8 at byte 11");
    check_reject(MK_STR("{\"text\":\"a\tb\"}"), "control character at byte 11");
    check_reject(MK_STR("{\"text\":\"x\",\"a\":[1,]}"), "expected a value at byte 20");
    check_reject(MK_STR("{\"text\":\"x\",\"a\":{\"b\":NaN}}"), "expected a value at byte 22");
}
END_TEST

START_TEST(rejects_half_a_pair_in_text_id_and_keys)
{
    check_reject(MK_STR("{\"text\":\"a\\ud800\"}"), "escape \\ud800 is half of a pair");
    check_reject(MK_STR("{\"text\":\"a\",\"id\":\"\\udc00\"}"), "escape \\udc00 is half of a pair");
    check_reject(MK_STR("{\"text\":\"a\",\"\\udc00\":1}"), "escape \\udc00 is half of a pair");
}
END_TEST

START_TEST(takes_ids_that_are_strings_or_integers)
{
    ck_assert_mk_str_eq(parse(MK_STR("{\"text\":\"\",\"id\":\"w\\u002d1\"}")).id, MK_STR("w-1"));
    ck_assert_mk_str_eq(parse(MK_STR("{\"text\":\"\",\"id\":12345678901234567890}")).id,
                        MK_STR("12345678901234567890"));
    ck_assert_mk_str_eq(parse(MK_STR("{\"text\":\"\",\"id\":-7}")).id, MK_STR("-7"));
}
END_TEST

START_TEST(keeps_the_default_id_where_there_is_none)
{
    ck_assert_mk_str_eq(parse(MK_STR("{\"text\":\"\"}")).id, MK_STR("in.jsonl:1"));
    ck_assert_mk_str_eq(parse(MK_STR("{\"text\":\"\",\"id\":null}")).id, MK_STR("in.jsonl:1"));
    ck_assert_mk_str_eq(parse(MK_STR("{\"text\":\"\",\"id\":\"\"}")).id, MK_STR("in.jsonl:1"));
}
END_TEST

START_TEST(rejects_other_ids)
{
    static const char *const ids[] = {"1.0", "1e3", "1E3", "true", "[1]", "{}"};

    for (size_t i = 0; i < N_OF(ids); i++) {
        mk_buf buf = {.max = MK_BUF_MAX};
        mk_buf_printf(&buf, "{\"id\":%s,\"text\":\"\"}", ids[i]);
        check_reject(mk_buf_str(&buf), "member 'id' is neither a string nor an integer");
        mk_buf_clear(&buf);
    }
}
END_TEST

START_TEST(rejects_a_member_twice)
{
    check_reject(MK_STR("{\"text\":\"a\",\"text\":\"b\"}"), "member 'text' twice");
    check_reject(MK_STR("{\"text\":\"a\",\"te\\u0078t\":\"b\"}"), "member 'text' twice");
    check_reject(MK_STR("{\"a\":1,\"text\":\"a\",\"b\":2,\"a\":1}"), "member 'a' twice");
    check_reject(MK_STR("{\"text\":\"\",\"\":1,\"\":2}"), "member '' twice");
    check_reject(MK_STR("{\"text\":\"\",\"مفتاح\":1,\"مفتاح\":2}"), "member 'مفتاح' twice");
    check_reject(MK_STR("{\"text\":\"\",\"url\":null,\"url\":null}"), "member 'url' twice");
    check_reject(MK_STR("{\"text\":\"\",\"a\\nb\":1,\"a\\nb\":2}"), "member 'a\\nb' twice");
    check_reject(MK_STR("{\"text\":\"\",\"a\\u0000b\":1,\"a\\u0000b\":2}"),
                 "member 'a\\u0000b' twice");
}
END_TEST

START_TEST(tells_keys_apart_by_all_their_bytes)
{
    check_members("\"a\":1,\"a\\u0000\":2,\"a\\u0000b\":3,\"A\":4,\"أ\":5,\"ا\":6",
                  "{\"a\":1,\"a\\u0000\":2,\"a\\u0000b\":3,\"A\":4,\"أ\":5,\"ا\":6}");
}
END_TEST

START_TEST(cuts_long_names_in_messages_at_a_character)
{
    mk_buf buf = {.max = MK_BUF_MAX}, want = {.max = MK_BUF_MAX};
    mk_buf key = {.max = MK_BUF_MAX};

    mk_buf_putc(&key, 'x');
    for (int i = 0; i < 5000; i++)
        mk_buf_puts(&key, "ب");
    mk_buf_printf(&buf, "{\"%.*s\":1,\"%.*s\":2}", (int)key.len, key.ptr, (int)key.len, key.ptr);
    mk_buf_printf(&want, "member '%.199s' twice", key.ptr);
    mk_buf_putc(&want, '\0');
    check_reject(mk_buf_str(&buf), want.ptr);
    mk_buf_clear(&key);
    mk_buf_clear(&buf);
    mk_buf_clear(&want);
}
END_TEST

START_TEST(fills_in_what_the_document_has_a_place_for)
{
    const mk_doc doc = parse(
        MK_STR("{\"lang\":\"ar\",\"date\":\"2023-05-01\",\"title\":\"عن\\u0648ان\","
               "\"url\":\"http:\\/\\/a\",\"source\":\"cc\",\"text\":\"t\",\"id\":\"i\"}"));

    ck_assert_mk_str_eq(doc.url, MK_STR("http://a"));
    ck_assert_mk_str_eq(doc.title, MK_STR("عنوان"));
    ck_assert_mk_str_eq(doc.date, MK_STR("2023-05-01"));
    ck_assert_mk_str_eq(doc.lang, MK_STR("ar"));
    ck_assert_mk_str_eq(doc.source, MK_STR("cc"));
    ck_assert_mk_str_eq(doc.members, MK_STR("{}"));
    ck_assert_uint_eq(doc.number, 1);
}
END_TEST

START_TEST(takes_null_as_absent)
{
    const mk_doc doc = parse(MK_STR("{\"text\":\"\",\"url\":null,\"title\":null,\"date\":null,"
                                    "\"lang\":null,\"source\":null,\"metadata\":null}"));

    ck_assert_uint_eq(doc.url.len + doc.title.len + doc.date.len + doc.lang.len, 0);
    ck_assert_mk_str_eq(doc.source, MK_STR("in.jsonl"));
    ck_assert_mk_str_eq(doc.members, MK_STR("{}"));
}
END_TEST

START_TEST(keeps_the_default_source_instead_of_an_empty_one)
{
    const mk_doc doc = parse(MK_STR("{\"text\":\"\",\"source\":\"\"}"));

    ck_assert_mk_str_eq(doc.source, MK_STR("in.jsonl"));
    ck_assert_mk_str_eq(doc.members, MK_STR("{}"));
}
END_TEST

START_TEST(keeps_other_types_of_known_members)
{
    check_members("\"url\":5,\"title\":[\"a\"],\"date\":{\"y\":2023},\"lang\":true,\"source\":0",
                  "{\"url\":5,\"title\":[\"a\"],\"date\":{\"y\":2023},\"lang\":true,\"source\":0}");
}
END_TEST

/* A title that was cut in the middle of a pair is no reason to lose the text. */
START_TEST(keeps_a_title_with_half_a_pair_as_it_stands)
{
    const mk_doc doc = parse(MK_STR("{\"text\":\"t\",\"title\":\"x\\ud83d\"}"));

    ck_assert_uint_eq(doc.title.len, 0);
    ck_assert_mk_str_eq(doc.members, MK_STR("{\"title\":\"x\\ud83d\"}"));
}
END_TEST

START_TEST(keeps_unknown_members_byte_for_byte_in_order)
{
    check_members("\"z\" : 1.50 , \"a\":\"\\u0041\\/\",\n"
                  "\"مفتاح\": [ 1, {\"k\" :null} ]\t,\"n\":null",
                  "{\"z\":1.50,\"a\":\"\\u0041\\/\",\"مفتاح\":[ 1, {\"k\" :null} ],\"n\":null}");
    check_members("\"Id\":1,\"\\u0061\":2", "{\"Id\":1,\"\\u0061\":2}");
}
END_TEST

START_TEST(keeps_numbers_as_text)
{
    check_members("\"a\":1e400,\"b\":12345678901234567890,\"c\":-0.10E-05,\"d\":1.0",
                  "{\"a\":1e400,\"b\":12345678901234567890,\"c\":-0.10E-05,\"d\":1.0}");
}
END_TEST

START_TEST(puts_the_members_of_metadata_first)
{
    check_members("\"b\":1,\"metadata\":{\"x\" : [1] , \"y\":{}},\"a\":2",
                  "{\"x\":[1],\"y\":{},\"b\":1,\"a\":2}");
    check_members("\"b\":1,\"metadata\":{}", "{\"b\":1}");
    check_members("\"metadata\":{}", "{}");
}
END_TEST

START_TEST(reads_metadata_that_is_the_text_of_an_object)
{
    check_members("\"metadata\":\"{\\\"x\\\":\\\"\\\\u0041\\\",\\\"y\\\":[1, 2]}\",\"a\":2",
                  "{\"x\":\"\\u0041\",\"y\":[1, 2],\"a\":2}");
    check_members("\"metadata\":\" { } \"", "{}");
}
END_TEST

START_TEST(keeps_metadata_that_is_no_object)
{
    check_members("\"metadata\":7,\"a\":1", "{\"metadata\":7,\"a\":1}");
    check_members("\"a\":1,\"metadata\":[1]", "{\"a\":1,\"metadata\":[1]}");
    check_members("\"metadata\":\"text\"", "{\"metadata\":\"text\"}");
    check_members("\"metadata\":\"\"", "{\"metadata\":\"\"}");
    check_members("\"metadata\":\"[1]\"", "{\"metadata\":\"[1]\"}");
    check_members("\"metadata\":\"{\\\"a\\\":1\"", "{\"metadata\":\"{\\\"a\\\":1\"}");
    check_members("\"metadata\":\"{\\ud800}\"", "{\"metadata\":\"{\\ud800}\"}");
}
END_TEST

START_TEST(keeps_metadata_whole_where_keys_clash)
{
    check_members("\"a\":1,\"metadata\":{\"a\" : 2}", "{\"a\":1,\"metadata\":{\"a\" : 2}}");
    check_members("\"metadata\":{\"x\":0,\"\\u0061\":2},\"a\":1",
                  "{\"metadata\":{\"x\":0,\"\\u0061\":2},\"a\":1}");
    check_members("\"metadata\":\"{\\\"a\\\":2}\",\"a\":1",
                  "{\"metadata\":\"{\\\"a\\\":2}\",\"a\":1}");
    check_members("\"metadata\":{\"a\":1,\"a\":2}", "{\"metadata\":{\"a\":1,\"a\":2}}");
    check_members("\"metadata\":{\"url\":1},\"url\":2", "{\"metadata\":{\"url\":1},\"url\":2}");
    check_members("\"metadata\":{\"\\ud800\":1},\"b\":2", "{\"metadata\":{\"\\ud800\":1},\"b\":2}");
}
END_TEST

START_TEST(lets_metadata_have_the_names_of_members_taken)
{
    check_members("\"url\":\"u\",\"metadata\":{\"url\":1,\"text\":2,\"id\":3,\"metadata\":4}",
                  "{\"url\":1,\"text\":2,\"id\":3,\"metadata\":4}");
}
END_TEST

START_TEST(takes_text_and_id_from_the_fields_asked_for)
{
    static const mk_read_options options = {.text_field = C("content"), .id_field = C("نص")};
    const mk_doc doc = parse_with(
        MK_STR("{\"text\":\"x\",\"id\":1,\"content\":\"y\",\"نص\":\"z\"}"), &options);

    ck_assert_mk_str_eq(doc.raw, MK_STR("y"));
    ck_assert_mk_str_eq(doc.id, MK_STR("z"));
    ck_assert_mk_str_eq(doc.members, MK_STR("{\"text\":\"x\",\"id\":1}"));
}
END_TEST

START_TEST(takes_the_text_from_a_field_with_another_use)
{
    static const mk_read_options title = {.text_field = C("title")};
    static const mk_read_options metadata = {.text_field = C("metadata")};
    const mk_doc doc = parse_with(MK_STR("{\"title\":\"x\",\"id\":1}"), &title);

    ck_assert_mk_str_eq(doc.raw, MK_STR("x"));
    ck_assert_uint_eq(doc.title.len, 0);
    ck_assert_mk_str_eq(doc.id, MK_STR("1"));
    ck_assert_mk_str_eq(parse_with(MK_STR("{\"metadata\":\"{}\"}"), &metadata).raw, MK_STR("{}"));
}
END_TEST

START_TEST(names_the_fields_asked_for_in_messages)
{
    static const mk_read_options options = {.text_field = C("content"), .id_field = C("key")};
    mk_doc doc = new_doc();
    mk_error error;

    ck_assert_int_eq(
        mk_reader_jsonl.parse(MK_STR("{\"text\":\"\"}"), &options, arena, &doc, &error), MK_RECORD);
    ck_assert_str_eq(error.text, "no member 'content', only 'text'");
    ck_assert_int_eq(mk_reader_jsonl.parse(MK_STR("{\"content\":\"\",\"key\":1.5}"), &options,
                                           arena, &doc, &error),
                     MK_RECORD);
    ck_assert_str_eq(error.text, "member 'key' is neither a string nor an integer");
}
END_TEST

/* ---- names of corpora ---- */

static mk_doc parse_any(mk_str json)
{
    static const mk_read_options options = {.max_doc = 0};

    return parse_with(json, &options);
}

START_TEST(reads_culturax)
{
    const mk_doc doc = parse_any(MK_STR("{\"text\":\"t\",\"timestamp\":\"2020/01/02 03:04:05\","
                                        "\"url\":\"http://a\",\"source\":\"mC4\"}"));

    ck_assert_uint_eq(doc.date.len, 0);
    ck_assert_mk_str_eq(doc.url, MK_STR("http://a"));
    ck_assert_mk_str_eq(doc.source, MK_STR("mC4"));
    ck_assert_mk_str_eq(doc.members, MK_STR("{\"crawled\":\"2020/01/02 03:04:05\"}"));
}
END_TEST

START_TEST(reads_cc_net)
{
    const mk_doc doc = parse_any(
        MK_STR("{\"url\":\"http://a\",\"date_download\":\"2019-02-15T20:00:00Z\","
               "\"digest\":\"sha1:X\",\"title\":\"w\",\"raw_content\":\"t\","
               "\"language\":\"ar\",\"language_score\":0.99}"));

    ck_assert_mk_str_eq(doc.raw, MK_STR("t"));
    ck_assert_uint_eq(doc.date.len, 0);
    ck_assert_mk_str_eq(doc.lang, MK_STR("ar"));
    ck_assert_mk_str_eq(doc.title, MK_STR("w"));
    ck_assert_mk_str_eq(doc.members, MK_STR("{\"digest\":\"sha1:X\",\"language_score\":0.99,"
                                            "\"crawled\":\"2019-02-15T20:00:00Z\"}"));
}
END_TEST

START_TEST(reads_datatrove)
{
    const mk_doc doc = parse_any(
        MK_STR("{\"text\":\"t\",\"id\":\"i\",\"metadata\":{\"url\":\"http://a\","
               "\"date\":\"2024-01-01\",\"file_path\":\"s3://x\",\"language\":\"arb\","
               "\"n\":1}}"));

    ck_assert_mk_str_eq(doc.id, MK_STR("i"));
    ck_assert_mk_str_eq(doc.url, MK_STR("http://a"));
    ck_assert_mk_str_eq(doc.date, MK_STR("2024-01-01"));
    ck_assert_mk_str_eq(doc.source, MK_STR("s3://x"));
    ck_assert_mk_str_eq(doc.lang, MK_STR("arb"));
    ck_assert_mk_str_eq(doc.members, MK_STR("{\"n\":1}"));
}
END_TEST

START_TEST(reads_dolma)
{
    const mk_doc doc = parse_any(
        MK_STR("{\"id\":\"i\",\"text\":\"t\",\"source\":\"cc\",\"added\":\"2024\","
               "\"created\":\"2023\",\"metadata\":{\"url\":\"http://a\"}}"));

    ck_assert_mk_str_eq(doc.source, MK_STR("cc"));
    ck_assert_mk_str_eq(doc.date, MK_STR("2023"));
    ck_assert_mk_str_eq(doc.url, MK_STR("http://a"));
    ck_assert_mk_str_eq(doc.members, MK_STR("{\"crawled\":\"2024\"}"));
}
END_TEST

/* Their date is that of the crawl, which the member `dump` names. */
START_TEST(reads_fineweb)
{
    const mk_doc doc = parse_any(MK_STR(
        "{\"text\":\"t\",\"id\":\"i\",\"dump\":\"CC-MAIN-2024-10\",\"date\":\"2024-02-21\"}"));
    const mk_doc again = parse_any(
        MK_STR("{\"text\":\"t\",\"id\":\"i\",\"date\":\"\","
               "\"metadata\":{\"dump\":\"CC-MAIN-2024-10\",\"crawled\":\"2024-02-21\"}}"));

    ck_assert_uint_eq(doc.date.len, 0);
    ck_assert_mk_str_eq(doc.members,
                        MK_STR("{\"dump\":\"CC-MAIN-2024-10\",\"crawled\":\"2024-02-21\"}"));
    ck_assert_uint_eq(again.date.len, 0);
    ck_assert_mk_str_eq(again.members, doc.members);
}
END_TEST

static const struct {
    const char *json, *date, *members;
} crawls[] = {
    {"{\"text\":\"t\",\"date\":\"2020\",\"timestamp\":\"2021\"}", "2020", "{\"crawled\":\"2021\"}"},
    {"{\"text\":\"t\",\"crawled\":\"2020\",\"timestamp\":\"2021\"}", "",
     "{\"timestamp\":\"2021\",\"crawled\":\"2020\"}"},
    {"{\"text\":\"t\",\"crawled\":5,\"timestamp\":\"2021\"}", "",
     "{\"crawled\":5,\"timestamp\":\"2021\"}"},
    {"{\"text\":\"t\",\"crawled\":null,\"timestamp\":\"2021\"}", "", "{\"crawled\":\"2021\"}"},
    {"{\"text\":\"t\",\"crawled\":5,\"warc_headers\":{\"warc-date\":\"2021\"}}", "",
     "{\"crawled\":5,\"warc_headers\":{\"warc-date\":\"2021\"}}"},
    {"{\"text\":\"t\",\"timestamp\":\"2021\",\"metadata\":{\"crawled\":\"2020\"}}", "",
     "{\"metadata\":{\"crawled\":\"2020\"},\"crawled\":\"2021\"}"},
    {"{\"text\":\"t\",\"metadata\":{\"timestamp\":\"2020\",\"k\":1}}", "",
     "{\"k\":1,\"crawled\":\"2020\"}"},
    {"{\"text\":\"t\",\"crawled\":5,\"metadata\":{\"timestamp\":\"2020\"}}", "",
     "{\"timestamp\":\"2020\",\"crawled\":5}"},
    {"{\"text\":\"t\",\"timestamp\":\"\"}", "", "{}"},
    {"{\"text\":\"t\",\"timestamp\":1580000000}", "", "{\"timestamp\":1580000000}"},
};

START_TEST(tells_the_crawl_from_the_page)
{
    const mk_doc doc = parse_any(mk_str_of(crawls[_i].json));
    ck_assert_mk_str_eq(doc.date, mk_str_of(crawls[_i].date));
    ck_assert_mk_str_eq(doc.members, mk_str_of(crawls[_i].members));
}
END_TEST

/* What was copied from inside an object stays in it. */
START_TEST(reads_oscar)
{
    const mk_doc doc = parse_any(
        MK_STR("{\"content\":\"t\",\"warc_headers\":{\"warc-record-id\":\"<urn:1>\","
               "\"warc-target-uri\":\"http://a\",\"warc-date\":\"2022\"},"
               "\"metadata\":{\"identification\":{\"label\":\"ar\",\"prob\":0.9}}}"));
    const mk_doc hub = parse_any(
        MK_STR("{\"id\":7,\"text\":\"t\",\"meta\":{\"warc_headers\":{\"warc-target-uri\":"
               "\"http://b\"},\"identification\":{\"label\":\"ar\"}}}"));

    ck_assert_mk_str_eq(doc.raw, MK_STR("t"));
    ck_assert_mk_str_eq(doc.id, MK_STR("<urn:1>"));
    ck_assert_mk_str_eq(doc.url, MK_STR("http://a"));
    ck_assert_uint_eq(doc.date.len, 0);
    ck_assert_mk_str_eq(doc.lang, MK_STR("ar"));
    ck_assert_mk_str_eq(doc.members,
                        MK_STR("{\"identification\":{\"label\":\"ar\",\"prob\":0.9},"
                               "\"warc_headers\":{\"warc-record-id\":\"<urn:1>\","
                               "\"warc-target-uri\":\"http://a\",\"warc-date\":\"2022\"},"
                               "\"crawled\":\"2022\"}"));
    ck_assert_mk_str_eq(hub.id, MK_STR("7"));
    ck_assert_mk_str_eq(hub.url, MK_STR("http://b"));
    ck_assert_mk_str_eq(hub.lang, MK_STR("ar"));
}
END_TEST

START_TEST(takes_the_first_name_and_keeps_the_others)
{
    const mk_doc doc = parse_any(
        MK_STR("{\"raw_content\":\"r\",\"content\":\"c\",\"text\":\"t\",\"language\":\"fa\","
               "\"lang\":\"ar\",\"url\":\"http://a\",\"metadata\":{\"url\":\"http://b\"}}"));

    ck_assert_mk_str_eq(doc.raw, MK_STR("t"));
    ck_assert_mk_str_eq(doc.lang, MK_STR("ar"));
    ck_assert_mk_str_eq(doc.url, MK_STR("http://a"));
    ck_assert_mk_str_eq(doc.members,
                        MK_STR("{\"url\":\"http://b\",\"raw_content\":\"r\",\"content\":\"c\","
                               "\"language\":\"fa\"}"));
}
END_TEST

START_TEST(takes_no_other_text_than_was_asked_for)
{
    check_reject(MK_STR("{\"content\":\"c\"}"), "no member 'text', only 'content'");
}
END_TEST

START_TEST(keeps_members_nested_deep)
{
    mk_buf buf = {.max = MK_BUF_MAX};
    mk_buf want = {.max = MK_BUF_MAX};

    mk_buf_puts(&want, "{\"a\":");
    for (int i = 0; i < 255; i++)
        mk_buf_puts(&want, "[");
    for (int i = 0; i < 255; i++)
        mk_buf_puts(&want, "]");
    mk_buf_printf(&buf, "{\"text\":\"t\",%.*s}", (int)want.len - 1, want.ptr + 1);
    mk_buf_puts(&want, "}");
    ck_assert_mk_str_eq(parse(mk_buf_str(&buf)).members, mk_buf_str(&want));
    mk_buf_clear(&buf);
    mk_buf_clear(&want);
}
END_TEST

/* {"text":"t","k0":0,...}; keys as format makes them of a number. */
static mk_buf many_members(size_t n, unsigned modulus)
{
    mk_buf buf = {.max = MK_BUF_MAX};

    mk_buf_puts(&buf, "{\"text\":\"t\"");
    for (size_t i = 0; i < n; i++)
        mk_buf_printf(&buf, ",\"k%u\":%u", (unsigned)(i * 7919 % modulus), (unsigned)i);
    mk_buf_puts(&buf, "}");
    ck_assert(!buf.failed);
    return buf;
}

START_TEST(keeps_100000_members)
{
    mk_buf buf = many_members(100000, 1000003);
    const mk_doc doc = parse(mk_buf_str(&buf));

    ck_assert_uint_eq(doc.members.len, buf.len - strlen("\"text\":\"t\","));
    ck_assert_int_eq(
        memcmp(doc.members.ptr + 1, buf.ptr + strlen("{\"text\":\"t\","), doc.members.len - 1), 0);
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(finds_one_key_twice_among_a_million)
{
    mk_buf buf = many_members(1000000, 999999); /* 0 to 999998, and one again */

    check_reject(mk_buf_str(&buf), "member 'k0' twice");
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(rejects_more_members_than_memory_is_meant_for)
{
    mk_buf most = many_members((1 << 20) - 1, 1500007); /* and the text */
    mk_buf more = many_members(1 << 20, 1500007);

    parse(mk_buf_str(&most));
    check_reject(mk_buf_str(&more), "more than 1048576 members");
    mk_buf_clear(&most);
    mk_buf_clear(&more);
}
END_TEST

static void add_next(Suite *s)
{
    TCase *const t = tcase_create("next");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, splits_at_line_feeds);
    tcase_add_test(t, drops_a_carriage_return_before_the_line_feed_only);
    tcase_add_test(t, counts_blank_lines_but_skips_them);
    tcase_add_test(t, reads_a_last_line_without_a_line_feed);
    tcase_add_test(t, finds_no_record_in_nothing);
    tcase_add_test(t, skips_the_byte_order_mark_once);
    tcase_add_test(t, hands_on_bytes_that_are_no_text);
    tcase_add_test(t, rejects_only_records_over_the_limit);
    tcase_add_test(t, names_the_limit);
    tcase_add_test(t, passes_over_an_endless_line);
    tcase_add_test(t, drops_the_line_that_damage_cuts);
    tcase_add_test(t, drops_the_long_line_that_damage_cuts);
    tcase_add_test(t, passes_on_a_stream_out_of_memory);
    tcase_add_test(t, goes_on_after_empty_chunks);
    tcase_add_test(t, knows_the_unit_of_every_record);
    tcase_add_test(t, is_verified_only_if_all_its_chunks_are);
    tcase_add_test(t, closes_nothing);
    suite_add_tcase(s, t);
}

static void add_parse(Suite *s)
{
    TCase *const t = tcase_create("parse");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, takes_the_text_with_escapes_resolved);
    tcase_add_test(t, rejects_records_without_a_text);
    tcase_add_test(t, names_the_members_that_are_there_instead);
    tcase_add_test(t, rejects_what_is_not_one_object);
    tcase_add_test(t, rejects_half_a_pair_in_text_id_and_keys);
    tcase_add_test(t, takes_ids_that_are_strings_or_integers);
    tcase_add_test(t, keeps_the_default_id_where_there_is_none);
    tcase_add_test(t, rejects_other_ids);
    tcase_add_test(t, rejects_a_member_twice);
    tcase_add_test(t, tells_keys_apart_by_all_their_bytes);
    tcase_add_test(t, cuts_long_names_in_messages_at_a_character);
    tcase_add_test(t, fills_in_what_the_document_has_a_place_for);
    tcase_add_test(t, takes_null_as_absent);
    tcase_add_test(t, keeps_the_default_source_instead_of_an_empty_one);
    tcase_add_test(t, keeps_other_types_of_known_members);
    tcase_add_test(t, keeps_a_title_with_half_a_pair_as_it_stands);
    tcase_add_test(t, keeps_unknown_members_byte_for_byte_in_order);
    tcase_add_test(t, keeps_numbers_as_text);
    tcase_add_test(t, puts_the_members_of_metadata_first);
    tcase_add_test(t, reads_metadata_that_is_the_text_of_an_object);
    tcase_add_test(t, keeps_metadata_that_is_no_object);
    tcase_add_test(t, keeps_metadata_whole_where_keys_clash);
    tcase_add_test(t, lets_metadata_have_the_names_of_members_taken);
    tcase_add_test(t, takes_text_and_id_from_the_fields_asked_for);
    tcase_add_test(t, takes_the_text_from_a_field_with_another_use);
    tcase_add_test(t, names_the_fields_asked_for_in_messages);
    tcase_add_test(t, reads_culturax);
    tcase_add_test(t, reads_cc_net);
    tcase_add_test(t, reads_datatrove);
    tcase_add_test(t, reads_dolma);
    tcase_add_test(t, reads_oscar);
    tcase_add_test(t, reads_fineweb);
    tcase_add_loop_test(t, tells_the_crawl_from_the_page, 0,
                        (int)(sizeof(crawls) / sizeof(*crawls)));
    tcase_add_test(t, takes_the_first_name_and_keeps_the_others);
    tcase_add_test(t, takes_no_other_text_than_was_asked_for);
    tcase_add_test(t, keeps_members_nested_deep);
    tcase_add_test(t, keeps_100000_members);
    tcase_add_test(t, finds_one_key_twice_among_a_million);
    tcase_add_test(t, rejects_more_members_than_memory_is_meant_for);
    suite_add_tcase(s, t);
}

static Suite *suite(void)
{
    Suite *const s = suite_create("read_jsonl");
    TCase *const bids = tcase_create("bid");

    add_next(s);
    tcase_add_test(bids, bids_by_the_first_line);
    tcase_add_test(bids, bids_90_for_every_beginning_of_a_record);
    suite_add_tcase(s, bids);
    add_parse(s);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
