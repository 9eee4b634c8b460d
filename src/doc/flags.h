/* flags.h: text that nothing here can read, for a person to look at. */
#ifndef MK_FLAGS_H
#define MK_FLAGS_H

#include "doc/edit.h"

/* Marks edit's document for review if it shows, as it was read, what an operation of
 * the mask speaks of: qcf_flag (glyph codes of a Quran's page fonts), pua (private
 * characters above 1 percent), bidi (an override of direction over Arabic letters). bytes:
 * mk_bytes_of its raw text. */
void mk_edit_flag(mk_edit *edit, uint64_t operations, unsigned bytes);

#endif
