/* msan.c: what MemorySanitizer does not see, told in one place. Libraries of the system are not
 * built for it: what they write it takes for never written, and it does not look at what they
 * read. A build for it links this before them: each function that bytes go through checks what
 * it is given, calls the library's own, and says what that has filled, as the sanitizer itself
 * does for the C library. Nothing is checked within the library.
 *
 * A function that is not here is no hole: what it fills counts as never written, and the first
 * use of it ends the program. */
#undef _FILE_OFFSET_BITS /* stat and stat64 are two functions */
#include <archive.h>
#include <archive_entry.h>
#include <brotli/decode.h>
#include <bzlib.h>
#include <dirent.h>
#include <dlfcn.h>
#include <ftw.h>
#include <libdeflate.h>
#include <lzma.h>
#include <openssl/evp.h>
#include <sanitizer/msan_interface.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <utf8proc.h>
#include <yaml.h>
#include <zlib.h>
#include <zstd.h>

/* One library calls another by these, too: what it has is none of ours to check. */
static _Thread_local unsigned n_within;

#define FILLED(ptr, size) __msan_unpoison((ptr), (size))
#define CHECK(ptr, size)                                    \
    do {                                                    \
        if (n_within == 0)                                  \
            __msan_check_mem_is_initialized((ptr), (size)); \
    } while (0)

/* A thing of another library's, which says where bytes are. */
#define LET_IN(thing)                      \
    do {                                   \
        if (n_within > 0)                  \
            FILLED(thing, sizeof(*thing)); \
    } while (0)

#pragma GCC visibility push(default) /* libraries see the names, and would not link */

/* What functions of ours that a library calls are given stands where arguments of the last call
 * of ours stood, and counts as they did. */
__attribute__((noinline, optnone)) static void clean_arguments(int a, int b, int c, int d, int e,
                                                               int f, int g, int h)
{
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h;
}

static void *next(const char *name)
{
    void *const found = dlsym(RTLD_NEXT, name);

    if (!found)
        abort();
    clean_arguments(0, 0, 0, 0, 0, 0, 0, 0);
    __msan_scoped_disable_interceptor_checks();
    n_within++;
    return found;
}

/* Calls the library's `name` and declares its result. */
#define CALL(type, name, args)      \
    __typeof__(name) *real_;        \
    *(void **)&real_ = next(#name); \
    type const result = real_ args; \
    n_within--;                     \
    __msan_scoped_enable_interceptor_checks()

/* A function that fills nothing of ours. */
#define PLAIN(type, name, params, args) \
    type name params                    \
    {                                   \
        CALL(type, name, args);         \
        return result;                  \
    }

/* One whose result is a text. */
#define TEXT(name, params, args)            \
    const char *name params                 \
    {                                       \
        CALL(const char *, name, args);     \
        if (result)                         \
            __msan_unpoison_string(result); \
        return result;                      \
    }

/* ---- the C library: what clang 14 does not know, or under its other name alone ---- */

ssize_t getdents64(int fd, void *to, size_t room)
{
    CALL(ssize_t, getdents64, (fd, to, room));
    if (result > 0)
        FILLED(to, (size_t)result);
    return result;
}

int stat64(const char *path, struct stat64 *ret)
{
    return stat(path, (struct stat *)ret);
}

int lstat64(const char *path, struct stat64 *ret)
{
    return lstat(path, (struct stat *)ret);
}

int fstat64(int fd, struct stat64 *ret)
{
    return fstat(fd, (struct stat *)ret);
}

int fstatat64(int folder, const char *path, struct stat64 *ret, int flags)
{
    return fstatat(folder, path, (struct stat *)ret, flags);
}

static _Thread_local __nftw64_func_t on_entry;

static int enter(const char *path, const struct stat64 *st, int type, struct FTW *ftw)
{
    FILLED(&path, sizeof(path));
    FILLED(&st, sizeof(st));
    FILLED(&type, sizeof(type));
    FILLED(&ftw, sizeof(ftw));
    __msan_unpoison_string(path);
    FILLED(st, sizeof(*st));
    FILLED(ftw, sizeof(*ftw));
    return on_entry(path, st, type, ftw);
}

int nftw64(const char *path, __nftw64_func_t on, int n_open, int flags)
{
    on_entry = on;
    CALL(int, nftw64, (path, enter, n_open, flags));
    return result;
}

/* ---- utf8proc ---- */

utf8proc_ssize_t utf8proc_decompose_char(utf8proc_int32_t cp, utf8proc_int32_t *to,
                                         utf8proc_ssize_t room, utf8proc_option_t how, int *last)
{
    CALL(utf8proc_ssize_t, utf8proc_decompose_char, (cp, to, room, how, last));
    if (result > 0)
        FILLED(to, (size_t)(result < room ? result : room) * sizeof(*to));
    return result;
}

utf8proc_ssize_t utf8proc_decompose(const utf8proc_uint8_t *from, utf8proc_ssize_t len,
                                    utf8proc_int32_t *to, utf8proc_ssize_t room,
                                    utf8proc_option_t how)
{
    CHECK(from, (size_t)len);
    CALL(utf8proc_ssize_t, utf8proc_decompose, (from, len, to, room, how));
    if (result > 0)
        FILLED(to, (size_t)(result < room ? result : room) * sizeof(*to));
    return result;
}

utf8proc_ssize_t utf8proc_map(const utf8proc_uint8_t *from, utf8proc_ssize_t len,
                              utf8proc_uint8_t **ret, utf8proc_option_t how)
{
    CHECK(from, (size_t)len);
    CALL(utf8proc_ssize_t, utf8proc_map, (from, len, ret, how));
    if (result >= 0) {
        FILLED(ret, sizeof(*ret));
        FILLED(*ret, (size_t)result + 1);
    }
    return result;
}

/* ---- zlib ---- */

#define CODE(name)                              \
    int name(z_stream *z, int how)              \
    {                                           \
        LET_IN(z);                              \
        Bytef *const to = z->next_out;          \
        CHECK(z->next_in, z->avail_in);         \
        CALL(int, name, (z, how));              \
        FILLED(z, sizeof(*z));                  \
        FILLED(to, (size_t)(z->next_out - to)); \
        return result;                          \
    }

CODE(inflate)
CODE(deflate)

uLong crc32(uLong crc, const Bytef *from, uInt n)
{
    if (from)
        CHECK(from, n);
    CALL(uLong, crc32, (crc, from, n));
    return result;
}

PLAIN(int, gzwrite, (gzFile f, voidpc from, unsigned n), (f, from, n))
PLAIN(int, gzclose, (gzFile f), (f))

/* ---- libdeflate ---- */

size_t libdeflate_deflate_compress(struct libdeflate_compressor *c, const void *from, size_t n,
                                   void *to, size_t room)
{
    CHECK(from, n);
    CALL(size_t, libdeflate_deflate_compress, (c, from, n, to, room));
    FILLED(to, result);
    return result;
}

enum libdeflate_result libdeflate_gzip_decompress_ex(struct libdeflate_decompressor *d,
                                                     const void *from, size_t n, void *to,
                                                     size_t room, size_t *ret_in, size_t *ret_out)
{
    CHECK(from, n);
    CALL(enum libdeflate_result, libdeflate_gzip_decompress_ex,
         (d, from, n, to, room, ret_in, ret_out));
    FILLED(ret_in, sizeof(*ret_in));
    FILLED(ret_out, sizeof(*ret_out));
    if (result == LIBDEFLATE_SUCCESS)
        FILLED(to, *ret_out);
    return result;
}

uint32_t libdeflate_crc32(uint32_t crc, const void *from, size_t n)
{
    CHECK(from, n);
    CALL(uint32_t, libdeflate_crc32, (crc, from, n));
    return result;
}

/* ---- zstd ---- */

size_t ZSTD_decompressStream(ZSTD_DStream *d, ZSTD_outBuffer *out, ZSTD_inBuffer *in)
{
    LET_IN(out);
    LET_IN(in);
    const size_t before = out->pos;
    CHECK((const char *)in->src + in->pos, in->size - in->pos);
    CALL(size_t, ZSTD_decompressStream, (d, out, in));
    FILLED((char *)out->dst + before, out->pos - before);
    return result;
}

static size_t filled_frame(void *to, size_t result)
{
    if (!ZSTD_isError(result))
        FILLED(to, result);
    return result;
}

size_t ZSTD_decompressDCtx(ZSTD_DCtx *d, void *to, size_t room, const void *from, size_t n)
{
    CHECK(from, n);
    CALL(size_t, ZSTD_decompressDCtx, (d, to, room, from, n));
    return filled_frame(to, result);
}

size_t ZSTD_decompress(void *to, size_t room, const void *from, size_t n)
{
    CHECK(from, n);
    CALL(size_t, ZSTD_decompress, (to, room, from, n));
    return filled_frame(to, result);
}

size_t ZSTD_compress2(ZSTD_CCtx *c, void *to, size_t room, const void *from, size_t n)
{
    CHECK(from, n);
    CALL(size_t, ZSTD_compress2, (c, to, room, from, n));
    return filled_frame(to, result);
}

size_t ZSTD_compress_usingDict(ZSTD_CCtx *c, void *to, size_t room, const void *from, size_t n,
                               const void *dict, size_t n_dict, int level)
{
    CHECK(from, n);
    CHECK(dict, n_dict);
    CALL(size_t, ZSTD_compress_usingDict, (c, to, room, from, n, dict, n_dict, level));
    return filled_frame(to, result);
}

size_t ZSTD_DCtx_loadDictionary(ZSTD_DCtx *d, const void *dict, size_t n)
{
    CHECK(dict, n);
    CALL(size_t, ZSTD_DCtx_loadDictionary, (d, dict, n));
    return result;
}

/* ---- xz, bzip2, brotli ---- */

lzma_ret lzma_code(lzma_stream *s, lzma_action how)
{
    LET_IN(s);
    uint8_t *const to = s->next_out;
    CHECK(s->next_in, s->avail_in);
    CALL(lzma_ret, lzma_code, (s, how));
    FILLED(to, (size_t)(s->next_out - to));
    return result;
}

lzma_bool lzma_lzma_preset(lzma_options_lzma *ret, uint32_t preset)
{
    CALL(lzma_bool, lzma_lzma_preset, (ret, preset));
    FILLED(ret, sizeof(*ret));
    return result;
}

lzma_ret lzma_properties_encode(const lzma_filter *filter, uint8_t *to)
{
    CALL(lzma_ret, lzma_properties_encode, (filter, to));
    FILLED(to, 1); /* of LZMA2 */
    return result;
}

lzma_ret lzma_easy_buffer_encode(uint32_t level, lzma_check check, const lzma_allocator *allocator,
                                 const uint8_t *from, size_t n, uint8_t *to, size_t *pos,
                                 size_t room)
{
    const size_t before = *pos;
    CHECK(from, n);
    CALL(lzma_ret, lzma_easy_buffer_encode, (level, check, allocator, from, n, to, pos, room));
    FILLED(to + before, *pos - before);
    return result;
}

int BZ2_bzDecompress(bz_stream *s)
{
    LET_IN(s);
    char *const to = s->next_out;
    CHECK(s->next_in, s->avail_in);
    CALL(int, BZ2_bzDecompress, (s));
    FILLED(to, (size_t)(s->next_out - to));
    return result;
}

int BZ2_bzBuffToBuffCompress(char *to, unsigned *size, char *from, unsigned n, int level,
                             int verbosity, int factor)
{
    CHECK(from, n);
    CALL(int, BZ2_bzBuffToBuffCompress, (to, size, from, n, level, verbosity, factor));
    FILLED(to, *size);
    return result;
}

BrotliDecoderResult BrotliDecoderDecompressStream(BrotliDecoderState *d, size_t *n_in,
                                                  const uint8_t **in, size_t *room, uint8_t **out,
                                                  size_t *total)
{
    LET_IN(out);
    uint8_t *const to = *out;
    CHECK(*in, *n_in);
    CALL(BrotliDecoderResult, BrotliDecoderDecompressStream, (d, n_in, in, room, out, total));
    FILLED(to, (size_t)(*out - to));
    return result;
}

/* ---- libcrypto ---- */

int EVP_Digest(const void *from, size_t n, unsigned char *to, unsigned *ret_n, const EVP_MD *kind,
               ENGINE *engine)
{
    CHECK(from, n);
    CALL(int, EVP_Digest, (from, n, to, ret_n, kind, engine));
    if (result == 1)
        FILLED(to, *ret_n);
    return result;
}

int EVP_DigestUpdate(EVP_MD_CTX *c, const void *from, size_t n)
{
    CHECK(from, n);
    CALL(int, EVP_DigestUpdate, (c, from, n));
    return result;
}

int EVP_DigestFinal_ex(EVP_MD_CTX *c, unsigned char *to, unsigned *ret_n)
{
    CALL(int, EVP_DigestFinal_ex, (c, to, ret_n));
    if (result == 1)
        FILLED(to, *ret_n);
    return result;
}

PLAIN(EVP_MD_CTX *, EVP_MD_CTX_new, (void), ())
PLAIN(int, EVP_DigestInit_ex, (EVP_MD_CTX * c, const EVP_MD *kind, ENGINE *engine),
      (c, kind, engine))
PLAIN(int, EVP_MD_CTX_copy_ex, (EVP_MD_CTX * to, const EVP_MD_CTX *from), (to, from))

/* ---- libarchive ---- */

int archive_read_data_block(struct archive *a, const void **ret, size_t *ret_n, la_int64_t *ret_at)
{
    CALL(int, archive_read_data_block, (a, ret, ret_n, ret_at));
    if (result == ARCHIVE_OK) {
        FILLED(ret, sizeof(*ret));
        FILLED(ret_n, sizeof(*ret_n));
        FILLED(ret_at, sizeof(*ret_at));
        FILLED(*ret, *ret_n);
    }
    return result;
}

la_ssize_t archive_read_data(struct archive *a, void *to, size_t room)
{
    CALL(la_ssize_t, archive_read_data, (a, to, room));
    if (result > 0)
        FILLED(to, (size_t)result);
    return result;
}

int archive_read_next_header(struct archive *a, struct archive_entry **ret)
{
    CALL(int, archive_read_next_header, (a, ret));
    FILLED(ret, sizeof(*ret));
    return result;
}

TEXT(archive_error_string, (struct archive * a), (a))
TEXT(archive_format_name, (struct archive * a), (a))
TEXT(archive_entry_pathname, (struct archive_entry * e), (e))
TEXT(archive_entry_pathname_utf8, (struct archive_entry * e), (e))
TEXT(archive_entry_hardlink, (struct archive_entry * e), (e))
PLAIN(int, archive_read_open1, (struct archive * a), (a))
PLAIN(int, archive_read_open_filename, (struct archive * a, const char *path, size_t block),
      (a, path, block))
PLAIN(int, archive_read_support_format_tar, (struct archive * a), (a))
PLAIN(int, archive_read_support_format_zip_streamable, (struct archive * a), (a))
PLAIN(int, archive_read_free, (struct archive * a), (a))
PLAIN(int, archive_write_set_format_zip, (struct archive * a), (a))
PLAIN(int, archive_write_set_format_pax_restricted, (struct archive * a), (a))
PLAIN(int, archive_write_set_format_by_name, (struct archive * a, const char *name), (a, name))
PLAIN(int, archive_write_set_options, (struct archive * a, const char *s), (a, s))
PLAIN(int, archive_write_header, (struct archive * a, struct archive_entry *e), (a, e))
PLAIN(int, archive_write_finish_entry, (struct archive * a), (a))

la_ssize_t archive_write_data(struct archive *a, const void *from, size_t n)
{
    CHECK(from, n);
    CALL(la_ssize_t, archive_write_data, (a, from, n));
    return result;
}

/* Where an archive goes to. */
typedef struct written {
    void *arg;
    archive_write_callback *write;
    char *to; /* or here */
    size_t room, *used;
} written;

static la_ssize_t on_write(struct archive *a, void *arg, const void *from, size_t n)
{
    const written *const w = arg;

    FILLED(from, n);
    if (w->write)
        return w->write(a, w->arg, from, n);
    if (n > w->room - *w->used)
        return -1;
    memcpy(w->to + *w->used, from, n);
    *w->used += n;
    return (la_ssize_t)n;
}

static int open_written(struct archive *a, written where)
{
    static written places[4096]; /* more than are open at once; without an allocation, which
                                    tests count */
    static atomic_uint n;
    written *const w = &places[atomic_fetch_add(&n, 1) % 4096];

    *w = where;
    CALL(int, archive_write_open, (a, w, NULL, on_write, NULL));
    return result;
}

int archive_write_open(struct archive *a, void *arg, archive_open_callback *on_open,
                       archive_write_callback *write, archive_close_callback *on_close)
{
    if (on_open || on_close)
        abort();
    return open_written(a, (written){.arg = arg, .write = write});
}

int archive_write_open_memory(struct archive *a, void *to, size_t room, size_t *used)
{
    *used = 0;
    archive_write_set_bytes_in_last_block(a, 1);
    return open_written(a, (written){.to = to, .room = room, .used = used});
}

PLAIN(int, archive_write_close, (struct archive * a), (a))
PLAIN(int, archive_write_free, (struct archive * a), (a))

/* ---- libyaml ---- */

PLAIN(int, yaml_parser_initialize, (yaml_parser_t * p), (p))

int yaml_parser_parse(yaml_parser_t *p, yaml_event_t *ret)
{
    CALL(int, yaml_parser_parse, (p, ret));
    FILLED(p, sizeof(*p));
    FILLED(ret, sizeof(*ret));
    if (result && ret->type == YAML_SCALAR_EVENT)
        FILLED(ret->data.scalar.value, ret->data.scalar.length + 1);
    return result;
}
