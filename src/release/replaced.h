/* replaced.h: the folder that a new release takes the place of. It must be a release that
 * minkhal made, and hold nothing else, hidden or not: what is not in its manifest is
 * somebody's work. Only what the manifest names is removed. */
#ifndef MK_REPLACED_H
#define MK_REPLACED_H

#include "minkhal/error.h"

typedef struct mk_replaced mk_replaced;

/* Looks at the folder `path`, and opens what removing needs. MK_EXISTS: it may not be
 * replaced, and why. MK_OUTPUT, MK_NOMEM. */
mk_err mk_replaced_open(const char *path, mk_replaced **ret, mk_error *reterr);

/* Removes the release, which has the name `path` now: without an allocation or another open
 * folder, for it may be their lack that ended the work. MK_OUTPUT: some of it is left. */
mk_err mk_replaced_remove(const mk_replaced *old, const char *path, mk_error *reterr);
void mk_replaced_close(mk_replaced *old); /* takes NULL */

#endif
