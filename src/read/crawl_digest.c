/* crawl_digest.c: WARC-Block-Digest and WARC-Payload-Digest (ISO 28500, 5.8): a word, a
 * colon, a value whose base the standard leaves open: tools write SHA-1 in base32 (RFC
 * 4648), the others in hexadecimal. Cases: tests/read/test_crawl_digest.c. */
#include "read/crawl_digest.h"

#include "base/checksum.h"
#include "read/field.h"

static const struct {
    mk_str name;
    mk_checksum_kind kind;
} names[] = {
    {{"sha1", 4}, MK_SHA1},      {{"sha-1", 5}, MK_SHA1}, {{"sha256", 6}, MK_SHA256},
    {{"sha-256", 7}, MK_SHA256}, {{"md5", 3}, MK_MD5},
};

static bool same_hex(mk_str value, const unsigned char *digest, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * MK_CHECKSUM_MAX];

    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    return mk_field_same(value, (mk_str){text, 2 * n});
}

static bool same_base32(mk_str value, const unsigned char *digest, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char text[2 * MK_CHECKSUM_MAX];
    size_t len = 0;

    for (size_t bit = 0; bit < 8 * n; bit += 5) {
        const unsigned next = bit / 8 + 1 < n ? digest[bit / 8 + 1] : 0;
        const unsigned pair = (unsigned)digest[bit / 8] << 8 | next;
        text[len++] = digits[pair >> (11 - bit % 8) & 31];
    }
    while (value.len > 0 && value.ptr[value.len - 1] == '=')
        value.len--;
    return mk_field_same(value, (mk_str){text, len});
}

bool mk_crawl_digest_is(mk_str field, mk_str bytes, bool *ret_known)
{
    const char *const colon = field.len > 0 ? memchr(field.ptr, ':', field.len) : NULL;
    const size_t n_name = colon ? (size_t)(colon - field.ptr) : field.len;
    unsigned char digest[MK_CHECKSUM_MAX];

    *ret_known = false;
    for (size_t i = 0; colon && i < sizeof(names) / sizeof(*names); i++) {
        if (!mk_field_same(names[i].name, mk_str_sub(field, 0, n_name)))
            continue;
        const mk_str value = mk_field_trim(mk_str_sub(field, n_name + 1, field.len));
        const size_t n = mk_checksum(names[i].kind, bytes, digest);
        *ret_known = n > 0; /* 0: cannot be computed */
        return same_hex(value, digest, n) || same_base32(value, digest, n);
    }
    return false;
}
