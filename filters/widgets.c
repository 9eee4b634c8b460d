/* widgets: boxes of weather, currencies, prayer times and polls, strings of
 * players, «was this useful». Refuses timetables and tables that are the
 * article: names and numbers are weak. Cases: fixtures/filters/widgets.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"weather", "widget", "the weather box"},
    {"currency", "widget", "currencies, gold, shares"},
    {"prayer", "widget", "the box of prayer times"},
    {"poll", "widget", "heads and buttons of a poll"},
    {"player", "widget", "strings of video and audio players"},
    {"useful", "widget", "was this useful"},
    {0},
};

MK_PHRASES_FILTER(widgets, "weather, currencies, prayer times, polls, players", rules);
