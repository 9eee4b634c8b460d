/* glued: cuts furniture that stands on one line with text: links and calls after
 * the last sentence of an article, edit links after a heading, marks of removed
 * addresses. A tail is cut only after the end of a sentence, only where it is
 * the smaller part of the line, and only as long as it is short; what the text
 * itself says about a link stays. Cases: fixtures/filters/glued.cases */
#include "minkhal/filter.h"

enum { TAIL, INSIDE };

static const mk_rule rules[] = {
    [TAIL] = {"tail", "glued", "a call, a link or a credit after the last sentence"},
    [INSIDE] = {"inside", "glued", "an edit link or a placeholder inside the line"},
    {0},
};

enum {
    MAX_TAIL = 220 /* folded bytes: a credit and a headline, or a short code */
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

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_phrases *phrases = config;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        if (mk_edit_line(edit, i)->n_hits > 0)
            cut_line(edit, i, phrases->lexicon);
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
