/* verdict: decides which accused lines go. They go in the name of the filter and
 * rule that accused them.
 *
 * - certain evidence: the line goes wherever it stands
 * - strong evidence: it goes, unless the line is guarded and stands alone, or is a text and
 *   the evidence little of it
 * - weak evidence: it goes if within two lines, no paragraph between, there is
 *   strong evidence too, or weak evidence twice; or if three lines of the page say
 *   the same; or if it is a label over the title or on top of the
 *   page, or the last line, under the body; and
 *   never from prose or guarded lines
 * profile careful: certain evidence, and strong evidence that covers the whole line.
 * Profile strict: weak evidence alone is enough against lines that are neither prose
 * nor guarded. Cases: fixtures/filters/verdict.cases */
#include <stdlib.h>

#include "minkhal/filter.h"

enum { LEVEL_CERTAIN, LEVEL_BALANCED, LEVEL_STRICT };
enum { WHOLE = 95, LITTLE = 25 /* percent of a line that a phrase covers */ };
enum { LABEL_WORDS = 3, SECTION_WORDS = 2, LAST_WORDS = 16, TEXT_WORDS = 9 };
enum { LONG = 100 /* letters of a line that holds a text, with or without a stop */ };
enum { AGAIN = 3 /* accused lines that say the same: buttons under posts */ };
enum { REACH = 2 /* lines in play on each side that can bear a weak accusation out */ };

typedef struct config {
    int level;
} config;

static const mk_rule rules[] = {{0}};

static const mk_option options[] = {
    {.name = "level",
     .help = "what is enough: certain evidence and whole lines, strong and weak in context, any",
     .type = MK_OPTION_CHOICE,
     .offset = offsetof(config, level),
     .def = LEVEL_BALANCED,
     .choices = "certain|balanced|strict"},
    {0},
};

/* What a neighbour's evidence bears out: 2 if strong, 1 if weak. Bare numbers
 * bear nothing out; nor do, where there was markup, lines that are guarded too. */
static unsigned testimony(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    if (line->features.n_letters == 0 || (line->cues && line->guard))
        return 0;
    return mk_line_mark(line, MK_STRONG) ? 2 : mk_line_mark(line, MK_WEAK) ? 1 : 0;
}

/* The testimony of the neighbours within reach on one side. Those behind a
 * paragraph bear nothing out: so stand the headings of an article. */
static unsigned company_of_side(mk_edit *edit, size_t i, int reach,
                                size_t (*step)(const mk_edit *, size_t))
{
    unsigned sum = 0;
    for (int k = 0; k < reach; k++) {
        i = step(edit, i);
        if (i == SIZE_MAX)
            break;
        const unsigned said = testimony(edit, i);
        if (said == 0 && mk_edit_line(edit, i)->label == MK_LABEL_PROSE)
            break;
        sum += said;
    }
    return sum;
}

static unsigned company(mk_edit *edit, size_t i, int reach)
{
    return company_of_side(edit, i, reach, mk_edit_prev) +
           company_of_side(edit, i, reach, mk_edit_next);
}

/* Hashes of the accused lines' words, sorted. */
typedef struct echoes {
    uint64_t *hashes;
    size_t n;
} echoes;

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool gather_echoes(mk_edit *edit, echoes *ret)
{
    ret->hashes = mk_edit_scratch(edit, (mk_edit_doc(edit)->n_lines + 1) * sizeof(*ret->hashes));
    ret->n = 0;
    if (!ret->hashes)
        return false;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->marks && line->features.n_letters > 0)
            ret->hashes[ret->n++] = mk_hash64(line->folded);
    }
    qsort(ret->hashes, ret->n, sizeof(*ret->hashes), by_value);
    return true;
}

/* True if AGAIN accused lines or more have the line's words. */
static bool is_echo(const echoes *e, const mk_line *line)
{
    const uint64_t hash = mk_hash64(line->folded);
    size_t low = 0, high = e->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (e->hashes[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low + AGAIN <= e->n && e->hashes[low] == hash && e->hashes[low + AGAIN - 1] == hash;
}

/* True if line i, which no stop ends, is the last of the page, under its body. */
static bool is_last_line(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    return line->zone == MK_ZONE_TAIL && mk_edit_next(edit, i) == SIZE_MAX &&
           line->features.n_words <= LAST_WORDS && line->features.n_letters > 0 &&
           line->features.end != MK_END_STOP;
}

/* True if line i is of a word or three, and a longer one that can be a title stands
 * under it, over the body: the name of a section. */
static bool is_over_title(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const size_t after = mk_edit_next(edit, i);
    if (after == SIZE_MAX || line->zone != MK_ZONE_HEAD || line->features.n_words > LABEL_WORDS ||
        line->features.n_letters == 0 || line->features.end == MK_END_COLON)
        return false;
    const mk_line *title = mk_edit_line(edit, after);
    return title->zone == MK_ZONE_HEAD && title->features.n_words > LABEL_WORDS && !title->marks &&
           title->features.end != MK_END_COLON;
}

/* A word or two, with text under them. */
static bool heads_text(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const size_t after = mk_edit_next(edit, i);
    if (after == SIZE_MAX || line->features.n_words > SECTION_WORDS ||
        line->features.n_letters == 0 || line->features.end == MK_END_COLON)
        return false;
    const mk_line *text = mk_edit_line(edit, after);
    return !text->guard && !text->marks && text->features.end != MK_END_COLON &&
           (text->label == MK_LABEL_PROSE || text->features.n_words >= TEXT_WORDS);
}

/* True if line i is the first of the page and heads text: the name of a section. Where
 * another accused line heads text too, they are the headings of a guide. */
static bool is_over_text(mk_edit *edit, size_t i)
{
    if (mk_edit_prev(edit, i) != SIZE_MAX || !heads_text(edit, i))
        return false;
    for (size_t k = mk_edit_next(edit, i); k != SIZE_MAX; k = mk_edit_next(edit, k))
        if (mk_edit_line(edit, k)->marks && heads_text(edit, k))
            return false;
    return true;
}

/* True if mark speaks of a few words behind a text: those are cut, the text stays. */
static bool is_of_tail(const mk_line *line, const mk_mark *mark)
{
    return mark->cover < LITTLE &&
           (line->label == MK_LABEL_PROSE || (mark->from > 0 && line->features.n_letters >= LONG));
}

static const mk_mark *judge(mk_edit *edit, size_t i, int level, const echoes *e)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_mark *mark = mk_line_mark(line, MK_WEAK);
    if (!mark || mark->strength == MK_CERTAIN)
        return mark;
    if (level == LEVEL_CERTAIN)
        return mark->strength == MK_STRONG && mark->cover >= WHOLE && !line->guard ? mark : NULL;
    if (line->guard)
        return mark->strength == MK_STRONG && company(edit, i, 1) >= 2 ? mark : NULL;
    if (is_of_tail(line, mark))
        return NULL;
    if (mark->strength == MK_STRONG)
        return mark;
    if (level == LEVEL_STRICT)
        return line->label != MK_LABEL_PROSE && line->features.n_letters > 0 ? mark : NULL;
    if (line->label == MK_LABEL_PROSE)
        return NULL;
    return company(edit, i, REACH) >= 2 || is_over_title(edit, i) || is_over_text(edit, i) ||
                   is_last_line(edit, i) || (line->features.n_letters > 0 && is_echo(e, line))
               ? mark
               : NULL;
}

static mk_err apply(const void *opaque, mk_edit *edit)
{
    const config *cf = opaque;
    const size_t n = mk_edit_doc(edit)->n_lines;
    const mk_mark **guilty = mk_edit_scratch(edit, (n + 1) * sizeof(*guilty));
    echoes e;
    if (!guilty || !gather_echoes(edit, &e))
        return MK_NOMEM;
    /* first all are judged, then they go: a line that is gone still testifies */
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        guilty[i] = judge(edit, i, cf->level, &e);
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
