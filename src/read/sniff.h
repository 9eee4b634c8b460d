/* sniff.h: what a body is that nobody named a type for. */
#ifndef MK_SNIFF_H
#define MK_SNIFF_H

#include "minkhal/text.h"

/* The type by the first bytes, as browsers tell it (WHATWG MIME Sniffing, 7.1), static:
 * "text/html", "text/plain", "application/pdf", ...; empty: none of those known here. */
mk_str mk_sniff(mk_str body);

#endif
