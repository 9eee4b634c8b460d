/* teasers: the beginnings of other articles on a page that lists them: they break
 * off with dots, and a word for "more" comes after those. One alone may be the
 * excerpt of the page's own article, and a page of nothing else is its excerpts:
 * they count beside other evidence only. Refuses
 * dots without such a word, and such a word without dots, and one alone that is the
 * longest line of the page: a summary that a button unfolds.
 * Cases: fixtures/filters/teasers.cases */
#include "minkhal/filter.h"

enum {
    MIN_LETTERS = 25, /* letters before the dots: what is shorter is a label */
    MAX_SHARE = 60    /* percent of the page's letters */
};

enum { TEASER };

static const mk_rule rules[] = {
    [TEASER] = {"teaser", "related", "the beginning of another article, broken off"},
    {0},
};

/* True if text ends in an ellipsis; blanks and opening brackets are skipped. */
static bool ends_in_dots(mk_str text)
{
    for (size_t i = text.len; i > 0;) {
        const uint32_t cp = mk_utf8_prev(text, &i);
        if (cp == '.')
            return i > 1 && text.ptr[i - 1] == '.' && text.ptr[i - 2] == '.';
        if (cp == 0x2026)
            return true;
        if (!mk_is_space(cp) && !mk_is_invisible(cp) && cp != ']' && cp != '[' && cp != '(')
            return false;
    }
    return false;
}

/* The phrase with which the line breaks off; NULL if it does not. */
static const mk_hit *find_end(const mk_line *line, const mk_lexicon *lexicon)
{
    for (uint32_t h = 0; h < line->n_hits; h++) {
        const mk_hit *hit = &line->hits[h];
        const mk_str rest = mk_str_sub(line->folded, hit->to, line->folded.len);
        if (mk_hit_is_of(hit, lexicon) && hit->from >= MIN_LETTERS && mk_str_trim(rest).len == 0 &&
            ends_in_dots(mk_str_sub(line->seen, 0, mk_line_offset(line, hit->from))))
            return hit;
    }
    return NULL;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    unsigned count = 0;
    uint32_t longest = 0; /* letters of another line */
    uint64_t all = 0, teasers = 0;
    if (!mk_edit_holds(edit, lexicon))
        return MK_OK;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        const bool teaser = find_end(line, lexicon) != NULL;
        count += teaser;
        teasers += teaser ? line->features.n_letters : 0;
        all += line->features.n_letters;
        if (!teaser && line->features.n_letters > longest)
            longest = line->features.n_letters;
    }
    if (count == 0 || (count == 1 && teasers > longest))
        return MK_OK;
    const bool strong = count > 1 && teasers * 100 <= all * MAX_SHARE;
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS)) {
        const mk_hit *hit = find_end(mk_edit_line(edit, i), lexicon);
        if (hit)
            mk_edit_mark(edit, i,
                         (mk_mark){.evidence = mk_hit_evidence(edit, hit, lexicon),
                                   .to = hit->to,
                                   .rule = TEASER,
                                   .strength = strong ? MK_STRONG : MK_WEAK,
                                   .effect = MK_EFFECT_DROP,
                                   .cover = 100});
    }
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("teasers"), {0}};

const mk_filter mk_filter_teasers = {
    .abi = MK_FILTER_ABI,
    .name = "teasers",
    .summary = "beginnings of other articles, broken off with dots",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
