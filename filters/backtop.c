/* backtop: jumps to the top or the bottom of the page, close buttons. Refuses
 * «أعلى» and «إلى الأعلى» as adverbs and «إغلاق» with its object (إغلاق
 * المطار). Cases: fixtures/filters/backtop.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"top", "back_to_top", "back to top"},
    {"bottom", "back_to_top", "down to the bottom"},
    {"close", "back_to_top", "close this"},
    {0},
};

MK_PHRASES_FILTER(backtop, "jumps to the top or bottom, close buttons", rules);
