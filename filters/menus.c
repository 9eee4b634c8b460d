/* menus: removes runs of short lines that are menus: eight or more lines of four
 * words or less, without a stop, three or more of them known as labels. Guarded
 * lines, the title, prose and, over the body, the head of a post end a run. Cases: fixtures/filters/menus.cases */
#include "minkhal/filter.h"

enum {
    MIN_RUN = 8,  /* lines */
    MIN_HITS = 3, /* of them with evidence */
    MAX_WORDS = 4
};

enum { RUN };

static const mk_rule rules[] = {
    [RUN] = {"run", "nav", "one of many short lines in a row, of which several are labels"},
    {0},
};

static bool is_short(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words <= MAX_WORDS && f->end != MK_END_STOP && f->end != MK_END_QUESTION &&
           line->label != MK_LABEL_PROSE && !line->guard;
}

/* A line over the body that is gone from the furniture of a post: its title and its
 * first words may stand beside it. */
static bool heads_post(const mk_line *line)
{
    for (const mk_mark *m = line->marks; m && line->gone && line->zone == MK_ZONE_HEAD; m = m->next)
        if (m->effect == MK_EFFECT_WITHIN && m->strength >= MK_STRONG)
            return true;
    return false;
}

static void drop_run(mk_edit *edit, size_t first, size_t end, unsigned n, unsigned hits)
{
    const mk_doc *doc = mk_edit_doc(edit);
    const mk_str evidence = mk_edit_format(edit, "%u short lines, %u of them labels", n, hits);
    for (size_t i = first; i < end; i++)
        if (!doc->lines[i].gone && doc->lines[i].label != MK_LABEL_BLANK &&
            doc->lines[i].label != MK_LABEL_TITLE)
            mk_edit_drop(edit, i, RUN, evidence);
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    size_t first = 0;
    unsigned n = 0, hits = 0;
    for (size_t i = 0; i <= doc->n_lines; i++) {
        const mk_line *line = i < doc->n_lines ? mk_edit_line(edit, i) : NULL;
        if (line && (line->label == MK_LABEL_BLANK || line->label == MK_LABEL_TITLE))
            continue; /* menus stand on both sides of a title */
        if (line && is_short(line) && !heads_post(line)) {
            first = n == 0 ? i : first;
            n++;
            hits += line->marks != NULL && line->features.n_letters > 0;
            continue;
        }
        if (n >= MIN_RUN && hits >= MIN_HITS)
            drop_run(edit, first, i, n, hits);
        n = hits = 0;
    }
    return MK_OK;
}

const mk_filter mk_filter_menus = {
    .abi = MK_FILTER_ABI,
    .name = "menus",
    .summary = "remove long runs of short lines that are menus",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
