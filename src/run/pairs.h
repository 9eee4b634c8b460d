/* pairs.h: what was written and its ledger, side by side: each record of a run
 * with what became of it. */
#ifndef MK_PAIRS_H
#define MK_PAIRS_H

#include <signal.h>

#include "base/buf.h"
#include "minkhal/doc.h"
#include "read/stream.h"
#include "write/ledger.h"

typedef struct mk_pairs mk_pairs;

/* Files of lines, read one after the other. */
typedef struct mk_pair_files {
    const char *const *paths; /* n of them; "-" is standard input */
    size_t n;
    const volatile sig_atomic_t *stop; /* as mk_stream_limit; or NULL */
    /* Opens the file of that number, which is no path then but a name; NULL: paths. */
    mk_err (*open)(void *arg, size_t i, mk_stream **ret, mk_error *reterr);
    void *arg;
} mk_pair_files;

typedef struct mk_pair {
    mk_ledger_record ledger;
    mk_doc doc;  /* as it was written; {0} unless the verdict is MK_WRITTEN */
    mk_str read; /* its text as it was read; none of rejected and skipped records */
    mk_str line; /* of the ledger */
} mk_pair;

/* The files are opened as they are come to, and the names lent till close. */
mk_err mk_pairs_open(mk_pair_files cleaned, mk_pair_files ledger, mk_pairs **ret, mk_error *reterr);

/* The same, where what was written lies in n lists of files, the splits of a release: in
 * each the order of the ledger, one beside the other. */
mk_err mk_pairs_open_lanes(const mk_pair_files *lanes, size_t n, mk_pair_files ledger,
                           mk_pairs **ret, mk_error *reterr);

/* The same where the caller has what was written, line by line: feed is called with
 * each, and next then until it gives that document; before it come records that
 * were not written. Behind the last, next gives those that are left, and MK_END. Lends
 * line till that document is given; name and number are for errors. */
mk_err mk_pairs_open_fed(mk_pair_files ledger, mk_pairs **ret, mk_error *reterr);
void mk_pairs_feed(mk_pairs *pairs, mk_str line, const char *name, uint64_t number);

/* One run: a file of what was written and its ledger, or, with ledger NULL, the folder of
 * a finished run that has one. MK_OPTION: it has none. */
mk_err mk_pairs_open_run(const char *cleaned, const char *ledger, const volatile sig_atomic_t *stop,
                         mk_pairs **ret, mk_error *reterr);

/* The next record, lent till the next call; memory that it needs comes from the arena,
 * which is the caller's to reset. MK_END; MK_MISMATCH where the files do not belong
 * together or a text is not the one that was read; the error names file and line. */
mk_err mk_pairs_next(mk_pairs *pairs, mk_arena *arena, mk_pair *ret, mk_error *reterr);
void mk_pairs_close(mk_pairs *pairs); /* takes NULL */

#endif
