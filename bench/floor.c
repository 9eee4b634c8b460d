/* floor.c: what a run of minkhal cannot do without, and nothing else: its input read
 * and decompressed, the bytes of its output compressed and written, by the same
 * libraries in one process on one thread.
 *
 *     floor gz|zst|none LEVEL INPUT OUTPUT SINK
 *
 * INPUT is compressed so, OUTPUT is plain: the lines that minkhal wrote of INPUT.
 * SINK gets OUTPUT compressed, in blocks as minkhal makes them. Prints the bytes
 * that INPUT holds.
 *
 *     floor memcpy
 *
 * prints how many nanoseconds memcpy takes for a byte. */
#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum {
    CHUNK = 256 * 1024, /* bytes of a read(2) */
    GZ_BLOCK = 1 << 20, /* bytes, as in src/write/codec.c */
    ZST_BLOCK = 2 << 20,
    BOUND = 4 << 20 /* bytes: a compressed block has less */
};

static void die(const char *what)
{
    fprintf(stderr, "floor: %s\n", what);
    exit(EXIT_FAILURE);
}

static void *must(void *ptr)
{
    if (!ptr)
        die("out of memory");
    return ptr;
}

static int must_open(const char *path, int flags)
{
    const int fd = open(path, flags | O_CLOEXEC, 0666);

    if (fd < 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    return fd;
}

/* Up to n bytes, fewer at the end alone. */
static size_t read_all(int fd, char *to, size_t n)
{
    size_t len = 0;

    while (len < n) {
        const ssize_t some = read(fd, to + len, n - len);
        if (some < 0)
            die("cannot read");
        if (some == 0)
            break;
        len += (size_t)some;
    }
    return len;
}

static void write_all(int fd, const char *from, size_t n)
{
    while (n > 0) {
        const ssize_t some = write(fd, from, n);
        if (some <= 0)
            die("cannot write");
        from += some;
        n -= (size_t)some;
    }
}

/* ---- the input; each gives the bytes that it holds ---- */

static unsigned long long read_gz(int fd)
{
    static unsigned char in[CHUNK], out[CHUNK];
    unsigned long long total = 0;
    z_stream z = {0};
    int status = Z_STREAM_END;

    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) /* gzip, with its checksum */
        die("no inflate");
    while ((z.avail_in = (uInt)read_all(fd, (char *)in, CHUNK)) > 0) {
        z.next_in = in;
        do {
            if (status == Z_STREAM_END && inflateReset(&z) != Z_OK)
                die("no inflate");
            z.next_out = out;
            z.avail_out = CHUNK;
            status = inflate(&z, Z_NO_FLUSH);
            if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
                die("bad gzip");
            total += CHUNK - z.avail_out;
        } while (z.avail_out == 0 || z.avail_in > 0);
    }
    inflateEnd(&z);
    return total;
}

static unsigned long long read_zst(int fd)
{
    static char in[CHUNK], out[CHUNK];
    unsigned long long total = 0;
    ZSTD_DCtx *const context = must(ZSTD_createDCtx());
    size_t n;

    while ((n = read_all(fd, in, CHUNK)) > 0) {
        ZSTD_inBuffer from = {in, n, 0};
        ZSTD_outBuffer to;
        do {
            to = (ZSTD_outBuffer){out, CHUNK, 0};
            if (ZSTD_isError(ZSTD_decompressStream(context, &to, &from)))
                die("bad zstd");
            total += to.pos;
        } while (from.pos < n || to.pos == CHUNK);
    }
    ZSTD_freeDCtx(context);
    return total;
}

static unsigned long long read_plain(int fd)
{
    static char in[CHUNK];
    unsigned long long total = 0;
    size_t n;

    while ((n = read_all(fd, in, CHUNK)) > 0)
        total += n;
    return total;
}

/* ---- the output ---- */

static void write_gz(int from, int to, int level)
{
    struct libdeflate_compressor *const c = must(libdeflate_alloc_compressor(level));
    char *const block = must(malloc(GZ_BLOCK)), *const packed = must(malloc(BOUND));
    size_t n;

    while ((n = read_all(from, block, GZ_BLOCK)) > 0)
        write_all(to, packed, libdeflate_gzip_compress(c, block, n, packed, BOUND));
    free(block);
    free(packed);
    libdeflate_free_compressor(c);
}

static void write_zst(int from, int to, int level)
{
    ZSTD_CCtx *const c = must(ZSTD_createCCtx());
    char *const block = must(malloc(ZST_BLOCK)), *const packed = must(malloc(BOUND));
    size_t n;

    ZSTD_CCtx_setParameter(c, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
    while ((n = read_all(from, block, ZST_BLOCK)) > 0) {
        const size_t len = ZSTD_compress2(c, packed, BOUND, block, n);
        if (ZSTD_isError(len))
            die("bad block");
        write_all(to, packed, len);
    }
    free(block);
    free(packed);
    ZSTD_freeCCtx(c);
}

static void write_plain(int from, int to)
{
    static char block[CHUNK];
    size_t n;

    while ((n = read_all(from, block, CHUNK)) > 0)
        write_all(to, block, n);
}

/* ---- memcpy ---- */

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int measure_memcpy(void)
{
    enum { SIZE = 64 << 20, TIMES = 8 /* of SIZE bytes */ };
    char *const from = must(malloc(SIZE)), *const to = must(malloc(SIZE));
    double begin;

    memset(from, 1, SIZE);
    memset(to, 2, SIZE);
    begin = seconds();
    for (int i = 0; i < TIMES; i++) {
        memcpy(to, from, SIZE);
        from[i] = to[SIZE - 1 - i]; /* so that no copy can be left out */
    }
    printf("%.4f\n", (seconds() - begin) * 1e9 / ((double)SIZE * TIMES));
    free(from);
    free(to);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    unsigned long long held;

    if (argc == 2 && strcmp(argv[1], "memcpy") == 0)
        return measure_memcpy();
    if (argc != 6)
        die("usage: floor gz|zst|none LEVEL INPUT OUTPUT SINK, or floor memcpy");
    const int level = (int)strtol(argv[2], NULL, 10);
    const int input = must_open(argv[3], O_RDONLY), output = must_open(argv[4], O_RDONLY);
    const int sink = must_open(argv[5], O_WRONLY | O_CREAT | O_TRUNC);
    if (strcmp(argv[1], "gz") == 0) {
        held = read_gz(input);
        write_gz(output, sink, level);
    } else if (strcmp(argv[1], "zst") == 0) {
        held = read_zst(input);
        write_zst(output, sink, level);
    } else {
        held = read_plain(input);
        write_plain(output, sink);
    }
    printf("%llu\n", held);
    return EXIT_SUCCESS;
}
