/* heads: removes what stands over the first paragraph of a page that begins with
 * menus, but for the title and the lines that belong to it.
 *
 * A head is menu-like when it has six lines or more, and evidence against three of
 * them and against a quarter (numbers alone are no evidence of a menu). A line
 * that is gone already is evidence. With less evidence only labels go, a word or three
 * that the body has not: where they are half of the head, and of two words in the mean, or a
 * dozen names;
 * and, in a smaller head, those over the title. What stands between the head of a post
 * and the body is the post, and so are sentences that touch it. Lines under the title
 * that share half of their words with the body are its standfirst; so is, with a smaller
 * share, a line that touches it. A sentence stays anywhere if the body has a fifth of its
 * words: the first paragraphs may be short ones; and a paragraph right under the title, or
 * that begins with its words; and lines of its kind that hang on it, nothing gone between; and what stands right over
 * a paragraph that stays.
 * Lines written with vowels stay. Guarded lines stay, but for lists with gone lines between
 * them and the body: bulleted ones where half of the head is furniture, and what stood under
 * the colon of a line that is gone.
 * Cases: fixtures/filters/heads.cases */
#include "minkhal/filter.h"
#include "minkhal/text.h"

enum {
    MIN_LINES = 6,
    MIN_HITS = 3,
    MIN_LABELS = 8,   /* short lines that are a menu without a hit */
    MANY_LABELS = 12, /* that may be longer, where none in so many speaks */
    LABEL_WORDS = 3,  /* words of one; two in the mean: verse has more */
    MIN_LETTERS = 8,  /* letters of a deck or a standfirst */
    MIN_WORDS = 2,
    TITLE_WORDS = 5, /* of a rival of the title, with as many words of the body */
    MAX_TITLE_WORDS = 30,
    PATH_WORDS = 12,   /* in front of the title, in a path */
    STEP_WORDS = 4,    /* of a step of one */
    LEAD_LETTERS = 40, /* letters of a line on top of the body that stays */
    LEAD_LINES = 2,    /* on top of it that stay whatever their length */
    MIN_WORD = 3,      /* folded letters of a word that counts */
    POST_WORDS = 18,   /* of a post without stops */
    POST_SMALL = 14,   /* percent of them that are small: «من», «أن» */
    FIRST_WORDS = 4,   /* words of a label on top of the page */
    LATIN_WORDS = 3
};

#define TEXT_SHARE .2 /* of the words of a sentence over the body that are the body's too */

enum { MENU, PATH, LABEL, LATIN };

static const mk_rule rules[] = {
    [MENU] = {"menu", "nav", "stands over the body, among menus, and is not the title"},
    [PATH] = {"path", "nav", "a path through sections, on top of the page or ending in the title"},
    [LABEL] = {"label", "nav", "a section or the site's name over the title, of other words"},
    [LATIN] = {"latin", "nav",
               "a few Latin letters over an Arabic text, which has not those words"},
    {0},
};

/* No line, or only blank ones, between the two. */
static bool touch(const mk_doc *doc, size_t a, size_t b)
{
    for (size_t i = (a < b ? a : b) + 1; i < (a < b ? b : a); i++)
        if (doc->lines[i].label != MK_LABEL_BLANK)
            return false;
    return true;
}

/* Line i stands under the title, and nothing that goes stands between them. */
static bool hangs_on(const mk_doc *doc, size_t i, size_t title)
{
    for (size_t k = i; k > title; k--)
        if (doc->lines[k].gone)
            return false;
    return i > title;
}

/* True if line is gone from the furniture of a post. */
static bool is_within(const mk_line *line)
{
    const mk_mark *mark = line->gone ? mk_line_mark(line, MK_WEAK) : NULL;
    return mark && mark->effect == MK_EFFECT_WITHIN;
}

/* True if nothing that goes stands between line i and the body, but for drawn rules and
 * what stands between pieces of content. */
static bool touches_body(const mk_doc *doc, size_t i)
{
    for (i++; i < doc->n_lines && doc->lines[i].zone == MK_ZONE_HEAD; i++)
        if (doc->lines[i].gone && doc->lines[i].features.n_words > 0 && !is_within(&doc->lines[i]))
            return false;
    return true;
}

/* True if the nearest line above line i that is gone is the head of a post. */
static bool is_under_post_head(const mk_doc *doc, size_t i)
{
    while (i > 0 && !doc->lines[i - 1].gone)
        i--;
    return i > 0 && is_within(&doc->lines[i - 1]);
}

/* Many letters have their vowels: verse, a quotation. No menu is written so. */
static bool is_vocalised(const mk_line *line)
{
    enum { MIN_MARKS = 4, EVERY = 5 /* letters, one of which has a mark */ };
    unsigned n = 0;
    if (line->seen.len == line->folded.len)
        return false;
    for (size_t at = 0; at < line->seen.len;)
        n += mk_is_arabic_mark(mk_utf8_next(line->seen, &at));
    return n >= MIN_MARKS && n * EVERY >= line->features.n_arabic;
}

/* A few words that are a sentence: a question, a cry, one that breaks off. */
static bool is_sentence(const mk_features *f)
{
    return f->n_words > MIN_WORDS &&
           (f->end == MK_END_STOP || f->end == MK_END_QUESTION || f->end == MK_END_DOTS);
}

/* No label, no item of a list, not mostly figures. */
static bool may_be_deck(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_letters >= MIN_LETTERS && f->n_words >= MIN_WORDS &&
           f->n_digits * 4 <= f->n_letters && !f->bullet && line->folded.ptr[0] != '0' &&
           !line->guard && !mk_line_mark(line, MK_WEAK);
}

/* A few words that no sign ends. */
static bool is_label(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_letters > 0 && f->n_words <= LABEL_WORDS && f->end == MK_END_NONE && !line->guard &&
           f->n_stops == 0 && f->n_commas == 0 && f->n_digits * 4 <= f->n_letters;
}

/* As long as a title, not as long as what scripts leave; not the title again with the
 * site's name behind it. */
static bool may_be_rival(mk_edit *edit, size_t i, size_t title)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_str words = mk_edit_line(edit, title)->folded;
    return line->features.n_words >= TITLE_WORDS && line->features.n_words <= MAX_TITLE_WORDS &&
           !mk_str_has(line->folded, words);
}

/* Lines in play from i to the body. */
static unsigned distance(mk_edit *edit, size_t i)
{
    unsigned n = 0;
    while ((i = mk_edit_next(edit, i)) != SIZE_MAX && mk_edit_line(edit, i)->zone == MK_ZONE_HEAD)
        n++;
    return n;
}

/* True if half of the words of `words`, a folded line, stand in line. */
static bool shares_words(const mk_line *line, mk_str words)
{
    unsigned n = 0, shared = 0;
    size_t at = 0;
    for (mk_str w = mk_word_next(words, &at); w.len > 0; w = mk_word_next(words, &at)) {
        if (w.len < MIN_WORD)
            continue;
        n++;
        const mk_str stem = mk_word_stem(w);
        size_t k = 0;
        mk_str v = mk_word_next(line->folded, &k);
        while (v.len > 0 && !mk_str_eq(mk_word_stem(v), stem))
            v = mk_word_next(line->folded, &k);
        shared += v.len > 0;
    }
    return shared >= 2 && shared * 2 >= n;
}

static bool begins_with(mk_str s, mk_str words)
{
    return s.len > words.len && memcmp(s.ptr, words.ptr, words.len) == 0 && s.ptr[words.len] == ' ';
}

/* A number or a rule right between guarded lines that stay, as stanzas have. */
static bool parts_guarded(const mk_doc *doc, size_t i)
{
    size_t before = i, after = i + 1;
    if (doc->lines[i].features.n_letters > 0)
        return false;
    while (before > 0 && doc->lines[before - 1].label == MK_LABEL_BLANK)
        before--;
    while (after < doc->n_lines && doc->lines[after].label == MK_LABEL_BLANK)
        after++;
    return before > 0 && after < doc->n_lines && !doc->lines[before - 1].gone &&
           doc->lines[before - 1].guard && !doc->lines[after].gone && doc->lines[after].guard;
}

/* True if the line under line i is a paragraph, and nothing is gone between the two. */
static bool is_over_prose(mk_edit *edit, size_t i)
{
    const size_t next = mk_edit_next(edit, i);
    return next != SIZE_MAX && mk_edit_line(edit, next)->label == MK_LABEL_PROSE &&
           touch(mk_edit_doc(edit), i, next);
}

/* More words than a headline has, as many small ones among them as a text has. */
static bool is_unpunctuated(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words >= POST_WORDS && !mk_line_mark(line, MK_WEAK) &&
           mk_language_common_words(line->seen, MK_LANGUAGE_AR) * 100 >=
               f->n_words * (unsigned)POST_SMALL;
}

/* A kicker, a second deck or a standfirst of the title; a first paragraph that does
 * not look like prose. */
static bool belongs(mk_edit *edit, mk_vocabulary *v, size_t i, size_t title)
{
    const mk_line *line = mk_edit_line(edit, i);
    if (is_vocalised(line) || parts_guarded(mk_edit_doc(edit), i))
        return true;
    if (!mk_line_mark(line, MK_WEAK) && touches_body(mk_edit_doc(edit), i) &&
        (line->features.n_letters >= LEAD_LETTERS || is_sentence(&line->features) ||
         is_under_post_head(mk_edit_doc(edit), i) ||
         (line->features.n_words >= MIN_WORDS && distance(edit, i) < LEAD_LINES)))
        return true;
    if (is_unpunctuated(line))
        return true;
    const double share = mk_vocabulary_share(v, line, 0);
    if (share >= TEXT_SHARE && line->features.n_letters >= LEAD_LETTERS &&
        !mk_line_mark(line, MK_WEAK) &&
        (line->label == MK_LABEL_PROSE || line->features.end == MK_END_STOP))
        return true;
    if (!may_be_deck(line))
        return false;
    if (share >= TEXT_SHARE && is_over_prose(edit, i))
        return true;
    if (title == SIZE_MAX)
        return false;
    if (line->label == MK_LABEL_PROSE && share > 0 && i == mk_edit_next(edit, title))
        return true;
    if (i > title && line->features.n_letters >= LEAD_LETTERS &&
        begins_with(line->folded, mk_edit_line(edit, title)->folded))
        return true;
    const bool rival = may_be_rival(edit, i, title);
    return (i > title && share >= .5) || (rival && share >= .5) ||
           (rival && i < title && shares_words(mk_edit_line(edit, title), line->folded)) ||
           (share >= .2 && touch(mk_edit_doc(edit), i, title)) ||
           ((share >= .2 || is_sentence(&line->features)) && hangs_on(mk_edit_doc(edit), i, title));
}

/* The line that is labelled as the title; SIZE_MAX if none is. */
static size_t find_title(const mk_doc *doc, size_t end)
{
    for (size_t i = 0; i < end; i++)
        if (!doc->lines[i].gone && doc->lines[i].label == MK_LABEL_TITLE)
            return i;
    return SIZE_MAX;
}

/* True if line i is short, not in the body's words, and the line in front of it, blank
 * ones left out, is gone: with the line whose colon speaks for it. */
static bool is_under_gone(mk_edit *edit, mk_vocabulary *v, size_t i)
{
    const mk_doc *doc = mk_edit_doc(edit);
    const mk_line *line = mk_edit_line(edit, i);
    while (i > 0 && doc->lines[i - 1].label == MK_LABEL_BLANK)
        i--;
    return line->features.n_words <= LABEL_WORDS && i > 0 && doc->lines[i - 1].gone &&
           mk_vocabulary_share(v, line, 0) < .5;
}

/* What of a head goes, the title and what belongs to it aside. */
typedef enum reach { NOTHING, OVER_TITLE, LABELS, ALL } reach;

/* A head in numbers. */
typedef struct head {
    size_t end, title;
    unsigned lines, hits;
    unsigned labels, words; /* short lines that nothing accuses, and their words */
    bool names;             /* they are many, and nobody speaks in them */
} head;

static bool is_free_label(const mk_line *line)
{
    return !line->marks && !line->gone && is_label(line);
}

/* True if one of a dozen labels of the head speaks, at most. */
static bool are_names(const mk_doc *doc, const head *h)
{
    unsigned spoken = 0;
    for (size_t i = 0; i < h->end && spoken * MANY_LABELS <= h->labels; i++)
        spoken += is_free_label(&doc->lines[i]) && mk_line_speaks(&doc->lines[i]);
    return spoken * MANY_LABELS <= h->labels;
}

static head measure(const mk_doc *doc)
{
    head h = {0};
    for (; h.end < doc->n_lines && doc->lines[h.end].zone == MK_ZONE_HEAD; h.end++) {
        const mk_line *line = &doc->lines[h.end];
        h.lines += line->label != MK_LABEL_BLANK;
        h.hits += (line->marks || line->gone) && line->features.n_letters > 0 &&
                  !(line->features.has_url && line->features.n_arabic == 0);
        if (is_free_label(line)) {
            h.labels++;
            h.words += line->features.n_words;
        }
    }
    h.title = find_title(doc, h.end);
    h.names = h.labels >= MANY_LABELS && h.words > 2 * h.labels && are_names(doc, &h);
    return h;
}

static reach judge(const head *h)
{
    if (h->lines < MIN_LINES)
        return h->hits > 1 && h->title != SIZE_MAX ? OVER_TITLE : NOTHING;
    if (h->hits >= MIN_HITS && h->hits * 4 >= h->lines)
        return ALL;
    return (h->hits + h->labels) * 2 >= h->lines && (h->names || h->words <= 2 * h->labels) &&
                   (h->hits > 1 ? h->labels >= MIN_HITS : h->labels >= MIN_LABELS)
               ? LABELS
               : NOTHING;
}

/* True if the head goes as far as line i. */
static bool reaches(mk_edit *edit, mk_vocabulary *v, const head *h, reach how, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    if (line->guard) {
        const bool item = line->label == MK_LABEL_LIST && !touches_body(mk_edit_doc(edit), i);
        if (!item || (line->features.bullet ? h->hits * 2 < h->lines
                                            : how != ALL || !is_under_gone(edit, v, i)))
            return false;
    }
    if (how == ALL)
        return true;
    return is_label(line) && mk_vocabulary_share(v, line, 0) < .5 &&
           (how == LABELS || i < h->title);
}

/* True if line ends with the words of the title, and little stands in front of them: no word in
 * brackets, as forums have of what is solved. */
static bool is_path(const mk_line *line, const mk_line *title)
{
    const mk_str words = title->folded, own = line->folded;
    return own.len > words.len + 1 && line->trimmed.ptr[0] != '[' && line->trimmed.ptr[0] != '(' &&
           line->features.n_words <= title->features.n_words + PATH_WORDS &&
           memcmp(own.ptr + own.len - words.len, words.ptr, words.len) == 0 &&
           own.ptr[own.len - words.len - 1] == ' ';
}

/* Drops paths through sections that end in the title. */
static void drop_paths(mk_edit *edit, const head *h)
{
    if (h->title == SIZE_MAX || mk_edit_line(edit, h->title)->features.n_words < TITLE_WORDS)
        return;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i < h->end; i = mk_edit_next(edit, i))
        if (is_path(mk_edit_line(edit, i), mk_edit_line(edit, h->title)))
            mk_edit_drop(edit, i, PATH,
                         mk_edit_format(edit, "line %zu is the title", h->title + 1));
}

/* The line that may be the title under line i, copies of i left out; SIZE_MAX if what
 * follows in the head can be none. */
static size_t title_below(mk_edit *edit, size_t i)
{
    size_t next = mk_edit_next(edit, i);
    while (next != SIZE_MAX &&
           mk_str_eq(mk_edit_line(edit, next)->folded, mk_edit_line(edit, i)->folded))
        next = mk_edit_next(edit, next);
    if (next == SIZE_MAX)
        return next;
    const mk_line *line = mk_edit_line(edit, next);
    const mk_features *f = &line->features;
    return line->zone == MK_ZONE_HEAD && !line->guard && !mk_line_mark(line, MK_WEAK) &&
                   f->n_words >= TITLE_WORDS && f->n_words <= MAX_TITLE_WORDS &&
                   f->end != MK_END_STOP && f->end != MK_END_COLON && f->end != MK_END_COMMA
               ? next
               : SIZE_MAX;
}

/* True if a word of a begins as one of b does. */
static bool share_a_word(const mk_line *a, const mk_line *b)
{
    size_t at = 0;
    for (mk_str w = mk_word_next(a->folded, &at); w.len > 0; w = mk_word_next(a->folded, &at)) {
        size_t k = 0;
        mk_str v = mk_word_next(b->folded, &k);
        while (v.len > 0 && (w.len < MIN_WORD || !mk_str_eq(mk_word_stem(v), mk_word_stem(w))))
            v = mk_word_next(b->folded, &k);
        if (v.len > 0)
            return true;
    }
    return false;
}

/* Drops the first line of the page if it is a few words, and the line below is the title:
 * it speaks of the body, and the first line of something else. */
static void drop_first_label(mk_edit *edit, mk_vocabulary *v)
{
    const size_t i = mk_edit_next(edit, SIZE_MAX);
    if (i == SIZE_MAX || mk_edit_line(edit, i)->zone != MK_ZONE_HEAD)
        return;
    const mk_line *line = mk_edit_line(edit, i);
    const mk_features *f = &line->features;
    if (f->n_words > FIRST_WORDS || f->n_letters < MIN_WORD || f->end != MK_END_NONE ||
        f->n_stops + f->n_commas > 0 || line->guard ||
        memchr(line->trimmed.ptr, ':', line->trimmed.len))
        return;
    const size_t title = title_below(edit, i);
    if (title == SIZE_MAX || share_a_word(line, mk_edit_line(edit, title)))
        return;
    const double own = mk_vocabulary_share(v, line, 0),
                 share = mk_vocabulary_share(v, mk_edit_line(edit, title), 0);
    if (own > 0 ? f->n_words <= LABEL_WORDS && share >= .4 && share >= own : share >= .3)
        mk_edit_drop(edit, i, LABEL, mk_edit_format(edit, "line %zu is the title", title + 1));
}

static bool is_figure(char c)
{
    return c >= '0' && c <= '9';
}

/* True if text is steps of a few words each, with slashes of either kind between them, or
 * « : » twice. A slash beside a figure is of a date. */
static bool is_steps(mk_str text)
{
    unsigned steps = 0, colons = 0, words = 1;
    for (size_t i = 1; i + 1 < text.len; i++) {
        const char c = text.ptr[i];
        const bool slash = c == '/' || c == '\\', colon = c == ':' && text.ptr[i + 1] == ' ';
        if (slash && (is_figure(text.ptr[i - 1]) || is_figure(text.ptr[i + 1])))
            return false;
        steps += slash;
        colons += colon;
        words = slash || colon ? 0 : words + (c == ' ' && text.ptr[i + 1] != ' ');
        if (words > STEP_WORDS)
            return false;
    }
    return steps > 0 || colons > 1;
}

/* Drops a path on top of the page: verse has a slash in the next line too. */
static void drop_first_path(mk_edit *edit)
{
    const size_t i = mk_edit_next(edit, SIZE_MAX);
    const size_t after = i != SIZE_MAX ? mk_edit_next(edit, i) : SIZE_MAX;
    if (after == SIZE_MAX || mk_edit_line(edit, i)->zone != MK_ZONE_HEAD)
        return;
    const mk_line *line = mk_edit_line(edit, i), *next = mk_edit_line(edit, after);
    const mk_features *f = &line->features;
    if (f->n_words <= PATH_WORDS && f->end == MK_END_NONE && f->n_arabic * 2 > f->n_letters &&
        !line->guard && !(f->signs & MK_SIGN_ANGLE) && is_steps(line->trimmed) &&
        next->features.n_words > MIN_WORDS && !is_steps(next->trimmed))
        mk_edit_drop(edit, i, PATH, MK_STR("on top of the page"));
}

/* Drops a few Latin letters alone on a line over a body in Arabic letters. */
static void drop_latin(mk_edit *edit, mk_vocabulary *v, size_t end)
{
    if (end >= mk_edit_doc(edit)->n_lines)
        return;
    const mk_features *body = &mk_edit_line(edit, end)->features;
    if (body->n_arabic * 2 <= body->n_letters)
        return;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i < end; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        const mk_features *f = &line->features;
        if (f->n_latin == f->n_letters && f->n_letters > 1 && f->n_words <= LATIN_WORDS &&
            f->n_digits == 0 && f->end == MK_END_NONE && !line->guard &&
            mk_vocabulary_share(v, line, 0) <= 0)
            mk_edit_drop(edit, i, LATIN, MK_STR("no Arabic letter, over an Arabic text"));
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    mk_vocabulary v = {.edit = edit};
    const head h = measure(doc);
    drop_first_path(edit);
    drop_paths(edit, &h);
    drop_latin(edit, &v, h.end);
    drop_first_label(edit, &v);
    const reach how = judge(&h);
    if (how == NOTHING)
        return MK_OK;
    const mk_str evidence = mk_edit_format(edit, "%u lines over the body, %u with evidence",
                                           h.lines, h.hits);
    for (size_t i = 0; i < h.end; i++)
        if (!doc->lines[i].gone && doc->lines[i].label != MK_LABEL_BLANK && i != h.title &&
            reaches(edit, &v, &h, how, i) && !belongs(edit, &v, i, h.title))
            mk_edit_drop(edit, i, MENU, evidence);
    return MK_OK;
}

const mk_filter mk_filter_heads = {
    .abi = MK_FILTER_ABI,
    .name = "heads",
    .summary = "remove menus over the body, keep the title",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
