/* container.c: see container.h. Of a folder all names are listed, three levels deep:
 * a release has no more (attributes/NAME/), so what is deeper is named as an entry too many.
 * Cases: tests/release/test_release.c. */
#include "release/container.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/stream_private.h"

enum { CHUNK = 1 << 20 /* bytes compared at once */ };

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory to read a release");
}

static mk_err fail(const char *path, int number, mk_error *reterr)
{
    char text[128];

    return mk_fail(reterr, number == ENOMEM ? MK_NOMEM : MK_DAMAGED, "cannot read '%s': %s", path,
                   strerror_r(number, text, sizeof(text)));
}

mk_container_entry *mk_container_add(mk_container *c, mk_str name, mk_error *reterr)
{
    char *const copy = mk_arena_bytes(c->arena, name.len + 1);

    if (c->n == c->items_size) {
        const size_t size = c->items_size * 2 + 32;
        mk_container_entry *const items = realloc(c->items, size * sizeof(*items));
        if (items) {
            c->items = items;
            c->items_size = size;
        }
    }
    if (!copy || c->n == c->items_size) {
        no_memory(reterr);
        return NULL;
    }
    memcpy(copy, name.ptr, name.len);
    copy[name.len] = '\0';
    c->items[c->n] = (mk_container_entry){.name = copy};
    return &c->items[c->n++];
}

/* ---- folders ---- */

/* Notes a name that is no file of a release and does no harm to one. */
static mk_err pass_over(mk_container *c, const char *name, mk_error *reterr)
{
    c->n_passed++;
    if (c->passed && strcmp(c->passed, name) <= 0)
        return MK_OK;
    c->passed = mk_arena_str(c->arena, (mk_str){name, strlen(name) + 1}).ptr;
    return c->passed ? MK_OK : no_memory(reterr);
}

/* Lists the folder path/prefix; what it holds is named prefix + name. */
/* NOLINTNEXTLINE(misc-no-recursion): `levels` bounds it */
static mk_err list_folder(mk_container *c, const char *prefix, int levels, mk_error *reterr)
{
    char path[4096], name[1024];
    struct dirent *item;
    mk_err err = MK_OK;
    DIR *d;

    if (snprintf(path, sizeof(path), "%s/%s", c->path, prefix) >= (int)sizeof(path))
        return fail(c->path, ENAMETOOLONG, reterr);
    d = opendir(path);
    if (!d)
        return fail(path, errno, reterr);
    while (err == MK_OK && (errno = 0, item = readdir(d))) {
        struct stat st;
        mk_container_entry *entry;
        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
            continue;
        if (snprintf(name, sizeof(name), "%s%s", prefix, item->d_name) >= (int)sizeof(name) ||
            fstatat(dirfd(d), item->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
            err = fail(item->d_name, errno ? errno : ENAMETOOLONG, reterr);
            break;
        }
        if (*item->d_name == '.') {
            err = pass_over(c, name, reterr);
            continue;
        }
        if (S_ISDIR(st.st_mode) && levels > 0) {
            const size_t len = strlen(name), before = c->n + c->n_passed;
            if (len + 2 > sizeof(name)) {
                err = fail(name, ENAMETOOLONG, reterr);
                break;
            }
            name[len] = '/';
            name[len + 1] = '\0';
            err = list_folder(c, name, levels - 1, reterr); /* bounded */
            if (err == MK_OK && c->n + c->n_passed == before)
                err = pass_over(c, name, reterr);
            continue;
        }
        if (!S_ISREG(st.st_mode)) {
            err = mk_fail(reterr, MK_MISMATCH, "'%s' is not a file", name);
            break;
        }
        entry = mk_container_add(c, mk_str_of(name), reterr);
        if (entry)
            entry->size = (uint64_t)st.st_size;
        else
            err = MK_NOMEM;
    }
    if (err == MK_OK && errno != 0)
        err = fail(path, errno, reterr);
    closedir(d);
    return err;
}

/* ---- opening ---- */

mk_err mk_container_pread(int fd, const char *name, uint64_t offset, char *to, size_t n,
                          mk_error *reterr)
{
    while (n > 0) {
        const ssize_t got = pread(fd, to, n, (off_t)offset);
        if (got == 0)
            return mk_fail(reterr, MK_DAMAGED, "'%s' ends too early", name);
        if (got < 0 && errno != EINTR)
            return fail(name, errno, reterr);
        if (got > 0) {
            to += got;
            n -= (size_t)got;
            offset += (uint64_t)got;
        }
    }
    return MK_OK;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const mk_container_entry *)a)->name, ((const mk_container_entry *)b)->name);
}

static mk_err sort(mk_container *c, mk_error *reterr)
{
    if (c->n > 0)
        qsort(c->items, c->n, sizeof(*c->items), compare);
    for (size_t i = 1; i < c->n; i++)
        if (strcmp(c->items[i - 1].name, c->items[i].name) == 0)
            return mk_fail(reterr, MK_MISMATCH, "'%s' is in '%s' twice", c->items[i].name, c->path);
    return MK_OK;
}

/* Puts what a compressed tar unpacks to in the place of the archive. */
static mk_err unpack(mk_container *c, const volatile sig_atomic_t *stop, mk_error *reterr)
{
    static const mk_limits no_limits = {0};
    FILE *const temp = tmpfile();
    mk_stream *s = NULL;
    mk_str chunk;
    mk_err err;

    if (!temp)
        return mk_fail(reterr, errno == ENOMEM ? MK_NOMEM : MK_OUTPUT,
                       "cannot make a temporary file: %s", strerror(errno));
    err = mk_stream_file(c->path, &s, reterr);
    if (err == MK_OK) {
        mk_stream_limit(s, &no_limits, stop);
        err = mk_stream_decode(&s, reterr);
    }
    while (err == MK_OK && (err = s->read(s, &chunk, reterr)) == MK_OK)
        if (fwrite(chunk.ptr, 1, chunk.len, temp) != chunk.len)
            err = mk_fail(reterr, MK_OUTPUT, "cannot write a temporary file: %s", strerror(errno));
    mk_stream_close(s);
    if (err == MK_END && fflush(temp) != 0)
        err = mk_fail(reterr, MK_OUTPUT, "cannot write a temporary file: %s", strerror(errno));
    if (err == MK_END) {
        close(c->fd);
        c->fd = fcntl(fileno(temp), F_DUPFD_CLOEXEC, 0);
        err = c->fd < 0 ? fail(c->path, errno, reterr) : MK_OK;
    }
    fclose(temp);
    return err;
}

static mk_err open_archive(mk_container *c, const volatile sig_atomic_t *stop, mk_error *reterr)
{
    unsigned char head[4] = {0};
    struct stat st;
    mk_err err = MK_OK;

    err = mk_container_pread(c->fd, c->path, 0, (char *)head, sizeof(head), reterr);
    if (err != MK_OK)
        return err;
    if (head[0] == 0x1F && head[1] == 0x8B)
        c->kind = MK_BUNDLE_TAR_GZ;
    else if (memcmp(head, "\x28\xB5\x2F\xFD", 4) == 0)
        c->kind = MK_BUNDLE_TAR_ZST;
    else
        c->kind = memcmp(head, "PK\3\4", 4) == 0 ? MK_BUNDLE_ZIP : MK_BUNDLE_TAR;
    if (c->kind == MK_BUNDLE_TAR_GZ || c->kind == MK_BUNDLE_TAR_ZST)
        err = unpack(c, stop, reterr);
    if (err == MK_OK && fstat(c->fd, &st) != 0)
        err = fail(c->path, errno, reterr);
    if (err != MK_OK)
        return err;
    c->size = (uint64_t)st.st_size;
    return c->kind == MK_BUNDLE_ZIP ? mk_container_zip(c, reterr) : mk_container_tar(c, reterr);
}

static mk_err open_path(mk_container *c, const volatile sig_atomic_t *stop, mk_error *reterr)
{
    struct stat st;

    if (stat(c->path, &st) != 0)
        return fail(c->path, errno, reterr);
    if (S_ISDIR(st.st_mode)) {
        c->kind = MK_BUNDLE_FOLDER;
        return list_folder(c, "", 2, reterr);
    }
    if (!S_ISREG(st.st_mode))
        return mk_fail(reterr, MK_DAMAGED, "cannot read '%s': not a regular file", c->path);
    c->fd = open(c->path, O_RDONLY | O_CLOEXEC);
    return c->fd < 0 ? fail(c->path, errno, reterr) : open_archive(c, stop, reterr);
}

mk_err mk_container_open(const char *path, const volatile sig_atomic_t *stop, mk_container **ret,
                         mk_error *reterr)
{
    mk_container *const c = calloc(1, sizeof(*c));
    mk_err err;

    if (!c)
        return no_memory(reterr);
    c->fd = c->open_fd = -1;
    c->path = strdup(path);
    c->arena = mk_arena_new();
    for (size_t len = c->path ? strlen(c->path) : 0; len > 1 && c->path[len - 1] == '/'; len--)
        c->path[len - 1] = '\0';
    err = c->path && c->arena ? open_path(c, stop, reterr) : no_memory(reterr);
    if (err == MK_OK)
        err = sort(c, reterr);
    if (err == MK_OK)
        *ret = c;
    else
        mk_container_close(c);
    return err;
}

const mk_container_entry *mk_container_find(const mk_container *c, const char *name)
{
    const mk_container_entry key = {.name = name};

    return c->n > 0 ? bsearch(&key, c->items, c->n, sizeof(*c->items), compare) : NULL;
}

void mk_container_tell(const mk_container *c, void (*on_message)(void *arg, const char *text),
                       void *arg)
{
    mk_error note;

    if (!on_message || c->n_passed == 0)
        return;
    if (c->n_passed == 1)
        mk_fail(&note, MK_OK, "passed over in '%s': '%s'", c->path, c->passed);
    else
        mk_fail(&note, MK_OK, "passed over in '%s': '%s' and %zu %s", c->path, c->passed,
                c->n_passed - 1, c->n_passed == 2 ? "other" : "others");
    on_message(arg, note.text);
}

/* ---- reading ---- */

mk_err mk_container_bytes(mk_container *c, uint64_t offset, void *to, size_t n, mk_error *reterr)
{
    if (n > c->size || offset > c->size - n)
        return mk_fail(reterr, MK_DAMAGED, "'%s' ends too early", c->path);
    return mk_container_pread(c->fd, c->path, offset, to, n, reterr);
}

mk_err mk_container_expect(const mk_container *c, const char *name, uint64_t bytes,
                           const mk_container_entry **ret, mk_error *reterr)
{
    const mk_container_entry *const entry = mk_container_find(c, name);

    if (!entry)
        return mk_fail(reterr, MK_MISMATCH, "'%s' is missing", name);
    if (entry->size != bytes)
        return mk_fail(reterr, MK_MISMATCH, "'%s' has %" PRIu64 " bytes, %" PRIu64 " are said",
                       name, entry->size, bytes);
    *ret = entry;
    return MK_OK;
}

mk_err mk_container_fd(const mk_container *c, const mk_container_entry *entry, int *ret_fd,
                       uint64_t *ret_offset, mk_error *reterr)
{
    char path[4096];

    *ret_offset = c->kind == MK_BUNDLE_FOLDER ? 0 : entry->offset;
    if (c->kind != MK_BUNDLE_FOLDER)
        *ret_fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
    else if (snprintf(path, sizeof(path), "%s/%s", c->path, entry->name) >= (int)sizeof(path))
        return fail(entry->name, ENAMETOOLONG, reterr);
    else
        *ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *ret_fd < 0 ? fail(entry->name, errno, reterr) : MK_OK;
}

mk_err mk_container_read(mk_container *c, const mk_container_entry *entry, uint64_t offset,
                         char *to, size_t n, mk_error *reterr)
{
    const size_t i = (size_t)(entry - c->items);

    if (n > entry->size || offset > entry->size - n)
        return mk_fail(reterr, MK_DAMAGED, "'%s' ends too early", entry->name);
    if (c->kind != MK_BUNDLE_FOLDER)
        return mk_container_pread(c->fd, entry->name, entry->offset + offset, to, n, reterr);
    if (c->open_fd < 0 || c->open_entry != i) {
        if (c->open_fd >= 0)
            close(c->open_fd);
        c->open_fd = -1;
        c->open_entry = i;
        uint64_t begin;
        const mk_err err = mk_container_fd(c, entry, &c->open_fd, &begin, reterr);
        if (err != MK_OK)
            return err;
    }
    return mk_container_pread(c->open_fd, entry->name, offset, to, n, reterr);
}

mk_err mk_container_load(mk_container *c, const char *name, uint64_t max, mk_buf *out,
                         mk_error *reterr)
{
    const mk_container_entry *const entry = mk_container_find(c, name);
    char *to;
    mk_err err;

    if (!entry)
        return mk_fail(reterr, MK_MISMATCH, "'%s' is missing from '%s'", name, c->path);
    if (entry->size > max)
        return mk_fail(reterr, MK_LIMIT, "'%s' is too large", name);
    if (entry->size == 0)
        return MK_OK;
    to = mk_buf_room(out, (size_t)entry->size);
    if (!to)
        return no_memory(reterr);
    err = mk_container_read(c, entry, 0, to, (size_t)entry->size, reterr);
    if (err == MK_OK)
        out->len += (size_t)entry->size;
    return err;
}

/* ---- entries as streams ---- */

typedef struct entry_stream {
    mk_body body;
    mk_container *c;
    const mk_container_entry *entry;
    char *buf;
} entry_stream;

static mk_err entry_pull(mk_body *body, mk_piece *ret, mk_error *reterr)
{
    entry_stream *const s = (entry_stream *)(void *)body;
    const uint64_t left = s->entry->size - body->pub.stored;
    const size_t n = left < CHUNK ? (size_t)left : CHUNK;

    if (n == 0)
        return MK_END;
    const mk_err err = mk_container_read(s->c, s->entry, body->pub.stored, s->buf, n, reterr);
    if (err != MK_OK)
        return err;
    *ret = (mk_piece){{s->buf, n}, *body->unit, 0, body->pub.stored, true};
    body->pub.stored += n;
    return MK_OK;
}

static void entry_finish(mk_body *body)
{
    free(((entry_stream *)(void *)body)->buf);
}

mk_err mk_container_stream(mk_container *c, const mk_container_entry *entry, mk_stream **ret,
                           mk_error *reterr)
{
    entry_stream *const s = mk_body_new(sizeof(*s), mk_str_of(entry->name));

    if (!s)
        return no_memory(reterr);
    s->c = c;
    s->entry = entry;
    s->body.pull = entry_pull;
    s->body.finish = entry_finish;
    s->buf = malloc(CHUNK);
    if (!s->buf) {
        mk_stream_close(&s->body.pub);
        return no_memory(reterr);
    }
    *ret = &s->body.pub;
    return MK_OK;
}

void mk_container_close(mk_container *c)
{
    if (!c)
        return;
    if (c->fd >= 0)
        close(c->fd);
    if (c->open_fd >= 0)
        close(c->open_fd);
    mk_arena_free(c->arena);
    free(c->items);
    free(c->path);
    free(c);
}

/* ---- the frame ---- */

typedef struct comparison {
    mk_container *c;
    uint64_t at;
    char *chunk;
} comparison;

static mk_err give_entry(void *arg, size_t entry, uint64_t offset, char *to, size_t n,
                         mk_error *reterr)
{
    mk_container *const c = ((comparison *)arg)->c;

    return mk_container_read(c, &c->items[entry], offset, to, n, reterr);
}

static mk_err differs(const comparison *cmp, uint64_t at, mk_error *reterr)
{
    return mk_fail(
        reterr, MK_MISMATCH, "the archive '%s' is not as minkhal made it, from its byte %llu on%s",
        cmp->c->path, (unsigned long long)at,
        cmp->c->kind == MK_BUNDLE_TAR_GZ || cmp->c->kind == MK_BUNDLE_TAR_ZST ? " (unpacked)" : "");
}

static mk_err compare_bytes(void *arg, mk_str bytes, mk_error *reterr)
{
    comparison *const cmp = arg;

    while (bytes.len > 0) {
        const size_t n = bytes.len < CHUNK ? bytes.len : CHUNK;
        if (cmp->at + n > cmp->c->size)
            return differs(cmp, cmp->c->size, reterr);
        const mk_err err = mk_container_bytes(cmp->c, cmp->at, cmp->chunk, n, reterr);
        if (err != MK_OK)
            return err;
        for (size_t i = 0; memcmp(cmp->chunk, bytes.ptr, n) != 0 && i < n; i++)
            if (cmp->chunk[i] != bytes.ptr[i])
                return differs(cmp, cmp->at + i, reterr);
        cmp->at += n;
        bytes = mk_str_sub(bytes, n, bytes.len);
    }
    return MK_OK;
}

mk_err mk_container_check_frame(mk_container *c, mk_error *reterr)
{
    const mk_bundle kind = c->kind == MK_BUNDLE_ZIP ? MK_BUNDLE_ZIP : MK_BUNDLE_TAR;
    mk_bundle_entry *const entries = calloc(c->n + 1, sizeof(*entries));
    comparison cmp = {.c = c, .chunk = malloc(CHUNK)};
    const mk_bundle_io io = {give_entry, compare_bytes, &cmp};
    mk_err err = entries && cmp.chunk ? MK_OK : no_memory(reterr);

    assert(c->kind != MK_BUNDLE_FOLDER);
    for (size_t i = 0; entries && err == MK_OK && i < c->n; i++)
        entries[i] = (mk_bundle_entry){c->items[i].name, c->items[i].size};
    if (err == MK_OK)
        err = mk_bundle_write(kind, entries, c->n, c->epoch, &io, reterr);
    if (err == MK_OK && cmp.at != c->size)
        err = differs(&cmp, cmp.at, reterr);
    free(entries);
    free(cmp.chunk);
    return err;
}
