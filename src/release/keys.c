#include "release/keys.h"

bool mk_json_add(const mk_json_member *m, uint64_t *to)
{
    uint64_t n;
    if (!mk_json_uint(m->value, &n) || n > UINT64_MAX - *to)
        return false;
    *to += n;
    return true;
}
