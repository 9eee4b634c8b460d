/* gate.h: what must remember other documents. Runs on the main thread, in the
 * order of the input. 24 bytes a document remembered. */
#ifndef MK_GATE_H
#define MK_GATE_H

#include <stdbool.h>

#include "base/digest.h"

typedef struct mk_gate mk_gate;

mk_err mk_gate_open(mk_gate **ret, mk_error *reterr);

/* True if a document with this digest has passed: *ret_twin is its number.
 * Otherwise remembers it under seq. MK_NOMEM through *reterr->code. */
mk_err mk_gate_pass(mk_gate *gate, mk_digest digest, uint64_t seq, bool *ret_seen,
                    uint64_t *ret_twin, mk_error *reterr);

/* Forgets the documents from seq on: their input turned out to be damaged. */
void mk_gate_forget(mk_gate *gate, uint64_t seq);

void mk_gate_close(mk_gate *gate); /* takes NULL */

#endif
