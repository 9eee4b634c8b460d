/* zones: parts a page into head, body and tail.
 *
 * The body reaches from the first line of prose to the last one before closing
 * evidence (a comment form, a copyright line). What closes must leave at least
 * half of the prose before it: a page of many short posts has a form after each.
 * A heading of links right under a credit and tags closes too, under a fifth of the
 * prose or more: collections of news print another article behind it.
 * On a page in Arabic letters a paragraph without one anchors nothing.
 * Prose that furniture parts from the rest, and that is little beside it, is no part
 * of the body: a notice under the comments, a welcome over the menus.
 * On a page without prose verse, talk and tables are the body. Without those it
 * has no zones. Cases: fixtures/filters/zones.cases */
#include "minkhal/filter.h"

static const mk_rule rules[] = {{0}};

enum {
    MIN_BEFORE = 50, /* percent of the prose's letters before the end of the body */
    LABEL_WORDS = 12,
    MIN_LINES = 6,   /* accused lines, which count twice, and labels */
    MIN_APART = 3,   /* accused lines that part prose from the body */
    MAX_APART = 20,  /* percent of the prose's letters that may be parted from it */
    MIN_ARTICLE = 20 /* percent of them over a credit, tags and a heading of links */
};

static bool closes(const mk_line *line)
{
    for (const mk_mark *m = line->marks; m; m = m->next)
        if (m->effect == MK_EFFECT_CLOSES && m->strength >= MK_STRONG)
            return true;
    return false;
}

/* True if line is accused for good reason and begins with one of words, which NULL ends. */
static bool begins_with(const mk_line *line, const char *const words[])
{
    const mk_mark *mark = mk_line_mark(line, MK_STRONG);
    if (!mark || mark->effect != MK_EFFECT_DROP || line->guard || line->label == MK_LABEL_PROSE)
        return false;
    for (; *words; words++) {
        const size_t len = strlen(*words);
        if (line->trimmed.len > len && memcmp(line->trimmed.ptr, *words, len) == 0)
            return true;
    }
    return false;
}

/* True if line i heads a list of links, and a credit and tags stand right over it. */
static bool ends_article(mk_edit *edit, size_t i)
{
    static const char *const credits[] = {"المصدر", "مصدر الخبر", NULL};
    static const char *const tags[] = {"كلمات", "الكلمات", "وسوم", "الوسوم", NULL};
    const mk_mark *mark = mk_line_mark(mk_edit_line(edit, i), MK_STRONG);
    if (!mark || mark->effect != MK_EFFECT_OPENS || mk_edit_line(edit, i)->guard)
        return false;
    const size_t tag = mk_edit_prev(edit, i);
    const size_t credit = tag == SIZE_MAX ? SIZE_MAX : mk_edit_prev(edit, tag);
    return credit != SIZE_MAX && begins_with(mk_edit_line(edit, tag), tags) &&
           begins_with(mk_edit_line(edit, credit), credits);
}

static bool is_prose(const mk_line *line)
{
    return line->label == MK_LABEL_PROSE;
}

/* What anchors the body of a page in Arabic letters: not a notice in English. */
static bool is_arabic_prose(const mk_line *line)
{
    return line->label == MK_LABEL_PROSE && line->features.n_arabic > 0;
}

static bool is_shaped(const mk_line *line)
{
    return line->label == MK_LABEL_VERSE || line->label == MK_LABEL_TALK ||
           line->label == MK_LABEL_TABLE;
}

/* Letters of the lines that can anchor a body. */
static uint64_t sum_letters(mk_edit *edit, bool (*is_anchor)(const mk_line *))
{
    uint64_t sum = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (is_anchor(mk_edit_line(edit, i)))
            sum += mk_edit_line(edit, i)->features.n_letters;
    return sum;
}

/* Furniture, but for what stands between pieces of content. */
static bool parts(const mk_line *line)
{
    const mk_mark *mark = mk_line_mark(line, MK_STRONG);
    return mark && mark->effect != MK_EFFECT_WITHIN && !line->guard;
}

/* A few words that no sign ends and nothing speaks for. */
static bool is_label(const mk_line *line)
{
    const mk_features *f = &line->features;
    return (!line->guard || line->label == MK_LABEL_LIST) && f->n_words > 0 &&
           f->n_words <= LABEL_WORDS && f->end == MK_END_NONE && f->n_commas == 0 &&
           !mk_line_mark(line, MK_STRONG);
}

/* The outermost anchor on one side of the body, from i inwards to `end`: what stands
 * outside of it is parted from the body by furniture. */
static size_t trim(mk_edit *edit, size_t i, size_t end, uint64_t all,
                   bool (*is_anchor)(const mk_line *), size_t (*step)(const mk_edit *, size_t))
{
    uint64_t outside = 0;
    size_t best = i;
    unsigned accused = 0, labels = 0;
    for (; i != end && i != SIZE_MAX; i = step(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (!is_anchor(line)) {
            accused += parts(line);
            labels += is_label(line);
            continue;
        }
        if (accused >= MIN_APART || (accused > 0 && accused * 2 + labels >= MIN_LINES))
            best = i;
        accused = labels = 0;
        outside += line->features.n_letters;
        if (outside * 100 > all * MAX_APART)
            break;
    }
    return best;
}

/* True if most letters of the page are Arabic. */
static bool is_arabic(mk_edit *edit)
{
    uint64_t n = 0, arabic = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        n += mk_edit_line(edit, i)->features.n_letters;
        arabic += mk_edit_line(edit, i)->features.n_arabic;
    }
    return arabic * 2 > n;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const size_t n = mk_edit_doc(edit)->n_lines;
    bool (*is_anchor)(const mk_line *) = is_prose;
    uint64_t all = sum_letters(edit, is_prose), before = 0;
    const uint64_t arabic = sum_letters(edit, is_arabic_prose);
    if (arabic < all && is_arabic(edit)) {
        is_anchor = is_arabic_prose;
        all = arabic;
    }
    if (all == 0) {
        is_anchor = is_shaped;
        all = sum_letters(edit, is_anchor);
    }
    size_t first = SIZE_MAX, last = SIZE_MAX, end = n;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (before > 0 && ((before * 100 >= all * MIN_BEFORE && closes(line)) ||
                           (before * 100 >= all * MIN_ARTICLE && ends_article(edit, i)))) {
            end = i;
            break;
        }
        if (is_anchor(line)) {
            first = first == SIZE_MAX ? i : first;
            last = i;
            before += line->features.n_letters;
        }
    }
    if (first == SIZE_MAX)
        return MK_OK;
    first = trim(edit, first, last, all, is_anchor, mk_edit_next);
    last = trim(edit, last, first, all, is_anchor, mk_edit_prev);
    for (size_t i = 0; i < n; i++)
        mk_edit_zone(edit, i,
                     i < first              ? MK_ZONE_HEAD
                     : i <= last && i < end ? MK_ZONE_BODY
                                            : MK_ZONE_TAIL);
    return MK_OK;
}

const mk_filter mk_filter_zones = {
    .abi = MK_FILTER_ABI,
    .name = "zones",
    .summary = "part the page into head, body and tail",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
