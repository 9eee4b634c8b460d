/* footer: copyright, legal notes, links of the bottom, the software and its
 * makers, the staff of the paper, counts of visitors. Refuses sentences about
 * rights and policies. Cases: fixtures/filters/footer.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"copyright", "footer", "all rights reserved"},
    {"legal", "footer", "no copying, no liability for opinions"},
    {"links", "footer", "about, contact, privacy, terms"},
    {"engine", "footer", "powered by, designed by"},
    {"masthead", "footer", "the staff and the licence of the paper"},
    {"online", "footer", "visitors, the clock of the site"},
    {0},
};

MK_PHRASES_FILTER(footer, "copyright, legal notes, site links, software, staff", rules);
