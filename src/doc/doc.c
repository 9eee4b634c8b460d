#include "doc/doc.h"

void mk_doc_put_text(const mk_doc *doc, mk_buf *out)
{
    bool first = true;
    for (size_t i = 0; i < doc->n_lines && !doc->gone; i++) {
        if (doc->lines[i].gone)
            continue;
        if (!first)
            mk_buf_putc(out, '\n');
        mk_buf_put(out, doc->lines[i].text);
        first = false;
    }
}
