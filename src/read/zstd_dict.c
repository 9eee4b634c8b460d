/* zstd_dict.c: the dictionary at the beginning of a .warc.zst: a skippable frame of
 * the magic 0x184D2A5D with a zstd dictionary in it, as it is or compressed. Source:
 * the WARC file compression specification for Zstandard (IIPC), section 3. What such a frame
 * holds otherwise is passed over, as any reader of zstd does.
 *
 * Refuses dictionaries above MAX_DICT and broken ones. Cases:
 * tests/read/test_resume.c. */
#include <string.h>
#include <zstd.h>

#include "read/stream_private.h"

enum {
    MAX_DICT = 16 << 20, /* bytes: those in use have about 1 MiB */
    HEADER = 8           /* bytes: magic and length of a skippable frame */
};

/* The next n bytes of the source, to be kept or passed over; to NULL: the latter. */
static mk_err take_bytes(mk_decoder *d, size_t n, mk_buf *to, mk_error *reterr)
{
    while (n > 0) {
        const mk_err err = mk_decoder_more(d, reterr);
        if (err != MK_OK)
            return err;
        if (d->in_end)
            return mk_fail(reterr, MK_DAMAGED, "truncated dictionary at the beginning of '%s'",
                           d->source->name);
        const size_t some = n < d->in.len ? n : d->in.len;
        if (to)
            mk_buf_put(to, mk_str_sub(d->in, 0, some));
        if (to && to->failed)
            return mk_stream_nomem(reterr);
        mk_decoder_consume(d, some);
        n -= some;
    }
    return MK_OK;
}

static uint32_t number_at(mk_str s, size_t at)
{
    if (s.len < at + 4)
        return 0;
    const unsigned char *const p = (const unsigned char *)s.ptr + at;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The content of the zstd frame that packed is; appended to ret. */
static bool unpack_dict(mk_str packed, mk_buf *ret)
{
    ZSTD_DCtx *const dctx = ZSTD_createDCtx();
    ZSTD_inBuffer in = {packed.ptr, packed.len, 0};
    size_t result = 1;

    while (dctx && !ZSTD_isError(result) && result > 0 && ret->len < MAX_DICT) {
        enum { PIECE = 128 * 1024 };
        char *const room = mk_buf_room(ret, PIECE);
        ZSTD_outBuffer out = {room, PIECE, 0};
        if (!room)
            break;
        result = ZSTD_decompressStream(dctx, &out, &in);
        if (ZSTD_isError(result) || (out.pos == 0 && in.pos == in.size))
            break;
        ret->len += out.pos;
    }
    ZSTD_freeDCtx(dctx);
    return result == 0;
}

static mk_err load(mk_decoder *d, ZSTD_DCtx *dctx, mk_buf *frame, mk_error *reterr)
{
    mk_buf unpacked = {.max = 2 * (size_t)MAX_DICT};
    mk_str dict = mk_buf_str(frame);
    bool ok = true;

    if (number_at(dict, 0) == ZSTD_MAGICNUMBER) {
        ok = unpack_dict(dict, &unpacked);
        dict = mk_buf_str(&unpacked);
    }
    ok = ok && !ZSTD_isError(ZSTD_DCtx_loadDictionary(dctx, dict.ptr, dict.len));
    mk_buf_clear(&unpacked);
    return ok ? MK_OK
              : mk_fail(reterr, MK_DAMAGED, "broken dictionary at the beginning of '%s'",
                        d->source->name);
}

mk_err mk_zstd_dict_take(mk_decoder *d, ZSTD_DCtx *dctx, mk_error *reterr)
{
    mk_buf frame = {.max = MAX_DICT};
    mk_err err = take_bytes(d, HEADER, &frame, reterr);
    size_t size = 0;

    if (err == MK_OK && number_at(mk_buf_str(&frame), 0) != 0x184D2A5D)
        err = mk_fail(reterr, MK_DAMAGED, "'%s' does not begin as zstd", d->source->name);
    if (err == MK_OK) {
        size = number_at(mk_buf_str(&frame), 4);
        mk_buf_reset(&frame);
        err = take_bytes(d, size < 4 ? size : 4, &frame, reterr);
    }
    if (err == MK_OK) {
        const uint32_t magic = frame.len == 4 ? number_at(mk_buf_str(&frame), 0) : 0;
        const bool is_dict = magic == ZSTD_MAGIC_DICTIONARY || magic == ZSTD_MAGICNUMBER;
        if (is_dict && size > MAX_DICT)
            err = mk_fail(reterr, MK_DAMAGED, "dictionary above 16 MiB at the beginning of '%s'",
                          d->source->name);
        else
            err = take_bytes(d, size - frame.len, is_dict ? &frame : NULL, reterr);
        if (err == MK_OK && is_dict)
            err = load(d, dctx, &frame, reterr);
    }
    mk_buf_clear(&frame);
    return err;
}
