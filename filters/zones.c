/* zones: parts a page into head, body and tail.
 *
 * The body reaches from the first line of prose to the last one before closing
 * evidence (a comment form, a copyright line). What closes must leave at least
 * half of the prose before it: a page of many short posts has a form after each.
 * On a page without prose verse, talk and tables are the body. Without those it
 * has no zones. Cases: fixtures/filters/zones.cases */
#include "minkhal/filter.h"

static const mk_rule rules[] = {{0}};

enum { MIN_BEFORE = 50 /* percent of the prose's letters before the end of the body */ };

static bool closes(const mk_line *line)
{
    for (const mk_mark *m = line->marks; m; m = m->next)
        if (m->effect == MK_EFFECT_CLOSES && m->strength >= MK_STRONG)
            return true;
    return false;
}

static bool is_prose(const mk_line *line)
{
    return line->label == MK_LABEL_PROSE;
}

static bool is_shaped(const mk_line *line)
{
    return line->label == MK_LABEL_VERSE || line->label == MK_LABEL_TALK ||
           line->label == MK_LABEL_TABLE;
}

/* Letters of the lines that can anchor a body. */
static uint64_t sum_letters(mk_edit *edit, bool (*is_anchor)(const mk_line *))
{
    uint64_t sum = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (is_anchor(mk_edit_line(edit, i)))
            sum += mk_edit_line(edit, i)->features.n_letters;
    return sum;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const size_t n = mk_edit_doc(edit)->n_lines;
    bool (*is_anchor)(const mk_line *) = is_prose;
    uint64_t all = sum_letters(edit, is_anchor), before = 0;
    if (all == 0) {
        is_anchor = is_shaped;
        all = sum_letters(edit, is_anchor);
    }
    size_t first = SIZE_MAX, last = SIZE_MAX, end = n;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (closes(line) && before > 0 && before * 100 >= all * MIN_BEFORE) {
            end = i;
            break;
        }
        if (is_anchor(line)) {
            first = first == SIZE_MAX ? i : first;
            last = i;
            before += line->features.n_letters;
        }
    }
    if (first == SIZE_MAX)
        return MK_OK;
    for (size_t i = 0; i < n; i++)
        mk_edit_zone(edit, i,
                     i < first              ? MK_ZONE_HEAD
                     : i <= last && i < end ? MK_ZONE_BODY
                                            : MK_ZONE_TAIL);
    return MK_OK;
}

const mk_filter mk_filter_zones = {
    .abi = MK_FILTER_ABI,
    .name = "zones",
    .summary = "part the page into head, body and tail",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
