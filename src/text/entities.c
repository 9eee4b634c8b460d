/* entities.c: see entities.h.
 *
 * Refuses what has no semicolon (`?a=1&copy=2` is an address) and names that HTML
 * does not know. Numbers of C1 controls are what windows-1252 has there, as
 * browsers have it; zero, surrogates and numbers beyond Unicode are U+FFFD.
 * Source: WHATWG HTML, sections 13.2.5.72 to 13.2.5.80 and 13.5; names in
 * entities.txt. Cases: tests/text/test_entities.c. */
#include "text/entities.h"

#include "text/charset_table.h"
#include "text/draft.h"

enum {
    MAX_PASSES = 16, /* levels of &#38;#38;... : more is made to be slow */
    MAX_NAME = 32,   /* bytes: the longest known has 31 */
    MAX_DECIMAL = 7,
    MAX_HEX = 6
};

/* What a reference stands for, in UTF-8. */
typedef struct value {
    char bytes[8];
    size_t len; /* 0: nothing is known by that name */
} value;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static value value_of(uint32_t cp)
{
    value v;

    v.len = mk_utf8_put(v.bytes, cp);
    return v;
}

static value value_of_number(uint32_t n)
{
    if (n >= 0x80 && n < 0xA0)
        n = mk_charset_windows_1252->table[n - 0x80];
    if (n == 0 || n > 0x10FFFF || (n >= 0xD800 && n < 0xE000))
        n = 0xFFFD;
    return value_of(n);
}

static value value_of_name(mk_str name)
{
    size_t low = 0, high = mk_n_entities;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const mk_entity *const e = &mk_entities[middle];
        const int order = mk_str_cmp(name, mk_str_of(e->name));
        if (order == 0) {
            value v = value_of(e->cp[0]);
            if (e->cp[1])
                v.len += mk_utf8_put(v.bytes + v.len, e->cp[1]);
            return v;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return (value){.len = 0};
}

/* Bytes of the body and semicolon of a reference at `at` (after the ampersand),
 * or 0 if there is none. */
static size_t body_len(mk_str s, size_t at)
{
    size_t to = at, max = MAX_NAME;

    if (to < s.len && s.ptr[to] == '#') {
        const bool hex = ++to < s.len && (s.ptr[to] | 0x20) == 'x';
        to += hex;
        max = to + (hex ? MAX_HEX : MAX_DECIMAL);
        const size_t digits = to;
        while (to < s.len && to < max && (hex ? hex_value(s.ptr[to]) >= 0 : is_digit(s.ptr[to])))
            to++;
        return to > digits && to < s.len && s.ptr[to] == ';' ? to + 1 - at : 0;
    }
    if (to == s.len || !is_letter(s.ptr[to]))
        return 0;
    while (to < s.len && to - at < max && (is_letter(s.ptr[to]) || is_digit(s.ptr[to])))
        to++;
    return to - at > 1 && to < s.len && s.ptr[to] == ';' ? to + 1 - at : 0;
}

static value value_of_body(mk_str body)
{
    uint32_t n = 0;

    if (body.ptr[0] != '#')
        return value_of_name(body);
    const bool hex = (body.ptr[1] | 0x20) == 'x';
    for (size_t i = hex ? 2 : 1; i < body.len; i++)
        n = n * (hex ? 16 : 10) + (uint32_t)hex_value(body.ptr[i]);
    return value_of_number(n);
}

/* The reference at `at` (an ampersand), with the `amp;` that escape it again and
 * again: its length, 0 if it is none, and its value. */
static size_t reference(mk_str s, size_t at, value *ret)
{
    static const mk_str amp = {"amp;", 4};
    size_t body = at + 1;

    while (s.len - body >= amp.len && memcmp(s.ptr + body, amp.ptr, amp.len) == 0)
        body += amp.len;
    size_t len = body_len(s, body);
    if (len == 0 && body > at + 1) { /* the last `amp;` is the body */
        body -= amp.len;
        len = amp.len;
    }
    if (len == 0)
        return 0;
    *ret = value_of_body(mk_str_sub(s, body, body + len - 1));
    return body + len - at;
}

/* One of the characters that markup is made of. */
static bool is_markup(const value *v)
{
    return v->len == 1 && strchr("<>&\"'", v->bytes[0]) != NULL;
}

/* One pass from draft to next. Returns whether anything has changed. */
static bool pass(const mk_draft *draft, bool has_markup, mk_draft *next)
{
    const mk_str s = mk_buf_str(&draft->text);
    size_t kept = 0, at = 0;
    bool any = false;

    while (at < s.len) {
        const char *const found = memchr(s.ptr + at, '&', s.len - at);
        value v;
        if (!found)
            break;
        at = (size_t)(found - s.ptr);
        const size_t len = reference(s, at, &v);
        if (len > 0 && v.len > 0 && !(has_markup && is_markup(&v))) {
            mk_draft_keep(next, draft, kept, at);
            mk_draft_put(next, draft, at, (mk_str){v.bytes, v.len});
            kept = at + len;
            any = true;
        }
        at += len ? len : 1;
    }
    mk_draft_keep(next, draft, kept, s.len);
    return any;
}

/* A byte of a name or number. */
static bool is_body(char c)
{
    return c == '#' || is_digit(c) || is_letter(c);
}

static bool is_part(char c)
{
    return c == '&' || c == ';' || is_body(c);
}

bool mk_has_reference(mk_str text)
{
    for (size_t at = 0; at < text.len;) {
        const char *const found = memchr(text.ptr + at, '&', text.len - at);
        if (!found)
            break;
        const size_t from = at = (size_t)(found - text.ptr) + 1;
        while (at < text.len && is_body(text.ptr[at]))
            at++;
        if (at > from && at < text.len && text.ptr[at] == ';')
            return true;
    }
    return false;
}

/* The references of text[from, to), beside which nothing stands that may be a part of
 * one, whatever they become. */
static void decode(mk_str text, size_t from, size_t to, bool has_markup, mk_drafts *drafts,
                   mk_patches *patches)
{
    mk_draft *const draft = &drafts->draft, *const next = &drafts->next;
    const mk_str source = mk_str_sub(text, from, to);

    if (!memchr(source.ptr, ';', source.len))
        return;
    mk_drafts_begin(drafts, source, true);
    for (int i = 0; i < MAX_PASSES && !mk_draft_failed(draft); i++) {
        const bool any = pass(draft, has_markup, next);
        mk_draft_turn(draft, next);
        if (!any)
            break;
    }
    mk_draft_patch(draft, source, from, patches);
}

void mk_op_html_entities(mk_str text, bool has_markup, mk_drafts *drafts, mk_patches *patches)
{
    for (size_t done = 0; done < text.len;) {
        const char *const found = memchr(text.ptr + done, '&', text.len - done);
        if (!found)
            break;
        size_t from = (size_t)(found - text.ptr), to = from;
        while (from > done && is_part(text.ptr[from - 1]))
            from--;
        while (to < text.len && is_part(text.ptr[to]))
            to++;
        decode(text, from, to, has_markup, drafts, patches);
        done = to;
    }
}
