/* draft.h: a text that is rewritten several times over, and where in its source
 * each piece of it began: what patches are made of in the end. */
#ifndef MK_DRAFT_H
#define MK_DRAFT_H

#include "base/buf.h"
#include "text/patch.h"

/* A failed write is remembered by the buffers. */
typedef struct mk_draft {
    mk_buf text;   /* of which text.ptr is owned */
    mk_buf origin; /* uint32_t a byte of text: where in the source its piece begins,
                      or MK_DRAFT_INSIDE; unused in a draft that is not traced */
    bool traced;
} mk_draft;

#define MK_DRAFT_INSIDE UINT32_MAX

/* The two that an operation writes from one to the other, and their memory, which may
 * be used again by any other: starts as zeros, and what the machine can do. */
typedef struct mk_drafts {
    mk_draft draft, next;
    bool simd; /* mk_has_simd() */
} mk_drafts;

/* The first says what source says, the second is empty, to be filled from it by the
 * functions below; traced: patches are wanted. */
void mk_drafts_begin(mk_drafts *drafts, mk_str source, bool traced);

void mk_drafts_clear(mk_drafts *drafts);

/* Appends from[a, b) as it is. */
void mk_draft_keep(mk_draft *draft, const mk_draft *from, size_t a, size_t b);

/* Appends with (not empty) in the place of from's text from a on, up to where
 * the next keep or put goes on. */
void mk_draft_put(mk_draft *draft, const mk_draft *from, size_t a, mk_str with);

/* Appends more to what was put last. */
void mk_draft_add(mk_draft *draft, mk_str with);

static inline bool mk_draft_failed(const mk_draft *draft)
{
    return draft->text.failed || draft->origin.failed;
}

/* Exchanges the two, and empties the second. */
void mk_draft_turn(mk_draft *draft, mk_draft *next);

/* Patches each piece of source, which stands at `at` in the text, that draft (traced) has
 * otherwise. */
void mk_draft_patch(const mk_draft *draft, mk_str source, size_t at, mk_patches *patches);

#endif
