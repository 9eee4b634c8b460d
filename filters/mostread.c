/* mostread: heads of boxes of what is popular or trending and their tabs.
 * Refuses superlatives inside a sentence (الكتاب الأكثر قراءة في العالم).
 * Cases: fixtures/filters/mostread.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"popular", "most_read", "most read, most viewed, most discussed"},
    {"trend", "most_read", "trending, hot topics"},
    {"period", "most_read", "tabs: today, week, month"},
    {0},
};

MK_PHRASES_FILTER(mostread, "heads of boxes of popular pages", rules);
