/* keys.h: numbers of JSON that add up, and names of rules as keys. */
#ifndef MK_KEYS_H
#define MK_KEYS_H

#include "base/json.h"

/* Adds the number that m is to *to; false if it is none, or the sum does not fit. */
bool mk_json_add(const mk_json_member *m, uint64_t *to);

/* "filter/rule" in the arena; ptr NULL if out of memory. */
mk_str mk_rule_name(mk_str filter, mk_str rule, mk_arena *arena);

#endif
