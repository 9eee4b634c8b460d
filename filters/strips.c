/* strips: headlines of other articles on one line, with a bar between them or one word
 * in Latin letters, which stood for a picture or names the site; and rows of sections
 * with dashes or :: between them over the text. Refuses what reads as sentences (stops, many
 * commas), rows of a table, lists of names and of results: those have dashes too, and
 * stand under text, or have figures and colons. Cases: fixtures/filters/strips.cases */
#include "minkhal/filter.h"

enum { BAR, WORD, DASH };

static const mk_rule rules[] = {
    [BAR] = {"bar", "nav", "headlines of other articles with bars between them"},
    [WORD] = {"word", "nav", "headlines of other articles with one Latin word between them"},
    [DASH] = {"dash", "nav", "names of sections with dashes or :: between them, over the text"},
    {0},
};

enum {
    MIN_PIECES = 5,  /* headlines */
    PIECE_WORDS = 3, /* words of one at least, in the mean */
    MAX_PIECE = 25,
    STOPPED = 4,    /* one in so many may end in a stop */
    MIN_LABELS = 6, /* names of sections */
    LABEL_WORDS = 5,
    NAME_LEN = 2, /* bytes of a Latin word that can stand between headlines */
    TOP = 12,     /* lines over the text where rows of sections stand */
    TEXT_WORDS = 8
};

/* A line in pieces. */
typedef struct strip {
    unsigned pieces, longest, stopped; /* words of the longest; pieces that end in a stop */
    unsigned words, others;            /* in all; Latin ones that are not between the pieces */
} strip;

static mk_str next_token(mk_str s, size_t *at)
{
    while (*at < s.len && s.ptr[*at] == ' ')
        ++*at;
    const size_t from = *at;
    while (*at < s.len && s.ptr[*at] != ' ')
        ++*at;
    return mk_str_sub(s, from, *at);
}

static bool is_bar(mk_str token)
{
    return token.len == 1 && token.ptr[0] == '|';
}

static bool is_dash(mk_str token)
{
    return (token.len == 1 && token.ptr[0] == '-') || mk_str_eq(token, MK_STR("\u2013"));
}

static bool is_colons(mk_str token)
{
    return mk_str_eq(token, MK_STR("::"));
}

static bool is_latin(mk_str token)
{
    if (token.len < NAME_LEN)
        return false;
    for (size_t i = 0; i < token.len; i++)
        if ((token.ptr[i] | 0x20) < 'a' || (token.ptr[i] | 0x20) > 'z')
            return false;
    return true;
}

/* Ends the piece before `before`, the last token of it. */
static void end_piece(strip *s, unsigned words, mk_str before)
{
    if (words == 0)
        return;
    const bool dots = before.len > 1 && before.ptr[before.len - 2] == '.';
    s->pieces++;
    s->longest = words > s->longest ? words : s->longest;
    s->stopped += before.ptr[before.len - 1] == '.' && !dots;
}

/* Parts text at tokens that is_joint() says, or, where it is NULL, at those that are the
 * first Latin word. */
static strip part(mk_str text, bool (*is_joint)(mk_str))
{
    strip s = {0};
    mk_str name = {0}, before = {0};
    unsigned words = 0;
    size_t at = 0;
    for (mk_str token = next_token(text, &at); token.len > 0; token = next_token(text, &at)) {
        const bool latin = !is_joint && is_latin(token);
        if (latin && name.len == 0)
            name = token;
        const bool joint = is_joint ? is_joint(token) : latin && mk_str_eq(token, name);
        if (joint) {
            end_piece(&s, words, before);
            words = 0;
            continue;
        }
        s.others += latin;
        s.words++;
        words++;
        before = token;
    }
    end_piece(&s, words, before);
    return s;
}

static bool are_headlines(const strip *s)
{
    return s->pieces >= MIN_PIECES && s->words >= PIECE_WORDS * s->pieces &&
           s->longest <= MAX_PIECE && s->stopped * STOPPED <= s->pieces &&
           s->others * MIN_PIECES <= s->pieces;
}

/* As many cells in the line beside it: rows of a table. */
static bool is_row(mk_edit *edit, size_t i, unsigned pieces)
{
    const size_t beside[] = {mk_edit_prev(edit, i), mk_edit_next(edit, i)};
    for (int k = 0; k < 2; k++)
        if (beside[k] != SIZE_MAX &&
            part(mk_edit_line(edit, beside[k])->trimmed, is_bar).pieces == pieces)
            return true;
    return false;
}

/* Half of the pieces have a colon: names of facts, each with its value. */
static bool are_facts(mk_str text, unsigned pieces)
{
    unsigned n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == ':';
    return n * 2 >= pieces;
}

static bool is_bars(mk_edit *edit, size_t i)
{
    const mk_str text = mk_edit_line(edit, i)->trimmed;
    if (!(mk_edit_line(edit, i)->features.signs & MK_SIGN_BAR))
        return false;
    const strip s = part(text, is_bar);
    return are_headlines(&s) && !are_facts(text, s.pieces) && !is_row(edit, i, s.pieces);
}

static bool is_words(const mk_line *line)
{
    const mk_features *f = &line->features;
    if (f->n_latin < (MIN_PIECES - 1) * NAME_LEN || f->n_arabic < 2 * f->n_latin)
        return false;
    const strip s = part(line->trimmed, NULL);
    return are_headlines(&s);
}

static bool is_sections(const mk_line *line)
{
    const mk_features *f = &line->features;
    if (f->n_words < MIN_LABELS || f->n_stops > 0 || f->n_commas > 0 || f->n_digits > 0)
        return false;
    if (!(f->signs & (MK_SIGN_COLONS | MK_SIGN_DASH)))
        return false;
    const bool colon = f->signs & MK_SIGN_COLON;
    const strip s = part(line->trimmed, colon ? is_colons : is_dash);
    return s.pieces >= MIN_LABELS && s.longest <= LABEL_WORDS && s.words <= PIECE_WORDS * s.pieces;
}

/* Over the first line that ends in a stop. */
static void mark_sections(mk_edit *edit)
{
    unsigned n = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX && n < TOP;
         i = mk_edit_next(edit, i), n++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.end == MK_END_STOP && line->features.n_words >= TEXT_WORDS)
            return;
        if (is_sections(line))
            mk_edit_accuse(edit, i, DASH, MK_STRONG,
                           MK_STR("short labels with signs between them, over the text"));
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    mark_sections(edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        const mk_features *f = &line->features;
        if (f->n_words < MIN_PIECES * PIECE_WORDS || f->end == MK_END_STOP ||
            f->end == MK_END_COLON || f->n_commas * 2 > MIN_PIECES)
            continue;
        if (is_bars(edit, i))
            mk_edit_accuse(edit, i, BAR, MK_STRONG, MK_STR("headlines with bars between them"));
        else if (is_words(line))
            mk_edit_accuse(edit, i, WORD, MK_STRONG,
                           MK_STR("headlines with one Latin word between them"));
    }
    return MK_OK;
}

const mk_filter mk_filter_strips = {
    .abi = MK_FILTER_ABI,
    .name = "strips",
    .summary = "headlines and sections on one line with a sign or a word between them",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .apply = apply,
};
