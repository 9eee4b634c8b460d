/* volumes.h: the data files of a release while they are made: documents of each split
 * gathered to members, compressed in the pool, written one shard after the other. */
#ifndef MK_VOLUMES_H
#define MK_VOLUMES_H

#include "release/ids.h"
#include "release/load.h"
#include "release/manifest.h"

typedef struct mk_volumes mk_volumes;

typedef struct mk_volumes_options {
    const char *folder;      /* of the release being made */
    const mk_schema *schema; /* tells the folder of the data, which is there */
    const mk_splits *splits;
    mk_codec codec;
    int level;           /* 0: the codec's */
    uint64_t shard_size; /* bytes as stored: another member would make it more */
    mk_pool *pool;       /* lent till close */
    /* n documents of a split were written to that of its shards; NULL: nobody asks. */
    mk_err (*on_block)(void *arg, size_t split, size_t shard, uint64_t n, mk_error *reterr);
    void *arg;
} mk_volumes_options;

mk_err mk_volumes_open(const mk_volumes_options *options, mk_volumes **ret, mk_error *reterr);

/* Takes all documents of a load: its member as it is where that can be, else line by
 * line. copy: its member is of the right codec and level. */
mk_err mk_volumes_put(mk_volumes *shards, mk_load *load, bool copy, mk_error *reterr);

/* Sends on what there is of all splits. */
void mk_volumes_flush(mk_volumes *shards);

/* The shard that documents are put to ends here (takedown keeps the old bounds). */
mk_err mk_volumes_cut(mk_volumes *shards, size_t split, mk_error *reterr);

/* The pool gave a job back. True if it is one of ours; *reterr is set. */
bool mk_volumes_take(mk_volumes *shards, mk_job *job, mk_error *reterr);

/* With no job under way: the last shards are closed, all have their names, m has the
 * parts and counts, ids (which may be NULL) where each document is. MK_OPTION: a split
 * has no documents, unless may_lack. */
mk_err mk_volumes_finish(mk_volumes *shards, bool may_lack, mk_manifest *m, mk_ids *ids,
                         mk_error *reterr);
/* Members that were taken as they were. */
uint64_t mk_volumes_copied(const mk_volumes *volumes);
void mk_volumes_close(mk_volumes *shards); /* takes NULL */

/* "train-00000-of-00002.jsonl.gz" in the folder; n 0: while it is being written. */
int mk_volume_name(const char *folder, const char *split, size_t i, size_t n, mk_codec codec,
                   char *out, size_t size);

#endif
