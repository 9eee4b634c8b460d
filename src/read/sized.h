/* sized.h: files of records that say how long they are: what WARC and ARC share. */
#ifndef MK_SIZED_H
#define MK_SIZED_H

#include "read/reader.h"

/* One format. */
typedef struct mk_sized_kind {
    const char *name; /* "WARC" */
    /* True if a record begins with s, as far as s tells (its first line is whole, or
     * MK_FRAME_HEAD bytes of it are there). */
    bool (*is_start)(mk_str s);
    /* The header at the beginning of s. *ret_head: its bytes, 0 if it is not whole in
     * s. *ret_block: bytes that follow. False: it does not say how many. */
    bool (*measure)(mk_str s, size_t *ret_head, uint64_t *ret_block);
    unsigned n_breaks; /* lines that end each record */
    bool loose;        /* lengths that count them in, or forget them, are usual */
} mk_sized_kind;

/* open, next, close and renumber of a reader. A record is its header and its block; of one above
 * max_doc only the first MK_FRAME_HEAD bytes of the block, so that it can tell what it
 * is. */
mk_err mk_sized_open(const mk_sized_kind *kind, mk_stream *s, const mk_read_options *options,
                     void **ret, mk_error *reterr);
mk_err mk_sized_next(void *state, mk_record *ret, mk_error *reterr);
void mk_sized_close(void *state);
void mk_sized_renumber(void *state, uint64_t number);

#endif
