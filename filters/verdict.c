/* verdict: decides which accused lines go. They go in the name of the filter and
 * rule that accused them.
 *
 * - certain evidence: the line goes wherever it stands
 * - strong evidence: it goes, unless the line is guarded and stands alone
 * - weak evidence: it goes if within two lines there is strong evidence too, or
 *   weak evidence twice, and the line is neither prose nor guarded
 * profile careful: certain evidence only. Cases: fixtures/filters/verdict.cases */
#include "minkhal/filter.h"

enum { LEVEL_CERTAIN, LEVEL_BALANCED };
enum { REACH = 2 /* lines in play on each side that can bear a weak accusation out */ };

typedef struct config {
    int level;
} config;

static const mk_rule rules[] = {{0}};

static const mk_option options[] = {
    {.name = "level",
     .help = "what is enough: certain evidence, or strong and weak in context",
     .type = MK_OPTION_CHOICE,
     .offset = offsetof(config, level),
     .def = LEVEL_BALANCED,
     .choices = "certain|balanced"},
    {0},
};

/* What a neighbour's evidence bears out: 2 if strong, 1 if weak. Bare numbers
 * bear nothing out; nor do, where there was markup, lines that are guarded too. */
static unsigned testimony(mk_edit *edit, size_t i)
{
    const mk_line *line = i != SIZE_MAX ? mk_edit_line(edit, i) : NULL;
    if (!line || line->features.n_letters == 0 || (line->cues && line->guarded))
        return 0;
    return mk_line_mark(line, MK_STRONG) ? 2 : mk_line_mark(line, MK_WEAK) ? 1 : 0;
}

/* The testimony of the neighbours within reach. */
static unsigned company(mk_edit *edit, size_t i, int reach)
{
    size_t before = i, after = i;
    unsigned sum = 0;
    for (int k = 0; k < reach; k++) {
        before = before == SIZE_MAX ? before : mk_edit_prev(edit, before);
        after = after == SIZE_MAX ? after : mk_edit_next(edit, after);
        sum += testimony(edit, before) + testimony(edit, after);
    }
    return sum;
}

static const mk_mark *judge(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_mark *mark = mk_line_mark(line, MK_WEAK);
    if (!mark || mark->strength == MK_CERTAIN)
        return mark;
    if (line->guarded)
        return mark->strength == MK_STRONG && company(edit, i, 1) >= 2 ? mark : NULL;
    if (mark->strength == MK_STRONG)
        return mark;
    return line->label != MK_LABEL_PROSE && company(edit, i, REACH) >= 2 ? mark : NULL;
}

static mk_err apply(const void *opaque, mk_edit *edit)
{
    const config *cf = opaque;
    const size_t n = mk_edit_doc(edit)->n_lines;
    const mk_mark **guilty = mk_edit_scratch(edit, (n + 1) * sizeof(*guilty));
    if (!guilty)
        return MK_NOMEM;
    /* first all are judged, then they go: a line that is gone still testifies */
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        guilty[i] = cf->level == LEVEL_CERTAIN ? mk_line_mark(mk_edit_line(edit, i), MK_CERTAIN)
                                               : judge(edit, i);
    for (size_t i = 0; i < n; i++)
        if (guilty[i])
            mk_edit_convict(edit, i, guilty[i]);
    return MK_OK;
}

const mk_filter mk_filter_verdict = {
    .abi = MK_FILTER_ABI,
    .name = "verdict",
    .summary = "remove the accused lines that evidence and place speak against",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(config),
    .apply = apply,
};
