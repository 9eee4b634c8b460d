/* caption: captions of pictures, known by the credit that ends them: a bracket
 * whose last words are an agency, an archive or a photographer's label. A caption
 * without a credit reads like a sentence and stays; so does a sentence that names
 * an agency in a bracket and goes on. Cases: fixtures/filters/caption.cases */
#include "minkhal/filter.h"

enum { CREDIT, STOCK };

static const mk_rule rules[] = {
    [CREDIT] = {"credit", "caption", "a caption that ends in a photo credit"},
    [STOCK] = {"stock", "caption", "a label of a stock or archive picture"},
    {0},
};

enum { MAX_WORDS = 40 /* words of a caption with its credit */ };

/* What stands in the bracket that ends the line; empty if none does. */
static mk_str last_bracket(mk_str line)
{
    const mk_str text = mk_str_trim(line);
    if (text.len < 3 || text.ptr[text.len - 1] != ')')
        return (mk_str){"", 0};
    for (size_t i = text.len - 1; i-- > 0;) {
        if (text.ptr[i] == '(')
            return mk_str_sub(text, i + 1, text.len - 1);
        if (text.ptr[i] == ')')
            break;
    }
    return (mk_str){"", 0};
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_phrases *phrases = config;
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.n_words > MAX_WORDS || line->features.n_stops > 0)
            continue;
        const mk_str credit = last_bracket(line->seen);
        size_t entry = 0;
        if (credit.len == 0 || !mk_lexicon_ends(phrases->lexicon, credit, CREDIT, &entry))
            continue;
        mk_edit_mark(edit, i,
                     (mk_mark){.rule = CREDIT,
                               .effect = MK_EFFECT_DROP,
                               .strength = MK_STRONG,
                               .cover = 100,
                               .evidence = mk_edit_format(edit, "ends in the credit (%.*s)",
                                                          (int)credit.len, credit.ptr)});
    }
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("caption"), {0}};

const mk_filter mk_filter_caption = {
    .abi = MK_FILTER_ABI,
    .name = "caption",
    .summary = "captions that end in a photo credit, labels of stock pictures",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
