#include "read/crawl_digest.h"

#include "support.h"

static bool is_digest(const char *field, const char *text)
{
    bool known = false;
    const bool same = mk_crawl_digest_is(mk_str_of(field), mk_str_of(text), &known);

    ck_assert(known);
    return same;
}

START_TEST(knows_sha1_in_base32)
{
    ck_assert(is_digest("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "abc"));
    ck_assert(is_digest("SHA-1:vgmt4nsha2awvor6evyxqugcnsonbwe5", "abc"));
}
END_TEST

START_TEST(knows_all_three_in_hexadecimal)
{
    ck_assert(is_digest("sha1:a9993e364706816aba3e25717850c26c9cd0d89d", "abc"));
    ck_assert(is_digest("md5: 900150983CD24FB0D6963F7D28E17F72", "abc"));
    ck_assert(is_digest("sha-256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                        "abc"));
}
END_TEST

START_TEST(knows_base32_with_padding)
{
    ck_assert(is_digest("sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====", "abc"));
    ck_assert(is_digest("sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ", "abc"));
}
END_TEST

START_TEST(tells_another_digest)
{
    ck_assert(!is_digest("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "abd"));
    ck_assert(!is_digest("sha1:", "abc"));
    ck_assert(!is_digest("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE", "abc"));
}
END_TEST

START_TEST(says_what_it_does_not_know)
{
    bool known = true;

    ck_assert(!mk_crawl_digest_is(MK_STR("crc32:352441c2"), MK_STR("abc"), &known));
    ck_assert(!known);
    ck_assert(!mk_crawl_digest_is(MK_STR("nothing"), MK_STR("abc"), &known));
    ck_assert(!known);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("crawl_digest");
    TCase *const t = tcase_create("crawl_digest");

    tcase_add_test(t, knows_sha1_in_base32);
    tcase_add_test(t, knows_all_three_in_hexadecimal);
    tcase_add_test(t, knows_base32_with_padding);
    tcase_add_test(t, tells_another_digest);
    tcase_add_test(t, says_what_it_does_not_know);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
