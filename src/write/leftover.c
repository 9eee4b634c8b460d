/* leftover.c: see leftover.h. Refuses what is no file, is of another user, or has another
 * name too: it was not made by a run. Facts from flock(2); some network file systems
 * want a file that is open for writing, and lock for one machine alone: a run of another
 * one then finds its file gone when it ends, and says so.
 * Cases: tests/write/test_sink.c. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write/leftover.h"

bool mk_leftover_hold(int fd)
{
    struct stat st;

    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return errno != EWOULDBLOCK;
    return fstat(fd, &st) != 0 || st.st_nlink > 0;
}

/* "PID.N.part" */
static bool is_rest(const char *rest)
{
    for (int i = 0; i < 2; i++) {
        const size_t n = strspn(rest, "0123456789");
        if (n == 0 || rest[n] != '.')
            return false;
        rest += n + 1;
    }
    return strcmp(rest, "part") == 0;
}

/* The file that is open is one that a run has made, and still has that name. */
static bool is_ours(int folder, const char *name, int fd)
{
    struct stat file, named;

    return fstat(fd, &file) == 0 && fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(file.st_mode) && file.st_uid == geteuid() && file.st_nlink == 1 &&
           file.st_dev == named.st_dev && file.st_ino == named.st_ino;
}

static void clear_one(int folder, const char *name)
{
    const int fd = openat(folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && is_ours(folder, name, fd))
        unlinkat(folder, name, 0);
    close(fd);
}

bool mk_leftover_clear(int folder, const char *prefix)
{
    const size_t len = strlen(prefix);
    const int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const names = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    int error = errno;

    if (!names && fd >= 0)
        close(fd);
    while (names && (errno = 0, entry = readdir(names))) {
        if (strncmp(entry->d_name, prefix, len) == 0 && is_rest(entry->d_name + len))
            clear_one(folder, entry->d_name);
    }
    if (names) {
        error = errno;
        closedir(names);
    }
    errno = error;
    return names && error == 0;
}
