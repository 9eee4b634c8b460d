/* edit.c: see edit.h. A change keeps where its bytes stood in the line as it was
 * read, however many steps have worked on it since. Cases: tests/doc/test_edit.c. */
#include "doc/edit.h"

#include <assert.h>

#include "doc/fold.h"

_Static_assert(offsetof(mk_edit, doc) == offsetof(mk_pen, doc) &&
                   offsetof(mk_edit, traits) == offsetof(mk_pen, traits),
               "what filter.h says of a pen");

/* ---- traits ---- */

/* Line i may have come into play, or gone. */
static void set_play(mk_edit *edit, size_t i)
{
    const mk_line *const line = &edit->doc->lines[i];
    const bool play = !line->gone && line->label != MK_LABEL_BLANK;
    uint32_t *const traits = &edit->traits[i];

    edit->n_changes += play != ((*traits & MK_TRAIT_PLAY) != 0);
    *traits = (*traits & ~(uint32_t)MK_TRAIT_PLAY) | (play ? MK_TRAIT_PLAY : 0);
}

static bool ends_in_bracket(mk_str trimmed)
{
    return trimmed.len > 0 && trimmed.ptr[trimmed.len - 1] == ')';
}

void mk_edit_take_traits(mk_edit *edit, size_t i)
{
    const mk_line *const line = &edit->doc->lines[i];
    const mk_features *const f = &line->features;

    edit->traits[i] = (edit->traits[i] & MK_TRAIT_PLAY) | f->signs |
                      (line->n_hits > 0 ? MK_TRAIT_HITS : 0) |
                      (f->n_digits > 0 ? MK_TRAIT_DIGITS : 0) |
                      (f->n_letters == 0 ? MK_TRAIT_FIGURES : 0) |
                      (f->bullet ? MK_TRAIT_BULLET : 0) |
                      (f->end == MK_END_COLON ? MK_TRAIT_COLON : 0) |
                      (f->end == MK_END_DOTS ? MK_TRAIT_DOTS : 0) |
                      (f->n_latin > 0 || f->n_arabic == 0 ? MK_TRAIT_FOREIGN : 0) |
                      (ends_in_bracket(line->trimmed) ? MK_TRAIT_BRACKET : 0) |
                      (f->n_letters >= MK_LONG_LINE ? MK_TRAIT_LONG : 0);
}

bool mk_edit_begin(mk_edit *edit)
{
    const size_t n = edit->doc->n_lines;

    edit->traits = mk_arena_room(edit->arena, (n + 1) * sizeof(*edit->traits));
    if (!edit->traits)
        return false;
    memset(edit->traits, 0xFF, (n + 1) * sizeof(*edit->traits));
    for (size_t i = 0; i < n; i++)
        set_play(edit, i);
    return true;
}

/* ---- seeing ---- */

const mk_line *mk_edit_scan(mk_edit *edit, size_t i)
{
    assert(i < edit->doc->n_lines);
    mk_line *const line = &edit->doc->lines[i];
    if (!mk_line_scan(edit->matcher, line, edit->arena)) /* known ones are left as they are */
        edit->nomem = true;
    else
        mk_edit_take_traits(edit, i);
    return line;
}

void *mk_edit_scratch(mk_edit *edit, size_t size)
{
    void *mem = mk_arena_alloc(edit->arena, size);
    if (!mem)
        edit->nomem = true;
    return mem;
}

/* The same for what is filled in at once: not zeroed. */
static void *room(mk_edit *edit, size_t size)
{
    void *mem = mk_arena_room(edit->arena, size);
    if (!mem)
        edit->nomem = true;
    return mem;
}

mk_str mk_edit_format(mk_edit *edit, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const mk_str text = mk_arena_vformat(edit->arena, format, args);
    va_end(args);
    if (!text.ptr)
        edit->nomem = true;
    return text;
}

size_t mk_line_offset(const mk_line *line, size_t folded_at)
{
    return mk_fold_offset(line->seen, folded_at);
}

size_t mk_line_end_of(const mk_line *line, size_t folded_at)
{
    size_t i = mk_line_offset(line, folded_at - 1);
    mk_utf8_next(line->seen, &i);
    while (mk_is_arabic_mark(mk_utf8_peek(line->seen, i)))
        mk_utf8_next(line->seen, &i);
    return i;
}

/* ---- whole lines ---- */

/* A reason in the arena, or NULL (and nomem). */
static mk_why *why_of(mk_edit *edit, uint8_t step, unsigned rule, mk_str evidence)
{
    mk_why *why = room(edit, sizeof(*why));
    if (why)
        *why = (mk_why){.evidence = evidence, .rule = (uint16_t)rule, .step = step};
    return why;
}

void mk_edit_mark(mk_edit *edit, size_t i, mk_mark mark)
{
    assert(i < edit->doc->n_lines);
    mk_line *line = &edit->doc->lines[i];
    mk_mark *copy = room(edit, sizeof(*copy));
    if (!copy)
        return;
    *copy = mark;
    copy->step = edit->step;
    copy->next = line->marks;
    line->marks = copy;
}

static void drop(mk_edit *edit, size_t i, const mk_why *why)
{
    assert(i < edit->doc->n_lines);
    if (edit->doc->lines[i].gone)
        return;
    edit->doc->lines[i].gone = why;
    set_play(edit, i);
}

void mk_edit_drop(mk_edit *edit, size_t i, unsigned rule, mk_str evidence)
{
    drop(edit, i, why_of(edit, edit->step, rule, evidence));
}

void mk_edit_convict(mk_edit *edit, size_t i, const mk_mark *mark)
{
    drop(edit, i, why_of(edit, mark->step, mark->rule, mark->evidence));
}

void mk_edit_acquit(mk_edit *edit, size_t i)
{
    edit->doc->lines[i].gone = NULL;
    set_play(edit, i);
    edit->lexicons_known = false;
}

void mk_edit_label(mk_edit *edit, size_t i, mk_label label)
{
    edit->doc->lines[i].label = (uint8_t)label;
    set_play(edit, i);
}

void mk_edit_zone(mk_edit *edit, size_t i, mk_zone zone)
{
    edit->doc->lines[i].zone = (uint8_t)zone;
    edit->n_changes++;
}

void mk_edit_guard(mk_edit *edit, size_t i, const char *shape)
{
    edit->doc->lines[i].guard = shape;
}

void mk_edit_drop_doc(mk_edit *edit, unsigned rule, mk_str evidence)
{
    if (edit->doc->gone)
        return;
    edit->doc->gone = why_of(edit, edit->step, rule, evidence);
    edit->doc->verdict = MK_FILTERED;
}

void mk_edit_review(mk_edit *edit, unsigned rule, mk_str evidence)
{
    mk_why *const why = why_of(edit, edit->step, rule, evidence);

    if (!why)
        return;
    why->next = edit->doc->review;
    edit->doc->review = why;
}

void mk_edit_meta(mk_edit *edit, const char *key, mk_str value)
{
    static const struct {
        const char *key;
        size_t offset;
    } known[] = {
        {"title", offsetof(mk_doc, title)},
        {"date", offsetof(mk_doc, date)},
        {"url", offsetof(mk_doc, url)},
        {"lang", offsetof(mk_doc, lang)},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        mk_str *field = (mk_str *)(void *)((char *)edit->doc + known[i].offset);
        if (strcmp(key, known[i].key) == 0 && field->len == 0)
            *field = value;
    }
}

/* ---- inside a line ---- */

/* One line's old changes and new patches, merged from left to right. */
typedef struct merger {
    mk_edit *edit;
    const mk_change *old; /* in the text before */
    size_t n_old;
    const mk_patch_item *items;
    size_t n_items;
    mk_str evidence;
    mk_change *out;
    size_t n_out;
    int64_t to_src; /* add to a place in the text before: its place in the source */
    int64_t to_new; /* add to it: its place in the text after */
} merger;

/* Hangs a copy of the chain of old reasons behind why. */
static void append_whys(mk_edit *edit, const mk_why ***tail, const mk_why *old)
{
    for (; old; old = old->next) {
        mk_why *copy = why_of(edit, old->step, old->rule, old->evidence);
        if (!copy)
            return;
        **tail = copy;
        *tail = &copy->next;
    }
}

/* A reason for each rule of a patch. False: out of memory. */
static bool append_rules(merger *m, const mk_patch_item *item, const mk_why ***tail)
{
    mk_why *why = why_of(m->edit, m->edit->step, item->rule, m->evidence);
    if (!why)
        return false;
    **tail = why;
    *tail = &why->next;
    for (unsigned rule = 0; item->also >> rule; rule += 1) {
        if (!(item->also >> rule & 1) || rule == item->rule)
            continue;
        why = why_of(m->edit, m->edit->step, rule, m->evidence);
        if (!why)
            return false;
        **tail = why;
        *tail = &why->next;
        if (rule == 63)
            break;
    }
    return true;
}

/* Takes what overlaps, from the next old change or patch on, as one change. */
static void merge_group(merger *m, size_t *i_old, size_t *i_item)
{
    const size_t first_old = *i_old, first_item = *i_item;
    uint64_t from = UINT64_MAX, to = 0;
    for (;;) {
        const mk_change *c = *i_old < m->n_old ? &m->old[*i_old] : NULL;
        const mk_patch_item *p = *i_item < m->n_items ? &m->items[*i_item] : NULL;
        const bool none = from == UINT64_MAX;
        /* spans that only touch stay apart, but two at one point are one */
        if (c && (none ? !p || c->at <= p->at : c->at < to || (c->at == from && to == from))) {
            from = none ? c->at : from;
            to = c->at + c->len > to ? c->at + c->len : to;
            ++*i_old;
        } else if (p && (none || p->at < to || (p->at == from && to == from && p->len == 0))) {
            from = none ? p->at : from;
            to = p->at + p->len > to ? p->at + p->len : to;
            ++*i_item;
        } else {
            break;
        }
    }
    mk_change *change = &m->out[m->n_out++];
    const mk_why **tail = &change->why;
    change->at = (uint32_t)((int64_t)from + m->to_new);
    change->src_at = (uint32_t)((int64_t)from + m->to_src);
    for (size_t i = *i_item; i-- > first_item;) {
        const mk_patch_item *p = &m->items[i];
        if (!append_rules(m, p, &tail))
            return;
        m->to_new += (int64_t)p->with.len - (int64_t)p->len;
    }
    for (size_t i = first_old; i < *i_old; i++) {
        append_whys(m->edit, &tail, m->old[i].why);
        m->to_src += (int64_t)m->old[i].src_len - (int64_t)m->old[i].len;
    }
    change->len = (uint32_t)((int64_t)to + m->to_new - change->at);
    change->src_len = (uint32_t)((int64_t)to + m->to_src - change->src_at);
}

/* The text with patches applied; ptr NULL if out of memory. */
static mk_str apply_patches(mk_arena *arena, mk_str text, const mk_patch_item *items, size_t n)
{
    size_t len = text.len;
    for (size_t i = 0; i < n; i++)
        len = len - items[i].len + items[i].with.len;
    char *out = mk_arena_bytes(arena, len + 1);
    if (!out)
        return (mk_str){NULL, 0};
    size_t at = 0, to = 0;
    for (size_t i = 0; i < n; i++) {
        memcpy(out + to, text.ptr + at, items[i].at - at);
        to += items[i].at - at;
        if (items[i].with.len > 0)
            memcpy(out + to, items[i].with.ptr, items[i].with.len);
        to += items[i].with.len;
        at = items[i].at + items[i].len;
    }
    memcpy(out + to, text.ptr + at, text.len - at);
    return (mk_str){out, len};
}

void mk_edit_patch(mk_edit *edit, size_t i, const mk_patch_item *items, size_t n, mk_str evidence)
{
    if (n == 0)
        return;
    mk_line *line = &edit->doc->lines[i];
    const mk_str text = apply_patches(edit->arena, line->text, items, n);
    mk_change *out = mk_edit_scratch(edit, (line->n_changes + n) * sizeof(*out));
    if (!text.ptr || !out) {
        edit->nomem = true;
        return;
    }
    merger m = {.edit = edit,
                .old = line->changes,
                .n_old = line->n_changes,
                .items = items,
                .n_items = n,
                .evidence = evidence,
                .out = out};
    for (size_t i_old = 0, i_item = 0; i_old < m.n_old || i_item < m.n_items;)
        merge_group(&m, &i_old, &i_item);
    line->text = text;
    edit->traits[i] |= ~(uint32_t)MK_TRAIT_PLAY;
    edit->n_changes++;
    line->changes = out;
    line->n_changes = (uint32_t)m.n_out;
    edit->lexicons_known = false;
}

void mk_edit_replace(mk_edit *edit, size_t i, size_t at, size_t len, mk_str with, unsigned rule,
                     mk_str evidence)
{
    const mk_patch_item item = {
        .at = (uint32_t)at, .len = (uint32_t)len, .with = with, .rule = (uint16_t)rule};
    mk_edit_patch(edit, i, &item, 1, evidence);
}
