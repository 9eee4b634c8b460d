/* sink.h: a file is whole or absent. Bytes go to a temporary name beside the
 * final one; commit syncs them and gives them the final name, without replacing
 * one that has appeared meanwhile unless told to.
 *
 * A part is the same for a file that several runs may have to write: its temporary
 * name is known, stays when the sink is closed, and is opened again by the next. */
#ifndef MK_SINK_H
#define MK_SINK_H

#include <signal.h>
#include <stdbool.h>

#include "minkhal/text.h"

typedef struct mk_sink mk_sink;

/* What killed runs have left of the same output is removed (leftover.h). "-", a pipe, a
 * device: without the promises above. MK_EXISTS if path is another file that
 * exists and not force; MK_OUTPUT with the reason. */
mk_err mk_sink_open(const char *path, bool force, mk_sink **ret, mk_error *reterr);
/* MK_OUTPUT; MK_CLOSED: it is a pipe that nobody reads any more. */
mk_err mk_sink_write(mk_sink *sink, mk_str bytes, mk_error *reterr);
uint64_t mk_sink_size(const mk_sink *sink); /* bytes written */

/* Where a write may wait for a reader, MK_STOPPED soon after *stop is set. stop: lent till
 * close, or NULL. */
void mk_sink_stop_by(mk_sink *sink, const volatile sig_atomic_t *stop);

/* The part of `name` in folder, which is `name`.part; where names the folder in errors.
 * Its first `size` bytes are there already: what follows them is cut off. MK_MISMATCH if
 * there are fewer. A part always replaces what has the final name. */
mk_err mk_sink_open_part(int folder, const char *where, const char *name, uint64_t size,
                         mk_sink **ret, mk_error *reterr);

/* Of a part: the SHA-256 of all of it so far, in hexadecimal. False if out of memory. */
bool mk_sink_digest(const mk_sink *sink, char out[65]);

/* What was written is on disk. */
mk_err mk_sink_sync(mk_sink *sink, mk_error *reterr);

/* Takes back what was written after size. MK_OUTPUT on standard output. */
mk_err mk_sink_rewind(mk_sink *sink, uint64_t size, mk_error *reterr);

/* fsync, rename, fsync of the folder. The sink must still be closed. */
mk_err mk_sink_commit(mk_sink *sink, mk_error *reterr);

/* Removes the temporary file unless committed or a part. Takes NULL. */
void mk_sink_close(mk_sink *sink);

#endif
