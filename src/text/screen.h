/* screen.h: which operations may have work in a text, at the speed of a copy.
 *
 * Most lines need nothing. The screen says for a whole text which operations of
 * the forms could change it as it reads now: never too few, sometimes too many. */
#ifndef MK_SCREEN_H
#define MK_SCREEN_H

#include "text/operations.h"

/* Operations whose evidence reaches over lines. */
#define MK_SCREEN_DOCUMENT                                                                   \
    (MK_OP_BIT(MK_OP_HTML_ENTITIES) | MK_OP_BIT(MK_OP_MOJIBAKE) | MK_OP_BIT(MK_OP_NEWLINE) | \
     MK_OP_BIT(MK_OP_PRES_FORMS))

/* What stands for work of the form that preserves. */
#define MK_SCREEN_PRESERVE                                                            \
    (MK_OP_BIT(MK_OP_CONTROL) | MK_OP_BIT(MK_OP_NEWLINE) | MK_OP_BIT(MK_OP_NONCHAR) | \
     MK_OP_BIT(MK_OP_INVISIBLE))

/* Not work, but a reason to look for what is to be held. */
#define MK_SCREEN_CONTEXT MK_OP_BIT(MK_OP_QURAN_PROTECT)

/* Tables for one language, and the way through plain text: made once. */
typedef struct mk_screen {
    uint8_t ascii[128];  /* 0: plain; 1: after its like; 2: always looked at */
    uint8_t arabic[256]; /* U+06xx; 0: plain; 2: a byte of windows-1256 may be it */
    mk_language language;
    bool plain_arabic; /* U+0620 to 063F and U+0641 to 064A are plain */
    bool simd;
} mk_screen;

void mk_screen_init(mk_screen *screen, mk_language language, bool simd);

/* True if the machine has what the fast way needs and MINKHAL_SIMD is not "off". */
bool mk_screen_has_simd(void);

/* The MK_OP_BITs of operations of train that may change text, and context. */
uint64_t mk_screen_text(const mk_screen *screen, mk_str text);

#endif
