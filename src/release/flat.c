/* flat.c: what a line of a release must be, so that every loader takes every line
 * for the same: the members of its schema, no other, in their order, of their types,
 * and what is not known as mk_schema_put writes it. Loaders infer types from the first lines and fail on the first that
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

/* ---- schemas ---- */

enum { DEPTH = 4 /* objects within one another: more than any schema has */ };

/* What a value of a schema is of a document; MK_FLAT_N: nothing. */
static mk_flat_key key_of(mk_schema_value value)
{
    static const struct {
        mk_schema_value value;
        mk_flat_key key;
    } keys[] = {{MK_SCHEMA_ID, MK_FLAT_ID},         {MK_SCHEMA_TEXT, MK_FLAT_TEXT},
                {MK_SCHEMA_SOURCE, MK_FLAT_SOURCE}, {MK_SCHEMA_URL, MK_FLAT_URL},
                {MK_SCHEMA_TITLE, MK_FLAT_TITLE},   {MK_SCHEMA_DATE, MK_FLAT_DATE},
                {MK_SCHEMA_LANG, MK_FLAT_LANG},     {MK_SCHEMA_MEMBERS, MK_FLAT_METADATA},
                {MK_SCHEMA_CRAWLED, MK_FLAT_DATE}};

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (keys[i].value == value)
            return keys[i].key;
    return MK_FLAT_N;
}

bool mk_flat_is_kept(const mk_schema *schema)
{
    size_t n = 0;

    for (const mk_schema_field *f = schema->fields; f->value != MK_SCHEMA_END; f++)
        n += key_of(f->value) != MK_FLAT_N;
    return n == MK_FLAT_N;
}

/* Dolma's tools put "attributes/NAME" in the place of "documents" to find attributes. */
const char *mk_flat_folder(const mk_schema *schema)
{
    return strcmp(schema->name, "dolma") == 0 ? "documents" : "data";
}

/* The next member must be of that name; NULL: there must be none. */
static mk_err take_member(mk_json_object *it, const char *name, mk_json_member *ret,
                          mk_error *reterr)
{
    const mk_err err = mk_json_object_next(it, ret, reterr);
    mk_str key;

    if (err == MK_END)
        return name ? mk_fail(reterr, MK_RECORD, "no member '%s'", name) : MK_OK;
    if (err != MK_OK)
        return err;
    key = mk_str_sub(ret->key.raw, 1, ret->key.raw.len - 1);
    if (name && mk_str_eq(key, mk_str_of(name)))
        return MK_OK;
    key.len = mk_utf8_valid(mk_str_sub(key, 0, key.len < 100 ? key.len : 100));
    return mk_fail(reterr, MK_RECORD, "member '%.*s' where %s%s%s is needed", (int)key.len, key.ptr,
                   name ? "'" : "the end", name ? name : "", name ? "'" : "");
}

static mk_err take_value(const mk_schema_field *f, mk_json_value value, mk_flat *ret,
                         mk_error *reterr)
{
    const mk_str unknown = mk_schema_unknown(f->value);
    const mk_flat_key key = key_of(f->value);

    if (f->value == MK_SCHEMA_WRITING
            ? !mk_str_eq(value.raw, MK_STR("\"Arab\"")) && !mk_str_eq(value.raw, MK_STR("\"\""))
            : unknown.ptr && !mk_str_eq(value.raw, unknown))
        return mk_fail(reterr, MK_RECORD, "member '%s' is not what stands in all lines", f->key);
    if (key == MK_FLAT_N && f->value != MK_SCHEMA_ADDED)
        return MK_OK;
    if (value.type != MK_JSON_STRING)
        return mk_fail(reterr, MK_RECORD, "member '%s' is not a string", f->key);
    if (value.units && !is_paired(value.raw))
        return mk_fail(reterr, MK_RECORD, "member '%s' has half of a pair of surrogates", f->key);
    if (key != MK_FLAT_N)
        ret->values[key] = value;
    return MK_OK;
}

mk_err mk_flat_parse(const mk_schema *schema, mk_str line, mk_arena *arena, mk_flat *ret,
                     mk_error *reterr)
{
    static const mk_json_value none = {MK_JSON_STRING, {"\"\"", 2}, true, false};
    mk_json_object open[DEPTH] = {mk_json_object_of(line)};
    const mk_schema_field *f = schema->fields;
    mk_json_member member;
    size_t depth = 0;
    mk_err err = MK_OK;

    for (size_t i = 0; i < MK_FLAT_N; i++)
        ret->values[i] = none;
    ret->values[MK_FLAT_METADATA].raw = MK_STR("\"{}\"");
    for (;; f++) {
        const bool ends = f->value == MK_SCHEMA_CLOSE || f->value == MK_SCHEMA_END;
        err = take_member(&open[depth], ends ? NULL : f->key, &member, reterr);
        if (err != MK_OK || f->value == MK_SCHEMA_END)
            break;
        if (ends) {
            depth--;
        } else if (f->value == MK_SCHEMA_OPEN) {
            if (member.value.type != MK_JSON_OBJECT || depth + 1 == DEPTH)
                return mk_fail(reterr, MK_RECORD, "member '%s' is not an object", f->key);
            open[++depth] = mk_json_object_of(member.value.raw);
        } else if ((err = take_value(f, member.value, ret, reterr)) != MK_OK) {
            break;
        }
    }
    if (err != MK_OK)
        return err;
    if (ret->values[MK_FLAT_ID].raw.len == 2 && mk_schema_has(schema, MK_SCHEMA_ID))
        return mk_fail(reterr, MK_RECORD, "member 'id' is empty");
    return check_metadata(ret->values[MK_FLAT_METADATA], arena, reterr);
}

/* When it was crawled, else `or`, as JSON. */
static mk_err put_crawled(const mk_flat *flat, mk_str or, mk_arena *arena, mk_buf *out,
                          mk_error *reterr)
{
    mk_str members;
    const mk_err err = mk_json_text(flat->values[MK_FLAT_METADATA], arena, &members, reterr);

    if (err == MK_OK) {
        const mk_str crawled = mk_schema_crawled(members);
        if (crawled.len > 0)
            mk_json_put(out, crawled);
        else
            mk_buf_put(out, or);
    }
    return err;
}

static mk_err put_value(const mk_schema_field *f, const mk_flat *flat, mk_arena *arena, mk_buf *out,
                        mk_error *reterr)
{
    const mk_str unknown = mk_schema_unknown(f->value);
    const mk_flat_key key = key_of(f->value);
    mk_str lang;
    mk_err err = MK_OK;

    if (unknown.ptr) {
        mk_buf_put(out, unknown);
    } else if (f->value == MK_SCHEMA_ADDED) {
        err = put_crawled(flat, MK_STR("\"\""), arena, out, reterr);
    } else if (f->value == MK_SCHEMA_CRAWLED) {
        err = put_crawled(flat, flat->values[key].raw, arena, out, reterr);
    } else if (key != MK_FLAT_N) {
        mk_buf_put(out, flat->values[key].raw);
    } else { /* MK_SCHEMA_WRITING */
        err = mk_json_text(flat->values[MK_FLAT_LANG], arena, &lang, reterr);
        if (err == MK_OK)
            mk_json_put(out, mk_schema_writing(lang));
    }
    return err;
}

mk_err mk_flat_put(const mk_schema *schema, const mk_flat *flat, mk_arena *arena, mk_buf *out,
                   mk_error *reterr)
{
    bool comma = false;
    mk_err err = MK_OK;

    mk_buf_putc(out, '{');
    for (const mk_schema_field *f = schema->fields; err == MK_OK && f->value != MK_SCHEMA_END;
         f++) {
        if (f->value == MK_SCHEMA_CLOSE) {
            mk_buf_putc(out, '}');
            comma = true;
            continue;
        }
        mk_buf_puts(out, comma ? ",\"" : "\"");
        mk_buf_puts(out, f->key);
        mk_buf_puts(out, f->value == MK_SCHEMA_OPEN ? "\":{" : "\":");
        comma = f->value != MK_SCHEMA_OPEN;
        if (comma)
            err = put_value(f, flat, arena, out, reterr);
    }
    mk_buf_putc(out, '}');
    if (err == MK_OK && out->failed)
        err = mk_fail(reterr, MK_NOMEM, "out of memory for documents");
    return err;
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
    while (mk_json_object_next(&it, &member, NULL) == MK_OK) {
        err = mk_json_text(member.key, arena, &key, NULL);
        if (err == MK_OK && mk_str_eq(key, field))
            return scalar(member.value, arena, ret);
        if (err == MK_NOMEM)
            return err;
    }
    return MK_OK;
}

static const mk_str in_meta = {"metadata.", sizeof("metadata.") - 1};

bool mk_flat_may_group(mk_str field)
{
    if (field.len > in_meta.len && memcmp(field.ptr, in_meta.ptr, in_meta.len) == 0)
        return true;
    for (size_t i = 0; i < MK_FLAT_N; i++)
        if (i != MK_FLAT_METADATA && mk_str_eq(field, mk_str_of(mk_flat_names[i])))
            return true;
    return false;
}

bool mk_flat_group(const mk_flat *flat, mk_str field, mk_arena *arena, mk_str *ret, bool *ret_own)
{
    mk_str key = {0}, url;
    mk_err err = MK_OK;

    if (field.len > in_meta.len && memcmp(field.ptr, in_meta.ptr, in_meta.len) == 0) {
        err = in_metadata(flat->values[MK_FLAT_METADATA], mk_str_sub(field, in_meta.len, field.len),
                          arena, &key);
    } else {
        for (size_t i = 0; i < MK_FLAT_N; i++)
            if (mk_str_eq(field, mk_str_of(mk_flat_names[i])))
                err = scalar(flat->values[i], arena, &key);
    }
    *ret_own = key.len > 0;
    if (err == MK_OK && key.len == 0) {
        err = mk_json_text(flat->values[MK_FLAT_URL], arena, &url, NULL);
        if (err == MK_OK && !mk_flat_host(url, arena, &key))
            err = MK_NOMEM;
    }
    if (err == MK_OK && key.len == 0)
        err = mk_json_text(flat->values[MK_FLAT_ID], arena, &key, NULL);
    if (err == MK_OK && key.len == 0)
        err = mk_json_text(flat->values[MK_FLAT_TEXT], arena, &key, NULL);
    *ret = key;
    return err != MK_NOMEM;
}
