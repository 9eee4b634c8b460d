/* doorways: removes doorway pages whole: text put together by a program around a
 * phrase for search engines. The page's first line, three words or more, stands
 * again inside other lines, and the page speaks of what such pages sell, in many
 * lines and in many words. Either sign alone is no proof: articles repeat their
 * subject, and newspapers write of casinos. And pages that are sewn together from the
 * results of a search for pictures: so many different words of such results no
 * article has.
 * Cases: fixtures/filters/doorways.cases */
#include "minkhal/filter.h"

enum { DOORWAY, SCRAPS };

static const mk_rule rules[] = {
    [DOORWAY] = {"doorway", "spam", "a page made by a program for search engines"},
    [SCRAPS] = {"scraps", "spam", "a page sewn together from the results of a search"},
    {0},
};

enum {
    MIN_TITLE_WORDS = 3,
    MIN_TITLE = 14,  /* folded bytes */
    MIN_REPEATS = 3, /* other lines with the title inside */
    MIN_SPAM = 40,   /* percent of the lines that name what is sold */
    MIN_LINES = 6,
    MIN_PHRASES = 4, /* different ones */
    MIN_SCRAPS = 4
};

/* True if line holds words as whole words, beside others. */
static bool holds(const mk_line *line, mk_str words)
{
    const mk_str s = line->folded;
    if (s.len <= words.len)
        return false;
    for (size_t at = 0; at + words.len <= s.len; at++)
        if (memcmp(s.ptr + at, words.ptr, words.len) == 0 && (at == 0 || s.ptr[at - 1] == ' ') &&
            (at + words.len == s.len || s.ptr[at + words.len] == ' '))
            return true;
    return false;
}

/* How many of the phrases of rule the page has, and in how many lines. */
static unsigned count_spam(mk_edit *edit, const mk_lexicon *lexicon, unsigned rule,
                           unsigned *ret_lines)
{
    enum { MAX_SEEN = 16 }; /* phrases told apart */
    uint16_t seen[MAX_SEEN];
    unsigned n = 0;
    *ret_lines = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        bool any = false;
        for (uint32_t h = 0; h < line->n_hits; h++) {
            if (!mk_hit_is_of(&line->hits[h], lexicon) ||
                mk_hit_rule(&line->hits[h], lexicon) != rule)
                continue;
            any = true;
            unsigned k = 0;
            while (k < n && seen[k] != line->hits[h].entry)
                k++;
            if (k == n && n < MAX_SEEN)
                seen[n++] = line->hits[h].entry;
        }
        *ret_lines += any;
    }
    return n;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    unsigned lines = 1, repeats = 0, spam = 0;
    const unsigned scraps = count_spam(edit, lexicon, SCRAPS, &spam);
    if (scraps >= MIN_SCRAPS) {
        mk_edit_drop_doc(edit, SCRAPS,
                         mk_edit_format(edit, "%u phrases of results of a search", scraps));
        return MK_OK;
    }
    const size_t first = mk_edit_next(edit, SIZE_MAX);
    if (first == SIZE_MAX || mk_edit_line(edit, first)->features.n_words < MIN_TITLE_WORDS)
        return MK_OK;
    const mk_str title = mk_edit_line(edit, first)->folded;
    if (title.len < MIN_TITLE)
        return MK_OK;
    const unsigned phrases = count_spam(edit, lexicon, DOORWAY, &spam);
    if (phrases < MIN_PHRASES)
        return MK_OK;
    for (size_t i = mk_edit_next(edit, first); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        lines++;
        repeats += holds(mk_edit_line(edit, i), title);
    }
    if (lines < MIN_LINES || repeats < MIN_REPEATS)
        return MK_OK;
    if (spam * 100 >= lines * MIN_SPAM)
        mk_edit_drop_doc(edit, DOORWAY,
                         mk_edit_format(edit, "its first line stands in %u others, %u of %u sell",
                                        repeats, spam, lines));
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("doorways"), {0}};

const mk_filter mk_filter_doorways = {
    .abi = MK_FILTER_ABI,
    .name = "doorways",
    .summary = "remove doorway pages: text strewn with a phrase for search engines",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
