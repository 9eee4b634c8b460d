/* sink.h: a file is whole or absent. Bytes go to a temporary name beside the
 * final one; commit syncs them and gives them the final name, without replacing
 * one that has appeared meanwhile unless told to. */
#ifndef MK_SINK_H
#define MK_SINK_H

#include "minkhal/text.h"

typedef struct mk_sink mk_sink;

/* "-": standard output, without the promises above. MK_EXISTS if path exists
 * and not force; MK_OUTPUT with the reason. */
mk_err mk_sink_open(const char *path, bool force, mk_sink **ret, mk_error *reterr);
mk_err mk_sink_write(mk_sink *sink, mk_str bytes, mk_error *reterr);
uint64_t mk_sink_size(const mk_sink *sink); /* bytes written */

/* Takes back what was written after size. MK_OUTPUT on standard output. */
mk_err mk_sink_rewind(mk_sink *sink, uint64_t size, mk_error *reterr);

/* fsync, rename, fsync of the folder. The sink must still be closed. */
mk_err mk_sink_commit(mk_sink *sink, mk_error *reterr);

/* Removes the temporary file unless committed. Takes NULL. */
void mk_sink_close(mk_sink *sink);

#endif
