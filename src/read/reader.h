/* reader.h: a stream of bytes as records. `next` runs on the main thread and
 * only finds where a record ends; `parse` makes a document of its bytes on any
 * thread. */
#ifndef MK_READER_H
#define MK_READER_H

#include "base/arena.h"
#include "base/pool.h"
#include "minkhal/doc.h"
#include "read/stream.h"
#include "text/charset.h"

typedef struct mk_read_options {
    mk_str text_field, id_field;    /* of JSONL; empty: those that corpora have, "id" */
    mk_str html_field;              /* instead of text_field: holds a page; empty: none does */
    uint64_t max_doc;               /* bytes of one record as stored in the stream */
    const struct mk_select *select; /* which records of a crawl; NULL: see select.h */
    bool verify_digests;            /* of crawl files */
    const mk_charset *charset;      /* of text and HTML; NULL: what the page shows */
    mk_pool *pool;                  /* to read ahead in, with threads; NULL: do not */
} mk_read_options;

/* A record's bytes and where they stood. Lent till the next call of next. */
typedef struct mk_record {
    mk_str bytes;
    uint64_t number; /* in its source, from 1; the line number in JSONL */
    uint64_t unit;   /* of the stream, of its last byte */
    bool verified;   /* no byte of it is from an unverified unit */
    uint64_t offset; /* where it, or the compressed part that it begins in, begins in the
                        source as stored; 0 where the reader does not tell */
    uint64_t inner;  /* and where in what that part holds */
    mk_place place;  /* of its first byte, where the reader has renumber; else void */
} mk_record;

typedef struct mk_reader {
    const char *name;
    bool whole; /* a stream is one record */
    /* 0: not this format; 100: certain. head: the first bytes, decoded. */
    int (*bid)(mk_str head);
    /* Takes nothing: the stream stays the caller's and must outlive *ret. */
    mk_err (*open)(mk_stream *s, const mk_read_options *options, void **ret, mk_error *reterr);
    /* MK_RECORD: this one is unusable (too long; ret->number is set), go on.
     * MK_DAMAGED: ret->unit is void, or bytes are no record (MK_NO_UNIT); next may
     * be called again, and says MK_END where nothing follows. MK_END. */
    mk_err (*next)(void *state, mk_record *ret, mk_error *reterr);
    void (*close)(void *state); /* takes NULL */
    /* The stream was sought before the first next: to a record of this number. NULL: the
     * reader cannot begin there. */
    void (*renumber)(void *state, uint64_t number);
    /* Fills in doc's raw, cues, id, url, title, date, lang, source, members
     * from record bytes (which live as long as the arena). doc->source, number, offset and
     * seq are set; doc->id is a default that the record may replace. Pure. A record
     * that is meant to be no document, or was not asked for, has the verdict
     * MK_SKIPPED and the name of what skips it as its reason.
     * MK_RECORD: not a document; MK_NOMEM. */
    mk_err (*parse)(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                    mk_error *reterr);
    bool anywhere; /* can begin behind a damage */
} mk_reader;

extern const mk_reader mk_reader_jsonl, mk_reader_html, mk_reader_text, mk_reader_warc,
    mk_reader_arc;

/* The reader that bids most for head; text if none bids. */
const mk_reader *mk_reader_pick(mk_str head);

/* The same for a stream with that head. Where none but text bids and the stream's name
 * says what it is ("x.jsonl.gz"), that format's reader, which can tell what is wrong.
 * MK_DAMAGED: it says a codec or an archive, and none is there. */
mk_err mk_reader_choose(const mk_stream *s, mk_str head, const mk_reader **ret, mk_error *reterr);

#endif
