/* stage.c: see stage.h. A folder is given its name by one rename; one that is replaced is
 * looked at when the work begins and again before its end (replaced.h), exchanged for the new
 * one and then removed. What is being made is removed by folders that were opened at its
 * beginning. Cases: tests/release/test_release.c. */
#include "release/stage.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/rename.h"
#include "release/replaced.h"
#include "write/sink.h"

enum {
    MAX_FOLDERS = 8 /* of a release: more than there are */
};

struct mk_stage {
    char *output;       /* owned */
    const char *folder; /* what is being made; NULL: nothing yet */
    mk_bundle kind;
    bool force, committed;
    const volatile sig_atomic_t *stop;
    mk_sink *sink; /* of an archive */
    int fd;        /* file read last, for the archive */
    size_t entry;
    const mk_bundle_entry *entries;
    struct {
        char *path; /* owned */
        int fd;
    } folders[MAX_FOLDERS]; /* n_folders of them: the first is `folder`, those below later */
    size_t n_folders;
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

/* Removes the files that the folder holds, as far as that can be done; without an
 * allocation: it may be their lack that ended the work. True if something went. */
static bool remove_some(int fd)
{
    _Alignas(struct dirent64) char items[8192];
    bool any = false;
    ssize_t n;

    while ((n = getdents64(fd, items, sizeof(items))) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct dirent64 *const d = (const void *)(items + at);
            any |= unlinkat(fd, d->d_name, 0) == 0;
            at += d->d_reclen;
        }
    return any;
}

static mk_err cannot_remove(const char *path, mk_error *reterr)
{
    return fail("cannot remove", path, errno, reterr);
}

/* What is being made, by what was opened for it at the beginning. */
static mk_err remove_made(mk_stage *s, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t i = s->n_folders; i-- > 0;) {
        lseek(s->folders[i].fd, 0, SEEK_SET);
        while (remove_some(s->folders[i].fd))
            lseek(s->folders[i].fd, 0, SEEK_SET);
        if (unlinkat(AT_FDCWD, s->folders[i].path, AT_REMOVEDIR) != 0 && err == MK_OK)
            err = cannot_remove(s->folders[i].path, reterr);
    }
    s->folder = NULL;
    return err;
}

/* ---- opening ---- */

/* What a folder is to replace, if it may; *ret stays as it is where there is nothing. */
static mk_err open_old(const mk_stage *s, mk_replaced **ret, mk_error *reterr)
{
    struct stat st;

    if (lstat(s->output, &st) != 0)
        return errno == ENOENT ? MK_OK : fail("cannot make", s->output, errno, reterr);
    if (!s->force)
        return mk_fail(reterr, MK_EXISTS, "'%s' exists already", s->output);
    if (!S_ISDIR(st.st_mode))
        return mk_fail(reterr, MK_EXISTS, "'%s' is a file, the release is a folder", s->output);
    return mk_replaced_open(s->output, ret, reterr);
}

/* A folder that was made, to be removed again if need be. Takes path. */
static mk_err add_folder(mk_stage *s, char *path, mk_error *reterr)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    assert(s->n_folders < MAX_FOLDERS);
    if (fd < 0) {
        const mk_err err = fail("cannot open", path, errno, reterr);
        unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
        free(path);
        return err;
    }
    s->folders[s->n_folders].path = path;
    s->folders[s->n_folders++].fd = fd;
    return MK_OK;
}

static mk_err make_folder(mk_stage *s, mk_error *reterr)
{
    const size_t size = strlen(s->output) + 32;
    char *const path = malloc(size);
    mk_err err;

    if (!path)
        return no_memory(reterr);
    for (unsigned i = 0; i < 1000; i++) { /* of other runs, or left by dead ones */
        snprintf(path, size, "%s.making-%ld-%u", s->output, (long)getpid(), i);
        if (mkdir(path, 0777) == 0) {
            err = add_folder(s, path, reterr);
            s->folder = err == MK_OK ? path : NULL;
            return err;
        }
        if (errno != EEXIST)
            break;
    }
    err = fail("cannot make", s->output, errno, reterr); /* the folder's name is nobody's affair */
    free(path);
    return err;
}

mk_err mk_stage_open(const char *output, bool force, const volatile sig_atomic_t *stop,
                     mk_stage **ret, mk_error *reterr)
{
    mk_stage *const s = calloc(1, sizeof(*s));
    mk_replaced *old = NULL;
    size_t len = strlen(output);
    mk_err err = MK_OK;

    if (!s)
        return no_memory(reterr);
    while (len > 1 && output[len - 1] == '/')
        len--;
    s->fd = -1;
    s->force = force;
    s->stop = stop;
    s->output = strndup(output, len);
    s->kind = s->output ? mk_bundle_of(s->output) : MK_BUNDLE_FOLDER;
    if (!s->output)
        err = no_memory(reterr);
    else if (len == 0)
        err = mk_fail(reterr, MK_OPTION, "the output has no name");
    else if (s->kind == MK_BUNDLE_FOLDER)
        err = open_old(s, &old, reterr);
    else
        err = mk_sink_open(s->output, force, &s->sink, reterr);
    mk_replaced_close(old); /* may it be replaced? Who commits looks again */
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

    if (!path)
        return no_memory(reterr);
    if (mkdir(path, 0777) != 0) {
        const mk_err err = fail("cannot make", path, errno, reterr);
        free(path);
        return err;
    }
    return add_folder(s, path, reterr);
}

static int write_file(int fd, mk_str bytes)
{
    const int number = mk_fd_write(fd, bytes);

    return number != 0 ? number : mk_fd_sync(fd);
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
    if (fd >= 0 && close(fd) != 0 && errno != EINTR && number == 0)
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

mk_err mk_stage_rename(mk_stage *s, const char *from, const char *to, mk_error *reterr)
{
    char *const old = join(s->folder, from), *const new = join(s->folder, to);
    mk_err err = old && new ? MK_OK : no_memory(reterr);

    if (err == MK_OK && rename(old, new) != 0)
        err = fail("cannot write", new, errno, reterr);
    free(old);
    free(new);
    return err;
}

/* ---- the end ---- */

static mk_err sync_folder(const char *path, mk_error *reterr)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int number;

    if (fd < 0)
        return fail("cannot open", path, errno, reterr);
    number = mk_fd_sync_folder(fd);
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

static bool is_stopped(const mk_stage *s)
{
    return s->stop && *s->stop;
}

static mk_err stopped(mk_error *reterr)
{
    return mk_fail(reterr, MK_STOPPED, "interrupted");
}

/* Gives the folder its name. *ret_old: the release that it had been, which has the name of
 * what is made now, to be removed and closed. */
static mk_err name_folder(mk_stage *s, mk_replaced **ret_old, mk_error *reterr)
{
    mk_replaced *old = NULL;
    mk_err err;

    if (mk_rename_new(AT_FDCWD, s->folder, s->output) == 0)
        return MK_OK;
    if (errno != EEXIST)
        return fail("cannot make", s->output, errno, reterr);
    err = open_old(s, &old, reterr);
    if (err == MK_OK && mk_rename_exchange(AT_FDCWD, s->folder, s->output) != 0)
        err = fail("cannot replace", s->output, errno, reterr);
    if (err == MK_OK)
        *ret_old = old;
    else
        mk_replaced_close(old);
    return err;
}

static mk_err commit_folder(mk_stage *s, mk_error *reterr)
{
    mk_replaced *old = NULL;
    mk_err err = MK_OK;

    for (size_t i = s->n_folders; err == MK_OK && i-- > 0;) {
        const int number = mk_fd_sync_folder(s->folders[i].fd);
        if (number)
            err = fail("cannot write", s->folders[i].path, number, reterr);
    }
    if (err == MK_OK)
        err = name_folder(s, &old, reterr);
    if (err != MK_OK)
        return err;
    s->committed = true;
    err = sync_parent(s, reterr);
    if (err != MK_OK) /* as it was, so that nothing half known stays */
        s->committed = (old ? mk_rename_exchange(AT_FDCWD, s->folder, s->output)
                            : mk_rename_new(AT_FDCWD, s->output, s->folder)) != 0;
    else if (old)
        err = mk_replaced_remove(old, s->folder, reterr);
    mk_replaced_close(old);
    return err;
}

static mk_err read_entry(void *arg, size_t entry, uint64_t offset, char *to, size_t n,
                         mk_error *reterr)
{
    mk_stage *const s = arg;
    const char *const name = s->entries[entry].name;

    if (is_stopped(s))
        return stopped(reterr);
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
    if (is_stopped(s))
        return stopped(reterr);
    if (s->kind == MK_BUNDLE_FOLDER)
        return commit_folder(s, reterr);
    s->entries = entries;
    err = mk_bundle_write(s->kind, entries, n, epoch, &io, reterr);
    if (err == MK_OK && s->fd >= 0)
        close(s->fd);
    if (err == MK_OK)
        s->fd = -1;
    if (err == MK_OK)
        err = remove_made(s, reterr);
    return err == MK_OK ? mk_sink_commit(s->sink, reterr) : err;
}

void mk_stage_close(mk_stage *s)
{
    mk_error ignored;

    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    mk_sink_close(s->sink);
    if (s->folder && !s->committed)
        remove_made(s, &ignored); /* there is an error already */
    for (size_t i = 0; i < s->n_folders; i++) {
        close(s->folders[i].fd);
        free(s->folders[i].path);
    }
    free(s->output);
    free(s);
}
