/* listed.c: see listed.h. Ids and addresses are compared byte for byte, hosts in lower case
 * and with all hosts below them. Cases: fixtures/cli/takedown_list. */
#include "release/listed.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/json.h"
#include "read/field.h"
#include "read/file_bytes.h"
#include "read/host.h"
#include "release/assemble.h"

typedef struct entry {
    mk_str value; /* what is compared */
    mk_str text;  /* of the line */
    uint64_t line;
} entry;

struct mk_listed {
    mk_listed_kind kind;
    mk_buf bytes;
    mk_arena *arena;   /* of values that do not stand in bytes */
    entry *items;      /* n of them, by value; owned */
    atomic_bool *seen; /* of each value, the first of equals; owned */
    size_t n;
};

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a list");
}

/* ---- reading ---- */

static int by_value(const void *a, const void *b)
{
    return mk_str_cmp(((const entry *)a)->value, ((const entry *)b)->value);
}

static int by_line(const void *a, const void *b)
{
    const uint64_t x = ((const entry *)a)->line, y = ((const entry *)b)->line;

    return (x > y) - (x < y);
}

/* The text of the JSON string that s is. MK_RECORD. */
static mk_err unquote(mk_str s, mk_arena *arena, mk_str *ret, mk_error *reterr)
{
    char *const array = mk_arena_bytes(arena, s.len + 2);
    mk_json_value value, more;
    mk_err err;

    if (!array)
        return no_memory(reterr);
    array[0] = '[';
    memcpy(array + 1, s.ptr, s.len);
    array[s.len + 1] = ']';
    mk_json_array it = mk_json_array_of((mk_str){array, s.len + 2});
    err = mk_json_array_next(&it, &value, reterr);
    if (err == MK_OK && mk_json_array_next(&it, &more, reterr) != MK_END)
        err = MK_RECORD;
    return err == MK_OK ? mk_json_text(value, arena, ret, reterr) : err;
}

static mk_err read_entry(mk_listed *l, entry *e, mk_error *reterr)
{
    char *lower;

    e->value = e->text;
    switch (l->kind) {
    case MK_LISTED_IDS:
        return *e->text.ptr == '"' ? unquote(e->text, l->arena, &e->value, reterr) : MK_OK;
    case MK_LISTED_URLS:
        return MK_OK;
    case MK_LISTED_HOSTS:
        break;
    }
    if (!mk_host_listed(e->text, &e->value))
        return MK_RECORD;
    lower = mk_arena_bytes(l->arena, e->value.len);
    if (!lower)
        return no_memory(reterr);
    e->value = mk_host_lower(e->value, lower);
    return MK_OK;
}

static mk_err read_entries(mk_listed *l, const char *path, mk_error *reterr)
{
    static const char *const what[] = {[MK_LISTED_IDS] = "no string of JSON",
                                       [MK_LISTED_HOSTS] = "no host",
                                       [MK_LISTED_URLS] = "no address"};
    const mk_str text = mk_buf_str(&l->bytes);
    mk_err err = MK_OK;
    size_t at = 0, n = 0;
    mk_str line;

    while (mk_field_line(text, &at, &line))
        n++;
    l->items = calloc(n + 1, sizeof(*l->items));
    l->seen = calloc(n + 1, sizeof(*l->seen));
    if (!l->items || !l->seen)
        return no_memory(reterr);
    at = 0;
    for (uint64_t number = 1; err == MK_OK && mk_field_line(text, &at, &line); number++) {
        line = mk_str_trim(line);
        if (line.len == 0 || *line.ptr == '#')
            continue;
        l->items[l->n] = (entry){.text = line, .line = number};
        err = read_entry(l, &l->items[l->n++], reterr);
        if (err == MK_RECORD)
            err = mk_fail(reterr, MK_OPTION, "%s:%" PRIu64 ": '%.*s' is %s", path, number,
                          (int)(line.len < 200 ? line.len : 200), line.ptr, what[l->kind]);
    }
    if (err == MK_OK && l->n == 0)
        err = mk_fail(reterr, MK_OPTION, "'%s' is empty", path);
    if (err == MK_OK)
        qsort(l->items, l->n, sizeof(*l->items), by_value);
    return err;
}

mk_err mk_listed_open(const char *path, mk_listed_kind kind, char sha256[MK_SHA256_HEX + 1],
                      mk_listed **ret, mk_error *reterr)
{
    mk_listed *const l = calloc(1, sizeof(*l));
    mk_err err;

    if (!l)
        return no_memory(reterr);
    l->kind = kind;
    l->bytes.max = MK_BUF_MAX;
    l->arena = mk_arena_new();
    err = l->arena ? mk_file_option(path, MK_FILE_STORED, &l->bytes, reterr) : no_memory(reterr);
    if (err == MK_OK)
        err = mk_assemble_digest(mk_buf_str(&l->bytes), sha256, reterr);
    mk_buf_reset(&l->bytes);
    if (err == MK_OK)
        err = mk_file_option(path, MK_FILE_DECODED, &l->bytes, reterr);
    if (err == MK_OK)
        err = read_entries(l, path, reterr);
    if (err == MK_OK)
        *ret = l;
    else
        mk_listed_close(l);
    return err;
}

uint64_t mk_listed_size(const mk_listed *l)
{
    return l->n;
}

void mk_listed_close(mk_listed *l)
{
    if (!l)
        return;
    mk_buf_clear(&l->bytes);
    mk_arena_free(l->arena);
    free(l->items);
    free(l->seen);
    free(l);
}

/* ---- asking ---- */

/* The first entry of that value; n if there is none. */
static size_t find(const mk_listed *l, mk_str value)
{
    size_t low = 0, high = l->n;

    while (low < high) {
        const size_t at = low + (high - low) / 2;
        if (mk_str_cmp(l->items[at].value, value) < 0)
            low = at + 1;
        else
            high = at;
    }
    return low < l->n && mk_str_eq(l->items[low].value, value) ? low : l->n;
}

static bool mark(const mk_listed *l, mk_str value)
{
    const size_t i = find(l, value);

    if (i < l->n)
        atomic_store_explicit(&l->seen[i], true, memory_order_relaxed);
    return i < l->n;
}

bool mk_listed_names(const mk_listed *l, mk_str s)
{
    char name[MK_HOST_MAX];
    bool any = false;

    if (l->kind != MK_LISTED_HOSTS)
        return mark(l, s);
    s = mk_host_lower(mk_host_of(s), name);
    if (s.len == 0)
        return false;
    do {
        any |= mark(l, s);
    } while (mk_host_above(&s));
    return any;
}

uint64_t mk_listed_lacks(mk_listed *l, void (*lacks)(void *arg, uint64_t line, mk_str entry),
                         void *arg)
{
    size_t n = 0;

    for (size_t i = 0, first = 0; i < l->n; i++) {
        if (!mk_str_eq(l->items[i].value, l->items[first].value))
            first = i;
        if (!atomic_load_explicit(&l->seen[first], memory_order_relaxed))
            l->items[n++] = l->items[i];
    }
    l->n = n;
    qsort(l->items, n, sizeof(*l->items), by_line);
    for (size_t i = 0; lacks && i < n; i++)
        lacks(arg, l->items[i].line, l->items[i].text);
    return n;
}
