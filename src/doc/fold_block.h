/* fold_block.h: text folded 32 bytes at once, by AVX2: letters of U+0620 to U+065F, marks
 * among them and single spaces between them. For fold.c, which has the way without. */
#ifndef MK_FOLD_BLOCK_H
#define MK_FOLD_BLOCK_H

#include <string.h>

#include "base/simd.h"
#include "doc/fold.h"

#ifdef MK_WITH_AVX2
#include <immintrin.h>

enum { MK_FOLD_BLOCK = 32 /* bytes */ };

/* Of eight bytes those whose bits are set, together in front: for each set of bits the
 * numbers of the bytes. */
#define MK_SQUEEZE_0(a) a, (a) << 8,
#define MK_SQUEEZE_1(a) MK_SQUEEZE_0(a) MK_SQUEEZE_0((a) << 8 | 1)
#define MK_SQUEEZE_2(a) MK_SQUEEZE_1(a) MK_SQUEEZE_1((a) << 8 | 2)
#define MK_SQUEEZE_3(a) MK_SQUEEZE_2(a) MK_SQUEEZE_2((a) << 8 | 3)
#define MK_SQUEEZE_4(a) MK_SQUEEZE_3(a) MK_SQUEEZE_3((a) << 8 | 4)
#define MK_SQUEEZE_5(a) MK_SQUEEZE_4(a) MK_SQUEEZE_4((a) << 8 | 5)
#define MK_SQUEEZE_6(a) MK_SQUEEZE_5(a) MK_SQUEEZE_5((a) << 8 | 6)
#define MK_SQUEEZE_7(a) MK_SQUEEZE_6(a) MK_SQUEEZE_6((a) << 8 | 7)

static const uint64_t mk_squeeze[256] = {MK_SQUEEZE_7(UINT64_C(0))};

/* A block as it is folded: a bit or a byte for each of its bytes. */
typedef struct mk_fold_block {
    __m256i codes;    /* of the last byte of a letter; spaces */
    uint32_t letters; /* last bytes of letters */
    uint32_t spaces;
    unsigned n; /* bytes before the first that is none of these, nor of a mark, or that
                   follows a space and is not of a letter */
} mk_fold_block;

/* The block at p, where a character begins. vanish is what the table of letters says of
 * marks; letters have the highest bit. */
__attribute__((target("avx2,bmi"))) static inline mk_fold_block mk_fold_look(
    const void *p, const uint8_t table[256], uint8_t vanish)
{
    const __m256i c = _mm256_loadu_si256((const __m256i *)p);
    const __m256i before = _mm256_alignr_epi8(c, _mm256_permute2x128_si256(c, c, 0x08), 15);
    const __m256i low = _mm256_and_si256(c, _mm256_set1_epi8(0x0F));
    const __m256i odd_row = _mm256_slli_epi16(c, 3); /* the fourth bit on top */
    const __m256i bit_5 = _mm256_set1_epi8(0x20);
    const __m256i upper = _mm256_cmpeq_epi8(_mm256_and_si256(c, bit_5), bit_5);
    const __m256i d8 = _mm256_set1_epi8((char)0xD8), d9 = _mm256_set1_epi8((char)0xD9);
    const __m256i space = _mm256_cmpeq_epi8(c, _mm256_set1_epi8(' '));
    const __m256i leads = _mm256_or_si256(_mm256_cmpeq_epi8(c, d8), _mm256_cmpeq_epi8(c, d9));
    const __m128i *const rows = (const __m128i *)(const void *)(table + 0x20);
    __m256i row[4];

    for (int i = 0; i < 4; i++)
        row[i] = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128(rows + i)), low);
    const __m256i of_d8 = _mm256_and_si256(_mm256_blendv_epi8(row[0], row[1], odd_row),
                                           _mm256_and_si256(_mm256_cmpeq_epi8(before, d8), upper));
    const __m256i of_d9 = _mm256_and_si256(
        _mm256_blendv_epi8(row[2], row[3], odd_row),
        _mm256_andnot_si256(upper, _mm256_cmpeq_epi8(before, d9)));
    const __m256i codes = _mm256_or_si256(of_d8, of_d9);
    const uint32_t letters = (uint32_t)_mm256_movemask_epi8(codes);
    const uint32_t spaces = (uint32_t)_mm256_movemask_epi8(space);
    const uint32_t marks = (uint32_t)_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(codes, _mm256_set1_epi8((char)vanish)));
    /* what a space may not be followed by: a mark, another space */
    const uint32_t known = letters | (marks & ~(spaces << 2));
    const uint32_t good = known | (known >> 1 & (uint32_t)_mm256_movemask_epi8(leads)) |
                          (spaces & ~(spaces << 1));

    return (mk_fold_block){
        .codes = _mm256_or_si256(codes, _mm256_and_si256(c, space)),
        .letters = letters,
        .spaces = spaces,
        .n = good == UINT32_MAX ? MK_FOLD_BLOCK : (unsigned)__builtin_ctz(~good),
    };
}

/* Writes the bytes of codes whose bits are set, and eight bytes behind the last that are not
 * to be looked at. Returns how many they are. */
__attribute__((target("avx2,popcnt"))) static inline unsigned mk_fold_squeeze(__m256i codes,
                                                                              uint32_t kept,
                                                                              char *out)
{
    unsigned n = 0;

    for (int half = 0; half < 2; half++) {
        const __m128i bytes = half ? _mm256_extracti128_si256(codes, 1)
                                   : _mm256_castsi256_si128(codes);
        const unsigned bits = kept >> 16 * half & 0xFFFF;
        const __m128i first = _mm_loadl_epi64((const __m128i *)&mk_squeeze[bits & 0xFF]);
        const __m128i second = _mm_add_epi8(
            _mm_loadl_epi64((const __m128i *)&mk_squeeze[bits >> 8]), _mm_set1_epi8(8));
        _mm_storel_epi64((__m128i *)(void *)(out + n), _mm_shuffle_epi8(bytes, first));
        n += (unsigned)__builtin_popcount(bits & 0xFF);
        _mm_storel_epi64((__m128i *)(void *)(out + n), _mm_shuffle_epi8(bytes, second));
        n += (unsigned)__builtin_popcount(bits >> 8);
    }
    return n;
}
#endif

#endif
