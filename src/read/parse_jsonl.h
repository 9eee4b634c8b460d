/* parse_jsonl.h: a line of JSON as a document: `parse` of an mk_reader. */
#ifndef MK_PARSE_JSONL_H
#define MK_PARSE_JSONL_H

#include "read/reader.h"

/* What the reason of a record without a member for its text begins with. */
#define MK_JSONL_NO_TEXT "no member '"

mk_err mk_jsonl_parse(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                      mk_error *reterr);

#endif
