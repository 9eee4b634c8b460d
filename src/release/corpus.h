/* corpus.h: what people call a corpus, as files: a file or folder of documents, the
 * folder of a run (run.json, data-N, ledger-N), the folder of a release
 * (manifest.json, files in data or, of Dolma, documents). */
#ifndef MK_CORPUS_H
#define MK_CORPUS_H

#include "read/input.h"
#include "read/reader.h"
#include "run/pairs.h"

typedef struct mk_paths {
    const char **items; /* n of them, owned; the paths are the corpus's */
    size_t n;
} mk_paths;

typedef struct mk_corpus {
    mk_paths data;     /* for mk_clean_options.inputs */
    mk_paths ledgers;  /* in order */
    mk_paths told;     /* ledgers of runs, whose rules are among the figures too */
    mk_paths figures;  /* summaries and statistics: files that end in .json */
    mk_inputs *inputs; /* n_inputs of them: own the paths */
    size_t n_inputs;
    mk_arena *names; /* owns those of runs; NULL: there are none */
    mk_error unread; /* of the first file that could not be looked at: it counts as data */
} mk_corpus;

/* Adds up all paths, in their order. MK_NOMEM, MK_LIMIT; MK_OPTION: a release in an archive; MK_MISMATCH, MK_DAMAGED: the folder of
 * a run, or one of ours that cannot be listed. Any other path that cannot be read is data, so
 * that reading it fails by name. */
mk_err mk_corpus_open(const char *const *paths, size_t n, mk_corpus *ret, mk_error *reterr);
void mk_corpus_close(mk_corpus *corpus); /* takes {0} */

/* The ledgers of the corpus beside its documents, each split of a release by itself. The
 * corpus is lent till close. MK_OPTION: it has no ledger, or no documents. */
mk_err mk_corpus_pairs(const mk_corpus *corpus, const volatile sig_atomic_t *stop, mk_pairs **ret,
                       mk_error *reterr);

/* A run by its files or, with ledger NULL, by its folder, or the folder of a release. *corpus is
 * {0} and to be closed behind the pairs, either way. MK_OPTION: it is none of these. */
mk_err mk_corpus_pairs_of(const char *cleaned, const char *ledger,
                          const volatile sig_atomic_t *stop, mk_corpus *corpus, mk_pairs **ret,
                          mk_error *reterr);

/* ---- lines of files, one after the other: ledgers ---- */

typedef struct mk_lines {
    mk_paths paths;
    const volatile sig_atomic_t *stop; /* as mk_stream_limit; or NULL */
    size_t next;                       /* of paths */
    mk_stream *stream;
    void *reader;
    mk_record record;
} mk_lines;

/* Starts as {.paths = p, .stop = s}. Lends *ret till the next call. MK_END; errors name file and
 * line. */
mk_err mk_lines_next(mk_lines *lines, mk_str *ret, mk_error *reterr);

/* Puts the file's name and the line before the text of *reterr. Returns code. */
mk_err mk_lines_at(const mk_lines *lines, mk_err code, mk_error *reterr);
void mk_lines_close(mk_lines *lines); /* takes {0} */

/* *ret: the file is one of JSON lines and its first is a ledger's. MK_DAMAGED, MK_LIMIT,
 * MK_NOMEM. */
mk_err mk_ledger_is(const char *path, bool *ret, mk_error *reterr);

/* A whole file, decoded, as text in the arena. MK_DAMAGED, MK_LIMIT, MK_NOMEM. */
mk_err mk_file_text(const char *path, mk_arena *arena, mk_str *ret, mk_error *reterr);

#endif
