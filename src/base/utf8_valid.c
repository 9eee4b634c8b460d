/* utf8_valid.c: text.h: how much of some bytes is UTF-8.
 *
 * Bytewise, with steps over what most texts are; and in blocks of 32 with AVX2 (asked for
 * at run time), which leave what they do not find valid to the first way, so that both
 * say the same.
 * Sources: RFC 3629 section 4 for the grammar; Keiser and Lemire, Validating UTF-8 In
 * Less Than One Instruction Per Byte (2021), for the blocks.
 * Cases: tests/base/test_utf8.c. */
#include "base/simd.h"
#include "minkhal/text.h"

#ifdef MK_WITH_AVX2
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

static uint8_t byte_at(mk_str s, size_t at)
{
    return (uint8_t)s.ptr[at];
}

static bool is_tail(uint8_t b)
{
    return (b & 0xC0) == 0x80;
}

/* Bytes of the well-formed sequence of three or four bytes that begins s, or 0.
 * The second byte's bounds shut out overlong forms, surrogates and what is
 * above U+10FFFF: the table of RFC 3629 section 4. */
static size_t valid_long(mk_str s)
{
    const uint8_t b = byte_at(s, 0);
    const size_t len = b < 0xF0 ? 3 : 4;
    uint8_t low = 0x80, high = 0xBF;

    if (b < 0xE0 || b > 0xF4 || s.len < len)
        return 0;
    if (b == 0xE0)
        low = 0xA0;
    else if (b == 0xED)
        high = 0x9F;
    else if (b == 0xF0)
        low = 0x90;
    else if (b == 0xF4)
        high = 0x8F;
    if (byte_at(s, 1) < low || byte_at(s, 1) > high || !is_tail(byte_at(s, 2)))
        return 0;
    return len == 4 && !is_tail(byte_at(s, 3)) ? 0 : len;
}

/* True if the eight bytes at p, taken with mask, are pattern. */
static bool eight_match(const char *p, const char mask[8], const char pattern[8])
{
    uint64_t bytes, m, want;

    memcpy(&bytes, p, 8);
    memcpy(&m, mask, 8);
    memcpy(&want, pattern, 8);
    return (bytes & m) == want;
}

#define TWICE(s) s s
#define FOUR_TIMES(s) TWICE(s) TWICE(s)

static bool eight_ascii(const char *p)
{
    return eight_match(p, FOUR_TIMES("\x80\x80"), FOUR_TIMES("\0\0"));
}

/* Four code points of U+0600 to U+06FF. */
static bool eight_arabic(const char *p)
{
    return eight_match(p, FOUR_TIMES("\xFC\xC0"), FOUR_TIMES("\xD8\x80"));
}

enum { SHORT = 256 /* bytes: asking for AVX2 is not worth the while */ };

/* True if all of s is ASCII, as most short texts are; fewer than eight bytes are not
 * looked at. */
static bool is_ascii(mk_str s)
{
    uint64_t all = 0, word;

    if (s.len < 8)
        return false;
    for (size_t at = 0; at < s.len - 8; at += 8) {
        memcpy(&word, s.ptr + at, 8);
        all |= word;
    }
    memcpy(&word, s.ptr + s.len - 8, 8); /* some of them again */
    return ((all | word) & UINT64_C(0x8080808080808080)) == 0;
}

/* Bytes of the 16 at p that are whole code points of one or two bytes: 16, or 15 where
 * the last begins one; 0 if there are others or it cannot be told so fast. */
static size_t sixteen_short(const char *p)
{
#ifdef __SSE2__
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    /* As signed bytes: tails below -64, first bytes of two from -62 to -33. */
    const __m128i tails = _mm_cmplt_epi8(bytes, _mm_set1_epi8(-64));
    const __m128i firsts = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(-63)),
                                         _mm_cmplt_epi8(bytes, _mm_set1_epi8(-32)));
    const unsigned above = (unsigned)_mm_movemask_epi8(bytes);
    const unsigned tail = (unsigned)_mm_movemask_epi8(tails);
    const unsigned first = (unsigned)_mm_movemask_epi8(firsts);

    return above == (tail | first) && tail == (first << 1 & 0xFFFF) ? 16 - (first >> 15) : 0;
#else
    (void)p;
    return 0;
#endif
}

/* From `at` on, before which all is valid. */
static size_t valid_bytewise(mk_str s, size_t at)
{
    while (at < s.len) {
        for (size_t n = 1; n > 0 && s.len - at >= 16; at += n)
            n = sixteen_short(s.ptr + at);
        if (at == s.len)
            break;
        const uint8_t b = byte_at(s, at);
        if (b < 0x80) {
            at++;
            while (s.len - at >= 8 && eight_ascii(s.ptr + at))
                at += 8;
        } else if (b < 0xE0) {
            if (b < 0xC2 || s.len - at < 2 || !is_tail(byte_at(s, at + 1)))
                break;
            at += 2;
            while (s.len - at >= 8 && eight_arabic(s.ptr + at))
                at += 8;
        } else {
            const size_t len = valid_long(mk_str_sub(s, at, s.len));
            if (len == 0)
                break;
            at += len;
        }
    }
    return at;
}

#ifdef MK_WITH_AVX2

enum { BLOCK = 32 /* bytes */ };

/* What two bytes that follow each other may be guilty of: a bit each. Each table knows
 * one half byte; of what all three say, something is true. */
enum {
    TOO_SHORT = 1 << 0,  /* a first byte, and no tail after it */
    TOO_LONG = 1 << 1,   /* a tail after ASCII */
    OVERLONG_3 = 1 << 2, /* E0 80 to E0 9F */
    SURROGATE = 1 << 4,  /* ED A0 to ED BF */
    OVERLONG_2 = 1 << 5, /* C0, C1 */
    TWO_TAILS = 1 << 7,  /* right if a longer sequence began before them */
    TOO_LARGE = 1 << 3,  /* above U+10FFFF: F4 90, F5 and more */
    TOO_LARGE_1000 = 1 << 6,
    OVERLONG_4 = 1 << 6, /* F0 80 to F0 8F */
    CARRY = TOO_SHORT | TOO_LONG | TWO_TAILS
};

#define TWICE_16(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
#define C(bits) ((char)(bits))

/* input moved by n bytes, those of the block before it in front. */
#define MOVED(input, before, n) \
    _mm256_alignr_epi8(input, _mm256_permute2x128_si256(before, input, 0x21), 16 - (n))

__attribute__((target("avx2"))) static inline __m256i high_half(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

/* Pairs of bytes that no text has. */
__attribute__((target("avx2"))) static inline __m256i bad_pairs(__m256i input, __m256i prev)
{
    const __m256i first_high = TWICE_16(
        TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
        C(TWO_TAILS), C(TWO_TAILS), C(TWO_TAILS), C(TWO_TAILS), TOO_SHORT | OVERLONG_2, TOO_SHORT,
        TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4);
    const __m256i first_low = TWICE_16(
        C(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), C(CARRY | OVERLONG_2), C(CARRY), C(CARRY),
        C(CARRY | TOO_LARGE), C(CARRY | TOO_LARGE | TOO_LARGE_1000),
        C(CARRY | TOO_LARGE | TOO_LARGE_1000), C(CARRY | TOO_LARGE | TOO_LARGE_1000),
        C(CARRY | TOO_LARGE | TOO_LARGE_1000), C(CARRY | TOO_LARGE | TOO_LARGE_1000),
        C(CARRY | TOO_LARGE | TOO_LARGE_1000), C(CARRY | TOO_LARGE | TOO_LARGE_1000),
        C(CARRY | TOO_LARGE | TOO_LARGE_1000), C(CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE),
        C(CARRY | TOO_LARGE | TOO_LARGE_1000), C(CARRY | TOO_LARGE | TOO_LARGE_1000));
    const __m256i second_high = TWICE_16(
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        C(TOO_LONG | OVERLONG_2 | TWO_TAILS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4),
        C(TOO_LONG | OVERLONG_2 | TWO_TAILS | OVERLONG_3 | TOO_LARGE),
        C(TOO_LONG | OVERLONG_2 | TWO_TAILS | SURROGATE | TOO_LARGE),
        C(TOO_LONG | OVERLONG_2 | TWO_TAILS | SURROGATE | TOO_LARGE), TOO_SHORT, TOO_SHORT,
        TOO_SHORT, TOO_SHORT);
    const __m256i low = _mm256_and_si256(prev, _mm256_set1_epi8(0x0F));

    return _mm256_and_si256(_mm256_and_si256(_mm256_shuffle_epi8(first_high, high_half(prev)),
                                             _mm256_shuffle_epi8(first_low, low)),
                            _mm256_shuffle_epi8(second_high, high_half(input)));
}

/* All bits of what is wrong in a block, of which the one before was right. */
__attribute__((target("avx2"))) static inline __m256i errors(__m256i input, __m256i before)
{
    const __m256i third = _mm256_subs_epu8(MOVED(input, before, 2), _mm256_set1_epi8(0xE0 - 0x80));
    const __m256i fourth = _mm256_subs_epu8(MOVED(input, before, 3), _mm256_set1_epi8(0xF0 - 0x80));
    const __m256i tails = _mm256_and_si256(_mm256_or_si256(third, fourth),
                                           _mm256_set1_epi8((char)0x80));

    return _mm256_xor_si256(tails, bad_pairs(input, MOVED(input, before, 1)));
}

/* The bytes before the first block that has an error or is not whole, less those of a
 * sequence that goes on in it. */
__attribute__((target("avx2"))) static size_t valid_blocks(mk_str s)
{
    __m256i before = _mm256_setzero_si256();
    size_t at = 0;

    for (; s.len - at >= BLOCK; at += BLOCK) {
        const __m256i input = _mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + at));
        const __m256i bad = errors(input, before);
        if (!_mm256_testz_si256(bad, bad))
            break;
        before = input;
    }
    for (size_t back = 1; back < 4 && back <= at; back++) {
        const uint8_t b = byte_at(s, at - back);
        if (is_tail(b))
            continue;
        const size_t len = b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
        return len > back ? at - back : at;
    }
    return at;
}

size_t mk_utf8_valid(mk_str s)
{
    if (s.len < SHORT)
        return is_ascii(s) ? s.len : valid_bytewise(s, 0);
    return valid_bytewise(s, mk_has_simd() ? valid_blocks(s) : 0);
}

#else

size_t mk_utf8_valid(mk_str s)
{
    return s.len < SHORT && is_ascii(s) ? s.len : valid_bytewise(s, 0);
}

#endif
