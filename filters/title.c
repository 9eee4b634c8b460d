/* title: finds the page's title among what stands over the body: the line that
 * shares most words with the body; nearness to the body speaks for it too, that
 * another line of the head ends with it (a path, with its first words), that a sentence
 * begins with it («X is ...», as in works of reference), that a path through sections
 * stands over it, and that the date of the page stands under it. Of a long head the last
 * lines are looked at, each beside each. Two or three words that a longer line above has are a
 * caption: that line is the title. The record's own title wins. A page with evidence
 * against no line over its body begins with its title, or has none: the filter facts sees
 * to that. Removes nothing. Cases: fixtures/filters/title.cases */
#include <string.h>

#include "minkhal/filter.h"

static const mk_rule rules[] = {{0}};

enum {
    MIN_LETTERS = 8, /* letters of a title */
    MAX_WORDS = 26,  /* more are a paragraph without stops */
    MIN_WORDS = 2,   /* so short only if the body has half of them */
    NEAR = 8,        /* lines: a title further from the body is less likely */
    TITLE_WORDS = 5, /* of a title over a standfirst: a kicker has fewer */
    PATH_WORDS = 2,  /* of a title at the end of a path that has no room for all */
    LONG_WORDS = 4,
    BOX_LINES = 5,   /* under a name, in which the box of a member begins */
    BOX_MARKS = 2,   /* of them that say so */
    SLASH_WORDS = 7, /* of a line with a slash that is no path */
    SAYS_WORDS = 6,  /* of a sentence that begins with the title, behind it */
    SAYS_LINES = 3,  /* of the body that may be that sentence */
    STAMP_LINES = 5, /* under a title that may hold the day */
    STAMP_DIGITS = 3,
    MAX_HEAD = 512 /* lines: of a longer head its end, as each is compared with each */
};

#define TITLE_SHARE .4 /* of its words that the body has */
#define UNDER_PATH .4  /* of a score: the path through sections right over it */
#define LONG .1        /* four words or more */
#define DEFINED .5     /* a sentence begins with it */
#define STAMP .4       /* of a score: the day right under it */
#define STAMP_STEP .05 /* less for each line between */

/* How often the sign stands in s. */
static unsigned count(mk_str s, mk_str sign)
{
    unsigned n = 0;
    for (const char *p; s.len > 0 && (p = memmem(s.ptr, s.len, sign.ptr, sign.len)); n++)
        s = mk_str_sub(s, (size_t)(p - s.ptr) + sign.len, s.len);
    return n;
}

/* A path through sections: "home > news > health". Behind one slash and a section the
 * title may stand: "culture / ...". */
static bool is_path(const mk_line *line)
{
    if (!(line->features.signs & (MK_SIGN_ANGLE | MK_SIGN_SLASH)))
        return false;
    const unsigned slashes = count(line->seen, MK_STR(" / "));
    return slashes > 1 || (slashes > 0 && line->features.n_words < SLASH_WORDS) ||
           mk_str_has(line->seen, MK_STR(" > ")) || mk_str_has(line->seen, MK_STR(" \u00BB ")) ||
           mk_str_has(line->seen, MK_STR(" \u203A ")) || mk_str_has(line->seen, MK_STR(" \u2039 "));
}

/* No label, no path, no item or heading of a list, not mostly figures; with a number in
 * front only if words enough follow ("9 reasons to ..."). */
static bool may_be_title(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_letters >= MIN_LETTERS && f->n_words >= MIN_WORDS &&
           f->n_digits * 4 <= f->n_letters && !f->bullet && f->end != MK_END_COLON &&
           (line->folded.ptr[0] != '0' || f->n_words >= TITLE_WORDS) && f->n_words <= MAX_WORDS &&
           !line->guard && !mk_line_mark(line, MK_WEAK) && !is_path(line);
}

/* True if the last words of a are b, or the first n bytes of b, which end a word. */
static bool ends_with(mk_str a, mk_str b, size_t n)
{
    return n > 0 && a.len >= n && a.ptr[a.len - 1] == b.ptr[n - 1] &&
           a.ptr[a.len - n] == b.ptr[0] && memcmp(a.ptr + a.len - n, b.ptr, n) == 0 &&
           (a.len == n || a.ptr[a.len - n - 1] == ' ');
}

/* True if a path ends with the first words of a line. */
static bool leads_to(const mk_line *path, mk_str words)
{
    size_t at = 0;
    if (!(path->features.signs & (MK_SIGN_ANGLE | MK_SIGN_SLASH)))
        return false;
    for (unsigned n = 1; mk_word_next(words, &at).len > 0; n++)
        if (n >= PATH_WORDS && ends_with(path->folded, words, at))
            return is_path(path);
    return false;
}

/* Where the lines that are looked at begin, of a head up to `end`. */
static size_t begin(size_t end)
{
    return end > MAX_HEAD ? end - MAX_HEAD : 0;
}

/* True if another line of the head ends with the words of line i: a second copy,
 * or a path through sections that ends in the title. Not an entry of the contents. */
static bool has_twin(mk_edit *edit, size_t i, size_t end)
{
    const mk_str words = mk_edit_line(edit, i)->folded;
    for (size_t k = begin(end); k < end; k++) {
        const mk_line *other = mk_edit_line(edit, k);
        if (k != i &&
            ((ends_with(other->folded, words, words.len) && other->folded.ptr[0] != '0') ||
             leads_to(other, words)))
            return true;
    }
    return false;
}

/* True if a line of the head under line i, or one of the first of the body, is longer and
 * begins with its words. */
static bool is_defined(mk_edit *edit, size_t i, size_t end)
{
    const mk_doc *doc = mk_edit_doc(edit);
    const mk_str words = mk_edit_line(edit, i)->folded;
    const size_t last = end + SAYS_LINES < doc->n_lines ? end + SAYS_LINES : doc->n_lines;
    for (size_t k = i + 1; k < last; k++) {
        const mk_line *other = mk_edit_line(edit, k);
        if (other->features.n_words >= mk_edit_line(edit, i)->features.n_words + SAYS_WORDS &&
            other->folded.len > words.len && memcmp(other->folded.ptr, words.ptr, words.len) == 0 &&
            other->folded.ptr[words.len] == ' ')
            return true;
    }
    return false;
}

/* True if line i ends with the words of another line in play that may be the title: a path
 * without signs between its steps. */
static bool ends_in_other(mk_edit *edit, size_t i, size_t end)
{
    const mk_str own = mk_edit_line(edit, i)->folded;
    for (size_t k = mk_edit_next(edit, begin(end) - 1); k < end; k = mk_edit_next(edit, k)) {
        const mk_line *other = mk_edit_line(edit, k);
        if (k != i && other->folded.len < own.len &&
            ends_with(own, other->folded, other->folded.len) && may_be_title(other))
            return true;
    }
    return false;
}

/* How much it speaks for line i that one of the lines under it goes and has figures: the
 * day, the author and the hour, how often it was read. The nearer the more. */
static double weigh_stamp(mk_edit *edit, size_t i, size_t end)
{
    const mk_doc *doc = mk_edit_doc(edit);
    unsigned n = 0;
    for (size_t k = i + 1; k < end && n < STAMP_LINES; k++) {
        const mk_line *line = mk_edit_line(edit, k);
        if (line->label == MK_LABEL_BLANK)
            continue;
        if (doc->lines[k].gone && line->features.n_digits >= STAMP_DIGITS &&
            mk_line_mark(line, MK_STRONG))
            return ends_in_other(edit, i, end) ? 0 : STAMP - STAMP_STEP * n;
        n++;
    }
    return 0;
}

/* True if the line over line i, which goes, is a path through sections. */
static bool is_under_path(mk_edit *edit, size_t i)
{
    const mk_doc *doc = mk_edit_doc(edit);
    while (i > 0 && doc->lines[i - 1].label == MK_LABEL_BLANK)
        i--;
    return i > 0 && doc->lines[i - 1].gone && is_path(mk_edit_line(edit, i - 1));
}

/* Lines in play from i to the body. */
static unsigned distance(mk_edit *edit, size_t i, size_t end)
{
    unsigned n = 0;
    for (i = mk_edit_next(edit, i); i < end; i = mk_edit_next(edit, i))
        n++;
    return n;
}

/* The line that is the record's own title; SIZE_MAX if it has none or no line is. */
static size_t find_given(mk_edit *edit, size_t end)
{
    const mk_str given = mk_str_trim(mk_edit_doc(edit)->title);
    if (given.len == 0)
        return SIZE_MAX;
    size_t i = mk_edit_next(edit, SIZE_MAX);
    while (i < end && !mk_str_eq(mk_str_trim(mk_edit_line(edit, i)->text), given))
        i = mk_edit_next(edit, i);
    return i < end ? i : SIZE_MAX;
}

/* True if the box of a member stands under line i, gone or not: the line is the member's name. */
static bool is_over_box(mk_edit *edit, size_t i)
{
    const mk_doc *doc = mk_edit_doc(edit);
    unsigned n = 0;
    for (size_t k = i + 1; k < doc->n_lines && k <= i + BOX_LINES; k++)
        for (const mk_mark *m = doc->lines[k].marks; m; m = m->next)
            if (m->effect == MK_EFFECT_WITHIN) {
                n++;
                break;
            }
    return n >= BOX_MARKS;
}

static size_t find_title(mk_edit *edit, mk_vocabulary *v, size_t end)
{
    size_t best = SIZE_MAX;
    double best_score = 0;
    for (size_t i = mk_edit_next(edit, begin(end) - 1); i < end; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (!may_be_title(line))
            continue;
        const double share = mk_vocabulary_share(v, line, 0);
        if (line->features.n_words == MIN_WORDS && (share < .5 || is_over_box(edit, i)))
            continue;
        const double score = mk_vocabulary_share(v, line, 3) +
                             (distance(edit, i, end) < NEAR ? .3 : 0) +
                             (has_twin(edit, i, end) ? .3 : 0) +
                             (is_under_path(edit, i) ? UNDER_PATH : 0) +
                             (line->features.n_words >= LONG_WORDS ? LONG : 0) +
                             (share >= .5 && is_defined(edit, i, end) ? DEFINED : 0) +
                             weigh_stamp(edit, i, end);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

/* A standfirst has more words of the body than the title right over it: the first of
 * both, if the one above can be a title too. */
static size_t step_over_standfirst(mk_edit *edit, mk_vocabulary *v, size_t i)
{
    const mk_doc *doc = mk_edit_doc(edit);
    const size_t before = mk_edit_prev(edit, i);
    if (before == SIZE_MAX)
        return i;
    for (size_t k = before + 1; k < i; k++)
        if (doc->lines[k].label != MK_LABEL_BLANK)
            return i;
    const mk_line *line = mk_edit_line(edit, before);
    return may_be_title(line) && line->features.n_words >= TITLE_WORDS &&
                   line->features.n_letters < mk_edit_line(edit, i)->features.n_letters &&
                   mk_vocabulary_share(v, line, 0) >= TITLE_SHARE
               ? before
               : i;
}

/* True if the words b stand side by side in a. */
static bool has_words(mk_str a, mk_str b)
{
    while (a.len >= b.len) {
        const char *const at = memmem(a.ptr, a.len, b.ptr, b.len);
        if (!at)
            return false;
        const size_t from = (size_t)(at - a.ptr), to = from + b.len;
        if ((from == 0 || a.ptr[from - 1] == ' ') && (to == a.len || a.ptr[to] == ' '))
            return true;
        a = mk_str_sub(a, from + 1, a.len);
    }
    return false;
}

/* The words under a picture are some of the title's: of a few words the nearest line above
 * that has them and more, and no sign behind which a site's name may stand. */
static size_t step_over_caption(mk_edit *edit, mk_vocabulary *v, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    size_t above = i;
    if (line->features.n_words >= LONG_WORDS)
        return i;
    for (unsigned n = 0; n < NEAR && (above = mk_edit_prev(edit, above)) != SIZE_MAX; n++) {
        const mk_line *other = mk_edit_line(edit, above);
        if (other->features.n_words >= line->features.n_words + MIN_WORDS &&
            !(other->features.signs & (MK_SIGN_BAR | MK_SIGN_DASH)) && may_be_title(other) &&
            has_words(other->folded, line->folded) &&
            mk_vocabulary_share(v, other, 0) >= TITLE_SHARE)
            return above;
    }
    return i;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    unsigned hits = 0;
    size_t end = 0;
    for (; end < doc->n_lines && doc->lines[end].zone == MK_ZONE_HEAD; end++)
        hits += doc->lines[end].marks != NULL;
    if (hits == 0)
        return MK_OK;
    mk_vocabulary v = {.edit = edit};
    size_t title = find_given(edit, end);
    if (title == SIZE_MAX)
        title = find_title(edit, &v, end);
    if (title == SIZE_MAX)
        return MK_OK;
    title = step_over_standfirst(edit, &v, step_over_caption(edit, &v, title));
    mk_edit_label(edit, title, MK_LABEL_TITLE);
    mk_edit_meta(edit, "title", mk_str_trim(mk_edit_line(edit, title)->text));
    return MK_OK;
}

const mk_filter mk_filter_title = {
    .abi = MK_FILTER_ABI,
    .name = "title",
    .summary = "find the page's title over the body",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
