/* intake.c: see intake.h. Members are told by their headers: mk_encode writes the same
 * ten bytes before each, and no JSON text holds them, so a file can be parted without
 * being unpacked. A load that then does not unpack is read again the slow way.
 * Cases: tests/release/test_release.c. */
#include "release/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "read/stream_private.h"

enum {
    READ_BYTES = 1 << 20,     /* bytes of a read(2) */
    STORED_MAX = MK_LINE_MAX, /* bytes of a member as stored */
    HEADER = 10               /* bytes of a gzip header as mk_encode writes it */
};

struct mk_intake {
    int fd;
    char *path;
    mk_codec codec; /* NONE: by the stream */
    mk_buf window;  /* of the file; from `passed` on it is still to be taken */
    size_t passed;
    uint64_t window_at, read_to, hashed_to; /* window_at: where what is to be taken begins */
    bool at_end, begun;
    mk_checksum_run *digest;
    mk_stream *stream; /* decodes what the window is not good for */
    mk_buf rest;       /* of a line, from the stream */
    bool stream_over;
};

static mk_err fail(const mk_intake *in, int number, mk_error *reterr)
{
    char text[128];

    return mk_fail(reterr, number == ENOMEM ? MK_NOMEM : MK_DAMAGED, "cannot read '%s': %s",
                   in->path, strerror_r(number, text, sizeof(text)));
}

static mk_err no_memory(const mk_intake *in, mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory to read '%s'", in->path);
}

/* Reads n bytes at most to `to`, digests those that are new. */
static mk_err read_some(mk_intake *in, char *to, size_t n, size_t *ret, mk_error *reterr)
{
    ssize_t got;

    do {
        got = pread(in->fd, to, n, (off_t)in->read_to);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return fail(in, errno, reterr);
    const uint64_t end = in->read_to + (uint64_t)got;
    if (end > in->hashed_to) {
        const size_t old = (size_t)(in->hashed_to - in->read_to);
        mk_checksum_add(in->digest, (mk_str){to + old, (size_t)got - old});
        in->hashed_to = end;
    }
    in->read_to = end;
    in->at_end = got == 0;
    *ret = (size_t)got;
    return MK_OK;
}

/* What is to be taken. */
static mk_str window_of(const mk_intake *in)
{
    return mk_str_sub(mk_buf_str(&in->window), in->passed, in->window.len);
}

/* Adds to the window; what was taken makes room. */
static mk_err widen(mk_intake *in, mk_error *reterr)
{
    char *to;
    size_t n = 0;

    if (in->passed > 0) {
        memmove(in->window.ptr, in->window.ptr + in->passed, in->window.len - in->passed);
        in->window.len -= in->passed;
        in->passed = 0;
    }
    to = mk_buf_room(&in->window, READ_BYTES);
    if (!to)
        return no_memory(in, reterr);
    const mk_err err = read_some(in, to, READ_BYTES, &n, reterr);
    in->window.len += n;
    return err;
}

/* ---- the slow way ---- */

/* What is left of the file, as a stream. */
typedef struct rest_stream {
    mk_body body;
    mk_intake *in;
    char *buf;
} rest_stream;

static mk_err rest_pull(mk_body *body, mk_piece *ret, mk_error *reterr)
{
    rest_stream *const r = (rest_stream *)(void *)body;
    size_t n = 0;
    const mk_err err = read_some(r->in, r->buf, MK_STREAM_CHUNK, &n, reterr);

    if (err != MK_OK)
        return err;
    if (n == 0)
        return MK_END;
    *ret = (mk_piece){{r->buf, n}, *body->unit, 0, body->pub.stored, true};
    body->pub.stored += n;
    return MK_OK;
}

static void rest_finish(mk_body *body)
{
    free(((rest_stream *)(void *)body)->buf);
}

static mk_err open_rest(mk_intake *in, mk_error *reterr)
{
    rest_stream *const r = mk_body_new(sizeof(*r), mk_str_of(in->path));
    mk_str head;
    mk_err err;

    if (!r)
        return no_memory(in, reterr);
    r->in = in;
    r->body.pull = rest_pull;
    r->body.finish = rest_finish;
    r->buf = malloc(MK_STREAM_CHUNK);
    in->stream = &r->body.pub;
    if (!r->buf)
        return no_memory(in, reterr);
    err = mk_stream_decode(&in->stream, reterr);
    if (err != MK_OK) {
        in->stream = NULL; /* it was closed */
        return err;
    }
    err = mk_stream_peek(in->stream, 512, &head, reterr);
    if (err == MK_OK && mk_archive_is(head))
        return mk_fail(reterr, MK_DAMAGED, "'%s' is an archive, JSONL is needed", in->path);
    return err;
}

mk_err mk_intake_unpack_from(mk_intake *in, uint64_t offset, mk_error *reterr)
{
    in->codec = MK_CODEC_NONE;
    mk_buf_clear(&in->window);
    in->passed = 0;
    in->read_to = offset;
    in->at_end = false;
    return open_rest(in, reterr);
}

/* Lines from the stream: up to the last LF in what makes a load full. */
static mk_err next_lines(mk_intake *in, mk_load *load, mk_error *reterr)
{
    size_t searched = 0; /* bytes of content without LF */
    mk_str chunk;
    mk_err err = MK_OK;

    mk_buf_put(&load->content, mk_buf_str(&in->rest));
    mk_buf_reset(&in->rest);
    while (!in->stream_over) {
        const char *last = NULL;
        if (load->content.len >= MK_LOAD_BYTES) {
            last = memrchr(load->content.ptr + searched, '\n', load->content.len - searched);
            searched = load->content.len;
        }
        if (last) {
            const size_t keep = (size_t)(last - load->content.ptr) + 1;
            mk_buf_put(&in->rest, mk_str_sub(mk_buf_str(&load->content), keep, load->content.len));
            load->content.len = keep;
            break;
        }
        if (load->content.len > MK_LINE_MAX)
            return mk_fail(reterr, MK_LIMIT, "'%s': a line of more than %d MiB", in->path,
                           MK_LINE_MAX >> 20);
        err = in->stream->read(in->stream, &chunk, reterr);
        if (err == MK_END)
            in->stream_over = true;
        else if (err != MK_OK)
            return err;
        else
            mk_buf_put(&load->content, chunk);
    }
    if (load->content.failed || in->rest.failed)
        return no_memory(in, reterr);
    load->last = in->stream_over;
    return load->content.len > 0 ? MK_OK : MK_END;
}

/* Behind the end of what a decoder reads nothing follows, but it must be digested. */
static mk_err read_out(mk_intake *in, mk_error *reterr)
{
    char *const buf = malloc(READ_BYTES);
    mk_err err = buf ? MK_OK : no_memory(in, reterr);

    while (err == MK_OK && !in->at_end) {
        size_t n;
        err = read_some(in, buf, READ_BYTES, &n, reterr);
    }
    free(buf);
    return err == MK_OK ? MK_END : err;
}

/* ---- member by member ---- */

/* True if mk_encode would begin a member so. */
static bool is_our_header(const char *at)
{
    return memcmp(at, "\x1F\x8B\x08\0\0\0\0\0", 8) == 0 &&
           (at[8] == 0 || at[8] == 2 || at[8] == 4) && (unsigned char)at[9] == 0xFF;
}

/* Bytes of the member at the beginning of the window; 0: more must be read. *from: where
 * to look for what comes next. */
static size_t member_end(const mk_intake *in, size_t *from)
{
    const mk_str w = window_of(in);
    size_t at = *from;

    while (at + HEADER <= w.len) {
        const char *const hit = memchr(w.ptr + at, 0x1F, w.len - at);
        if (!hit)
            break;
        at = (size_t)(hit - w.ptr);
        if (at + HEADER > w.len)
            break;
        if (is_our_header(hit))
            return at;
        at++;
    }
    *from = w.len > HEADER + 1 ? w.len - HEADER : 1;
    return in->at_end ? w.len : 0;
}

/* Likewise for zstd; SIZE_MAX: not for us. */
static size_t frame_end(const mk_intake *in)
{
    const mk_str w = window_of(in);
    const size_t n = ZSTD_findFrameCompressedSize(w.ptr, w.len);
    const unsigned long long content = ZSTD_getFrameContentSize(w.ptr, w.len);

    if (!ZSTD_isError(n))
        return content <= MK_LINE_MAX ? n : SIZE_MAX;
    return in->at_end ? SIZE_MAX : 0;
}

static mk_err next_member(mk_intake *in, mk_load *load, mk_error *reterr)
{
    size_t from = 1, n = 0;
    mk_err err = MK_OK;

    while (err == MK_OK && window_of(in).len == 0 && !in->at_end)
        err = widen(in, reterr);
    if (err != MK_OK || window_of(in).len == 0)
        return err != MK_OK ? err : MK_END;
    while (err == MK_OK && n == 0) {
        n = in->codec == MK_CODEC_GZ ? member_end(in, &from) : frame_end(in);
        if (n == SIZE_MAX || window_of(in).len > STORED_MAX) {
            err = mk_intake_unpack_from(in, in->window_at, reterr);
            return err == MK_OK ? next_lines(in, load, reterr) : err;
        }
        if (n == 0)
            err = widen(in, reterr);
    }
    if (err != MK_OK)
        return err;
    load->codec = in->codec;
    load->offset = in->window_at;
    mk_buf_put(&load->stored, mk_str_sub(window_of(in), 0, n));
    if (load->stored.failed)
        return no_memory(in, reterr);
    in->passed += n;
    in->window_at += n;
    while (err == MK_OK && window_of(in).len == 0 && !in->at_end) /* is it the last? */
        err = widen(in, reterr);
    load->last = window_of(in).len == 0;
    return err;
}

mk_err mk_intake_next(mk_intake *in, mk_load *load, mk_error *reterr)
{
    mk_err err;

    load->first = !in->begun;
    in->begun = true;
    err = in->stream ? next_lines(in, load, reterr) : next_member(in, load, reterr);
    return err == MK_END && in->stream ? read_out(in, reterr) : err;
}

/* ---- life ---- */

static mk_err start(mk_intake *in, mk_error *reterr)
{
    struct stat st;
    mk_err err = mk_checksum_open(MK_SHA256, &in->digest, reterr);

    if (err != MK_OK)
        return err;
    in->fd = open(in->path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0)
        return fail(in, errno, reterr);
    if (fstat(in->fd, &st) != 0)
        return fail(in, errno, reterr);
    if (!S_ISREG(st.st_mode))
        return mk_fail(reterr, MK_DAMAGED, "cannot read '%s': not a regular file", in->path);
    err = widen(in, reterr);
    if (err != MK_OK)
        return err;
    if (in->window.len >= HEADER && is_our_header(in->window.ptr))
        in->codec = MK_CODEC_GZ;
    else if (in->window.len >= 4 && memcmp(in->window.ptr, "\x28\xB5\x2F\xFD", 4) == 0)
        in->codec = MK_CODEC_ZST;
    else
        err = mk_intake_unpack_from(in, 0, reterr);
    return err;
}

mk_err mk_intake_open(const char *path, mk_intake **ret, mk_error *reterr)
{
    mk_intake *const in = calloc(1, sizeof(*in));
    mk_err err;

    if (!in)
        return mk_fail(reterr, MK_NOMEM, "out of memory to read '%s'", path);
    in->fd = -1;
    in->window.max = in->rest.max = MK_BUF_MAX;
    in->path = strdup(path);
    err = in->path ? start(in, reterr)
                   : mk_fail(reterr, MK_NOMEM, "out of memory to read '%s'", path);
    if (err == MK_OK)
        *ret = in;
    else
        mk_intake_close(in);
    return err;
}

uint64_t mk_intake_size(const mk_intake *in)
{
    return in->hashed_to;
}

bool mk_intake_digest(mk_intake *in, char out[MK_SHA256_HEX + 1])
{
    return mk_checksum_end_hex(in->digest, out);
}

void mk_intake_close(mk_intake *in)
{
    if (!in)
        return;
    mk_stream_close(in->stream);
    if (in->fd >= 0)
        close(in->fd);
    mk_checksum_close(in->digest);
    mk_buf_clear(&in->window);
    mk_buf_clear(&in->rest);
    free(in->path);
    free(in);
}
