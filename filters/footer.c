/* footer: copyright, legal notes, links of the bottom, the software and its
 * makers, the staff of the paper, counts of visitors. Refuses sentences about
 * rights and policies. Cases: fixtures/filters/footer.cases. */
#include <string.h>

#include "minkhal/filter.h"

enum { COPYRIGHT, LEGAL, LINKS, ENGINE, MASTHEAD, ONLINE };

static const mk_rule rules[] = {
    [COPYRIGHT] = {"copyright", "footer", "all rights reserved"},
    [LEGAL] = {"legal", "footer", "no copying, no liability for opinions"},
    [LINKS] = {"links", "footer", "about, contact, privacy, terms"},
    [ENGINE] = {"engine", "footer", "powered by, designed by"},
    [MASTHEAD] = {"masthead", "footer", "the staff and the licence of the paper"},
    [ONLINE] = {"online", "footer", "visitors, the clock of the site"},
    {0},
};

enum {
    MIN_OFFICES = 2, /* on one line, each with a colon */
    TOP = 14,        /* lines of the page where offices stand over their names */
    OFFICE_WORDS = 5,
    NAME_WORDS = 4, /* of the name on the next line */
    MAX_STAFF = 12, /* words an office: what is longer is about persons */
    MIN_YEAR = 4,   /* digits */
    MAX_OWNER = 12  /* words of a copyright line that no phrase knows */
};

/* Offices that the line names, each with its colon. */
static unsigned count_offices(const mk_line *line, const mk_lexicon *lexicon, const mk_hit **ret)
{
    unsigned n = 0;
    uint32_t end = 0;
    for (uint32_t h = 0; h < line->n_hits; h++) {
        const mk_hit *hit = &line->hits[h];
        if (!mk_hit_is_of(hit, lexicon) || mk_hit_rule(hit, lexicon) != MASTHEAD ||
            (hit->from < end && n > 0))
            continue;
        *ret = hit;
        end = hit->to;
        n++;
    }
    return n;
}

/* "(c) 2019 name", "name (c) 2019": the sign, a year, a few words, no stop; one ends in a
 * stop that has no Arabic letter ("Ltd.", "All rights reserved."). */
static bool is_copyright(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_digits >= MIN_YEAR && f->n_words <= MAX_OWNER &&
           (f->end != MK_END_STOP || f->n_arabic == 0) && f->signs & MK_SIGN_COPYRIGHT;
}

/* "Editor-in-chiefSami": an office, and a name without a space between. */
static bool is_glued_office(const mk_line *line)
{
    /* behind the word that all of them begin with */
    static const char *const offices[] = {" التحرير", " مجلس الإدارة", " مجلس الادارة",
                                          "ة التحرير"};
    const mk_str head = MK_STR("رئيس");
    const mk_features *f = &line->features;
    if (f->n_words > MAX_STAFF || f->end == MK_END_STOP || f->n_commas > 0)
        return false;
    mk_str s = line->seen;
    for (const char *p; s.len > 0 && (p = memmem(s.ptr, s.len, head.ptr, head.len));) {
        s = mk_str_sub(s, (size_t)(p - s.ptr) + head.len, s.len);
        for (size_t o = 0; o < sizeof(offices) / sizeof(*offices); o++) {
            const mk_str rest = mk_str_of(offices[o]);
            if (rest.len < s.len && memcmp(s.ptr, rest.ptr, rest.len) == 0 &&
                ((unsigned char)s.ptr[rest.len] & 0xFC) == 0xD8)
                return true; /* an Arabic letter follows */
        }
    }
    return false;
}

static void mark_staff(mk_edit *edit, size_t i, mk_str evidence)
{
    mk_edit_accuse(edit, i, MASTHEAD, MK_STRONG, evidence);
}

/* An office alone on its line. */
static bool is_office(const mk_line *line, const mk_lexicon *lexicon)
{
    if (line->features.n_words > OFFICE_WORDS || line->features.n_digits > 0)
        return false;
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) && line->hits[h].cover == 100 &&
            mk_hit_rule(&line->hits[h], lexicon) == MASTHEAD)
            return true;
    return false;
}

static bool is_name(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words >= 2 && f->n_words <= NAME_WORDS && f->n_digits == 0 && !f->bullet &&
           (f->end == MK_END_NONE || f->end == MK_END_OTHER);
}

/* Marks an office and the name on the line below it. */
static void mark_office(mk_edit *edit, size_t i, const mk_lexicon *lexicon)
{
    const size_t after = mk_edit_next(edit, i);
    if (!is_office(mk_edit_line(edit, i), lexicon) || after == SIZE_MAX ||
        !is_name(mk_edit_line(edit, after)) || is_office(mk_edit_line(edit, after), lexicon))
        return;
    mark_staff(edit, i, MK_STR("an office and a name below it"));
    mark_staff(edit, after, MK_STR("an office and a name below it"));
}

/* Offices in the lines over the text. */
static void mark_top(mk_edit *edit, const mk_lexicon *lexicon)
{
    unsigned left = TOP;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX && --left > 0;
         i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.end == MK_END_STOP)
            return;
        if (is_glued_office(line))
            mark_staff(edit, i, MK_STR("an office and a name, no space between"));
        if (line->n_hits > 0)
            mark_office(edit, i, lexicon);
    }
}

/* "Supervisor: A | Editor: B": one office may begin a sentence, two are a list of
 * the staff. Over the text an office and a name are so by themselves. */
static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    const mk_err err = mk_phrases_apply(config, edit);

    if (err != MK_OK)
        return err;
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_SIGN_COPYRIGHT); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_SIGN_COPYRIGHT))
        if (is_copyright(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, COPYRIGHT, MK_STRONG, MK_STR("a copyright sign and a year"));
    mark_top(edit, lexicon);
    for (size_t i = mk_edit_holds(edit, lexicon) ? mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS)
                                                 : SIZE_MAX;
         i != SIZE_MAX; i = mk_edit_next_with(edit, i, MK_TRAIT_HITS)) {
        const mk_line *line = mk_edit_line(edit, i);
        const mk_hit *hit = NULL;
        const unsigned n = count_offices(line, lexicon, &hit);
        if (n >= MIN_OFFICES && line->features.n_words <= n * MAX_STAFF)
            mark_staff(edit, i, mk_hit_evidence(edit, hit, lexicon));
    }
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("footer"), {0}};

const mk_filter mk_filter_footer = {
    .abi = MK_FILTER_ABI,
    .name = "footer",
    .summary = "copyright, legal notes, site links, software, staff",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
