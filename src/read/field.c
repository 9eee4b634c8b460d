/* field.c: see field.h. Source: ISO 28500 (WARC) section 4, RFC 9112 section 5. Bytes
 * above 0x7F are taken as they are. Cases: tests/read/test_field.c. */
#include "read/field.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool mk_field_same(mk_str a, mk_str b)
{
    if (a.len != b.len)
        return false;
    if (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0) /* written as usual */
        return true;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool mk_field_number(mk_str s, uint64_t *ret)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        const unsigned digit = (unsigned)((unsigned char)s.ptr[i] - '0');
        if (digit > 9 || n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *ret = n;
    return s.len > 0;
}

mk_str mk_field_trim(mk_str s)
{
    while (s.len > 0 && is_blank(s.ptr[0]))
        s = mk_str_sub(s, 1, s.len);
    while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

/* ---- lines ---- */

bool mk_field_line(mk_str text, size_t *at, mk_str *ret)
{
    if (*at >= text.len)
        return false;
    const char *const begin = text.ptr + *at;
    const char *const lf = memchr(begin, '\n', text.len - *at);
    size_t len = lf ? (size_t)(lf - begin) : text.len - *at;

    *at += len + (lf ? 1 : 0);
    if (lf && len > 0 && begin[len - 1] == '\r')
        len--;
    *ret = (mk_str){begin, len};
    return true;
}

/* ---- fields ---- */

/* value and the line that goes on with it. */
static bool unfold(mk_str *value, mk_str line, mk_arena *arena)
{
    const mk_str more = mk_field_trim(line);
    char *const joined = mk_arena_bytes(arena, value->len + more.len + 1);

    if (!joined)
        return false;
    if (value->len > 0)
        memcpy(joined, value->ptr, value->len);
    joined[value->len] = ' ';
    if (more.len > 0)
        memcpy(joined + value->len + 1, more.ptr, more.len);
    *value = mk_field_trim((mk_str){joined, value->len + more.len + 1});
    return true;
}

/* Room for one field more; NULL if out of memory. */
static mk_field *add_field(mk_fields *fields, size_t *size, mk_arena *arena)
{
    if (fields->n == *size) {
        const size_t more = *size > 0 ? 2 * *size : 16;
        mk_field *const items = mk_arena_alloc(arena, more * sizeof(*items));
        if (!items)
            return NULL;
        if (fields->n > 0)
            memcpy(items, fields->items, fields->n * sizeof(*items));
        fields->items = items;
        *size = more;
    }
    return &fields->items[fields->n++];
}

mk_err mk_fields_parse(mk_str text, mk_arena *arena, mk_fields *ret, size_t *ret_end)
{
    enum {
        MAX_FOLDS = 64,   /* lines: each copies what came before */
        MAX_FIELDS = 8192 /* those behind are passed over: lines of a body without a head */
    };
    mk_fields found = {0};
    size_t at = 0, n_folds = 0, size = 0, end = 0;
    mk_str line;

    while (end == 0 && mk_field_line(text, &at, &line)) {
        if (line.len == 0) {
            end = at;
            continue;
        }
        const char *const colon = memchr(line.ptr, ':', line.len);
        if (is_blank(line.ptr[0])) {
            if (found.n > 0 && n_folds++ < MAX_FOLDS &&
                !unfold(&found.items[found.n - 1].value, line, arena))
                return MK_NOMEM;
            continue;
        }
        if (!colon || found.n == MAX_FIELDS)
            continue;
        const size_t n = (size_t)(colon - line.ptr);
        mk_field *const field = add_field(&found, &size, arena);
        if (!field)
            return MK_NOMEM;
        *field = (mk_field){mk_field_trim(mk_str_sub(line, 0, n)),
                            mk_field_trim(mk_str_sub(line, n + 1, line.len))};
    }
    *ret = found;
    *ret_end = end;
    return MK_OK;
}

mk_str mk_fields_get(const mk_fields *fields, mk_str name)
{
    for (size_t i = 0; i < fields->n; i++)
        if (mk_field_same(fields->items[i].name, name))
            return fields->items[i].value;
    return (mk_str){0};
}

/* ---- media types ---- */

static bool is_token(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c > 0 && strchr("!#$%&'*+-.^_`|~", c));
}

/* The parameter `charset` of what stands behind the type. */
static mk_str charset_of(mk_str rest)
{
    while (rest.len > 0) {
        const char *const end = memchr(rest.ptr, ';', rest.len);
        const size_t n = end ? (size_t)(end - rest.ptr) : rest.len;
        const mk_str one = mk_field_trim(mk_str_sub(rest, 0, n));
        const char *const sign = one.len > 0 ? memchr(one.ptr, '=', one.len) : NULL;

        rest = mk_str_sub(rest, end ? n + 1 : n, rest.len);
        if (!sign)
            continue;
        const size_t at = (size_t)(sign - one.ptr);
        if (!mk_field_same(mk_field_trim(mk_str_sub(one, 0, at)), MK_STR("charset")))
            continue;
        mk_str value = mk_field_trim(mk_str_sub(one, at + 1, one.len));
        while (value.len > 0 && strchr("\"'", value.ptr[0]))
            value = mk_str_sub(value, 1, value.len);
        while (value.len > 0 && strchr("\"'", value.ptr[value.len - 1]))
            value.len--;
        return value;
    }
    return (mk_str){"", 0};
}

mk_err mk_field_media(mk_str value, mk_arena *arena, mk_str *ret, mk_str *ret_charset)
{
    if (value.len == 0)
        value = (mk_str){"", 0};
    const char *const end = memchr(value.ptr, ';', value.len);
    const size_t n = end ? (size_t)(end - value.ptr) : value.len;
    const mk_str media = mk_field_trim(mk_str_sub(value, 0, n));
    size_t n_slashes = 0;
    char *name;

    *ret = (mk_str){"", 0};
    *ret_charset = (mk_str){"", 0};
    if (media.len == 0 || media.len > 127) /* RFC 6838, 4.2 */
        return MK_OK;
    name = mk_arena_bytes(arena, media.len);
    if (!name)
        return MK_NOMEM;
    for (size_t i = 0; i < media.len; i++) {
        name[i] = lower(media.ptr[i]);
        n_slashes += name[i] == '/';
        if (name[i] != '/' && !is_token(name[i]))
            return MK_OK;
    }
    if (n_slashes != 1 || name[0] == '/' || name[media.len - 1] == '/')
        return MK_OK;
    *ret = (mk_str){name, media.len};
    *ret_charset = charset_of(mk_str_sub(value, end ? n + 1 : n, value.len));
    return MK_OK;
}
