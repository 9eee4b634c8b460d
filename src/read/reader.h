/* reader.h: a stream of bytes as records. `next` runs on the main thread and
 * only finds where a record ends; `parse` makes a document of its bytes on any
 * thread. */
#ifndef MK_READER_H
#define MK_READER_H

#include "base/arena.h"
#include "minkhal/doc.h"
#include "read/stream.h"
#include "text/charset.h"

typedef struct mk_read_options {
    mk_str text_field, id_field; /* of JSONL */
    uint64_t max_doc;            /* bytes of one record as stored in the stream */
    const mk_charset *charset;   /* of plain text; NULL: what its bytes show */
} mk_read_options;

/* A record's bytes and where they stood. Lent till the next call of next. */
typedef struct mk_record {
    mk_str bytes;
    uint64_t number; /* in its source, from 1; the line number in JSONL */
    uint64_t unit;   /* of the stream, of its last byte */
    bool verified;   /* no byte of it is from an unverified unit */
} mk_record;

typedef struct mk_reader {
    const char *name;
    /* 0: not this format; 100: certain. head: the first bytes, decoded. */
    int (*bid)(mk_str head);
    /* Takes nothing: the stream stays the caller's and must outlive *ret. */
    mk_err (*open)(mk_stream *s, const mk_read_options *options, void **ret, mk_error *reterr);
    /* MK_RECORD: this one is unusable (too long; ret->number is set), go on.
     * MK_DAMAGED: the stream is; no more records. MK_END. */
    mk_err (*next)(void *state, mk_record *ret, mk_error *reterr);
    void (*close)(void *state); /* takes NULL */
    /* Fills in doc's raw, id, url, title, date, lang, source, members from
     * record bytes (which live as long as the arena). doc->source, number and
     * seq are set; doc->id is a default that the record may replace. Pure.
     * MK_RECORD: not a document; MK_NOMEM. */
    mk_err (*parse)(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                    mk_error *reterr);
} mk_reader;

extern const mk_reader mk_reader_jsonl, mk_reader_text;

/* The reader that bids most for head; text if none bids. */
const mk_reader *mk_reader_pick(mk_str head);

#endif
