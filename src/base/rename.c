/* rename.c: see rename.h. Facts from rename(2) and link(2): flags that a file system does not
 * know are EINVAL, a kernel without them ENOSYS; a folder cannot be linked (EPERM), nor can
 * files where there are no links. Cases: tests/base/test_rename.c, tests/write/test_sink.c. */
#include "base/rename.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Flags are not to be had. */
static bool is_unknown(int error)
{
    return error == EINVAL || error == ENOSYS;
}

int mk_rename_new(int folder, const char *from, const char *to)
{
    struct stat st;

    if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (!is_unknown(errno))
        return -1;
    if (linkat(folder, from, folder, to, 0) == 0) {
        unlinkat(folder, from, 0);
        return 0;
    }
    if (errno != EPERM && errno != ENOSYS && errno != EOPNOTSUPP)
        return -1;
    /* Neither is to be had here: all that is left is to look before. */
    if (fstatat(folder, to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return -1;
    }
    return errno == ENOENT ? renameat(folder, from, folder, to) : -1;
}

/* Takes back the steps before the one that failed. -1, with the errno of that. */
static int take_back(int folder, const char *a, const char *b, const char *third, bool both)
{
    const int error = errno;

    if (!both || mk_rename_new(folder, b, a) == 0)
        mk_rename_new(folder, third, b);
    errno = error;
    return -1;
}

int mk_rename_exchange(int folder, const char *a, const char *b)
{
    char third[PATH_MAX];

    if (renameat2(folder, a, folder, b, RENAME_EXCHANGE) == 0)
        return 0;
    if (!is_unknown(errno))
        return -1;
    if (snprintf(third, sizeof(third), "%s.old", a) >= (int)sizeof(third)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (mk_rename_new(folder, b, third) != 0)
        return -1;
    if (mk_rename_new(folder, a, b) != 0)
        return take_back(folder, a, b, third, false);
    if (mk_rename_new(folder, third, a) != 0)
        return take_back(folder, a, b, third, true);
    return 0;
}
