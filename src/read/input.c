/* input.c: walks folders into a list of files, the same list in the same order
 * on every machine: by bytes of names, never as the file system happens to give
 * them. Without recursion, and with one folder open at a time.
 *
 * Of the folder of a release its documents are read.
 * The folder of a run (docs/FORMATS.md) is its documents: the shards, by number. Journal,
 * ledger and rejects are not read.
 *
 * Refuses to follow links inside folders (unless asked to, and then to files alone: what a
 * stranger packed could lead anywhere), and leaves out devices and names that begin with a
 * dot; all are counted. Names are compared with globs by the C library, in
 * the locale that nobody has set: byte by byte. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/checksum.h"
#include "read/input.h"
#include "read/stream_private.h"

/* A folder on the way: its names, sorted, and how far the walk is. */
typedef struct level {
    char **names; /* owned, n of them, owned each */
    size_t n, at;
    size_t path_len; /* of the folder in walk.path */
} level;

typedef struct walk {
    mk_inputs found;
    size_t max_found;
    level *levels; /* owned: n_levels, the innermost last */
    size_t n_levels, max_levels;
    mk_buf path;               /* where the walk is, NUL-ended behind len */
    size_t root_len;           /* bytes of path before the names in the folder given */
    bool papers;               /* those of a release are listed too */
    const mk_selection *names; /* lent; NULL: all are wanted */
    void (*on_problem)(void *arg, const char *text);
    void *arg;
} walk;

/* items, *max of `size` bytes, with room for one behind the n: larger if need
 * be, which frees the old. NULL if out of memory: items are as they were. */
static void *grow(void *items, size_t size, size_t n, size_t *max)
{
    const size_t new_max = *max ? *max * 2 : 64;
    void *larger;

    if (n < *max)
        return items;
    if (new_max > SIZE_MAX / size)
        return NULL;
    larger = realloc(items, new_max * size);
    if (larger)
        *max = new_max;
    return larger;
}

static void report(walk *w, const char *what, int number)
{
    mk_error error;
    char text[128];
    char *const name = mk_name_clean(mk_buf_str(&w->path), true);

    if (w->on_problem) {
        mk_fail(&error, MK_DAMAGED, "%s folder '%s'%s%s", what, name ? name : "?",
                number ? ": " : "", number ? strerror_r(number, text, sizeof(text)) : "");
        w->on_problem(w->arg, error.text);
    }
    free(name);
}

/* ---- names ---- */

static bool has_glob(const char *const *globs, size_t n, const char *name)
{
    const char *const slash = strrchr(name, '/');
    const char *const last = slash ? slash + 1 : name;

    for (size_t i = 0; i < n; i++)
        if (fnmatch(globs[i], name, 0) == 0 || fnmatch(globs[i], last, 0) == 0)
            return true;
    return false;
}

bool mk_inputs_wants(const mk_selection *names, const char *name)
{
    return !names || ((names->n_include == 0 || has_glob(names->include, names->n_include, name)) &&
                      !has_glob(names->exclude, names->n_exclude, name));
}

/* ---- the list ---- */

/* Lists path under name; st: of a regular file, or NULL. */
static mk_err add_input(walk *w, const char *path, mk_str name, const struct stat *st,
                        mk_error *reterr)
{
    mk_input input = {0};
    mk_input *const items = grow(w->found.items, sizeof(input), w->found.n, &w->max_found);

    if (!items)
        return mk_stream_nomem(reterr);
    w->found.items = items;
    if (st) {
        input.size = (uint64_t)st->st_size;
        input.device = (uint64_t)st->st_dev;
        input.inode = (uint64_t)st->st_ino;
    }
    input.found = w->n_levels > 0;
    input.path = strdup(path);
    input.name = mk_name_clean(name, false);
    if (!input.path || !input.name) {
        free(input.path);
        free(input.name);
        return mk_stream_nomem(reterr);
    }
    w->found.items[w->found.n++] = input;
    return MK_OK;
}

void mk_inputs_clear(mk_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n + inputs->n_others; i++) {
        free(inputs->items[i].path);
        free(inputs->items[i].name);
    }
    free(inputs->items);
    *inputs = (mk_inputs){0};
}

/* True if the file is in that folder. */
static bool is_in(const mk_input *input, const struct stat *folder)
{
    char path[PATH_MAX]; /* a longer one cannot be opened */
    struct stat st;
    const char *const slash = strrchr(input->path, '/');
    const size_t n = slash ? (size_t)(slash - input->path) + 1 : 0;

    if (n >= sizeof(path))
        return false;
    memcpy(path, input->path, n);
    path[n] = '\0';
    return stat(n > 0 ? path : ".", &st) == 0 && st.st_dev == folder->st_dev &&
           st.st_ino == folder->st_ino;
}

bool mk_inputs_has(const mk_inputs *inputs, const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return false;
    for (size_t i = 0; i < inputs->n + inputs->n_others; i++) {
        const mk_input *const input = &inputs->items[i];
        if (input->inode != 0 && (S_ISDIR(st.st_mode) ? is_in(input, &st)
                                                      : input->device == (uint64_t)st.st_dev &&
                                                            input->inode == (uint64_t)st.st_ino))
            return true;
    }
    return false;
}

/* ---- parts ---- */

static mk_err part_of(const mk_input *input, uint64_t n_parts, uint64_t *ret, mk_error *reterr)
{
    unsigned char digest[MK_CHECKSUM_MAX];
    const char *const key = input->found ? input->name : input->path;
    uint64_t at = 0;

    if (mk_checksum(MK_SHA256, mk_str_of(key), digest) == 0)
        return mk_stream_nomem(reterr);
    for (int byte = 0; byte < 8; byte++)
        at = at << 8 | digest[byte];
    *ret = at % n_parts + 1;
    return MK_OK;
}

mk_err mk_inputs_part(mk_inputs *inputs, uint64_t part, uint64_t n_parts, mk_error *reterr)
{
    size_t n_own = 0, n_others = 0;
    mk_err err = MK_OK;

    if (part == 0 || part > n_parts)
        return mk_fail(reterr, MK_OPTION, "no part %llu of %llu", (unsigned long long)part,
                       (unsigned long long)n_parts);
    mk_input *const others = calloc(inputs->n + 1, sizeof(*others));
    if (!others)
        return mk_stream_nomem(reterr);
    for (size_t i = 0; i < inputs->n; i++) {
        const mk_input input = inputs->items[i];
        uint64_t of = 0;

        if (err == MK_OK && strcmp(input.path, "-") == 0)
            err = mk_fail(reterr, MK_OPTION, "standard input cannot be shared out among %llu parts",
                          (unsigned long long)n_parts);
        if (err == MK_OK)
            err = part_of(&input, n_parts, &of, reterr);
        if (of == part)
            inputs->items[n_own++] = input;
        else
            others[n_others++] = input;
    }
    if (n_others > 0)
        memcpy(inputs->items + n_own, others, n_others * sizeof(*others));
    free(others);
    inputs->n = n_own;
    inputs->n_others += n_others;
    return err;
}

/* By file, then by place. */
static int compare_files(const void *a, const void *b)
{
    const mk_input *const x = *(const mk_input *const *)a, *const y = *(const mk_input *const *)b;

    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    if (x->inode != y->inode)
        return x->inode < y->inode ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Counts files that are listed again, under whatever name. */
static mk_err count_again(mk_inputs *inputs, mk_error *reterr)
{
    const mk_input **sorted;

    if (inputs->n < 2)
        return MK_OK;
    sorted = calloc(inputs->n, sizeof(*sorted));
    if (!sorted)
        return mk_stream_nomem(reterr);
    for (size_t i = 0; i < inputs->n; i++)
        sorted[i] = &inputs->items[i];
    qsort(sorted, inputs->n, sizeof(*sorted), compare_files);
    for (size_t i = 1; i < inputs->n; i++) {
        const size_t place = (size_t)(sorted[i] - inputs->items);
        if (sorted[i]->inode == 0 || sorted[i]->inode != sorted[i - 1]->inode ||
            sorted[i]->device != sorted[i - 1]->device)
            continue;
        if (inputs->n_again++ == 0 || place < inputs->again)
            inputs->again = place;
    }
    free(sorted);
    return MK_OK;
}

/* ---- folders ---- */

static int compare_names(const void *a, const void *b)
{
    const char *const *const x = a, *const *const y = b;

    return strcmp(*x, *y); /* compares as unsigned bytes */
}

/* ---- folders of runs ---- */

/* "data-00000.jsonl" and the like: a shard of documents that is whole. */
static bool is_shard(const char *name)
{
    const size_t begin = strlen("data-");

    if (strncmp(name, "data-", begin) != 0)
        return false;
    const size_t n = strspn(name + begin, "0123456789");
    const char *const end = name + begin + n;
    return n >= 5 && (strcmp(end, ".jsonl") == 0 || strcmp(end, ".jsonl.gz") == 0 ||
                      strcmp(end, ".jsonl.zst") == 0);
}

static bool has_name(const level *l, const char *name)
{
    return l->n > 0 && bsearch(&name, l->names, l->n, sizeof(*l->names), compare_names) != NULL;
}

/* By number: longer names are greater ones. */
static int compare_shards(const void *a, const void *b)
{
    const char *const *const x = a, *const *const y = b;
    const size_t m = strlen(*x), n = strlen(*y);

    return m != n ? (m < n ? -1 : 1) : strcmp(*x, *y);
}

/* Of a finished run only its documents are left in the list of names; of one that is not
 * finished nothing. False: it is not finished. */
static bool keep_shards(level *l)
{
    const bool finished = has_name(l, "run.json");
    bool any = finished;
    size_t n = 0;

    for (size_t i = 0; i < l->n && !any; i++)
        any = strncmp(l->names[i], "data-", 5) == 0 || strcmp(l->names[i], "lock") == 0;
    if (!has_name(l, "journal.jsonl") || !any)
        return true;
    for (size_t i = 0; i < l->n; i++) {
        if (finished && is_shard(l->names[i]))
            l->names[n++] = l->names[i];
        else
            free(l->names[i]);
    }
    l->n = n;
    if (n > 0)
        qsort(l->names, n, sizeof(*l->names), compare_shards);
    return finished;
}

/* Of a release only the folder of its documents is left. */
static void keep_documents(level *l)
{
    size_t n = 0;

    if (!has_name(l, "manifest.json") || !has_name(l, "SHA256SUMS"))
        return;
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->names[i], "data") == 0 || strcmp(l->names[i], "documents") == 0)
            l->names[n++] = l->names[i];
        else
            free(l->names[i]);
    }
    l->n = n;
}

static void clear_level(level *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->names[i]);
    free(l->names);
    *l = (level){0};
}

/* Reads the names in folder into l, but for those that are skipped. */
static mk_err read_names(walk *w, DIR *folder, level *l, mk_error *reterr)
{
    size_t max = 0;

    for (;;) {
        errno = 0;
        const struct dirent *const entry = readdir(folder);
        if (!entry && errno != 0)
            report(w, "cannot read all of", errno);
        if (!entry)
            return MK_OK;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (entry->d_name[0] == '.') {
            w->found.n_skipped++;
            continue;
        }
        char **const names = grow(l->names, sizeof(*names), l->n, &max);
        if (!names)
            return mk_stream_nomem(reterr);
        l->names = names;
        names[l->n] = strdup(entry->d_name);
        if (!names[l->n])
            return mk_stream_nomem(reterr);
        l->n++;
    }
}

/* Enters the folder at w->path: the one that was given may be a link. A folder
 * that cannot be opened is reported and left. */
static mk_err enter(walk *w, bool given, mk_error *reterr)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (given ? 0 : O_NOFOLLOW);
    level l = {.path_len = w->path.len};
    level *const levels = grow(w->levels, sizeof(l), w->n_levels, &w->max_levels);
    DIR *folder;
    mk_err err;

    if (!levels)
        return mk_stream_nomem(reterr);
    w->levels = levels;
    const int fd = open(w->path.ptr, flags);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE))
        return mk_fail(reterr, MK_LIMIT, "cannot open folder '%s': too many open files",
                       w->path.ptr);
    folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (!folder) {
        const int error = errno;
        if (fd >= 0)
            close(fd);
        if (error == ENOMEM) /* no fault of the folder's */
            return mk_stream_nomem(reterr);
        report(w, "cannot open", error);
        return MK_OK;
    }
    err = read_names(w, folder, &l, reterr);
    closedir(folder);
    if (err != MK_OK) {
        clear_level(&l);
        return err;
    }
    if (l.n > 0)
        qsort(l.names, l.n, sizeof(*l.names), compare_names);
    if (!w->papers)
        keep_documents(&l);
    const bool is_run = has_name(&l, "run.json");
    if (!keep_shards(&l))
        report(w, "a run is not finished in", 0);
    else
        w->found.n_runs += is_run;
    w->levels[w->n_levels++] = l;
    return MK_OK;
}

/* Makes w->path the first len bytes of it, then "/name" where there is one. */
static bool set_path(walk *w, size_t len, const char *name)
{
    w->path.len = len;
    if (name && (len == 0 || w->path.ptr[len - 1] != '/'))
        mk_buf_putc(&w->path, '/');
    if (name)
        mk_buf_puts(&w->path, name);
    mk_buf_putc(&w->path, '\0');
    if (w->path.failed)
        return false;
    w->path.len--;
    return true;
}

/* What stands at w->path, found in a folder: a file, a folder, something else. */
static mk_err visit(walk *w, mk_error *reterr)
{
    struct stat st, there;
    bool known = lstat(w->path.ptr, &st) == 0;

    if (known && S_ISDIR(st.st_mode))
        return enter(w, false, reterr);
    if (known && S_ISLNK(st.st_mode)) {
        const bool leads = stat(w->path.ptr, &there) == 0;
        const bool follows = w->names && w->names->follow_links;
        w->found.n_links += leads && S_ISREG(there.st_mode) && !follows;
        if (follows) { /* one that leads nowhere is listed: reading it says so */
            known = leads;
            st = leads ? there : st;
        }
    }
    if (known && !S_ISREG(st.st_mode)) {
        w->found.n_skipped++;
        return MK_OK;
    }
    if (!mk_inputs_wants(w->names, w->path.ptr + w->root_len)) {
        w->found.n_left_out++;
        return MK_OK;
    }
    /* What has gone by now is listed: reading it fails by name. */
    return add_input(w, w->path.ptr, mk_str_sub(mk_buf_str(&w->path), w->root_len, w->path.len),
                     known ? &st : NULL, reterr);
}

/* Lists all files below the folder at w->path. */
static mk_err walk_folder(walk *w, mk_error *reterr)
{
    mk_err err;

    w->root_len = w->path.len + (w->path.ptr[w->path.len - 1] != '/');
    err = enter(w, true, reterr);
    while (err == MK_OK && w->n_levels > 0) {
        level *const l = &w->levels[w->n_levels - 1];

        if (l->at == l->n) {
            clear_level(l);
            w->n_levels--;
        } else if (!set_path(w, l->path_len, l->names[l->at++])) {
            err = mk_stream_nomem(reterr);
        } else {
            err = visit(w, reterr);
        }
    }
    return err;
}

/* ---- arguments ---- */

/* One path of the command line. */
static mk_err add_argument(walk *w, const char *path, mk_error *reterr)
{
    struct stat st;
    mk_str name = mk_str_of(path);
    size_t from;

    if (strcmp(path, "-") == 0)
        return add_input(w, path, MK_STR("stdin"), NULL, reterr);
    const bool known = stat(path, &st) == 0;
    while (name.len > 1 && name.ptr[name.len - 1] == '/')
        name.len--;
    if (known && S_ISDIR(st.st_mode)) {
        mk_buf_reset(&w->path);
        mk_buf_put(&w->path, name);
        if (!set_path(w, w->path.len, NULL))
            return mk_stream_nomem(reterr);
        return walk_folder(w, reterr);
    }
    from = name.len;
    while (from > 0 && name.ptr[from - 1] != '/')
        from--;
    return add_input(w, path, mk_str_sub(name, from, name.len),
                     known && S_ISREG(st.st_mode) ? &st : NULL, reterr);
}

static mk_err list(const char *const *paths, size_t n, walk w, mk_inputs *ret, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t i = 0; i < n && err == MK_OK; i++)
        err = add_argument(&w, paths[i], reterr);
    while (w.n_levels > 0)
        clear_level(&w.levels[--w.n_levels]);
    free(w.levels);
    mk_buf_clear(&w.path);
    if (err == MK_OK)
        err = count_again(&w.found, reterr);
    if (err != MK_OK)
        mk_inputs_clear(&w.found);
    else
        *ret = w.found;
    return err;
}

mk_err mk_inputs_list(const char *const *paths, size_t n, const mk_selection *names,
                      void (*on_problem)(void *arg, const char *text), void *arg, mk_inputs *ret,
                      mk_error *reterr)
{
    const walk w = {
        .path = {.max = MK_BUF_MAX}, .names = names, .on_problem = on_problem, .arg = arg};
    return list(paths, n, w, ret, reterr);
}

mk_err mk_inputs_list_all(const char *path, void (*on_problem)(void *arg, const char *text),
                          void *arg, mk_inputs *ret, mk_error *reterr)
{
    const walk w = {
        .path = {.max = MK_BUF_MAX}, .papers = true, .on_problem = on_problem, .arg = arg};
    return list(&path, 1, w, ret, reterr);
}
