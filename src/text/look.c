/* look.c: see look.h. Cases: tests/text/test_screen.c. */
#include "text/look.h"

#include <utf8proc.h>

#include "text/codepage.h"

#define B(op) MK_OP_BIT(MK_OP_##op)

static uint32_t before(const mk_place *p)
{
    return mk_utf8_before(p->text, p->from);
}

static uint32_t after(const mk_place *p)
{
    return mk_look(p->text, p->to);
}

/* True if n of the character stand up to here. */
static bool ends_run(const mk_place *p, unsigned n)
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
static uint64_t look_mark(const mk_place *p)
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
static uint64_t look_punct(const mk_place *p)
{
    const uint32_t last = before(p);
    uint64_t bits = last == ' ' || last == 0xA0 || mk_is_l(after(p)) ? B(PUNCT_SPACE) : 0;

    return ends_run(p, 4) ? bits | B(REPEAT_PUNCT) : bits;
}

/* True if the tatweel joins a prefix of one to three letters to what is no word of Arabic
 * (tatweel.c): it stays. */
static bool is_prefix(const mk_place *p)
{
    enum { MOST = 3 /* letters */ };
    const unsigned word = MK_LETTER | MK_MARK | MK_TATWEEL;
    size_t at = p->from;
    unsigned n = 0, facts;

    if (mk_letter_facts_of(after(p)) & word)
        return false;
    while ((facts = mk_letter_facts_of(mk_utf8_prev(p->text, &at)) & word) == MK_LETTER)
        if (++n > MOST)
            return false;
    return n > 0 && !facts;
}

static uint64_t look_arabic(const mk_place *p)
{
    const unsigned facts = mk_letter_facts_of(p->cp);
    uint64_t bits = facts & MK_QURAN || p->cp == 0x0670 || p->cp == 0x0671 ? B(QURAN_PROTECT) : 0;

    if (facts & MK_MARK)
        return bits | look_mark(p);
    if (facts & MK_TATWEEL)
        return is_prefix(p) ? 0 : B(TATWEEL);
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

static uint64_t look_ascii(const mk_place *p)
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
static uint64_t look_general(const mk_place *p)
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

static uint64_t look_rare(const mk_place *p)
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
static bool is_second_byte(const mk_place *p)
{
    size_t at = p->from;

    /* most stand behind ASCII or words */
    if (at == 0 || (unsigned char)p->text.ptr[at - 1] < 0x80 || mk_follows_letters(p->text, at))
        return false;
    if ((mk_page_byte(MK_PAGE_1256, p->cp) & 0xC0) != 0x80)
        return false;
    const uint8_t first = mk_page_byte(MK_PAGE_1256, mk_utf8_prev(p->text, &at));
    return first >= 0xC2 && !mk_page_byte(MK_PAGE_1256, mk_utf8_before(p->text, at));
}

uint64_t mk_look_at(const mk_place *p)
{
    if (p->cp < 0x80)
        return look_ascii(p);
    const bool arabic = p->cp - 0x600 < 0x100;
    const bool maybe = arabic ? p->screen->arabic[p->cp & 0xFF] == 2 && is_second_byte(p)
                              : is_western_byte(p->cp) || is_second_byte(p);
    return (maybe ? B(MOJIBAKE) : 0) | (arabic ? look_arabic(p) : look_rare(p));
}
