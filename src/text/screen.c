/* screen.c: see screen.h.
 *
 * A walk over the text looks only at what could begin work; at each such place
 * look() asks the same questions, whichever way the walk has come: bytewise by
 * tables, or in blocks of 32 (AVX2). So both ways give the same answer. Places are
 * single characters with what stands right beside them; a run of marks or of a
 * repeated sign is looked at where it is long enough to matter.
 * Cases: tests/text/test_screen.c. */
#include "text/screen.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "text/codepage.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define WITH_AVX2 1
#include <immintrin.h>
#endif

enum { PLAIN, AFTER_ITS_LIKE, ALWAYS };

#define B(op) MK_OP_BIT(MK_OP_##op)

/* A place in a text. */
typedef struct place {
    const mk_screen *screen;
    mk_str text;
    size_t from, to; /* of the character */
    uint32_t cp;
} place;

/* ---- tables ---- */

void mk_screen_init(mk_screen *screen, mk_language language, bool simd)
{
    const unsigned work = MK_MARK | MK_TATWEEL;

    /* Blocks know the plain letters of Arabic, not those of the others. */
    *screen = (mk_screen){.language = language, .simd = simd && language <= MK_LANGUAGE_AR};
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

bool mk_screen_has_simd(void)
{
#ifdef WITH_AVX2
    const char *word = getenv("MINKHAL_SIMD");

    return (!word || strcmp(word, "off") != 0) && __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

/* ---- what may be done at a place ---- */

static uint32_t before(const place *p)
{
    return mk_utf8_before(p->text, p->from);
}

static uint32_t after(const place *p)
{
    return mk_look(p->text, p->to);
}

/* True if n of the character stand up to here. */
static bool ends_run(const place *p, unsigned n)
{
    const size_t len = p->to - p->from;

    if (p->from < (n - 1) * len)
        return false;
    for (unsigned i = 1; i < n; i++)
        if (memcmp(p->text.ptr + p->from - i * len, p->text.ptr + p->from, len) != 0)
            return false;
    return true;
}

/* As the letters' own rules: a hamza may join what stands before it. */
static uint64_t look_mark(const place *p)
{
    enum { CAP = 8 };
    const uint32_t last = before(p);
    uint64_t bits = 0;
    size_t at = p->from;
    unsigned n = 0;

    if (p->cp >= 0x0653 && p->cp <= 0x0655)
        bits |= B(NFC) | B(LETTERS);
    if (last < 0x300 || mk_is_l(last))
        return bits;
    if (utf8proc_get_property((utf8proc_int32_t)last)->combining_class >
        utf8proc_get_property((utf8proc_int32_t)p->cp)->combining_class)
        bits |= B(NFC);
    if (last == p->cp)
        bits |= B(DUP_MARKS);
    while (n < CAP) {
        const uint32_t cp = mk_utf8_prev(p->text, &at);
        if (!mk_is_m(cp) && !(cp >= 0x300 && cp <= 0x36F))
            break;
        n++;
    }
    return n == CAP ? bits | B(MARK_CAP) : bits;
}

/* The four marks that spaces are put right around. */
static uint64_t look_punct(const place *p)
{
    const uint32_t last = before(p);
    uint64_t bits = last == ' ' || last == 0xA0 || mk_is_l(after(p)) ? B(PUNCT_SPACE) : 0;

    return ends_run(p, 4) ? bits | B(REPEAT_PUNCT) : bits;
}

static uint64_t look_arabic(const place *p)
{
    const unsigned facts = mk_letter_facts_of(p->cp);
    uint64_t bits = facts & MK_QURAN || p->cp == 0x0670 || p->cp == 0x0671 ? B(QURAN_PROTECT) : 0;

    if (facts & MK_MARK)
        return bits | look_mark(p);
    if (facts & MK_TATWEEL)
        return B(TATWEEL);
    if (p->cp == 0x060C || p->cp == 0x061B || p->cp == 0x061F || p->cp == 0x06D4)
        return look_punct(p);
    if (p->cp == 0x061C)
        return B(BIDI);
    if (facts & MK_LETTER) {
        bits |= p->screen->arabic[p->cp & 0xFF] && p->cp != 0x0671 ? B(LETTERS) : 0;
        bits |= ends_run(p, 5) ? B(ELONGATION_CAP) : 0;
    }
    return bits;
}

static uint64_t look_ascii(const place *p)
{
    switch (p->cp) {
    case '&':
        return B(HTML_ENTITIES);
    case '\t':
        return B(SPACES) | B(WHITESPACE);
    case '\n': /* two of them are a paragraph */
        return before(p) == ' ' || ends_run(p, 3) ? B(WHITESPACE) : 0;
    case ' ':
        return before(p) == ' ' || before(p) == '\n' ? B(WHITESPACE) : 0;
    case 0x0B:
    case 0x0C:
    case '\r':
        return B(NEWLINE);
    case '!':
    case '?':
    case ',':
    case ';':
    case '.':
        return ends_run(p, 4) ? B(REPEAT_PUNCT) : 0;
    default:
        return p->cp < 0x20 || p->cp == 0x7F ? B(CONTROL) : 0;
    }
}

/* U+2000 to U+206F. */
static uint64_t look_general(const place *p)
{
    const uint32_t cp = p->cp;

    if (cp <= 0x200A || cp == 0x202F || cp == 0x205F)
        return B(SPACES) | B(WHITESPACE) | B(NFC); /* U+2000 and U+2001 have another form */
    if (cp == MK_ZWSP || cp == 0x2060)
        return B(INVISIBLE);
    if (cp == MK_ZWNJ)
        return B(ZWNJ) | B(LETTERS);
    if (cp == MK_ZWJ)
        return B(ZWJ);
    if (cp <= 0x200F || (cp >= 0x202A && cp <= 0x202E) || cp >= 0x2066)
        return B(BIDI);
    if (cp == 0x2028 || cp == 0x2029)
        return B(NEWLINE);
    if (cp == 0x201D || cp == 0x2033)
        return B(QUOTE_REPAIR);
    return cp == 0x2026 && ends_run(p, 4) ? B(REPEAT_PUNCT) : 0;
}

static uint64_t look_rare(const place *p)
{
    const uint32_t cp = p->cp;
    uint64_t bits = mk_nfc_may_change(cp) ? B(NFC) : 0;

    if (cp >= 0x2000 && cp <= 0x206F)
        return bits | look_general(p);
    if (cp < 0xA0)
        return bits | (cp == 0x85 ? B(NEWLINE) : B(CONTROL));
    if (mk_is_space(cp))
        bits |= B(SPACES) | B(WHITESPACE);
    if (cp == 0xAD || cp == 0xFEFF || (cp >= 0xFFF9 && cp <= 0xFFFC) ||
        (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0000 && cp <= 0xE007F))
        bits |= B(INVISIBLE);
    if ((cp >= 0xFDD0 && cp <= 0xFDEF) || (cp & 0xFFFE) == 0xFFFE)
        bits |= B(NONCHAR);
    if ((cp >= 0xE000 && cp <= 0xF8FF) || cp >= 0xF0000)
        bits |= B(PUA);
    if ((cp >= 0xFB50 && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFC))
        bits |= B(PRES_FORMS) | B(VISUAL_ORDER) | B(ALLAH_LIG);
    if (cp == 0xFD3E || (cp >= 0x08F0 && cp <= 0x08F2))
        bits |= B(QURAN_PROTECT);
    if (mk_is_l(cp) && ends_run(p, 5))
        bits |= B(ELONGATION_CAP);
    return mk_is_m(cp) || (cp >= 0x300 && cp <= 0x36F) ? bits | look_mark(p) : bits;
}

/* A character that bytes of Arabic look like, in a page of western or central
 * Europe: C3, D8 to DB, DD, E0, EF, and all letters with accents. */
static bool is_western_byte(uint32_t cp)
{
    return (cp >= 0xC0 && cp <= 0x24F) || cp == 0x2021 || cp == 0x203A || cp == 0x2044 ||
           cp == 0x20AC || cp == 0x221A || cp == 0xF8FF;
}

/* The second of a run of two bytes or more of windows-1256 that may be UTF-8. */
static bool is_second_byte(const place *p)
{
    size_t at = p->from;

    if ((mk_page_byte(MK_PAGE_1256, p->cp) & 0xC0) != 0x80)
        return false;
    const uint8_t first = mk_page_byte(MK_PAGE_1256, mk_utf8_prev(p->text, &at));
    return first >= 0xC2 && !mk_page_byte(MK_PAGE_1256, mk_utf8_before(p->text, at));
}

static uint64_t look(const place *p)
{
    if (p->cp < 0x80)
        return look_ascii(p);
    const bool arabic = p->cp - 0x600 < 0x100;
    const bool maybe = arabic ? p->screen->arabic[p->cp & 0xFF] == 2 && is_second_byte(p)
                              : is_western_byte(p->cp) || is_second_byte(p);
    return (maybe ? B(MOJIBAKE) : 0) | (arabic ? look_arabic(p) : look_rare(p));
}

/* ---- the walk ---- */

/* True if the ASCII byte at `at` is to be looked at. */
static inline bool is_ascii_work(const mk_screen *screen, const unsigned char *text, size_t at)
{
    const unsigned char c = text[at];

    if (screen->ascii[c] != AFTER_ITS_LIKE)
        return screen->ascii[c] == ALWAYS;
    return at > 0 &&
           (text[at - 1] == c || (c <= ' ' && (text[at - 1] == ' ' || text[at - 1] == '\n')));
}

/* True if the eight bytes at p are four plain letters of U+06xx, none of them like
 * the one before it: what most words have. */
static inline bool four_plain(const mk_screen *screen, const unsigned char *p)
{
    static const unsigned char mask[] = "\xFC\xC0\xFC\xC0\xFC\xC0\xFC\xC0";
    static const unsigned char leads[] = "\xD8\x80\xD8\x80\xD8\x80\xD8\x80";
    const uint8_t *const arabic = screen->arabic;
    uint64_t bytes, two_on, m, want;

    memcpy(&bytes, p, 8);
    memcpy(&m, mask, 8);
    memcpy(&want, leads, 8);
    if ((bytes & m) != want)
        return false;
    memcpy(&two_on, p - 2, 8);
    two_on ^= bytes;
    const uint64_t ones = UINT64_C(0x0001000100010001);
    return !((arabic[(p[0] & 3u) << 6 | (p[1] & 0x3Fu)] |
              arabic[(p[2] & 3u) << 6 | (p[3] & 0x3Fu)] |
              arabic[(p[4] & 3u) << 6 | (p[5] & 0x3Fu)] |
              arabic[(p[6] & 3u) << 6 | (p[7] & 0x3Fu)])) &&
           !((two_on - ones) & ~two_on & (ones << 15));
}

/* The first character from `at` on, before limit, that is to be looked at; limit or
 * more if there is none. */
static size_t next_work(const mk_screen *screen, mk_str text, size_t at, size_t limit)
{
    const unsigned char *const p = (const unsigned char *)text.ptr;

    while (at < limit) {
        if ((p[at] & 0xFC) == 0xD8 && at + 1 < text.len) {
            while (at >= 2 && text.len - at >= 8 && four_plain(screen, p + at))
                at += 8;
            if (at >= limit)
                break;
            if ((p[at] & 0xFC) != 0xD8 || at + 1 >= text.len)
                continue;
            if (screen->arabic[(p[at] & 3u) << 6 | (p[at + 1] & 0x3Fu)])
                return at;
            if (at >= 8 && p[at + 1] == p[at - 1] && memcmp(p + at - 8, p + at - 6, 8) == 0)
                return at; /* five of a letter */
            at += 2;
        } else if (p[at] < 0x80 && !is_ascii_work(screen, p, at)) {
            at++;
        } else {
            return at;
        }
    }
    return at;
}

#ifdef WITH_AVX2
enum {
    BLOCK = 32,
    BACK = 8, /* bytes before a block that its mask asks about */
    LEAST = BLOCK + BACK
};

/* A bit for each byte of the block at p that could make is_work say yes; more of
 * them than that. */
__attribute__((target("avx2"))) static unsigned work_in_block(const char *p)
{
    const __m256i c = _mm256_loadu_si256((const __m256i *)(const void *)p);
    const __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p - 1));
    const __m256i low = _mm256_setr_epi8(
        /* by the low half of a byte below 0x80: bit h for high half h */
        /* 0 */ 0x07, /* 1 */ 0x07, 0x03, 0x03, 0x03, 0x03, /* 6: & */ 0x07, 0x03, 0x03, 0x03,
        /* A */ 0x03, /* B: ; */ 0x0B, /* C: , */ 0x07, 0x03, /* E: . */ 0x07,
        /* F: ? DEL */ (char)0x8B, 0x07, 0x07, 0x03, 0x03, 0x03, 0x03, 0x07, 0x03, 0x03, 0x03, 0x03,
        0x0B, 0x07, 0x03, 0x07, (char)0x8B);
    const __m256i bit = _mm256_setr_epi8(1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0,
                                         1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i half = _mm256_set1_epi8(0x0F), zero = _mm256_setzero_si256();
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(c, 4), half);
    const __m256i named = _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(c, half)),
                                           _mm256_shuffle_epi8(bit, high));
    /* signs, spaces and LF count after their like; controls and & always */
    const __m256i like = _mm256_or_si256(
        _mm256_cmpeq_epi8(c, b),
        _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x21), c),
                         _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x21), b),
                                          _mm256_cmpgt_epi8(b, _mm256_set1_epi8(-1)))));
    const __m256i always = _mm256_or_si256(
        _mm256_or_si256(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('&')),
                        _mm256_cmpeq_epi8(c, _mm256_set1_epi8(0x7F))),
        _mm256_andnot_si256(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('\n')),
                            _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), c),
                                             _mm256_cmpgt_epi8(c, _mm256_set1_epi8(-1)))));
    const __m256i ascii = _mm256_or_si256(_mm256_andnot_si256(_mm256_cmpeq_epi8(named, zero), like),
                                          always);
    /* leads but D8 and D9 */
    const __m256i d8 = _mm256_cmpeq_epi8(_mm256_and_si256(c, _mm256_set1_epi8((char)0xFE)),
                                         _mm256_set1_epi8((char)0xD8));
    const __m256i lead = _mm256_andnot_si256(
        d8, _mm256_and_si256(_mm256_cmpgt_epi8(c, _mm256_set1_epi8((char)0xBF)),
                             _mm256_cmpgt_epi8(zero, c)));
    /* tails: below A0 after D8; 80, 8B to 9F and from AA after D9 */
    const __m256i tail = _mm256_cmpgt_epi8(_mm256_set1_epi8((char)0xC0), c);
    const __m256i below_a0 = _mm256_cmpgt_epi8(_mm256_set1_epi8((char)0xA0), c);
    const __m256i after_d8 = _mm256_and_si256(_mm256_cmpeq_epi8(b, _mm256_set1_epi8((char)0xD8)),
                                              below_a0);
    const __m256i letter = _mm256_or_si256(
        _mm256_and_si256(_mm256_cmpgt_epi8(c, _mm256_set1_epi8((char)0x80)),
                         _mm256_cmpgt_epi8(_mm256_set1_epi8((char)0x8B), c)),
        _mm256_and_si256(_mm256_cmpgt_epi8(c, _mm256_set1_epi8((char)0x9F)),
                         _mm256_cmpgt_epi8(_mm256_set1_epi8((char)0xAA), c)));
    const __m256i after_d9 = _mm256_andnot_si256(
        letter, _mm256_and_si256(_mm256_cmpeq_epi8(b, _mm256_set1_epi8((char)0xD9)), tail));
    /* five of a letter: the tail stands at each second byte */
    const __m256i c2 = _mm256_loadu_si256((const __m256i *)(const void *)(p - 2));
    const __m256i c4 = _mm256_loadu_si256((const __m256i *)(const void *)(p - 4));
    const __m256i c6 = _mm256_loadu_si256((const __m256i *)(const void *)(p - 6));
    const __m256i five = _mm256_and_si256(
        tail,
        _mm256_and_si256(_mm256_cmpeq_epi8(c, c2),
                         _mm256_and_si256(_mm256_cmpeq_epi8(c2, c4), _mm256_cmpeq_epi8(c4, c6))));
    const __m256i work = _mm256_or_si256(
        _mm256_or_si256(ascii, lead), _mm256_or_si256(_mm256_or_si256(after_d8, after_d9), five));
    return (unsigned)_mm256_movemask_epi8(work);
}

/* True if the tail at `at` is that of an Arabic comma, semicolon or question mark with
 * letters before it and a space behind: what look() finds nothing in. */
static bool is_plain_mark(mk_str text, size_t at)
{
    const unsigned char *const p = (const unsigned char *)text.ptr + at;

    return (p[0] == 0x8C || p[0] == 0x9B || p[0] == 0x9F) && p[-1] == 0xD8 && at + 1 < text.len &&
           p[1] == ' ' && mk_follows_letters(text, at - 1);
}

/* The first character from `at` on that could be work, or the end. For texts of
 * LEAST bytes and places from BACK on. */
__attribute__((target("avx2"))) static size_t skip_plain(mk_str text, size_t at)
{
    while (at < text.len) {
        const size_t from = text.len - at < BLOCK ? text.len - BLOCK : at; /* the last is whole */
        unsigned mask = work_in_block(text.ptr + from) >> (at - from);
        for (; mask; mask &= mask - 1) {
            const size_t hit = at + (unsigned)__builtin_ctz(mask);
            if (!is_plain_mark(text, hit))
                return hit - (((unsigned char)text.ptr[hit] & 0xC0) == 0x80);
        }
        at = from + BLOCK;
        if (at < text.len) /* a letter half in the block */
            at -= ((unsigned char)text.ptr[at - 1] & 0xC0) == 0xC0;
    }
    return at;
}
#endif

/* Quotation marks in order: those that could be wrong. */
typedef struct quotes {
    size_t depth, last;
} quotes;

static bool is_odd_quote(quotes *q, const place *p)
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

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

uint64_t mk_screen_text(const mk_screen *screen, mk_str text)
{
    quotes q = {0, 0};
    uint64_t bits = 0;

    if (text.len == 0)
        return 0;
    if (is_blank(text.ptr[0]) || is_blank(text.ptr[text.len - 1]))
        bits |= B(WHITESPACE);
    for (size_t at = 0; at < text.len;) {
        size_t limit = text.len;
#ifdef WITH_AVX2
        if (screen->simd && text.len >= LEAST) {
            at = at < BACK ? at : skip_plain(text, at);
            limit = text.len - at < BACK ? text.len : at + BACK;
        }
#endif
        at = next_work(screen, text, at, limit);
        if (at >= limit)
            continue;
        place p = {.screen = screen, .text = text, .from = at};
        p.cp = mk_take(text, &at);
        p.to = at;
        bits |= look(&p) & ~B(QUOTE_REPAIR);
        if (p.cp == 0x201C || p.cp == 0x201D || p.cp == 0x2033)
            bits |= is_odd_quote(&q, &p) ? B(QUOTE_REPAIR) : 0;
    }
    return bits;
}
