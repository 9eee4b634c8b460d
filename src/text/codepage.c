/* codepage.c: see codepage.h. Cases: tests/text/test_mojibake.c. */
#include "text/codepage.h"

#include "text/charset_table.h"

static const mk_charset_pair *pairs_of(mk_codepage page)
{
    switch (page) {
    case MK_PAGE_1252:
        return mk_charset_windows_1252->pairs;
    case MK_PAGE_1256:
        return mk_charset_windows_1256->pairs;
    case MK_PAGE_1250:
        return mk_charset_windows_1250->pairs;
    case MK_PAGE_MAC:
        return mk_charset_macintosh->pairs;
    case MK_PAGE_LATIN1:
        break;
    }
    return NULL;
}

/* True of most characters of other scripts: no page has them. */
static bool is_beyond(uint32_t cp)
{
    return cp < 0x80 || (cp > 0x25CA && cp != 0xF8FF && cp != 0xFB01 && cp != 0xFB02);
}

static uint8_t byte_of(const mk_charset_pair *pairs, uint32_t cp)
{
    size_t low = 0, high = 128;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (pairs[middle].cp == cp)
            return pairs[middle].byte;
        if (cp < pairs[middle].cp)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

uint8_t mk_page_byte(mk_codepage page, uint32_t cp)
{
    if (page == MK_PAGE_LATIN1)
        return cp >= 0xA0 && cp <= 0xFF ? (uint8_t)cp : 0;
    if (page == MK_PAGE_1252 && cp >= 0x80 && cp < 0xA0)
        return (uint8_t)cp;
    if (cp >= 0x600 && cp < 0x700)
        return page == MK_PAGE_1256 ? mk_charset_windows_1256->arabic[cp - 0x600] : 0;
    return is_beyond(cp) ? 0 : byte_of(pairs_of(page), cp);
}

/* Bytes of UTF-8 as they come, and what they stand for. */
typedef struct feed {
    uint32_t cp;
    int n_wanted; /* more bytes of the sequence */
    uint8_t low, high;
    size_t n_arabic;
    bool bad;
} feed;

static void begin(feed *f, uint8_t b)
{
    f->low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    f->high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    f->bad = b < 0xC2 || b > 0xF4;
    f->n_wanted = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    f->cp = b & (b < 0xE0 ? 0x1Fu : b < 0xF0 ? 0x0Fu : 0x07u);
}

static bool is_counted(uint32_t cp)
{
    return mk_is_arabic_letter(cp) || mk_is_arabic_mark(cp) || (cp >= 0xFB50 && cp <= 0xFEFC) ||
           (cp >= 0xD8 && cp <= 0xDB);
}

static void take(feed *f, uint8_t b)
{
    if (f->n_wanted == 0) {
        begin(f, b);
        return;
    }
    f->bad = b < f->low || b > f->high;
    f->low = 0x80;
    f->high = 0xBF;
    f->cp = f->cp << 6 | (b & 0x3Fu);
    if (--f->n_wanted == 0)
        f->n_arabic += is_counted(f->cp);
}

/* The byte of the character at *at, which is advanced past it; 0: page has none. */
static uint8_t next_byte(mk_codepage page, mk_str text, size_t *at)
{
    if (*at >= text.len || (uint8_t)text.ptr[*at] < 0x80)
        return 0;
    return mk_page_byte(page, mk_utf8_next(text, at));
}

/* Where the letters of Arabic end that begin at `at`: bytes of windows-1256, and of no
 * other page. */
static size_t letters_end(mk_str text, size_t at)
{
    while (text.len - at >= 2 && mk_is_letter_before(text, at + 2))
        at += 2;
    return at;
}

/* Where the first character from `at` on stands that page may have a byte for. */
static size_t skip_others(mk_codepage page, mk_str text, size_t at)
{
    size_t from;

    do {
        from = at;
        while (at < text.len && (uint8_t)text.ptr[at] < 0x80)
            at++;
        if (page != MK_PAGE_1256)
            at = letters_end(text, at);
    } while (at > from);
    return at;
}

bool mk_page_next_run(mk_codepage page, mk_str text, size_t at, mk_page_run *ret)
{
    feed f = {0};
    uint8_t b = 0;
    size_t from = at;

    while ((from = at = skip_others(page, text, at)) < text.len)
        if ((b = next_byte(page, text, &at)) != 0)
            break;
    if (b == 0)
        return false;
    *ret = (mk_page_run){.from = from, .to = at};
    for (; b != 0; b = next_byte(page, text, &at)) {
        if (!f.bad)
            take(&f, b);
        if (f.bad && page == MK_PAGE_1256)
            at = letters_end(text, at);
        ret->to = at;
    }
    ret->utf8 = !f.bad && f.n_wanted == 0;
    ret->n_arabic = f.n_arabic;
    return true;
}
