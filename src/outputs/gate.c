/* gate.c: a set of 128-bit digests, open addressing. With 2^64 documents to go
 * before two texts share one by chance, equal digests are equal texts. */
#include "outputs/gate.h"

#include <stdlib.h>

typedef struct slot {
    mk_digest digest;
    uint64_t seq1; /* number of the document + 1; 0: free */
} slot;

struct mk_gate {
    slot *slots;
    size_t n, size; /* size is a power of two */
};

enum { FIRST_SIZE = 1 << 4 /* slots: few, so that small runs see the table grow too */ };

mk_err mk_gate_open(mk_gate **ret, mk_error *reterr)
{
    mk_gate *gate = calloc(1, sizeof(*gate));
    if (gate)
        gate->slots = calloc(FIRST_SIZE, sizeof(slot));
    if (!gate || !gate->slots) {
        free(gate);
        return mk_fail(reterr, MK_NOMEM, "out of memory for the duplicates' table");
    }
    gate->size = FIRST_SIZE;
    *ret = gate;
    return MK_OK;
}

/* The slot of digest, or the free one where it would stand. */
static slot *find(const mk_gate *gate, mk_digest digest)
{
    size_t i = (size_t)digest.low & (gate->size - 1);
    while (gate->slots[i].seq1 != 0 &&
           (gate->slots[i].digest.low != digest.low || gate->slots[i].digest.high != digest.high))
        i = (i + 1) & (gate->size - 1);
    return &gate->slots[i];
}

/* Moves all slots below seq1 into a table of that size. */
static bool rebuild(mk_gate *gate, size_t size, uint64_t seq1)
{
    mk_gate fresh = {.slots = calloc(size, sizeof(slot)), .size = size};
    if (!fresh.slots)
        return false;
    for (size_t i = 0; i < gate->size; i++) {
        const slot *old = &gate->slots[i];
        if (old->seq1 == 0 || old->seq1 >= seq1)
            continue;
        *find(&fresh, old->digest) = *old;
        fresh.n++;
    }
    free(gate->slots);
    *gate = fresh;
    return true;
}

mk_err mk_gate_pass(mk_gate *gate, mk_digest digest, uint64_t seq, bool *ret_seen,
                    uint64_t *ret_twin, mk_error *reterr)
{
    if (gate->n >= gate->size / 4 * 3 && !rebuild(gate, gate->size * 2, UINT64_MAX))
        return mk_fail(reterr, MK_NOMEM, "out of memory for the digests of %zu documents (--dedup)",
                       gate->n);
    slot *s = find(gate, digest);
    *ret_seen = s->seq1 != 0;
    if (*ret_seen) {
        *ret_twin = s->seq1 - 1;
    } else {
        *s = (slot){digest, seq + 1};
        gate->n++;
    }
    return MK_OK;
}

void mk_gate_forget(mk_gate *gate, uint64_t seq)
{
    if (!rebuild(gate, gate->size, seq + 1)) /* no memory: free them in place */
        for (size_t i = 0; i < gate->size; i++)
            if (gate->slots[i].seq1 > seq) /* a digest of nothing: chains stay whole */
                gate->slots[i].digest = (mk_digest){0, 0};
}

void mk_gate_close(mk_gate *gate)
{
    if (!gate)
        return;
    free(gate->slots);
    free(gate);
}
