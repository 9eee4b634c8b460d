/* reader.c: which reader a stream is for. */
#include "read/reader.h"

static const mk_reader *const readers[] = {&mk_reader_jsonl, &mk_reader_html, &mk_reader_text,
                                           &mk_reader_warc, &mk_reader_arc};

const mk_reader *mk_reader_pick(mk_str head)
{
    const mk_reader *best = &mk_reader_text;
    int most = 0;

    for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
        const int bid = readers[i]->bid(head);
        if (bid > most) {
            best = readers[i];
            most = bid;
        }
    }
    return best;
}
