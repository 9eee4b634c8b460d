/* stage.h: a release that is being made, in a folder beside its final name. The name
 * appears when all of it is whole and on disk. */
#ifndef MK_STAGE_H
#define MK_STAGE_H

#include <signal.h>

#include "base/buf.h"
#include "release/bundle.h"

typedef struct mk_stage mk_stage;

/* output: a folder, or an archive by its name. MK_EXISTS: it is there, and not force, or
 * (a folder) it is no release of ours, or holds something else (replaced.h). MK_OUTPUT. stop is lent till close; NULL: nobody stops it. */
mk_err mk_stage_open(const char *output, bool force, const volatile sig_atomic_t *stop,
                     mk_stage **ret, mk_error *reterr);
const char *mk_stage_folder(const mk_stage *stage);

/* Writes a file of the release whole. */
mk_err mk_stage_file(mk_stage *stage, const char *name, mk_str bytes, mk_error *reterr);

/* Adds to one. */
mk_err mk_stage_append(mk_stage *stage, const char *name, mk_str bytes, mk_error *reterr);

/* Gives a file of it another name. */
mk_err mk_stage_rename(mk_stage *stage, const char *from, const char *to, mk_error *reterr);

/* Makes a folder of the release. */
mk_err mk_stage_mkdir(mk_stage *stage, const char *name, mk_error *reterr);

/* The release is these files, sorted by name. MK_STOPPED. */
mk_err mk_stage_commit(mk_stage *stage, const mk_bundle_entry *entries, size_t n, int64_t epoch,
                       mk_error *reterr);

/* Removes what is not committed. Takes NULL. */
void mk_stage_close(mk_stage *stage);

#endif
