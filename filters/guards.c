/* guards: finds what looks like furniture and is content: dialogue, lists, tables;
 * verse is found by verse.c. A guarded line goes only on strong evidence that is not alone.
 *
 * - lines under a line that ends in a colon, or under the heading of a list
 *   («المقادير»), while they stay short
 * - runs of bullets or numbers; runs of dialogue turns and of questions and
 *   answers
 * - labels of questions and answers («السؤال», «الجواب») over longer lines, and
 *   greetings and the like («السلام عليكم», «مقدمة»)
 * - rows of "key: value" and of figures, three or more; tables whose cells are
 *   lines: short lines, a quarter of them bare numbers
 * - names of facts («مدة الطهي», «عدد الصفحات»), three or more, and their values between them
 * - headings of the articles of a law («المادة الثانية»), two or more
 * - clocks of a live page: three lines or more that begin with one, not all of them over
 *   the first prose: that is a box of news
 * - very long lines: nobody writes a menu of 250 letters; but headlines side by side
 *   that are known as such
 * Labels are changed only where no prose was found. Cases:
 * fixtures/filters/guards.cases */
#include <stdlib.h>

#include "minkhal/filter.h"

enum {
    SHORT_LETTERS = 90, /* letters: an item of a list is shorter */
    MAX_UNDER = 30,     /* lines under one colon */
    MIN_MENU = 8,       /* items, nine of ten of them known labels */
    ITEM_WORDS = 4,     /* words of an item of a menu over the text, in the mean */
    BOX_WORDS = 5,      /* words of a line in the box of a member, in the mean */
    MIN_ITEMS = 2,      /* lines */
    MIN_TURNS = 3,
    MIN_FIGURES = 3,
    MIN_CLOCKS = 3,
    MIN_CELLS = 12, /* lines of a table whose cells are lines */
    CELL_WORDS = 6,
    MIN_ARTICLES = 2,   /* of a law */
    ARTICLE_WORDS = 10, /* of a heading */
    MIN_FACTS = 3,      /* names of facts in a table of two columns, cell by cell */
    FACT_LINES = 3,     /* from one name to the next */
    CELL_MEAN = 4       /* in the mean, of those that are no numbers: headlines have more */
};

enum { TALK, OPENING, LIST, FACT, ARTICLE };

/* Of its lexicon: no line goes by them. */
static const mk_rule rules[] = {
    [TALK] = {"talk", "talk", "labels of questions and answers, which stay"},
    [OPENING] = {"opening", "talk", "greetings and words over the first paragraph, which stay"},
    [LIST] = {"list", "list", "headings of ingredients and steps, which stay with their lists"},
    [FACT] = {"fact", "list", "names of facts of a recipe, a book, a job, which stay in a table"},
    [ARTICLE] = {"article", "list", "headings of the articles of a law or a study, which stay"},
    {0},
};

static bool is_accused(const mk_line *line)
{
    return mk_line_mark(line, MK_STRONG) != NULL;
}

static bool is_accused_whole(const mk_line *line)
{
    const mk_mark *mark = mk_line_mark(line, MK_STRONG);
    return mark && mark->cover == 100;
}

static void guard(mk_edit *edit, size_t i, mk_label label, const char *shape)
{
    mk_edit_guard(edit, i, shape);
    if (mk_edit_line(edit, i)->label == MK_LABEL_TEXT)
        mk_edit_label(edit, i, label);
}

/* True if the line before i heads a list of links: what follows are headlines,
 * however much they look like verse or a list. */
static bool is_under_heading(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i);
    if (before == SIZE_MAX)
        return false;
    for (const mk_mark *m = mk_edit_line(edit, before)->marks; m; m = m->next)
        if (m->effect == MK_EFFECT_OPENS && m->strength >= MK_STRONG)
            return true;
    return false;
}

/* ---- runs of lines of one kind ---- */

/* The first line of prose, or that ends in a colon: what stands over it heads nothing. */
static size_t find_text(mk_edit *edit)
{
    size_t i = mk_edit_next(edit, SIZE_MAX);
    while (
        i != SIZE_MAX && mk_edit_line(edit, i)->label != MK_LABEL_PROSE &&
        (mk_edit_line(edit, i)->features.end != MK_END_COLON || is_accused(mk_edit_line(edit, i))))
        i = mk_edit_next(edit, i);
    return i;
}

/* Over the text short items are a menu with less evidence: a quarter of them with weak
 * evidence, a tenth of a long list. */
static bool is_menu_on_top(mk_edit *edit, size_t first, size_t n, size_t weak, size_t words)
{
    if (weak * (n >= MIN_MENU ? 10 : 4) < n || words > ITEM_WORDS * n)
        return false;
    for (size_t i = first, k = 0; k < n; k++, i = mk_edit_next(edit, i))
        if (mk_edit_line(edit, i)->features.end == MK_END_STOP)
            return false;
    return true;
}

/* Guards runs of n or more lines in play for which is() holds, which have a trait, unless a
 * third of them are accused: menus have bullets too. Of a long run weak evidence against
 * nearly all does as well; of short turns, two that are accused: the box of a member. */
static void guard_runs(mk_edit *edit, bool (*is)(const mk_line *), uint32_t trait, size_t n,
                       mk_label label, const char *shape)
{
    size_t top = label == MK_LABEL_LIST ? SIZE_MAX : 0; /* found when it is asked for */
    bool known = false;
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, trait); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, trait)) {
        const size_t first = i;
        size_t count = 0, accused = 0, weak = 0, words = 0;
        for (; i != SIZE_MAX && is(mk_edit_line(edit, i)); i = mk_edit_next(edit, i)) {
            count++;
            accused += is_accused(mk_edit_line(edit, i));
            weak += mk_edit_line(edit, i)->marks != NULL;
            words += mk_edit_line(edit, i)->features.n_words;
        }
        if (count >= n && is_under_heading(edit, first))
            count = 0;
        if (count >= n && !known && top > 0) {
            top = find_text(edit);
            known = true;
        }
        const bool menu = accused * 3 > count || (count >= MIN_MENU && weak * 10 >= count * 9) ||
                          (first < top && is_menu_on_top(edit, first, count, weak, words)) ||
                          (accused >= 2 && label == MK_LABEL_TALK && words <= BOX_WORDS * count);
        for (size_t k = first; count >= n && !menu && k != i; k = mk_edit_next(edit, k))
            guard(edit, k, label, shape);
        if (i == SIZE_MAX)
            return;
    }
}

static bool is_item(const mk_line *line)
{
    return line->features.bullet && line->features.n_letters > 0;
}

/* ASCII's or U+0660 to U+0669. */
static bool begins_with_digit(mk_str s)
{
    return (s.len > 0 && s.ptr[0] >= '0' && s.ptr[0] <= '9') ||
           (s.len > 1 && (unsigned char)s.ptr[0] == 0xD9 && (unsigned char)s.ptr[1] >= 0xA0 &&
            (unsigned char)s.ptr[1] <= 0xA9);
}

/* The first colon of text that is not a clock's; NULL if there is none near its beginning. */
static const char *find_colon(mk_str text)
{
    enum { NEAR = 80 /* bytes */ };
    const mk_str near = mk_str_sub(text, 0, text.len < NEAR ? text.len : NEAR);
    for (size_t i = 0; i < near.len; i++) {
        const char *const colon = memchr(near.ptr + i, ':', near.len - i);
        if (!colon)
            break;
        i = (size_t)(colon - near.ptr);
        if (!(begins_with_digit(mk_str_sub(text, i + 1, text.len)) &&
              (begins_with_digit(mk_str_sub(text, i > 0 ? i - 1 : 0, i)) ||
               begins_with_digit(mk_str_sub(text, i > 1 ? i - 2 : 0, i)))))
            return colon;
    }
    return NULL;
}

/* "name: words", "s: question", with the colon after four words at most. */
static size_t label_words(const mk_line *line)
{
    const mk_str text = line->trimmed;
    const char *colon = line->features.signs & MK_SIGN_COLON ? find_colon(text) : NULL;
    if (!colon)
        return 0;
    size_t words = 1;
    for (const char *p = text.ptr; p < colon; p++)
        words += *p == ' ' && p[1] != ' ' && p + 1 < colon;
    return words;
}

/* "18:05 The last lap", "17:20": digits, a colon, digits at the beginning. */
static bool begins_with_clock(const mk_line *line)
{
    if (line->features.n_digits == 0)
        return false;
    const mk_str s = line->trimmed;
    size_t i = 0, colon = 0;
    while (i < s.len && i < 6 && ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || s.ptr[i] == ':')) {
        colon = s.ptr[i] == ':' ? i : colon;
        i++;
    }
    return colon > 0 && colon <= 2 && i == colon + 3 && (i == s.len || s.ptr[i] == ' ');
}

static bool is_turn(const mk_line *line)
{
    const size_t words = label_words(line);
    return words > 0 && words <= 4 && !begins_with_clock(line) &&
           line->features.end != MK_END_COLON && line->features.n_words > words;
}

/* Weak evidence says that line is of the box of who wrote a post. */
static bool is_of_box(const mk_line *line)
{
    const mk_mark *mark = mk_line_mark(line, MK_WEAK);
    return mark && mark->effect == MK_EFFECT_WITHIN;
}

/* A row of a table; not the clock of a live page, not a name of the box of prayer times. */
static bool is_figures(const mk_line *line)
{
    const mk_features *f = &line->features;
    const bool named_clock = f->n_words <= 3 && (f->signs & MK_SIGN_COLON) && line->marks;
    return f->n_digits > 0 && f->n_words >= 2 && f->n_letters <= 40 && f->n_letters > 0 &&
           !named_clock && !begins_with_clock(line) && !is_of_box(line);
}

static bool is_cell(const mk_line *line)
{
    return line->features.n_words <= CELL_WORDS && !is_accused(line) &&
           line->label != MK_LABEL_PROSE;
}

/* Short lines in a row, a quarter of them numbers: cells of a table. With weak evidence
 * against a fifth of the others they are counted lists and boxes. */
static void guard_cells(mk_edit *edit)
{
    size_t first = SIZE_MAX, n = 0, numbers = 0, words = 0, weak = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX);; i = mk_edit_next(edit, i)) {
        if (i != SIZE_MAX && is_cell(mk_edit_line(edit, i))) {
            first = n == 0 ? i : first;
            n++;
            const bool number = mk_edit_line(edit, i)->features.n_letters == 0;
            numbers += number;
            words += number ? 0 : mk_edit_line(edit, i)->features.n_words;
            weak += !number && mk_edit_line(edit, i)->marks;
            continue;
        }
        if (n >= MIN_CELLS && (is_under_heading(edit, first) || words > CELL_MEAN * (n - numbers) ||
                               weak * 5 >= n - numbers))
            n = 0;
        for (size_t k = first; n >= MIN_CELLS && numbers * 4 >= n && k != i;
             k = mk_edit_next(edit, k))
            guard(edit, k, MK_LABEL_TABLE, "cells of a table");
        n = numbers = words = weak = 0;
        if (i == SIZE_MAX)
            return;
    }
}

/* ---- live pages ---- */

static void guard_clocks(mk_edit *edit)
{
    unsigned n = 0, with_words = 0, under = 0;
    bool prose = false;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        prose |= line->label == MK_LABEL_PROSE;
        n += begins_with_clock(line);
        with_words += begins_with_clock(line) && line->features.n_letters > 0;
        under += begins_with_clock(line) && prose;
    }
    if (prose && under == 0)
        return; /* a box of the latest news */
    for (size_t i = mk_edit_next(edit, SIZE_MAX);
         i != SIZE_MAX && n >= MIN_CLOCKS && with_words > 0; i = mk_edit_next(edit, i))
        if (begins_with_clock(mk_edit_line(edit, i)))
            guard(edit, i, MK_LABEL_HEADING, "a clock of a live page");
}

/* ---- questions and answers ---- */

/* Labels that a longer line follows, which is not accused. */
static void guard_labels(mk_edit *edit, const mk_lexicon *lexicon)
{
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS)) {
        const mk_line *line = mk_edit_line(edit, i);
        const size_t after = mk_edit_next(edit, i);
        if (after == SIZE_MAX || is_accused(line) || line->features.n_words > CELL_WORDS)
            continue;
        const mk_hit *label = NULL;
        for (uint32_t h = 0; h < line->n_hits && !label; h++)
            if (mk_hit_is_of(&line->hits[h], lexicon) && line->hits[h].cover == 100)
                label = &line->hits[h];
        const mk_line *next = mk_edit_line(edit, after);
        if (label && !is_accused(next) && next->features.n_letters > line->features.n_letters)
            guard(edit, i, MK_LABEL_TALK,
                  mk_hit_rule(label, lexicon) == TALK ? "a label of a question or an answer"
                                                      : "an opening");
    }
}

/* ---- under a colon ---- */

/* True if the whole line is a phrase of rule. */
static bool is_phrase(const mk_line *line, const mk_lexicon *lexicon, unsigned rule)
{
    if (line->features.n_words > CELL_WORDS)
        return false;
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) && line->hits[h].cover == 100 &&
            mk_hit_rule(&line->hits[h], lexicon) == rule)
            return true;
    return false;
}

static void guard_under_colons(mk_edit *edit, const mk_lexicon *lexicon)
{
    unsigned left = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        const bool heading = line->n_hits > 0 && is_phrase(line, lexicon, LIST);
        if (heading && line->features.end != MK_END_COLON)
            guard(edit, i, MK_LABEL_HEADING, "the heading of a list");
        if ((line->features.end == MK_END_COLON || heading) && !is_accused(line)) {
            left = heading || line->features.n_words >= 2 ? MAX_UNDER : 1;
            continue;
        }
        if (left == 0)
            continue;
        left--;
        if (is_accused(line) || line->features.n_letters > SHORT_LETTERS ||
            line->label == MK_LABEL_PROSE)
            left = 0;
        else if (!line->marks) /* a label speaks for itself */
            guard(edit, i, MK_LABEL_LIST, "under a colon");
    }
}

/* ---- articles ---- */

/* "Article 2", "Second section: the aims". */
static bool is_article(const mk_line *line, const mk_lexicon *lexicon)
{
    if (line->features.n_words > ARTICLE_WORDS || is_accused(line))
        return false;
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (line->hits[h].from == 0 && mk_hit_is_of(&line->hits[h], lexicon) &&
            mk_hit_rule(&line->hits[h], lexicon) == ARTICLE)
            return true;
    return false;
}

static void guard_articles(mk_edit *edit, const mk_lexicon *lexicon)
{
    unsigned n = 0;
    for (int round = 0; round < 2 && (round == 0 || n >= MIN_ARTICLES); round++)
        for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX;
             i = mk_edit_next_with(edit, i, MK_TRAIT_HITS)) {
            if (!is_article(mk_edit_line(edit, i), lexicon))
                continue;
            n++;
            if (round > 0)
                guard(edit, i, MK_LABEL_HEADING, "the heading of an article");
        }
}

/* ---- facts ---- */

/* The lines from the first name to the last one, and the value beside either of them that
 * nothing accuses. */
static void guard_table(mk_edit *edit, size_t first, size_t last)
{
    const size_t over = mk_edit_prev(edit, first), under = mk_edit_next(edit, last);
    for (size_t i = first; i <= last; i = mk_edit_next(edit, i))
        if (mk_edit_line(edit, i)->features.n_words <= CELL_WORDS)
            guard(edit, i, MK_LABEL_TABLE, "a table of facts");
    if (over != SIZE_MAX && mk_edit_line(edit, over)->features.n_digits > 0 &&
        mk_edit_line(edit, over)->features.n_words <= CELL_MEAN &&
        !is_accused(mk_edit_line(edit, over)))
        guard(edit, over, MK_LABEL_TABLE, "a table of facts");
    if (under != SIZE_MAX && mk_edit_line(edit, under)->features.n_words <= CELL_WORDS &&
        !mk_edit_line(edit, under)->marks)
        guard(edit, under, MK_LABEL_TABLE, "a table of facts");
}

static void guard_facts(mk_edit *edit, const mk_lexicon *lexicon)
{
    size_t first = SIZE_MAX, last = SIZE_MAX;
    unsigned n = 0, far = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX);; i = mk_edit_next(edit, i)) {
        const mk_line *line = i != SIZE_MAX ? mk_edit_line(edit, i) : NULL;
        if (line && line->n_hits > 0 && is_phrase(line, lexicon, FACT)) {
            first = n++ == 0 ? i : first;
            last = i;
            far = 0;
            continue;
        }
        if (line && ++far < FACT_LINES)
            continue;
        if (n >= MIN_FACTS)
            guard_table(edit, first, last);
        n = 0;
        if (!line)
            return;
    }
}

/* ---- the page ---- */

static void guard_very_long(mk_edit *edit)
{
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_LONG); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_LONG))
        if (mk_edit_line(edit, i)->features.n_letters >= MK_LONG_LINE &&
            !is_accused_whole(mk_edit_line(edit, i)))
            mk_edit_guard(edit, i, "a very long line");
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    const bool hits = mk_edit_holds(edit, lexicon);
    if (hits || mk_edit_count(edit, MK_TRAIT_COLON) > 0)
        guard_under_colons(edit, lexicon);
    if (hits) {
        guard_facts(edit, lexicon);
        guard_labels(edit, lexicon);
        guard_articles(edit, lexicon);
    }
    guard_runs(edit, is_item, MK_TRAIT_BULLET, MIN_ITEMS, MK_LABEL_LIST, "a list");
    guard_runs(edit, is_turn, MK_SIGN_COLON, MIN_TURNS, MK_LABEL_TALK, "talk");
    guard_runs(edit, is_figures, MK_TRAIT_DIGITS, MIN_FIGURES, MK_LABEL_TABLE, "rows of figures");
    if (mk_edit_count(edit, MK_TRAIT_FIGURES) * 4 >= MIN_CELLS)
        guard_cells(edit);
    if (mk_edit_count(edit, MK_SIGN_COLON | MK_TRAIT_DIGITS) >= MIN_CLOCKS)
        guard_clocks(edit);
    guard_very_long(edit);
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("guards"), {0}};

const mk_filter mk_filter_guards = {
    .abi = MK_FILTER_ABI,
    .name = "guards",
    .summary = "find talk, lists and tables, which look like furniture",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
