/* fuzz_jsonl.c: lines of JSON, as records and as labelled pages. What a document has is
 * valid and can be written and read again. The first byte says how many bytes are read
 * at a time. */
#include "fuzz.h"
#include "base/json.h"
#include "read/reader.h"
#include "read/stream_private.h"
#include "measure/labelled.h"

static const mk_read_options options = {
    .text_field = {"text", 4}, .id_field = {"id", 2}, .max_doc = 1 << 15};

/* s as JSON and back. */
static void check_round(mk_str s, mk_arena *arena)
{
    mk_buf buf = {.max = MK_BUF_MAX};
    mk_str back = {0};

    mk_buf_puts(&buf, "{\"k\":");
    mk_json_put(&buf, s);
    mk_buf_puts(&buf, "}");
    must(!buf.failed && mk_utf8_valid(mk_buf_str(&buf)) == buf.len);
    mk_json_object it = mk_json_object_of(mk_buf_str(&buf));
    mk_json_member member;
    must(mk_json_object_next(&it, &member, NULL) == MK_OK);
    must(mk_json_text(member.value, arena, &back, NULL) == MK_OK && mk_str_eq(back, s));
    must(mk_json_object_next(&it, &member, NULL) == MK_END);
    mk_buf_clear(&buf);
}

static void check_doc(const mk_doc *doc, mk_arena *arena)
{
    const mk_str texts[] = {doc->raw, doc->id, doc->url, doc->title, doc->date, doc->lang};
    mk_json_object it = mk_json_object_of(doc->members);
    mk_json_member member;
    mk_err err = MK_OK;

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        must(mk_utf8_valid(texts[i]) == texts[i].len);
        check_round(texts[i], arena);
    }
    while (err == MK_OK)
        err = mk_json_object_next(&it, &member, NULL);
    must(err == MK_END);
}

static void check_record(mk_str bytes, mk_arena *arena)
{
    mk_doc doc = {.id = MK_STR("id"), .members = MK_STR("{}")};
    mk_doc page = {.id = MK_STR("id"), .members = MK_STR("{}")};
    mk_labelled labelled = {0};
    mk_error error = {.code = MK_OK};
    mk_err err = mk_reader_jsonl.parse(bytes, &options, arena, &doc, &error);

    must(err == MK_OK || (err == MK_RECORD && error.text[0]));
    if (err == MK_OK)
        check_doc(&doc, arena);
    err = mk_labelled_parse(bytes, arena, &labelled, &page, &error);
    must(err == MK_OK || (err == MK_RECORD && error.text[0]));
    must(err != MK_OK || labelled.n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mk_arena *const arena = mk_arena_new();
    mk_stream *s = NULL;
    void *state = NULL;
    mk_record record = {0};
    uint64_t number = 0;
    mk_error error;

    if (size > 0 && arena &&
        mk_stream_bytes_by("in", (mk_str){(const char *)data + 1, size - 1}, data[0] + (size_t)1,
                           &s, &error) == MK_OK &&
        mk_reader_jsonl.open(s, &options, &state, &error) == MK_OK) {
        mk_err err = MK_OK;
        while (err != MK_END) {
            err = mk_reader_jsonl.next(state, &record, &error);
            must(err == MK_OK || err == MK_RECORD || err == MK_END);
            must(err == MK_END || record.number > number);
            number = record.number;
            if (err == MK_OK)
                check_record(record.bytes, arena);
            mk_arena_reset(arena);
        }
    }
    mk_reader_jsonl.close(state);
    mk_stream_close(s);
    mk_arena_free(arena);
    return 0;
}
