/* asides: removes what is the text's own but no running text: bylines, datelines and
 * sources in brackets around the body, captions between its paragraphs. None of it
 * has a cue in its words; place and size say what it is, so it may be wrong: for
 * the profile strict, for those who want prose alone. What carries a cue goes by
 * evidence in every profile. Cases: fixtures/filters/asides.cases */
#include "minkhal/filter.h"

enum { BYLINE, BRACKETS, CAPTION };

static const mk_rule rules[] = {
    [BYLINE] = {"byline", "byline_date", "a name, an office, a place beside the body"},
    [BRACKETS] = {"brackets", "source_credit", "a few words in brackets, alone on their line"},
    [CAPTION] = {"caption", "caption", "a line without a stop between two paragraphs"},
    {0},
};

enum {
    NAME_WORDS = 5, /* words of a byline at most */
    NEAR = 2,       /* lines between it and the body */
    BRACKET_WORDS = 6,
    CAPTION_WORDS = 8, /* words of a caption at least: subheadings are shorter */
    CAPTION_LETTERS = 150
};

static bool is_prose(const mk_line *line)
{
    return line->label == MK_LABEL_PROSE && line->zone == MK_ZONE_BODY;
}

static bool is_in_brackets(const mk_line *line)
{
    const mk_str s = line->trimmed;
    return s.len > 2 && s.ptr[0] == '(' && s.ptr[s.len - 1] == ')' &&
           line->features.n_letters > 1 && line->features.n_digits == 0 &&
           line->features.n_words <= BRACKET_WORDS;
}

/* Lines without a cue that no shape of the page speaks for. */
static bool is_open(const mk_line *line)
{
    return !line->guard && line->label == MK_LABEL_TEXT && line->features.n_letters > 0 &&
           line->features.end != MK_END_COLON && line->features.end != MK_END_QUESTION;
}

/* The nearest line of prose from i in a direction, NEAR lines away at most. */
static bool is_near_prose(mk_edit *edit, size_t i, size_t (*step)(const mk_edit *, size_t))
{
    for (int k = 0; k <= NEAR; k++) {
        i = step(edit, i);
        if (i == SIZE_MAX)
            return false;
        if (is_prose(mk_edit_line(edit, i)))
            return true;
    }
    return false;
}

static bool is_byline(mk_edit *edit, size_t i, size_t title)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_features *f = &line->features;
    if (f->n_words < 2 || f->n_words > NAME_WORDS || f->n_digits > 0 || f->n_commas > 0 ||
        f->end != MK_END_NONE || f->bullet || f->quoted)
        return false;
    if (line->zone == MK_ZONE_HEAD)
        return i > title && is_near_prose(edit, i, mk_edit_next);
    return line->zone == MK_ZONE_TAIL && mk_edit_next(edit, i) == SIZE_MAX &&
           is_near_prose(edit, i, mk_edit_prev);
}

static bool is_caption(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_features *f = &line->features;
    const size_t before = mk_edit_prev(edit, i), after = mk_edit_next(edit, i);
    return line->zone == MK_ZONE_BODY && f->n_words >= CAPTION_WORDS &&
           f->n_letters <= CAPTION_LETTERS && f->end != MK_END_STOP && before != SIZE_MAX &&
           after != SIZE_MAX && is_prose(mk_edit_line(edit, before)) &&
           is_prose(mk_edit_line(edit, after));
}

/* The title: known as such, else the first line. */
static size_t find_title(const mk_edit *edit)
{
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = 0; i < doc->n_lines; i++)
        if (!doc->lines[i].gone && doc->lines[i].label == MK_LABEL_TITLE)
            return i;
    return mk_edit_next(edit, SIZE_MAX);
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const size_t title = find_title(edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (i == title || !is_open(line))
            continue;
        if (is_in_brackets(line))
            mk_edit_drop(edit, i, BRACKETS, MK_STR("a few words in brackets"));
        else if (is_byline(edit, i, title))
            mk_edit_drop(edit, i, BYLINE, MK_STR("a few words beside the body"));
        else if (is_caption(edit, i))
            mk_edit_drop(edit, i, CAPTION, MK_STR("no stop, between paragraphs"));
    }
    return MK_OK;
}

const mk_filter mk_filter_asides = {
    .abi = MK_FILTER_ABI,
    .name = "asides",
    .summary = "remove bylines, datelines and captions that have no cue (profile strict)",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
