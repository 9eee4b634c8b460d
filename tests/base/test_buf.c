/* test_buf.c: growable bytes with a ceiling. */
#include "base/buf.h"
#include "support.h"

START_TEST(puts_numbers_in_decimal)
{
    mk_buf buf = {.max = 100};

    mk_buf_put_number(&buf, 0);
    mk_buf_putc(&buf, ' ');
    mk_buf_put_number(&buf, 1009);
    mk_buf_putc(&buf, ' ');
    mk_buf_put_number(&buf, UINT64_MAX);
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("0 1009 18446744073709551615"));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(appends_in_order)
{
    mk_buf buf = {.max = MK_BUF_MAX};

    mk_buf_puts(&buf, "من");
    mk_buf_putc(&buf, '-');
    mk_buf_put(&buf, MK_STR("a\0b"));
    mk_buf_printf(&buf, "%d", 42);
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("من-a\0b42"));
    ck_assert(!buf.failed);
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(keeps_content_while_it_grows)
{
    static char want[300000];
    mk_buf buf = {.max = MK_BUF_MAX};

    for (size_t i = 0; i < sizeof(want); i++) {
        want[i] = (char)(i * 31 % 251);
        mk_buf_putc(&buf, want[i]);
    }
    ck_assert(mk_str_eq(mk_buf_str(&buf), (mk_str){want, sizeof(want)}));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(grows_by_doubling)
{
    mk_buf buf = {.max = MK_BUF_MAX};
    size_t size = 0;
    int n_grown = 0;

    for (int i = 0; i < 1000000; i++) {
        mk_buf_putc(&buf, 'x');
        if (buf.size != size) {
            size = buf.size;
            n_grown++;
        }
    }
    ck_assert_int_le(n_grown, 20);
    ck_assert_uint_le(buf.size, 2000000);
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(fills_to_its_ceiling)
{
    static const size_t ceilings[] = {1, 5, 255, 256, 257, 1000};
    const size_t max = ceilings[_i];
    mk_buf buf = {.max = max};

    for (size_t i = 0; i < max; i++)
        mk_buf_putc(&buf, 'x');
    ck_assert(!buf.failed);
    ck_assert_uint_eq(buf.len, max);
    ck_assert_uint_le(buf.size, max);
    mk_buf_putc(&buf, 'y');
    ck_assert(buf.failed);
    ck_assert_uint_eq(buf.len, max);
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(tells_that_it_is_full)
{
    mk_buf buf = {.max = 4};
    mk_buf_puts(&buf, "abc");
    ck_assert(!buf.full);
    mk_buf_puts(&buf, "de");
    ck_assert(buf.failed);
    ck_assert(buf.full);
    mk_buf_cut(&buf, 1);
    ck_assert(!buf.failed);
    ck_assert(!buf.full);
    mk_buf_putc(&buf, 'x');
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("ax"));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(failed_write_leaves_content)
{
    mk_buf buf = {.max = 6};

    mk_buf_puts(&buf, "abcd");
    mk_buf_puts(&buf, "efg");
    ck_assert(buf.failed);
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("abcd"));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(writes_nothing_after_a_failure)
{
    mk_buf buf = {.max = 6};

    mk_buf_puts(&buf, "abcd");
    mk_buf_puts(&buf, "efg");
    mk_buf_putc(&buf, 'e');
    mk_buf_puts(&buf, "e");
    mk_buf_printf(&buf, "e");
    ck_assert_ptr_null(mk_buf_room(&buf, 0));
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("abcd"));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(reset_forgives)
{
    mk_buf buf = {.max = 3};

    mk_buf_puts(&buf, "abcd");
    ck_assert(buf.failed);
    mk_buf_reset(&buf);
    mk_buf_puts(&buf, "abc");
    ck_assert(!buf.failed);
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("abc"));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(room_past_any_size_fails)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, PTRDIFF_MAX, (size_t)PTRDIFF_MAX + 1,
                                   SIZE_MAX - 300};
    mk_buf buf = {.max = SIZE_MAX};

    mk_buf_puts(&buf, "abc");
    ck_assert_ptr_null(mk_buf_room(&buf, sizes[_i]));
    ck_assert(buf.failed);
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("abc"));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(room_can_be_written_and_kept)
{
    mk_buf buf = {.max = 1000};
    char *const to = mk_buf_room(&buf, 1000);

    ck_assert_ptr_nonnull(to);
    memset(to, 'z', 1000);
    ck_assert_uint_eq(buf.len, 0);
    buf.len += 1000;
    ck_assert_int_eq(buf.ptr[999], 'z');
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(room_for_nothing_is_no_failure)
{
    mk_buf buf = {.max = 0};

    ck_assert_ptr_nonnull(mk_buf_room(&buf, 0));
    mk_buf_put(&buf, (mk_str){0});
    mk_buf_printf(&buf, "%s", "");
    ck_assert(!buf.failed);
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(printf_fills_to_the_ceiling)
{
    mk_buf buf = {.max = 5};

    mk_buf_printf(&buf, "%s", "abcde");
    ck_assert(!buf.failed);
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("abcde"));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(printf_past_the_ceiling_leaves_content)
{
    mk_buf buf = {.max = 5};

    mk_buf_puts(&buf, "ab");
    mk_buf_printf(&buf, "%s", "cdef");
    ck_assert(buf.failed);
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("ab"));
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(printf_grows_as_needed)
{
    mk_buf buf = {.max = MK_BUF_MAX};

    for (int width = 1; width < 5000; width = width * 3 / 2 + 1) {
        const size_t before = buf.len;
        mk_buf_printf(&buf, "%*d", width, 7);
        ck_assert_uint_eq(buf.len, before + (size_t)width);
        ck_assert_int_eq(buf.ptr[buf.len - 1], '7');
    }
    mk_buf_clear(&buf);
}
END_TEST

START_TEST(clear_keeps_the_ceiling)
{
    mk_buf buf = {.max = 4};

    mk_buf_puts(&buf, "abcde");
    mk_buf_clear(&buf);
    ck_assert_ptr_null(buf.ptr);
    ck_assert_uint_eq(buf.size + buf.len, 0);
    ck_assert_uint_eq(buf.max, 4);
    ck_assert(!buf.failed);
    mk_buf_puts(&buf, "abcd");
    ck_assert_mk_str_eq(mk_buf_str(&buf), MK_STR("abcd"));
    mk_buf_clear(&buf);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("buf");
    TCase *const t = tcase_create("buf");

    tcase_add_test(t, puts_numbers_in_decimal);
    tcase_add_test(t, appends_in_order);
    tcase_add_test(t, keeps_content_while_it_grows);
    tcase_add_test(t, grows_by_doubling);
    tcase_add_loop_test(t, fills_to_its_ceiling, 0, 6);
    tcase_add_test(t, tells_that_it_is_full);
    tcase_add_test(t, failed_write_leaves_content);
    tcase_add_test(t, writes_nothing_after_a_failure);
    tcase_add_test(t, reset_forgives);
    tcase_add_loop_test(t, room_past_any_size_fails, 0, 5);
    tcase_add_test(t, room_can_be_written_and_kept);
    tcase_add_test(t, room_for_nothing_is_no_failure);
    tcase_add_test(t, printf_fills_to_the_ceiling);
    tcase_add_test(t, printf_past_the_ceiling_leaves_content);
    tcase_add_test(t, printf_grows_as_needed);
    tcase_add_test(t, clear_keeps_the_ceiling);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
