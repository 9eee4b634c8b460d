/* letters.c: the letters of a page's lines, by the operations on text. Most lines need
 * nothing, which one look at all of them says: what stands in the raw text side by side is
 * looked at as one. Cases: tests/doc/test_edit.c, fixtures/filters/normalize.cases. */
#include "doc/edit.h"
#include "text/engine.h"

enum { MAX_STRETCH = 1 << 20 /* bytes looked at as one: a page, not the places of a book */ };

/* The lowest bit that is set. */
static unsigned first_rule(uint64_t mask)
{
    unsigned rule = 0;
    while (!(mask >> rule & 1) && rule < 63)
        rule++;
    return rule;
}

/* The changes of a line as patches, in the arena; NULL (and nomem) if there is no
 * room for them. */
static mk_patch_item *items_of(mk_edit *edit, mk_str text, const mk_norm_change *changes, size_t n)
{
    mk_patch_item *items = mk_edit_scratch(edit, n * sizeof(*items));
    for (size_t i = 0; items && i < n; i++) {
        const mk_norm_change *c = &changes[i];
        items[i] = (mk_patch_item){.at = c->src_at,
                                   .len = c->src_len,
                                   .with = mk_str_sub(text, c->at, c->at + c->len),
                                   .also = c->operations,
                                   .rule = (uint16_t)first_rule(c->operations)};
    }
    return items;
}

static void normalize_line(mk_edit *edit, size_t i, const mk_norm_options *options)
{
    const mk_norm_change *changes;
    size_t n;
    mk_str text;

    if (mk_norm_trace(*edit->normalizer, options, edit->doc->lines[i].text, &text, &changes, &n) !=
        MK_OK) {
        edit->nomem = true;
        return;
    }
    const mk_patch_item *const items = n > 0 ? items_of(edit, text, changes, n) : NULL;
    if (items)
        mk_edit_patch(edit, i, items, n, (mk_str){"", 0});
}

/* True if the line reads as it was read. */
static bool is_raw(const mk_doc *doc, const mk_line *line)
{
    return line->text.ptr == doc->raw.ptr + line->src_offset && line->text.len == line->src_len;
}

/* The line behind those from line i on that are kept and stand in the raw text with one LF
 * between two of them. */
static size_t stretch_end(const mk_doc *doc, size_t i)
{
    const uint64_t from = doc->lines[i].src_offset;

    for (; i + 1 < doc->n_lines; i++) {
        const mk_line *const line = &doc->lines[i], *const next = line + 1;
        const uint64_t end = line->src_offset + line->src_len;
        if (!is_raw(doc, line) || line->break_len != 1 || doc->raw.ptr[end] != '\n' || next->gone ||
            !is_raw(doc, next) || next->src_offset + next->src_len - from > MAX_STRETCH)
            break;
    }
    return i + 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* True if a blank stands at an end of the line. */
static bool has_blank_end(mk_str text)
{
    return text.len > 0 && (is_blank(text.ptr[0]) || is_blank(text.ptr[text.len - 1]));
}

/* Of the lines of a stretch those that need something, as numbers in the arena; NULL: all
 * of them are to be asked. */
static size_t *find_due(mk_edit *edit, size_t from, size_t to, const mk_norm_options *options,
                        size_t *ret_n)
{
    const mk_doc *const doc = edit->doc;
    const mk_line *const first = &doc->lines[from], *const last = &doc->lines[to - 1];
    const mk_spot *spot;
    size_t n_spots;

    if (!is_raw(doc, first) ||
        !mk_norm_find(*edit->normalizer, options,
                      mk_str_sub(doc->raw, first->src_offset, last->src_offset + last->src_len),
                      &spot, &n_spots))
        return NULL;
    size_t *const due = mk_arena_room(edit->arena, (to - from) * sizeof(*due));
    const mk_spot *const end = spot + n_spots;
    *ret_n = 0;
    for (size_t i = from; i < to && due; i++) {
        const mk_line *const line = &doc->lines[i];
        const uint64_t line_end = line->src_offset - first->src_offset + line->src_len;
        bool is_due = has_blank_end(line->text);
        for (; spot < end && spot->from <= line_end; spot++)
            is_due = true;
        if (is_due && line->text.len > 0)
            due[(*ret_n)++] = i;
    }
    return due;
}

void mk_edit_normalize(mk_edit *edit, const mk_norm_options *options)
{
    const mk_doc *const doc = edit->doc;

    if (!*edit->normalizer)
        *edit->normalizer = mk_normalizer_new();
    edit->nomem |= !*edit->normalizer;
    for (size_t from = 0, to; from < doc->n_lines && !edit->nomem; from = to) {
        to = from + 1;
        if (doc->lines[from].gone)
            continue;
        to = stretch_end(doc, from);
        size_t n = to - from;
        const size_t *const due = find_due(edit, from, to, options, &n);
        for (size_t k = 0; k < n && !edit->nomem; k++)
            normalize_line(edit, due ? due[k] : from + k, options);
    }
}
