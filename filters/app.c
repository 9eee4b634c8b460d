/* app: calls to install the site's application, names of stores. Refuses «حمل»
 * as carried and news about applications. Cases: fixtures/filters/app.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"get", "app_download", "install our application"},
    {"store", "app_download", "names and badges of stores"},
    {0},
};

MK_PHRASES_FILTER(app, "calls to install the site's application", rules);
