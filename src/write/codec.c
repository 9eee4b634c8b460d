/* codec.c: one gzip member (RFC 1952, by libdeflate) or one zstd frame (RFC
 * 8878, by libzstd) a call. The gzip header and trailer are written here, so
 * that they stay the same whatever the library's version puts there. Refuses
 * levels outside the codec's range. An empty block is a valid member or frame:
 * whether to write one is the caller's decision.
 *
 * gz-single is for readers that stop behind the first member. libdeflate ends
 * what it makes with a last block, so the parts are made by zlib: each from a
 * fresh state, ended by a flush to a byte's boundary (RFC 1951, 3.2.4), as pigz
 * does. They can be made apart and joined, and their bytes are the same for any
 * number of threads. The price: zlib's speed, no member can be read alone. */
#include <libdeflate.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "write/codec.h"

enum {
    GZ_HEADER = 10, /* bytes */
    GZ_TRAILER = 8, /* bytes: CRC-32 and length, little-endian */
    GZ_FLUSH = 16,  /* bytes: the end of a part, which deflateBound does not count */
    GZ_OS_UNKNOWN = 255
};

typedef struct codec_info {
    const char *name, *suffix;
    int min_level, max_level, usual_level;
    size_t block; /* bytes: smaller ones compress worse, larger ones no better */
} codec_info;

static const codec_info codecs[] = {
    [MK_CODEC_NONE] = {"none", ".jsonl", 0, 0, 0, 1 << 20},
    [MK_CODEC_GZ] = {"gz", ".gz", 1, 12, 4, 1 << 20},
    [MK_CODEC_GZ_SINGLE] = {"gz-single", ".gz", 1, 9, 4, 1 << 20},
    [MK_CODEC_ZST] = {"zst", ".zst", 1, 19, 3, 2 << 20},
};

#define N_CODECS (sizeof(codecs) / sizeof(*codecs))

struct mk_encoder {
    mk_codec codec;
    int level;
    struct libdeflate_compressor *gz;
    z_stream z;
    bool z_open;
    ZSTD_CCtx *zst;
};

/* ---- which codec ---- */

static bool ends_in(mk_str name, mk_str suffix)
{
    return name.len >= suffix.len &&
           mk_str_eq(mk_str_sub(name, name.len - suffix.len, name.len), suffix);
}

mk_codec mk_codec_of(const char *path)
{
    for (size_t i = 0; i < N_CODECS; i++)
        if (ends_in(mk_str_of(path), mk_str_of(codecs[i].suffix)))
            return (mk_codec)i;
    return MK_CODEC_NONE;
}

mk_err mk_codec_pick(const char *path, const char *name, mk_codec *ret, mk_error *reterr)
{
    const mk_codec said = mk_codec_of(path);
    size_t i = 0;

    if (!name) {
        *ret = said;
        return MK_OK;
    }
    while (i < N_CODECS && strcmp(name, codecs[i].name) != 0)
        i++;
    if (i == N_CODECS)
        return mk_fail(reterr, MK_OPTION, "unknown codec '%s'", name);
    /* A name without any of the endings goes with all of them. */
    if (ends_in(mk_str_of(path), mk_str_of(codecs[said].suffix)) &&
        strcmp(codecs[said].suffix, codecs[i].suffix) != 0)
        return mk_fail(reterr, MK_OPTION, "codec %s does not go with the name '%s'", name, path);
    *ret = (mk_codec)i;
    return MK_OK;
}

size_t mk_codec_block(mk_codec codec)
{
    return codecs[codec].block;
}

static mk_err no_memory(mk_codec codec, mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a %s block", codecs[codec].name);
}

/* ---- gz ---- */

static void put_little_endian(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i) & 0xFF);
}

static void fill_header(int level, unsigned char to[GZ_HEADER])
{
    memset(to, 0, GZ_HEADER);
    to[0] = 0x1F;
    to[1] = 0x8B;
    to[2] = Z_DEFLATED;
    /* XFL of RFC 1952, 2.3.1: 2 for the slowest algorithm, 4 for the fastest. */
    to[8] = level >= 9 ? 2 : level <= 1 ? 4 : 0;
    to[9] = GZ_OS_UNKNOWN;
}

static mk_err encode_gz(const mk_encoder *e, mk_str block, mk_buf *out, mk_error *reterr)
{
    const size_t bound = libdeflate_deflate_compress_bound(e->gz, block.len);
    unsigned char *to = (unsigned char *)mk_buf_room(out, GZ_HEADER + bound + GZ_TRAILER);
    size_t n;

    if (!to)
        return no_memory(e->codec, reterr);
    n = libdeflate_deflate_compress(e->gz, block.ptr, block.len, to + GZ_HEADER, bound);
    if (n == 0)
        return mk_fail(reterr, MK_BUG, "a gz block did not fit its bound");
    fill_header(e->level, to);
    to += GZ_HEADER + n;
    put_little_endian(to, libdeflate_crc32(0, block.ptr, block.len));
    put_little_endian(to + 4, (uint32_t)(block.len & 0xFFFFFFFF));
    out->len += GZ_HEADER + n + GZ_TRAILER;
    return MK_OK;
}

/* ---- gz-single ---- */

static mk_err encode_part(mk_encoder *e, mk_str block, mk_buf *out, mk_error *reterr)
{
    const uLong bound = block.len < UINT_MAX / 2 ? deflateBound(&e->z, block.len) + GZ_FLUSH : 0;
    char *const to = bound > 0 ? mk_buf_room(out, bound) : NULL;

    if (!to || deflateReset(&e->z) != Z_OK)
        return no_memory(e->codec, reterr);
    e->z.next_in = (Bytef *)(uintptr_t)block.ptr; /* zlib takes no const; it does not write */
    e->z.avail_in = (uInt)block.len;
    e->z.next_out = (Bytef *)to;
    e->z.avail_out = (uInt)bound;
    if (deflate(&e->z, Z_SYNC_FLUSH) != Z_OK || e->z.avail_in > 0 || e->z.avail_out == 0)
        return mk_fail(reterr, MK_BUG, "a gz block did not fit its bound");
    out->len += bound - e->z.avail_out;
    return MK_OK;
}

mk_gz_sum mk_gz_sum_of(mk_str block)
{
    return (mk_gz_sum){libdeflate_crc32(0, block.ptr, block.len), block.len};
}

mk_gz_sum mk_gz_sum_join(mk_gz_sum before, mk_gz_sum block)
{
    return (mk_gz_sum){(uint32_t)crc32_combine(before.crc, block.crc, (z_off_t)block.length),
                       before.length + block.length};
}

void mk_gz_put_header(int level, mk_buf *out)
{
    unsigned char header[GZ_HEADER];

    fill_header(level > 0 ? level : codecs[MK_CODEC_GZ_SINGLE].usual_level, header);
    mk_buf_put(out, (mk_str){(const char *)header, sizeof(header)});
}

void mk_gz_put_end(mk_gz_sum sum, mk_buf *out)
{
    unsigned char end[2 + GZ_TRAILER] = {0x03, 0x00}; /* an empty block, and the last */

    put_little_endian(end + 2, sum.crc);
    put_little_endian(end + 6, (uint32_t)(sum.length & 0xFFFFFFFF));
    mk_buf_put(out, (mk_str){(const char *)end, sizeof(end)});
}

/* ---- zst ---- */

static bool set_up_zst(const mk_encoder *e)
{
    return !ZSTD_isError(ZSTD_CCtx_setParameter(e->zst, ZSTD_c_compressionLevel, e->level)) &&
           !ZSTD_isError(ZSTD_CCtx_setParameter(e->zst, ZSTD_c_contentSizeFlag, 1)) &&
           !ZSTD_isError(ZSTD_CCtx_setParameter(e->zst, ZSTD_c_checksumFlag, 1));
}

static mk_err encode_zst(const mk_encoder *e, mk_str block, mk_buf *out, mk_error *reterr)
{
    const size_t bound = ZSTD_compressBound(block.len);
    char *const to = mk_buf_room(out, bound);
    size_t n;

    if (!to)
        return no_memory(e->codec, reterr);
    n = ZSTD_CCtx_reset(e->zst, ZSTD_reset_session_only); /* after a failure, too */
    if (!ZSTD_isError(n))
        n = ZSTD_compress2(e->zst, to, bound, block.ptr, block.len);
    if (!ZSTD_isError(n)) {
        out->len += n;
        return MK_OK;
    }
    if (ZSTD_getErrorCode(n) == ZSTD_error_memory_allocation)
        return no_memory(e->codec, reterr);
    return mk_fail(reterr, MK_BUG, "a zst block was refused: %s", ZSTD_getErrorName(n));
}

/* ---- all ---- */

static bool open_library(mk_encoder *e)
{
    switch (e->codec) {
    case MK_CODEC_NONE:
        return true;
    case MK_CODEC_GZ:
        e->gz = libdeflate_alloc_compressor(e->level);
        return e->gz != NULL;
    case MK_CODEC_GZ_SINGLE: /* raw deflate: the header is ours */
        e->z_open = deflateInit2(&e->z, e->level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) ==
                    Z_OK;
        return e->z_open;
    case MK_CODEC_ZST:
        e->zst = ZSTD_createCCtx();
        return e->zst && set_up_zst(e);
    }
    return false;
}

mk_err mk_encoder_open(mk_codec codec, int level, mk_encoder **ret, mk_error *reterr)
{
    const codec_info *const info = &codecs[codec];
    mk_encoder *e;

    if (level == 0 || codec == MK_CODEC_NONE) /* where a level has no meaning */
        level = info->usual_level;
    if (level < info->min_level || level > info->max_level)
        return mk_fail(reterr, MK_OPTION, "%s level %d is not in %d-%d", info->name, level,
                       info->min_level, info->max_level);
    e = calloc(1, sizeof(*e));
    if (!e)
        return no_memory(codec, reterr);
    e->codec = codec;
    e->level = level;
    if (!open_library(e)) {
        mk_encoder_close(e);
        return no_memory(codec, reterr);
    }
    *ret = e;
    return MK_OK;
}

void mk_encoder_close(mk_encoder *e)
{
    if (!e)
        return;
    libdeflate_free_compressor(e->gz); /* takes NULL, as does the next */
    ZSTD_freeCCtx(e->zst);
    if (e->z_open)
        deflateEnd(&e->z);
    free(e);
}

mk_err mk_encode(mk_encoder *e, mk_str block, mk_buf *out, mk_error *reterr)
{
    switch (e->codec) {
    case MK_CODEC_NONE:
        mk_buf_put(out, block);
        return out->failed ? no_memory(e->codec, reterr) : MK_OK;
    case MK_CODEC_GZ:
        return encode_gz(e, block, out, reterr);
    case MK_CODEC_GZ_SINGLE:
        return encode_part(e, block, out, reterr);
    case MK_CODEC_ZST:
        return encode_zst(e, block, out, reterr);
    }
    return mk_fail(reterr, MK_BUG, "no such codec");
}

const char *mk_codec_library(mk_codec codec)
{
    static const char *const libraries[] = {
        [MK_CODEC_NONE] = "",
        [MK_CODEC_GZ] = "libdeflate " LIBDEFLATE_VERSION_STRING,
        [MK_CODEC_GZ_SINGLE] = "zlib " ZLIB_VERSION,
        [MK_CODEC_ZST] = "libzstd " ZSTD_VERSION_STRING,
    };

    return libraries[codec];
}
