/* scan.h: every document of all inputs through a function: in the pool, and then in
 * order on the calling thread. What came of bytes that proved damaged later is not
 * taken back: who scans writes no documents. */
#ifndef MK_SCAN_H
#define MK_SCAN_H

#include "base/arena.h"
#include "minkhal/minkhal.h"

typedef struct mk_scan {
    const mk_clean_options *options; /* inputs, select, text_field, id_field, charset, max_doc,
                                        threads, stop, on_progress, on_message and arg */
    size_t result_size;              /* bytes, zeroed for each document */
    /* In the pool, pure; doc has no lines. Memory of the arena lives till taken. False: out
     * of memory. */
    bool (*work)(const void *arg, const mk_doc *doc, mk_arena *arena, void *result);
    /* In order. doc->raw is lent for the call; MK_END ends the scan well. */
    mk_err (*take)(void *arg, const mk_doc *doc, const void *result, mk_error *reterr);
    void *arg;
} mk_scan;

/* *ret: n_in, n_rejected, n_skipped, n_sources, n_damaged, bytes_in, text_in. */
mk_err mk_scan_run(const mk_scan *scan, mk_summary *ret, mk_error *reterr);

#endif
