/* bytes.h: which kinds of bytes stand in a text that begin what rules ask for. One look
 * says of most texts that they have none, and they are not searched for each. */
#ifndef MK_BYTES_H
#define MK_BYTES_H

#include <stdbool.h>

#include "minkhal/text.h"

enum {
    MK_BYTE_AMPERSAND = 1 << 0,
    MK_BYTE_BREAK = 1 << 1, /* \v \f \r, and 0E to 0F */
    MK_BYTE_C2 = 1 << 2,    /* and C3 */
    MK_BYTE_E2 = 1 << 3,
    MK_BYTE_EE = 1 << 4,
    MK_BYTE_EF = 1 << 5,
    MK_BYTE_F = 1 << 6 /* F0 to FF */
};

/* The bits of all bytes of text; simd: mk_has_simd(). */
unsigned mk_bytes_of(mk_str text, bool simd);

#endif
