/* html_refs.c: character references. Source: HTML Standard, sections 13.2.5.72 to
 * 13.2.5.80 and 13.5. Cases: tests/read/test_html_token.c */
#include "read/html_token.h"
#include "text/entities.h"

enum {
    MAX_NAME = 31, /* bytes of the longest name */
    REPLACEMENT = 0xFFFD
};

/* The names that count without a semicolon too, in byte order. */
static const char *const bare_names[] = {
    "AElig",  "AMP",    "Aacute", "Acirc",  "Agrave", "Aring",  "Atilde", "Auml",   "COPY",
    "Ccedil", "ETH",    "Eacute", "Ecirc",  "Egrave", "Euml",   "GT",     "Iacute", "Icirc",
    "Igrave", "Iuml",   "LT",     "Ntilde", "Oacute", "Ocirc",  "Ograve", "Oslash", "Otilde",
    "Ouml",   "QUOT",   "REG",    "THORN",  "Uacute", "Ucirc",  "Ugrave", "Uuml",   "Yacute",
    "aacute", "acirc",  "acute",  "aelig",  "agrave", "amp",    "aring",  "atilde", "auml",
    "brvbar", "ccedil", "cedil",  "cent",   "copy",   "curren", "deg",    "divide", "eacute",
    "ecirc",  "egrave", "eth",    "euml",   "frac12", "frac14", "frac34", "gt",     "iacute",
    "icirc",  "iexcl",  "igrave", "iquest", "iuml",   "laquo",  "lt",     "macr",   "micro",
    "middot", "nbsp",   "not",    "ntilde", "oacute", "ocirc",  "ograve", "ordf",   "ordm",
    "oslash", "otilde", "ouml",   "para",   "plusmn", "pound",  "quot",   "raquo",  "reg",
    "sect",   "shy",    "sup1",   "sup2",   "sup3",   "szlig",  "thorn",  "times",  "uacute",
    "ucirc",  "ugrave", "uml",    "uuml",   "yacute", "yen",    "yuml",
};

enum { N_BARE = sizeof(bare_names) / sizeof(*bare_names), MAX_BARE = 6 /* bytes of a name */ };

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

/* The reference of that name; NULL: there is none. */
static const mk_entity *find_name(mk_str name)
{
    size_t low = 0, high = mk_n_entities;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = mk_str_cmp(mk_str_of(mk_entities[middle].name), name);
        if (order == 0)
            return &mk_entities[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_bare(mk_str name)
{
    size_t low = 0, high = N_BARE;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = mk_str_cmp(mk_str_of(bare_names[middle]), name);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The longest name at `from` that needs no semicolon, as in "&notit;": its bytes, 0: none. */
static size_t bare_length(mk_str s, size_t from, size_t end)
{
    size_t n = end - from < MAX_BARE ? end - from : MAX_BARE;
    while (n > 0 && !is_bare(mk_str_sub(s, from, from + n)))
        n--;
    return n;
}

unsigned mk_html_ref(mk_str s, size_t *at, bool in_value, uint32_t ret[2])
{
    const size_t from = *at + 1;
    size_t end = from;
    if (from < s.len && s.ptr[from] == '#')
        return read_number(s, at, ret);
    while (end < s.len && end - from < MAX_NAME && is_alnum(s.ptr[end]))
        end++;
    const bool closed = end < s.len && s.ptr[end] == ';';
    const mk_entity *found = closed ? find_name(mk_str_sub(s, from, end)) : NULL;
    size_t next = end + 1;
    if (!found) {
        next = from + bare_length(s, from, end);
        if (next == from ||
            (in_value && next < s.len && (s.ptr[next] == '=' || is_alnum(s.ptr[next]))))
            return 0;
        found = find_name(mk_str_sub(s, from, next));
    }
    if (!found)
        return 0;
    *at = next;
    ret[0] = found->cp[0];
    ret[1] = found->cp[1];
    return found->cp[1] ? 2 : 1;
}
