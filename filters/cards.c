/* cards: what the front page of a site is made of: cards of a headline, a text that breaks off
 * and a date; headlines with a name under each. Refuses a few of them.
 * Cases: fixtures/filters/cards.cases */
#include "minkhal/filter.h"

enum { CUT, NAMED };

static const mk_rule rules[] = {
    [CUT] = {"cut", "related", "one of several headlines and texts that break off, with a date"},
    [NAMED] = {"named", "related", "one of several headlines, under each of them a name"},
    {0},
};

enum {
    MIN_CARDS = 3,
    CARD_WORDS = 12, /* words of a text that is broken off, with a date below */
    MIN_DATE = 3,    /* digits of the date */
    DATE_WORDS = 8,
    MIN_NAMED = 5,  /* headlines with a name under each */
    NAME_WORDS = 3, /* of a name; two at least */
    MIN_WORDS = 4,  /* of a headline */
    MAX_WORDS = 22
};

static bool may_be_headline(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words >= MIN_WORDS && f->n_words <= MAX_WORDS && f->n_commas == 0 &&
           f->end != MK_END_STOP && f->end != MK_END_COLON && f->end != MK_END_COMMA &&
           f->n_arabic * 2 > f->n_letters && !mk_line_mark(line, MK_WEAK);
}

/* A headline, its text broken off, a date: what a page of lists is made of. */
static bool is_card(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i), after = mk_edit_next(edit, i);
    const mk_features *f = &mk_edit_line(edit, i)->features;
    if (f->end != MK_END_DOTS || f->n_words > CARD_WORDS || before == SIZE_MAX || after == SIZE_MAX)
        return false;
    const mk_line *headline = mk_edit_line(edit, before), *date = mk_edit_line(edit, after);
    return headline->features.n_words >= MIN_WORDS && headline->features.n_words <= MAX_WORDS &&
           headline->features.end != MK_END_STOP && date->features.n_digits >= MIN_DATE &&
           date->features.n_words <= DATE_WORDS && mk_line_mark(date, MK_STRONG);
}

static void mark_cards(mk_edit *edit)
{
    unsigned n = 0;
    for (int pass = 0; pass < 2 && (pass == 0 || n >= MIN_CARDS); pass++)
        for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DOTS); i != SIZE_MAX;
             i = mk_edit_next_with(edit, i, MK_TRAIT_DOTS)) {
            if (!is_card(edit, i))
                continue;
            if (pass == 0) {
                n++;
                continue;
            }
            const mk_str evidence = mk_edit_format(edit, "one of %u with a date below", n);
            mk_edit_accuse(edit, mk_edit_prev(edit, i), CUT, MK_STRONG, evidence);
            mk_edit_accuse(edit, i, CUT, MK_STRONG, evidence);
        }
}

static bool is_name(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words >= 2 && f->n_words <= NAME_WORDS && f->end == MK_END_NONE &&
           f->n_digits == 0 && f->n_commas == 0 && !f->bullet;
}

/* A headline and a name, the name in *ret. */
static bool is_named(mk_edit *edit, size_t i, size_t *ret)
{
    const mk_line *line = mk_edit_line(edit, i);
    *ret = mk_edit_next(edit, i);
    return may_be_headline(line) && line->features.n_words > NAME_WORDS && !line->features.bullet &&
           *ret != SIZE_MAX && is_name(mk_edit_line(edit, *ret));
}

/* Marks headlines with a name under each: the articles of a front page. */
static void mark_named(mk_edit *edit)
{
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX;) {
        unsigned n = 0;
        size_t name = i, end = i;
        while (end != SIZE_MAX && is_named(edit, end, &name)) {
            n++;
            end = mk_edit_next(edit, name);
        }
        const mk_str evidence = n >= MIN_NAMED ? mk_edit_format(edit, "one of %u with a name", n)
                                               : MK_STR("");
        for (size_t k = i; n >= MIN_NAMED && k != end; k = mk_edit_next(edit, k))
            mk_edit_accuse(edit, k, NAMED, MK_STRONG, evidence);
        i = n > 0 && end != i ? end : mk_edit_next(edit, i);
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    mark_cards(edit);
    mark_named(edit);
    return MK_OK;
}

const mk_filter mk_filter_cards = {
    .abi = MK_FILTER_ABI,
    .name = "cards",
    .summary = "cards of a front page: a headline with a text, a date, a name",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .apply = apply,
};
