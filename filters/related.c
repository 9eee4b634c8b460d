/* related: heads of lists of other articles, of the author's other articles,
 * of paid links and other products. Refuses «المزيد من» as a quantifier and
 * sentences that speak of a relation. Cases: fixtures/filters/related.cases. */
#include <string.h>

#include "minkhal/filter.h"

enum { ASKED = 5 };

static const mk_rule rules[] = {
    {"list", "related", "heads of a list of other pages"},
    {"inline", "related", "such a head and its headline on one line"},
    {"author", "related", "more by this author"},
    {"paid", "related", "paid links and recommendations of other sites"},
    {"product", "related", "other products"},
    [ASKED] = {"asked", "related", "other questions, behind the closing words of an answer"},
    {0},
};

enum {
    MIN_ASKED = 2,     /* questions side by side */
    ASKED_WORDS = 3,   /* of one */
    CLOSING_BYTES = 60 /* at the end of an answer */
};

/* "... and God knows best": so answers of jurists close. */
static bool closes_answer(const mk_line *line)
{
    static const char words[] = "علم", god[] = "الله";
    const mk_features *f = &line->features;
    mk_str s = line->trimmed;
    if (s.len < sizeof(words) + sizeof(god) || f->end == MK_END_QUESTION || f->end == MK_END_COLON)
        return false;
    s = mk_str_sub(s, s.len > CLOSING_BYTES ? s.len - CLOSING_BYTES : 0, s.len);
    const char *const name = memmem(s.ptr, s.len, god, sizeof(god) - 1);
    return name && memmem(name, (size_t)(s.ptr + s.len - name), words, sizeof(words) - 1);
}

static bool is_question(const mk_line *line)
{
    return line->features.end == MK_END_QUESTION && line->features.n_words >= ASKED_WORDS;
}

/* Accuses the questions behind an answer, to the end of the page or other furniture: behind
 * the last of them no answer stands. */
static void accuse_asked(mk_edit *edit)
{
    size_t i = mk_edit_next(edit, SIZE_MAX), from = SIZE_MAX;
    const mk_line *before = NULL; /* no question */
    unsigned n = 0;
    for (; i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (is_question(line) && (n > 0 || (before && closes_answer(before)))) {
            from = n++ == 0 ? i : from;
            continue;
        }
        if (n >= MIN_ASKED && mk_line_mark(line, MK_STRONG))
            break;
        n = 0;
        before = line;
    }
    const mk_str evidence = MK_STR("questions behind the closing words of an answer");
    for (size_t k = from; n >= MIN_ASKED && k != i; k = mk_edit_next(edit, k))
        mk_edit_accuse(edit, k, ASKED, MK_STRONG, evidence);
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    accuse_asked(edit);
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("related"), {0}};

const mk_filter mk_filter_related = {
    .abi = MK_FILTER_ABI,
    .name = "related",
    .summary = "heads of lists of other pages",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
