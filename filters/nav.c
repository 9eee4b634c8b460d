/* nav: menus, section names, crumbs, search boxes, skip links, heads of
 * tickers. Refuses subheadings that hold a section's word (وظائف الكبد) and a
 * single section name without other evidence. A path through sections is known by
 * its separators: home > news > health; headlines side by side on one line by the wide
 * gaps between them. Cases: fixtures/filters/nav.cases. */
#include "minkhal/filter.h"

enum { MENU, BREADCRUMB, SEARCH, SKIP, SECTION, TICKER };

static const mk_rule rules[] = {
    [MENU] = {"menu", "nav", "menus, languages, editions, archives"},
    [BREADCRUMB] = {"breadcrumb", "nav", "where the reader is on the site"},
    [SEARCH] = {"search", "nav", "search boxes and their results"},
    [SKIP] = {"skip", "nav", "links for screen readers past the menu"},
    [SECTION] = {"section", "nav", "names of sections"},
    [TICKER] = {"ticker", "nav", "news boxes and tickers: their heads, headlines side by side"},
    {0},
};

enum {
    MAX_WORDS = 20, /* words of a path, the page's title at its end included */
    MIN_JOINTS = 2, /* separators that make a path of a line; one is a weak sign */
    GAP = 3,        /* blanks side by side */
    MIN_PIECES = 5, /* headlines side by side */
    PIECE_WORDS = 3 /* words of one, in the mean: cells of a table have fewer */
};

/* Separators with spaces around them: > » › / | . */
static unsigned count_joints(mk_str text)
{
    unsigned n = 0;
    for (size_t from = 0; from < text.len; from++) {
        const unsigned char first = (unsigned char)text.ptr[from];
        if (first != '>' && first != 0xC2 && first != 0xE2)
            continue; /* none of the three begins here */
        size_t at = from;
        const uint32_t cp = mk_utf8_next(text, &at);
        const bool joint = cp == '>' || cp == 0xBB || cp == 0x203A;
        n += joint && from > 0 && at < text.len && mk_is_space(mk_utf8_before(text, from)) &&
             mk_is_space(mk_utf8_peek(text, at));
    }
    return n;
}

/* True if wide gaps part the line into headlines: none of them ends in a stop. */
static bool is_ticker(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = mk_str_trim(line->seen);
    unsigned pieces = 1;
    if (f->n_words < MIN_PIECES * PIECE_WORDS || f->end == MK_END_STOP ||
        !mk_str_has(s, MK_STR("   "))) /* a GAP */
        return false;
    for (size_t at = 0; at < s.len;) {
        size_t n = 0, from = at;
        while (at < s.len && s.ptr[at] == ' ') {
            at++;
            n++;
        }
        if (n >= GAP) {
            if (s.ptr[from - 1] == '.')
                return false;
            pieces++;
        }
        at += n == 0;
    }
    return pieces >= MIN_PIECES && f->n_words >= pieces * PIECE_WORDS;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (is_ticker(line))
            mk_edit_mark(edit, i,
                         (mk_mark){.rule = TICKER,
                                   .effect = MK_EFFECT_DROP,
                                   .strength = MK_STRONG,
                                   .cover = 100,
                                   .evidence = MK_STR("headlines with wide gaps between them")});
        if (line->features.n_words > MAX_WORDS || line->features.end == MK_END_STOP ||
            line->features.bullet)
            continue;
        const unsigned joints = count_joints(line->seen);
        if (joints == 0)
            continue;
        mk_edit_mark(
            edit, i,
            (mk_mark){.rule = BREADCRUMB,
                      .effect = MK_EFFECT_DROP,
                      .strength = joints >= MIN_JOINTS ? MK_STRONG : MK_WEAK,
                      .cover = 100,
                      .evidence = mk_edit_format(edit, "%u separators of a path", joints)});
    }
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("nav"), {0}};

const mk_filter mk_filter_nav = {
    .abi = MK_FILTER_ABI,
    .name = "nav",
    .summary = "menus, section names, crumbs, search boxes, skip links",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
