/* whole.h: for readers of formats in which a stream is one record. */
#ifndef MK_WHOLE_H
#define MK_WHOLE_H

#include "read/reader.h"

/* open, next and close of an mk_reader. */
mk_err mk_whole_open(mk_stream *s, const mk_read_options *options, void **ret, mk_error *reterr);
mk_err mk_whole_next(void *state, mk_record *ret, mk_error *reterr);
void mk_whole_close(void *state);

#endif
