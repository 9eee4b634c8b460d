/* unpunctuated: finds the text of a page that has no prose, or little beside it: lines without
 * stops, side by side, as people write in dialect, and poems and notices are printed. Of their words
 * one in seven is a small word («من», «يا», «اللي»), which headlines and menus have less of; they have
 * half of the letters that nobody accuses. They become the body's anchors, but for the first, which
 * may be the title. Refuses lines under the heading of a list, and lines of which many break off.
 * Prose, verse, talk and tables anchor the body themselves, where they have half as many letters.
 * Removes nothing. Cases: fixtures/filters/unpunctuated.cases */
#include "minkhal/filter.h"
#include "minkhal/text.h"

static const mk_rule rules[] = {{0}};

enum {
    MIN_LINES = 2,
    MIN_WORDS = 16,
    SMALL = 14,      /* percent of its words, at least, that are small */
    MOST = 50,       /* percent of the letters that nobody accuses */
    TIMES = 2,       /* as many letters as anchors have: those are in the furniture */
    MIN_ACCUSED = 3, /* lines: a page without furniture is a book's, and all of it text */
    CUT_PART = 3,    /* one of so many lines that break off are teasers */
    LABEL_WORDS = 3  /* words of a label at its ends, none of them small */
};

/* Lines side by side that nobody accuses. */
typedef struct block {
    size_t first, last;
    unsigned lines, words, cut;
    uint64_t letters;
    bool stamped; /* a day or a price stands among them */
} block;

/* Anchors the body without a block. */
static bool is_anchor(const mk_line *line)
{
    return line->label == MK_LABEL_PROSE || line->label == MK_LABEL_VERSE ||
           line->label == MK_LABEL_TALK || line->label == MK_LABEL_TABLE;
}

static bool opens(const mk_line *line)
{
    for (const mk_mark *m = line->marks; m; m = m->next)
        if (m->effect == MK_EFFECT_OPENS && m->strength >= MK_STRONG)
            return true;
    return false;
}

static unsigned count_small(const mk_line *line)
{
    return mk_language_common_words(line->seen, MK_LANGUAGE_AR);
}

static void add_line(block *b, const mk_line *line, size_t i)
{
    b->first = b->lines == 0 ? i : b->first;
    b->last = i;
    b->lines++;
    b->words += line->features.n_words;
    b->letters += line->features.n_letters;
    b->cut += line->features.end == MK_END_DOTS;
}

/* Has it enough words, and enough small ones among them? */
static bool is_text(mk_edit *edit, const block *b)
{
    unsigned small = 0;
    if (b->lines < MIN_LINES || b->words < MIN_WORDS || b->cut * CUT_PART >= b->lines)
        return false;
    for (size_t i = b->first; i != SIZE_MAX && i <= b->last; i = mk_edit_next(edit, i))
        small += count_small(mk_edit_line(edit, i));
    return small * 100 >= b->words * SMALL;
}

/* Accused, or a few words for which a little speaks. */
static bool ends_block(const mk_line *line)
{
    return mk_line_mark(line, MK_STRONG) || (line->marks && line->features.n_words <= LABEL_WORDS);
}

/* The block with most letters, if it has most of the page's. */
static block find_block(mk_edit *edit)
{
    block best = {0}, now = {0};
    uint64_t all = 0, anchors = 0; /* letters */
    unsigned accused = 0;
    bool owned = false; /* by the heading of a list */
    for (size_t i = mk_edit_next(edit, SIZE_MAX);; i = mk_edit_next(edit, i)) {
        const mk_line *line = i != SIZE_MAX ? mk_edit_line(edit, i) : NULL;
        const bool anchor = line && is_anchor(line);
        anchors += anchor ? line->features.n_letters : 0;
        if (line && !anchor && !ends_block(line)) {
            all += line->features.n_letters;
            if (!owned)
                add_line(&now, line, i);
            continue;
        }
        accused += line && mk_line_mark(line, MK_STRONG);
        if (line && !anchor && now.lines > 0 && !now.stamped && line->features.n_digits > 0) {
            now.stamped = true;
            continue;
        }
        if (now.letters > best.letters)
            best = now;
        if (!line)
            break;
        now = (block){0};
        owned = opens(line);
    }
    const bool most = best.letters * 100 >= all * MOST && best.letters >= anchors * TIMES;
    return accused >= MIN_ACCUSED && most ? best : (block){0};
}

/* A few words at an end of the block that may be a menu's. */
static bool is_label(const mk_line *line)
{
    return line->features.n_words <= LABEL_WORDS && count_small(line) == 0;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    block b = find_block(edit);
    if (!is_text(edit, &b))
        return MK_OK;
    while (b.first < b.last && is_label(mk_edit_line(edit, b.first)))
        b.first = mk_edit_next(edit, b.first);
    while (b.last > b.first && is_label(mk_edit_line(edit, b.last)))
        b.last = mk_edit_prev(edit, b.last);
    const size_t top = mk_edit_next(edit, SIZE_MAX);
    if (mk_edit_next(edit, top) == b.first && !mk_line_mark(mk_edit_line(edit, top), MK_STRONG))
        mk_edit_label(edit, top, MK_LABEL_PROSE); /* alone on top: the title, in a menu's word */
    size_t i = mk_edit_next(edit, b.first);       /* the first may be the title */
    for (; i != SIZE_MAX && i <= b.last; i = mk_edit_next(edit, i))
        if (!ends_block(mk_edit_line(edit, i)))
            mk_edit_label(edit, i, MK_LABEL_PROSE);
    return MK_OK;
}

const mk_filter mk_filter_unpunctuated = {
    .abi = MK_FILTER_ABI,
    .name = "unpunctuated",
    .summary = "find the text of a page without stops: the anchors of its body",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
