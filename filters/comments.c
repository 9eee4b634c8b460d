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

MK_PHRASES_FILTER(comments, "comment forms, heads of the readers' list, moderation notes", rules);
