/* stage.c: see stage.h. A folder is given its name by one rename; one that is replaced is
 * exchanged for the new one and then removed. What is removed is two levels of files:
 * a release has no more. Cases: tests/release/test_release.c. */
#include "release/stage.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "release/manifest.h"
#include "write/sink.h"

struct mk_stage {
    char *output, *folder; /* owned */
    mk_bundle kind;
    bool force, committed;
    mk_sink *sink; /* of an archive */
    int fd;        /* file read last, for the archive */
    size_t entry;
    const mk_bundle_entry *entries;
};

static mk_err fail(const char *what, const char *path, int number, mk_error *reterr)
{
    char text[128];

    const mk_err code = number == EEXIST ? MK_EXISTS : number == ENOMEM ? MK_NOMEM : MK_OUTPUT;

    return mk_fail(reterr, code, "%s '%s': %s", what, path, strerror_r(number, text, sizeof(text)));
}

/* folder/name; NULL if out of memory. Owned by the caller. */
static char *join(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *const path = malloc(size);

    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

/* ---- removing ---- */

/* Removes the files of a folder, and with it the folder. Folders in it: of one level. */
static void remove_folder(const char *path, int levels)
{
    DIR *const d = opendir(path);
    struct dirent *item;

    while (d && (item = readdir(d))) {
        char *const inner = strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0
                                ? NULL
                                : join(path, item->d_name);
        if (inner && unlink(inner) != 0 && levels > 0)
            remove_folder(inner, levels - 1); /* two levels: bounded */
        free(inner);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

/* ---- opening ---- */

/* May output be made? */
static mk_err check_output(mk_stage *s, mk_error *reterr)
{
    struct stat st;
    char *manifest;
    bool release;

    if (lstat(s->output, &st) != 0)
        return errno == ENOENT ? MK_OK : fail("cannot make", s->output, errno, reterr);
    if (!s->force)
        return mk_fail(reterr, MK_EXISTS, "'%s' exists already", s->output);
    if (!S_ISDIR(st.st_mode))
        return mk_fail(reterr, MK_EXISTS, "'%s' is a file, the release is a folder", s->output);
    manifest = join(s->output, MK_MANIFEST_NAME);
    if (!manifest)
        return no_memory(reterr);
    release = access(manifest, F_OK) == 0;
    free(manifest);
    return release
               ? MK_OK
               : mk_fail(reterr, MK_EXISTS, "'%s' is a folder that holds no release", s->output);
}

static mk_err make_folder(mk_stage *s, mk_error *reterr)
{
    const size_t size = strlen(s->output) + 32;

    s->folder = malloc(size);
    if (!s->folder)
        return no_memory(reterr);
    for (unsigned i = 0; i < 1000; i++) { /* of other runs, or left by dead ones */
        snprintf(s->folder, size, "%s.making-%ld-%u", s->output, (long)getpid(), i);
        if (mkdir(s->folder, 0777) == 0)
            return mk_stage_mkdir(s, "data", reterr);
        if (errno != EEXIST)
            break;
    }
    const int number = errno;
    free(s->folder);
    s->folder = NULL;
    return fail("cannot make", s->output, number, reterr);
}

mk_err mk_stage_open(const char *output, bool force, mk_stage **ret, mk_error *reterr)
{
    mk_stage *const s = calloc(1, sizeof(*s));
    size_t len = strlen(output);
    mk_err err = MK_OK;

    if (!s)
        return no_memory(reterr);
    while (len > 1 && output[len - 1] == '/')
        len--;
    s->fd = -1;
    s->force = force;
    s->output = strndup(output, len);
    s->kind = s->output ? mk_bundle_of(s->output) : MK_BUNDLE_FOLDER;
    if (!s->output)
        err = no_memory(reterr);
    else if (len == 0)
        err = mk_fail(reterr, MK_OPTION, "the output has no name");
    else if (s->kind == MK_BUNDLE_FOLDER)
        err = check_output(s, reterr);
    else
        err = mk_sink_open(s->output, force, &s->sink, reterr);
    if (err == MK_OK)
        err = make_folder(s, reterr);
    if (err == MK_OK)
        *ret = s;
    else
        mk_stage_close(s);
    return err;
}

const char *mk_stage_folder(const mk_stage *s)
{
    return s->folder;
}

/* ---- files ---- */

mk_err mk_stage_mkdir(mk_stage *s, const char *name, mk_error *reterr)
{
    char *const path = join(s->folder, name);
    mk_err err = MK_OK;

    if (!path)
        return no_memory(reterr);
    if (mkdir(path, 0777) != 0)
        err = fail("cannot make", path, errno, reterr);
    free(path);
    return err;
}

static int write_file(int fd, mk_str bytes)
{
    while (bytes.len > 0) {
        const ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n == 0)
            return ENOSPC;
        if (n > 0)
            bytes = mk_str_sub(bytes, (size_t)n, bytes.len);
    }
    return fsync(fd) == 0 ? 0 : errno;
}

static mk_err put(mk_stage *s, const char *name, int flags, mk_str bytes, mk_error *reterr)
{
    char *const path = join(s->folder, name);
    mk_err err = MK_OK;
    int fd, number;

    if (!path)
        return no_memory(reterr);
    fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
    number = fd < 0 ? errno : write_file(fd, bytes);
    if (fd >= 0 && close(fd) != 0 && number == 0)
        number = errno;
    if (number != 0)
        err = fail("cannot write", path, number, reterr);
    free(path);
    return err;
}

mk_err mk_stage_file(mk_stage *s, const char *name, mk_str bytes, mk_error *reterr)
{
    return put(s, name, O_CREAT | O_EXCL, bytes, reterr);
}

mk_err mk_stage_append(mk_stage *s, const char *name, mk_str bytes, mk_error *reterr)
{
    return put(s, name, O_APPEND, bytes, reterr);
}

/* ---- the end ---- */

static mk_err sync_folder(const char *path, mk_error *reterr)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int number = 0;

    if (fd < 0)
        return fail("cannot open", path, errno, reterr);
    if (fsync(fd) != 0 && errno != EINVAL)
        number = errno;
    close(fd);
    return number ? fail("cannot write", path, number, reterr) : MK_OK;
}

static mk_err sync_parent(const mk_stage *s, mk_error *reterr)
{
    const char *const slash = strrchr(s->output, '/');
    char *const parent = !slash               ? strdup(".")
                         : slash == s->output ? strdup("/")
                                              : strndup(s->output, (size_t)(slash - s->output));
    mk_err err = MK_OK;

    if (!parent)
        return no_memory(reterr);
    err = sync_folder(parent, reterr);
    free(parent);
    return err;
}

static mk_err commit_folder(mk_stage *s, mk_error *reterr)
{
    char *const data = join(s->folder, "data");
    bool exchanged = false;
    mk_err err = data ? sync_folder(data, reterr) : no_memory(reterr);

    free(data);
    if (err == MK_OK)
        err = sync_folder(s->folder, reterr);
    if (err != MK_OK)
        return err;
    if (renameat2(AT_FDCWD, s->folder, AT_FDCWD, s->output, RENAME_NOREPLACE) != 0) {
        if (errno != EEXIST || !s->force)
            return errno == EEXIST ? mk_fail(reterr, MK_EXISTS, "'%s' exists already", s->output)
                                   : fail("cannot make", s->output, errno, reterr);
        if (renameat2(AT_FDCWD, s->folder, AT_FDCWD, s->output, RENAME_EXCHANGE) != 0)
            return fail("cannot replace", s->output, errno, reterr);
        exchanged = true;
    }
    s->committed = true;
    if (exchanged)
        remove_folder(s->folder, 1);
    return sync_parent(s, reterr);
}

static mk_err read_entry(void *arg, size_t entry, uint64_t offset, char *to, size_t n,
                         mk_error *reterr)
{
    mk_stage *const s = arg;
    const char *const name = s->entries[entry].name;

    if (s->fd < 0 || s->entry != entry) {
        char *const path = join(s->folder, name);
        if (s->fd >= 0)
            close(s->fd);
        s->fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        free(path);
        s->entry = entry;
        if (s->fd < 0)
            return fail("cannot read", name, errno, reterr);
    }
    while (n > 0) {
        const ssize_t got = pread(s->fd, to, n, (off_t)offset);
        if (got == 0 || (got < 0 && errno != EINTR))
            return fail("cannot read", name, got == 0 ? EIO : errno, reterr);
        if (got > 0) {
            to += got;
            n -= (size_t)got;
            offset += (uint64_t)got;
        }
    }
    return MK_OK;
}

static mk_err write_sink(void *arg, mk_str bytes, mk_error *reterr)
{
    return mk_sink_write(((mk_stage *)arg)->sink, bytes, reterr);
}

mk_err mk_stage_commit(mk_stage *s, const mk_bundle_entry *entries, size_t n, int64_t epoch,
                       mk_error *reterr)
{
    const mk_bundle_io io = {read_entry, write_sink, s};
    mk_err err;

    assert(!s->committed);
    if (s->kind == MK_BUNDLE_FOLDER)
        return commit_folder(s, reterr);
    s->entries = entries;
    err = mk_bundle_write(s->kind, entries, n, epoch, &io, reterr);
    return err == MK_OK ? mk_sink_commit(s->sink, reterr) : err;
}

void mk_stage_close(mk_stage *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    mk_sink_close(s->sink);
    if (s->folder && !s->committed)
        remove_folder(s->folder, 1);
    free(s->folder);
    free(s->output);
    free(s);
}
