/* counters: how often a page was seen, shared or commented on. A number that
 * stands alone is a weak sign: it may be a page number or a cell of a table. Ten
 * and more that count up, line after line, are a calendar or a pager. Names with a number
 * in brackets behind them, three or more in a row, are sections or months with the number
 * of their entries, if labels stand for a part of their words; people have their age there.
 * Cases: fixtures/filters/counters.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { COUNTER, CALENDAR, ENTRIES };

static const mk_rule rules[] = {
    [COUNTER] = {"counter", "counter", "views, visits, votes, downloads"},
    [CALENDAR] = {"calendar", "counter", "numbers that count up: a calendar's days, a pager"},
    [ENTRIES] = {"entries", "counter", "sections and months with the number of their entries"},
    {0},
};

enum {
    MIN_DAYS = 10, /* lines that count up */
    MAX_GAP = 2,   /* other lines between two of them: the end of a week */
    MIN_NAMES = 3, /* lines with a number in brackets */
    NAME_WORDS = 7,
    MAX_UNITS = 6,    /* letters of thousands beside counts */
    UNIT_LETTERS = 3, /* in the brackets: a thousand, K */
    LABELS = 25,      /* percent of the words of names for which labels stand */
    FIRST_LINES = 12, /* of the page, where a number beside furniture is a count */
    FIRST_WORDS = 12  /* of a line that may stand there: no paragraph */
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

/* A few words, then a number in brackets. */
static bool is_name_and_number(const mk_line *line)
{
    const mk_str s = line->trimmed;
    if (line->features.n_digits == 0 || line->features.n_words > NAME_WORDS || s.len < 4 ||
        s.ptr[s.len - 1] != ')')
        return false;
    size_t open = s.len - 1;
    while (open > 0 && s.ptr[open] != '(')
        open--;
    unsigned digits = 0, letters = 0;
    for (size_t at = open + 1; at < s.len - 1;) {
        const uint32_t cp = mk_utf8_next(s, &at);
        digits += mk_digit_value(cp) >= 0;
        letters += mk_is_letter(cp);
    }
    return open > 0 && digits > 0 && letters <= UNIT_LETTERS &&
           line->features.n_letters > letters && line->features.n_digits == digits;
}

/* Marks the names with numbers from line i on. Returns the last of them. */
static size_t mark_entries(mk_edit *edit, size_t i)
{
    const size_t first = i;
    size_t last = i;
    unsigned n = 0, labels = 0, all = 0;
    for (; i != SIZE_MAX && is_name_and_number(mk_edit_line(edit, i)); i = mk_edit_next(edit, i)) {
        unsigned words;
        labels += mk_edit_labels(edit, i, &words);
        all += words;
        n++;
        last = i;
    }
    if (n < MIN_NAMES || labels * 100 < all * LABELS)
        return last;
    const mk_str evidence = mk_edit_format(edit, "%u names with a number in brackets", n);
    for (i = first; i <= last; i = mk_edit_next(edit, i))
        mk_edit_accuse(edit, i, ENTRIES, MK_STRONG, evidence);
    return last;
}

/* Accuses numbers of two digits and more over the text that stand beside a date or other
 * furniture. */
static void accuse_first(mk_edit *edit)
{
    size_t before = SIZE_MAX, i = mk_edit_next(edit, SIZE_MAX);
    for (int k = 0; i != SIZE_MAX && k < FIRST_LINES; k++) {
        const mk_line *line = mk_edit_line(edit, i);
        const size_t after = mk_edit_next(edit, i);
        if (line->features.n_words > FIRST_WORDS)
            return;
        if (line->features.n_digits > 1 && number_of(line) >= 0 &&
            ((before != SIZE_MAX && mk_line_mark(mk_edit_line(edit, before), MK_STRONG)) ||
             (after != SIZE_MAX && mk_line_mark(mk_edit_line(edit, after), MK_STRONG))))
            mk_edit_accuse(edit, i, COUNTER, MK_STRONG, MK_STR("a number beside furniture"));
        before = i;
        i = after;
    }
}

/* "27.9K 1.5K 171": counts, one of them at least in thousands or millions, and nothing else. */
static bool is_counts(const mk_line *line)
{
    const mk_str s = line->trimmed;
    unsigned units = 0;
    if (line->features.n_letters == 0 || line->features.n_letters > MAX_UNITS)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        const bool digit = c >= '0' && c <= '9';
        const bool unit = i > 0 && strchr("KkMm", c) && c != '\0' && s.ptr[i - 1] >= '0' &&
                          s.ptr[i - 1] <= '9' && (i + 1 == s.len || s.ptr[i + 1] == ' ');
        if (!digit && !unit && c != ' ' && c != '.' && c != ',')
            return false;
        units += unit;
    }
    return units > 0;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    const uint32_t traits = MK_TRAIT_FOREIGN | MK_TRAIT_DIGITS;
    accuse_first(edit);
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, traits); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, traits))
        if (is_counts(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, COUNTER, MK_STRONG, MK_STR("counts in thousands"));
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_FIGURES | MK_TRAIT_DIGITS);
         i != SIZE_MAX; i = mk_edit_next_with(edit, i, MK_TRAIT_FIGURES | MK_TRAIT_DIGITS)) {
        const mk_features *f = &mk_edit_line(edit, i)->features;
        if (f->n_letters == 0 && f->n_digits > 0)
            mk_edit_accuse(edit, i, COUNTER, MK_WEAK, MK_STR("numbers alone"));
    }
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DIGITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_DIGITS))
        if (number_of(mk_edit_line(edit, i)) >= 0)
            i = mark_calendar(edit, i);
        else if (is_name_and_number(mk_edit_line(edit, i)))
            i = mark_entries(edit, i);
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
