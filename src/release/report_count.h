/* report_count.h: what a run did, counted from its output and ledger: the figures
 * and samples of a report. Letters are counted, marks and signs are not. */
#ifndef MK_REPORT_COUNT_H
#define MK_REPORT_COUNT_H

#include "base/intern.h"
#include "release/census.h"
#include "run/pairs.h"

enum {
    MK_REPORT_BINS = 24,         /* of lengths: 1, 2, 5, 10, 20 ... letters and more */
    MK_REPORT_CONTEXT = 3,       /* lines around a sample, on either side */
    MK_REPORT_LINES = 12,        /* of a sample, that are shown */
    MK_REPORT_VERDICTS = 5,      /* as mk_verdict */
    MK_REPORT_MAX_REASONS = 100, /* told apart; the others count together */
    MK_REPORT_MAX_SITES = 100000 /* likewise */
};

/* A line of the page around a sample, or the part of a line that was changed. */
typedef enum mk_report_part {
    MK_REPORT_KEPT,
    MK_REPORT_GONE,   /* also removed, by another rule */
    MK_REPORT_SAMPLE, /* what the sample is of, or the same rule took: as it was read */
    MK_REPORT_NOW,    /* and what stands there now; empty if nothing */
    MK_REPORT_BREAK,  /* a line ends */
    MK_REPORT_GAP     /* in digits: how many lines that were removed are not shown */
} mk_report_part;

typedef struct mk_report_piece {
    mk_report_part part;
    mk_str text;
} mk_report_piece;

/* On either side lines, a gap and a kept line; lines or one that was changed; a gap. */
enum { MK_REPORT_PIECES = 2 * (2 * MK_REPORT_CONTEXT + 3) + 2 * MK_REPORT_LINES + 1 };

/* A removal or change in its place; of a document that is for review no pieces. */
typedef struct mk_report_sample {
    uint64_t key; /* the samples of a rule are those with the smallest keys */
    uint64_t doc; /* number of the record, from 1: each has one sample of a rule */
    mk_str id, evidence;
    mk_report_piece pieces[MK_REPORT_PIECES]; /* n_pieces of them */
    size_t n_pieces;
    char *memory; /* owns all text */
} mk_report_sample;

typedef struct mk_report_samples {
    mk_report_sample *items; /* n of them, by key; owned */
    size_t n;
} mk_report_samples;

typedef struct mk_report_rule {
    mk_str filter, rule;
    uint64_t docs;     /* documents in which it did something */
    uint64_t lines;    /* whole lines removed */
    uint64_t changes;  /* other edits */
    int64_t letters;   /* fewer than before */
    uint64_t reviews;  /* written documents that it asks a person to look at */
    uint64_t last;     /* number of the record it did something in last, from 1 */
    uint64_t reviewed; /* and of the last for review */
    mk_report_samples samples, for_review;
} mk_report_rule;

typedef struct mk_report_site {
    mk_str name; /* empty: sites beyond MK_REPORT_MAX_SITES */
    uint64_t docs, letters_in, letters_out, lines;
} mk_report_site;

/* Why records are no documents. */
typedef struct mk_report_reason {
    mk_str text;
    mk_verdict verdict;
    uint64_t records;
} mk_report_reason;

typedef struct mk_report_count {
    uint64_t seed;
    size_t max_samples;
    mk_census_table table;
    mk_arena *arena; /* of names */
    uint64_t docs;   /* records */
    uint64_t verdicts[MK_REPORT_VERDICTS];
    uint64_t review;
    uint64_t bytes_in, bytes_out;     /* of text */
    uint64_t letters_in, letters_out; /* of texts that were read and written */
    uint64_t lengths_in[MK_REPORT_BINS], lengths_out[MK_REPORT_BINS]; /* documents */
    mk_intern rule_names, site_names, reason_names;
    mk_report_rule *rules;     /* rule_names.n of them */
    mk_report_site *sites;     /* site_names.n of them, or one more */
    mk_report_reason *reasons; /* reason_names.n of them */
    size_t size_rules, size_sites, size_reasons;
    uint64_t n_sites_left; /* documents of sites beyond the bound */
} mk_report_count;

/* Starts *ret, which must be cleared. MK_NOMEM. */
mk_err mk_report_count_open(uint64_t seed, size_t max_samples, mk_report_count *ret,
                            mk_error *reterr);

/* Adds a record. Memory for it comes from scratch, which the caller
 * resets. MK_NOMEM; MK_MISMATCH for edits that are no ledger's. */
mk_err mk_report_count_add(mk_report_count *count, const mk_pair *pair, mk_arena *scratch,
                           mk_error *reterr);
void mk_report_count_clear(mk_report_count *count);

/* The bin of a length, and the least length of a bin. */
size_t mk_report_bin(uint64_t letters);
uint64_t mk_report_bin_least(size_t bin);

#endif
