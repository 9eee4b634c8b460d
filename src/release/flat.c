/* flat.c: what a line of a release must be, so that every loader takes every line
 * for the same: the members of mk_write_jsonl, no other, in their order, all
 * strings. Loaders infer types from the first lines and fail on the first that
 * differs; DuckDB refuses a file for one lone surrogate.
 * Cases: tests/release/test_flat.c. */
#include "release/flat.h"

#include "doc/sites.h"

const char *const mk_flat_names[MK_FLAT_N] = {
    [MK_FLAT_ID] = "id",     [MK_FLAT_TEXT] = "text",         [MK_FLAT_SOURCE] = "source",
    [MK_FLAT_URL] = "url",   [MK_FLAT_TITLE] = "title",       [MK_FLAT_DATE] = "date",
    [MK_FLAT_LANG] = "lang", [MK_FLAT_METADATA] = "metadata",
};

/* The value of a hex digit that the scanner has checked. */
static unsigned hex(char c)
{
    if (c <= '9')
        return (unsigned)(c - '0');
    return (unsigned)(c | 0x20) - 'a' + 10;
}

/* The code unit of the \uXXXX that s begins with. */
static unsigned unit(mk_str s)
{
    return hex(s.ptr[2]) << 12 | hex(s.ptr[3]) << 8 | hex(s.ptr[4]) << 4 | hex(s.ptr[5]);
}

static bool has_unit(mk_str s, size_t at)
{
    return at + 6 <= s.len && s.ptr[at] == '\\' && s.ptr[at + 1] == 'u';
}

/* True if every surrogate in the string is one of a pair. */
static bool is_paired(mk_str raw)
{
    size_t at = 0;

    while (at < raw.len) {
        const char *const slash = memchr(raw.ptr + at, '\\', raw.len - at);
        if (!slash)
            return true;
        at = (size_t)(slash - raw.ptr);
        if (!has_unit(raw, at)) {
            at += 2;
            continue;
        }
        const unsigned first = unit(mk_str_sub(raw, at, raw.len));
        at += 6;
        if (first < 0xD800 || first > 0xDFFF)
            continue;
        if (first > 0xDBFF || !has_unit(raw, at))
            return false;
        const unsigned second = unit(mk_str_sub(raw, at, raw.len));
        if (second < 0xDC00 || second > 0xDFFF)
            return false;
        at += 6;
    }
    return true;
}

/* The text of metadata is an object. */
static mk_err check_metadata(mk_json_value value, mk_arena *arena, mk_error *reterr)
{
    mk_json_member member;
    mk_str text;
    mk_err err;

    if (mk_str_eq(value.raw, MK_STR("\"{}\"")))
        return MK_OK;
    err = mk_json_text(value, arena, &text, reterr);
    if (err != MK_OK)
        return err;
    mk_json_object it = mk_json_object_of(text);
    while ((err = mk_json_object_next(&it, &member, NULL)) == MK_OK)
        ;
    return err == MK_END ? MK_OK
                         : mk_fail(reterr, MK_RECORD, "member 'metadata' is no object as a string");
}

mk_err mk_flat_parse(mk_str line, mk_arena *arena, mk_flat *ret, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(line);
    mk_json_member member;
    size_t n = 0;
    mk_err err;

    while ((err = mk_json_object_next(&it, &member, reterr)) == MK_OK) {
        mk_str key = mk_str_sub(member.key.raw, 1, member.key.raw.len - 1);
        if (n == MK_FLAT_N || !mk_str_eq(key, mk_str_of(mk_flat_names[n]))) {
            key.len = mk_utf8_valid(mk_str_sub(key, 0, key.len < 100 ? key.len : 100));
            return mk_fail(reterr, MK_RECORD, "member '%.*s' where %s%s%s is needed", (int)key.len,
                           key.ptr, n == MK_FLAT_N ? "the end" : "'",
                           n == MK_FLAT_N ? "" : mk_flat_names[n], n == MK_FLAT_N ? "" : "'");
        }
        if (member.value.type != MK_JSON_STRING)
            return mk_fail(reterr, MK_RECORD, "member '%s' is not a string", mk_flat_names[n]);
        if (!member.value.plain && !is_paired(member.value.raw))
            return mk_fail(reterr, MK_RECORD, "member '%s' has half of a pair of surrogates",
                           mk_flat_names[n]);
        ret->values[n++] = member.value;
    }
    if (err != MK_END)
        return err;
    if (n < MK_FLAT_N)
        return mk_fail(reterr, MK_RECORD, "no member '%s'", mk_flat_names[n]);
    if (ret->values[MK_FLAT_ID].raw.len == 2)
        return mk_fail(reterr, MK_RECORD, "member 'id' is empty");
    return check_metadata(ret->values[MK_FLAT_METADATA], arena, reterr);
}

/* ---- groups ---- */

bool mk_flat_host(mk_str url, mk_arena *arena, mk_str *ret)
{
    /* What has no source has no site but its host. */
    const mk_doc doc = {.url = url};

    return mk_site_name(&doc, (mk_str){"", 0}, arena, ret);
}

/* The value of that member as bytes; len 0 if it is no string and no number. */
static mk_err scalar(mk_json_value value, mk_arena *arena, mk_str *ret)
{
    if (value.type == MK_JSON_STRING)
        return mk_json_text(value, arena, ret, NULL);
    if (value.type == MK_JSON_NUMBER)
        *ret = value.raw;
    return MK_OK;
}

static mk_err in_metadata(mk_json_value metadata, mk_str field, mk_arena *arena, mk_str *ret)
{
    mk_json_member member;
    mk_str text, key;
    mk_err err;

    if (!mk_str_has(metadata.raw, field))
        return MK_OK; /* nor does any escaped spelling of it count */
    err = mk_json_text(metadata, arena, &text, NULL);
    if (err != MK_OK)
        return err;
    mk_json_object it = mk_json_object_of(text);
    while ((err = mk_json_object_next(&it, &member, NULL)) == MK_OK) {
        err = mk_json_text(member.key, arena, &key, NULL);
        if (err == MK_OK && mk_str_eq(key, field))
            return scalar(member.value, arena, ret);
        if (err == MK_NOMEM)
            return err;
    }
    return MK_OK;
}

bool mk_flat_group(const mk_flat *flat, mk_str field, mk_arena *arena, mk_str *ret)
{
    const mk_str prefix = MK_STR("metadata.");
    mk_str key = {0}, url;
    mk_err err = MK_OK;

    if (field.len > prefix.len && memcmp(field.ptr, prefix.ptr, prefix.len) == 0) {
        err = in_metadata(flat->values[MK_FLAT_METADATA], mk_str_sub(field, prefix.len, field.len),
                          arena, &key);
    } else {
        for (size_t i = 0; i < MK_FLAT_N; i++)
            if (mk_str_eq(field, mk_str_of(mk_flat_names[i])))
                err = scalar(flat->values[i], arena, &key);
    }
    if (err == MK_OK && key.len == 0) {
        err = mk_json_text(flat->values[MK_FLAT_URL], arena, &url, NULL);
        if (err == MK_OK && !mk_flat_host(url, arena, &key))
            err = MK_NOMEM;
    }
    if (err == MK_OK && key.len == 0)
        err = mk_json_text(flat->values[MK_FLAT_ID], arena, &key, NULL);
    *ret = key;
    return err != MK_NOMEM;
}
