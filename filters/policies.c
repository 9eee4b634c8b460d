/* policies: rules of comments, terms of use, privacy notices: paragraphs that read
 * like prose and are the site's. What betrays them is that several different words
 * stand in one of them which a site says of itself or to its reader. They stand
 * under an article: refuses those with less text of other kinds before them than
 * they have themselves, as on a page that is a policy. Rules of comments may also
 * stand right under an accused heading, and what is said to a visitor who has not logged in
 * stands on top of a thread.
 * Cases: fixtures/filters/policies.cases */
#include "minkhal/filter.h"

enum { COMMENTS, PRIVACY, VISITOR, N_RULES };

static const mk_rule rules[] = {
    [COMMENTS] = {"comments", "policy", "what may be said in a comment, and who answers for it"},
    [PRIVACY] = {"privacy", "policy", "what the site does with its visitors' data"},
    [VISITOR] = {"visitor", "login", "what a site says to a visitor who has not logged in"},
    {0},
};

enum {
    MIN_PHRASES = 3,  /* different ones in one line: strong evidence */
    WEAK_PHRASES = 2, /* evidence beside other evidence */
    MIN_LETTERS = 40  /* letters: what is shorter is a label, for other filters */
};

/* The hit of line that speaks first for rule, and how many different phrases do. */
static const mk_hit *count_phrases(const mk_line *line, const mk_lexicon *lexicon, unsigned rule,
                                   unsigned *ret)
{
    const mk_hit *first = NULL;
    uint32_t end = 0; /* of the last one: phrases within one another are one */
    *ret = 0;
    for (uint32_t h = 0; h < line->n_hits; h++) {
        const mk_hit *hit = &line->hits[h];
        if (!mk_hit_is_of(hit, lexicon) || mk_hit_rule(hit, lexicon) != rule)
            continue;
        first = first ? first : hit;
        bool seen = hit->from < end;
        for (uint32_t k = 0; k < h && !seen; k++)
            seen = mk_hit_is_of(&line->hits[k], lexicon) && line->hits[k].entry == hit->entry;
        *ret += !seen;
        end = hit->to > end ? hit->to : end;
    }
    return first;
}

static bool is_long(const mk_line *line)
{
    return line->features.n_letters >= MIN_LETTERS;
}

/* The rule that most phrases of the line speak for. */
static const mk_hit *judge(const mk_line *line, const mk_lexicon *lexicon, unsigned *ret_count)
{
    const mk_hit *best = NULL;
    *ret_count = 0;
    for (unsigned rule = 0; rule < N_RULES; rule++) {
        unsigned n = 0;
        const mk_hit *first = count_phrases(line, lexicon, rule, &n);
        if (n > *ret_count) {
            *ret_count = n;
            best = first;
        }
    }
    return best;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    uint64_t others = 0, policy = 0; /* letters of long lines so far */
    if (!mk_edit_holds(edit, lexicon))
        return MK_OK;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        unsigned count = 0;
        if (!is_long(line))
            continue;
        const mk_hit *hit = line->n_hits > 0 ? judge(line, lexicon, &count) : NULL;
        *(count >= MIN_PHRASES ? &policy : &others) += line->features.n_letters;
        const size_t before = mk_edit_prev(edit, i);
        const unsigned rule = hit ? mk_hit_rule(hit, lexicon) : N_RULES;
        const bool headed = rule == COMMENTS && before != SIZE_MAX &&
                            mk_edit_line(edit, before)->marks;
        const bool greeted = rule == VISITOR && count >= MIN_PHRASES; /* it stands on top */
        const uint64_t own = count >= MIN_PHRASES ? policy : line->features.n_letters;
        if (!hit || count < WEAK_PHRASES || (own > others && !headed && !greeted))
            continue;
        const mk_str phrase = mk_hit_evidence(edit, hit, lexicon);
        mk_edit_mark(edit, i,
                     (mk_mark){.evidence = mk_edit_format(edit, "%.*s and %u more", (int)phrase.len,
                                                          phrase.ptr, count - 1),
                               .from = hit->from,
                               .to = hit->to,
                               .rule = (uint16_t)rule,
                               .strength = count >= MIN_PHRASES ? MK_STRONG : MK_WEAK,
                               .effect = MK_EFFECT_DROP,
                               .cover = count >= MIN_PHRASES ? 100 : hit->cover});
    }
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("policies"), {0}};

const mk_filter mk_filter_policies = {
    .abi = MK_FILTER_ABI,
    .name = "policies",
    .summary = "rules of comments, terms of use, privacy notices",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
