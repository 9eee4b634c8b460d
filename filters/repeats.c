/* repeats: removes second copies of a line within a page: the title printed
 * twice, a caption that is also the picture's alternative text. The first copy
 * that is kept stays. Short lines, verse (a refrain, a poem that is quoted again),
 * lists and tables may repeat; but where lines repeat side by side, the whole block
 * was printed twice, and a line that says an earlier one twice is a copy of it. Under
 * the head a copy is longer than a title may be: headings and formulas of books come
 * again; over the body, behind furniture, and right under
 * the first, over something longer, two words are enough, and where the title stands again over
 * the body or on top of what is under it. Cases: fixtures/filters/repeats.cases */
#include "minkhal/filter.h"

enum {
    MIN_LETTERS = 20,       /* letters of a line that is looked for on the whole page */
    MIN_LETTERS_BELOW = 30, /* letters of one below the head, away from its copy */
    SHORT_LETTERS = 8,      /* letters of a line over the body, or beside its copy */
    SHORT_WORDS = 2,
    LABEL_WORDS = 5,
    LABEL_LETTERS = 4,
    CAPTION_WORDS = 16,
    TITLE_WORDS = 4,
    LONG_BLOCK = 4, /* lines side by side that a book does not say twice */
    NEAR = 4        /* lines between them and the first paragraph */
};

enum { COPY, LABEL };

static const mk_rule rules[] = {
    [COPY] = {"copy", "duplicate", "a second copy of a line of the page"},
    [LABEL] = {"label", "duplicate", "a few words, or a caption, printed twice over the text"},
    {0},
};

/* Lists, tables, turns; what ends in a colon heads what follows, each time. */
static bool may_repeat(const mk_line *line)
{
    return (line->guard && line->label != MK_LABEL_PROSE && line->label != MK_LABEL_TEXT) ||
           line->features.end == MK_END_COLON;
}

/* How many lines, up to LONG_BLOCK, stand side by side around line i and, in the same order,
 * around its first copy. */
static unsigned block_of(mk_edit *edit, const size_t *first, size_t i)
{
    unsigned n = 1;
    size_t at = i, copy = first[i] - 1;
    while (n < LONG_BLOCK && (at = mk_edit_prev(edit, at)) != SIZE_MAX && first[at] != 0 &&
           first[at] - 1 == (copy = mk_edit_prev(edit, copy)))
        n++;
    at = i, copy = first[i] - 1;
    while (n < LONG_BLOCK && (at = mk_edit_next(edit, at)) != SIZE_MAX && first[at] != 0 &&
           first[at] - 1 == (copy = mk_edit_next(edit, copy)))
        n++;
    return n;
}

/* Folding makes all numbers equal: lines that differ in one are no copies. */
static bool are_copies(const mk_line *a, const mk_line *b)
{
    return mk_str_eq(a->folded, b->folded) &&
           (a->features.n_digits == 0 || mk_str_eq(a->trimmed, b->trimmed));
}

/* The half of a line that says the same few words twice; empty if it does not. */
static mk_str half_of(const mk_line *line)
{
    const mk_str s = line->folded;
    const size_t half = s.len / 2;
    const bool doubled = line->features.n_words >= 2 * TITLE_WORDS && s.len % 2 == 1 &&
                         s.ptr[half] == ' ' && memcmp(s.ptr, s.ptr + half + 1, half) == 0;
    return mk_str_sub(s, 0, doubled ? half : 0);
}

/* True if line i may be a copy: short lines only around the body, where titles stand. */
static bool may_be_copy(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_letters >= MIN_LETTERS ||
           ((line->zone == MK_ZONE_HEAD || line->zone == MK_ZONE_TAIL) &&
            f->n_letters >= SHORT_LETTERS && f->n_words >= SHORT_WORDS);
}

/* 1 + the line in play before line i if that is the same few words; 0 if not. */
static size_t copy_before(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const size_t before = mk_edit_prev(edit, i);
    return line->features.n_letters >= SHORT_LETTERS && line->features.n_words >= SHORT_WORDS &&
                   before != SIZE_MAX && are_copies(mk_edit_line(edit, before), line)
               ? before + 1
               : 0;
}

/* What copies have in common, byte for byte. */
static mk_str key_of(const mk_line *line)
{
    return line->features.n_digits > 0 ? line->trimmed : line->folded;
}

/* 1 + the line whose folded words are those, half of line's; 0 if there is none. */
static size_t find_equal(mk_edit *edit, const size_t *slots, size_t size, const mk_line *line,
                         mk_str words)
{
    const mk_str key = key_of(line);
    size_t at = (size_t)mk_hash64(mk_str_sub(key, 0, key.len / 2)) & (size - 1);
    while (slots[at] != 0 && !mk_str_eq(mk_edit_line(edit, slots[at] - 1)->folded, words))
        at = (at + 1) & (size - 1);
    return slots[at];
}

/* Fills in first[i] = first copy of line i + 1, 0 where it has none. */
static bool find_copies(mk_edit *edit, size_t *first)
{
    const size_t n = mk_edit_doc(edit)->n_lines;
    size_t size = 8;
    while (size < 2 * n)
        size *= 2;
    size_t *slots = mk_edit_scratch(edit, size * sizeof(*slots)); /* line + 1 */
    if (!slots)
        return false;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (!may_be_copy(line)) {
            first[i] = copy_before(edit, i);
            continue;
        }
        const mk_str half = half_of(line);
        if (half.len > 0 && (first[i] = find_equal(edit, slots, size, line, half)) != 0)
            continue; /* the title, and again as the caption of its picture */
        size_t at = (size_t)mk_hash64(key_of(line)) & (size - 1);
        while (slots[at] != 0 && !are_copies(mk_edit_line(edit, slots[at] - 1), line))
            at = (at + 1) & (size - 1);
        first[i] = slots[at];
        if (slots[at] == 0)
            slots[at] = i + 1;
    }
    return true;
}

/* What is known of the lines around one, as a walk down the page goes on. */
typedef struct walk {
    size_t gone;  /* 1 + the last line above that is gone; 0: none is */
    size_t after; /* the line behind the copies side by side that the walk is in, if below */
} walk;

/* True if what follows line i, its copies left out, is longer: not the next verse. */
static bool heads_longer(mk_edit *edit, size_t i, walk *w)
{
    const mk_line *line = mk_edit_line(edit, i);
    if (w->after <= i)
        for (w->after = mk_edit_next(edit, i);
             w->after != SIZE_MAX && are_copies(line, mk_edit_line(edit, w->after));)
            w->after = mk_edit_next(edit, w->after);
    return w->after != SIZE_MAX &&
           mk_edit_line(edit, w->after)->features.n_letters > 2 * line->features.n_letters;
}

/* True if the title may stand again in line i: over the body, or where its furniture begins. */
static bool is_place_of_title(mk_edit *edit, size_t i)
{
    const mk_doc *doc = mk_edit_doc(edit);
    if (doc->lines[i].zone != MK_ZONE_TAIL)
        return doc->lines[i].zone == MK_ZONE_HEAD;
    for (i++; i < doc->n_lines && doc->lines[i].label == MK_LABEL_BLANK;)
        i++;
    return i < doc->n_lines && doc->lines[i].gone;
}

/* True if neither line i nor the one above ends as a sentence or a clause does: text may be broken
 * there wherever the line was full. */
static bool is_broken(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i);
    const mk_features *f = &mk_edit_line(edit, i)->features;
    return f->end == MK_END_NONE && !f->bullet && before != SIZE_MAX &&
           mk_edit_line(edit, before)->features.end == MK_END_NONE;
}

/* True if line i, which has a copy above, says nothing by being there again. */
static bool is_idle(mk_edit *edit, const size_t *first, size_t i, walk *w)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_label label = mk_edit_line(edit, first[i] - 1)->label;
    if (line->label == MK_LABEL_VERSE || label == MK_LABEL_VERSE)
        return false;
    const bool beside = mk_edit_prev(edit, i) == first[i] - 1;
    const unsigned block = block_of(edit, first, i);
    if (line->zone == MK_ZONE_NONE && w->gone == 0 && !beside && block < LONG_BLOCK &&
        is_broken(edit, i))
        return false; /* a page of a book, without furniture and paragraphs */
    if (line->features.n_letters >= MIN_LETTERS && block > 1)
        return true;
    if (line->features.n_letters < MIN_LETTERS &&
        !(beside ? heads_longer(edit, i, w) : w->gone > first[i]) &&
        !(label == MK_LABEL_TITLE && is_place_of_title(edit, i)))
        return false;
    if (may_repeat(line))
        return line->features.end != MK_END_COLON && line->zone == MK_ZONE_HEAD &&
               (beside || label == MK_LABEL_TITLE);
    return beside || line->zone == MK_ZONE_HEAD || line->features.n_letters >= MIN_LETTERS_BELOW ||
           (line->features.n_arabic > 0 && label == MK_LABEL_TITLE);
}

/* A few words that no shape of the page speaks for. */
static bool is_label(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words <= LABEL_WORDS && f->n_letters >= LABEL_LETTERS &&
           f->n_letters < MIN_LETTERS && f->n_digits == 0 && f->end == MK_END_NONE && !line->guard;
}

/* True if a paragraph follows line i soon: what stands over verse is its own. */
static bool is_near_prose(mk_edit *edit, size_t i)
{
    for (int k = 0; k < NEAR && (i = mk_edit_next(edit, i)) != SIZE_MAX; k++)
        if (mk_edit_line(edit, i)->label == MK_LABEL_PROSE)
            return true;
    return false;
}

/* The line of the head that is the title; SIZE_MAX if none is. */
static size_t find_title(mk_edit *edit)
{
    size_t i = mk_edit_next(edit, SIZE_MAX);
    while (i != SIZE_MAX && mk_edit_line(edit, i)->label != MK_LABEL_TITLE)
        i = mk_edit_line(edit, i)->zone == MK_ZONE_HEAD ? mk_edit_next(edit, i) : SIZE_MAX;
    return i;
}

/* Words under a picture, without a stop: more than a label has, under the title or fewer than
 * it has. */
static bool is_caption(mk_edit *edit, size_t i, size_t title)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_features *f = &line->features;
    return title != SIZE_MAX && i != title && f->n_words >= SHORT_WORDS &&
           f->n_words <= CAPTION_WORDS && f->n_arabic > 0 && f->end == MK_END_NONE &&
           line->label == MK_LABEL_TEXT && !line->guard &&
           (title < i || f->n_words < mk_edit_line(edit, title)->features.n_words);
}

/* Drops labels that are printed twice between the title and the text: the author beside
 * the picture, the picture's alternative text over its caption. Over the title only the
 * second copy goes: the first may be the title. Where the title is known, longer captions go
 * too. */
static void drop_pairs(mk_edit *edit)
{
    const size_t known = find_title(edit);
    size_t title = SIZE_MAX; /* the last line with more words than a label */
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        const size_t twin = mk_edit_next(edit, i);
        if (line->zone != MK_ZONE_HEAD || twin == SIZE_MAX)
            return;
        const mk_line *other = mk_edit_line(edit, twin);
        const bool caption = is_caption(edit, i, known) && twin != known;
        if (!(is_label(line) || caption) || other->zone != MK_ZONE_HEAD ||
            !are_copies(line, other) || !is_near_prose(edit, twin)) {
            title = line->features.n_words >= TITLE_WORDS && !line->guard ? i : title;
            continue;
        }
        if (caption || (title != SIZE_MAX &&
                        mk_edit_line(edit, title)->features.n_words > line->features.n_words))
            mk_edit_drop(edit, i, LABEL, MK_STR("the next line says the same"));
        mk_edit_drop(edit, twin, LABEL, mk_edit_format(edit, "line %zu says the same", i + 1));
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const size_t n = mk_edit_doc(edit)->n_lines;
    size_t *first = mk_edit_scratch(edit, (n + 1) * sizeof(*first));
    bool *goes = mk_edit_scratch(edit, n + 1);
    if (!first || !goes)
        return MK_NOMEM;
    drop_pairs(edit);
    if (!find_copies(edit, first))
        return MK_NOMEM;
    walk w = {0};
    for (size_t i = 0; i < n; i++) {
        if (first[i] != 0)
            goes[i] = is_idle(edit, first, i, &w);
        w.gone = mk_edit_doc(edit)->lines[i].gone ? i + 1 : w.gone;
    }
    for (size_t i = 0; i < n; i++)
        if (goes[i])
            mk_edit_drop(edit, i, COPY, mk_edit_format(edit, "line %zu says the same", first[i]));
    return MK_OK;
}

const mk_filter mk_filter_repeats = {
    .abi = MK_FILTER_ABI,
    .name = "repeats",
    .summary = "remove second copies of a line within a page",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
