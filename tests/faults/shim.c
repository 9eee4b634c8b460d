/* shim.c: to be preloaded: makes the Nth call that changes a file the last one, or fail.
 *
 *   FAULT_AT=N      which call, from 1
 *   FAULT=kill      the process is killed before it (the default)
 *         torn      killed when half of it is done, if it is a write
 *         ENOSPC, EIO   it fails, and so do all after it
 *         once      it fails with EIO, the others do not
 *   FAULT_COUNT=F   writes how many such calls there were to the file F
 *
 * Calls are write, pwrite, fsync, ftruncate, rename, unlink, mkdir, and open where it may
 * create. Those of the C library's own streams do not come by here. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long n_calls;
static _Thread_local int inside; /* of a call of our own */

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* 0: go on. Else the call fails with this. half: a write that may be torn. */
static int fault(int *half)
{
    const char *at = getenv("FAULT_AT"), *what = getenv("FAULT");
    const long n = atomic_fetch_add(&n_calls, 1) + 1;
    const long want = at ? strtol(at, NULL, 10) : 0;

    if (inside || want == 0 || n < want)
        return 0;
    if (what && strcmp(what, "ENOSPC") == 0)
        return ENOSPC;
    if (what && strcmp(what, "EIO") == 0)
        return EIO;
    if (n > want)
        return 0;
    if (what && strcmp(what, "once") == 0)
        return EIO;
    if (what && strcmp(what, "torn") == 0 && half) {
        *half = 1;
        return 0;
    }
    die();
    return 0;
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("FAULT_COUNT");
    FILE *f = path ? fopen(path, "w") : NULL;

    if (!f)
        return;
    fprintf(f, "%ld\n", atomic_load(&n_calls));
    fclose(f);
}

/* Finds the next definition of a function. */
#define REAL(type, name)                        \
    type;                                       \
    {                                           \
        void *const p = dlsym(RTLD_NEXT, name); \
        memcpy(&real, &p, sizeof(p));           \
    }

#define FAIL_OR_GO_ON(half)        \
    const int error = fault(half); \
    if (error) {                   \
        errno = error;             \
        return -1;                 \
    }

#pragma GCC visibility push(default)

ssize_t write(int fd, const void *bytes, size_t n)
{
    REAL(ssize_t(*real)(int, const void *, size_t), "write")
    int half = 0;
    if (fd <= 2)
        return real(fd, bytes, n);
    FAIL_OR_GO_ON(&half)
    if (half) {
        real(fd, bytes, n / 2);
        die();
    }
    return real(fd, bytes, n);
}

int fsync(int fd)
{
    REAL(int (*real)(int), "fsync")
    FAIL_OR_GO_ON(NULL)
    return real(fd);
}

int ftruncate64(int fd, off64_t size)
{
    REAL(int (*real)(int, off64_t), "ftruncate64")
    FAIL_OR_GO_ON(NULL)
    return real(fd, size);
}

int renameat(int a, const char *from, int b, const char *to)
{
    REAL(int (*real)(int, const char *, int, const char *), "renameat")
    FAIL_OR_GO_ON(NULL)
    return real(a, from, b, to);
}

int unlinkat(int folder, const char *name, int flags)
{
    REAL(int (*real)(int, const char *, int), "unlinkat")
    FAIL_OR_GO_ON(NULL)
    return real(folder, name, flags);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(int (*real)(const char *, mode_t), "mkdir")
    FAIL_OR_GO_ON(NULL)
    return real(path, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    REAL(int (*real)(int, const char *, int, ...), "openat64")
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list args;
        va_start(args, flags);
        mode = va_arg(args, mode_t);
        va_end(args);
        FAIL_OR_GO_ON(NULL)
    }
    return real(folder, path, flags, mode);
}
