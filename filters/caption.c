/* caption: captions of pictures, known by the credit that ends them: a bracket
 * whose last words are an agency, an archive or a photographer's label. A caption
 * without a credit reads like a sentence and stays; so does a sentence that names
 * an agency in a bracket and goes on. Names of picture files, one alone on a line,
 * are captions that nobody wrote. Cases: fixtures/filters/caption.cases */
#include <strings.h>

#include "minkhal/filter.h"

enum { CREDIT, STOCK, FILE_NAME };

static const mk_rule rules[] = {
    [CREDIT] = {"credit", "caption", "a caption that ends in a photo credit"},
    [STOCK] = {"stock", "caption", "a label of a stock or archive picture"},
    [FILE_NAME] = {"file", "caption", "the name of a picture file"},
    {0},
};

enum {
    MAX_WORDS = 40,  /* words of a caption with its credit */
    SIGN_LETTERS = 3 /* Latin ones behind a copyright sign: an agency's */
};

/* "(c) AP Photo" and what the picture shows, with the sign. */
static bool is_signed_caption(const mk_line *line)
{
    static const char sign[] = "\u00A9";
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    return s.len > sizeof(sign) && memcmp(s.ptr, sign, sizeof(sign) - 1) == 0 &&
           f->n_latin >= SIGN_LETTERS && f->n_arabic > 0 && f->n_digits == 0 &&
           f->n_words <= MAX_WORDS && f->n_stops == 0;
}

/* "..., 1920, 04.02.2026": a picture's width and day behind what it shows. */
static bool has_width_and_day(const mk_line *line)
{
    static const char form[] = ", 0000, 00.00.0000";
    const mk_str s = line->trimmed;
    const size_t n = sizeof(form) - 1;
    if (s.len <= n || line->features.n_digits < 12)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char c = s.ptr[s.len - n + i];
        if (form[i] == '0' ? c < '0' || c > '9' : c != form[i])
            return false;
    }
    return true;
}

/* What stands in the bracket that ends the line; empty if none does. */
static mk_str last_bracket(mk_str text)
{
    if (text.len < 3 || text.ptr[text.len - 1] != ')')
        return (mk_str){"", 0};
    for (size_t i = text.len - 1; i-- > 0;) {
        if (text.ptr[i] == '(')
            return mk_str_sub(text, i + 1, text.len - 1);
        if (text.ptr[i] == ')')
            break;
    }
    return (mk_str){"", 0};
}

static bool ends_with(mk_str s, const char *end)
{
    const size_t n = strlen(end);
    return s.len >= n && strncasecmp(s.ptr + s.len - n, end, n) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "IMG_8746-1300x866", "flag_of_x.svg", ".jpg)": one word of ASCII with figures or an ending. */
static bool is_file_name(const mk_line *line)
{
    static const char *const ends[] = {".jpg", ".jpeg", ".png", ".svg", ".gif", ".webp"};
    mk_str s = line->trimmed;
    const mk_features *f = &line->features;
    s.len -= s.len > 0 && s.ptr[s.len - 1] == ')'; /* of a link in Markdown */
    if (f->n_arabic > 0 || f->n_letters == 0 || s.len > 100 || memchr(s.ptr, ' ', s.len) ||
        memchr(s.ptr, '/', s.len))
        return false;
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (ends_with(s, ends[i]))
            return true;
    size_t i = s.len; /* 1300x866 at the end */
    while (i > 0 && is_digit(s.ptr[i - 1]))
        i--;
    if (i + 2 <= s.len && i > 1 && s.ptr[i - 1] == 'x') {
        for (i--; i > 0 && is_digit(s.ptr[i - 1]);)
            i--;
        if (i > 0 && (s.ptr[i - 1] == '-' || s.ptr[i - 1] == '_'))
            return true;
    }
    return s.len > 4 && (memcmp(s.ptr, "IMG_", 4) == 0 || memcmp(s.ptr, "IMG-", 4) == 0 ||
                         memcmp(s.ptr, "DSC_", 4) == 0);
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_phrases *phrases = config;
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_FOREIGN); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_FOREIGN))
        if (is_file_name(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, FILE_NAME, MK_STRONG, MK_STR("the name of a picture file"));
        else if (is_signed_caption(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, CREDIT, MK_STRONG, MK_STR("begins with a copyright sign"));
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DIGITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_DIGITS))
        if (has_width_and_day(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, CREDIT, MK_STRONG, MK_STR("ends in a picture's width and day"));
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_BRACKET); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_BRACKET)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.n_words > MAX_WORDS || line->features.n_stops > 0)
            continue;
        const mk_str credit = last_bracket(line->trimmed);
        size_t entry = 0;
        if (credit.len == 0 || !mk_lexicon_ends(phrases->lexicon, credit, CREDIT, &entry))
            continue;
        mk_edit_accuse(
            edit, i, CREDIT, MK_STRONG,
            mk_edit_format(edit, "ends in the credit (%.*s)", (int)credit.len, credit.ptr));
    }
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("caption"), {0}};

const mk_filter mk_filter_caption = {
    .abi = MK_FILTER_ABI,
    .name = "caption",
    .summary = "captions that end in a photo credit, labels of stock pictures",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
