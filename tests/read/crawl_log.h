/* crawl_log.h: what a reader makes of a crawl file, as lines of text. */
#ifndef MK_TEST_CRAWL_LOG_H
#define MK_TEST_CRAWL_LOG_H

#include "packing.h"
#include "read/reader.h"

/* A line a record: "1@0 document: text" (number, offset), or "skipped: why",
 * "rejected: why"; "damage: text" where there is one. */
static inline void log_record(const mk_reader *reader, const mk_record *record,
                              const mk_read_options *options, mk_buf *log)
{
    mk_arena *const arena = must(mk_arena_new());
    mk_doc doc = {.offset = record->offset, .inner = record->inner, .members = MK_STR("{}")};
    mk_error error;
    const mk_err err = reader->parse(record->bytes, options, arena, &doc, &error);
    const char *verdict = doc.verdict == MK_SKIPPED ? "skipped" : "document";
    mk_str what = doc.verdict == MK_SKIPPED ? doc.reason : doc.raw;

    if (err == MK_RECORD) {
        verdict = "rejected";
        what = mk_str_of(error.text);
    }
    mk_buf_printf(log, "%llu@%llu", (unsigned long long)record->number,
                  (unsigned long long)record->offset);
    if (record->inner > 0)
        mk_buf_printf(log, "+%llu", (unsigned long long)record->inner);
    mk_buf_printf(log, " %s: %.*s\n", verdict, (int)what.len, what.ptr);
    mk_arena_free(arena);
}

/* Reads bytes `step` at a time, to the end. Owned by the caller. */
static inline mk_str log_crawl(const mk_reader *reader, mk_str bytes, size_t step,
                               const mk_read_options *options)
{
    mk_buf log = {.max = MK_BUF_MAX};
    mk_stream *s = NULL;
    void *state = NULL;
    mk_record record;
    mk_error error;
    mk_err err;

    must_be(mk_stream_bytes_by("in", bytes, step, &s, NULL) == MK_OK);
    must_be(mk_stream_decode(&s, NULL) == MK_OK);
    must_be(reader->open(s, options, &state, NULL) == MK_OK);
    while ((err = reader->next(state, &record, &error)) != MK_END) {
        if (err == MK_OK)
            log_record(reader, &record, options, &log);
        else
            mk_buf_printf(&log, "damage: %s\n", error.text);
        must_be(err == MK_OK || err == MK_DAMAGED);
    }
    ck_assert_int_eq(reader->next(state, &record, &error), MK_END);
    reader->close(state);
    mk_stream_close(s);
    must_be(!log.failed);
    const mk_str text = copy(mk_buf_str(&log));
    mk_buf_clear(&log);
    return text;
}

#endif
