/* tickers: headlines and beginnings of other articles around the page's own text. Over
 * it: many headlines on one line with nothing between them, or one a line (three where the title
 * is below, else five, of which the last may be the title), or each of them twice, or behind
 * clocks that fall. Under it: lines that break off with dots. Anywhere: cards of a headline, a
 * text that breaks off and a date; headlines with a name under each. What is of others says nothing that the text says.
 * Refuses what shares its words with the text (titles, decks, leads), what has commas or
 * the small words of sentences, verse, and headlines of a page without a text.
 * Cases: fixtures/filters/tickers.cases */
#include "minkhal/filter.h"

enum { LINE, LIST, CUT, CLOCK, TAIL };

static const mk_rule rules[] = {
    [LINE] = {"line", "nav", "headlines of other articles on one line"},
    [LIST] = {"list", "nav", "one of several headlines of other articles over the text"},
    [CUT] = {"cut", "related", "one of several beginnings of other articles under the text"},
    [CLOCK] = {"clock", "nav", "one of several headlines over the text, the newest first"},
    [TAIL] = {"tail", "related", "one of several headlines of other articles under the text"},
    {0},
};

enum {
    TEXT_WORDS = 8,    /* words of a line of the text, which ends in a stop */
    TEXT_LETTERS = 45, /* its letters */
    MAX_ABOVE = 40,    /* lines over the text that are looked at */
    LINE_ABOVE = 8,    /* over which headlines on one line stand */
    LINE_WORDS = 40,   /* words of headlines on one line: more than one has */
    LIST_ABOVE = 6,    /* over which they begin, one a line */
    MIN_HEADLINES = 3,
    SURE_HEADLINES = 5, /* that need no title below; in one of so many somebody may speak */
    NEAR_TEXT = 2,      /* lines from the title to the text, itself counted */
    MIN_WORDS = 4,      /* words of one */
    MAX_WORDS = 22,
    MEAN_WORDS = 6, /* of those of a page */
    MIN_SLIDES = 4, /* lines that stand there twice */
    SLIDE_WORDS = 2,
    SENTENCE_SHARE = 12, /* words of sentences, of which more than one is small */
    SMALL_SHARE = 25,    /* words, of which one may be small */
    MAX_GAP = 2,         /* other lines between two of them: dates, counts */
    MAX_BELOW = 40,      /* lines under the text that are looked at */
    MIN_CUT = 3,         /* of them break off */
    CUT_LETTERS = 25,
    MIN_CLOCKS = 3,      /* headlines behind clocks */
    MIN_OTHERS = 3,      /* headlines under the text or between its paragraphs */
    MIN_STRANGE = 2,     /* of them without a word of it */
    MIN_BELOW = 15,      /* percent of the text's letters under them: it goes on */
    OTHER_WORDS = 6,     /* of them in the mean */
    MIN_VOCABULARY = 40, /* words of a text that says what is of others */
    ALIEN = 3            /* words that a line is taken to have more, none of them in the text:
                       one in common means nothing */
};

/* Of its words that a text of no words may have, one of 1000 words, and any: so many
 * are the same by chance. */
#define BASE_SHARE .1
#define MORE_SHARE .25
#define MAX_SHARE .35

/* The words that sentences have and headlines do without, 4 in 100 at most. */
#define WORD(text)               \
    {                            \
        (text), sizeof(text) - 1 \
    }
static const mk_str small_words[] = {
    WORD(" الذي "), WORD(" التي "), WORD(" أن "),   WORD(" إن "),  WORD(" أنه "), WORD(" كان "),
    WORD(" كانت "), WORD(" وقد "),  WORD(" قد "),   WORD(" هذا "), WORD(" هذه "), WORD(" ذلك "),
    WORD(" ثم "),   WORD(" لم "),   WORD(" لكن "),  WORD(" أو "),  WORD(" هو "),  WORD(" هي "),
    WORD(" فإن "),  WORD(" وإن "),  WORD(" إذا "),  WORD(" إذ "),  WORD(" ولا "), WORD(" لا "),
    WORD(" قال "),  WORD(" وهو "),  WORD(" عليه "), WORD(" فيه "), WORD(" به "),  WORD(" له "),
};

static bool is_text(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->end == MK_END_STOP && f->n_words >= TEXT_WORDS && f->n_letters >= TEXT_LETTERS &&
           !mk_line_mark(line, MK_STRONG);
}

static unsigned count_small_words(mk_str text)
{
    const size_t n_words = sizeof(small_words) / sizeof(*small_words);
    uint64_t begin = 0; /* a bit for the third byte of each, which is never ASCII */
    unsigned n = 0;
    for (size_t w = 0; w < n_words; w++)
        begin |= UINT64_C(1) << (small_words[w].ptr[2] & 0x3F);
    for (size_t at = 0; at + 3 < text.len; at++) {
        const char *const space = memchr(text.ptr + at, ' ', text.len - at - 3);
        if (!space)
            break;
        at = (size_t)(space - text.ptr);
        if (!(begin >> (space[2] & 0x3F) & 1))
            continue;
        for (size_t w = 0; w < n_words; w++) {
            const mk_str word = small_words[w];
            n += at + word.len <= text.len && space[2] == word.ptr[2] &&
                 memcmp(space, word.ptr, word.len) == 0;
        }
    }
    return n;
}

/* Words and words, no comma, no stop at the end. */
static bool may_be_line(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words >= LINE_WORDS && f->n_commas == 0 && f->end != MK_END_STOP &&
           f->end != MK_END_COLON && f->n_arabic * 2 > f->n_letters;
}

static bool may_be_headline(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words >= MIN_WORDS && f->n_words <= MAX_WORDS && f->n_commas == 0 &&
           f->end != MK_END_STOP && f->end != MK_END_COLON && f->end != MK_END_COMMA &&
           f->n_arabic * 2 > f->n_letters && !mk_line_mark(line, MK_WEAK);
}

/* No more of its words stand in the text than by chance, or `times` that. */
static bool has_few_words(const mk_line *line, mk_vocabulary *v, int times)
{
    const double share = mk_vocabulary_share(v, line, ALIEN);
    const double most = times * (BASE_SHARE + MORE_SHARE * (double)mk_vocabulary_words(v) / 1000);
    return share < (most < MAX_SHARE ? most : MAX_SHARE);
}

static bool has_other_words(const mk_line *line, mk_vocabulary *v)
{
    return has_few_words(line, v, 1);
}

/* True if the line over line i heads a list of headlines. */
static bool is_under_heading(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i);
    for (const mk_mark *m = before != SIZE_MAX ? mk_edit_line(edit, before)->marks : NULL; m;
         m = m->next)
        if (m->effect == MK_EFFECT_OPENS && m->strength >= MK_STRONG)
            return true;
    return false;
}

/* What stands over the text. */
typedef struct above {
    size_t lines[MAX_ABOVE]; /* in play, not blank */
    size_t n;
    unsigned headlines; /* that may be of others */
    bool line, headed;  /* so may all of a line, which has a heading */
    unsigned clocks;    /* that begin lines */
    size_t title;       /* the last of lines that may be the text's own headline; n: none */
    bool text;          /* stands below */
} above;

/* The minutes since midnight of the clock that the line begins with, a word behind it; -1:
 * it begins with none. */
static int clock_of(const mk_line *line)
{
    const mk_str s = line->trimmed;
    int value[2] = {0}, digits[2] = {0}, part = 0;
    size_t at = 0;
    if (line->features.n_digits < 3 || line->features.n_words < MIN_WORDS)
        return -1;
    while (at < s.len && !mk_is_space(mk_utf8_peek(s, at))) {
        const uint32_t cp = mk_utf8_next(s, &at);
        const int digit = mk_digit_value(cp);
        if (digit < 0 ? cp != ':' || part++ > 0 : digits[part]++ == 2)
            return -1;
        value[part] = digit < 0 ? 0 : value[part] * 10 + digit;
    }
    return digits[0] > 0 && digits[1] == 2 ? value[0] * 60 + value[1] : -1;
}

static above look(mk_edit *edit)
{
    above a = {.n = 0};
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX && a.n < MAX_ABOVE;
         i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        a.text = is_text(line);
        if (a.text)
            break;
        a.headlines += may_be_headline(line);
        a.clocks += clock_of(line) >= 0;
        if (a.n < LINE_ABOVE && may_be_line(line)) {
            a.line = true;
            a.headed = a.headed || is_under_heading(edit, i);
        }
        a.lines[a.n++] = i;
    }
    a.title = a.n;
    return a;
}

/* True if what may be headlines over the text has the small words of sentences: then no
 * vocabulary need be gathered. */
static bool are_sentences(mk_edit *edit, const above *a)
{
    unsigned words = 0, small = 0;
    for (size_t k = 0; k < a->n; k++) {
        const mk_line *line = mk_edit_line(edit, a->lines[k]);
        if (may_be_headline(line)) {
            words += line->features.n_words;
            small += count_small_words(line->seen);
        }
    }
    return small * SENTENCE_SHARE > words;
}

/* Headlines in a row that have other words than the text, in numbers. */
typedef struct run {
    size_t from, last; /* lines */
    size_t place;      /* of the first, in above.lines */
    unsigned n, words, gap;
    uint32_t shortest, longest; /* letters: lines that were wrapped are of like length */
    int times;                  /* what they have of the text's words, times what chance gives */
} run;

static void add_headline(run *r, const mk_line *line, size_t i)
{
    const uint32_t letters = line->features.n_letters;
    r->from = r->n == 0 ? i : r->from;
    r->last = i;
    r->shortest = r->n == 0 || letters < r->shortest ? letters : r->shortest;
    r->longest = letters > r->longest ? letters : r->longest;
    r->n++;
    r->words += line->features.n_words;
    r->gap = 0;
}

static bool is_strange(const mk_line *line, mk_vocabulary *v, int times)
{
    return may_be_headline(line) && has_few_words(line, v, times);
}

/* True if the headlines of the run have the small words of sentences, or in more than one of
 * SURE_HEADLINES of them somebody speaks, or a sentence goes on. */
static bool are_spoken(mk_edit *edit, mk_vocabulary *v, const run *r)
{
    unsigned small = 0, spoken = 0;
    for (size_t i = r->from; i != SIZE_MAX && i <= r->last; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (!is_strange(line, v, r->times))
            continue;
        small += count_small_words(line->seen);
        spoken += mk_line_speaks(line) || mk_line_goes_on(line);
        if (small * SMALL_SHARE > r->words || spoken * SURE_HEADLINES > r->n)
            return true;
    }
    return false;
}

static mk_str say_others(mk_edit *edit, const run *r)
{
    return mk_edit_format(edit, "one of %u headlines without a word of the text", r->n);
}

/* One of the others, or, between two of them, one with a little more of the text's words. */
static bool is_of_run(mk_edit *edit, mk_vocabulary *v, const above *a, size_t k, const run *r)
{
    const mk_line *line = mk_edit_line(edit, a->lines[k]);
    return is_strange(line, v, r->times) ||
           (a->lines[k] > r->from && a->lines[k] < r->last && k != a->title &&
            is_strange(line, v, 2) && is_strange(mk_edit_line(edit, a->lines[k - 1]), v, 1) &&
            is_strange(mk_edit_line(edit, a->lines[k + 1]), v, 1));
}

/* Marks the headlines of a run up to above.lines[to]. A few are told by the title below them;
 * where no title is, the line over the text may be one, of other words. */
static void mark_run(mk_edit *edit, mk_vocabulary *v, const above *a, const run *r, size_t to)
{
    if (r->place >= LIST_ABOVE || r->n < MIN_HEADLINES || r->words < r->n * MEAN_WORDS ||
        r->longest * 2 < r->shortest * 3 ||
        (r->n < SURE_HEADLINES && (to != a->title || to + NEAR_TEXT < a->n)) ||
        are_spoken(edit, v, r))
        return;
    const mk_str evidence = say_others(edit, r);
    for (size_t k = r->place; k < to; k++)
        if ((a->title < a->n || k + 1 < a->n || r->times > 1) && is_of_run(edit, v, a, k, r))
            mk_edit_accuse(edit, a->lines[k], LIST, MK_STRONG, evidence);
}

/* True if the page begins with headlines that have a bullet each: no title would. */
static bool begins_with_bullets(mk_edit *edit, const above *a)
{
    for (size_t k = 0; k < SURE_HEADLINES; k++) {
        const mk_line *line = k < a->n ? mk_edit_line(edit, a->lines[k]) : NULL;
        if (!line || !line->features.bullet || !may_be_headline(line))
            return false;
    }
    return true;
}

static void mark_list(mk_edit *edit, mk_vocabulary *v, above *a)
{
    const int times = begins_with_bullets(edit, a) ? 2 : 1;
    run r = {.times = times};
    for (size_t k = 0; k < a->n; k++) {
        const mk_line *line = mk_edit_line(edit, a->lines[k]);
        if (may_be_headline(line) && !has_few_words(line, v, times))
            a->title = k;
    }
    for (size_t k = 0; k <= a->n; k++) {
        const mk_line *line = k < a->n ? mk_edit_line(edit, a->lines[k]) : NULL;
        if (line && is_strange(line, v, times)) {
            r.place = r.n == 0 ? k : r.place;
            add_headline(&r, line, a->lines[k]);
        } else if (!line || ++r.gap > MAX_GAP || (k == a->title && r.n < SURE_HEADLINES)) {
            mark_run(edit, v, a, &r, k);
            r = (run){.times = times};
        }
    }
}

/* Marks lines over the text that stand there twice, side by side, if several do: the
 * slides of a show, each with its picture's text. */
static void mark_slides(mk_edit *edit, const above *a)
{
    unsigned n = 0;
    for (size_t k = 0; k + 1 < a->n; k++)
        n += mk_edit_line(edit, a->lines[k])->features.n_words >= SLIDE_WORDS &&
             mk_str_eq(mk_edit_line(edit, a->lines[k])->folded,
                       mk_edit_line(edit, a->lines[k + 1])->folded);
    if (n < MIN_SLIDES)
        return;
    for (size_t k = 0; k + 1 < a->n; k++) {
        const mk_line *line = mk_edit_line(edit, a->lines[k]);
        if (line->features.n_words < SLIDE_WORDS ||
            !mk_str_eq(line->folded, mk_edit_line(edit, a->lines[k + 1])->folded))
            continue;
        for (size_t other = 0; other < a->n; other++)
            if (mk_str_eq(line->folded, mk_edit_line(edit, a->lines[other])->folded))
                mk_edit_accuse(edit, a->lines[other], LIST, MK_STRONG,
                               mk_edit_format(edit, "one of %u slides", n));
    }
}

/* Marks headlines over the text with a clock before each, none later than the one above. */
static void mark_clocks(mk_edit *edit, mk_vocabulary *v, const above *a)
{
    for (size_t k = 0, end = 0; k < a->n; k = end) {
        int last = clock_of(mk_edit_line(edit, a->lines[k]));
        for (end = k + 1; end < a->n && last >= 0; end++) {
            const int next = clock_of(mk_edit_line(edit, a->lines[end]));
            if (next < 0 || next > last)
                break;
            last = next;
        }
        for (size_t i = k; end - k >= MIN_CLOCKS && i < end; i++)
            if (has_other_words(mk_edit_line(edit, a->lines[i]), v))
                mk_edit_accuse(edit, a->lines[i], CLOCK, MK_STRONG,
                               mk_edit_format(edit, "one of %zu clocks that fall", end - k));
    }
}

/* The beginning of another article, broken off with dots. */
static bool is_cut(const mk_line *line, mk_vocabulary *v)
{
    const mk_features *f = &line->features;
    return f->end == MK_END_DOTS && f->n_words >= MIN_WORDS && f->n_letters >= CUT_LETTERS &&
           has_other_words(line, v);
}

/* Beginnings of other articles under the text, from the end of the page up, in lines.
 * Returns how many; 0 if the text ends the page. */
static unsigned look_below(mk_edit *edit, mk_vocabulary *v, size_t lines[MAX_BELOW])
{
    unsigned n = 0, gap = 0;
    size_t i = mk_edit_prev(edit, mk_edit_doc(edit)->n_lines);
    for (unsigned k = 0; i != SIZE_MAX && k < MAX_BELOW; i = mk_edit_prev(edit, i), k++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (is_text(line) || (n > 0 && gap > MAX_GAP))
            break;
        gap++;
        if (is_cut(line, v)) {
            lines[n++] = i;
            gap = 0;
        }
    }
    return n;
}

static bool may_have_below(mk_edit *edit)
{
    unsigned n = 0;
    size_t i = mk_edit_prev(edit, mk_edit_doc(edit)->n_lines);
    for (unsigned k = 0; i != SIZE_MAX && k < MAX_BELOW && n < MIN_CUT;
         i = mk_edit_prev(edit, i), k++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (is_text(line))
            return false;
        n += line->features.end == MK_END_DOTS && line->features.n_words >= MIN_WORDS;
    }
    return n >= MIN_CUT;
}

static void mark_below(mk_edit *edit, mk_vocabulary *v)
{
    size_t lines[MAX_BELOW];
    const unsigned n = look_below(edit, v, lines);
    if (n < MIN_CUT || mk_vocabulary_words(v) == 0)
        return;
    const mk_str evidence = mk_edit_format(edit, "one of %u lines under the text that break off",
                                           n);
    for (unsigned k = 0; k < n; k++) {
        const size_t before = mk_edit_prev(edit, lines[k]);
        mk_edit_accuse(edit, lines[k], CUT, MK_STRONG, evidence);
        if (before != SIZE_MAX && is_strange(mk_edit_line(edit, before), v, 1) &&
            mk_edit_line(edit, before)->features.end != MK_END_DOTS)
            mk_edit_accuse(edit, before, CUT, MK_STRONG, evidence);
    }
}

/* ---- under the text ---- */

/* A headline of another article: no item of a list. */
static bool may_be_other(const mk_line *line)
{
    return may_be_headline(line) && !line->features.bullet &&
           mk_digit_value(mk_utf8_peek(line->trimmed, 0)) < 0;
}

typedef enum answer { UNASKED, NO, YES } answer;

static answer find_posts(mk_edit *edit)
{
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        for (const mk_mark *m = mk_edit_line(edit, i)->marks; m; m = m->next)
            if (m->effect == MK_EFFECT_WITHIN && m->strength >= MK_STRONG)
                return YES;
    return NO;
}

/* True if members write posts on the page: their replies are no headlines. Asked once. */
static bool has_posts(mk_edit *edit, answer *posts)
{
    if (*posts == UNASKED)
        *posts = find_posts(edit);
    return *posts == YES;
}

/* True if a sentence ends inside the line, and another begins: a text that was wrapped. */
static bool has_inner_stop(const mk_line *line)
{
    const mk_str s = line->seen;
    for (size_t i = 1; i + 1 < s.len; i++)
        if (s.ptr[i] == '.' && s.ptr[i + 1] == ' ' && s.ptr[i - 1] != '.' && s.ptr[i - 1] != ' ')
            return true;
    return false;
}

/* True if the line over line i announces what follows. */
static bool is_announced(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i);
    const mk_line *line = before != SIZE_MAX ? mk_edit_line(edit, before) : NULL;
    return line && line->features.end == MK_END_COLON && !line->marks;
}

/* Marks the headlines in lines from..last, which nothing but dates and labels parts, if hardly
 * one has words of the text; those between two that have none may have a few. within: the text
 * goes on behind them. */
static void mark_others(mk_edit *edit, mk_vocabulary *v, size_t from, size_t last, bool within,
                        answer *posts)
{
    run r = {.times = 1}, strange = {.times = 1};
    unsigned n = 0;
    for (size_t i = from; i != SIZE_MAX && i <= last; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        const bool other = may_be_other(line);
        n += other;
        if (other && has_inner_stop(line))
            return;
        if (other && has_other_words(line, v))
            add_headline(&strange, line, i);
    }
    if (strange.n < MIN_STRANGE)
        return;
    for (size_t i = strange.from; i <= strange.last; i = mk_edit_next(edit, i))
        if (may_be_other(mk_edit_line(edit, i)) && has_few_words(mk_edit_line(edit, i), v, 2))
            add_headline(&r, mk_edit_line(edit, i), i);
    if (r.n < MIN_OTHERS || r.n * 4 < n * 3 || r.words < r.n * OTHER_WORDS ||
        mk_vocabulary_words(v) < MIN_VOCABULARY || is_announced(edit, from) ||
        has_posts(edit, posts) || are_spoken(edit, v, &r))
        return;
    const mk_str evidence = say_others(edit, &r);
    for (size_t i = r.from; i <= r.last; i = mk_edit_next(edit, i))
        if (may_be_other(mk_edit_line(edit, i)) && has_few_words(mk_edit_line(edit, i), v, 2))
            mk_edit_mark(edit, i,
                         (mk_mark){.rule = TAIL,
                                   .effect = within ? MK_EFFECT_WITHIN : MK_EFFECT_DROP,
                                   .strength = MK_STRONG,
                                   .cover = 100,
                                   .evidence = evidence});
}

/* Letters of the lines of the text. */
static uint64_t sum_text(mk_edit *edit)
{
    uint64_t sum = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (is_text(mk_edit_line(edit, i)))
            sum += mk_edit_line(edit, i)->features.n_letters;
    return sum;
}

/* Marks runs of headlines under the first line of the text. */
static void mark_under(mk_edit *edit, mk_vocabulary *v)
{
    size_t from = 0, last = 0, i = mk_edit_next(edit, SIZE_MAX);
    unsigned n = 0, gap = 0;
    uint64_t so_far = 0, all = 0; /* letters of the text, so far and on the page */
    answer posts = UNASKED;
    while (i != SIZE_MAX && !is_text(mk_edit_line(edit, i)))
        i = mk_edit_next(edit, i);
    while (i != SIZE_MAX) {
        so_far += is_text(mk_edit_line(edit, i)) ? mk_edit_line(edit, i)->features.n_letters : 0;
        i = mk_edit_next(edit, i);
        const mk_line *line = i != SIZE_MAX ? mk_edit_line(edit, i) : NULL;
        if (line && may_be_other(line)) {
            from = n++ == 0 ? i : from;
            last = i;
            gap = 0;
        } else if (!line || is_text(line) || ++gap > MAX_GAP) {
            if (n >= MIN_OTHERS) {
                all = all > 0 ? all : sum_text(edit);
                mark_others(edit, v, from, last, (all - so_far) * 100 >= all * MIN_BELOW, &posts);
            }
            n = 0;
        }
    }
}

static void mark_lines(mk_edit *edit, mk_vocabulary *v, const above *a)
{
    for (size_t k = 0; k < a->n && k < LINE_ABOVE; k++) {
        const mk_line *line = mk_edit_line(edit, a->lines[k]);
        if (may_be_line(line) &&
            (is_under_heading(edit, a->lines[k]) || (a->text && has_other_words(line, v))) &&
            count_small_words(line->seen) * SMALL_SHARE <= line->features.n_words)
            mk_edit_accuse(edit, a->lines[k], LINE, MK_STRONG,
                           mk_edit_format(edit, "%u words without a comma, few of them in the text",
                                          line->features.n_words));
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    above a = look(edit);
    if (a.text)
        mark_slides(edit, &a);
    const bool below = may_have_below(edit), line = a.line && (a.text || a.headed),
               list = a.text && a.headlines > MIN_HEADLINES && !are_sentences(edit, &a),
               clocks = a.text && a.clocks >= MIN_CLOCKS;
    mk_vocabulary v = {.edit = edit, .counts = is_text};
    mark_under(edit, &v);
    if (line)
        mark_lines(edit, &v, &a);
    if (list)
        mark_list(edit, &v, &a);
    if (clocks)
        mark_clocks(edit, &v, &a);
    if (below)
        mark_below(edit, &v);
    return MK_OK;
}

const mk_filter mk_filter_tickers = {
    .abi = MK_FILTER_ABI,
    .name = "tickers",
    .summary = "headlines and beginnings of other articles around the text",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .apply = apply,
};
