/* run_set.h: runs that are shards of one (clean --shard): are all of them there? */
#ifndef MK_RUN_SET_H
#define MK_RUN_SET_H

#include "release/manifest.h"

/* Of the runs of m that say "shard" K/N: each of 1 to N is there as often as the others, none is
 * the same run twice, and all were cleaned in the same way. MK_MISMATCH, with the shard. */
mk_err mk_run_set_check(const mk_manifest *m, mk_error *reterr);

#endif
