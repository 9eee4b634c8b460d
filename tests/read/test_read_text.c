#include "packing.h"
#include "read/reader.h"

static const mk_read_options options = {.max_doc = 100};

/* The next record of a text reader on bytes; what it failed with. */
typedef struct text_case {
    mk_stream *stream;
    void *state;
    mk_record record;
    mk_error error;
} text_case;

static text_case begin(mk_str bytes, size_t step)
{
    text_case c = {0};
    must_be(mk_stream_bytes_by("in", bytes, step, &c.stream, NULL) == MK_OK);
    must_be(mk_stream_decode(&c.stream, NULL) == MK_OK);
    must_be(mk_reader_text.open(c.stream, &options, &c.state, &c.error) == MK_OK);
    return c;
}

static mk_err next(text_case *c)
{
    return mk_reader_text.next(c->state, &c->record, &c->error);
}

static void end(text_case *c)
{
    mk_reader_text.close(c->state);
    mk_stream_close(c->stream);
}

START_TEST(gives_the_whole_stream_as_one_record)
{
    text_case c = begin(MK_STR("one\ntwo\n"), 3);
    ck_assert_int_eq(next(&c), MK_OK);
    ck_assert_mk_str_eq(c.record.bytes, MK_STR("one\ntwo\n"));
    ck_assert_uint_eq(c.record.number, 1);
    ck_assert(c.record.verified);
    ck_assert_int_eq(next(&c), MK_END);
    ck_assert_int_eq(next(&c), MK_END);
    end(&c);
}
END_TEST

START_TEST(gives_no_record_of_an_empty_stream)
{
    text_case c = begin(MK_STR(""), 3);
    ck_assert_int_eq(next(&c), MK_END);
    end(&c);
}
END_TEST

START_TEST(keeps_a_text_of_the_limit)
{
    const mk_str bytes = noise(100);
    text_case c = begin(bytes, 7);
    ck_assert_int_eq(next(&c), MK_OK);
    ck_assert_mk_str_eq(c.record.bytes, bytes);
    end(&c);
    drop(bytes);
}
END_TEST

START_TEST(rejects_a_text_above_the_limit)
{
    const mk_str bytes = noise(101);
    text_case c = begin(bytes, 7);
    ck_assert_int_eq(next(&c), MK_RECORD);
    ck_assert_str_eq(c.error.text, "longer than 100 bytes (--max-doc)");
    ck_assert_uint_eq(c.record.number, 1);
    ck_assert_uint_eq(c.stream->stored, 101);
    ck_assert_int_eq(next(&c), MK_END);
    end(&c);
    drop(bytes);
}
END_TEST

START_TEST(gives_no_record_of_a_damaged_stream)
{
    const mk_str packed = join(pack_gzip(MK_STR("text")), copy(MK_STR("garbage")));
    text_case c = begin(packed, 9);
    ck_assert_int_eq(next(&c), MK_DAMAGED);
    ck_assert_str_eq(c.error.text, "7 bytes after the last gzip member of 'in' are not gzip");
    ck_assert_int_eq(next(&c), MK_END);
    end(&c);
    drop(packed);
}
END_TEST

START_TEST(tells_of_a_damage_behind_the_limit_too)
{
    const mk_str bytes = noise(200);
    const mk_str packed = join(pack_gzip(bytes), copy(MK_STR("garbage")));
    text_case c = begin(packed, 9);
    ck_assert_int_eq(next(&c), MK_RECORD);
    ck_assert_int_eq(next(&c), MK_DAMAGED);
    ck_assert_int_eq(next(&c), MK_END);
    end(&c);
    drop(bytes);
    drop(packed);
}
END_TEST

START_TEST(gives_the_unit_of_its_last_byte)
{
    const mk_str packed = join(pack_gzip(MK_STR("a")), pack_gzip(MK_STR("b")));
    text_case c = begin(packed, 9);
    ck_assert_int_eq(next(&c), MK_OK);
    ck_assert_uint_eq(c.record.unit, 1);
    end(&c);
    drop(packed);
}
END_TEST

/* ---- parse ---- */

static mk_err parse(mk_str bytes, mk_doc *doc, mk_error *error)
{
    mk_arena *const arena = must(mk_arena_new());
    const mk_err err = mk_reader_text.parse(bytes, &options, arena, doc, error);
    mk_arena_free(arena);
    return err;
}

START_TEST(takes_the_bytes_for_the_text)
{
    mk_doc doc = {.id = MK_STR("default")};
    ck_assert_int_eq(parse(MK_STR("\xD9\x85\r\n"), &doc, NULL), MK_OK);
    ck_assert_mk_str_eq(doc.raw, MK_STR("\xD9\x85\r\n"));
    ck_assert_mk_str_eq(doc.id, MK_STR("default"));
}
END_TEST

START_TEST(strips_a_byte_order_mark)
{
    mk_doc doc = {0};
    ck_assert_int_eq(parse(MK_STR("\xEF\xBB\xBFx\xEF\xBB\xBF"), &doc, NULL), MK_OK);
    ck_assert_mk_str_eq(doc.raw, MK_STR("x\xEF\xBB\xBF"));
    ck_assert(doc.bom);
    ck_assert_ptr_null(doc.stored.ptr);
}
END_TEST

/* What becomes of bytes by that charset (NULL: detected): text and metadata. */
static void check_decoded(const char *label, mk_str bytes, const char *text, const char *members)
{
    mk_arena *const arena = must(mk_arena_new());
    mk_read_options with = options;
    mk_doc doc = {0};
    mk_error error;

    with.charset = label ? mk_charset_by_label(mk_str_of(label)) : NULL;
    must_be((label != NULL) == (with.charset != NULL));
    const mk_err err = mk_reader_text.parse(bytes, &with, arena, &doc, &error);
    ck_assert_msg(err == MK_OK, "%s", error.text);
    ck_assert_mk_str_eq(doc.raw, mk_str_of(text));
    ck_assert_mk_str_eq(doc.members, mk_str_of(members));
    mk_arena_free(arena);
}

START_TEST(decodes_what_its_bytes_show)
{
    check_decoded(NULL, MK_STR("\xDD\xED \xC7\xE1\xC8\xED\xCA"), "في البيت",
                  "{\"charset\":\"windows-1256\"}");
    check_decoded(NULL, MK_STR("\xE1\xEA \xC7\xE4\xC8\xEA\xCA"), "في البيت",
                  "{\"charset\":\"iso-8859-6\"}");
    check_decoded(NULL, MK_STR("\xFF\xFE\x27\x06"), "ا", "{\"charset\":\"utf-16le\"}");
    check_decoded(NULL, MK_STR("في البيت"), "في البيت", "");
}
END_TEST

START_TEST(decodes_what_was_asked_for)
{
    check_decoded("macintosh", MK_STR("caf\x8E"), "café", "{\"charset\":\"macintosh\"}");
    check_decoded("utf-8", MK_STR("\xEF\xBB\xBFx"), "x", "");
}
END_TEST

START_TEST(counts_what_cannot_be_decoded)
{
    check_decoded(NULL, MK_STR("السلام \xFF عليكم \xD9"), "السلام \uFFFD عليكم \uFFFD",
                  "{\"charset\":\"utf-8\",\"undecodable\":2}");
}
END_TEST

START_TEST(rejects_what_is_no_text)
{
    mk_doc doc = {0};
    mk_error error;
    ck_assert_int_eq(parse(MK_STR("\x89PNG\r\n\x1A\n"), &doc, &error), MK_RECORD);
    ck_assert_str_eq(error.text, "not text: byte 7 is 0x1A");
    ck_assert_uint_eq(doc.raw.len, 0);
}
END_TEST

START_TEST(rejects_a_charset_that_is_refused)
{
    mk_read_options with = options;
    mk_doc doc = {0};
    mk_error error;
    with.charset = mk_charset_by_label(MK_STR("ibm864"));
    must_be(with.charset != NULL);
    ck_assert_int_eq(mk_reader_text.parse(MK_STR("x"), &with, NULL, &doc, &error), MK_RECORD);
    ck_assert_str_eq(error.text, "cannot decode ibm864");
}
END_TEST

/* ---- pick ---- */

START_TEST(is_picked_where_no_other_bids)
{
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("")), &mk_reader_text);
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("plain words\n")), &mk_reader_text);
}
END_TEST

START_TEST(gives_way_to_jsonl)
{
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("{\"text\":\"x\"}\n")), &mk_reader_jsonl);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("read_text");
    TCase *const t = tcase_create("read_text");

    tcase_add_test(t, gives_the_whole_stream_as_one_record);
    tcase_add_test(t, gives_no_record_of_an_empty_stream);
    tcase_add_test(t, keeps_a_text_of_the_limit);
    tcase_add_test(t, rejects_a_text_above_the_limit);
    tcase_add_test(t, gives_no_record_of_a_damaged_stream);
    tcase_add_test(t, tells_of_a_damage_behind_the_limit_too);
    tcase_add_test(t, gives_the_unit_of_its_last_byte);
    tcase_add_test(t, takes_the_bytes_for_the_text);
    tcase_add_test(t, strips_a_byte_order_mark);
    tcase_add_test(t, decodes_what_its_bytes_show);
    tcase_add_test(t, decodes_what_was_asked_for);
    tcase_add_test(t, counts_what_cannot_be_decoded);
    tcase_add_test(t, rejects_what_is_no_text);
    tcase_add_test(t, rejects_a_charset_that_is_refused);
    tcase_add_test(t, is_picked_where_no_other_bids);
    tcase_add_test(t, gives_way_to_jsonl);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
