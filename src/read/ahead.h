/* ahead.h: a stream that is read ahead in the pool, while who reads it does
 * something with what he has. */
#ifndef MK_AHEAD_H
#define MK_AHEAD_H

#include "base/pool.h"
#include "read/stream.h"

/* A stream that gives what source gives, piece by piece, with the same units,
 * failures and places; resumes where source can. source is lent till close, and
 * must be left alone; with owns it is taken (on failure it stays the caller's).
 * pool is lent till close. MK_NOMEM. */
mk_err mk_ahead_open(mk_stream *source, bool owns, mk_pool *pool, mk_stream **ret,
                     mk_error *reterr);

#endif
