/* controls: tools of the reading pane. Refuses «طباعة»، «أكبر»، «استمع» as
 * words of prose and grades in a table, unless other evidence stands beside
 * them. Cases: fixtures/filters/controls.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"font", "reading_controls", "font size and reading mode"},
    {"print", "reading_controls", "print and PDF"},
    {"listen", "reading_controls", "listen to the article"},
    {"rate", "reading_controls", "rate the article"},
    {"save", "reading_controls", "favourites, read later, other views"},
    {"contents", "reading_controls", "the box of contents and its switch"},
    {0},
};

MK_PHRASES_FILTER(controls, "font size, print, listen, rate, save, contents", rules);
