/* test_sink_fail.c: every call that a sink makes fails once: it says so, with the code that
 * is documented, and no file stands under a name that is not whole. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "fail.h"
#include "support.h"
#include "write/sink.h"

static mk_error error;
static mk_sink *sink;
static char where[600], path[640], part_path[640];
static int folder = -1;

static void setup(void)
{
    snprintf(where, sizeof(where), "%s/", mk_test_folder());
    snprintf(path, sizeof(path), "%sx", where);
    snprintf(part_path, sizeof(part_path), "%sx.part", where);
    folder = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(folder, 0);
}

static void teardown(void)
{
    mk_sink_close(sink);
    close(folder);
}

static bool is_there(const char *file)
{
    struct stat st;

    return lstat(file, &st) == 0;
}

static void check_content(const char *file, const char *want)
{
    const mk_str got = mk_test_read(file);

    ck_assert_mk_str_eq(got, mk_str_of(want));
    free((char *)(uintptr_t)got.ptr);
}

/* ---- what is done while a call fails ---- */

static mk_err finish(mk_err err)
{
    if (err == MK_OK)
        err = mk_sink_commit(sink, &error);
    mk_sink_close(sink);
    sink = NULL;
    return err;
}

/* A new file. */
static mk_err make(void)
{
    mk_err err = mk_sink_open(path, false, &sink, &error);

    if (err == MK_OK)
        err = mk_sink_write(sink, MK_STR("abc"), &error);
    return finish(err);
}

/* A link to a file, and what it leads to is replaced. */
static mk_err replace(void)
{
    mk_err err = mk_sink_open(mk_test_path("link"), true, &sink, &error);

    if (err == MK_OK)
        err = mk_sink_write(sink, MK_STR("abc"), &error);
    return finish(err);
}

/* A part of which "ab" is there: "c" is added, more is added and taken back. */
static mk_err go_on(void)
{
    char digest[65];
    mk_err err = mk_sink_open_part(folder, where, "x", 2, &sink, &error);

    if (err == MK_OK)
        err = mk_sink_write(sink, MK_STR("c"), &error);
    if (err == MK_OK)
        err = mk_sink_write(sink, MK_STR("def"), &error);
    if (err == MK_OK)
        err = mk_sink_rewind(sink, 3, &error);
    if (err == MK_OK && !mk_sink_digest(sink, digest))
        err = mk_fail(&error, MK_NOMEM, "no digest");
    return finish(err);
}

static const struct {
    const char *name;
    mk_err (*run)(void);
} ways[] = {{"make", make}, {"replace", replace}, {"go on", go_on}};

enum { N_WAYS = sizeof(ways) / sizeof(*ways), MANY = 1000 /* calls: more than a way has */ };

static void prepare(int way)
{
    unlink(path);
    unlink(part_path);
    unlink(mk_test_path("link"));
    ck_assert_int_eq(symlink("x", mk_test_path("link")), 0);
    if (way == 1)
        mk_test_file("x", MK_STR("old"));
    if (way == 2)
        mk_test_file("x.part", MK_STR("abX"));
}

/* A final name stands for all of it, or for what it stood for before. */
static void check_whole(bool replaces)
{
    if (!is_there(path))
        return;
    const mk_str got = mk_test_read(path);
    ck_assert(mk_str_eq(got, MK_STR("abc")) || (replaces && mk_str_eq(got, MK_STR("old"))));
    free((char *)(uintptr_t)got.ptr);
}

static const struct {
    unsigned calls;
    int error;
    mk_err want; /* MK_OK: nothing is lost by it */
    bool may_pass;
} failures[] = {
    {MK_CALL_ALLOC, ENOMEM, MK_NOMEM, true}, /* a digest is not asked for by all, */
    {MK_CALL_LIBRARY, ENOMEM, MK_NOMEM, true}, {MK_CALL_OPEN, EIO, MK_OUTPUT, false},
    {MK_CALL_OPEN, ENOMEM, MK_NOMEM, false},   {MK_CALL_READ, EIO, MK_OUTPUT, false},
    {MK_CALL_READ, 0, MK_MISMATCH, true}, /* and a folder may end there */
    {MK_CALL_READ, EINTR, MK_OK, false},       {MK_CALL_WRITE, EIO, MK_OUTPUT, false},
    {MK_CALL_WRITE, 0, MK_OUTPUT, false},      {MK_CALL_WRITE, EINTR, MK_OK, false},
    {MK_CALL_WRITE, EAGAIN, MK_OK, false},     {MK_CALL_SYNC, EIO, MK_OUTPUT, false},
    {MK_CALL_SYNC, EINTR, MK_OK, false},       {MK_CALL_CUT, EIO, MK_OUTPUT, false},
    {MK_CALL_CUT, EINTR, MK_OK, false},        {MK_CALL_SEEK, EIO, MK_OUTPUT, false},
    {MK_CALL_RENAME, EIO, MK_OUTPUT, false},   {MK_CALL_RENAME, ENOMEM, MK_NOMEM, false},
};

enum { N_FAILURES = sizeof(failures) / sizeof(*failures) };

START_TEST(a_call_that_fails_is_told_and_leaves_no_half_file)
{
    const unsigned f = (unsigned)_i / N_WAYS;
    const int way = _i % N_WAYS;
    unsigned at = 1;

    for (; at < MANY; at++) {
        prepare(way);
        mk_test_fail(failures[f].calls, at, failures[f].error);
        const mk_err err = ways[way].run();
        if (!mk_test_failed()) {
            ck_assert_int_eq(err, MK_OK);
            break;
        }
        ck_assert_msg(err == failures[f].want || (failures[f].may_pass && err == MK_OK),
                      "%s, call %u: %d, not %d", ways[way].name, at, (int)err,
                      (int)failures[f].want);
        check_whole(way == 1);
    }
    ck_assert_uint_lt(at, MANY);
    check_content(path, "abc");
}
END_TEST

/* ---- names ---- */

START_TEST(a_name_without_a_character_has_a_temporary_one)
{
    char name[201];

    memset(name, 0x80, 200); /* only bytes that continue one */
    name[200] = '\0';
    ck_assert_int_eq(mk_sink_open(mk_test_path(name), false, &sink, &error), MK_OK);
    ck_assert_int_eq(finish(MK_OK), MK_OK);
    ck_assert(is_there(mk_test_path(name)));
}
END_TEST

/* By links to one file, which no run makes: it is not cleared away. */
START_TEST(temporary_names_that_are_all_taken_are_a_failure)
{
    mk_test_file("taken", MK_STR(""));
    for (int i = 0; i < 1000; i++) {
        char name[64];
        snprintf(name, sizeof(name), ".x.%ld.%d.part", (long)getpid(), i);
        ck_assert_int_eq(linkat(folder, "taken", folder, name, 0), 0);
    }
    ck_assert_int_eq(mk_sink_open(path, false, &sink, &error), MK_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.text, "File exists"));
}
END_TEST

START_TEST(a_name_that_cannot_be_replaced_is_no_existing_output)
{
    ck_assert_int_eq(mk_sink_open(path, true, &sink, &error), MK_OK);
    mk_test_fail(MK_CALL_RENAME, 1, EEXIST);
    ck_assert_int_eq(finish(MK_OK), MK_OUTPUT);
    mk_test_failed();
}
END_TEST

/* ---- what a file system cannot do ---- */

/* The first way to give a name fails so. */
static mk_err name_with(int why)
{
    mk_err err = mk_sink_open(path, false, &sink, &error);

    ck_assert_int_eq(err, MK_OK);
    mk_test_fail(MK_CALL_RENAME, 1, why);
    err = finish(MK_OK);
    mk_test_failed();
    return err;
}

START_TEST(a_file_system_without_exclusive_renames_is_told_apart_from_a_failure)
{
    static const int known[] = {EINVAL, ENOSYS};

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        ck_assert_int_eq(name_with(known[i]), MK_OK);
        ck_assert_int_eq(unlink(path), 0);
    }
    ck_assert_int_eq(name_with(EXDEV), MK_OUTPUT);
    ck_assert(!is_there(path));
}
END_TEST

START_TEST(a_socket_is_no_output)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_uint_lt(strlen(path), sizeof(name.sun_path));
    memcpy(name.sun_path, path, strlen(path) + 1);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
    ck_assert_int_eq(mk_sink_open(path, true, &sink, &error), MK_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.text, "not a file"));
    close(fd);
}
END_TEST

START_TEST(a_device_that_cannot_be_opened_is_named)
{
    mk_test_fail(MK_CALL_OPEN, 1, EACCES);
    ck_assert_int_eq(mk_sink_open("/dev/null", false, &sink, &error), MK_OUTPUT);
    mk_test_failed();
    ck_assert_str_eq(error.text, "cannot create '/dev/null': Permission denied");
}
END_TEST

START_TEST(a_write_that_standard_output_refuses_is_named)
{
    ck_assert_int_eq(mk_sink_open("-", false, &sink, &error), MK_OK);
    mk_test_fail(MK_CALL_WRITE, 1, EIO);
    ck_assert_int_eq(mk_sink_write(sink, MK_STR("abc"), &error), MK_OUTPUT);
    mk_test_failed();
    ck_assert_str_eq(error.text, "cannot write to standard output: Input/output error");
}
END_TEST

/* ---- pipes that can be stopped ---- */

static volatile sig_atomic_t stop;
static int ends[2];

static void open_pipe(void)
{
    const char *const fifo = mk_test_path("fifo");

    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    ends[0] = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(ends[0], 0);
    ck_assert_int_eq(mk_sink_open(fifo, false, &sink, &error), MK_OK);
    mk_sink_stop_by(sink, &stop);
}

START_TEST(nothing_is_written_to_a_pipe_once_it_is_to_stop)
{
    stop = 0;
    open_pipe();
    ck_assert_int_eq(mk_sink_write(sink, MK_STR("abc"), &error), MK_OK);
    stop = 1;
    ck_assert_int_eq(mk_sink_write(sink, MK_STR("def"), &error), MK_STOPPED);
    ck_assert_uint_eq(mk_sink_size(sink), 3);
    close(ends[0]);
}
END_TEST

START_TEST(a_pipe_that_nobody_reads_is_told_apart)
{
    stop = 0;
    open_pipe();
    close(ends[0]);
    ck_assert_int_eq(mk_sink_write(sink, MK_STR("abc"), &error), MK_CLOSED);
}
END_TEST

static void set_stop(int signal_number)
{
    (void)signal_number;
    stop = 1;
}

START_TEST(a_write_that_waits_sees_the_flag)
{
    static const char bytes[1 << 20];
    const struct sigaction action = {.sa_handler = set_stop};

    stop = 0;
    open_pipe();
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    alarm(1);
    ck_assert_int_eq(mk_sink_write(sink, (mk_str){bytes, sizeof(bytes)}, &error), MK_STOPPED);
    ck_assert_uint_gt(mk_sink_size(sink), 0);
    close(ends[0]);
}
END_TEST

START_TEST(a_file_is_never_waited_for)
{
    stop = 1;
    ck_assert_int_eq(mk_sink_open(path, false, &sink, &error), MK_OK);
    mk_sink_stop_by(sink, &stop);
    ck_assert_int_eq(mk_sink_write(sink, MK_STR("abc"), &error), MK_OK);
    ck_assert_int_eq(finish(MK_OK), MK_OK);
    check_content(path, "abc");
}
END_TEST

START_TEST(only_pipes_and_devices_look_at_the_flag)
{
    const char *const file = mk_test_file("stdout", MK_STR(""));
    const int kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    const int fd = open(file, O_WRONLY | O_CLOEXEC);

    stop = 1;
    ck_assert_int_eq(mk_sink_open("-", false, &sink, &error), MK_OK);
    dup2(fd, STDOUT_FILENO);
    mk_sink_stop_by(sink, &stop); /* a file: as it is */
    const mk_err err = mk_sink_write(sink, MK_STR("abc"), &error);
    mk_test_fail(MK_CALL_STAT, 1, EIO);
    mk_sink_stop_by(sink, &stop);
    mk_test_failed();
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(fd);
    ck_assert_int_eq(err, MK_OK);
    check_content(file, "abc");
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("sink_fail");
    TCase *const t = tcase_create("sink_fail");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_call_that_fails_is_told_and_leaves_no_half_file, 0,
                        N_WAYS * N_FAILURES);
    tcase_add_test(t, a_name_without_a_character_has_a_temporary_one);
    tcase_add_test(t, temporary_names_that_are_all_taken_are_a_failure);
    tcase_add_test(t, a_name_that_cannot_be_replaced_is_no_existing_output);
    tcase_add_test(t, a_file_system_without_exclusive_renames_is_told_apart_from_a_failure);
    tcase_add_test(t, a_socket_is_no_output);
    tcase_add_test(t, a_device_that_cannot_be_opened_is_named);
    tcase_add_test(t, a_write_that_standard_output_refuses_is_named);
    tcase_add_test(t, nothing_is_written_to_a_pipe_once_it_is_to_stop);
    tcase_add_test(t, a_pipe_that_nobody_reads_is_told_apart);
    tcase_add_test(t, a_write_that_waits_sees_the_flag);
    tcase_add_test(t, a_file_is_never_waited_for);
    tcase_add_test(t, only_pipes_and_devices_look_at_the_flag);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
