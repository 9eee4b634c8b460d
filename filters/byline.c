/* byline: dates, clocks, authors and the empty labels of both, where they are a
 * line of their own. A date inside a sentence is content; so is a year that heads
 * an event. Words of dates are pieces in lexicons/byline.txt; what has no letter
 * is recognised here: 02 : 00, 2021-07-31 14:05.
 * Cases: fixtures/filters/byline.cases */
#include "minkhal/filter.h"

enum { DATE, AUTHOR, LABEL, DATELINE };

static const mk_rule rules[] = {
    [DATE] = {"date", "byline", "a line that is a date, a clock or both"},
    [AUTHOR] = {"author", "byline", "who wrote, edited or translated"},
    [LABEL] = {"label", "byline", "labels of dates and authors, filled in or not"},
    [DATELINE] = {"dateline", "byline", "an agency or place that stands alone"},
    {0},
};

enum {
    MIN_DIGITS = 3,
    MAX_DIGITS = 14, /* 2021-07-31 14:05:59 */
    MIN_CLOCKS = 4,  /* in a row */
    MAX_PLACE = 20,  /* letters beside them */
    NAME_WORDS = 8   /* of a name and a date on one line */
};

static bool is_joint(char c)
{
    return c == ':' || c == '/' || c == '-' || c == '.';
}

/* Digits, spaces and signs, two numbers or more with a joint between them. */
static bool is_clock(const mk_line *line)
{
    const mk_features *f = &line->features;
    if (f->n_letters > 0 || f->n_digits < MIN_DIGITS || f->n_digits > MAX_DIGITS || f->n_words < 2)
        return false;
    const mk_str text = mk_str_trim(line->seen);
    for (size_t i = 1; i + 1 < text.len; i++)
        if (text.ptr[i] == ':' || (is_joint(text.ptr[i]) && f->n_words >= 3))
            return true;
    return false;
}

/* Clocks in a row, with a place's name perhaps: prayer times, hours of the world.
 * Several such rows are a timetable. */
static bool is_row_of_clocks(const mk_line *line)
{
    const mk_str s = line->seen;
    unsigned n = 0;
    if (line->features.n_letters > MAX_PLACE || line->features.n_digits < MIN_CLOCKS)
        return false;
    for (size_t i = 1; i + 1 < s.len; i++)
        n += s.ptr[i] == ':' && s.ptr[i - 1] >= '0' && s.ptr[i - 1] <= '9' && s.ptr[i + 1] >= '0' &&
             s.ptr[i + 1] <= '9';
    return n >= MIN_CLOCKS;
}

/* "Layan - 12 February 2021": a few words, a dash, a day and a year at the end. */
static bool is_name_and_date(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = mk_str_trim(line->seen);
    if (f->n_words < 4 || f->n_words > NAME_WORDS || f->n_stops > 0 || f->n_digits < 5 ||
        f->n_digits > 6 || s.len < 5 ||
        !(mk_str_has(s, MK_STR(" \u2013 ")) || mk_str_has(s, MK_STR(" - "))))
        return false;
    const char *year = s.ptr + s.len - 4;
    return (memcmp(year, "19", 2) == 0 || memcmp(year, "20", 2) == 0) && year[2] >= '0' &&
           year[2] <= '9' && year[3] >= '0' && year[3] <= '9' && year[-1] == ' ';
}

static bool stands_alone(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i), after = mk_edit_next(edit, i);
    return (before == SIZE_MAX || !is_row_of_clocks(mk_edit_line(edit, before))) &&
           (after == SIZE_MAX || !is_row_of_clocks(mk_edit_line(edit, after)));
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (is_clock(line) || (is_row_of_clocks(line) && stands_alone(edit, i)))
            mk_edit_mark(edit, i,
                         (mk_mark){.rule = DATE,
                                   .effect = MK_EFFECT_DROP,
                                   .strength = MK_STRONG,
                                   .cover = 100,
                                   .evidence = MK_STR("a clock or date in digits")});
        else if (is_name_and_date(line))
            mk_edit_mark(edit, i,
                         (mk_mark){.rule = AUTHOR,
                                   .effect = MK_EFFECT_WITHIN,
                                   .strength = MK_WEAK,
                                   .cover = 100,
                                   .evidence = MK_STR("a name, a dash and a date")});
    }
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("byline"), {0}};

const mk_filter mk_filter_byline = {
    .abi = MK_FILTER_ABI,
    .name = "byline",
    .summary = "dates, clocks and authors that are a line of their own",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
