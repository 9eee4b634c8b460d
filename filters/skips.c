/* skips: what an article lets a reader skip: a box with a podcast, other stories, an
 * embedded post, between two links that say where it begins and where it ends. Both
 * ends go in any case; what stands between them goes if the second one follows
 * soon. Cases: fixtures/filters/skips.cases */
#include "minkhal/filter.h"

enum { BEGIN, END, BETWEEN };

static const mk_rule rules[] = {
    [BEGIN] = {"begin", "controls", "skip this and go on reading"},
    [END] = {"end", "controls", "the end of what could be skipped"},
    [BETWEEN] = {"between", "related", "stands between the two"},
    {0},
};

enum {
    MAX_BETWEEN = 15, /* lines */
    MAX_LETTERS = 300 /* letters of one of them: what is longer is the article's */
};

static bool has(const mk_line *line, const mk_lexicon *lexicon, unsigned rule)
{
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) && mk_hit_rule(&line->hits[h], lexicon) == rule)
            return true;
    return false;
}

/* The line with the other end; SIZE_MAX if it does not follow soon. */
static size_t find_end(mk_edit *edit, const mk_lexicon *lexicon, size_t i)
{
    for (int n = 0; n <= MAX_BETWEEN; n++) {
        i = mk_edit_next(edit, i);
        if (i == SIZE_MAX)
            break;
        const mk_line *line = mk_edit_line(edit, i);
        if (has(line, lexicon, END))
            return i;
        if (has(line, lexicon, BEGIN) || line->features.n_letters > MAX_LETTERS)
            break;
    }
    return SIZE_MAX;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX && !err;
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS)) {
        const size_t end = has(mk_edit_line(edit, i), lexicon, BEGIN) ? find_end(edit, lexicon, i)
                                                                      : SIZE_MAX;
        for (size_t k = i; end != SIZE_MAX && (k = mk_edit_next(edit, k)) != end;)
            mk_edit_accuse(edit, k, BETWEEN, MK_CERTAIN,
                           mk_edit_format(edit, "between lines %zu and %zu", i + 1, end + 1));
        i = end != SIZE_MAX ? end : i;
    }
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("skips"), {0}};

const mk_filter mk_filter_skips = {
    .abi = MK_FILTER_ABI,
    .name = "skips",
    .summary = "boxes inside an article that a reader may skip",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
