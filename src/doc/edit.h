/* edit.h: the pen. The only code that changes a document; filters hold it
 * through include/minkhal/filter.h. */
#ifndef MK_EDIT_H
#define MK_EDIT_H

#include "doc/match.h"
#include "text/patch.h"

/* A hit of a line that was kept when it was found. */
typedef struct mk_line_hit {
    const mk_hit *hit;
    size_t line;
} mk_line_hit;

/* What a filter says of a line that is none yet. */
typedef struct mk_judge {
    mk_judge_fn *says;
    const mk_lexicon *lexicon; /* lent */
} mk_judge;

enum { MK_MAX_JUDGES = 4 };

struct mk_edit {
    mk_doc *doc; /* this and the next are what filter.h knows of a pen */
    uint32_t *traits;
    mk_arena *arena;
    const mk_matcher *matcher;
    uint8_t step;
    mk_normalizer **normalizer; /* of whoever runs the filters; made when it is first
                                   needed */
    uint64_t lexicons;          /* that have hits in some line, bits by number */
    const mk_line_hit *hits;    /* n_hits of them: all of these, in the order of the lines */
    size_t n_hits;
    uint64_t n_changes;       /* that lines have seen: of text, zone, being in play */
    mk_vocabulary vocabulary; /* of the body, as it was after known_changes of them */
    uint64_t known_changes;
    bool simd;                      /* mk_has_simd() */
    uint64_t accusing;              /* so: those whose phrases accuse lines, of steps that ran */
    mk_judge judges[MK_MAX_JUDGES]; /* n_judges of them, of steps that ran */
    size_t n_judges;
    bool lexicons_known; /* no line has changed since they were counted */
    bool nomem;          /* sticky: the pipeline fails after the filter */
};

/* Makes the pen of a document with lines ready, before any filter. False if out of memory. */
bool mk_edit_begin(mk_edit *edit);

/* Line i was looked at as it reads now. */
void mk_edit_take_traits(mk_edit *edit, size_t i);

/* Applies patches (ascending, apart) to line i in the name of edit's step. */
void mk_edit_patch(mk_edit *edit, size_t i, const mk_patch_item *items, size_t n, mk_str evidence);

#endif
