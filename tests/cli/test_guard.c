/* A child gives things up, and tries. */
#include "../../src/cli/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

enum { NO_GUARD = 99 };

/* The exit status of a child that does what try says, guarded. */
static int in_child(const char *wish, int (*try)(void))
{
    const pid_t child = fork();
    int status = 0;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (wish)
            setenv("MINKHAL_GUARD", wish, 1);
        else
            unsetenv("MINKHAL_GUARD");
        if (!cli_guard() && !wish)
            _exit(NO_GUARD);
        _exit(try());
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int open_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 0 : errno;
}

static int start_program(void)
{
    char *const args[] = {(char[]){"true"}, NULL};

    execve("/bin/true", args, NULL);
    return errno;
}

/* In a thread, which is begun after the guard. */
static void *socket_status(void *arg)
{
    *(int *)arg = open_socket();
    return arg;
}

static int open_socket_in_thread(void)
{
    pthread_t thread;
    int status = 0;

    if (pthread_create(&thread, NULL, socket_status, &status) != 0 ||
        pthread_join(thread, NULL) != 0)
        return 1;
    return status;
}

static void *nothing(void *arg)
{
    return arg;
}

/* Threads, files, forks. */
static int work(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return 1;
    const int fd = open(mk_test_path("x"), O_CREAT | O_WRONLY, 0600);
    if (fd < 0 || write(fd, "x", 1) != 1 || close(fd) != 0 || unlink(mk_test_path("x")) != 0)
        return 2;
    return 0;
}

/* After the guard of writes to the folder of x: 0, or what went wrong. */
static int write_here_alone(void)
{
    const char *const outputs[] = {mk_test_path("x"), NULL, "-"};
    char here[200], above[200];

    snprintf(here, sizeof(here), "%s.here", mk_test_path("x"));
    snprintf(above, sizeof(above), "%s/../mk-above", mk_test_path(""));
    const int before = open(here, O_CREAT | O_RDWR, 0600);
    if (!cli_guard_writes(outputs, 3))
        return NO_GUARD;
    if (open(above, O_CREAT | O_WRONLY, 0600) >= 0 || errno != EACCES || mkdir(above, 0700) == 0 ||
        rename(here, above) == 0)
        return 1;
    if (open("/dev/null", O_RDONLY) < 0 || open("/dev/null", O_WRONLY) >= 0)
        return 2;
    if (write(before, "x", 1) != 1 || rename(here, outputs[0]) != 0)
        return 3;
    const int fd = open(outputs[0], O_WRONLY | O_TRUNC);
    return fd < 0 || write(fd, "x", 1) != 1 || unlink(outputs[0]) != 0 ? 4 : 0;
}

static void check_denied(int (*try)(void))
{
    const int status = in_child(NULL, try);

    if (status != NO_GUARD) /* a kernel without seccomp */
        ck_assert_int_eq(status, EPERM);
}

START_TEST(opens_no_socket)
{
    check_denied(open_socket);
    check_denied(open_socket_in_thread);
}
END_TEST

START_TEST(starts_no_program)
{
    check_denied(start_program);
}
END_TEST

START_TEST(does_its_work)
{
    const int status = in_child(NULL, work);
    ck_assert(status == 0 || status == NO_GUARD);
}
END_TEST

START_TEST(writes_where_its_outputs_are)
{
    const int status = in_child(NULL, write_here_alone);
    ck_assert_msg(status == 0 || status == NO_GUARD, "%d", status);
}
END_TEST

START_TEST(is_off_where_asked)
{
    ck_assert_int_eq(in_child("off", start_program), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("guard");
    TCase *const t = tcase_create("guard");

    tcase_add_test(t, opens_no_socket);
    tcase_add_test(t, starts_no_program);
    tcase_add_test(t, does_its_work);
    tcase_add_test(t, writes_where_its_outputs_are);
    tcase_add_test(t, is_off_where_asked);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
