/* score.h: how much of a labelled page's content and junk is in a text. */
#ifndef MK_SCORE_H
#define MK_SCORE_H

#include "minkhal/minkhal.h"
#include "measure/labelled.h"

/* Characters of one labelled line. A line of which only a part must stay has
 * content and junk. */
typedef struct mk_line_score {
    uint64_t content, content_kept, junk, junk_kept, either, either_kept;
} mk_line_score;

/* Compares output (lines with LF between them) with the page. First each line of
 * the output takes an equal line of the page, of several the one that must stay;
 * then the words of what is left on both sides are aligned (align.h).
 *
 * ret_lines has one entry for each line of the page. Where equal lines of
 * different labels are aligned in part, those that are left stand at the place of
 * the first. MK_LIMIT: too long and too different to align; MK_NOMEM. */
mk_err mk_score_page(const mk_labelled *page, mk_str output, mk_arena *arena,
                     mk_line_score *ret_lines, mk_score *ret, mk_error *reterr);

#endif
