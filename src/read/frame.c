/* frame.c: see frame.h. Cases: tests/read/test_read_warc.c. */
#include "read/frame.h"

#include <stdlib.h>
#include <string.h>

mk_err mk_frame_init(mk_frame *f, mk_stream *stream, uint64_t max_doc, mk_error *reterr)
{
    const size_t room = MK_FRAME_HEAD + 2 * (size_t)(MK_STREAM_VERIFY + MK_STREAM_CHUNK);

    *f = (mk_frame){.stream = stream, .window = {"", 0}};
    f->held.max = max_doc < SIZE_MAX / 2 - room ? (size_t)max_doc + room : SIZE_MAX / 2;
    f->spans = calloc(MK_FRAME_SPANS, sizeof(*f->spans));
    return f->spans ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory to read %s", stream->name);
}

void mk_frame_clear(mk_frame *f)
{
    mk_buf_clear(&f->held);
    free(f->spans);
    f->spans = NULL;
}

/* ---- the window ---- */

/* The span that holds the byte at pos, which the window has. */
static size_t span_at(const mk_frame *f, uint64_t pos)
{
    size_t low = 0, high = f->n_spans;

    while (high - low > 1) {
        const size_t mid = low + (high - low) / 2;
        if (f->spans[mid].pos <= pos)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* Forgets spans that end before the window. */
static void forget_spans(mk_frame *f)
{
    const size_t first = f->n_spans > 0 ? span_at(f, f->pos) : 0;

    if (first == 0)
        return;
    f->n_spans -= first;
    memmove(f->spans, f->spans + first, f->n_spans * sizeof(*f->spans));
}

static void add_span(mk_frame *f)
{
    const mk_stream *const s = f->stream;
    const uint64_t pos = f->pos + f->window.len;
    mk_frame_span *last;

    if (f->n_spans == MK_FRAME_SPANS)
        forget_spans(f);
    if (f->n_spans < MK_FRAME_SPANS) {
        f->spans[f->n_spans++] = (mk_frame_span){.pos = pos,
                                                 .unit = s->unit,
                                                 .start = s->unit_start,
                                                 .at = s->unit_at,
                                                 .base = s->unit_base,
                                                 .verified = s->verified,
                                                 .packed = s->packed};
        return;
    }
    last = &f->spans[f->n_spans - 1];
    last->unit = s->unit;
    last->verified = last->verified && s->verified;
    last->many = true;
}

/* Keeps what the stream may lend no longer, so that more can follow it. */
static void hold_window(mk_frame *f)
{
    if (f->window.len == 0) {
        f->window.ptr = "";
        f->is_held = false;
        return;
    }
    if (!f->is_held) {
        mk_buf_reset(&f->held);
        mk_buf_put(&f->held, f->window);
    } else if (f->window.len <= f->held.len / 2) { /* so that each byte moves seldom */
        memmove(f->held.ptr, f->window.ptr, f->window.len);
        f->held.len = f->window.len;
        forget_spans(f);
    }
    f->is_held = true;
    f->window.ptr = f->held.ptr + (f->held.len - f->window.len);
}

/* Reads one piece more. */
static mk_err read_piece(mk_frame *f, mk_error *reterr)
{
    mk_str piece;

    hold_window(f);
    if (!f->held.failed)
        f->end = f->stream->read(f->stream, &piece, &f->error);
    if (f->held.failed)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a record of %s", f->stream->name);
    if (f->end == MK_END || f->end == MK_DAMAGED)
        return MK_OK;
    if (f->end != MK_OK)
        return mk_fail(reterr, f->end, "%s", f->error.text);
    if (f->window.len == 0)
        f->n_spans = 0;
    add_span(f);
    if (!f->is_held) {
        f->window = piece;
        return MK_OK;
    }
    mk_buf_put(&f->held, piece);
    if (f->held.failed)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a record of %s", f->stream->name);
    f->window.len += piece.len;
    f->window.ptr = f->held.ptr + (f->held.len - f->window.len);
    return MK_OK;
}

mk_err mk_frame_need(mk_frame *f, size_t n, mk_error *reterr)
{
    mk_err err = MK_OK;

    while (err == MK_OK && f->end == MK_OK && f->window.len < n)
        err = read_piece(f, reterr);
    return err;
}

mk_err mk_frame_need_line(mk_frame *f, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t want = 1; err == MK_OK && want <= MK_FRAME_HEAD; want *= 2) {
        err = mk_frame_need(f, want, reterr);
        if (f->window.len < want || memchr(f->window.ptr, '\n', f->window.len))
            break;
    }
    return err;
}

void mk_frame_skip(mk_frame *f, size_t n)
{
    f->window = mk_str_sub(f->window, n, f->window.len);
    f->pos += n;
}

/* ---- places ---- */

void mk_frame_place(const mk_frame *f, size_t n, mk_record *ret)
{
    const size_t first = span_at(f, f->pos);
    const size_t last = span_at(f, f->pos + n - 1);
    const mk_frame_span *const span = &f->spans[first];
    const uint64_t within = span->at + (f->pos - span->pos);

    ret->unit = f->spans[last].unit;
    ret->verified = true;
    for (size_t i = first; i <= last; i++)
        ret->verified = ret->verified && f->spans[i].verified;
    ret->offset = span->packed ? span->start : within;
    ret->inner = span->packed ? within : 0;
    ret->place = (mk_place){span->start, within, span->many ? MK_NO_UNIT : span->unit, span->base};
}

bool mk_frame_begins_unit(const mk_frame *f, size_t i)
{
    const uint64_t pos = f->pos + i;

    if (f->n_spans == 0 || i >= f->window.len)
        return false;
    const mk_frame_span *const span = &f->spans[span_at(f, pos)];
    return span->packed && span->pos == pos && span->at == 0;
}

size_t mk_frame_next_unit(const mk_frame *f, size_t i)
{
    const size_t len = f->window.len;

    for (size_t k = f->n_spans > 0 ? span_at(f, f->pos + i) + 1 : 0; k < f->n_spans; k++)
        if (f->spans[k].packed && f->spans[k].at == 0 && f->spans[k].pos - f->pos < len)
            return (size_t)(f->spans[k].pos - f->pos);
    return len;
}

mk_frame_where mk_frame_here(const mk_frame *f)
{
    if (f->n_spans == 0)
        return (mk_frame_where){.within = f->pos};
    const mk_frame_span *const span = &f->spans[span_at(f, f->pos)];
    return (mk_frame_where){span->start, span->at + (f->pos - span->pos), span->packed};
}

mk_frame_words mk_frame_tell(const mk_frame *f, mk_frame_where where)
{
    mk_frame_words words;
    mk_error text;

    if (where.packed)
        mk_fail(&text, MK_OK, "byte %llu of what the part at byte %llu of '%s' holds",
                (unsigned long long)where.within, (unsigned long long)where.start, f->stream->name);
    else
        mk_fail(&text, MK_OK, "byte %llu of '%s'", (unsigned long long)where.within,
                f->stream->name);
    const size_t len = strnlen(text.text, sizeof(words.text) - 1);
    memcpy(words.text, text.text, len);
    words.text[len] = '\0';
    return words;
}

/* ---- after a damage ---- */

/* The first line of s that begins a record; s.len if there is none. */
static size_t find_line(const mk_frame *f, mk_str s, bool (*is_start)(mk_str), bool at_line)
{
    size_t i = 0;

    while (i < s.len) {
        if (at_line && is_start(mk_str_sub(s, i, s.len)))
            return i;
        const char *const lf = memchr(s.ptr + i, '\n', s.len - i);
        const size_t line = lf ? (size_t)(lf - s.ptr) + 1 : s.len;
        const size_t unit = mk_frame_next_unit(f, i);
        at_line = lf != NULL || unit < line;
        i = unit < line ? unit : line;
    }
    return s.len;
}

mk_err mk_frame_find(mk_frame *f, bool (*is_start)(mk_str s), mk_error *reterr)
{
    bool at_line = true;

    for (;;) {
        mk_err err = mk_frame_need(f, 2 * (size_t)MK_FRAME_HEAD, reterr);
        if (err != MK_OK)
            return err;
        const mk_str window = mk_frame_window(f);
        const size_t found = find_line(f, window, is_start, at_line);
        const bool over = f->end != MK_OK;
        /* What stands near the end is asked again when more is there. */
        const size_t sure = over ? window.len : window.len - MK_FRAME_HEAD;
        if (found < sure || over) {
            mk_frame_skip(f, found);
            return MK_OK;
        }
        at_line = window.ptr[sure - 1] == '\n';
        mk_frame_skip(f, sure);
    }
}

mk_err mk_frame_damage(mk_frame *f, mk_record *ret, mk_error *reterr)
{
    const mk_error what = f->error;
    const uint64_t unit = f->stream->unit;
    mk_err err;

    mk_frame_skip(f, f->window.len);
    f->end = MK_END;
    *ret = (mk_record){.unit = unit};
    if (!mk_stream_resume(f->stream))
        return mk_fail(reterr, MK_DAMAGED, "%s", what.text);
    f->end = MK_OK;
    err = mk_frame_need(f, 1, reterr);
    if (err != MK_OK)
        return err;
    if (f->window.len == 0)
        return mk_fail(reterr, MK_DAMAGED, "%s; nothing follows that can be read", what.text);
    return mk_fail(reterr, MK_DAMAGED, "%s; reading goes on at byte %llu", what.text,
                   (unsigned long long)f->spans[span_at(f, f->pos)].start);
}
