/* prose: finds the lines that are running text for certain. They are the anchors
 * of the page's body: zones are drawn around them.
 *
 * Prose ends in a stop, or is long and has stops or commas inside. A question or
 * an exclamation mark at the end says little: headlines are full of them. So do
 * commas without a stop, unless the line is long. Such weak prose counts where
 * strong prose stands within two lines. Some writers end each line in dots ...: three such lines
 * side by side are prose if they were not all cut at one length, as teasers are. Nor is a line prose that a call begins («read
 * also: ...») and nothing ends. Thresholds are letters, not bytes.
 * Cases: fixtures/filters/prose.cases */
#include "minkhal/filter.h"

enum {
    MIN_LETTERS = 45,   /* letters: a headline has fewer, most paragraphs more */
    MIN_WORDS = 8,      /* words of a line that ends in a stop */
    LONG_LETTERS = 100, /* letters: long enough for one stop to be enough */
    VERY_LONG = 170,    /* letters: long enough for one comma to be enough */
    MIN_DOTTED = 3,     /* lines side by side that end in dots */
    DOTTED_WORDS = 5,   /* words of each */
    CALL_WORDS = 20,    /* words of a call and the headline behind it */
    CALLS_WORDS = 32    /* and of two or three headlines */
};

static const mk_rule rules[] = {{0}};

/* True if a call begins the line, and what follows may be a headline, or several where
 * the call has words enough to be no label like "by:". */
static bool is_call(const mk_line *line, const mk_mark *mark)
{
    const mk_features *f = &line->features;
    if (mark->from > 0 || mark->to == 0)
        return false;
    return (f->end == MK_END_NONE && f->n_words <= CALL_WORDS) ||
           ((f->end == MK_END_NONE || f->end == MK_END_QUESTION) && f->n_words <= CALLS_WORDS &&
            mk_str_has(mk_str_sub(line->folded, 0, mark->to), MK_STR(" ")));
}

static bool has_accuser(const mk_line *line)
{
    const mk_mark *mark = mk_line_mark(line, MK_STRONG);
    return mark && (mark->cover >= 25 || mark->strength == MK_CERTAIN || is_call(line, mark));
}

static bool is_strong(const mk_line *line)
{
    const mk_features *f = &line->features;
    if (f->n_letters < MIN_LETTERS || has_accuser(line))
        return false;
    if (f->end == MK_END_STOP && f->n_words >= MIN_WORDS)
        return true;
    if (f->n_stops > 0 && f->n_letters >= LONG_LETTERS && f->end != MK_END_DOTS)
        return true;
    return f->n_letters >= VERY_LONG && f->n_commas > 0;
}

static bool is_weak(const mk_line *line)
{
    const mk_features *f = &line->features;
    const bool stops = f->n_stops > (f->end == MK_END_QUESTION);
    return f->n_letters >= MIN_LETTERS && !has_accuser(line) &&
           (f->n_commas > 0 || stops || f->end == MK_END_COLON || f->n_letters >= LONG_LETTERS);
}

static bool is_dotted(const mk_line *line)
{
    const mk_str s = line->trimmed;
    return line->features.end == MK_END_DOTS && line->features.n_words >= DOTTED_WORDS &&
           s.ptr[s.len - 1] != ']' && /* a program's: an excerpt */
           !line->features.has_url && !mk_line_mark(line, MK_WEAK);
}

/* Labels lines side by side that end in dots, if two are long enough for a paragraph and one is
 * longer by half than another. */
static void label_dotted(mk_edit *edit)
{
    size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DOTS);
    while (i != SIZE_MAX) {
        uint32_t shortest = UINT32_MAX, longest = 0;
        unsigned n = 0, n_long = 0;
        size_t end = i;
        for (; end != SIZE_MAX && is_dotted(mk_edit_line(edit, end));
             end = mk_edit_next(edit, end)) {
            const uint32_t letters = mk_edit_line(edit, end)->features.n_letters;
            shortest = letters < shortest ? letters : shortest;
            longest = letters > longest ? letters : longest;
            n_long += letters >= MIN_LETTERS;
            n++;
        }
        for (; n >= MIN_DOTTED && n_long > 1 && longest * 2 >= shortest * 3 && i != end;
             i = mk_edit_next(edit, i))
            mk_edit_label(edit, i, MK_LABEL_PROSE);
        i = end == SIZE_MAX ? end : mk_edit_next_with(edit, end, MK_TRAIT_DOTS);
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    bool *strong = mk_edit_scratch(edit, doc->n_lines + 1);
    if (!strong)
        return MK_NOMEM;
    label_dotted(edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        strong[i] = is_strong(mk_edit_line(edit, i));
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        bool near = strong[i];
        size_t before = i, after = i;
        for (int k = 0; k < 2 && !near && is_weak(mk_edit_line(edit, i)); k++) {
            before = before == SIZE_MAX ? before : mk_edit_prev(edit, before);
            after = after == SIZE_MAX ? after : mk_edit_next(edit, after);
            near = (before != SIZE_MAX && strong[before]) || (after != SIZE_MAX && strong[after]);
        }
        if (near)
            mk_edit_label(edit, i, MK_LABEL_PROSE);
    }
    return MK_OK;
}

const mk_filter mk_filter_prose = {
    .abi = MK_FILTER_ABI,
    .name = "prose",
    .summary = "find the lines that are running text: the anchors of the body",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
