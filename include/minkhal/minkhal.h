/* minkhal.h: the tool as a library, as the command line and bindings call it: chains,
 * clean, mine, cat, explain, sweep, verify of runs, restore, normalize. Beside it, for who
 * includes them: report.h (report, stats, diff, audit, attributes) and release.h (pack,
 * verify of releases, get, takedown). Operations on text are in text.h, what a shown
 * document holds is in doc.h. Nothing prints, nothing exits, nothing is kept in global
 * variables.
 *
 * Of options all may be 0 but what is marked as needed: where that is NULL or empty, the
 * call returns MK_OPTION and names the member. */
#ifndef MINKHAL_H
#define MINKHAL_H

#include <signal.h>

#include "minkhal/filters.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of these headers; meson.build has the same, which tests compare. */
#define MK_VERSION_MAJOR 0
#define MK_VERSION_MINOR 1
#define MK_VERSION_PATCH 0

/* Of the library that was linked: "0.1.0" */
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
    uint64_t review;                      /* written documents that it asks a person to look at */
} mk_tally;

/* Records that one reason skipped: "request", "type image/png", "--url-list". */
typedef struct mk_skip {
    char name[64]; /* NUL ends */
    uint64_t records;
} mk_skip;

enum { MK_MAX_SKIPS = 40 /* reasons: the last stands for all that come after it */ };

typedef struct mk_summary {
    uint64_t n_in, n_written, n_filtered, n_duplicate, n_rejected, n_skipped; /* records */
    uint64_t n_sources;               /* files and archive members read */
    uint64_t n_damaged;               /* of those, damaged or unreadable */
    uint64_t n_review;                /* documents that a person should look at */
    bool no_text;                     /* records that come first in an input, ten or all, have
                                         no member for their text: text_field tells it */
    uint64_t bytes_in;                /* as stored, compressed */
    uint64_t bytes_out;               /* as stored */
    uint64_t text_in, text_out;       /* text of documents, bytes of UTF-8 */
    uint64_t lines_in, lines_out;     /* blank lines left out */
    uint64_t letters_in, letters_out; /* of lines */
    mk_skip skips[MK_MAX_SKIPS];      /* n_skips of them, as they came */
    size_t n_skips;
    mk_tally *tallies; /* n_tallies of them, owned */
    size_t n_tallies;
} mk_summary;

MK_API void mk_summary_clear(mk_summary *summary);

typedef struct mk_progress {
    uint64_t bytes_in, total_bytes; /* stored; total 0: unknown */
    uint64_t n_in, n_written;       /* documents */
    uint64_t text_in, text_out;     /* out 0: nothing is written */
    const char *source;             /* being read; lent for the call */
    uint64_t shard, n_checkpoints;  /* of a run into a folder */
} mk_progress;

/* Which documents are asked for, by what is known before their text is. Those left
 * out are skipped in the name of the option. NULL: as if it were not there. */
typedef struct mk_selection {
    const char *types;         /* of crawl files: "text/html,text/plain" */
    const char *statuses;      /* of HTTP in crawl files: "200,203,3xx"; NULL: "2xx" */
    const char *languages;     /* of crawl files, as the crawler found: "ara,fas" */
    const char *url_list;      /* a file of URLs, one a line */
    const char *exclude_hosts; /* a file of hosts, one a line, each with all below it */
    /* Which files of folders, and members of archives, that are inputs themselves: globs as of
     * fnmatch(3), byte by byte and * for / too, of the name inside that input or its last part.
     * Those that no glob of include (if any) or one of exclude is for are not read. */
    const char *const *include, *const *exclude; /* n_include, n_exclude of them */
    size_t n_include, n_exclude;
    bool follow_links; /* in folders read what links lead to, if that is a file: never a folder */
} mk_selection;

/* What an input may cost. Zeros stand for the defaults. */
typedef struct mk_limits {
    uint64_t max_ratio;    /* unpacked bytes for each stored one, where there are more than
                              64 MiB of them; 0: 1000 */
    uint64_t max_unpacked; /* bytes that an input may unpack to; 0: 1 TiB */
    unsigned max_depth;    /* codecs within one another; 0: 2 */
    bool allow_changing;   /* a file may change while it is read */
    bool salvage;          /* of a codec's unit (gzip member, zstd frame, ...) that is cut off
                              records are taken up to there: no check covers them */
} mk_limits;

/* Of max_doc: the text of a record lies in one buffer, and offsets in it are 32 bits. */
enum {
    MK_DEFAULT_MAX_DOC = 64 << 20, /* bytes: what 0 stands for */
    MK_LARGEST_MAX_DOC = 1 << 30   /* bytes: more is MK_OPTION */
};

enum { MK_MAX_THREADS = 256 /* of one call: more than any machine it was tried on */ };

typedef struct mk_clean_options {
    const char *const *inputs; /* needed: paths and "-", n_inputs of them. MK_DAMAGED of all calls
                                  that read them: they are folders, and there is no file in them */
    size_t n_inputs;
    uint64_t part, n_parts; /* read only the inputs of this part, from 1, of so many (docs/
                               FORMATS.md, Parts); 0 and 0: all */
    mk_selection select;
    bool verify_digests; /* of the records of crawl files */
    const char *
        output; /* needed by mk_clean: path or "-". A folder (the name ends in a slash, or there is one):
                   shards and a journal, docs/FORMATS.md */
    const char *schema;  /* of the output: flat, datatrove, ... (docs/FORMATS.md); NULL: flat */
    const char *codec;   /* "none", "gz", "gz-single" (one gzip member, for readers that stop
                   behind the first), "zst"; NULL: by the end of output, in a folder gz */
    uint64_t shard_size; /* of a folder: bytes of a shard, not compressed; 0: 256 MiB */
    uint64_t shard_docs; /* documents of a shard; 0: any number */
    uint64_t checkpoint; /* bytes of records from one checkpoint to the next; 0: 32 MiB */
    bool resume;         /* go on where an earlier run into the folder was stopped */
    const char *ledger, *rejects;      /* paths or NULL; in a folder "auto" or NULL */
    const char *summary;               /* path or NULL; NULL for a folder: it has its own */
    const char *attributes;            /* so: as mk_attributes makes them of output and ledger,
                                          which have to be files */
    const char *text_field, *id_field; /* of JSONL; NULL: see docs/FORMATS.md */
    const char *html_field;            /* of JSONL: the member with a page of HTML, which is read
                                          as a file of HTML is; not beside text_field; NULL: none */
    const char *charset;               /* of plain text: a label; NULL, "auto": by its bytes */
    unsigned threads;                  /* 0: as many as the machine runs; at most MK_MAX_THREADS,
                                          which is what more stands for */
    int level;                         /* of the codec; 0: its default */
    uint64_t max_doc;                  /* bytes of one record; 0: MK_DEFAULT_MAX_DOC */
    mk_limits limits;                  /* of each input */
    uint64_t memory;                   /* bytes that the run keeps below; 0: no ceiling */
    bool dedup;                        /* documents whose cleaned text was seen go */
    bool force;                        /* replace outputs that exist */
    const volatile sig_atomic_t *stop; /* set by a signal handler, or NULL */
    /* Called on the calling thread, now and then and at the end. May be NULL. */
    void (*on_progress)(void *arg, const mk_progress *progress);
    /* A reject or a damage: text without newline. May be NULL. */
    void (*on_message)(void *arg, const char *text);
    void *arg;
} mk_clean_options;

/* Reads all inputs, cleans, writes. *ret is filled in also on MK_STOPPED and
 * must be cleared. MK_OK even where records were rejected or inputs damaged:
 * the summary says how many. Other codes: output has no final name (what goes beside
 * it may have: it is named first; attributes, which are made of it, come after it), or,
 * into a folder, nothing that is not whole has one, and resume goes on from there. MK_MISMATCH: it cannot, and why. */
MK_API mk_err mk_clean(const mk_chain *chain, const mk_clean_options *options, mk_summary *ret,
                       mk_error *reterr);

/* ---- lists of inputs ---- */

/* The paths that a file names, one a line (null: NUL ends each), in its order; the file may be
 * compressed, "-" is standard input. Empty lines are none. *ret: *ret_n of them, owned by the
 * caller: one free gives back array and texts. MK_OPTION: it cannot be read, or a line is no
 * path, with the line; MK_NOMEM, MK_LIMIT. */
MK_API mk_err mk_list_read(const char *path, bool null, const char ***ret, size_t *ret_n,
                           mk_error *reterr);

/* ---- mine ---- */

typedef struct mk_mine_options {
    const char *const *inputs; /* needed: as mk_clean; also files that mk_mine wrote */
    size_t n_inputs;
    const char *output; /* needed: path or "-" */
    mk_selection select;
    const char *text_field; /* of JSONL, as mk_clean */
    const char *html_field; /* so */
    const char *site_field; /* so; NULL: the host of url, else the first folder of the source */
    uint64_t max_doc;       /* as mk_clean */
    mk_limits limits;       /* of each input */
    uint64_t memory;        /* bytes for the counts; 0: 512 MiB */
    uint64_t min_pages;     /* that a rule's line has; 0: 20, of counts 2 */
    unsigned min_share;     /* percent of its site's pages; 0: 1 */
    bool counts;            /* write what was counted, to be merged later */
    bool force;             /* replace an output that exists */
    const volatile sig_atomic_t *stop; /* as mk_clean */
    void (*on_progress)(void *arg, const mk_progress *progress);
    void (*on_message)(void *arg, const char *text);
    void *arg;
} mk_mine_options;

typedef struct mk_mine_summary {
    uint64_t n_in, n_rejected;     /* records */
    bool no_text;                  /* as mk_summary */
    uint64_t n_skipped;            /* records that are no documents, or not asked for */
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

/* ---- cat ---- */

/* Shows each record to `show` (until it returns false) as it was read, before any
 * filter: rejected and skipped ones too. Uses the inputs, select, verify_digests,
 * text_field, html_field, id_field, max_doc and on_message of options. Goes on after a damage. *ret:
 * n_in, n_rejected, n_skipped, n_sources and n_damaged. */
MK_API mk_err mk_cat(const mk_clean_options *options, bool (*show)(void *arg, const mk_doc *doc),
                     void *arg, mk_summary *ret, mk_error *reterr);

/* ---- explain ---- */

/* Reads documents, runs the chain, shows each to `show` (until it returns
 * false) with all lines, marks and changes. Rejected records are shown too,
 * skipped ones are not. Uses inputs, select, verify_digests, text_field, html_field,
 * id_field, charset, max_doc and on_message of options. */
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

/* ---- sweep: how well a chain does on labelled pages ---- */

/* Characters are letters and digits of words as mk_sweep compares them (docs/
 * QUALITY.md). Each is of a line that must stay (content), must go (junk) or may
 * do either. */
typedef struct mk_score {
    uint64_t n_pages;
    uint64_t n_perfect; /* of them, with 99.5 % of their content and no junk */
    uint64_t n_harmed;  /* with less than 80 % of their content */
    uint64_t content, content_kept;
    uint64_t junk, junk_kept;
    uint64_t either, either_kept;
    uint64_t novel; /* characters of the output that the page does not have */
} mk_score;

typedef enum mk_figure {
    MK_FIGURE_CONTENT, /* share of the content that is kept */
    MK_FIGURE_JUNK,    /* share of the junk that is gone */
    MK_FIGURE_PURITY,  /* share of content in what is kept, either left out */
    MK_FIGURE_F1,      /* harmonic mean of content and purity */
    MK_FIGURE_PERFECT, /* share of pages */
    MK_FIGURE_HARM,    /* share of pages; less is better */
    MK_FIGURE_COST,    /* 1000 * (5 * lost content + kept junk) / content; as harm */
    MK_FIGURE_COUNT
} mk_figure;

MK_API const char *mk_figure_name(mk_figure figure); /* "content", ... */
MK_API double mk_score_figure(const mk_score *score, mk_figure figure);

/* Characters of content that are lost, five times, and of junk that is kept. */
MK_API uint64_t mk_score_loss(const mk_score *score);

/* Adds the counts of one page, or of many, to those of many. */
MK_API void mk_score_add(mk_score *to, const mk_score *from);

typedef struct mk_sweep_options {
    const char *const *inputs; /* needed: as mk_clean: labelled pages, JSONL */
    size_t n_inputs;
    const char *by;         /* the member that tells a page's stratum, or NULL */
    const char *site_field; /* and its site; NULL: "site", else the host of url */
    size_t n_worst;         /* pages to report one by one */
    unsigned n_folds;       /* parts that share no site; 0: none */
    bool intervals;         /* of content and junk */
    const volatile sig_atomic_t *stop;
    void (*on_message)(void *arg, const char *text); /* may be NULL */
    void *arg;
} mk_sweep_options;

/* Pages with one value of `by`. Those without any content stand apart: of them
 * junk alone tells something. */
typedef struct mk_stratum {
    mk_str name; /* empty: pages without the member */
    bool has_content;
    mk_score score;
} mk_stratum;

/* Junk by its category. */
typedef struct mk_junk {
    mk_str category;
    uint64_t junk, junk_kept, either, either_kept;
} mk_junk;

typedef struct mk_fold_score {
    unsigned number; /* from 0 */
    uint64_t n_sites;
    mk_score score;
} mk_fold_score;

/* 95 % of samples of as many sites, drawn with putting back, lie between. */
typedef struct mk_interval {
    double low, high;
} mk_interval;

/* A labelled line of which content is lost or junk is kept. */
typedef struct mk_wrong_line {
    uint64_t number;       /* in its page, from 1 */
    bool lost;             /* content; else it is junk that is kept */
    uint64_t wrong, whole; /* characters of that content or junk */
    mk_str text, category;
    mk_label label; /* what the chain took it for */
    mk_zone zone;
    bool agrees; /* the chain did so to this line; else to an equal one */
    /* Lost: what dropped or changed it. Kept: the strongest mark. NULL: none. */
    const char *filter, *rule;
    mk_strength strength; /* of the mark */
    mk_str evidence;
} mk_wrong_line;

typedef struct mk_sweep_page {
    mk_str id, source, stratum;
    uint64_t number; /* in its source, from 1 */
    mk_score score;
    const mk_wrong_line *lines; /* n_lines of them, in their order */
    size_t n_lines;
} mk_sweep_page;

typedef struct mk_sweep {
    mk_score all, with_content, without_content;
    uint64_t n_sites;
    mk_stratum *strata; /* n_strata of them, by name */
    size_t n_strata;
    mk_junk *junk; /* n_junk of them, the largest first */
    size_t n_junk;
    mk_fold_score *folds; /* n_folds of them: those that have pages */
    size_t n_folds;
    mk_sweep_page *worst; /* n_worst of them, the greatest loss first */
    size_t n_worst;
    mk_interval content, junk_gone; /* if asked for */
    void *memory;                   /* owns all of it */
} mk_sweep;

/* Runs the chain over labelled pages and compares what is left with the labels.
 * MK_DAMAGED: an input cannot be read, or its labels are wrong: the text names
 * file and line; nothing is reported. MK_OPTION: no page has the member `by`. */
MK_API mk_err mk_sweep_run(const mk_chain *chain, const mk_sweep_options *options, mk_sweep *ret,
                           mk_error *reterr);
MK_API void mk_sweep_clear(mk_sweep *sweep);

/* ---- verify ---- */

typedef struct mk_verify_run_options {
    const volatile sig_atomic_t *stop;
    void (*on_message)(void *arg, const char *text); /* each wrong thing; may be NULL */
    /* Of a run in which nothing is wrong, what it could not read: an input and its damages and
     * rejected records, 20 of them and how many more. May be NULL. */
    void (*on_note)(void *arg, const char *text);
    void *arg;
} mk_verify_run_options;

typedef struct mk_verified {
    uint64_t n_files;
    uint64_t bytes;      /* of shards as stored, of a file as it is read */
    uint64_t n_docs;     /* lines of a file */
    uint64_t n_restored; /* texts that the ledger gave back as they were read */
    uint64_t n_wrong;    /* things */
    uint64_t n_damaged;  /* sources that were damaged or unreadable when the run was made */
    uint64_t n_rejected; /* records of it */
} mk_verified;

/* True if path is a folder with a finished run of mk_clean. */
MK_API bool mk_run_is(const char *path);

/* path is needed. Compares all that a run folder says of itself with what it holds. MK_MISMATCH with the
 * first wrong thing, by name; all of them go to on_message. */
MK_API mk_err mk_verify_run(const char *path, const mk_verify_run_options *options,
                            mk_verified *ret, mk_error *reterr);

/* The same for one file of JSON lines: the checksums of its codec, the JSON of its lines. */
MK_API mk_err mk_verify_file(const char *path, const mk_verify_run_options *options,
                             mk_verified *ret, mk_error *reterr);

/* ---- restore ---- */

typedef struct mk_restore_options {
    const char *cleaned, *ledger; /* paths; cleaned is needed, and may be "-". ledger NULL:
                                     cleaned is the folder of a run or of a release
                                     (release.h), which has both */
    const char *output;           /* needed: path or "-": JSONL of id and text, and, in base64,
                                     of the bytes of plain text that was decoded */
    const char *codec;            /* as mk_clean */
    bool force;
    int level;
    const volatile sig_atomic_t *stop; /* as mk_clean */
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

/* What was changed in a record. */
typedef struct mk_norm_account {
    mk_str id;           /* empty: it has none */
    mk_str source, text; /* as it was, as it reads now */
    const mk_norm_change *changes;
    size_t n_changes;
} mk_norm_account;

/* The same, told change by change. *ret is lent till the next call with the same
 * normalizer or scratch. */
MK_API mk_err mk_norm_record_trace(mk_normalizer *normalizer, const mk_norm_options *options,
                                   bool detect, mk_str record, mk_scratch *scratch,
                                   mk_norm_account *ret, mk_error *reterr);

/* A whole text as UTF-8, from the charset with that label, or, with NULL or "auto",
 * from the one that its bytes show. *ret_bad: how many sequences became U+FFFD.
 * Result as mk_doc_text. MK_OPTION: an unknown label; MK_NOMEM. */
MK_API mk_err mk_decode(mk_str bytes, const char *label, mk_scratch *scratch, mk_str *ret,
                        uint64_t *ret_bad, mk_error *reterr);

#ifdef __cplusplus
}
#endif

#endif
