/* trace.h: where each span that was changed stood in the text as it was, however
 * many passes have worked on it since. */
#ifndef MK_TRACE_H
#define MK_TRACE_H

#include "base/buf.h"
#include "text/patch.h"

/* Starts as {.changes.max = MK_BUF_MAX, .next.max = MK_BUF_MAX}. */
typedef struct mk_trace {
    mk_buf changes; /* mk_norm_change: in order, apart */
    mk_buf next;    /* where the next ones are written */
} mk_trace;

static inline const mk_norm_change *mk_trace_changes(const mk_trace *trace)
{
    return (const mk_norm_change *)(const void *)trace->changes.ptr;
}

static inline size_t mk_trace_n(const mk_trace *trace)
{
    return trace->changes.len / sizeof(mk_norm_change);
}

/* The text changes by patches in the name of operations (a mask). A failure is
 * remembered by the buffers. */
void mk_trace_apply(mk_trace *trace, const mk_patch_item *items, size_t n, uint64_t operations);

/* Leaves out changes that changed nothing in the end, and what is equal at both
 * ends of the others. */
void mk_trace_trim(mk_trace *trace, mk_str source, mk_str text);

void mk_trace_clear(mk_trace *trace);

#endif
