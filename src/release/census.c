/* census.c: letters by script, words, lines and signs of a text. A word is a run of
 * letters and digits; marks, tatweel and invisible characters neither begin nor end
 * one. A line counts if it holds anything but white space. Scripts are told by
 * block (Unicode 15.0 Blocks.txt): enough for shares of letters.
 * Cases: tests/release/test_stats.c. */
#include "release/census.h"

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

void mk_census_table_init(mk_census_table *table)
{
    for (uint32_t cp = 0; cp < MK_CENSUS_LOW; cp++)
        table->of[cp] = (uint8_t)kind_of(cp);
}

static unsigned next_kind(const mk_census_table *table, mk_str text, size_t *at)
{
    const uint8_t b = (uint8_t)text.ptr[*at];

    if (b < 0x80) {
        ++*at;
        return table->of[b];
    }
    if (b < 0xE0 && *at + 1 < text.len) {
        const uint32_t cp = (b & 0x1Fu) << 6 | ((uint8_t)text.ptr[*at + 1] & 0x3Fu);
        *at += 2;
        return table->of[cp];
    }
    return kind_of(mk_utf8_next(text, at));
}

static void fill(const uint64_t n[N_KINDS], mk_census *ret)
{
    for (unsigned s = 0; s < MK_SCRIPT_COUNT; s++)
        ret->scripts[s] = n[LETTER + s];
    ret->scripts[MK_SCRIPT_ARABIC] += n[FORM];
    for (unsigned s = 0; s < MK_SCRIPT_COUNT; s++)
        ret->letters += ret->scripts[s];
    ret->signs[MK_SIGN_TASHKEEL] = n[TASHKEEL];
    ret->signs[MK_SIGN_TATWEEL] = n[TATWEEL];
    ret->signs[MK_SIGN_ASCII_DIGITS] = n[ASCII_DIGIT];
    ret->signs[MK_SIGN_ARABIC_DIGITS] = n[ARABIC_DIGIT];
    ret->signs[MK_SIGN_PERSIAN_DIGITS] = n[PERSIAN_DIGIT];
    ret->signs[MK_SIGN_FORMS] = n[FORM];
    ret->signs[MK_SIGN_INVISIBLE] = n[INVISIBLE];
}

void mk_census_take(const mk_census_table *table, mk_str text, mk_census *ret)
{
    uint64_t n[N_KINDS] = {0};
    bool in_word = false, in_line = false;

    *ret = (mk_census){0};
    for (size_t at = 0; at < text.len;) {
        const unsigned kind = next_kind(table, text, &at);
        const bool makes = kind >= ASCII_DIGIT;

        n[kind]++;
        ret->words += makes && !in_word;
        in_word = makes || (in_word && kind >= TASHKEEL);
        if (kind == BREAK) {
            ret->lines += in_line;
            in_line = false;
        } else {
            in_line = in_line || kind != SPACE;
        }
    }
    ret->lines += in_line;
    fill(n, ret);
}
