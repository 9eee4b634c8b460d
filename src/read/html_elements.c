/* html_elements.c: what elements and the words of their classes mean. The kinds
 * follow the HTML Standard (sections 13.2.6 and 15.3); the words of classes are
 * those that content systems use, by our own list. Refuses a word after "no",
 * "with" and "has": those name a layout, not a part. */
#include "read/html_private.h"

static const html_element elements[] = {
    {"a", HTML_INLINE, HTML_SHOWN, false, 0},
    {"address", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"applet", HTML_INLINE, HTML_MEDIA, false, 0},
    {"area", HTML_VOID, HTML_SHOWN, false, 0},
    {"article", HTML_BLOCK, HTML_SHOWN, true, MK_PART_CONTENT},
    {"aside", HTML_BLOCK, HTML_SHOWN, true, MK_PART_ASIDE},
    {"audio", HTML_INLINE, HTML_MEDIA, false, 0},
    {"base", HTML_META, HTML_SHOWN, false, 0},
    {"blockquote", HTML_QUOTE, HTML_SHOWN, true, 0},
    {"body", HTML_ROOT, HTML_SHOWN, false, 0},
    {"br", HTML_BREAK, HTML_SHOWN, false, 0},
    {"button", HTML_INLINE, HTML_FORM, false, 0},
    {"canvas", HTML_INLINE, HTML_MEDIA, false, 0},
    {"caption", HTML_BLOCK, HTML_SHOWN, false, 0},
    {"center", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"col", HTML_VOID, HTML_SHOWN, false, 0},
    {"datalist", HTML_INLINE, HTML_FORM, false, 0},
    {"dd", HTML_ITEM, HTML_SHOWN, true, 0},
    {"details", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"dialog", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"dir", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"div", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"dl", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"dt", HTML_ITEM, HTML_SHOWN, true, 0},
    {"embed", HTML_VOID, HTML_SHOWN, false, 0},
    {"fieldset", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"figcaption", HTML_BLOCK, HTML_SHOWN, true, MK_PART_CAPTION},
    {"figure", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"footer", HTML_BLOCK, HTML_SHOWN, true, MK_PART_FOOTER},
    {"form", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"frame", HTML_VOID, HTML_SHOWN, false, 0},
    {"h1", HTML_HEADING, HTML_SHOWN, true, 0},
    {"h2", HTML_HEADING, HTML_SHOWN, true, 0},
    {"h3", HTML_HEADING, HTML_SHOWN, true, 0},
    {"h4", HTML_HEADING, HTML_SHOWN, true, 0},
    {"h5", HTML_HEADING, HTML_SHOWN, true, 0},
    {"h6", HTML_HEADING, HTML_SHOWN, true, 0},
    {"head", HTML_ROOT, HTML_SHOWN, false, 0},
    {"header", HTML_BLOCK, HTML_SHOWN, true, MK_PART_HEADER},
    {"hgroup", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"hr", HTML_BREAK, HTML_SHOWN, true, 0},
    {"html", HTML_ROOT, HTML_SHOWN, false, 0},
    {"iframe", HTML_INLINE, HTML_MEDIA, false, 0},
    {"img", HTML_VOID, HTML_SHOWN, false, 0},
    {"input", HTML_VOID, HTML_FORM, false, 0},
    {"legend", HTML_BLOCK, HTML_SHOWN, false, 0},
    {"li", HTML_ITEM, HTML_SHOWN, true, 0},
    {"link", HTML_META, HTML_SHOWN, false, 0},
    {"listing", HTML_PRE, HTML_SHOWN, true, 0},
    {"main", HTML_BLOCK, HTML_SHOWN, true, MK_PART_CONTENT},
    {"map", HTML_INLINE, HTML_MEDIA, false, 0},
    {"menu", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"meta", HTML_META, HTML_SHOWN, false, 0},
    {"meter", HTML_INLINE, HTML_FORM, false, 0},
    {"nav", HTML_BLOCK, HTML_SHOWN, true, MK_PART_NAV},
    {"noembed", HTML_INLINE, HTML_SCRIPT, false, 0},
    {"noframes", HTML_INLINE, HTML_SCRIPT, false, 0},
    {"noscript", HTML_INLINE, HTML_SCRIPT, false, 0},
    {"object", HTML_INLINE, HTML_MEDIA, false, 0},
    {"ol", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"optgroup", HTML_INLINE, HTML_FORM, false, 0},
    {"option", HTML_INLINE, HTML_FORM, false, 0},
    {"p", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"param", HTML_VOID, HTML_SHOWN, false, 0},
    {"plaintext", HTML_PRE, HTML_SHOWN, true, 0},
    {"pre", HTML_PRE, HTML_SHOWN, true, 0},
    {"progress", HTML_INLINE, HTML_FORM, false, 0},
    {"q", HTML_INLINE, HTML_SHOWN, false, 0},
    {"rp", HTML_INLINE, HTML_HIDDEN, false, 0},
    {"script", HTML_INLINE, HTML_SCRIPT, false, 0},
    {"search", HTML_BLOCK, HTML_SHOWN, true, MK_PART_FORM},
    {"section", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"select", HTML_INLINE, HTML_FORM, false, 0},
    {"source", HTML_VOID, HTML_SHOWN, false, 0},
    {"style", HTML_INLINE, HTML_SCRIPT, false, 0},
    {"summary", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"svg", HTML_INLINE, HTML_MEDIA, false, 0},
    {"table", HTML_TABLE, HTML_SHOWN, true, 0},
    {"tbody", HTML_GROUP, HTML_SHOWN, false, 0},
    {"td", HTML_CELL, HTML_SHOWN, false, 0},
    {"template", HTML_INLINE, HTML_SCRIPT, false, 0},
    {"textarea", HTML_INLINE, HTML_FORM, false, 0},
    {"tfoot", HTML_GROUP, HTML_SHOWN, false, 0},
    {"th", HTML_CELL, HTML_SHOWN, false, 0},
    {"thead", HTML_GROUP, HTML_SHOWN, false, 0},
    {"title", HTML_TITLE, HTML_SHOWN, false, 0},
    {"tr", HTML_ROW, HTML_SHOWN, false, 0},
    {"track", HTML_VOID, HTML_SHOWN, false, 0},
    {"ul", HTML_BLOCK, HTML_SHOWN, true, 0},
    {"video", HTML_INLINE, HTML_MEDIA, false, 0},
    {"wbr", HTML_VOID, HTML_SHOWN, false, 0},
    {"xmp", HTML_PRE, HTML_SHOWN, true, 0},
};

enum {
    N_ELEMENTS = sizeof(elements) / sizeof(*elements),
    MAX_NAME = 10,  /* bytes of the longest name */
    MAX_WORD = 16,  /* bytes of the longest word of a class */
    MAX_CLASS = 512 /* bytes of a class that are looked at */
};

static const html_element unknown = {"", HTML_INLINE, HTML_SHOWN, false, 0};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Copies s in lower case, NUL-ended; false if it has no room. */
static bool copy_lower(mk_str s, char *to, size_t room)
{
    if (s.len >= room)
        return false;
    for (size_t i = 0; i < s.len; i++)
        to[i] = lower(s.ptr[i]);
    to[s.len] = '\0';
    return true;
}

const html_element *mk_html_element_of(mk_str name)
{
    char word[MAX_NAME + 1];
    size_t low = 0, high = N_ELEMENTS;
    if (!copy_lower(name, word, sizeof(word)))
        return &unknown;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(elements[middle].name, word);
        if (order == 0)
            return &elements[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return &unknown;
}

/* ---- words of classes ---- */

typedef struct part_word {
    const char *word;
    uint32_t part;
} part_word;

static const part_word part_words[] = {
    {"ad", MK_PART_AD},
    {"ads", MK_PART_AD},
    {"adsbygoogle", MK_PART_AD},
    {"adsense", MK_PART_AD},
    {"adslot", MK_PART_AD},
    {"advert", MK_PART_AD},
    {"advertisement", MK_PART_AD},
    {"advertising", MK_PART_AD},
    {"adverts", MK_PART_AD},
    {"banner", MK_PART_AD},
    {"banners", MK_PART_AD},
    {"dfp", MK_PART_AD},
    {"promo", MK_PART_AD},
    {"promotion", MK_PART_AD},
    {"sponsor", MK_PART_AD},
    {"sponsored", MK_PART_AD},

    {"aside", MK_PART_ASIDE},
    {"offcanvas", MK_PART_ASIDE},
    {"rail", MK_PART_ASIDE},
    {"sidebar", MK_PART_ASIDE},
    {"sidebars", MK_PART_ASIDE},
    {"sidenav", MK_PART_ASIDE},

    {"author", MK_PART_BYLINE},
    {"byline", MK_PART_BYLINE},
    {"dateline", MK_PART_BYLINE},
    {"meta", MK_PART_BYLINE},
    {"metadata", MK_PART_BYLINE},
    {"postmeta", MK_PART_BYLINE},
    {"published", MK_PART_BYLINE},
    {"pubdate", MK_PART_BYLINE},
    {"timestamp", MK_PART_BYLINE},

    {"caption", MK_PART_CAPTION},
    {"captions", MK_PART_CAPTION},
    {"figcaption", MK_PART_CAPTION},

    {"comment", MK_PART_COMMENTS},
    {"commentlist", MK_PART_COMMENTS},
    {"comments", MK_PART_COMMENTS},
    {"disqus", MK_PART_COMMENTS},
    {"respond", MK_PART_COMMENTS},

    {"breadcrumb", MK_PART_CRUMBS},
    {"breadcrumbs", MK_PART_CRUMBS},
    {"crumb", MK_PART_CRUMBS},
    {"crumbs", MK_PART_CRUMBS},
    {"pathway", MK_PART_CRUMBS},

    {"colophon", MK_PART_FOOTER},
    {"copyright", MK_PART_FOOTER},
    {"copyrights", MK_PART_FOOTER},
    {"footer", MK_PART_FOOTER},
    {"signature", MK_PART_FOOTER}, /* under a post */

    {"login", MK_PART_FORM},
    {"newsletter", MK_PART_FORM},
    {"search", MK_PART_FORM},
    {"searchbar", MK_PART_FORM},
    {"searchbox", MK_PART_FORM},
    {"searchform", MK_PART_FORM},
    {"signin", MK_PART_FORM},
    {"signup", MK_PART_FORM},
    {"subscribe", MK_PART_FORM},
    {"subscription", MK_PART_FORM},

    {"masthead", MK_PART_HEADER},
    {"topbar", MK_PART_HEADER},

    {"drawer", MK_PART_NAV},
    {"dropdown", MK_PART_NAV},
    {"megamenu", MK_PART_NAV},
    {"menu", MK_PART_NAV},
    {"menubar", MK_PART_NAV},
    {"menus", MK_PART_NAV},
    {"nav", MK_PART_NAV},
    {"navbar", MK_PART_NAV},
    {"navigation", MK_PART_NAV},
    {"sitemap", MK_PART_NAV},
    {"skip", MK_PART_NAV},
    {"submenu", MK_PART_NAV},
    {"toolbar", MK_PART_NAV},

    {"consent", MK_PART_NOTICE},
    {"cookie", MK_PART_NOTICE},
    {"cookies", MK_PART_NOTICE},
    {"gdpr", MK_PART_NOTICE},

    {"pager", MK_PART_PAGER},
    {"pagination", MK_PART_PAGER},
    {"paging", MK_PART_PAGER},
    {"pagenavi", MK_PART_PAGER},

    {"latest", MK_PART_RELATED},
    {"marquee", MK_PART_RELATED},
    {"mostread", MK_PART_RELATED},
    {"outbrain", MK_PART_RELATED},
    {"popular", MK_PART_RELATED},
    {"readalso", MK_PART_RELATED},
    {"recommended", MK_PART_RELATED},
    {"recommendations", MK_PART_RELATED},
    {"related", MK_PART_RELATED},
    {"similar", MK_PART_RELATED},
    {"suggested", MK_PART_RELATED},
    {"suggestions", MK_PART_RELATED},
    {"taboola", MK_PART_RELATED},
    {"ticker", MK_PART_RELATED},
    {"trending", MK_PART_RELATED},

    {"addthis", MK_PART_SHARE},
    {"addtoany", MK_PART_SHARE},
    {"share", MK_PART_SHARE},
    {"shares", MK_PART_SHARE},
    {"sharethis", MK_PART_SHARE},
    {"sharing", MK_PART_SHARE},
    {"social", MK_PART_SHARE},
    {"socials", MK_PART_SHARE},

    {"hashtags", MK_PART_TAGS},
    {"keywords", MK_PART_TAGS},
    {"tagcloud", MK_PART_TAGS},
    {"taglist", MK_PART_TAGS},
    {"tags", MK_PART_TAGS},

    {"poll", MK_PART_WIDGET},
    {"rating", MK_PART_WIDGET},
    {"ratings", MK_PART_WIDGET},
    {"weather", MK_PART_WIDGET},
    {"widget", MK_PART_WIDGET},
    {"widgets", MK_PART_WIDGET},
};

/* A class made of one of the first and then one of the second is the body of an
 * article; so is their compound in one word. */
static const char *const body_first[] = {"article", "post",   "entry", "story",
                                         "news",    "single", "topic", "blog"};
static const char *const body_second[] = {"body", "content", "contents",
                                          "text", "details", "detail"};
static const char *const layout_words[] = {"no", "with", "has", "without", "not"};

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}

#define IS_ONE_OF(word, list) is_one_of((word), (list), sizeof(list) / sizeof(*(list)))

static bool is_compound(const char *word)
{
    for (size_t i = 0; i < sizeof(body_first) / sizeof(*body_first); i++) {
        const size_t n = strlen(body_first[i]);
        if (strncmp(word, body_first[i], n) == 0 && IS_ONE_OF(word + n, body_second))
            return true;
    }
    return false;
}

static uint32_t part_of(const char *word)
{
    for (size_t i = 0; i < sizeof(part_words) / sizeof(*part_words); i++)
        if (part_words[i].word[0] == word[0] && strcmp(part_words[i].word, word) == 0)
            return part_words[i].part;
    return 0;
}

static bool is_alpha(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* The next word of s at *at: letters, and a capital begins a new one. False at the
 * end. *ret_begins: it is the first of its class. */
static bool next_word(mk_str s, size_t *at, char word[MAX_WORD + 1], bool *ret_begins)
{
    size_t n = 0;
    while (*at < s.len && !is_alpha(s.ptr[*at]))
        *ret_begins = s.ptr[(*at)++] == ' ' || *ret_begins;
    for (; *at < s.len && is_alpha(s.ptr[*at]); ++*at) {
        const bool capital = s.ptr[*at] >= 'A' && s.ptr[*at] <= 'Z';
        if (n > 0 && capital && s.ptr[*at - 1] >= 'a')
            break;
        if (n < MAX_WORD)
            word[n] = lower(s.ptr[*at]);
        n++;
    }
    word[n <= MAX_WORD ? n : 0] = '\0';
    return n > 0;
}

uint32_t mk_html_parts_of_class(mk_str value)
{
    char word[MAX_WORD + 1];
    uint32_t parts = 0;
    size_t at = 0;
    bool first = false, layout = false, begins = true;
    value.len = value.len < MAX_CLASS ? value.len : MAX_CLASS;
    while (next_word(value, &at, word, &begins)) {
        if (begins)
            first = layout = false;
        if ((first && IS_ONE_OF(word, body_second)) || is_compound(word))
            parts |= MK_PART_BODY;
        if (!layout)
            parts |= part_of(word);
        first = first || IS_ONE_OF(word, body_first);
        layout = layout || IS_ONE_OF(word, layout_words);
        begins = false;
    }
    return parts;
}

uint32_t mk_html_parts_of_role(mk_str value)
{
    static const part_word roles[] = {
        {"main", MK_PART_CONTENT},        {"article", MK_PART_CONTENT},
        {"navigation", MK_PART_NAV},      {"menu", MK_PART_NAV},
        {"menubar", MK_PART_NAV},         {"contentinfo", MK_PART_FOOTER},
        {"complementary", MK_PART_ASIDE}, {"search", MK_PART_FORM},
        {"banner", MK_PART_HEADER},
    };
    value = mk_str_trim(value);
    for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
        if (mk_html_name_is(value, roles[i].word))
            return roles[i].part;
    return 0;
}

/* ---- hidden ---- */

/* True if the property `name` of a style has the value `word`. */
static bool has_value(mk_str style, const char *name, const char *word)
{
    size_t at = 0;
    while (at < style.len) {
        size_t end = at;
        while (end < style.len && style.ptr[end] != ';')
            end++;
        const mk_str item = mk_str_sub(style, at, end);
        const char *colon = item.len > 0 ? memchr(item.ptr, ':', item.len) : NULL;
        const size_t n = colon ? (size_t)(colon - item.ptr) : item.len;
        if (colon && mk_html_name_is(mk_str_trim(mk_str_sub(item, 0, n)), name)) {
            mk_str value = mk_str_trim(mk_str_sub(item, n + 1, item.len));
            const char *mark = value.len > 0 ? memchr(value.ptr, '!', value.len) : NULL;
            value.len = mark ? (size_t)(mark - value.ptr) : value.len;
            if (mk_html_name_is(mk_str_trim(value), word))
                return true;
        }
        at = end + 1;
    }
    return false;
}

bool mk_html_style_hides(mk_str style)
{
    return has_value(style, "display", "none") || has_value(style, "visibility", "hidden");
}

bool mk_html_class_hides(mk_str value)
{
    static const char *const names[] = {"sr-only", "screen-reader-text", "visually-hidden",
                                        "visuallyhidden", "screen-reader"};
    size_t at = 0;
    while (at < value.len) {
        size_t end = at;
        while (end < value.len && value.ptr[end] != ' ')
            end++;
        for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
            if (mk_html_name_is(mk_str_sub(value, at, end), names[i]))
                return true;
        at = end + 1;
    }
    return false;
}
