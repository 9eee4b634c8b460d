/* punct.c: punctuation and what stands around it.
 *
 * Refuses to touch what may be code, a number or another script: repetitions
 * count after Arabic script only, separators between digits only, spaces before
 * the four Arabic marks only, and never before a bracket (smileys). Quotation
 * marks are repaired where typesetting software has put a prime or turned one
 * round. Sources: Unicode 15.0 chapters 6.2 and 9.2; damaged pages. */
#include "text/pass.h"

enum {
    COMMA = 0x060C,
    SEMICOLON = 0x061B,
    QUESTION = 0x061F,
    FULL_STOP = 0x06D4,
    PERCENT = 0x066A,
    OPENS = 0x201C,
    CLOSES = 0x201D,
    PRIME = 0x2033,
    ELLIPSIS = 0x2026,
    REPEATS = 3 /* of a mark that stay */
};

static bool is_word(uint32_t cp)
{
    return (mk_letter_facts_of(cp) & (MK_LETTER | MK_MARK)) != 0;
}

/* ---- numbers ---- */

static bool three_digits(mk_str text, size_t at)
{
    for (int i = 0; i < 3; i++)
        if (at >= text.len || !mk_is_digit(mk_take(text, &at)))
            return false;
    return true;
}

/* Arabic separators in numbers, and percent signs. */
void mk_pass_number_sep(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        uint32_t to = cp;
        if (cp == 0x066B && mk_is_digit(before) && mk_is_digit(mk_look(text, at)))
            to = '.';
        else if (cp == 0x066C && mk_is_digit(before) && three_digits(text, at))
            to = ',';
        else if (cp == PERCENT)
            to = '%';
        else if (cp == 0x0609 || cp == 0x060A)
            to = 0x2030 + (cp - 0x0609);
        if (to != cp)
            mk_patch_cp(patches, from, at, to);
        before = cp;
    }
}

/* ---- one mark for another ---- */

/* The ASCII spelling of a mark, NULL for others. */
static const char *ascii_of(uint32_t cp)
{
    switch (cp) {
    case COMMA:
        return ",";
    case SEMICOLON:
        return ";";
    case QUESTION:
        return "?";
    case FULL_STOP:
        return ".";
    case 0x066D: /* five-pointed star */
        return "*";
    case 0x00AB: /* guillemets */
    case 0x00BB:
    case OPENS:
    case CLOSES:
    case 0x201E:
    case 0x201F:
    case PRIME:
        return "\"";
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x2039:
    case 0x203A:
        return "'";
    case 0x2010: /* hyphens, dashes, minus */
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return "-";
    case ELLIPSIS:
        return "...";
    default:
        return NULL;
    }
}

void mk_pass_punct_ascii(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        const char *ascii = cp < 0x80 ? NULL : ascii_of(cp);
        if (ascii)
            mk_patch(patches, from, at - from, mk_str_of(ascii), 0);
    }
}

/* Comma, semicolon and question mark after an Arabic word. */
void mk_pass_punct_arabic(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at), after = mk_look(text, at);
        const uint32_t to = cp == ',' ? COMMA : cp == ';' ? SEMICOLON : cp == '?' ? QUESTION : cp;
        const bool end = at == text.len || mk_is_white(after) || after == '"' || after == CLOSES ||
                         after == 0xBB || after == ')' || after == ']' || mk_is_l(after);
        if (to != cp && end && is_word(before))
            mk_patch_cp(patches, from, at, to);
        before = cp;
    }
}

/* ---- quotation marks ---- */

/* The next mark of quotation on the line, its place at *at; MK_CP_NONE: none. */
static uint32_t next_quote(mk_str text, size_t *at)
{
    for (; *at < text.len && text.ptr[*at] != '\n'; ++*at) {
        const uint32_t cp = text.ptr[*at] == '\xE2' ? mk_look(text, *at) : MK_CP_NONE;
        if (cp == OPENS || cp == CLOSES || cp == PRIME)
            return cp;
    }
    return MK_CP_NONE;
}

/* A prime that closes an open quotation. */
static bool is_lost_close(mk_str text, size_t at)
{
    const uint32_t before = mk_utf8_before(text, at), after = mk_look(text, at + 3);

    return (mk_is_digit(before) || is_word(before)) && !mk_is_digit(after);
}

/* A closing mark that opens one: a letter follows, and the next mark closes. */
static bool is_lost_open(mk_str text, size_t at)
{
    const uint32_t before = mk_utf8_before(text, at);
    size_t next = at + 3, letter = next;

    if (at > 0 && before != '\n' && before != ':' && before != '(' && before != ' ')
        return false;
    while (mk_look(text, letter) == ' ')
        letter++;
    return mk_is_l(mk_look(text, letter)) && next_quote(text, &next) == CLOSES;
}

void mk_pass_quotes(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    size_t depth = 0;

    (void)context;
    for (size_t at = 0; at < text.len; at++) {
        const uint32_t cp = next_quote(text, &at);
        if (cp == MK_CP_NONE) { /* the end of the line */
            depth = 0;
            continue;
        }
        if (cp == OPENS) {
            depth++;
        } else if (cp == PRIME) {
            if (depth > 0 && is_lost_close(text, at)) {
                mk_patch_cp(patches, at, at + 3, CLOSES);
                depth--;
            }
        } else if (depth > 0) {
            depth--;
        } else if (is_lost_open(text, at)) {
            mk_patch_cp(patches, at, at + 3, OPENS);
            depth++;
        }
        at += 2;
    }
}

/* ---- spaces ---- */

static bool is_spaced(uint32_t cp)
{
    return cp == COMMA || cp == SEMICOLON || cp == QUESTION;
}

/* What a mark belongs to: words, numbers, what closes. */
static bool bears_mark(uint32_t cp)
{
    return is_word(cp) || mk_is_digit(cp) || cp == '"' || cp == CLOSES || cp == 0xBB || cp == ')' ||
           cp == ']' || cp == '%' || cp == PERCENT;
}

enum { MARK_LEN = 2 /* bytes */ };

/* The next comma, semicolon, question mark or full stop of Arabic from `at` on, or the end. */
static size_t next_mark(mk_str text, size_t at)
{
    const unsigned char *const p = (const unsigned char *)text.ptr;

    for (; text.len - at >= MARK_LEN; at++) {
        const unsigned next = p[at + 1];
        if (p[at] == 0xD8 ? next == 0x8C || next == 0x9B || next == 0x9F
                          : p[at] == 0xDB && next == 0x94)
            return at;
    }
    return text.len;
}

/* Spaces before a mark. */
void mk_pass_space_before(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = next_mark(text, 0); at < text.len; at = next_mark(text, at + MARK_LEN)) {
        const uint32_t after = mk_look(text, at + MARK_LEN);
        size_t from = at, before = at;
        uint32_t cp;
        while ((cp = mk_utf8_prev(text, &before)) == ' ' || cp == 0xA0)
            from = before;
        if (from < at && bears_mark(cp) && after != '(' && after != ')')
            mk_patch_away(patches, from, at);
    }
}

/* None after a mark, before a letter. */
void mk_pass_space_after(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = next_mark(text, 0); at < text.len; at = next_mark(text, at + MARK_LEN))
        if (is_spaced(mk_look(text, at)) && bears_mark(mk_utf8_before(text, at)) &&
            mk_is_l(mk_look(text, at + MARK_LEN)))
            mk_patch(patches, at + MARK_LEN, 0, MK_STR(" "), 0);
}

/* ---- repetition ---- */

static bool is_repeated(uint32_t cp)
{
    return cp == '!' || cp == '?' || cp == ',' || cp == ';' || cp == ELLIPSIS || cp == '.';
}

/* Four or more of a mark become three: Arabic ones wherever they stand, others
 * after Arabic script, with a space between or not. */
void mk_pass_repeat_punct(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE, two_before = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        const size_t len = at - from;
        const uint32_t owner = before == ' ' ? two_before : before;
        const bool script = is_word(owner) || mk_letter_facts_of(owner) & MK_DIGIT;
        const bool counts = is_spaced(cp) || cp == FULL_STOP || (script && is_repeated(cp));
        two_before = before;
        before = cp;
        if (!counts)
            continue;
        while (mk_look(text, at) == cp)
            at += len;
        if (at - from > REPEATS * len)
            mk_patch_away(patches, from + REPEATS * len, at);
        two_before = at - from > len ? cp : two_before;
    }
}
