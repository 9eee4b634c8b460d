/* digest.c: XXH3 by libxxhash and CRC-32 by zlib. Both give the value, not its
 * bytes in memory, so that they are the same on every machine. */
#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zlib.h>

#include "base/digest.h"

enum { CRC_CHUNK = 1 << 30 /* bytes: zlib counts in unsigned int */ };

uint64_t mk_hash64(mk_str s)
{
    return XXH3_64bits(s.ptr, s.len);
}

mk_digest mk_hash128(mk_str s)
{
    const XXH128_hash_t hash = XXH3_128bits(s.ptr, s.len);

    return (mk_digest){.high = hash.high64, .low = hash.low64};
}

uint32_t mk_crc32(mk_str s)
{
    uLong crc = crc32(0, NULL, 0);

    while (s.len > 0) {
        const size_t n = s.len < CRC_CHUNK ? s.len : CRC_CHUNK;
        crc = crc32(crc, (const Bytef *)s.ptr, (uInt)n);
        s.ptr += n;
        s.len -= n;
    }
    return (uint32_t)crc;
}
