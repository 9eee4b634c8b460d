/* readalso: calls between paragraphs to read another page, «more» buttons,
 * «click here». Refuses «اقرأ»، «انظر» and «شاهد» that speak to the reader or
 * tell of a witness, and instructions (اضغط على ...). Cases:
 * fixtures/filters/readalso.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"heading", "related", "read also, with nothing behind it"},
    {"link", "related", "read also, with a headline behind it"},
    {"more", "related", "read more, full story"},
    {"click", "related", "click here"},
    {0},
};

MK_PHRASES_FILTER(readalso, "read-also lines, more links, click here", rules);
