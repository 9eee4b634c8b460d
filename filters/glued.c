/* glued: cuts furniture that stands on one line with text, behind it or inside: links and
 * calls after the last sentence of an article, edit links after a heading, marks of removed
 * addresses. A tail is cut only after the end of a sentence, only where it is
 * the smaller part of the line, and only as long as it is short; what the text
 * itself says about a link stays. What stands behind the last sentence goes where it would go
 * as a line of its own, and so do heads of links that are fused with a headline, and three
 * names of buttons. What stands before the first words is for leads. Cases:
 * fixtures/filters/glued.cases */
#include <string.h>

#include "minkhal/filter.h"

enum { TAIL, INSIDE };

static const mk_rule rules[] = {
    [TAIL] = {"tail", "glued", "a call, a link or a credit after the last sentence"},
    [INSIDE] = {"inside", "glued", "an edit link or a placeholder inside the line"},
    {0},
};

enum {
    MAX_RESTS = 3,     /* sentences that are furniture, from the last one on */
    MAX_TAIL = 220,    /* folded bytes: a credit and a headline, or a short code */
    TEXT_WORDS = 8,    /* words of a line that holds text */
    MIN_NAMES = 3,     /* of buttons, in a row */
    NAME_TOKENS = 2,   /* of one */
    LAST_LINES = 12,   /* of the page, which may end in one */
    MAX_REST = 160,    /* bytes behind the last sentence */
    MAX_LINK = 440,    /* bytes of a link and its headlines */
    ANSWER_BYTES = 24, /* behind a question: yes and no */
    REST_COVER = 40    /* percent of what follows the last sentence that a phrase covers */
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
        /* in what was seen: up to `end` the text is still the same */
        const size_t from = skip_joints(line->seen, mk_line_offset(line, hit->from));
        const size_t to = rule == TAIL ? end
                                       : skip_bracket(line->seen, mk_line_end_of(line, hit->to));
        if (from == 0 || to > end || from >= to || (rule == TAIL && !is_short_tail(line, hit)))
            continue;
        mk_edit_replace(edit, i, from, to - from, MK_STR(""), rule,
                        mk_hit_evidence(edit, hit, lexicon));
        end = from;
    }
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

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_phrases *phrases = config;
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_HITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_HITS))
        cut_line(edit, i, phrases->lexicon);
    size_t i = mk_edit_prev(edit, mk_edit_doc(edit)->n_lines);
    for (unsigned k = 0; i != SIZE_MAX; i = mk_edit_prev(edit, i), k++) {
        const mk_features *f = &mk_edit_line(edit, i)->features;
        if (f->n_words < TEXT_WORDS || f->end == MK_END_STOP)
            continue;
        if (k < LAST_LINES && f->end == MK_END_NONE)
            cut_buttons(edit, i);
        if (f->n_stops > 0) {
            cut_link(edit, i);
            cut_rest(edit, i);
        }
    }
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
