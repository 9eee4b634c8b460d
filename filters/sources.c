/* sources: where a page says its text is from, wrappers of aggregators, forum
 * notes of copying, end marks of agencies. Refuses attributions (مصدر أمني:
 * ...), footnotes (المصدر نفسه) and reference lists. Cases:
 * fixtures/filters/sources.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"source", "source_credit", "the source of the text"},
    {"aggregator", "source_credit", "wrappers of aggregators"},
    {"copied", "source_credit", "copied from elsewhere, in forums"},
    {"end", "source_credit", "end marks"},
    {0},
};

MK_PHRASES_FILTER(sources, "source credits, aggregator notes, end marks", rules);
