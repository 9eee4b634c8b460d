#include "base/base64.h"

#include "../support.h"

/* RFC 4648, section 10, and all bits. */
static const struct {
    const char *bytes, *text;
} pairs[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xFF\xFE\xFD", "//79"},
    {"\xFB\xEF\xBE", "++++"},
};
enum { N_PAIRS = sizeof(pairs) / sizeof(*pairs) };

START_TEST(writes_what_the_standard_says)
{
    mk_buf out = {.max = 100};
    mk_base64_put(&out, mk_str_of(pairs[_i].bytes));
    ck_assert_mk_str_eq(mk_buf_str(&out), mk_str_of(pairs[_i].text));
    mk_buf_clear(&out);
}
END_TEST

START_TEST(reads_what_the_standard_says)
{
    char room[16];
    size_t len = 99;
    ck_assert(mk_base64_take(mk_str_of(pairs[_i].text), room, &len));
    ck_assert_mk_str_eq(((mk_str){room, len}), mk_str_of(pairs[_i].bytes));
}
END_TEST

START_TEST(every_length_and_byte_comes_back)
{
    char bytes[256], room[256];
    size_t len = 0;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(uint8_t)(i * 167);
    for (size_t n = 0; n <= sizeof(bytes); n++) {
        mk_buf out = {.max = 1000};
        mk_base64_put(&out, (mk_str){bytes, n});
        ck_assert(mk_base64_take(mk_buf_str(&out), room, &len));
        ck_assert_mk_str_eq(((mk_str){room, len}), ((mk_str){bytes, n}));
        mk_buf_clear(&out);
    }
}
END_TEST

static const char *const wrong[] = {"A",    "AA",   "AAA",      "=AAA", "A===",   "AA=A",
                                    "AA A", "AA-_", "AA==AAAA", "AB==", "AAB=\n", "AAB="};
enum { N_WRONG = sizeof(wrong) / sizeof(*wrong) };

START_TEST(refuses_what_no_encoder_writes)
{
    char room[16];
    size_t len = 7;
    ck_assert(!mk_base64_take(mk_str_of(wrong[_i]), room, &len));
    ck_assert_uint_eq(len, 7);
}
END_TEST

START_TEST(a_full_buffer_fails)
{
    mk_buf out = {.max = 7};
    mk_base64_put(&out, MK_STR("foobar"));
    ck_assert(out.failed);
    mk_buf_clear(&out);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base64");
    TCase *t = tcase_create("base64");
    tcase_add_loop_test(t, writes_what_the_standard_says, 0, N_PAIRS);
    tcase_add_loop_test(t, reads_what_the_standard_says, 0, N_PAIRS);
    tcase_add_test(t, every_length_and_byte_comes_back);
    tcase_add_loop_test(t, refuses_what_no_encoder_writes, 0, N_WRONG);
    tcase_add_test(t, a_full_buffer_fails);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
