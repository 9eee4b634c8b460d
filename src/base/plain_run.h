/* plain_run.h: what is counted in plain Arabic text, 32 bytes at once, by AVX2 (asked for at
 * run time). Plain is ASCII without controls and backslash, and U+0600 to U+067F but rare
 * signs; whoever uses it has a way for all else, and without. The bounds are those of
 * Unicode 15.0 chapter 9.2. */
#ifndef MK_PLAIN_RUN_H
#define MK_PLAIN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MK_PLAIN_BYTES = 32 /* that are to be there */ };

/* Added to; the three flags say what stands before, and then what stands last. */
typedef struct mk_plain_counts {
    uint64_t latin, arabic; /* letters */
    uint64_t ascii_digits, arabic_digits;
    uint64_t tashkeel, tatweel;
    uint64_t words;  /* runs of letters and digits; marks and tatweel do not end them */
    uint64_t parted; /* what spaces part */
    bool in_word, in_parted, in_line; /* in_line: anything but spaces was there */
} mk_plain_counts;

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define MK_WITH_PLAIN_RUN 1
#include <immintrin.h>

#define MK_AVX2 __attribute__((target("avx2,popcnt,bmi")))

/* Bits of the bytes that are `least` or more. */
MK_AVX2 static inline uint32_t mk_plain_from(__m256i c, uint8_t least)
{
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(_mm256_max_epu8(c, _mm256_set1_epi8((char)least)), c));
}

MK_AVX2 static inline uint32_t mk_plain_is(__m256i c, uint8_t byte)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(c, _mm256_set1_epi8((char)byte)));
}

/* What a block holds, a bit for a byte. Of characters of two bytes the second counts. */
typedef struct mk_plain_block {
    uint32_t leads, space, letters; /* Arabic letters */
    uint32_t in8, in9;              /* second bytes behind 0xD8 and 0xD9 */
    uint32_t is_80, is_b0, from_8b, from_a0;
} mk_plain_block;

MK_AVX2 static inline mk_plain_block mk_plain_look(__m256i c)
{
    const uint32_t lead8 = mk_plain_is(c, 0xD8), lead9 = mk_plain_is(c, 0xD9);
    const uint32_t high = (uint32_t)_mm256_movemask_epi8(c);
    mk_plain_block b = {.leads = lead8 | lead9,
                        .space = mk_plain_is(c, ' '),
                        .in8 = lead8 << 1,
                        .in9 = lead9 << 1,
                        .is_80 = mk_plain_is(c, 0x80),
                        .is_b0 = mk_plain_is(c, 0xB0),
                        .from_8b = mk_plain_from(c, 0x8B),
                        .from_a0 = mk_plain_from(c, 0xA0)};

    b.letters = (b.in8 & b.from_a0) |
                (b.in9 & ((high & ~b.is_80 & ~b.from_8b) | (mk_plain_from(c, 0xAE) & ~b.is_b0)));
    return b;
}

/* Letters and spaces alone, as in most blocks. Returns its bytes. */
MK_AVX2 static inline unsigned mk_plain_simple(const mk_plain_block *b, mk_plain_counts *n)
{
    const unsigned have = MK_PLAIN_BYTES - (b->leads >> 31); /* not half of the last one */
    const uint64_t full = (uint32_t)~b->space & (UINT64_MAX >> (64 - have));

    n->arabic += (unsigned)__builtin_popcount(b->letters);
    n->words += (unsigned)__builtin_popcountll(full & ~(full << 1 | n->in_word));
    n->parted += (unsigned)__builtin_popcountll(full & ~(full << 1 | n->in_parted));
    n->in_word = n->in_parted = full >> (have - 1) & 1;
    n->in_line = n->in_line || full;
    return have;
}

/* Any. Returns its bytes as far as they are plain and whole characters. */
MK_AVX2 static inline unsigned mk_plain_any(__m256i c, const mk_plain_block *b, mk_plain_counts *n)
{
    const uint32_t small = mk_plain_from(_mm256_or_si256(c, _mm256_set1_epi8(0x20)), 'a') &
                           ~mk_plain_from(_mm256_or_si256(c, _mm256_set1_epi8(0x20)), 'z' + 1);
    const uint32_t from_93 = mk_plain_from(c, 0x93), from_aa = mk_plain_from(c, 0xAA);
    /* Of U+0600 to U+061F: the comma, the semicolon, the question mark. */
    const uint32_t signs = mk_plain_is(c, 0x8C) | mk_plain_is(c, 0x9B) | mk_plain_is(c, 0x9F);
    const uint32_t odd = (mk_plain_from(c, 0xC0) & ~b->leads) | mk_plain_is(c, '\\') |
                         ~mk_plain_from(c, 0x20) | mk_plain_is(c, 0x7F) |
                         (b->in8 & ~b->from_a0 & ~signs);
    unsigned have = odd ? (unsigned)__builtin_ctz(odd) : MK_PLAIN_BYTES;

    /* Not into a character: what is odd may be a second byte, or not yet read. */
    if (have > 0 && (b->leads >> (have - 1) & 1))
        have--;
    if (have == 0)
        return 0;
    const uint32_t here = UINT32_MAX >> (32 - have);
    const uint32_t letters = b->letters & here, latin = small & here;
    const uint32_t digits = mk_plain_from(c, '0') & ~mk_plain_from(c, '9' + 1) & here;
    const uint32_t tatweel = b->in9 & b->is_80 & here;
    const uint32_t tashkeel = b->in9 & ((b->from_8b & ~from_93) | b->is_b0) & here;
    const uint32_t marks = b->in9 & from_93 & ~b->from_a0 & here;
    const uint32_t numbers = b->in9 & b->from_a0 & ~from_aa & here;
    const uint32_t makes2 = letters | numbers, joins2 = tatweel | tashkeel | marks;
    const uint64_t makes = latin | digits | makes2 | makes2 >> 1;
    const uint64_t joins = joins2 | joins2 >> 1;
    /* Marks behind what makes words are of the word: a carry runs through them. */
    const uint64_t begin = joins & (makes << 1 | n->in_word);
    const uint64_t word = makes | (joins & ~(joins + begin));
    const uint64_t full = ~b->space & here;

    n->latin += (unsigned)__builtin_popcount(latin);
    n->arabic += (unsigned)__builtin_popcount(letters);
    n->ascii_digits += (unsigned)__builtin_popcount(digits);
    n->arabic_digits += (unsigned)__builtin_popcount(numbers);
    n->tashkeel += (unsigned)__builtin_popcount(tashkeel);
    n->tatweel += (unsigned)__builtin_popcount(tatweel);
    n->words += (unsigned)__builtin_popcountll(makes & ~(word << 1 | n->in_word));
    n->parted += (unsigned)__builtin_popcountll(full & ~(full << 1 | n->in_parted));
    n->in_word = word >> (have - 1) & 1;
    n->in_parted = full >> (have - 1) & 1;
    n->in_line = n->in_line || full;
    return have;
}

/* Counts from ptr on, where a character begins, as far as all is plain and 32 bytes are
 * there. Returns how many bytes: whole characters. */
MK_AVX2 static inline size_t mk_plain_run(const char *ptr, size_t len, mk_plain_counts *to)
{
    mk_plain_counts n = *to;
    size_t at = 0;

    while (len - at >= MK_PLAIN_BYTES) {
        const __m256i c = _mm256_loadu_si256((const __m256i *)(const void *)(ptr + at));
        const mk_plain_block b = mk_plain_look(c);
        const unsigned have = (b.space | b.leads | b.letters) == UINT32_MAX
                                  ? mk_plain_simple(&b, &n)
                                  : mk_plain_any(c, &b, &n);
        at += have;
        if (have < MK_PLAIN_BYTES - 1) /* something odd */
            break;
    }
    *to = n;
    return at;
}
#endif

#endif
