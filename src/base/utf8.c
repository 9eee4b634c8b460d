/* utf8.c: text.h: code points out of bytes, and what kind they are.
 *
 * Refuses nothing: trusts that text is UTF-8 (utf8_valid.c tells), and given other
 * bytes returns something, without reading past the end.
 * Sources: Unicode 15.0 for the classes: chapter 9.2 and the charts of U+0600, U+0750, U+0870 and U+08A0 for Arabic,
 * PropList.txt for white space. utf8proc has the properties of everything that
 * is not Arabic.
 * Cases: tests/base/test_utf8.c. */
#include <utf8proc.h>

#include "minkhal/text.h"

enum { REPLACEMENT = 0xFFFD };

static uint8_t byte_at(mk_str s, size_t at)
{
    return (uint8_t)s.ptr[at];
}

static bool is_tail(uint8_t b)
{
    return (b & 0xC0) == 0x80;
}

/* ---- bytes ---- */

int mk_str_cmp(mk_str a, mk_str b)
{
    const size_t n = a.len < b.len ? a.len : b.len;
    const int order = n ? memcmp(a.ptr, b.ptr, n) : 0;

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool mk_str_has(mk_str s, mk_str part)
{
    return part.len == 0 || (part.len <= s.len && memmem(s.ptr, s.len, part.ptr, part.len) != NULL);
}

/* ---- code points ---- */

/* Decodes the sequence at `at`, of which at least one byte is there. */
static uint32_t decode(mk_str s, size_t at, size_t *ret_len)
{
    const uint8_t b = byte_at(s, at);
    const size_t left = s.len - at;

    if (b < 0x80) {
        *ret_len = 1;
        return b;
    }
    if (b < 0xE0 && left >= 2) {
        *ret_len = 2;
        return (b & 0x1Fu) << 6 | (byte_at(s, at + 1) & 0x3Fu);
    }
    if (b < 0xF0 && left >= 3) {
        *ret_len = 3;
        return (b & 0x0Fu) << 12 | (byte_at(s, at + 1) & 0x3Fu) << 6 | (byte_at(s, at + 2) & 0x3Fu);
    }
    if (b >= 0xF0 && left >= 4) {
        *ret_len = 4;
        return (b & 0x07u) << 18 | (byte_at(s, at + 1) & 0x3Fu) << 12 |
               (byte_at(s, at + 2) & 0x3Fu) << 6 | (byte_at(s, at + 3) & 0x3Fu);
    }
    *ret_len = 1;
    return REPLACEMENT;
}

uint32_t mk_utf8_next(mk_str s, size_t *at)
{
    size_t len;

    if (*at >= s.len)
        return MK_CP_NONE;
    const uint32_t cp = decode(s, *at, &len);
    *at += len;
    return cp;
}

uint32_t mk_utf8_prev(mk_str s, size_t *at)
{
    size_t start = *at, len;

    if (start == 0)
        return MK_CP_NONE;
    start--;
    while (start > 0 && *at - start < 4 && is_tail(byte_at(s, start)))
        start--;
    const uint32_t cp = decode((mk_str){s.ptr, *at}, start, &len);
    if (start + len != *at) { /* only in text that is not UTF-8 */
        *at -= 1;
        return REPLACEMENT;
    }
    *at = start;
    return cp;
}

uint32_t mk_utf8_peek(mk_str s, size_t at)
{
    return mk_utf8_next(s, &at);
}

uint32_t mk_utf8_before(mk_str s, size_t at)
{
    return mk_utf8_prev(s, &at);
}

size_t mk_utf8_put(char out[4], uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

/* ---- classes ---- */

typedef struct range {
    uint32_t first, last;
} range;

/* ranges ascend, and the last of them ends at cp or after it. */
static bool in_ranges(const range *ranges, size_t n, uint32_t cp)
{
    size_t low = 0, high = n - 1;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (cp > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return cp >= ranges[low].first;
}

#define COUNT(table) (sizeof(table) / sizeof(*(table)))
#define IN(table, cp) \
    ((cp) <= (table)[COUNT(table) - 1].last && in_ranges((table), COUNT(table), (cp)))

/* One bit a code point of U+0600 to U+06FF, the lowest bit first. */
static bool in_block(const uint32_t block[8], uint32_t cp)
{
    return block[cp >> 5 & 7] >> (cp & 31) & 1;
}

bool mk_is_arabic_letter(uint32_t cp)
{
    static const uint32_t block[8] = {
        0,          0xFFFFFFFF, /* 0620-063F */
        0x000007FE, 0xFFFEC000, /* 0641-064A; 066E 066F 0671-067F */
        0xFFFFFFFF, 0xFFFFFFFF, /* 0680-06BF */
        0x002FFFFF, 0x9C00C000, /* 06C0-06D3 06D5; 06EE 06EF 06FA-06FC 06FF */
    };

    if (cp - 0x600 < 0x100)
        return in_block(block, cp);
    return (cp >= 0x750 && cp <= 0x77F) || (cp >= 0x870 && cp <= 0x887) ||
           (cp >= 0x889 && cp <= 0x88E) || (cp >= 0x8A0 && cp <= 0x8C8);
}

/* General category Mn. U+08E2 is a sign (Cf) among the marks; U+0897 came with
 * Unicode 16.0. */
bool mk_is_arabic_mark(uint32_t cp)
{
    static const uint32_t block[8] = {
        0x07FF0000, 0,          /* 0610-061A */
        0xFFFFF800, 0x00010000, /* 064B-065F; 0670 */
        0,          0,
        0x9FC00000, 0x00003D9F, /* 06D6-06DC 06DF; 06E0-06E4 06E7 06E8 06EA-06ED */
    };

    if (cp - 0x600 < 0x100)
        return in_block(block, cp);
    return cp >= 0x897 && cp <= 0x8FF && cp != 0x8E2 && (cp <= 0x89F || cp >= 0x8CA);
}

bool mk_is_letter(uint32_t cp)
{
    if (cp < 0x80)
        return (cp | 0x20) - 'a' < 26;
    if (mk_is_arabic_letter(cp))
        return true;
    if (cp == 0x0640 || cp > 0x10FFFF)
        return false;
    const utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

int mk_digit_value(uint32_t cp)
{
    if (cp - '0' < 10)
        return (int)(cp - '0');
    if (cp - 0x0660 < 10)
        return (int)(cp - 0x0660);
    if (cp - 0x06F0 < 10)
        return (int)(cp - 0x06F0);
    return -1;
}

bool mk_is_space(uint32_t cp)
{
    if (cp < 0x1680)
        return cp == ' ' || cp == '\t' || cp == 0x00A0;
    return cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F || cp == 0x205F ||
           cp == 0x3000;
}

/* The line breaks of Unicode 15.0 section 5.8. */
static bool is_break(uint32_t cp)
{
    return (cp >= 0x0A && cp <= 0x0D) || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

/* Those that change the sign or letter before them. */
static bool is_selector(uint32_t cp)
{
    return (cp >= 0xFE00 && cp <= 0xFE0F) || cp == 0xE0001 || (cp >= 0xE0020 && cp <= 0xE007F);
}

/* clang-format off */
/* Signs that format without being seen, but not the visible ones of category
 * Cf: U+0600 to U+0605, U+06DD, U+0890, U+0891, U+08E2. */
static const range invisible[] = {
    {0x0000, 0x0008},     {0x000E, 0x001F},     /* C0 but white space */
    {0x007F, 0x0084},     {0x0086, 0x009F},     /* DEL, C1 but NEL */
    {0x00AD, 0x00AD},                           /* soft hyphen */
    {0x061C, 0x061C},                           /* Arabic letter mark */
    {0x200B, 0x200F},                           /* zero width, LRM, RLM */
    {0x202A, 0x202E},                           /* embeddings, overrides */
    {0x2060, 0x2060},                           /* word joiner */
    {0x2066, 0x206F},                           /* isolates, deprecated controls */
    {0xE000, 0xF8FF},                           /* private use */
    {0xFDD0, 0xFDEF},                           /* noncharacters */
    {0xFE00, 0xFE0F},                           /* variation selectors */
    {0xFEFF, 0xFEFF},                           /* byte order mark */
    {0xFFF9, 0xFFFC},                           /* annotations, object */
    {0xE0001, 0xE0001},   {0xE0020, 0xE007F},   /* tags */
    {0xF0000, 0x10FFFF},                        /* private use */
};
/* clang-format on */

bool mk_is_invisible(uint32_t cp)
{
    return (cp & 0xFFFE) == 0xFFFE || IN(invisible, cp);
}

static bool is_trimmed(uint32_t cp)
{
    if ((cp > ' ' && cp < 0x7F) || (cp >= 0x0620 && cp < 0x1680))
        return false; /* what most lines begin and end with */
    return mk_is_space(cp) || is_break(cp) || (mk_is_invisible(cp) && !is_selector(cp));
}

/* True if s begins and ends with ASCII signs or letters or with code points of two
 * bytes from U+0620 on, as most texts do: then nothing is trimmed. */
static inline bool is_trim(mk_str s)
{
    const uint8_t first = byte_at(s, 0), second = byte_at(s, 1);
    const uint8_t last = byte_at(s, s.len - 1), before = byte_at(s, s.len - 2);

    return ((first > ' ' && first < 0x7F) || (first > 0xD8 && first < 0xE0) ||
            (first == 0xD8 && second >= 0xA0)) &&
           ((last > ' ' && last < 0x7F) || (is_tail(last) && ((before > 0xD8 && before < 0xE0) ||
                                                              (before == 0xD8 && last >= 0xA0))));
}

/* Not inlined: what it needs on the stack would be paid where nothing is trimmed. */
static __attribute__((noinline)) mk_str trim(mk_str s)
{
    size_t from = 0, to = s.len, at = 0;
    while (from < to && is_trimmed(mk_utf8_next(s, &at)))
        from = at;
    /* From its end a text that is not UTF-8 may have other code points: not beyond from. */
    for (at = to; to > from && is_trimmed(mk_utf8_prev(s, &at)) && at >= from; to = at)
        ;
    return s.len ? mk_str_sub(s, from, to) : s;
}

mk_str mk_str_trim(mk_str s)
{
    if (s.len >= 2 && is_trim(s))
        return s;
    while (s.len > 0 && s.ptr[0] == ' ')
        s = mk_str_sub(s, 1, s.len);
    while (s.len > 0 && s.ptr[s.len - 1] == ' ')
        s.len--;
    return s.len >= 2 && is_trim(s) ? s : trim(s);
}
