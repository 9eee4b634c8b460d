/* read_text.c: a stream of plain text, which is one document whole.
 *
 * Refuses: what is not UTF-8, what is longer than max_doc. An empty stream has
 * no document. A byte order mark is not part of the text. */
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
    const size_t valid = mk_utf8_valid(bytes);
    const size_t mark = bytes.len >= 3 && memcmp(bytes.ptr, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    (void)options;
    (void)arena;
    if (valid < bytes.len)
        return mk_fail(reterr, MK_RECORD, "not valid UTF-8 at byte %zu", valid + 1);
    doc->raw = mk_str_sub(bytes, mark, bytes.len);
    return MK_OK;
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
