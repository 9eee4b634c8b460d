/* unpack.c: zstd, xz and bzip2, each by its own library.
 *
 * Not by libarchive's raw format, for reasons found by trying 3.6.2: it hands
 * on the compressed bytes as content where its own bidder refuses a file cut
 * off in the head; it ends a bzip2 file silently at whatever follows its first
 * stream, a cut-off second stream included; it gives xz all the memory that a
 * file asks for; and it drops up to 64 KiB before a damage. With the libraries
 * every zstd frame and bzip2 stream is a unit of its own.
 *
 * Refuses: truncation, bytes after the last frame, a wrong check, more memory
 * than ZSTD_WINDOW and XZ_MEMORY. What no check covers cannot be found: a
 * changed bit in a zstd frame written without a checksum (the zstd command
 * writes one, many libraries do not) or in an xz file with --check=none. */
#include <bzlib.h>
#include <limits.h>
#include <lzma.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "read/stream_private.h"

enum {
    ZSTD_WINDOW = 27,     /* log2 of bytes: what zstd reads unless told */
    XZ_MEMORY = 256 << 20 /* bytes: xz -9 needs 65 MiB */
};

typedef struct unpack unpack;

/* One codec. step decodes from decoder.in to `to`, and says whether the unit
 * ended; with neither progress nor an end it is asked again with more input. */
typedef struct unpack_kind {
    const char *unit; /* "zstd frame" */
    mk_err (*begin)(unpack *u, mk_error *reterr);
    mk_err (*step)(unpack *u, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                   mk_error *reterr);
} unpack_kind;

struct unpack {
    mk_decoder decoder;
    const unpack_kind *kind;
    bool inside;    /* a unit has begun */
    uint64_t begin; /* where: offset in the source */
    uint64_t n_units;
    bool first; /* nothing was read */
    ZSTD_DCtx *zstd;
    lzma_stream xz;
    bz_stream bz;
    bool bz_open;
};

static mk_err fail_unit(const unpack *u, const char *what, mk_error *reterr)
{
    return mk_fail(reterr, MK_DAMAGED, "%s %s that begins at byte %llu of '%s'", what,
                   u->kind->unit, (unsigned long long)u->begin, u->decoder.source->name);
}

/* What begins at u->begin is no unit. */
static mk_err fail_rest(unpack *u, mk_error *reterr)
{
    mk_err err;

    if (u->n_units == 0)
        return fail_unit(u, "corrupt", reterr);
    err = mk_decoder_find(&u->decoder, reterr);
    if (err != MK_OK)
        return err;
    if (u->decoder.in.len > 0)
        return mk_fail(reterr, MK_DAMAGED, "%llu bytes at byte %llu of '%s' are not %.*s",
                       (unsigned long long)(u->decoder.in_offset - u->begin),
                       (unsigned long long)u->begin, u->decoder.source->name,
                       (int)strcspn(u->kind->unit, " "), u->kind->unit);
    return mk_fail(reterr, MK_DAMAGED, "%llu bytes after the last %s of '%s' are not %.*s",
                   (unsigned long long)(u->decoder.in_offset - u->begin), u->kind->unit,
                   u->decoder.source->name, (int)strcspn(u->kind->unit, " "), u->kind->unit);
}

/* ---- zstd ---- */

static mk_err zstd_begin(unpack *u, mk_error *reterr)
{
    if (!u->zstd || ZSTD_isError(ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only)) ||
        ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW)))
        return mk_stream_nomem(reterr);
    return MK_OK;
}

static mk_err zstd_step(unpack *u, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                        mk_error *reterr)
{
    mk_decoder *const d = &u->decoder;
    ZSTD_inBuffer in = {d->in.ptr, d->in.len, 0};
    ZSTD_outBuffer out = {to, room, 0};
    const size_t result = ZSTD_decompressStream(u->zstd, &out, &in);

    mk_decoder_consume(d, in.pos);
    *ret_n = out.pos;
    *ret_whole = result == 0;
    if (!ZSTD_isError(result))
        return MK_OK;
    switch ((int)ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return mk_stream_nomem(reterr);
    case ZSTD_error_prefix_unknown:
        return fail_rest(u, reterr);
    case ZSTD_error_dictionary_wrong:
        return fail_unit(u, "no dictionary for the", reterr);
    case ZSTD_error_checksum_wrong:
        return fail_unit(u, "checksum mismatch in the", reterr);
    case ZSTD_error_frameParameter_windowTooLarge:
        return fail_unit(u, "more memory than 128 MiB is asked for by the", reterr);
    default: /* an enum of the library, with gaps */
        return fail_unit(u, "corrupt", reterr);
    }
}

/* ---- xz ---- */

static mk_err xz_begin(unpack *u, mk_error *reterr)
{
    const uint32_t flags = LZMA_CONCATENATED | LZMA_TELL_UNSUPPORTED_CHECK;

    if (lzma_stream_decoder(&u->xz, XZ_MEMORY, flags) != LZMA_OK)
        return mk_stream_nomem(reterr);
    return MK_OK;
}

static mk_err xz_step(unpack *u, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                      mk_error *reterr)
{
    mk_decoder *const d = &u->decoder;
    lzma_ret result;

    u->xz.next_in = (const uint8_t *)d->in.ptr;
    u->xz.avail_in = d->in.len;
    u->xz.next_out = (uint8_t *)to;
    u->xz.avail_out = room;
    result = lzma_code(&u->xz, d->in_end ? LZMA_FINISH : LZMA_RUN);
    mk_decoder_consume(d, d->in.len - u->xz.avail_in);
    *ret_n = room - u->xz.avail_out;
    *ret_whole = result == LZMA_STREAM_END;
    switch ((int)result) {
    case LZMA_OK:
    case LZMA_STREAM_END:
        return MK_OK;
    case LZMA_BUF_ERROR: /* no progress: more input, or there is none */
        return d->in_end ? fail_unit(u, "truncated", reterr) : MK_OK;
    case LZMA_MEM_ERROR:
        return mk_stream_nomem(reterr);
    case LZMA_MEMLIMIT_ERROR:
        return fail_unit(u, "more memory than 256 MiB is asked for by the", reterr);
    case LZMA_UNSUPPORTED_CHECK:
        return fail_unit(u, "unknown kind of check in the", reterr);
    case LZMA_OPTIONS_ERROR:
        return fail_unit(u, "unknown options in the", reterr);
    default:
        return mk_fail(reterr, MK_DAMAGED, "corrupt xz data at byte %llu of '%s'",
                       (unsigned long long)d->in_offset, d->source->name);
    }
}

/* ---- bzip2 ---- */

static void bzip2_end(unpack *u)
{
    if (u->bz_open)
        BZ2_bzDecompressEnd(&u->bz);
    u->bz_open = false;
}

static mk_err bzip2_begin(unpack *u, mk_error *reterr)
{
    bzip2_end(u); /* of the stream before: the library cannot start over */
    u->bz = (bz_stream){0};
    u->bz_open = BZ2_bzDecompressInit(&u->bz, 0, 0) == BZ_OK;
    return u->bz_open ? MK_OK : mk_stream_nomem(reterr);
}

static mk_err bzip2_step(unpack *u, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                         mk_error *reterr)
{
    mk_decoder *const d = &u->decoder;
    const unsigned in = d->in.len < UINT_MAX ? (unsigned)d->in.len : UINT_MAX;
    const unsigned out = room < UINT_MAX ? (unsigned)room : UINT_MAX;
    char none = '\0';
    int result;

    /* The library takes no const; it does not write there. */
    u->bz.next_in = in > 0 ? (char *)(uintptr_t)d->in.ptr : &none;
    u->bz.avail_in = in;
    u->bz.next_out = to;
    u->bz.avail_out = out;
    result = BZ2_bzDecompress(&u->bz);
    mk_decoder_consume(d, in - u->bz.avail_in);
    *ret_n = out - u->bz.avail_out;
    *ret_whole = result == BZ_STREAM_END;
    switch (result) {
    case BZ_OK:
    case BZ_STREAM_END:
        return MK_OK;
    case BZ_MEM_ERROR:
        return mk_stream_nomem(reterr);
    case BZ_DATA_ERROR_MAGIC:
        return fail_rest(u, reterr);
    default: /* the library does not tell a wrong check from wrong data */
        return fail_unit(u, "crc mismatch or corrupt data in the", reterr);
    }
}

/* ---- all three ---- */

static const unpack_kind kind_zstd = {"zstd frame", zstd_begin, zstd_step};
static const unpack_kind kind_xz = {"xz stream", xz_begin, xz_step};
static const unpack_kind kind_bzip2 = {"bzip2 stream", bzip2_begin, bzip2_step};

/* A dictionary may stand before the first frame. */
static mk_err take_dict(unpack *u, mk_error *reterr)
{
    mk_err err;

    u->first = false;
    if (u->decoder.in_end || u->decoder.in.ptr[0] != 0x5D)
        return MK_OK;
    err = mk_zstd_dict_take(&u->decoder, u->zstd, reterr);
    return err == MK_OK ? mk_decoder_more(&u->decoder, reterr) : err;
}

/* Between two units: MK_OK if one begins, else MK_END. */
static mk_err begin_unit(unpack *u, mk_error *reterr)
{
    mk_decoder *const d = &u->decoder;
    mk_err err = mk_decoder_more(d, reterr);

    if (err == MK_OK && u->zstd && u->first)
        err = take_dict(u, reterr);
    if (err != MK_OK)
        return err;
    if (d->in_end)
        return MK_END;
    u->begin = d->unit_start = d->in_offset;
    if (d->magic.len > 0)
        mk_decoder_mark(d);
    err = u->kind->begin(u, reterr);
    u->inside = err == MK_OK;
    return err;
}

static mk_err unpack_fill(mk_decoder *d, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                          mk_error *reterr)
{
    unpack *const u = (unpack *)d;

    *ret_n = 0;
    for (;;) {
        const uint64_t before = d->in_offset;
        const bool at_end = d->in_end;
        mk_err err = u->inside ? MK_OK : begin_unit(u, reterr);

        if (err == MK_OK)
            err = u->kind->step(u, to, room, ret_n, ret_whole, reterr);
        if (err != MK_OK)
            return err;
        if (*ret_whole) {
            u->inside = false;
            u->n_units++;
            mk_decoder_unmark(d);
        }
        if (*ret_n > 0 || *ret_whole)
            return MK_OK;
        if (d->in_offset != before && d->in.len > 0)
            continue;
        if (d->in.len > 0 || at_end) /* the library does not go on */
            return fail_unit(u, d->in.len > 0 ? "corrupt" : "truncated", reterr);
        err = mk_decoder_more(d, reterr);
        if (err != MK_OK)
            return err;
    }
}

static void unpack_release(mk_decoder *d)
{
    unpack *const u = (unpack *)d;

    ZSTD_freeDCtx(u->zstd);
    lzma_end(&u->xz);
    bzip2_end(u);
}

static mk_err unpack_restart(mk_decoder *d, mk_error *reterr)
{
    (void)reterr;
    ((unpack *)d)->inside = false;
    return MK_OK;
}

static mk_err open_kind(const unpack_kind *kind, mk_stream *source, mk_stream **ret,
                        mk_error *reterr)
{
    unpack *const u = mk_decoder_new(sizeof(*u), source);

    if (!u)
        return mk_stream_nomem(reterr);
    u->kind = kind;
    u->decoder.restart = unpack_restart;
    u->decoder.fill = unpack_fill;
    u->decoder.release = unpack_release;
    u->xz = (lzma_stream)LZMA_STREAM_INIT;
    *ret = &u->decoder.body.pub;
    return MK_OK;
}

mk_err mk_unzstd_open(mk_stream *source, mk_stream **ret, mk_error *reterr)
{
    mk_stream *s = NULL;
    const mk_err err = open_kind(&kind_zstd, source, &s, reterr);

    if (err != MK_OK || !s)
        return err;
    unpack *const u = (unpack *)s;
    u->decoder.magic = MK_STR("\x28\xB5\x2F\xFD");
    u->decoder.body.resume = mk_decoder_resume;
    u->first = true;
    u->zstd = ZSTD_createDCtx();
    if (!u->zstd) {
        u->decoder.owns_source = false;
        mk_stream_close(s);
        return mk_stream_nomem(reterr);
    }
    *ret = s;
    return MK_OK;
}

mk_err mk_unxz_open(mk_stream *source, mk_stream **ret, mk_error *reterr)
{
    return open_kind(&kind_xz, source, ret, reterr);
}

mk_err mk_unbzip2_open(mk_stream *source, mk_stream **ret, mk_error *reterr)
{
    return open_kind(&kind_bzip2, source, ret, reterr);
}
