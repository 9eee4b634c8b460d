/* digest.h: fixed-seed hashes. Same bytes, same value, on every machine. */
#ifndef MK_DIGEST_H
#define MK_DIGEST_H

#include "minkhal/text.h"

typedef struct mk_digest {
    uint64_t high, low;
} mk_digest;

/* As mk_hash64 of minkhal/text.h, 128 bits. */
mk_digest mk_hash128(mk_str s);

/* CRC-32 of RFC 1952, by zlib. */
uint32_t mk_crc32(mk_str s);

#endif
