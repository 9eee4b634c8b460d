/* menus: removes runs of short lines that are menus: eight or more lines of four
 * words or less, without a stop, three or more of them known as labels. Twelve or more
 * outside the body need no line that is known: it is enough that labels stand for a part
 * of their words («المنتدى», «ثقافة» among names of sections that nobody has seen). Guarded
 * lines, the title, prose and, over the body, the head of a post end a run. A page that
 * has no body may be a list of dishes, a notice between two buttons: there most of the page's lines
 * that nothing speaks against stand side by side, and stay; so does the first line.
 * Cases: fixtures/filters/menus.cases */
#include "minkhal/filter.h"

enum {
    MIN_RUN = 8,  /* lines */
    MIN_HITS = 3, /* of them with evidence */
    MAX_WORDS = 4,
    LONG_RUN = 12,   /* lines */
    LABELS = 15,     /* percent of its words for which labels stand */
    MIN_CONTENT = 5, /* lines side by side that may be all of a page's content */
    MOST = 50        /* percent of the lines that nothing accuses */
};

enum { RUN, WORDS };

static const mk_rule rules[] = {
    [RUN] = {"run", "nav", "one of many short lines in a row, of which several are labels"},
    [WORDS] = {"words", "nav", "one of very many short lines in a row, with words of labels"},
    {0},
};

static bool is_short(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words <= MAX_WORDS && f->end != MK_END_STOP && f->end != MK_END_QUESTION &&
           line->label != MK_LABEL_PROSE && !line->guard;
}

/* A line over the body that is gone from the furniture of a post: its title and its
 * first words may stand beside it. */
static bool heads_post(const mk_line *line)
{
    for (const mk_mark *m = line->marks; m && line->gone && line->zone == MK_ZONE_HEAD; m = m->next)
        if (m->effect == MK_EFFECT_WITHIN && m->strength >= MK_STRONG)
            return true;
    return false;
}

static bool is_blank(const mk_line *line)
{
    return line->label == MK_LABEL_BLANK;
}

static void drop_lines(mk_edit *edit, size_t first, size_t end, const mk_why *why)
{
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = first; i < end; i++)
        if (!doc->lines[i].gone && !is_blank(&doc->lines[i]) &&
            doc->lines[i].label != MK_LABEL_TITLE)
            mk_edit_drop(edit, i, why->rule, why->evidence);
}

/* Lines from..to - 1, that is: side by side. */
typedef struct content {
    bool known; /* looked for */
    size_t from, to;
} content;

/* True if nothing accuses line, or only the figures on it: a day, a price. */
static bool is_unknown(const mk_line *line)
{
    return (!line->gone && !line->marks) || line->features.n_digits > 0;
}

/* Where most of the lines that nothing accuses stand side by side, on a page without a body;
 * from == to if they are spread among the labels. */
static content find_content(const mk_doc *doc)
{
    content best = {.known = true}, now = {0};
    unsigned longest = 0, all = 0, n = 0;
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        if (line->zone != MK_ZONE_NONE)
            return best;
        if (is_blank(line))
            continue;
        if (!is_unknown(line)) {
            n = 0;
            continue;
        }
        now.from = n == 0 ? i : now.from;
        if (!line->gone && !line->marks) {
            n++;
            all++;
        }
        if (n > longest) {
            longest = n;
            best.from = now.from;
            best.to = i + 1;
        }
    }
    if (longest < MIN_CONTENT || longest * 100 < all * MOST)
        best.to = best.from;
    return best;
}

static void drop_run(mk_edit *edit, size_t first, size_t end, const mk_why *why, content *c)
{
    const mk_doc *doc = mk_edit_doc(edit);
    if (!c->known)
        *c = find_content(doc);
    if (c->from == c->to) {
        drop_lines(edit, first, end, why);
        return;
    }
    if (first == mk_edit_next(edit, SIZE_MAX) && !doc->lines[first].marks)
        first++; /* the title */
    drop_lines(edit, first, c->from < end ? c->from : end, why);
    drop_lines(edit, c->to > first ? c->to : first, end, why);
}

/* Do labels stand for enough of the words of a run? Why it goes then. */
static bool has_labels(mk_edit *edit, size_t first, size_t end, mk_why *ret)
{
    unsigned labels = 0, all = 0;
    for (size_t i = first; i < end; i++) {
        unsigned words;
        labels += mk_edit_labels(edit, i, &words);
        all += words;
    }
    if (labels * 100 < all * LABELS)
        return false;
    *ret = (mk_why){.rule = WORDS,
                    .evidence = mk_edit_format(
                        edit, "short lines of %u words, %u of them in labels", all, labels)};
    return true;
}

/* Is a run of n lines a menu, of which `hits` show evidence? */
static bool is_menu(mk_edit *edit, size_t first, size_t end, unsigned n, unsigned hits, mk_why *ret)
{
    if (n < MIN_RUN)
        return false;
    if (hits < MIN_HITS)
        return n >= LONG_RUN && mk_edit_line(edit, first)->zone != MK_ZONE_BODY &&
               has_labels(edit, first, end, ret);
    *ret = (mk_why){.rule = RUN,
                    .evidence = mk_edit_format(edit, "%u short lines, %u of them labels", n, hits)};
    return true;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    size_t first = 0;
    unsigned n = 0, hits = 0;
    content text = {0};
    mk_why why;
    for (size_t i = 0; i <= doc->n_lines; i++) {
        const mk_line *line = i < doc->n_lines ? mk_edit_line(edit, i) : NULL;
        if (line && (line->label == MK_LABEL_BLANK || line->label == MK_LABEL_TITLE))
            continue; /* menus stand on both sides of a title */
        if (line && is_short(line) && !heads_post(line)) {
            first = n == 0 ? i : first;
            n++;
            hits += line->marks != NULL && line->features.n_letters > 0;
            continue;
        }
        if (is_menu(edit, first, i, n, hits, &why))
            drop_run(edit, first, i, &why, &text);
        n = hits = 0;
    }
    return MK_OK;
}

const mk_filter mk_filter_menus = {
    .abi = MK_FILTER_ABI,
    .name = "menus",
    .summary = "remove long runs of short lines that are menus",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
