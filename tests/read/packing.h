/* packing.h: what the tests of streams share: compressed files and archives
 * made by the libraries that others use, and streams read to their end. All
 * bytes are owned by the caller and freed with free(). Aborts on failure. */
#ifndef MK_TEST_PACKING_H
#define MK_TEST_PACKING_H

#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <locale.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "read/stream_private.h"
#include "support.h"

static inline void *must(void *ptr)
{
    if (!ptr)
        abort();
    return ptr;
}

static inline void must_be(bool condition)
{
    if (!condition)
        abort();
}

/* ---- bytes ---- */

static inline mk_str copy(mk_str s)
{
    char *const ptr = must(malloc(s.len + 1));

    if (s.len)
        memcpy(ptr, s.ptr, s.len);
    ptr[s.len] = '\0';
    return (mk_str){ptr, s.len};
}

static inline void drop(mk_str s)
{
    free((char *)(uintptr_t)s.ptr);
}

/* a and b, both of which it frees. */
static inline mk_str join(mk_str a, mk_str b)
{
    char *const ptr = must(malloc(a.len + b.len + 1));

    memcpy(ptr, a.ptr, a.len);
    memcpy(ptr + a.len, b.ptr, b.len);
    ptr[a.len + b.len] = '\0';
    const mk_str both = {ptr, a.len + b.len};
    drop(a);
    drop(b);
    return both;
}

/* len bytes that a codec can only halve: lines of digits from a fixed seed. */
static inline mk_str noise(size_t len)
{
    char *const ptr = must(malloc(len + 1));
    uint32_t x = 2463534242u;

    for (size_t i = 0; i < len; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        ptr[i] = i % 64 == 63 ? '\n' : (char)('0' + x % 10);
    }
    return (mk_str){ptr, len};
}

/* ---- codecs ---- */

static inline mk_str pack_gzip_level(mk_str s, int level)
{
    z_stream z = {0};
    must_be(deflateInit2(&z, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    const size_t size = deflateBound(&z, s.len) + 64;
    char *const ptr = must(malloc(size));
    z.next_in = (Bytef *)(uintptr_t)s.ptr;
    z.avail_in = (uInt)s.len;
    z.next_out = (Bytef *)ptr;
    z.avail_out = (uInt)size;
    must_be(deflate(&z, Z_FINISH) == Z_STREAM_END);
    const mk_str packed = {ptr, z.total_out};
    deflateEnd(&z);
    return packed;
}

static inline mk_str pack_gzip(mk_str s)
{
    return pack_gzip_level(s, 6);
}

/* One frame with a checksum. */
static inline mk_str pack_zstd(mk_str s)
{
    const size_t size = ZSTD_compressBound(s.len);
    char *const ptr = must(malloc(size));
    ZSTD_CCtx *const c = must(ZSTD_createCCtx());
    ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
    const size_t len = ZSTD_compress2(c, ptr, size, s.ptr, s.len);
    must_be(!ZSTD_isError(len));
    ZSTD_freeCCtx(c);
    return (mk_str){ptr, len};
}

static inline mk_str pack_xz(mk_str s)
{
    const size_t size = lzma_stream_buffer_bound(s.len);
    char *const ptr = must(malloc(size));
    size_t len = 0;
    must_be(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (const uint8_t *)s.ptr, s.len,
                                    (uint8_t *)ptr, &len, size) == LZMA_OK);
    return (mk_str){ptr, len};
}

static inline mk_str pack_bzip2(mk_str s)
{
    unsigned size = (unsigned)(s.len + s.len / 100 + 700);
    char *const ptr = must(malloc(size));
    must_be(BZ2_bzBuffToBuffCompress(ptr, &size, (char *)(uintptr_t)s.ptr, (unsigned)s.len, 9, 0,
                                     0) == BZ_OK);
    return (mk_str){ptr, size};
}

/* ---- archives ---- */

typedef struct packer {
    struct archive *archive;
    char *bytes;
    size_t size, used;
} packer;

/* format: "ustar", "pax", "gnutar", "zip", "v7tar"; options as libarchive's, or
 * NULL. size: more than the archive will have. */
static inline packer pack_begin(const char *format, const char *options, size_t size)
{
    packer p = {.archive = must(archive_write_new()), .size = size};

    p.bytes = must(calloc(1, size));
    must_be(archive_write_set_format_by_name(p.archive, format) == ARCHIVE_OK);
    if (options)
        must_be(archive_write_set_options(p.archive, options) == ARCHIVE_OK);
    return p;
}

/* Begins to write: separate, since p must not move from now on. */
static inline void pack_open(packer *p)
{
    must_be(archive_write_open_memory(p->archive, p->bytes, p->size, &p->used) == ARCHIVE_OK);
}

static inline void pack_typed(packer *p, const char *name, unsigned type, mk_str s)
{
    struct archive_entry *const entry = must(archive_entry_new());
    const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    const locale_t before = uselocale(utf8);

    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)s.len);
    if (type == AE_IFLNK)
        archive_entry_set_symlink(entry, "elsewhere");
    must_be(archive_write_header(p->archive, entry) >= ARCHIVE_WARN);
    if (s.len)
        must_be(archive_write_data(p->archive, s.ptr, s.len) == (la_ssize_t)s.len);
    must_be(archive_write_finish_entry(p->archive) == ARCHIVE_OK);
    uselocale(before);
    freelocale(utf8);
    archive_entry_free(entry);
}

static inline void pack_file(packer *p, const char *name, mk_str s)
{
    pack_typed(p, name, AE_IFREG, s);
}

static inline mk_str pack_end(packer *p)
{
    must_be(archive_write_close(p->archive) == ARCHIVE_OK);
    archive_write_free(p->archive);
    return (mk_str){p->bytes, p->used};
}

/* ---- reading ---- */

/* What a stream gave: ended MK_END or with error. */
typedef struct outcome {
    mk_str bytes;
    mk_err end;
    mk_error error;
    size_t n_unverified; /* bytes lent unverified */
    uint64_t n_units;    /* changes of unit + 1, 0 without bytes */
    uint64_t last_unit, end_unit;
} outcome;

/* Reads s to its end. Also checks what no stream may do: lend nothing, number
 * units backwards, go on after its end. */
static inline outcome drain(mk_stream *s)
{
    outcome o = {0};
    mk_buf all = {.max = MK_BUF_MAX};
    mk_str chunk;

    while ((o.end = s->read(s, &chunk, &o.error)) == MK_OK) {
        ck_assert_uint_gt(chunk.len, 0);
        ck_assert_uint_ge(s->unit, o.last_unit);
        if (o.n_units == 0 || s->unit != o.last_unit)
            o.n_units++;
        o.last_unit = s->unit;
        if (!s->verified)
            o.n_unverified += chunk.len;
        mk_buf_put(&all, chunk);
    }
    must_be(!all.failed);
    o.end_unit = s->unit;
    ck_assert_int_eq(s->read(s, &chunk, NULL), MK_END);
    o.bytes = copy(mk_buf_str(&all));
    mk_buf_clear(&all);
    return o;
}

/* packed, decoded; read `step` bytes at a time. */
static inline outcome unpack_by(mk_str packed, size_t step)
{
    mk_stream *s = NULL;
    outcome o = {0};

    ck_assert_int_eq(mk_stream_bytes_by("in", packed, step, &s, &o.error), MK_OK);
    o.end = mk_stream_decode(&s, &o.error);
    if (o.end == MK_OK)
        o = drain(s);
    else
        ck_assert_ptr_null(s);
    mk_stream_close(s);
    return o;
}

static inline outcome unpack(mk_str packed)
{
    return unpack_by(packed, MK_STREAM_CHUNK);
}

#define ck_assert_damaged(outcome_, text_)             \
    do {                                               \
        const outcome *const got_o_ = &(outcome_);     \
        ck_assert_int_eq(got_o_->end, MK_DAMAGED);     \
        ck_assert_str_eq(got_o_->error.text, (text_)); \
    } while (0)

#define ck_assert_whole(outcome_, want_)                                       \
    do {                                                                       \
        const outcome *const got_o_ = &(outcome_);                             \
        ck_assert_msg(got_o_->end == MK_END, "ended %d: %s", (int)got_o_->end, \
                      got_o_->error.text);                                     \
        ck_assert_mk_str_eq(got_o_->bytes, (want_));                           \
    } while (0)

#endif
