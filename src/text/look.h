/* look.h: what a place in a text could be work for. Places are single characters with
 * what stands right beside them; a run of marks or of a repeated sign is looked at
 * where it is long enough to matter. */
#ifndef MK_LOOK_H
#define MK_LOOK_H

#include "text/screen.h"

/* A place in a text. */
typedef struct mk_place {
    const mk_screen *screen;
    mk_str text;
    size_t from, to; /* of the character */
    uint32_t cp;
} mk_place;

/* The MK_OP_BITs of operations of train that may have work at that place, and
 * context. QUOTE_REPAIR: of some mark of those that it knows. */
uint64_t mk_look_at(const mk_place *place);

#endif
