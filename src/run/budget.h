/* budget.h: how much may be in work at once, so that a run keeps a ceiling of memory.
 * Only how long the reading thread waits follows from it, never what is written. */
#ifndef MK_BUDGET_H
#define MK_BUDGET_H

#include "minkhal/text.h"

/* What --memory bounds, beside the table of --dedup and the names of the inputs. */
typedef struct mk_budget {
    uint64_t memory;  /* bytes; 0: no ceiling */
    uint64_t max_doc; /* bytes of one record */
    unsigned threads;
    unsigned depth; /* codecs within one another */
} mk_budget;

/* Bytes that such a run needs at least: for one record of max_doc. */
uint64_t mk_budget_floor(const mk_budget *budget);

/* *ret: bytes of records that may be in work at once; UINT64_MAX without a ceiling.
 * MK_OPTION: memory is below the floor. */
mk_err mk_budget_open(const mk_budget *budget, uint64_t *ret, mk_error *reterr);

#endif
