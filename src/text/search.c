/* search.c: see search.h.
 *
 * Nearly every word of Arabic changes in the search form, and nearly always by
 * folds of single signs: those are one table here, made of the facts that the
 * operations have. Tatweel goes whatever train has left of it. Refuses all else:
 * signs that depend on others, other scripts above ASCII, three of a letter in
 * sequence, spaces that meet. With AVX2 letters and ASCII are folded in blocks by
 * rows of the same table; what a block refuses is looked at sign by sign. What comes
 * out is what the operations make; tests/text/test_screen.c compares all ways. */
#include "text/search.h"

#include "text/codepage.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define WITH_AVX2 1
#include <immintrin.h>
#endif

static uint32_t fold(uint32_t cp, bool arabic)
{
    static const uint8_t maps[] = {MK_MAP_SCRIPT, MK_MAP_ALEF, MK_MAP_MAKSURA, MK_MAP_MARBUTA};

    for (size_t i = 0; arabic && i < sizeof(maps); i++)
        cp = mk_letter_map(maps[i], cp);
    return cp;
}

/* The sign becomes n bytes. */
static void put(mk_search_table *table, unsigned i, const char *bytes, uint8_t n)
{
    memcpy(&table->code[i], bytes, n);
    table->len[i] = n;
}

/* Letters that stay letters, as rows for blocks. */
static void make_rows(mk_search_table *table)
{
    static const struct {
        uint8_t lead, first;
    } rows[MK_SEARCH_ROWS] = {{0xD8, 0xA0}, {0xD8, 0xB0}, {0xD9, 0x80}};

    for (unsigned r = 0; r < MK_SEARCH_ROWS; r++) {
        for (unsigned low = 0; low < 16; low++) {
            const unsigned i = (rows[r].lead & 3u) << 6 | ((rows[r].first & 0x3Fu) + low);
            uint8_t bytes[2];
            memcpy(bytes, &table->code[i], 2);
            if (table->len[i] != 2 || table->odd[i])
                continue;
            if (bytes[0] != rows[r].lead && r > 0)
                continue;
            table->tail[r][low] = bytes[1];
            if (r == 0)
                table->flip[low] = bytes[0] ^ rows[r].lead;
        }
    }
}

void mk_search_init(mk_search_table *table, bool arabic, bool simd)
{
    static const struct {
        uint8_t low;
        char sign[2];
    } signs[] = {{0x0C, ","}, {0x1B, ";"}, {0x1F, "?"}, {0xD4, "."}, {0x6D, "*"}};

    *table = (mk_search_table){.simd = simd};
    for (unsigned i = 0; i < 256; i++) {
        const uint32_t cp = 0x600 + i;
        const unsigned facts = mk_letter_facts_of(cp);
        char bytes[4];
        table->odd[i] = (mk_page_byte(MK_PAGE_1256, cp) & 0xC0) == 0x80;
        table->len[i] = MK_SEARCH_SLOW;
        if (facts & MK_LETTER && !(cp >= 0x0675 && cp <= 0x0678)) {
            mk_utf8_put(bytes, fold(cp, arabic));
            put(table, i, bytes, 2);
        } else if (facts & MK_DIGIT) {
            bytes[0] = (char)('0' + mk_digit_value(cp));
            put(table, i, bytes, 1);
        } else if (facts & (MK_MARK | MK_TATWEEL)) {
            table->len[i] = 0;
        }
    }
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        put(table, signs[i].low, signs[i].sign, 1);
        table->odd[signs[i].low] = 0;
    }
    make_rows(table);
}

#define ELLIPSIS "\xE2\x80\xA6"

/* Quotation marks and dashes of three bytes, 0 for others. */
static char ascii_of(const unsigned char *p)
{
    if (p[0] != 0xE2 || p[1] != 0x80)
        return 0;
    switch (p[2]) {
    case 0x9C:
    case 0x9D:
    case 0x9E:
    case 0x9F:
        return '"';
    case 0x98:
    case 0x99:
    case 0x9A:
        return '\'';
    case 0x93:
    case 0x94:
        return '-';
    default:
        return 0;
    }
}

/* The bytes of a sign that has no other form, or 0: of U+00A1 to U+00BF those that are no
 * figures, letters and accents; the bullet; arrows, and the shapes and symbols U+25A0 to
 * U+27BF, which lists begin with. */
static size_t sign_that_stays(const unsigned char *p, const unsigned char *end)
{
    const uint32_t two = 0x80C352FE; /* from U+00A0 on, a bit each */

    if (*p == 0xC2)
        return p[1] >= 0xA0 && two >> (p[1] - 0xA0) & 1 ? 2 : 0;
    if (*p != 0xE2 || end - p < 3)
        return 0;
    return (p[1] == 0x80 && p[2] == 0xA2) || (p[1] == 0x86 && p[2] >= 0x90) || p[1] == 0x87 ||
                   (p[1] == 0x96 && p[2] >= 0xA0) || (p[1] >= 0x97 && p[1] <= 0x9E)
               ? 3
               : 0;
}

/* What has been written: the last two signs, letters by their codes. */
typedef struct writer {
    const unsigned char *text;
    char *begin, *to;
    unsigned last, before;
    bool odd, may_be_odd;
} writer;

/* False: it would be the fourth of a sign that train counts. */
static inline bool put_ascii(writer *w, char c)
{
    if (w->last == (unsigned char)c && (c == '.' || c == '!' || c == '?' || c == ',' || c == ';') &&
        w->to - w->begin >= 3 && w->to[-2] == c && w->to[-3] == c)
        return false;
    w->before = w->last;
    w->last = (unsigned char)c;
    *w->to++ = c;
    return true;
}

/* The signs of U+06xx from p on. Returns where others begin, or one that is slow. */
static const unsigned char *put_arabic(const mk_search_table *table, const unsigned char *p,
                                       const unsigned char *end, writer *w)
{
    do {
        const unsigned i = (*p & 3u) << 6 | (p[1] & 0x3Fu);
        const unsigned code = table->code[i], len = table->len[i];
        if (len == 2) {
            if ((code == w->last && code == w->before) || (table->odd[i] && !w->may_be_odd))
                break; /* three of a letter */
            memcpy(w->to, &table->code[i], 2);
            w->to += 2;
            w->before = w->last;
            w->last = code;
            w->odd |= table->odd[i] != 0;
        } else if (len == 1) {
            if (!put_ascii(w, *(const char *)&table->code[i]))
                break;
        } else if (len == MK_SEARCH_SLOW) {
            break;
        }
        p += 2;
    } while (p < end && (*p & 0xFC) == 0xD8);
    return p;
}

/* A sign of ASCII. Returns where the next begins; p if this one is slow. */
static inline const unsigned char *put_byte(const unsigned char *p, writer *w)
{
    const char c = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);

    if (c == ' ' && (w->last == ' ' || w->last == '\n'))
        return p;
    if (c == '\n' && (w->last == ' ' || (w->last == '\n' && p > w->text && p[-1] != '\n')))
        return p; /* of the line nothing is left, or a space at its end */
    return put_ascii(w, c) ? p + 1 : p;
}

/* The same of a sign outside of ASCII and U+06xx. */
static const unsigned char *put_other(const unsigned char *p, const unsigned char *end, writer *w)
{
    const size_t len = sign_that_stays(p, end);
    const char c = end - p >= 3 ? ascii_of(p) : 0;

    if (len == 3 || (len == 2 && w->may_be_odd)) {
        memcpy(w->to, p, len);
        w->to += len;
        w->before = w->last = *p;
        w->odd |= len == 2;
        return p + len;
    }
    if (end - p >= 3 && memcmp(p, ELLIPSIS, 3) == 0 && w->last != '.') {
        memcpy(w->to, "...", 3);
        w->to += 3;
        w->before = w->last = '.';
        return p + 3;
    }
    if (*p == 0xC2 && (p[1] == 0xAB || p[1] == 0xBB))
        return put_ascii(w, '"') ? p + 2 : p;
    return c && put_ascii(w, c) ? p + 3 : p;
}

/* The sign at p, or, with those like it that follow, the signs of U+06xx. Returns
 * where the next begins; p if this one is slow. */
static const unsigned char *put_sign(const mk_search_table *table, const unsigned char *p,
                                     const unsigned char *end, writer *w)
{
    if ((*p & 0xFC) == 0xD8)
        return put_arabic(table, p, end, w);
    return *p < 0x80 ? put_byte(p, w) : put_other(p, end, w);
}

/* ---- in blocks ---- */

#ifdef WITH_AVX2
enum {
    BLOCK = 32, /* bytes; one more is read */
    BACK = 16   /* bytes of what was written before it */
};

#define AVX2 __attribute__((target("avx2"))) static inline

/* What a block is compared with and looked up in, made once for many. */
typedef struct block_rows {
    __m256i d8, d9, leads, ascii, to_z, below_a, blank;
    __m256i a0, b0, eighty, out; /* rows of letters, and what leads out of them */
    __m256i tail[MK_SEARCH_ROWS], flip;
} block_rows;

/* v, not to be made anew in each block: compilers would, for want of registers. */
AVX2 __m256i keep(__m256i v)
{
    __asm__("" : "+x"(v));
    return v;
}

AVX2 __m256i bytes(unsigned byte)
{
    return keep(_mm256_set1_epi8((char)byte));
}

/* 16 bytes, twice. */
AVX2 __m256i row(const uint8_t from[16])
{
    return keep(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)from)));
}

AVX2 block_rows rows_of(const mk_search_table *table)
{
    return (block_rows){.d8 = bytes(0xD8),
                        .d9 = bytes(0xD9),
                        .leads = bytes(0xFE),
                        .ascii = bytes('\n' - 1),
                        .to_z = bytes(127 - 'Z'),
                        .below_a = bytes(127 - 'Z' + 'A' - 1),
                        .blank = bytes(' '),
                        .a0 = bytes(0xA0),
                        .b0 = bytes(0xB0),
                        .eighty = bytes(0x80),
                        .out = bytes(0x70),
                        .tail = {row(table->tail[0]), row(table->tail[1]), row(table->tail[2])},
                        .flip = row(table->flip)};
}

AVX2 __m256i load(const unsigned char *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* What row says of the bytes v from `first` (its low half is 0) to 15 above it; 0 of
 * others: their index has the highest bit. */
AVX2 __m256i look_up(const block_rows *r, __m256i row, __m256i v, __m256i first)
{
    return _mm256_shuffle_epi8(row, _mm256_adds_epu8(_mm256_xor_si256(v, first), r->out));
}

/* Folds the letters and ASCII at p, BLOCK bytes; back: the last bytes that were written.
 * *ret_bad: a bit for each byte that did not come out right: that is neither, that
 * stands beside its like (ASCII, LF and space are alike) or is the third of a letter. A block
 * may begin and end within a letter. */
AVX2 __m256i fold_block(const block_rows *r, const unsigned char *p, __m128i back,
                        unsigned *ret_bad)
{
    const __m256i c = load(p), before = load(p - 1);
    const __m256i tail = _mm256_or_si256(
        _mm256_and_si256(
            _mm256_cmpeq_epi8(before, r->d8),
            _mm256_or_si256(look_up(r, r->tail[0], c, r->a0), look_up(r, r->tail[1], c, r->b0))),
        _mm256_and_si256(_mm256_cmpeq_epi8(before, r->d9), look_up(r, r->tail[2], c, r->eighty)));
    const __m256i flip = _mm256_and_si256(_mm256_cmpeq_epi8(c, r->d8),
                                          look_up(r, r->flip, load(p + 1), r->a0));
    const __m256i lead = _mm256_cmpeq_epi8(_mm256_and_si256(c, r->leads), r->d8);
    const __m256i ascii = _mm256_cmpgt_epi8(c, r->ascii);
    const __m256i capital = _mm256_cmpgt_epi8(_mm256_add_epi8(c, r->to_z), r->below_a);
    const __m256i lower = _mm256_or_si256(c, _mm256_and_si256(capital, r->blank));
    const __m256i kept = _mm256_or_si256(ascii, lead);
    const __m256i o = _mm256_blendv_epi8(_mm256_xor_si256(lower, flip), tail, tail);
    /* what stands two bytes before, and four */
    const __m256i behind = _mm256_inserti128_si256(_mm256_castsi128_si256(back),
                                                   _mm256_castsi256_si128(o), 1);
    const __m256i third = _mm256_and_si256(_mm256_cmpeq_epi8(o, _mm256_alignr_epi8(o, behind, 14)),
                                           _mm256_cmpeq_epi8(o, _mm256_alignr_epi8(o, behind, 12)));
    const __m256i like = _mm256_cmpeq_epi8(_mm256_max_epu8(c, r->blank),
                                           _mm256_max_epu8(before, r->blank));
    const __m256i run = _mm256_or_si256(_mm256_and_si256(third, tail),
                                        _mm256_and_si256(like, ascii));
    const __m256i good = _mm256_andnot_si256(run, _mm256_or_si256(kept, tail));

    *ret_bad = ~(unsigned)_mm256_movemask_epi8(good);
    return o;
}

/* What stands before w->to: signs of one byte or two. */
static void recall(writer *w)
{
    unsigned *const signs[] = {&w->last, &w->before};
    const char *at = w->to;

    for (size_t i = 0; i < 2; i++) {
        uint16_t code = (unsigned char)at[-1];
        if (code >= 0x80)
            memcpy(&code, at - 2, 2);
        at -= code >= 0x80 ? 2 : 1;
        *signs[i] = code;
    }
}

/* A figure or letter of ASCII: any number of one may stand in sequence. */
static inline bool is_free(unsigned c)
{
    return c - '0' < 10 || (c | 0x20) - 'a' < 26;
}

/* Signs that blocks refuse and that text is full of: marks, which go, those that become one
 * of ASCII, figures and letters beside their like. Returns where the next begins; p if this
 * is none of them. */
static inline const unsigned char *put_frequent(const mk_search_table *table,
                                                const unsigned char *p, writer *w)
{
    char c = '"';

    if (is_free(*p)) {
        *w->to++ = (char)(*p < 'A' ? *p : *p | 0x20);
        return p + 1;
    }
    if ((*p & 0xFC) == 0xD8) {
        const unsigned i = (*p & 3u) << 6 | (p[1] & 0x3Fu);
        if (table->len[i] == 0)
            return p + 2;
        if (table->len[i] != 1)
            return p;
        memcpy(&c, &table->code[i], 1);
    } else if (*p != 0xC2 || (p[1] != 0xAB && p[1] != 0xBB)) {
        return p;
    }
    w->last = (unsigned char)w->to[-1];
    return put_ascii(w, c) ? p + 2 : p;
}

/* True if the sign at p may be too many beside the last that was written, from which others
 * have gone that stood between: no block sees that. */
static inline bool is_like_last(const mk_search_table *table, const unsigned char *p,
                                const writer *w)
{
    const unsigned char last = (unsigned char)w->to[-1];
    uint16_t letter;

    if (*p < 0x80)
        return !is_free(*p) && (*p == last || (*p <= ' ' && last <= ' '));
    memcpy(&letter, w->to - 2, 2);
    return (*p & 0xFE) == 0xD8 && table->code[(*p & 3u) << 6 | (p[1] & 0x3Fu)] == letter;
}

/* 1 for a byte that is not the first of its sign, or 0. */
static inline int is_tail(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Blocks as long as there are any; out has BLOCK bytes more than what comes out.
 * Returns where it stopped: at a sign that is no block's, or near the end. */
__attribute__((target("avx2"))) static const unsigned char *put_blocks(const mk_search_table *table,
                                                                       const unsigned char *p,
                                                                       const unsigned char *end,
                                                                       writer *w)
{
    const block_rows rows = rows_of(table);
    __m128i back = _mm_loadu_si128((const __m128i *)(const void *)(w->to - BACK));
    writer l = *w;
    bool more = !is_like_last(table, p, w);

    while (more && end - p > BLOCK) {
        unsigned bad;
        const __m256i folded = fold_block(&rows, p, back, &bad);
        _mm256_storeu_si256((__m256i *)(void *)l.to, folded);
        if (!bad) {
            back = _mm256_extracti128_si256(folded, 1);
            p += BLOCK;
            l.to += BLOCK;
            continue;
        }
        const int n = __builtin_ctz(bad);
        const int to_sign = n - is_tail(p[n]);
        p += to_sign;
        l.to += to_sign;
        const unsigned char *const next = put_frequent(table, p, &l);
        more = next != p && next < end && !is_like_last(table, next, &l);
        p = next;
        back = _mm_setzero_si128(); /* of another sign, or looked at */
    }
    const int within = more && is_tail(*p);
    p -= within;
    l.to -= within;
    recall(&l);
    *w = l;
    return p;
}
#endif

size_t mk_search_plain(const mk_search_table *table, mk_str text, char *out, size_t *ret_len,
                       bool *ret_odd)
{
    const unsigned char *const begin = (const unsigned char *)text.ptr, *const end = begin +
                                                                                     text.len;
    const unsigned char *p = begin;
    writer w = {
        .text = begin, .begin = out, .to = out, .last = '\n', .may_be_odd = ret_odd != NULL};

    while (p < end) {
#ifdef WITH_AVX2
        if (table->simd && w.to - out >= BACK) {
            p = put_blocks(table, p, end, &w);
            if (p == end)
                break;
        }
#endif
        const unsigned char *const next = put_sign(table, p, end, &w);
        if (next == p)
            break;
        p = next;
    }
    *ret_len = (size_t)(w.to - out);
    if (ret_odd)
        *ret_odd = w.odd;
    if (*ret_len > 0 && p == end && w.to[-1] == ' ')
        return text.len - 1;
    return (size_t)(p - begin);
}
