/* outputs_private.h: the outputs of a run, for the two files that are them. */
#ifndef MK_OUTPUTS_PRIVATE_H
#define MK_OUTPUTS_PRIVATE_H

#include "outputs/journal.h"
#include "outputs/outputs.h"
#include "outputs/shards.h"

enum { MK_KEY = 24 /* bytes of a key: digest and number, little endian */ };

struct mk_outputs {
    const mk_spec *spec;
    mk_pool *pool;
    mk_folder *folder; /* owned; NULL: one file each */
    mk_journal *journal;
    mk_buf spec_text;
    mk_shards *kinds[MK_N_OUTS]; /* owned; NULL: not wanted */
    uint64_t shard;
    mk_shard *closed; /* owned: n_closed of them, max_closed at most */
    size_t n_closed, max_closed;
    size_t n_told;       /* of them, in the journal */
    size_t n_named;      /* of those, with their final names */
    uint64_t next_input; /* what became of inputs before it is in the journal for good */
    mk_sink *keys;       /* owned; NULL: without --dedup */
    mk_buf new_keys;     /* not in the file yet */
};

/* Takes over a shard that was closed. */
mk_err mk_outputs_add_closed(mk_outputs *outputs, const mk_shard *shard, mk_error *reterr);

/* Gives closed shards their final names. */
mk_err mk_outputs_name_closed(mk_outputs *outputs, mk_error *reterr);

mk_err mk_outputs_no_memory(mk_error *reterr);

#endif
