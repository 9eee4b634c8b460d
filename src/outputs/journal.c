/* journal.c: see journal.h. A line that does not fit is a torn write if it is the last,
 * and a journal that somebody changed if it is not. Cases: tests/outputs/test_journal.c,
 * fixtures/fuzz/journal. */
#include "outputs/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/checksum.h"
#include "base/fd.h"
#include "base/json.h"

enum {
    FIRST_LINES = 64,     /* lines that there is room for at first */
    READ_PART = 16 << 10, /* bytes read at a time: a few lines */
};

/* Where a line ends, and its digest. */
typedef struct line {
    uint64_t end;
    char sha256[MK_SHA256_HEX + 1];
} line;

struct mk_journal {
    char *path; /* owned: for messages */
    int fd;
    line *lines; /* owned: n of them, room for max */
    size_t n, max;
};

static bool hex_of(mk_str s, char out[MK_SHA256_HEX + 1])
{
    unsigned char digest[MK_CHECKSUM_MAX];
    const size_t n = mk_checksum(MK_SHA256, s, digest);

    mk_hex(digest, n, out);
    return n == MK_SHA256_HEX / 2;
}

/* ---- reading ---- */

/* The first members of line n. */
static mk_str head_of(uint64_t n, const char *prev, char out[128])
{
    const int len = snprintf(out, 128, "{\"n\":%" PRIu64 ",\"prev\":\"%s\"", n, prev);

    return (mk_str){out, (size_t)len};
}

static bool is_object(mk_str s)
{
    mk_json_object it = mk_json_object_of(s);
    mk_json_member m;
    mk_error why;
    mk_err err;

    while ((err = mk_json_object_next(&it, &m, &why)) == MK_OK)
        ;
    return err == MK_END;
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for the journal");
}

/* Makes rest of the scan hold a line. MK_END: there is no whole one any more. */
static mk_err fill(mk_journal_scan *scan, mk_error *reterr)
{
    size_t seen = 0; /* bytes of the rest without an LF */

    for (;;) {
        const mk_str rest = mk_journal_rest(scan);
        mk_str chunk;
        if (rest.len > seen && memchr(rest.ptr + seen, '\n', rest.len - seen))
            return MK_OK;
        seen = rest.len;
        const mk_err err = scan->read(scan->arg, &chunk, reterr);
        if (err != MK_OK)
            return err;
        if (scan->at > 0 && rest.len > 0)
            memmove(scan->text.ptr, rest.ptr, rest.len);
        mk_buf_cut(&scan->text, rest.len);
        scan->at = 0;
        mk_buf_put(&scan->text, chunk);
        if (scan->text.failed)
            return no_memory(reterr);
    }
}

mk_err mk_journal_next(mk_journal_scan *scan, mk_str *ret, mk_error *reterr)
{
    char head[128], digest[MK_SHA256_HEX + 1];
    const mk_err err = fill(scan, reterr);

    if (err != MK_OK)
        return err;
    const mk_str rest = mk_journal_rest(scan);
    const char *const lf = memchr(rest.ptr, '\n', rest.len);
    assert(lf);
    const mk_str s = mk_str_sub(rest, 0, (size_t)(lf - rest.ptr) + 1);
    const mk_str want = head_of(scan->n, scan->prev, head);
    if (s.len < want.len || !mk_str_eq(mk_str_sub(s, 0, want.len), want) || !is_object(s))
        return mk_fail(reterr, MK_MISMATCH,
                       "line %" PRIu64 " of the journal does not follow the one before it",
                       scan->n + 1);
    if (!hex_of(s, digest))
        return no_memory(reterr);
    memcpy(scan->prev, digest, sizeof(digest));
    scan->at += s.len;
    scan->size += s.len;
    scan->n++;
    *ret = s;
    return MK_OK;
}

void mk_journal_scan_clear(mk_journal_scan *scan)
{
    mk_buf_clear(&scan->text);
}

static mk_err broken(const mk_journal *j, const char *what, mk_error *reterr)
{
    const int error = errno;

    return mk_fail(reterr, MK_OUTPUT, "cannot %s '%s': %s", what, j->path, strerror(error));
}

/* Reads up to max bytes of the file from `at`. 0: its end. */
static mk_err read_at(const mk_journal *j, uint64_t at, char *to, size_t max, size_t *ret,
                      mk_error *reterr)
{
    ssize_t n;

    do {
        n = pread(j->fd, to, max, (off_t)at);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return broken(j, "read", reterr);
    *ret = (size_t)n;
    return MK_OK;
}

/* The file from its beginning. */
typedef struct source {
    const mk_journal *journal;
    uint64_t at;
    char bytes[READ_PART];
} source;

static mk_err read_source(void *arg, mk_str *ret, mk_error *reterr)
{
    source *const s = arg;
    size_t n = 0;
    const mk_err err = read_at(s->journal, s->at, s->bytes, sizeof(s->bytes), &n, reterr);

    s->at += n;
    *ret = (mk_str){s->bytes, n};
    return err == MK_OK && n == 0 ? MK_END : err;
}

static mk_err add_line(mk_journal *j, uint64_t end, const char *sha256, mk_error *reterr)
{
    if (j->n == j->max) {
        const size_t max = j->max ? j->max * 2 : FIRST_LINES;
        assert(max <= SIZE_MAX / sizeof(line)); /* each of them was written */
        line *const lines = realloc(j->lines, max * sizeof(line));
        if (!lines)
            return no_memory(reterr);
        j->lines = lines;
        j->max = max;
    }
    assert(j->lines);
    j->lines[j->n].end = end;
    memcpy(j->lines[j->n].sha256, sha256, MK_SHA256_HEX + 1);
    j->n++;
    return MK_OK;
}

/* *ret: the line that the scan could not take is the last one. */
static mk_err is_last(mk_journal_scan *scan, bool *ret, mk_error *reterr)
{
    const mk_str rest = mk_journal_rest(scan);
    mk_str more;
    const mk_err err = scan->read(scan->arg, &more, reterr);

    *ret = err == MK_END && memchr(rest.ptr, '\n', rest.len) == rest.ptr + rest.len - 1;
    return err == MK_END ? MK_OK : err;
}

static mk_err read_lines(mk_journal *j, mk_error *reterr)
{
    source from = {.journal = j};
    mk_journal_scan scan = {.read = read_source, .arg = &from, .text.max = MK_BUF_MAX};
    bool torn = false;
    mk_str s;
    mk_err err;

    while ((err = mk_journal_next(&scan, &s, reterr)) == MK_OK &&
           (err = add_line(j, scan.size, scan.prev, reterr)) == MK_OK)
        ;
    if (err == MK_MISMATCH) { /* the last line may be torn in a way that left its LF */
        const mk_err looked = is_last(&scan, &torn, reterr);
        err = looked != MK_OK ? looked : torn ? MK_END : MK_MISMATCH;
    }
    if (err == MK_MISMATCH)
        mk_fail(reterr, err, "line %" PRIu64 " of '%s' does not follow the one before it",
                scan.n + 1, j->path);
    mk_journal_scan_clear(&scan);
    return err == MK_END ? MK_OK : err;
}

mk_err mk_journal_open(const mk_folder *folder, mk_journal **ret, mk_error *reterr)
{
    mk_journal *j = calloc(1, sizeof(*j));
    mk_err err;

    if (!j)
        return no_memory(reterr);
    j->fd = -1;
    if (asprintf(&j->path, "%s" MK_FOLDER_JOURNAL, folder->where) < 0) {
        j->path = NULL;
        err = no_memory(reterr);
    } else {
        j->fd = openat(folder->fd, MK_FOLDER_JOURNAL,
                       O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
        err = j->fd < 0 ? broken(j, "create", reterr) : MK_OK;
    }
    if (err == MK_OK)
        err = read_lines(j, reterr);
    if (err == MK_OK)
        err = mk_journal_cut(j, j->n, reterr);
    if (err == MK_OK)
        *ret = j;
    else
        mk_journal_close(j);
    return err;
}

uint64_t mk_journal_count(const mk_journal *j)
{
    return j->n;
}

mk_err mk_journal_line(const mk_journal *j, uint64_t n, mk_buf *out, mk_error *reterr)
{
    const uint64_t from = n > 0 ? j->lines[n - 1].end : 0;
    const size_t len = (size_t)(j->lines[n].end - from);

    mk_buf_reset(out);
    char *const room = mk_buf_room(out, len);
    if (!room)
        return no_memory(reterr);
    while (out->len < len) {
        size_t got = 0;
        const mk_err err = read_at(j, from + out->len, room + out->len, len - out->len, &got,
                                   reterr);
        if (err != MK_OK)
            return err;
        if (got == 0)
            return mk_fail(reterr, MK_MISMATCH, "'%s' was cut off while it was read", j->path);
        out->len += got;
    }
    return MK_OK;
}

/* ---- writing ---- */

static mk_err sync_it(mk_journal *j, mk_error *reterr)
{
    errno = mk_fd_sync(j->fd);
    return errno == 0 ? MK_OK : broken(j, "write", reterr);
}

/* Writes s at the end. Less than that may be there when it fails: opening cuts it off. */
static mk_err write_all(mk_journal *j, mk_str s, mk_error *reterr)
{
    errno = mk_fd_write(j->fd, s);
    return errno == 0 ? MK_OK : broken(j, "write", reterr);
}

mk_err mk_journal_append(mk_journal *j, mk_str members, mk_error *reterr)
{
    const line *const last = j->n > 0 ? &j->lines[j->n - 1] : NULL;
    char head[128], digest[MK_SHA256_HEX + 1];
    mk_buf s = {.max = MK_BUF_MAX};
    mk_err err;

    mk_buf_put(&s, head_of(j->n, last ? last->sha256 : "", head));
    mk_buf_put(&s, members);
    mk_buf_puts(&s, "}\n");
    if (s.failed || !hex_of(mk_buf_str(&s), digest))
        err = no_memory(reterr);
    else
        err = write_all(j, mk_buf_str(&s), reterr);
    if (err == MK_OK)
        err = sync_it(j, reterr);
    if (err == MK_OK)
        err = add_line(j, (last ? last->end : 0) + s.len, digest, reterr);
    mk_buf_clear(&s);
    return err;
}

mk_err mk_journal_cut(mk_journal *j, uint64_t n, mk_error *reterr)
{
    const uint64_t size = n > 0 ? j->lines[n - 1].end : 0;
    int status;

    do {
        status = ftruncate(j->fd, (off_t)size);
    } while (status != 0 && errno == EINTR);
    if (status != 0)
        return broken(j, "write", reterr);
    j->n = (size_t)n;
    return sync_it(j, reterr);
}

void mk_journal_close(mk_journal *j)
{
    if (!j)
        return;
    if (j->fd >= 0)
        close(j->fd);
    free(j->lines);
    free(j->path);
    free(j);
}
