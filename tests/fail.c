/* fail.c: see fail.h. __wrap_f is what the linker makes of f, and __real_f is f (ld(1),
 * --wrap). Both names of calls that take offsets are here, and those that a build with
 * _FORTIFY_SOURCE makes of them. */
#include "fail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

static struct {
    unsigned calls;
    int error;
    unsigned at;
    atomic_uint n;
} plan;

void mk_test_fail(unsigned calls, unsigned at, int error)
{
    plan.calls = calls;
    plan.at = at;
    plan.error = error;
    atomic_store(&plan.n, 0);
}

bool mk_test_failed(void)
{
    plan.calls = 0;
    return atomic_load(&plan.n) >= plan.at;
}

/* True: this call, of that kind, is to fail; errno is set. */
static bool fails(unsigned call)
{
    if (!(plan.calls & call) || atomic_fetch_add(&plan.n, 1) + 1 != plan.at)
        return false;
    errno = plan.error;
    return true;
}

/* What a read or write that fails returns. */
static ssize_t moved(void)
{
    return plan.error ? -1 : 0;
}

#define WRAP(type, name, call, failed, given, ...) \
    type __real_##name(__VA_ARGS__);               \
    type __wrap_##name(__VA_ARGS__);               \
    type __wrap_##name(__VA_ARGS__)                \
    {                                              \
        if (fails(call))                           \
            return failed;                         \
        return __real_##name given;                \
    }

WRAP(void *, malloc, MK_CALL_ALLOC, NULL, (n), size_t n)
WRAP(void *, calloc, MK_CALL_ALLOC, NULL, (n, size), size_t n, size_t size)
WRAP(void *, realloc, MK_CALL_ALLOC, NULL, (old, n), void *old, size_t n)
WRAP(char *, strdup, MK_CALL_ALLOC, NULL, (s), const char *s)
WRAP(char *, strndup, MK_CALL_ALLOC, NULL, (s, n), const char *s, size_t n)

WRAP(ssize_t, read, MK_CALL_READ, moved(), (fd, to, n), int fd, void *to, size_t n)
WRAP(ssize_t, pread64, MK_CALL_READ, moved(), (fd, to, n, at), int fd, void *to, size_t n, off_t at)
WRAP(ssize_t, __pread64_chk, MK_CALL_READ, moved(), (fd, to, n, at, room), int fd, void *to,
     size_t n, off_t at, size_t room)
WRAP(ssize_t, write, MK_CALL_WRITE, moved(), (fd, from, n), int fd, const void *from, size_t n)
WRAP(ssize_t, pwrite64, MK_CALL_WRITE, moved(), (fd, from, n, at), int fd, const void *from,
     size_t n, off_t at)
WRAP(int, fsync, MK_CALL_SYNC, -1, (fd), int fd)
WRAP(int, ftruncate64, MK_CALL_CUT, -1, (fd, size), int fd, off_t size)
WRAP(off_t, lseek64, MK_CALL_SEEK, -1, (fd, at, from), int fd, off_t at, int from)

WRAP(int, rename, MK_CALL_RENAME, -1, (from, to), const char *from, const char *to)
WRAP(int, renameat, MK_CALL_RENAME, -1, (a, from, b, to), int a, const char *from, int b,
     const char *to)
WRAP(int, renameat2, MK_CALL_RENAME, -1, (a, from, b, to, flags), int a, const char *from, int b,
     const char *to, unsigned flags)
WRAP(int, linkat, MK_CALL_RENAME, -1, (a, from, b, to, flags), int a, const char *from, int b,
     const char *to, int flags)
WRAP(int, unlinkat, MK_CALL_UNLINK, -1, (folder, name, flags), int folder, const char *name,
     int flags)

WRAP(int, fstat64, MK_CALL_STAT, -1, (fd, ret), int fd, struct stat *ret)
WRAP(int, stat64, MK_CALL_STAT, -1, (path, ret), const char *path, struct stat *ret)
WRAP(int, lstat64, MK_CALL_STAT, -1, (path, ret), const char *path, struct stat *ret)
WRAP(int, fstatat64, MK_CALL_STAT, -1, (folder, path, ret, flags), int folder, const char *path,
     struct stat *ret, int flags)

WRAP(char *, realpath, MK_CALL_OPEN, NULL, (path, to), const char *path, char *to)
WRAP(int, __open64_2, MK_CALL_OPEN, -1, (path, flags), const char *path, int flags)
WRAP(int, __openat64_2, MK_CALL_OPEN, -1, (folder, path, flags), int folder, const char *path,
     int flags)

WRAP(DIR *, opendir, MK_CALL_OPEN, NULL, (path), const char *path)
WRAP(DIR *, fdopendir, MK_CALL_OPEN, NULL, (fd), int fd)
WRAP(int, mkdir, MK_CALL_OPEN, -1, (path, mode), const char *path, mode_t mode)

WRAP(int, pthread_create, MK_CALL_THREAD, plan.error, (thread, how, work, arg), pthread_t *thread,
     const pthread_attr_t *how, void *(*work)(void *), void *arg)
WRAP(int, pthread_mutex_init, MK_CALL_THREAD, plan.error, (mutex, how), pthread_mutex_t *mutex,
     const pthread_mutexattr_t *how)
WRAP(int, pthread_cond_init, MK_CALL_THREAD, plan.error, (cond, how), pthread_cond_t *cond,
     const pthread_condattr_t *how)

/* Of a disk it is not interrupted. */
struct dirent *__real_readdir64(DIR *dir);
struct dirent *__wrap_readdir64(DIR *dir);
struct dirent *__wrap_readdir64(DIR *dir)
{
    return plan.error != EINTR && fails(MK_CALL_READ) ? NULL : __real_readdir64(dir);
}

/* Some linkers want them to be seen by libraries that call the same. */
#pragma GCC visibility push(default)

/* What other libraries allocate for us, each with what it says when it cannot. */
WRAP(void *, EVP_MD_CTX_new, MK_CALL_LIBRARY, NULL, (), void)
WRAP(int, EVP_MD_CTX_copy_ex, MK_CALL_LIBRARY, 0, (to, from), void *to, const void *from)
WRAP(int, EVP_DigestInit_ex, MK_CALL_LIBRARY, 0, (c, kind, e), void *c, const void *kind, void *e)
WRAP(int, EVP_Digest, MK_CALL_LIBRARY, 0, (s, n, to, ret, kind, e), const void *s, size_t n,
     void *to, unsigned *ret, const void *kind, void *e)
WRAP(void *, ZSTD_createCCtx, MK_CALL_LIBRARY, NULL, (), void)
WRAP(void *, ZSTD_createDCtx, MK_CALL_LIBRARY, NULL, (), void)
WRAP(void *, libdeflate_alloc_compressor, MK_CALL_LIBRARY, NULL, (level), int level)
WRAP(void *, libdeflate_alloc_decompressor, MK_CALL_LIBRARY, NULL, (), void)
WRAP(void *, BrotliDecoderCreateInstance, MK_CALL_LIBRARY, NULL, (a, b, c), void *a, void *b,
     void *c)
WRAP(void *, archive_read_new, MK_CALL_LIBRARY, NULL, (), void)
WRAP(int, inflateInit2_, MK_CALL_LIBRARY, -4 /* Z_MEM_ERROR */, (z, bits, version, size), void *z,
     int bits, const char *version, int size)
WRAP(int, BZ2_bzDecompressInit, MK_CALL_LIBRARY, -3 /* BZ_MEM_ERROR */, (b, loud, small), void *b,
     int loud, int small)
WRAP(int, lzma_stream_decoder, MK_CALL_LIBRARY, 5 /* LZMA_MEM_ERROR */, (l, most, flags), void *l,
     uint64_t most, uint32_t flags)

#pragma GCC visibility pop

#define MODE(flags, mode)            \
    mode_t mode = 0;                 \
    if ((flags)&O_CREAT) {           \
        va_list args;                \
        va_start(args, flags);       \
        mode = va_arg(args, mode_t); \
        va_end(args);                \
    }

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
    MODE(flags, mode)
    return fails(MK_CALL_OPEN) ? -1 : __real_open64(path, flags, mode);
}

int __real_openat64(int folder, const char *path, int flags, ...);
int __wrap_openat64(int folder, const char *path, int flags, ...);
int __wrap_openat64(int folder, const char *path, int flags, ...)
{
    MODE(flags, mode)
    return fails(MK_CALL_OPEN) ? -1 : __real_openat64(folder, path, flags, mode);
}

/* Ours duplicate file descriptors with it. */
int __real_fcntl64(int fd, int command, ...);
int __wrap_fcntl64(int fd, int command, ...);
int __wrap_fcntl64(int fd, int command, ...)
{
    va_list args;

    va_start(args, command);
    const int arg = va_arg(args, int);
    va_end(args);
    return fails(MK_CALL_OPEN) ? -1 : __real_fcntl64(fd, command, arg);
}

static int print(char **ret, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static int print(char **ret, const char *format, va_list args)
{
    if (fails(MK_CALL_ALLOC)) {
        *ret = (char *)&plan; /* undefined, says asprintf(3): nobody may free it */
        return -1;
    }
    return vasprintf(ret, format, args);
}

int __wrap_asprintf(char **ret, const char *format, ...) __attribute__((format(printf, 2, 3)));
int __wrap_asprintf(char **ret, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const int n = print(ret, format, args);
    va_end(args);
    return n;
}

int __wrap___asprintf_chk(char **ret, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int __wrap___asprintf_chk(char **ret, int flag, const char *format, ...)
{
    va_list args;

    (void)flag;
    va_start(args, format);
    const int n = print(ret, format, args);
    va_end(args);
    return n;
}
