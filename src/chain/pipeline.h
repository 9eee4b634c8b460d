/* pipeline.h: all filters over documents. Pure: what becomes of a batch depends
 * on its records, the chain and the options alone. */
#ifndef MK_PIPELINE_H
#define MK_PIPELINE_H

#include <signal.h>

#include "base/digest.h"
#include "base/pool.h"
#include "read/reader.h"
#include "chain/chain.h"
#include "chain/tally.h"
#include "write/schema.h"

enum {
    MK_BATCH_DOCS = 256,        /* records: more do not share an arena better */
    MK_BATCH_BYTES = 128 << 10, /* bytes of records: what is made of them takes twenty times
                                   as much, and most of the memory of a run */
    MK_BATCH_LINE = MK_BUF_MAX - (32 << 20) /* bytes of a line: a block of the file fits a
                                   buffer with it, and so does what a codec makes of that */
};

/* A record on its way to be a document. */
typedef struct mk_item {
    const mk_reader *reader;
    mk_str bytes;      /* of the record, in the batch's arena */
    uint64_t file;     /* number of the input that it is from */
    mk_str where;      /* for messages: path, or path!member */
    mk_doc doc;        /* seq, number, source and the default id are set */
    size_t out_end;    /* of its line in the batch's out */
    size_t ledger_end; /* and in its ledger */
    mk_digest digest;  /* of the written text, if the batch wants it */
    mk_doc_counts counts;
} mk_item;

typedef struct mk_batch {
    mk_job job; /* must be first: the pool hands it back */
    const mk_chain *chain;
    const mk_read_options *read;
    const mk_schema *schema; /* of the output */
    bool want_ledger, want_digest;
    const volatile sig_atomic_t *stop; /* lent; looked at before each step; or NULL */
    mk_arena *arena;
    mk_item items[MK_BATCH_DOCS];
    size_t n_items, n_bytes;
    size_t max_line; /* bytes of a line of out or ledger: a document with a longer one is
                        rejected. MK_BATCH_LINE */
    mk_buf out, ledger;
    mk_tallies tallies;
    mk_err err; /* MK_NOMEM, MK_BUG or MK_STOPPED: nothing of the batch may be written */
    mk_error error;
} mk_batch;

/* Runs segment and all steps of the chain over a parsed document. MK_NOMEM. */
mk_err mk_pipeline_run(const mk_chain *chain, mk_doc *doc, mk_arena *arena);

/* The job of a batch: parse, run, encode each of its items. */
void mk_pipeline_work(mk_job *job);

#endif
