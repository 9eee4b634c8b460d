/* minkhal.h: the whole tool as a library: what the command line and bindings
 * call. Everything is reachable from here; nothing prints, nothing exits,
 * nothing is kept in global variables. */
#ifndef MINKHAL_H
#define MINKHAL_H

#include <signal.h>

#include "minkhal/filter.h"

/* "0.1.0" */
MK_API const char *mk_version(void);

/* ---- chains: which filters run, in which order, with which options ---- */

typedef struct mk_chain mk_chain; /* const once open: any number of threads */

/* What to open. Later settings win: profile, then filters, then sets. */
typedef struct mk_chain_options {
    const char *profile;     /* a built-in name or a file; NULL: "web" */
    const char *filters;     /* "comments,share,tatweel" instead of the profile's
                            steps, or NULL. "name:option=value:..." sets options */
    const char *const *sets; /* "filter:option=value" each, n_sets of them */
    size_t n_sets;
} mk_chain_options;

/* Opens a chain. *ret is owned by the caller: mk_chain_close. MK_OPTION for an
 * unknown name or a bad value (the text names the nearest known one), for a
 * lexicon or profile file that cannot be read or parsed. */
MK_API mk_err mk_chain_open(const mk_chain_options *options, mk_chain **ret, mk_error *reterr);
MK_API void mk_chain_close(mk_chain *chain); /* takes NULL */

MK_API size_t mk_chain_length(const mk_chain *chain);
MK_API const mk_filter *mk_chain_filter(const mk_chain *chain, size_t step);

/* The chain in words, one step a line, each with all its options: what a
 * profile file would have to say. Lent while the chain is open. */
MK_API const char *mk_chain_text(const mk_chain *chain);

/* ---- what is built in ---- */

MK_API const mk_filter *const *mk_filters(void); /* NULL ends */

typedef struct mk_builtin {
    const char *name, *text; /* a text file; NULL name ends the list */
} mk_builtin;
MK_API const mk_builtin *mk_lexicons(void);
MK_API const mk_builtin *mk_profiles(void);

/* ---- clean ---- */

/* What one rule did over a run. Sorted by step, then rule. */
typedef struct mk_tally {
    const char *filter, *rule, *category; /* static */
    uint64_t lines;                       /* lines removed */
    uint64_t spans;                       /* spans changed inside kept lines */
    uint64_t docs;                        /* documents removed whole */
    uint64_t letters;                     /* letters in the removed lines */
} mk_tally;

typedef struct mk_summary {
    uint64_t n_in, n_written, n_filtered, n_duplicate, n_rejected; /* records */
    uint64_t n_sources;               /* files and archive members read */
    uint64_t n_damaged;               /* of those, damaged or unreadable */
    uint64_t n_review;                /* documents that a person should look at */
    uint64_t bytes_in;                /* as stored, compressed */
    uint64_t bytes_out;               /* as stored */
    uint64_t text_in, text_out;       /* text of documents, bytes of UTF-8 */
    uint64_t lines_in, lines_out;     /* blank lines left out */
    uint64_t letters_in, letters_out; /* of lines */
    mk_tally *tallies;                /* n_tallies of them, owned */
    size_t n_tallies;
} mk_summary;

MK_API void mk_summary_clear(mk_summary *summary);

typedef struct mk_progress {
    uint64_t bytes_in, total_bytes; /* stored; total 0: unknown */
    uint64_t n_in, n_written;       /* documents */
    uint64_t text_in, text_out;
    const char *source; /* being read */
} mk_progress;

typedef struct mk_clean_options {
    const char *const *inputs; /* paths and "-", n_inputs of them */
    size_t n_inputs;
    const char *output;                     /* path or "-"; the codec by its name */
    const char *ledger, *rejects, *summary; /* paths or NULL */
    const char *text_field, *id_field;      /* of JSONL; NULL: "text", "id" */
    const char *charset;                    /* of plain text: a label; NULL, "auto": by its bytes */
    unsigned threads;                       /* 0: as many as the machine runs */
    int level;                              /* of the codec; 0: its default */
    uint64_t max_doc;                       /* bytes of text of one record; 0: 64 MiB */
    bool dedup;                             /* documents whose cleaned text was seen go */
    bool force;                             /* replace outputs that exist */
    const volatile sig_atomic_t *stop;      /* set by a signal handler, or NULL */
    /* Called on the calling thread, now and then and at the end. May be NULL. */
    void (*on_progress)(void *arg, const mk_progress *progress);
    /* A reject or a damage: text without newline. May be NULL. */
    void (*on_message)(void *arg, const char *text);
    void *arg;
} mk_clean_options;

/* Reads all inputs, cleans, writes. *ret is filled in also on MK_STOPPED and
 * must be cleared. MK_OK even where records were rejected or inputs damaged:
 * the summary says how many. Other codes: nothing was written under a final
 * name. */
MK_API mk_err mk_clean(const mk_chain *chain, const mk_clean_options *options, mk_summary *ret,
                       mk_error *reterr);

/* ---- mine ---- */

typedef struct mk_mine_options {
    const char *const *inputs; /* as mk_clean; also files that mk_mine wrote */
    size_t n_inputs;
    const char *output;                  /* path or "-" */
    const char *text_field, *site_field; /* of JSONL; NULL: "text"; NULL: see mk_edit_site */
    uint64_t max_doc;                    /* bytes of text of one record; 0: 64 MiB */
    uint64_t memory;                     /* bytes for the counts; 0: 512 MiB */
    uint64_t min_pages;                  /* that a rule's line has; 0: 20, of counts 2 */
    unsigned min_share;                  /* percent of its site's pages; 0: 1 */
    bool counts;                         /* write what was counted, to be merged later */
    bool force;                          /* replace an output that exists */
    const volatile sig_atomic_t *stop;   /* as mk_clean */
    void (*on_progress)(void *arg, const mk_progress *progress);
    void (*on_message)(void *arg, const char *text);
    void *arg;
} mk_mine_options;

typedef struct mk_mine_summary {
    uint64_t n_in, n_rejected;     /* records */
    uint64_t n_no_site;            /* records that no site could be told of */
    uint64_t n_merged;             /* files of rules or counts */
    uint64_t n_sources, n_damaged; /* as mk_summary */
    uint64_t n_sites, n_lines;     /* sections and lines that were written */
    uint64_t missed;               /* pages by which any count may be short */
} mk_mine_summary;

/* Counts on how many pages of its site each line stands and writes those that
 * stand on many: a file for the option `rules` of the filter `sites`. MK_OK even
 * where records were rejected or inputs damaged: what was read of them counts. */
MK_API mk_err mk_mine(const mk_mine_options *options, mk_mine_summary *ret, mk_error *reterr);

/* ---- explain ---- */

/* Reads documents, runs the chain, shows each to `show` (until it returns
 * false) with all lines, marks and changes. Rejected records are shown too.
 * Uses inputs, text_field, id_field, charset, max_doc and on_message of options. */
MK_API mk_err mk_explain(const mk_chain *chain, const mk_clean_options *options,
                         bool (*show)(void *arg, const mk_doc *doc), void *arg, mk_error *reterr);

/* The text of a document as it would be written: kept lines joined by LF. Lent
 * till the next call with the same scratch, which starts as {0} and is freed
 * with free(scratch->ptr). False if out of memory. */
typedef struct mk_scratch {
    char *ptr;
    size_t size;
} mk_scratch;
MK_API bool mk_doc_text(const mk_doc *doc, mk_scratch *scratch, mk_str *ret);

/* ---- restore ---- */

typedef struct mk_restore_options {
    const char *cleaned, *ledger; /* paths; cleaned may be "-" */
    const char *output;           /* path or "-": JSONL of id and text */
    bool force;
    int level;
} mk_restore_options;

/* Rebuilds every input text. *ret_docs: how many. MK_MISMATCH if cleaned and
 * ledger do not belong together or a rebuilt text differs from what was read
 * (its digest is in the ledger). */
MK_API mk_err mk_restore(const mk_restore_options *options, uint64_t *ret_docs, mk_error *reterr);

/* ---- normalize: text.h, and for records ---- */

/* A JSONL record (members text, id and lang, as mk_clean reads them) as {"id",
 * "text"} with the text normalised. detect: the language is the record's, else
 * what the text shows, not that of options. Result as mk_doc_text. MK_RECORD: not
 * a document. */
MK_API mk_err mk_norm_record(mk_normalizer *normalizer, const mk_norm_options *options, bool detect,
                             mk_str record, mk_scratch *scratch, mk_str *ret, mk_error *reterr);

#endif
