/* search.c: see search.h.
 *
 * Nearly every word of Arabic changes in the search form, and nearly always by
 * folds of single signs: those are one table here, made of the facts that the
 * operations have. Tatweel goes whatever train has left of it. Refuses all else: signs that depend on others, other scripts
 * above ASCII, three of a letter in sequence, spaces that meet. What comes out is
 * what the operations make; tests/text/test_screen.c compares them. */
#include "text/search.h"

#include "text/codepage.h"

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

void mk_search_init(mk_search_table *table, bool arabic)
{
    static const struct {
        uint8_t low;
        char sign[2];
    } signs[] = {{0x0C, ","}, {0x1B, ";"}, {0x1F, "?"}, {0xD4, "."}, {0x6D, "*"}};

    *table = (mk_search_table){.len = {0}};
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
}

/* Quotation marks and dashes of three bytes, 0 for others. */
static char sign_of(const unsigned char *p)
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

/* What has been written: the last two signs, letters by their codes. */
typedef struct writer {
    char *to;
    unsigned last, before;
    unsigned odd;
} writer;

static inline void put_ascii(writer *w, char c)
{
    w->odd |= w->last == (unsigned char)c;
    w->before = w->last;
    w->last = (unsigned char)c;
    *w->to++ = c;
}

/* The signs of U+06xx from p on. Returns where others begin, NULL if one is slow. */
static const unsigned char *put_arabic(const mk_search_table *table, const unsigned char *p,
                                       const unsigned char *end, writer *w)
{
    do {
        const unsigned i = (*p & 3u) << 6 | (p[1] & 0x3Fu);
        const unsigned code = table->code[i], len = table->len[i];
        p += 2;
        if (len == 2) {
            if (code == w->last && code == w->before)
                return NULL; /* three of a letter */
            memcpy(w->to, &table->code[i], 2);
            w->to += 2;
            w->before = w->last;
            w->last = code;
            w->odd |= table->odd[i];
        } else if (len == 1) {
            put_ascii(w, *(const char *)&table->code[i]);
        } else if (len == MK_SEARCH_SLOW) {
            return NULL;
        }
    } while (p < end && (*p & 0xFC) == 0xD8);
    return p;
}

bool mk_search_plain(const mk_search_table *table, mk_str line, char *out, size_t *ret_len,
                     bool *ret_odd)
{
    const unsigned char *p = (const unsigned char *)line.ptr;
    const unsigned char *const end = p + line.len;
    writer w = {.to = out};

    while (p < end) {
        if ((*p & 0xFC) == 0xD8) {
            p = put_arabic(table, p, end, &w);
            if (!p)
                return false;
            continue;
        }
        char c = (char)*p;
        if (*p < 0x80) {
            p++;
            c = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
            if (c == ' ' && w.last == ' ')
                return false;
        } else if (*p == 0xC2 && (p[1] == 0xAB || p[1] == 0xBB)) {
            p += 2;
            c = '"';
        } else {
            c = end - p >= 3 ? sign_of(p) : 0;
            p += 3;
            if (!c)
                return false;
        }
        put_ascii(&w, c);
    }
    *ret_len = (size_t)(w.to - out);
    *ret_odd = w.odd != 0;
    return *ret_len == 0 || (out[0] != ' ' && w.last != ' ');
}
