/* engine.c: runs operations over a text: the functions of text.h, and the working
 * memory that they share. */
#include "text/engine.h"

#include <stdlib.h>

enum { MAX_SPOTS = 64 << 20 /* bytes: a text with more work is run as one */ };

mk_normalizer *mk_normalizer_new(void)
{
    mk_normalizer *n = calloc(1, sizeof(*n));

    if (!n)
        return NULL;
    n->arena = mk_arena_new();
    n->simd = n->drafts.simd = mk_has_simd();
    mk_buf *const bufs[] = {&n->text[0],       &n->text[1],    &n->spans,     &n->held_bytes,
                            &n->lines,         &n->folded,     &n->document,  &n->spots,
                            &n->trace.changes, &n->trace.next, &n->trace.done};
    for (size_t i = 0; i < sizeof(bufs) / sizeof(*bufs); i++)
        bufs[i]->max = MK_BUF_MAX;
    n->spots.max = MAX_SPOTS;
    for (mk_form form = 0; form < MK_FORM_ONLY; form++)
        n->operations[form] = mk_form_operations(form);
    mk_step_bits_init(&n->steps);
    if (n->arena)
        return n;
    free(n);
    return NULL;
}

void mk_normalizer_free(mk_normalizer *n)
{
    if (!n)
        return;
    mk_arena_free(n->arena);
    mk_buf_clear(&n->text[0]);
    mk_buf_clear(&n->text[1]);
    mk_buf_clear(&n->spans);
    mk_buf_clear(&n->held_bytes);
    mk_buf_clear(&n->lines);
    mk_buf_clear(&n->folded);
    mk_buf_clear(&n->document);
    mk_buf_clear(&n->spots);
    mk_trace_clear(&n->trace);
    mk_drafts_clear(&n->drafts);
    free(n);
}

/* ---- running ---- */

/* Tables that a run may ask for. */
static void make_ready(mk_normalizer *n, const mk_norm_options *options)
{
    if (!n->has_screen || n->screen.language != options->language)
        mk_screen_init(&n->screen, options->language, n->simd);
    n->has_screen = true;
    if (options->form != MK_FORM_SEARCH || n->has_folds)
        return;
    mk_search_init(&n->folds[0], false, n->simd);
    mk_search_init(&n->folds[1], true, n->simd);
    n->has_folds = true;
}

/* One huge text that was damaged is not paid for ever. */
static void forget_huge(mk_normalizer *n)
{
    enum { KEPT = 4 << 20 /* bytes */ };

    if (n->drafts.draft.text.size > KEPT || n->drafts.next.text.size > KEPT)
        mk_drafts_clear(&n->drafts);
}

static mk_err normalize(mk_normalizer *n, const mk_norm_options *options, mk_str text, bool traced,
                        mk_str *ret)
{
    mk_run r = {.n = n, .options = options, .text = text, .traced = traced};

    if (text.len > MK_NORM_MAX)
        return MK_LIMIT;
    mk_arena_reset(n->arena);
    mk_buf_reset(&n->spans);
    mk_buf_reset(&n->held_bytes);
    mk_trace_reset(&n->trace);
    r.context.language = options->language;
    r.context.drafts = &n->drafts;
    make_ready(n, options);
    mk_run_form(&r);
    forget_huge(n);
    if (r.err == MK_OK && traced && r.text.ptr != text.ptr) {
        mk_trace_trim(&n->trace, text, r.text);
        if (n->trace.changes.failed || n->trace.next.failed || n->trace.done.failed)
            r.err = MK_NOMEM;
    }
    if (r.err == MK_OK)
        *ret = r.text;
    return r.err;
}

mk_err mk_norm_text(mk_normalizer *n, const mk_norm_options *options, mk_str text, mk_str *ret)
{
    return normalize(n, options, text, false, ret);
}

mk_err mk_norm_copy(mk_normalizer *n, const mk_norm_options *options, mk_str text, char *out,
                    size_t room, size_t *ret_len)
{
    mk_str result;
    const mk_err err = normalize(n, options, text, false, &result);

    if (err != MK_OK)
        return err;
    if (result.len > 0 && result.len <= room)
        memmove(out, result.ptr, result.len);
    *ret_len = result.len;
    return MK_OK;
}

mk_err mk_norm_trace(mk_normalizer *n, const mk_norm_options *options, mk_str text, mk_str *ret,
                     const mk_norm_change **ret_changes, size_t *ret_n)
{
    const mk_err err = normalize(n, options, text, true, ret);

    if (err != MK_OK)
        return err;
    *ret_changes = mk_trace_changes(&n->trace);
    *ret_n = mk_trace_n(&n->trace);
    return MK_OK;
}

bool mk_norm_find(mk_normalizer *n, const mk_norm_options *options, mk_str text,
                  const mk_spot **ret, size_t *ret_n)
{
    const mk_plan plan = mk_plan_of(n->operations, options);

    if (n->whole || options->form != MK_FORM_TRAIN || text.len > MK_NORM_MAX ||
        (plan.train | plan.wanted) & ~n->operations[MK_FORM_TRAIN])
        return false;
    make_ready(n, options);
    mk_buf_reset(&n->spots);
    mk_screen_find(&n->screen, text, &n->spots);
    *ret = (const mk_spot *)(const void *)n->spots.ptr;
    *ret_n = n->spots.len / sizeof(mk_spot);
    return !n->spots.failed;
}
