#include "outputs/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fail.h"
#include "support.h"

static mk_error error;
static mk_folder *folder;
static mk_journal *journal;

static void open_journal(void)
{
    ck_assert_int_eq(mk_journal_open(folder, &journal, &error), MK_OK);
}

static void setup(void)
{
    ck_assert_int_eq(mk_folder_open(mk_test_path("run"), &folder, &error), MK_OK);
    open_journal();
}

static void close_journal(void)
{
    mk_journal_close(journal);
    journal = NULL;
}

static void teardown(void)
{
    close_journal();
    mk_folder_close(folder);
}

static void append(const char *members)
{
    ck_assert_int_eq(mk_journal_append(journal, mk_str_of(members), &error), MK_OK);
}

/* The journal's bytes; the caller's to free. */
static mk_str bytes(void)
{
    return mk_test_read(mk_test_path("run/journal.jsonl"));
}

static void drop(mk_str s)
{
    free((char *)(uintptr_t)s.ptr);
}

static void three_lines(void)
{
    append(",\"a\":1");
    append(",\"b\":[2]");
    append(",\"c\":\"ثلاثة\"");
    close_journal();
}

START_TEST(a_new_journal_has_no_lines)
{
    ck_assert_uint_eq(mk_journal_count(journal), 0);
}
END_TEST

START_TEST(lines_are_read_again)
{
    three_lines();
    open_journal();
    ck_assert_uint_eq(mk_journal_count(journal), 3);
    mk_buf line = {.max = MK_BUF_MAX};
    ck_assert_int_eq(mk_journal_line(journal, 0, &line, &error), MK_OK);
    ck_assert_mk_str_eq(mk_buf_str(&line), MK_STR("{\"n\":0,\"prev\":\"\",\"a\":1}\n"));
    ck_assert_int_eq(mk_journal_line(journal, 2, &line, &error), MK_OK);
    ck_assert(mk_str_has(mk_buf_str(&line), MK_STR("\"c\":\"ثلاثة\"}\n")));
    mk_buf_clear(&line);
}
END_TEST

/* Longer than what is read at a time, and across its borders. */
START_TEST(long_lines_are_read_again)
{
    enum { LONG = 100000 };
    char *const members = malloc(LONG + 1);
    mk_buf line = {.max = MK_BUF_MAX};
    ck_assert_ptr_nonnull(members);
    for (int i = 0; i < 4; i++) {
        const int len = snprintf(members, LONG, ",\"a\":\"");
        memset(members + len, 'a' + i, (size_t)(LONG - len));
        members[LONG - 1 - i] = '"';
        members[LONG - i] = '\0';
        append(members);
    }
    close_journal();
    open_journal();
    ck_assert_uint_eq(mk_journal_count(journal), 4);
    for (uint64_t i = 0; i < 4; i++) {
        ck_assert_int_eq(mk_journal_line(journal, i, &line, &error), MK_OK);
        ck_assert_uint_gt(line.len, LONG - 4);
        ck_assert_int_eq(line.ptr[line.len - 4], 'a' + (int)i);
        ck_assert_int_eq(line.ptr[line.len - 1], '\n');
    }
    mk_buf_clear(&line);
    free(members);
}
END_TEST

START_TEST(a_file_that_was_cut_off_is_no_line)
{
    three_lines();
    open_journal();
    mk_buf line = {.max = MK_BUF_MAX};
    ck_assert_int_eq(truncate(mk_test_path("run/journal.jsonl"), 40), 0);
    ck_assert_int_eq(mk_journal_line(journal, 2, &line, &error), MK_MISMATCH);
    mk_buf_clear(&line);
}
END_TEST

/* A journal that is opened again goes on as if it had not been closed. */
START_TEST(the_chain_goes_on_over_openings)
{
    three_lines();
    const mk_str whole = bytes();
    ck_assert_int_eq(unlink(mk_test_path("run/journal.jsonl")), 0);
    open_journal();
    append(",\"a\":1");
    close_journal();
    open_journal();
    append(",\"b\":[2]");
    append(",\"c\":\"ثلاثة\"");
    const mk_str parts = bytes();
    ck_assert_mk_str_eq(parts, whole);
    drop(whole);
    drop(parts);
}
END_TEST

START_TEST(what_was_cut_may_be_written_again)
{
    three_lines();
    const mk_str whole = bytes();
    open_journal();
    ck_assert_int_eq(mk_journal_cut(journal, 1, &error), MK_OK);
    append(",\"b\":[2]");
    append(",\"c\":\"ثلاثة\"");
    const mk_str again = bytes();
    ck_assert_mk_str_eq(again, whole);
    drop(whole);
    drop(again);
}
END_TEST

/* A kill may leave any part of the last line. */
START_TEST(a_torn_end_is_cut_off_at_every_byte)
{
    three_lines();
    const mk_str whole = bytes();
    size_t second = 0;
    for (size_t i = 0, n = 0; i < whole.len; i++)
        if (whole.ptr[i] == '\n' && ++n == 2)
            second = i + 1;
    for (size_t len = second; len < whole.len; len++) {
        mk_test_file("run/journal.jsonl", mk_str_sub(whole, 0, len));
        open_journal();
        if (mk_journal_count(journal) != 2)
            ck_abort_msg("%zu bytes", len);
        close_journal();
        const mk_str cut = bytes();
        if (cut.len != second)
            ck_abort_msg("%zu bytes left of %zu", cut.len, len);
        drop(cut);
    }
    drop(whole);
}
END_TEST

START_TEST(a_last_line_of_other_bytes_is_cut_off)
{
    three_lines();
    const mk_str whole = bytes();
    char *torn = (char *)(uintptr_t)whole.ptr;
    memset(torn + whole.len - 20, 0, 19); /* its LF is there */
    mk_test_file("run/journal.jsonl", whole);
    open_journal();
    ck_assert_uint_eq(mk_journal_count(journal), 2);
    drop(whole);
}
END_TEST

START_TEST(a_changed_line_before_the_last_is_refused)
{
    three_lines();
    const mk_str whole = bytes();
    char *changed = (char *)(uintptr_t)whole.ptr;
    *strstr(changed, "[2]") = '{';
    mk_test_file("run/journal.jsonl", whole);
    ck_assert_int_eq(mk_journal_open(folder, &journal, &error), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "line 2 of"));
    drop(whole);
}
END_TEST

START_TEST(a_changed_number_shows_in_the_next_line)
{
    three_lines();
    const mk_str whole = bytes();
    *strstr((char *)(uintptr_t)whole.ptr, "1}") = '7';
    mk_test_file("run/journal.jsonl", whole);
    ck_assert_int_eq(mk_journal_open(folder, &journal, &error), MK_MISMATCH);
    drop(whole);
}
END_TEST

START_TEST(a_line_that_is_too_short_is_refused)
{
    mk_test_file("run/journal.jsonl", MK_STR("{}\n{}\n"));
    ck_assert_int_eq(mk_journal_open(folder, &journal, &error), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "line 1 of"));
}
END_TEST

START_TEST(a_line_that_is_no_object_is_refused)
{
    mk_test_file("run/journal.jsonl", MK_STR("{\"n\":0,\"prev\":\"\"]\n{}\n"));
    ck_assert_int_eq(mk_journal_open(folder, &journal, &error), MK_MISMATCH);
}
END_TEST

START_TEST(it_may_have_many_lines)
{
    for (int i = 0; i < 200; i++)
        append(",\"a\":1");
    close_journal();
    open_journal();
    ck_assert_uint_eq(mk_journal_count(journal), 200);
}
END_TEST

/* ---- failures ---- */

static const struct {
    unsigned calls;
    int error;
    mk_err want;
} failures[] = {
    {MK_CALL_ALLOC, ENOMEM, MK_NOMEM}, {MK_CALL_LIBRARY, ENOMEM, MK_NOMEM},
    {MK_CALL_OPEN, EACCES, MK_OUTPUT}, {MK_CALL_READ, EIO, MK_OUTPUT},
    {MK_CALL_READ, EINTR, MK_OK},      {MK_CALL_WRITE, ENOSPC, MK_OUTPUT},
    {MK_CALL_WRITE, 0, MK_OUTPUT},     {MK_CALL_WRITE, EINTR, MK_OK},
    {MK_CALL_SYNC, EIO, MK_OUTPUT},    {MK_CALL_SYNC, EINTR, MK_OK},
    {MK_CALL_CUT, EIO, MK_OUTPUT},     {MK_CALL_CUT, EINTR, MK_OK},
};

/* Opens it, and adds lines till there is no room for more. */
static mk_err go_on(void)
{
    mk_err err = mk_journal_open(folder, &journal, &error);

    for (int i = 0; err == MK_OK && i < 70; i++)
        err = mk_journal_append(journal, MK_STR(",\"a\":1"), &error);
    close_journal();
    return err;
}

START_TEST(a_call_that_fails_is_told_and_loses_no_line)
{
    bool came = true;

    three_lines();
    for (unsigned at = 1; came; at++) {
        mk_test_fail(failures[_i].calls, at, failures[_i].error);
        const mk_err err = go_on();
        came = mk_test_failed();
        ck_assert_msg(err == (came ? failures[_i].want : MK_OK), "call %u: %d", at, (int)err);
        open_journal();
        ck_assert_uint_ge(mk_journal_count(journal), 3);
        ck_assert_int_eq(mk_journal_cut(journal, 3, &error), MK_OK);
        close_journal();
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("journal");
    TCase *const t = tcase_create("journal");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_new_journal_has_no_lines);
    tcase_add_test(t, lines_are_read_again);
    tcase_add_test(t, long_lines_are_read_again);
    tcase_add_test(t, a_file_that_was_cut_off_is_no_line);
    tcase_add_test(t, the_chain_goes_on_over_openings);
    tcase_add_test(t, what_was_cut_may_be_written_again);
    tcase_add_test(t, a_torn_end_is_cut_off_at_every_byte);
    tcase_add_test(t, a_last_line_of_other_bytes_is_cut_off);
    tcase_add_test(t, a_changed_line_before_the_last_is_refused);
    tcase_add_test(t, a_changed_number_shows_in_the_next_line);
    tcase_add_test(t, a_line_that_is_too_short_is_refused);
    tcase_add_test(t, a_line_that_is_no_object_is_refused);
    tcase_add_test(t, it_may_have_many_lines);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_call_that_fails_is_told_and_loses_no_line, 0,
                        (int)(sizeof(failures) / sizeof(*failures)));
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
