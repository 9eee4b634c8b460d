/* site_name.c: which site a document is from. Hosts are compared as bytes: what a
 * name in other letters looks like in ASCII is not worked out. A name that could
 * not stand in a line of a text file is none. Cases: tests/doc/test_sites.c. */
#include "base/json.h"
#include "doc/sites.h"

static mk_str none(void)
{
    return (mk_str){"", 0};
}

static size_t find(mk_str s, char c)
{
    const char *at = s.len > 0 ? memchr(s.ptr, c, s.len) : NULL;
    return at ? (size_t)(at - s.ptr) : s.len;
}

static bool begins(mk_str s, mk_str with)
{
    return s.len >= with.len && memcmp(s.ptr, with.ptr, with.len) == 0;
}

/* What stands between the scheme and the path, without user and port. */
static mk_str authority(mk_str url)
{
    for (size_t i = 0; i + 2 < url.len; i++)
        if (memcmp(url.ptr + i, "://", 3) == 0) {
            url = mk_str_sub(url, i + 3, url.len);
            break;
        }
    if (begins(url, MK_STR("//")))
        url = mk_str_sub(url, 2, url.len);
    size_t end = 0;
    while (end < url.len && !strchr("/?#\\", url.ptr[end]))
        end++;
    mk_str host = mk_str_sub(url, 0, end);
    const size_t user = find(host, '@');
    if (user < host.len)
        host = mk_str_sub(host, user + 1, host.len);
    const size_t bracket = begins(host, MK_STR("[")) ? find(host, ']') : 0;
    const size_t colon = find(mk_str_sub(host, bracket, host.len), ':');
    return mk_str_sub(host, 0, bracket + colon);
}

static bool host_of(mk_str url, mk_arena *arena, mk_str *ret)
{
    *ret = none();
    url = mk_str_trim(url);
    if (url.len == 0)
        return true;
    const mk_str host = authority(url);
    if (host.len == 0)
        return true;
    char *lower = mk_arena_bytes(arena, host.len);
    if (!lower)
        return false;
    for (size_t i = 0; i < host.len; i++) {
        const char c = host.ptr[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    mk_str name = {lower, host.len};
    if (begins(name, MK_STR("www.")) && name.len > 4)
        name = mk_str_sub(name, 4, name.len);
    if (name.len > 0 && name.ptr[name.len - 1] == '.')
        name.len--;
    *ret = name;
    return true;
}

static bool has_scheme(mk_str s)
{
    return mk_str_has(s, MK_STR("://"));
}

/* A file's first folder; of an archive's member the folder in the archive. */
static mk_str folder_of(mk_str source)
{
    size_t mark = source.len;
    for (size_t i = source.len; i-- > 0 && mark == source.len;)
        if (source.ptr[i] == '!')
            mark = i;
    mk_str path = mark < source.len ? mk_str_sub(source, mark + 1, source.len) : source;
    while (begins(path, MK_STR("./")) || begins(path, MK_STR("/")))
        path = mk_str_sub(path, path.ptr[0] == '.' ? 2 : 1, path.len);
    const size_t slash = find(path, '/');
    if (slash < path.len)
        return mk_str_sub(path, 0, slash);
    return mark < source.len ? mk_str_sub(source, 0, mark) : none();
}

/* The string of that name among the record's other members. */
static bool member_of(mk_str members, mk_str name, mk_arena *arena, mk_str *ret)
{
    mk_json_object it = mk_json_object_of(members);
    mk_json_member member;
    mk_error error;
    *ret = none();
    while (mk_json_object_next(&it, &member, &error) == MK_OK) {
        mk_str key;
        mk_err err = mk_json_text(member.key, arena, &key, &error);
        if (err == MK_OK && mk_str_eq(key, name)) {
            if (member.value.type == MK_JSON_NUMBER)
                *ret = member.value.raw;
            else if (member.value.type == MK_JSON_STRING)
                err = mk_json_text(member.value, arena, ret, &error);
            return err != MK_NOMEM;
        }
        if (err == MK_NOMEM)
            return false;
    }
    return true;
}

static bool field_of(const mk_doc *doc, mk_str field, mk_arena *arena, mk_str *ret)
{
    const struct {
        const char *name;
        mk_str value;
    } known[] = {{"id", doc->id},       {"source", doc->source}, {"url", doc->url},
                 {"title", doc->title}, {"date", doc->date},     {"lang", doc->lang}};
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (mk_str_eq(field, mk_str_of(known[i].name))) {
            *ret = known[i].value;
            return true;
        }
    return member_of(doc->members, field, arena, ret);
}

/* True if name can stand in the head of a section. */
static bool is_name(mk_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7F)
            return false;
    return name.len <= MK_SITE_TEXT && mk_utf8_valid(name) == name.len;
}

bool mk_site_name(const mk_doc *doc, mk_str field, mk_arena *arena, mk_str *ret)
{
    mk_str name = none();
    bool ok = true;
    if (field.len > 0) {
        ok = field_of(doc, field, arena, &name);
        if (ok && has_scheme(name))
            ok = host_of(name, arena, &name);
    } else if (doc->url.len > 0) {
        ok = host_of(doc->url, arena, &name);
    }
    if (ok && field.len == 0 && name.len == 0 && doc->source.len > 0) {
        if (has_scheme(doc->source))
            ok = host_of(doc->source, arena, &name);
        else
            name = folder_of(doc->source);
    }
    *ret = ok && is_name(name) && name.len > 0 ? mk_str_trim(name) : none();
    return ok;
}
