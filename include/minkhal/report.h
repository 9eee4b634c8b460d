/* report.h: what a corpus is like: figures over its texts, what changed between
 * two of them, how often a removal was wrong, and what a run did, as attributes and as
 * a page for people. Reads what mk_clean reads and writes; a corpus may also be the
 * folder of a run or of a release. What options need is marked as in minkhal.h. */
#ifndef MINKHAL_REPORT_H
#define MINKHAL_REPORT_H

#include "minkhal/minkhal.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- figures over texts ---- */

enum { MK_HISTOGRAM_BINS = 65 };

/* Values by their size: bin 0 counts zeros, bin i values from 2^(i-1) on. */
typedef struct mk_histogram {
    uint64_t n, sum, min, max; /* min and max: 0 if n is */
    uint64_t bins[MK_HISTOGRAM_BINS];
} mk_histogram;

MK_API void mk_histogram_put(mk_histogram *to, uint64_t value);
MK_API void mk_histogram_add(mk_histogram *to, const mk_histogram *from);

/* A value that permille of the values do not exceed: as near as the bins tell, never
 * outside [min, max]. */
MK_API uint64_t mk_histogram_quantile(const mk_histogram *histogram, unsigned permille);

typedef enum mk_script {
    MK_SCRIPT_ARABIC,
    MK_SCRIPT_LATIN,
    MK_SCRIPT_CYRILLIC,
    MK_SCRIPT_GREEK,
    MK_SCRIPT_HEBREW,
    MK_SCRIPT_HAN,
    MK_SCRIPT_OTHER,
    MK_SCRIPT_COUNT
} mk_script;

typedef enum mk_sign {
    MK_TEXT_SIGN_TASHKEEL,       /* U+064B to U+0652, U+0670 */
    MK_TEXT_SIGN_TATWEEL,        /* U+0640 */
    MK_TEXT_SIGN_ASCII_DIGITS,   /* 0 to 9 */
    MK_TEXT_SIGN_ARABIC_DIGITS,  /* U+0660 to U+0669 */
    MK_TEXT_SIGN_PERSIAN_DIGITS, /* U+06F0 to U+06F9 */
    MK_TEXT_SIGN_FORMS,          /* presentation forms: U+FB50 to U+FDFF, U+FE70 to U+FEFE */
    MK_TEXT_SIGN_INVISIBLE,      /* see mk_is_invisible */
    MK_TEXT_SIGN_COUNT
} mk_sign;

MK_API const char *mk_script_name(mk_script script); /* "Arabic", ... */
MK_API const char *mk_sign_name(mk_sign sign);       /* "tashkeel", ... */

typedef struct mk_share {
    uint64_t characters; /* code points */
    uint64_t docs;       /* documents: of a sign, that have one; of a script, most of
                            whose letters are of it */
} mk_share;

/* A name and what was counted of it. */
typedef struct mk_top {
    mk_str name;
    uint64_t n[4]; /* sites, languages: documents, letters. rules: as mk_tally: lines,
                      spans, documents, letters */
} mk_top;

/* Names by n[0], the greatest first, then by name. Where there were too many, the
 * rare ones are forgotten: any n[0] may be short by `missed`. */
typedef struct mk_tops {
    const mk_top *items;
    size_t n;
    uint64_t missed;
} mk_tops;

typedef struct mk_stats {
    uint64_t n_docs, n_rejected, n_skipped; /* records */
    uint64_t n_empty;                       /* documents without a letter */
    uint64_t n_no_site;                     /* documents that no site could be told of */
    uint64_t bytes, letters, words, lines;  /* of texts; blank lines left out */
    mk_histogram doc_letters, doc_words;
    mk_share scripts[MK_SCRIPT_COUNT], signs[MK_TEXT_SIGN_COUNT];
    uint64_t n_detected; /* documents whose language is what their text shows: the
                            record does not say */
    mk_tops languages;   /* "" where it could not be told */
    mk_tops sites;
    mk_tops rules; /* "filter/rule": of summaries and ledgers */
    /* Equal texts, counted over the documents whose digest begins with sample_bits
     * zero bits; sample_bits 0: over all. */
    unsigned sample_bits;
    uint64_t sampled, sampled_distinct;
    uint64_t n_merged;                    /* files of statistics and summaries */
    uint64_t n_sources, n_damaged, n_bad; /* of this run alone: as mk_summary; rejected */
    bool no_text;                         /* so */
    struct mk_stats_memory *memory;       /* owns all of it */
} mk_stats;

typedef struct mk_stats_options {
    /* Needed. As mk_clean; also folders of runs and releases, ledgers, and files that end in
     * .json: statistics as mk_stats_json writes them, which are added, and summaries
     * of runs, whose rules are. */
    const char *const *inputs; /* n_inputs of them */
    size_t n_inputs;
    mk_selection select;
    const char *text_field, *id_field, *charset; /* as mk_clean */
    unsigned threads;                            /* so */
    uint64_t max_doc;
    const volatile sig_atomic_t *stop;
    void (*on_progress)(void *arg, const mk_progress *progress);
    void (*on_message)(void *arg, const char *text);
    void *arg;
} mk_stats_options;

/* Reads all inputs and counts. MK_OK even where records were rejected or inputs
 * damaged: what could be read of them counts. *ret must be cleared either way. */
MK_API mk_err mk_stats_run(const mk_stats_options *options, mk_stats *ret, mk_error *reterr);
MK_API void mk_stats_clear(mk_stats *stats);

/* The figures as JSON (docs/FORMATS.md), LF at the end; *ret lent as mk_doc_text.
 * Added up by mk_stats_run they are those of the whole. False if out of memory. */
MK_API bool mk_stats_json(const mk_stats *stats, mk_scratch *scratch, mk_str *ret);

/* ---- what changed between two corpora ---- */

typedef enum mk_diff_kind { MK_DIFF_ADDED, MK_DIFF_REMOVED, MK_DIFF_CHANGED } mk_diff_kind;

/* A line of a sample: '+' NEW alone has it, '-' OLD alone, ' ' both, '.' stands for
 * lines that are not shown. Long lines are cut. */
typedef struct mk_diff_line {
    char sign;
    mk_str text;
} mk_diff_line;

typedef struct mk_diff_sample {
    mk_diff_kind kind;
    mk_str id, url;
    const mk_diff_line *lines; /* n_lines of them */
    size_t n_lines;
} mk_diff_sample;

typedef struct mk_diff {
    uint64_t n_old, n_new; /* documents */
    uint64_t n_added, n_removed, n_changed, n_same;
    /* Of changed documents lines are compared: of all, or of a sample of them. */
    uint64_t n_compared, lines_added, lines_removed;
    uint64_t n_rejected, n_damaged; /* of both */
    mk_tops sites;                  /* n: documents that differ, added, removed, changed */
    mk_tops reasons; /* n[0]: removed documents, by what the ledger of NEW says of them */
    mk_tops rules;   /* n: edits in both, in OLD, in NEW, by summaries or ledgers */
    const mk_diff_sample *samples; /* n_samples of them: added, removed, changed */
    size_t n_samples;
    struct mk_diff_memory *memory; /* owns all of it */
} mk_diff;

typedef struct mk_diff_options {
    const char *old_path, *new_path;     /* needed: files or folders: as mk_stats, but not "-" */
    const char *old_ledger, *new_ledger; /* files or NULL; folders of runs have their own */
    const char *text_field, *id_field;   /* as mk_clean */
    uint64_t memory;  /* bytes for the table of documents, 32 each; what does not fit is
                          compared in parts, each of which reads both again. 0: 512 MiB */
    uint64_t seed;    /* of samples */
    size_t n_samples; /* of each kind */
    unsigned threads;
    const volatile sig_atomic_t *stop;
    void (*on_progress)(void *arg, const mk_progress *progress);
    void (*on_message)(void *arg, const char *text);
    void *arg;
} mk_diff_options;

/* Compares the texts of documents of one id. Where an id is there several times, the
 * first stands for the first. *ret must be cleared either way. */
MK_API mk_err mk_diff_run(const mk_diff_options *options, mk_diff *ret, mk_error *reterr);
MK_API void mk_diff_clear(mk_diff *diff);

/* ---- how often a removal was wrong ---- */

typedef enum mk_judgement {
    MK_JUDGED_RIGHT,  /* it is no content */
    MK_JUDGED_WRONG,  /* content was lost */
    MK_JUDGED_UNSURE, /* counts for neither */
    MK_JUDGED_COUNT
} mk_judgement;

/* A removal that a person is to judge. */
typedef struct mk_audit_case {
    mk_str id;             /* of the document */
    uint64_t doc, src;     /* its number in the ledger, and where the removal began */
    mk_str rule, evidence; /* "filter/rule" */
    uint64_t population;   /* removals by this rule */
    mk_str removed;
    mk_str before, after; /* the kept text around it, at most two lines of each */
    bool whole;           /* nothing of the document was kept */
} mk_audit_case;

typedef struct mk_audit {
    const mk_audit_case *cases; /* n_cases of them, those already judged left out */
    size_t n_cases, n_judged;
    uint64_t population;     /* removals in the ledger that have a letter or digit in them */
    struct mk_arena *memory; /* owns all of it */
} mk_audit;

typedef struct mk_audit_options {
    const char *const *inputs; /* needed: a ledger and what was cleaned, or the folder of a run */
    size_t n_inputs;
    const char *verdicts; /* a file of verdicts that there may be, or NULL */
    size_t n_sample;
    uint64_t seed;
    const volatile sig_atomic_t *stop; /* as mk_clean */
} mk_audit_options;

/* Draws removals at random, about as many of each rule. The same seed draws the same.
 * MK_MISMATCH if ledger and documents do not belong together. */
MK_API mk_err mk_audit_draw(const mk_audit_options *options, mk_audit *ret, mk_error *reterr);
MK_API void mk_audit_clear(mk_audit *audit);

/* A verdict as a line of the file of verdicts, LF at its end; lent as mk_doc_text. */
MK_API bool mk_audit_line(const mk_audit_case *c, mk_judgement judgement, mk_scratch *scratch,
                          mk_str *ret);

/* Verdicts on one rule. The rate is that of wrong ones among right and wrong; low and
 * high bound it with 95 % confidence (Wilson). */
typedef struct mk_audit_rate {
    mk_str rule;
    uint64_t population;
    uint64_t judged[MK_JUDGED_COUNT];
    double rate, low, high;
} mk_audit_rate;

typedef struct mk_audit_report {
    mk_audit_rate all;          /* rules weighted by their populations; those without
                                   a verdict left out */
    const mk_audit_rate *rules; /* n_rules of them, by population */
    size_t n_rules;
    struct mk_arena *memory; /* owns all of it */
} mk_audit_report;

/* Reads a file of verdicts; path is needed. Of several on one removal the last counts. MK_DAMAGED. */
MK_API mk_err mk_audit_read(const char *path, mk_audit_report *ret, mk_error *reterr);
MK_API void mk_audit_report_clear(mk_audit_report *report);

/* The interval of Wilson for `wrong` of n, which need not be whole. z is 1.96. */
MK_API void mk_wilson(double wrong, double n, double *ret_low, double *ret_high);

/* ---- what was changed, as attributes of Dolma ---- */

typedef struct mk_attributes_options {
    const char *cleaned, *ledger;      /* needed: paths, of one run */
    const char *output;                /* needed: path: JSONL; the codec by its name */
    bool force;                        /* replace an output that exists */
    const volatile sig_atomic_t *stop; /* as mk_clean */
} mk_attributes_options;

/* A line for each document of cleaned, in its order: its spans by rule (docs/
 * FORMATS.md). *ret_docs: how many. MK_MISMATCH as mk_restore. */
MK_API mk_err mk_attributes(const mk_attributes_options *options, uint64_t *ret_docs,
                            mk_error *reterr);

/* ---- what a run did, as a page ---- */

typedef struct mk_report_options {
    const char *cleaned,
        *ledger;        /* paths: of one run; cleaned is needed. ledger NULL: its folder, or that of
                                          a release with its ledger */
    const char *output; /* needed: path or "-": one HTML page */
    const char *title;  /* NULL: one of ours */
    const char *command;               /* how it was made, for its foot; may be NULL */
    uint64_t seed;                     /* of the samples */
    size_t max_samples;                /* of each rule */
    size_t max_sites;                  /* rows of the table of sites */
    bool force;                        /* replace an output that exists */
    const volatile sig_atomic_t *stop; /* as mk_clean */
} mk_report_options;

/* Counts what a run did, by its output and ledger, and writes it as a page for
 * people. *ret_docs: records. Memory is for names and samples, not for texts.
 * MK_MISMATCH as mk_restore. */
MK_API mk_err mk_report(const mk_report_options *options, uint64_t *ret_docs, mk_error *reterr);

#ifdef __cplusplus
}
#endif

#endif
