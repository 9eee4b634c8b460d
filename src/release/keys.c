#include "release/keys.h"

bool mk_json_add(const mk_json_member *m, uint64_t *to)
{
    uint64_t n;
    if (!mk_json_uint(m->value, &n) || n > UINT64_MAX - *to)
        return false;
    *to += n;
    return true;
}

mk_str mk_rule_name(mk_str filter, mk_str rule, mk_arena *arena)
{
    char *const name = mk_arena_bytes(arena, filter.len + rule.len + 1);
    if (!name)
        return (mk_str){0};
    if (filter.len > 0)
        memcpy(name, filter.ptr, filter.len);
    name[filter.len] = '/';
    if (rule.len > 0)
        memcpy(name + filter.len + 1, rule.ptr, rule.len);
    return (mk_str){name, filter.len + rule.len + 1};
}
