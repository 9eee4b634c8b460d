/* posts: removes what stands inside the furniture of a post: the name over a member's
 * box, a signature between its line and the buttons. It has no cue of its own, but
 * gone lines on both sides, the one below with evidence that it stands between
 * pieces of content; over the body both must have that: a title stands there.
 * Under «توقيع» and a member's name, or the rule that vBulletin draws, a signature goes down to
 * the next piece of furniture.
 * On such a page the name of a post's icon is cut off the title before which it
 * stands. Cases: fixtures/filters/posts.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { BOX, ICON, SIGNATURE };

static const mk_rule rules[] = {
    [BOX] = {"box", "forum_chrome", "a few words inside the furniture of a post"},
    [ICON] = {"icon", "forum_chrome", "the name of an icon before the title of a post"},
    [SIGNATURE] = {"signature", "forum_chrome",
                   "a signature: under «توقيع» and a name, or under a drawn rule"},
    {0},
};

enum {
    MAX_LINES = 2, /* side by side */
    MAX_WORDS = 3,
    NAME_WORDS = 5,        /* of a member */
    MAX_SIGNED = 500,      /* posts */
    MAX_SIGNATURE = 8,     /* lines */
    SIGNATURE_LETTERS = 80 /* of one */
};

static bool is_short(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words <= MAX_WORDS && f->n_letters > 0 && f->end != MK_END_STOP &&
           f->end != MK_END_QUESTION && f->end != MK_END_COLON && line->label == MK_LABEL_TEXT &&
           !line->guard;
}

static bool is_within(const mk_line *line)
{
    const mk_mark *mark = line->gone ? mk_line_mark(line, MK_WEAK) : NULL;
    return mark && mark->effect == MK_EFFECT_WITHIN;
}

/* The next line that is not blank, gone or not; n_lines at the end. */
static size_t next_line(const mk_doc *doc, size_t i)
{
    for (i++; i < doc->n_lines && doc->lines[i].label == MK_LABEL_BLANK;)
        i++;
    return i;
}

/* The default icon's name, as the Arabic edition of vBulletin writes it. */
static const char icon[] = "افتراضي ";

static void cut_icons(mk_edit *edit)
{
    const mk_str name = {icon, sizeof(icon) - 1};
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->label != MK_LABEL_PROSE && line->text.len > name.len &&
            memcmp(line->text.ptr, name.ptr, name.len) == 0)
            mk_edit_replace(edit, i, 0, name.len, MK_STR(""), ICON, MK_STR("\"افتراضي\""));
    }
}

/* True if another line of the page is the name, or begins with it and is gone: a box, its
 * picture, who is online. */
static bool is_member(const mk_doc *doc, size_t except, mk_str name)
{
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_str line = doc->lines[i].trimmed;
        if (i != except && line.len >= name.len && memcmp(line.ptr, name.ptr, name.len) == 0 &&
            (line.len == name.len || (doc->lines[i].gone && line.ptr[name.len] == ' ')))
            return true;
    }
    return false;
}

/* The rule that vBulletin draws over a signature. */
static bool is_drawn(const mk_line *line)
{
    enum { LENGTH = 18 };
    size_t n = 0;
    while (n < line->trimmed.len && line->trimmed.ptr[n] == '_')
        n++;
    return n == LENGTH && n == line->trimmed.len;
}

static const mk_str signature = {"توقيع ", sizeof("توقيع ") - 1};

static bool may_head_signature(const mk_line *line)
{
    if (line->gone)
        return is_drawn(line);
    return line->features.n_words <= NAME_WORDS + 1 && line->trimmed.len > signature.len &&
           memcmp(line->trimmed.ptr, signature.ptr, signature.len) == 0;
}

/* True if a signature follows the line: «توقيع» and the name of a member, or a rule. */
static bool heads_signature(const mk_doc *doc, size_t i)
{
    const mk_line *line = &doc->lines[i];
    return line->gone ||
           is_member(doc, i, mk_str_sub(line->trimmed, signature.len, line->trimmed.len));
}

static bool may_be_signed(const mk_line *line)
{
    return !line->gone && line->label != MK_LABEL_PROSE &&
           line->features.n_letters <= SIGNATURE_LETTERS;
}

/* Drops signatures, down to the next piece of furniture; if there is none near, their head
 * alone. */
static void drop_signatures(mk_edit *edit)
{
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = 0, looked = 0; i < doc->n_lines && looked < MAX_SIGNED; i++) {
        if (doc->lines[i].label == MK_LABEL_BLANK || !may_head_signature(&doc->lines[i]))
            continue;
        looked++; /* each looks at all lines of the page */
        if (!heads_signature(doc, i))
            continue;
        size_t end = next_line(doc, i), n = 0;
        while (end < doc->n_lines && may_be_signed(mk_edit_line(edit, end)) && n++ < MAX_SIGNATURE)
            end = next_line(doc, end);
        if (end == doc->n_lines || !doc->lines[end].gone)
            end = i + 1;
        for (size_t k = i; k < end; k++)
            if (doc->lines[k].label != MK_LABEL_BLANK && !doc->lines[k].gone)
                mk_edit_drop(edit, k, SIGNATURE, MK_STR("under a rule or the name of a member"));
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    bool thread = false;
    for (size_t i = 0; i < doc->n_lines && !thread; i++)
        thread = is_within(&doc->lines[i]);
    if (!thread)
        return MK_OK;
    cut_icons(edit);
    drop_signatures(edit);
    for (size_t i = 0; i < doc->n_lines; i++) {
        const bool head = doc->lines[i].zone == MK_ZONE_HEAD;
        if (!doc->lines[i].gone ||
            !(head ? is_within(&doc->lines[i]) : doc->lines[i].marks != NULL))
            continue;
        size_t end = next_line(doc, i), n = 0;
        for (; end < doc->n_lines && !doc->lines[end].gone && is_short(mk_edit_line(edit, end));
             end = next_line(doc, end))
            n++;
        if (n == 0 || n > MAX_LINES || end == doc->n_lines || !is_within(&doc->lines[end]))
            continue;
        for (size_t k = i + 1; k < end; k++)
            if (doc->lines[k].label != MK_LABEL_BLANK)
                mk_edit_drop(edit, k, BOX, MK_STR("inside the furniture of a post"));
    }
    return MK_OK;
}

const mk_filter mk_filter_posts = {
    .abi = MK_FILTER_ABI,
    .name = "posts",
    .summary = "remove names and signatures inside the furniture of posts",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
