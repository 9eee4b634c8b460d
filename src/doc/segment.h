/* segment.h: a document's raw text as lines. */
#ifndef MK_SEGMENT_H
#define MK_SEGMENT_H

#include "base/arena.h"
#include "minkhal/doc.h"

/* Fills in doc->lines from doc->raw (valid UTF-8). A line ends at LF, CR LF, CR,
 * VT, FF, U+0085, U+2028 or U+2029 (Unicode 15.0 section 5.8); with `gaps`, in a
 * line that is a whole page also at four blanks or more: what stripped its markup
 * left them between its blocks. Text after the last break is a line, nothing after
 * it is none. Each has its cues of doc->cues; where there are any, gaps are none.
 * MK_NOMEM. */
mk_err mk_segment(mk_doc *doc, bool gaps, mk_arena *arena);

#endif
