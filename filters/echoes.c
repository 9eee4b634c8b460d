/* echoes: removes what begins like a line near it and says no more: the line above once more and
 * a few words (a picture's alternative text, with the site's name), the beginning of the title
 * under it (a caption), the beginning of a line, broken off with dots (an excerpt over the text, the
 * title in a path). Refuses verse, lists, talk and tables, and headings that begin alike.
 * Cases: fixtures/filters/echoes.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { LONGER, SHORTER, EXCERPT };

static const mk_rule rules[] = {
    [LONGER] = {"longer", "duplicate", "the line above once more, with a few words behind it"},
    [SHORTER] = {"shorter", "duplicate", "the beginning of the title once more, under it"},
    [EXCERPT] = {"excerpt", "duplicate", "the beginning of a line near it, broken off"},
    {0},
};

enum {
    TITLE_WORDS = 4,
    MORE_WORDS = 6,  /* behind the line above */
    SHORT_WORDS = 3, /* of a title's beginning */
    SHARE = 3,       /* it is one of three parts of the title at least */
    NEAR = 8,        /* lines from an excerpt to its whole, from the title to its beginning */
    CUT_LETTERS = 16 /* letters of an excerpt */
};

/* True if a begins as b does, and b goes on; with whole, b has another word there. */
static bool is_beginning(mk_str a, mk_str b, bool whole)
{
    return a.len > 0 && b.len > a.len && memcmp(a.ptr, b.ptr, a.len) == 0 &&
           (!whole || b.ptr[a.len] == ' ');
}

static bool may_echo(const mk_line *line)
{
    return !line->guard && line->label != MK_LABEL_PROSE && line->label != MK_LABEL_VERSE;
}

static bool is_longer(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i);
    if (before == SIZE_MAX)
        return false;
    const mk_line *line = mk_edit_line(edit, i), *first = mk_edit_line(edit, before);
    if (first->features.n_words < TITLE_WORDS || !is_beginning(first->folded, line->folded, true) ||
        !may_echo(line))
        return false;
    const size_t after = mk_edit_next(edit, i);
    if (line->zone != MK_ZONE_HEAD &&
        (after == SIZE_MAX || mk_edit_line(edit, after)->label != MK_LABEL_PROSE))
        return false; /* one of several headings that begin alike */
    return line->features.n_words < first->features.n_words + MORE_WORDS &&
           line->label != MK_LABEL_TITLE && line->features.end != MK_END_STOP &&
           line->features.end != MK_END_COLON;
}

static bool is_shorter(const mk_line *line, const mk_line *title)
{
    const mk_features *f = &line->features;
    return f->n_words >= SHORT_WORDS && f->n_words * SHARE >= title->features.n_words &&
           f->end == MK_END_NONE && may_echo(line) &&
           is_beginning(line->folded, title->folded, true);
}

/* The line that is the title; SIZE_MAX if none is. */
static size_t find_title(mk_edit *edit)
{
    size_t i = mk_edit_next(edit, SIZE_MAX);
    while (i != SIZE_MAX && mk_edit_line(edit, i)->label != MK_LABEL_TITLE)
        i = mk_edit_next(edit, i);
    return i;
}

/* True if line i breaks off, and the title or a line soon below says it in whole. */
static bool is_excerpt(mk_edit *edit, size_t i, size_t title)
{
    const mk_line *line = mk_edit_line(edit, i);
    if (line->features.end != MK_END_DOTS || line->features.n_letters < CUT_LETTERS || line->guard)
        return false;
    if (title != SIZE_MAX && title != i &&
        is_beginning(line->folded, mk_edit_line(edit, title)->folded, false))
        return true;
    for (int k = 0; k < NEAR && (i = mk_edit_next(edit, i)) != SIZE_MAX; k++)
        if (is_beginning(line->folded, mk_edit_line(edit, i)->folded, false))
            return true;
    return false;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const size_t title = find_title(edit);
    size_t i = title;
    for (int k = 0; title != SIZE_MAX && k < NEAR && (i = mk_edit_next(edit, i)) != SIZE_MAX &&
                    mk_edit_line(edit, i)->label != MK_LABEL_PROSE;
         k++)
        if (is_shorter(mk_edit_line(edit, i), mk_edit_line(edit, title)))
            mk_edit_drop(edit, i, SHORTER, MK_STR("the beginning of the title"));
    for (i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DOTS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_DOTS))
        if (is_excerpt(edit, i, title))
            mk_edit_drop(edit, i, EXCERPT, MK_STR("the beginning of a line that stands in whole"));
    for (i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (is_longer(edit, i))
            mk_edit_drop(edit, i, LONGER, MK_STR("the line above, and a few words"));
    return MK_OK;
}

const mk_filter mk_filter_echoes = {
    .abi = MK_FILTER_ABI,
    .name = "echoes",
    .summary =
        "remove beginnings of lines that stand near in whole, and copies with a few words more",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
