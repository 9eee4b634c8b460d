/* listings: removes the entries of pages that hold no article: front pages,
 * archives of headlines, directories of sites. Such pages have no paragraph (or
 * hardly any), and one of three signs:
 *
 * - much of the page is accused (dates, counts, labels) and the rest are
 *   headline-like lines between those
 * - most lines name a kind of site, and are short: a directory; fewer will do
 *   where addresses and descriptions that break off stand between them, as in
 *   the results of a search
 * - where there was markup, no words are needed: links, each with a line or two
 *   of text under it, and hardly any text that is under no link
 * What is left may be a text without stops (a notice, a joke, a poem, a post in dialect): two to
 * twenty lines side by side, most of those that nobody accuses. Such a page is no list.
 * Verse, talk, lists and tables that were guarded stay, and so does every page
 * whose furniture all stands over its body, or between pieces of content (forum posts, reviews).
 * Cases: fixtures/filters/listings.cases */
#include "minkhal/filter.h"

enum { HEADLINE, SITE, TEASER };

static const mk_rule rules[] = {
    [HEADLINE] = {"headline", "listing", "an entry of a page that is a list of headlines"},
    [SITE] = {"site", "listing", "an entry of a page that is a directory of sites"},
    [TEASER] = {"teaser", "listing", "an entry of a page that is links with a text under each"},
    {0},
};

enum {
    MIN_LINES = 15,
    MAX_PROSE = 20,   /* percent of the page's letters in prose */
    MAX_TEXT = 35,    /* percent of them there, and in lists, verse and talk */
    MIN_ACCUSED = 35, /* percent of its lines, with strong evidence */
    FEW_ACCUSED = 20, /* percent of a long page's lines that has hardly any text */
    MANY_LINES = 30,
    HARDLY_TEXT = 5,    /* percent of the letters */
    MIN_BLOCK = 2,      /* lines side by side that are a text, without stops */
    MAX_BLOCK = 20,     /* more may be headlines */
    ONE_BLOCK = 60,     /* percent of what is left */
    MIN_SITES = 45,     /* percent of its lines that name a kind of site */
    MIN_ENTRIES = 35,   /* percent of its lines that do, or that are as below */
    MIN_NAMED = 20,     /* percent of its lines that name a site or an address */
    MIN_CUT = 10,       /* percent of its lines that hold an address or break off */
    MAX_GUARDED = 20,   /* percent of its lines */
    MAX_WITHIN = 5,     /* lines of the furniture of posts, or of stars over reviews: a thread */
    MAX_STOPS = 40,     /* percent of a directory's lines that end in a stop */
    STAMP_LETTERS = 14, /* letters beside the figures of a date, a clock */
    STAMP_WORDS = 6,
    MAX_HEADLINE = 90, /* letters: what is longer may be a paragraph */
    MAX_ENTRY = 120,   /* letters of a directory's line, in the mean */
    ALL_LINK = 80,     /* percent of a line's letters: it is a link */
    MIN_ENTRY = 10,    /* percent of an item's letters: it is of a link and a text */
    MIN_LINKS = 25,    /* percent of the lines are links */
    MIN_TEASER = 20,   /* letters of a text under a link: shorter is a date, a label */
    MAX_TEASER = 200,  /* letters of one, in the mean: longer is a post, an answer */
    MIN_NAME = 12,     /* letters of the links over them, in the mean: names of people who
                          post are shorter */
    MAX_FREE = 20,     /* percent of the text that is under no link */
    MAX_FREE_RUN = 250 /* letters of it side by side: more is an article */
};

/* A page in numbers. */
typedef struct shape {
    uint64_t lines, accused, within, guarded, stops;
    uint64_t below;   /* accused lines in or under the body */
    uint64_t sites;   /* lines that name a kind of site */
    uint64_t named;   /* those, and lines with an address */
    uint64_t cut;     /* lines with an address, lines that break off with dots */
    uint64_t entries; /* lines that are any of this */
    uint64_t letters, prose;
    uint64_t text;        /* letters of prose, and of lists, verse, talk that were guarded */
    uint64_t left, block; /* lines that nobody accuses; the most of them side by side */
    uint64_t block_cut;   /* those of them that break off */
} shape;

static bool names_site(const mk_line *line, const mk_lexicon *lexicon, mk_strength at_least)
{
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) && line->hits[h].strength >= at_least)
            return true;
    return false;
}

/* A line that is hardly more than figures: a date, a clock, a counter. */
static bool is_stamp(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_digits > 0 && f->n_letters <= STAMP_LETTERS && f->n_words <= STAMP_WORDS &&
           f->end == MK_END_NONE && !line->guard;
}

static shape measure(mk_edit *edit, const mk_lexicon *lexicon)
{
    shape s = {0};
    uint64_t block = 0, block_cut = 0;
    bool stamped = false;
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->label == MK_LABEL_BLANK)
            continue;
        const mk_mark *mark = mk_line_mark(line, MK_STRONG);
        const mk_mark *weak = mk_line_mark(line, MK_WEAK);
        s.lines++;
        const bool accused = (line->gone && weak && weak->effect != MK_EFFECT_WITHIN) ||
                             (!line->gone && is_stamp(line));
        s.accused += accused;
        const bool left = !accused && !line->gone;
        s.left += left;
        if (left) {
            block++;
            block_cut += line->features.end == MK_END_DOTS;
        } else if (block == 0 || stamped || line->features.n_digits == 0) {
            block = block_cut = 0;
            stamped = false;
        } else {
            stamped = true; /* a day or a price in a text: one may be */
        }
        if (block > s.block) {
            s.block = block;
            s.block_cut = block_cut;
        }
        s.below += accused && line->zone != MK_ZONE_HEAD;
        s.within += mark && mark->effect == MK_EFFECT_WITHIN;
        s.guarded += line->guard != NULL;
        const bool site = names_site(line, lexicon, MK_WEAK);
        const bool url = line->features.has_url;
        const bool dots = line->features.end == MK_END_DOTS;
        s.sites += names_site(line, lexicon, MK_STRONG);
        s.named += site || url;
        s.cut += url || dots;
        s.entries += site || url || dots;
        s.stops += line->features.end == MK_END_STOP;
        s.letters += line->features.n_letters;
        const bool prose = line->label == MK_LABEL_PROSE;
        s.prose += prose ? line->features.n_letters : 0;
        s.text += prose || (line->guard && line->label != MK_LABEL_TABLE) ? line->features.n_letters
                                                                          : 0;
    }
    return s;
}

/* True if what nobody accuses are a few lines side by side: a text without stops. Where one in
 * three breaks off, and not nearly each, they are headlines with beginnings of texts. */
static bool is_block(const shape *s)
{
    const bool teasers = s->block_cut * 3 >= s->block && s->block_cut * 3 < s->block * 2;
    return s->prose == 0 && !teasers && s->block >= MIN_BLOCK && s->block <= MAX_BLOCK &&
           s->block * 100 >= s->left * ONE_BLOCK;
}

static bool is_headlines(const shape *s)
{
    const bool bare = s->lines >= MANY_LINES && s->text * 100 <= s->letters * HARDLY_TEXT;
    return s->lines >= MIN_LINES && s->prose * 100 <= s->letters * MAX_PROSE &&
           s->text * 100 <= s->letters * MAX_TEXT && s->below > 0 &&
           s->accused * 100 >= s->lines * (bare ? FEW_ACCUSED : MIN_ACCUSED) &&
           s->within * 10 <= s->lines && s->within < MAX_WITHIN &&
           s->guarded * 100 <= s->lines * MAX_GUARDED && !is_block(s);
}

static bool is_directory(const shape *s)
{
    const bool sites = s->sites * 100 >= s->lines * MIN_SITES;
    const bool results = s->entries * 100 >= s->lines * MIN_ENTRIES &&
                         s->named * 100 >= s->lines * MIN_NAMED &&
                         s->cut * 100 >= s->lines * MIN_CUT;
    return s->lines >= MIN_LINES && (sites || results) && s->stops * 100 <= s->lines * MAX_STOPS &&
           s->letters <= s->lines * MAX_ENTRY;
}

/* ---- links with a text under each ---- */

typedef struct teasers {
    uint64_t lines, links;
    uint64_t texts; /* under a link; letters of both */
    uint64_t name_letters, text_letters;
    uint64_t free, free_run, longest_run; /* letters under no link */
} teasers;

static void count_text(teasers *t, uint32_t letters, uint32_t name_letters)
{
    if (name_letters > 0) {
        t->texts++;
        t->name_letters += name_letters;
        t->text_letters += letters;
        t->free_run = 0;
        return;
    }
    t->free += letters;
    t->free_run += letters;
    t->longest_run = t->free_run > t->longest_run ? t->free_run : t->longest_run;
}

static teasers measure_teasers(mk_edit *edit)
{
    teasers t = {0};
    uint32_t name = 0; /* letters of the link that the next text stands under */
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = mk_edit_line(edit, i);
        const mk_features *f = &line->features;
        if (!line->cues || line->label == MK_LABEL_BLANK)
            continue;
        t.lines++;
        if (line->cues->block == MK_BLOCK_ITEM && line->cues->link >= MIN_ENTRY &&
            line->cues->link < ALL_LINK) {
            t.links++; /* an item that is a link and a text behind it */
            count_text(&t, f->n_letters, f->n_letters * line->cues->link / 100);
        } else if (line->cues->link >= ALL_LINK) {
            t.links++;
            name = f->has_url && name > 0 ? name : f->n_letters;
        } else if (f->n_letters >= MIN_TEASER && !f->has_url) {
            count_text(&t, f->n_letters, name);
            name = 0;
        }
    }
    return t;
}

static bool is_teasers(const teasers *t, const shape *s)
{
    return t->lines >= MIN_LINES && t->links * 100 >= t->lines * MIN_LINKS &&
           t->texts * 2 >= MIN_LINES && t->text_letters <= t->texts * MAX_TEASER &&
           t->name_letters >= t->texts * MIN_NAME && t->longest_run <= MAX_FREE_RUN &&
           t->free * 100 <= (t->free + t->text_letters) * MAX_FREE && s->within * 10 <= s->lines &&
           s->guarded * 100 <= s->lines * MAX_GUARDED;
}

/* ---- */

/* The line that heads what little prose there is: the page's title. */
static size_t find_title(mk_edit *edit)
{
    const mk_doc *doc = mk_edit_doc(edit);
    size_t i = 0;
    while (i < doc->n_lines && doc->lines[i].zone == MK_ZONE_HEAD)
        i++;
    i = i < doc->n_lines && doc->lines[i].label == MK_LABEL_PROSE ? mk_edit_prev(edit, i)
                                                                  : SIZE_MAX;
    return i != SIZE_MAX && mk_edit_line(edit, i)->features.n_words >= 2 ? i : SIZE_MAX;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_phrases *phrases = config;
    const shape s = measure(edit, phrases->lexicon);
    const teasers t = measure_teasers(edit);
    const bool teaser = is_teasers(&t, &s), directory = teaser || is_directory(&s);
    if (!directory && !is_headlines(&s))
        return MK_OK;
    const mk_str evidence =
        teaser ? mk_edit_format(edit, "%u links with a text under each", (unsigned)t.texts)
        : directory
            ? mk_edit_format(edit, "%u of %u lines name a site or break off", (unsigned)s.entries,
                             (unsigned)s.lines)
            : mk_edit_format(edit, "%u of %u lines are furniture, %u %% of the letters prose",
                             (unsigned)s.accused, (unsigned)s.lines,
                             (unsigned)(s.letters > 0 ? s.prose * 100 / s.letters : 0));
    const size_t title = directory ? SIZE_MAX : find_title(edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (i == title || (!directory && s.prose > 0 && line->label == MK_LABEL_TITLE))
            continue;
        if (directory || (!line->guard && line->label != MK_LABEL_PROSE &&
                          line->features.n_letters <= MAX_HEADLINE))
            mk_edit_drop(edit, i, teaser ? TEASER : directory ? SITE : HEADLINE, evidence);
    }
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("listings"), {0}};

const mk_filter mk_filter_listings = {
    .abi = MK_FILTER_ABI,
    .name = "listings",
    .summary = "remove the entries of pages without an article",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
