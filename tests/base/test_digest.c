/* test_digest.c: known answers. The empty text, "a" and "abc" are published
 * with xxHash, 0xCBF43926 with CRC-32; the others come from the shared library,
 * whose code is chosen by the processor, where ours is chosen by the compiler. */
#include "base/digest.h"
#include "support.h"

static char counted[5000];

static void setup(void)
{
    for (size_t i = 0; i < sizeof(counted); i++)
        counted[i] = (char)(i * 31 % 251);
}

START_TEST(hash64_of_known_texts)
{
    ck_assert_uint_eq(mk_hash64((mk_str){0}), 0x2D06800538D394C2);
    ck_assert_uint_eq(mk_hash64(MK_STR("a")), 0xE6C632B61E964E1F);
    ck_assert_uint_eq(mk_hash64(MK_STR("abc")), 0x78AF5F94892F3950);
    ck_assert_uint_eq(mk_hash64(MK_STR("منخل")), 0x4E8BE7E536D4EB7B);
    ck_assert_uint_eq(mk_hash64((mk_str){counted, 100}), 0x1EFBAA652AF7DFB7);
    ck_assert_uint_eq(mk_hash64((mk_str){counted, 5000}), 0xA092D73116291201);
}
END_TEST

static void check_hash128(mk_str s, uint64_t high, uint64_t low)
{
    const mk_digest got = mk_hash128(s);

    ck_assert_uint_eq(got.high, high);
    ck_assert_uint_eq(got.low, low);
}

START_TEST(hash128_of_known_texts)
{
    check_hash128((mk_str){0}, 0x99AA06D3014798D8, 0x6001C324468D497F);
    check_hash128(MK_STR("a"), 0xA96FAF705AF16834, 0xE6C632B61E964E1F);
    check_hash128(MK_STR("abc"), 0x06B05AB6733A6185, 0x78AF5F94892F3950);
    check_hash128(MK_STR("منخل"), 0x33E6B13E5FBB5E3E, 0xA03B047081ACB0D6);
    check_hash128((mk_str){counted, 100}, 0x2701F07D2C26ABFF, 0x94B1961520A11588);
    check_hash128((mk_str){counted, 5000}, 0x5F50CA3AAD5B935D, 0xA092D73116291201);
}
END_TEST

START_TEST(hash_does_not_depend_on_alignment)
{
    static char shifted[sizeof(counted) + 16];

    for (size_t by = 0; by < 16; by++) {
        memcpy(shifted + by, counted, sizeof(counted));
        ck_assert_uint_eq(mk_hash64((mk_str){shifted + by, sizeof(counted)}), 0xA092D73116291201);
    }
}
END_TEST

START_TEST(crc32_of_known_texts)
{
    ck_assert_uint_eq(mk_crc32((mk_str){0}), 0);
    ck_assert_uint_eq(mk_crc32(MK_STR("123456789")), 0xCBF43926);
    ck_assert_uint_eq(mk_crc32(MK_STR("منخل")), 0x27E0A7AD);
    ck_assert_uint_eq(mk_crc32((mk_str){counted, 5000}), 0x510C4BC5);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("digest");
    TCase *const t = tcase_create("digest");

    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, hash64_of_known_texts);
    tcase_add_test(t, hash128_of_known_texts);
    tcase_add_test(t, hash_does_not_depend_on_alignment);
    tcase_add_test(t, crc32_of_known_texts);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
