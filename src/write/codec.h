/* codec.h: finished bytes as independent gzip members or zstd frames. */
#ifndef MK_CODEC_H
#define MK_CODEC_H

#include "base/buf.h"

typedef enum mk_codec { MK_CODEC_NONE, MK_CODEC_GZ, MK_CODEC_ZST } mk_codec;

/* By the end of the name: .gz, .zst, otherwise none. */
mk_codec mk_codec_of(const char *path);

/* The library that makes its bytes, with its version; "" for none. */
const char *mk_codec_library(mk_codec codec);

/* Appends block as one member (RFC 1952; no name, no time, OS 255) or frame
 * (with checksum). level 0: gz 4, zst 3. Pure; the bytes depend on block,
 * level and the library's version alone. MK_NOMEM; MK_OPTION for a level that
 * the codec does not have. */
mk_err mk_encode(mk_codec codec, int level, mk_str block, mk_buf *out, mk_error *reterr);

#endif
