/* html_refs.c: character references. Source: HTML Standard, sections 13.2.5.72 to
 * 13.2.5.80 and 13.5. Cases: tests/read/test_html_token.c */
#include "read/html_token.h"

enum {
    MAX_NAME = 31, /* bytes of the longest name */
    REPLACEMENT = 0xFFFD
};

typedef struct named {
    const char *name;
    uint32_t first, second; /* code points; second 0: there is one */
    bool bare;              /* counts without a semicolon */
} named;

static const named names[] = {
#include "read/html_names.inc"
};

enum { N_NAMES = sizeof(names) / sizeof(*names) };

/* What numbers of the C1 controls stand for: windows-1252. */
static const uint16_t c1[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static int digit_of(char c, unsigned base)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static unsigned read_number(mk_str s, size_t *at, uint32_t ret[2])
{
    size_t i = *at + 2;
    const unsigned base = i < s.len && (s.ptr[i] | 0x20) == 'x' ? 16 : 10;
    uint32_t cp = 0;
    i += base == 16;
    const size_t from = i;
    for (int d; i < s.len && (d = digit_of(s.ptr[i], base)) >= 0; i++)
        cp = cp > 0x10FFFF ? cp : cp * base + (uint32_t)d;
    if (i == from)
        return 0;
    if (i < s.len && s.ptr[i] == ';')
        i++;
    if (cp >= 0x80 && cp <= 0x9F)
        cp = c1[cp - 0x80];
    else if (cp == 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = REPLACEMENT;
    ret[0] = cp;
    *at = i;
    return 1;
}

/* The entry of that name; NULL: there is none. */
static const named *find_name(mk_str name)
{
    size_t low = 0, high = N_NAMES;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = mk_str_cmp(mk_str_of(names[middle].name), name);
        if (order == 0)
            return &names[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

unsigned html_ref(mk_str s, size_t *at, bool in_value, uint32_t ret[2])
{
    const size_t from = *at + 1;
    size_t end = from;
    if (from < s.len && s.ptr[from] == '#')
        return read_number(s, at, ret);
    while (end < s.len && end - from < MAX_NAME && is_alnum(s.ptr[end]))
        end++;
    const bool closed = end < s.len && s.ptr[end] == ';';
    const named *found = closed ? find_name(mk_str_sub(s, from, end)) : NULL;
    size_t next = end + 1;
    /* "&notit;" is "&not" and "it;": the longest name that needs no semicolon. They
     * have at most six letters. */
    for (size_t n = end - from < 6 ? end - from : 6; !found && n >= 2; n--) {
        found = find_name(mk_str_sub(s, from, from + n));
        found = found && found->bare ? found : NULL;
        next = from + n;
        if (found && in_value && next < s.len && (s.ptr[next] == '=' || is_alnum(s.ptr[next])))
            return 0;
    }
    if (!found)
        return 0;
    *at = next;
    ret[0] = found->first;
    ret[1] = found->second;
    return found->second ? 2 : 1;
}
