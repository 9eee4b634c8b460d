/* visual_order.c: see visual_order.h.
 *
 * Refuses lines with fewer than five letters in words or three breaks, and those
 * that join better forwards. Numbers and Latin words, which run the other way,
 * are turned again; brackets are mirrored if only that balances them. Source:
 * Unicode 15.0, the decomposition types of U+FB50 to U+FBFE and U+FE80 to U+FEFC.
 * Cases: tests/text/test_visual_order.c. */
#include "text/visual_order.h"

#include <utf8proc.h>

#include "base/buf.h"
#include "text/patch.h"

enum {
    MIN_LETTERS = 5, /* in words of more than one letter */
    MIN_BREAKS = 3,  /* between letters that do not join forwards */
    MIN_RATIO = 4,   /* breaks forwards for each backwards */
    MIN_GLYPHS = 4   /* codes that follow one another */
};

/* ---- do the forms join? ---- */

typedef struct form {
    bool known, joins_next, joins_before;
} form;

static form form_of(uint32_t cp)
{
    if (cp == 0xFBFF)
        return (form){0};
    switch (utf8proc_get_property((utf8proc_int32_t)cp)->decomp_type) {
    case UTF8PROC_DECOMP_TYPE_INITIAL:
        return (form){.known = true, .joins_next = true};
    case UTF8PROC_DECOMP_TYPE_MEDIAL:
        return (form){.known = true, .joins_next = true, .joins_before = true};
    case UTF8PROC_DECOMP_TYPE_FINAL:
        return (form){.known = true, .joins_before = true};
    case UTF8PROC_DECOMP_TYPE_ISOLATED:
        return (form){.known = true};
    default:
        return (form){0};
    }
}

static bool is_form(uint32_t cp)
{
    return (cp >= 0xFB50 && cp <= 0xFBFF) || (cp >= 0xFE80 && cp <= 0xFEFC);
}

/* Letters of words, and pairs of them that do not join, either way. */
typedef struct joints {
    size_t n_letters, n_forwards, n_backwards;
} joints;

/* Adds the word that begins at `at`; returns where it ends. */
static size_t add_word(joints *sum, mk_str line, size_t at)
{
    joints word = {0};
    form before = {0};
    bool known = true;

    while (at < line.len && is_form(mk_utf8_peek(line, at))) {
        const form f = form_of(mk_utf8_next(line, &at));
        known = known && f.known;
        if (word.n_letters > 0) {
            word.n_forwards += before.joins_next != f.joins_before;
            word.n_backwards += f.joins_next != before.joins_before;
        }
        word.n_letters++;
        before = f;
    }
    if (known && word.n_letters > 1) {
        sum->n_letters += word.n_letters;
        sum->n_forwards += word.n_forwards;
        sum->n_backwards += word.n_backwards;
    }
    return at;
}

static bool is_backwards(mk_str line)
{
    joints j = {0};

    for (size_t at = 0; at < line.len;) {
        const char *const lead = memchr(line.ptr + at, '\xEF', line.len - at);
        if (!lead)
            break;
        at = (size_t)(lead - line.ptr);
        if (is_form(mk_utf8_peek(line, at)))
            at = add_word(&j, line, at);
        else
            mk_utf8_next(line, &at);
    }
    return j.n_letters >= MIN_LETTERS && j.n_forwards >= MIN_BREAKS &&
           j.n_forwards > MIN_RATIO * j.n_backwards;
}

/* ---- turning ---- */

static bool is_latin(uint32_t cp)
{
    return mk_digit_value(cp) >= 0 || (cp | 0x20) - 'a' < 26;
}

static bool is_inside_latin(uint32_t cp)
{
    return is_latin(cp) || (cp < 0x80 && cp != 0 && strchr(".,:/%@_+-", (int)cp) != NULL);
}

/* Of a pair that face one another, the other; else cp. */
static uint32_t mirror(uint32_t cp)
{
    static const uint16_t pairs[][2] = {
        {'(', ')'}, {'[', ']'}, {'{', '}'}, {'<', '>'}, {0xAB, 0xBB}};

    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
        if (cp == pairs[i][0] || cp == pairs[i][1])
            return cp == pairs[i][0] ? pairs[i][1] : pairs[i][0];
    return cp;
}

/* +1, -1 or 0. */
static int bracket(uint32_t cp)
{
    if (cp == '(' || cp == '[' || cp == '{' || cp == 0xAB)
        return 1;
    return cp == ')' || cp == ']' || cp == '}' || cp == 0xBB ? -1 : 0;
}

/* How many brackets of the line are without their other one, as it stands or
 * mirrored. */
static size_t n_unbalanced(mk_str s, bool mirrored)
{
    size_t depth = 0, bad = 0;

    for (size_t at = 0; at < s.len;) {
        const uint32_t cp = mk_utf8_next(s, &at);
        const int step = bracket(mirrored ? mirror(cp) : cp);
        if (step < 0 && depth == 0)
            bad++;
        else
            depth = step < 0 ? depth - 1 : depth + (size_t)step;
    }
    return bad + depth;
}

static void put(mk_buf *out, uint32_t cp)
{
    char *const to = mk_buf_room(out, 4);

    if (to)
        out->len += mk_utf8_put(to, cp);
}

static void put_backwards(mk_buf *out, mk_str s)
{
    for (size_t at = s.len; at > 0;)
        put(out, mk_utf8_prev(s, &at));
}

/* Where the number or Latin word ends that begins at `at`; `at` if there is none
 * of two characters or more. */
static size_t latin_end(mk_str s, size_t at)
{
    size_t to = at, end = at;

    if (!is_latin(mk_utf8_peek(s, at)))
        return at;
    mk_utf8_next(s, &to);
    while (to < s.len && is_inside_latin(mk_utf8_peek(s, to)))
        if (is_latin(mk_utf8_next(s, &to)))
            end = to;
    return end;
}

/* s with its Latin turned again, and mirrored if that is wanted. */
static void put_latin_turned(mk_buf *out, mk_str s, bool mirrored)
{
    for (size_t at = 0; at < s.len;) {
        const size_t end = latin_end(s, at);
        if (end > at) {
            put_backwards(out, mk_str_sub(s, at, end));
            at = end;
            continue;
        }
        const uint32_t cp = mk_utf8_next(s, &at);
        put(out, mirrored ? mirror(cp) : cp);
    }
}

static void turn_line(mk_str line, size_t from, mk_drafts *drafts, mk_patches *patches)
{
    mk_buf *const reversed = &drafts->draft.text, *const out = &drafts->next.text;

    mk_drafts_begin(drafts, (mk_str){NULL, 0}, false);
    put_backwards(reversed, line);
    if (!reversed->failed) {
        const mk_str r = mk_buf_str(reversed);
        /* screens mirror brackets, a plain reversal does not */
        put_latin_turned(out, r, n_unbalanced(r, true) < n_unbalanced(r, false));
    }
    if (reversed->failed || out->failed)
        patches->nomem = true;
    else if (!mk_str_eq(mk_buf_str(out), line))
        mk_patch(patches, from, line.len, mk_buf_str(out), 0);
}

void mk_op_visual_order(mk_str text, mk_drafts *drafts, mk_patches *patches)
{
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        const char *const lf = memchr(text.ptr + at, '\n', text.len - at);
        end = lf ? (size_t)(lf - text.ptr) : text.len;
        const mk_str line = mk_str_sub(text, at, end);
        if (is_backwards(line))
            turn_line(line, at, drafts, patches);
    }
}

/* ---- page glyphs ---- */

static bool is_gap(uint32_t cp)
{
    return cp == ' ' || cp == 0xA0 || cp == '\n';
}

/* Codes that follow one another, with or without spaces between. */
static bool has_glyph_codes(mk_str text, size_t *ret_at)
{
    uint32_t before = 0;
    size_t n = 0, begin = 0;

    for (size_t at = 0; at < text.len;) {
        if (n == 0) {
            const char *const lead = memchr(text.ptr + at, '\xEF', text.len - at);
            if (!lead)
                return false;
            at = (size_t)(lead - text.ptr);
        }
        const size_t here = at;
        const uint32_t cp = mk_utf8_next(text, &at);
        if (cp >= 0xFB50 && cp <= 0xFDFF) {
            n = n > 0 && cp == before + 1 ? n + 1 : 1;
            begin = n == 1 ? here : begin;
            before = cp;
        } else if (!is_gap(cp)) {
            n = 0;
        }
        if (n >= MIN_GLYPHS) {
            *ret_at = begin;
            return true;
        }
    }
    return false;
}

/* U+067B is written by Sindhi alone. */
static bool has_beeh(mk_str text)
{
    for (size_t at = 1; at < text.len; at++) {
        const char *const tail = memchr(text.ptr + at, '\xBB', text.len - at);
        if (!tail)
            return false;
        if (tail[-1] == '\xD9')
            return true;
        at = (size_t)(tail - text.ptr);
    }
    return false;
}

/* What is left of the first codes of a page, U+FB50 on, that were taken for
 * letters: the letters of the forms, each of them as often as it has forms. */
static bool has_glyph_residue(mk_str text, size_t *ret_at)
{
    static const uint16_t first[] = {0x0671, 0x067B, 0x067B, 0x067B, 0x067B, 0x067E};
    size_t n = 0, begin = 0;

    if (!has_beeh(text))
        return false;
    for (size_t at = 0; at < text.len;) {
        if (n == 0) {
            const char *const lead = memchr(text.ptr + at, '\xD9', text.len - at);
            if (!lead)
                return false;
            at = (size_t)(lead - text.ptr);
        }
        const size_t here = at;
        const uint32_t cp = mk_utf8_next(text, &at);
        if (cp == first[n])
            n++;
        else if (!is_gap(cp))
            n = cp == first[0];
        begin = n == 1 && !is_gap(cp) ? here : begin;
        if (n == sizeof(first) / sizeof(*first)) {
            *ret_at = begin;
            return true;
        }
    }
    return false;
}

bool mk_has_page_glyphs(mk_str text, bool has_ef, size_t *ret_at)
{
    return (has_ef && has_glyph_codes(text, ret_at)) || has_glyph_residue(text, ret_at);
}
