/* checkpoint.h: a state that a run can be put back into: where it stands in its inputs, what
 * its files hold, what it has counted. Kept in memory to take back what came of a
 * damaged unit, and in the journal to go on after the run was stopped or killed. */
#ifndef MK_CHECKPOINT_H
#define MK_CHECKPOINT_H

#include "base/checksum.h"
#include "base/json.h"
#include "outputs/folder.h"
#include "read/source.h"
#include "chain/tally.h"

/* A shard: closed, or as far as it is written. */
typedef struct mk_shard {
    mk_shard_id id;
    uint64_t bytes;   /* as stored; 0: there is no file yet */
    uint64_t text;    /* bytes of the lines in it */
    uint64_t records; /* lines */
    uint64_t first;   /* number (seq) of the first record in it */
    char sha256[MK_SHA256_HEX + 1], text_sha256[MK_SHA256_HEX + 1];
} mk_shard;

/* What became of one input's records. */
typedef struct mk_input_counts {
    uint64_t in, written, filtered, duplicate, rejected, skipped;
    uint64_t damaged; /* of its sources */
} mk_input_counts;

typedef struct mk_checkpoint {
    bool end;        /* all inputs are read */
    mk_position at;  /* of the next record */
    uint64_t unit;   /* that it was taken for, in file at.file; MK_NO_UNIT: none */
    uint64_t seq;    /* of the next record */
    uint64_t shard;  /* that is being written */
    uint64_t n_keys; /* digests of documents that --dedup remembers */
    mk_shard open[MK_N_OUTS];
    size_t n_closed;       /* shards closed before */
    mk_summary summary;    /* without tallies */
    mk_tallies tallies;    /* owned */
    mk_input_counts input; /* of at.file */
    uint64_t line;         /* of the journal; 0: none */
    uint64_t since;        /* the line of the last mark for which nothing unverified had been
                         read; its own line if it is one */
} mk_checkpoint;

mk_err mk_checkpoint_init(mk_checkpoint *mark, const mk_chain *chain, mk_error *reterr);
void mk_checkpoint_copy(mk_checkpoint *to, const mk_checkpoint *from); /* both initialised */
void mk_checkpoint_clear(mk_checkpoint *mark);

/* ---- as a line of the journal ---- */

/* What happened since the mark before. */
typedef struct mk_news {
    const mk_shard *closed; /* n_closed of them */
    size_t n_closed;
    uint64_t first_input;          /* inputs are those from here */
    const mk_input_counts *inputs; /* n_inputs of them */
    size_t n_inputs;
} mk_news;

void mk_shard_put(const mk_shard *shard, mk_buf *out);

/* The reverse; false: value is no such object. */
bool mk_shard_read(mk_json_value value, mk_shard *ret);

/* Appends the members of the journal's line. */
void mk_checkpoint_put(const mk_checkpoint *mark, const mk_news *news, mk_buf *out);

/* Who is told of the news of a line. */
typedef struct mk_news_reader {
    mk_err (*closed)(void *arg, const mk_shard *shard);
    mk_err (*input)(void *arg, uint64_t number, const mk_input_counts *counts);
    void *arg;
} mk_news_reader;

/* Reads a line into *ret, which is initialised, or {0}: then no rules are read. n_closed,
 * line and input are not in it: the caller knows. MK_MISMATCH: not such a line; *ret is
 * void. */
mk_err mk_checkpoint_read(mk_str line, const mk_news_reader *news, mk_checkpoint *ret,
                          mk_error *reterr);

#endif
