/* sources.h: what was given to pack, as files in order: files as they are, folders of
 * runs as their data files, with what the run says of itself. */
#ifndef MK_SOURCES_H
#define MK_SOURCES_H

#include "release/manifest.h"

typedef struct mk_sources {
    mk_arena *arena; /* owned */
    struct {
        const char *path, *name; /* to open; for the manifest */
    } * items;                   /* n of them, owned; all text is the arena's */
    size_t n, size;
    bool loose; /* some are of no run */
} mk_sources;

/* Lists files; notes runs in m. MK_DAMAGED: a folder that is no run's. MK_MISMATCH: of runs that
 * are shards one is missing (run_set.h). */
mk_err mk_sources_list(const char *const *paths, size_t n, mk_manifest *m, mk_sources *ret,
                       mk_error *reterr);

/* Of a run's folder the ledgers; else path itself. */
mk_err mk_sources_ledgers(const char *path, mk_sources *ret, mk_error *reterr);

/* The ledgers of runs, if all paths are folders of runs, which m has noted, and have one, or
 * nothing came in; else none. */
mk_err mk_sources_find_ledgers(const char *const *paths, size_t n, const mk_manifest *m,
                               mk_sources *ret, mk_error *reterr);

/* The ledger's records must be those that the runs, which all documents are of, say. */
mk_err mk_sources_check_ledger(const mk_manifest *m, const uint64_t counts[], mk_error *reterr);
/* Notes what the verdicts say: those of path, or, with NULL, audit.jsonl of the one run
 * that is all there is, if it has one. MK_DAMAGED. */
mk_err mk_sources_audit(const char *path, const char *const *paths, size_t n, mk_manifest *m,
                        mk_error *reterr);
void mk_sources_clear(mk_sources *sources);

/* What runs say of their data must be what was read: the digests of their shards; in =
 * written + filtered + duplicate + rejected + skipped; written = documents. MK_MISMATCH. */
mk_err mk_sources_check(const mk_manifest *m, mk_error *reterr);

/* in, written, filtered, duplicate, rejected, skipped of a run; false if its report does
 * not tell. */
enum { MK_RUN_COUNTS = 6 };
extern const char *const mk_run_count_names[MK_RUN_COUNTS];
bool mk_run_counts(mk_str report, uint64_t ret[MK_RUN_COUNTS]);

#endif
