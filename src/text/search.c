/* search.c: see search.h.
 *
 * Nearly every word of Arabic changes in the search form, and nearly always by
 * folds of single signs: those are one table here, made of the facts that the
 * operations have. Tatweel goes whatever train has left of it. Refuses all else: signs that depend on others, other scripts
 * above ASCII, three of a letter in sequence, spaces that meet. What comes out is
 * what the operations make; tests/text/test_screen.c compares them. */
#include "text/search.h"

static uint32_t fold(uint32_t cp, bool arabic)
{
    static const uint8_t maps[] = {MK_MAP_SCRIPT, MK_MAP_ALEF, MK_MAP_MAKSURA, MK_MAP_MARBUTA};

    for (size_t i = 0; arabic && i < sizeof(maps); i++)
        cp = mk_letter_map(maps[i], cp);
    return cp;
}

void mk_search_init(mk_search_table *table, bool arabic)
{
    static const struct {
        uint8_t low;
        char sign;
    } signs[] = {{0x0C, ','}, {0x1B, ';'}, {0x1F, '?'}, {0xD4, '.'}, {0x6D, '*'}};

    for (unsigned i = 0; i < 256; i++) {
        const uint32_t cp = 0x600 + i;
        const unsigned facts = mk_letter_facts_of(cp);
        table->len[i] = MK_SEARCH_SLOW;
        if (facts & MK_LETTER && !(cp >= 0x0675 && cp <= 0x0678)) {
            mk_utf8_put(table->bytes[i], fold(cp, arabic));
            table->len[i] = 2;
        } else if (facts & MK_DIGIT) {
            table->bytes[i][0] = (char)('0' + mk_digit_value(cp));
            table->len[i] = 1;
        } else if (facts & (MK_MARK | MK_TATWEEL)) {
            table->len[i] = 0;
        }
    }
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        table->bytes[signs[i].low][0] = signs[i].sign;
        table->len[signs[i].low] = 1;
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

bool mk_search_plain(const mk_search_table *table, mk_str text, char *out, size_t *ret_len)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    const unsigned char *const end = p + text.len;
    char *to = out;

    while (p < end) {
        if (*p < 0x80) {
            const char c = (char)*p++;
            if (c == ' ' && to > out && to[-1] == ' ')
                return false;
            *to++ = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        } else if ((*p & 0xFC) == 0xD8) {
            const unsigned i = (*p & 3u) << 6 | (p[1] & 0x3Fu);
            const uint8_t len = table->len[i];
            if (len == MK_SEARCH_SLOW)
                return false;
            p += 2;
            memcpy(to, table->bytes[i], 2);
            to += len;
            if (len == 2 && to - out >= 6 && memcmp(to - 6, to - 4, 4) == 0)
                return false; /* three of a letter */
        } else if (*p == 0xC2 && (p[1] == 0xAB || p[1] == 0xBB)) {
            *to++ = '"';
            p += 2;
        } else {
            const char sign = end - p >= 3 ? sign_of(p) : 0;
            if (!sign)
                return false;
            *to++ = sign;
            p += 3;
        }
    }
    *ret_len = (size_t)(to - out);
    return *ret_len == 0 || (out[0] != ' ' && to[-1] != ' ');
}
