/* guard_writes.c: once it is known where the outputs go, the process gives up writing
 * anywhere else: Landlock, a promise that the kernel keeps. Files that are open already
 * stay as they are. What the kernel does not know is not asked for.
 *
 * Facts from landlock(7); the numbers are those of linux/landlock.h, which is not
 * everywhere, or old. Cases: tests/cli/test_guard.c. */
#include "guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

#ifdef SYS_landlock_create_ruleset
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

enum {
    ASK_VERSION = 1,
    PATH_BENEATH = 1,
    WRITES = 1 << 1 | 0x1FF << 4, /* write a file; remove and make things of all kinds */
    TRUNCATES = 1 << 14           /* from version 3 on */
};

struct ruleset {
    uint64_t handled;
};

struct beneath {
    uint64_t allowed;
    int32_t folder;
} __attribute__((packed));

/* The folder that path is, or else the one that it is in or will be in; -1: there is none. */
static int open_folder_of(const char *path)
{
    char folder[PATH_MAX];
    size_t n = strlen(path);
    const int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        return fd;
    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    if (n >= sizeof(folder))
        return -1;
    memcpy(folder, n > 0 ? path : ".", n > 0 ? n : 1);
    folder[n > 0 ? n : 1] = '\0';
    return open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static bool allow_folder_of(int rules, uint64_t rights, const char *path)
{
    const struct beneath rule = {rights, open_folder_of(path)};

    /* Whoever tries to write there will say so; not, that it is forbidden. */
    if (rule.folder < 0)
        return errno != EMFILE && errno != ENFILE;
    const bool added = syscall(SYS_landlock_add_rule, rules, PATH_BENEATH, &rule, 0) == 0;
    close(rule.folder);
    return added;
}

/* The same for where a link leads, which may be elsewhere. */
static bool allow(int rules, uint64_t rights, const char *path)
{
    char *const target = realpath(path, NULL);
    const bool added = allow_folder_of(rules, rights, path) &&
                       (!target || allow_folder_of(rules, rights, target));

    free(target);
    return added;
}

bool cli_guard_writes(const char *const *paths, size_t n)
{
    const char *const wish = getenv("MINKHAL_GUARD");
    const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
    const struct ruleset ruleset = {WRITES | (version >= 3 ? TRUNCATES : 0)};
    bool done = true;

    if (version < 1 || (wish && strcmp(wish, "off") == 0))
        return false;
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0);
    if (rules < 0)
        return false;
    for (size_t i = 0; i < n && done; i++)
        if (paths[i] && strcmp(paths[i], "-") != 0)
            done = allow(rules, ruleset.handled, paths[i]);
    done = done && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return done;
}

#else

bool cli_guard_writes(const char *const *paths, size_t n)
{
    (void)paths;
    (void)n;
    return false;
}

#endif
