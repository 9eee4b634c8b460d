/* byline: dates, clocks, authors and the empty labels of both, where they are a
 * line of their own. A date inside a sentence is content; so is a year that heads
 * an event. Words of dates are pieces in lexicons/byline.txt; what has no letter
 * is recognised here: 02 : 00, 2021-07-31 14:05; so are a name and a date with a
 * rule between them, and a name behind a slash.
 * Cases: fixtures/filters/byline.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { DATE, AUTHOR, LABEL, DATELINE, COMMENT };

static const mk_rule rules[] = {
    [DATE] = {"date", "byline", "a line that is a date, a clock or both"},
    [AUTHOR] = {"author", "byline", "who wrote, edited or translated"},
    [LABEL] = {"label", "byline", "labels of dates and authors, filled in or not"},
    [DATELINE] = {"dateline", "byline", "an agency or place that stands alone"},
    [COMMENT] = {"comment", "comments", "who commented, by number, and when, on the next line"},
    {0},
};

enum {
    MIN_DIGITS = 3,
    MAX_DIGITS = 14,    /* 2021-07-31 14:05:59 */
    MIN_CLOCKS = 4,     /* in a row */
    MAX_PLACE = 20,     /* letters beside them */
    NAME_WORDS = 8,     /* of a name and a date on one line */
    MIN_DAY = 6,        /* digits of a day in figures */
    DAY_LETTERS = 12,   /* beside it */
    MONTH_LETTERS = 30, /* beside a day, a year and a clock: the month's name and a few words */
    NAME_LETTERS = 20,  /* a weekday, a month and "pm" have fewer */
    STAMP_LETTERS = 40, /* beside a day and a clock in figures */
    STAMP_BYTES = 100,  /* of the line as figures */
    DATE_WORDS = 5,     /* of a full date */
    LABEL_WORDS = 30,   /* of a label with a date, counts and a section behind it */
    LABEL_BYTES = 250,
    MASTHEAD_WORDS = 12, /* a weekday and two dates */
    AGE_WORDS = 5,       /* of a name, a number and a unit */
    DANGLING_WORDS = 3,  /* before a dash */
    AUTHOR_WORDS = 14,   /* of an author, a day, a section and counts */
    MIN_COMMENTS = 2,    /* with numbers that follow each other */
    READER_WORDS = 7,    /* of a number and a name */
    WHEN_DIGITS = 7      /* of a day and a clock */
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
    const mk_str text = line->trimmed;
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

/* What parts a name from a date behind it. */
static bool has_rule(mk_str s)
{
    return mk_str_has(s, MK_STR(" \u2013 ")) || mk_str_has(s, MK_STR(" - ")) ||
           mk_str_has(s, MK_STR(" | ")) || mk_str_has(s, MK_STR(" \u00B7 "));
}

/* "Layan - 12 February 2021": a few words, a rule, a day and a year at the end. */
static bool is_name_and_date(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    if (f->n_words < 4 || f->n_words > NAME_WORDS || f->n_stops > 0 || f->n_digits < 5 ||
        f->n_digits > 6 || s.len < 5 || !(f->signs & (MK_SIGN_DASH | MK_SIGN_BAR)) || !has_rule(s))
        return false;
    const char *year = s.ptr + s.len - 4;
    return (memcmp(year, "19", 2) == 0 || memcmp(year, "20", 2) == 0) && year[2] >= '0' &&
           year[2] <= '9' && year[3] >= '0' && year[3] <= '9' && year[-1] == ' ';
}

/* "By/ Sami", "By - Sami": what the author did and a sign, which folded phrases cannot ask
 * for. */
static bool is_signed_author(const mk_line *line, uint32_t sign)
{
    static const char *const done[] = {"بقلم",  "كتب",    "كتبت",   "كتبه",  "كتبها",
                                       "حاوره", "حاورها", "متابعة", "إعداد", "تصوير"};
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    if (f->n_words < 2 || f->n_words > NAME_WORDS || f->n_digits > 0 || !(f->signs & sign))
        return false;
    for (size_t i = 0; i < sizeof(done) / sizeof(*done); i++) {
        const mk_str word = mk_str_of(done[i]);
        if (s.len <= word.len || memcmp(s.ptr, word.ptr, word.len) != 0)
            continue;
        const mk_str rest = mk_str_trim(mk_str_sub(s, word.len, s.len));
        if (rest.len > 1 &&
            (sign == MK_SIGN_SLASH ? rest.ptr[0] == '/' : rest.ptr[0] == '-' && f->n_stops == 0))
            return true;
    }
    return false;
}

/* Digits from at on: their number, and their value in *ret. */
static size_t read_number(mk_str s, size_t at, unsigned *ret)
{
    size_t n = 0;
    for (*ret = 0; at + n < s.len && s.ptr[at + n] >= '0' && s.ptr[at + n] <= '9'; n++)
        *ret = *ret < 10000 ? *ret * 10 + (unsigned)(s.ptr[at + n] - '0') : *ret;
    return n;
}

static bool is_year(size_t digits, unsigned value)
{
    return digits == 4 && ((value >= 1380 && value < 1500) || (value >= 1990 && value < 2100));
}

/* Writes text with digits of all kinds as ASCII, other letters as x, without the blanks
 * around joints. False if it is too long to be a date. */
static bool write_figures(mk_str text, char *out, size_t size, size_t *ret)
{
    size_t n = 0;
    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_utf8_next(text, &at);
        const int digit = mk_digit_value(cp);
        const char c = digit >= 0 ? (char)('0' + digit) : cp < 0x80 ? (char)cp : 'x';
        if (mk_is_invisible(cp) || (c == ' ' && n > 0 && is_joint(out[n - 1])))
            continue;
        while (is_joint(c) && n > 0 && out[n - 1] == ' ')
            n--;
        if (n == size)
            return false;
        out[n++] = c;
    }
    *ret = n;
    return true;
}

enum { DAY = 1, CLOCK = 2, YEAR = 4, NUMBER = 8 };

/* What the figures hold: a day (23/4/2010, 2014-05-16), a clock (00:54); a year, a number
 * that can be a day of a month. */
static unsigned find_stamps(mk_str s)
{
    unsigned found = 0;
    for (size_t at = 0; at < s.len; at++) {
        unsigned a = 0, b = 0, c = 0;
        const size_t n = read_number(s, at, &a);
        if (n == 0)
            continue;
        const char joint = at + n < s.len ? s.ptr[at + n] : ' ';
        const size_t m = is_joint(joint) ? read_number(s, at + n + 1, &b) : 0;
        const size_t past = at + n + 1 + m; /* two numbers and their joint */
        const size_t k = m > 0 && past < s.len && s.ptr[past] == joint
                             ? read_number(s, past + 1, &c)
                             : 0;
        if (joint == ':' && n <= 2 && m == 2) {
            found |= CLOCK;
            at = k > 0 ? past + k : past - 1;
        } else if (k > 0) {
            if (m <= 2 && (is_year(n, a) ? k <= 2 : n <= 2 && is_year(k, c)))
                found |= DAY;
            at = past + k;
        } else {
            found |= is_year(n, a) ? YEAR : n <= 2 && a >= 1 && a <= 31 ? NUMBER : 0;
            at += n - 1;
        }
    }
    return found;
}

/* The next run of letters from *at on; empty at the end. Notes digits that it skips. */
static mk_str next_word(mk_str s, size_t *at, bool *digits)
{
    uint32_t cp = 0;
    while (*at < s.len && !mk_is_letter(cp = mk_utf8_peek(s, *at))) {
        *digits = *digits || mk_digit_value(cp) >= 0;
        mk_utf8_next(s, at);
    }
    const size_t from = *at;
    while (*at < s.len && (mk_is_letter(cp = mk_utf8_peek(s, *at)) || mk_is_arabic_mark(cp)))
        mk_utf8_next(s, at);
    return mk_str_sub(s, from, *at);
}

/* "03/02/2021 by Sami", "asked by Sami on 3 February 2021": a label of the author, with
 * nothing before it but a date or a word, and a day and a year. */
static bool is_author_and_date(const mk_line *line)
{
    static const char *const labels[] = {"بواسطة", "بواسطه", "طرف", "الكاتب", "الكاتبة", "بقلم"};
    enum { BEHIND_A_DATE = 3 /* from here on: a sentence may begin with the others */ };
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    char figures[LABEL_BYTES];
    size_t n = 0, n_before = 0;
    bool digits = false;
    if (f->n_digits < 5 || f->n_words > AUTHOR_WORDS || f->end == MK_END_STOP)
        return false;
    for (size_t at = 0, words = 0; at < s.len && n_before <= 2 * NAME_LETTERS; words++) {
        const mk_str word = next_word(s, &at, &digits);
        n_before += word.len;
        for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
            if (!mk_str_eq(word, mk_str_of(labels[i])))
                continue;
            if ((!digits && (words > 1 || i >= BEHIND_A_DATE)) ||
                !write_figures(line->seen, figures, LABEL_BYTES, &n))
                return false;
            const unsigned found = find_stamps((mk_str){figures, n});
            return (found & DAY) || ((found & YEAR) && (found & NUMBER));
        }
    }
    return false;
}

/* A day and a clock in figures and a few words: who, where, "updated"; a day and hardly
 * a word. */
static bool is_stamp(const mk_line *line)
{
    const mk_features *f = &line->features;
    char figures[STAMP_BYTES];
    size_t n = 0;
    if (f->n_digits < MIN_DAY || f->n_letters > STAMP_LETTERS || f->n_commas > 2 ||
        f->end == MK_END_STOP || f->end == MK_END_COLON ||
        !write_figures(line->seen, figures, STAMP_BYTES, &n))
        return false;
    const unsigned found = find_stamps((mk_str){figures, n});
    if (found & DAY)
        return (found & CLOCK) || f->n_letters <= DAY_LETTERS;
    return (found & CLOCK) && (found & YEAR) && (found & NUMBER) && f->n_letters <= MONTH_LETTERS;
}

/* "Diwan4 days ago", as it reads in Arabic: who wrote and how long ago, no blank between. */
static bool is_fused_age(const mk_line *line)
{
    static const char since[] = "منذ ";
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    if (f->n_digits == 0 || f->n_digits > 2 || f->n_words > AGE_WORDS || f->end != MK_END_NONE)
        return false;
    const char *const at = memmem(s.ptr, s.len, since, sizeof(since) - 1);
    size_t from = at ? (size_t)(at - s.ptr) : 0;
    const size_t to = from + sizeof(since) - 1;
    if (from < 4 || mk_digit_value(mk_utf8_peek(s, to)) < 0)
        return false;
    return mk_is_arabic_letter(mk_utf8_prev(s, &from)) && from > 0;
}

/* "Sahel today -": a name and a dash that nothing follows. */
static bool is_dangling(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    return f->n_words > 0 && f->n_words <= DANGLING_WORDS && f->n_digits == 0 && s.len > 4 &&
           s.ptr[s.len - 1] == '-' && s.ptr[s.len - 2] == ' ' && f->n_arabic > 0 && !f->bullet &&
           !mk_line_goes_on(line) && !mk_line_speaks(line);
}

/* "Sunday 9th May,2004 11546 ...": what newspapers print over each page: a weekday in English, a
 * day and a year, the number of the paper. */
static bool is_masthead(const mk_line *line)
{
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    const mk_features *f = &line->features;
    if (f->n_digits < 5 || f->n_latin < 6 || f->n_words > MASTHEAD_WORDS || f->end == MK_END_STOP ||
        f->end == MK_END_COLON)
        return false;
    for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++)
        if (line->trimmed.len > strlen(days[i]) &&
            memcmp(line->trimmed.ptr, days[i], strlen(days[i])) == 0)
            return true;
    return false;
}

/* More than the names of a day and a month stand beside the figures. */
static bool has_name(const mk_line *line)
{
    return line->features.n_letters > NAME_LETTERS;
}

/* True if several stamps have names: such are the heads of posts. */
static bool has_posts(mk_edit *edit)
{
    unsigned n = 0;
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DIGITS); i != SIZE_MAX && n < 2;
         i = mk_edit_next_with(edit, i, MK_TRAIT_DIGITS))
        n += mk_edit_line(edit, i)->features.n_digits >= MIN_DAY &&
             has_name(mk_edit_line(edit, i)) && is_stamp(mk_edit_line(edit, i));
    return n >= 2;
}

/* The names of a day and a month, which may be names of people, and a day and a year: */
static bool is_full_date(const mk_line *line, const mk_lexicon *lexicon)
{
    const mk_features *f = &line->features;
    if (f->n_digits < 5 || f->n_digits > 6 || f->n_words > DATE_WORDS || f->end == MK_END_COLON)
        return false;
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) && line->hits[h].composite &&
            mk_hit_rule(&line->hits[h], lexicon) == DATE)
            return true;
    return false;
}

/* A label of the lexicon begins the line, and a day, a year and a clock follow. */
static bool is_filled_label(const mk_line *line, const mk_lexicon *lexicon)
{
    const mk_features *f = &line->features;
    const mk_hit *hit = line->n_hits > 0 ? line->hits : NULL;
    char figures[LABEL_BYTES];
    size_t n = 0;
    if (!hit || hit->from > 0 || !mk_hit_is_of(hit, lexicon) ||
        mk_hit_rule(hit, lexicon) != LABEL || f->n_digits < MIN_DAY || f->n_words > LABEL_WORDS ||
        f->end == MK_END_STOP || !write_figures(line->seen, figures, LABEL_BYTES, &n))
        return false;
    const unsigned found = find_stamps((mk_str){figures, n});
    return (found & CLOCK) && (found & (DAY | YEAR));
}

static bool stands_alone(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i), after = mk_edit_next(edit, i);
    return (before == SIZE_MAX || !is_row_of_clocks(mk_edit_line(edit, before))) &&
           (after == SIZE_MAX || !is_row_of_clocks(mk_edit_line(edit, after)));
}

static void accuse_signed(mk_edit *edit, uint32_t sign)
{
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, sign); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, sign))
        if (is_signed_author(mk_edit_line(edit, i), sign))
            mk_edit_accuse(edit, i, AUTHOR, MK_STRONG, MK_STR("who wrote, a sign and a name"));
}

/* "12 - Sami": the number; 0: it is no such line. */
static unsigned reader_number(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    unsigned number = 0;
    size_t at = 0;
    for (; at < s.len && at < 4 && s.ptr[at] >= '0' && s.ptr[at] <= '9'; at++)
        number = number * 10 + (unsigned)(s.ptr[at] - '0');
    while (at < s.len && s.ptr[at] == ' ')
        at++;
    return at < s.len && s.ptr[at] == '-' && f->n_words <= READER_WORDS && f->n_letters > 0 &&
                   f->end == MK_END_NONE && f->n_commas == 0
               ? number
               : 0;
}

static bool is_day_and_clock(const mk_line *line)
{
    const mk_mark *mark = mk_line_mark(line, MK_STRONG);
    return mark && mark->cover == 100 && line->features.n_digits >= WHEN_DIGITS &&
           line->features.signs & MK_SIGN_COLON;
}

/* Accuses the heads of readers' comments: a number and a name over a day and a clock, the
 * numbers one after the other. */
static void accuse_comments(mk_edit *edit)
{
    for (int pass = 0, n = 0; pass == 0 || (pass == 1 && n >= MIN_COMMENTS); pass++) {
        unsigned last = 0;
        for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DIGITS); i != SIZE_MAX;
             i = mk_edit_next_with(edit, i, MK_TRAIT_DIGITS)) {
            const unsigned number = reader_number(mk_edit_line(edit, i));
            const size_t when = number > 0 ? mk_edit_next(edit, i) : SIZE_MAX;
            if (when == SIZE_MAX || !is_day_and_clock(mk_edit_line(edit, when)))
                continue;
            n += pass == 0 && (last == 0 || number == last + 1);
            last = number;
            const mk_str evidence = MK_STR("numbered names, each over a day and a clock");
            if (pass == 1) {
                mk_edit_accuse(edit, i, COMMENT, MK_CERTAIN, evidence);
                mk_edit_accuse(edit, when, COMMENT, MK_CERTAIN, evidence);
            }
        }
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    const mk_err err = mk_phrases_apply(config, edit);
    const bool posts = has_posts(edit);
    accuse_signed(edit, MK_SIGN_SLASH);
    accuse_signed(edit, MK_SIGN_DASH);
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_SIGN_DASH); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_SIGN_DASH))
        if (is_dangling(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, DATELINE, MK_STRONG, MK_STR("a name and a dash, alone"));
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DIGITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_DIGITS)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (is_stamp(line))
            mk_edit_mark(
                edit, i,
                (mk_mark){.rule = DATE,
                          .effect = posts && has_name(line) ? MK_EFFECT_WITHIN : MK_EFFECT_DROP,
                          .strength = MK_STRONG,
                          .cover = 100,
                          .evidence = MK_STR("a day in figures")});
        else if (is_full_date(line, lexicon) || is_filled_label(line, lexicon) ||
                 is_masthead(line) || is_fused_age(line))
            mk_edit_accuse(edit, i, DATE, MK_STRONG, MK_STR("a day, a month and a year"));
        else if (is_clock(line) || (is_row_of_clocks(line) && stands_alone(edit, i)))
            mk_edit_accuse(edit, i, DATE, MK_STRONG, MK_STR("a clock or date in digits"));
        else if (is_author_and_date(line))
            mk_edit_mark(edit, i,
                         (mk_mark){.rule = AUTHOR,
                                   .effect = posts ? MK_EFFECT_WITHIN : MK_EFFECT_DROP,
                                   .strength = MK_STRONG,
                                   .cover = 100,
                                   .evidence = MK_STR("who wrote, and a day and a year")});
        else if (is_name_and_date(line))
            mk_edit_mark(edit, i,
                         (mk_mark){.rule = AUTHOR,
                                   .effect = MK_EFFECT_WITHIN,
                                   .strength = MK_WEAK,
                                   .cover = 100,
                                   .evidence = MK_STR("a name, a rule and a date")});
    }
    accuse_comments(edit);
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
