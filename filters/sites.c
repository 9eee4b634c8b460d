/* sites: drops the lines that `minkhal mine` found on many pages of the document's
 * site. Without a file of rules it does nothing. What a site repeats on a page
 * in twenty is its own furniture whatever it says, fluent sentences too, so the
 * evidence is certain; but an item of a list, a line of verse, talk or a table
 * stays and is accused in vain: salt is in many recipes. Runs behind
 * the verdict and before anything that cuts inside lines, since rules speak of
 * whole lines. Facts: the floors are those of mine (src/run/mine.c).
 * Cases: fixtures/filters/sites.cases */
#include <inttypes.h>

#include "minkhal/filter.h"

typedef struct config {
    const mk_sites *rules;
    bool guarded;
} config;

enum { LINE };

enum { MIN_SENTENCES = 1, MIN_WORDS = 4 };

static const mk_rule rules[] = {
    [LINE] = {"line", "site", "a line that many pages of the site have"},
    {0},
};

static const mk_option options[] = {
    {.name = "rules",
     .help = "the file that 'minkhal mine' wrote",
     .type = MK_OPTION_SITES,
     .offset = offsetof(config, rules)},
    {.name = "guarded",
     .help = "drop also items of lists, verse, talk and tables",
     .type = MK_OPTION_BOOL,
     .offset = offsetof(config, guarded)},
    {0},
};

/* Lines that are guarded for their length alone have no label of a shape. */
static bool has_shape(const mk_line *line)
{
    return line->guard && line->label != MK_LABEL_TEXT && line->label != MK_LABEL_PROSE;
}

static bool is_sentence(const mk_line *line)
{
    return line->label == MK_LABEL_PROSE ||
           (line->features.end == MK_END_STOP && line->features.n_words >= MIN_WORDS);
}

/* True if the rules know every sentence of the page: an article that was crawled under many
 * addresses, which is no furniture. */
static bool takes_all(mk_edit *edit, const mk_site *site)
{
    size_t n = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (!is_sentence(line))
            continue;
        if (mk_site_line(site, line) == 0)
            return false;
        n++;
    }
    return n >= MIN_SENTENCES;
}

static mk_err apply(const void *opaque, mk_edit *edit)
{
    const config *cf = opaque;
    const mk_site *site = cf->rules ? mk_edit_site(edit, cf->rules) : NULL;
    if (!site)
        return MK_OK;
    const bool whole = takes_all(edit, site);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        const uint64_t n = mk_site_line(site, line);
        if (n == 0 || (whole && is_sentence(line)))
            continue;
        const mk_str evidence = mk_edit_format(edit, "on %" PRIu64 " of %" PRIu64 " pages of %.*s",
                                               n, site->n_pages, (int)site->name.len,
                                               site->name.ptr);
        const bool spared = !cf->guarded && has_shape(line);
        mk_edit_mark(edit, i,
                     (mk_mark){.evidence = evidence,
                               .to = (uint32_t)line->folded.len,
                               .rule = LINE,
                               .strength = spared ? MK_WEAK : MK_CERTAIN,
                               .effect = MK_EFFECT_DROP,
                               .cover = 100});
        if (!spared)
            mk_edit_drop(edit, i, LINE, evidence);
    }
    return MK_OK;
}

const mk_filter mk_filter_sites = {
    .abi = MK_FILTER_ABI,
    .name = "sites",
    .summary = "drop lines that many pages of a site have (--site-rules)",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(config),
    .apply = apply,
};
