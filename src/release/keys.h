/* keys.h: numbers of JSON that add up. */
#ifndef MK_KEYS_H
#define MK_KEYS_H

#include "base/json.h"

/* Adds the number that m is to *to; false if it is none, or the sum does not fit. */
bool mk_json_add(const mk_json_member *m, uint64_t *to);

#endif
