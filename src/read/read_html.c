/* read_html.c: a stream of HTML, which is one document whole: a saved page. Its raw text
 * is what html.h reads of it: the ledger gives that back, not the tags.
 *
 * Refuses what html.h refuses, and what is longer than max_doc. */
#include "read/html.h"
#include "read/whole.h"
#include "text/charset.h"

enum { BID = 70 /* above a text that begins with a brace, below certain JSON */ };

static int html_bid(mk_str head)
{
    return mk_html_is(head) ? BID : 0;
}

static mk_err html_parse(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                         mk_error *reterr)
{
    const mk_html_limits limits = {.max_bytes = (size_t)options->max_doc};
    mk_html_page page;
    const char *const label = options->charset ? mk_charset_name(options->charset) : "";
    const mk_err err = mk_html_text(bytes, mk_str_of(label), &limits, arena, &page, reterr);
    return err == MK_OK ? mk_html_fill(&page, arena, doc, reterr) : err;
}

const mk_reader mk_reader_html = {
    .name = "html",
    .whole = true,
    .bid = html_bid,
    .open = mk_whole_open,
    .next = mk_whole_next,
    .close = mk_whole_close,
    .parse = html_parse,
};
