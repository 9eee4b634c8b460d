/* charset.c: bytes into UTF-8. detect.c says from what.
 *
 * Refuses the charsets that charsets.txt names so; of all others every byte has
 * an answer, U+FFFD at worst. Source: WHATWG Encoding standard, sections 4 to 9;
 * Unicode 15.0 section 3.9 for the maximal parts of bad UTF-8. Surrogates in
 * UTF-8 are what CESU-8 (UTR #26) makes of characters beyond U+FFFF.
 * Cases: tests/text/test_charset.c. */
#include "text/charset.h"

#include <errno.h>
#include <iconv.h>

#include "text/charset_table.h"

enum { REPLACEMENT = 0xFFFD };

/* ---- names ---- */

static uint8_t lower(char c)
{
    return (uint8_t)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* By bytes, b in lower case and ended by NUL. */
static int compare_label(mk_str a, const char *b)
{
    for (size_t i = 0; i < a.len; i++) {
        const int order = lower(a.ptr[i]) - (uint8_t)b[i];
        if (order != 0 || b[i] == '\0')
            return order != 0 ? order : 1;
    }
    return b[a.len] == '\0' ? 0 : -1;
}

static bool is_ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

const mk_charset *mk_charset_by_label(mk_str label)
{
    size_t low = 0, high = mk_n_charset_labels;

    while (label.len > 0 && is_ascii_space(label.ptr[0]))
        label = mk_str_sub(label, 1, label.len);
    while (label.len > 0 && is_ascii_space(label.ptr[label.len - 1]))
        label.len--;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare_label(label, mk_charset_labels[middle].text);
        if (order == 0)
            return &mk_charsets[mk_charset_labels[middle].charset];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *mk_charset_name(const mk_charset *charset)
{
    return charset->name;
}

bool mk_charset_is_wide(const mk_charset *charset)
{
    return charset->kind == MK_CHARSET_UTF16LE || charset->kind == MK_CHARSET_UTF16BE;
}

const mk_charset *mk_charset_bom(mk_str bytes, size_t *ret_len)
{
    const mk_charset *found = NULL;
    size_t len = 2;

    if (bytes.len >= 3 && memcmp(bytes.ptr, "\xEF\xBB\xBF", 3) == 0) {
        found = mk_charset_utf_8;
        len = 3;
    } else if (bytes.len >= 2 && memcmp(bytes.ptr, "\xFF\xFE", 2) == 0) {
        found = mk_charset_utf_16le;
    } else if (bytes.len >= 2 && memcmp(bytes.ptr, "\xFE\xFF", 2) == 0) {
        found = mk_charset_utf_16be;
    }
    if (found)
        *ret_len = len;
    return found;
}

/* ---- decoding ---- */

/* What is being decoded, and what has come of it. */
typedef struct decoder {
    mk_str in;
    mk_buf *out;
    uint64_t n_bad;
} decoder;

static uint8_t byte_at(mk_str s, size_t at)
{
    return (uint8_t)s.ptr[at];
}

static void put(decoder *d, uint32_t cp)
{
    char *const to = mk_buf_room(d->out, 4);

    if (to)
        d->out->len += mk_utf8_put(to, cp);
}

static void put_bad(decoder *d)
{
    put(d, REPLACEMENT);
    d->n_bad++;
}

/* Bytes of the longest beginning of a sequence at `at` that could go on to be
 * one; at least 1. What is there is no whole sequence. */
static size_t maximal_part(mk_str s, size_t at)
{
    const uint8_t b = byte_at(s, at);
    const size_t want = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
    size_t len = 1;

    if (b < 0xC2 || b > 0xF4)
        return 1;
    for (; len < want && at + len < s.len; len++) {
        const uint8_t tail = byte_at(s, at + len);
        uint8_t low = 0x80, high = 0xBF;
        if (len == 1 && b == 0xE0)
            low = 0xA0;
        else if (len == 1 && b == 0xF0)
            low = 0x90;
        else if (len == 1 && b == 0xED)
            high = 0x9F;
        else if (len == 1 && b == 0xF4)
            high = 0x8F;
        if (tail < low || tail > high)
            break;
    }
    return len;
}

/* The character of a CESU-8 pair at `at`, six bytes, or 0. */
static uint32_t cesu_pair(mk_str s, size_t at)
{
    if (s.len - at < 6)
        return 0;
    const char *const p = s.ptr + at;
    const uint8_t high = (uint8_t)p[1], high_tail = (uint8_t)p[2];
    const uint8_t low = (uint8_t)p[4], low_tail = (uint8_t)p[5];
    if (p[0] != '\xED' || p[3] != '\xED' || (high & 0xF0) != 0xA0 || (low & 0xF0) != 0xB0 ||
        (high_tail & 0xC0) != 0x80 || (low_tail & 0xC0) != 0x80)
        return 0;
    return 0x10000u + ((high & 0x0Fu) << 16 | (high_tail & 0x3Fu) << 10 | (low & 0x0Fu) << 6 |
                       (low_tail & 0x3Fu));
}

static void decode_utf8(decoder *d)
{
    size_t at = 0;

    while (at < d->in.len && !d->out->failed) {
        const mk_str rest = mk_str_sub(d->in, at, d->in.len);
        const size_t valid = mk_utf8_valid(rest);
        mk_buf_put(d->out, mk_str_sub(rest, 0, valid));
        at += valid;
        if (at == d->in.len)
            break;
        const uint32_t cp = cesu_pair(d->in, at);
        if (cp) {
            put(d, cp);
            at += 6;
        } else {
            put_bad(d);
            at += maximal_part(d->in, at);
        }
    }
}

static uint32_t unit_at(const decoder *d, size_t at, bool big)
{
    const uint32_t a = byte_at(d->in, at), b = byte_at(d->in, at + 1);

    return big ? a << 8 | b : b << 8 | a;
}

static void decode_utf16(decoder *d, bool big)
{
    size_t at = 0;

    while (d->in.len - at >= 2 && !d->out->failed) {
        const uint32_t unit = unit_at(d, at, big);
        at += 2;
        if ((unit & 0xF800) != 0xD800) {
            put(d, unit);
            continue;
        }
        if (unit & 0x0400) { /* the second half alone */
            put_bad(d);
            continue;
        }
        if (d->in.len - at < 2) { /* its end is the end of the text: one error */
            at = d->in.len;
            put_bad(d);
            break;
        }
        const uint32_t low = unit_at(d, at, big);
        if ((low & 0xFC00) == 0xDC00) {
            put(d, 0x10000u + ((unit & 0x3FFu) << 10 | (low & 0x3FFu)));
            at += 2;
        } else {
            put_bad(d);
        }
    }
    if (at < d->in.len)
        put_bad(d);
}

static void decode_table(decoder *d, const uint16_t *table)
{
    for (size_t at = 0; at < d->in.len && !d->out->failed; at++) {
        const uint8_t b = byte_at(d->in, at);
        const uint32_t cp = b < 0x80 ? b : table[b - 0x80];
        if (cp || b == 0)
            put(d, cp);
        else
            put_bad(d);
    }
}

/* The C library stops at a byte that it cannot decode: that one is bad. */
static mk_err decode_iconv(decoder *d, const mk_charset *charset, mk_error *reterr)
{
    enum { ROOM = 4096 };
    iconv_t cd = iconv_open("UTF-8", charset->code);
    char *in = (char *)(uintptr_t)d->in.ptr;
    size_t left = d->in.len;

    if (cd == (iconv_t)-1) /* NOLINT: that is what iconv_open returns */
        return mk_fail(reterr, errno == ENOMEM ? MK_NOMEM : MK_OPTION,
                       "the C library of this system cannot decode %s", charset->name);
    for (bool flushed = false; !flushed;) {
        char *const start = mk_buf_room(d->out, ROOM);
        char *to = start;
        size_t room = ROOM;
        if (!start)
            break;
        flushed = left == 0;
        const size_t done = flushed ? iconv(cd, NULL, NULL, &to, &room)
                                    : iconv(cd, &in, &left, &to, &room);
        d->out->len += (size_t)(to - start);
        if (done != (size_t)-1 || errno == E2BIG || left == 0)
            continue;
        put_bad(d);
        in++;
        left--;
    }
    iconv_close(cd);
    return MK_OK;
}

mk_err mk_charset_decode(const mk_charset *charset, mk_str bytes, mk_buf *out, uint64_t *ret_bad,
                         mk_error *reterr)
{
    const size_t begin = out->len;
    size_t mark = 0;
    mk_err err = MK_OK;

    const mk_charset *const marked = mk_charset_bom(bytes, &mark);
    if (marked && marked == charset)
        bytes = mk_str_sub(bytes, mark, bytes.len);
    decoder d = {.in = bytes, .out = out};
    switch (charset->kind) {
    case MK_CHARSET_UTF8:
        decode_utf8(&d);
        break;
    case MK_CHARSET_UTF16LE:
    case MK_CHARSET_UTF16BE:
        decode_utf16(&d, charset->kind == MK_CHARSET_UTF16BE);
        break;
    case MK_CHARSET_TABLE:
        decode_table(&d, charset->table);
        break;
    case MK_CHARSET_ICONV:
        err = decode_iconv(&d, charset, reterr);
        break;
    case MK_CHARSET_REFUSED:
        return mk_fail(reterr, MK_OPTION, "cannot decode %s: text in it would not survive",
                       charset->name);
    }
    if (err == MK_OK && out->failed)
        err = mk_fail(reterr, MK_NOMEM, "out of memory for text in %s", charset->name);
    if (err != MK_OK)
        out->len = begin;
    else
        *ret_bad = d.n_bad;
    return err;
}
