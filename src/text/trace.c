/* trace.c: see trace.h. */
#include "text/trace.h"

/* Old changes and new patches, merged from left to right. Both speak of the text
 * before. */
typedef struct merger {
    const mk_norm_change *old;
    size_t n_old, i_old;
    const mk_patch_item *items;
    size_t n_items, i_item;
    int64_t to_src; /* add to a place in the text before: its place in the source */
    int64_t to_new; /* add to it: its place in the text after */
} merger;

/* Takes what overlaps, from the next old change or patch on, as one change. Spans
 * that only touch stay apart, but two at one point are one. */
static mk_norm_change merge_group(merger *m, uint64_t operations)
{
    const size_t first_old = m->i_old, first_item = m->i_item;
    int64_t from = -1, to = -1;
    mk_norm_change ret = {.operations = 0};

    for (;;) {
        const mk_norm_change *c = m->i_old < m->n_old ? &m->old[m->i_old] : NULL;
        const mk_patch_item *p = m->i_item < m->n_items ? &m->items[m->i_item] : NULL;
        const int64_t c_at = c ? c->at : 0, p_at = p ? p->at : 0;
        if (c && (from < 0 ? !p || c_at <= p_at : c_at < to || (c_at == from && to == from))) {
            from = from < 0 ? c_at : from;
            to = c_at + c->len > to ? c_at + c->len : to;
            ret.operations |= c->operations;
            m->i_old++;
        } else if (p && (from < 0 || p_at < to || (p_at == from && to == from && p->len == 0))) {
            from = from < 0 ? p_at : from;
            to = p_at + p->len > to ? p_at + p->len : to;
            ret.operations |= operations;
            m->i_item++;
        } else {
            break;
        }
    }
    ret.at = (uint32_t)(from + m->to_new);
    ret.src_at = (uint32_t)(from + m->to_src);
    for (size_t i = first_item; i < m->i_item; i++)
        m->to_new += (int64_t)m->items[i].with.len - (int64_t)m->items[i].len;
    for (size_t i = first_old; i < m->i_old; i++)
        m->to_src += (int64_t)m->old[i].src_len - (int64_t)m->old[i].len;
    ret.len = (uint32_t)(to + m->to_new - ret.at);
    ret.src_len = (uint32_t)(to + m->to_src - ret.src_at);
    return ret;
}

static void turn(mk_trace *trace)
{
    const mk_buf old = trace->changes;

    trace->changes = trace->next;
    trace->changes.failed |= old.failed;
    trace->next = old;
}

void mk_trace_apply(mk_trace *trace, const mk_patch_item *items, size_t n, uint64_t operations)
{
    merger m = {
        .old = mk_trace_changes(trace), .n_old = mk_trace_n(trace), .items = items, .n_items = n};

    mk_buf_reset(&trace->next);
    while ((m.i_old < m.n_old || m.i_item < m.n_items) && !trace->next.failed) {
        const mk_norm_change change = merge_group(&m, operations);
        mk_buf_put(&trace->next, (mk_str){(const char *)(const void *)&change, sizeof(change)});
    }
    turn(trace);
}

void mk_trace_reset(mk_trace *trace)
{
    mk_buf_reset(&trace->changes);
    mk_buf_reset(&trace->done);
}

void mk_trace_done(mk_trace *trace, size_t at, size_t src_at)
{
    const mk_norm_change *changes = mk_trace_changes(trace);
    const size_t n = mk_trace_n(trace);

    for (size_t i = 0; i < n; i++) {
        mk_norm_change c = changes[i];
        c.at += (uint32_t)at;
        c.src_at += (uint32_t)src_at;
        mk_buf_put(&trace->done, (mk_str){(const char *)(const void *)&c, sizeof(c)});
    }
    trace->done.failed |= trace->changes.failed;
    mk_buf_reset(&trace->changes);
}

void mk_trace_join(mk_trace *trace)
{
    const mk_buf old = trace->changes;

    trace->changes = trace->done;
    trace->done = old;
    mk_buf_reset(&trace->done);
}

static bool is_tail(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Takes whole code points that both spans begin with, then end with, off. */
static void trim(mk_norm_change *c, mk_str source, mk_str text)
{
    const char *a = text.ptr + c->at, *b = source.ptr + c->src_at;
    const uint32_t most = c->len < c->src_len ? c->len : c->src_len;
    uint32_t head = 0, tail = 0;

    while (head < most && a[head] == b[head])
        head++;
    while (head > 0 &&
           ((head < c->len && is_tail(a[head])) || (head < c->src_len && is_tail(b[head]))))
        head--;
    while (tail < most - head && a[c->len - 1 - tail] == b[c->src_len - 1 - tail])
        tail++;
    while (tail > 0 && is_tail(a[c->len - tail]))
        tail--;
    c->at += head;
    c->src_at += head;
    c->len -= head + tail;
    c->src_len -= head + tail;
}

void mk_trace_trim(mk_trace *trace, mk_str source, mk_str text)
{
    const mk_norm_change *changes = mk_trace_changes(trace);
    const size_t n = mk_trace_n(trace);

    mk_buf_reset(&trace->next);
    for (size_t i = 0; i < n; i++) {
        mk_norm_change c = changes[i];
        trim(&c, source, text);
        if (c.len > 0 || c.src_len > 0)
            mk_buf_put(&trace->next, (mk_str){(const char *)(const void *)&c, sizeof(c)});
    }
    turn(trace);
}

void mk_trace_clear(mk_trace *trace)
{
    mk_buf_clear(&trace->changes);
    mk_buf_clear(&trace->next);
    mk_buf_clear(&trace->done);
}
