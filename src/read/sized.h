/* sized.h: files of records that say how long they are: what WARC and ARC share. */
#ifndef MK_SIZED_H
#define MK_SIZED_H

#include "read/reader.h"

/* What the header of a record says of its size. */
typedef struct mk_sized_header {
    size_t len;     /* bytes of the header; 0: it is not whole */
    uint64_t block; /* bytes that follow it */
    bool segmented; /* it is the first of several segments */
} mk_sized_header;

/* One format. */
typedef struct mk_sized_kind {
    const char *name; /* "WARC" */
    /* True if a record begins with s, as far as s tells (its first line is whole, or
     * MK_FRAME_HEAD bytes of it are there). */
    bool (*is_start)(mk_str s);
    /* The header at the beginning of s. False: it does not say how many bytes follow. */
    bool (*measure)(mk_str s, mk_sized_header *ret);
    /* True if s, the header of a record, says that its block goes on with that of the
     * record that begins with `first`, as number n (from 2) of its segments. *ret_last:
     * it is the last. NULL: there are no segments. */
    bool (*goes_on)(mk_str first, mk_str s, uint64_t n, bool *ret_last);
    unsigned n_breaks; /* lines that end each record */
    bool loose;        /* lengths that count them in, or forget them, are usual */
} mk_sized_kind;

/* The first bytes of a file without the byte order mark that an editor put before them. */
mk_str mk_sized_head(mk_str head);

/* open, next, close and renumber of a reader. A record is its header and its block; of one above
 * max_doc only the first MK_FRAME_HEAD bytes of the block, so that it can tell what it
 * is. Segments that follow one another, are all there and not above max_doc are one
 * record: header, block and what parts them, one after the other. */
mk_err mk_sized_open(const mk_sized_kind *kind, mk_stream *s, const mk_read_options *options,
                     void **ret, mk_error *reterr);
mk_err mk_sized_next(void *state, mk_record *ret, mk_error *reterr);
void mk_sized_close(void *state);
void mk_sized_renumber(void *state, uint64_t number);

#endif
