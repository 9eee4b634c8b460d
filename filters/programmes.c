/* programmes: takes back the days or hours of a programme or a timetable, which look like
 * the dates of a page, and what stands under them. Three days or more, each a line of its
 * own without a year or a clock, that rise («السبت 20 مايو», «الأحد 21 مايو»; the days of the
 * week do without a number) with lines under each; two if they agree by weekday and
 * number; eight clocks. Refuses lists of headlines, whose dates fall or repeat, calendars, whose days
 * stand side by side, forecasts and boxes of events, which evidence speaks against.
 * Days of a chronicle are taken back too: three with years that differ, each over a text; and steps
 * that a paragraph announces, up to the next paragraph, though they name buttons.
 * Cases: fixtures/filters/programmes.cases */
#include "minkhal/filter.h"

enum { WEEKDAY, DATE };

/* Of its lexicon: no line goes by them. */
static const mk_rule rules[] = {
    [WEEKDAY] = {"weekday", "list", "names of the days of the week, in their order"},
    [DATE] = {"date", "list", "what else a day's heading is made of"},
    {0},
};

enum {
    MAX_WORDS = 7,    /* of the heading of a day */
    MIN_DAYS = 3,     /* that rise */
    MIN_CLOCKS = 8,   /* the hours of prayer are six */
    MAX_UNDER = 40,   /* lines under one day */
    MAX_LETTERS = 90, /* of a line under the last one */
    TEXT_WORDS = 6,   /* of a line under a day of a chronicle */
    MIN_STEPS = 3,
    MAX_STEPS = 12,
    STEP_WORDS = 12,
    LAST_BYTES = 160 /* of a paragraph, in which it says that steps follow */
};

/* The heading of a day, or of an hour. */
typedef struct day {
    size_t line;
    bool clock;  /* an hour: number is its minutes since midnight */
    int number;  /* of the month; 0: none */
    int weekday; /* 1 to 7 from Saturday on; 0: none */
    bool full;   /* a month too */
} day;

/* The number in text, if it is a day of a month. */
static int read_number(mk_str text)
{
    int n = 0;
    for (size_t at = 0; at < text.len && n < 100;) {
        const int digit = mk_digit_value(mk_utf8_next(text, &at));
        n = digit >= 0 ? n * 10 + digit : n;
    }
    return n <= 31 ? n : 0;
}

/* Letters of the line that phrases of lexicon stand for; notes a day of the week. */
static unsigned read_words(const mk_line *line, const mk_lexicon *lexicon, int *ret_weekday)
{
    unsigned n = 0;
    uint32_t end = 0;
    for (uint32_t h = 0; h < line->n_hits; h++) {
        const mk_hit *hit = &line->hits[h];
        if (!mk_hit_is_of(hit, lexicon) || hit->from < end)
            continue;
        end = hit->to;
        for (uint32_t i = hit->from; i < hit->to; i++)
            n += line->folded.ptr[i] != ' ';
        if (mk_hit_rule(hit, lexicon) == WEEKDAY)
            *ret_weekday = hit->entry % 7 + 1;
    }
    return n;
}

/* "06:30" and nothing else. */
static bool is_clock(const mk_line *line, day *ret)
{
    const mk_features *f = &line->features;
    int part = 0, value[2] = {0}, digits[2] = {0};
    if (f->n_letters > 0 || f->n_digits < 3 || f->n_digits > 4 || f->n_words != 2)
        return false;
    for (size_t at = 0; at < line->trimmed.len;) {
        const uint32_t cp = mk_utf8_next(line->trimmed, &at);
        const int digit = mk_digit_value(cp);
        if (digit < 0 && (part > 0 || (cp != ':' && cp != '.')))
            return false;
        if (digit < 0) {
            part = 1;
        } else {
            value[part] = value[part] * 10 + digit;
            digits[part]++;
        }
    }
    *ret = (day){.clock = true, .number = value[0] * 60 + value[1]};
    return digits[0] > 0 && digits[1] == 2 && value[0] < 24 && value[1] < 60;
}

static bool is_day(const mk_line *line, const mk_lexicon *lexicon, day *ret)
{
    const mk_features *f = &line->features;
    if (is_clock(line, ret))
        return true;
    if (line->n_hits == 0 || f->n_words > MAX_WORDS || f->n_digits > 2 || f->n_stops > 0)
        return false;
    *ret = (day){.full = f->n_words >= 3};
    ret->number = f->n_digits > 0 ? read_number(line->seen) : 0;
    return read_words(line, lexicon, &ret->weekday) == f->n_letters &&
           (ret->weekday > 0 || ret->number > 0);
}

/* True if b can be the next day of a programme after a. */
static bool rises(const day *a, const day *b)
{
    enum { MAX_STEP = 10, LATE = 20 /* days of the month */ };
    enum { EVENING = 20 * 60, MORNING = 6 * 60 };
    if (a->clock != b->clock)
        return false;
    if (a->clock)
        return b->number > a->number || (a->number >= EVENING && b->number < MORNING);
    if (a->number > 0 && b->number > 0)
        return b->number > a->number ? b->number - a->number <= MAX_STEP
                                     : a->number > LATE && b->number < MAX_STEP;
    return a->weekday > 0 && b->weekday > 0 && (b->weekday - a->weekday + 7) % 7 <= 3 &&
           a->weekday != b->weekday;
}

/* True if b is as many days after a by the week as by the month. */
static bool agrees(const day *a, const day *b)
{
    return a->full && b->full && a->weekday > 0 && b->weekday > 0 && a->number > 0 &&
           b->number > a->number && (b->weekday - a->weekday - b->number + a->number) % 7 == 0;
}

static const mk_mark *why_gone(const mk_line *line)
{
    return line->gone ? mk_line_mark(line, MK_STRONG) : NULL;
}

static bool opens_list(const mk_line *line)
{
    const mk_mark *mark = why_gone(line);
    return mark && (mark->effect == MK_EFFECT_OPENS || mark->effect == MK_EFFECT_CLOSES);
}

/* Lines of text between two days, half of them or more in play; *ret_n is how many. */
static bool has_lines(const mk_doc *doc, size_t from, size_t to, size_t *ret_n)
{
    size_t n = 0, gone = 0;
    for (size_t i = from + 1; i < to; i++) {
        const mk_line *line = &doc->lines[i];
        if (line->label == MK_LABEL_BLANK || line->features.n_letters == 0)
            continue;
        if (opens_list(line))
            return false;
        n++;
        gone += line->gone != NULL;
    }
    *ret_n = n;
    return n > 0 && n <= MAX_UNDER && gone * 2 <= n;
}

static void take_back(mk_edit *edit, size_t i)
{
    const mk_line *line = &mk_edit_doc(edit)->lines[i];
    const mk_mark *mark = why_gone(line);
    if (line->label == MK_LABEL_BLANK || (mark && mark->strength == MK_CERTAIN))
        return;
    if (line->gone)
        mk_edit_acquit(edit, i);
    mk_edit_guard(edit, i, "days, hours or steps that belong together");
}

/* The lines from the first day to the last one, and those under it, as many as any day had. */
static void take_back_all(mk_edit *edit, size_t first, size_t last, size_t most)
{
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = first; i <= last; i++)
        take_back(edit, i);
    for (size_t i = last, n = 0; n < most && (i = mk_edit_next(edit, i)) != SIZE_MAX; n++) {
        const mk_line *line = &doc->lines[i];
        if (line->label == MK_LABEL_PROSE || line->features.n_letters > MAX_LETTERS ||
            mk_line_mark(line, MK_STRONG))
            break;
        take_back(edit, i);
    }
}

/* ---- chronicles ---- */

/* The year of a day that stands alone, without a clock; 0: it is none. */
static int year_of(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_mark *mark = mk_line_mark(line, MK_STRONG);
    if (!mark || mark->cover < 100 || f->n_digits < 4 || f->n_digits > 8 || f->n_letters == 0 ||
        f->signs & MK_SIGN_COLON)
        return 0;
    int number = 0, digits = 0;
    for (size_t at = 0; at < line->seen.len;) {
        const int digit = mk_digit_value(mk_utf8_next(line->seen, &at));
        if (digit < 0 && digits == 4)
            break;
        number = digit < 0 ? 0 : digits == 0 ? digit : number * 10 + digit;
        digits = digit < 0 ? 0 : digits + 1;
    }
    return digits == 4 && number >= 600 && number <= 2100 ? number : 0;
}

/* True if the next line that is not blank is kept, and words enough for a sentence. */
static bool is_over_text(const mk_doc *doc, size_t i)
{
    for (i++; i < doc->n_lines && doc->lines[i].label == MK_LABEL_BLANK;)
        i++;
    return i < doc->n_lines && !doc->lines[i].gone && doc->lines[i].features.n_words >= TEXT_WORDS;
}

/* Takes back the days of a chronicle: each of another year than the one before, over a text. */
static void take_back_years(mk_edit *edit)
{
    const mk_doc *doc = mk_edit_doc(edit);
    for (int pass = 0, n = 0; pass == 0 || (pass == 1 && n >= MIN_DAYS); pass++)
        for (size_t i = 0, before = 0; i < doc->n_lines; i++) {
            const int year = year_of(&doc->lines[i]);
            if (year == 0 || !is_over_text(doc, i))
                continue;
            n += pass == 0 && year != (int)before;
            before = (size_t)year;
            if (pass == 1)
                take_back(edit, i);
        }
}

/* ---- steps ---- */

/* True if the paragraph says that steps follow. */
static bool announces_steps(const mk_line *line)
{
    static const char *const words[] = {"الخطوات", "الطريقة التالية", "الطريقة الآتية"};
    const mk_str s = line->trimmed;
    const size_t end = s.len > LAST_BYTES ? s.len - LAST_BYTES : 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (mk_str_has(mk_str_sub(s, end, s.len), mk_str_of(words[i])))
            return true;
    return false;
}

/* Takes back the lines between a paragraph that announces steps and the next one: they name
 * buttons. */
static void take_back_steps(mk_edit *edit)
{
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        if (doc->lines[i].label != MK_LABEL_PROSE || doc->lines[i].zone != MK_ZONE_BODY)
            continue;
        size_t end = i + 1, n = 0;
        for (; end < doc->n_lines && doc->lines[end].label != MK_LABEL_PROSE; end++)
            n += doc->lines[end].label != MK_LABEL_BLANK &&
                 doc->lines[end].features.n_words <= STEP_WORDS;
        if (end == doc->n_lines || doc->lines[end].gone || n < MIN_STEPS || n > MAX_STEPS ||
            !announces_steps(mk_edit_line(edit, i)))
            continue;
        for (size_t k = i + 1; k < end; k++)
            take_back(edit, k);
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    const mk_doc *doc = mk_edit_doc(edit);
    size_t first = 0, n = 0, under = 0, most = 0;
    bool agree = false, listed = false, in_list = false;
    day before = {0}, now = {0};
    for (size_t i = 0; i <= doc->n_lines; i++) {
        /* in the tail all that stands under the head of a list is of that list */
        const bool opens = i > 0 && opens_list(&doc->lines[i - 1]);
        listed = opens || (listed && i < doc->n_lines && doc->lines[i].zone == MK_ZONE_TAIL);
        if (i < doc->n_lines && !is_day(&doc->lines[i], lexicon, &now))
            continue;
        now.line = i;
        if (n > 0 && i < doc->n_lines && rises(&before, &now) &&
            has_lines(doc, before.line, i, &under)) {
            n++;
            agree = agree || agrees(&before, &now);
            most = under > most ? under : most;
        } else {
            if ((n >= (before.clock ? MIN_CLOCKS : MIN_DAYS) || agree) && !in_list)
                take_back_all(edit, first, before.line, most);
            first = i;
            in_list = listed;
            n = 1;
            most = 0;
            agree = false;
        }
        before = now;
    }
    take_back_years(edit);
    take_back_steps(edit);
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("programmes"), {0}};

const mk_filter mk_filter_programmes = {
    .abi = MK_FILTER_ABI,
    .name = "programmes",
    .summary = "take back the days of a programme or a chronicle, and steps",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
