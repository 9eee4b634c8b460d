/* walk.h: the members of a release that exists, as loads, shard by shard. */
#ifndef MK_WALK_H
#define MK_WALK_H

#include "release/container.h"
#include "release/feed.h"
#include "release/manifest.h"

typedef struct mk_walk {
    mk_container *c;
    const mk_manifest *m;
    mk_feed *feed;
    /* All loads of this part have come back; may be NULL. */
    mk_err (*part_done)(void *arg, size_t part, mk_error *reterr);
    void *arg;
} mk_walk;

/* Reads and checks the manifest of c, and that the digest in SHA256SUMS is its own.
 * *text: its bytes. *ret must be cleared either way. MK_MISMATCH. */
mk_err mk_walk_manifest(mk_container *c, mk_manifest *ret, mk_buf *text, mk_error *reterr);

/* The names of shards are what pack would give them. MK_MISMATCH. */
mk_err mk_walk_names(const mk_manifest *m, mk_error *reterr);

/* True if name is a file of that release. */
bool mk_walk_lists(const mk_manifest *m, const char *name);

/* Pushes all members of all parts, one load each: part and offset (the member's number)
 * are set. */
mk_err mk_walk_parts(const mk_walk *walk, mk_error *reterr);

#endif
