/* test_container.c: where the files of archives lie: of such as only large releases make, and
 * of damaged ones. Those of small releases are in test_release.c. */
#include "release/container.h"

#include <errno.h>
#include <stdio.h>

#include "fail.h"
#include "support.h"

static mk_error error;
static mk_container *container;
static mk_buf bytes;

static void setup(void)
{
    bytes = (mk_buf){.max = MK_BUF_MAX};
}

static void teardown(void)
{
    mk_container_close(container);
    mk_buf_clear(&bytes);
}

static mk_err open_it(void)
{
    ck_assert(!bytes.failed);
    mk_container_close(container);
    container = NULL;
    return mk_container_open(mk_test_file("a", mk_buf_str(&bytes)), NULL, &container, &error);
}

static void put_zeros(size_t n)
{
    while (n-- > 0)
        mk_buf_putc(&bytes, '\0');
}

static void ck_content(const char *name, const char *want)
{
    mk_buf got = {.max = 1000};

    ck_assert_msg(mk_container_load(container, name, 1000, &got, &error) == MK_OK, "%s",
                  error.text);
    ck_assert_mk_str_eq(mk_buf_str(&got), mk_str_of(want));
    mk_buf_clear(&got);
}

static void ck_refused(mk_err err, const char *why)
{
    ck_assert_int_eq(open_it(), err);
    ck_assert_msg(strstr(error.text, why) != NULL, "%s", error.text);
    ck_assert_msg(strstr(error.text, "/a'") != NULL, "%s", error.text);
}

#define NOT_OURS "is not as minkhal made it, at byte "

/* ---- tar ---- */

enum { BLOCK = 512, SIZE_AT = 124, TIME_AT = 136, TYPE_AT = 156, MAGIC_AT = 257, PREFIX_AT = 345 };

/* A header, and content up to the end of its block. size: digits, octal. */
static void put_tar(const char *name, const char *size, char type, const char *content)
{
    char head[BLOCK] = {0};

    memcpy(head, name, strlen(name));
    memcpy(head + SIZE_AT, size, strlen(size));
    memcpy(head + TIME_AT, "14", 2);
    head[TYPE_AT] = type;
    memcpy(head + MAGIC_AT, "ustar", 5);
    mk_buf_put(&bytes, (mk_str){head, BLOCK});
    mk_buf_puts(&bytes, content);
    put_zeros((BLOCK - strlen(content) % BLOCK) % BLOCK);
}

START_TEST(a_tar_is_a_list_of_files)
{
    put_tar("b", "3", '0', "xyz");
    put_tar("data/a", "000000000002", '0', "ab");
    put_zeros(2 * BLOCK);
    ck_assert_msg(open_it() == MK_OK, "%s", error.text);
    ck_assert_uint_eq(container->n, 2);
    ck_assert_int_eq(container->epoch, 12);
    ck_content("b", "xyz");
    ck_content("data/a", "ab");
    ck_assert_ptr_null(mk_container_find(container, "a"));
}
END_TEST

START_TEST(a_pax_header_tells_the_size_of_the_next_entry_alone)
{
    put_tar("pax", "12", 'x', "10 size=5\n");
    put_tar("a", "0", '0', "abcde");
    put_tar("b", "1", '0', "x");
    put_zeros(2 * BLOCK);
    ck_assert_msg(open_it() == MK_OK, "%s", error.text);
    ck_content("a", "abcde");
    ck_content("b", "x");
}
END_TEST

static const struct {
    const char *size, *text;
} pax[] = {
    {"13", "11 path=a/b\n"}, {"12", "10 size=x\n"},
    {"11", "9 size=5;\n"},   {"40", "32 size=99999999999999999999999\n"},
    {"2000", "too long"},
};

START_TEST(a_pax_header_without_a_size_is_refused)
{
    put_tar("pax", pax[_i].size, 'x', pax[_i].text);
    put_tar("a", "0", '0', "abcde");
    put_zeros(2 * BLOCK);
    ck_refused(MK_MISMATCH, NOT_OURS "512");
}
END_TEST

static const struct {
    size_t at;
    const char *with;
} tar_damages[] = {
    {MAGIC_AT, "U"},    {SIZE_AT, "x"},   {SIZE_AT + 1, "x"}, {TIME_AT, "9"},
    {TIME_AT + 2, "8"}, {PREFIX_AT, "p"}, {TYPE_AT, "5"},     {TYPE_AT, "L"},
};

START_TEST(a_damaged_header_of_a_tar_is_refused)
{
    put_tar("a", "5", '0', "abcde");
    put_tar("b", "5", '0', "abcde");
    put_zeros(2 * BLOCK);
    bytes.ptr[2 * BLOCK + tar_damages[_i].at] = *tar_damages[_i].with;
    ck_refused(MK_MISMATCH, NOT_OURS "1024");
}
END_TEST

START_TEST(a_name_without_an_end_is_refused)
{
    put_tar("0123456789012345678901234567890123456789012345678901234567890123456789"
            "012345678901234567890123456789",
            "0", '0', "");
    put_zeros(2 * BLOCK);
    ck_refused(MK_MISMATCH, NOT_OURS "0");
}
END_TEST

START_TEST(a_tar_that_ends_too_early_is_damaged)
{
    put_tar("a", "5", '0', "abcde");
    put_tar("b", "7777", '0', "abcde");
    ck_refused(MK_DAMAGED, "ends too early");
    bytes.len = 700;
    ck_refused(MK_DAMAGED, "");
    mk_buf_reset(&bytes);
    put_tar("pax", "700", 'x', "10 size=5\n");
    ck_refused(MK_DAMAGED, "");
}
END_TEST

START_TEST(a_name_twice_is_refused)
{
    put_tar("a", "5", '0', "abcde");
    put_tar("a", "5", '0', "abcde");
    put_zeros(2 * BLOCK);
    ck_refused(MK_MISMATCH, "'a' is in");
}
END_TEST

/* ---- zip ---- */

static void put_number(uint64_t value, int n)
{
    for (; n > 0; n--, value >>= 8)
        mk_buf_putc(&bytes, (char)(unsigned char)(value & 0xFF));
}

/* Where parts of the archive of put_zip lie. */
enum {
    ZIP_LOCAL = 0,
    ZIP_DATA = 30 + 6, /* behind "data/a" */
    ZIP_CENTRAL = ZIP_DATA + 5,
    ZIP_EXTRA = ZIP_CENTRAL + 46 + 6,
    ZIP_END64 = ZIP_EXTRA + 4 + 5 + 4 + 24,
    ZIP_LOCATOR = ZIP_END64 + 56,
    ZIP_END = ZIP_LOCATOR + 20
};

/* One file, "data/a" with "abcde", in zip64: no field of 32 bits is used. */
static void put_zip(void)
{
    mk_buf_put(&bytes, MK_STR("PK\3\4"));
    put_zeros(22);
    put_number(6, 2);
    put_number(0, 2);
    mk_buf_puts(&bytes, "data/aabcde");
    mk_buf_put(&bytes, MK_STR("PK\1\2"));
    put_zeros(16);
    put_number(0xFFFFFFFF, 4);
    put_number(0xFFFFFFFF, 4);
    put_number(6, 2);
    put_number(4 + 5 + 4 + 24, 2);
    put_zeros(10);
    put_number(0xFFFFFFFF, 4);
    mk_buf_puts(&bytes, "data/a");
    put_number(0x7075, 2); /* another extra field is passed over */
    put_number(5, 2);
    mk_buf_puts(&bytes, "other");
    put_number(1, 2);
    put_number(24, 2);
    put_number(5, 8);
    put_number(5, 8);
    put_number(ZIP_LOCAL, 8);
    mk_buf_put(&bytes, MK_STR("PK\6\6"));
    put_zeros(28);
    put_number(1, 8);
    put_zeros(8);
    put_number(ZIP_CENTRAL, 8);
    mk_buf_put(&bytes, MK_STR("PK\6\7"));
    put_zeros(4);
    put_number(ZIP_END64, 8);
    put_number(1, 4);
    mk_buf_put(&bytes, MK_STR("PK\5\6"));
    put_zeros(6);
    put_number(0xFFFF, 2);
    put_zeros(4);
    put_number(0xFFFFFFFF, 4);
    put_zeros(2);
}

START_TEST(a_zip_above_the_limits_of_zip_is_read)
{
    put_zip();
    ck_assert_uint_eq(bytes.len, ZIP_END + 22);
    ck_assert_msg(open_it() == MK_OK, "%s", error.text);
    ck_assert_uint_eq(container->n, 1);
    ck_content("data/a", "abcde");
    /* Where the field of zip64 is needed for one of them alone. */
    bytes.ptr[ZIP_END + 16] = (char)ZIP_CENTRAL;
    memset(bytes.ptr + ZIP_END + 17, 0, 3);
    ck_assert_msg(open_it() == MK_OK, "%s", error.text);
    ck_content("data/a", "abcde");
}
END_TEST

static const struct {
    size_t at;
    unsigned char with;
    mk_err err;
} zip_damages[] = {
    {ZIP_EXTRA + 4 + 5 + 4 + 16, 1, MK_MISMATCH},       /* no local header there */
    {ZIP_LOCAL + 29, 0x7F, MK_MISMATCH},                /* its content is behind the end */
    {ZIP_CENTRAL, 'Q', MK_MISMATCH},                    /* no header in the directory */
    {ZIP_CENTRAL + 10, 8, MK_MISMATCH},                 /* compressed */
    {ZIP_CENTRAL + 28, 0, MK_MISMATCH},                 /* no name */
    {ZIP_CENTRAL + 29, 7, MK_MISMATCH},                 /* a name too long */
    {ZIP_CENTRAL + 31, 7, MK_MISMATCH},                 /* so many fields */
    {ZIP_CENTRAL + 46, 0, MK_MISMATCH},                 /* NUL in the name */
    {ZIP_EXTRA + 4 + 5, 2, MK_DAMAGED},                 /* the field of zip64 is missing */
    {ZIP_EXTRA + 4 + 5 + 2, 25, MK_DAMAGED},            /* it is longer than there is */
    {ZIP_EXTRA + 4 + 5 + 2, 16, MK_DAMAGED},            /* it has no place */
    {ZIP_EXTRA + 4 + 5 + 4, 6, MK_MISMATCH},            /* two sizes */
    {ZIP_EXTRA + 4 + 5 + 4 + 16 + 7, 0xFF, MK_DAMAGED}, /* a place that no file has */
    {ZIP_END64 + 2, 0, MK_MISMATCH},                    /* no such record */
    {ZIP_END64 + 33, 1, MK_MISMATCH},                   /* more entries than bytes */
    {ZIP_END64 + 32, 2, MK_MISMATCH},                   /* one entry too many */
    {ZIP_END64 + 48, 0xFF, MK_DAMAGED},                 /* a directory behind the end */
    {ZIP_LOCATOR + 3, 0, MK_MISMATCH},                  /* no locator */
    {ZIP_LOCATOR + 8, 1, MK_MISMATCH},                  /* the wrong place */
    {ZIP_LOCATOR + 12, 1, MK_DAMAGED},                  /* behind the end */
    {ZIP_END + 1, 0, MK_MISMATCH},                      /* no end of a zip */
};

START_TEST(a_damaged_zip_is_refused)
{
    put_zip();
    ck_assert_int_ne((unsigned char)bytes.ptr[zip_damages[_i].at], zip_damages[_i].with);
    bytes.ptr[zip_damages[_i].at] = (char)zip_damages[_i].with;
    const mk_err err = open_it();
    ck_assert_msg(err == zip_damages[_i].err, "%d: %s", (int)err, error.text);
    ck_assert_msg(strstr(error.text, "/a'") != NULL, "%s", error.text);
}
END_TEST

START_TEST(a_zip_that_is_too_short_is_refused)
{
    mk_buf_put(&bytes, MK_STR("PK\3\4"));
    ck_refused(MK_DAMAGED, "");
    mk_buf_put(&bytes, MK_STR("PK\5\6"));
    put_zeros(6);
    put_number(0xFFFF, 2);
    put_zeros(10);
    ck_refused(MK_MISMATCH, NOT_OURS "4"); /* no room for a locator */
}
END_TEST

/* ---- failures ---- */

START_TEST(want_of_memory_is_told)
{
    bool came = true;

    put_zip();
    const char *const path = mk_test_file("a", mk_buf_str(&bytes));
    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
        const mk_err err = mk_container_open(path, NULL, &container, &error);
        came = mk_test_failed();
        ck_assert_int_eq(err, came ? MK_NOMEM : MK_OK);
    }
}
END_TEST

START_TEST(a_read_that_fails_is_told_and_one_interrupted_is_not)
{
    bool came = true;

    put_zip();
    const char *const path = mk_test_file("a", mk_buf_str(&bytes));
    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_READ, at, EIO);
        const mk_err err = mk_container_open(path, NULL, &container, &error);
        came = mk_test_failed();
        ck_assert_int_eq(err, came ? MK_DAMAGED : MK_OK);
    }
    mk_container_close(container);
    container = NULL;
    mk_test_fail(MK_CALL_READ, 2, EINTR);
    ck_assert_int_eq(mk_container_open(path, NULL, &container, &error), MK_OK);
    ck_assert(mk_test_failed());
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
    Suite *const s = suite_create("container");
    TCase *const t = tcase_create("container");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_tar_is_a_list_of_files);
    tcase_add_test(t, a_pax_header_tells_the_size_of_the_next_entry_alone);
    tcase_add_loop_test(t, a_pax_header_without_a_size_is_refused, 0, ROWS(pax));
    tcase_add_loop_test(t, a_damaged_header_of_a_tar_is_refused, 0, ROWS(tar_damages));
    tcase_add_test(t, a_name_without_an_end_is_refused);
    tcase_add_test(t, a_tar_that_ends_too_early_is_damaged);
    tcase_add_test(t, a_name_twice_is_refused);
    tcase_add_test(t, a_zip_above_the_limits_of_zip_is_read);
    tcase_add_loop_test(t, a_damaged_zip_is_refused, 0, ROWS(zip_damages));
    tcase_add_test(t, a_zip_that_is_too_short_is_refused);
    tcase_add_test(t, want_of_memory_is_told);
    tcase_add_test(t, a_read_that_fails_is_told_and_one_interrupted_is_not);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
