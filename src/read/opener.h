/* opener.h: the inputs opened one after the other, the small ones ahead in the pool,
 * some at a time: most of what a small file costs is to open and to close it. */
#ifndef MK_OPENER_H
#define MK_OPENER_H

#include "base/pool.h"
#include "read/input.h"
#include "read/stream.h"

/* An input that was opened and decoded, and its head peeked at. */
typedef struct mk_opened {
    mk_stream *stream; /* the caller's from then on; may be NULL after a failure */
    mk_err err;        /* MK_DAMAGED: it cannot be read, error says why */
    mk_error error;
} mk_opened;

typedef struct mk_opener mk_opener;

enum {
    MK_OPENER_HEAD = 64 * 1024 /* bytes that are peeked at: what readers see before they bid */
};

/* Lends inputs, limits and stop (of mk_stream_limit), and pool (NULL: everything is opened
 * when it is wanted). MK_NOMEM. */
mk_err mk_opener_open(const mk_inputs *inputs, const mk_limits *limits,
                      const volatile sig_atomic_t *stop, mk_pool *pool, mk_opener **ret,
                      mk_error *reterr);

/* The next input; once for each of them at most. */
mk_opened mk_opener_next(mk_opener *opener);

void mk_opener_close(mk_opener *opener); /* takes NULL */

#endif
