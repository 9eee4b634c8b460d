/* outputs.h: what a run writes: documents, ledger and rejects, into one file each or into
 * a folder of shards with a journal. Both can be put back to a mark; a folder can be
 * opened again by a later run, at the last mark in its journal.
 *
 * All kinds are cut at the same place, so that shard i of each speaks of the same
 * records. The order of what happens on disk at a checkpoint is: parts synced, line of
 * the journal synced, final names given to the shards that were closed before it. */
#ifndef MK_OUTPUTS_H
#define MK_OUTPUTS_H

#include "base/digest.h"
#include "base/pool.h"
#include "outputs/gate.h"
#include "outputs/checkpoint.h"
#include "outputs/spec.h"

typedef struct mk_outputs mk_outputs;

/* spec->codec is set. MK_EXISTS: an output is there already, or in use. The folder is
 * locked now; nothing is written yet. */
mk_err mk_outputs_open(mk_spec *spec, mk_pool *pool, mk_outputs **ret, mk_error *reterr);

bool mk_outputs_in_folder(const mk_outputs *outputs);

/* Begins the run, or reads how far an earlier one came. counts: of each input, filled in.
 * *ret_sure, *ret_last: the last mark before which nothing unverified was read, and the
 * last of all; line 0: the run begins. *ret_done: it had come to its end. The files are as
 * they were at *ret_last. gate: filled in; NULL without one. */
mk_err mk_outputs_begin(mk_outputs *outputs, mk_input_counts *counts, mk_gate *gate,
                        mk_checkpoint *ret_sure, mk_checkpoint *ret_last, bool *ret_done,
                        mk_error *reterr);

bool mk_outputs_want(const mk_outputs *outputs, mk_out kind);

/* A document of len bytes comes: a new shard begins if it does not fit. */
mk_err mk_outputs_make_room(mk_outputs *outputs, size_t len, mk_error *reterr);
mk_err mk_outputs_put(mk_outputs *outputs, mk_out kind, uint64_t seq, mk_str line,
                      mk_error *reterr);

/* The gate remembers this document from now on. */
mk_err mk_outputs_key(mk_outputs *outputs, mk_digest digest, uint64_t seq, mk_error *reterr);

/* Sends on what there is, so that all that was put can be waited for. */
mk_err mk_outputs_flush(mk_outputs *outputs, mk_error *reterr);

/* To be called when a block was written. */
mk_err mk_outputs_collect(mk_outputs *outputs, mk_error *reterr);

/* ---- with no block under way ---- */

/* Takes a checkpoint. end, at, unit, seq, summary, tallies, input and, of a mark that is not
 * sure, since are set; the rest is filled in. counts: of each input. */
mk_err mk_outputs_mark(mk_outputs *outputs, mk_checkpoint *mark, bool sure,
                       const mk_input_counts *counts, mk_error *reterr);

/* Everything since the mark is taken back. */
mk_err mk_outputs_rewind(mk_outputs *outputs, const mk_checkpoint *mark, mk_error *reterr);

/* The final name of the one file of that kind appears. */
mk_err mk_outputs_commit(mk_outputs *outputs, mk_out kind, mk_error *reterr);

/* The folder is whole: a mark with `end` was taken. report: what stands in run.json. */
mk_err mk_outputs_finish(mk_outputs *outputs, mk_str report, mk_error *reterr);

uint64_t mk_outputs_bytes(const mk_outputs *outputs, const mk_checkpoint *mark); /* of documents */
uint64_t mk_outputs_shard(const mk_outputs *outputs); /* that is being written */

/* All shards that were closed. Lent till the next mark. */
const mk_shard *mk_outputs_closed(const mk_outputs *outputs, size_t *ret_n);
mk_str mk_outputs_spec(const mk_outputs *outputs);       /* as mk_spec_put wrote it */
const char *mk_outputs_where(const mk_outputs *outputs); /* the folder; "" without one */

void mk_outputs_close(mk_outputs *outputs); /* takes NULL */

#endif
