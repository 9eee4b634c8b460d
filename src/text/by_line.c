/* by_line.c: a form over the lines of a text. A line that the screen finds nothing in
 * is copied, with its neighbours. A text that shows what reaches over lines
 * (references, wrong encodings, odd line breaks, glyph codes, code between fences) is
 * run as one. */
#include "text/engine.h"

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
static uint64_t needs_of(const mk_run *r, mk_str line)
{
    return (mk_screen_text(&r->n->screen, line) | r->always) & ~r->never;
}

/* What that needs which came of a line. */
static uint64_t needs_after(const mk_run *r, mk_str line, walk *w)
{
    const uint64_t needs = mk_screen_text(&r->n->screen, line) | r->always;
    mk_mojibake evidence;

    if (needs >> MK_OP_MOJIBAKE & 1 && !w->again)
        w->again = mk_mojibake_evidence(line, &r->n->drafts, &evidence);
    return needs & ~r->never;
}

/* Appends the search form of a line that train leaves alone. False: it is not
 * plain. */
static bool put_plain(mk_run *r, mk_str line, walk *w)
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
static void run_line(mk_run *r, const mk_plan *p, walk *w, size_t from, size_t to)
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
    if (search && !clean && mk_run_train(r, p))
        needs_after(r, r->text, w);
    const bool plain = search && !(r->needs & MK_OP_BIT(MK_OP_LETTERS)) && !r->always;
    if (plain && r->text.len > 0 && put_plain(r, r->text, w))
        return;
    mk_run_whole(r, p);
    w->seen |= needs_after(r, r->text, w);
    mk_buf_put(&r->n->lines, r->text);
}

/* True if the lines can be run by themselves, and were. */
static bool run_lines(mk_run *r, const mk_plan *p)
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
        mk_run_patch(r, mk_pass_blank_lines, MK_OP_WHITESPACE);
    return true;
}

/* True if text must be run as one: when it shows what reaches over lines. Evidence
 * for wrong encodings is looked at first: most of what is suspect is innocent. */
static bool needs_whole(mk_run *r, const mk_plan *p)
{
    const uint64_t damage = MK_OP_BIT(MK_OP_MOJIBAKE), other = MK_SCREEN_DOCUMENT & ~damage;
    const uint64_t first = MK_OP_BIT(MK_OP_NFC) | MK_OP_BIT(MK_OP_NONCHAR) | MK_OP_BIT(MK_OP_PUA);
    mk_mojibake evidence;

    mk_run_screen(r);
    if (r->needs & other & p->train)
        return true;
    if (r->needs & damage & p->train &&
        (r->needs & first || mk_mojibake_evidence(r->text, &r->n->drafts, &evidence)))
        return true;
    r->never |= MK_SCREEN_DOCUMENT & (damage | ~p->train);
    return false;
}

void mk_run_form(mk_run *r)
{
    const mk_plan p = mk_plan_of(r->n->operations, r->options);
    const mk_str text = r->text;

    r->always = (p.train | p.wanted) & ~r->n->operations[MK_FORM_TRAIN];
    if (r->options->form >= MK_FORM_PRESERVE || r->traced || has_fences(text)) {
        mk_run_whole(r, &p);
        return;
    }
    if (run_lines(r, &p))
        return;
    r->text = text;
    if (!needs_whole(r, &p) && run_lines(r, &p))
        return;
    r->never = 0;
    r->text = text;
    mk_run_whole(r, &p);
}
