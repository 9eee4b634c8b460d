/* codec.c: one gzip member (RFC 1952, by libdeflate) or one zstd frame (RFC
 * 8878, by libzstd) a call. The gzip header and trailer are written here, so
 * that they stay the same whatever the library's version puts there. Refuses
 * levels outside the codec's range. An empty block is a valid member or frame:
 * whether to write one is the caller's decision.
 *
 * A compressor is made anew for every call: nothing of one block can reach the
 * next. */
#include <libdeflate.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "write/codec.h"

enum {
    GZ_HEADER = 10, /* bytes */
    GZ_TRAILER = 8, /* bytes: CRC-32 and length, little-endian */
    GZ_OS_UNKNOWN = 255
};

typedef struct codec_info {
    const char *name, *suffix;
    int min_level, max_level, usual_level;
} codec_info;

static const codec_info codecs[] = {
    [MK_CODEC_NONE] = {"plain", NULL, 0, 0, 0},
    [MK_CODEC_GZ] = {"gz", ".gz", 1, 12, 4},
    [MK_CODEC_ZST] = {"zst", ".zst", 1, 19, 3},
};

mk_codec mk_codec_of(const char *path)
{
    const mk_str name = mk_str_of(path);

    for (mk_codec codec = MK_CODEC_GZ; codec <= MK_CODEC_ZST; codec++) {
        const mk_str suffix = mk_str_of(codecs[codec].suffix);
        if (name.len >= suffix.len &&
            mk_str_eq(mk_str_sub(name, name.len - suffix.len, name.len), suffix))
            return codec;
    }
    return MK_CODEC_NONE;
}

static mk_err no_memory(mk_codec codec, mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a %s block", codecs[codec].name);
}

static void put_little_endian(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i) & 0xFF);
}

/* XFL of RFC 1952, 2.3.1: 2 for the slowest algorithm, 4 for the fastest. */
static unsigned char gz_extra_flags(int level)
{
    if (level >= 9)
        return 2;
    return level <= 1 ? 4 : 0;
}

static mk_err encode_gz(int level, mk_str block, mk_buf *out, mk_error *reterr)
{
    const unsigned char header[GZ_HEADER] = {0x1F, 0x8B,
                                             8, [8] = gz_extra_flags(level), [9] = GZ_OS_UNKNOWN};
    struct libdeflate_compressor *const compressor = libdeflate_alloc_compressor(level);
    unsigned char *to;
    size_t bound, n;
    mk_err code = MK_OK;

    if (!compressor)
        return no_memory(MK_CODEC_GZ, reterr);
    bound = libdeflate_deflate_compress_bound(compressor, block.len);
    to = (unsigned char *)mk_buf_room(out, GZ_HEADER + bound + GZ_TRAILER);
    if (!to) {
        code = no_memory(MK_CODEC_GZ, reterr);
        goto out;
    }
    n = libdeflate_deflate_compress(compressor, block.ptr, block.len, to + GZ_HEADER, bound);
    if (n == 0) {
        code = mk_fail(reterr, MK_BUG, "a gz block did not fit its bound");
        goto out;
    }
    memcpy(to, header, sizeof(header));
    to += GZ_HEADER + n;
    put_little_endian(to, libdeflate_crc32(0, block.ptr, block.len));
    put_little_endian(to + 4, (uint32_t)(block.len & 0xFFFFFFFF));
    out->len += GZ_HEADER + n + GZ_TRAILER;
out:
    libdeflate_free_compressor(compressor);
    return code;
}

static mk_err encode_zst(int level, mk_str block, mk_buf *out, mk_error *reterr)
{
    const size_t bound = ZSTD_compressBound(block.len);
    char *const to = mk_buf_room(out, bound);
    ZSTD_CCtx *const context = to ? ZSTD_createCCtx() : NULL;
    size_t n;

    if (!context)
        return no_memory(MK_CODEC_ZST, reterr);
    n = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    if (!ZSTD_isError(n))
        n = ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1);
    if (!ZSTD_isError(n))
        n = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    if (!ZSTD_isError(n))
        n = ZSTD_compress2(context, to, bound, block.ptr, block.len);
    ZSTD_freeCCtx(context);
    if (!ZSTD_isError(n)) {
        out->len += n;
        return MK_OK;
    }
    if (ZSTD_getErrorCode(n) == ZSTD_error_memory_allocation)
        return no_memory(MK_CODEC_ZST, reterr);
    return mk_fail(reterr, MK_BUG, "a zst block was refused: %s", ZSTD_getErrorName(n));
}

mk_err mk_encode(mk_codec codec, int level, mk_str block, mk_buf *out, mk_error *reterr)
{
    const codec_info *const info = &codecs[codec];

    if (codec == MK_CODEC_NONE) {
        mk_buf_put(out, block); /* the level has no meaning here */
        return out->failed ? no_memory(codec, reterr) : MK_OK;
    }
    if (level == 0)
        level = info->usual_level;
    if (level < info->min_level || level > info->max_level)
        return mk_fail(reterr, MK_OPTION, "%s level %d is not in %d-%d", info->name, level,
                       info->min_level, info->max_level);
    return codec == MK_CODEC_GZ ? encode_gz(level, block, out, reterr)
                                : encode_zst(level, block, out, reterr);
}

const char *mk_codec_library(mk_codec codec)
{
    static const char *const libraries[] = {
        [MK_CODEC_NONE] = "",
        [MK_CODEC_GZ] = "libdeflate " LIBDEFLATE_VERSION_STRING,
        [MK_CODEC_ZST] = "libzstd " ZSTD_VERSION_STRING,
    };

    return libraries[codec];
}
