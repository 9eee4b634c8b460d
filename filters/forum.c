/* forum: member boxes, post heads, tools of a thread, permissions, pleas for
 * answers. Refuses what members write, short answers too (مشكور اخوي). Cases:
 * fixtures/filters/forum.cases. */
#include "minkhal/filter.h"

enum { MEMBER, POST, THREAD, RULES, PLEA };

static const mk_rule rules[] = {
    [MEMBER] = {"member", "forum_chrome", "the box of a member"},
    [POST] = {"post", "forum_chrome", "heads, buttons and notes of a post"},
    [THREAD] = {"thread", "forum_chrome", "tools and lists of a thread or board"},
    [RULES] = {"rules", "forum_chrome", "permissions and rules"},
    [PLEA] = {"plea", "forum_chrome", "please answer"},
    {0},
};

/* "title Empty title", "title Empty re: title", "title - page 2 Empty": the text of a picture
 * between two copies of the title, or behind one, on the boards of one big host. */
static bool is_double_title(const mk_line *line)
{
    static const char between[] = " Empty ", behind[] = " Empty";
    const mk_str s = line->trimmed;
    if (s.len >= sizeof(behind) && line->features.n_arabic > 0 &&
        memcmp(s.ptr + s.len - (sizeof(behind) - 1), behind, sizeof(behind) - 1) == 0)
        return true;
    const char *at = s.len > 0 && line->features.n_latin > 4
                         ? memmem(s.ptr, s.len, between, sizeof(between) - 1)
                         : NULL;
    if (!at)
        return false;
    const mk_str title = {s.ptr, (size_t)(at - s.ptr)};
    return s.len >= 2 * title.len && memcmp(s.ptr + s.len - title.len, title.ptr, title.len) == 0;
}

/* ":: golden member ::": the rank of a member, as boards frame it. */
static bool is_framed_rank(const mk_line *line)
{
    enum { RANK_WORDS = 7 };
    const mk_str s = line->trimmed;
    return s.len > 6 && line->features.n_words <= RANK_WORDS && line->features.n_letters > 0 &&
           memcmp(s.ptr, ":: ", 3) == 0 && memcmp(s.ptr + s.len - 3, " ::", 3) == 0 &&
           !memmem(s.ptr + 3, s.len - 6, "::", 2);
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_COLON); i != SIZE_MAX && !err;
         i = mk_edit_next_with(edit, i, MK_TRAIT_COLON))
        if (is_framed_rank(mk_edit_line(edit, i)))
            mk_edit_mark(edit, i,
                         (mk_mark){.evidence = MK_STR("a few words in a frame of colons"),
                                   .rule = MEMBER,
                                   .strength = MK_STRONG,
                                   .effect = MK_EFFECT_WITHIN,
                                   .cover = 100});
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_FOREIGN); i != SIZE_MAX && !err;
         i = mk_edit_next_with(edit, i, MK_TRAIT_FOREIGN))
        if (is_double_title(mk_edit_line(edit, i)))
            mk_edit_mark(edit, i,
                         (mk_mark){.evidence = MK_STR("the title and \"Empty\""),
                                   .rule = POST,
                                   .strength = MK_STRONG,
                                   .effect = MK_EFFECT_WITHIN,
                                   .cover = 100});
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("forum"), {0}};

const mk_filter mk_filter_forum = {
    .abi = MK_FILTER_ABI,
    .name = "forum",
    .summary = "member boxes, post heads, thread tools, permissions",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
