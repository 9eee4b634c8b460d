/* lists: removes the headlines that stand under the heading of a list of links
 * (related articles, most read, "read also"). The headings are known by evidence
 * that opens a list; what they own has no cue of its own.
 *
 * A list ends at prose, at the title, at a guarded line, at the head of a post or at a
 * line that ends in a colon. Over the text it begins right under its heading. In the body
 * it must end soon, or it is left alone: a heading's word may be content; and its last
 * line is a subheading if half of its words stand in the paragraph that follows. Cases: fixtures/filters/lists.cases */
#include "minkhal/filter.h"

enum {
    MAX_IN_BODY = 6,    /* lines under a heading between paragraphs */
    MAX_ELSEWHERE = 40, /* lines */
    MAX_LETTERS = 130,  /* letters of a headline */
    CELL_LETTERS = 40,  /* letters of a table's cell */
    MAX_WORDS = 28,
    MIN_WORD = 3 /* folded letters: shorter words are in every text */
};

enum { UNDER };

static const mk_rule rules[] = {
    [UNDER] = {"under", "related", "a headline under the heading of a list of links"},
    {0},
};

/* The mark by which a line that is gone opened a list; NULL if it did not. */
static const mk_mark *opener(const mk_line *line)
{
    for (const mk_mark *m = line->marks; m && line->gone; m = m->next)
        if (m->effect == MK_EFFECT_OPENS && m->strength >= MK_STRONG)
            return m;
    return NULL;
}

static bool is_headline(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_letters > 0 && f->n_letters <= MAX_LETTERS && f->n_words <= MAX_WORDS &&
           line->label != MK_LABEL_PROSE && line->label != MK_LABEL_TITLE &&
           f->end != MK_END_STOP && f->end != MK_END_COLON && f->n_stops <= 2;
}

/* A cell of a table of other threads, away from the body: a bare number, a short
 * title with a stop. */
static bool is_cell(const mk_line *line)
{
    const mk_features *f = &line->features;
    return (line->zone == MK_ZONE_NONE || line->zone == MK_ZONE_TAIL) &&
           line->label != MK_LABEL_TITLE && f->n_letters <= CELL_LETTERS && f->end != MK_END_COLON;
}

/* A line that is gone from the head of a post: no list goes on behind it. Below the body
 * it may be the stars under a product. */
static bool heads_post(const mk_line *line)
{
    const mk_mark *mark = line->zone != MK_ZONE_TAIL ? mk_line_mark(line, MK_STRONG) : NULL;
    return mark && mark->effect == MK_EFFECT_WITHIN;
}

/* A bullet that stands alone, over its item. */
static bool is_sign(const mk_line *line)
{
    return line->features.n_words == 0;
}

/* Lines after `at` that the list owns: *ret_end is one past the last. */
static size_t measure(mk_edit *edit, size_t at, size_t *ret_end)
{
    const mk_doc *doc = mk_edit_doc(edit);
    size_t count = 0, i = at + 1;
    for (; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        if (line->label == MK_LABEL_BLANK || is_sign(line))
            continue;
        if (line->gone) {
            if (opener(line) || heads_post(line))
                break; /* the next list sees to its own */
            if (count == 0 && line->zone == MK_ZONE_HEAD)
                break; /* furniture over the text: what follows may be the text's */
            continue;
        }
        if (line->guard || !(is_headline(mk_edit_line(edit, i)) || is_cell(line)))
            break;
        count++;
    }
    *ret_end = i;
    return count;
}

/* True if a word of line begins as word does. */
static bool has_word(const mk_line *line, mk_str word)
{
    size_t at = 0;
    for (mk_str w = mk_word_next(line->folded, &at); w.len > 0; w = mk_word_next(line->folded, &at))
        if (mk_str_eq(mk_word_stem(w), mk_word_stem(word)))
            return true;
    return false;
}

/* True if half of the words of line i stand in line `next`, a paragraph. */
static bool heads_paragraph(mk_edit *edit, size_t i, size_t next)
{
    const mk_line *line = mk_edit_line(edit, i);
    size_t at = 0, n = 0, shared = 0;
    if (next >= mk_edit_doc(edit)->n_lines || mk_edit_line(edit, next)->label != MK_LABEL_PROSE)
        return false;
    for (mk_str w = mk_word_next(line->folded, &at); w.len > 0;
         w = mk_word_next(line->folded, &at)) {
        if (w.len < MIN_WORD)
            continue;
        n++;
        shared += has_word(mk_edit_line(edit, next), w);
    }
    return n > 0 && shared * 2 >= n;
}

static bool stands(const mk_line *line)
{
    return !line->gone && line->label != MK_LABEL_BLANK;
}

/* Drops the lines between `at` and `end`, which a list owns. */
static void drop_list(mk_edit *edit, size_t at, size_t end, bool body, mk_str evidence)
{
    size_t last = end - 1;
    while (last > at && !stands(mk_edit_line(edit, last)))
        last--;
    for (size_t k = at + 1; k <= last; k++)
        if (stands(mk_edit_line(edit, k)) && (!body || k != last || !heads_paragraph(edit, k, end)))
            mk_edit_drop(edit, k, UNDER, evidence);
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_mark *mark = opener(&doc->lines[i]);
        if (!mark)
            continue;
        size_t end = 0;
        const size_t count = measure(edit, i, &end);
        const bool body = doc->lines[i].zone == MK_ZONE_BODY;
        if (count > (body ? MAX_IN_BODY : MAX_ELSEWHERE))
            continue;
        drop_list(edit, i, end, body, mark->evidence);
    }
    return MK_OK;
}

const mk_filter mk_filter_lists = {
    .abi = MK_FILTER_ABI,
    .name = "lists",
    .summary = "remove headlines under the heading of a list of links",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
