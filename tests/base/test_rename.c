/* test_rename.c: two calls of the system are replaced, so that a file system which knows no
 * flags, and one that knows no links, can be asked for. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/rename.h"
#include "support.h"

/* What the call gives as errno instead of doing its work; 0: it does it. */
static int flags_error, linkat_error;
static int fails_at; /* renameat: the call that fails, from 1; 0: none */

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    errno = flags_error;
    return errno ? -1 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    errno = linkat_error;
    return errno ? -1 : (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    if (fails_at > 0 && --fails_at == 0) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

/* A file system: with flags, without them in both ways, and without links besides. */
static void be(int kind)
{
    flags_error = kind == 0 ? 0 : kind == 1 ? ENOSYS : EINVAL;
    linkat_error = kind == 3 ? EPERM : 0;
    fails_at = 0;
}

static int folder = -1;

static void setup(void)
{
    folder = open(mk_test_folder(), O_RDONLY | O_DIRECTORY);
    ck_assert_int_ge(folder, 0);
    be(0);
}

static void teardown(void)
{
    close(folder);
}

/* A folder, or a file, with that in it. */
static void make(const char *name, const char *content, bool is_folder)
{
    char path[64];

    if (is_folder)
        ck_assert_int_eq(0, mkdir(mk_test_path(name), 0777));
    snprintf(path, sizeof(path), is_folder ? "%s/%s" : "%s", name, content);
    mk_test_file(path, mk_str_of(content));
}

static bool holds(const char *name, const char *content, bool is_folder)
{
    char path[64], text[16] = "";

    snprintf(path, sizeof(path), is_folder ? "%s/%s" : "%s", name, content);
    FILE *const f = fopen(mk_test_path(path), "r");
    const size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
    if (f)
        fclose(f);
    return n == strlen(content) && strcmp(text, content) == 0;
}

START_TEST(takes_a_free_name_and_no_other)
{
    for (int is_folder = 0; is_folder < 2; is_folder++)
        for (int kind = 0; kind < 4; kind++) {
            char a[16], b[16], c[16];
            snprintf(a, sizeof(a), "a%d%d", kind, is_folder);
            snprintf(b, sizeof(b), "b%d%d", kind, is_folder);
            snprintf(c, sizeof(c), "c%d%d", kind, is_folder);
            make(a, "one", is_folder);
            make(b, "two", is_folder);
            be(kind);
            ck_assert_int_eq(-1, mk_rename_new(folder, a, b));
            ck_assert_int_eq(EEXIST, errno);
            ck_assert(holds(a, "one", is_folder) && holds(b, "two", is_folder));
            ck_assert_int_eq(0, mk_rename_new(folder, a, c));
            ck_assert(holds(c, "one", is_folder));
            ck_assert_int_ne(0, access(mk_test_path(a), F_OK));
            ck_assert_int_eq(-1, mk_rename_new(folder, a, "none"));
            ck_assert_int_eq(ENOENT, errno);
        }
}
END_TEST

START_TEST(exchanges_two_names)
{
    for (int is_folder = 0; is_folder < 2; is_folder++)
        for (int kind = 0; kind < 4; kind++) {
            char a[16], b[16], third[24];
            snprintf(a, sizeof(a), "a%d%d", kind, is_folder);
            snprintf(b, sizeof(b), "b%d%d", kind, is_folder);
            snprintf(third, sizeof(third), "%s.old", a);
            make(a, "one", is_folder);
            make(b, "two", is_folder);
            be(kind);
            ck_assert_int_eq(0, mk_rename_exchange(folder, a, b));
            ck_assert(holds(a, "two", is_folder) && holds(b, "one", is_folder));
            ck_assert_int_ne(0, access(mk_test_path(third), F_OK));
        }
}
END_TEST

START_TEST(a_step_that_fails_is_taken_back)
{
    make("a", "one", true);
    make("b", "two", true);
    for (int at = 1; at <= 3; at++) {
        be(3);
        fails_at = at;
        ck_assert_int_eq(-1, mk_rename_exchange(folder, "a", "b"));
        ck_assert_int_eq(EIO, errno);
        ck_assert(holds("a", "one", true) && holds("b", "two", true));
        ck_assert_int_ne(0, access(mk_test_path("a.old"), F_OK));
    }
}
END_TEST

START_TEST(what_is_in_the_way_stays)
{
    make("a", "one", true);
    make("b", "two", true);
    make("a.old", "three", true);
    be(3);
    ck_assert_int_eq(-1, mk_rename_exchange(folder, "a", "b"));
    ck_assert_int_eq(EEXIST, errno);
    ck_assert(holds("a", "one", true) && holds("b", "two", true) && holds("a.old", "three", true));
}
END_TEST

int main(void)
{
    Suite *const s = suite_create("rename");
    TCase *const t = tcase_create("rename");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, takes_a_free_name_and_no_other);
    tcase_add_test(t, exchanges_two_names);
    tcase_add_test(t, a_step_that_fails_is_taken_back);
    tcase_add_test(t, what_is_in_the_way_stays);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
