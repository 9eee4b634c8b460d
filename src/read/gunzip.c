/* gunzip.c: gzip members (RFC 1952). A member that lies whole in what was read, as
 * nearly all of a crawl file do, is decoded and checked by libdeflate in one go, at
 * three times the speed. Where it does not, more is put together, up to WINDOW, which
 * holds the members of what this program writes. All others, and those that libdeflate
 * will not have, go through zlib's raw inflate; header and trailer are read here
 * then, so that each failure has a name and a place.
 *
 * Refuses: a wrong CRC-32 or length, a member that is cut off, unknown methods
 * and flags, anything but zeros after the last member. */
#define ZLIB_CONST /* next_in points to const */
#include <libdeflate.h>
#include <zlib.h>

#include "read/stream_private.h"

enum { /* FLG of a header */
       FLAG_HCRC = 1 << 1,
       FLAG_EXTRA = 1 << 2,
       FLAG_NAME = 1 << 3,
       FLAG_COMMENT = 1 << 4,
       FLAGS_RESERVED = 0xE0
};

enum {
    BRIDGE = 32 * 1024, /* bytes put together where one piece ends: holds most members */
    WINDOW = 512 * 1024 /* bytes: a member that is compressed to more is not looked for */
};

/* What the next byte belongs to. The parts of a header come in this order. */
typedef enum part {
    PART_START, /* a member, padding or the end */
    PART_MAGIC,
    PART_METHOD,
    PART_FLAGS,
    PART_FIXED, /* MTIME, XFL, OS */
    PART_EXTRA_LEN,
    PART_EXTRA,
    PART_NAME,
    PART_COMMENT,
    PART_HCRC,
    PART_DATA,
    PART_TRAILER
} part;

typedef struct gunzip {
    mk_decoder decoder;
    z_stream z;
    bool z_open;
    struct libdeflate_decompressor *quick; /* owned */
    part part;
    uint64_t member;     /* offset in the source where it begins */
    uint64_t member_end; /* of the last that was whole */
    size_t usual;        /* bytes of the member before, if it lay whole in what was read */
    bool too_large;      /* the last that was looked for did not lie in WINDOW */
    unsigned flags;
    unsigned n_part;      /* bytes of this part so far */
    unsigned extra_len;   /* bytes of FEXTRA */
    uint32_t header_crc;  /* of the header so far */
    uint32_t crc, length; /* of the data so far; length modulo 2^32 */
    unsigned char trailer[8];
} gunzip;

static mk_err fail_member(const gunzip *g, const char *what, mk_error *reterr)
{
    return mk_fail(reterr, MK_DAMAGED, "%s gzip member that begins at byte %llu of '%s'", what,
                   (unsigned long long)g->member, g->decoder.source->name);
}

/* What follows the last member is no member. */
static mk_err fail_rest(gunzip *g, mk_error *reterr)
{
    mk_decoder *const d = &g->decoder;
    const mk_err err = mk_decoder_find(d, reterr);

    if (err != MK_OK)
        return err;
    if (d->in.len > 0)
        return mk_fail(reterr, MK_DAMAGED, "%llu bytes at byte %llu of '%s' are not gzip",
                       (unsigned long long)(d->in_offset - g->member_end),
                       (unsigned long long)g->member_end, d->source->name);
    return mk_fail(reterr, MK_DAMAGED, "%llu bytes after the last gzip member of '%s' are not gzip",
                   (unsigned long long)(d->in_offset - g->member_end), d->source->name);
}

/* ---- the header ---- */

/* The part after `after` that this header has. */
static part next_part(const gunzip *g, part after)
{
    if (after < PART_EXTRA_LEN && g->flags & FLAG_EXTRA)
        return PART_EXTRA_LEN;
    if (after == PART_EXTRA_LEN && g->extra_len > 0)
        return PART_EXTRA;
    if (after < PART_NAME && g->flags & FLAG_NAME)
        return PART_NAME;
    if (after < PART_COMMENT && g->flags & FLAG_COMMENT)
        return PART_COMMENT;
    if (after < PART_HCRC && g->flags & FLAG_HCRC)
        return PART_HCRC;
    return PART_DATA;
}

static void enter(gunzip *g, part p)
{
    g->part = p;
    g->n_part = 0;
}

/* Takes one byte of the header, of any part but the first three. */
static mk_err take_field(gunzip *g, unsigned char byte, mk_error *reterr)
{
    const part p = g->part;
    bool done = false;

    g->n_part++;
    if (p == PART_FIXED) {
        done = g->n_part == 6;
    } else if (p == PART_EXTRA_LEN) {
        g->extra_len |= (unsigned)byte << (g->n_part == 1 ? 0 : 8);
        done = g->n_part == 2;
    } else if (p == PART_EXTRA) {
        done = g->n_part == g->extra_len;
    } else if (p == PART_HCRC) {
        const unsigned want = g->header_crc >> (g->n_part == 1 ? 0 : 8) & 0xFF;
        if (byte != want)
            return fail_member(g, "crc mismatch in the header of the", reterr);
        done = g->n_part == 2;
    } else {           /* PART_NAME, PART_COMMENT */
        g->n_part = 0; /* of any length */
        done = byte == 0;
    }
    if (p != PART_HCRC)
        g->header_crc = (uint32_t)crc32(g->header_crc, &byte, 1);
    if (done)
        enter(g, next_part(g, p));
    return MK_OK;
}

/* Takes one byte of the header. */
static mk_err take_header(gunzip *g, unsigned char byte, mk_error *reterr)
{
    switch (g->part) {
    case PART_MAGIC:
        if (byte != 0x8B)
            return g->member > 0 ? fail_rest(g, reterr) : fail_member(g, "no", reterr);
        break;
    case PART_METHOD:
        if (byte != Z_DEFLATED)
            return fail_member(g, "unknown compression method in the", reterr);
        break;
    case PART_FLAGS:
        if (byte & FLAGS_RESERVED)
            return fail_member(g, "unknown flags in the", reterr);
        g->flags = byte;
        break;
    case PART_START:
    case PART_FIXED:
    case PART_EXTRA_LEN:
    case PART_EXTRA:
    case PART_NAME:
    case PART_COMMENT:
    case PART_HCRC:
    case PART_DATA:
    case PART_TRAILER:
        return take_field(g, byte, reterr);
    }
    g->header_crc = (uint32_t)crc32(g->header_crc, &byte, 1);
    enter(g, g->part + 1);
    return MK_OK;
}

/* ---- between members ---- */

/* At the first byte after a member: MK_OK and PART_MAGIC, or MK_END. */
static mk_err start_member(gunzip *g, mk_error *reterr)
{
    mk_decoder *const d = &g->decoder;
    const unsigned char first = 0x1F;

    if (!d->in_end && d->in.ptr[0] == 0x1F) {
        g->member = d->unit_start = d->in_offset;
        mk_decoder_mark(d);
        g->flags = g->extra_len = 0;
        g->header_crc = (uint32_t)crc32(0, &first, 1);
        g->crc = g->length = 0;
        if (inflateReset(&g->z) != Z_OK)
            return mk_fail(reterr, MK_BUG, "inflate cannot be reset");
        mk_decoder_consume(d, 1);
        enter(g, PART_MAGIC);
        return MK_OK;
    }
    while (!d->in_end) { /* zeros up to the block size of a tape are usual */
        size_t n = 0;
        while (n < d->in.len && d->in.ptr[n] == 0)
            n++;
        if (n < d->in.len)
            return fail_rest(g, reterr);
        mk_decoder_consume(d, n);
        const mk_err err = mk_decoder_more(d, reterr);
        if (err != MK_OK)
            return err;
    }
    return MK_END;
}

/* All eight bytes of the trailer are there. */
static mk_err check_trailer(gunzip *g, mk_error *reterr)
{
    const unsigned char *const t = g->trailer;
    const uint32_t crc = t[0] | (uint32_t)t[1] << 8 | (uint32_t)t[2] << 16 | (uint32_t)t[3] << 24;
    const uint32_t length = t[4] | (uint32_t)t[5] << 8 | (uint32_t)t[6] << 16 |
                            (uint32_t)t[7] << 24;

    if (crc != g->crc)
        return fail_member(g, "crc mismatch in the", reterr);
    if (length != g->length)
        return fail_member(g, "length mismatch in the", reterr);
    return MK_OK;
}

/* ---- data ---- */

/* Decodes a member that lies whole in what was read. If it does not, or fits not in
 * room, or something is wrong: not whole; *ret_short: with more input it might be. */
static void try_whole(gunzip *g, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                      bool *ret_short)
{
    enum { SHORTEST = 18 /* bytes: header and trailer */ };
    mk_decoder *const d = &g->decoder;
    enum libdeflate_result result = LIBDEFLATE_BAD_DATA;
    size_t n_in = 0, n_out = 0;

    if (d->in.len >= SHORTEST && !(d->in.ptr[3] & FLAG_HCRC)) /* which libdeflate skips */
        result = libdeflate_gzip_decompress_ex(g->quick, d->in.ptr, d->in.len, to, room, &n_in,
                                               &n_out);
    *ret_short = result == LIBDEFLATE_BAD_DATA;
    if (result != LIBDEFLATE_SUCCESS)
        return;
    g->member = d->unit_start = d->in_offset;
    mk_decoder_consume(d, n_in);
    g->member_end = d->in_offset;
    g->usual = n_in;
    *ret_n = n_out;
    *ret_whole = true;
}

/* The same, with more input if need be. Where the source has units of its own, how
 * far it is read says something of them: it is left alone. */
static mk_err find_whole(gunzip *g, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                         mk_error *reterr)
{
    mk_decoder *const d = &g->decoder;
    const bool may_gather = !d->source->packed && !d->in_end && !g->too_large &&
                            d->in.ptr[0] == 0x1F;
    const size_t bridge = 2 * g->usual < BRIDGE   ? BRIDGE
                          : 2 * g->usual < WINDOW ? 2 * g->usual
                                                  : WINDOW;
    bool is_short = false;
    mk_err err = MK_OK;

    if (may_gather && d->in.len < g->usual + g->usual / 8) /* or it would be tried in vain */
        err = mk_decoder_gather(d, bridge, reterr);
    if (err == MK_OK)
        try_whole(g, to, room, ret_n, ret_whole, &is_short);
    while (err == MK_OK && is_short && may_gather && d->in.len < WINDOW) {
        const size_t before = d->in.len;
        const size_t want = before < BRIDGE ? BRIDGE : 4 * before;
        err = mk_decoder_gather(d, want < WINDOW ? want : WINDOW, reterr);
        if (d->in.len == before)
            break;
        if (err == MK_OK)
            try_whole(g, to, room, ret_n, ret_whole, &is_short);
    }
    if (err != MK_OK)
        return err;
    if (*ret_whole || (is_short && d->in.len >= WINDOW))
        g->too_large = !*ret_whole;
    return err;
}

/* Inflates what it can. *ret_stuck: nothing more without more input. */
static mk_err inflate_some(gunzip *g, char *to, size_t room, size_t *ret_n, bool *ret_stuck,
                           mk_error *reterr)
{
    mk_decoder *const d = &g->decoder;
    const uInt in = d->in.len < UINT32_MAX ? (uInt)d->in.len : UINT32_MAX;
    const uInt out = room < UINT32_MAX ? (uInt)room : UINT32_MAX;
    int result;

    g->z.next_in = (const Bytef *)d->in.ptr;
    g->z.avail_in = in;
    g->z.next_out = (Bytef *)to;
    g->z.avail_out = out;
    result = inflate(&g->z, Z_NO_FLUSH);
    mk_decoder_consume(d, in - g->z.avail_in);
    *ret_n = out - g->z.avail_out;
    g->crc = libdeflate_crc32(g->crc, to, out - g->z.avail_out); /* five times zlib's speed */
    g->length += (uint32_t)*ret_n;
    *ret_stuck = result == Z_BUF_ERROR || (*ret_n == 0 && d->in.len == 0);
    if (result == Z_MEM_ERROR)
        return mk_stream_nomem(reterr);
    if (result == Z_STREAM_END) {
        enter(g, PART_TRAILER);
        return MK_OK;
    }
    if ((result != Z_OK && result != Z_BUF_ERROR) || (*ret_stuck && d->in.len > 0))
        return mk_fail(reterr, MK_DAMAGED, "corrupt deflate data at byte %llu of '%s'",
                       (unsigned long long)d->in_offset, d->source->name);
    return MK_OK;
}

static mk_err gunzip_fill(mk_decoder *d, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                          mk_error *reterr)
{
    gunzip *const g = (gunzip *)d;
    mk_err err = MK_OK;

    *ret_n = 0;
    while (err == MK_OK && *ret_n == 0 && !*ret_whole) {
        bool stuck = false;

        if (g->part == PART_DATA) {
            err = inflate_some(g, to, room, ret_n, &stuck, reterr);
            if (err != MK_OK || !stuck || g->part != PART_DATA)
                continue;
        }
        err = mk_decoder_more(d, reterr);
        if (err != MK_OK || g->part == PART_DATA) {
            if (err == MK_OK && d->in_end)
                err = fail_member(g, "truncated", reterr);
            continue;
        }
        if (g->part == PART_START) {
            err = find_whole(g, to, room, ret_n, ret_whole, reterr);
            if (err == MK_OK && !*ret_whole)
                err = start_member(g, reterr);
            continue;
        }
        if (d->in_end) {
            err = fail_member(g, "truncated", reterr);
            continue;
        }
        const unsigned char byte = (unsigned char)d->in.ptr[0];
        mk_decoder_consume(d, 1);
        if (g->part != PART_TRAILER) {
            err = take_header(g, byte, reterr);
            continue;
        }
        g->trailer[g->n_part++] = byte;
        if (g->n_part == sizeof(g->trailer)) {
            err = check_trailer(g, reterr);
            g->member_end = d->in_offset;
            enter(g, PART_START);
            *ret_whole = err == MK_OK;
            if (*ret_whole)
                mk_decoder_unmark(d);
        }
    }
    return err;
}

static void gunzip_release(mk_decoder *d)
{
    gunzip *const g = (gunzip *)d;

    if (g->z_open)
        inflateEnd(&g->z);
    if (g->quick)
        libdeflate_free_decompressor(g->quick);
}

static mk_err gunzip_restart(mk_decoder *d, mk_error *reterr)
{
    (void)reterr;
    enter((gunzip *)d, PART_START);
    return MK_OK;
}

mk_err mk_gunzip_open(mk_stream *source, mk_stream **ret, mk_error *reterr)
{
    gunzip *const g = mk_decoder_new(sizeof(*g), source);

    if (!g)
        return mk_stream_nomem(reterr);
    g->decoder.fill = gunzip_fill;
    g->decoder.release = gunzip_release;
    g->decoder.magic = MK_STR("\x1F\x8B\x08");
    g->decoder.restart = gunzip_restart;
    g->decoder.body.resume = mk_decoder_resume;
    g->z_open = inflateInit2(&g->z, -MAX_WBITS) == Z_OK; /* raw deflate */
    g->quick = libdeflate_alloc_decompressor();
    if (!g->z_open || !g->quick) {
        g->decoder.owns_source = false;
        mk_stream_close(&g->decoder.body.pub);
        return mk_stream_nomem(reterr);
    }
    *ret = &g->decoder.body.pub;
    return MK_OK;
}
