/* labelled.h: a page of which a person has said, line by line, what must stay. The
 * format is in docs/FORMATS.md. */
#ifndef MK_LABELLED_H
#define MK_LABELLED_H

#include "base/arena.h"
#include "minkhal/doc.h"

typedef enum mk_truth {
    MK_TRUTH_KEEP,   /* K: content */
    MK_TRUTH_EITHER, /* E: may stay or go */
    MK_TRUTH_DROP    /* D: junk */
} mk_truth;

typedef struct mk_labelled_line {
    mk_str text;
    mk_truth truth;
    mk_str category; /* "other" where the record says nothing */
    bool partial;    /* KEEP: of the line only `keep` must stay */
    mk_str keep;
    size_t offset; /* in the page's text, bytes */
} mk_labelled_line;

typedef struct mk_labelled {
    mk_labelled_line *lines; /* n of them */
    size_t n;
} mk_labelled;

/* Reads a record. doc's id (if the record has one), raw (the lines joined by LF),
 * url, title, date, lang and members (the record itself) are set. bytes must live
 * as long as the arena. MK_RECORD: what is wrong with it; MK_NOMEM. */
mk_err mk_labelled_parse(mk_str bytes, mk_arena *arena, mk_labelled *ret, mk_doc *doc,
                         mk_error *reterr);

#endif
