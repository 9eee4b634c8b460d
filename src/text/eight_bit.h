/* eight_bit.h: Arabic of one byte a letter that was read as a page of western
 * Europe, line by line. */
#ifndef MK_EIGHT_BIT_H
#define MK_EIGHT_BIT_H

#include "text/draft.h"

typedef enum mk_eight_bit {
    MK_EIGHT_NONE,
    MK_EIGHT_1256, /* windows-1256 read as windows-1252 */
    MK_EIGHT_8859  /* ISO-8859-6 read as Latin-1 */
} mk_eight_bit;

/* Which of them document is, if one of its lines is so for certain. */
mk_eight_bit mk_eight_bit_evidence(mk_str document);

/* Writes draft to next with the lines put right that could be such. */
void mk_eight_bit_undo(const mk_draft *draft, mk_eight_bit kind, mk_draft *next);

#endif
