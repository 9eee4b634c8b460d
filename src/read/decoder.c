/* decoder.c: what all decoders share: reading the stream underneath, holding
 * back a unit till it is known to be whole; and which decoder a stream needs.
 *
 * Refuses: more codecs within one another than MK_STREAM_NESTING. A bomb costs
 * time but no memory: what is held never grows past one unit's buffer. */
#include <stdlib.h>
#include <string.h>

#include "read/stream_private.h"

enum {
    FIRST_SIZE = 64 * 1024,           /* bytes: holds most members whole */
    UNIT_SIZE = MK_STREAM_VERIFY + 1, /* bytes: one more shows a large unit */
    LARGE_SIZE = 256 * 1024           /* bytes of a large unit at a time: half a cache */
};

/* ---- the stream underneath ---- */

mk_err mk_decoder_more(mk_decoder *d, mk_error *reterr)
{
    mk_err err;

    if (d->in.len > 0 || d->in_end)
        return MK_OK;
    d->in = d->next;
    d->next = (mk_str){0};
    if (d->in.len > 0)
        return MK_OK;
    if (d->late == MK_OK) {
        err = d->source->read(d->source, &d->in, reterr);
    } else {
        err = d->late;
        d->late = MK_OK;
        if (err != MK_END)
            mk_fail(reterr, err, "%s", d->late_error.text);
    }
    d->in_failed = err != MK_OK && err != MK_END;
    if (err != MK_END)
        return err;
    d->in_end = true;
    return MK_OK;
}

/* What is left of in was copied from the piece that the source lends: on with that. */
static void leave_window(mk_decoder *d)
{
    if (d->in.len > d->n_joined)
        return;
    d->in = (mk_str){d->next.ptr - d->in.len, d->in.len + d->next.len};
    d->next = (mk_str){0};
    d->n_joined = 0;
}

mk_err mk_decoder_gather(mk_decoder *d, size_t want, mk_error *reterr)
{
    mk_buf *const w = &d->window;

    if (d->next.len > 0)
        leave_window(d);
    if (d->in.len >= want || d->in_end || (d->late != MK_OK && d->next.len == 0))
        return MK_OK;
    w->max = MK_BUF_MAX;
    if (w->len > 0 && d->in.ptr + d->in.len == w->ptr + w->len) { /* it lies at its end */
        memmove(w->ptr, d->in.ptr, d->in.len);
        w->len = d->in.len;
    } else {
        mk_buf_reset(w);
        mk_buf_put(w, d->in);
    }
    while (w->len < want && !w->failed && (d->next.len > 0 || d->late == MK_OK)) {
        if (d->next.len == 0) {
            d->late = d->source->read(d->source, &d->next, &d->late_error);
            d->n_joined = 0;
            if (d->late != MK_OK)
                d->next = (mk_str){0};
        }
        const size_t rest = want - w->len;
        const size_t n = rest < d->next.len ? rest : d->next.len;
        mk_buf_put(w, mk_str_sub(d->next, 0, n));
        d->next = mk_str_sub(d->next, n, d->next.len);
        d->n_joined += n;
    }
    if (w->failed)
        return mk_stream_nomem(reterr);
    d->in = mk_buf_str(w);
    return MK_OK;
}

/* ---- units ---- */

/* Makes room for more of the unit, up to UNIT_SIZE. */
static bool grow(mk_decoder *d)
{
    size_t size = d->unit_size ? d->unit_size * 2 : FIRST_SIZE;
    char *bytes;

    if (size > MK_STREAM_VERIFY)
        size = UNIT_SIZE;
    bytes = realloc(d->unit_bytes, size);
    if (!bytes)
        return false;
    d->unit_bytes = bytes;
    d->unit_size = size;
    return true;
}

/* fill has failed because the bytes underneath end too early: what was made of the others
 * is as good as they are. */
static bool is_cut(const mk_decoder *d, mk_err err)
{
    if (err != MK_DAMAGED || d->seeking)
        return false;
    return d->in_failed ? d->source->cut : d->in_end && d->in.len == 0;
}

/* Fills unit_bytes with a small unit, or with a part of a large one, or, if that is
 * salvaged, with what there is of one that is cut off. */
static mk_err fill_unit(mk_decoder *d, size_t *ret_len, bool *ret_whole, mk_error *reterr)
{
    const size_t want = d->large ? LARGE_SIZE : UNIT_SIZE;
    size_t len = 0;
    bool whole = false;

    d->body.cut = d->cut;
    d->cut = false;
    if (d->body.cut)
        return mk_fail(reterr, MK_DAMAGED, "%s", d->cut_error.text);
    while (len < want && !whole && !d->cut) {
        size_t n = 0;
        if (len == d->unit_size && !grow(d))
            return mk_stream_nomem(reterr);
        const size_t size = d->unit_size < want ? d->unit_size : want;
        const mk_err err = d->fill(d, d->unit_bytes + len, size - len, &n, &whole, reterr);
        d->cut = len > 0 && d->body.limits->salvage && is_cut(d, err);
        d->body.cut = !d->cut && (len > 0 || d->large) && is_cut(d, err);
        if (d->cut)
            mk_fail(&d->cut_error, err, "%s", reterr->text);
        else if (err != MK_OK)
            return err;
        else
            len += n;
    }
    *ret_len = len;
    *ret_whole = whole;
    return MK_OK;
}

/* The same, behind a damage for as long as it takes to find a whole one. */
static mk_err find_unit(mk_decoder *d, size_t *ret_len, bool *ret_whole, mk_error *reterr)
{
    mk_err err = d->lost ? mk_decoder_seek(d, reterr) : MK_OK;

    if (err == MK_OK)
        err = fill_unit(d, ret_len, ret_whole, reterr);
    while (err == MK_DAMAGED && d->seeking && !d->in_failed) {
        /* What looked like a unit was none: nothing new to tell. */
        err = mk_decoder_seek(d, reterr);
        if (err == MK_OK)
            err = fill_unit(d, ret_len, ret_whole, reterr);
    }
    if (err == MK_OK)
        d->seeking = false;
    return err;
}

mk_err mk_body_check(const mk_body *body, uint64_t stored, mk_error *reterr)
{
    const mk_limits *const limits = body->limits;
    const uint64_t most = limits->max_unpacked ? limits->max_unpacked : MK_STREAM_UNPACKED;
    const uint64_t ratio = limits->max_ratio ? limits->max_ratio : MK_STREAM_RATIO;
    const uint64_t unpacked = *body->unpacked;

    if (unpacked > most)
        return mk_fail(reterr, MK_DAMAGED,
                       "bomb: '%s' unpacks to more than %llu bytes (--max-unpacked)", body->name,
                       (unsigned long long)most);
    if (unpacked > MK_STREAM_FREE && unpacked / ratio > stored)
        return mk_fail(reterr, MK_DAMAGED,
                       "bomb: '%s' unpacks to more than %llu times its size (--max-ratio)",
                       body->name, (unsigned long long)ratio);
    return MK_OK;
}

/* Counts what was unpacked. A bomb is read no further. */
static mk_err count_unpacked(mk_decoder *d, size_t len, mk_error *reterr)
{
    mk_err err;

    *d->body.unpacked += len;
    err = mk_body_check(&d->body, d->source->stored, reterr);
    if (err != MK_OK)
        d->body.resume = NULL;
    return err;
}

mk_err mk_decoder_pull(mk_body *body, mk_piece *ret, mk_error *reterr)
{
    mk_decoder *const d = (mk_decoder *)body;
    size_t len = 0;

    while (len == 0) {
        bool whole = false;

        /* All that came before is good only if what is underneath is: else a
         * failure there must void it too. */
        if (d->between && d->source->verified)
            ++*body->unit;
        d->between = false;
        mk_err err = find_unit(d, &len, &whole, reterr);
        body->pub.stored = d->source->stored;
        if (d->unit_at == 0)
            d->unit_base = *body->unpacked;
        if (err == MK_OK)
            err = count_unpacked(d, len, reterr);
        if (err != MK_OK)
            return err;
        ret->verified = whole && !d->large && d->source->verified;
        ret->start = d->unit_start;
        ret->at = d->unit_at;
        d->unit_at = whole ? 0 : d->unit_at + len;
        d->large = !whole;
        d->between = whole;
    }
    ret->bytes = (mk_str){d->unit_bytes, len};
    ret->unit = *body->unit;
    body->base = d->unit_base;
    return MK_OK;
}

/* Where the source is a file. */
static mk_err decoder_seek(mk_body *body, const mk_place *place, mk_error *reterr)
{
    mk_decoder *const d = (mk_decoder *)body;
    mk_body *const under = (mk_body *)d->source;
    const mk_place unit = {.start = place->start};

    if (!d->restart || d->source->packed || !under->seek || body->unit != &body->own_unit)
        return MK_END;
    mk_err err = under->seek(under, &unit, reterr);
    if (err != MK_OK)
        return err;
    mk_decoder_unmark(d);
    mk_buf_reset(&d->window);
    d->in = d->next = (mk_str){0};
    d->in_offset = place->start;
    d->in_end = d->in_failed = d->large = d->between = d->lost = d->seeking = d->cut = false;
    d->late = MK_OK;
    d->unit_at = 0;
    *body->unpacked = place->unpacked;
    mk_body_begin(body, place->unit);
    err = d->restart(d, reterr);
    return err == MK_OK ? mk_body_drop(body, place, reterr) : err;
}

void mk_decoder_finish(mk_body *body)
{
    mk_decoder *const d = (mk_decoder *)body;

    if (d->release)
        d->release(d);
    mk_buf_clear(&d->history);
    mk_buf_clear(&d->replay);
    mk_buf_clear(&d->window);
    free(d->unit_bytes);
    if (d->owns_source)
        mk_stream_close(d->source);
}

void *mk_decoder_new(size_t size, mk_stream *source)
{
    mk_decoder *const d = mk_body_new(size, mk_str_of(source->name));
    mk_body *const under = (mk_body *)source;

    if (!d)
        return NULL;
    d->body.pull = mk_decoder_pull;
    d->body.finish = mk_decoder_finish;
    d->body.seek = decoder_seek;
    d->body.pub.packed = true;
    d->source = source;
    d->owns_source = true;
    d->body.limits = under->limits;
    d->body.stop = under->stop;
    if (under->unpacked != &under->own_unpacked) /* an archive's */
        d->body.unpacked = under->unpacked;
    /* The number of an archive's units is counted by the uppermost decoder; the
     * one underneath goes on by itself. */
    if (under->unit != &under->own_unit) {
        d->body.unit = under->unit;
        under->own_unit = *under->unit;
        under->unit = &under->own_unit;
    }
    return d;
}

/* ---- which codec ---- */

typedef struct codec {
    const char *magic;
    size_t len;
    size_t shortest;     /* bytes: a whole stream of this many first bytes of magic
                        is taken for a truncated one, not for a text */
    unsigned char loose; /* bits of magic[0] that may be anything */
    mk_err (*open)(mk_stream *source, mk_stream **ret, mk_error *reterr);
} codec;

/* RFC 1952; RFC 8878 3.1.1 and 3.1.2; the .xz file format 2.1.1.1; bzip2's
 * block and end-of-stream marks, after "BZh" and the digit of the block size. */
static const codec codecs[] = {
    {"\x1F\x8B", 2, 1, 0x00, mk_gunzip_open},
    {"\x28\xB5\x2F\xFD", 4, 2, 0x00, mk_unzstd_open},
    {"\x50\x2A\x4D\x18", 4, 4, 0x0F, mk_unzstd_open}, /* a skippable frame */
    {"\xFD\x37\x7A\x58\x5A\x00", 6, 1, 0x00, mk_unxz_open},
};

static bool is_bzip2(mk_str head)
{
    static const char block[] = "1AY&SY";
    static const char empty[] = "\x17\x72\x45\x38\x50\x90";
    const size_t n = head.len < 10 ? head.len - 4 : 6; /* of the mark */

    return head.len >= 4 && memcmp(head.ptr, "BZh", 3) == 0 && head.ptr[3] >= '1' &&
           head.ptr[3] <= '9' &&
           (memcmp(head.ptr + 4, block, n) == 0 || memcmp(head.ptr + 4, empty, n) == 0);
}

static bool matches(const codec *c, mk_str head)
{
    const size_t n = head.len < c->len ? head.len : c->len;

    return n >= c->shortest &&
           ((unsigned char)head.ptr[0] & ~c->loose) == (unsigned char)c->magic[0] &&
           memcmp(head.ptr + 1, c->magic + 1, n - 1) == 0;
}

/* What opens a decoder for a stream with these first bytes; NULL: plain. */
static mk_err (*find_open(mk_str head))(mk_stream *, mk_stream **, mk_error *)
{
    for (size_t i = 0; i < sizeof(codecs) / sizeof(*codecs); i++)
        if (matches(&codecs[i], head))
            return codecs[i].open;
    return is_bzip2(head) ? mk_unbzip2_open : NULL;
}

mk_err mk_stream_decode(mk_stream **s, mk_error *reterr)
{
    enum { HEAD = 16 /* bytes: more than the longest magic */ };
    const unsigned max_depth = ((const mk_body *)*s)->limits->max_depth;
    const int max_layers = max_depth > 0 ? (int)max_depth : MK_STREAM_NESTING;
    mk_err err = MK_OK;

    for (int n_layers = 0; err == MK_OK; n_layers++) {
        mk_str head;
        mk_stream *decoded = NULL;

        err = mk_stream_peek(*s, HEAD, &head, reterr);
        if (err != MK_OK)
            break;
        mk_err (*const open)(mk_stream *, mk_stream **, mk_error *) = find_open(head);
        if (!open)
            return MK_OK;
        if (n_layers == max_layers)
            err = mk_fail(reterr, MK_DAMAGED,
                          "more than %d codecs within one another in '%s' (--max-depth)",
                          max_layers, (*s)->name);
        else
            err = open(*s, &decoded, reterr);
        if (err == MK_OK)
            *s = decoded;
    }
    mk_stream_close(*s);
    *s = NULL;
    return err;
}
