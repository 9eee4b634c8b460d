/* list.c: lists of inputs, a path a line. No line is a comment: a file may be called so.
 * Refuses what cannot be a path, by its line, since one that was left out would be an input
 * that nobody misses.
 * Cases: fixtures/cli/files_from, files_from_wrong. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "minkhal/minkhal.h"
#include "read/file_bytes.h"

enum { MAX_LIST = 1 << 30 /* bytes: the ceiling of one buffer */ };

typedef struct list {
    const char *path;
    mk_str text;
    size_t at; /* in text, of what is next */
    uint64_t line;
    char end; /* of a name: LF or NUL */
} list;

/* The next name, without its end. */
static bool next_name(list *l, mk_str *ret)
{
    const mk_str rest = mk_str_sub(l->text, l->at, l->text.len);
    const char *const end = rest.len > 0 ? memchr(rest.ptr, l->end, rest.len) : NULL;
    size_t n = end ? (size_t)(end - rest.ptr) : rest.len;

    if (rest.len == 0)
        return false;
    l->at += n + (end != NULL);
    l->line++;
    if (l->end == '\n' && n > 0 && rest.ptr[n - 1] == '\r')
        n--;
    *ret = mk_str_sub(rest, 0, n);
    return true;
}

static mk_err check_name(const list *l, mk_str name, mk_error *reterr)
{
    const char *why = NULL;

    if (memchr(name.ptr, '\0', name.len))
        why = "a NUL byte, which no name has (--null: NUL ends each)";
    else if (name.len >= PATH_MAX)
        why = "longer than a path can be";
    else if (mk_str_eq(name, MK_STR("-")) && strcmp(l->path, "-") == 0)
        why = "'-' is the list itself";
    return why ? mk_fail(reterr, MK_OPTION, "%s:%llu: %s",
                         strcmp(l->path, "-") == 0 ? "standard input" : l->path,
                         (unsigned long long)l->line, why)
               : MK_OK;
}

/* n_bytes: of all names with a NUL behind each. */
static mk_err count_names(list l, size_t *ret_n, size_t *ret_bytes, mk_error *reterr)
{
    mk_str name;

    while (next_name(&l, &name)) {
        const mk_err err = name.len > 0 ? check_name(&l, name, reterr) : MK_OK;
        if (err != MK_OK)
            return err;
        *ret_n += name.len > 0;
        *ret_bytes += name.len > 0 ? name.len + 1 : 0;
    }
    return MK_OK;
}

/* The pointers and behind them the names: room is for both. */
static void put_names(list l, size_t n, const char **room)
{
    char *to = (char *)(room + n);
    mk_str name;

    for (size_t i = 0; next_name(&l, &name);) {
        if (name.len == 0)
            continue;
        room[i++] = to;
        memcpy(to, name.ptr, name.len);
        to[name.len] = '\0';
        to += name.len + 1;
    }
}

mk_err mk_list_read(const char *path, bool null, const char ***ret, size_t *ret_n, mk_error *reterr)
{
    mk_buf bytes = {.max = MAX_LIST};
    size_t n = 0, n_bytes = 0;
    const char **room = NULL;
    mk_err err = mk_file_option(path, MK_FILE_DECODED, &bytes, reterr);
    const list l = {.path = path, .text = mk_buf_str(&bytes), .end = null ? '\0' : '\n'};

    if (err == MK_OK)
        err = count_names(l, &n, &n_bytes, reterr);
    if (err == MK_OK)
        room = malloc(n * sizeof(*room) + n_bytes + 1);
    if (err == MK_OK && !room)
        err = mk_fail(reterr, MK_NOMEM, "out of memory for '%s'", path);
    if (err == MK_OK) {
        put_names(l, n, room);
        *ret = room;
        *ret_n = n;
    }
    mk_buf_clear(&bytes);
    return err;
}
