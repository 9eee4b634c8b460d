/* trace.h: where each span that was changed stood in the text as it was, however
 * many passes have worked on it since. */
#ifndef MK_TRACE_H
#define MK_TRACE_H

#include "base/buf.h"
#include "text/patch.h"

/* Starts with a max of each buffer. */
typedef struct mk_trace {
    mk_buf changes; /* mk_norm_change: in order, apart */
    mk_buf next;    /* where the next ones are written */
    mk_buf done;    /* those of parts of the text that are done */
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

void mk_trace_reset(mk_trace *trace);

/* The changes were of a part that stood at src_at and stands at `at`: they are done, and
 * those of the next part begin. */
void mk_trace_done(mk_trace *trace, size_t at, size_t src_at);

/* The changes are those of all parts. */
void mk_trace_join(mk_trace *trace);

/* Leaves out changes that changed nothing in the end, and what is equal at both
 * ends of the others. */
void mk_trace_trim(mk_trace *trace, mk_str source, mk_str text);

void mk_trace_clear(mk_trace *trace);

#endif
