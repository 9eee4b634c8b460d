/* codec.h: finished bytes as independent gzip members or zstd frames. */
#ifndef MK_CODEC_H
#define MK_CODEC_H

#include "base/buf.h"

typedef enum mk_codec {
    MK_CODEC_NONE,
    MK_CODEC_GZ,
    MK_CODEC_GZ_SINGLE, /* one gzip member for the whole file, block by block */
    MK_CODEC_ZST
} mk_codec;

/* What the end of the name says: .gz, .zst, otherwise none. */
mk_codec mk_codec_of(const char *path);

/* The library that makes its bytes, with its version; "" for none. */
const char *mk_codec_library(mk_codec codec);

/* The codec of that name ("none", "gz", "gz-single", "zst"); NULL: what path says.
 * MK_OPTION: no such codec, or path ends in the name of another. */
mk_err mk_codec_pick(const char *path, const char *name, mk_codec *ret, mk_error *reterr);

/* Bytes of a block: a member or frame that holds as much can be checked whole
 * before it is handed on (MK_STREAM_VERIFY). */
size_t mk_codec_block(mk_codec codec);

/* ---- a compressor, for one thread at a time ---- */

typedef struct mk_encoder mk_encoder;

/* level 0: gz 4, zst 3. *ret is owned by the caller. MK_NOMEM; MK_OPTION for a
 * level that the codec does not have. */
mk_err mk_encoder_open(mk_codec codec, int level, mk_encoder **ret, mk_error *reterr);
void mk_encoder_close(mk_encoder *encoder); /* takes NULL */

/* Appends block: as one member (RFC 1952; no name, no time, OS 255), one frame
 * (with checksum), or one part of a gz-single. The bytes depend on block, level
 * and the library's version, not on what was encoded before. MK_NOMEM. */
mk_err mk_encode(mk_encoder *encoder, mk_str block, mk_buf *out, mk_error *reterr);

/* ---- around the parts of a gz-single ---- */

typedef struct mk_gz_sum {
    uint32_t crc;
    uint64_t length;
} mk_gz_sum; /* starts as {0} */

mk_gz_sum mk_gz_sum_of(mk_str block);
mk_gz_sum mk_gz_sum_join(mk_gz_sum before, mk_gz_sum block);
void mk_gz_put_header(int level, mk_buf *out);
void mk_gz_put_end(mk_gz_sum sum, mk_buf *out); /* an empty last block, the trailer */

#endif
