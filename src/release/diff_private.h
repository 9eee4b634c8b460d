/* diff_private.h: what the steps of a comparison share (diff.c, diff_sample.c). */
#ifndef MK_DIFF_PRIVATE_H
#define MK_DIFF_PRIVATE_H

#include "base/intern.h"
#include "release/corpus.h"
#include "release/scan.h"
#include "release/tops.h"

typedef struct entry {
    uint64_t high, low; /* of the id */
    uint64_t text;
    uint32_t seq;
    uint32_t site; /* a number of names; 0: none or forgotten */
} entry;

typedef struct side {
    mk_corpus corpus;
    entry *entries; /* n of them, owned */
    size_t n, size;
    uint64_t n_docs;
} side;

/* A document of a sample. Those of the lowest priority stay. */
typedef struct pick {
    uint64_t priority, high, low;
    uint32_t old_seq, new_seq;
    mk_diff_kind kind;
    bool shown; /* as a sample; else lines are compared only */
    mk_str id, url, old_text, new_text;
    const uint64_t *old_lines, *new_lines;
    size_t n_old_lines, n_new_lines;
} pick;

typedef struct picks {
    pick *items; /* n of them, owned */
    size_t n, size, max;
} picks;

struct mk_diff_memory {
    mk_top_table *sites, *reasons, *rules;
    mk_arena *arena; /* of samples */
};

typedef struct differ {
    const mk_diff_options *options;
    mk_diff *diff;
    side sides[2]; /* old, new */
    size_t max_entries;
    unsigned bits; /* of parts */
    uint64_t part;
    mk_intern names; /* of sites */
    mk_arena *name_arena;
    picks kinds[3]; /* by mk_diff_kind */
    mk_error *reterr;
} differ;

/* Reads all documents of a side. first: what is wrong with them is told and counted. */
mk_err mk_diff_scan(differ *d, const side *s, size_t result_size,
                    bool (*work)(const void *, const mk_doc *, mk_arena *, void *),
                    mk_err (*take)(void *, const mk_doc *, const void *, mk_error *), void *arg,
                    bool first);

/* A document that differs, for the samples. */
mk_err mk_diff_pick(picks *p, const pick *item, mk_error *reterr);

/* How many are wanted of each kind. */
void mk_diff_pick_limits(differ *d);

/* Reads the texts that were picked, compares their lines, makes the samples. */
mk_err mk_diff_samples(differ *d);

mk_err mk_diff_nomem(mk_error *reterr);

#endif
