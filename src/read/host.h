/* host.h: hosts of addresses, and hosts that people list. */
#ifndef MK_HOST_H
#define MK_HOST_H

#include <stdbool.h>

#include "minkhal/text.h"

enum { MK_HOST_MAX = 255 /* bytes: RFC 1035 */ };

/* What stands between the scheme and the path of an address, without user and port, as it is
 * written; empty if there is none. Lent from url. */
mk_str mk_host_of(mk_str url);

/* A host in lower case, in out, which has room for it or for MK_HOST_MAX bytes; empty if it is
 * longer than a host may be. */
mk_str mk_host_lower(mk_str host, char *out);

/* The host that a line of a list means, for it and all below it: "h.example", "*.h.example",
 * ".h.example", "h.example:80", "https://h.example/". False for what is none, or an address
 * with a path: a page is no host. Lent from line. */
bool mk_host_listed(mk_str line, mk_str *ret);

/* The host above: "a.b.example" -> "b.example". False: there is none. */
bool mk_host_above(mk_str *host);

#endif
