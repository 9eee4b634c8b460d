/* checksum.c: MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4), one call each. They share
 * their blocks of 64 bytes and differ in the order of bytes and in the mixing.
 * Cases: tests/base/test_checksum.c. */
#include "base/checksum.h"

enum { BLOCK = 64 /* bytes */ };

typedef struct hash {
    uint32_t state[8];
} hash;

static uint32_t left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint32_t big(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t little(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* ---- MD5 ---- */

static void mix_md5(hash *h, const unsigned char *p)
{
    static const uint32_t sines[64] = {
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
        0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
        0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
        0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
        0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
        0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
        0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
        0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
        0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
        0xeb86d391};
    static const unsigned char turns[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const unsigned char steps[4][2] = {{1, 0}, {5, 1}, {3, 5}, {7, 0}};
    uint32_t a = h->state[0], b = h->state[1], c = h->state[2], d = h->state[3];

    for (unsigned i = 0; i < 64; i++) {
        const unsigned round = i / 16;
        const uint32_t f = round == 0   ? (b & c) | (~b & d)
                           : round == 1 ? (d & b) | (~d & c)
                           : round == 2 ? b ^ c ^ d
                                        : c ^ (b | ~d);
        const unsigned word = (steps[round][0] * i + steps[round][1]) % 16;
        const uint32_t sum = a + f + sines[i] + little(p + 4 * word);
        a = d;
        d = c;
        c = b;
        b += left(sum, turns[round][i % 4]);
    }
    h->state[0] += a;
    h->state[1] += b;
    h->state[2] += c;
    h->state[3] += d;
}

/* ---- SHA-1 ---- */

static void mix_sha1(hash *h, const unsigned char *p)
{
    static const uint32_t add[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t w[80];
    uint32_t a = h->state[0], b = h->state[1], c = h->state[2], d = h->state[3], e = h->state[4];

    for (unsigned i = 0; i < 16; i++)
        w[i] = big(p + 4 * (size_t)i);
    for (unsigned i = 16; i < 80; i++)
        w[i] = left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (unsigned i = 0; i < 80; i++) {
        const unsigned round = i / 20;
        const uint32_t f = round == 0   ? (b & c) | (~b & d)
                           : round == 2 ? (b & c) | (b & d) | (c & d)
                                        : b ^ c ^ d;
        const uint32_t sum = left(a, 5) + f + e + add[round] + w[i];
        e = d;
        d = c;
        c = left(b, 30);
        b = a;
        a = sum;
    }
    h->state[0] += a;
    h->state[1] += b;
    h->state[2] += c;
    h->state[3] += d;
    h->state[4] += e;
}

/* ---- SHA-256 ---- */

static void mix_sha256(hash *h, const unsigned char *p)
{
    static const uint32_t add[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2};
    uint32_t w[64], s[8];

    for (unsigned i = 0; i < 16; i++)
        w[i] = big(p + 4 * (size_t)i);
    for (unsigned i = 16; i < 64; i++) {
        const uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (left(x, 25) ^ left(x, 14) ^ x >> 3) + w[i - 7] +
               (left(y, 15) ^ left(y, 13) ^ y >> 10);
    }
    memcpy(s, h->state, sizeof(s));
    for (unsigned i = 0; i < 64; i++) {
        const uint32_t e = s[4], a = s[0];
        const uint32_t t1 = s[7] + (left(e, 26) ^ left(e, 21) ^ left(e, 7)) +
                            ((e & s[5]) ^ (~e & s[6])) + add[i] + w[i];
        const uint32_t t2 = (left(a, 30) ^ left(a, 19) ^ left(a, 10)) +
                            ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof(*s));
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++)
        h->state[i] += s[i];
}

/* ---- all ---- */

static const struct {
    hash start;
    void (*mix)(hash *h, const unsigned char *block);
    size_t len;
    bool little;
} kinds[] = {
    [MK_MD5] = {{{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}}, mix_md5, 16, true},
    [MK_SHA1] = {{{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}},
                 mix_sha1,
                 20,
                 false},
    [MK_SHA256] = {{{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                     0x1f83d9ab, 0x5be0cd19}},
                   mix_sha256,
                   32,
                   false},
};

size_t mk_checksum(mk_checksum_kind kind, mk_str s, unsigned char out[MK_CHECKSUM_MAX])
{
    hash h = kinds[kind].start;
    unsigned char tail[2 * BLOCK] = {0};
    const uint64_t n_bits = (uint64_t)s.len * 8;
    size_t at = 0;

    for (; s.len - at >= BLOCK; at += BLOCK)
        kinds[kind].mix(&h, (const unsigned char *)s.ptr + at);
    /* The rest, a bit, zeros, the number of bits. */
    const size_t rest = s.len - at;
    const size_t n_tail = rest + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
    if (rest > 0)
        memcpy(tail, s.ptr + at, rest);
    tail[rest] = 0x80;
    for (unsigned i = 0; i < 8; i++)
        tail[n_tail - 8 + i] = (unsigned char)(n_bits >> 8 * (kinds[kind].little ? i : 7 - i));
    for (at = 0; at < n_tail; at += BLOCK)
        kinds[kind].mix(&h, tail + at);
    for (unsigned i = 0; i < kinds[kind].len; i++)
        out[i] = (unsigned char)(h.state[i / 4] >> 8 * (kinds[kind].little ? i % 4 : 3 - i % 4));
    return kinds[kind].len;
}
