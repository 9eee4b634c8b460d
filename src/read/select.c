/* select.c: see select.h. Lists of words are short and looked at one by one; lists from
 * files are sorted and searched. URLs are compared byte for byte, hosts in lower
 * case. Cases: tests/read/test_select.c. */
#include "read/select.h"

#include <stdlib.h>

#include "base/buf.h"
#include "read/field.h"
#include "read/file_bytes.h"
#include "read/host.h"

enum { MAX_FILE = 1 << 30 /* bytes of a list: the ceiling of one buffer */ };

/* The lines of a file, in byte order. */
typedef struct lines {
    mk_buf bytes;
    mk_str *items; /* n of them, owned */
    size_t n;
} lines;

struct mk_select {
    char *types, *statuses, *languages; /* owned copies; NULL: any */
    lines urls, hosts;
    bool has_urls;
};

/* ---- files ---- */

static int compare(const void *a, const void *b)
{
    return mk_str_cmp(*(const mk_str *)a, *(const mk_str *)b);
}

/* hosts: each line is to mean a host, and becomes it. */
static mk_err read_lines(const char *path, bool hosts, lines *ret, mk_error *reterr)
{
    size_t at = 0, n = 0, number = 0;
    mk_str line;
    mk_err err;

    ret->bytes.max = MAX_FILE;
    err = mk_file_option(path, MK_FILE_DECODED, &ret->bytes, reterr);
    if (err != MK_OK)
        return err;
    const mk_str text = mk_buf_str(&ret->bytes);
    while (mk_field_line(text, &at, &line))
        n++;
    ret->items = calloc(n + 1, sizeof(*ret->items));
    if (!ret->items)
        return mk_fail(reterr, MK_NOMEM, "out of memory for '%s'", path);
    for (at = 0; mk_field_line(text, &at, &line);) {
        line = mk_str_trim(line);
        number++;
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        if (hosts && !mk_host_listed(line, &line))
            return mk_fail(reterr, MK_OPTION, "%s:%zu: '%.*s' is no host", path, number,
                           (int)(line.len < 200 ? line.len : 200), line.ptr);
        ret->items[ret->n++] = line;
    }
    qsort(ret->items, ret->n, sizeof(*ret->items), compare);
    return MK_OK;
}

static bool has_line(const lines *l, mk_str s)
{
    return l->n > 0 && bsearch(&s, l->items, l->n, sizeof(*l->items), compare);
}

static void lower(char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] >= 'A' && s[i] <= 'Z')
            s[i] = (char)(s[i] - 'A' + 'a');
}

/* ---- words ---- */

/* The next word of list, which has commas between them. */
static bool next_word(mk_str *list, mk_str *ret)
{
    while (list->len > 0) {
        const char *const comma = memchr(list->ptr, ',', list->len);
        const size_t n = comma ? (size_t)(comma - list->ptr) : list->len;
        *ret = mk_field_trim(mk_str_sub(*list, 0, n));
        *list = mk_str_sub(*list, comma ? n + 1 : n, list->len);
        if (ret->len > 0)
            return true;
    }
    return false;
}

/* "200", "2xx" */
static bool is_status(mk_str s)
{
    if (s.len != 3 || s.ptr[0] < '1' || s.ptr[0] > '9')
        return false;
    return mk_field_same(mk_str_sub(s, 1, 3), MK_STR("xx")) ||
           (s.ptr[1] >= '0' && s.ptr[1] <= '9' && s.ptr[2] >= '0' && s.ptr[2] <= '9');
}

static bool is_type(mk_str s)
{
    const char *const slash = memchr(s.ptr, '/', s.len);

    return slash && slash > s.ptr && slash + 1 < s.ptr + s.len;
}

static bool is_language(mk_str s)
{
    return s.len >= 2 && s.len <= 8;
}

/* Copies a list whose words are all good. */
static mk_err take_words(const char *option, const char *list, bool (*is_good)(mk_str), char **ret,
                         mk_error *reterr)
{
    mk_str rest = mk_str_of(list), word;
    size_t n = 0;

    if (!list)
        return MK_OK;
    for (; next_word(&rest, &word); n++)
        if (!is_good(word))
            return mk_fail(reterr, MK_OPTION, "bad value '%.*s' for '--%s'", (int)word.len,
                           word.ptr, option);
    if (n == 0)
        return mk_fail(reterr, MK_OPTION, "no value for '--%s'", option);
    *ret = strdup(list);
    return *ret ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory");
}

/* ---- the whole ---- */

mk_err mk_select_open(const mk_selection *o, mk_select **ret, mk_error *reterr)
{
    mk_select *const s = calloc(1, sizeof(*s));
    mk_error local = {.code = MK_OK};
    mk_err err;

    if (!s)
        return mk_fail(reterr, MK_NOMEM, "out of memory");
    reterr = reterr ? reterr : &local;
    err = take_words("only-type", o->types, is_type, &s->types, reterr);
    if (err == MK_OK)
        err = take_words("only-status", o->statuses, is_status, &s->statuses, reterr);
    if (err == MK_OK)
        err = take_words("only-lang", o->languages, is_language, &s->languages, reterr);
    if (err == MK_OK && o->url_list)
        err = read_lines(o->url_list, false, &s->urls, reterr);
    if (err == MK_OK && o->exclude_hosts)
        err = read_lines(o->exclude_hosts, true, &s->hosts, reterr);
    if (err != MK_OK) {
        mk_select_close(s);
        return err;
    }
    s->has_urls = o->url_list != NULL;
    if (s->hosts.n > 0) {
        lower(s->hosts.bytes.ptr, s->hosts.bytes.len);
        qsort(s->hosts.items, s->hosts.n, sizeof(*s->hosts.items), compare);
    }
    *ret = s;
    return MK_OK;
}

static void clear_lines(lines *l)
{
    mk_buf_clear(&l->bytes);
    free(l->items);
}

void mk_select_close(mk_select *s)
{
    if (!s)
        return;
    free(s->types);
    free(s->statuses);
    free(s->languages);
    clear_lines(&s->urls);
    clear_lines(&s->hosts);
    free(s);
}

/* ---- asking ---- */

/* True if url's host, or one above it, is listed. */
static bool is_excluded(const mk_select *s, mk_str url)
{
    char name[MK_HOST_MAX];
    mk_str host = mk_host_lower(mk_host_of(url), name);

    if (host.len == 0)
        return false;
    do {
        if (has_line(&s->hosts, host))
            return true;
    } while (mk_host_above(&host));
    return false;
}

const char *mk_select_url(const mk_select *s, mk_str url)
{
    if (!s)
        return NULL;
    if (s->has_urls && !has_line(&s->urls, url))
        return "--url-list";
    return s->hosts.n > 0 && is_excluded(s, url) ? "--exclude-hosts" : NULL;
}

const char *mk_select_languages(const mk_select *s, mk_str languages)
{
    mk_str rest, word, have, one;

    if (!s || !s->languages)
        return NULL;
    rest = mk_str_of(s->languages);
    while (next_word(&rest, &word)) {
        have = languages;
        while (next_word(&have, &one))
            if (mk_field_same(word, one))
                return NULL;
    }
    return "--only-lang";
}

const char *mk_select_of_crawls(const mk_select *s, size_t i)
{
    const char *const given[] = {s && s->types ? "--only-type" : NULL,
                                 s && s->statuses ? "--only-status" : NULL,
                                 s && s->languages ? "--only-lang" : NULL};

    for (size_t k = 0; k < sizeof(given) / sizeof(*given); k++)
        if (given[k] && i-- == 0)
            return given[k];
    return NULL;
}

bool mk_select_type(const mk_select *s, mk_str type)
{
    mk_str rest, word;

    if (!s || !s->types)
        return true;
    rest = mk_str_of(s->types);
    while (next_word(&rest, &word)) {
        const bool all = word.ptr[word.len - 1] == '*'; /* "text/" and all */
        if (all && type.len >= word.len - 1 &&
            mk_field_same(mk_str_sub(word, 0, word.len - 1), mk_str_sub(type, 0, word.len - 1)))
            return true;
        if (mk_field_same(word, type))
            return true;
    }
    return false;
}

bool mk_select_status(const mk_select *s, unsigned status)
{
    const char digits[3] = {(char)('0' + status / 100 % 10), (char)('0' + status / 10 % 10),
                            (char)('0' + status % 10)};
    mk_str rest = s && s->statuses ? mk_str_of(s->statuses) : MK_STR("2xx"), word;

    while (next_word(&rest, &word))
        if (word.ptr[0] == digits[0] &&
            (word.ptr[1] == 'x' || word.ptr[1] == 'X' || memcmp(word.ptr + 1, digits + 1, 2) == 0))
            return true;
    return false;
}
