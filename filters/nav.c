/* nav: menus, section names, crumbs, search boxes, skip links, heads of
 * tickers. Refuses subheadings that hold a section's word (وظائف الكبد) and a
 * single section name without other evidence. Cases:
 * fixtures/filters/nav.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"menu", "nav", "menus, languages, editions, archives"},
    {"breadcrumb", "nav", "where the reader is on the site"},
    {"search", "nav", "search boxes and their results"},
    {"skip", "nav", "links for screen readers past the menu"},
    {"section", "nav", "names of sections"},
    {"ticker", "nav", "heads of news boxes and tickers"},
    {0},
};

MK_PHRASES_FILTER(nav, "menus, section names, crumbs, search boxes, skip links", rules);
