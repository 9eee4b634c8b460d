/* shim.c: to be preloaded: makes the Nth call of some classes the last one, or fail.
 *
 *   FAULT_CLASS=A,B..  which calls count; "change", the default, is all of those marked *
 *         alloc     malloc, calloc, realloc and their kin, of all but
 *         foreign   those of libcrypto and libarchive, which do not survive all failures
 *         read      read, pread, readdir
 *         open      open without O_CREAT, opendir
 *         close     close: it closes, and says that it failed
 *         thread    pthread_create
 *         *write    write and pwrite, but to standard output and error
 *         *fsync    *ftruncate    *rename (renameat2 and linkat too)    *unlink (and rmdir)
 *         *mkdir
 *         *create   open with O_CREAT
 *   FAULT_AT=N         which call, from 1; 0: none
 *   FAULT=kill         the process is killed before it (the default)
 *         exit         it ends by _exit(99)
 *         torn         killed when half of it is done, if it is a write
 *         ENOSPC, EIO, ENOMEM, EINTR   it fails, and so do all after it
 *         once         it fails with EIO, the others do not; once:ENOMEM and so on as well
 *         every        it, and every second one after it, fails with EINTR
 *         short        it and all after it move a part of what they are to
 *   FAULT_COUNT=F      writes to the file F how many calls counted; then, a line each, how
 *                      many there were of each class
 *   FAULT_LOG=F        writes to F what changes files, in order, with content: power.py
 *                      says what a power failure could have left of it
 *
 * Calls within the C library (its streams, its locales) do not come by here, but for
 * allocations. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ALLOC,
    FOREIGN,
    READ,
    OPEN,
    CLOSE,
    THREAD,
    WRITE,
    FSYNC,
    FTRUNCATE,
    RENAME,
    UNLINK,
    MKDIR,
    CREATE
};
enum { N_CLASSES = CREATE + 1, CHANGE = WRITE /* and all behind it */ };

static const char *const names[N_CLASSES] = {
    [ALLOC] = "alloc",         [FOREIGN] = "foreign", [READ] = "read",     [OPEN] = "open",
    [CLOSE] = "close",         [THREAD] = "thread",   [WRITE] = "write",   [FSYNC] = "fsync",
    [FTRUNCATE] = "ftruncate", [RENAME] = "rename",   [UNLINK] = "unlink", [MKDIR] = "mkdir",
    [CREATE] = "create"};

static struct {
    bool ready; /* the others are set: calls count */
    bool wanted[N_CLASSES];
    long at;
    enum { KILL, EXIT, TORN, FAIL, FAIL_ONCE, EVERY, SHORT } what;
    int error; /* of FAIL, FAIL_ONCE */
    int count; /* file descriptors that were opened before anything could forbid it; -1 */
    int log;
    struct {
        uintptr_t from, to;
    } foreign[4]; /* where the code of those libraries is */
    size_t n_foreign;
} plan = {.count = -1, .log = -1};

static atomic_long n_calls, n_of[N_CLASSES];
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- the functions behind ours ---- */

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
    void (*free)(void *);
} real;

/* dlsym itself allocates: what is asked for before it is done comes from here. */
static char early[64 << 10];
static size_t n_early;
static bool looking;

static void *early_alloc(size_t n)
{
    char *const p = early + n_early;

    n = (n + 15) & ~(size_t)15;
    if (n > sizeof(early) - n_early)
        abort();
    n_early += n;
    return p;
}

static bool is_early(const void *p)
{
    return (const char *)p >= early && (const char *)p < early + sizeof(early);
}

/* Puts the next function of that name at `to`. */
static void find(void *to, const char *name)
{
    void *const p = dlsym(RTLD_NEXT, name);

    memcpy(to, &p, sizeof(p));
}

/* False: called by dlsym. */
static bool find_allocators(void)
{
    if (real.free)
        return true;
    if (looking)
        return false;
    looking = true;
    find(&real.malloc, "malloc");
    find(&real.calloc, "calloc");
    find(&real.realloc, "realloc");
    find(&real.aligned_alloc, "aligned_alloc");
    find(&real.posix_memalign, "posix_memalign");
    find(&real.free, "free");
    looking = false;
    return true;
}

/* ---- the plan ---- */

static int error_of(const char *name)
{
    static const struct {
        const char *name;
        int error;
    } errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"ENOMEM", ENOMEM}, {"EINTR", EINTR},
                  {"EDQUOT", EDQUOT}, {"EAGAIN", EAGAIN}, {"EMFILE", EMFILE}};

    for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
        if (strcmp(name, errors[i].name) == 0)
            return errors[i].error;
    return EIO;
}

static void read_fault(const char *word)
{
    if (strcmp(word, "kill") == 0)
        plan.what = KILL;
    else if (strcmp(word, "exit") == 0)
        plan.what = EXIT;
    else if (strcmp(word, "torn") == 0)
        plan.what = TORN;
    else if (strcmp(word, "every") == 0)
        plan.what = EVERY;
    else if (strcmp(word, "short") == 0)
        plan.what = SHORT;
    else if (strncmp(word, "once", 4) == 0)
        plan.what = FAIL_ONCE;
    else
        plan.what = FAIL;
    plan.error = plan.what == EVERY ? EINTR : error_of(word + (strncmp(word, "once:", 5) ? 0 : 5));
}

static void read_classes(const char *words)
{
    while (*words) {
        const size_t n = strcspn(words, ",");
        for (int c = 0; c < N_CLASSES; c++)
            if ((strlen(names[c]) == n && strncmp(names[c], words, n) == 0) ||
                (c >= CHANGE && n == 6 && strncmp("change", words, n) == 0))
                plan.wanted[c] = true;
        words += n + (words[n] == ',');
    }
}

/* Far from the numbers that the program sees. */
static int open_far(const char *path)
{
    const int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666)
                        : -1;
    const int far = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 900) : -1;

    if (fd >= 0)
        close(fd);
    return far;
}

static int see_library(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    (void)arg;
    if (!strstr(info->dlpi_name, "libcrypto") && !strstr(info->dlpi_name, "libarchive"))
        return 0;
    for (int i = 0; i < info->dlpi_phnum && plan.n_foreign < 4; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) {
            plan.foreign[plan.n_foreign].from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            plan.foreign[plan.n_foreign].to = plan.foreign[plan.n_foreign].from +
                                              info->dlpi_phdr[i].p_memsz;
            plan.n_foreign++;
        }
    return 0;
}

/* The class of an allocation that `by` asks for. */
static int class_of(const void *by)
{
    for (size_t i = 0; i < plan.n_foreign; i++)
        if ((uintptr_t)by >= plan.foreign[i].from && (uintptr_t)by < plan.foreign[i].to)
            return FOREIGN;
    return ALLOC;
}

__attribute__((constructor)) static void begin(void)
{
    const char *const at = getenv("FAULT_AT"), *const what = getenv("FAULT");
    const char *const classes = getenv("FAULT_CLASS");

    find_allocators();
    dl_iterate_phdr(see_library, NULL);
    plan.at = at ? strtol(at, NULL, 10) : 0;
    read_fault(what ? what : "kill");
    read_classes(classes ? classes : "change");
    plan.count = open_far(getenv("FAULT_COUNT"));
    plan.log = open_far(getenv("FAULT_LOG"));
    plan.ready = true;
}

/* pwrite and write of our own, past the counters. */
static void put(int fd, const void *bytes, size_t n)
{
    static ssize_t (*next)(int, const void *, size_t);

    if (!next)
        find(&next, "write");
    while (n > 0) {
        const ssize_t done = next(fd, bytes, n);
        if (done <= 0)
            abort(); /* what is counted and logged must be true */
        bytes = (const char *)bytes + done;
        n -= (size_t)done;
    }
}

__attribute__((destructor)) static void tell(void)
{
    char text[64];

    plan.ready = false;
    if (plan.count < 0)
        return;
    put(plan.count, text, (size_t)snprintf(text, sizeof(text), "%ld\n", atomic_load(&n_calls)));
    for (int c = 0; c < N_CLASSES; c++)
        put(plan.count, text,
            (size_t)snprintf(text, sizeof(text), "%s %ld\n", names[c], atomic_load(&n_of[c])));
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* What becomes of a call. */
typedef enum fate { GOES_ON, FAILS, HALF, PART } fate;

/* The fate of a call of that class; sets errno if it fails. */
static fate next_fate(int class)
{
    if (!plan.ready)
        return GOES_ON;
    atomic_fetch_add(&n_of[class], 1);
    if (!plan.wanted[class])
        return GOES_ON;
    const long n = atomic_fetch_add(&n_calls, 1) + 1;
    if (plan.at == 0 || n < plan.at)
        return GOES_ON;
    switch (plan.what) {
    case KILL:
    case EXIT:
        if (n == plan.at && plan.what == EXIT)
            _exit(99);
        if (n == plan.at)
            die();
        return GOES_ON;
    case TORN:
        if (n == plan.at && class != WRITE)
            die();
        return n == plan.at ? HALF : GOES_ON;
    case FAIL_ONCE:
        if (n > plan.at)
            return GOES_ON;
        break;
    case EVERY:
        if ((n - plan.at) % 2 != 0)
            return GOES_ON;
        break;
    case SHORT:
        return PART;
    case FAIL:
        break;
    }
    errno = plan.error;
    return FAILS;
}

/* How many of n bytes such a call moves. */
static size_t part_of(fate f, size_t n)
{
    if (f == HALF)
        return n / 2;
    if (f == PART && n > 1) /* 1 byte, and more, in turns */
        return 1 + (n - 1) / (size_t)(1 + atomic_load(&n_calls) % 7 * 3);
    return n;
}

/* ---- the log ---- */

static uint64_t inode(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 ? (uint64_t)st.st_ino : 0;
}

/* One line, and bytes behind it. */
static void log_line(const void *bytes, size_t n_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void log_line(const void *bytes, size_t n_bytes, const char *format, ...)
{
    char text[600];
    va_list args;

    va_start(args, format);
    const int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    put(plan.log, text, (size_t)n);
    if (n_bytes > 0)
        put(plan.log, bytes, n_bytes);
}

/* A call that changes files and what is logged of it are one step. The result is that of
 * the call, and errno is kept. */
static void log_begin(void)
{
    if (plan.log >= 0)
        pthread_mutex_lock(&log_lock);
}

static void log_end(void)
{
    if (plan.log >= 0)
        pthread_mutex_unlock(&log_lock);
}

#define LOGS(ok, ...)              \
    do {                           \
        const int kept = errno;    \
        if (plan.log >= 0 && (ok)) \
            log_line(__VA_ARGS__); \
        errno = kept;              \
        log_end();                 \
    } while (0)

/* ---- allocations ---- */

#pragma GCC visibility push(default)

void *malloc(size_t n)
{
    if (!find_allocators())
        return early_alloc(n);
    return next_fate(class_of(__builtin_return_address(0))) == FAILS ? NULL : real.malloc(n);
}

void *calloc(size_t n, size_t size)
{
    if (!find_allocators())
        return early_alloc(n * size); /* is zero */
    return next_fate(class_of(__builtin_return_address(0))) == FAILS ? NULL : real.calloc(n, size);
}

void *realloc(void *old, size_t n)
{
    if (is_early(old) || !find_allocators())
        abort();
    return next_fate(class_of(__builtin_return_address(0))) == FAILS ? NULL : real.realloc(old, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    find_allocators();
    return next_fate(class_of(__builtin_return_address(0))) == FAILS
               ? NULL
               : real.aligned_alloc(alignment, n);
}

int posix_memalign(void **ret, size_t alignment, size_t n)
{
    find_allocators();
    return next_fate(class_of(__builtin_return_address(0))) == FAILS
               ? ENOMEM
               : real.posix_memalign(ret, alignment, n);
}

void free(void *p)
{
    if (p && !is_early(p) && find_allocators())
        real.free(p);
}

/* ---- reading ---- */

#define NEXT(type, name, ...)         \
    static type (*next)(__VA_ARGS__); \
    if (!next)                        \
    find(&next, name)

ssize_t read(int fd, void *to, size_t n)
{
    NEXT(ssize_t, "read", int, void *, size_t);
    const fate f = next_fate(READ);
    return f == FAILS ? -1 : next(fd, to, part_of(f == HALF ? GOES_ON : f, n));
}

ssize_t pread64(int fd, void *to, size_t n, off64_t at)
{
    NEXT(ssize_t, "pread64", int, void *, size_t, off64_t);
    const fate f = next_fate(READ);
    return f == FAILS ? -1 : next(fd, to, part_of(f == HALF ? GOES_ON : f, n), at);
}

struct dirent64 *readdir64(DIR *dir)
{
    NEXT(struct dirent64 *, "readdir64", DIR *);
    const int before = errno;
    /* Of a disk it is not interrupted, nor does it go on after that. */
    if (next_fate(READ) == FAILS && errno != EINTR)
        return NULL;
    errno = before;
    return next(dir);
}

DIR *opendir(const char *path)
{
    NEXT(DIR *, "opendir", const char *);
    return next_fate(OPEN) == FAILS ? NULL : next(path);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*work)(void *), void *arg)
{
    NEXT(int, "pthread_create", pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    return next_fate(THREAD) == FAILS ? EAGAIN : next(thread, how, work, arg);
}

/* ---- opening and closing ---- */

static int open_at(int folder, const char *path, int flags, mode_t mode)
{
    NEXT(int, "openat64", int, const char *, int, ...);
    const bool creates = flags & O_CREAT;
    if (next_fate(creates ? CREATE : OPEN) == FAILS)
        return -1;
    if (!creates)
        return next(folder, path, flags);
    log_begin();
    const int fd = next(folder, path, flags, mode);
    LOGS(fd >= 0, NULL, 0, "create %" PRIu64 " %" PRIu64 " %s\n", inode(folder), inode(fd), path);
    return fd;
}

#define MODE(flags)                  \
    mode_t mode = 0;                 \
    if ((flags)&O_CREAT) {           \
        va_list args;                \
        va_start(args, flags);       \
        mode = va_arg(args, mode_t); \
        va_end(args);                \
    }

int open64(const char *path, int flags, ...)
{
    MODE(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    MODE(flags)
    return open_at(folder, path, flags, mode);
}

/* What a build with _FORTIFY_SOURCE calls. */
int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

int __openat64_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags)
{
    return open_at(folder, path, flags, 0);
}

int close(int fd)
{
    NEXT(int, "close", int);
    const fate f = next_fate(CLOSE);
    const int error = errno;
    const int status = next(fd);
    if (f != FAILS)
        return status;
    errno = error;
    return -1;
}

/* ---- changing ---- */

static void die_of(fate f)
{
    if (f == HALF)
        die();
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    NEXT(ssize_t, "write", int, const void *, size_t);
    if (fd <= 2)
        return next(fd, bytes, n);
    const fate f = next_fate(WRITE);
    if (f == FAILS)
        return -1;
    log_begin();
    const ssize_t done = next(fd, bytes, part_of(f, n));
    die_of(f);
    LOGS(done > 0, bytes, (size_t)done, "write %" PRIu64 " %lld %zd\n", inode(fd),
         (long long)(lseek64(fd, 0, SEEK_CUR) - done), done);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    NEXT(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    const fate f = next_fate(WRITE);
    if (f == FAILS)
        return -1;
    log_begin();
    const ssize_t done = next(fd, bytes, part_of(f, n), at);
    die_of(f);
    LOGS(done > 0, bytes, (size_t)done, "write %" PRIu64 " %lld %zd\n", inode(fd), (long long)at,
         done);
    return done;
}

int fsync(int fd)
{
    NEXT(int, "fsync", int);
    if (next_fate(FSYNC) == FAILS)
        return -1;
    log_begin();
    const int status = next(fd);
    LOGS(status == 0, NULL, 0, "fsync %" PRIu64 "\n", inode(fd));
    return status;
}

int ftruncate64(int fd, off64_t size)
{
    NEXT(int, "ftruncate64", int, off64_t);
    if (next_fate(FTRUNCATE) == FAILS)
        return -1;
    log_begin();
    const int status = next(fd, size);
    LOGS(status == 0, NULL, 0, "truncate %" PRIu64 " %lld\n", inode(fd), (long long)size);
    return status;
}

int renameat(int a, const char *from, int b, const char *to)
{
    NEXT(int, "renameat", int, const char *, int, const char *);
    if (next_fate(RENAME) == FAILS)
        return -1;
    log_begin();
    const int status = next(a, from, b, to);
    LOGS(status == 0, NULL, 0, "rename %" PRIu64 " %s %s\n", inode(b), from, to);
    return status;
}

int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    NEXT(int, "renameat2", int, const char *, int, const char *, unsigned);
    if (next_fate(RENAME) == FAILS)
        return -1;
    log_begin();
    const int status = next(a, from, b, to, flags);
    LOGS(status == 0, NULL, 0, "rename %" PRIu64 " %s %s\n", inode(b), from, to);
    return status;
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
    NEXT(int, "linkat", int, const char *, int, const char *, int);
    return next_fate(RENAME) == FAILS ? -1 : next(a, from, b, to, flags);
}

int unlinkat(int folder, const char *name, int flags)
{
    NEXT(int, "unlinkat", int, const char *, int);
    if (next_fate(UNLINK) == FAILS)
        return -1;
    log_begin();
    const int status = next(folder, name, flags);
    LOGS(status == 0, NULL, 0, "unlink %" PRIu64 " %s\n", inode(folder), name);
    return status;
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdir(const char *path, mode_t mode)
{
    NEXT(int, "mkdir", const char *, mode_t);
    return next_fate(MKDIR) == FAILS ? -1 : next(path, mode);
}
