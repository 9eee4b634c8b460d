/* kickers: the name of a place, a sport or a subject over the headline: «Morocco», and a
 * headline below. On top of a page, where the headline follows; anywhere else such a name
 * is a heading, an item, a title. A sentence below makes it the title. Refuses names that
 * bear a bullet or a colon, and the first of three. Cases: fixtures/filters/kickers.cases */
#include "minkhal/filter.h"

enum { LABEL };

static const mk_rule rules[] = {
    [LABEL] = {"label", "nav", "a place or a subject over the headline"},
    {0},
};

enum {
    TOP = 12, /* lines of the page that are looked at */
    LABEL_WORDS = 4,
    HEADLINE_WORDS = 5 /* words of the headline below */
};

static bool is_label(const mk_line *line, const mk_lexicon *lexicon)
{
    const mk_features *f = &line->features;
    if (f->n_words > LABEL_WORDS || f->end == MK_END_COLON || f->bullet)
        return false;
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) && line->hits[h].cover == 100 &&
            !line->hits[h].composite)
            return true;
    return false;
}

/* A headline; the second copy of it or its text may come next. */
static bool is_headline(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words >= HEADLINE_WORDS && f->end != MK_END_STOP && f->end != MK_END_COLON &&
           f->end != MK_END_COMMA && !mk_line_mark(line, MK_STRONG);
}

/* True if a headline follows line i, or one more name and then a headline. */
static bool stands_over_headline(mk_edit *edit, size_t i, const mk_lexicon *lexicon)
{
    size_t after = mk_edit_next(edit, i);
    if (after != SIZE_MAX && is_label(mk_edit_line(edit, after), lexicon))
        after = mk_edit_next(edit, after);
    return after != SIZE_MAX && is_headline(mk_edit_line(edit, after));
}

static void mark(mk_edit *edit, size_t i)
{
    mk_edit_accuse(edit, i, LABEL, MK_STRONG, MK_STR("the headline stands below"));
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    unsigned seen = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX && seen < TOP;
         i = mk_edit_next(edit, i), seen++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.end == MK_END_STOP)
            return MK_OK;
        if (is_label(line, lexicon) && stands_over_headline(edit, i, lexicon))
            mark(edit, i);
    }
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("kickers"), {0}};

const mk_filter mk_filter_kickers = {
    .abi = MK_FILTER_ABI,
    .name = "kickers",
    .summary = "a place or a subject over the headline",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
