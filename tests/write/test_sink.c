/* test_sink.c: a file is whole or absent. Three calls of the system are
 * replaced here, so that what a disk or a file system seldom does can be asked
 * for. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "support.h"
#include "write/sink.h"

/* What the call gives as errno instead of doing its work; 0: it does it. */
static int fsync_error, fsync_folder_error, renameat2_error, linkat_error;
static int n_fsyncs;

int fsync(int fd)
{
    struct stat st;

    n_fsyncs++;
    if (fstat(fd, &st) != 0)
        return -1;
    errno = S_ISDIR(st.st_mode) ? fsync_folder_error : fsync_error;
    return errno ? -1 : (int)syscall(SYS_fsync, fd);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    errno = renameat2_error;
    return errno ? -1 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    errno = linkat_error;
    return errno ? -1 : (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

static mk_error error;

static mk_sink *open_sink(const char *path, bool force)
{
    mk_sink *sink = NULL;

    ck_assert_msg(mk_sink_open(path, force, &sink, &error) == MK_OK, "%s", error.text);
    ck_assert_ptr_nonnull(sink);
    return sink;
}

static void put(mk_sink *sink, const char *text)
{
    ck_assert_int_eq(mk_sink_write(sink, mk_str_of(text), &error), MK_OK);
}

static void commit(mk_sink *sink)
{
    ck_assert_msg(mk_sink_commit(sink, &error) == MK_OK, "%s", error.text);
}

static void check_failed(mk_err got, mk_err want, const char *format, const char *path)
{
    char text[1024];

    ck_assert_int_eq(got, want);
    ck_assert_int_eq(error.code, want);
    snprintf(text, sizeof(text), format, path);
    ck_assert_str_eq(error.text, text);
}

static void check_open_fails(const char *path, bool force, mk_err want, const char *format)
{
    mk_sink *sink = NULL;

    check_failed(mk_sink_open(path, force, &sink, &error), want, format, path);
    ck_assert_ptr_null(sink);
}

static void check_content(const char *path, const char *want)
{
    const mk_str got = mk_test_read(path);

    ck_assert_mk_str_eq(got, mk_str_of(want));
    free((void *)(uintptr_t)got.ptr);
}

/* Entries of the test's folder. */
static int n_files(void)
{
    DIR *const folder = opendir(mk_test_folder());
    int n = -2; /* "." and ".." */

    ck_assert_ptr_nonnull(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static bool is_there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

/* ---- whole or absent ---- */

START_TEST(commit_makes_the_file)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, false);

    put(sink, "منخل");
    put(sink, "");
    put(sink, "\n");
    ck_assert_uint_eq(mk_sink_size(sink), 9);
    commit(sink);
    mk_sink_close(sink);
    check_content(path, "منخل\n");
    ck_assert_int_eq(n_files(), 1);
}
END_TEST

START_TEST(empty_file_can_be_committed)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, false);

    commit(sink);
    mk_sink_close(sink);
    check_content(path, "");
}
END_TEST

START_TEST(name_is_absent_before_commit)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, false);

    put(sink, "abc");
    ck_assert(!is_there(path));
    ck_assert_int_eq(n_files(), 1);
    mk_sink_close(sink);
}
END_TEST

START_TEST(close_without_commit_leaves_nothing)
{
    mk_sink *const sink = open_sink(mk_test_path("x"), false);

    put(sink, "abc");
    mk_sink_close(sink);
    ck_assert_int_eq(n_files(), 0);
}
END_TEST

START_TEST(close_takes_null)
{
    mk_sink_close(NULL);
}
END_TEST

START_TEST(file_and_folder_are_synced)
{
    mk_sink *const sink = open_sink(mk_test_path("x"), false);

    commit(sink);
    ck_assert_int_eq(n_fsyncs, 2);
    mk_sink_close(sink);
}
END_TEST

START_TEST(name_without_folder_goes_here)
{
    ck_assert_int_eq(chdir(mk_test_folder()), 0);
    mk_sink *const sink = open_sink("x", false);

    put(sink, "abc");
    commit(sink);
    mk_sink_close(sink);
    check_content(mk_test_path("x"), "abc");
}
END_TEST

START_TEST(mode_is_what_umask_leaves)
{
    const char *const path = mk_test_path("x");
    struct stat st;

    umask(027);
    mk_sink *const sink = open_sink(path, false);
    commit(sink);
    mk_sink_close(sink);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0640);
}
END_TEST

START_TEST(long_name_leaves_room_for_the_temporary_one)
{
    char name[256] = "x";

    for (size_t at = 1; at < 255; at += 2)
        memcpy(name + at, "م", 2);
    mk_sink *const sink = open_sink(mk_test_path(name), false);
    put(sink, "abc");
    commit(sink);
    mk_sink_close(sink);
    check_content(mk_test_path(name), "abc");
}
END_TEST

/* Another run has them: it holds a lock, and may have the same number elsewhere. */
START_TEST(temporary_names_that_are_taken_are_left_alone)
{
    char name[64];

    snprintf(name, sizeof(name), ".x.%ld.0.part", (long)getpid());
    const char *const left = mk_test_file(name, MK_STR("left"));
    const int held = open(left, O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(flock(held, LOCK_EX | LOCK_NB), 0);
    mk_sink *const sink = open_sink(mk_test_path("x"), false);
    commit(sink);
    mk_sink_close(sink);
    close(held);
    check_content(left, "left");
    ck_assert_int_eq(n_files(), 2);
}
END_TEST

START_TEST(two_sinks_of_one_name_leave_each_other_alone)
{
    mk_sink *const one = open_sink(mk_test_path("x"), true);
    mk_sink *const other = open_sink(mk_test_path("x"), true);

    put(one, "one");
    put(other, "other");
    commit(one);
    check_content(mk_test_path("x"), "one");
    commit(other);
    check_content(mk_test_path("x"), "other");
    mk_sink_close(one);
    mk_sink_close(other);
    ck_assert_int_eq(n_files(), 1);
}
END_TEST

START_TEST(what_killed_runs_have_left_is_removed)
{
    static const char *const stays[] = {".x.1.part",     ".x.1.0.part.gz", ".x.a.0.part",
                                        ".x.1.0.0.part", ".xy.1.0.part",   "x.1.0.part",
                                        ".x.1..part"};
    const size_t n = sizeof(stays) / sizeof(*stays);

    for (size_t i = 0; i < n; i++)
        mk_test_file(stays[i], MK_STR("other"));
    mk_test_file(".x.1.0.part", MK_STR("left"));
    mk_test_file(".x.99999.17.part", MK_STR("left"));
    ck_assert_int_eq(symlink(".x.1.part", mk_test_path(".x.2.0.part")), 0);
    ck_assert_int_eq(link(mk_test_path("x.1.0.part"), mk_test_path(".x.3.0.part")), 0);
    mk_sink *const sink = open_sink(mk_test_path("x"), false);
    ck_assert_int_eq(n_files(), (int)n + 3);
    commit(sink);
    mk_sink_close(sink);
    ck_assert_int_eq(n_files(), (int)n + 3);
}
END_TEST

/* ---- what exists ---- */

START_TEST(existing_file_is_refused)
{
    const char *const path = mk_test_file("x", MK_STR("old"));

    check_open_fails(path, false, MK_EXISTS, "output '%s' exists (--force replaces it)");
    check_content(path, "old");
    ck_assert_int_eq(n_files(), 1);
}
END_TEST

START_TEST(force_replaces_at_commit)
{
    const char *const path = mk_test_file("x", MK_STR("old"));
    mk_sink *const sink = open_sink(path, true);

    put(sink, "new");
    check_content(path, "old");
    commit(sink);
    mk_sink_close(sink);
    check_content(path, "new");
    ck_assert_int_eq(n_files(), 1);
}
END_TEST

START_TEST(force_makes_a_new_file_too)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, true);

    commit(sink);
    mk_sink_close(sink);
    check_content(path, "");
}
END_TEST

/* With renameat2, with linkat, and with neither, which is told in three ways. */
static void without_calls(int n)
{
    static const int no_link[] = {EPERM, ENOSYS, EOPNOTSUPP};

    renameat2_error = n >= 2 ? ENOSYS : n >= 1 ? EINVAL : 0;
    linkat_error = n >= 2 ? no_link[n - 2] : 0;
}

START_TEST(file_that_appears_meanwhile_is_kept)
{
    without_calls(_i);
    mk_sink *const sink = open_sink(mk_test_path("x"), false);
    const char *const path = mk_test_file("x", MK_STR("theirs"));

    put(sink, "ours");
    check_failed(mk_sink_commit(sink, &error), MK_EXISTS,
                 "output '%s' exists (--force replaces it)", path);
    mk_sink_close(sink);
    check_content(path, "theirs");
    ck_assert_int_eq(n_files(), 1);
}
END_TEST

START_TEST(commit_works_on_every_file_system)
{
    const char *const path = mk_test_path("x");

    without_calls(_i);
    mk_sink *const sink = open_sink(path, false);
    put(sink, "ours");
    commit(sink);
    mk_sink_close(sink);
    check_content(path, "ours");
    ck_assert_int_eq(n_files(), 1);
}
END_TEST

START_TEST(where_nothing_can_be_known_nothing_is_replaced)
{
    const char *const path = mk_test_path("x");

    without_calls(2);
    mk_sink *const sink = open_sink(path, false);
    mk_test_fail(MK_CALL_STAT, 2, EIO); /* the first is that of fsync, above */
    const mk_err err = mk_sink_commit(sink, &error);
    ck_assert(mk_test_failed());
    check_failed(err, MK_OUTPUT, "cannot create '%s': Input/output error", path);
    mk_sink_close(sink);
    ck_assert_int_eq(n_files(), 0);
}
END_TEST

START_TEST(first_of_two_sinks_wins)
{
    const char *const path = mk_test_path("x");
    mk_sink *const first = open_sink(path, false);
    mk_sink *const second = open_sink(path, false);

    put(first, "first");
    put(second, "second");
    commit(second);
    ck_assert_int_eq(mk_sink_commit(first, &error), MK_EXISTS);
    mk_sink_close(first);
    mk_sink_close(second);
    check_content(path, "second");
    ck_assert_int_eq(n_files(), 1);
}
END_TEST

START_TEST(folder_is_refused)
{
    check_open_fails(mk_test_folder(), true, MK_OUTPUT, "'%s' is a folder");
    check_open_fails(".", false, MK_OUTPUT, "'%s' is a folder");
    check_open_fails("/", false, MK_OUTPUT, "'%s' is a folder");
}
END_TEST

START_TEST(missing_folder_is_named)
{
    check_open_fails(mk_test_path("no/x"), false, MK_OUTPUT,
                     "cannot create '%s': No such file or directory");
    check_open_fails(mk_test_path("no/"), false, MK_OUTPUT,
                     "cannot create '%s': No such file or directory");
    check_open_fails("", false, MK_OUTPUT, "cannot create '%s': No such file or directory");
    ck_assert_int_eq(n_files(), 0);
}
END_TEST

START_TEST(file_is_no_folder)
{
    mk_test_file("x", MK_STR(""));
    check_open_fails(mk_test_path("x/y"), false, MK_OUTPUT, "cannot create '%s': Not a directory");
}
END_TEST

START_TEST(name_that_is_too_long_is_refused_at_once)
{
    char name[257] = "";

    memset(name, 'x', 256);
    check_open_fails(mk_test_path(name), false, MK_OUTPUT,
                     "cannot create '%s': File name too long");
}
END_TEST

/* ---- links ---- */

START_TEST(link_to_a_file_is_refused)
{
    const char *const path = mk_test_path("link");

    mk_test_file("x", MK_STR("old"));
    ck_assert_int_eq(symlink("x", path), 0);
    check_open_fails(path, false, MK_EXISTS, "output '%s' exists (--force replaces it)");
}
END_TEST

START_TEST(force_replaces_what_a_link_leads_to)
{
    const char *const path = mk_test_path("link");
    struct stat st;

    const char *const target = mk_test_file("x", MK_STR("old"));
    ck_assert_int_eq(symlink("x", path), 0);
    mk_sink *const sink = open_sink(path, true);
    put(sink, "new");
    commit(sink);
    mk_sink_close(sink);
    check_content(target, "new");
    ck_assert_int_eq(lstat(path, &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
}
END_TEST

START_TEST(link_to_nothing_exists)
{
    const char *const path = mk_test_path("link");

    ck_assert_int_eq(symlink("nothing", path), 0);
    check_open_fails(path, false, MK_EXISTS, "output '%s' exists (--force replaces it)");
    mk_sink *const sink = open_sink(path, true);
    put(sink, "new");
    commit(sink);
    mk_sink_close(sink);
    check_content(path, "new");
    ck_assert_int_eq(n_files(), 1);
}
END_TEST

START_TEST(link_to_a_folder_is_a_folder)
{
    const char *const path = mk_test_path("link");

    ck_assert_int_eq(symlink(".", path), 0);
    check_open_fails(path, true, MK_OUTPUT, "'%s' is a folder");
}
END_TEST

/* ---- failures ---- */

static void limit_file_size(rlim_t size)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A sink whose write of 4000 bytes after "abc" has failed after 1000. */
static mk_sink *torn_sink(const char *path)
{
    static const char bytes[4000];
    mk_sink *const sink = open_sink(path, false);
    mk_err code;

    put(sink, "abc");
    limit_file_size(1000);
    code = mk_sink_write(sink, (mk_str){bytes, sizeof(bytes)}, &error);
    limit_file_size(RLIM_INFINITY); /* Check writes files too */
    check_failed(code, MK_OUTPUT, "cannot write '%s': File too large", path);
    ck_assert_uint_eq(mk_sink_size(sink), 1000);
    return sink;
}

START_TEST(torn_file_cannot_be_committed)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = torn_sink(path);

    check_failed(mk_sink_commit(sink, &error), MK_OUTPUT, "cannot finish '%s': a write had failed",
                 path);
    mk_sink_close(sink);
    ck_assert_int_eq(n_files(), 0);
}
END_TEST

START_TEST(rewind_mends_a_torn_file)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = torn_sink(path);

    ck_assert_int_eq(mk_sink_rewind(sink, 3, &error), MK_OK);
    put(sink, "def");
    commit(sink);
    mk_sink_close(sink);
    check_content(path, "abcdef");
}
END_TEST

START_TEST(failed_sync_is_not_tried_again)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, false);

    put(sink, "abc");
    fsync_error = EIO;
    check_failed(mk_sink_commit(sink, &error), MK_OUTPUT, "cannot write '%s': Input/output error",
                 path);
    fsync_error = 0;
    ck_assert_int_eq(mk_sink_rewind(sink, 0, &error), MK_OK);
    ck_assert_int_eq(mk_sink_commit(sink, &error), MK_OUTPUT);
    ck_assert_int_eq(n_fsyncs, 1);
    mk_sink_close(sink);
    ck_assert_int_eq(n_files(), 0);
}
END_TEST

START_TEST(failed_sync_of_the_folder_is_a_failure)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, false);

    fsync_folder_error = EIO;
    check_failed(mk_sink_commit(sink, &error), MK_OUTPUT, "cannot write '%s': Input/output error",
                 path);
    mk_sink_close(sink);
    ck_assert_int_eq(n_files(), 1); /* whole, under its final name */
}
END_TEST

START_TEST(folder_that_knows_no_sync_is_no_failure)
{
    mk_sink *const sink = open_sink(mk_test_path("x"), false);

    fsync_folder_error = EINVAL;
    commit(sink);
    mk_sink_close(sink);
}
END_TEST

START_TEST(failed_rename_is_a_failure)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, false);

    renameat2_error = EIO;
    check_failed(mk_sink_commit(sink, &error), MK_OUTPUT, "cannot create '%s': Input/output error",
                 path);
    mk_sink_close(sink);
    ck_assert_int_eq(n_files(), 0);
}
END_TEST

/* ---- rewind ---- */

START_TEST(rewind_takes_back)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, false);

    put(sink, "abcdef");
    ck_assert_int_eq(mk_sink_rewind(sink, 3, &error), MK_OK);
    ck_assert_uint_eq(mk_sink_size(sink), 3);
    put(sink, "X");
    commit(sink);
    mk_sink_close(sink);
    check_content(path, "abcX");
}
END_TEST

START_TEST(rewind_to_where_it_is_does_nothing)
{
    const char *const path = mk_test_path("x");
    mk_sink *const sink = open_sink(path, false);

    put(sink, "abc");
    ck_assert_int_eq(mk_sink_rewind(sink, 3, &error), MK_OK);
    put(sink, "d");
    commit(sink);
    mk_sink_close(sink);
    check_content(path, "abcd");
}
END_TEST

START_TEST(rewind_past_the_end_is_our_bug)
{
    mk_sink *const sink = open_sink(mk_test_path("x"), false);

    put(sink, "abc");
    ck_assert_int_eq(mk_sink_rewind(sink, 4, &error), MK_BUG);
    ck_assert_uint_eq(mk_sink_size(sink), 3);
    mk_sink_close(sink);
}
END_TEST

/* ---- devices, FIFOs, standard output ---- */

START_TEST(devices_are_written_as_they_are)
{
    struct stat st;
    mk_sink *const sink = open_sink("/dev/null", false);

    put(sink, "abc");
    ck_assert_uint_eq(mk_sink_size(sink), 3);
    commit(sink);
    mk_sink_close(sink);
    ck_assert_int_eq(stat("/dev/null", &st), 0);
    ck_assert(S_ISCHR(st.st_mode));
}
END_TEST

START_TEST(full_disk_is_named)
{
    mk_sink *const sink = open_sink("/dev/full", false);

    check_failed(mk_sink_write(sink, MK_STR("abc"), &error), MK_OUTPUT,
                 "cannot write '%s': No space left on device", "/dev/full");
    mk_sink_close(sink);
}
END_TEST

START_TEST(fifo_is_written_as_it_is)
{
    const char *const path = mk_test_path("fifo");
    char got[8] = "";

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    const int reader = open(path, O_RDONLY | O_NONBLOCK);
    ck_assert_int_ge(reader, 0);
    mk_sink *const sink = open_sink(path, true);
    put(sink, "abc");
    ck_assert_int_eq(read(reader, got, sizeof(got)), 3);
    ck_assert_str_eq(got, "abc");
    ck_assert_int_eq(mk_sink_rewind(sink, 0, &error), MK_OUTPUT);
    commit(sink);
    mk_sink_close(sink);
    ck_assert_int_eq(n_files(), 1);
    close(reader);
}
END_TEST

static void nothing(int signal)
{
    (void)signal;
}

/* Sends SIGALRM every few milliseconds; calls are not restarted after it. */
static void interrupt_often(void)
{
    const struct sigaction action = {.sa_handler = nothing};
    const struct itimerval often = {{0, 3000}, {0, 3000}};

    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
}

START_TEST(waiting_for_a_reader_can_be_stopped)
{
    const char *const path = mk_test_path("fifo");

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    interrupt_often();
    check_open_fails(path, false, MK_STOPPED, "stopped while opening '%s'");
}
END_TEST

START_TEST(standard_output_is_written)
{
    const int kept = dup(STDOUT_FILENO);
    const char *const path = mk_test_file("stdout", MK_STR(""));
    const int file = open(path, O_WRONLY);

    ck_assert_int_ge(dup2(file, STDOUT_FILENO), 0);
    mk_sink *const sink = open_sink("-", false);
    put(sink, "abc");
    commit(sink);
    mk_sink_close(sink);
    ck_assert_int_eq(fcntl(STDOUT_FILENO, F_GETFD), 0); /* still open */
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(file);
    check_content(path, "abc");
}
END_TEST

START_TEST(standard_output_takes_nothing_back)
{
    mk_sink *const sink = open_sink("-", false);

    check_failed(mk_sink_rewind(sink, 0, &error), MK_OUTPUT, "%s",
                 "cannot take back what was written to standard output");
    mk_sink_close(sink);
}
END_TEST

START_TEST(closed_standard_output_is_named)
{
    int ends[2];
    mk_err code;

    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    const int kept = dup(STDOUT_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    mk_sink *const sink = open_sink("-", false);
    code = mk_sink_write(sink, MK_STR("abc"), &error);
    dup2(kept, STDOUT_FILENO);
    check_failed(code, MK_CLOSED, "%s", "standard output was closed by who read it");
    mk_sink_close(sink);
    close(ends[1]);
    close(kept);
}
END_TEST

/* In a child: reads fd slowly to its end; exits with 0 if all n bytes came, in
 * order. */
static pid_t start_slow_reader(int fd, int other_end, size_t n)
{
    const pid_t pid = fork();
    unsigned char part[20000];
    size_t at = 0;
    ssize_t got;

    ck_assert_int_ge(pid, 0);
    if (pid != 0)
        return pid;
    close(other_end);
    usleep(50000); /* the pipe is full: calls end with EINTR and nothing done */
    while ((got = read(fd, part, sizeof(part))) > 0) {
        for (ssize_t i = 0; i < got; i++)
            if (part[i] != (unsigned char)(at++ * 7 % 253))
                _exit(1);
        usleep(2000);
    }
    _exit(at == n ? 0 : 2);
}

/* Signals, part writes, and (1) a pipe that says EAGAIN. */
START_TEST(slow_pipe_gets_every_byte)
{
    enum { N = 1000000 };
    char *const bytes = malloc(N);
    int ends[2], status;

    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < N; i++)
        bytes[i] = (char)(i * 7 % 253);
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t reader = start_slow_reader(ends[0], ends[1], N);
    close(ends[0]);
    if (_i == 1)
        ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    const int kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    interrupt_often();
    mk_sink *const sink = open_sink("-", false);
    const mk_err code = mk_sink_write(sink, (mk_str){bytes, N}, &error);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    ck_assert_int_eq(code, MK_OK);
    ck_assert_uint_eq(mk_sink_size(sink), N);
    mk_sink_close(sink);
    while (waitpid(reader, &status, 0) < 0 && errno == EINTR)
        ;
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    free(bytes);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("sink");
    TCase *const t = tcase_create("sink");

    tcase_set_timeout(t, 30); /* seconds: valgrind */
    tcase_add_test(t, commit_makes_the_file);
    tcase_add_test(t, empty_file_can_be_committed);
    tcase_add_test(t, name_is_absent_before_commit);
    tcase_add_test(t, close_without_commit_leaves_nothing);
    tcase_add_test(t, close_takes_null);
    tcase_add_test(t, file_and_folder_are_synced);
    tcase_add_test(t, name_without_folder_goes_here);
    tcase_add_test(t, mode_is_what_umask_leaves);
    tcase_add_test(t, long_name_leaves_room_for_the_temporary_one);
    tcase_add_test(t, temporary_names_that_are_taken_are_left_alone);
    tcase_add_test(t, two_sinks_of_one_name_leave_each_other_alone);
    tcase_add_test(t, what_killed_runs_have_left_is_removed);
    tcase_add_test(t, existing_file_is_refused);
    tcase_add_test(t, force_replaces_at_commit);
    tcase_add_test(t, force_makes_a_new_file_too);
    tcase_add_loop_test(t, file_that_appears_meanwhile_is_kept, 0, 5);
    tcase_add_loop_test(t, commit_works_on_every_file_system, 0, 5);
    tcase_add_test(t, where_nothing_can_be_known_nothing_is_replaced);
    tcase_add_test(t, first_of_two_sinks_wins);
    tcase_add_test(t, folder_is_refused);
    tcase_add_test(t, missing_folder_is_named);
    tcase_add_test(t, file_is_no_folder);
    tcase_add_test(t, name_that_is_too_long_is_refused_at_once);
    tcase_add_test(t, link_to_a_file_is_refused);
    tcase_add_test(t, force_replaces_what_a_link_leads_to);
    tcase_add_test(t, link_to_nothing_exists);
    tcase_add_test(t, link_to_a_folder_is_a_folder);
    tcase_add_test(t, torn_file_cannot_be_committed);
    tcase_add_test(t, rewind_mends_a_torn_file);
    tcase_add_test(t, failed_sync_is_not_tried_again);
    tcase_add_test(t, failed_sync_of_the_folder_is_a_failure);
    tcase_add_test(t, folder_that_knows_no_sync_is_no_failure);
    tcase_add_test(t, failed_rename_is_a_failure);
    tcase_add_test(t, rewind_takes_back);
    tcase_add_test(t, rewind_to_where_it_is_does_nothing);
    tcase_add_test(t, rewind_past_the_end_is_our_bug);
    tcase_add_test(t, devices_are_written_as_they_are);
    tcase_add_test(t, full_disk_is_named);
    tcase_add_test(t, fifo_is_written_as_it_is);
    tcase_add_test(t, waiting_for_a_reader_can_be_stopped);
    tcase_add_test(t, standard_output_is_written);
    tcase_add_test(t, standard_output_takes_nothing_back);
    tcase_add_test(t, closed_standard_output_is_named);
    tcase_add_loop_test(t, slow_pipe_gets_every_byte, 0, 2);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
