/* read_text.c: a stream of plain text, which is one document whole. Refuses what is
 * longer than max_doc. An empty stream has no document. Cases:
 * tests/read/test_read_text.c, fixtures/cli/clean_charset*. */
#include "read/plain.h"
#include "read/whole.h"

enum { BID = 10 /* any other reader knows better */ };

static int text_bid(mk_str head)
{
    (void)head;
    return BID;
}

static mk_err text_parse(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                         mk_error *reterr)
{
    return mk_plain_take(bytes, options->charset, arena, doc, reterr);
}

const mk_reader mk_reader_text = {
    .name = "text",
    .whole = true,
    .bid = text_bid,
    .open = mk_whole_open,
    .next = mk_whole_next,
    .close = mk_whole_close,
    .parse = text_parse,
};
