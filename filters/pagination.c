/* pagination: page numbers, previous and next, older and newer, load more.
 * Refuses «التالي» and «السابق» in a sentence, and the words alone without
 * other evidence. Cases: fixtures/filters/pagination.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"page", "pagination", "page numbers, next, previous"},
    {"neighbour", "pagination", "the article before and after"},
    {"older", "pagination", "older and newer lists"},
    {"more", "pagination", "show more, load more, no more"},
    {0},
};

MK_PHRASES_FILTER(pagination, "page numbers, next and previous, load more", rules);
