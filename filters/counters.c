/* counters: how often a page was seen, shared or commented on. A number that
 * stands alone is a weak sign: it may be a page number or a cell of a table. Ten
 * and more that count up, line after line, are a calendar or a pager.
 * Cases: fixtures/filters/counters.cases */
#include "minkhal/filter.h"

enum { COUNTER, CALENDAR };

static const mk_rule rules[] = {
    [COUNTER] = {"counter", "counter", "views, visits, votes, downloads"},
    [CALENDAR] = {"calendar", "counter", "numbers that count up: a calendar's days, a pager"},
    {0},
};

enum {
    MIN_DAYS = 10, /* lines that count up */
    MAX_GAP = 2    /* other lines between two of them: the end of a week */
};

/* The number that the line is; -1 if it is something else. */
static long number_of(const mk_line *line)
{
    if (line->features.n_letters > 0)
        return -1;
    const mk_str s = line->trimmed;
    long n = 0;
    for (size_t at = 0; at < s.len;) {
        const int digit = mk_digit_value(mk_utf8_next(s, &at));
        if (digit < 0 || n > 9999)
            return -1;
        n = n * 10 + digit;
    }
    return s.len > 0 ? n : -1;
}

/* Marks what counts up from line i on. Returns the last line of it. */
static size_t mark_calendar(mk_edit *edit, size_t i)
{
    const size_t first = i;
    size_t last = i;
    unsigned n = 1, gap = 0;
    long next = number_of(mk_edit_line(edit, i)) + 1;
    while ((i = mk_edit_next(edit, i)) != SIZE_MAX && gap <= MAX_GAP) {
        if (number_of(mk_edit_line(edit, i)) == next) {
            last = i;
            next++;
            n++;
            gap = 0;
        } else {
            gap++;
        }
    }
    for (i = first; n >= MIN_DAYS && i <= last; i = mk_edit_next(edit, i))
        if (number_of(mk_edit_line(edit, i)) >= 0)
            mk_edit_accuse(edit, i, CALENDAR, MK_CERTAIN, MK_STR("numbers that count up"));
    return last;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_features *f = &mk_edit_line(edit, i)->features;
        if (f->n_letters == 0 && f->n_digits > 0)
            mk_edit_accuse(edit, i, COUNTER, MK_WEAK, MK_STR("numbers alone"));
    }
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (number_of(mk_edit_line(edit, i)) >= 0)
            i = mark_calendar(edit, i);
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("counters"), {0}};

const mk_filter mk_filter_counters = {
    .abi = MK_FILTER_ABI,
    .name = "counters",
    .summary = "views, shares, votes and other counts",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
