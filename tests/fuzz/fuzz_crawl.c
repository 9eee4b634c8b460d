/* fuzz_crawl.c: a whole crawl file: codecs, framing, records. The first byte says how
 * many bytes are read at a time. */
#include "fuzz.h"
#include "read/reader.h"
#include "read/stream_private.h"

enum {
    MAX_DOC = 1 << 16, /* bytes */
    MOST = 1 << 24     /* records: more than a small file can hold, compressed well */
};

static const mk_read_options options = {.max_doc = MAX_DOC, .verify_digests = true};

static void parse(const mk_reader *reader, const mk_record *record, mk_arena *arena)
{
    mk_doc doc = {.number = record->number, .id = MK_STR("id"), .members = MK_STR("{}")};
    mk_error error = {.code = MK_OK};
    const mk_err err = reader->parse(record->bytes, &options, arena, &doc, &error);

    must(err == MK_OK || (err == MK_RECORD && error.text[0]));
    must(mk_utf8_valid(doc.raw) == doc.raw.len);
    must(mk_utf8_valid(doc.members) == doc.members.len && doc.members.len >= 2);
    must(mk_utf8_valid(doc.url) == doc.url.len && mk_utf8_valid(doc.id) == doc.id.len);
    must(doc.verdict != MK_SKIPPED || doc.reason.len > 0);
}

static void read_all(mk_stream *s, const mk_reader *reader, mk_arena *arena)
{
    mk_record record = {0};
    void *state = NULL;
    mk_error error;
    uint64_t number = 0;
    mk_err err = reader->open(s, &options, &state, &error);

    must(err == MK_OK);
    for (size_t n = 0; err != MK_END; n++) {
        must(n <= MOST); /* or it would never end */
        err = reader->next(state, &record, &error);
        must(err == MK_OK || err == MK_END || err == MK_DAMAGED || err == MK_RECORD);
        if (err != MK_OK)
            continue;
        must(record.number > number);
        number = record.number;
        parse(reader, &record, arena);
        mk_arena_reset(arena);
    }
    reader->close(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mk_arena *const arena = mk_arena_new();
    mk_stream *s = NULL;
    mk_error error;
    mk_str head;

    if (size == 0 || !arena) {
        mk_arena_free(arena);
        return 0;
    }
    const mk_str bytes = {(const char *)data + 1, size - 1};
    const size_t step = data[0] == 0xFF ? MK_STREAM_CHUNK : data[0] + (size_t)1;
    if (mk_stream_bytes_by("in", bytes, step, &s, &error) == MK_OK &&
        mk_stream_decode(&s, &error) == MK_OK &&
        mk_stream_peek(s, MK_STREAM_CHUNK, &head, &error) == MK_OK) {
        const mk_reader *const reader = mk_reader_pick(head);
        read_all(s, reader->anywhere ? reader : &mk_reader_warc, arena);
    }
    mk_stream_close(s);
    mk_arena_free(arena);
    return 0;
}
