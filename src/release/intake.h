/* intake.h: a file of JSONL, alone or compressed, as loads. What was written by
 * mk_encode is taken member by member, so that it can be unpacked in the pool and
 * copied as it is; anything else is unpacked here. The whole file is digested. */
#ifndef MK_INTAKE_H
#define MK_INTAKE_H

#include "base/checksum.h"
#include "release/load.h"

typedef struct mk_intake mk_intake;

/* MK_DAMAGED: it cannot be read, or is an archive. */
mk_err mk_intake_open(const char *path, mk_intake **ret, mk_error *reterr);

/* Fills the in part of load. MK_END, MK_DAMAGED. */
mk_err mk_intake_next(mk_intake *intake, mk_load *load, mk_error *reterr);

/* The load that began at offset was torn: from there on everything is unpacked here.
 * Loads given since are void. */
mk_err mk_intake_unpack_from(mk_intake *intake, uint64_t offset, mk_error *reterr);

/* After MK_END. */
uint64_t mk_intake_size(const mk_intake *intake);
bool mk_intake_digest(mk_intake *intake, char out[MK_SHA256_HEX + 1]);
void mk_intake_close(mk_intake *intake); /* takes NULL */

#endif
