#include "write/ledger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "doc/doc.h"
#include "doc/edit.h"
#include "doc/segment.h"
#include "fail.h"
#include "support.h"

/* A chain of two filters that change and drop, and one for line breaks. */
static const mk_rule rules[] = {{"zero", "c", "h"}, {"one", "c", "h"}, {0}};
static const mk_rule lines_rules[] = {
    {"blank", "layout", "h"}, {"break", "layout", "h"}, {"end", "layout", "h"}, {0}};
static const mk_filter first = {.name = "first", .rules = rules};
static const mk_filter second = {.name = "second", .rules = rules};
static const mk_filter last = {.name = "lines", .rules = lines_rules};
static const mk_filter *const filters[] = {&first, &second, &last, NULL};

static mk_arena *arena;
static mk_matcher *matcher;
static mk_doc doc;
static mk_edit edit;
static mk_buf ledger, text, back;
static mk_error error;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
    ck_assert_int_eq(mk_matcher_new(NULL, 0, &matcher, &error), MK_OK);
    ledger = text = back = (mk_buf){.max = MK_BUF_MAX};
}

static void teardown(void)
{
    mk_buf_clear(&ledger);
    mk_buf_clear(&text);
    mk_buf_clear(&back);
    mk_matcher_free(matcher);
    mk_arena_free(arena);
}

static void read_doc(mk_str raw)
{
    doc = (mk_doc){.seq = 7, .id = MK_STR("a:1"), .source = MK_STR("a"), .raw = raw};
    ck_assert_int_eq(mk_segment(&doc, false, arena), MK_OK);
    edit = (mk_edit){.doc = &doc, .arena = arena, .matcher = matcher};
    ck_assert(mk_edit_begin(&edit));
}

/* Writes doc's text and its ledger line. */
static void write_doc(void)
{
    mk_buf_reset(&ledger);
    mk_buf_reset(&text);
    if (doc.verdict == MK_WRITTEN)
        mk_doc_put_text(&doc, &text);
    mk_ledger_put(&doc, filters, &ledger);
    ck_assert(!ledger.failed && !text.failed);
}

/* Undoes `line` with `written` into back. */
static mk_err undo(mk_str line, mk_str written)
{
    mk_ledger_record record = {0};
    mk_buf_reset(&back);
    mk_err err = mk_ledger_parse(line, arena, &record, &error);
    return err == MK_OK ? mk_ledger_undo(written, &record, arena, &back, &error) : err;
}

static void ck_assert_restored(void)
{
    write_doc();
    const mk_err err = undo(mk_buf_str(&ledger), mk_buf_str(&text));
    ck_assert_msg(err == MK_OK, "%s: %.*s", err == MK_OK ? "" : error.text, (int)ledger.len,
                  ledger.ptr);
    ck_assert_mk_str_eq(mk_buf_str(&back), doc.raw);
}

/* The ledger line's "edits" and what follows. */
static const char *edits(void)
{
    mk_buf_putc(&ledger, '\0');
    const char *at = strstr(ledger.ptr, "\"edits\":");
    ck_assert_ptr_nonnull(at);
    return at;
}

/* ---- the format ---- */

START_TEST(an_unchanged_document_has_no_edits)
{
    read_doc(MK_STR("a\nb"));
    write_doc();
    char want[256];
    snprintf(want, sizeof(want),
             "{\"doc\":7,\"id\":\"a:1\",\"source\":\"a\",\"verdict\":\"written\",\"reason\":\"\","
             "\"review\":false,\"bytes\":3,\"crc32\":\"%08x\",\"edits\":[]}\n",
             mk_crc32(MK_STR("a\nb")));
    ck_assert_mk_str_eq(mk_buf_str(&ledger), mk_str_of(want));
}
END_TEST

START_TEST(a_dropped_line_is_an_edit_with_its_break)
{
    read_doc(MK_STR("a\r\nb"));
    mk_edit_drop(&edit, 0, 1, MK_STR("why \"so\""));
    write_doc();
    ck_assert_str_eq(
        edits(), "\"edits\":[{\"at\":0,\"len\":0,\"src\":0,\"was\":\"a\\r\\n\",\"why\":[{"
                 "\"filter\":\"first\",\"rule\":\"one\",\"evidence\":\"why \\\"so\\\"\"}]}]}\n");
}
END_TEST

START_TEST(a_change_is_an_edit_with_all_its_reasons)
{
    read_doc(MK_STR("xabc"));
    mk_edit_replace(&edit, 0, 1, 2, MK_STR("YZ"), 0, MK_STR("e"));
    edit.step = 1;
    mk_edit_replace(&edit, 0, 1, 1, MK_STR(""), 1, MK_STR("f"));
    write_doc();
    ck_assert_str_eq(edits(),
                     "\"edits\":[{\"at\":1,\"len\":1,\"src\":1,\"was\":\"ab\",\"why\":[{\"filter\":"
                     "\"second\",\"rule\":\"one\",\"evidence\":\"f\"},{\"filter\":\"first\","
                     "\"rule\":\"zero\",\"evidence\":\"e\"}]}]}\n");
}
END_TEST

START_TEST(other_line_breaks_are_edits_of_the_last_filter)
{
    read_doc(MK_STR("a\rb\n"));
    write_doc();
    ck_assert_str_eq(
        edits(), "\"edits\":[{\"at\":1,\"len\":1,\"src\":1,\"was\":\"\\r\",\"why\":[{\"filter\":"
                 "\"lines\",\"rule\":\"break\",\"evidence\":\"\"}]},"
                 "{\"at\":3,\"len\":0,\"src\":3,\"was\":\"\\n\",\"why\":[{\"filter\":"
                 "\"lines\",\"rule\":\"end\",\"evidence\":\"\"}]}]}\n");
}
END_TEST

START_TEST(a_filtered_document_names_its_rule_for_each_line)
{
    read_doc(MK_STR("a\nb"));
    mk_edit_drop(&edit, 0, 0, MK_STR(""));
    mk_edit_drop_doc(&edit, 1, MK_STR("doc"));
    ck_assert_restored();
    ck_assert_ptr_nonnull(strstr(edits(), "\"was\":\"b\",\"why\":[{\"filter\":\"first\",\"rule\":"
                                          "\"one\",\"evidence\":\"doc\"}]"));
}
END_TEST

START_TEST(a_duplicate_says_so)
{
    read_doc(MK_STR("a\nb"));
    doc.verdict = MK_DUPLICATE;
    ck_assert_restored();
    ck_assert_ptr_nonnull(strstr(edits(), "{\"filter\":\"dedup\",\"rule\":\"exact\""));
}
END_TEST

START_TEST(a_rejected_document_has_no_edits)
{
    read_doc(MK_STR(""));
    doc.verdict = MK_REJECTED;
    doc.reason = MK_STR("not JSON");
    write_doc();
    ck_assert_str_eq(edits(), "\"edits\":[]}\n");
    ck_assert_ptr_nonnull(strstr(ledger.ptr, "\"verdict\":\"rejected\",\"reason\":\"not JSON\""));
}
END_TEST

START_TEST(parse_gives_what_was_put)
{
    read_doc(MK_STR("abc"));
    doc.id = MK_STR("x\"\n1");
    mk_edit_review(&edit, 1, MK_STR("e"));
    write_doc();
    mk_ledger_record record = {0};
    ck_assert_int_eq(mk_ledger_parse(mk_buf_str(&ledger), arena, &record, &error), MK_OK);
    ck_assert_mk_str_eq(record.id, MK_STR("x\"\n1"));
    ck_assert_int_eq(record.verdict, MK_WRITTEN);
    ck_assert(record.review);
    ck_assert_ptr_null(record.stored.ptr);
    ck_assert_uint_eq(record.bytes, 3);
    ck_assert_uint_eq(record.crc32, mk_crc32(MK_STR("abc")));
    ck_assert_mk_str_eq(record.edits, MK_STR("[]"));
}
END_TEST

START_TEST(review_names_its_rule)
{
    read_doc(MK_STR("abc"));
    mk_edit_review(&edit, 1, MK_STR("e"));
    write_doc();
    mk_buf_putc(&ledger, '\0');
    ck_assert_ptr_nonnull(strstr(ledger.ptr,
                                 "\"review\":true,\"review_why\":[{\"filter\":\"first\",\"rule\":"
                                 "\"one\",\"evidence\":\"e\"}],\"bytes\""));
}
END_TEST

START_TEST(reviews_that_are_no_list_are_passed_over)
{
    mk_ledger_record record = {0};

    ck_assert_int_eq(
        mk_ledger_parse(MK_STR("{\"id\":\"a\",\"verdict\":\"written\",\"review_why\":{},"
                               "\"bytes\":0,\"crc32\":\"00000000\",\"edits\":[]}"),
                        arena, &record, &error),
        MK_OK);
    ck_assert_uint_eq(record.reviews.len, 0);
}
END_TEST

START_TEST(stored_bytes_come_back)
{
    read_doc(MK_STR("abc"));
    doc.stored = MK_STR("\xFF\xFE\0abc");
    write_doc();
    mk_ledger_record record = {0};
    ck_assert_int_eq(mk_ledger_parse(mk_buf_str(&ledger), arena, &record, &error), MK_OK);
    ck_assert_mk_str_eq(record.stored, doc.stored);
    ck_assert_restored();
}
END_TEST

START_TEST(a_byte_order_mark_is_a_word)
{
    read_doc(MK_STR("abc"));
    doc.bom = true;
    write_doc();
    mk_ledger_record record = {0};
    ck_assert_int_eq(mk_ledger_parse(mk_buf_str(&ledger), arena, &record, &error), MK_OK);
    ck_assert(record.bom);
    ck_assert_ptr_null(record.stored.ptr);
    ck_assert_restored();
}
END_TEST

/* Writes a line with stored bytes, changes a byte of it, and reads it. */
static mk_err parse_changed(const char *at, char to)
{
    mk_ledger_record record = {0};
    read_doc(MK_STR("abc"));
    doc.stored = MK_STR("foobar"); /* Zm9vYmFy */
    write_doc();
    mk_buf_putc(&ledger, '\0');
    *strstr(ledger.ptr, at) = to;
    ledger.len--;
    return mk_ledger_parse(mk_buf_str(&ledger), arena, &record, &error);
}

START_TEST(refuses_stored_bytes_that_changed)
{
    ck_assert_int_eq(parse_changed("m9v", 'n'), MK_MISMATCH);
    ck_assert_int_eq(parse_changed("m9v", '-'), MK_RECORD);
    ck_assert_int_eq(parse_changed("stored_crc32", 'S'), MK_RECORD);
}
END_TEST

static const struct {
    const char *text;
    mk_verdict verdict;
} verdicts[] = {{"written", MK_WRITTEN},
                {"filtered", MK_FILTERED},
                {"duplicate", MK_DUPLICATE},
                {"rejected", MK_REJECTED}};

START_TEST(edits_and_their_reasons_can_be_walked)
{
    const mk_ledger_record record = {
        .edits = MK_STR("[{\"at\":1,\"len\":2,\"src\":3,\"was\":\"a\\n\",\"why\":[{\"filter\":"
                        "\"share\",\"rule\":\"button\",\"evidence\":\"e\"},{\"filter\":\"x\"}]},"
                        "{\"at\":3,\"len\":0,\"src\":7,\"was\":\"\"}]")};
    mk_json_array edits = mk_ledger_edits(&record);
    mk_ledger_edit e;
    mk_ledger_why why;

    ck_assert_int_eq(mk_ledger_edit_next(&edits, arena, &e, &error), MK_OK);
    ck_assert_uint_eq(e.at + e.len + e.src, 6);
    ck_assert(mk_str_eq(e.was, MK_STR("a\n")));
    mk_json_array whys = mk_ledger_whys(&e);
    ck_assert_int_eq(mk_ledger_why_next(&whys, arena, &why, &error), MK_OK);
    ck_assert(mk_str_eq(why.filter, MK_STR("share")));
    ck_assert(mk_str_eq(why.rule, MK_STR("button")));
    ck_assert(mk_str_eq(why.evidence, MK_STR("e")));
    ck_assert_int_eq(mk_ledger_why_next(&whys, arena, &why, &error), MK_OK);
    ck_assert_uint_eq(why.rule.len, 0);
    ck_assert_int_eq(mk_ledger_why_next(&whys, arena, &why, &error), MK_END);
    ck_assert_int_eq(mk_ledger_edit_next(&edits, arena, &e, &error), MK_OK);
    whys = mk_ledger_whys(&e);
    ck_assert_int_eq(mk_ledger_why_next(&whys, arena, &why, &error), MK_END);
    ck_assert_int_eq(mk_ledger_edit_next(&edits, arena, &e, &error), MK_END);
}
END_TEST

START_TEST(parse_knows_every_verdict)
{
    char line[256];
    mk_ledger_record record = {0};
    snprintf(line, sizeof(line),
             "{\"id\":\"\",\"verdict\":\"%s\",\"bytes\":0,\"crc32\":\"00000000\",\"edits\":[]}",
             verdicts[_i].text);
    ck_assert_int_eq(mk_ledger_parse(mk_str_of(line), arena, &record, &error), MK_OK);
    ck_assert_int_eq(record.verdict, verdicts[_i].verdict);
}
END_TEST

static const char *const not_ledgers[] = {
    "",
    "{}",
    "[]",
    "nonsense",
    "{\"id\":\"a\",\"text\":\"b\"}",
    "{\"id\":1,\"verdict\":\"written\",\"bytes\":0,\"crc32\":\"00000000\",\"edits\":[]}",
    "{\"id\":\"\",\"verdict\":\"lost\",\"bytes\":0,\"crc32\":\"00000000\",\"edits\":[]}",
    "{\"id\":\"\",\"verdict\":\"written\",\"bytes\":-1,\"crc32\":\"00000000\",\"edits\":[]}",
    "{\"id\":\"\",\"verdict\":\"written\",\"bytes\":0,\"crc32\":\"0000000G\",\"edits\":[]}",
    "{\"id\":\"\",\"verdict\":\"written\",\"bytes\":0,\"crc32\":\"0000000\",\"edits\":[]}",
    "{\"id\":\"\",\"verdict\":\"written\",\"bytes\":0,\"crc32\":0,\"edits\":[]}",
    "{\"id\":\"\",\"verdict\":\"written\",\"bytes\":0,\"crc32\":\"00000000\",\"edits\":{}}",
    "{\"id\":\"\",\"verdict\":\"written\",\"bytes\":0,\"crc32\":\"00000000\"}",
};

START_TEST(parse_refuses_what_is_no_ledger_line)
{
    mk_ledger_record record = {0};
    ck_assert_int_eq(mk_ledger_parse(mk_str_of(not_ledgers[_i]), arena, &record, &error),
                     MK_RECORD);
    ck_assert_int_eq(error.code, MK_RECORD);
}
END_TEST

static const struct {
    const char *edits;
    mk_err err;
} bad_edits[] = {
    {"[7]", MK_RECORD},
    {"[{\"at\":0,\"len\":-1,\"src\":0,\"was\":\"\"}]", MK_RECORD},
    {"[{\"at\":0,\"len\":0,\"src\":0.5,\"was\":\"\"}]", MK_RECORD},
    {"[{\"at\":0,\"len\":1,\"src\":0,\"was\":\"a\",\"why\":7,\"more\":1}]", MK_OK},
    {"[{}]", MK_RECORD},
    {"[{\"at\":0,\"len\":0,\"src\":0}]", MK_RECORD},
    {"[{\"at\":0,\"len\":0,\"src\":0,\"was\":1}]", MK_RECORD},
    {"[{\"at\":\"0\",\"len\":0,\"src\":0,\"was\":\"\"}]", MK_RECORD},
    {"[{\"at\":4,\"len\":0,\"src\":4,\"was\":\"\"}]", MK_MISMATCH},
    {"[{\"at\":1,\"len\":3,\"src\":1,\"was\":\"\"}]", MK_MISMATCH},
    {"[{\"at\":1,\"len\":18446744073709551615,\"src\":1,\"was\":\"\"}]", MK_MISMATCH},
    {"[{\"at\":18446744073709551615,\"len\":1,\"src\":1,\"was\":\"\"}]", MK_MISMATCH},
    {"[{\"at\":1,\"len\":0,\"src\":2,\"was\":\"\"}]", MK_MISMATCH},
    {"[{\"at\":2,\"len\":0,\"src\":2,\"was\":\"\"},{\"at\":1,\"len\":0,\"src\":2,\"was\":\"\"}]",
     MK_MISMATCH},
    {"[{\"at\":0,\"len\":0,\"src\":0,\"was\":\"x\"}]", MK_MISMATCH},
    {"[{\"at\":0,\"len\":1,\"src\":0,\"was\":\"\"}]", MK_MISMATCH},
    {"[{\"at\":0,\"len\":1,\"src\":0,\"was\":\"b\"}]", MK_MISMATCH},
    {"[{\"at\":0,\"len\":1,\"src\":0,\"was\":\"a\"}]", MK_OK},
};

START_TEST(undo_refuses_edits_that_do_not_fit)
{
    char line[512];
    snprintf(line, sizeof(line),
             "{\"id\":\"\",\"verdict\":\"written\",\"bytes\":3,\"crc32\":\"%08x\",\"edits\":%s}",
             mk_crc32(MK_STR("abc")), bad_edits[_i].edits);
    ck_assert_int_eq(undo(mk_str_of(line), MK_STR("abc")), bad_edits[_i].err);
}
END_TEST

START_TEST(undo_refuses_another_text)
{
    read_doc(MK_STR("abc"));
    write_doc();
    ck_assert_int_eq(undo(mk_buf_str(&ledger), MK_STR("abd")), MK_MISMATCH);
    ck_assert_str_eq(error.text, "the text is not the one that was read");
    ck_assert_int_eq(undo(mk_buf_str(&ledger), MK_STR("abcd")), MK_MISMATCH);
    ck_assert_int_eq(undo(mk_buf_str(&ledger), MK_STR("")), MK_MISMATCH);
}
END_TEST

START_TEST(undo_appends)
{
    read_doc(MK_STR("abc\n"));
    write_doc();
    mk_ledger_record record = {0};
    ck_assert_int_eq(mk_ledger_parse(mk_buf_str(&ledger), arena, &record, &error), MK_OK);
    mk_buf_puts(&back, "before ");
    ck_assert_int_eq(mk_ledger_undo(mk_buf_str(&text), &record, arena, &back, &error), MK_OK);
    ck_assert_mk_str_eq(mk_buf_str(&back), MK_STR("before abc\n"));
}
END_TEST

/* ---- any document ---- */

static uint32_t next_random(uint32_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 17;
    *x ^= *x << 5;
    return *x;
}

/* A document of random lines and breaks, some lines dropped, some changed by
 * one or two steps. */
static void random_doc(uint32_t *x, char *raw, unsigned n_parts)
{
    static const char *const parts[] = {"كتاب",     "abc",          " ",           "\"\\", "\x01",
                                        "\n",       "\r",           "\r\n",        "\v",   "\f",
                                        "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
    static const char *const with[] = {"", "X", "يا"};
    size_t len = 0;
    while (n_parts-- > 0) {
        const char *part = parts[next_random(x) % 13];
        memcpy(raw + len, part, strlen(part));
        len += strlen(part);
    }
    read_doc((mk_str){raw, len});
    for (edit.step = 0; edit.step < 2; edit.step++)
        for (size_t i = 0; i < doc.n_lines; i++) {
            mk_line *line = &doc.lines[i];
            if (line->gone || next_random(x) % 2)
                continue;
            if (next_random(x) % 3 == 0) {
                mk_edit_drop(&edit, i, next_random(x) % 2, MK_STR("e"));
                continue;
            }
            size_t at = 0, end;
            for (uint32_t n = next_random(x) % 4; n > 0; n--)
                mk_utf8_next(line->text, &at);
            end = at;
            mk_utf8_next(line->text, &end);
            mk_edit_replace(&edit, i, at, end - at, mk_str_of(with[next_random(x) % 3]),
                            next_random(x) % 2, MK_STR("e"));
        }
    if (next_random(x) % 8 == 0)
        mk_edit_drop_doc(&edit, 0, MK_STR("e"));
    else if (next_random(x) % 8 == 0)
        doc.verdict = MK_DUPLICATE;
}

START_TEST(any_document_is_given_back)
{
    uint32_t x = 88172645;
    char raw[512];
    for (unsigned round = 0; round < 2000; round++) {
        random_doc(&x, raw, round % 40);
        ck_assert_restored();
        mk_arena_reset(arena);
    }
}
END_TEST

/* A line of the ledger with a flaw: refused, or still right. */
static void ck_assert_safe(mk_str line, mk_str written)
{
    const mk_err err = undo(line, written);
    ck_assert_msg(err == MK_RECORD || err == MK_MISMATCH ||
                      (err == MK_OK && mk_str_eq(mk_buf_str(&back), doc.raw)),
                  "err %d for %.*s", (int)err, (int)line.len, line.ptr);
}

START_TEST(a_ledger_with_a_wrong_byte_gives_no_wrong_text)
{
    uint32_t x = 2463534242u;
    char raw[512];
    for (unsigned round = 0; round < 6; round++) {
        random_doc(&x, raw, 12);
        write_doc();
        const mk_str line = mk_buf_str(&ledger);
        char *copy = malloc(line.len);
        ck_assert_ptr_nonnull(copy);
        for (size_t i = 0; i < line.len; i++)
            for (int bit = 0; bit < 8; bit++) {
                memcpy(copy, line.ptr, line.len);
                copy[i] = (char)(copy[i] ^ (1 << bit));
                ck_assert_safe((mk_str){copy, line.len}, mk_buf_str(&text));
            }
        free(copy);
        mk_arena_reset(arena);
    }
}
END_TEST

START_TEST(a_ledger_that_is_cut_off_is_refused)
{
    uint32_t x = 123456789;
    char raw[512];
    random_doc(&x, raw, 20);
    write_doc();
    for (size_t n = 0; n + 2 <= ledger.len; n++) /* without the last LF it is whole */
        ck_assert_int_eq(undo((mk_str){ledger.ptr, n}, mk_buf_str(&text)),
                         n + 1 == ledger.len ? MK_OK : MK_RECORD);
}
END_TEST

START_TEST(a_written_text_with_a_wrong_byte_gives_no_wrong_text)
{
    uint32_t x = 362436069;
    char raw[512];
    for (unsigned round = 0; round < 20; round++) {
        random_doc(&x, raw, 20);
        write_doc();
        for (size_t i = 0; i < text.len; i++) {
            text.ptr[i] ^= 1;
            ck_assert_safe(mk_buf_str(&ledger), mk_buf_str(&text));
            text.ptr[i] ^= 1;
        }
        mk_arena_reset(arena);
    }
}
END_TEST

/* ---- lines made by hand ---- */

static const char *const bad_stored[] = {"1,\"stored_crc32\":\"00000000\"",
                                         "\"AA==\",\"stored_crc32\":\"0000000G\"",
                                         "\"AA==\",\"stored_crc32\":7"};

START_TEST(refuses_stored_bytes_of_another_kind)
{
    char line[256];
    mk_ledger_record record = {0};

    snprintf(line, sizeof(line),
             "{\"id\":\"\",\"verdict\":\"written\",\"bytes\":0,\"crc32\":\"00000000\",\"edits\":[],"
             "\"stored\":%s}",
             bad_stored[_i]);
    ck_assert_int_eq(mk_ledger_parse(mk_str_of(line), arena, &record, &error), MK_RECORD);
}
END_TEST

/* Edits that never went through mk_ledger_parse. */
static const struct {
    const char *edits;
    mk_err edit, why;
} raw_edits[] = {
    {"[{\"at\":0,}]", MK_RECORD, MK_OK},
    {"[{\"at\":0,\"len\":0,\"src\":0,\"was\":\"\",\"why\":[{\"filter\":7}]}]", MK_OK, MK_RECORD},
    {"[{\"at\":0,\"len\":0,\"src\":0,\"was\":\"\",\"why\":[{\"filter\":\"f\",}]}]", MK_RECORD,
     MK_OK},
    {"[{\"at\":0,\"len\":0,\"src\":0,\"was\":\"\",\"why\":[{\"rule\":\"r\",\"more\":1}]}]", MK_OK,
     MK_RECORD},
    {"[{\"at\":0,\"len\":0,\"src\":0,\"was\":\"\",\"why\":[7]}]", MK_OK, MK_RECORD},
};

START_TEST(refuses_edits_that_are_none)
{
    const mk_ledger_record record = {.edits = mk_str_of(raw_edits[_i].edits)};
    mk_json_array edits = mk_ledger_edits(&record);
    mk_ledger_edit e;
    mk_ledger_why why;

    ck_assert_int_eq(mk_ledger_edit_next(&edits, arena, &e, &error), raw_edits[_i].edit);
    if (raw_edits[_i].edit != MK_OK)
        return;
    mk_json_array whys = mk_ledger_whys(&e);
    ck_assert_int_eq(mk_ledger_why_next(&whys, arena, &why, &error), raw_edits[_i].why);
}
END_TEST

START_TEST(refuses_a_reason_that_is_cut_off)
{
    const mk_ledger_edit e = {.whys = MK_STR("[{\"filter\":\"f\",}]")};
    mk_json_array whys = mk_ledger_whys(&e);
    mk_ledger_why why;

    ck_assert_int_eq(mk_ledger_why_next(&whys, arena, &why, &error), MK_RECORD);
}
END_TEST

START_TEST(want_of_memory_is_told)
{
    bool came = true;

    read_doc(MK_STR("a\rb\n"));
    doc.stored = MK_STR("\xFF\xFE\0abc");
    write_doc();
    for (unsigned at = 1; came; at++) {
        mk_arena *const fresh = mk_arena_new();
        mk_ledger_record record = {0};
        mk_buf_clear(&back);
        mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
        mk_err err = mk_ledger_parse(mk_buf_str(&ledger), fresh, &record, &error);
        if (err == MK_OK)
            err = mk_ledger_undo(mk_buf_str(&text), &record, fresh, &back, &error);
        came = mk_test_failed();
        ck_assert_int_eq(err, came ? MK_NOMEM : MK_OK);
        mk_arena_free(fresh);
    }
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
    Suite *const s = suite_create("ledger");
    TCase *const t = tcase_create("ledger");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, an_unchanged_document_has_no_edits);
    tcase_add_test(t, a_dropped_line_is_an_edit_with_its_break);
    tcase_add_test(t, a_change_is_an_edit_with_all_its_reasons);
    tcase_add_test(t, other_line_breaks_are_edits_of_the_last_filter);
    tcase_add_test(t, a_filtered_document_names_its_rule_for_each_line);
    tcase_add_test(t, a_duplicate_says_so);
    tcase_add_test(t, a_rejected_document_has_no_edits);
    tcase_add_test(t, parse_gives_what_was_put);
    tcase_add_test(t, review_names_its_rule);
    tcase_add_test(t, reviews_that_are_no_list_are_passed_over);
    tcase_add_test(t, stored_bytes_come_back);
    tcase_add_test(t, a_byte_order_mark_is_a_word);
    tcase_add_test(t, refuses_stored_bytes_that_changed);
    tcase_add_test(t, edits_and_their_reasons_can_be_walked);
    tcase_add_loop_test(t, parse_knows_every_verdict, 0, ROWS(verdicts));
    tcase_add_loop_test(t, parse_refuses_what_is_no_ledger_line, 0, ROWS(not_ledgers));
    tcase_add_loop_test(t, undo_refuses_edits_that_do_not_fit, 0, ROWS(bad_edits));
    tcase_add_test(t, undo_refuses_another_text);
    tcase_add_test(t, undo_appends);
    tcase_add_test(t, any_document_is_given_back);
    tcase_add_test(t, a_ledger_with_a_wrong_byte_gives_no_wrong_text);
    tcase_add_test(t, a_ledger_that_is_cut_off_is_refused);
    tcase_add_test(t, a_written_text_with_a_wrong_byte_gives_no_wrong_text);
    tcase_add_loop_test(t, refuses_stored_bytes_of_another_kind, 0, ROWS(bad_stored));
    tcase_add_loop_test(t, refuses_edits_that_are_none, 0, ROWS(raw_edits));
    tcase_add_test(t, refuses_a_reason_that_is_cut_off);
    tcase_add_test(t, want_of_memory_is_told);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
