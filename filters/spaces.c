/* spaces.c: the spaces of one line.
 *
 * Every kind of space becomes U+0020, a run of them one, and none stays at the
 * ends of the line. A run is one change: a tab at an end is `end`, a no-break
 * space beside a space is `run`. Refuses U+180E, which is no space, and line
 * breaks, which are not inside a line. Source: PropList.txt of Unicode 15.0
 * (White_Space). Cases: fixtures/filters/spaces.cases. */
#include "minkhal/filter.h"

enum { ODD, RUN, END };

static const mk_rule rules[] = {
    [ODD] = {"odd", "space", "a no-break, wide or thin space, or a tab, becomes a space"},
    [RUN] = {"run", "space", "several spaces become one"},
    [END] = {"end", "space", "spaces at the ends of a line"},
    {0},
};

/* text[from, to) is a run of spaces as long as it can be. */
static void patch_run(mk_str text, size_t from, size_t to, mk_patches *patches)
{
    const mk_str space = MK_STR(" ");
    const bool plain = text.ptr[from] == ' ';
    size_t second = from;

    mk_utf8_next(text, &second);
    if (from == 0 || to == text.len)
        mk_patch(patches, from, to - from, (mk_str){0}, END);
    else if (second == to && !plain)
        mk_patch(patches, from, to - from, space, ODD);
    else if (second != to && plain)
        mk_patch(patches, second, to - second, (mk_str){0}, RUN);
    else if (second != to)
        mk_patch(patches, from, to - from, space, RUN);
}

static void tidy_spaces(const void *config, mk_str text, mk_patches *patches)
{
    size_t at = 0;

    (void)config;
    while (at < text.len) {
        const size_t from = at;
        size_t to = at;
        while (mk_is_space(mk_utf8_next(text, &at)))
            to = at;
        if (to > from)
            patch_run(text, from, to, patches);
    }
}

const mk_filter mk_filter_spaces = {
    .abi = MK_FILTER_ABI,
    .name = "spaces",
    .summary = "one plain space between words, none at the ends",
    .kind = MK_KIND_LETTERS,
    .rules = rules,
    .touches = MK_HAS_SPACE,
    .letters = tidy_spaces,
};
