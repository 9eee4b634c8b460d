/* rails: content first. Where too much of a page would go, only the lines with
 * certain evidence go, and the document is marked for review.
 *
 * - prose before any closing evidence: no more than 20 % of its letters may go
 * - a page with little furniture (under 25 % of its lines are accused): no more
 *   than 15 % of its letters may go by their place alone, labels of a few words
 *   left out
 * Second copies are counted later: they lose nothing. Cases:
 * fixtures/filters/rails.cases */
#include "minkhal/filter.h"

enum {
    LABEL_WORDS = 4,       /* words: what is shorter is no sentence */
    HEADLINE_LETTERS = 130 /* letters of a headline, as in lists */
};

typedef struct config {
    int64_t max_prose, max_place, furniture; /* percent */
} config;

static const mk_rule rules[] = {{0}};

static const mk_option options[] = {
    {.name = "max-prose",
     .help = "percent of the body's letters in prose that may go",
     .type = MK_OPTION_INT,
     .offset = offsetof(config, max_prose),
     .def = 20,
     .max = 100},
    {.name = "max-place",
     .help = "percent of a clean page's letters that may go by place alone",
     .type = MK_OPTION_INT,
     .offset = offsetof(config, max_place),
     .def = 15,
     .max = 100},
    {.name = "furniture",
     .help = "percent of lines with evidence below which a page is clean",
     .type = MK_OPTION_INT,
     .offset = offsetof(config, furniture),
     .def = 25,
     .max = 100},
    {0},
};

/* Letters and lines of a page, and what of them would go. */
typedef struct sums {
    uint64_t lines, accused;
    uint64_t letters, by_place;
    uint64_t prose, prose_gone;
} sums;

/* A headline under the body: lists of links stand there. */
static bool is_headline_below(const mk_line *line)
{
    return line->zone == MK_ZONE_TAIL && line->features.n_letters <= HEADLINE_LETTERS &&
           line->features.end != MK_END_STOP;
}

static sums sum_up(const mk_doc *doc)
{
    sums s = {0};
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        if (line->label == MK_LABEL_BLANK)
            continue;
        const uint64_t letters = line->features.n_letters;
        s.lines++;
        s.accused += line->marks != NULL;
        s.letters += letters;
        if (line->gone && !line->marks && line->features.n_words > LABEL_WORDS &&
            !is_headline_below(line))
            s.by_place += letters;
        if (line->label == MK_LABEL_PROSE && line->zone != MK_ZONE_TAIL) {
            s.prose += letters;
            s.prose_gone += line->gone ? letters : 0;
        }
    }
    return s;
}

static mk_err apply(const void *opaque, mk_edit *edit)
{
    const config *cf = opaque;
    const mk_doc *doc = mk_edit_doc(edit);
    const sums s = sum_up(doc);
    const bool prose = s.prose_gone * 100 > s.prose * (uint64_t)cf->max_prose;
    const bool place = s.accused * 100 < s.lines * (uint64_t)cf->furniture &&
                       s.by_place * 100 > s.letters * (uint64_t)cf->max_place;
    if (!prose && !place)
        return MK_OK;
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        if (!line->gone || mk_line_mark(line, MK_CERTAIN) || (!prose && line->marks))
            continue;
        mk_edit_acquit(edit, i);
    }
    mk_edit_review(edit);
    return MK_OK;
}

const mk_filter mk_filter_rails = {
    .abi = MK_FILTER_ABI,
    .name = "rails",
    .summary = "where too much would go, keep all but certain hits",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(config),
    .apply = apply,
};
