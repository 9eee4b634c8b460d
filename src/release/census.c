/* census.c: letters by script, words, lines and signs of a text. A word is a run of
 * letters and digits; marks, tatweel and invisible characters neither begin nor end
 * one. A line counts if it holds anything but white space. Scripts are told by
 * block (Unicode 15.0 Blocks.txt): enough for shares of letters. Most of a text is
 * counted 32 bytes at once (base/plain_run.h), the rest one by one.
 * Cases: tests/release/test_stats.c. */
#include "release/census.h"

#include <stdlib.h>

#include "base/plain_run.h"

/* Kinds of characters. Letters come last, by script. */
enum kind {
    OTHER,
    BREAK,
    SPACE,
    TASHKEEL, /* from here to INVISIBLE: in words, but no part of them */
    MARK,
    TATWEEL,
    INVISIBLE,
    ASCII_DIGIT, /* from here on: make words */
    ARABIC_DIGIT,
    PERSIAN_DIGIT,
    FORM, /* an Arabic letter as a presentation form */
    LETTER,
    N_KINDS = LETTER + MK_SCRIPT_COUNT
};

static const struct {
    uint32_t first, last;
    mk_script script;
} blocks[] = {
    {0x0041, 0x024F, MK_SCRIPT_LATIN},    {0x0370, 0x03FF, MK_SCRIPT_GREEK},
    {0x0400, 0x052F, MK_SCRIPT_CYRILLIC}, {0x0591, 0x05F4, MK_SCRIPT_HEBREW},
    {0x1C80, 0x1C8F, MK_SCRIPT_CYRILLIC}, {0x1E00, 0x1EFF, MK_SCRIPT_LATIN},
    {0x1F00, 0x1FFF, MK_SCRIPT_GREEK},    {0x2C60, 0x2C7F, MK_SCRIPT_LATIN},
    {0x2DE0, 0x2DFF, MK_SCRIPT_CYRILLIC}, {0x3400, 0x4DBF, MK_SCRIPT_HAN},
    {0x4E00, 0x9FFF, MK_SCRIPT_HAN},      {0xA640, 0xA69F, MK_SCRIPT_CYRILLIC},
    {0xA720, 0xA7FF, MK_SCRIPT_LATIN},    {0xF900, 0xFAFF, MK_SCRIPT_HAN},
    {0xFB00, 0xFB06, MK_SCRIPT_LATIN},    {0xFB1D, 0xFB4F, MK_SCRIPT_HEBREW},
    {0xFF21, 0xFF5A, MK_SCRIPT_LATIN},    {0x20000, 0x323AF, MK_SCRIPT_HAN},
};

static mk_script script_of(uint32_t letter)
{
    if (mk_is_arabic_letter(letter))
        return MK_SCRIPT_ARABIC;
    for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
        if (letter >= blocks[i].first && letter <= blocks[i].last)
            return blocks[i].script;
    return MK_SCRIPT_OTHER;
}

static enum kind digit_kind(uint32_t cp)
{
    return cp < 0x80 ? ASCII_DIGIT : cp < 0x06F0 ? ARABIC_DIGIT : PERSIAN_DIGIT;
}

static bool is_form(uint32_t cp)
{
    return ((cp >= 0xFB50 && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFE)) && mk_is_letter(cp);
}

static unsigned kind_of(uint32_t cp)
{
    if (cp == '\n')
        return BREAK;
    if (mk_is_space(cp) || cp == '\r')
        return SPACE;
    if (mk_digit_value(cp) >= 0)
        return digit_kind(cp);
    if ((cp >= 0x064B && cp <= 0x0652) || cp == 0x0670)
        return TASHKEEL;
    if (cp == 0x0640)
        return TATWEEL;
    if (is_form(cp))
        return FORM;
    if (mk_is_letter(cp))
        return LETTER + (unsigned)script_of(cp);
    if (mk_is_arabic_mark(cp) || (cp >= 0x0300 && cp <= 0x036F))
        return MARK;
    return mk_is_invisible(cp) ? INVISIBLE : OTHER;
}

static bool has_simd(void)
{
#ifdef MK_WITH_PLAIN_RUN
    const char *const word = getenv("MINKHAL_SIMD");

    return (!word || strcmp(word, "off") != 0) && __builtin_cpu_supports("avx2") &&
           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");
#else
    return false;
#endif
}

void mk_census_table_init(mk_census_table *table)
{
    for (uint32_t cp = 0; cp < MK_CENSUS_LOW; cp++)
        table->of[cp] = (uint8_t)kind_of(cp);
    table->has_simd = has_simd();
}

/* ---- one by one ---- */

typedef struct counter {
    const mk_census_table *table;
    mk_str text;
    bool escaped;        /* text is a JSON string */
    uint64_t saved;      /* bytes that its escapes have too many */
    uint64_t n[N_KINDS]; /* of characters */
    uint64_t lines;
    mk_plain_counts plain; /* words and flags: of all */
} counter;

static unsigned hex(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c | 0x20) - 'a' + 10;
}

/* The code unit of the \uXXXX at ptr. */
static uint32_t unit(const char *ptr)
{
    return hex(ptr[2]) << 12 | hex(ptr[3]) << 8 | hex(ptr[4]) << 4 | hex(ptr[5]);
}

static unsigned bytes_of(uint32_t cp)
{
    return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

/* The character of the escape at *at, which is passed. */
static uint32_t escape(counter *c, size_t *at)
{
    const char *const from = c->text.ptr + *at;
    size_t len = 2;
    uint32_t cp;

    switch (from[1]) {
    case 'n':
        cp = '\n';
        break;
    case 'u':
        cp = unit(from);
        len = 6;
        if (cp >= 0xD800 && cp <= 0xDBFF) { /* the scanner has seen the other half */
            cp = 0x10000 + ((cp - 0xD800) << 10) + (unit(from + 6) - 0xDC00);
            len = 12;
        }
        break;
    case 't':
        cp = '\t';
        break;
    case 'r':
        cp = '\r';
        break;
    case 'b':
        cp = '\b';
        break;
    case 'f':
        cp = '\f';
        break;
    default:
        cp = (unsigned char)from[1];
        break;
    }
    *at += len;
    c->saved += len - bytes_of(cp);
    return cp;
}

static uint32_t next(counter *c, size_t *at)
{
    const uint8_t b = (uint8_t)c->text.ptr[*at];

    if (c->escaped && b == '\\')
        return escape(c, at);
    if (b < 0x80) {
        ++*at;
        return b;
    }
    return mk_utf8_next(c->text, at);
}

static void count_one(counter *c, size_t *at)
{
    const uint32_t cp = next(c, at);
    const unsigned kind = cp < MK_CENSUS_LOW ? c->table->of[cp] : kind_of(cp);
    const bool makes = kind >= ASCII_DIGIT;
    const bool parts = cp <= ' ' || kind == SPACE || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
    mk_plain_counts *const p = &c->plain;

    c->n[kind]++;
    p->words += makes && !p->in_word;
    p->in_word = makes || (p->in_word && kind >= TASHKEEL);
    p->parted += !parts && !p->in_parted;
    p->in_parted = !parts;
    if (kind == BREAK) {
        c->lines += p->in_line;
        p->in_line = false;
    } else {
        p->in_line = p->in_line || kind != SPACE;
    }
}

/* ---- the whole ---- */

static void fill(const counter *c, mk_census *ret)
{
    const uint64_t *const n = c->n;
    const mk_plain_counts *const p = &c->plain;

    *ret = (mk_census){.bytes = c->text.len - c->saved,
                       .words = p->words,
                       .lines = c->lines + p->in_line,
                       .parted = p->parted};
    for (unsigned s = 0; s < MK_SCRIPT_COUNT; s++)
        ret->scripts[s] = n[LETTER + s];
    ret->scripts[MK_SCRIPT_ARABIC] += n[FORM] + p->arabic;
    ret->scripts[MK_SCRIPT_LATIN] += p->latin;
    for (unsigned s = 0; s < MK_SCRIPT_COUNT; s++)
        ret->letters += ret->scripts[s];
    ret->signs[MK_TEXT_SIGN_TASHKEEL] = n[TASHKEEL] + p->tashkeel;
    ret->signs[MK_TEXT_SIGN_TATWEEL] = n[TATWEEL] + p->tatweel;
    ret->signs[MK_TEXT_SIGN_ASCII_DIGITS] = n[ASCII_DIGIT] + p->ascii_digits;
    ret->signs[MK_TEXT_SIGN_ARABIC_DIGITS] = n[ARABIC_DIGIT] + p->arabic_digits;
    ret->signs[MK_TEXT_SIGN_PERSIAN_DIGITS] = n[PERSIAN_DIGIT];
    ret->signs[MK_TEXT_SIGN_FORMS] = n[FORM];
    ret->signs[MK_TEXT_SIGN_INVISIBLE] = n[INVISIBLE];
}

/* Bytes from `at` on that are counted at once. Where there are few of them it is not tried
 * again at the next character. */
static size_t count_run(counter *c, size_t at)
{
#ifdef MK_WITH_PLAIN_RUN
    if (c->table->has_simd && c->text.len - at >= MK_PLAIN_BYTES)
        return mk_plain_run(c->text.ptr + at, c->text.len - at, &c->plain);
#endif
    (void)c, (void)at;
    return 0;
}

static void take(const mk_census_table *table, mk_str text, bool escaped, mk_census *ret)
{
    counter c = {.table = table, .text = text, .escaped = escaped};

    for (size_t at = 0; at < text.len;) {
        const size_t n = count_run(&c, at);
        const size_t till = at + n + (n < 8 ? 16 : 1);
        at += n;
        while (at < text.len && at < till)
            count_one(&c, &at);
    }
    fill(&c, ret);
}

void mk_census_take(const mk_census_table *table, mk_str text, mk_census *ret)
{
    take(table, text, false, ret);
}

void mk_census_string(const mk_census_table *table, mk_str string, mk_census *ret)
{
    take(table, string, true, ret);
}
