/* markers: what machines left in the text: cache states (MISS 3), scripts, style
 * rules, shortcodes, "loading...". Code in an article about code stands between
 * sentences and has Arabic beside it, or a line over it that leads to it; it stays
 * unless it is known to be a page's own script. Cases: fixtures/filters/markers.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { CACHE, SCRIPT, LOADING, ERROR };

static const mk_rule rules[] = {
    [CACHE] = {"cache", "marker", "a cache state or debug line"},
    [SCRIPT] = {"script", "marker", "script, style, markup or a drawn rule that leaked"},
    [LOADING] = {"loading", "marker", "a placeholder that scripts replace"},
    [ERROR] = {"error", "marker", "a message of the site's software"},
    {0},
};

enum {
    MIN_SIGNS = 3,   /* signs of code in a line without an Arabic letter */
    MIN_RULE = 8,    /* underscores */
    CODE_WORDS = 4,  /* of a label over code */
    MIN_ESCAPES = 5, /* side by side */
    MIN_HEX = 24,    /* hexadecimal digits in one word */
    MIN_HEX_DIGITS = 4
};

/* "u0635u0648u0631": escapes of Arabic letters whose signs were lost. */
static bool is_escapes(const mk_line *line)
{
    const mk_str s = line->seen;
    size_t n = 0;
    if (line->features.n_digits < MIN_ESCAPES || line->features.n_latin < MIN_ESCAPES)
        return false;
    for (size_t i = 0; i + 5 < s.len; i++)
        n += s.ptr[i] == 'u' && s.ptr[i + 1] == '0' && s.ptr[i + 2] == '6' && s.ptr[i + 5] == 'u';
    return n >= MIN_ESCAPES;
}

/* The rule that forums draw over a signature. */
static bool is_underscores(const mk_line *line)
{
    if (line->features.n_words > 0)
        return false;
    const mk_str s = line->trimmed;
    size_t n = 0;
    while (n < s.len && s.ptr[n] == '_')
        n++;
    return n == s.len && n >= MIN_RULE;
}

/* "|", "| | |": what is left of a table's empty cells. */
static bool is_bars(const mk_line *line)
{
    const mk_str s = line->trimmed;
    if (line->features.n_words > 0 || s.len == 0 || line->features.n_letters > 0)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '|' && s.ptr[i] != ' ' && s.ptr[i] != '\t')
            return false;
    return true;
}

/* content="...: an attribute of a tag that leaked, whatever its value says. */
static bool is_attribute(const mk_line *line)
{
    const mk_str s = line->trimmed;
    size_t n = 0;
    if (line->features.n_latin < 3)
        return false;
    while (n < s.len && s.ptr[n] >= 'a' && s.ptr[n] <= 'z')
        n++;
    return n >= 3 && n + 1 < s.len && s.ptr[n] == '=' && s.ptr[n + 1] == '"';
}

/* A line of signs alone, of which code is made: "‘); }"; tags. */
static bool is_debris(const mk_line *line)
{
    const mk_features *f = &line->features;
    unsigned signs = 0, brackets = 0;
    if (f->n_arabic > 0)
        return false;
    for (size_t i = 0; i < line->seen.len; i++) {
        const char c = line->seen.ptr[i];
        signs += c == ';' || c == '=' || c == '<' || c == '>' || c == '\\' || c == '$';
        brackets += c == '{' || c == '}' || c == '(' || c == ')' || c == '[' || c == ']';
    }
    if (f->n_letters == 0)
        return f->n_digits == 0 && brackets > 0 && signs + brackets >= 2;
    if (line->trimmed.ptr[0] == '<' && line->trimmed.ptr[line->trimmed.len - 1] == '>')
        return true; /* a tag */
    return signs > 0 && brackets > 0 && signs + brackets >= MIN_SIGNS && f->end != MK_END_STOP;
}

/* "e32c7f363050f37fc5b365a473dd61a2", with dashes or without: a digest or an id. */
static bool is_identifier(const mk_line *line)
{
    const mk_features *f = &line->features;
    mk_str s = line->trimmed;
    if (f->n_digits + f->n_latin < MIN_HEX || f->n_arabic > 0 || f->n_digits < MIN_HEX_DIGITS ||
        f->n_latin == 0)
        return false;
    s.len -= s.ptr[s.len - 1] == '.'; /* of a file's name without its ending */
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
              (c == '-' && i > 0)))
            return false;
    }
    return true;
}

/* "aXA6IDIxNy4xOTguMTU0LjIxMSA=": bytes in base 64 (RFC 4648): no word has letters of both
 * cases and digits among each other. */
static bool is_base64(const mk_line *line)
{
    const mk_features *f = &line->features;
    const mk_str s = line->trimmed;
    unsigned upper = 0, lower = 0;
    if (f->n_digits + f->n_latin < MIN_HEX || f->n_arabic > 0 || f->n_digits < MIN_HEX_DIGITS)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        upper += c >= 'A' && c <= 'Z';
        lower += c >= 'a' && c <= 'z';
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              c == '+' || c == '/' || (c == '=' && i + 2 >= s.len)))
            return false;
    }
    return s.len % 4 == 0 && upper >= MIN_HEX_DIGITS && lower >= MIN_HEX_DIGITS;
}

/* "{{ article.date }}": what a script should have filled in. */
static bool is_template(const mk_line *line)
{
    const mk_str s = line->trimmed;
    return s.len > 4 && line->features.n_arabic == 0 && memcmp(s.ptr, "{{", 2) == 0 &&
           memcmp(s.ptr + s.len - 2, "}}", 2) == 0;
}

/* "كود: تحديد الكل": what forums write over code. */
static bool is_code_label(const mk_line *line)
{
    static const char *const words[] = {"كود", "الكود", "شيفرة", "الرمز", "code"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        const size_t n = strlen(words[i]);
        if (line->trimmed.len > n && memcmp(line->trimmed.ptr, words[i], n) == 0 &&
            line->features.n_words <= CODE_WORDS &&
            memchr(line->trimmed.ptr + n, ':', line->trimmed.len - n))
            return true;
    }
    return false;
}

/* True if the text over line i leads to code: its last line in Arabic ends in a colon or
 * names something in Latin letters, or is the label of code. */
static bool is_led_to(mk_edit *edit, size_t i)
{
    enum { REACH = 8 /* lines of code between */ };
    for (int k = 0; k < REACH && (i = mk_edit_prev(edit, i)) != SIZE_MAX; k++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.n_arabic > 0)
            return is_code_label(line) || (!line->marks && (line->features.end == MK_END_COLON ||
                                                            line->features.n_latin > 0));
    }
    return false;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_FOREIGN); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_FOREIGN))
        if (is_underscores(mk_edit_line(edit, i)))
            mk_edit_mark(edit, i,
                         (mk_mark){.rule = SCRIPT,
                                   .effect = MK_EFFECT_WITHIN,
                                   .strength = MK_STRONG,
                                   .cover = 100,
                                   .evidence = MK_STR("underscores alone")});
        else if (is_bars(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, SCRIPT, MK_STRONG, MK_STR("bars alone"));
        else if (is_escapes(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, SCRIPT, MK_CERTAIN, MK_STR("escapes of letters"));
        else if (is_attribute(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, SCRIPT, MK_CERTAIN, MK_STR("an attribute of a tag"));
        else if (is_identifier(mk_edit_line(edit, i)) && !is_led_to(edit, i))
            mk_edit_accuse(edit, i, CACHE, MK_STRONG, MK_STR("an identifier in hexadecimal"));
        else if (is_base64(mk_edit_line(edit, i)) && !is_led_to(edit, i))
            mk_edit_accuse(edit, i, CACHE, MK_STRONG, MK_STR("bytes in base 64"));
        else if (is_template(mk_edit_line(edit, i)))
            mk_edit_accuse(edit, i, LOADING, MK_CERTAIN,
                           MK_STR("a template that nobody filled in"));
        else if (is_debris(mk_edit_line(edit, i)) && !is_led_to(edit, i))
            mk_edit_accuse(edit, i, SCRIPT, MK_STRONG, MK_STR("signs of code, no Arabic"));
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("markers"), {0}};

const mk_filter mk_filter_markers = {
    .abi = MK_FILTER_ABI,
    .name = "markers",
    .summary = "cache and debug markers, leaked scripts, placeholders",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
