/* html.h: a page of HTML as lines of text with what its markup says of them.
 *
 * Pure: no file, no network, no script is run. What is read is the visible text
 * in the order of the source; what of it is content is for the filters to say.
 *
 * The tokenizer follows the HTML Standard (html.spec.whatwg.org, section 13.2.5);
 * instead of its tree there is a bounded stack of open elements with the rules
 * that matter to text. Time is linear in the bytes; memory is the decoded page, its text
 * and 48 bytes a line. */
#ifndef MK_HTML_H
#define MK_HTML_H

#include "base/arena.h"
#include "minkhal/doc.h"

/* 0 stands for the default. */
typedef struct mk_html_limits {
    size_t max_bytes;    /* of the page; 64 MiB */
    size_t max_elements; /* start tags; 4 Mi */
    size_t max_depth;    /* open elements, at most 512, as in browsers: what is
                            deeper is read as if it stood side by side */
} mk_html_limits;

/* What was left out: elements, by kind. The text in them is gone. */
typedef struct mk_html_removed {
    uint64_t scripts; /* script, style, template, noscript */
    uint64_t hidden;  /* hidden, aria-hidden, display:none, for screen readers */
    uint64_t forms;   /* select, button, textarea, ... */
    uint64_t media;   /* svg, canvas, iframe, video, ... */
} mk_html_removed;

/* All text is UTF-8 and in the arena, empty where unknown. */
typedef struct mk_html_page {
    mk_str text;         /* lines with LF between them */
    const mk_cues *cues; /* n_lines of them, one a line of text */
    size_t n_lines;
    mk_str title;        /* the article's, without the name of the site where it
                            stands on the page or in metadata alone */
    mk_str date;         /* as the page states it in metadata */
    mk_str lang;         /* of the html element */
    mk_str url;          /* canonical */
    mk_str alternates;   /* the page in other languages: a JSON object of their addresses */
    mk_str charset;      /* by which the bytes were read: "utf-8", ... */
    const char *told_by; /* who said so: "bom", "http", "meta" or "guess" */
    uint64_t n_bad;      /* bytes that it does not know; U+FFFD in text */
    mk_html_removed removed;
    bool shows_hidden; /* all of the page is hidden till a script shows it, so that
                          what is hidden was read too */
    bool flattened;    /* it was nested deeper than max_depth */
} mk_html_page;

/* Reads a page. http_charset: of the Content-Type header; may be empty. limits may
 * be NULL. MK_RECORD: beyond a limit, or no encoding could be found; MK_NOMEM. */
mk_err mk_html_text(mk_str bytes, mk_str http_charset, const mk_html_limits *limits,
                    mk_arena *arena, mk_html_page *ret, mk_error *reterr);

/* Fills in doc's raw, cues, url, title, date, lang (where doc has none yet) and
 * members: charset, and what was removed. MK_NOMEM. */
mk_err mk_html_fill(const mk_html_page *page, mk_arena *arena, mk_doc *doc, mk_error *reterr);

/* What was removed, as an object of JSON. Returns out. */
enum { MK_HTML_REMOVED = 160 /* bytes */ };
const char *mk_html_removed_json(const mk_html_removed *removed, char out[MK_HTML_REMOVED]);

/* True if head begins as a page of HTML does: with a doctype or with tags. */
bool mk_html_is(mk_str head);

#endif
