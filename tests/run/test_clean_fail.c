/* test_clean_fail.c: runs into a folder in which one call fails, each call in turn: the run
 * says so, and resumed it ends with the bytes of a run that nothing happened to. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "fail.h"
#include "minkhal/minkhal.h"
#include "support.h"

int fsync(int fd);

/* The disk is not waited for: nothing cuts the power here. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

enum { MANY = 20000 /* calls: more than a run makes */ };

static mk_chain *chain;
static mk_clean_options options;
static mk_error error;
static const char *inputs[2];
static char out[600], whole[600], half[600];

/* n records; every seventh is bad, every fifth a duplicate. */
static const char *add_records(const char *name, unsigned n)
{
    mk_buf text = {.max = MK_BUF_MAX};

    for (unsigned i = 0; i < n; i++) {
        if (i % 7 == 6)
            mk_buf_printf(&text, "{\"id\":\"bad %u\"}\n", i);
        else
            mk_buf_printf(&text, "{\"id\":\"%u\",\"text\":\"نــص %u\"}\n", i, i % 5 ? i : 0);
    }
    const char *const path = strdup(mk_test_file(name, mk_buf_str(&text)));
    mk_buf_clear(&text);
    return path;
}

static mk_err clean(const char *folder, bool resume)
{
    mk_summary summary = {0};

    options.output = folder;
    options.resume = resume;
    const mk_err err = mk_clean(chain, &options, &summary, &error);
    mk_summary_clear(&summary);
    return err;
}

static void must_clean(const char *folder, bool resume)
{
    const mk_err err = clean(folder, resume);

    ck_assert_msg(err == MK_OK, "%d: %s", (int)err, err == MK_OK ? "" : error.text);
}

/* ---- folders ---- */

static int by_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
}

/* Calls `each` with every name in a folder, in order. */
static void each_name(const char *folder, void (*each)(const char *folder, const char *name))
{
    struct dirent **list = NULL;
    const int n = scandir(folder, &list, by_name, alphasort);

    for (int i = 0; i < n; i++) {
        each(folder, list[i]->d_name);
        free(list[i]);
    }
    free(list);
}

static void remove_one(const char *folder, const char *name)
{
    char path[900];

    snprintf(path, sizeof(path), "%s%s", folder, name);
    ck_assert_int_eq(unlink(path), 0);
}

static void copy_one(const char *folder, const char *name)
{
    char path[900];

    snprintf(path, sizeof(path), "%s%s", folder, name);
    const mk_str s = mk_test_read(path);
    snprintf(path, sizeof(path), "%s/%s", folder == half ? "out" : "half", name);
    mk_test_file(path, s);
    free((char *)(uintptr_t)s.ptr);
}

/* from: out, and it goes to half, or the other way round. */
static void copy_folder(const char *from)
{
    const char *const to = from == half ? out : half;

    each_name(to, remove_one);
    mkdir(to, 0777);
    each_name(from, copy_one);
}

static void compare_one(const char *folder, const char *name)
{
    char path[900];

    (void)folder;
    snprintf(path, sizeof(path), "%s%s", whole, name);
    ck_assert_msg(access(path, F_OK) == 0, "%s is too many", name);
    const mk_str want = mk_test_read(path);
    snprintf(path, sizeof(path), "%s%s", out, name);
    const mk_str got = mk_test_read(path);
    ck_assert_msg(mk_str_eq(got, want), "%s differs", name);
    free((char *)(uintptr_t)got.ptr);
    free((char *)(uintptr_t)want.ptr);
}

static unsigned n_names;

static void count_one(const char *folder, const char *name)
{
    (void)folder, (void)name;
    n_names++;
}

static void check_same(void)
{
    unsigned n;

    n_names = 0;
    each_name(whole, count_one);
    n = n_names;
    n_names = 0;
    each_name(out, count_one);
    ck_assert_uint_eq(n_names, n);
    each_name(out, compare_one);
}

static void setup(void)
{
    const mk_chain_options chain_options = {.filters = "normalize"};

    ck_assert_int_eq(mk_chain_open(&chain_options, &chain, &error), MK_OK);
    snprintf(out, sizeof(out), "%s/out/", mk_test_folder());
    snprintf(whole, sizeof(whole), "%s/whole/", mk_test_folder());
    snprintf(half, sizeof(half), "%s/half/", mk_test_folder());
    inputs[0] = add_records("a.jsonl", 24);
    inputs[1] = add_records("b.jsonl", 9);
    options = (mk_clean_options){.inputs = inputs,
                                 .n_inputs = 2,
                                 .threads = 1,
                                 .ledger = "auto",
                                 .rejects = "auto",
                                 .codec = "none",
                                 .dedup = true,
                                 .shard_docs = 6,
                                 .checkpoint = 200};
    must_clean(whole, false);
}

static void teardown(void)
{
    mk_chain_close(chain);
    free((char *)(uintptr_t)inputs[0]);
    free((char *)(uintptr_t)inputs[1]);
}

/* ---- failures ---- */

static const struct {
    unsigned calls;
    int error;
    unsigned codes; /* bits of mk_err that it may end with, MK_OK aside */
} failures[] = {
    {MK_CALL_ALLOC, ENOMEM, 1U << MK_NOMEM},
    {MK_CALL_OPEN, EIO, 1U << MK_OUTPUT | 1U << MK_DAMAGED | 1U << MK_MISMATCH},
    {MK_CALL_OPEN, EMFILE, 1U << MK_OUTPUT | 1U << MK_LIMIT | 1U << MK_DAMAGED | 1U << MK_MISMATCH},
    {MK_CALL_READ, EIO, 1U << MK_OUTPUT | 1U << MK_DAMAGED | 1U << MK_MISMATCH},
    {MK_CALL_READ, EINTR, 0},
    {MK_CALL_LIBRARY, ENOMEM, 1U << MK_NOMEM},
    {MK_CALL_WRITE, ENOSPC, 1U << MK_OUTPUT},
    {MK_CALL_WRITE, EINTR, 0},
    {MK_CALL_WRITE, 0, 1U << MK_OUTPUT},
    {MK_CALL_SYNC, EIO, 1U << MK_OUTPUT},
    {MK_CALL_SYNC, EINTR, 0},
    {MK_CALL_CUT, EIO, 1U << MK_OUTPUT},
    {MK_CALL_CUT, EINTR, 0},
    {MK_CALL_SEEK, EIO, 1U << MK_OUTPUT | 1U << MK_DAMAGED},
    {MK_CALL_RENAME, EIO, 1U << MK_OUTPUT},
    {MK_CALL_UNLINK, EIO, 1U << MK_OUTPUT},
};

enum { N_FAILURES = sizeof(failures) / sizeof(*failures) };

/* Runs with each call failing; half_done: from what is in `half` on. */
static void fail_each(unsigned f, bool half_done)
{
    unsigned at = 1;

    for (; at < MANY; at++) {
        if (half_done)
            copy_folder(half);
        else
            each_name(out, remove_one);
        mk_test_fail(failures[f].calls, at, failures[f].error);
        const mk_err err = clean(out, half_done);
        const bool came = mk_test_failed();
        ck_assert_msg(err == MK_OK || (came && failures[f].codes & 1U << err),
                      "row %u, call %u: %d: %s", f, at, (int)err, error.text);
        if (err == MK_OK && !came)
            break;
        if (err == MK_OK) /* of an input that could not be read it was told */
            continue;
        must_clean(out, true);
        check_same();
    }
    ck_assert_uint_lt(at, MANY);
    check_same();
}

START_TEST(a_run_in_which_a_call_fails_can_be_resumed)
{
    fail_each((unsigned)_i, false);
}
END_TEST

/* A run that stopped in the middle, at its nth write, in `half`. */
static void stop_half_way(unsigned n)
{
    mk_test_fail(MK_CALL_WRITE, n, ENOSPC);
    ck_assert_int_eq(clean(out, false), MK_OUTPUT);
    ck_assert(mk_test_failed());
    copy_folder(out);
}

START_TEST(a_resumption_in_which_a_call_fails_can_be_resumed)
{
    stop_half_way(25);
    fail_each((unsigned)_i, true);
}
END_TEST

START_TEST(a_file_that_ends_before_its_end_is_told)
{
    bool came = true;

    stop_half_way(25);
    for (unsigned at = 1; came; at++) {
        copy_folder(half);
        mk_test_fail(MK_CALL_READ, at, 0);
        const mk_err err = clean(out, true);
        came = mk_test_failed();
        ck_assert_msg(err == MK_OK || err == MK_MISMATCH || err == MK_DAMAGED, "call %u: %d: %s",
                      at, (int)err, error.text);
    }
    check_same();
}
END_TEST

/* ---- journals that say what cannot be ---- */

static const struct {
    const char *what, *with, *why; /* why NULL: it can be */
} lies[] = {
    {"\"inputs\":[[0,", "\"inputs\":[[9,", "is no checkpoint"},
    {"\"shard\":1", "\"shard\":7", "is no checkpoint"},
    {"\"open\":[{\"name\":\"data-00001.jsonl", "\"open\":[{\"name\":\"data-00001.jsonl.gz",
     "is no checkpoint"},
    {"\"at\":[0,", "\"at\":[9,", "is no checkpoint"},
    {"\"since\":2", "\"since\":9", "is no checkpoint"},
    {"\"since\":2", "\"since\":1", NULL},
    {"\"keys\":", "\"keys\":99999999999999999", "is no checkpoint"},
    {"\"end\":false", "\"end\":true", "is no checkpoint"},
    {"\"since\":1", "\"sinse\":1", "is no checkpoint"},
};

START_TEST(a_journal_that_says_what_cannot_be_is_refused)
{
    char journal[640];

    snprintf(journal, sizeof(journal), "%sjournal.jsonl", out);
    stop_half_way(25);
    mk_test_change(journal, lies[_i].what, lies[_i].with);
    mk_test_mend_journal(journal);
    const mk_err err = clean(out, true);
    ck_assert_msg(err == (lies[_i].why ? MK_MISMATCH : MK_OK), "%d: %s", (int)err, error.text);
    if (lies[_i].why)
        ck_assert_msg(strstr(error.text, lies[_i].why) != NULL, "%s", error.text);
}
END_TEST

START_TEST(a_journal_of_an_output_that_is_not_wanted_is_refused)
{
    char journal[640];

    snprintf(journal, sizeof(journal), "%sjournal.jsonl", out);
    options.ledger = NULL;
    stop_half_way(12);
    mk_test_change(journal, "\"open\":[{\"name\":\"data-", "\"open\":[{\"name\":\"ledger-");
    mk_test_mend_journal(journal);
    ck_assert_int_eq(clean(out, true), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "it cannot be"));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("clean_fail");
    TCase *const t = tcase_create("clean_fail");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 240);
    tcase_add_loop_test(t, a_run_in_which_a_call_fails_can_be_resumed, 0, N_FAILURES);
    tcase_add_loop_test(t, a_resumption_in_which_a_call_fails_can_be_resumed, 0, N_FAILURES);
    tcase_add_test(t, a_file_that_ends_before_its_end_is_told);
    tcase_add_loop_test(t, a_journal_that_says_what_cannot_be_is_refused, 0,
                        (int)(sizeof(lies) / sizeof(*lies)));
    tcase_add_test(t, a_journal_of_an_output_that_is_not_wanted_is_refused);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
