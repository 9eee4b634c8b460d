/* nav: menus, section names, crumbs, search boxes, skip links, heads of
 * tickers. Refuses subheadings that hold a section's word (وظائف الكبد) and a
 * single section name without other evidence. A path through sections is known by
 * its separators: home > news > health; headlines side by side on one line by the wide
 * gaps between them. Cases: fixtures/filters/nav.cases. */
#include "minkhal/filter.h"

enum { MENU, BREADCRUMB, SEARCH, SKIP, SECTION, TICKER, ROW };

static const mk_rule rules[] = {
    [MENU] = {"menu", "nav", "menus, languages, editions, archives"},
    [BREADCRUMB] = {"breadcrumb", "nav", "where the reader is on the site"},
    [SEARCH] = {"search", "nav", "search boxes and their results"},
    [SKIP] = {"skip", "nav", "links for screen readers past the menu"},
    [SECTION] = {"section", "nav", "names of sections"},
    [TICKER] = {"ticker", "nav", "news boxes and tickers: their heads, headlines side by side"},
    [ROW] = {"row", "nav", "short labels side by side, signs between them"},
    {0},
};

enum {
    MAX_WORDS = 20,  /* words of a path, the page's title at its end included */
    MIN_JOINTS = 2,  /* separators that make a path of a line; one is a weak sign */
    GAP = 3,         /* blanks side by side */
    MIN_PIECES = 5,  /* headlines side by side */
    PIECE_WORDS = 3, /* words of one, in the mean: cells of a table have fewer */
    MIN_LABELS = 4,  /* labels side by side */
    MANY_LABELS = 6,
    LABEL_WORDS = 5, /* words of one; 3 in the mean */
    MAX_PIECES = 12, /* with gaps between them: more are a table */
    MIN_ROWS = 3,    /* rows of as many cells are a table */
    MIN_SEAMS = 2,   /* words that end inside a word */
    FEW_WORDS = 3,   /* words of a line in which one is enough, beside other evidence */
    SEAM_WORDS = 24,
    MIN_ALPHABET = 20, /* letters side by side */
    MIN_BRACKETS = 3,  /* with labels in them */
    BRACKET_WORDS = 4
};

/* Separators with spaces around them: > » › << >> . */
static unsigned count_joints(mk_str text)
{
    unsigned n = 0;
    for (size_t from = 0; from < text.len; from++) {
        const unsigned char first = (unsigned char)text.ptr[from];
        if (first != '>' && first != '<' && first != 0xC2 && first != 0xE2)
            continue; /* none of them begins here */
        size_t at = from;
        const uint32_t cp = mk_utf8_next(text, &at);
        const bool twice = (cp == '<' || cp == '>') && at < text.len && text.ptr[at] == (char)cp;
        const bool joint = cp == '>' || twice || cp == 0xBB || cp == 0x203A;
        at += twice;
        n += joint && from > 0 && at < text.len && mk_is_space(mk_utf8_before(text, from)) &&
             mk_is_space(mk_utf8_peek(text, at));
    }
    return n;
}

/* Closing quotation marks between letters, two or more, that nothing opens: steps of a path
 * without blanks. */
static unsigned count_closed(mk_str text)
{
    unsigned n = 0;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] != '\xC2')
            continue;
        if (text.ptr[i + 1] == '\xAB')
            return 0;
        n += text.ptr[i + 1] == '\xBB' && i > 0 && text.ptr[i - 1] != ' ' && i + 2 < text.len &&
             text.ptr[i + 2] != ' ';
    }
    return n >= MIN_JOINTS ? n : 0;
}

/* "[ home ] [ about ] [ guest book ]": a few words in each of several brackets, nothing else. */
static bool is_row_of_brackets(const mk_line *line)
{
    const mk_str s = line->trimmed;
    unsigned n = 0, words = 0;
    bool open = false;
    if (s.len < 2 || s.ptr[0] != '[' || s.ptr[s.len - 1] != ']')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        if (c == '[' || c == ']') {
            if (open == (c == '[') || (c == ']' && (words == 0 || words > BRACKET_WORDS)))
                return false;
            n += c == ']';
            open = c == '[';
            words = 0;
        } else if (c != ' ') {
            if (!open && c != '|' && c != '-')
                return false;
            words += s.ptr[i - 1] == ' ' || s.ptr[i - 1] == '[';
        }
    }
    return n >= MIN_BRACKETS;
}

/* "forum :: section :: topic": colons twice with blanks around them, two or more. */
static unsigned count_colons(mk_str text)
{
    unsigned n = 0;
    for (size_t i = 1; i + 2 < text.len; i++)
        n += text.ptr[i] == ':' && text.ptr[i + 1] == ':' && text.ptr[i - 1] == ' ' &&
             text.ptr[i + 2] == ' ';
    return n >= MIN_JOINTS ? n : 0;
}

/* "العودة   forum > section > section.": as vBulletin writes it, names with stops inside
 * included. */
static bool is_way_back(const mk_line *line)
{
    static const char back[] = "العودة";
    const mk_str s = line->trimmed, word = {back, sizeof(back) - 1};
    if (s.len < word.len + 2 || memcmp(s.ptr, word.ptr, word.len) != 0)
        return false;
    size_t at = word.len;
    unsigned blanks = 0;
    while (at < s.len && mk_is_space(mk_utf8_peek(s, at))) {
        mk_utf8_next(s, &at);
        blanks++;
    }
    return blanks >= 2 && count_joints(s) > 0;
}

/* True if there are so many blanks side by side: one byte in so many is looked at. */
static bool has_gap(const mk_line *line)
{
    const mk_str s = line->trimmed;
    for (size_t i = GAP - 1; i < s.len && line->features.signs & MK_SIGN_BLANKS; i += GAP) {
        size_t from = i, to = i;
        if (s.ptr[i] != ' ')
            continue;
        while (from > 0 && s.ptr[from - 1] == ' ')
            from--;
        while (to < s.len && s.ptr[to] == ' ')
            to++;
        if (to - from >= GAP)
            return true;
    }
    return false;
}

/* False if the line has too few signs and blanks to hold so many gaps. */
static bool may_have_gaps(const mk_features *f, unsigned gaps)
{
    return f->n_cp >= f->n_letters + f->n_digits + f->n_words - 1 + gaps * (GAP - 1);
}

/* The pieces, all short, into which wide gaps part the line; 0 if one is long. */
static unsigned count_pieces(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    unsigned pieces = 1, words = 0;
    if (f->n_words < MIN_LABELS || f->n_words > MAX_PIECES * 3 || f->end == MK_END_STOP ||
        f->n_letters == 0 || !may_have_gaps(f, MIN_LABELS - 1) || !has_gap(line))
        return 0;
    bool inside = false; /* a word */
    for (size_t at = 0; at < s.len;) {
        size_t blanks = 0;
        while (at < s.len && s.ptr[at] == ' ') {
            at++;
            blanks++;
        }
        if (blanks >= GAP) {
            pieces++;
            words = 0;
        }
        inside = blanks == 0 && inside;
        words += !inside;
        inside = true;
        if (words > LABEL_WORDS)
            return 0;
        at++;
    }
    return f->n_words <= 3 * pieces ? pieces : 0;
}

/* True if wide gaps part the line into headlines: none of them ends in a stop. */
static bool is_ticker(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    unsigned pieces = 1;
    if (f->n_words < MIN_PIECES * PIECE_WORDS || f->end == MK_END_STOP ||
        !may_have_gaps(f, MIN_PIECES - 1) || !has_gap(line))
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

/* The sign at *at that parts labels, 0 if there is none: | · • ][ :: . *at moves past it. */
static uint32_t next_sign(mk_str s, size_t *at)
{
    const uint32_t cp = mk_utf8_next(s, at);
    if (cp == ':' && *at < s.len && s.ptr[*at] == ':') {
        while (*at < s.len && (s.ptr[*at] == ':' || s.ptr[*at] == ' '))
            ++*at;
        return cp;
    }
    if (cp == '|' || cp == 0xB7 || cp == 0x2022 || cp == 0x2502 || cp == 0xA6)
        return cp;
    return cp == ']' && *at < s.len && s.ptr[*at] == '[' ? cp : 0;
}

/* True if a word begins with cp; false for ornaments. */
static bool begins_word(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z') ||
           (cp >= 0xC0 && cp < 0x2000 && !mk_is_arabic_mark(cp));
}

/* The labels, all short, into which one sign parts the line; 0 if it does not. */
static unsigned count_labels(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    const unsigned by_gaps = count_pieces(line);
    if (by_gaps >= MANY_LABELS ||
        (by_gaps >= MIN_LABELS && f->n_digits > 0 && f->signs & MK_SIGN_COLON))
        return by_gaps; /* the head of a table has fewer, and no counter */
    if (f->n_words < MIN_LABELS || f->end == MK_END_STOP || f->n_stops > 1 || f->n_letters == 0 ||
        !(f->signs & (MK_SIGN_BAR | MK_SIGN_COLONS)))
        return 0;
    unsigned labels = 0, words = 0;
    uint32_t sign = 0;
    bool inside = false; /* a word */
    for (size_t at = 0; at <= s.len;) {
        const size_t from = at;
        const uint32_t found = at < s.len ? next_sign(s, &at) : sign;
        if (found != 0 && sign != 0 && found != sign)
            return 0;
        if (found != 0 || from == s.len) {
            labels += words > 0;
            if (words > LABEL_WORDS)
                return 0;
            sign = found;
            words = 0;
            inside = false;
            at += from == s.len;
            continue;
        }
        const uint32_t cp = mk_utf8_peek(s, from);
        words += !inside && begins_word(cp);
        inside = !mk_is_space(cp) && (inside || begins_word(cp));
    }
    return sign != 0 && labels >= MIN_LABELS && f->n_words <= 3 * labels ? labels : 0;
}

/* Rows of as many cells side by side with line i, in one direction. */
static unsigned count_rows(mk_edit *edit, size_t i, unsigned labels,
                           size_t (*step)(const mk_edit *, size_t))
{
    unsigned n = 0;
    while (n < MIN_ROWS && (i = step(edit, i)) != SIZE_MAX &&
           count_labels(mk_edit_line(edit, i)) == labels)
        n++;
    return n;
}

static bool is_table(mk_edit *edit, size_t i, unsigned labels)
{
    return 1 + count_rows(edit, i, labels, mk_edit_prev) +
               count_rows(edit, i, labels, mk_edit_next) >=
           MIN_ROWS;
}

static void mark_row(mk_edit *edit, size_t i)
{
    const unsigned labels = count_labels(mk_edit_line(edit, i));
    if (labels == 0 || is_table(edit, i, labels))
        return;
    mk_edit_accuse(edit, i, ROW, MK_STRONG, mk_edit_format(edit, "%u labels side by side", labels));
}

/* Words that end inside a word: teh marbuta, which only ends words, before a letter. */
static unsigned count_seams(mk_str s)
{
    unsigned n = 0;
    for (size_t at = 1; at + 1 < s.len; at++) {
        const char *const p = memchr(s.ptr + at, '\xA9', s.len - at - 1); /* U+0629 is D8 A9 */
        if (!p)
            break;
        at = (size_t)(p - s.ptr);
        if (p[-1] != '\xD8')
            continue;
        const uint32_t next = mk_utf8_peek(s, at + 1);
        n += next >= 0x0621 && next <= 0x064A && next != 0x0640;
    }
    return n;
}

/* Names of sections, a path, a title after it, with the blanks between them lost. One
 * seam may be a slip of the pen, unless the line is but a few words. */
static void mark_seams(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_features *f = &line->features;
    if (f->n_words > SEAM_WORDS || f->n_words == 0 || f->end == MK_END_STOP ||
        f->end == MK_END_QUESTION || f->bullet || f->quoted)
        return;
    const unsigned seams = count_seams(line->trimmed);
    if (seams < MIN_SEAMS && (seams == 0 || f->n_words > FEW_WORDS))
        return;
    mk_edit_accuse(edit, i, ROW, seams >= MIN_SEAMS ? MK_STRONG : MK_WEAK,
                   mk_edit_format(edit, "%u labels glued together", seams + 1));
}

/* "A B C D ...": an index by the first letter. */
static bool is_alphabet(const mk_features *f)
{
    return f->n_words >= MIN_ALPHABET && f->n_letters <= f->n_words + 1 && f->n_digits == 0;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const uint16_t parts = MK_SIGN_BLANKS | MK_SIGN_BAR | MK_SIGN_COLONS; /* of a row */
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.signs & MK_SIGN_BLANKS && is_ticker(line))
            mk_edit_accuse(edit, i, TICKER, MK_STRONG,
                           MK_STR("headlines with wide gaps between them"));
        if (line->features.signs & parts)
            mark_row(edit, i);
        mark_seams(edit, i);
        if (line->features.signs & MK_SIGN_BAR && is_row_of_brackets(line))
            mk_edit_accuse(edit, i, MENU, MK_STRONG, MK_STR("labels in brackets"));
        if (is_alphabet(&line->features))
            mk_edit_accuse(edit, i, MENU, MK_STRONG, MK_STR("letters of an index"));
        if (!(line->features.signs & (MK_SIGN_ANGLE | MK_SIGN_COLONS)))
            continue; /* no path */
        if (is_way_back(line)) {
            mk_edit_accuse(edit, i, BREADCRUMB, MK_CERTAIN, MK_STR("the way back through a forum"));
            continue;
        }
        if (line->features.n_words > MAX_WORDS || line->features.end == MK_END_STOP ||
            line->features.bullet)
            continue;
        unsigned joints = count_joints(line->seen);
        if (joints == 0)
            joints = count_closed(line->seen);
        if (joints == 0)
            joints = count_colons(line->seen);
        if (joints == 0)
            continue;
        mk_edit_accuse(edit, i, BREADCRUMB, joints >= MIN_JOINTS ? MK_STRONG : MK_WEAK,
                       mk_edit_format(edit, "%u separators of a path", joints));
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
