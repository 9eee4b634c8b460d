/* detect.c: mk_charset_detect: what a document that declares nothing is in.
 *
 * UTF-16 is asked for before UTF-8: the high bytes of Arabic letters in it are
 * 06 and those of spaces 00, so that most of it is valid UTF-8 too. Bytes that
 * are UTF-8 but for a few are UTF-8 with damage: Arabic in one byte a letter
 * hardly ever forms its sequences. windows-1256 and iso-8859-6 differ in most
 * letters after the 26th, the article's lam among them: words that make sense
 * decide. Cases: tests/text/test_charset.c. */
#include "text/charset_table.h"

#include "text/words.h"

/* ---- UTF-16 ---- */

/* Whether more than 7 of 10 high bytes, the first of which is at `from`, are
 * those of Arabic letters and ASCII, and an Arabic letter is among them. Of an odd
 * number of bytes the last is half a unit: the text was cut. */
static bool is_utf16(mk_str bytes, size_t from)
{
    size_t n_known = 0, n_arabic = 0, n = 0;

    for (size_t i = from; i < bytes.len; i += 2, n++) {
        n_arabic += bytes.ptr[i] == 6;
        n_known += bytes.ptr[i] == 6 || bytes.ptr[i] == 0;
    }
    return n_arabic > 0 && 10 * n_known > 7 * n;
}

/* ---- UTF-8 ---- */

enum { GOOD_FOR_A_BAD = 4 /* sequences beside each bad one, or it is not UTF-8 */ };

static bool is_utf8(mk_str bytes)
{
    size_t n_good = 0, n_bad = 0;

    for (size_t at = 0; at < bytes.len;) {
        const size_t valid = mk_utf8_valid(mk_str_sub(bytes, at, bytes.len));
        if (at == 0 && valid == bytes.len)
            return true;
        for (const size_t end = at + valid; at < end; at++)
            n_good += (uint8_t)bytes.ptr[at] >= 0xC0;
        if (at == bytes.len)
            break;
        n_bad++;
        at++;
        while (at < bytes.len && ((uint8_t)bytes.ptr[at] & 0xC0) == 0x80)
            at++;
    }
    return n_good / GOOD_FOR_A_BAD >= n_bad;
}

/* ---- one byte a letter ---- */

/* What a text would look like. */
typedef struct look {
    int64_t score;
    size_t n_pure, n_mixed; /* words of several high letters; those beside ASCII letters */
    bool possible;
} look;

static bool is_ascii_letter(uint32_t cp)
{
    return (cp | 0x20) - 'a' < 26;
}

static look look_at(mk_str bytes, const uint16_t *table)
{
    look l = {.possible = true};
    mk_word word = {.n = 0};
    uint32_t before = 0;

    for (size_t i = 0; i <= bytes.len; i++) {
        const uint8_t b = i < bytes.len ? (uint8_t)bytes.ptr[i] : ' ';
        const uint32_t cp = b < 0x80 ? b : table[b - 0x80];
        if (cp == 0 && b != 0)
            return (look){.possible = false};
        if (mk_is_arabic_letter(cp)) {
            mk_word_add(&word, cp);
            l.n_mixed += is_ascii_letter(before);
        } else {
            l.score += 2 *
                       ((mk_word_has_article(&word) ? 1 : 0) + (mk_word_is_common(&word) ? 1 : 0));
            l.n_pure += word.n > 1;
            l.n_mixed += word.n > 0 && is_ascii_letter(cp);
            l.score -= cp >= 0x80 && cp < 0xA0 ? 3 : 0;
            word.n = 0;
        }
        before = cp;
    }
    return l;
}

const mk_charset *mk_charset_detect(mk_str bytes)
{
    size_t mark;
    const mk_charset *const bom = mk_charset_bom(bytes, &mark);

    if (bom)
        return bom;
    const bool may_be_utf16 = bytes.len >= 8 && memchr(bytes.ptr, 6, bytes.len) != NULL;
    if (may_be_utf16 && is_utf16(bytes, 1))
        return mk_charset_utf_16le;
    if (may_be_utf16 && is_utf16(bytes, 0))
        return mk_charset_utf_16be;
    if (is_utf8(bytes))
        return mk_charset_utf_8;
    const mk_charset *const iso = mk_charset_iso_8859_6;
    const mk_charset *const windows = mk_charset_windows_1256;
    const look as_iso = look_at(bytes, iso->table), as_windows = look_at(bytes, windows->table);
    const look *const best = as_iso.possible && as_iso.score >= as_windows.score ? &as_iso
                                                                                 : &as_windows;
    if (best->score <= 0 && best->n_mixed > best->n_pure)
        return mk_charset_windows_1252;
    return best == &as_iso ? iso : windows;
}
