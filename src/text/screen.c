/* screen.c: see screen.h.
 *
 * A walk over the text looks only at what could begin work; at each such place
 * mk_look_at asks the same questions, whichever way the walk has come: bytewise by
 * tables, or in Arabic in blocks of 64 (AVX2) or 8. So all ways give the same answer,
 * and each may stop where there is nothing. Cases: tests/text/test_screen.c. */
#include "text/screen.h"

#include <stdlib.h>

#include "text/codepage.h"
#include "text/look.h"

#ifdef MK_WITH_AVX2
#include <immintrin.h>
#endif

enum { PLAIN, AFTER_ITS_LIKE, ALWAYS };

#define B(op) MK_OP_BIT(MK_OP_##op)

/* ---- tables ---- */

void mk_screen_init(mk_screen *screen, mk_language language, bool simd)
{
    const unsigned work = MK_MARK | MK_TATWEEL;

    *screen = (mk_screen){.language = language, .plain_arabic = language <= MK_LANGUAGE_AR};
    screen->simd = simd && screen->plain_arabic;
    for (unsigned b = 0; b < 128; b++)
        screen->ascii[b] = b < 0x20 || b == 0x7F || b == '&' ? ALWAYS : PLAIN;
    for (const char *p = " \n!?,;."; *p; p++)
        screen->ascii[(unsigned char)*p] = AFTER_ITS_LIKE;
    for (unsigned i = 0; i < 256; i++) {
        const uint32_t cp = 0x600 + i;
        const unsigned facts = mk_letter_facts_of(cp);
        bool plain = facts & (MK_LETTER | MK_DIGIT) && !(facts & work);
        if (language != MK_LANGUAGE_OTHER)
            plain &= mk_letter_maps[MK_MAP_AR + ((unsigned)language - MK_LANGUAGE_AR)][i] == 0;
        plain &= cp != 0x06CC || language != MK_LANGUAGE_AR; /* letters by place */
        plain &= cp != 0x0647 || (language != MK_LANGUAGE_UR && language != MK_LANGUAGE_UG);
        plain &= cp != 0x06BE || language != MK_LANGUAGE_CKB;
        plain &= cp != 0x06CC || language != MK_LANGUAGE_UG;
        plain &= cp != 0x0671 && !(facts & MK_QURAN);
        screen->arabic[i] = (mk_page_byte(MK_PAGE_1256, cp) & 0xC0) == 0x80 ? 2 : !plain;
    }
}

/* ---- the walk ---- */

/* Quotation marks in order: those that could be wrong. */
typedef struct quotes {
    size_t depth, last;
} quotes;

typedef struct walk {
    const mk_screen *screen;
    mk_str text;
    uint64_t bits;
    quotes quotes;
    mk_buf *spots; /* NULL: nobody asks where */
} walk;

/* There is work at `at`. */
static void note(walk *w, size_t at, uint64_t needs)
{
    enum { NEAR = 32 /* bytes: two such places are worked on together */ };
    mk_buf *const spots = w->spots;

    w->bits |= needs;
    if (!needs || !spots)
        return;
    mk_spot spot = {.from = (uint32_t)at, .to = (uint32_t)at, .needs = needs};
    if (spots->len > 0) {
        char *const last = spots->ptr + spots->len - sizeof(spot);
        mk_spot before;
        memcpy(&before, last, sizeof(before));
        if (at - before.to <= NEAR && !memchr(w->text.ptr + before.to, '\n', at - before.to)) {
            before.to = spot.to;
            before.needs |= needs;
            memcpy(last, &before, sizeof(before));
            return;
        }
    }
    mk_buf_put(spots, (mk_str){(const char *)&spot, sizeof(spot)});
}

static bool is_odd_quote(quotes *q, const mk_place *p)
{
    const bool same_line = !memchr(p->text.ptr + q->last, '\n', p->from - q->last);

    q->depth = same_line ? q->depth : 0;
    q->last = p->from;
    if (p->cp == 0x201C)
        q->depth++;
    if (p->cp != 0x201D)
        return p->cp == 0x2033 && q->depth > 0;
    if (q->depth == 0)
        return true;
    q->depth--;
    return false;
}

/* Looks at the character at `at`; returns its end. */
static size_t take(walk *w, size_t at)
{
    mk_place p = {.screen = w->screen, .text = w->text, .from = at};

    p.cp = mk_take(w->text, &at);
    p.to = at;
    uint64_t needs = mk_look_at(&p) & ~B(QUOTE_REPAIR);
    if (p.cp == 0x201C || p.cp == 0x201D || p.cp == 0x2033)
        needs |= is_odd_quote(&w->quotes, &p) ? B(QUOTE_REPAIR) : 0;
    note(w, p.from, needs);
    return at;
}

/* ---- by bytes ---- */

/* True if the ASCII byte at `at` is to be looked at. */
static inline bool is_ascii_work(const mk_screen *screen, const unsigned char *text, size_t at)
{
    const unsigned char c = text[at], before = at > 0 ? text[at - 1] : 0x80;

    if (screen->ascii[c] == ALWAYS)
        return true;
    return before < 0x80 && screen->ascii[c] == AFTER_ITS_LIKE &&
           (before == c || (c <= ' ' && (before == ' ' || before == '\n')));
}

/* True if the eight bytes at p are four plain letters of U+06xx, none of them like
 * the one before it: what most words have. */
static inline bool four_plain(const mk_screen *screen, const unsigned char *p)
{
    for (size_t i = 0; i < 8; i += 2)
        if ((p[i] & 0xFC) != 0xD8 || screen->arabic[(p[i] & 3u) << 6 | (p[i + 1] & 0x3Fu)] ||
            memcmp(p + i, p + i - 2, 2) == 0)
            return false;
    return true;
}

/* The first character from `at` on that is to be looked at, or the end. */
static size_t next_work(const mk_screen *screen, mk_str text, size_t at)
{
    const unsigned char *const p = (const unsigned char *)text.ptr;

    while (at < text.len) {
        if (p[at] < 0x80) {
            if (is_ascii_work(screen, p, at))
                return at;
            at++;
            continue;
        }
        if ((p[at] & 0xFC) != 0xD8 || text.len - at < 2)
            return at;
        if (at >= 2 && text.len - at >= 8 && four_plain(screen, p + at)) {
            at += 8;
            continue;
        }
        if (screen->arabic[(p[at] & 3u) << 6 | (p[at + 1] & 0x3Fu)])
            return at;
        if (at >= 8 && memcmp(p + at - 8, p + at - 6, 8) == 0)
            return at; /* five of a letter */
        at += 2;
    }
    return at;
}

static void walk_bytes(walk *w)
{
    size_t at = 0;

    while ((at = next_work(w->screen, w->text, at)) < w->text.len)
        at = take(w, at);
}

/* ---- by blocks ---- */

/* A block's mask has a bit for each byte that is to be looked at, or that stands behind
 * the first of two bytes that are: those and some more. It knows what is plain in Arabic:
 * ASCII, U+0620 to U+063F, U+0641 to U+064A. LF may be work, and the walk looks at a space
 * behind it. */
enum {
    BACK = 8, /* bytes before a block that its mask asks about */
    MAX_BLOCK = 64
};

#define BYTES(x) (UINT64_C(0x0101010101010101) * (x)) /* x in each byte */

/* The highest bit of each byte that is 0; of others it is 0, the rest is anything. */
static inline uint64_t is_zero(uint64_t v)
{
    return ~(((v & BYTES(0x7F)) + BYTES(0x7F)) | v);
}

static inline uint64_t load_8(const char *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof(v));
    return v;
}

/* Of eight bytes: the highest bit of each in a word that lies as the bytes do. All sums
 * are of seven bits. */
static inline uint64_t work_in_8(const char *p)
{
    const uint64_t v = load_8(p), one = load_8(p - 1), two = v ^ load_8(p - 2);
    const uint64_t low = v & BYTES(0x7F), more = v << 1;
    const uint64_t control = ~(low + BYTES(0x60)) | (low + BYTES(0x01));
    const uint64_t sign = is_zero(low ^ BYTES('&')) |
                          (is_zero(low ^ BYTES(' ')) & is_zero(one ^ BYTES(' ')));
    const uint64_t three = is_zero((v ^ one) | two);
    const uint64_t d8 = (v ^ BYTES(0xD8)) & BYTES(0x7E);
    const uint64_t lead = more & (d8 + BYTES(0x7F));
    /* 20 to 3F behind D8, 41 to 4A behind D9 */
    const uint64_t i = (v & BYTES(0x3F)) | (one & BYTES(1)) << 6;
    const uint64_t tail = ~(i + BYTES(0x60)) | (i + BYTES(0x35)) | is_zero(i ^ BYTES(0x40));
    const uint64_t five = is_zero(two | (v ^ load_8(p - 4)));
    return ((~v & (control | sign)) | three | (v & (lead | (~more & (tail | five))))) & BYTES(0x80);
}

#ifdef MK_WITH_AVX2
#define AVX2 __attribute__((target("avx2"))) static inline

/* The same 16 bytes in both halves. */
#define ROW(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

/* Pairs of a byte and the one before it that could be work, by their four halves: a
 * pair is one if a bit is set in all of the rows.
 * 01: D8, then 80 to 9F            02: D9, then 80 or 8B to 8F
 * 04: D9, then 90 to 9F or from B0 08: &
 * 10: 1., C., E., F.               20: D0 to D7, DA to DF
 * 40: 00 to 1F but LF              80: a space or LF (or *) after one of them */
AVX2 __m256i pairs_of(__m256i before, __m256i byte)
{
    enum { ANY = 0x78, D8 = 0x01, D9 = 0x06, BLANK = (char)0x80 };
    const __m256i half = _mm256_set1_epi8(0x0F);
    const __m256i before_high = ROW(ANY | BLANK, ANY, ANY | BLANK, ANY, ANY, ANY, ANY, ANY, ANY,
                                    ANY, ANY, ANY, ANY, ANY | D8 | D9, ANY, ANY);
    const __m256i before_low = ROW(ANY | BLANK, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY | D8,
                                   ANY | D9, ANY | BLANK, ANY, ANY, ANY, ANY, ANY);
    const __m256i high = ROW(0x40 | BLANK, 0x10, 0x08 | BLANK, 0, 0, 0, 0, 0, 0x03, 0x05, 0, 0x04,
                             0x10, 0x20, 0x10, 0x10);
    const __m256i low = ROW(0x77 | BLANK, 0x75, 0x75, 0x75, 0x75, 0x75, 0x7D, 0x75, 0x55, 0x55,
                            0x35 | BLANK, 0x77, 0x77, 0x77, 0x77, 0x77);
    const __m256i a = _mm256_and_si256(
        _mm256_shuffle_epi8(before_high, _mm256_and_si256(_mm256_srli_epi16(before, 4), half)),
        _mm256_shuffle_epi8(before_low, _mm256_and_si256(before, half)));
    const __m256i b = _mm256_and_si256(
        _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(byte, 4), half)),
        _mm256_shuffle_epi8(low, _mm256_and_si256(byte, half)));
    return _mm256_and_si256(a, b);
}

AVX2 __m256i load(const char *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

AVX2 uint64_t work_in_32(const char *p)
{
    const __m256i c = load(p), one = load(p - 1), two = load(p - 2);
    const __m256i like_two = _mm256_cmpeq_epi8(c, two);
    /* three of a byte; three of a letter: its tail stands at each second byte */
    const __m256i letters = _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8((char)0xC0), c),
                                             _mm256_cmpeq_epi8(c, load(p - 4)));
    const __m256i three = _mm256_and_si256(like_two,
                                           _mm256_or_si256(letters, _mm256_cmpeq_epi8(c, one)));
    const __m256i del = _mm256_cmpeq_epi8(c, _mm256_set1_epi8(0x7F));
    const __m256i plain = _mm256_cmpeq_epi8(pairs_of(one, c), _mm256_setzero_si256());
    const __m256i none = _mm256_andnot_si256(_mm256_or_si256(del, three), plain);
    return ~(unsigned)_mm256_movemask_epi8(none);
}

AVX2 uint64_t work_in_64(const char *p)
{
    return work_in_32(p) | work_in_32(p + 32) << 32;
}
#endif

/* What stands around a sign. */
enum {
    LETTER = 1,  /* before it, of the 36 of Arabic */
    LETTERS = 2, /* and before that */
    ASCII = 4,   /* before it */
    SPACE = 8    /* after it */
};

/* Bit i: what says i stands around. */
enum {
    IF_LETTER = 0xAAAA,
    IF_LETTERS = 0x8888,
    IF_ASCII = 0xF0F0,
    IF_SPACE = 0xFF00,
    COMMA = IF_LETTERS & IF_SPACE,
    QUOTE = IF_LETTERS | IF_ASCII
};

/* The signs that real text has most of, by the first byte and the last, and where mk_look_at
 * finds nothing in them: comma, semicolon, question mark; vowel signs and shadda; quotation
 * marks and dashes, those of three bytes behind 0x80. */
static const uint8_t sign_rows[256] = {[0xD8] = 1, [0xD9] = 2, [0xC2] = 3, [0xE2] = 4};
static const uint16_t signs[5][64] = {
    [1] = {[0x0C] = COMMA, [0x1B] = COMMA, [0x1F] = COMMA},
    [2] = {[0x0B] = IF_LETTER,
           [0x0C] = IF_LETTER,
           [0x0D] = IF_LETTER,
           [0x0E] = IF_LETTER,
           [0x0F] = IF_LETTER,
           [0x10] = IF_LETTER,
           [0x11] = IF_LETTER,
           [0x12] = IF_LETTER},
    [3] = {[0x2B] = QUOTE, [0x3B] = QUOTE},
    [4] = {[0x13] = QUOTE, [0x14] = QUOTE, [0x18] = QUOTE, [0x19] = QUOTE},
};

/* As mk_is_letter_before, of the character at p, without a branch. */
static inline unsigned is_letter(const unsigned char *p)
{
    return ((unsigned)(p[0] == 0xD8) & (unsigned)(p[1] - 0xA1u <= 0xBA - 0xA1)) |
           ((unsigned)(p[0] == 0xD9) & (unsigned)(p[1] - 0x81u <= 0x8A - 0x81));
}

/* True if mk_look_at would find nothing in the character at `at`, of those that real text has
 * most of; *ret_to is its end then. Which it is nobody can foretell: so it is looked up. */
static inline bool is_innocent(mk_str text, size_t at, size_t *ret_to)
{
    const unsigned char *const p = (const unsigned char *)text.ptr + at;

    if (at < 4 || text.len - at < 4)
        return false;
    const size_t last = p[0] == 0xE2 ? 2 : 1; /* its place in the sign */
    const unsigned letter = is_letter(p - 2);
    const unsigned around = letter * LETTER | (letter & is_letter(p - 4)) * LETTERS |
                            (unsigned)(p[-1] < 0x80) * ASCII |
                            (unsigned)(p[last + 1] == ' ') * SPACE;
    const unsigned innocent = last == 1 || p[1] == 0x80 ? signs[sign_rows[p[0]]][p[last] & 0x3F]
                                                        : 0;
    *ret_to = at + last + 1;
    if (innocent >> around & 1)
        return true;
    *ret_to = at + 1;
    if (p[0] == '\n') /* between lines that are not blank there */
        return p[-1] > ' ' && p[1] > ' ';
    *ret_to = at + 2; /* marks in canonical order */
    return p[0] == 0xD9 && p[1] - 0x8Bu <= 0x92 - 0x8B && p[-2] == 0xD9 && p[-1] >= 0x8B &&
           p[-1] < p[1] && is_letter(p - 4);
}

typedef uint64_t work_in(const char *p);

/* The mask of the block of `size` bytes at `at`, which may begin or end outside of the text. */
__attribute__((always_inline)) static inline uint64_t work_at(work_in *work, size_t size,
                                                              mk_str text, size_t at)
{
    const size_t back = at < BACK ? at : BACK;
    const size_t n = text.len - at < size ? text.len - at : size;
    char bytes[BACK + MAX_BLOCK];

    if (back == BACK && n == size)
        return work(text.ptr + at);
    memset(bytes, 0, sizeof(bytes));
    memcpy(bytes + BACK - back, text.ptr + at - back, back + n);
    return work(bytes + BACK);
}

enum { CHUNK = 1024 /* bytes: places in them are found first, then looked at */ };

/* Finds the places of the chunk at `at`, in blocks of `size` bytes, of which `bits` bits each
 * stand for one byte. Most blocks have none, one or two: these are written without asking.
 * Returns how many there are. */
__attribute__((always_inline)) static inline size_t find_places(work_in *work, size_t size,
                                                                unsigned bits, mk_str text,
                                                                size_t at, uint32_t *places)
{
    const uint64_t stop = UINT64_C(1) << 63;
    const size_t end = text.len - at < CHUNK ? text.len : at + CHUNK;
    size_t n = 0;

    for (; at < end; at += size) {
        uint64_t mask = work_at(work, size, text, at);
        if (end - at < size)
            mask &= (UINT64_C(1) << (end - at) * bits) - 1; /* what follows is not text */
        if (bits > 1 && !mask)
            continue;
        for (unsigned i = 0; i < 2; i++) {
            places[n] = (uint32_t)(at + (unsigned)__builtin_ctzll(mask | stop) / bits);
            n += mask != 0;
            mask &= mask - 1;
        }
        for (; mask; mask &= mask - 1)
            places[n++] = (uint32_t)(at + (unsigned)__builtin_ctzll(mask) / bits);
    }
    return n;
}

__attribute__((always_inline)) static inline void walk_blocks(walk *w, work_in *work, size_t size,
                                                              unsigned bits)
{
    const mk_str text = w->text;
    uint32_t places[CHUNK + MAX_BLOCK];
    size_t done = 0;

    for (size_t at = 0; at < text.len; at += CHUNK) {
        const size_t n = find_places(work, size, bits, text, at, places);
        for (size_t i = 0; i < n; i++) {
            size_t hit = places[i];
            if (hit < done)
                continue; /* in a character of three or four bytes */
            hit -= ((unsigned char)text.ptr[hit] & 0xC0) == 0x80;
            if (is_innocent(text, hit, &done))
                continue;
            done = take(w, hit);
            if (text.ptr[hit] == '\n' && done < text.len && text.ptr[done] == ' ')
                done = take(w, done);
        }
    }
}

#ifdef MK_WITH_AVX2
__attribute__((target("avx2"))) static void walk_64(walk *w)
{
    walk_blocks(w, work_in_64, 64, 1);
}
#else
static void walk_64(walk *w)
{
    walk_bytes(w);
}
#endif

static void walk_8(walk *w)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    walk_blocks(w, work_in_8, 8, 8);
#else
    walk_bytes(w);
#endif
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

uint64_t mk_screen_find(const mk_screen *screen, mk_str text, mk_buf *spots)
{
    walk w = {.screen = screen, .text = text, .spots = spots};

    if (text.len == 0)
        return 0;
    if (is_blank(text.ptr[0]))
        note(&w, 0, B(WHITESPACE));
    if (screen->simd)
        walk_64(&w);
    else if (screen->plain_arabic)
        walk_8(&w);
    else
        walk_bytes(&w);
    if (is_blank(text.ptr[text.len - 1]))
        note(&w, text.len - 1, B(WHITESPACE));
    return w.bits;
}

uint64_t mk_screen_text(const mk_screen *screen, mk_str text)
{
    return mk_screen_find(screen, text, NULL);
}
