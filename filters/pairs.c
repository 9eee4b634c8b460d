/* pairs: calls and labels that each site words its own way, known by two kinds of words
 * that stand on one short line: a call and a channel («تابعوا ... على تلغرام»), a call and
 * what it gains the reader («اشترك ... مجانا»), a word for pages and a word for their
 * being like this one («أسئلة ... ذات صلة»), none and of what («لا يوجد ... تعليقات»),
 * whose opinion it is and that it is not the site's, what is asked of a visitor and where,
 * support and what for, what is forbidden and that it is the site's.
 * Refuses one kind alone: newspapers report on channels and calls, and longer lines:
 * two words meet there by chance. Cases: fixtures/filters/pairs.cases */
#include "minkhal/filter.h"

enum { FOLLOW, SUBSCRIBE, RELATED, EMPTY, OPINION, ACCOUNT, DONATE, RIGHTS, N_VERDICTS };
enum { /* what they are known by; no line goes by one of these alone */
       CALL = N_VERDICTS,
       URGE,
       VERB,
       CHANNEL,
       OWN,
       GAIN,
       PAGES,
       LIKE,
       NONE,
       THING,
       VIEW,
       DENY,
       ASK,
       ENTRY,
       OFFER,
       LURE,
       SUPPORT,
       PRESS,
       FORBID,
       COPY
};

static const mk_rule rules[] = {
    [FOLLOW] = {"follow", "share", "a call to follow the site, and where"},
    [SUBSCRIBE] = {"subscribe", "newsletter", "a call to sign up, and what for"},
    [RELATED] = {"related", "related", "the head of a list of pages like this one"},
    [EMPTY] = {"empty", "empty", "there is none: comments, tags, results"},
    [OPINION] = {"opinion", "policy", "whose opinion it is, and that it is not the site's"},
    [ACCOUNT] = {"account", "login", "what to do to log in, to confirm, to go on"},
    [DONATE] = {"donate", "newsletter", "a call to give money to the site or to be a member"},
    [RIGHTS] = {"rights", "policy", "that nothing may be copied, and from where"},
    [CALL] = {"call", "share", "calls that begin a line; no line goes by them alone"},
    [URGE] = {"urge", "share", "what is said to the reader only; no line goes by it alone"},
    [VERB] = {"verb", "share", "calls that may be past tense; no line goes by them alone"},
    [CHANNEL] = {"channel", "share", "networks and channels; no line goes by them alone"},
    [OWN] = {"own", "share", "channels of the site, the reader's mail; no line goes by them alone"},
    [GAIN] = {"gain", "newsletter", "what the reader gains; no line goes by it alone"},
    [PAGES] = {"pages", "related", "words for pages of a kind; no line goes by them alone"},
    [LIKE] = {"like", "related", "being like this page; no line goes by it alone"},
    [NONE] = {"none", "empty", "there is no; no line goes by it alone"},
    [THING] = {"thing", "empty", "what there may be none of; no line goes by it alone"},
    [VIEW] = {"view", "policy", "an author's opinion; no line goes by it alone"},
    [DENY] = {"deny", "policy", "that it is not so; no line goes by it alone"},
    [ASK] = {"ask", "login", "what is asked of the reader; no line goes by it alone"},
    [ENTRY] = {"entry", "login", "logging in, codes, confirmation; no line goes by it alone"},
    [OFFER] = {"offer", "newsletter", "what a site offers; no line goes by it alone"},
    [LURE] = {"lure", "newsletter", "of its own, for nothing; no line goes by it alone"},
    [SUPPORT] = {"support", "newsletter", "to support, to give; no line goes by it alone"},
    [PRESS] = {"press", "newsletter", "the site's own work; no line goes by it alone"},
    [FORBID] = {"forbid", "policy", "it is forbidden to copy; no line goes by it alone"},
    [COPY] = {"copy", "policy", "what is the site's, without leave; no line goes by it alone"},
    {0},
};

/* Two kinds of words, and what a line of so many words is that has both. */
static const struct {
    uint16_t first, second, rule;
    uint8_t max_words;
    bool begins; /* the line begins with the first, and the second follows */
    uint8_t effect;
} pairs[] = {
    {CALL, CHANNEL, FOLLOW, 24, true, MK_EFFECT_DROP},
    {URGE, CHANNEL, FOLLOW, 24, false, MK_EFFECT_DROP},
    {CALL, OWN, FOLLOW, 24, true, MK_EFFECT_DROP},
    {URGE, OWN, FOLLOW, 24, false, MK_EFFECT_DROP},
    {VERB, OWN, FOLLOW, 16, false, MK_EFFECT_DROP},
    {CALL, GAIN, SUBSCRIBE, 12, true, MK_EFFECT_DROP},
    {URGE, GAIN, SUBSCRIBE, 12, false, MK_EFFECT_DROP},
    {PAGES, LIKE, RELATED, 8, true, MK_EFFECT_OPENS},
    {NONE, THING, EMPTY, 9, true, MK_EFFECT_DROP},
    {VIEW, DENY, OPINION, 40, false, MK_EFFECT_DROP},
    {ASK, ENTRY, ACCOUNT, 16, false, MK_EFFECT_DROP},
    {OFFER, LURE, SUBSCRIBE, 12, true, MK_EFFECT_DROP},
    {SUPPORT, PRESS, DONATE, 24, false, MK_EFFECT_DROP},
    {FORBID, COPY, RIGHTS, 40, false, MK_EFFECT_DROP},
};
enum { N_PAIRS = sizeof(pairs) / sizeof(*pairs), MAX_WORDS = 40 };

/* The first hit of line for rule from `from` on; NULL if there is none. */
static const mk_hit *find(const mk_line *line, const mk_lexicon *lexicon, unsigned rule,
                          uint32_t from)
{
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (line->hits[h].from >= from && mk_hit_is_of(&line->hits[h], lexicon) &&
            mk_hit_rule(&line->hits[h], lexicon) == rule)
            return &line->hits[h];
    return NULL;
}

/* True if a sentence of some words ends before the folded byte `at`: the line is a paragraph
 * that the call is glued to. */
static bool is_glued(const mk_line *line, uint32_t at)
{
    enum { SENTENCE = 5 /* words */ };
    const mk_str before = mk_str_sub(line->seen, 0, mk_line_offset(line, at));
    size_t words = 0;
    bool stop = false;
    for (size_t i = 0; i + 1 < before.len; i++) {
        words += before.ptr[i] == ' ';
        stop = stop || (i > 0 && before.ptr[i] == '.' && before.ptr[i + 1] == ' ' &&
                        before.ptr[i - 1] != '.' && before.ptr[i - 1] != ' ');
    }
    return stop && words >= SENTENCE;
}

_Static_assert(sizeof(rules) / sizeof(*rules) <= 64, "a bit for each rule");

/* A bit for each rule of lexicon that line has hits for. */
static uint64_t rules_of(const mk_line *line, const mk_lexicon *lexicon)
{
    uint64_t ret = 0;
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon))
            ret |= UINT64_C(1) << mk_hit_rule(&line->hits[h], lexicon);
    return ret;
}

/* The place in pairs of the first that line has, and its hits; N_PAIRS: it has none. */
static size_t find_pair(const mk_line *line, const mk_lexicon *lexicon, const mk_hit **ret_first,
                        const mk_hit **ret_second)
{
    if (line->n_hits < 2 || line->features.n_words > MAX_WORDS)
        return N_PAIRS;
    const uint64_t has = rules_of(line, lexicon);
    if ((has & (has - 1)) == 0) /* one rule, or none */
        return N_PAIRS;
    for (size_t p = 0; p < N_PAIRS; p++) {
        if (line->features.n_words > pairs[p].max_words || !(has >> pairs[p].first & 1) ||
            !(has >> pairs[p].second & 1))
            continue;
        const mk_hit *a = find(line, lexicon, pairs[p].first, 0);
        if (!a || (pairs[p].begins && a->from > 0))
            continue;
        const mk_hit *b = find(line, lexicon, pairs[p].second, pairs[p].begins ? a->to : 0);
        if (!b || (b->from < a->to && a->from < b->to) ||
            (!pairs[p].begins && pairs[p].rule == FOLLOW && is_glued(line, a->from)))
            continue;
        *ret_first = a;
        *ret_second = b;
        return p;
    }
    return N_PAIRS;
}

/* For what stands behind a text on its line. */
static bool has_pair(const mk_line *line, const mk_lexicon *lexicon)
{
    const mk_hit *first, *second;
    return find_pair(line, lexicon, &first, &second) != N_PAIRS;
}

/* Accuses line i in the name of the first pair that it has. */
static void look_for_pairs(mk_edit *edit, size_t i, const mk_lexicon *lexicon)
{
    const mk_hit *a, *b;
    const size_t p = find_pair(mk_edit_line(edit, i), lexicon, &a, &b);
    if (p == N_PAIRS)
        return;
    const mk_str first = mk_hit_evidence(edit, a, lexicon);
    const mk_str second = mk_hit_evidence(edit, b, lexicon);
    mk_edit_mark(edit, i,
                 (mk_mark){.evidence = mk_edit_format(edit, "%.*s and %.*s", (int)first.len,
                                                      first.ptr, (int)second.len, second.ptr),
                           .rule = pairs[p].rule,
                           .strength = MK_STRONG,
                           .effect = pairs[p].effect,
                           .cover = 100});
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    mk_edit_judge(edit, lexicon, has_pair);
    if (!mk_edit_holds(edit, lexicon))
        return MK_OK;
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS))
        look_for_pairs(edit, i, lexicon);
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("pairs"), {0}};

const mk_filter mk_filter_pairs = {
    .abi = MK_FILTER_ABI,
    .name = "pairs",
    .summary = "calls and labels in a site's own words, by two kinds of words on one line",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
