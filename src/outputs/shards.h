/* shards.h: one kind of output, in one file or in shards of a folder, one after the
 * other. A shard is written under a name that ends in .part; its final name is given by
 * who knows when it may appear (outputs.h). */
#ifndef MK_SHARDS_H
#define MK_SHARDS_H

#include "outputs/checkpoint.h"
#include "outputs/outfile.h"

typedef struct mk_shards mk_shards;

typedef struct mk_shards_options {
    mk_out kind;
    mk_codec codec;
    int level;
    mk_pool *pool;           /* lent till close */
    const mk_folder *folder; /* lent till close; NULL: one file */
    const char *path;        /* of that file */
    bool force;
    const volatile sig_atomic_t *stop; /* lent till close */
} mk_shards_options;

mk_err mk_shards_open(const mk_shards_options *options, mk_shards **ret, mk_error *reterr);

/* Adds the line of record seq to the shard `index`, which is begun with its first line. */
mk_err mk_shards_put(mk_shards *shards, uint64_t index, uint64_t seq, mk_str line,
                     mk_error *reterr);

/* Records and bytes of lines in the shard that is being written. */
void mk_shards_filled(const mk_shards *shards, uint64_t *ret_records, uint64_t *ret_text);

/* No line comes to the shard that is being written. */
mk_err mk_shards_cut(mk_shards *shards, mk_error *reterr);

/* Sends on what there is, so that all that was put can be waited for. */
mk_err mk_shards_flush(mk_shards *shards, mk_error *reterr);

/* Closes the shards that were cut and are written by now. To be called now and then. */
mk_err mk_shards_collect(mk_shards *shards, mk_error *reterr);

/* ---- with no block under way ---- */

/* Syncs the shard that is being written, and says what it holds. */
mk_err mk_shards_mark(mk_shards *shards, mk_shard *ret, mk_error *reterr);

/* Takes the oldest shard that is cut, synced and closed. False: there is none. */
bool mk_shards_next(mk_shards *shards, mk_shard *ret);

/* What came after `open` is taken back; bytes 0: no shard is being written. In a folder
 * what is in the file is read and compared with its digests: MK_MISMATCH. */
mk_err mk_shards_rewind(mk_shards *shards, const mk_shard *open, mk_error *reterr);

/* Ends the one file: nothing is put to it any more. */
mk_err mk_shards_end(mk_shards *shards, mk_error *reterr);

/* The final name of the one file appears. */
mk_err mk_shards_commit(mk_shards *shards, mk_error *reterr);

void mk_shards_close(mk_shards *shards); /* takes NULL */

#endif
