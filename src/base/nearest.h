/* nearest.h: "did you mean ...?" */
#ifndef MK_NEAREST_H
#define MK_NEAREST_H

#include "minkhal/text.h"

/* The number of single-letter edits between a and b (Levenshtein), at most
 * limit + 1. Bytes, up to 64 of each; longer words are limit + 1 apart. */
unsigned mk_edit_distance(mk_str a, mk_str b, unsigned limit);

#endif
