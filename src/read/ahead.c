/* ahead.c: two slots of pieces. While one is handed out, a job of the pool reads
 * the source into the other. The first slot is filled by who reads, so that a
 * stream that ends in it, as most files and members do, costs no job.
 *
 * What is handed out does not depend on whether a job or the reader itself
 * filled the slot: pieces are those of the source with what it said of each, and
 * a slot ends where the source fails, so that nothing is read behind a damage
 * before the reader has asked for it. Memory: twice AHEAD and a piece.
 * Cases: tests/read/test_ahead.c. */
#include "read/ahead.h"

#include <stdlib.h>

#include "read/stream_private.h"

enum { AHEAD = 512 << 10 /* bytes: a job is long beside what it costs to hand it over */ };

/* What the source said of a piece. */
typedef struct note {
    size_t len;
    uint64_t unit, start, at, base, stored;
    bool verified;
} note;

typedef struct slot {
    mk_job job; /* must be first */
    mk_stream *source;
    bool started; /* a job, to be waited for */
    bool filled;  /* and not yet handed out */
    mk_buf bytes;
    note *notes; /* owned, n_notes of max_notes */
    size_t n_notes, max_notes;
    size_t next;           /* note that is handed out next */
    size_t at;             /* byte where its piece begins */
    mk_err end;            /* what comes behind the pieces; MK_OK: more */
    uint64_t unit, stored; /* then */
    bool cut;
    mk_error error;
} slot;

typedef struct ahead {
    mk_body body;
    mk_stream *source;
    bool owns;
    mk_pool *pool;
    slot slots[2];
    unsigned turn; /* the slot that is handed out */
} ahead;

static bool add_piece(slot *s, mk_str piece)
{
    const mk_stream *const from = s->source;

    if (s->n_notes == s->max_notes) {
        const size_t max = s->max_notes ? s->max_notes * 2 : 16;
        note *const notes = realloc(s->notes, max * sizeof(*notes));
        if (!notes)
            return false;
        s->notes = notes;
        s->max_notes = max;
    }
    mk_buf_put(&s->bytes, piece);
    if (s->bytes.failed)
        return false; /* a note of bytes that are not there would be handed out */
    s->notes[s->n_notes++] = (note){piece.len,       from->unit,   from->unit_start, from->unit_at,
                                    from->unit_base, from->stored, from->verified};
    return true;
}

/* Reads the source, on whatever thread. */
static void fill(mk_job *job)
{
    slot *const s = (slot *)(void *)job;
    mk_str piece;

    if (s->bytes.size > 2 * AHEAD) /* a unit that was checked first: seldom two of them */
        mk_buf_clear(&s->bytes);
    mk_buf_reset(&s->bytes);
    s->n_notes = s->next = s->at = 0;
    s->end = MK_OK;
    while (s->end == MK_OK && s->bytes.len < AHEAD) {
        s->end = s->source->read(s->source, &piece, &s->error);
        if (s->end == MK_OK && !add_piece(s, piece))
            s->end = mk_stream_nomem(&s->error);
    }
    s->unit = s->source->unit;
    s->cut = s->source->cut;
    s->stored = s->source->stored;
}

/* Waits for the job of a slot, if there is one. */
static void settle(const ahead *a, slot *s)
{
    if (s->started)
        mk_pool_finish(a->pool, &s->job);
    s->filled = s->filled || s->started;
    s->started = false;
}

/* Makes the other slot the one that is handed out, and reads ahead behind it. */
static void turn_over(ahead *a)
{
    slot *const used = &a->slots[a->turn];
    slot *s;

    a->turn ^= 1;
    s = &a->slots[a->turn];
    settle(a, s);
    if (!s->filled)
        fill(&s->job);
    s->filled = false;
    if (s->end == MK_OK) {
        used->started = true;
        mk_pool_start(a->pool, &used->job);
    }
}

static mk_err ahead_pull(mk_body *body, mk_piece *ret, mk_error *reterr)
{
    ahead *const a = (ahead *)body;
    slot *s = &a->slots[a->turn];

    if (s->next == s->n_notes && s->end == MK_OK) {
        turn_over(a);
        s = &a->slots[a->turn];
    }
    if (s->next == s->n_notes) {
        const mk_err err = s->end;
        body->pub.stored = s->stored;
        *body->unit = s->unit; /* which failed, if it did */
        body->cut = s->cut;
        s->end = MK_OK; /* more, should it be resumed */
        return err == MK_END ? err : mk_fail(reterr, err, "%s", s->error.text);
    }
    const note *const n = &s->notes[s->next++];
    *ret = (mk_piece){{s->bytes.ptr + s->at, n->len}, n->unit, n->start, n->at, n->verified};
    s->at += n->len;
    body->base = n->base;
    body->pub.stored = n->stored;
    return MK_OK;
}

static mk_err ahead_seek(mk_body *body, const mk_place *place, mk_error *reterr)
{
    ahead *const a = (ahead *)body;

    for (int i = 0; i < 2; i++)
        settle(a, &a->slots[i]);
    const mk_err err = mk_stream_seek(a->source, place, reterr);
    if (err != MK_OK)
        return err;
    for (int i = 0; i < 2; i++) {
        slot *const s = &a->slots[i];
        mk_buf_reset(&s->bytes);
        s->n_notes = s->next = s->at = 0;
        s->end = MK_OK;
        s->filled = false;
    }
    body->pub.stored = a->source->stored;
    mk_body_begin(body, place->unit);
    return MK_OK;
}

static void ahead_finish(mk_body *body)
{
    ahead *const a = (ahead *)body;

    for (int i = 0; i < 2; i++) {
        slot *const s = &a->slots[i];
        settle(a, s);
        mk_buf_clear(&s->bytes);
        free(s->notes);
    }
    if (a->owns)
        mk_stream_close(a->source);
}

static void ahead_resume(mk_body *body)
{
    /* Behind a failure no job is under way. */
    mk_stream_resume(((ahead *)body)->source);
}

mk_err mk_ahead_open(mk_stream *source, bool owns, mk_pool *pool, mk_stream **ret, mk_error *reterr)
{
    ahead *const a = mk_body_new(sizeof(*a), mk_str_of(source->name));

    if (!a)
        return mk_stream_nomem(reterr);
    a->body.pull = ahead_pull;
    a->body.finish = ahead_finish;
    a->body.seek = ahead_seek;
    if (((const mk_body *)source)->resume)
        a->body.resume = ahead_resume;
    a->body.own_unit = a->body.pub.unit = source->unit;
    a->body.pub.verified = source->verified;
    a->body.pub.packed = source->packed;
    a->body.pub.stored = source->stored;
    a->source = source;
    a->owns = owns;
    a->pool = pool;
    for (int i = 0; i < 2; i++)
        a->slots[i] = (slot){.job.work = fill, .source = source, .bytes.max = MK_BUF_MAX};
    *ret = &a->body.pub;
    return MK_OK;
}
