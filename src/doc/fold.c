/* fold.c: see fold.h. The hot paths are two 256-entry tables, one for ASCII and
 * Latin-1, one for the Arabic block; everything else is rare and goes through a
 * function. Cases: tests/doc/test_fold.c. */
#include "doc/fold.h"

#include <utf8proc.h>

#include "doc/fold_block.h"
#include "text/letter.h"

/* Values of the tables beside folded bytes. Letters are above DIGIT. */
enum {
    SLOW = 0,   /* not in the table: ask fold_rare */
    VANISH = 1, /* a mark, tatweel, a control without a glyph */
    SIGN = 2,   /* punctuation, symbols, white space */
    DIGIT = '0'
};

/* clang-format off: tables are read by their rows */

#define ASCII_ROW(b)                                                                    \
    [b] = SIGN, [(b) + 1] = SIGN, [(b) + 2] = SIGN, [(b) + 3] = SIGN, [(b) + 4] = SIGN, \
    [(b) + 5] = SIGN, [(b) + 6] = SIGN, [(b) + 7] = SIGN
#define LOWER(c) [(c)] = (c), [(c)-32] = (c)

static const uint8_t latin[256] = {
    /* C0 and C1 controls are signs too: they part words */
    ASCII_ROW(0x00), ASCII_ROW(0x08), ASCII_ROW(0x10), ASCII_ROW(0x18), ASCII_ROW(0x20),
    ASCII_ROW(0x28), ASCII_ROW(0x80), ASCII_ROW(0x88), ASCII_ROW(0x90), ASCII_ROW(0x98),
    ASCII_ROW(0xA0), ASCII_ROW(0xB0), ASCII_ROW(0xB8), [0x30] = DIGIT,  [0x31] = DIGIT,
    [0x32] = DIGIT,  [0x33] = DIGIT,  [0x34] = DIGIT,  [0x35] = DIGIT,  [0x36] = DIGIT,
    [0x37] = DIGIT,  [0x38] = DIGIT,  [0x39] = DIGIT,  [0x3A] = SIGN,   [0x3B] = SIGN,
    [0x3C] = SIGN,   [0x3D] = SIGN,   [0x3E] = SIGN,   [0x3F] = SIGN,   [0x40] = SIGN,
    [0x5B] = SIGN,   [0x5C] = SIGN,   [0x5D] = SIGN,   [0x5E] = SIGN,   [0x5F] = SIGN,
    [0x60] = SIGN,   [0x7B] = SIGN,   [0x7C] = SIGN,   [0x7D] = SIGN,   [0x7E] = SIGN,
    [0x7F] = SIGN,   LOWER('a'),      LOWER('b'),      LOWER('c'),      LOWER('d'),
    LOWER('e'),      LOWER('f'),      LOWER('g'),      LOWER('h'),      LOWER('i'),
    LOWER('j'),      LOWER('k'),      LOWER('l'),      LOWER('m'),      LOWER('n'),
    LOWER('o'),      LOWER('p'),      LOWER('q'),      LOWER('r'),      LOWER('s'),
    LOWER('t'),      LOWER('u'),      LOWER('v'),      LOWER('w'),      LOWER('x'),
    LOWER('y'),      LOWER('z'),      [0xA8] = SIGN,   [0xA9] = SIGN,   [0xAA] = 'a',
    [0xAB] = SIGN,   [0xAC] = SIGN,   [0xAD] = VANISH, [0xAE] = SIGN,   [0xAF] = SIGN,
    [0xC0] = 'a',    [0xC1] = 'a',    [0xC2] = 'a',    [0xC3] = 'a',    [0xC4] = 'a',
    [0xC5] = 'a',    [0xC6] = 'a',    [0xC7] = 'c',    [0xC8] = 'e',    [0xC9] = 'e',
    [0xCA] = 'e',    [0xCB] = 'e',    [0xCC] = 'i',    [0xCD] = 'i',    [0xCE] = 'i',
    [0xCF] = 'i',    [0xD0] = 'd',    [0xD1] = 'n',    [0xD2] = 'o',    [0xD3] = 'o',
    [0xD4] = 'o',    [0xD5] = 'o',    [0xD6] = 'o',    [0xD7] = SIGN,   [0xD8] = 'o',
    [0xD9] = 'u',    [0xDA] = 'u',    [0xDB] = 'u',    [0xDC] = 'u',    [0xDD] = 'y',
    [0xDE] = 't',    [0xDF] = 's',    [0xE0] = 'a',    [0xE1] = 'a',    [0xE2] = 'a',
    [0xE3] = 'a',    [0xE4] = 'a',    [0xE5] = 'a',    [0xE6] = 'a',    [0xE7] = 'c',
    [0xE8] = 'e',    [0xE9] = 'e',    [0xEA] = 'e',    [0xEB] = 'e',    [0xEC] = 'i',
    [0xED] = 'i',    [0xEE] = 'i',    [0xEF] = 'i',    [0xF0] = 'd',    [0xF1] = 'n',
    [0xF2] = 'o',    [0xF3] = 'o',    [0xF4] = 'o',    [0xF5] = 'o',    [0xF6] = 'o',
    [0xF7] = SIGN,   [0xF8] = 'o',    [0xF9] = 'u',    [0xFA] = 'u',    [0xFB] = 'u',
    [0xFC] = 'u',    [0xFD] = 'y',    [0xFE] = 't',    [0xFF] = 'y',
};

/* clang-format on */

/* The letters of a presentation form or of words written as one sign. Returns
 * their number, at most n. */
static size_t parts_of(uint32_t cp, uint32_t *ret, size_t n)
{
    utf8proc_int32_t parts[20];
    int last = 0;
    const unsigned n_letters = mk_form_letters(cp, ret);
    if (n_letters > 0)
        return n_letters;
    const utf8proc_ssize_t got = utf8proc_decompose_char(
        (utf8proc_int32_t)cp, parts, 20, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &last);
    size_t len = 0;
    for (utf8proc_ssize_t i = 0; i < got && len < n; i++)
        ret[len++] = (uint32_t)parts[i];
    return len;
}

enum { FORM_LETTERS = 3 /* a form is 3 bytes of UTF-8: no more may come out */ };

/* Up to as many folded bytes of a presentation form's letters. */
static size_t fold_form(uint32_t cp, uint8_t ret[FORM_LETTERS])
{
    uint32_t parts[FORM_LETTERS];
    const size_t n = parts_of(cp, parts, FORM_LETTERS);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        const uint8_t code = parts[i] - 0x600 < 0x100 ? mk_letter_bytes[parts[i] - 0x600] : SIGN;
        if (code > DIGIT)
            ret[len++] = code;
    }
    return len;
}

/* The class or folded byte of a code point that is in no table. */
static uint8_t fold_rare(uint32_t cp)
{
    if (mk_is_invisible(cp) || (cp >= 0x300 && cp <= 0x36F) || mk_is_arabic_mark(cp))
        return VANISH;
    if (mk_is_letter(cp))
        return MK_FOLD_OTHER;
    return SIGN;
}

/* What the features take of a sign. */
typedef struct sign {
    uint16_t bit; /* MK_SIGN_ of those that rules ask for, or 0 */
    uint8_t end;  /* mk_end; MK_END_NONE: another sign */
    uint8_t is;   /* bits: */
} sign;

enum {
    CLOSING = 1, /* may stand behind the end of a sentence */
    BULLET = 2,
    QUOTE = 4,  /* an opening quotation mark */
    NUMBER = 8, /* stands inside of numbers */
    ITEM = 16,  /* behind a number that begins a line */
    BLANK = 32  /* white space */
};

/* clang-format off: a sign a line */

static const sign ascii_signs[128] = {
    ['\t'] = {0, MK_END_NONE, BLANK},
    [' '] = {0, MK_END_NONE, BLANK},
    ['!'] = {0, MK_END_QUESTION, 0},
    ['"'] = {0, MK_END_NONE, CLOSING | QUOTE},
    ['\''] = {0, MK_END_NONE, CLOSING},
    [')'] = {0, MK_END_NONE, CLOSING | ITEM},
    ['*'] = {0, MK_END_NONE, BULLET},
    [','] = {0, MK_END_COMMA, NUMBER},
    ['-'] = {MK_SIGN_DASH, MK_END_NONE, BULLET | ITEM},
    ['.'] = {MK_SIGN_STOP, MK_END_STOP, NUMBER | ITEM},
    ['/'] = {MK_SIGN_SLASH, MK_END_NONE, ITEM},
    [':'] = {MK_SIGN_COLON, MK_END_COLON, 0},
    [';'] = {0, MK_END_COMMA, 0},
    ['<'] = {MK_SIGN_ANGLE, MK_END_NONE, 0},
    ['>'] = {MK_SIGN_ANGLE, MK_END_NONE, 0},
    ['?'] = {0, MK_END_QUESTION, 0},
    ['@'] = {MK_SIGN_AT, MK_END_NONE, 0},
    [']'] = {MK_SIGN_BAR, MK_END_NONE, CLOSING},
    ['|'] = {MK_SIGN_BAR, MK_END_NONE, 0},
};

static const struct {
    uint32_t cp;
    sign sign;
} other_signs[] = {
    {0xA6, {MK_SIGN_BAR, MK_END_NONE, 0}},
    {0xA9, {MK_SIGN_COPYRIGHT, MK_END_NONE, 0}},
    {0xAB, {MK_SIGN_ANGLE, MK_END_NONE, CLOSING | QUOTE}},
    {0xB0, {MK_SIGN_DEGREE, MK_END_NONE, 0}},
    {0xB7, {MK_SIGN_BAR, MK_END_NONE, BULLET}},
    {0xBB, {MK_SIGN_ANGLE, MK_END_NONE, CLOSING}},
    {0x060C, {0, MK_END_COMMA, 0}},
    {0x061B, {0, MK_END_COMMA, 0}},
    {0x061F, {0, MK_END_QUESTION, 0}},
    {0x066B, {0, MK_END_NONE, NUMBER}},
    {0x066C, {0, MK_END_NONE, NUMBER}},
    {0x066D, {0, MK_END_NONE, BULLET}},
    {0x06D4, {0, MK_END_STOP, 0}},
    {0x2013, {MK_SIGN_DASH, MK_END_NONE, BULLET | ITEM}},
    {0x2014, {0, MK_END_NONE, BULLET}},
    {0x2018, {0, MK_END_NONE, CLOSING}},
    {0x2019, {0, MK_END_NONE, CLOSING}},
    {0x201A, {0, MK_END_NONE, CLOSING}},
    {0x201B, {0, MK_END_NONE, CLOSING}},
    {0x201C, {0, MK_END_NONE, CLOSING | QUOTE}},
    {0x201D, {0, MK_END_NONE, CLOSING}},
    {0x201E, {0, MK_END_NONE, CLOSING}},
    {0x201F, {0, MK_END_NONE, CLOSING}},
    {0x2022, {MK_SIGN_BAR, MK_END_NONE, BULLET}},
    {0x2023, {0, MK_END_NONE, BULLET}},
    {0x2026, {0, MK_END_DOTS, 0}},
    {0x2033, {0, MK_END_NONE, CLOSING}},
    {0x2039, {MK_SIGN_ANGLE, MK_END_NONE, 0}},
    {0x203A, {MK_SIGN_ANGLE, MK_END_NONE, 0}},
    {0x2043, {0, MK_END_NONE, BULLET}},
    {0x2502, {MK_SIGN_BAR, MK_END_NONE, 0}},
    {0x25A0, {0, MK_END_NONE, BULLET}},
    {0x25AA, {0, MK_END_NONE, BULLET}},
    {0x25BA, {0, MK_END_NONE, BULLET}},
    {0x25C6, {0, MK_END_NONE, BULLET}},
    {0x25CB, {0, MK_END_NONE, BULLET}},
    {0x25CF, {0, MK_END_NONE, BULLET}},
    {0x25E6, {0, MK_END_NONE, BULLET}},
    {0x2713, {0, MK_END_NONE, BULLET}},
    {0x2714, {0, MK_END_NONE, BULLET}},
    {0xFD3E, {0, MK_END_NONE, CLOSING}},
    {0xFD3F, {0, MK_END_NONE, CLOSING}},
};

/* clang-format on */

/* A sign that is not in ASCII: no letter. */
static sign rare_sign(uint32_t cp)
{
    const size_t n = sizeof(other_signs) / sizeof(*other_signs);
    size_t i = 0;
    while (i < n && other_signs[i].cp < cp)
        i++;
    if (i < n && other_signs[i].cp == cp)
        return other_signs[i].sign;
    return (sign){.is = mk_is_space(cp) ? BLANK : 0};
}

static inline sign sign_of(uint32_t cp)
{
    if (cp == 0x060C) /* the comma of Arabic */
        return (sign){.end = MK_END_COMMA};
    return cp < 0x80 ? ascii_signs[cp] : rare_sign(cp);
}

typedef struct folder {
    mk_str text;
    char *out;      /* may be NULL: only count */
    size_t n;       /* folded bytes so far */
    size_t stop_at; /* folded byte to find; SIZE_MAX: none */
    size_t found;   /* its offset in text */
    mk_features f;
    bool gap;    /* a sign or space since the last letter */
    bool number; /* the last letter was a digit */
    bool simd;
} folder;

static void emit(folder *d, uint8_t code, size_t from)
{
    const bool digit = code == DIGIT;
    if (d->n == 0 || d->gap || digit != d->number) {
        if (d->n > 0) {
            if (d->out)
                d->out[d->n] = ' ';
            if (d->n == d->stop_at)
                d->found = from;
            d->n++;
        }
        d->f.n_words++;
    } else if (digit) {
        return; /* a run of digits is one */
    }
    if (d->n == d->stop_at)
        d->found = from;
    if (d->out)
        d->out[d->n] = (char)code;
    d->n++;
    d->gap = false;
    d->number = digit;
}

static void take_letter(folder *d, uint8_t code, uint32_t cp, size_t from)
{
    d->f.end = MK_END_NONE;
    if (code == DIGIT) {
        d->f.n_digits++;
    } else {
        d->f.n_letters++;
        if (cp >= 0x600)
            d->f.n_arabic += code != MK_FOLD_OTHER || mk_is_arabic_letter(cp);
        else
            d->f.n_latin += code != MK_FOLD_OTHER;
    }
    emit(d, code, from);
}

/* True if what stands at `at` may follow the end of a sentence. */
static bool is_edge(mk_str text, size_t at)
{
    if (at == text.len || text.ptr[at] == ' ' || text.ptr[at] == '[') /* a note's number */
        return true;
    const uint32_t cp = mk_utf8_peek(text, at);
    return mk_is_space(cp) || sign_of(cp).is & CLOSING;
}

static void take_sign(folder *d, uint32_t cp, size_t next)
{
    const sign s = sign_of(cp);
    d->f.signs |= s.bit;
    if (cp == ':' && next < d->text.len && d->text.ptr[next] == ':')
        d->f.signs |= MK_SIGN_COLONS;
    d->f.n_cp += d->n > 0 || !(s.is & BLANK);
    if (d->number && s.is & NUMBER && mk_digit_value(mk_utf8_peek(d->text, next)) >= 0)
        return; /* 1,000 and 3.14 are one number */
    if (d->n == 0) {
        if (d->f.n_cp == 1 && !(s.is & BLANK)) { /* the first */
            d->f.bullet = s.is & BULLET;
            d->f.quoted = s.is & QUOTE;
        }
    } else if (s.end == MK_END_COMMA) {
        d->f.n_commas++;
    } else if ((s.end == MK_END_STOP || s.end == MK_END_QUESTION || s.end == MK_END_DOTS) &&
               d->f.end == MK_END_NONE && is_edge(d->text, next)) {
        d->f.n_stops++;
    }
    if (d->f.n_words == 1 && d->number && d->n == 1 && !d->gap && s.is & ITEM)
        d->f.bullet = true;
    if (s.end == MK_END_STOP && (d->f.end == MK_END_STOP || d->f.end == MK_END_DOTS))
        d->f.end = MK_END_DOTS;
    else if (s.end != MK_END_NONE)
        d->f.end = s.end;
    else if (d->f.end == MK_END_NONE && !(s.is & (BLANK | CLOSING)))
        d->f.end = MK_END_OTHER;
    d->gap = true;
}

/* As mk_utf8_next, with the two lengths that Arabic text is made of in line. */
static inline uint32_t next_cp(mk_str text, size_t *at)
{
    const unsigned char *p = (const unsigned char *)text.ptr + *at;
    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xE0 && *at + 1 < text.len) {
        *at += 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    return mk_utf8_next(text, at);
}

/* The class or folded byte of a code point of U+0600 to U+06FF, from its two bytes. */
static inline uint8_t arabic_at(const unsigned char *p)
{
    return mk_letter_bytes[(p[0] << 6 | (p[1] & 0x3F)) & 0xFF];
}

static inline bool is_arabic_lead(unsigned char b)
{
    return (b & 0xFC) == 0xD8;
}

#ifdef MK_WITH_AVX2
/* As take_words, but for what blocks do not know. text[at] follows a letter. */
__attribute__((target("avx2,bmi,popcnt"))) static size_t take_plain_words(folder *d, size_t at)
{
    enum { WORTH = 8 /* bytes: fewer are taken one by one */ };
    const char *const p = d->text.ptr;
    size_t n = d->n;
    uint32_t n_spaces = 0;
    for (size_t left; (left = d->text.len - at) >= WORTH;) {
        char end[MK_FOLD_BLOCK];
        const char *from = p + at;
        if (left < MK_FOLD_BLOCK) {
            memset(end, 0, sizeof(end)); /* which no text goes on with */
            from = memcpy(end, from, left);
        }
        const mk_fold_block b = mk_fold_look(from, mk_letter_bytes, VANISH);
        const uint32_t letters = b.letters & (uint32_t)((UINT64_C(1) << b.n) - 1);
        if (letters == 0)
            break;
        const unsigned last = 31 - (unsigned)__builtin_clz(letters);
        const uint32_t kept = (letters | b.spaces) & ((UINT32_C(2) << last) - 1);
        n_spaces += (uint32_t)__builtin_popcount(kept & ~letters);
        n += mk_fold_squeeze(b.codes, kept, d->out + n); /* there are two bytes for each of text */
        at += last + 1;
        if (b.n < MK_FOLD_BLOCK - 1) /* of a letter the first byte may be the last */
            break;
    }
    const uint32_t taken = (uint32_t)(n - d->n);
    d->f.n_letters += taken - n_spaces;
    d->f.n_arabic += taken - n_spaces;
    d->f.n_words += n_spaces;
    d->f.n_cp += taken;
    d->n = n;
    return at;
}
#endif

/* True if a sign or digit of ASCII stands there, also behind a space: no word goes on. */
static inline bool is_sign_at(mk_str text, size_t at)
{
    at += text.ptr[at] == ' ' && at + 1 < text.len;
    const unsigned char c = (unsigned char)text.ptr[at];
    return c < 0x80 && latin[c] <= DIGIT;
}

/* The letters, marks among them and single spaces between them, that follow a letter:
 * most of all text, so nothing is asked of them but the tables. Returns the offset
 * of what comes after them, or of the letter that is looked for. */
static size_t take_words(folder *d, size_t at)
{
#ifdef MK_WITH_AVX2
    if (d->simd) {
        at = take_plain_words(d, at);
        if (at == d->text.len || is_sign_at(d->text, at))
            return at;
    }
#endif
    const unsigned char *p = (const unsigned char *)d->text.ptr + at;
    const unsigned char *const last = (const unsigned char *)d->text.ptr + d->text.len - 1;
    const size_t stop_at = d->stop_at;
    char *const out = d->out;
    size_t n = d->n;
    uint32_t n_spaces = 0, n_latin = 0;
    while (p < last && n < stop_at) {
        uint8_t code;
        if (is_arabic_lead(*p)) {
            code = arabic_at(p);
            if (code <= DIGIT && code != VANISH)
                break;
            p += 2;
            if (code == VANISH)
                continue;
        } else if (*p == ' ') {
            if (last - p < 2 || !is_arabic_lead(p[1]) || arabic_at(p + 1) <= DIGIT)
                break;
            code = ' ';
            p++;
            n_spaces++;
        } else {
            code = *p < 0x80 ? latin[*p] : SIGN;
            if (code <= DIGIT)
                break;
            p++;
            n_latin++;
        }
        if (out)
            out[n] = (char)code;
        n++;
    }
    const uint32_t taken = (uint32_t)(n - d->n);
    d->f.n_letters += taken - n_spaces;
    d->f.n_arabic += taken - n_spaces - n_latin;
    d->f.n_latin += n_latin;
    d->f.n_words += n_spaces;
    d->f.n_cp += taken;
    d->n = n;
    return (size_t)(p - (const unsigned char *)d->text.ptr);
}

/* As take_letter for each letter of a presentation form. Returns the class that
 * is left for the form itself. */
static uint8_t take_form(folder *d, uint32_t cp, size_t from)
{
    uint8_t parts[FORM_LETTERS];
    const size_t n = fold_form(cp, parts);
    for (size_t i = 0; i < n; i++)
        take_letter(d, parts[i], cp, from);
    d->f.n_cp += n > 0;
    return n > 0 ? VANISH : SIGN;
}

static uint8_t class_of(folder *d, uint32_t cp, size_t from)
{
    if (cp < 0x100)
        return latin[cp];
    const uint8_t code = cp >= 0x600 && cp < 0x700 ? mk_letter_bytes[cp - 0x600] : SLOW;
    if (code != SLOW)
        return code;
    if ((cp >= 0xFB50 && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFC))
        return take_form(d, cp, from);
    return fold_rare(cp);
}

static void fold_text(folder *d)
{
    const mk_str text = d->text;
    for (size_t at = 0; at < text.len && d->n <= d->stop_at;) {
        const size_t from = at;
        if (text.ptr[at] == ' ') { /* take_sign would find nothing else to do */
            if (from > 0 && text.ptr[from - 1] == ' ')
                d->f.signs |= MK_SIGN_BLANKS;
            d->gap = true;
            d->f.n_cp += d->n > 0;
            at++;
            continue;
        }
        const uint32_t cp = next_cp(text, &at);
        const uint8_t code = class_of(d, cp, from);
        if (code == VANISH)
            continue;
        if (code == SIGN) {
            take_sign(d, cp, at);
        } else {
            take_letter(d, code, cp, from);
            d->f.n_cp++;
            if (code != DIGIT)
                at = take_words(d, at);
        }
    }
}

static bool holds_url(mk_str text, uint16_t signs)
{
    const uint16_t scheme = MK_SIGN_COLON | MK_SIGN_SLASH;
    if (((signs & scheme) == scheme && mk_str_has(text, MK_STR("://"))) ||
        (signs & MK_SIGN_STOP && mk_str_has(text, MK_STR("www."))))
        return true;
    const char *at = signs & MK_SIGN_AT ? memchr(text.ptr, '@', text.len) : NULL;
    return at && at > text.ptr && at + 1 < text.ptr + text.len && latin[(uint8_t)at[-1]] > DIGIT &&
           latin[(uint8_t)at[1]] > DIGIT;
}

/* text without the number of a note at its end: "[12]"; itself if there is none. */
static mk_str without_note(mk_str text)
{
    enum { MAX_NOTE = 12 /* bytes */ };
    size_t at = text.len;
    if (text.len == 0 || text.ptr[--at] != ']')
        return text;
    while (at > 0 && text.len - at <= MAX_NOTE) {
        const uint32_t cp = mk_utf8_prev(text, &at);
        if (cp == '[')
            return mk_str_trim(mk_str_sub(text, 0, at));
        if (mk_digit_value(cp) < 0 && cp != ' ')
            break;
    }
    return text;
}

/* What ends the sentence before the notes at the end of text; `end` if none are there. */
static uint8_t end_before_notes(mk_str text, uint8_t end)
{
    mk_str rest = without_note(text);
    if (rest.len == text.len)
        return end;
    for (text = rest; (rest = without_note(text)).len < text.len; text = rest)
        ;
    size_t at = text.len;
    const uint8_t last = at > 0 ? sign_of(mk_utf8_prev(text, &at)).end : MK_END_NONE;
    return last == MK_END_STOP && at > 0 && text.ptr[at - 1] == '.' ? MK_END_DOTS : last;
}

size_t mk_fold_fast(mk_str text, bool simd, char *out, mk_features *features)
{
    folder d = {.text = text, .out = out, .stop_at = SIZE_MAX, .simd = simd && out};
    fold_text(&d);
    if (features) {
        *features = d.f;
        features->end = end_before_notes(text, d.f.end);
        features->has_url = d.f.n_latin >= 4 && holds_url(text, d.f.signs);
    }
    return d.n;
}

size_t mk_fold(mk_str text, char *out, mk_features *features)
{
    return mk_fold_fast(mk_str_trim(text), false, out, features);
}

size_t mk_fold_offset(mk_str text, size_t at)
{
    const mk_str trimmed = mk_str_trim(text);
    const size_t skipped = trimmed.len > 0 ? (size_t)(trimmed.ptr - text.ptr) : 0;
    folder d = {.text = trimmed, .stop_at = at, .found = SIZE_MAX};
    fold_text(&d);
    return d.found == SIZE_MAX ? text.len : skipped + d.found;
}
