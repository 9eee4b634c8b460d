/* tags: labels of keyword lists and topics, edit links and notes of wikis, hashtags one a line.
 * Refuses the keywords of an abstract and «الموضوع:» without other evidence, a hashtag alone.
 * Cases: fixtures/filters/tags.cases. */
#include "minkhal/filter.h"

enum { LABEL, TOPIC, WIKI, HASHTAG };

static const mk_rule rules[] = {
    [LABEL] = {"label", "tags", "labels of keyword lists"},
    [TOPIC] = {"topic", "tags", "labels of topics"},
    [WIKI] = {"wiki", "tags", "edit links, notes and tools of wikis"},
    [HASHTAG] = {"hashtag", "tags", "lines of hashtags and nothing else"},
    {0},
};

enum { MIN_HASHTAGS = 2 /* lines */ };

/* "#Tunis", "#Tunis #milk": each word has the sign. */
static bool is_hashtags(const mk_line *line)
{
    const mk_str s = line->trimmed;
    if (s.len < 2 || s.ptr[0] != '#')
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (s.ptr[i] == ' ' && i + 1 < s.len && s.ptr[i + 1] != ' ' && s.ptr[i + 1] != '#')
            return false;
    return line->features.n_letters > 0;
}

static void mark_hashtags(mk_edit *edit)
{
    size_t first = SIZE_MAX;
    unsigned n = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX);; i = mk_edit_next(edit, i)) {
        if (i != SIZE_MAX && is_hashtags(mk_edit_line(edit, i))) {
            first = n++ == 0 ? i : first;
            continue;
        }
        for (size_t k = first; n >= MIN_HASHTAGS && k != i; k = mk_edit_next(edit, k))
            mk_edit_accuse(edit, k, HASHTAG, MK_STRONG, MK_STR("hashtags alone, line after line"));
        n = 0;
        if (i == SIZE_MAX)
            return;
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    mark_hashtags(edit);
    return mk_phrases_apply(config, edit);
}

static const mk_option options[] = {MK_PHRASES_OPTION("tags"), {0}};

const mk_filter mk_filter_tags = {
    .abi = MK_FILTER_ABI,
    .name = "tags",
    .summary = "keyword labels, topics, hashtags, furniture of wikis",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
