/* doc.h: a document read as a whole. */
#ifndef MK_DOC_H
#define MK_DOC_H

#include "base/buf.h"
#include "minkhal/doc.h"

/* Appends the text as it is written: kept lines joined by LF. Nothing for a
 * document that is gone whole. */
void mk_doc_put_text(const mk_doc *doc, mk_buf *out);

#endif
