/* crawl_digest.h: digests that the records of a crawl carry. */
#ifndef MK_CRAWL_DIGEST_H
#define MK_CRAWL_DIGEST_H

#include "minkhal/text.h"

/* True if `field` ("sha1:" and base32, "sha256:" and hexadecimal, "md5:"; either way of
 * writing for each) is the digest of bytes. *ret_known: its algorithm is known. */
bool mk_crawl_digest_is(mk_str field, mk_str bytes, bool *ret_known);

#endif
