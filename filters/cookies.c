/* cookies: consent banners, their buttons and links. Refuses articles about
 * cookies: a sentence must be filled by the banner's words. Cases:
 * fixtures/filters/cookies.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"notice", "cookies", "the sentences of a banner"},
    {"button", "cookies", "accept, refuse, settings"},
    {"policy", "cookies", "links to the cookie policy"},
    {0},
};

MK_PHRASES_FILTER(cookies, "consent banners and their buttons", rules);
