/* share: buttons that pass the page on, rows of network names, calls to
 * follow, copied links, pleas. Refuses «شارك» and «تابع» as verbs of a
 * sentence and headlines about a network (تويتر يوقف ...). Cases:
 * fixtures/filters/share.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"button", "share", "share this, and its bare forms"},
    {"network", "share", "names of networks, alone or with the verb"},
    {"follow", "share", "calls to follow the site somewhere"},
    {"copy", "share", "copy links, short links"},
    {"send", "share", "send to a friend, mail this"},
    {"plea", "share", "please like and share"},
    {0},
};

MK_PHRASES_FILTER(share, "share buttons, network names, calls to follow", rules);
