/* test_file_bytes.c: all of a small file: what it holds, and what is refused by its name. */
#include "read/file_bytes.h"

#include <errno.h>

#include "fail.h"
#include "support.h"

static mk_error error;
static mk_buf bytes;

static void setup(void)
{
    bytes = (mk_buf){.max = 1000};
}

static void teardown(void)
{
    mk_buf_clear(&bytes);
}

static mk_err read_it(mk_str content, mk_file_form form)
{
    return mk_file_bytes(mk_test_file("list", content), form, &bytes, &error);
}

/* "abc\n" behind gzip -n. */
#define ABC_GZ                                                                      \
    MK_STR("\x1F\x8B\x08\0\0\0\0\0\0\x03\x4B\x4C\x4A\xE6\x02\0\x4E\x81\x88\x47\x04" \
           "\0\0\0")

START_TEST(a_file_is_read_behind_what_is_there)
{
    mk_buf_puts(&bytes, "x");
    ck_assert_int_eq(read_it(MK_STR("abc\n"), MK_FILE_STORED), MK_OK);
    ck_assert_mk_str_eq(mk_buf_str(&bytes), MK_STR("xabc\n"));
    ck_assert_int_eq(read_it(MK_STR(""), MK_FILE_DECODED), MK_OK);
    ck_assert_mk_str_eq(mk_buf_str(&bytes), MK_STR("xabc\n"));
}
END_TEST

START_TEST(what_is_packed_is_unpacked_if_told_to)
{
    ck_assert_int_eq(read_it(ABC_GZ, MK_FILE_DECODED), MK_OK);
    ck_assert_mk_str_eq(mk_buf_str(&bytes), MK_STR("abc\n"));
    mk_buf_reset(&bytes);
    ck_assert_int_eq(read_it(ABC_GZ, MK_FILE_STORED), MK_OK);
    ck_assert_mk_str_eq(mk_buf_str(&bytes), ABC_GZ);
}
END_TEST

START_TEST(the_ceiling_is_the_limit)
{
    bytes.max = 4;
    ck_assert_int_eq(read_it(MK_STR("abc\n"), MK_FILE_STORED), MK_OK);
    ck_assert_int_eq(read_it(MK_STR("a"), MK_FILE_STORED), MK_LIMIT);
    ck_assert_ptr_nonnull(strstr(error.text, "list' is larger than 4 bytes"));
}
END_TEST

START_TEST(what_cannot_be_read_is_named)
{
    ck_assert_int_eq(mk_file_bytes(mk_test_path("none"), MK_FILE_STORED, &bytes, &error),
                     MK_DAMAGED);
    ck_assert_ptr_nonnull(strstr(error.text, "none'"));
    ck_assert_int_eq(mk_file_bytes(mk_test_folder(), MK_FILE_DECODED, &bytes, &error), MK_DAMAGED);
    ck_assert_int_eq(read_it(mk_str_sub(ABC_GZ, 0, 20), MK_FILE_DECODED), MK_DAMAGED);
    ck_assert_ptr_nonnull(strstr(error.text, "list"));
}
END_TEST

START_TEST(without_the_file_of_an_option_nothing_can_be_done)
{
    bytes.max = 4;
    ck_assert_int_eq(mk_file_option(mk_test_path("none"), MK_FILE_STORED, &bytes, &error),
                     MK_OPTION);
    ck_assert_int_eq(error.code, MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, "none'"));
    const char *const path = mk_test_file("list", ABC_GZ);
    ck_assert_int_eq(mk_file_option(path, MK_FILE_STORED, &bytes, &error), MK_LIMIT);
    ck_assert_int_eq(error.code, MK_LIMIT);
    ck_assert_int_eq(mk_file_option(path, MK_FILE_DECODED, &bytes, &error), MK_OK);
    ck_assert_mk_str_eq(mk_buf_str(&bytes), MK_STR("abc\n"));
}
END_TEST

START_TEST(want_of_memory_is_told_as_such)
{
    bool came = true;

    for (unsigned at = 1; came; at++) {
        mk_buf_clear(&bytes);
        mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
        const mk_err err = read_it(ABC_GZ, MK_FILE_DECODED);
        came = mk_test_failed();
        ck_assert_int_eq(err, came ? MK_NOMEM : MK_OK);
    }
    mk_test_fail(MK_CALL_OPEN, 1, EMFILE);
    ck_assert_int_eq(read_it(ABC_GZ, MK_FILE_DECODED), MK_LIMIT);
    ck_assert(mk_test_failed());
    mk_test_fail(MK_CALL_READ, 1, EIO);
    ck_assert_int_eq(read_it(ABC_GZ, MK_FILE_STORED), MK_DAMAGED);
    ck_assert(mk_test_failed());
}
END_TEST

int main(void)
{
    Suite *const s = suite_create("file_bytes");
    TCase *const t = tcase_create("file_bytes");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_file_is_read_behind_what_is_there);
    tcase_add_test(t, what_is_packed_is_unpacked_if_told_to);
    tcase_add_test(t, the_ceiling_is_the_limit);
    tcase_add_test(t, what_cannot_be_read_is_named);
    tcase_add_test(t, without_the_file_of_an_option_nothing_can_be_done);
    tcase_add_test(t, want_of_memory_is_told_as_such);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
