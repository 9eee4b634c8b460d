/* tags: labels of keyword lists and topics, edit links and notes of wikis, hashtags one a line.
 * Refuses the keywords of an abstract and «الموضوع:» without other evidence, a hashtag alone.
 * Cases: fixtures/filters/tags.cases. */
#include <string.h>

#include "minkhal/filter.h"

enum { LABEL, TOPIC, WIKI, HASHTAG };

static const mk_rule rules[] = {
    [LABEL] = {"label", "tags", "labels of keyword lists"},
    [TOPIC] = {"topic", "tags", "labels of topics"},
    [WIKI] = {"wiki", "tags", "edit links, notes and tools of wikis"},
    [HASHTAG] = {"hashtag", "tags", "lines of hashtags and nothing else"},
    {0},
};

enum {
    MIN_HASHTAGS = 2, /* on lines side by side; one more on one line */
    TAG_WORDS = 4     /* of a tag behind a sign and a blank, in the mean */
};

/* "#Tunis", "#Tunis #milk": how many there are, 0 if a word has not the sign. */
static unsigned count_hashtags(const mk_line *line)
{
    const mk_str s = line->trimmed;
    unsigned n = 1;
    if (s.len < 2 || s.ptr[0] != '#' || line->features.n_letters == 0)
        return 0;
    for (size_t i = 1; i + 1 < s.len; i++) {
        if (s.ptr[i] != ' ' || s.ptr[i + 1] == ' ')
            continue;
        if (s.ptr[i + 1] != '#')
            return 0;
        n++;
    }
    return n;
}

/* "# Tunis # goat milk # cheese": how many there are, 0 if there is a sentence. */
static unsigned count_spaced(const mk_line *line)
{
    const mk_str s = line->trimmed;
    const mk_features *f = &line->features;
    unsigned n = 1;
    if (s.len < 2 || s.ptr[0] != '#' || s.ptr[1] != ' ' || f->end != MK_END_NONE)
        return 0;
    for (size_t i = 1; i + 2 < s.len; i++)
        n += s.ptr[i] == ' ' && s.ptr[i + 1] == '#' && s.ptr[i + 2] == ' ';
    return n > MIN_HASHTAGS && f->n_words <= n * TAG_WORDS ? n : 0;
}

static void mark_hashtags(mk_edit *edit)
{
    size_t first = SIZE_MAX;
    unsigned n = 0, lines = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX);; i = mk_edit_next(edit, i)) {
        unsigned here = i != SIZE_MAX ? count_hashtags(mk_edit_line(edit, i)) : 0;
        if (here == 0 && i != SIZE_MAX)
            here = count_spaced(mk_edit_line(edit, i));
        if (here > 0) {
            first = lines++ == 0 ? i : first;
            n += here;
            continue;
        }
        for (size_t k = first; n >= MIN_HASHTAGS + (lines == 1) && k != i;
             k = mk_edit_next(edit, k))
            mk_edit_accuse(edit, k, HASHTAG, MK_STRONG, MK_STR("hashtags and nothing else"));
        n = lines = 0;
        if (i == SIZE_MAX)
            return;
    }
}

/* "History [edit | edit source]": a heading and the links of a wiki, which glued cuts; «التاريخ»
 * and the links would be a row of labels. */
static bool has_edit_link(const mk_line *line)
{
    const mk_str s = line->trimmed, link = MK_STR("[عدل");
    const char *const at = s.len > 0 && s.ptr[s.len - 1] == ']'
                               ? memmem(s.ptr, s.len, link.ptr, link.len)
                               : NULL;
    return at && at > s.ptr;
}

static void guard_headings(mk_edit *edit)
{
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS))
        if (has_edit_link(mk_edit_line(edit, i)))
            mk_edit_guard(edit, i, "a heading before its edit link");
}

static mk_err apply(const void *config, mk_edit *edit)
{
    mark_hashtags(edit);
    if (mk_edit_holds(edit, ((const mk_phrases *)config)->lexicon))
        guard_headings(edit);
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
