/* nav: menus, section names, crumbs, search boxes, skip links, heads of
 * tickers. Refuses subheadings that hold a section's word (وظائف الكبد) and a
 * single section name without other evidence. A path through sections is known by
 * its separators: home > news > health. Cases: fixtures/filters/nav.cases. */
#include "minkhal/filter.h"

enum { MENU, BREADCRUMB };

static const mk_rule rules[] = {
    {"menu", "nav", "menus, languages, editions, archives"},
    {"breadcrumb", "nav", "where the reader is on the site"},
    {"search", "nav", "search boxes and their results"},
    {"skip", "nav", "links for screen readers past the menu"},
    {"section", "nav", "names of sections"},
    {"ticker", "nav", "heads of news boxes and tickers"},
    {0},
};

enum {
    MAX_WORDS = 20, /* words of a path, the page's title at its end included */
    MIN_JOINTS = 2  /* separators that make a path of a line; one is a weak sign */
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

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
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
