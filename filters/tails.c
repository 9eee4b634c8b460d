/* tails: removes what stands under the body once furniture has begun: from the
 * first line of the tail that opens a list or closes the body, or from the first
 * of two accused lines that say different things. Before that, short lines are the text's own: a closing
 * formula, a place and a date; so is verse that no list and no form precedes,
 * and so are references. What stands between pieces of content (the head of
 * a post, stars over a review) begins no furniture, and none begins before the
 * last of it: a thread goes on there. Cases: fixtures/filters/tails.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { AFTER };

static const mk_rule rules[] = {
    [AFTER] = {"after", "footer", "stands under the body, after furniture has begun"},
    {0},
};

enum {
    MIN_HITS = 2,      /* accused lines that begin the furniture where none opens it */
    MIN_REST = 2,      /* lines under a single hit: one may be a place and a date */
    MAX_LETTERS = 130, /* letters of a headline, of a line under a single hit */
    SENTENCE_WORDS = 6,
    MIN_ROWS = 8,      /* of a table that is the page's */
    MIN_HEADLINES = 4, /* over the furniture, side by side */
    HEADLINE_WORDS = 4,
    TALK_WORDS = 10,
    DAY_DIGITS = 6 /* of a day that begins the furniture: a post may stand under it */
};

static bool is_verse(const mk_line *line)
{
    return line->guard && line->label == MK_LABEL_VERSE;
}

/* A numbered or marked reference: "[1] ...", "^ ...". */
static bool is_reference(const mk_line *line)
{
    const mk_str s = mk_str_trim(line->text);
    return s.len > 2 && (s.ptr[0] == '^' || s.ptr[0] == '[') && line->features.n_letters > 0;
}

/* The line after the last one that stands between pieces of content. */
static size_t end_of_thread(const mk_doc *doc)
{
    size_t end = 0;
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_mark *mark = doc->lines[i].gone ? mk_line_mark(&doc->lines[i], MK_STRONG) : NULL;
        if (mark && mark->effect == MK_EFFECT_WITHIN)
            end = i + 1;
    }
    return end;
}

/* True if all that is left from line i on could be links: short, no stop, nothing that
 * a shape of the page speaks for; or prose, which zones has parted from the body. */
static bool is_rest_idle(mk_edit *edit, size_t i)
{
    const mk_doc *doc = mk_edit_doc(edit);
    unsigned n = 0;
    for (size_t k = i + 1; k < doc->n_lines; k++)
        n += doc->lines[k].label == MK_LABEL_PROSE   ? MIN_REST
             : doc->lines[k].label != MK_LABEL_BLANK ? 1
                                                     : 0;
    while ((i = mk_edit_next(edit, i)) != SIZE_MAX) {
        const mk_line *line = mk_edit_line(edit, i);
        const mk_features *f = &line->features;
        if (line->label != MK_LABEL_PROSE && (line->guard || f->n_letters > MAX_LETTERS ||
                                              f->end == MK_END_STOP || f->end == MK_END_COMMA))
            return false;
    }
    return n >= MIN_REST;
}

/* True if a long table stands right under line i: it goes on below a slot for ads. */
static bool is_over_table(mk_edit *edit, size_t i)
{
    unsigned n = 0;
    while (n < MIN_ROWS && (i = mk_edit_next(edit, i)) != SIZE_MAX &&
           mk_edit_line(edit, i)->guard && mk_edit_line(edit, i)->label == MK_LABEL_TABLE)
        n++;
    return n == MIN_ROWS;
}

/* "And he said that it goes on.": a sentence that goes on with the one before. A paragraph
 * under furniture is another article's. */
static bool goes_on(const mk_line *line)
{
    const mk_str s = line->trimmed;
    return line->features.end == MK_END_STOP && line->features.n_words >= SENTENCE_WORDS &&
           line->features.n_stops == 1 && s.len > 2 && memcmp(s.ptr, "و", 2) == 0 &&
           line->label != MK_LABEL_PROSE && !line->marks;
}

/* Words with a comma between them, as a headline has none: a post without a stop. */
static bool is_talk(const mk_line *line)
{
    return line->features.n_commas > 0 && line->features.n_words >= TALK_WORDS && !line->marks &&
           line->label == MK_LABEL_TEXT;
}

/* Where the furniture begins; n_lines if it does not. */
static size_t begin(mk_edit *edit, const mk_mark **ret)
{
    const mk_doc *doc = mk_edit_doc(edit);
    size_t first = doc->n_lines;
    unsigned hits = 0;
    for (size_t i = end_of_thread(doc); i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        if (line->zone != MK_ZONE_TAIL || !line->gone)
            continue;
        const mk_mark *mark = mk_line_mark(line, MK_STRONG);
        if (!mark || mark->effect == MK_EFFECT_WITHIN ||
            (mark->effect == MK_EFFECT_DROP && is_over_table(edit, i)) ||
            (hits > 0 && mk_str_eq(line->folded, doc->lines[first].folded)))
            continue; /* said twice: it may stand between pieces of content */
        if (hits++ == 0) {
            first = i;
            *ret = mark;
        }
        if (mark->effect != MK_EFFECT_DROP || hits >= MIN_HITS)
            return first;
    }
    return first < doc->n_lines && is_rest_idle(edit, first) ? first : doc->n_lines;
}

static bool is_headline(const mk_line *line)
{
    const mk_features *f = &line->features;
    return !line->guard && line->label == MK_LABEL_TEXT && f->n_words >= HEADLINE_WORDS &&
           f->n_letters <= MAX_LETTERS && f->n_commas == 0 && f->end != MK_END_STOP &&
           f->end != MK_END_COLON && f->end != MK_END_COMMA;
}

/* The first of the headlines that stand right over line `first` of the tail, and of
 * the label over them: a list of links whose heading nothing accuses. */
static size_t step_over_headlines(mk_edit *edit, size_t first)
{
    const mk_doc *doc = mk_edit_doc(edit);
    const size_t thread = end_of_thread(doc);
    size_t begin = first, i = first;
    unsigned n = 0;
    while ((i = mk_edit_prev(edit, i)) != SIZE_MAX && i >= thread &&
           doc->lines[i].zone == MK_ZONE_TAIL && is_headline(mk_edit_line(edit, i))) {
        begin = i;
        n++;
    }
    if (n < MIN_HEADLINES)
        return first;
    const bool label = i != SIZE_MAX && doc->lines[i].zone == MK_ZONE_TAIL &&
                       mk_edit_line(edit, i)->features.n_words < HEADLINE_WORDS;
    return label ? i : begin;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    const mk_mark *mark = NULL;
    const size_t first = begin(edit, &mark);
    if (first == doc->n_lines || !mark)
        return MK_OK;
    const bool under_day = doc->lines[first].features.n_digits >= DAY_DIGITS;
    for (size_t i = step_over_headlines(edit, first); i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        if (!line->gone && line->label != MK_LABEL_BLANK && !is_reference(line) && !goes_on(line) &&
            (mark->effect != MK_EFFECT_DROP || !(is_verse(line) || (under_day && is_talk(line)))))
            mk_edit_drop(edit, i, AFTER, mark->evidence);
    }
    return MK_OK;
}

const mk_filter mk_filter_tails = {
    .abi = MK_FILTER_ABI,
    .name = "tails",
    .summary = "remove what stands under the body once furniture has begun",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
