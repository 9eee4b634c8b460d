/* edits.h: the edits of a line of a ledger, one by one. */
#ifndef MK_EDITS_H
#define MK_EDITS_H

#include "base/json.h"

typedef struct mk_ledger_edit {
    uint64_t at, len, src;
    mk_str was;
    mk_json_value why; /* an array */
} mk_ledger_edit;

/* The next of the array `edits`. Lent by line and arena. MK_END; MK_RECORD, MK_NOMEM. */
mk_err mk_edits_next(mk_json_array *edits, mk_arena *arena, mk_ledger_edit *ret, mk_error *reterr);

/* An entry of `why`, or any object of that kind: what is absent is empty. */
typedef struct mk_ledger_why {
    mk_str filter, rule, evidence;
} mk_ledger_why;
mk_err mk_edits_why(mk_json_value value, mk_arena *arena, mk_ledger_why *ret, mk_error *reterr);

/* "filter/rule" in the arena; ptr NULL if out of memory. */
mk_str mk_edits_rule(const mk_ledger_why *why, mk_arena *arena);

/* True if the key of m, which has no escapes, is that. */
bool mk_json_is_key(const mk_json_member *m, const char *key);

#endif
