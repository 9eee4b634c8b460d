/* bytes.c: see bytes.h. The kinds are told by the halves of a byte: those that both its
 * halves may have. Cases: tests/base/test_bytes.c. */
#include "base/bytes.h"

#include "base/simd.h"

#ifdef MK_WITH_AVX2
#include <immintrin.h>
#endif

static const uint8_t by_high[16] = {
    [0x0] = MK_BYTE_BREAK, [0x2] = MK_BYTE_AMPERSAND,
    [0xC] = MK_BYTE_C2,    [0xE] = MK_BYTE_E2 | MK_BYTE_EE | MK_BYTE_EF,
    [0xF] = MK_BYTE_F,
};

static const uint8_t by_low[16] = {
    [0x0] = MK_BYTE_F,
    [0x1] = MK_BYTE_F,
    [0x2] = MK_BYTE_F | MK_BYTE_C2 | MK_BYTE_E2,
    [0x3] = MK_BYTE_F | MK_BYTE_C2,
    [0x4] = MK_BYTE_F,
    [0x5] = MK_BYTE_F,
    [0x6] = MK_BYTE_F | MK_BYTE_AMPERSAND,
    [0x7] = MK_BYTE_F,
    [0x8] = MK_BYTE_F,
    [0x9] = MK_BYTE_F,
    [0xA] = MK_BYTE_F,
    [0xB] = MK_BYTE_F | MK_BYTE_BREAK,
    [0xC] = MK_BYTE_F | MK_BYTE_BREAK,
    [0xD] = MK_BYTE_F | MK_BYTE_BREAK,
    [0xE] = MK_BYTE_F | MK_BYTE_BREAK | MK_BYTE_EE,
    [0xF] = MK_BYTE_F | MK_BYTE_BREAK | MK_BYTE_EF,
};

static unsigned bytes_one_by_one(mk_str text, size_t at)
{
    unsigned ret = 0;

    for (; at < text.len; at++) {
        const uint8_t b = (uint8_t)text.ptr[at];
        ret |= by_high[b >> 4] & by_low[b & 0x0F];
    }
    return ret;
}

#ifdef MK_WITH_AVX2
__attribute__((target("avx2"))) static unsigned bytes_in_blocks(mk_str text, size_t *at)
{
    const __m256i high = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)by_high));
    const __m256i low = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)by_low));
    const __m256i half = _mm256_set1_epi8(0x0F);
    __m256i found = _mm256_setzero_si256();
    uint64_t part[4];

    for (; text.len - *at >= sizeof(found); *at += sizeof(found)) {
        const __m256i c = _mm256_loadu_si256((const __m256i *)(const void *)(text.ptr + *at));
        const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(c, 4), half);
        found = _mm256_or_si256(
            found, _mm256_and_si256(_mm256_shuffle_epi8(high, upper),
                                    _mm256_shuffle_epi8(low, _mm256_and_si256(c, half))));
    }
    _mm256_storeu_si256((__m256i *)(void *)part, found);
    uint64_t all = part[0] | part[1] | part[2] | part[3];
    all |= all >> 32;
    all |= all >> 16;
    return (unsigned)((all | all >> 8) & 0xFF);
}
#endif

unsigned mk_bytes_of(mk_str text, bool simd)
{
    unsigned ret = 0;
    size_t at = 0;
#ifdef MK_WITH_AVX2
    if (simd)
        ret = bytes_in_blocks(text, &at);
#else
    (void)simd;
#endif
    return ret | bytes_one_by_one(text, at);
}
