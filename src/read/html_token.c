/* html_token.c: the tokenizer. Source of its states: HTML Standard, section
 * 13.2.5. As in a browser that runs scripts, noscript is raw text. Refuses
 * nothing: every sequence of bytes is a page. A tag that the end of the page cuts
 * is none. Cases: tests/read/test_html_token.c */
#include "read/html_token.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

bool mk_html_name_is(mk_str a, const char *word)
{
    size_t i = 0;
    while (i < a.len && word[i] && lower(a.ptr[i]) == word[i])
        i++;
    return i == a.len && !word[i];
}

static bool equal(mk_str a, mk_str b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return a.len == b.len;
}

/* The first c at or behind `at`; s.len: none. */
static size_t find(mk_str s, size_t at, char c)
{
    const char *p = at < s.len ? memchr(s.ptr + at, c, s.len - at) : NULL;
    return p ? (size_t)(p - s.ptr) : s.len;
}

static bool has_at(mk_str s, size_t at, const char *word)
{
    const size_t n = strlen(word);
    return s.len - at >= n && mk_html_name_is(mk_str_sub(s, at, at + n), word);
}

/* ---- attributes ---- */

/* Where the value that begins at `at` ends; a quote that opens it is at
 * `at`. */
static size_t value_end(mk_str s, size_t at)
{
    if (s.ptr[at] == '"' || s.ptr[at] == '\'') {
        const size_t end = find(s, at + 1, s.ptr[at]);
        return end < s.len ? end + 1 : s.len + 1; /* not closed: the page ends in it */
    }
    while (at < s.len && !is_space(s.ptr[at]) && s.ptr[at] != '>')
        at++;
    return at;
}

/* One attribute at *at, or the '>' that ends the tag: false there and at the end of
 * s. */
static bool step(mk_str s, size_t *at, mk_str *ret_name, mk_str *ret_value)
{
    size_t i = *at;
    while (i < s.len && (is_space(s.ptr[i]) || s.ptr[i] == '/'))
        i++;
    const size_t from = i;
    *at = i;
    if (i >= s.len || s.ptr[i] == '>')
        return false;
    i++; /* an '=' in front is part of the name */
    while (i < s.len && !is_space(s.ptr[i]) && s.ptr[i] != '/' && s.ptr[i] != '>' &&
           s.ptr[i] != '=')
        i++;
    *ret_name = mk_str_sub(s, from, i);
    *ret_value = (mk_str){"", 0};
    *at = i;
    while (i < s.len && is_space(s.ptr[i]))
        i++;
    if (i >= s.len || s.ptr[i] != '=')
        return true;
    i++;
    while (i < s.len && is_space(s.ptr[i]))
        i++;
    *at = i;
    if (i >= s.len || s.ptr[i] == '>')
        return true;
    const size_t end = value_end(s, i);
    const bool quoted = s.ptr[i] == '"' || s.ptr[i] == '\'';
    *at = end < s.len ? end : s.len;
    if (end > s.len)
        return false;
    *ret_value = quoted ? mk_str_sub(s, i + 1, end - 1) : mk_str_sub(s, i, end);
    return true;
}

bool mk_html_attribute_next(mk_str attributes, size_t *at, mk_str *ret_name, mk_str *ret_value)
{
    return step(attributes, at, ret_name, ret_value);
}

/* ---- raw text ---- */

typedef struct raw_element {
    const char *name;
    bool refs;
} raw_element;

static const raw_element raw_elements[] = {
    {"script", false},   {"style", false},     {"title", true},    {"textarea", true},
    {"noscript", false}, {"iframe", false},    {"noembed", false}, {"noframes", false},
    {"xmp", false},      {"plaintext", false},
};

static void enter_raw(html_tokens *t, mk_str name)
{
    for (size_t i = 0; i < sizeof(raw_elements) / sizeof(*raw_elements); i++) {
        if (!mk_html_name_is(name, raw_elements[i].name))
            continue;
        t->raw = name;
        t->raw_refs = raw_elements[i].refs;
    }
}

/* True if `name`, and behind it what may end a name, stands at `at`. */
static bool names_at(mk_str s, size_t at, mk_str name)
{
    const size_t end = at + name.len;
    return end < s.len && equal(mk_str_sub(s, at, end), name) &&
           (is_space(s.ptr[end]) || s.ptr[end] == '/' || s.ptr[end] == '>');
}

/* The start of "</name" from `at` on; s.len: none. In a script, what stands between
 * "<!--" and "-->" may hold a script of its own. */
static size_t raw_end(mk_str s, size_t at, mk_str name)
{
    enum { PLAIN, COMMENT, INNER } state = PLAIN;
    const bool script = mk_html_name_is(name, "script");
    if (mk_html_name_is(name, "plaintext"))
        return s.len;
    for (; at < s.len; at++) {
        if (state == PLAIN)
            at = find(s, at, '<');
        if (at >= s.len)
            break;
        if (s.ptr[at] == '-' && state != PLAIN && has_at(s, at, "-->")) {
            state = PLAIN;
        } else if (s.ptr[at] != '<') {
            continue;
        } else if (at + 1 < s.len && s.ptr[at + 1] == '/' && names_at(s, at + 2, name)) {
            if (state != INNER)
                return at;
            state = COMMENT;
        } else if (script && state == PLAIN && has_at(s, at, "<!--")) {
            state = COMMENT;
            at += 1; /* its dashes may end it: <!--> */
        } else if (state == COMMENT && names_at(s, at + 1, name)) {
            state = INNER;
        }
    }
    return s.len;
}

/* ---- markup that is no tag ---- */

/* Behind the comment whose text begins at `at`. */
static size_t comment_end(mk_str s, size_t at)
{
    if (has_at(s, at, ">"))
        return at + 1;
    if (has_at(s, at, "->"))
        return at + 2;
    for (at = find(s, at, '-'); at < s.len; at = find(s, at + 1, '-')) {
        if (has_at(s, at, "-->"))
            return at + 3;
        if (has_at(s, at, "--!>"))
            return at + 4;
    }
    return s.len;
}

/* Behind the comment, doctype or instruction at `at` ("<!", "<?", "</ "). */
static size_t markup_end(mk_str s, size_t at)
{
    if (has_at(s, at, "<!--"))
        return comment_end(s, at + 4);
    const size_t end = find(s, at, '>');
    return end < s.len ? end + 1 : s.len;
}

/* ---- tags ---- */

/* The tag at t->at, of which the name begins `skip` bytes further on. False: the
 * page ends in it. */
static bool read_tag(html_tokens *t, size_t skip, html_token *ret)
{
    const mk_str s = t->s;
    const size_t from = t->at + skip;
    size_t at = from;
    mk_str name, value;
    while (at < s.len && !is_space(s.ptr[at]) && s.ptr[at] != '/' && s.ptr[at] != '>')
        at++;
    const size_t attributes = at;
    while (step(s, &at, &name, &value)) {
    }
    t->at = s.len;
    if (at >= s.len)
        return false;
    *ret = (html_token){.type = skip == 1 ? HTML_START : HTML_CLOSE,
                        .name = mk_str_sub(s, from, attributes),
                        .attributes = mk_str_sub(s, attributes, at),
                        .self_closing = at > attributes && s.ptr[at - 1] == '/'};
    t->at = at + 1;
    return true;
}

typedef enum opening { IS_TEXT, IS_START, IS_CLOSE, IS_MARKUP } opening;

/* What the '<' at `at` begins. */
static opening look(mk_str s, size_t at)
{
    const char next = at + 1 < s.len ? s.ptr[at + 1] : '\0';
    if (is_letter(next))
        return IS_START;
    if (next == '!' || next == '?')
        return IS_MARKUP;
    if (next != '/' || at + 2 >= s.len)
        return IS_TEXT;
    return is_letter(s.ptr[at + 2]) ? IS_CLOSE : IS_MARKUP;
}

/* The text from t->at on; false: there is none. */
static bool read_text(html_tokens *t, html_token *ret)
{
    const mk_str s = t->s;
    const size_t from = t->at;
    bool refs = true;
    size_t at;
    if (t->raw.len > 0) {
        at = raw_end(s, from, t->raw);
        refs = t->raw_refs;
        t->raw = (mk_str){0};
    } else {
        at = find(s, from, '<');
        while (at < s.len && look(s, at) == IS_TEXT)
            at = find(s, at + 1, '<');
    }
    t->at = at;
    *ret = (html_token){.type = HTML_TEXT, .refs = refs, .text = mk_str_sub(s, from, at)};
    return at > from;
}

bool mk_html_token_next(html_tokens *t, html_token *ret)
{
    while (t->at < t->s.len) {
        if (read_text(t, ret))
            return true;
        if (t->at >= t->s.len)
            return false;
        switch (look(t->s, t->at)) {
        case IS_START:
            if (!read_tag(t, 1, ret))
                return false;
            enter_raw(t, ret->name);
            return true;
        case IS_CLOSE:
            return read_tag(t, 2, ret);
        case IS_MARKUP:
            t->at = markup_end(t->s, t->at);
            break;
        case IS_TEXT:
            return false; /* read_text takes it */
        }
    }
    return false;
}
