/* report_sample.c: see report_sample.h. A sample shows the lines next to it, whatever
 * became of them, and where none of them was kept the nearest that was.
 * Cases: tests/release/test_report_count.c. */
#include "release/report_sample.h"

#include <stdio.h>
#include <stdlib.h>

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a report");
}

/* ---- pieces ---- */

/* Pieces on their way: their text lies one after the other in `text`. */
typedef struct drawing {
    mk_report_piece pieces[MK_REPORT_PIECES];
    size_t n;
    mk_buf text;
    const mk_report_record *record;
    const mk_report_cut *cut; /* what the sample is of */
} drawing;

mk_str mk_report_clip(mk_str text)
{
    size_t end = text.len < MK_REPORT_CLIP ? text.len : MK_REPORT_CLIP;
    while (end < text.len && end > 0 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80)
        end--;
    return mk_str_sub(text, 0, end);
}

/* The same of the end of a text. */
static mk_str clip_end(mk_str text)
{
    size_t begin = text.len < MK_REPORT_CLIP ? 0 : text.len - MK_REPORT_CLIP;
    while (begin < text.len && ((unsigned char)text.ptr[begin] & 0xC0) == 0x80)
        begin++;
    return mk_str_sub(text, begin, text.len);
}

/* Ends the piece that began at `begin` of the text. The pointer is set when the text
 * has its place. */
static void put_piece(drawing *d, mk_report_part part, size_t begin)
{
    if (d->n < MK_REPORT_PIECES)
        d->pieces[d->n++] = (mk_report_piece){part, {NULL, d->text.len - begin}};
    else
        d->text.len = begin;
}

static void draw(drawing *d, mk_report_part part, mk_str text)
{
    const mk_str shown = mk_report_clip(text);
    const size_t begin = d->text.len;
    mk_buf_put(&d->text, shown);
    if (shown.len < text.len)
        mk_buf_puts(&d->text, " …");
    put_piece(d, part, begin);
}

static void draw_before(drawing *d, mk_str text)
{
    const mk_str shown = clip_end(text);
    const size_t begin = d->text.len;
    if (shown.len < text.len)
        mk_buf_puts(&d->text, "… ");
    mk_buf_put(&d->text, shown);
    put_piece(d, MK_REPORT_KEPT, begin);
}

static void draw_break(drawing *d)
{
    put_piece(d, MK_REPORT_BREAK, d->text.len);
}

static void draw_gap(drawing *d, size_t lines)
{
    const size_t begin = d->text.len;
    if (lines == 0)
        return;
    mk_buf_printf(&d->text, "%zu", lines);
    put_piece(d, MK_REPORT_GAP, begin);
}

/* Characters without a glyph are shown by their numbers. */
static void draw_was(drawing *d, mk_str was)
{
    char names[MK_REPORT_CLIP];
    size_t n = 0;
    if (was.len == 0 || mk_str_trim(was).len > 0) {
        draw(d, MK_REPORT_SAMPLE, was);
        return;
    }
    for (size_t at = 0; at < was.len && n + 16 < sizeof(names);)
        n += (size_t)snprintf(names + n, sizeof(names) - n, "%sU+%04X", n > 0 ? " " : "",
                              (unsigned)mk_utf8_next(was, &at));
    draw(d, MK_REPORT_SAMPLE, (mk_str){names, n});
}

/* ---- lines ---- */

static size_t line_begin(mk_str text, size_t at)
{
    while (at > 0 && text.ptr[at - 1] != '\n')
        at--;
    return at;
}

/* The end of the line at `at`, its break left out. */
static size_t line_end(mk_str text, size_t at)
{
    const char *const lf = at < text.len ? memchr(text.ptr + at, '\n', text.len - at) : NULL;
    return lf ? (size_t)(lf - text.ptr) : text.len;
}

static bool is_blank_line(mk_str text, size_t begin, size_t end)
{
    return mk_str_trim(mk_str_sub(text, begin, end)).len == 0;
}

/* What became of the line that begins there. */
static mk_report_part part_of(const drawing *d, size_t begin)
{
    const mk_report_record *const r = d->record;
    size_t low = 0, high = r->n; /* the first cut behind the place */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (r->cuts[middle].edit.src <= begin)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return MK_REPORT_KEPT;
    const mk_report_cut *const cut = &r->cuts[low - 1];
    if (!cut->whole || begin >= cut->edit.src + cut->edit.was.len)
        return MK_REPORT_KEPT;
    return cut->rule == d->cut->rule ? MK_REPORT_SAMPLE : MK_REPORT_GONE;
}

static void draw_line(drawing *d, size_t begin, size_t end)
{
    const mk_str text = d->record->pair->read;
    if (is_blank_line(text, begin, end))
        return;
    draw(d, part_of(d, begin), mk_str_sub(text, begin, end));
    draw_break(d);
}

/* ---- a sample in its place ---- */

/* Lines that are next to the sample, and, if all of them are gone, how many more are,
 * up to one that was kept. */
typedef struct context {
    size_t near;       /* where the farthest of the lines next to it begins or ends */
    size_t n_gone;     /* lines beyond, that are not shown */
    size_t begin, end; /* of the line that was kept; both the same: there is none */
} context;

/* at begins a line. */
static context look_back(const drawing *d, size_t at)
{
    const mk_str text = d->record->pair->read;
    context c = {.near = at};
    bool kept = false;
    for (int n = 0; at > 0 && (n < MK_REPORT_CONTEXT || !kept);) {
        const size_t end = at - 1;
        at = line_begin(text, end);
        if (is_blank_line(text, at, end))
            continue;
        kept = part_of(d, at) == MK_REPORT_KEPT || kept;
        if (n++ < MK_REPORT_CONTEXT) {
            c.near = at;
        } else if (kept) {
            c.begin = at;
            c.end = end;
        } else {
            c.n_gone++;
        }
    }
    return c;
}

/* at begins a line, or is behind the text. */
static context look_ahead(const drawing *d, size_t at)
{
    const mk_str text = d->record->pair->read;
    context c = {.near = at};
    bool kept = false;
    for (int n = 0; at < text.len && (n < MK_REPORT_CONTEXT || !kept);) {
        const size_t begin = at, end = line_end(text, at);
        at = end + 1;
        if (is_blank_line(text, begin, end))
            continue;
        kept = part_of(d, begin) == MK_REPORT_KEPT || kept;
        if (n++ < MK_REPORT_CONTEXT) {
            c.near = end;
        } else if (kept) {
            c.begin = begin;
            c.end = end;
        } else {
            c.n_gone++;
        }
    }
    return c;
}

static void draw_lines(drawing *d, size_t begin, size_t end)
{
    const mk_str text = d->record->pair->read;
    for (size_t at = begin; at < end;) {
        const size_t stop = line_end(text, at);
        draw_line(d, at, stop);
        at = stop + 1;
    }
}

/* The lines that the sample is of: from..to. */
static void draw_sample_lines(drawing *d, size_t from, size_t to)
{
    const mk_str text = mk_str_sub(d->record->pair->read, 0, to);
    size_t n = 0;
    for (size_t at = from; at < to;) {
        const size_t stop = line_end(text, at);
        if (n < MK_REPORT_LINES) {
            draw(d, MK_REPORT_SAMPLE, mk_str_sub(text, at, stop));
            draw_break(d);
        }
        n++;
        at = stop + 1;
    }
    draw_gap(d, n > MK_REPORT_LINES ? n - MK_REPORT_LINES : 0);
}

static void draw_place(drawing *d)
{
    const mk_pair *const pair = d->record->pair;
    const mk_ledger_edit *const e = &d->cut->edit;
    const mk_str text = pair->read;
    const size_t src = (size_t)e->src, end = src + e->was.len, begin = line_begin(text, src);
    const context back = look_back(d, begin);
    draw_lines(d, back.begin, back.end);
    draw_gap(d, back.n_gone);
    draw_lines(d, back.near, begin);
    size_t after = end;
    if (d->cut->whole) {
        draw_sample_lines(d, src, end);
    } else {
        after = line_end(text, end);
        draw_before(d, mk_str_sub(text, begin, src));
        draw_was(d, e->was);
        draw(d, MK_REPORT_NOW, mk_str_sub(pair->doc.raw, (size_t)e->at, (size_t)(e->at + e->len)));
        draw(d, MK_REPORT_KEPT, mk_str_sub(text, end, after));
        draw_break(d);
        after++;
    }
    const context ahead = look_ahead(d, after);
    draw_lines(d, after, ahead.near);
    draw_gap(d, ahead.n_gone);
    draw_lines(d, ahead.begin, ahead.end);
}

/* ---- making ---- */

static void clear_sample(mk_report_sample *s)
{
    free(s->memory);
}

/* The pieces are drawn; *ret gets their text, the id and the evidence. */
static mk_err make_sample(drawing *d, mk_str id, mk_str evidence, mk_report_sample *ret,
                          mk_error *reterr)
{
    const size_t id_at = d->text.len;
    mk_buf_put(&d->text, id);
    mk_buf_put(&d->text, evidence);
    if (d->text.failed) {
        mk_buf_clear(&d->text);
        return no_memory(reterr);
    }
    const mk_str all = d->text.ptr ? mk_buf_str(&d->text) : (mk_str){"", 0};
    *ret = (mk_report_sample){.n_pieces = d->n, .memory = d->text.ptr};
    ret->id = mk_str_sub(all, id_at, id_at + id.len);
    ret->evidence = mk_str_sub(all, id_at + id.len, all.len);
    size_t at = 0;
    for (size_t i = 0; i < d->n; i++) {
        ret->pieces[i].part = d->pieces[i].part;
        ret->pieces[i].text = mk_str_sub(all, at, at + d->pieces[i].text.len);
        at += d->pieces[i].text.len;
    }
    return MK_OK;
}

/* ---- choosing ---- */

static uint64_t key_of(const mk_report_count *count, const mk_report_rule *rule, mk_str id,
                       uint64_t src)
{
    const struct {
        uint64_t seed, filter, rule, id, src;
    } all = {count->seed, mk_hash64(rule->filter), mk_hash64(rule->rule), mk_hash64(id), src};
    return mk_hash64((mk_str){(const char *)&all, sizeof(all)});
}

/* Where the sample of this record is, or n. */
static size_t place_of(const mk_report_samples *samples, uint64_t doc)
{
    size_t i = 0;
    while (i < samples->n && samples->items[i].doc != doc)
        i++;
    return i;
}

/* Whether one with that key would be among the samples. */
static bool is_wanted(const mk_report_count *count, const mk_report_samples *samples, uint64_t key)
{
    const size_t same = place_of(samples, count->docs);
    if (same < samples->n)
        return key < samples->items[same].key;
    return samples->n < count->max_samples ||
           (samples->n > 0 && key < samples->items[samples->n - 1].key);
}

/* Takes fresh over in any case. It is wanted. */
static mk_err put_sample(const mk_report_count *count, mk_report_samples *samples,
                         mk_report_sample *fresh, mk_error *reterr)
{
    if (!samples->items)
        samples->items = calloc(count->max_samples, sizeof(*samples->items));
    if (!samples->items) {
        clear_sample(fresh);
        return no_memory(reterr);
    }
    size_t at = place_of(samples, fresh->doc);
    if (at == samples->n && samples->n < count->max_samples)
        samples->n++;
    else if (at == samples->n)
        clear_sample(&samples->items[--at]);
    else
        clear_sample(&samples->items[at]);
    for (; at > 0 && samples->items[at - 1].key > fresh->key; at--)
        samples->items[at] = samples->items[at - 1];
    samples->items[at] = *fresh;
    return MK_OK;
}

mk_err mk_report_offer(const mk_report_count *count, mk_report_rule *rule,
                       const mk_report_record *record, size_t i, mk_error *reterr)
{
    const mk_report_cut *const cut = &record->cuts[i];
    const mk_str id = record->pair->ledger.id;
    const uint64_t key = key_of(count, rule, id, cut->edit.src);
    drawing d = {.text = {.max = MK_BUF_MAX}, .record = record, .cut = cut};
    mk_report_sample fresh = {.memory = NULL};
    if (!is_wanted(count, &rule->samples, key))
        return MK_OK;
    draw_place(&d);
    const mk_err err = make_sample(&d, id, cut->evidence, &fresh, reterr);
    if (err != MK_OK)
        return err;
    fresh.key = key;
    fresh.doc = count->docs;
    return put_sample(count, &rule->samples, &fresh, reterr);
}

mk_err mk_report_offer_review(const mk_report_count *count, mk_report_rule *rule,
                              const mk_pair *pair, mk_str evidence, mk_error *reterr)
{
    const uint64_t key = key_of(count, rule, pair->ledger.id, 0);
    drawing d = {.text = {.max = MK_BUF_MAX}};
    mk_report_sample fresh = {.memory = NULL};
    if (!is_wanted(count, &rule->for_review, key))
        return MK_OK;
    const mk_err err = make_sample(&d, pair->ledger.id, evidence, &fresh, reterr);
    if (err != MK_OK)
        return err;
    fresh.key = key;
    fresh.doc = count->docs;
    return put_sample(count, &rule->for_review, &fresh, reterr);
}

void mk_report_samples_clear(mk_report_samples *samples)
{
    for (size_t i = 0; i < samples->n; i++)
        clear_sample(&samples->items[i]);
    free(samples->items);
    *samples = (mk_report_samples){0};
}
