/* html_put.h: bits of HTML: escaped text, numbers for people, bars. Text from
 * outside can neither end an element nor turn the text around it. */
#ifndef MK_HTML_PUT_H
#define MK_HTML_PUT_H

#include "base/buf.h"

/* Text as content or the value of a quoted attribute: & < > " ' are references,
 * controls become their pictures (U+2400 on). */
void mk_html_put(mk_buf *out, mk_str text);

/* 1234567 as 1,234,567; with a sign if it is negative. */
void mk_html_number(mk_buf *out, int64_t n);

/* The share of part in all, as 12.3 %; 0 of 0 is 0. Shares too small to show are
 * < 0.1 %. */
void mk_html_share(mk_buf *out, uint64_t part, uint64_t all);

/* Cells of a table. A number sorts by its value; share_of not 0: as a share of it. */
void mk_html_cell(mk_buf *out, int64_t n);
void mk_html_share_cell(mk_buf *out, uint64_t part, uint64_t all);

/* An SVG of a bar from `from` to `to` of `all`; kind is a class of the style
 * sheet. A picture of figures that stand beside it: hidden from screen readers. */
void mk_html_bar(mk_buf *out, uint64_t from, uint64_t to, uint64_t all, const char *kind);

/* Two bars, one over the other: of `before` and `after` of `most`. */
void mk_html_pair(mk_buf *out, uint64_t before, uint64_t after, uint64_t most);

/* Part number i of a bar of `all`, from..to: the class of the style sheet is part<i>.
 * For an SVG of 1000 by 40. */
void mk_html_part(mk_buf *out, uint64_t from, uint64_t to, uint64_t all, unsigned i);

/* Which way a text runs, by its first letter: true if it has one. */
bool mk_html_direction(mk_str text, bool *ret_ltr);

#endif
