/* eight.h: up to eight letters of U+0620 to U+064F through a table at once, by AVX2
 * (asked for at run time). Whoever uses it has a way without. */
#ifndef MK_EIGHT_H
#define MK_EIGHT_H

#include <stdint.h>

#include "base/simd.h"

#ifdef MK_WITH_AVX2
#include <immintrin.h>

enum { MK_EIGHT_BYTES = 16 /* that are to be there */ };

/* Returns how many letters stand at ptr, whose bytes in the table (by the last byte of the
 * code point) are `least` or more. ret has as many bytes, the first in the lowest bits;
 * those above are not to be looked at. */
__attribute__((target("avx2"))) static inline unsigned mk_eight_letters(const void *ptr,
                                                                        const uint8_t table[256],
                                                                        uint8_t least,
                                                                        uint64_t *ret)
{
    const __m128i *const rows = (const __m128i *)(const void *)(table + 0x20);
    const __m128i c = _mm_loadu_si128((const __m128i *)ptr);
    const __m128i lead = _mm_cmpeq_epi16(_mm_and_si128(c, _mm_set1_epi16(0xFC)),
                                         _mm_set1_epi16(0xD8));
    const __m128i cp = _mm_or_si128(_mm_slli_epi16(_mm_and_si128(c, _mm_set1_epi16(0x03)), 6),
                                    _mm_and_si128(_mm_srli_epi16(c, 8), _mm_set1_epi16(0x3F)));
    const __m128i low = _mm_packus_epi16(cp, cp);
    const __m128i row = _mm_and_si128(low, _mm_set1_epi8((char)0xF0));
    __m128i codes = _mm_setzero_si128();

    for (int i = 0; i < 3; i++)
        codes = _mm_or_si128(
            codes, _mm_and_si128(_mm_cmpeq_epi8(row, _mm_set1_epi8((char)(0x20 + 16 * i))),
                                 _mm_shuffle_epi8(_mm_loadu_si128(rows + i), low)));
    const __m128i enough = _mm_cmpeq_epi8(_mm_max_epu8(codes, _mm_set1_epi8((char)least)), codes);
    const __m128i letters = _mm_and_si128(enough, _mm_packs_epi16(lead, lead));

    *ret = (uint64_t)_mm_cvtsi128_si64(codes);
    return (unsigned)__builtin_ctz(~((unsigned)_mm_movemask_epi8(letters) & 0xFF));
}
#endif

#endif
