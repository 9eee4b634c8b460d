/* edits.c: see edits.h; the format is that of write/ledger.h. */
#include "release/edits.h"

bool mk_json_is_key(const mk_json_member *m, const char *key)
{
    return m->key.raw.len == strlen(key) + 2 &&
           memcmp(m->key.raw.ptr + 1, key, m->key.raw.len - 2) == 0;
}

static mk_err no_edit(mk_error *reterr)
{
    return mk_fail(reterr, MK_RECORD, "not an edit of a ledger");
}

mk_err mk_edits_next(mk_json_array *edits, mk_arena *arena, mk_ledger_edit *ret, mk_error *reterr)
{
    enum { AT = 1, LEN = 2, SRC = 4, WAS = 8, WHY = 16, ALL = 31 };
    unsigned got = 0;
    mk_json_value value;
    mk_json_member m;
    mk_err err = mk_json_array_next(edits, &value, reterr);
    if (err != MK_OK)
        return err;
    if (value.type != MK_JSON_OBJECT)
        return no_edit(reterr);
    mk_json_object it = mk_json_object_of(value.raw);
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        if (mk_json_is_key(&m, "at")) {
            got |= mk_json_uint(m.value, &ret->at) ? AT : 0;
        } else if (mk_json_is_key(&m, "len")) {
            got |= mk_json_uint(m.value, &ret->len) ? LEN : 0;
        } else if (mk_json_is_key(&m, "src")) {
            got |= mk_json_uint(m.value, &ret->src) ? SRC : 0;
        } else if (mk_json_is_key(&m, "was") && m.value.type == MK_JSON_STRING) {
            if ((err = mk_json_text(m.value, arena, &ret->was, reterr)) != MK_OK)
                return err;
            got |= WAS;
        } else if (mk_json_is_key(&m, "why") && m.value.type == MK_JSON_ARRAY) {
            ret->why = m.value;
            got |= WHY;
        }
    }
    if (err != MK_END)
        return err;
    return got == ALL ? MK_OK : no_edit(reterr);
}

mk_err mk_edits_why(mk_json_value value, mk_arena *arena, mk_ledger_why *ret, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_err err;
    *ret = (mk_ledger_why){{"", 0}, {"", 0}, {"", 0}};
    if (value.type != MK_JSON_OBJECT)
        return no_edit(reterr);
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        mk_str *const to = mk_json_is_key(&m, "filter")     ? &ret->filter
                           : mk_json_is_key(&m, "rule")     ? &ret->rule
                           : mk_json_is_key(&m, "evidence") ? &ret->evidence
                                                            : NULL;
        if (to && m.value.type == MK_JSON_STRING &&
            (err = mk_json_text(m.value, arena, to, reterr)) != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : err;
}

mk_str mk_edits_rule(const mk_ledger_why *why, mk_arena *arena)
{
    char *const name = mk_arena_bytes(arena, why->filter.len + why->rule.len + 1);
    if (!name)
        return (mk_str){0};
    if (why->filter.len > 0)
        memcpy(name, why->filter.ptr, why->filter.len);
    name[why->filter.len] = '/';
    if (why->rule.len > 0)
        memcpy(name + why->filter.len + 1, why->rule.ptr, why->rule.len);
    return (mk_str){name, why->filter.len + why->rule.len + 1};
}
