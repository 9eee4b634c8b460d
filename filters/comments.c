/* comments: the form under an article: calls to comment, empty fields, heads
 * of the readers' list, notes of moderation, what the form answers. Refuses
 * what readers write, «تعليق» in its other meaning (تعليق الدراسة) and keys
 * with a value (الاسم: ...). Cases: fixtures/filters/comments.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"form", "comment_form", "calls to comment and the sentences around a comment form"},
    {"field", "comment_form", "empty fields of a comment form"},
    {"list", "comment_form", "heads and controls of the list of comments"},
    {"closed", "comment_form", "no comments here, or not any more"},
    {"policy", "comment_form", "what readers may write, who answers for it"},
    {"reply", "comment_form", "answers of the form, reply and report links"},
    {0},
};

enum {
    FORM,
    MIN_STARS = 3,   /* fields that must be filled in */
    FIELD_WORDS = 6, /* of one */
    MAX_WORDS = 40
};

/* "Name * Mail * Country Title * Comment *": the fields of a form on one line, with a star
 * behind each that must be filled in. */
static bool are_fields(const mk_line *line)
{
    const mk_str s = line->trimmed;
    unsigned stars = 0, words = 0;
    if (line->n_hits < 2 || line->features.n_words > MAX_WORDS || line->features.n_stops > 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        words += i > 0 && s.ptr[i] != ' ' && s.ptr[i - 1] == ' ';
        if (s.ptr[i] != '*')
            continue;
        if (i == 0 || words > FIELD_WORDS)
            return false;
        stars++;
        words = 0;
    }
    return stars >= MIN_STARS;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS))
        if (are_fields(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, FORM, MK_STRONG, MK_STR("fields of a form, with stars"));
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("comments"), {0}};

const mk_filter mk_filter_comments = {
    .abi = MK_FILTER_ABI,
    .name = "comments",
    .summary = "comment forms, heads of the readers' list, moderation notes",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
