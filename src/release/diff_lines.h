/* diff_lines.h: two texts, line by line. */
#ifndef MK_DIFF_LINES_H
#define MK_DIFF_LINES_H

#include "base/arena.h"
#include "minkhal/report.h"

enum {
    MK_DIFF_CONTEXT = 1, /* lines that are shown on either side of a change */
    MK_DIFF_LINES = 24,  /* of a sample: what is read at a glance */
    MK_DIFF_WIDTH = 400  /* bytes of one */
};

/* Digests of the lines of text that are not blank, sorted. Lends them. NULL if out of
 * memory. */
uint64_t *mk_line_digests(mk_str text, mk_arena *arena, size_t *ret_n);

/* How many of a are not in b, each as often as it is there. Both are sorted. */
uint64_t mk_digests_missing(const uint64_t *a, size_t n_a, const uint64_t *b, size_t n_b);

/* The changes from one text to the other, with context, as a sample shows them. An
 * empty text is none: what the other has is its beginning. Lends *ret; its texts are
 * copies. False if out of memory. */
bool mk_diff_show(mk_str from, mk_str to, mk_arena *arena, const mk_diff_line **ret, size_t *ret_n);

#endif
