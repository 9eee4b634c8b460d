/* budget.c: see budget.h. The figures are measured, on the text that costs most: lines of
 * one letter, which take 90 times their bytes. Cases: tests/run/test_budget.c. */
#include "run/budget.h"

#include <inttypes.h>

enum {
    COST = 96,         /* bytes in work for each of a record, lines and JSON included */
    BATCH = 1 << 20,   /* bytes of a batch before its last record: MK_BATCH_BYTES */
    CHAIN = 64 << 20,  /* bytes of lexicons, their automaton, tables, code */
    THREAD = 12 << 20, /* bytes for each thread: its stack, blocks being compressed */
    CODEC = 256 << 20, /* bytes for a codec that reads: XZ_MEMORY of unpack.c */
    UNIT = 16 << 20,   /* bytes that decoders hold back, and archives */
    MIB = 1 << 20,
};

/* Whatever is in work. */
static uint64_t fixed(const mk_budget *b)
{
    return CHAIN + UNIT + (uint64_t)THREAD * b->threads + (uint64_t)CODEC * b->depth +
           3 * b->max_doc; /* the record that is read, in a buffer that grows by doubling */
}

uint64_t mk_budget_floor(const mk_budget *b)
{
    return fixed(b) + COST * (b->max_doc + BATCH);
}

mk_err mk_budget_open(const mk_budget *b, uint64_t *ret, mk_error *reterr)
{
    const uint64_t least = mk_budget_floor(b);

    if (b->memory == 0) {
        *ret = UINT64_MAX;
        return MK_OK;
    }
    if (b->memory < least)
        return mk_fail(reterr, MK_OPTION,
                       "--memory is too small: records of up to %" PRIu64
                       " bytes (--max-doc) need %" PRIu64 "M",
                       b->max_doc, (least + MIB - 1) / MIB);
    *ret = (b->memory - fixed(b)) / COST;
    return MK_OK;
}
