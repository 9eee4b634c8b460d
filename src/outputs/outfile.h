/* outfile.h: lines on their way to a file: gathered to blocks, each compressed in
 * the pool, written in order. A block ends where a document ends, so that every
 * gzip member or zstd frame can be read alone. */
#ifndef MK_OUTFILE_H
#define MK_OUTFILE_H

#include "base/pool.h"
#include "write/codec.h"
#include "write/sink.h"

typedef struct mk_outfile mk_outfile;

/* level 0: the codec's default. pool is lent till close. MK_OPTION: the codec has no
 * such level. */
mk_err mk_outfile_open(const char *path, bool force, mk_codec codec, int level, mk_pool *pool,
                       mk_outfile **ret, mk_error *reterr);

/* The same on a sink, which it takes, also when it fails. */
mk_err mk_outfile_on(mk_sink *sink, mk_codec codec, int level, mk_pool *pool, mk_outfile **ret,
                     mk_error *reterr);

/* Takes a document's lines (copied). Sends a block on when it is full. */
mk_err mk_outfile_put(mk_outfile *file, mk_str lines, mk_error *reterr);

/* Sends on what there is, so that all that was put can be waited for. */
mk_err mk_outfile_flush(mk_outfile *file, mk_error *reterr);

/* The pool gave a job back. True if it is one of a file's blocks: it is written,
 * and *reterr is set (code MK_OK if all is well). */
bool mk_outfile_take(mk_job *job, mk_error *reterr);

size_t mk_outfile_pending(const mk_outfile *file); /* blocks under way */

/* What it writes to. Lent while the file is open. */
mk_sink *mk_outfile_sink(const mk_outfile *file);

/* With no block under way: bytes in the file, and taking back what follows. */
uint64_t mk_outfile_size(const mk_outfile *file);
mk_err mk_outfile_rewind(mk_outfile *file, uint64_t size, mk_error *reterr);

/* With no block under way: ends the file, to which nothing may be put any more. Where
 * that was not called, commit does it. */
mk_err mk_outfile_end(mk_outfile *file, mk_error *reterr);

/* With no block under way: the final name appears. */
mk_err mk_outfile_commit(mk_outfile *file, mk_error *reterr);
void mk_outfile_close(mk_outfile *file); /* takes NULL */

/* The work of a block: how its job is told from others'. */
void mk_outfile_work(mk_job *job);

#endif
