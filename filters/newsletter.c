/* newsletter: calls to subscribe by mail, to allow notices, to take a feed.
 * Refuses news about a bulletin (النشرة الإخبارية) and «اشترك في» as a verb of
 * the past. Cases: fixtures/filters/newsletter.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"email", "newsletter", "subscribe by mail"},
    {"promise", "newsletter", "no spam, leave whenever you like"},
    {"push", "newsletter", "notices of the browser"},
    {"feed", "newsletter", "RSS and Atom"},
    {0},
};

MK_PHRASES_FILTER(newsletter, "newsletters, push notices, feeds", rules);
