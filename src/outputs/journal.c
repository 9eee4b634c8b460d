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

enum { FIRST_LINES = 64 /* lines that there is room for at first */ };

/* Where a line ends, and its digest. */
typedef struct line {
    uint64_t end;
    char sha256[MK_SHA256_HEX + 1];
} line;

struct mk_journal {
    char *path; /* owned: for messages */
    int fd;
    mk_buf text;
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

mk_err mk_journal_next(mk_journal_scan *scan, mk_str *ret, mk_error *reterr)
{
    const char *lf = scan->rest.len > 0 ? memchr(scan->rest.ptr, '\n', scan->rest.len) : NULL;
    char head[128], digest[MK_SHA256_HEX + 1];

    if (!lf)
        return MK_END;
    const mk_str s = mk_str_sub(scan->rest, 0, (size_t)(lf - scan->rest.ptr) + 1);
    const mk_str want = head_of(scan->n, scan->prev, head);
    if (s.len < want.len || !mk_str_eq(mk_str_sub(s, 0, want.len), want) || !is_object(s))
        return mk_fail(reterr, MK_MISMATCH,
                       "line %" PRIu64 " of the journal does not follow the one before it",
                       scan->n + 1);
    if (!hex_of(s, digest))
        return mk_fail(reterr, MK_NOMEM, "out of memory for the journal");
    memcpy(scan->prev, digest, sizeof(digest));
    scan->rest = mk_str_sub(scan->rest, s.len, scan->rest.len);
    scan->n++;
    *ret = s;
    return MK_OK;
}

static mk_err broken(const mk_journal *j, const char *what, mk_error *reterr)
{
    const int error = errno;

    return mk_fail(reterr, MK_OUTPUT, "cannot %s '%s': %s", what, j->path, strerror(error));
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for the journal");
}

static mk_err read_text(mk_journal *j, mk_error *reterr)
{
    for (;;) {
        char *const room = mk_buf_room(&j->text, 64 << 10);
        if (!room)
            return no_memory(reterr);
        const ssize_t n = pread(j->fd, room, 64 << 10, (off_t)j->text.len);
        if (n < 0 && errno != EINTR)
            return broken(j, "read", reterr);
        if (n == 0)
            return MK_OK;
        if (n > 0)
            j->text.len += (size_t)n;
    }
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

static mk_err read_lines(mk_journal *j, mk_error *reterr)
{
    mk_journal_scan scan = {.rest = mk_buf_str(&j->text)};
    mk_str s;
    mk_err err;

    while ((err = mk_journal_next(&scan, &s, reterr)) == MK_OK) {
        err = add_line(j, j->text.len - scan.rest.len, scan.prev, reterr);
        if (err != MK_OK)
            return err;
    }
    if (err == MK_END)
        return MK_OK;
    /* The last line may be torn in a way that left its LF. */
    if (err == MK_MISMATCH &&
        memchr(scan.rest.ptr, '\n', scan.rest.len) == scan.rest.ptr + scan.rest.len - 1)
        return MK_OK;
    if (err == MK_MISMATCH)
        return mk_fail(reterr, MK_MISMATCH,
                       "line %" PRIu64 " of '%s' does not follow the one before it", scan.n + 1,
                       j->path);
    return err;
}

mk_err mk_journal_open(const mk_folder *folder, mk_journal **ret, mk_error *reterr)
{
    mk_journal *j = calloc(1, sizeof(*j));
    mk_err err;

    if (!j)
        return no_memory(reterr);
    j->text.max = MK_BUF_MAX;
    j->fd = -1;
    if (asprintf(&j->path, "%s" MK_FOLDER_JOURNAL, folder->where) < 0) {
        j->path = NULL;
        err = no_memory(reterr);
    } else {
        j->fd = openat(folder->fd, MK_FOLDER_JOURNAL,
                       O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
        err = j->fd < 0 ? broken(j, "create", reterr) : read_text(j, reterr);
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

mk_str mk_journal_line(const mk_journal *j, uint64_t n)
{
    const size_t from = n > 0 ? (size_t)j->lines[n - 1].end : 0;

    return mk_str_sub(mk_buf_str(&j->text), from, (size_t)j->lines[n].end);
}

void mk_journal_forget(mk_journal *j)
{
    mk_buf_clear(&j->text);
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
    mk_buf_clear(&j->text);
    free(j->lines);
    free(j->path);
    free(j);
}
