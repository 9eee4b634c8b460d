/* crawl.h: a record of a crawl as a document: what WARC and ARC share. */
#ifndef MK_CRAWL_H
#define MK_CRAWL_H

#include "read/reader.h"

/* What a record says of itself. Fields that it lacks are empty. */
typedef struct mk_crawl {
    mk_str kind; /* "response", ...; ARC: "response" or "resource" */
    mk_str url, date, id;
    mk_str content_type; /* of the block */
    mk_str payload_type; /* what the crawler took the payload for */
    mk_str languages;    /* as the crawler identified them: "ara,eng" */
    mk_str truncated;    /* why the crawler cut the block */
    mk_str block_digest, payload_digest;
    mk_str segment;  /* number of this part of a record in several, from 1 */
    uint64_t length; /* of the block as the header says; more than block has: it was cut */
    mk_str block;
    bool http; /* the block is an HTTP response */
} mk_crawl;

/* As parse of a reader. Order: block digest, kind, selection, HTTP, selection, type,
 * length, payload digest, codings, text; the first that says no decides. */
mk_err mk_crawl_parse(const mk_crawl *crawl, const mk_read_options *options, mk_arena *arena,
                      mk_doc *doc, mk_error *reterr);

/* MK_RECORD: options want digests verified, and the field is none of bytes, nor of `or`. */
mk_err mk_crawl_check_digest(const mk_read_options *options, const char *name, mk_str field,
                             mk_str bytes, mk_str or, mk_error *reterr);

#endif
