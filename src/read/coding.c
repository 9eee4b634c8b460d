/* coding.c: bodies compressed for the way (RFC 9110, 8.4): gzip by zlib, deflate with
 * or without the header of zlib (servers send both), brotli, zstd.
 *
 * Refuses what it does not know, broken data and bombs; see http.h. What follows the
 * end of the compressed data is passed over, as browsers do. Cases:
 * tests/read/test_http.c. */
#define ZLIB_CONST /* next_in points to const */
#include <brotli/decode.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "read/http.h"
#include "text/charset.h"

typedef enum step {
    STEP_MORE, /* it goes on, or wants more input */
    STEP_DONE,
    STEP_BROKEN,
    STEP_NOMEM
} step;

typedef struct coder coder;

typedef struct coding {
    mk_str name;
    bool (*begins)(mk_str body); /* may be in this coding */
    bool (*open)(coder *c, mk_str body);
    step (*run)(coder *c, char *to, size_t room, size_t *ret_n);
    void (*close)(coder *c);
} coding;

struct coder {
    mk_str in; /* not yet consumed */
    z_stream z;
    BrotliDecoderState *brotli;
    ZSTD_DCtx *zstd;
};

/* ---- gzip and deflate ---- */

static bool is_gzip(mk_str body)
{
    return body.len >= 2 && memcmp(body.ptr, "\x1F\x8B", 2) == 0;
}

static bool is_any(mk_str body)
{
    return body.len > 0;
}

static bool open_gzip(coder *c, mk_str body)
{
    (void)body;
    return inflateInit2(&c->z, MAX_WBITS + 16) == Z_OK;
}

/* RFC 1950, 2.2: method 8, a check of both bytes. */
static bool open_deflate(coder *c, mk_str body)
{
    const unsigned first = (unsigned char)body.ptr[0];
    const unsigned second = body.len > 1 ? (unsigned char)body.ptr[1] : 0;
    const bool zlib = (first & 0x0F) == 8 && (first << 8 | second) % 31 == 0;

    return inflateInit2(&c->z, zlib ? MAX_WBITS : -MAX_WBITS) == Z_OK;
}

static step run_inflate(coder *c, char *to, size_t room, size_t *ret_n)
{
    const uInt n_in = c->in.len < UINT32_MAX ? (uInt)c->in.len : UINT32_MAX;
    int result;

    c->z.next_in = (const Bytef *)c->in.ptr;
    c->z.avail_in = n_in;
    c->z.next_out = (Bytef *)to;
    c->z.avail_out = (uInt)room;
    result = inflate(&c->z, Z_NO_FLUSH);
    c->in = mk_str_sub(c->in, n_in - c->z.avail_in, c->in.len);
    *ret_n = room - c->z.avail_out;
    if (result == Z_STREAM_END)
        /* gzip: members may follow one another */
        return is_gzip(c->in) && inflateReset(&c->z) == Z_OK ? STEP_MORE : STEP_DONE;
    if (result == Z_MEM_ERROR)
        return STEP_NOMEM;
    return result == Z_OK || result == Z_BUF_ERROR ? STEP_MORE : STEP_BROKEN;
}

static void close_inflate(coder *c)
{
    inflateEnd(&c->z);
}

/* ---- brotli ---- */

static bool open_brotli(coder *c, mk_str body)
{
    (void)body;
    c->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    return c->brotli != NULL;
}

static step run_brotli(coder *c, char *to, size_t room, size_t *ret_n)
{
    size_t n_in = c->in.len, left = room;
    const uint8_t *in = (const uint8_t *)c->in.ptr;
    uint8_t *out = (uint8_t *)to;
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(c->brotli, &n_in, &in, &left,
                                                                     &out, NULL);

    c->in = mk_str_sub(c->in, c->in.len - n_in, c->in.len);
    *ret_n = room - left;
    if (result == BROTLI_DECODER_RESULT_SUCCESS)
        return STEP_DONE;
    if (result != BROTLI_DECODER_RESULT_ERROR)
        return STEP_MORE;
    /* Codes of lack of memory lie together: brotli/decode.h. */
    const int code = (int)BrotliDecoderGetErrorCode(c->brotli);
    return code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
                   code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES
               ? STEP_NOMEM
               : STEP_BROKEN;
}

static void close_brotli(coder *c)
{
    BrotliDecoderDestroyInstance(c->brotli);
}

/* ---- zstd ---- */

static bool is_zstd(mk_str body)
{
    return body.len >= 4 && memcmp(body.ptr, "\x28\xB5\x2F\xFD", 4) == 0;
}

static bool open_zstd(coder *c, mk_str body)
{
    enum { WINDOW = 23 /* log2 of bytes: what RFC 9659 allows */ };

    (void)body;
    c->zstd = ZSTD_createDCtx();
    return c->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(c->zstd, ZSTD_d_windowLogMax, WINDOW));
}

static step run_zstd(coder *c, char *to, size_t room, size_t *ret_n)
{
    ZSTD_inBuffer in = {c->in.ptr, c->in.len, 0};
    ZSTD_outBuffer out = {to, room, 0};
    const size_t result = ZSTD_decompressStream(c->zstd, &out, &in);

    c->in = mk_str_sub(c->in, in.pos, c->in.len);
    *ret_n = out.pos;
    if (ZSTD_isError(result))
        return STEP_BROKEN;
    return result == 0 ? STEP_DONE : STEP_MORE;
}

static void close_zstd(coder *c)
{
    ZSTD_freeDCtx(c->zstd);
}

/* ---- all ---- */

static const coding codings[] = {
    {{"gzip", 4}, is_gzip, open_gzip, run_inflate, close_inflate},
    {{"x-gzip", 6}, is_gzip, open_gzip, run_inflate, close_inflate},
    {{"deflate", 7}, is_any, open_deflate, run_inflate, close_inflate},
    {{"br", 2}, is_any, open_brotli, run_brotli, close_brotli},
    {{"zstd", 4}, is_zstd, open_zstd, run_zstd, close_zstd},
};

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
}

/* MK_RECORD where out has grown too large for what it came of. */
static mk_err check_size(const coding *k, size_t n_in, size_t n_out, uint64_t max, mk_error *reterr)
{
    if (n_out > max)
        return mk_fail(reterr, MK_RECORD, "%.*s data of more than %llu bytes (--max-doc)",
                       (int)k->name.len, k->name.ptr, (unsigned long long)max);
    if (n_out > MK_CODING_SMALL && n_out / MK_CODING_RATIO > n_in)
        return mk_fail(reterr, MK_RECORD, "%.*s data that grows to more than %d times its size",
                       (int)k->name.len, k->name.ptr, MK_CODING_RATIO);
    return MK_OK;
}

/* Decodes body to out. *ret_plain: it is not in this coding at all. */
static mk_err run(const coding *k, coder *c, mk_str body, uint64_t max, mk_buf *out,
                  bool *ret_plain, bool *ret_cut, mk_error *reterr)
{
    enum { PIECE = 64 * 1024 /* bytes */ };
    step s = STEP_MORE;
    mk_err err = MK_OK;

    c->in = body;
    while (s == STEP_MORE && err == MK_OK) {
        const size_t n_in = c->in.len;
        char *const to = mk_buf_room(out, PIECE);
        size_t n = 0;
        if (!to)
            return no_memory(reterr);
        s = k->run(c, to, PIECE, &n);
        out->len += n;
        err = check_size(k, body.len, out->len, max, reterr);
        *ret_cut = s == STEP_MORE && n == 0 && c->in.len == n_in;
        if (*ret_cut)
            break;
    }
    if (err != MK_OK || s == STEP_NOMEM)
        return err != MK_OK ? err : no_memory(reterr);
    *ret_plain = s == STEP_BROKEN && out->len == 0 && k->begins == is_any;
    if (s == STEP_BROKEN && !*ret_plain)
        return mk_fail(reterr, MK_RECORD, "broken %.*s data", (int)k->name.len, k->name.ptr);
    return MK_OK;
}

static mk_err undo_one(const coding *k, mk_str *body, uint64_t max, mk_arena *arena, bool *ret_cut,
                       mk_error *reterr)
{
    coder c = {0};
    mk_buf out = {.max = MK_BUF_MAX};
    bool plain = false, cut = false;
    mk_err err;

    if (!k->begins(*body))
        return MK_OK;
    err = k->open(&c, *body) ? run(k, &c, *body, max, &out, &plain, &cut, reterr)
                             : no_memory(reterr);
    k->close(&c);
    if (err == MK_OK && !plain) {
        const mk_str copy = mk_arena_str(arena, mk_buf_str(&out));
        if (out.len > 0 && !copy.ptr)
            err = no_memory(reterr);
        *body = out.len > 0 ? copy : (mk_str){"", 0};
        *ret_cut = *ret_cut || cut;
    }
    mk_buf_clear(&out);
    return err;
}

static const coding *find_coding(mk_str name)
{
    for (size_t i = 0; i < sizeof(codings) / sizeof(*codings); i++)
        if (mk_field_same(codings[i].name, name))
            return &codings[i];
    return NULL;
}

/* True if name says that nothing was done: as it should, or because a server put a charset or
 * a type in this place, as some do. */
static bool is_no_coding(mk_str name)
{
    return name.len == 0 || mk_field_same(name, MK_STR("identity")) ||
           mk_field_same(name, MK_STR("none")) || memchr(name.ptr, '/', name.len) ||
           mk_charset_by_label(name);
}

mk_err mk_coding_undo(mk_str names, mk_str body, uint64_t max, mk_arena *arena, mk_str *ret,
                      bool *ret_cut, mk_error *reterr)
{
    mk_err err = MK_OK;
    int n_layers = 0;

    *ret_cut = false;
    while (names.len > 0 && err == MK_OK) { /* the last was applied last */
        size_t at = names.len;
        while (at > 0 && names.ptr[at - 1] != ',')
            at--;
        const mk_str name = mk_field_trim(mk_str_sub(names, at, names.len));
        const coding *const k = find_coding(name);
        names.len = at > 0 ? at - 1 : 0;
        if (!k && is_no_coding(name))
            continue;
        if (!k)
            return mk_fail(reterr, MK_RECORD, "unknown content coding '%.*s'",
                           name.len < 40 ? (int)name.len : 40, name.ptr);
        if (n_layers++ == MK_CODING_LAYERS)
            return mk_fail(reterr, MK_RECORD, "more than %d content codings", MK_CODING_LAYERS);
        err = undo_one(k, &body, max, arena, ret_cut, reterr);
    }
    if (err == MK_OK)
        *ret = body;
    return err;
}
