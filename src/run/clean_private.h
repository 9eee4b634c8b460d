/* clean_private.h: a run of mk_clean, for the two files that are it. */
#ifndef MK_CLEAN_PRIVATE_H
#define MK_CLEAN_PRIVATE_H

#include "run/messages.h"
#include "outputs/outputs.h"
#include "outputs/outfile.h"
#include "chain/pipeline.h"

typedef struct mk_run {
    const mk_chain *chain;
    mk_clean_options options; /* with the defaults filled in */
    mk_read_options read;
    mk_inputs inputs;
    mk_input_counts *counts; /* owned: of each input */
    mk_spec spec;
    const mk_schema *schema;
    mk_pool *pool;
    mk_gate *gate;
    mk_outputs *outputs;
    mk_outfile *report;     /* of one file: the summary; or NULL */
    mk_outfile *attributes; /* so; or NULL */
    mk_batch **all;         /* n_all batches, of n_batches at most */
    mk_batch **spare;       /* those of them that are not in use */
    size_t n_all, n_spare, n_batches;
    mk_batch *current;               /* being filled */
    uint64_t n_working, max_working; /* bytes of records in the pool; as many as may be */
    mk_summary *summary;
    mk_tallies tallies;
    mk_checkpoint sure; /* what a damage goes back to; its unit: MK_NO_UNIT if to nothing */
    mk_checkpoint last; /* the last that was taken */
    uint64_t n_bytes, n_records; /* read since then */
    uint64_t seq;                /* of the next record */
    mk_messages messages;        /* of bad records */
    mk_progress progress;
    mk_source_place place; /* that it names */
    mk_error *reterr;
} mk_run;

/* ---- clean_batch.c ---- */

/* An empty batch to fill, or NULL: no memory. */
mk_batch *mk_run_new_batch(mk_run *run);
void mk_run_free_batch(mk_batch *batch); /* takes NULL */

/* Passes a finished batch through the gate, counts it and writes it; it is spare then. */
mk_err mk_run_finish_batch(mk_run *run, mk_batch *batch);

void mk_run_tell(const mk_run *run, const char *text);
void mk_run_show_progress(mk_run *run);

#endif
