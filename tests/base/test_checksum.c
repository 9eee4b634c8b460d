#include "base/checksum.h"

#include <stdio.h>
#include <stdlib.h>

#include "support.h"

/* The digest of s in hexadecimal; static. */
static const char *hex(mk_checksum_kind kind, mk_str s)
{
    static char text[2 * MK_CHECKSUM_MAX + 1];
    unsigned char digest[MK_CHECKSUM_MAX];
    const size_t n = mk_checksum(kind, s, digest);

    for (size_t i = 0; i < n; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return text;
}

/* RFC 1321, A.5 */
START_TEST(knows_the_md5_of_the_standard)
{
    ck_assert_str_eq(hex(MK_MD5, MK_STR("")), "d41d8cd98f00b204e9800998ecf8427e");
    ck_assert_str_eq(hex(MK_MD5, MK_STR("abc")), "900150983cd24fb0d6963f7d28e17f72");
    ck_assert_str_eq(hex(MK_MD5, MK_STR("1234567890123456789012345678901234567890123456789012345678"
                                        "9012345678901234567890")),
                     "57edf4a22be3c955ac49da2e2107b67a");
}
END_TEST

/* FIPS 180-4, its examples */
START_TEST(knows_the_sha1_of_the_standard)
{
    ck_assert_str_eq(hex(MK_SHA1, MK_STR("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    ck_assert_str_eq(hex(MK_SHA1, MK_STR("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    ck_assert_str_eq(
        hex(MK_SHA1, MK_STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}
END_TEST

START_TEST(knows_the_sha256_of_the_standard)
{
    ck_assert_str_eq(hex(MK_SHA256, MK_STR("")),
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ck_assert_str_eq(hex(MK_SHA256, MK_STR("abc")),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(knows_the_digests_of_a_million_letters)
{
    const size_t n = 1000000;
    char *const letters = malloc(n);

    ck_assert_ptr_nonnull(letters);
    memset(letters, 'a', n);
    const mk_str s = {letters, n};
    ck_assert_str_eq(hex(MK_MD5, s), "7707d6ae4e027c70eea2a935c2296f21");
    ck_assert_str_eq(hex(MK_SHA1, s), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    ck_assert_str_eq(hex(MK_SHA256, s),
                     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}
END_TEST

START_TEST(gives_the_same_digest_piece_by_piece)
{
    mk_checksum_run *run = NULL;
    char text[MK_SHA256_HEX + 1];

    ck_assert_int_eq(mk_checksum_open(MK_SHA256, &run, NULL), MK_OK);
    for (int i = 0; i < 2; i++) { /* and begins anew */
        mk_checksum_add(run, MK_STR("a"));
        mk_checksum_add(run, MK_STR(""));
        mk_checksum_add(run, MK_STR("bc"));
        ck_assert(mk_checksum_end_hex(run, text));
        ck_assert_str_eq(text, hex(MK_SHA256, MK_STR("abc")));
    }
    mk_checksum_close(run);
    mk_checksum_close(NULL);
}
END_TEST

START_TEST(has_hexadecimal_for_sha256_alone)
{
    mk_checksum_run *run = NULL;
    char text[MK_SHA256_HEX + 1];

    ck_assert_int_eq(mk_checksum_open(MK_MD5, &run, NULL), MK_OK);
    ck_assert(!mk_checksum_end_hex(run, text));
    mk_checksum_close(run);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("checksum");
    TCase *const t = tcase_create("checksum");

    tcase_add_test(t, knows_the_md5_of_the_standard);
    tcase_add_test(t, knows_the_sha1_of_the_standard);
    tcase_add_test(t, knows_the_sha256_of_the_standard);
    tcase_add_test(t, knows_the_digests_of_a_million_letters);
    tcase_add_test(t, gives_the_same_digest_piece_by_piece);
    tcase_add_test(t, has_hexadecimal_for_sha256_alone);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
