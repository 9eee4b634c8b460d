/* metadata.c: the members of release metadata, and what each may hold. Unknown ones are
 * refused, with the nearest known name: a slip in `license` must not go unseen.
 * Cases: tests/release/test_metadata.c. */
#include "release/metadata.h"

#include <stdio.h>

#include "base/json.h"

typedef enum check { ANY, SLUG, VERSION, DATE, LICENSE, URL, LANGUAGE, WORD } check;

enum {
    MAX_FILE = 1 << 20, /* bytes: more is no description */
    MAX_TEXT = 64 << 10 /* bytes of one value */
};

static const struct {
    const char *name;
    bool list;
    check check;
} keys[MK_META_N] = {
    [MK_META_NAME] = {"name", false, SLUG},
    [MK_META_PRETTY_NAME] = {"pretty_name", false, ANY},
    [MK_META_VERSION] = {"version", false, VERSION},
    [MK_META_DATE] = {"date", false, DATE},
    [MK_META_DESCRIPTION] = {"description", false, ANY},
    [MK_META_LICENSE] = {"license", false, LICENSE},
    [MK_META_LICENSE_NAME] = {"license_name", false, ANY},
    [MK_META_LICENSE_LINK] = {"license_link", false, URL},
    [MK_META_AUTHORS] = {"authors", true, ANY},
    [MK_META_HOMEPAGE] = {"homepage", false, URL},
    [MK_META_REPOSITORY] = {"repository", false, URL},
    [MK_META_DOI] = {"doi", false, ANY},
    [MK_META_CITATION] = {"citation", false, ANY},
    [MK_META_CONTACT] = {"contact", false, ANY},
    [MK_META_LANGUAGE] = {"language", true, LANGUAGE},
    [MK_META_KEYWORDS] = {"keywords", true, ANY},
    [MK_META_TASK_CATEGORIES] = {"task_categories", true, WORD},
    [MK_META_SOURCE] = {"source", false, ANY},
    [MK_META_SOURCE_DATASETS] = {"source_datasets", true, ANY},
    [MK_META_MOTIVATION] = {"motivation", false, ANY},
    [MK_META_COLLECTION] = {"collection", false, ANY},
    [MK_META_PERSONAL] = {"personal_information", false, ANY},
    [MK_META_USES] = {"uses", false, ANY},
    [MK_META_LIMITATIONS] = {"limitations", false, ANY},
    [MK_META_MAINTENANCE] = {"maintenance", false, ANY},
};

static const char *const person_keys[MK_PERSON_N] = {
    [MK_PERSON_NAME] = "name",
    [MK_PERSON_ORCID] = "orcid",
    [MK_PERSON_AFFILIATION] = "affiliation",
    [MK_PERSON_EMAIL] = "email",
    [MK_PERSON_URL] = "url",
};

const char *mk_metadata_name(mk_meta_key key)
{
    return keys[key].name;
}

mk_str mk_metadata_get(const mk_metadata *meta, mk_meta_key key)
{
    return meta->values[key].n > 0 ? meta->values[key].items[0] : (mk_str){"", 0};
}

/* ---- checks ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters, digits and what stands in also. */
static bool is_made_of(mk_str s, const char *also)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.ptr[i]) && (s.ptr[i] == '\0' || !strchr(also, s.ptr[i])))
            return false;
    return s.len > 0;
}

/* 1.0.0, 1.0.0-rc.1 */
static bool is_version(mk_str s)
{
    size_t at = 0;

    for (int part = 0; part < 3; part++) {
        const size_t from = at;
        while (at < s.len && is_digit(s.ptr[at]))
            at++;
        if (at == from || at - from > 9)
            return false;
        if (part < 2 && (at == s.len || s.ptr[at++] != '.'))
            return false;
    }
    return at == s.len || ((s.ptr[at] == '-' || s.ptr[at] == '+') &&
                           is_made_of(mk_str_sub(s, at + 1, s.len), ".-+"));
}

static bool is_date(mk_str s)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int n[3] = {0};
    int part = 0;

    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (i == 4 || i == 7)
            part++;
        else if (!is_digit(s.ptr[i]))
            return false;
        else
            n[part] = n[part] * 10 + (s.ptr[i] - '0');
    }
    return n[1] >= 1 && n[1] <= 12 && n[2] >= 1 && n[2] <= days[n[1] - 1];
}

static bool is_url(mk_str s)
{
    const bool plain = s.len > 7 && memcmp(s.ptr, "http://", 7) == 0;
    const bool safe = s.len > 8 && memcmp(s.ptr, "https://", 8) == 0;

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || strchr("<>\"\\", s.ptr[i]))
            return false;
    return plain || safe;
}

/* A tag of BCP 47 as people write it: ar, ar-EG, fa-Arab-IR. */
static bool is_language(mk_str s)
{
    size_t first = 0;

    while (first < s.len && s.ptr[first] >= 'a' && s.ptr[first] <= 'z')
        first++;
    return (first == 2 || first == 3) && is_made_of(s, "-") && s.ptr[s.len - 1] != '-' &&
           (first == s.len || s.ptr[first] == '-');
}

static mk_err check_license(mk_str s, mk_error *reterr)
{
    const mk_str own = MK_STR("LicenseRef-");
    const mk_license *near;

    if (mk_license_find(s) || (s.len > own.len && memcmp(s.ptr, own.ptr, own.len) == 0))
        return MK_OK;
    near = mk_license_nearest(s);
    if (near)
        return mk_fail(reterr, MK_OPTION, "unknown license '%.*s' (did you mean '%s'?)", (int)s.len,
                       s.ptr, near->id);
    return mk_fail(reterr, MK_OPTION,
                   "unknown license '%.*s': an identifier of SPDX is needed, or "
                   "LicenseRef-NAME with license_name and license_link",
                   (int)(s.len < 100 ? s.len : 100), s.ptr);
}

static mk_err check_value(mk_meta_key key, mk_str s, mk_error *reterr)
{
    const char *want = NULL;

    if (s.len == 0)
        return mk_fail(reterr, MK_OPTION, "'%s' is empty", keys[key].name);
    if (s.len > MAX_TEXT)
        return mk_fail(reterr, MK_OPTION, "'%s' is longer than %d bytes", keys[key].name, MAX_TEXT);
    switch (keys[key].check) {
    case ANY:
        break;
    case SLUG:
        if (!is_made_of(s, "._-") || s.len > 96)
            want = "letters, digits, '.', '_' and '-' are needed";
        break;
    case VERSION:
        if (!is_version(s))
            want = "three numbers are needed, as in 1.0.0";
        break;
    case DATE:
        if (!is_date(s))
            want = "YYYY-MM-DD is needed";
        break;
    case LICENSE:
        return check_license(s, reterr);
    case URL:
        if (!is_url(s))
            want = "an address is needed that begins with https:// or http://";
        break;
    case LANGUAGE:
        if (!is_language(s))
            want = "a language tag is needed, as in ar or ar-EG";
        break;
    case WORD:
        if (!is_made_of(s, "-"))
            want = "a word with hyphens is needed, as in text-generation";
        break;
    }
    if (want)
        return mk_fail(reterr, MK_OPTION, "bad %s '%.*s': %s", keys[key].name,
                       (int)(s.len < 100 ? s.len : 100), s.ptr, want);
    return MK_OK;
}

/* ---- building ---- */

/* " (did you mean 'x'?)" or nothing. */
static const char *hint(mk_str word, const char *const *names, size_t n, char out[64])
{
    unsigned distance = word.len < 6 ? 2 : (unsigned)(word.len < 60 ? word.len / 3 : 20) + 1;

    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const unsigned d = mk_edit_distance(word, mk_str_of(names[i]), distance);
        if (d < distance) {
            distance = d;
            snprintf(out, 64, " (did you mean '%s'?)", names[i]);
        }
    }
    return out;
}

static int shown(mk_str s)
{
    return (int)mk_utf8_valid(mk_str_sub(s, 0, s.len < 100 ? s.len : 100));
}

mk_err mk_meta_key_found(mk_meta_builder *b, mk_str key, mk_error *reterr)
{
    const char *names[MK_META_N];
    char near[64];

    for (size_t i = 0; i < MK_META_N; i++) {
        names[i] = keys[i].name;
        if (!mk_str_eq(key, mk_str_of(keys[i].name)))
            continue;
        if (b->seen[i])
            return mk_fail(reterr, MK_OPTION, "member '%s' twice", keys[i].name);
        b->seen[i] = true;
        b->key = (mk_meta_key)i;
        return MK_OK;
    }
    return mk_fail(reterr, MK_OPTION, "unknown member '%.*s'%s", shown(key), key.ptr,
                   hint(key, names, MK_META_N, near));
}

mk_err mk_meta_list(mk_meta_builder *b, mk_error *reterr)
{
    if (keys[b->key].list)
        return MK_OK;
    return mk_fail(reterr, MK_OPTION, "'%s' is a list, one text is needed", keys[b->key].name);
}

static mk_err copy(mk_meta_builder *b, mk_str text, mk_str *ret, mk_error *reterr)
{
    *ret = mk_arena_str(b->arena, text);
    return ret->ptr || text.len == 0 ? MK_OK
                                     : mk_fail(reterr, MK_NOMEM, "out of memory for metadata");
}

static mk_err too_many(const mk_meta_builder *b, mk_error *reterr)
{
    return mk_fail(reterr, MK_OPTION, "'%s' has more than %d items", keys[b->key].name,
                   MK_META_ITEMS);
}

mk_err mk_meta_value(mk_meta_builder *b, mk_str text, mk_error *reterr)
{
    mk_err err;

    text = mk_str_trim(text);
    if (b->key == MK_META_AUTHORS) { /* a name alone */
        err = mk_meta_person(b, reterr);
        b->person_key = MK_PERSON_NAME;
        return err == MK_OK ? mk_meta_person_value(b, text, reterr) : err;
    }
    err = check_value(b->key, text, reterr);
    if (err != MK_OK)
        return err;
    if (b->meta->values[b->key].n == MK_META_ITEMS)
        return too_many(b, reterr);
    return copy(b, text, &b->meta->values[b->key].items[b->meta->values[b->key].n++], reterr);
}

mk_err mk_meta_person(mk_meta_builder *b, mk_error *reterr)
{
    if (b->key != MK_META_AUTHORS)
        return mk_fail(reterr, MK_OPTION, "'%s' holds an object, text is needed",
                       keys[b->key].name);
    if (b->meta->n_authors == MK_META_ITEMS)
        return too_many(b, reterr);
    b->meta->authors[b->meta->n_authors++] = (mk_person){0};
    return MK_OK;
}

mk_err mk_meta_person_key(mk_meta_builder *b, mk_str key, mk_error *reterr)
{
    char near[64];

    for (size_t i = 0; i < MK_PERSON_N; i++)
        if (mk_str_eq(key, mk_str_of(person_keys[i]))) {
            b->person_key = (mk_person_key)i;
            return MK_OK;
        }
    return mk_fail(reterr, MK_OPTION, "unknown member '%.*s' of an author%s", shown(key), key.ptr,
                   hint(key, person_keys, MK_PERSON_N, near));
}

/* 0000-0002-1825-0097 */
static bool is_orcid(mk_str s)
{
    if (s.len != 19)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((i + 1) % 5 == 0 ? s.ptr[i] != '-'
                             : !is_digit(s.ptr[i]) && !(i == 18 && s.ptr[i] == 'X'))
            return false;
    return true;
}

mk_err mk_meta_person_value(mk_meta_builder *b, mk_str text, mk_error *reterr)
{
    mk_str *const to = &b->meta->authors[b->meta->n_authors - 1].values[b->person_key];

    text = mk_str_trim(text);
    if (text.len == 0 || text.len > MAX_TEXT)
        return mk_fail(reterr, MK_OPTION, "'%s' of an author is empty or too long",
                       person_keys[b->person_key]);
    if (to->len > 0)
        return mk_fail(reterr, MK_OPTION, "member '%s' of an author twice",
                       person_keys[b->person_key]);
    if (b->person_key == MK_PERSON_ORCID && !is_orcid(text))
        return mk_fail(reterr, MK_OPTION, "bad orcid '%.*s': 0000-0000-0000-0000 is needed",
                       shown(text), text.ptr);
    if (b->person_key == MK_PERSON_URL && !is_url(text))
        return mk_fail(reterr, MK_OPTION, "bad url '%.*s' of an author", shown(text), text.ptr);
    return copy(b, text, to, reterr);
}

/* What belongs together. */
static mk_err check_whole(const mk_metadata *m, mk_error *reterr)
{
    const mk_str license = mk_metadata_get(m, MK_META_LICENSE);

    if (license.len > 0 && !mk_license_find(license) &&
        (m->values[MK_META_LICENSE_NAME].n == 0 || m->values[MK_META_LICENSE_LINK].n == 0))
        return mk_fail(reterr, MK_OPTION, "license '%.*s' needs license_name and license_link",
                       shown(license), license.ptr);
    for (size_t i = 0; i < m->n_authors; i++)
        if (m->authors[i].values[MK_PERSON_NAME].len == 0)
            return mk_fail(reterr, MK_OPTION, "author %zu has no name", i + 1);
    return MK_OK;
}

mk_err mk_metadata_parse(const char *where, mk_str text, mk_arena *arena, mk_metadata *ret,
                         mk_error *reterr)
{
    mk_meta_builder b = {.meta = ret, .arena = arena};
    mk_error why = {0};
    size_t at = 0;
    mk_err err;

    *ret = (mk_metadata){0};
    if (text.len > MAX_FILE)
        return mk_fail(reterr, MK_OPTION, "%s: more than %d bytes", where, MAX_FILE);
    if (mk_utf8_valid(text) != text.len)
        return mk_fail(reterr, MK_OPTION, "%s: not UTF-8", where);
    while (at < text.len && strchr(" \t\r\n", text.ptr[at]))
        at++;
    err = at < text.len && text.ptr[at] == '{' ? mk_meta_json(where, text, &b, reterr)
                                               : mk_meta_yaml(where, text, &b, reterr);
    if (err != MK_OK)
        return err;
    err = check_whole(ret, &why);
    return err == MK_OK ? MK_OK : mk_fail(reterr, err, "%s: %s", where, why.text);
}

/* ---- as JSON ---- */

static void put_people(const mk_metadata *m, mk_buf *out)
{
    for (size_t i = 0; i < m->n_authors; i++) {
        bool comma = false;
        mk_buf_puts(out, i ? ",{" : "{");
        for (size_t k = 0; k < MK_PERSON_N; k++) {
            if (m->authors[i].values[k].len == 0)
                continue;
            mk_buf_printf(out, "%s\"%s\":", comma ? "," : "", person_keys[k]);
            mk_json_put(out, m->authors[i].values[k]);
            comma = true;
        }
        mk_buf_putc(out, '}');
    }
}

void mk_metadata_put(const mk_metadata *m, mk_buf *out)
{
    bool comma = false;

    mk_buf_putc(out, '{');
    for (size_t k = 0; k < MK_META_N; k++) {
        const size_t n = k == MK_META_AUTHORS ? m->n_authors : m->values[k].n;
        if (n == 0)
            continue;
        mk_buf_printf(out, "%s\"%s\":%s", comma ? "," : "", keys[k].name, keys[k].list ? "[" : "");
        comma = true;
        if (k == MK_META_AUTHORS)
            put_people(m, out);
        for (size_t i = 0; i < m->values[k].n; i++) {
            if (i > 0)
                mk_buf_putc(out, ',');
            mk_json_put(out, m->values[k].items[i]);
        }
        if (keys[k].list)
            mk_buf_putc(out, ']');
    }
    mk_buf_putc(out, '}');
}
