/* widgets: boxes of weather, currencies, prayer times and polls, strings of
 * players, «was this useful». Refuses timetables and tables that are the
 * article: names and numbers are weak, but where rows of nothing else stand over the
 * first sentence of a page. Names of days are a calendar
 * only where the numbers of days follow. Cases: fixtures/filters/widgets.cases. */
#include "minkhal/filter.h"

enum { WEATHER, CURRENCY, PRAYER, POLL, PLAYER, USEFUL, CALENDAR };

static const mk_rule rules[] = {
    [WEATHER] = {"weather", "widget", "the weather box"},
    [CURRENCY] = {"currency", "widget", "currencies, gold, shares"},
    [PRAYER] = {"prayer", "widget", "the box of prayer times"},
    [POLL] = {"poll", "widget", "heads and buttons of a poll"},
    [PLAYER] = {"player", "widget", "strings of video and audio players"},
    [USEFUL] = {"useful", "widget", "was this useful"},
    [CALENDAR] = {"calendar", "widget", "days of the week, and numbers of days under them"},
    {0},
};

enum {
    MAX_ABOVE = 60, /* lines over the text that are looked at */
    MIN_CELLS = 3,  /* in a row */
    CELL_WORDS = 5,
    CELL_LETTERS = 25,
    TEXT_WORDS = 8, /* words of a line that ends in a stop */
    MIN_WEEK = 5,   /* days side by side */
    MIN_DAYS = 7,   /* lines of numbers under them */
    DAYS = 7,
    ROW_LETTERS = 20, /* letters of all the days, in one line */
    MIN_ROWS = 3      /* lines of numbers under such a line */
};

/* A place and its degrees: «25° Cairo». */
static bool is_degrees(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_digits > 0 && f->n_words <= CELL_WORDS && f->n_letters <= CELL_LETTERS &&
           f->end != MK_END_STOP && f->signs & MK_SIGN_DEGREE;
}

/* A number and a currency, or a name of the box: all of the line is known. */
static bool is_price(const mk_line *line, const mk_lexicon *lexicon)
{
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) && line->hits[h].cover == 100 &&
            mk_hit_rule(&line->hits[h], lexicon) == CURRENCY)
            return line->features.n_digits > 0;
    return false;
}

static void mark_cells(mk_edit *edit, const size_t *cells, unsigned n, const mk_lexicon *lexicon)
{
    for (unsigned k = 0; n >= MIN_CELLS && k < n; k++)
        mk_edit_accuse(edit, cells[k],
                       is_price(mk_edit_line(edit, cells[k]), lexicon) ? CURRENCY : WEATHER,
                       MK_STRONG, mk_edit_format(edit, "one of %u figures in a row", n));
}

/* ---- calendars ---- */

static bool is_day(const mk_line *line, const mk_lexicon *lexicon)
{
    if (line->features.n_words != 1 || line->features.n_digits > 0)
        return false;
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) &&
            mk_hit_rule(&line->hits[h], lexicon) == CALENDAR)
            return true;
    return false;
}

/* All the days in one line, by their first letters. */
static bool is_week(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words == DAYS && f->n_arabic > 0 && f->n_letters <= ROW_LETTERS &&
           f->n_digits == 0 && f->end != MK_END_STOP;
}

/* Accuses the lines from first on, and a month and a year over them. */
static void mark_calendar(mk_edit *edit, size_t first, size_t end)
{
    const size_t before = mk_edit_prev(edit, first);
    if (before != SIZE_MAX && mk_edit_line(edit, before)->features.n_words == 2 &&
        mk_edit_line(edit, before)->features.n_digits == 4)
        first = before;
    for (size_t i = first; i != end && i != SIZE_MAX; i = mk_edit_next(edit, i))
        mk_edit_accuse(edit, i, CALENDAR, MK_CERTAIN,
                       MK_STR("days of the week over their numbers"));
}

/* The line after the days of the week that begin with line i; i if there are none. */
static size_t skip_week(mk_edit *edit, size_t i, const mk_lexicon *lexicon, unsigned *ret_least)
{
    if (is_week(mk_edit_line(edit, i))) {
        *ret_least = MIN_ROWS;
        return mk_edit_next(edit, i);
    }
    unsigned days = 0;
    size_t end = i;
    for (; end != SIZE_MAX && is_day(mk_edit_line(edit, end), lexicon);
         end = mk_edit_next(edit, end))
        days++;
    *ret_least = MIN_DAYS;
    return days >= MIN_WEEK ? end : i;
}

static void find_calendars(mk_edit *edit, const mk_lexicon *lexicon)
{
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX;) {
        unsigned least = 0, numbers = 0;
        size_t end = skip_week(edit, i, lexicon, &least);
        if (end == i) {
            i = mk_edit_next(edit, i);
            continue;
        }
        for (; end != SIZE_MAX && mk_edit_line(edit, end)->features.n_letters == 0;
             end = mk_edit_next(edit, end))
            numbers += mk_edit_line(edit, end)->features.n_digits > 0;
        if (numbers >= least)
            mark_calendar(edit, i, end);
        i = end;
    }
}

/* Rows of degrees and prices that stand over the text, a date between them perhaps. */
static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    const mk_err err = mk_phrases_apply(config, edit);
    if (!err)
        find_calendars(edit, lexicon);
    size_t cells[MAX_ABOVE];
    unsigned n = 0, seen = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX && seen < MAX_ABOVE && !err;
         i = mk_edit_next(edit, i), seen++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.end == MK_END_STOP && line->features.n_words >= TEXT_WORDS)
            break;
        if (line->features.n_digits > 0 && (is_degrees(line) || is_price(line, lexicon))) {
            cells[n++] = i;
        } else if (line->features.end == MK_END_COLON || line->features.n_words > CELL_WORDS) {
            mark_cells(edit, cells, n, lexicon);
            n = 0;
            if (line->features.end == MK_END_COLON)
                break; /* what follows is the text's own */
        }
    }
    if (!err)
        mark_cells(edit, cells, n, lexicon);
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("widgets"), {0}};

const mk_filter mk_filter_widgets = {
    .abi = MK_FILTER_ABI,
    .name = "widgets",
    .summary = "weather, currencies, prayer times, polls, players",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
