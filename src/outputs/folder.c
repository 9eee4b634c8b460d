/* folder.c: the folder of a run. What is in it is known by name; other files are
 * never touched. The lock is flock(2) on a file that says who holds it: the kernel
 * gives it back when its holder dies, so that no lock is ever stale.
 *
 * Names: docs/FORMATS.md, "Run folders". Cases: tests/outputs/test_folder.c. */
#include "outputs/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"

static const char *const kinds[MK_N_OUTS] = {"data", "ledger", "rejects"};

static const char *const endings[] = {
    [MK_CODEC_NONE] = ".jsonl", [MK_CODEC_GZ] = ".jsonl.gz", [MK_CODEC_ZST] = ".jsonl.zst"};

enum { N_ENDINGS = sizeof(endings) / sizeof(*endings) };

/* ---- names of shards ---- */

const char *mk_shard_name(mk_shard_id id, char out[MK_SHARD_NAME])
{
    snprintf(out, MK_SHARD_NAME, "%s-%05" PRIu64 "%s%s", kinds[id.kind], id.index,
             endings[id.codec], id.part ? ".part" : "");
    return out;
}

/* The number that name begins with, as mk_shard_name writes it. */
static bool read_index(const char **name, uint64_t *ret)
{
    const char *at = *name;
    uint64_t n = 0;
    size_t len = 0;

    for (; at[len] >= '0' && at[len] <= '9'; len++) {
        if (len == 18)
            return false;
        n = n * 10 + (uint64_t)(at[len] - '0');
    }
    if (len < 5 || (len > 5 && *at == '0'))
        return false;
    *name = at + len;
    *ret = n;
    return true;
}

static bool read_ending(const char *at, mk_shard_id *ret)
{
    for (size_t i = 0; i < N_ENDINGS; i++) {
        const char *const end = endings[i];
        const size_t n = end ? strlen(end) : 0;
        if (n == 0 || strncmp(at, end, n) != 0)
            continue;
        ret->codec = (mk_codec)i;
        ret->part = strcmp(at + n, ".part") == 0;
        if (ret->part || at[n] == '\0')
            return true;
    }
    return false;
}

bool mk_shard_parse(const char *name, mk_shard_id *ret)
{
    for (unsigned k = 0; k < MK_N_OUTS; k++) {
        const size_t n = strlen(kinds[k]);
        const char *at = name + n + 1;
        if (strncmp(name, kinds[k], n) != 0 || name[n] != '-')
            continue;
        ret->kind = (mk_out)k;
        return read_index(&at, &ret->index) && read_ending(at, ret);
    }
    return false;
}

static bool is_ours(const char *name)
{
    static const char *const names[] = {MK_FOLDER_JOURNAL, MK_FOLDER_REPORT,
                                        MK_FOLDER_REPORT ".part", MK_FOLDER_KEYS,
                                        MK_FOLDER_KEYS ".part"};
    mk_shard_id id;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return mk_shard_parse(name, &id);
}

/* ---- errors ---- */

static mk_err failed(const mk_folder *folder, const char *what, const char *name, mk_error *reterr)
{
    const int error = errno;

    return mk_fail(reterr, error == ENOMEM ? MK_NOMEM : MK_OUTPUT, "cannot %s '%s%s': %s", what,
                   folder->where, name, strerror(error));
}

/* ---- the lock ---- */

/* Who holds the lock, in the words of its file. */
static mk_err in_use(const mk_folder *folder, int fd, mk_error *reterr)
{
    char who[200];
    const ssize_t n = pread(fd, who, sizeof(who) - 1, 0);
    size_t len = n > 0 ? (size_t)n : 0;

    while (len > 0 && who[len - 1] == '\n')
        len--;
    if (len == 0 || mk_utf8_valid((mk_str){who, len}) != len)
        return mk_fail(reterr, MK_EXISTS, "output folder '%s' is in use by another run",
                       folder->where);
    return mk_fail(reterr, MK_EXISTS, "output folder '%s' is in use by %.*s", folder->where,
                   (int)len, who);
}

/* For people: "process 12 on host since 2026-01-31 10:00:00 UTC". A lock without it
 * locks as well. */
static void sign(int fd)
{
    char host[65] = "?", text[200];
    struct timespec now = {0};
    struct tm day = {0};

    gethostname(host, sizeof(host) - 1);
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &day);
    const int len = snprintf(text, sizeof(text),
                             "process %ld on %s since %04d-%02d-%02d %02d:%02d:%02d UTC\n",
                             (long)getpid(), host, day.tm_year + 1900, day.tm_mon + 1, day.tm_mday,
                             day.tm_hour, day.tm_min, day.tm_sec);
    if (len > 0 && ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) < 0)
        return;
}

/* Whoever gives a lock back removes its file: what was locked may be gone by then. */
static bool still_there(const mk_folder *folder, int fd)
{
    struct stat mine, there;

    return fstat(fd, &mine) == 0 &&
           fstatat(folder->fd, MK_FOLDER_LOCK, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

static mk_err take_lock(mk_folder *folder, mk_error *reterr)
{
    for (;;) {
        const int fd = openat(folder->fd, MK_FOLDER_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                              0666);
        if (fd < 0)
            return failed(folder, "create", MK_FOLDER_LOCK, reterr);
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            const mk_err err = errno == EWOULDBLOCK
                                   ? in_use(folder, fd, reterr)
                                   : failed(folder, "lock", MK_FOLDER_LOCK, reterr);
            close(fd);
            return err;
        }
        if (still_there(folder, fd)) {
            folder->lock = fd;
            sign(fd);
            return MK_OK;
        }
        close(fd);
    }
}

/* ---- opening ---- */

bool mk_folder_is(const char *path)
{
    struct stat st;
    const size_t n = strlen(path);

    return n > 0 && (path[n - 1] == '/' || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)));
}

static mk_err open_folder(mk_folder *folder, mk_error *reterr)
{
    const bool made = mkdir(folder->where, 0777) == 0;

    if (!made && errno != EEXIST)
        return failed(folder, "create folder", "", reterr);
    folder->fd = open(folder->where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0)
        return failed(folder, "open folder", "", reterr);
    if (made) {
        const int above = openat(folder->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (above >= 0) { /* if it cannot be synced, nothing that counts is lost yet */
            mk_fd_sync_folder(above);
            close(above);
        }
    }
    return take_lock(folder, reterr);
}

mk_err mk_folder_open(const char *path, mk_folder **ret, mk_error *reterr)
{
    mk_folder *folder = calloc(1, sizeof(*folder));
    size_t n = strlen(path);
    mk_err err;

    if (!folder)
        return mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", path);
    folder->fd = folder->lock = -1;
    while (n > 1 && path[n - 1] == '/')
        n--;
    if (asprintf(&folder->where, "%.*s%s", (int)n, path, path[n - 1] == '/' ? "" : "/") < 0) {
        folder->where = NULL;
        err = mk_fail(reterr, MK_NOMEM, "out of memory for output '%s'", path);
    } else {
        err = open_folder(folder, reterr);
    }
    if (err == MK_OK)
        *ret = folder;
    else
        mk_folder_close(folder);
    return err;
}

void mk_folder_close(mk_folder *folder)
{
    if (!folder)
        return;
    if (folder->lock >= 0) {
        unlinkat(folder->fd, MK_FOLDER_LOCK, 0);
        close(folder->lock);
    }
    if (folder->fd >= 0)
        close(folder->fd);
    free(folder->where);
    free(folder);
}

/* ---- names in it ---- */

mk_err mk_folder_each(const mk_folder *folder, mk_err (*each)(void *arg, const char *name),
                      void *arg, mk_error *reterr)
{
    DIR *const dir = opendir(folder->where);
    mk_err err = MK_OK;

    if (!dir)
        return failed(folder, "read folder", "", reterr);
    while (err == MK_OK) {
        errno = 0;
        const struct dirent *const entry = readdir(dir);
        if (!entry) {
            if (errno != 0)
                err = failed(folder, "read folder", "", reterr);
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            err = each(arg, entry->d_name);
    }
    closedir(dir);
    return err;
}

bool mk_folder_beside(const char *name)
{
    return *name == '.' || strcmp(name, MK_FOLDER_AUDIT) == 0;
}

typedef struct look {
    bool journal, report, shard, audit;
    char foreign[256]; /* the first by name, so that a message does not depend on order */
} look;

static void note_foreign(look *l, const char *name)
{
    if (!*l->foreign || strcmp(name, l->foreign) < 0)
        snprintf(l->foreign, sizeof(l->foreign), "%s", name);
}

static mk_err look_at(void *arg, const char *name)
{
    look *l = arg;

    if (strcmp(name, MK_FOLDER_JOURNAL) == 0)
        l->journal = true;
    else if (strcmp(name, MK_FOLDER_REPORT) == 0)
        l->report = true;
    else if (is_ours(name))
        l->shard = true;
    else if (mk_folder_beside(name))
        l->audit |= *name != '.';
    else if (strcmp(name, MK_FOLDER_LOCK) != 0)
        note_foreign(l, name);
    return MK_OK;
}

mk_err mk_folder_look(const mk_folder *folder, mk_folder_state *ret, char ret_name[256],
                      mk_error *reterr)
{
    look l = {.foreign = ""};
    const mk_err err = mk_folder_each(folder, look_at, &l, reterr);

    if (err != MK_OK)
        return err;
    if (l.audit && !l.report)
        note_foreign(&l, MK_FOLDER_AUDIT);
    memcpy(ret_name, l.foreign, sizeof(l.foreign));
    *ret = *l.foreign             ? MK_FOLDER_FOREIGN
           : l.report             ? MK_FOLDER_DONE
           : l.journal || l.shard ? MK_FOLDER_BEGUN
                                  : MK_FOLDER_EMPTY;
    return MK_OK;
}

bool mk_folder_has(const mk_folder *folder, const char *name)
{
    struct stat st;

    return fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

mk_err mk_folder_remove(const mk_folder *folder, const char *name, mk_error *reterr)
{
    if (unlinkat(folder->fd, name, 0) == 0 || errno == ENOENT)
        return MK_OK;
    return failed(folder, "remove", name, reterr);
}

typedef struct clearing {
    const mk_folder *folder;
    const char *last; /* is removed at the end: it says that there is something to clear */
    mk_error *reterr;
} clearing;

static mk_err clear_one(void *arg, const char *name)
{
    const clearing *c = arg;

    if (!is_ours(name) || strcmp(name, c->last) == 0)
        return MK_OK;
    return mk_folder_remove(c->folder, name, c->reterr);
}

mk_err mk_folder_clear(const mk_folder *folder, mk_error *reterr)
{
    clearing c = {folder, MK_FOLDER_JOURNAL, reterr};
    /* First what makes the run look finished, the journal last. */
    mk_err err = mk_folder_remove(folder, MK_FOLDER_REPORT, reterr);

    if (err == MK_OK)
        err = mk_folder_each(folder, clear_one, &c, reterr);
    if (err == MK_OK)
        err = mk_folder_remove(folder, MK_FOLDER_JOURNAL, reterr);
    return err == MK_OK ? mk_folder_sync(folder, reterr) : err;
}

mk_err mk_folder_finish(const mk_folder *folder, const char *name, mk_error *reterr)
{
    char part[MK_SHARD_NAME + 8];

    snprintf(part, sizeof(part), "%s.part", name);
    if (renameat(folder->fd, part, folder->fd, name) == 0)
        return MK_OK;
    if (errno == ENOENT && mk_folder_has(folder, name))
        return MK_OK;
    return failed(folder, "create", name, reterr);
}

mk_err mk_folder_sync(const mk_folder *folder, mk_error *reterr)
{
    errno = mk_fd_sync_folder(folder->fd);
    return errno == 0 ? MK_OK : failed(folder, "write folder", "", reterr);
}
