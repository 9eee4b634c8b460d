/* glued: cuts furniture that stands on one line with text: links and calls after
 * the last sentence of an article, edit links after a heading, marks of removed
 * addresses. A tail is cut only after the end of a sentence, only where it is
 * the smaller part of the line, and only as long as it is short; what the text
 * itself says about a link stays. Buttons before the first words of a paragraph are cut
 * where two stand there, or one that is nothing else, and three behind the last sentence of one of the last lines. A date and a dash before the first words of the text
 * are cut where no other line begins so. Cases: fixtures/filters/glued.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { TAIL, INSIDE, DATE, LEAD };

static const mk_rule rules[] = {
    [TAIL] = {"tail", "glued", "a call, a link or a credit after the last sentence"},
    [INSIDE] = {"inside", "glued", "an edit link or a placeholder inside the line"},
    [DATE] = {"date", "glued", "a date, and who wrote when, before the first words of the text"},
    [LEAD] = {"lead", "glued", "buttons and labels of ads before the first words of a paragraph"},
    {0},
};

enum {
    MAX_RESTS = 3,    /* sentences that are furniture, from the last one on */
    MAX_TAIL = 220,   /* folded bytes: a credit and a headline, or a short code */
    DATE_TOKENS = 14, /* of a date with a clock, its author and place in front */
    DATE_WORDS = 4,   /* tokens before the year where there is no clock: a day and a month */
    TEXT_WORDS = 8,   /* words behind the date, or the buttons */
    MAX_BUTTONS = 16,
    MIN_NAMES = 3,     /* of buttons, in a row */
    NAME_TOKENS = 2,   /* of one */
    LAST_LINES = 12,   /* of the page, which may end in one */
    MAX_REST = 160,    /* bytes behind the last sentence */
    MAX_LINK = 440,    /* bytes of a link and its headlines */
    ANSWER_BYTES = 24, /* behind a question: yes and no */
    STAMP_BYTES = 40,  /* of a day and a clock in brackets */
    STAMP_DIGITS = 8,
    REST_COVER = 40 /* percent of what follows the last sentence that a phrase covers */
};

/* Where the blanks and signs before `at` begin that would be left over. */
static size_t skip_joints(mk_str text, size_t at)
{
    for (size_t i = at; i > 0;) {
        const uint32_t cp = mk_utf8_prev(text, &i);
        if (!mk_is_space(cp) && !mk_is_invisible(cp) && cp != '-' && cp != '|' && cp != '_' &&
            cp != '*' && cp != '/' && cp != '(' && cp != '[' && cp != 0x2022 && cp != 0x2013)
            break;
        at = i;
    }
    return at;
}

/* The end of what stands in brackets around a phrase that ends at `at`. */
static size_t skip_bracket(mk_str text, size_t at)
{
    size_t i = at;
    while (i < text.len && text.ptr[i] == ' ')
        i++;
    return i < text.len && (text.ptr[i] == ']' || text.ptr[i] == ')') ? i + 1 : at;
}

static bool is_short_tail(const mk_line *line, const mk_hit *hit)
{
    const size_t rest = line->folded.len - hit->from;
    return rest <= MAX_TAIL && rest * 2 <= line->folded.len;
}

/* The end in the text of the folded letter before `at`, its marks with it. */
static size_t end_of_letter(const mk_line *line, uint32_t at)
{
    size_t i = mk_line_offset(line, at - 1);
    mk_utf8_next(line->seen, &i);
    while (mk_is_arabic_mark(mk_utf8_peek(line->seen, i)))
        mk_utf8_next(line->seen, &i);
    return i;
}

/* Hits come from left to right: cut the last first, so that offsets stay. */
static void cut_line(mk_edit *edit, size_t i, const mk_lexicon *lexicon)
{
    const mk_line *line = mk_edit_line(edit, i);
    size_t end = line->text.len; /* what follows is cut already */
    for (uint32_t h = line->n_hits; h-- > 0;) {
        const mk_hit *hit = &line->hits[h];
        if (!mk_hit_is_of(hit, lexicon) || hit->composite)
            continue;
        const unsigned rule = mk_hit_rule(hit, lexicon);
        if (rule == LEAD)
            continue;
        /* in what was seen: up to `end` the text is still the same */
        const size_t from = skip_joints(line->seen, mk_line_offset(line, hit->from));
        const size_t to = rule == TAIL ? end
                                       : skip_bracket(line->seen, end_of_letter(line, hit->to));
        if (from == 0 || to > end || from >= to || (rule == TAIL && !is_short_tail(line, hit)))
            continue;
        mk_edit_replace(edit, i, from, to - from, MK_STR(""), rule,
                        mk_hit_evidence(edit, hit, lexicon));
        end = from;
    }
}

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

/* ---- buttons before the first words ---- */

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
        if (hit->from == from && mk_hit_is_of(hit, lexicon) && mk_hit_rule(hit, lexicon) == LEAD &&
            (!best || hit->to > best->to))
            best = hit;
    }
    return best;
}

/* Where the text begins behind the buttons that the line begins with: two of them, or one that
 * is nothing else; 0: there are none. */
static size_t end_of_lead(const mk_line *line, const mk_lexicon *lexicon)
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
    return n > 1 || sure ? skip_signs(line->seen, end_of_letter(line, end)) : 0;
}

static void cut_lead(mk_edit *edit, size_t i, const mk_lexicon *lexicon)
{
    const mk_line *line = mk_edit_line(edit, i);
    const size_t end = line->label == MK_LABEL_PROSE ? end_of_lead(line, lexicon) : 0;
    size_t at = end;
    unsigned words = 0;
    while (end > 0 && words < TEXT_WORDS && next_token(line->seen, &at).len > 0)
        words++;
    if (words == TEXT_WORDS)
        mk_edit_replace(edit, i, 0, end, MK_STR(""), LEAD, MK_STR("before the first words"));
}

/* Labels of ads that scripts put before the first letter, no blank between. */
static const char *const fused_labels[] = {"اضافة اعلان", "إضافة إعلان", "أضف إعلان",
                                           "Advertisement", "ADVERTISEMENT"};

/* Where the text begins behind such a label; 0 if there is none. What follows is a word, and
 * no ending of the label's own. */
static size_t end_of_fused(mk_str s)
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

static void cut_fused(mk_edit *edit, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const size_t end = end_of_fused(line->trimmed);
    if (end > 0 && line->features.n_words >= TEXT_WORDS)
        mk_edit_replace(edit, i, 0, (size_t)(line->trimmed.ptr - line->seen.ptr) + end, MK_STR(""),
                        LEAD, MK_STR("a label of an ad before the first letter"));
}

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
                        DATE, MK_STR("a day and a clock in brackets"));
}

/* ---- buttons after the last words ---- */

/* As rows of them read when an extractor puts them side by side, with blanks or without. */
#define NAME(text)               \
    {                            \
        (text), sizeof(text) - 1 \
    }
static const mk_str button_names[] = {
    NAME("فيسبوك"),
    NAME("فيس بوك"),
    NAME("الفيسبوك"),
    NAME("تويتر"),
    NAME("إكس"),
    NAME("اكس"),
    NAME("واتساب"),
    NAME("واتس اب"),
    NAME("واتس آب"),
    NAME("واتسآب"),
    NAME("الواتساب"),
    NAME("لينكدين"),
    NAME("لينكد إن"),
    NAME("لينكدان"),
    NAME("لينكدإن"),
    NAME("تيليجرام"),
    NAME("تليجرام"),
    NAME("تلجرام"),
    NAME("تلغرام"),
    NAME("تليغرام"),
    NAME("تيليغرام"),
    NAME("تيلقرام"),
    NAME("تلقرام"),
    NAME("بينتيريست"),
    NAME("بنترست"),
    NAME("بينترست"),
    NAME("ماسنجر"),
    NAME("مسنجر"),
    NAME("مسينجر"),
    NAME("فايبر"),
    NAME("سكايب"),
    NAME("تمبلر"),
    NAME("ريديت"),
    NAME("طباعة"),
    NAME("اطبع"),
    NAME("شارك"),
    NAME("شاركها"),
    NAME("مشاركة"),
    NAME("غرد"),
    NAME("تغريد"),
    NAME("تغريدة"),
    NAME("إيميل"),
    NAME("ايميل"),
    NAME("بريد"),
    NAME("البريد الإلكتروني"),
    NAME("البريد الالكتروني"),
    NAME("بريد إلكتروني"),
    NAME("نسخ"),
    NAME("نسخ الرابط"),
    NAME("انسخ الرابط"),
    NAME("Facebook"),
    NAME("Twitter"),
    NAME("WhatsApp"),
    NAME("Whatsapp"),
    NAME("Telegram"),
    NAME("LinkedIn"),
    NAME("Linkedin"),
    NAME("Email"),
    NAME("Print"),
    NAME("Pinterest"),
    NAME("Messenger"),
    NAME("Viber"),
    NAME("Skype"),
    NAME("Tumblr"),
    NAME("Reddit"),
    NAME("VKontakte"),
    NAME("Share"),
    NAME("Tweet"),
    NAME("Copy Link"),
    NAME("Google+"),
};

/* The bytes of the longest of them that s begins with. */
static size_t longest_name(mk_str s)
{
    size_t best = 0;
    for (size_t i = 0; i < sizeof(button_names) / sizeof(*button_names); i++) {
        const mk_str name = button_names[i];
        if (name.len > best && name.len <= s.len && name.ptr[1] == s.ptr[1] &&
            memcmp(s.ptr, name.ptr, name.len) == 0)
            best = name.len;
    }
    return best;
}

/* How many of them s is made of; 0 if of anything else. */
static unsigned count_names(mk_str s)
{
    unsigned n = 0;
    for (size_t at = 0; at < s.len;) {
        const uint32_t cp = mk_utf8_peek(s, at);
        if (mk_is_space(cp) || mk_is_invisible(cp)) {
            mk_utf8_next(s, &at);
            continue;
        }
        const size_t len = longest_name(mk_str_sub(s, at, s.len));
        if (len == 0)
            return 0;
        at += len;
        n++;
    }
    return n;
}

/* Cuts a row of buttons behind the last sentence of a line, or its last word. */
static void cut_buttons(mk_edit *edit, size_t i)
{
    const mk_str s = mk_edit_line(edit, i)->seen;
    const size_t from = s.len > MAX_TAIL ? s.len - MAX_TAIL : 0;
    const char *const stop = memrchr(s.ptr + from, '.', s.len - from);
    size_t end = stop ? (size_t)(stop - s.ptr) + 1 : 0;
    for (size_t at = s.len, misses = 0; !stop && at > from && misses < NAME_TOKENS; at--) {
        if (s.ptr[at - 1] != ' ')
            continue;
        if (count_names(mk_str_sub(s, at, s.len)) == 0) {
            misses++;
            continue;
        }
        end = at - 1;
        misses = 0;
    }
    if (end > 0 && count_names(mk_str_sub(s, end, s.len)) >= MIN_NAMES)
        mk_edit_replace(edit, i, end, s.len - end, MK_STR(""), TAIL,
                        MK_STR("buttons after the last sentence"));
}

/* The byte behind the sign that ends the last sentence but for what follows; 0: none does. */
static size_t end_of_sentences(mk_str s)
{
    const size_t from = s.len > MAX_REST ? s.len - MAX_REST : 0;
    for (size_t at = s.len; at > from + 1; at--) {
        const unsigned char c = (unsigned char)s.ptr[at - 1], before = (unsigned char)s.ptr[at - 2];
        if (at < s.len && ((c == '.' && before != '.' && s.ptr[at] != '.') || c == '!' ||
                           (c == 0x9F && before == 0xD8)))
            return at; /* two dots: the text breaks off */
    }
    return 0;
}

/* Heads of links that stand before a headline with no blank between. */
static const char *const fused_links[] = {
    "اقرأ أيضا", "اقرأ أيضاً",      "إقرأ أيضا",     "إقرأ أيضاً",     "اقرأ ايضا",
    "اقرا ايضا", "إقرأ ايضا",      "شاهد أيضا",     "شاهد أيضاً",     "طالع أيضا",
    "طالع أيضاً", "مقالات ذات صلة", "أخبار ذات صلة", "مواضيع ذات صلة"};

/* True if s begins so, and a headline follows. */
static bool begins_with_link(mk_str s)
{
    const mk_str text = mk_str_trim(s);
    for (size_t i = 0; i < sizeof(fused_links) / sizeof(*fused_links); i++) {
        const mk_str link = mk_str_of(fused_links[i]);
        if (text.len > link.len && memcmp(text.ptr, link.ptr, link.len) == 0)
            return true;
    }
    return false;
}

/* Cuts such a link behind a sentence, and what follows, where that is the smaller part. */
static void cut_link(mk_edit *edit, size_t i)
{
    const mk_str s = mk_edit_line(edit, i)->seen;
    size_t at = s.len / 2 > s.len - (s.len < MAX_LINK ? s.len : MAX_LINK) ? s.len / 2
                                                                          : s.len - MAX_LINK;
    for (; at + 1 < s.len; at++) {
        const char *const stop = memchr(s.ptr + at, '.', s.len - at - 1);
        if (!stop)
            return;
        at = (size_t)(stop - s.ptr);
        if (begins_with_link(mk_str_sub(s, at + 1, s.len))) {
            mk_edit_replace(edit, i, at + 1, s.len - at - 1, MK_STR(""), TAIL,
                            MK_STR("a link after the last sentence"));
            return;
        }
    }
}

/* Cuts what stands behind the last sentence where it would go were it a line of its own; and
 * so the sentence before it. An answer of a word or two goes with its question. */
static void cut_rest(mk_edit *edit, size_t i)
{
    const mk_str s = mk_edit_line(edit, i)->seen;
    size_t to = s.len, end = 0;
    for (int k = 0; k < MAX_RESTS; k++) {
        size_t from = end_of_sentences(mk_str_sub(s, 0, to));
        if (k == 0 && from > 0 && s.len - from <= ANSWER_BYTES) {
            const size_t before = end_of_sentences(mk_str_sub(s, 0, from));
            from = before > 0 && mk_edit_would_accuse(edit, mk_str_sub(s, before, to), REST_COVER)
                       ? before
                       : from;
        }
        const mk_str rest = mk_str_sub(s, from, to);
        if (from == 0 || mk_str_trim(rest).len == 0 || (s.len - from) * 2 > s.len ||
            !mk_edit_would_accuse(edit, rest, REST_COVER))
            break;
        to = end = from;
    }
    if (end > 0)
        mk_edit_replace(edit, i, end, s.len - end, MK_STR(""), TAIL,
                        MK_STR("furniture after the last sentence"));
}

/* ---- a date before the first words ---- */

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
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS)) {
        cut_line(edit, i, phrases->lexicon);
        cut_lead(edit, i, phrases->lexicon);
    }
    size_t i = mk_edit_prev(edit, mk_edit_doc(edit)->n_lines);
    for (unsigned k = 0; i != SIZE_MAX; i = mk_edit_prev(edit, i), k++) {
        const mk_features *f = &mk_edit_line(edit, i)->features;
        if (f->n_words < TEXT_WORDS)
            continue;
        cut_fused(edit, i);
        cut_stamp(edit, i);
        if (f->end == MK_END_STOP)
            continue;
        if (k < LAST_LINES && f->end == MK_END_NONE)
            cut_buttons(edit, i);
        if (f->n_stops > 0) {
            cut_link(edit, i);
            cut_rest(edit, i);
        }
    }
    cut_date(edit);
    return MK_OK;
}

static const mk_option options[] = {MK_PHRASES_OPTION("glued"), {0}};

const mk_filter mk_filter_glued = {
    .abi = MK_FILTER_ABI,
    .name = "glued",
    .summary = "cut furniture that stands on one line with text",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
