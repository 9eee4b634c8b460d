/* mojibake.h: text that was decoded by the wrong code page, put right. */
#ifndef MK_MOJIBAKE_H
#define MK_MOJIBAKE_H

#include "text/draft.h"

enum {
    MK_MOJIBAKE_ROUNDS = 3, /* text that was decoded wrongly again and again */
    MK_MOJIBAKE_STAGES = 5
};

/* What a document showed: which readings of it are to be undone, in this order.
 * Lines are then put right one by one. */
typedef struct mk_mojibake {
    uint8_t stages[MK_MOJIBAKE_ROUNDS][MK_MOJIBAKE_STAGES]; /* 0: leave */
    bool nomem;                                             /* there was no memory to find out */
} mk_mojibake;

/* True if document must be put right. One pass, without memory, over documents
 * in which no character stands that bytes of Arabic would look like. */
bool mk_mojibake_evidence(mk_str document, mk_drafts *drafts, mk_mojibake *ret);

/* True if letters of one byte each may have come to stand in line: evidence for that is
 * the whole of a line. All else is found in any part of it between two spaces. */
bool mk_mojibake_by_line(mk_str line);

/* Patches text, which is lines of that document. */
void mk_op_mojibake(const mk_mojibake *evidence, mk_str text, mk_drafts *drafts,
                    mk_patches *patches);

#endif
