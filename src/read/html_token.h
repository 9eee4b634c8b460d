/* html_token.h: bytes of HTML as tags and text. Lends slices of the input,
 * allocates nothing, reads each byte a bounded number of times. */
#ifndef MK_HTML_TOKEN_H
#define MK_HTML_TOKEN_H

#include "minkhal/text.h"

typedef enum html_type {
    HTML_TEXT,  /* character references not yet resolved, if refs */
    HTML_START, /* <name attributes> */
    HTML_CLOSE  /* </name> */
} html_type;

typedef struct html_token {
    html_type type;
    bool refs;         /* TEXT: it may hold references */
    bool self_closing; /* START: ends in a slash */
    mk_str text;       /* TEXT */
    mk_str name;       /* tags: as written, in any case */
    mk_str attributes; /* START: what stands behind the name */
} html_token;

typedef struct html_tokens {
    mk_str s;
    size_t at;
    mk_str raw; /* the element whose end alone ends the text now; or empty */
    bool raw_refs;
} html_tokens;

static inline html_tokens html_tokens_of(mk_str s)
{
    return (html_tokens){.s = s};
}

/* The next token; false at the end. Comments, doctypes and instructions are passed
 * over. What stands in script, style, title and the like is one text. */
bool mk_html_token_next(html_tokens *t, html_token *ret);

/* Steps through attributes: *at from 0. name as written; value without quotes,
 * references unresolved, empty where there is none. False at the end. */
bool mk_html_attribute_next(mk_str attributes, size_t *at, mk_str *ret_name, mk_str *ret_value);

/* True if a and word (lower case) are equal but for ASCII case. */
bool mk_html_name_is(mk_str a, const char *word);

/* ---- character references (html_refs.c) ---- */

/* The reference at s[*at], an ampersand: *at is set behind it, its one or two code
 * points to ret. Returns their number; 0: it is none, *at stays. in_value: in an
 * attribute, where "&copy=" is none. */
unsigned mk_html_ref(mk_str s, size_t *at, bool in_value, uint32_t ret[2]);

#endif
