/* write_jsonl.h: a document as one line of JSON, LF included. Pure. */
#ifndef MK_WRITE_JSONL_H
#define MK_WRITE_JSONL_H

#include "base/buf.h"
#include "minkhal/doc.h"

/* Appends {"id","text","source","url","title","date","lang","metadata"}, all
 * strings, in this order; text is the kept lines joined by LF; metadata is
 * doc->members as a string of JSON ("{}" where there are none). */
void mk_write_jsonl(const mk_doc *doc, mk_buf *out);

#endif
