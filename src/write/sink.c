/* sink.c: a temporary file beside the final name, and the steps that make it
 * the final one: fsync, rename without replacing, fsync of the folder. Refuses
 * folders, sockets and block devices. Character devices and FIFOs are written
 * as they are, like standard output: they have no content to keep whole.
 *
 * An fsync that failed is not tried again (base/fd.h). */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checksum.h"
#include "base/fd.h"
#include "base/rename.h"
#include "write/leftover.h"
#include "write/sink.h"

enum {
    MAX_TRIES = 1000, /* names: leftovers of a killed run, same pid */
    NAME_PART = 150,  /* bytes: with pid and number under NAME_MAX, 255 */
    PIPE_PART = 4096, /* bytes: a pipe that takes any takes so many without waiting */
    SLICE = 200       /* milliseconds between looks at a flag */
};

struct mk_sink {
    char *path;                /* owned: as the caller wrote it, for messages */
    char *target;              /* owned: the final name, links followed */
    char *temp;                /* owned: a name in folder; NULL: none, or no longer there */
    int fd, folder;            /* -1: not open */
    mk_checksum_run *checksum; /* owned: of a part; NULL: not wanted */
    bool is_stdout, is_direct, is_part, force;
    bool torn;     /* a write failed half done; rewind mends that */
    bool unsynced; /* fsync failed; nothing mends that */
    bool committed;
    uint64_t size;                     /* bytes written */
    const volatile sig_atomic_t *stop; /* lent; NULL: writes wait as long as they must */
};

static const char *name_of(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static mk_err cannot_create(const mk_sink *sink, mk_error *reterr)
{
    const int error = errno;

    return mk_fail(reterr, error == ENOMEM ? MK_NOMEM : MK_OUTPUT, "cannot create '%s': %s",
                   sink->path, strerror(error));
}

static mk_err cannot_write(mk_sink *sink, mk_error *reterr)
{
    const int error = errno;

    sink->torn = true;
    if (sink->is_direct && error == EPIPE)
        return mk_fail(reterr, MK_CLOSED, "%s was closed by who read it",
                       sink->is_stdout ? "standard output" : sink->path);
    if (sink->is_stdout)
        return mk_fail(reterr, MK_OUTPUT, "cannot write to standard output: %s", strerror(error));
    return mk_fail(reterr, MK_OUTPUT, "cannot write '%s': %s", sink->path, strerror(error));
}

static mk_err exists_already(const mk_sink *sink, mk_error *reterr)
{
    return mk_fail(reterr, MK_EXISTS, "output '%s' exists (--force replaces it)", sink->path);
}

/* ---- open ---- */

static mk_err open_direct(mk_sink *sink, mk_error *reterr)
{
    sink->is_direct = true;
    sink->fd = open(sink->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (sink->fd >= 0)
        return MK_OK;
    if (errno == EINTR) /* a FIFO waits for its reader */
        return mk_fail(reterr, MK_STOPPED, "stopped while opening '%s'", sink->path);
    return cannot_create(sink, reterr);
}

/* Opens the folder of target. */
static mk_err open_folder(mk_sink *sink, mk_error *reterr)
{
    const char *const name = name_of(sink->target);
    char *folder;

    if (name == sink->target)
        folder = strdup(".");
    else /* with its slash, so that "/x" gives "/" */
        folder = strndup(sink->target, (size_t)(name - sink->target));
    if (!folder)
        return mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", sink->path);
    sink->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    return sink->folder >= 0 ? MK_OK : cannot_create(sink, reterr);
}

/* Bytes of name that go into the temporary one: as many as are sure to leave
 * room for the rest, whole characters only (some file systems insist). */
static int kept_length(const char *name)
{
    size_t len = strlen(name);

    if (len > NAME_PART) {
        len = NAME_PART;
        while (len > 0 && ((unsigned char)name[len] & 0xC0) == 0x80)
            len--;
    }
    return (int)len;
}

static mk_err open_temp(mk_sink *sink, mk_error *reterr)
{
    const char *const name = name_of(sink->target);
    char prefix[NAME_PART + 3]; /* with its points and the NUL */

    snprintf(prefix, sizeof(prefix), ".%.*s.", kept_length(name), name);
    if (!mk_leftover_clear(sink->folder, prefix))
        return cannot_create(sink, reterr);
    for (int i = 0; i < MAX_TRIES; i++) {
        char *temp;
        if (asprintf(&temp, "%s%ld.%d.part", prefix, (long)getpid(), i) < 0)
            return mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", sink->path);
        sink->fd = openat(sink->folder, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (sink->fd >= 0 && mk_leftover_hold(sink->fd)) {
            sink->temp = temp;
            return MK_OK;
        }
        free(temp);
        if (sink->fd < 0 && errno != EEXIST)
            return cannot_create(sink, reterr);
        if (sink->fd >= 0)
            close(sink->fd);
        sink->fd = -1;
    }
    errno = EEXIST;
    return cannot_create(sink, reterr);
}

/* What stands at path already decides how it is written. */
static mk_err open_path(mk_sink *sink, mk_error *reterr)
{
    struct stat here, there;
    mk_err code;

    if (lstat(sink->path, &here) == 0) {
        if (stat(sink->path, &there) != 0)
            there = here; /* a link to nothing */
        if (S_ISDIR(there.st_mode))
            return mk_fail(reterr, MK_OUTPUT, "'%s' is a folder", sink->path);
        if (S_ISCHR(there.st_mode) || S_ISFIFO(there.st_mode))
            return open_direct(sink, reterr);
        if (!S_ISREG(there.st_mode) && !S_ISLNK(there.st_mode))
            return mk_fail(reterr, MK_OUTPUT, "cannot write '%s': not a file", sink->path);
        if (!sink->force)
            return exists_already(sink, reterr);
        /* What a link leads to is replaced, and the link stays. */
        if (S_ISLNK(here.st_mode) && S_ISREG(there.st_mode)) {
            sink->target = realpath(sink->path, NULL);
            if (!sink->target)
                return cannot_create(sink, reterr);
        }
    } else if (errno != ENOENT) {
        return cannot_create(sink, reterr);
    }
    if (!sink->target)
        sink->target = strdup(sink->path);
    if (!sink->target)
        return mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", sink->path);
    if (*name_of(sink->target) == '\0') { /* "" or "folder/" that is not there */
        errno = ENOENT;
        return cannot_create(sink, reterr);
    }
    code = open_folder(sink, reterr);
    return code == MK_OK ? open_temp(sink, reterr) : code;
}

mk_err mk_sink_open(const char *path, bool force, mk_sink **ret, mk_error *reterr)
{
    mk_sink *const sink = calloc(1, sizeof(*sink));
    mk_err code = MK_OK;

    if (!sink)
        return mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", path);
    sink->fd = sink->folder = -1;
    sink->force = force;
    sink->path = strdup(path);
    if (!sink->path) {
        code = mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", path);
    } else if (strcmp(path, "-") == 0) {
        sink->is_stdout = sink->is_direct = true;
        sink->fd = STDOUT_FILENO;
    } else {
        code = open_path(sink, reterr);
    }
    if (code == MK_OK)
        *ret = sink;
    else
        mk_sink_close(sink);
    return code;
}

/* ---- parts ---- */

enum { READ_PART = 64 << 10 /* bytes read at a time to sum up what is there */ };

/* Makes the checksum that of the first size bytes of the file. */
static mk_err sum_up(mk_sink *sink, uint64_t size, mk_error *reterr)
{
    unsigned char old[MK_CHECKSUM_MAX];
    char *const bytes = malloc(READ_PART);
    uint64_t at = 0;
    mk_err code = MK_OK;

    if (!bytes)
        return mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", sink->path);
    mk_checksum_end(sink->checksum, old);
    while (at < size && code == MK_OK) {
        const size_t want = size - at < READ_PART ? (size_t)(size - at) : READ_PART;
        const ssize_t n = pread(sink->fd, bytes, want, (off_t)at);
        if (n > 0) {
            mk_checksum_add(sink->checksum, (mk_str){bytes, (size_t)n});
            at += (uint64_t)n;
        } else if (n == 0) {
            code = mk_fail(reterr, MK_MISMATCH, "'%s.part' is shorter than the journal says",
                           sink->path);
        } else if (errno != EINTR) {
            code = mk_fail(reterr, MK_OUTPUT, "cannot read '%s.part': %s", sink->path,
                           strerror(errno));
        }
    }
    free(bytes);
    return code;
}

static mk_err open_part(mk_sink *sink, int folder, const char *name, uint64_t size,
                        mk_error *reterr)
{
    mk_err code;

    sink->folder = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    if (sink->folder < 0)
        return cannot_create(sink, reterr);
    sink->fd = openat(sink->folder, sink->temp, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (sink->fd < 0)
        return cannot_create(sink, reterr);
    sink->target = strdup(name);
    if (!sink->target)
        return mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", sink->path);
    code = mk_checksum_open(MK_SHA256, &sink->checksum, reterr);
    if (code != MK_OK)
        return code;
    sink->size = size; /* as far as it goes for sure: sum_up looks */
    return mk_sink_rewind(sink, size, reterr);
}

mk_err mk_sink_open_part(int folder, const char *where, const char *name, uint64_t size,
                         mk_sink **ret, mk_error *reterr)
{
    mk_sink *const sink = calloc(1, sizeof(*sink));
    mk_err code;

    if (!sink)
        return mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", name);
    sink->fd = sink->folder = -1;
    sink->is_part = sink->force = true;
    if (asprintf(&sink->path, "%s%s", where, name) < 0)
        sink->path = NULL;
    if (asprintf(&sink->temp, "%s.part", name) < 0)
        sink->temp = NULL;
    if (!sink->path || !sink->temp)
        code = mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", name);
    else
        code = open_part(sink, folder, name, size, reterr);
    if (code == MK_OK)
        *ret = sink;
    else
        mk_sink_close(sink);
    return code;
}

bool mk_sink_digest(const mk_sink *sink, char out[65])
{
    return mk_checksum_so_far(sink->checksum, out);
}

/* ---- write ---- */

void mk_sink_stop_by(mk_sink *sink, const volatile sig_atomic_t *stop)
{
    struct stat st;

    if (sink->is_direct && fstat(sink->fd, &st) == 0 && !S_ISREG(st.st_mode))
        sink->stop = stop;
}

/* Waits till a write of PIPE_PART bytes will not wait: in slices, since a signal may come
 * between a look at the flag and the wait. MK_STOPPED. */
static mk_err wait_for_room(const mk_sink *sink, mk_error *reterr)
{
    struct pollfd wait = {.fd = sink->fd, .events = POLLOUT};

    do {
        if (*sink->stop)
            return mk_fail(reterr, MK_STOPPED, "stopped by a signal");
    } while (poll(&wait, 1, SLICE) <= 0);
    return MK_OK; /* or an error, which the write tells */
}

mk_err mk_sink_write(mk_sink *sink, mk_str bytes, mk_error *reterr)
{
    size_t n;

    assert(!sink->committed);
    while (bytes.len > 0) {
        const mk_str part = {bytes.ptr,
                             sink->stop && bytes.len > PIPE_PART ? PIPE_PART : bytes.len};
        const mk_err waited = sink->stop ? wait_for_room(sink, reterr) : MK_OK;
        if (waited != MK_OK)
            return waited;
        errno = mk_fd_write_some(sink->fd, part, &n);
        if (errno != 0)
            return cannot_write(sink, reterr);
        if (sink->checksum)
            mk_checksum_add(sink->checksum, mk_str_sub(part, 0, n));
        bytes = mk_str_sub(bytes, n, bytes.len);
        sink->size += n;
    }
    return MK_OK;
}

uint64_t mk_sink_size(const mk_sink *sink)
{
    return sink->size;
}

mk_err mk_sink_rewind(mk_sink *sink, uint64_t size, mk_error *reterr)
{
    int status;

    assert(!sink->committed);
    if (sink->is_direct)
        return mk_fail(reterr, MK_OUTPUT, "cannot take back what was written to %s",
                       sink->is_stdout ? "standard output" : sink->path);
    if (size > sink->size)
        return mk_fail(reterr, MK_BUG, "rewind of '%s' past its end", sink->path);
    if (sink->checksum) {
        const mk_err code = sum_up(sink, size, reterr);
        if (code != MK_OK)
            return code;
    }
    do {
        status = ftruncate(sink->fd, (off_t)size);
    } while (status != 0 && errno == EINTR);
    if (status != 0 || lseek(sink->fd, (off_t)size, SEEK_SET) < 0)
        return cannot_write(sink, reterr);
    sink->size = size;
    sink->torn = false;
    return MK_OK;
}

/* ---- commit ---- */

mk_err mk_sink_sync(mk_sink *sink, mk_error *reterr)
{
    assert(!sink->committed);
    if (sink->torn || sink->unsynced)
        return mk_fail(reterr, MK_OUTPUT, "cannot finish '%s': a write had failed", sink->path);
    errno = sink->is_direct ? 0 : mk_fd_sync(sink->fd);
    if (errno == 0)
        return MK_OK;
    sink->unsynced = true;
    return cannot_write(sink, reterr);
}

mk_err mk_sink_commit(mk_sink *sink, mk_error *reterr)
{
    const char *name;
    int status;
    const mk_err code = mk_sink_sync(sink, reterr);

    if (code != MK_OK)
        return code;
    if (sink->is_direct) {
        sink->committed = true;
        return MK_OK;
    }
    name = name_of(sink->target);
    if (sink->force)
        status = renameat(sink->folder, sink->temp, sink->folder, name);
    else
        status = mk_rename_new(sink->folder, sink->temp, name);
    if (status != 0)
        return errno == EEXIST && !sink->force ? exists_already(sink, reterr)
                                               : cannot_create(sink, reterr);
    sink->committed = true;
    free(sink->temp);
    sink->temp = NULL;
    errno = mk_fd_sync_folder(sink->folder);
    return errno == 0 ? MK_OK : cannot_write(sink, reterr);
}

void mk_sink_close(mk_sink *sink)
{
    if (!sink)
        return;
    if (sink->temp && !sink->is_part)
        unlinkat(sink->folder, sink->temp, 0);
    if (sink->fd >= 0 && !sink->is_stdout)
        close(sink->fd);
    if (sink->folder >= 0)
        close(sink->folder);
    mk_checksum_close(sink->checksum);
    free(sink->temp);
    free(sink->target);
    free(sink->path);
    free(sink);
}
