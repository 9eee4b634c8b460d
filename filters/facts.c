/* facts: what a page says of itself on the lines that go, kept as metadata: the
 * date of publication and the title. A record's own date and title win.
 *
 * The date is that of the first line that goes from above the body and holds one:
 * dates further down are those of pictures, comments and other pages. It is written as ISO 8601 where it is
 * certain: a day, the name of a month and a year; four digits, two and two; or a day, a
 * month and a year in figures that can be read in one way alone (22/4/2010). Others
 * (03/04/2021) are read differently from country to country: such a date is kept as it is
 * written. What stands around the date is no part of it, and a line in which none is
 * found has none. Hijri dates are not converted. Changes no line. Cases: tests/filters/test_page_facts.c */
#include "minkhal/filter.h"

/* The sections of lexicons/facts.txt, in the order of the year. */
static const mk_rule rules[] = {
    {"january", "date", "names of the month"},
    {"february", "date", "names of the month"},
    {"march", "date", "names of the month"},
    {"april", "date", "names of the month"},
    {"may", "date", "names of the month"},
    {"june", "date", "names of the month"},
    {"july", "date", "names of the month"},
    {"august", "date", "names of the month"},
    {"september", "date", "names of the month"},
    {"october", "date", "names of the month"},
    {"november", "date", "names of the month"},
    {"december", "date", "names of the month"},
    {0},
};

enum {
    MIN_YEAR = 1990, /* pages are not older than the web */
    MAX_YEAR = 2099,
    MAX_NUMBERS = 12,
    MAX_DATE_WORDS = 16, /* of a line that is a date and its label */
    MIN_TITLE_WORDS = 3,
    MAX_TITLE_WORDS = 30
};

/* A number of a line: its value, digits, and where it stands. */
typedef struct number {
    unsigned value, digits;
    size_t at, end; /* bytes of the text */
} number;

static size_t find_numbers(mk_str text, number ret[MAX_NUMBERS])
{
    size_t n = 0;
    for (size_t at = 0; at < text.len && n < MAX_NUMBERS;) {
        const size_t from = at;
        int digit = mk_digit_value(mk_utf8_next(text, &at));
        if (digit < 0)
            continue;
        number *found = &ret[n++];
        *found = (number){.at = from};
        for (; digit >= 0; digit = mk_digit_value(mk_utf8_next(text, &at))) {
            found->value = found->digits < 6 ? found->value * 10 + (unsigned)digit : found->value;
            found->digits++;
            found->end = at;
            if (at == text.len)
                break;
        }
        at = found->end;
    }
    return n;
}

static bool is_year(const number *n)
{
    return n->digits == 4 && n->value >= MIN_YEAR && n->value <= MAX_YEAR;
}

static bool is_day(const number *n)
{
    return n->digits <= 2 && n->value >= 1 && n->value <= 31;
}

static size_t gap(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

/* Day and year that stand nearest to the month's name; false if one is missing. */
static bool find_day_and_year(const number *numbers, size_t n, size_t month_at, unsigned *day,
                              unsigned *year)
{
    size_t best_day = SIZE_MAX, best_year = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        const size_t distance = gap(numbers[i].at, month_at);
        if (is_year(&numbers[i]) && distance < best_year) {
            best_year = distance;
            *year = numbers[i].value;
        } else if (is_day(&numbers[i]) && distance < best_day) {
            best_day = distance;
            *day = numbers[i].value;
        }
    }
    return best_day != SIZE_MAX && best_year != SIZE_MAX;
}

/* 2021-07-31, 2021/7/31: year, month, day, one sign between them. */
static bool is_iso(mk_str text, const number *n, size_t count)
{
    return count >= 3 && is_year(&n[0]) && n[1].digits <= 2 && n[1].value >= 1 &&
           n[1].value <= 12 && is_day(&n[2]) && n[1].at == n[0].end + 1 &&
           n[2].at == n[1].end + 1 && text.ptr[n[0].end] == text.ptr[n[1].end];
}

/* The sign between two numbers that one of these and blanks part; 0: something else does. */
static char sign_between(mk_str text, const number *a, const number *b)
{
    const mk_str between = mk_str_trim(mk_str_sub(text, a->end, b->at));
    return between.len == 1 && strchr("/-.", between.ptr[0]) ? between.ptr[0] : '\0';
}

/* 22/4/2010, 4-22-2010, 03.04.2021: a day and a month, in either order, and a year. */
static bool is_figures(mk_str text, const number *n)
{
    const char sign = sign_between(text, &n[0], &n[1]);
    return sign != '\0' && sign == sign_between(text, &n[1], &n[2]) && is_day(&n[0]) &&
           is_day(&n[1]) && is_year(&n[2]) && (n[0].value <= 12 || n[1].value <= 12);
}

/* Such a date: in ISO 8601 if day and month are one number or one of them is above 12. */
static mk_str read_figures(mk_edit *edit, mk_str text, const number *n)
{
    const unsigned a = n[0].value, b = n[1].value;
    if (a != b && a <= 12 && b <= 12)
        return mk_str_sub(text, n[0].at, n[2].end);
    return mk_edit_format(edit, "%04u-%02u-%02u", n[2].value, a > 12 ? b : a, a > 12 ? a : b);
}

/* The date that line says, in ISO 8601 or as written; empty if there is none. */
static mk_str read_date(mk_edit *edit, const mk_line *line, const mk_lexicon *months)
{
    number numbers[MAX_NUMBERS];
    const mk_str text = line->seen;
    const size_t n = find_numbers(text, numbers);
    unsigned day = 0, year = 0;
    for (size_t i = 0; i + 2 < n; i++)
        if (is_iso(text, &numbers[i], n - i))
            return mk_edit_format(edit, "%04u-%02u-%02u", numbers[i].value, numbers[i + 1].value,
                                  numbers[i + 2].value);
    for (uint32_t h = 0; h < line->n_hits; h++) {
        const mk_hit *hit = &line->hits[h];
        if (mk_hit_is_of(hit, months) &&
            find_day_and_year(numbers, n, mk_line_offset(line, hit->from), &day, &year))
            return mk_edit_format(edit, "%04u-%02u-%02u", year, mk_hit_rule(hit, months) + 1, day);
    }
    for (size_t i = 0; i + 2 < n; i++)
        if (is_figures(text, &numbers[i]))
            return read_figures(edit, text, &numbers[i]);
    return (mk_str){"", 0};
}

/* A line that goes for being a date, or for a label beside one. */
static bool may_be_date(const mk_line *line)
{
    return line->gone && line->marks && line->features.n_digits > 0 &&
           line->features.n_words <= MAX_DATE_WORDS;
}

static mk_str find_date(mk_edit *edit, const mk_lexicon *months)
{
    const mk_doc *doc = mk_edit_doc(edit);
    mk_str found = {"", 0};
    for (size_t i = 0; i < doc->n_lines; i++) {
        if (doc->lines[i].zone != MK_ZONE_HEAD)
            break;
        if (!may_be_date(&doc->lines[i]))
            continue;
        found = read_date(edit, mk_edit_line(edit, i), months);
        if (found.len > 0)
            break;
    }
    return found;
}

/* The first line that stays, if it stands over the body and reads like a title. */
static void find_title(mk_edit *edit)
{
    const mk_doc *doc = mk_edit_doc(edit);
    const size_t i = mk_edit_next(edit, SIZE_MAX);
    if (doc->title.len > 0 || i == SIZE_MAX || doc->lines[i].zone != MK_ZONE_HEAD)
        return;
    const mk_line *line = mk_edit_line(edit, i);
    if (line->features.n_words < MIN_TITLE_WORDS || line->features.n_words > MAX_TITLE_WORDS ||
        line->features.n_digits * 4 > line->features.n_letters ||
        line->features.end == MK_END_STOP || line->features.end == MK_END_COLON || line->guard)
        return;
    mk_edit_label(edit, i, MK_LABEL_TITLE);
    mk_edit_meta(edit, "title", mk_str_trim(line->text));
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_phrases *phrases = config;
    mk_edit_meta(edit, "date", find_date(edit, phrases->lexicon));
    find_title(edit);
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("facts"), {0}};

const mk_filter mk_filter_facts = {
    .abi = MK_FILTER_ABI,
    .name = "facts",
    .summary = "keep the page's date and title as metadata",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
