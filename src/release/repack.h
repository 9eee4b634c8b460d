/* repack.h: a release packed again: its documents as they are, what it says of itself anew. */
#ifndef MK_REPACK_H
#define MK_REPACK_H

#include "minkhal/release.h"

/* True if what is given to pack is a release, alone. */
bool mk_repack_is(const mk_pack_options *options);

/* As mk_pack. MK_OPTION: an option asks for other documents or shards; MK_MISMATCH: the
 * release is not what it says, or of another version of minkhal. */
mk_err mk_repack(const mk_pack_options *options, mk_release_summary *ret, mk_error *reterr);

#endif
