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

enum { MAX_WORDS = 40 /* words of a caption with its credit */ };

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
    return s.len > n && strncasecmp(s.ptr + s.len - n, end, n) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "IMG_8746-1300x866", "flag_of_x.svg": one word of ASCII with figures or an ending. */
static bool is_file_name(const mk_line *line)
{
    static const char *const ends[] = {".jpg", ".jpeg", ".png", ".svg", ".gif", ".webp"};
    const mk_str s = line->trimmed;
    const mk_features *f = &line->features;
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
