#include "base/bytes.h"

#include "base/simd.h"
#include "support.h"

START_TEST(knows_the_kind_of_each_byte)
{
    for (unsigned b = 0; b < 256; b++) {
        const char c = (char)b;
        const unsigned want = b == '&'                 ? MK_BYTE_AMPERSAND
                              : b >= '\v' && b <= 0x0F ? MK_BYTE_BREAK
                              : b == 0xC2 || b == 0xC3 ? MK_BYTE_C2
                              : b == 0xE2              ? MK_BYTE_E2
                              : b == 0xEE              ? MK_BYTE_EE
                              : b == 0xEF              ? MK_BYTE_EF
                              : b >= 0xF0              ? MK_BYTE_F
                                                       : 0;
        ck_assert_uint_eq(mk_bytes_of((mk_str){&c, 1}, false), want);
    }
}
END_TEST

START_TEST(blocks_find_a_byte_wherever_it_stands)
{
    char text[101];

    if (!mk_has_simd())
        return;
    for (size_t len = 0; len < sizeof(text); len++)
        for (size_t at = 0; at < len; at++)
            for (unsigned b = 0; b < 256; b += at % 16 == 0 ? 1 : 13) {
                memset(text, 'a', sizeof(text));
                text[at] = (char)b;
                ck_assert_uint_eq(mk_bytes_of((mk_str){text, len}, true),
                                  mk_bytes_of((mk_str){text, len}, false));
            }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("bytes");
    TCase *const t = tcase_create("bytes");

    tcase_add_test(t, knows_the_kind_of_each_byte);
    tcase_add_test(t, blocks_find_a_byte_wherever_it_stands);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
