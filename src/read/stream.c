/* stream.c: the part that all streams share, and the two that decode nothing:
 * files and bytes in memory. A file is read with read(2), never mapped: a file
 * that shrinks must be an error and not a signal.
 *
 * Refuses: what is not a regular file (standard input may be a pipe), a file
 * that changes while it is read. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/stream_private.h"

mk_err mk_stream_nomem(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory while reading");
}

/* ---- names ---- */

static const char replacement[3] = {'\xEF', '\xBF', '\xBD'}; /* U+FFFD */

static size_t put_byte(char *to, unsigned char byte)
{
    static const char digits[] = "0123456789ABCDEF";

    memcpy(to, replacement, 3);
    to[3] = digits[byte >> 4];
    to[4] = digits[byte & 0xF];
    return 5;
}

char *mk_name_clean(mk_str s, bool controls)
{
    char *const clean = s.len < SIZE_MAX / 8 ? malloc(s.len * 5 + 1) : NULL;
    size_t valid = 0, len = 0; /* bytes of s that are known to be valid */

    if (!clean)
        return NULL;
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char byte = (unsigned char)s.ptr[i];
        const size_t rest = s.len - i;
        if (i == valid)
            valid += mk_utf8_valid(mk_str_sub(s, i, s.len));
        if (i == valid) {
            len += put_byte(clean + len, byte);
            valid++;
        } else if (rest >= 3 && memcmp(s.ptr + i, replacement, 3) == 0) {
            for (size_t k = 0; k < 3; k++)
                len += put_byte(clean + len, (unsigned char)replacement[k]);
            i += 2;
        } else if (controls && (byte < 0x20 || byte == 0x7F)) {
            len += put_byte(clean + len, byte);
        } else {
            clean[len++] = s.ptr[i];
        }
    }
    clean[len] = '\0';
    return clean;
}

/* ---- limits ---- */

static const mk_limits no_limits = {0}; /* but the defaults */

void mk_stream_limit(mk_stream *s, const mk_limits *limits, const volatile sig_atomic_t *stop)
{
    mk_body *const body = (mk_body *)s;

    body->limits = limits;
    body->stop = stop;
}

mk_err mk_body_stopped(const mk_body *body, mk_error *reterr)
{
    return body->stop && *body->stop ? mk_fail(reterr, MK_STOPPED, "stopped by a signal") : MK_OK;
}

/* ---- the body ---- */

/* Pulls; whatever is not MK_OK is remembered as what comes at the end. */
static mk_err pull_piece(mk_body *body, mk_piece *ret)
{
    const mk_err err = body->pull(body, ret, &body->error);

    if (err == MK_OK)
        return MK_OK;
    body->end = err;
    body->end_unit = *body->unit;
    if (err != MK_END)
        ++*body->unit; /* what follows in an archive is not of this unit */
    return err;
}

/* Says what the end is: a failure once, MK_END from then on. */
static mk_err tell_end(mk_body *body, mk_error *reterr)
{
    const mk_err err = body->end;

    if (err == MK_END)
        return MK_END;
    body->pub.cut = err == MK_DAMAGED && body->cut;
    body->pub.unit = body->pub.cut && body->limits->salvage ? MK_NO_UNIT : body->end_unit;
    body->pub.verified = false;
    body->was_damaged = err == MK_DAMAGED;
    if (err == MK_DAMAGED) /* of the others MK_END would look like a good end */
        body->end = MK_END;
    return mk_fail(reterr, err, "%s", body->error.text);
}

/* The first span of what is held, handed out. */
static mk_piece take_span(mk_body *body)
{
    const mk_span span = body->spans[body->first_span];
    mk_piece piece = {
        .unit = span.unit, .start = span.start, .at = span.at, .verified = span.verified};

    body->pub.unit_base = span.base;

    if (body->lent.len > 0) {
        piece.bytes = body->lent;
        body->lent = (mk_str){0};
    } else {
        piece.bytes = (mk_str){body->held.ptr + body->held_at, span.len};
        body->held_at += span.len;
    }
    body->n_spans--;
    body->first_span = body->n_spans > 0 ? body->first_span + 1 : 0;
    return piece;
}

static mk_err body_read(mk_stream *s, mk_str *ret, mk_error *reterr)
{
    mk_body *const body = (mk_body *)s;
    mk_piece piece;

    if (body->n_spans > 0) {
        piece = take_span(body);
    } else {
        mk_buf_clear(&body->held); /* seldom more than the head is peeked at */
        body->held_at = 0;
        if (body->end != MK_OK || pull_piece(body, &piece) != MK_OK)
            return tell_end(body, reterr);
        s->unit_base = body->base;
    }
    s->unit = piece.unit;
    s->verified = piece.verified;
    s->unit_start = piece.start;
    s->unit_at = piece.at;
    *ret = piece.bytes;
    return MK_OK;
}

bool mk_stream_resume(mk_stream *s)
{
    mk_body *const body = (mk_body *)s;

    if (!body->was_damaged || !body->resume)
        return false;
    body->was_damaged = false;
    body->end = MK_OK;
    body->resume(body);
    return true;
}

static void body_close(mk_stream *s)
{
    mk_body *const body = (mk_body *)s;

    if (body->finish)
        body->finish(body);
    mk_buf_clear(&body->held);
    free(body->spans);
    free(body->name);
    free(body);
}

void *mk_body_new(size_t size, mk_str name)
{
    mk_body *const body = calloc(1, size);

    if (!body)
        return NULL;
    body->name = strndup(name.ptr, name.len);
    if (!body->name) {
        free(body);
        return NULL;
    }
    body->pub = (mk_stream){
        .read = body_read,
        .close = body_close,
        .name = body->name,
        .verified = true, /* nothing was lent that is not */
    };
    body->limits = &no_limits;
    body->unpacked = &body->own_unpacked;
    body->unit = &body->own_unit;
    body->held.max = MK_BUF_MAX;
    return body;
}

void mk_stream_close(mk_stream *s)
{
    if (s)
        s->close(s);
}

/* ---- peek ---- */

static size_t n_held(const mk_body *body)
{
    return body->lent.len > 0 ? body->lent.len : body->held.len - body->held_at;
}

/* Notes that piece is held behind what is held already. */
static bool add_span(mk_body *body, const mk_piece *piece)
{
    const size_t at = body->first_span + body->n_spans;

    if (body->n_spans > 0) {
        mk_span *const last = &body->spans[at - 1];
        if (last->unit == piece->unit && last->verified == piece->verified &&
            last->start == piece->start) {
            last->len += piece->bytes.len;
            return true;
        }
    }
    if (at == body->max_spans) {
        const size_t max = body->max_spans ? body->max_spans * 2 : 8;
        mk_span *const spans = realloc(body->spans, max * sizeof(*spans));
        if (!spans)
            return false;
        body->spans = spans;
        body->max_spans = max;
    }
    body->spans[at] = (mk_span){piece->bytes.len, piece->unit, piece->start,
                                piece->at,        body->base,  piece->verified};
    body->n_spans++;
    return true;
}

/* Moves what is held to the front of held, so that more can follow it. */
static void gather(mk_body *body)
{
    if (body->lent.len > 0) {
        mk_buf_reset(&body->held);
        mk_buf_put(&body->held, body->lent);
        body->lent = (mk_str){0};
    } else if (body->held_at > 0) {
        body->held.len -= body->held_at;
        memmove(body->held.ptr, body->held.ptr + body->held_at, body->held.len);
    }
    body->held_at = 0;
    if (body->first_span > 0)
        memmove(body->spans, body->spans + body->first_span, body->n_spans * sizeof(*body->spans));
    body->first_span = 0;
}

/* Holds one piece more. */
static void hold_piece(mk_body *body)
{
    mk_piece piece;
    bool ok;

    gather(body);
    ok = !body->held.failed;
    if (ok && pull_piece(body, &piece) != MK_OK)
        return;
    if (ok && body->held.len == 0)
        body->lent = piece.bytes;
    else if (ok)
        mk_buf_put(&body->held, piece.bytes);
    if (!ok || body->held.failed || !add_span(body, &piece)) {
        /* Bytes are lost, so nothing may be read any more. */
        body->n_spans = 0;
        body->end = mk_stream_nomem(&body->error);
    }
}

mk_err mk_stream_peek(mk_stream *s, size_t n, mk_str *ret, mk_error *reterr)
{
    mk_body *const body = (mk_body *)s;

    assert(s->read == body_read && n <= MK_STREAM_CHUNK);
    while (body->end == MK_OK && n_held(body) < n)
        hold_piece(body);
    if (body->end != MK_OK && body->end != MK_END && body->end != MK_DAMAGED)
        return mk_fail(reterr, body->end, "%s", body->error.text);
    if (body->lent.len > 0)
        *ret = body->lent;
    else if (body->n_spans > 0)
        *ret = mk_str_sub(mk_buf_str(&body->held), body->held_at, body->held.len);
    else
        *ret = (mk_str){0};
    if (ret->len > n)
        ret->len = n;
    return MK_OK;
}

/* ---- going to a place ---- */

mk_err mk_stream_seek(mk_stream *s, const mk_place *place, mk_error *reterr)
{
    mk_body *const body = (mk_body *)s;

    return body->seek ? body->seek(body, place, reterr) : MK_END;
}

void mk_body_begin(mk_body *body, uint64_t unit)
{
    body->lent = (mk_str){0};
    mk_buf_reset(&body->held);
    body->held_at = 0;
    body->n_spans = body->first_span = 0;
    body->end = MK_OK;
    body->was_damaged = false;
    *body->unit = unit;
}

/* Consumes the first n bytes of the first span, which has more. */
static void cut_span(mk_body *body, size_t n)
{
    mk_span *const span = &body->spans[body->first_span];

    span->len -= n;
    span->at += n;
    if (body->lent.len > 0)
        body->lent = mk_str_sub(body->lent, n, body->lent.len);
    else
        body->held_at += n;
}

mk_err mk_body_drop(mk_body *body, const mk_place *place, mk_error *reterr)
{
    uint64_t rest = place->inner;

    while (rest > 0) {
        if (body->n_spans == 0)
            hold_piece(body);
        if (body->n_spans == 0)
            return mk_fail(reterr,
                           body->end == MK_DAMAGED || body->end == MK_END ? MK_MISMATCH : body->end,
                           "cannot go on in '%s': %s", body->name,
                           body->end == MK_END ? "it ends before that place" : body->error.text);
        const mk_span *const span = &body->spans[body->first_span];
        if (span->unit != place->unit || span->start != place->start ||
            span->at != place->inner - rest)
            return mk_fail(reterr, MK_MISMATCH, "cannot go on in '%s': it has no such place",
                           body->name);
        if (span->len > rest) {
            cut_span(body, (size_t)rest);
            return MK_OK;
        }
        rest -= span->len;
        take_span(body);
    }
    return MK_OK;
}

/* ---- bytes in memory ---- */

typedef struct bytes_stream {
    mk_body body;
    mk_str rest; /* lent by the caller */
    size_t step;
} bytes_stream;

static mk_err bytes_pull(mk_body *body, mk_piece *ret, mk_error *reterr)
{
    bytes_stream *const b = (bytes_stream *)body;
    const size_t n = b->rest.len < b->step ? b->rest.len : b->step;

    (void)reterr;
    if (n == 0)
        return MK_END;
    *ret = (mk_piece){{b->rest.ptr, n}, *body->unit, 0, body->pub.stored, true};
    b->rest = mk_str_sub(b->rest, n, b->rest.len);
    body->pub.stored += n;
    return MK_OK;
}

mk_err mk_stream_bytes_by(const char *name, mk_str bytes, size_t step, mk_stream **ret,
                          mk_error *reterr)
{
    char *const clean = mk_name_clean(mk_str_of(name), true);
    bytes_stream *const b = clean ? mk_body_new(sizeof(*b), mk_str_of(clean)) : NULL;

    free(clean);
    if (!b)
        return mk_stream_nomem(reterr);
    b->body.pull = bytes_pull;
    b->rest = bytes;
    b->step = step;
    *ret = &b->body.pub;
    return MK_OK;
}

/* ---- files ---- */

typedef struct file_stream {
    mk_body body;
    int fd;    /* owned, but for standard input; -1: none */
    bool file; /* not standard input: must be regular and stay as it was */
    struct stat before;
    char *buf;   /* owned */
    size_t size; /* bytes of buf */
} file_stream;

static mk_err fail_errno(file_stream *f, const char *what, int number, mk_error *reterr)
{
    char text[128];

    return mk_fail(reterr, MK_DAMAGED, "%s '%s': %s", what, f->body.name,
                   strerror_r(number, text, sizeof(text)));
}

static mk_err fail_changed(const file_stream *f, mk_error *reterr)
{
    return mk_fail(reterr, MK_DAMAGED, "'%s' changed while it was read", f->body.name);
}

/* At the end of a file: is it the file that was opened? */
static mk_err check_unchanged(file_stream *f, mk_error *reterr)
{
    struct stat after;

    if (!f->file || f->body.limits->allow_changing)
        return MK_END;
    if (fstat(f->fd, &after) != 0)
        return fail_errno(f, "cannot read", errno, reterr);
    if (after.st_size != f->before.st_size || after.st_mtim.tv_sec != f->before.st_mtim.tv_sec ||
        after.st_mtim.tv_nsec != f->before.st_mtim.tv_nsec)
        return fail_changed(f, reterr);
    return MK_END;
}

/* Waits till standard input has something, or has ended: in slices, since a signal may
 * come between a look at the flag and the wait. MK_STOPPED. */
static mk_err wait_for_input(const file_stream *f, mk_error *reterr)
{
    enum { SLICE = 200 /* milliseconds */ };
    struct pollfd wait = {.fd = f->fd, .events = POLLIN};
    int n = 0;

    while (n == 0 || (n < 0 && errno == EINTR)) {
        const mk_err err = mk_body_stopped(&f->body, reterr);
        if (err != MK_OK)
            return err;
        n = poll(&wait, 1, SLICE);
    }
    return MK_OK; /* if poll fails, read will too */
}

/* A file that grows as fast as it is read would have no end. */
static bool has_grown(const file_stream *f)
{
    return f->file && !f->body.limits->allow_changing && f->before.st_size > 0 &&
           f->body.pub.stored > (uint64_t)f->before.st_size;
}

static void close_file(file_stream *f)
{
    if (f->file && f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}

static mk_err file_pull(mk_body *body, mk_piece *ret, mk_error *reterr)
{
    file_stream *const f = (file_stream *)body;

    for (;;) {
        mk_err err = f->file ? mk_body_stopped(body, reterr) : wait_for_input(f, reterr);
        if (err != MK_OK)
            return err;
        /* Behind as many bytes as it had there is nothing, or it has grown. */
        const bool at_end = f->file && f->before.st_size > 0 &&
                            body->pub.stored == (uint64_t)f->before.st_size;
        const ssize_t n = at_end ? 0 : read(f->fd, f->buf, f->size);
        char text[128];

        if (n == 0) {
            err = check_unchanged(f, reterr);
            close_file(f); /* files that were read wait for others, many at a time */
            return err;
        }
        if (n > 0) {
            *ret = (mk_piece){{f->buf, (size_t)n}, *body->unit, 0, body->pub.stored, true};
            body->pub.stored += (uint64_t)n;
            return has_grown(f) ? fail_changed(f, reterr) : MK_OK;
        }
        if (errno != EINTR && errno != EAGAIN) /* others may have made it nonblocking */
            return mk_fail(reterr, MK_DAMAGED, "cannot read '%s': %s at byte %llu", body->name,
                           strerror_r(errno, text, sizeof(text)),
                           (unsigned long long)body->pub.stored);
    }
}

/* A file that was read to its end is closed, and cannot be sought: it is a small one. */
static mk_err file_seek(mk_body *body, const mk_place *place, mk_error *reterr)
{
    file_stream *const f = (file_stream *)body;
    const uint64_t size = f->before.st_size > 0 ? (uint64_t)f->before.st_size : 0;

    if (!f->file || f->fd < 0)
        return MK_END;
    if (place->start > size || place->inner > size - place->start ||
        lseek(f->fd, (off_t)(place->start + place->inner), SEEK_SET) < 0)
        return mk_fail(reterr, MK_MISMATCH, "cannot go on in '%s': it has no such place",
                       body->name);
    body->pub.stored = place->start + place->inner;
    mk_body_begin(body, place->unit);
    return MK_OK;
}

static void file_finish(mk_body *body)
{
    file_stream *const f = (file_stream *)body;

    close_file(f);
    free(f->buf);
}

/* Opens path, which must be a regular file. */
static mk_err open_file(file_stream *f, const char *path, mk_error *reterr)
{
    /* Nonblocking: a FIFO without a writer must be refused, not waited for. */
    f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (f->fd < 0 && errno == ENXIO) /* a socket */
        return mk_fail(reterr, MK_DAMAGED, "'%s' is not a regular file", f->body.name);
    if (f->fd < 0 && (errno == EMFILE || errno == ENFILE)) /* no fault of the file's */
        return mk_fail(reterr, MK_LIMIT, "cannot open '%s': too many open files", f->body.name);
    if (f->fd < 0 && errno == ENOMEM)
        return mk_stream_nomem(reterr);
    if (f->fd < 0)
        return fail_errno(f, "cannot open", errno, reterr);
    if (fstat(f->fd, &f->before) != 0)
        return fail_errno(f, "cannot open", errno, reterr);
    if (S_ISDIR(f->before.st_mode))
        return mk_fail(reterr, MK_DAMAGED, "'%s' is a folder", f->body.name);
    if (!S_ISREG(f->before.st_mode))
        return mk_fail(reterr, MK_DAMAGED, "'%s' is not a regular file", f->body.name);
    if (f->before.st_size > 0 && f->before.st_size < MK_STREAM_CHUNK)
        f->size = (size_t)f->before.st_size;
    else
        (void)posix_fadvise(f->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* a hint */
    return MK_OK;
}

/* At the beginning of a page, to which the system copies four times as fast as beside it. */
static char *new_buffer(size_t size)
{
    enum { PAGE = 4096 /* bytes */ };
    void *ptr = NULL;

    return posix_memalign(&ptr, PAGE, size) == 0 ? ptr : NULL;
}

mk_err mk_stream_file(const char *path, mk_stream **ret, mk_error *reterr)
{
    const bool file = strcmp(path, "-") != 0;
    char *const clean = mk_name_clean(file ? mk_str_of(path) : MK_STR("standard input"), true);
    file_stream *const f = clean ? mk_body_new(sizeof(*f), mk_str_of(clean)) : NULL;
    mk_err err = MK_OK;

    free(clean);
    if (!f)
        return mk_stream_nomem(reterr);
    f->body.pull = file_pull;
    f->body.seek = file_seek;
    f->body.finish = file_finish;
    f->file = file;
    f->fd = file ? -1 : STDIN_FILENO;
    f->size = MK_STREAM_CHUNK;
    if (file)
        err = open_file(f, path, reterr);
    if (err == MK_OK && !(f->buf = new_buffer(f->size)))
        err = mk_stream_nomem(reterr);
    if (err != MK_OK) {
        mk_stream_close(&f->body.pub);
        return err;
    }
    *ret = &f->body.pub;
    return MK_OK;
}
