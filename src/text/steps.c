/* steps.c: steps of a form over a text: those whose operation the screen names. Two
 * buffers take turns; patches live in an arena that is emptied after each pass. */
#include "text/engine.h"

#include "text/entities.h"

void mk_run_apply(mk_run *r, const mk_patches *patches, uint64_t operations)
{
    mk_buf *const out = &r->n->text[r->other];
    size_t at = 0;

    mk_buf_reset(out);
    for (size_t i = 0; i < patches->n; i++) {
        const mk_patch_item *p = &patches->items[i];
        mk_buf_put(out, mk_str_sub(r->text, at, p->at));
        mk_buf_put(out, p->with);
        at = (size_t)p->at + p->len;
    }
    mk_buf_put(out, mk_str_sub(r->text, at, r->text.len));
    if (out->failed || out->len > MK_NORM_MAX)
        r->err = out->len > MK_NORM_MAX / 2 ? MK_LIMIT : MK_NOMEM;
    if (r->traced)
        mk_trace_apply(&r->n->trace, patches->items, patches->n, operations);
    r->text = mk_buf_str(out);
    r->other ^= 1;
}

uint64_t mk_run_needs(const mk_run *r, mk_str text, uint64_t screened)
{
    const uint64_t references = MK_OP_BIT(MK_OP_HTML_ENTITIES);

    if (r->is_part && screened & references && !mk_has_reference(text))
        screened &= ~references; /* an ampersand alone */
    return (screened | r->always) & ~r->never;
}

void mk_run_screen(mk_run *r)
{
    r->needs = mk_run_needs(r, r->text, mk_screen_text(&r->n->screen, r->text));
    r->seen |= r->needs;
}

bool mk_run_patch(mk_run *r, mk_pass *pass, unsigned op)
{
    mk_patches patches = {.arena = r->n->arena};

    pass(&r->context, r->text, &patches);
    if (patches.nomem)
        r->err = MK_NOMEM;
    const bool changed = patches.n > 0 && r->err == MK_OK;
    if (changed)
        mk_run_apply(r, &patches, MK_OP_BIT(op));
    mk_arena_reset(r->n->arena);
    return changed;
}

static void run_pass(mk_run *r, mk_pass *pass, unsigned op)
{
    if (!mk_run_patch(r, pass, op))
        return;
    r->changed = true;
    r->whole |= r->is_part && op == MK_OP_HTML_ENTITIES;
    mk_run_screen(r);
}

/* What an operation must know of the whole text. A part has been told of markup; what it
 * shows of wrong encodings is evidence for the document. */
static void look_around(mk_run *r, unsigned op, mk_mojibake *evidence)
{
    if (op == MK_OP_HTML_ENTITIES && !r->is_part)
        r->context.has_markup = r->text.len > 0 && memchr(r->text.ptr, '<', r->text.len);
    if (op != MK_OP_MOJIBAKE)
        return;
    r->line |= r->is_part && mk_mojibake_by_line(r->text);
    if (!mk_mojibake_evidence(r->text, &r->n->drafts, evidence))
        return;
    r->context.evidence = r->is_part ? NULL : evidence;
    r->whole |= r->is_part;
}

bool mk_may_be_code(mk_str text)
{
    return text.len > 0 && (memchr(text.ptr, '`', text.len) || memchr(text.ptr, '@', text.len) ||
                            (memchr(text.ptr, '/', text.len) && mk_str_has(text, MK_STR("://"))) ||
                            (memchr(text.ptr, 'w', text.len) && mk_str_has(text, MK_STR("www."))));
}

/* True if there may be something to hold that something else may change. */
static bool may_hold(const mk_run *r, unsigned op)
{
    if (!(r->needs & ~MK_SCREEN_CONTEXT))
        return false;
    return op == MK_OP_CODE_PROTECT ? mk_may_be_code(r->text) : r->needs >> op & 1;
}

void mk_run_step(mk_run *r, const mk_norm_step *step)
{
    mk_mojibake evidence;

    if (step->kind == MK_STEP_HOLD ? !may_hold(r, step->op) : !(r->needs >> step->op & 1))
        return;
    look_around(r, step->op, &evidence);
    if (step->kind == MK_STEP_HOLD && r->needs >> MK_OP_PUA & 1)
        mk_run_hold_private(r);
    for (size_t i = 0; i < MK_MAX_PASSES && step->passes[i] && r->err == MK_OK; i++) {
        if (step->kind == MK_STEP_HOLD)
            mk_run_hold(r, step->passes[i]);
        else
            run_pass(r, step->passes[i], step->op);
    }
    r->context.evidence = NULL;
}

void mk_run_document_steps(mk_run *r, const mk_plan *p)
{
    for (const mk_norm_step *s = mk_train_steps; r->err == MK_OK; s++) {
        if (r->needs & p->train & MK_OP_BIT(s->op))
            mk_run_step(r, s);
        if (s->op == MK_OP_NEWLINE)
            break;
    }
}

void mk_run_steps(mk_run *r, const mk_norm_step *steps, uint64_t enabled)
{
    for (; steps->kind != MK_STEP_END && r->err == MK_OK; steps++) {
        if (steps->kind == MK_STEP_RELEASE)
            mk_run_release(r);
        else if (enabled >> steps->op & 1 &&
                 (!steps->arabic_only || r->context.language == MK_LANGUAGE_AR))
            mk_run_step(r, steps);
    }
}
