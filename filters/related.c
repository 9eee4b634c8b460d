/* related: heads of lists of other articles, of the author's other articles,
 * of paid links and other products. Refuses «المزيد من» as a quantifier and
 * sentences that speak of a relation. Cases: fixtures/filters/related.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"list", "related", "heads of a list of other pages"},
    {"inline", "related", "such a head and its headline on one line"},
    {"author", "related", "more by this author"},
    {"paid", "related", "paid links and recommendations of other sites"},
    {"product", "related", "other products"},
    {0},
};

MK_PHRASES_FILTER(related, "heads of lists of other pages", rules);
