/* checksum.h: the digests that crawl files carry. Not for secrets. */
#ifndef MK_CHECKSUM_H
#define MK_CHECKSUM_H

#include "minkhal/text.h"

typedef enum mk_checksum_kind { MK_MD5, MK_SHA1, MK_SHA256 } mk_checksum_kind;

enum { MK_CHECKSUM_MAX = 32 /* bytes of the longest */ };

/* The digest of s. Returns its bytes: 16, 20 or 32. */
size_t mk_checksum(mk_checksum_kind kind, mk_str s, unsigned char out[MK_CHECKSUM_MAX]);

#endif
