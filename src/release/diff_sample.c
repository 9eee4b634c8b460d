/* diff_sample.c: the documents that differ and were drawn: their texts, and what
 * changed in them. Those of the lowest priority stay, so that a sample depends on ids
 * and seed alone. */
#include <stdlib.h>

#include "release/diff_lines.h"
#include "release/diff_private.h"

enum {
    COMPARED = 4096,     /* changed documents whose lines are compared */
    MAX_LINES = 1 << 16, /* of one of them: longer ones are not compared */
    MAX_TEXT = 1 << 20   /* bytes of a sample that are looked at */
};

/* ---- picks ---- */

static int by_priority(const void *a, const void *b)
{
    const pick *x = a, *y = b;
    if (x->priority != y->priority)
        return x->priority < y->priority ? -1 : 1;
    if (x->old_seq != y->old_seq)
        return x->old_seq < y->old_seq ? -1 : 1;
    return (x->new_seq > y->new_seq) - (x->new_seq < y->new_seq);
}

static void cut_picks(picks *p)
{
    if (p->n > 1)
        qsort(p->items, p->n, sizeof(*p->items), by_priority);
    if (p->n > p->max)
        p->n = p->max;
}

mk_err mk_diff_pick(picks *p, const pick *item, mk_error *reterr)
{
    if (p->max == 0)
        return MK_OK;
    if (p->n == p->size && p->n >= 2 * p->max)
        cut_picks(p);
    if (p->n == p->size) {
        const size_t size = p->size ? 2 * p->size : 64;
        pick *const items = realloc(p->items, size * sizeof(*items));
        if (!items)
            return mk_diff_nomem(reterr);
        p->items = items;
        p->size = size;
    }
    p->items[p->n++] = *item;
    return MK_OK;
}

/* ---- the last reading: texts ---- */

typedef struct wanted {
    uint32_t seq;
    pick *pick;
} wanted;

typedef struct reader {
    differ *d;
    bool is_old;
    wanted *items; /* n of them, by seq */
    size_t n;
} reader;

static int by_seq(const void *a, const void *b)
{
    const wanted *x = a, *y = b;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

static bool pass(const void *arg, const mk_doc *doc, mk_arena *arena, void *result)
{
    (void)arg, (void)doc, (void)arena, (void)result;
    return true;
}

/* The first MAX_TEXT bytes, to the end of a line. */
static mk_str beginning(mk_str text)
{
    if (text.len <= MAX_TEXT)
        return text;
    const char *const lf = memrchr(text.ptr, '\n', MAX_TEXT);
    text.len = lf ? (size_t)(lf - text.ptr) : mk_utf8_valid(mk_str_sub(text, 0, MAX_TEXT));
    return text;
}

static size_t count_breaks(mk_str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    return n;
}

static mk_err take_text(void *arg, const mk_doc *doc, const void *result, mk_error *reterr)
{
    reader *const r = arg;
    mk_arena *const arena = r->d->diff->memory->arena;
    const wanted key = {.seq = (uint32_t)doc->seq};
    wanted *const w = bsearch(&key, r->items, r->n, sizeof(*r->items), by_seq);
    (void)result;
    if (!w)
        return MK_OK;
    pick *const p = w->pick;
    bool ok = true;
    if (p->kind == MK_DIFF_CHANGED && count_breaks(doc->raw) < MAX_LINES) {
        size_t *const n = r->is_old ? &p->n_old_lines : &p->n_new_lines;
        const uint64_t **const lines = r->is_old ? &p->old_lines : &p->new_lines;
        *lines = mk_line_digests(doc->raw, arena, n);
        ok = *lines != NULL;
    }
    if (p->shown) {
        mk_str *const text = r->is_old ? &p->old_text : &p->new_text;
        const mk_str from = beginning(doc->raw);
        *text = mk_arena_str(arena, from);
        p->id = mk_arena_str(arena, doc->id);
        p->url = mk_arena_str(arena, doc->url);
        ok = ok && (text->ptr || from.len == 0) && p->id.ptr && (p->url.ptr || doc->url.len == 0);
    }
    return ok ? MK_OK : mk_diff_nomem(reterr);
}

static mk_err read_texts(differ *d, bool is_old)
{
    reader r = {.d = d, .is_old = is_old};
    size_t n = 0;
    for (int kind = 0; kind < 3; kind++)
        n += d->kinds[kind].n;
    r.items = calloc(n + 1, sizeof(*r.items));
    if (!r.items)
        return mk_diff_nomem(d->reterr);
    for (int kind = 0; kind < 3; kind++)
        for (size_t i = 0; i < d->kinds[kind].n; i++) {
            pick *const p = &d->kinds[kind].items[i];
            const uint32_t seq = is_old ? p->old_seq : p->new_seq;
            if (seq != UINT32_MAX)
                r.items[r.n++] = (wanted){seq, p};
        }
    if (r.n > 1)
        qsort(r.items, r.n, sizeof(*r.items), by_seq);
    const mk_err err = r.n == 0 ? MK_OK
                                : mk_diff_scan(d, &d->sides[is_old ? 0 : 1], 1, pass, take_text, &r,
                                               false);
    free(r.items);
    return err;
}

static mk_err show(differ *d, const pick *p, mk_diff_sample *ret)
{
    *ret = (mk_diff_sample){.kind = p->kind, .id = p->id, .url = p->url};
    return mk_diff_show(p->old_text, p->new_text, d->diff->memory->arena, &ret->lines,
                        &ret->n_lines)
               ? MK_OK
               : mk_diff_nomem(d->reterr);
}

mk_err mk_diff_samples(differ *d)
{
    size_t n_samples = 0;
    for (int kind = 0; kind < 3; kind++) {
        cut_picks(&d->kinds[kind]);
        for (size_t i = 0; i < d->kinds[kind].n && i < d->options->n_samples; i++) {
            d->kinds[kind].items[i].shown = true;
            n_samples++;
        }
    }
    mk_diff_sample *const samples = mk_arena_alloc(d->diff->memory->arena,
                                                   (n_samples + 1) * sizeof(*samples));
    if (!samples)
        return mk_diff_nomem(d->reterr);
    mk_err err = read_texts(d, true);
    if (err == MK_OK)
        err = read_texts(d, false);
    for (int kind = 0; kind < 3; kind++)
        for (size_t i = 0; i < d->kinds[kind].n && err == MK_OK; i++) {
            const pick *const p = &d->kinds[kind].items[i];
            if (p->old_lines && p->new_lines) {
                d->diff->n_compared++;
                d->diff->lines_removed += mk_digests_missing(p->old_lines, p->n_old_lines,
                                                             p->new_lines, p->n_new_lines);
                d->diff->lines_added += mk_digests_missing(p->new_lines, p->n_new_lines,
                                                           p->old_lines, p->n_old_lines);
            }
            if (p->shown)
                err = show(d, p, &samples[d->diff->n_samples++]);
        }
    d->diff->samples = samples;
    return err;
}

void mk_diff_pick_limits(differ *d)
{
    const size_t n = d->options->n_samples;
    d->kinds[MK_DIFF_ADDED].max = d->kinds[MK_DIFF_REMOVED].max = n;
    d->kinds[MK_DIFF_CHANGED].max = n > COMPARED ? n : COMPARED;
}
