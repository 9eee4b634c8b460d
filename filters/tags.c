/* tags: labels of keyword lists and topics, edit links and notes of wikis.
 * Refuses the keywords of an abstract and «الموضوع:» without other evidence.
 * Cases: fixtures/filters/tags.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"label", "tags", "labels of keyword lists"},
    {"topic", "tags", "labels of topics"},
    {"wiki", "tags", "edit links, notes and tools of wikis"},
    {0},
};

MK_PHRASES_FILTER(tags, "keyword labels, topics, furniture of wikis", rules);
