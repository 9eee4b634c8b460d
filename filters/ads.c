/* ads: labels of advertising slots, calls to advertise, notes to those who
 * block ads. Refuses «إعلان» as a declaration (إعلان الدوحة). Cases:
 * fixtures/filters/ads.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"label", "ads", "advertisement, sponsored"},
    {"slot", "ads", "empty slots and their controls"},
    {"sell", "ads", "advertise with us"},
    {"block", "ads", "notes to those who block ads"},
    {"skip", "ads", "skip the ad, the story goes on below"},
    {0},
};

MK_PHRASES_FILTER(ads, "ad labels, calls to advertise, ad-blocker notes", rules);
