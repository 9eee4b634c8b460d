/* html_private.h: what the parts of the HTML reader share. */
#ifndef MK_HTML_PRIVATE_H
#define MK_HTML_PRIVATE_H

#include "base/buf.h"
#include "read/html.h"
#include "read/html_token.h"

/* ---- elements (html_elements.c) ---- */

/* Why the text of an element is not read; 0: it is. */
typedef enum html_skip { HTML_SHOWN, HTML_SCRIPT, HTML_HIDDEN, HTML_FORM, HTML_MEDIA } html_skip;

typedef enum html_kind {
    HTML_INLINE,
    HTML_BLOCK,
    HTML_VOID,  /* has no end tag */
    HTML_BREAK, /* br, hr: a void that ends a line */
    HTML_ITEM,
    HTML_HEADING,
    HTML_QUOTE,
    HTML_PRE,
    HTML_TABLE,
    HTML_GROUP, /* thead, tbody, tfoot */
    HTML_ROW,
    HTML_CELL,
    HTML_ROOT, /* html, head, body: their tags open and close nothing */
    HTML_META, /* meta, link, base: a void for metadata */
    HTML_TITLE /* the page's title */
} html_kind;

typedef struct html_element {
    const char *name;
    uint8_t kind;   /* html_kind */
    uint8_t skip;   /* html_skip */
    bool closes_p;  /* its start tag ends a paragraph */
    uint32_t parts; /* MK_PART_ bits that the tag itself means */
} html_element;

/* Never NULL: what is unknown is inline. */
const html_element *mk_html_element_of(mk_str name);

/* MK_PART_ bits that the words of a class or an id mean. */
uint32_t mk_html_parts_of_class(mk_str value);
uint32_t mk_html_parts_of_role(mk_str value);

/* True if a style or class hides an element from readers. */
bool mk_html_style_hides(mk_str style);
bool mk_html_class_hides(mk_str value);

/* ---- metadata (html_meta.c) ---- */

/* What a page says of itself: the first of each. In the arena. */
typedef struct html_meta {
    mk_str title;    /* the title element */
    mk_str og_title; /* og:title, twitter:title */
    mk_str headline; /* of JSON-LD */
    mk_str date, lang, url;
    mk_str body;       /* articleBody of JSON-LD */
    mk_buf alternates; /* members of a JSON object: language, address */
    unsigned n_alternates;
    mk_arena *arena;
    bool nomem;
} html_meta;

/* An element meta, link, html or time. */
void mk_html_meta_element(html_meta *m, mk_str name, mk_str attributes);
void mk_html_meta_title(html_meta *m, mk_str text, bool refs);
void mk_html_meta_json(html_meta *m, mk_str script);

/* text with references resolved and white space collapsed, in the arena; ptr NULL
 * if out of memory. */
mk_str mk_html_plain(mk_arena *arena, mk_str text, bool refs);

void mk_html_meta_clear(html_meta *m);

/* ---- the page (html_lines.c) ---- */

/* A line as it is gathered. */
typedef struct html_line {
    size_t from, to; /* in html_lines.out */
    uint32_t letters, link_letters;
    uint32_t parts;
    uint32_t row, cell; /* numbers from 1; 0: not in a table */
    uint8_t block, heading;
} html_line;

/* What holds for the text at hand. */
typedef struct html_context {
    uint32_t parts;
    uint32_t row, cell;
    uint8_t skip; /* html_skip */
    uint8_t block, heading;
    bool link, pre, article;
} html_context;

/* Text as lines. */
typedef struct html_lines {
    mk_buf out;  /* the text of all lines, without breaks */
    mk_buf list; /* html_line */
    html_line line;
    bool open;  /* line has text */
    bool space; /* a space is due before more text */
} html_lines;

void mk_html_lines_text(html_lines *l, const html_context *c, mk_str text, bool refs);
void mk_html_lines_break(html_lines *l);
static inline size_t html_lines_n(const html_lines *l)
{
    return l->list.len / sizeof(html_line);
}
static inline html_line *html_lines_at(const html_lines *l)
{
    return (html_line *)(void *)l->list.ptr;
}
/* Joins rows, and puts the lines with their cues into page. MK_NOMEM. */
mk_err mk_html_lines_finish(html_lines *l, const html_meta *meta, mk_arena *arena,
                            mk_html_page *page, mk_error *reterr);
void mk_html_lines_clear(html_lines *l);

/* Gives the lines that body has too, nearly word for word, the part MK_PART_BODY
 * (html_stated.c). False if out of memory. */
bool mk_html_stated_mark(html_lines *l, mk_str body, mk_arena *arena);

/* ---- encodings (html_charset.c) ---- */

/* bytes as UTF-8 without a mark and without NUL: lent, or in out. Sets charset,
 * told_by and n_bad of page. */
mk_err mk_html_decode(mk_str bytes, mk_str http_charset, mk_buf *out, mk_str *ret,
                      mk_html_page *page, mk_error *reterr);

#endif
