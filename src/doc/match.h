/* match.h: which phrases of a chain's lexicons a line matches: those that the
 * index finds in its folded form and whose anchors hold, and rows of labels. */
#ifndef MK_MATCH_H
#define MK_MATCH_H

#include "base/arena.h"
#include "doc/lexicon.h"

typedef struct mk_matcher mk_matcher; /* const once built: any number of threads */

/* The lexicons are lent while the matcher lives; each gets its number. */
mk_err mk_matcher_new(mk_lexicon *const *lexicons, size_t n, mk_matcher **ret, mk_error *reterr);
void mk_matcher_free(mk_matcher *matcher); /* takes NULL */

/* True if line's features, folded form and hits speak of its text as it reads
 * now. */
static inline bool mk_line_is_scanned(const mk_line *line)
{
    return line->seen.ptr && (line->seen.ptr == line->text.ptr || line->text.len == 0);
}

/* Sees to it that line's features, folded form and hits speak of its text as it
 * reads now. False if out of memory. */
bool mk_line_scan(const mk_matcher *matcher, mk_line *line, mk_arena *arena);

/* The same for all of n lines that are not gone. */
bool mk_lines_scan(const mk_matcher *matcher, mk_line *lines, size_t n, mk_arena *arena);

/* The anchor of the phrase that was hit. */
mk_anchor mk_matcher_anchor(const mk_matcher *matcher, const mk_hit *hit);

/* The words of a scanned line, numbers left out, and how many of them labels (pieces and
 * whole-line phrases) stand for, whatever stands between these. False if out of memory. */
bool mk_line_labels(const mk_matcher *matcher, const mk_line *line, mk_arena *arena,
                    unsigned *ret_labels, unsigned *ret_words);

#endif
