/* engine.c: runs operations over a text: the functions of text.h.
 *
 * A text is screened as a whole; where that finds nothing it is lent back. Else
 * its lines are screened one by one, and those that need nothing are copied. On
 * the others a form's steps run, of which the screen skips most, until a round
 * changes nothing. Texts that show what reaches over lines (references, wrong
 * encodings, odd line breaks, glyph codes, code between fences) are run as one.
 * Two buffers take turns; patches live in an arena that is emptied after each
 * pass. */
#include <assert.h>
#include <stdlib.h>

#include "text/operations.h"
#include "text/screen.h"
#include "text/search.h"
#include "text/trace.h"

enum {
    MAX_ROUNDS = 8,              /* more only for text that is made to need them */
    FIRST_PLACEHOLDER = 0xF0000, /* private use: all that stood in the text is gone */
    MAX_HELD = 0x20000,          /* spans: as many as there are placeholders */
    MAX_NESTED = 4               /* spans in spans: an address in a verse */
};

/* A span that is held. */
typedef struct held {
    size_t at, len; /* in held_bytes */
} held;

struct mk_normalizer {
    mk_arena *arena;
    mk_buf text[2];
    mk_buf spans, held_bytes;
    mk_buf lines; /* the result, where lines are run by themselves */
    mk_trace trace;
    mk_screen screen;
    mk_search_table folds[2]; /* of other languages; of Arabic */
    bool simd;
    bool has_screen, has_folds;        /* of the last language; made when first asked for */
    uint64_t operations[MK_FORM_ONLY]; /* of each form */
};

typedef struct run {
    mk_normalizer *n;
    const mk_norm_options *options;
    mk_pass_context context;
    mk_str text;
    uint64_t needs;  /* operations that may change text as it reads now */
    uint64_t always; /* operations that the screen does not know */
    uint64_t never;  /* evidence of the document was against them */
    unsigned other;  /* the buffer that text is not in */
    bool traced, changed;
    mk_err err;
} run;

mk_normalizer *mk_normalizer_new(void)
{
    mk_normalizer *n = calloc(1, sizeof(*n));

    if (!n)
        return NULL;
    n->arena = mk_arena_new();
    n->simd = mk_screen_has_simd();
    mk_buf *const bufs[] = {&n->text[0],       &n->text[1], &n->spans,     &n->held_bytes,
                            &n->trace.changes, &n->lines,   &n->trace.next};
    for (size_t i = 0; i < sizeof(bufs) / sizeof(*bufs); i++)
        bufs[i]->max = MK_BUF_MAX;
    for (mk_form form = 0; form < MK_FORM_ONLY; form++)
        n->operations[form] = mk_form_operations(form);
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
    mk_trace_clear(&n->trace);
    free(n);
}

/* ---- patches ---- */

/* Writes run's text with patches applied into the other buffer. */
static void apply(run *r, const mk_patches *patches, uint64_t operations)
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

/* ---- spans that are held ---- */

/* Remembers what stands in text[at, at+len) and writes its placeholder. False:
 * there are no more of them. */
static bool put_held(run *r, size_t at, size_t len, char out[4])
{
    const size_t k = r->n->spans.len / sizeof(held);
    const held h = {r->n->held_bytes.len, len};

    if (k == MAX_HELD)
        return false;
    mk_buf_put(&r->n->held_bytes, mk_str_sub(r->text, at, at + len));
    mk_buf_put(&r->n->spans, (mk_str){(const char *)(const void *)&h, sizeof(h)});
    if (r->n->held_bytes.failed || r->n->spans.failed)
        r->err = MK_NOMEM;
    mk_utf8_put(out, FIRST_PLACEHOLDER + (uint32_t)k);
    return true;
}

/* Replaces the spans that pass finds by placeholders. */
static void hold(run *r, mk_pass *pass)
{
    mk_patches patches = {.arena = r->n->arena}, held_ones = {.arena = r->n->arena};
    char bytes[4];

    pass(&r->context, r->text, &patches);
    for (size_t i = 0; i < patches.n && r->err == MK_OK; i++) {
        const mk_patch_item *p = &patches.items[i];
        if (!put_held(r, p->at, p->len, bytes))
            break;
        mk_patch(&held_ones, p->at, p->len, (mk_str){bytes, 4}, 0);
    }
    if (patches.nomem || held_ones.nomem)
        r->err = MK_NOMEM;
    if (r->err == MK_OK && held_ones.n > 0)
        apply(r, &held_ones, 0);
    mk_arena_reset(r->n->arena);
}

/* Private characters that stand in the text although nobody removed them. */
static void find_private(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        if (mk_take(text, &at) >= FIRST_PLACEHOLDER)
            mk_patch_away(patches, from, at);
    }
}

/* Puts back what placeholders stand for, once. */
static void release_once(run *r)
{
    const held *spans = (const held *)(const void *)r->n->spans.ptr;
    const size_t n = r->n->spans.len / sizeof(held);
    mk_patches patches = {.arena = r->n->arena};

    for (size_t at = 0; at < r->text.len;) {
        const char *p = memchr(r->text.ptr + at, '\xF3', r->text.len - at);
        const char *q = memchr(r->text.ptr + at, '\xF4', r->text.len - at);
        p = !p || (q && q < p) ? q : p;
        if (!p)
            break;
        const size_t from = (size_t)(p - r->text.ptr);
        at = from;
        const size_t k = mk_take(r->text, &at) - FIRST_PLACEHOLDER;
        if (k < n)
            mk_patch(&patches, from, 4, (mk_str){r->n->held_bytes.ptr + spans[k].at, spans[k].len},
                     0);
    }
    if (patches.nomem)
        r->err = MK_NOMEM;
    else if (patches.n > 0)
        apply(r, &patches, 0);
    mk_arena_reset(r->n->arena);
}

static void release(run *r)
{
    if (r->n->spans.len == 0)
        return;
    for (int i = 0; i < MAX_NESTED && r->err == MK_OK; i++)
        release_once(r);
    mk_buf_reset(&r->n->spans);
    mk_buf_reset(&r->n->held_bytes);
}

/* ---- steps ---- */

static void screen(run *r)
{
    r->needs = (mk_screen_text(&r->n->screen, r->text) | r->always) & ~r->never;
}

/* True if the pass had something to patch. */
static bool patch(run *r, mk_pass *pass, unsigned op)
{
    mk_patches patches = {.arena = r->n->arena};

    pass(&r->context, r->text, &patches);
    if (patches.nomem)
        r->err = MK_NOMEM;
    const bool changed = patches.n > 0 && r->err == MK_OK;
    if (changed)
        apply(r, &patches, MK_OP_BIT(op));
    mk_arena_reset(r->n->arena);
    return changed;
}

static void run_pass(run *r, mk_pass *pass, unsigned op)
{
    if (!patch(r, pass, op))
        return;
    r->changed = true;
    screen(r);
}

/* What an operation must know of the whole text. */
static void look_around(run *r, unsigned op, mk_mojibake *evidence)
{
    if (op == MK_OP_HTML_ENTITIES)
        r->context.has_markup = r->text.len > 0 && memchr(r->text.ptr, '<', r->text.len);
    if (op != MK_OP_MOJIBAKE)
        return;
    r->context.evidence = mk_mojibake_evidence(r->text, evidence) ? evidence : NULL;
}

/* True if there may be something to hold that something else may change. */
static bool may_hold(const run *r, unsigned op)
{
    if (!(r->needs & ~MK_SCREEN_CONTEXT) || r->text.len == 0)
        return false;
    if (op == MK_OP_QURAN_PROTECT)
        return r->needs >> op & 1;
    return memchr(r->text.ptr, '`', r->text.len) || memchr(r->text.ptr, '@', r->text.len) ||
           (memchr(r->text.ptr, '/', r->text.len) && mk_str_has(r->text, MK_STR("://"))) ||
           (memchr(r->text.ptr, 'w', r->text.len) && mk_str_has(r->text, MK_STR("www.")));
}

static void run_step(run *r, const mk_norm_step *step)
{
    mk_mojibake evidence;

    if (step->kind == MK_STEP_HOLD ? !may_hold(r, step->op) : !(r->needs >> step->op & 1))
        return;
    look_around(r, step->op, &evidence);
    if (step->kind == MK_STEP_HOLD && r->needs >> MK_OP_PUA & 1)
        hold(r, find_private);
    for (size_t i = 0; i < MK_MAX_PASSES && step->passes[i] && r->err == MK_OK; i++) {
        if (step->kind == MK_STEP_HOLD)
            hold(r, step->passes[i]);
        else
            run_pass(r, step->passes[i], step->op);
    }
    r->context.evidence = NULL;
}

static void run_steps(run *r, const mk_norm_step *steps, uint64_t enabled)
{
    for (; steps->kind != MK_STEP_END && r->err == MK_OK; steps++) {
        if (steps->kind == MK_STEP_RELEASE)
            release(r);
        else if (enabled >> steps->op & 1 &&
                 (!steps->arabic_only || r->context.language == MK_LANGUAGE_AR))
            run_step(r, steps);
    }
}

/* ---- forms ---- */

/* What runs of train and what beside it. */
typedef struct plan {
    uint64_t train, wanted, search;
} plan;

static plan plan_of(const uint64_t *operations, const mk_norm_options *o)
{
    const uint64_t document = MK_OP_BIT(MK_OP_HTML_ENTITIES) | MK_OP_BIT(MK_OP_MOJIBAKE);
    const uint64_t off = o->off | (o->is_line ? document : 0);
    const uint64_t train = operations[MK_FORM_TRAIN];

    switch (o->form) {
    case MK_FORM_TRAIN:
        return (plan){.train = (train | o->on) & ~off, .wanted = o->on & ~off};
    case MK_FORM_SEARCH:
        return (plan){.train = (train | o->on) & ~off,
                      .search = (operations[MK_FORM_SEARCH] | o->on) & ~off};
    case MK_FORM_PRESERVE:
    case MK_FORM_ONLY:
        break;
    }
    return (plan){.train = o->on & ~off, .wanted = o->on & ~off};
}

/* Until a round changes nothing. True if there was something to change. */
static bool run_train(run *r, const plan *p)
{
    bool changed = false;

    for (int i = 0; i < MAX_ROUNDS && r->err == MK_OK; i++) {
        r->changed = false;
        screen(r);
        if (!(r->needs & ~MK_SCREEN_CONTEXT))
            break;
        for (const mk_norm_step *s = mk_train_steps; s->kind != MK_STEP_END; s++) {
            if (s->kind == MK_STEP_PASSES && !(r->needs & p->train & MK_OP_BIT(s->op)))
                continue;
            const mk_norm_step one[2] = {*s, {.kind = MK_STEP_END}};
            if (s->kind == MK_STEP_RELEASE)
                run_steps(r, mk_wanted_steps, p->wanted);
            run_steps(r, one, p->train);
        }
        if (!r->changed)
            break;
        changed = true;
    }
    return changed;
}

static void run_search(run *r, const plan *p)
{
    for (int i = 0; i < MAX_ROUNDS && r->err == MK_OK; i++) {
        const uint64_t always = r->always;
        const bool repaired = run_train(r, p);
        r->changed = false;
        r->always |= p->search & ~r->n->operations[MK_FORM_TRAIN];
        screen(r);
        run_steps(r, mk_search_steps, p->search);
        r->always = always;
        if (!r->changed && !(i > 0 && repaired))
            break;
    }
}

static void run_only(run *r, uint64_t enabled)
{
    for (unsigned op = 0; op < MK_N_OPERATIONS && r->err == MK_OK; op++)
        if (enabled >> op & 1)
            run_step(r, &mk_single_steps[op]);
    release(r);
}

/* The text as one. */
static void run_whole(run *r, const plan *p)
{
    const mk_norm_options *o = r->options;
    const uint64_t always = r->always;

    switch (o->form) {
    case MK_FORM_TRAIN:
        run_train(r, p);
        break;
    case MK_FORM_SEARCH:
        run_search(r, p);
        break;
    case MK_FORM_PRESERVE:
        screen(r);
        if (!(r->needs & MK_SCREEN_PRESERVE))
            break;
        r->always = r->needs = UINT64_MAX;
        run_steps(r, mk_preserve_steps, r->n->operations[MK_FORM_PRESERVE] & ~o->off);
        r->always = always;
        break;
    case MK_FORM_ONLY:
        r->always = r->needs = UINT64_MAX;
        run_only(r, p->train);
        return;
    }
    if (o->form == MK_FORM_PRESERVE && p->train)
        run_train(r, p);
    if (o->on & ~o->off & MK_OP_BIT(MK_OP_SHADDA_FIRST)) {
        r->needs = UINT64_MAX;
        run_step(r, &mk_single_steps[MK_OP_SHADDA_FIRST]);
    }
}

/* ---- line by line ---- */

/* True if fences of code may reach over lines: six back quotes, whatever stands
 * between them now. */
static bool has_fences(mk_str text)
{
    size_t n = 0;

    for (size_t at = 0; at < text.len && n < 6; n++) {
        const char *p = memchr(text.ptr + at, '`', text.len - at);
        if (!p)
            break;
        at = (size_t)(p - text.ptr) + 1;
    }
    return n == 6;
}

/* The lines of a text while they are run. */
typedef struct walk {
    mk_str text;
    size_t copied; /* what stands before is in the result */
    uint64_t seen; /* needs of all lines, before and after */
    bool again;    /* what came of a line is in a wrong encoding: all may be */
} walk;

/* What a line needs as it stands. */
static uint64_t needs_of(const run *r, mk_str line)
{
    return (mk_screen_text(&r->n->screen, line) | r->always) & ~r->never;
}

/* What that needs which came of a line. */
static uint64_t needs_after(const run *r, mk_str line, walk *w)
{
    const uint64_t needs = mk_screen_text(&r->n->screen, line) | r->always;
    mk_mojibake evidence;

    if (needs >> MK_OP_MOJIBAKE & 1 && !w->again)
        w->again = mk_mojibake_evidence(line, &evidence);
    return needs & ~r->never;
}

/* Appends the search form of a line that train leaves alone. False: it is not
 * plain. */
static bool put_plain(run *r, mk_str line, walk *w)
{
    mk_buf *const out = &r->n->lines;
    char *const to = mk_buf_room(out, line.len + 1);
    size_t len;
    bool odd;

    if (!to ||
        !mk_search_plain(&r->n->folds[r->context.language == MK_LANGUAGE_AR], line, to, &len, &odd))
        return false;
    const uint64_t needs = odd ? needs_after(r, (mk_str){to, len}, w) : 0;
    if (needs & ~MK_SCREEN_CONTEXT)
        return false;
    w->seen |= needs;
    out->len += len;
    return true;
}

/* Runs the line text[from, to) and appends what comes of it, unless that is the
 * line itself: then it waits to be copied with its neighbours. */
static void run_line(run *r, const plan *p, walk *w, size_t from, size_t to)
{
    const mk_str line = mk_str_sub(w->text, from, to);
    const bool search = r->options->form == MK_FORM_SEARCH;

    r->text = line;
    r->needs = needs_of(r, line);
    w->seen |= r->needs;
    const bool clean = !(r->needs & ~MK_SCREEN_CONTEXT);
    if (clean && (!search || line.len == 0))
        return;
    mk_buf_put(&r->n->lines, mk_str_sub(w->text, w->copied, from));
    w->copied = to;
    if (search && !clean && run_train(r, p))
        needs_after(r, r->text, w);
    const bool plain = search && !(r->needs & MK_OP_BIT(MK_OP_LETTERS)) && !r->always;
    if (plain && r->text.len > 0 && put_plain(r, r->text, w))
        return;
    run_whole(r, p);
    w->seen |= needs_after(r, r->text, w);
    mk_buf_put(&r->n->lines, r->text);
}

/* True if the lines can be run by themselves, and were. */
static bool run_lines(run *r, const plan *p)
{
    walk w = {.text = r->text};
    mk_buf *const out = &r->n->lines;

    mk_buf_reset(out);
    for (size_t at = 0; at < w.text.len && r->err == MK_OK;) {
        const char *lf = memchr(w.text.ptr + at, '\n', w.text.len - at);
        const size_t end = lf ? (size_t)(lf - w.text.ptr) : w.text.len;
        run_line(r, p, &w, at, end);
        at = end + 1;
        if (w.seen & MK_SCREEN_DOCUMENT || (w.again && p->train >> MK_OP_MOJIBAKE & 1))
            return false;
    }
    r->text = w.text;
    if (w.copied > 0) {
        mk_buf_put(out, mk_str_sub(w.text, w.copied, w.text.len));
        if (out->failed)
            r->err = MK_NOMEM;
        r->text = mk_buf_str(out);
    }
    if (p->train >> MK_OP_WHITESPACE & 1)
        patch(r, mk_pass_blank_lines, MK_OP_WHITESPACE);
    return true;
}

/* True if text must be run as one: when it shows what reaches over lines. Evidence
 * for wrong encodings is looked at first: most of what is suspect is innocent. */
static bool needs_whole(run *r, const plan *p)
{
    const uint64_t damage = MK_OP_BIT(MK_OP_MOJIBAKE), other = MK_SCREEN_DOCUMENT & ~damage;
    const uint64_t first = MK_OP_BIT(MK_OP_NFC) | MK_OP_BIT(MK_OP_NONCHAR) | MK_OP_BIT(MK_OP_PUA);
    mk_mojibake evidence;

    screen(r);
    if (r->needs & other & p->train)
        return true;
    if (r->needs & damage & p->train &&
        (r->needs & first || mk_mojibake_evidence(r->text, &evidence)))
        return true;
    r->never |= MK_SCREEN_DOCUMENT & (damage | ~p->train);
    return false;
}

static void run_form(run *r)
{
    const plan p = plan_of(r->n->operations, r->options);
    const mk_str text = r->text;

    r->always = (p.train | p.wanted) & ~r->n->operations[MK_FORM_TRAIN];
    if (r->options->form >= MK_FORM_PRESERVE || r->traced || has_fences(text)) {
        run_whole(r, &p);
        return;
    }
    if (run_lines(r, &p))
        return;
    r->text = text;
    if (!needs_whole(r, &p) && run_lines(r, &p))
        return;
    r->never = 0;
    r->text = text;
    run_whole(r, &p);
}

/* ---- public ---- */

/* Tables that a run may ask for. */
static void make_ready(mk_normalizer *n, const mk_norm_options *options)
{
    if (!n->has_screen || n->screen.language != options->language)
        mk_screen_init(&n->screen, options->language, n->simd);
    n->has_screen = true;
    if (options->form != MK_FORM_SEARCH || n->has_folds)
        return;
    mk_search_init(&n->folds[0], false);
    mk_search_init(&n->folds[1], true);
    n->has_folds = true;
}

static mk_err normalize(mk_normalizer *n, const mk_norm_options *options, mk_str text, bool traced,
                        mk_str *ret)
{
    run r = {.n = n, .options = options, .text = text, .traced = traced};

    if (text.len > MK_NORM_MAX)
        return MK_LIMIT;
    mk_arena_reset(n->arena);
    mk_buf_reset(&n->spans);
    mk_buf_reset(&n->held_bytes);
    mk_buf_reset(&n->trace.changes);
    r.context.language = options->language;
    make_ready(n, options);
    run_form(&r);
    if (r.err == MK_OK && traced) {
        mk_trace_trim(&n->trace, text, r.text);
        if (n->trace.changes.failed || n->trace.next.failed)
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
