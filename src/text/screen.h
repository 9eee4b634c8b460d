/* screen.h: which operations may have work in a text, at the speed of a copy.
 *
 * Most lines need nothing. The screen says for a whole text which operations of
 * the forms could change it as it reads now: never too few, sometimes too many. */
#ifndef MK_SCREEN_H
#define MK_SCREEN_H

#include "base/buf.h"
#include "base/simd.h"
#include "text/operations.h"

/* Operations that look at the whole of a line, or beyond it. */
#define MK_SCREEN_LINE                                                                            \
    (MK_OP_BIT(MK_OP_HTML_ENTITIES) | MK_OP_BIT(MK_OP_NEWLINE) | MK_OP_BIT(MK_OP_PRES_FORMS) |    \
     MK_OP_BIT(MK_OP_VISUAL_ORDER) | MK_OP_BIT(MK_OP_ALLAH_LIG) | MK_OP_BIT(MK_OP_QUOTE_REPAIR) | \
     MK_SCREEN_CONTEXT)

/* What stands for work of the form that preserves. */
#define MK_SCREEN_PRESERVE                                                            \
    (MK_OP_BIT(MK_OP_CONTROL) | MK_OP_BIT(MK_OP_NEWLINE) | MK_OP_BIT(MK_OP_NONCHAR) | \
     MK_OP_BIT(MK_OP_INVISIBLE))

/* Not work, but a reason to look for what is to be held. */
#define MK_SCREEN_CONTEXT MK_OP_BIT(MK_OP_QURAN_PROTECT)

/* A stretch of text with places of work in it, few bytes apart, on one line. */
typedef struct mk_spot {
    uint32_t from, to; /* the first and the last of the places */
    uint64_t needs;
} mk_spot;

/* Tables for one language, and the way through plain text: made once. */
typedef struct mk_screen {
    uint8_t ascii[128];  /* 0: plain; 1: after its like; 2: always looked at */
    uint8_t arabic[256]; /* U+06xx; 0: plain; 2: a byte of windows-1256 may be it */
    mk_language language;
    bool plain_arabic; /* U+0620 to 063F and U+0641 to 064A are plain */
    bool simd;
} mk_screen;

void mk_screen_init(mk_screen *screen, mk_language language, bool simd);

/* The MK_OP_BITs of operations of train that may change text, and context. */
uint64_t mk_screen_text(const mk_screen *screen, mk_str text);

/* The same, and appends to spots (of mk_spot) where. An LF belongs to the line it ends. */
uint64_t mk_screen_find(const mk_screen *screen, mk_str text, mk_buf *spots);

#endif
