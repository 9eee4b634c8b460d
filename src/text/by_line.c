/* by_line.c: a form over the lines of a text. Lines that the screen finds nothing in are
 * copied as they are. A text that shows what reaches over lines (wrong encodings, glyph
 * codes, code between fences) is run as one; so are references and odd line breaks, before
 * there are lines. Cases: tests/text/test_screen.c. */
#include "text/engine.h"

enum { FENCES = 6 /* back quotes: code may reach over lines, whatever stands between now */ };

/* The back quotes in text, FENCES at most. */
static unsigned count_ticks(mk_str text)
{
    unsigned n = 0;

    for (size_t at = 0; at < text.len && n < FENCES; n++) {
        const char *p = memchr(text.ptr + at, '`', text.len - at);
        if (!p)
            break;
        at = (size_t)(p - text.ptr) + 1;
    }
    return n;
}

static bool has_byte(mk_str text, char byte)
{
    return text.len > 0 && memchr(text.ptr, byte, text.len);
}

/* One of the codes that glyph numbers borrow: text/forms.c. */
static bool is_glyph(uint32_t cp)
{
    return cp >= 0xFB50 && cp <= 0xFDFF;
}

/* An ornate bracket: of four glyph codes in sequence two at most. */
static bool is_ornate(uint32_t cp)
{
    return cp == 0xFD3E || cp == 0xFD3F;
}

/* True if codes on the line that begins at `from` may belong to the line before: glyph codes
 * to such codes there, with no Arabic letter between, and the sign of the word Allah to the
 * word that ends there. */
static bool may_reach_back(mk_str text, size_t from, size_t to)
{
    const uint32_t sign_of_allah = 0xFDF2;
    bool glyphs = false, brackets_only = true;

    for (size_t at = from; at < to;) {
        const uint32_t cp = mk_take(text, &at);
        if (cp == sign_of_allah)
            return true;
        if (mk_is_l(cp))
            break;
        glyphs |= is_glyph(cp);
        brackets_only &= !is_glyph(cp) || is_ornate(cp);
    }
    for (size_t at = from; glyphs && at > 0;) {
        const uint32_t cp = mk_utf8_prev(text, &at);
        if (mk_is_l(cp))
            break;
        if (is_glyph(cp) && !(brackets_only && is_ornate(cp)))
            return true;
    }
    return false;
}

/* ---- before there are lines ---- */

/* Returns what text needs; finds where. */
static uint64_t find_work(mk_run *r, const mk_plan *p)
{
    mk_buf_reset(&r->n->spots);
    const uint64_t found = mk_screen_find(&r->n->screen, r->text, &r->n->spots);
    r->ampersand = found & MK_OP_BIT(MK_OP_HTML_ENTITIES);
    r->needs = mk_run_needs(r, r->text, found);
    return r->needs & (p->train | MK_SCREEN_CONTEXT);
}

/* Runs the steps of the whole document and sets *needs anew. False: what came of it must
 * be run as one too. It is copied, since parts use the buffers that it stands in. */
static bool run_document(mk_run *r, const mk_plan *p, uint64_t *needs)
{
    const uint64_t again = MK_OP_BIT(MK_OP_NONCHAR) | MK_OP_BIT(MK_OP_PUA) |
                           MK_OP_BIT(MK_OP_NEWLINE);
    const char *const was = r->text.ptr;

    r->is_part = false;
    mk_run_document_steps(r, p);
    r->is_part = true;
    if (r->text.ptr == was)
        return true;
    mk_buf_reset(&r->n->document);
    mk_buf_put(&r->n->document, r->text);
    if (r->n->document.failed)
        r->err = MK_NOMEM;
    r->text = mk_buf_str(&r->n->document);
    r->ticks = count_ticks(r->text) > 0;
    *needs = find_work(r, p);
    return !(*needs & again);
}

/* ---- lines ---- */

/* The lines of a text, one after the other. */
typedef struct lines {
    mk_str text;
    size_t next;
} lines;

/* The line that `at`, at or behind the next one's beginning, is on or ends. */
static mk_str line_at(lines *l, size_t at)
{
    const mk_str text = l->text;
    const char *const before = at > l->next ? memrchr(text.ptr + l->next, '\n', at - l->next)
                                            : NULL;
    const char *const lf = at < text.len ? memchr(text.ptr + at, '\n', text.len - at) : NULL;
    const size_t from = before ? (size_t)(before - text.ptr) + 1 : l->next;
    const size_t to = lf ? (size_t)(lf - text.ptr) : text.len;

    l->next = to + 1;
    return mk_str_sub(text, from, to);
}

static bool next_line(lines *l, mk_str *ret)
{
    if (l->next > l->text.len)
        return false;
    *ret = line_at(l, l->next);
    return true;
}

/* Train over one line with its spots. */
static void train_line(mk_run *r, const mk_plan *p, const mk_line_work *w, size_t *copied)
{
    const uint64_t work = w->needs & p->train & ~MK_SCREEN_CONTEXT;

    if (w->from == w->to)
        r->blank_lines |= (work & MK_OP_BIT(MK_OP_WHITESPACE)) != 0;
    if (w->from == w->to || (!work && !r->always))
        return;
    if (work & MK_OP_BIT(MK_OP_PRES_FORMS) && may_reach_back(w->document, w->from, w->to))
        r->whole = true;
    else
        mk_run_train_line(r, p, w, copied);
}

/* True if nothing or an LF stands last: a line that comes to its end here is empty. */
static bool ends_line(mk_str text)
{
    return text.len == 0 || text.ptr[text.len - 1] == '\n';
}

/* Train over the lines that have spots, or, if some operations always run, over all. */
static void train_lines(mk_run *r, const mk_plan *p)
{
    const mk_buf *const found = &r->n->spots;
    const size_t n = found->len / sizeof(mk_spot);
    const mk_spot *const spots = (const mk_spot *)(const void *)found->ptr;
    const mk_str text = r->text;
    lines l = {.text = text};
    size_t i = 0, copied = 0;

    mk_buf_reset(&r->n->lines);
    while ((r->always ? l.next <= text.len : i < n) && !r->whole && r->err == MK_OK) {
        const mk_str line = line_at(&l, r->always ? l.next : spots[i].from);
        mk_line_work w = {.document = text, .from = (size_t)(line.ptr - text.ptr)};
        w.to = w.from + line.len;
        w.spots = spots + i;
        for (; i < n && spots[i].from <= w.to; i++) {
            w.needs |= spots[i].needs;
            w.n_spots++;
        }
        w.needs = mk_run_needs(r, line, w.needs);
        train_line(r, p, &w, &copied);
        r->blank_lines |= copied == w.to && ends_line(mk_buf_str(&r->n->lines));
    }
    r->text = text;
    if (copied > 0) {
        mk_buf_put(&r->n->lines, mk_str_sub(text, copied, text.len));
        r->text = mk_buf_str(&r->n->lines);
    }
    if (r->n->lines.failed)
        r->err = MK_NOMEM;
}

/* Goes on over lines as long as the table folds them. False: that was all of them. */
static bool fold_plain_lines(mk_run *r, lines *l)
{
    mk_buf *const out = &r->n->folded;
    size_t len;

    if (l->next >= l->text.len)
        return false;
    const mk_str rest = mk_str_sub(l->text, l->next, l->text.len);
    char *const to = mk_buf_room(out, rest.len + 1);
    if (!to)
        return false;
    const size_t read = mk_search_plain(&r->n->folds[r->context.language == MK_LANGUAGE_AR], rest,
                                        to, &len, NULL);
    if (read < rest.len) {
        const char *const lf = memrchr(rest.ptr, '\n', read);
        const char *const written = lf ? memrchr(to, '\n', len) : NULL;
        l->next += lf ? (size_t)(lf - rest.ptr) + 1 : 0;
        len = written ? (size_t)(written - to) + 1 : 0;
    }
    out->len += len;
    r->blank_lines |= read == rest.len && ends_line(mk_buf_str(out));
    return read < rest.len;
}

/* Lines become their search form, after train. */
static void fold_lines(mk_run *r, const mk_plan *p)
{
    mk_buf *const out = &r->n->folded;
    const bool plain = !r->letters && !r->always && !r->ampersand;
    lines l = {.text = r->text};
    mk_str line;

    r->ticks = true; /* they may come of other signs */
    mk_buf_reset(out);
    while ((!plain || fold_plain_lines(r, &l)) && next_line(&l, &line) && !r->whole &&
           r->err == MK_OK) {
        const bool letters = r->letters &&
                             mk_screen_text(&r->n->screen, line) & MK_OP_BIT(MK_OP_LETTERS);
        mk_run_fold_line(r, p, line, letters || r->always);
        r->blank_lines |= line.len > 0 && ends_line(mk_buf_str(out));
        if (l.next <= l.text.len)
            mk_buf_putc(out, '\n');
    }
    if (out->failed)
        r->err = MK_NOMEM;
    r->text = mk_buf_str(out);
}

/* True if the lines can be run by themselves, and were; needs: what find_work says. */
static bool run_lines(mk_run *r, const mk_plan *p, uint64_t needs)
{
    const uint64_t references = MK_OP_BIT(MK_OP_HTML_ENTITIES);
    const uint64_t document = references | MK_OP_BIT(MK_OP_NEWLINE);
    const bool search = r->options->form == MK_FORM_SEARCH;

    const bool markup = needs & references && has_byte(r->text, '<');
    if (needs & document && (r->traced || !run_document(r, p, &needs)))
        return false;
    if (r->n->spots.failed)
        return false;
    r->context.has_markup = markup;
    r->letters = needs & MK_OP_BIT(MK_OP_LETTERS);
    r->blank_lines = r->always || ends_line(r->text) || r->text.ptr[0] == '\n';
    if (r->always ? !search : (needs & ~MK_SCREEN_CONTEXT) != 0)
        train_lines(r, p);
    if (search && !r->whole && r->err == MK_OK)
        fold_lines(r, p);
    if (r->whole || (markup && !has_byte(r->text, '<'))) /* it was true of all rounds */
        return r->err != MK_OK;
    mk_trace_join(&r->n->trace);
    if (p->train >> MK_OP_WHITESPACE & 1 && r->blank_lines)
        mk_run_patch(r, mk_pass_blank_lines, MK_OP_WHITESPACE);
    return true;
}

/* True if lines may be run by themselves, by what stands in the text. A trace is of the
 * whole, but for train over one line, in which nothing may seem a reference. */
static bool has_lines(mk_run *r)
{
    const unsigned n_ticks = count_ticks(r->text);

    r->ticks = n_ticks > 0;
    if (n_ticks == FENCES)
        return false;
    return !r->traced || (r->options->form == MK_FORM_TRAIN && !has_byte(r->text, '\n') &&
                          !has_byte(r->text, '&'));
}

/* Runs the form over lines, if that may be done. What most texts come to is that the
 * screen finds nothing to do. */
static bool run_by_line(mk_run *r, const mk_plan *p)
{
    if (r->options->form >= MK_FORM_PRESERVE || r->text.len == 0 || r->n->whole)
        return false;
    r->is_part = true;
    const uint64_t needs = find_work(r, p);
    if (needs == 0 && r->options->form == MK_FORM_TRAIN && !r->always && r->text.ptr[0] != '\n' &&
        !ends_line(r->text))
        return true;
    return has_lines(r) && run_lines(r, p, needs);
}

void mk_run_form(mk_run *r)
{
    const mk_plan p = mk_plan_of(r->n->operations, r->options);
    const mk_str text = r->text;

    r->always = (p.train | p.wanted) & ~r->n->operations[MK_FORM_TRAIN];
    if (run_by_line(r, &p))
        return;
    mk_trace_reset(&r->n->trace);
    r->is_part = r->whole = false;
    r->text = text;
    mk_run_whole(r, &p);
}
