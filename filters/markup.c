/* markup: what the page's own markup says of a line, as evidence: menus, sidebars,
 * lists of related pages, comments, share bars by their tags, roles and classes;
 * lines that are links. Says nothing where there was no markup.
 *
 * Classes lie: a page may be wrapped in "has-sidebar" or all of it be a "menu". So a part
 * that holds a quarter of the page's running text accuses nobody; comments, which
 * may outweigh a short article, need an article beside them. What stands in
 * the body of an article by its markup, and is not links, is spoken for:
 * paragraphs are prose, headings, items, rows and quotes are guarded.
 * Cases: fixtures/filters/markup.cases, fixtures/pages/html-*.html */
#include "minkhal/filter.h"

enum {
    NAV,
    HEADER,
    FOOTER,
    ASIDE,
    RELATED,
    COMMENTS,
    SHARE,
    AD,
    WIDGET,
    NOTICE,
    FORM,
    TAGS,
    PAGER,
    LINKS,
    LINK
};

static const mk_rule rules[] = {
    [NAV] = {"nav", "nav", "in a menu or a path, by its markup"},
    [HEADER] = {"header", "nav", "a link in the header of the page, by its markup"},
    [FOOTER] = {"footer", "footer", "in the footer of the page, by its markup"},
    [ASIDE] = {"aside", "widget", "in a sidebar, by its markup"},
    [RELATED] = {"related", "related", "in a list of other pages, by its markup"},
    [COMMENTS] = {"comments", "comments", "in readers' comments, by its markup"},
    [SHARE] = {"share", "share", "in a share bar, by its markup"},
    [AD] = {"ad", "ads", "a link in an advertisement, by its markup"},
    [WIDGET] = {"widget", "widget", "in a widget, by its markup"},
    [NOTICE] = {"notice", "cookies", "in a notice on cookies, by its markup"},
    [FORM] = {"form", "login", "in a form for search or login, by its markup"},
    [TAGS] = {"tags", "tags", "a link in a list of tags, by its markup"},
    [PAGER] = {"pager", "pagination", "in a list of page numbers, by its markup"},
    [LINKS] = {"links", "nav", "one of many lines in a row that are links"},
    [LINK] = {"link", "nav", "a line that is a link"},
    {0},
};

enum {
    LINKED = 50,       /* percent of a line's letters: as many as of a list of links */
    ALL_LINK = 80,     /* percent: the line is a link, but for a sign or a date */
    FREE = 30,         /* percent: links in running text are fewer */
    RUN = 5,           /* lines that are links, side by side */
    TEXT_LETTERS = 45, /* letters of a line of running text */
    MAX_SHARE = 25,    /* percent of the running text that a part may hold */
    MIN_BODY = 30,     /* percent of it that the body must hold to speak for lines */
    MIN_ARTICLE = 200, /* letters of running text beside the comments */
    MIN_PARAGRAPH = 20 /* letters of a paragraph of the body that is prose */
};

/* What a part accuses a line of: `linked` if it is a link, else `plain`; 0 is
 * nothing, else the strength + 1. */
typedef struct accusation {
    uint32_t part;
    uint8_t rule, linked, plain;
} accusation;

enum { NONE, WEAK, STRONG };

static const accusation accusations[] = {
    {MK_PART_COMMENTS, COMMENTS, STRONG, STRONG},
    {MK_PART_SHARE, SHARE, STRONG, STRONG},
    {MK_PART_RELATED, RELATED, STRONG, STRONG},
    {MK_PART_CRUMBS, NAV, STRONG, STRONG},
    {MK_PART_NAV, NAV, STRONG, STRONG},
    {MK_PART_PAGER, PAGER, STRONG, STRONG},
    {MK_PART_NOTICE, NOTICE, STRONG, STRONG},
    {MK_PART_FOOTER, FOOTER, STRONG, STRONG},
    {MK_PART_ASIDE, ASIDE, STRONG, STRONG},
    {MK_PART_TAGS, TAGS, STRONG, WEAK},
    {MK_PART_FORM, FORM, STRONG, WEAK},
    {MK_PART_WIDGET, WIDGET, STRONG, WEAK},
    {MK_PART_AD, AD, STRONG, NONE},
    {MK_PART_HEADER, HEADER, STRONG, NONE},
};

enum { N_ACCUSATIONS = sizeof(accusations) / sizeof(*accusations) };

/* Letters of running text: on the page, in each part, in the body. */
typedef struct masses {
    uint64_t all, body;
    uint64_t in[N_ACCUSATIONS];
} masses;

static bool is_text(const mk_line *line)
{
    const mk_features *f = &line->features;
    return line->cues->link < FREE && f->n_letters >= TEXT_LETTERS &&
           (f->n_stops > 0 || f->n_commas > 0);
}

static masses weigh(mk_edit *edit)
{
    masses m = {0};
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (!line->cues || !is_text(line))
            continue;
        m.all += line->features.n_letters;
        m.body += line->cues->parts & MK_PART_BODY ? line->features.n_letters : 0;
        for (size_t k = 0; k < N_ACCUSATIONS; k++)
            m.in[k] += line->cues->parts & accusations[k].part ? line->features.n_letters : 0;
    }
    return m;
}

/* The parts whose word counts on this page. */
static uint32_t find_trusted(const masses *m)
{
    uint32_t parts = 0;
    for (size_t k = 0; k < N_ACCUSATIONS; k++) {
        const uint64_t in = m->in[k], beside = m->all - in;
        if (in * 100 <= m->all * MAX_SHARE ||
            (accusations[k].part == MK_PART_COMMENTS && beside >= MIN_ARTICLE))
            parts |= accusations[k].part;
    }
    if (m->body * 100 >= m->all * MIN_BODY)
        parts |= MK_PART_BODY;
    return parts;
}

/* Of a line that is no link the part that it stands in is all there is to say, and that is
 * the rule. */
static void accuse(mk_edit *edit, size_t i, unsigned rule, mk_strength strength)
{
    const mk_line *line = mk_edit_line(edit, i);
    const unsigned link = line->cues->link;
    mk_edit_mark(edit, i,
                 (mk_mark){.rule = (uint16_t)rule,
                           .strength = (uint8_t)strength,
                           .effect = MK_EFFECT_DROP,
                           .to = (uint32_t)line->folded.len,
                           .cover = 100,
                           .evidence = link < LINKED
                                           ? (mk_str){0}
                                           : mk_edit_format(edit, "%u %% of it is a link", link)});
}

/* The strongest accusation that the parts of line make. Running text in the body is accused
 * by its links alone: an aside may be the author's. */
static uint8_t find_accusation(const mk_line *line, uint32_t trusted, unsigned *ret_rule)
{
    const uint32_t parts = line->cues->parts & trusted;
    const bool linked = line->cues->link >= LINKED;
    const bool own = (parts & MK_PART_BODY) && line->cues->block == MK_BLOCK_TEXT && is_text(line);
    uint8_t most = NONE;
    for (size_t k = 0; k < N_ACCUSATIONS; k++) {
        const accusation *a = &accusations[k];
        const uint8_t strength = linked ? a->linked : own && a->plain ? WEAK : a->plain;
        if ((parts & a->part) && strength > most) {
            *ret_rule = a->rule;
            most = strength;
        }
    }
    return most;
}

static bool is_link(const mk_line *line)
{
    return line->cues && line->cues->link >= ALL_LINK && line->features.n_letters > 0;
}

/* Lines from i on that are links, side by side; numbers and signs between them do
 * not count. *ret_end: the last. */
static unsigned measure_run(mk_edit *edit, size_t i, size_t *ret_end)
{
    unsigned n = 0;
    for (; i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (!is_link(line) && line->features.n_letters > 0)
            break;
        n += is_link(line);
        *ret_end = is_link(line) ? i : *ret_end;
    }
    return n;
}

static void accuse_links(mk_edit *edit, uint32_t trusted)
{
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        if (!is_link(mk_edit_line(edit, i)))
            continue;
        size_t end = i;
        const unsigned n = measure_run(edit, i, &end);
        for (size_t k = i; k != SIZE_MAX && k <= end; k = mk_edit_next(edit, k)) {
            const mk_line *line = mk_edit_line(edit, k);
            const bool body = (line->cues->parts & trusted & MK_PART_BODY) != 0;
            const bool title = (line->cues->parts & MK_PART_TITLE) && line->cues->heading > 0;
            if (is_link(line) && !title)
                accuse(edit, k, n >= RUN && !body ? LINKS : LINK,
                       n >= RUN && !body ? MK_STRONG : MK_WEAK);
        }
        i = end;
    }
}

static void accuse_parts(mk_edit *edit, uint32_t trusted)
{
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        unsigned rule = 0;
        const uint8_t strength = line->cues ? find_accusation(line, trusted, &rule) : NONE;
        if (strength != NONE)
            accuse(edit, i, rule, strength == STRONG ? MK_STRONG : MK_WEAK);
    }
}

/* ---- what speaks for a line ---- */

static void speak_for(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    switch ((mk_block)line->cues->block) {
    case MK_BLOCK_HEADING:
        mk_edit_label(edit, i, MK_LABEL_HEADING);
        mk_edit_guard(edit, i, "a heading of the markup");
        break;
    case MK_BLOCK_ITEM:
        mk_edit_label(edit, i, MK_LABEL_LIST);
        mk_edit_guard(edit, i, "an item of the markup's list");
        break;
    case MK_BLOCK_ROW:
        mk_edit_label(edit, i, MK_LABEL_TABLE);
        mk_edit_guard(edit, i, "a row of the markup's table");
        break;
    case MK_BLOCK_QUOTE:
    case MK_BLOCK_PRE:
        mk_edit_guard(edit, i, "a quotation of the markup");
        break;
    case MK_BLOCK_TEXT:
    case MK_BLOCK_CELL:
        if (line->features.n_letters >= MIN_PARAGRAPH && !mk_line_mark(line, MK_STRONG))
            mk_edit_label(edit, i, MK_LABEL_PROSE);
        break;
    }
}

/* The heading that says the page's title. A copy of it in a path or a list was accused
 * before. */
static void find_title(mk_edit *edit)
{
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (!line->cues || !(line->cues->parts & MK_PART_TITLE) || line->cues->heading == 0 ||
            mk_line_mark(line, MK_STRONG))
            continue;
        mk_edit_label(edit, i, MK_LABEL_TITLE);
        mk_edit_guard(edit, i, "the title");
        return;
    }
}

static void defend(mk_edit *edit, uint32_t trusted)
{
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        unsigned rule;
        if (line->cues && (line->cues->parts & trusted & MK_PART_BODY) && line->cues->link < FREE &&
            line->features.n_letters > 0 && find_accusation(line, trusted, &rule) == NONE)
            speak_for(edit, i);
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    if (!mk_edit_doc(edit)->cues)
        return MK_OK;
    const masses m = weigh(edit);
    const uint32_t trusted = find_trusted(&m);
    accuse_parts(edit, trusted);
    accuse_links(edit, trusted);
    defend(edit, trusted);
    find_title(edit);
    return MK_OK;
}

const mk_filter mk_filter_markup = {
    .abi = MK_FILTER_ABI,
    .name = "markup",
    .summary = "what the page's own markup says of its lines",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .apply = apply,
};
