/* heads: removes what stands over the first paragraph of a page that begins with
 * menus, but for the title and the lines that belong to it.
 *
 * A head is menu-like when it has six lines or more, and evidence against three of
 * them and against a quarter (numbers alone are no evidence of a menu).
 * The title is the line that shares most words with the body; nearness to the
 * body speaks for it too, and that another line of the head ends with it. The record's own title
 * wins. Lines under the title that share half of their words with the body are
 * its standfirst; so is, with a smaller share, a line that touches it. Guarded
 * lines stay. Cases: fixtures/filters/heads.cases */
#include <stdlib.h>

#include "minkhal/filter.h"

enum {
    MIN_LINES = 6,
    MIN_HITS = 3,
    MIN_LETTERS = 8,   /* letters of a title */
    MIN_WORDS = 2,     /* so short only if the body has half of them */
    LEAD_LETTERS = 40, /* letters of a line on top of the body that stays */
    MIN_KEY = 3,       /* folded letters: shorter words are in every text */
    MAX_KEYS = 4096,   /* words of the body that are remembered */
    NEAR = 8           /* lines: a title further from the body is less likely */
};

enum { MENU };

static const mk_rule rules[] = {
    [MENU] = {"menu", "nav", "stands over the body, among menus, and is not the title"},
    {0},
};

/* Hashes of the body's words, sorted. */
typedef struct vocabulary {
    uint64_t *keys;
    size_t n;
} vocabulary;

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool gather(mk_edit *edit, vocabulary *ret)
{
    ret->keys = mk_edit_scratch(edit, MAX_KEYS * sizeof(*ret->keys));
    ret->n = 0;
    if (!ret->keys)
        return false;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->zone != MK_ZONE_BODY)
            continue;
        size_t at = 0;
        for (mk_str w = mk_word_next(line->folded, &at); w.len > 0 && ret->n < MAX_KEYS;
             w = mk_word_next(line->folded, &at))
            if (w.len >= MIN_KEY)
                ret->keys[ret->n++] = mk_hash64(mk_word_stem(w));
    }
    qsort(ret->keys, ret->n, sizeof(*ret->keys), by_value);
    return true;
}

/* The share of a line's words that the body has too; as if it had `more` other
 * words, so that of two lines the longer one counts more. */
static double overlap(const vocabulary *v, mk_str folded, size_t more)
{
    size_t n = more, hits = 0, at = 0;
    for (mk_str w = mk_word_next(folded, &at); w.len > 0; w = mk_word_next(folded, &at)) {
        if (w.len < MIN_KEY)
            continue;
        const uint64_t key = mk_hash64(mk_word_stem(w));
        n++;
        hits += bsearch(&key, v->keys, v->n, sizeof(key), by_value) != NULL;
    }
    return n > 0 ? (double)hits / (double)n : 0;
}

/* A path through sections: "home > news > health". */
static bool is_path(const mk_line *line)
{
    return mk_str_has(line->seen, MK_STR(" > ")) || mk_str_has(line->seen, MK_STR(" \u00BB ")) ||
           mk_str_has(line->seen, MK_STR(" \u203A "));
}

/* No label, no path, no item of a list, not mostly figures. */
static bool may_be_title(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_letters >= MIN_LETTERS && f->n_words >= MIN_WORDS &&
           f->n_digits * 4 <= f->n_letters && !f->bullet && line->folded.ptr[0] != '0' &&
           !line->guard && !mk_line_mark(line, MK_WEAK) && !is_path(line);
}

/* True if another line of the head ends with the words of line i: a second copy,
 * or a path through sections that ends in the title. */
static bool has_twin(mk_edit *edit, size_t i, size_t end)
{
    const mk_str words = mk_edit_line(edit, i)->folded;
    for (size_t k = 0; k < end; k++) {
        const mk_str other = mk_edit_line(edit, k)->folded;
        if (k != i && other.len >= words.len && words.len > 0 &&
            memcmp(other.ptr + other.len - words.len, words.ptr, words.len) == 0 &&
            (other.len == words.len || other.ptr[other.len - words.len - 1] == ' '))
            return true;
    }
    return false;
}

/* Lines in play from i to the body. */
static unsigned distance(mk_edit *edit, size_t i, size_t end)
{
    unsigned n = 0;
    for (i = mk_edit_next(edit, i); i < end; i = mk_edit_next(edit, i))
        n++;
    return n;
}

static size_t find_title(mk_edit *edit, const vocabulary *v, size_t end)
{
    const mk_str given = mk_str_trim(mk_edit_doc(edit)->title);
    size_t best = SIZE_MAX;
    double best_score = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i < end; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (given.len > 0 && mk_str_eq(mk_str_trim(line->text), given))
            return i;
        if (!may_be_title(line))
            continue;
        const double share = overlap(v, line->folded, 0);
        if (line->features.n_words == MIN_WORDS && share < .5)
            continue;
        const double score = overlap(v, line->folded, 3) +
                             (distance(edit, i, end) < NEAR ? .3 : 0) +
                             (has_twin(edit, i, end) ? .3 : 0);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

/* No line, or only blank ones, between the two. */
static bool touch(const mk_doc *doc, size_t a, size_t b)
{
    for (size_t i = (a < b ? a : b) + 1; i < (a < b ? b : a); i++)
        if (doc->lines[i].label != MK_LABEL_BLANK)
            return false;
    return true;
}

/* True if nothing that goes stands between line i and the body. */
static bool touches_body(const mk_doc *doc, size_t i)
{
    for (i++; i < doc->n_lines && doc->lines[i].zone == MK_ZONE_HEAD; i++)
        if (doc->lines[i].gone)
            return false;
    return true;
}

/* A kicker, a second deck or a standfirst of the title; a first paragraph that does
 * not look like prose. */
static bool belongs(mk_edit *edit, const vocabulary *v, size_t i, size_t title)
{
    const mk_line *line = mk_edit_line(edit, i);
    if (line->features.n_letters >= LEAD_LETTERS && !mk_line_mark(line, MK_WEAK) &&
        touches_body(mk_edit_doc(edit), i))
        return true;
    if (title == SIZE_MAX || !may_be_title(line))
        return false;
    const double share = overlap(v, line->folded, 0);
    return (i > title && share >= .5) || (share >= .2 && touch(mk_edit_doc(edit), i, title));
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    unsigned n = 0, hits = 0;
    size_t end = 0;
    for (; end < doc->n_lines && doc->lines[end].zone == MK_ZONE_HEAD; end++) {
        n += doc->lines[end].label != MK_LABEL_BLANK;
        hits += doc->lines[end].marks != NULL && doc->lines[end].features.n_letters > 0;
    }
    if (n < MIN_LINES || hits < MIN_HITS || hits * 4 < n)
        return MK_OK;
    vocabulary v;
    if (!gather(edit, &v))
        return MK_NOMEM;
    const size_t title = find_title(edit, &v, end);
    for (size_t i = 0; i < end; i++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->gone || line->label == MK_LABEL_BLANK || line->guard || i == title)
            continue;
        if (!belongs(edit, &v, i, title))
            mk_edit_drop(edit, i, MENU,
                         mk_edit_format(edit,
                                        "%u lines over the body, %u with "
                                        "evidence",
                                        n, hits));
    }
    if (title != SIZE_MAX) {
        mk_edit_label(edit, title, MK_LABEL_TITLE);
        mk_edit_meta(edit, "title", mk_str_trim(mk_edit_line(edit, title)->text));
    }
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
