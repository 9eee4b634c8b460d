/* leads: cuts furniture that stands on one line with text, before its first words. Buttons are cut
 * where two stand there, or one that is nothing else; a label of an ad that a script fused with
 * the first word; a date and a dash, or where and when, where no other line begins so: others are
 * a chronicle; a day and a clock in brackets, as boards print them before a post, on any line.
 * The line that is left must be a text. Cases: fixtures/filters/leads.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { BUTTON, LABEL, DATE, STAMP };

static const mk_rule rules[] = {
    [BUTTON] = {"button", "glued", "buttons before the first words of a paragraph"},
    [LABEL] = {"label", "glued", "a label of an ad that is fused with the first word"},
    [DATE] = {"date", "glued", "a date, and who wrote when, before the first words of the text"},
    [STAMP] = {"stamp", "glued", "a day and a clock in brackets before a post"},
    {0},
};

enum {
    TEXT_WORDS = 8, /* words behind what is cut */
    MAX_BUTTONS = 16,
    DATE_TOKENS = 14, /* of a date with a clock, its author and place in front */
    DATE_WORDS = 4,   /* tokens before the year where there is no clock: a day and a month */
    STAMP_BYTES = 40, /* of a day and a clock in brackets */
    STAMP_DIGITS = 8
};

static mk_str next_token(mk_str s, size_t *at)
{
    while (*at < s.len && mk_is_space(mk_utf8_peek(s, *at)))
        mk_utf8_next(s, at);
    const size_t from = *at;
    for (; *at < s.len; ++*at) {
        const unsigned char c = (unsigned char)s.ptr[*at];
        /* no blank begins with another byte */
        if ((c <= ' ' || c == 0xC2 || (c >= 0xE1 && c <= 0xE3)) &&
            mk_is_space(mk_utf8_peek(s, *at)))
            break;
    }
    return mk_str_sub(s, from, *at);
}

/* ---- buttons ---- */

/* Signs and blanks between buttons. */
static size_t skip_signs(mk_str text, size_t at)
{
    while (at < text.len) {
        const uint32_t cp = mk_utf8_peek(text, at);
        if (mk_is_letter(cp) || mk_digit_value(cp) >= 0 || cp == '"' || cp == 0xAB || cp == '(')
            break;
        mk_utf8_next(text, &at);
    }
    return at;
}

/* The longest button that begins at `from` of the folded line; NULL if none does. */
static const mk_hit *find_button(const mk_line *line, const mk_lexicon *lexicon, uint32_t from)
{
    const mk_hit *best = NULL;
    for (uint32_t h = 0; h < line->n_hits; h++) {
        const mk_hit *hit = &line->hits[h];
        if (hit->from == from && mk_hit_is_of(hit, lexicon) &&
            mk_hit_rule(hit, lexicon) == BUTTON && (!best || hit->to > best->to))
            best = hit;
    }
    return best;
}

/* Where the text begins behind the buttons that the line begins with: two of them, or one that
 * is nothing else; 0: there are none. */
static size_t end_of_buttons(const mk_line *line, const mk_lexicon *lexicon)
{
    uint32_t from = 0, end = 0;
    unsigned n = 0;
    bool sure = false;
    for (int k = 0; k < MAX_BUTTONS; k++) {
        const mk_hit *hit = find_button(line, lexicon, from);
        if (!hit)
            break;
        from = end = hit->to;
        while (from < line->folded.len && line->folded.ptr[from] == ' ')
            from++;
        n += hit->strength >= MK_STRONG;
        sure = sure || hit->strength == MK_CERTAIN;
    }
    return n > 1 || sure ? skip_signs(line->seen, mk_line_end_of(line, end)) : 0;
}

static void cut_buttons(mk_edit *edit, size_t i, const mk_lexicon *lexicon)
{
    const mk_line *line = mk_edit_line(edit, i);
    const size_t end = line->label == MK_LABEL_PROSE ? end_of_buttons(line, lexicon) : 0;
    size_t at = end;
    unsigned words = 0;
    while (end > 0 && words < TEXT_WORDS && next_token(line->seen, &at).len > 0)
        words++;
    if (words == TEXT_WORDS)
        mk_edit_replace(edit, i, 0, end, MK_STR(""), BUTTON, MK_STR("before the first words"));
}

/* ---- labels of ads ---- */

/* Labels of ads that scripts put before the first letter, no blank between. */
static const char *const fused_labels[] = {"اضافة اعلان", "إضافة إعلان", "أضف إعلان",
                                           "Advertisement", "ADVERTISEMENT"};

/* Where the text begins behind such a label; 0 if there is none. What follows is a word, and
 * no ending of the label's own. */
static size_t end_of_label(mk_str s)
{
    static const char *const endings[] = {"ات ", "اتك", "ك ", "كم ", "ه ", "ها ", "هم ", "ين "};
    if (s.len < 4 || (s.ptr[0] != 'A' && memcmp(s.ptr + 2, "ض", 2) != 0))
        return 0; /* nearly every line */
    for (size_t i = 0; i < sizeof(fused_labels) / sizeof(*fused_labels); i++) {
        const mk_str label = mk_str_of(fused_labels[i]);
        if (s.len <= label.len || memcmp(s.ptr, label.ptr, label.len) != 0)
            continue;
        const mk_str rest = mk_str_sub(s, label.len, s.len);
        for (size_t k = 0; k < sizeof(endings) / sizeof(*endings); k++)
            if (rest.len >= strlen(endings[k]) &&
                memcmp(rest.ptr, endings[k], strlen(endings[k])) == 0)
                return 0;
        return mk_is_arabic_letter(mk_utf8_peek(rest, 0)) ? label.len : 0;
    }
    return 0;
}

static void cut_label(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const size_t end = end_of_label(line->trimmed);
    if (end > 0 && line->features.n_words >= TEXT_WORDS)
        mk_edit_replace(edit, i, 0, (size_t)(line->trimmed.ptr - line->seen.ptr) + end, MK_STR(""),
                        LABEL, MK_STR("a label of an ad before the first letter"));
}

/* ---- days and clocks ---- */

/* Where the text begins behind "[22 - 08 - 2011, 14:05]"; 0 if that is not there. */
static size_t end_of_stamp(mk_str s)
{
    unsigned digits = 0, colons = 0;
    if (s.len == 0 || s.ptr[0] != '[')
        return 0;
    for (size_t i = 1; i < s.len && i < STAMP_BYTES; i++) {
        const char c = s.ptr[i];
        if (c == ']')
            return digits >= STAMP_DIGITS && colons > 0 ? i + 1 : 0;
        digits += c >= '0' && c <= '9';
        colons += c == ':';
        if (!(c >= '0' && c <= '9') && c != ':' && c != ' ' && c != '-' && c != '/' && c != ',' &&
            c != '.')
            return 0;
    }
    return 0;
}

static void cut_stamp(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    size_t end = end_of_stamp(line->trimmed);
    while (end > 0 && end < line->trimmed.len && line->trimmed.ptr[end] == ' ')
        end++;
    if (end > 0 && end < line->trimmed.len)
        mk_edit_replace(edit, i, 0, (size_t)(line->trimmed.ptr - line->seen.ptr) + end, MK_STR(""),
                        STAMP, MK_STR("a day and a clock in brackets"));
}

/* Digits of a token that is nothing else; signs may stand between them, and are counted. */
static unsigned count_digits(mk_str token, unsigned *ret_signs)
{
    unsigned digits = 0;
    *ret_signs = 0;
    for (size_t at = 0; at < token.len;) {
        const uint32_t cp = mk_utf8_next(token, &at);
        if (mk_digit_value(cp) >= 0)
            digits++;
        else if (cp == '-' || cp == '/' || cp == ':' || cp == '.')
            ++*ret_signs;
        else if (at < token.len || (cp != ',' && cp != 0x60C)) /* a comma may end it */
            return 0;
    }
    return digits;
}

static bool is_dash(mk_str token)
{
    return mk_str_eq(token, MK_STR("-")) || mk_str_eq(token, MK_STR("\u2013")) ||
           mk_str_eq(token, MK_STR("|"));
}

/* The half of the day behind a clock. */
static bool is_half(mk_str token)
{
    static const char *const halves[] = {"ص",    "م",     "صباحا", "صباحاً", "مساء",
                                         "مساءً", "مساءا", "AM",    "PM"};
    for (size_t i = 0; i < sizeof(halves) / sizeof(*halves); i++)
        if (mk_str_eq(token, mk_str_of(halves[i])))
            return true;
    return false;
}

/* Where the text begins behind a date: "12 May 2021 - ", "by A - Cairo on Sunday 12 May
 * 2021 10:30 AM - ", "Cairo - The Paper | Sunday 12 May 2021, 10:30 AM ", "date 2021-05-12 "; 0 if
 * none stands there. */
static size_t end_of_date(mk_str s)
{
    bool day = false, year = false, clock = false, dash = false;
    unsigned signs = 0;
    size_t at = 0, end = 0;
    for (unsigned n = 0; n < DATE_TOKENS; n++) {
        const mk_str token = next_token(s, &at);
        const unsigned digits = count_digits(token, &signs);
        if (token.len == 0)
            break;
        if (is_dash(token) && year && (clock || (n <= DATE_WORDS + 1 && end == 0)))
            return at;
        if (dash && year && clock && is_half(token)) {
            const size_t behind = at;
            return is_dash(next_token(s, &at)) ? at : behind;
        }
        dash = dash || (is_dash(token) && !day);
        clock = clock || (year && digits >= 3 && signs > 0 && memchr(token.ptr, ':', token.len));
        year = year || (digits == 4 && signs == 0 && day) || (digits >= 6 && signs == 2);
        day = day || (digits > 0 && digits <= 2 && signs == 0);
        if (n == 1 && year && mk_str_eq(mk_str_sub(s, 0, 4), MK_STR("date")))
            end = at;
    }
    return end;
}

/* The first line of prose, if it alone begins with a date: others are a chronicle. */
static void cut_date(mk_edit *edit)
{
    size_t found = SIZE_MAX;
    unsigned prose = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX && prose < 4;
         i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        const bool text = line->label == MK_LABEL_PROSE;
        prose += text;
        if (line->features.n_digits < 3 || line->features.n_words < TEXT_WORDS ||
            end_of_date(line->trimmed) == 0)
            continue;
        if (!text || prose > 1)
            return;
        found = i;
    }
    if (found == SIZE_MAX)
        return;
    const mk_line *line = mk_edit_line(edit, found);
    const size_t lead = (size_t)(line->trimmed.ptr - line->seen.ptr);
    size_t end = lead + end_of_date(line->trimmed);
    while (end < line->seen.len && mk_is_space(mk_utf8_peek(line->seen, end)))
        mk_utf8_next(line->seen, &end);
    size_t at = end;
    unsigned words = 0;
    while (words < TEXT_WORDS && next_token(line->seen, &at).len > 0)
        words++;
    if (words == TEXT_WORDS)
        mk_edit_replace(edit, found, 0, end, MK_STR(""), DATE,
                        MK_STR("a date before the first words"));
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_phrases *phrases = config;
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS))
        cut_buttons(edit, i, phrases->lexicon);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (mk_edit_line(edit, i)->features.n_words >= TEXT_WORDS) {
            cut_label(edit, i);
            cut_stamp(edit, i);
        }
    cut_date(edit);
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("leads"), {0}};

const mk_filter mk_filter_leads = {
    .abi = MK_FILTER_ABI,
    .name = "leads",
    .summary = "cut furniture that stands before the first words of a text",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
