/* copy.h: a file of a release that goes to another one as it is: read once, digested and
 * written. A job for the pool. */
#ifndef MK_COPY_H
#define MK_COPY_H

#include <signal.h>

#include "base/checksum.h"
#include "base/pool.h"
#include "release/container.h"

typedef struct mk_copy {
    mk_job job; /* must be first */
    /* in: all is lent till the job is done */
    const mk_container *from;
    const mk_container_entry *entry;
    const char *folder;                /* of the release that is made; what entry's name says
                                              of folders is there */
    char sha256[MK_SHA256_HEX + 1];    /* that it must have */
    const volatile sig_atomic_t *stop; /* or NULL */
    /* out: the file is on disk; MK_MISMATCH: it has another digest, and is not there */
    mk_err err;
    mk_error error;
} mk_copy;

void mk_copy_work(mk_job *job);

#endif
