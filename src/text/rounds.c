/* rounds.c: a form over a text as one: rounds of its steps until one changes
 * nothing. */
#include <assert.h>

#include "text/engine.h"

enum { MAX_ROUNDS = 8 /* more only for text that is made to need them */ };

mk_plan mk_plan_of(const uint64_t *operations, const mk_norm_options *o)
{
    const uint64_t document = MK_OP_BIT(MK_OP_HTML_ENTITIES) | MK_OP_BIT(MK_OP_MOJIBAKE);
    const uint64_t off = o->off | (o->is_line ? document : 0);
    const uint64_t train = operations[MK_FORM_TRAIN];

    switch (o->form) {
    case MK_FORM_TRAIN:
        return (mk_plan){.train = (train | o->on) & ~off, .wanted = o->on & ~off};
    case MK_FORM_SEARCH:
        return (mk_plan){.train = (train | o->on) & ~off,
                         .search = (operations[MK_FORM_SEARCH] | o->on) & ~off};
    case MK_FORM_PRESERVE:
    case MK_FORM_ONLY:
        break;
    }
    return (mk_plan){.train = o->on & ~off, .wanted = o->on & ~off};
}

/* The steps of train that run for what is needed: bit i is step i. Those that hold always
 * may. */
static uint64_t steps_due(const mk_run *r)
{
    uint64_t due = r->n->steps.hold;

    for (uint64_t needs = r->needs; needs; needs &= needs - 1)
        due |= r->n->steps.of[__builtin_ctzll(needs)];
    return due;
}

void mk_step_bits_init(mk_step_bits *bits)
{
    *bits = (mk_step_bits){.hold = 0};
    for (unsigned i = 0; mk_train_steps[i].kind != MK_STEP_END; i++) {
        assert(i < 64);
        bits->of[mk_train_steps[i].op] |= UINT64_C(1) << i;
        if (mk_train_steps[i].kind != MK_STEP_PASSES)
            bits->hold |= UINT64_C(1) << i;
    }
}

/* One round of train's steps. */
static void run_round(mk_run *r, const mk_plan *p)
{
    uint64_t due = steps_due(r), left = UINT64_MAX;

    for (; due & left; due = steps_due(r)) {
        const unsigned i = (unsigned)__builtin_ctzll(due & left);
        const mk_norm_step *const s = &mk_train_steps[i];
        left = ~UINT64_C(1) << i;
        if (s->kind == MK_STEP_RELEASE) {
            if (p->wanted)
                mk_run_steps(r, mk_wanted_steps, p->wanted);
            if (mk_run_release(r))
                mk_run_screen(r); /* the screen has seen placeholders */
        } else if (p->train >> s->op & 1 && r->err == MK_OK) {
            mk_run_step(r, s);
        }
    }
}

bool mk_run_train(mk_run *r, const mk_plan *p)
{
    bool changed = false;

    for (int i = 0; i < MAX_ROUNDS && r->err == MK_OK; i++) {
        r->changed = false;
        if (!(r->needs & ~MK_SCREEN_CONTEXT))
            break;
        run_round(r, p);
        if (!r->changed)
            break;
        changed = true;
    }
    return changed;
}

static void run_search(mk_run *r, const mk_plan *p)
{
    for (int i = 0; i < MAX_ROUNDS && r->err == MK_OK; i++) {
        const uint64_t always = r->always;
        mk_run_screen(r);
        const bool repaired = mk_run_train(r, p);
        r->changed = false;
        r->always |= p->search & ~r->n->operations[MK_FORM_TRAIN];
        mk_run_screen(r);
        mk_run_steps(r, mk_search_steps, p->search);
        r->always = always;
        if (!r->changed && !(i > 0 && repaired))
            break;
    }
}

static void run_only(mk_run *r, uint64_t enabled)
{
    for (unsigned op = 0; op < MK_N_OPERATIONS && r->err == MK_OK; op++)
        if (enabled >> op & 1)
            mk_run_step(r, &mk_single_steps[op]);
    mk_run_release(r);
}

void mk_run_whole(mk_run *r, const mk_plan *p)
{
    const mk_norm_options *o = r->options;
    const uint64_t always = r->always;

    switch (o->form) {
    case MK_FORM_TRAIN:
        mk_run_screen(r);
        mk_run_train(r, p);
        break;
    case MK_FORM_SEARCH:
        run_search(r, p);
        break;
    case MK_FORM_PRESERVE:
        mk_run_screen(r);
        if (!(r->needs & MK_SCREEN_PRESERVE))
            break;
        r->always = r->needs = UINT64_MAX;
        mk_run_steps(r, mk_preserve_steps, r->n->operations[MK_FORM_PRESERVE] & ~o->off);
        r->always = always;
        break;
    case MK_FORM_ONLY:
        r->always = r->needs = UINT64_MAX;
        run_only(r, p->train);
        return;
    }
    if (o->form == MK_FORM_PRESERVE && p->train) {
        mk_run_screen(r);
        mk_run_train(r, p);
    }
    if (o->on & ~o->off & MK_OP_BIT(MK_OP_SHADDA_FIRST)) {
        r->needs = UINT64_MAX;
        mk_run_step(r, &mk_single_steps[MK_OP_SHADDA_FIRST]);
    }
}
