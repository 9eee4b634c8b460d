/* evidence.c: phrases found in lines as accusations: what every evidence filter
 * with a lexicon does. */
#include <assert.h>

#include "doc/edit.h"
#include "doc/fold.h"

_Static_assert(offsetof(mk_lexicon, number) == 0, "what filter.h says of a lexicon");
_Static_assert(MK_MAX_STEPS <= 64, "a bit for each lexicon of a chain");

enum { MAX_TAIL = 400 /* bytes: what is asked about is a credit, not a text */ };

static const char anchor_signs[][3] = {"= ", "^ ", "$ ", "~ ", "+ ", "> ", "- "};

unsigned mk_hit_rule(const mk_hit *hit, const mk_lexicon *lexicon)
{
    return lexicon->entries[hit->entry].rule;
}

/* "= phrase (lexicon.txt:12)". By hand: each hit of each page has one. */
mk_str mk_hit_evidence(mk_edit *edit, const mk_hit *hit, const mk_lexicon *lexicon)
{
    const mk_entry *entry = &lexicon->entries[hit->entry];
    const mk_str anchor = hit->composite ? MK_STR("row of labels with ")
                                         : (mk_str){anchor_signs[entry->anchor], 2};
    char digits[10], *first = digits + sizeof(digits);
    uint32_t line = entry->line;
    do
        *--first = (char)('0' + line % 10);
    while ((line /= 10) > 0);
    const mk_str parts[] = {anchor,
                            mk_entry_phrase(lexicon, entry),
                            MK_STR(" ("),
                            mk_str_of(lexicon->name),
                            MK_STR(".txt:"),
                            {first, (size_t)(digits + sizeof(digits) - first)},
                            entry->file > 0 ? MK_STR(", added)") : MK_STR(")")};
    enum { N_PARTS = sizeof(parts) / sizeof(*parts) };
    size_t len = 0;
    for (size_t i = 0; i < N_PARTS; i++)
        len += parts[i].len;
    char *const text = mk_arena_bytes(edit->arena, len);
    if (!text) {
        edit->nomem = true;
        return (mk_str){NULL, 0};
    }
    char *to = text;
    for (size_t i = 0; i < N_PARTS; i++) {
        memcpy(to, parts[i].ptr, parts[i].len);
        to += parts[i].len;
    }
    return (mk_str){text, len};
}

unsigned mk_edit_labels(mk_edit *edit, size_t i, unsigned *ret_words)
{
    unsigned n = 0;
    if (!mk_line_labels(edit->matcher, mk_edit_line(edit, i), edit->arena, &n, ret_words))
        edit->nomem = true;
    return n;
}

/* Gathers the hits of all lines that are kept, which are scanned. */
static void gather_hits(mk_edit *edit)
{
    const mk_doc *doc = edit->doc;
    size_t n = 0;
    for (size_t i = 0; i < doc->n_lines; i++) {
        n += doc->lines[i].gone ? 0 : doc->lines[i].n_hits;
        if (mk_line_is_scanned(&doc->lines[i]))
            mk_edit_take_traits(edit, i);
    }
    mk_line_hit *const hits = n > 0 ? mk_edit_scratch(edit, n * sizeof(*hits)) : NULL;
    edit->hits = hits;
    edit->n_hits = 0;
    edit->lexicons = 0;
    for (size_t i = 0; i < doc->n_lines && hits; i++) {
        const mk_line *line = &doc->lines[i];
        if (!(edit->traits[i] & MK_TRAIT_HITS))
            continue;
        for (uint32_t h = 0; h < line->n_hits && !line->gone; h++) {
            edit->lexicons |= UINT64_C(1) << line->hits[h].lexicon;
            hits[edit->n_hits++] = (mk_line_hit){&line->hits[h], i};
        }
    }
}

/* Scans all lines, once. */
bool mk_edit_holds(mk_edit *edit, const mk_lexicon *lexicon)
{
    if (!edit->lexicons_known) {
        if (!mk_lines_scan(edit->matcher, edit->doc->lines, edit->doc->n_lines, edit->arena))
            edit->nomem = true;
        gather_hits(edit);
        edit->lexicons_known = true;
    }
    return edit->lexicons >> lexicon->number & 1;
}

mk_err mk_phrases_apply(const void *config, mk_edit *edit)
{
    const mk_phrases *phrases = config;
    const mk_lexicon *lexicon = phrases->lexicon;
    edit->accusing |= UINT64_C(1) << lexicon->number;
    if (!mk_edit_holds(edit, lexicon))
        return MK_OK;
    for (size_t k = 0; k < edit->n_hits; k++) {
        const mk_hit *hit = edit->hits[k].hit;
        const size_t i = edit->hits[k].line;
        if (!mk_hit_is_of(hit, lexicon) || edit->doc->lines[i].gone)
            continue;
        const mk_entry *entry = &lexicon->entries[hit->entry];
        if (entry->anchor == MK_ANCHOR_INSIDE)
            continue; /* what it means is the filter's affair */
        mk_edit_mark(edit, i,
                     (mk_mark){.evidence = mk_hit_evidence(edit, hit, lexicon),
                               .from = hit->from,
                               .to = hit->to,
                               .rule = entry->rule,
                               .strength = hit->strength,
                               .effect = entry->effect,
                               .cover = hit->cover});
    }
    return MK_OK;
}

bool mk_edit_would_accuse(mk_edit *edit, mk_str text, unsigned cover)
{
    mk_line line = {.text = text};
    if (!mk_line_scan(edit->matcher, &line, edit->arena)) {
        edit->nomem = true;
        return false;
    }
    for (uint32_t h = 0; h < line.n_hits; h++) {
        const mk_hit *hit = &line.hits[h];
        if (edit->accusing >> hit->lexicon & 1 && hit->strength >= MK_STRONG &&
            (hit->composite || hit->cover >= cover) &&
            mk_matcher_anchor(edit->matcher, hit) != MK_ANCHOR_INSIDE)
            return true;
    }
    for (size_t k = 0; k < edit->n_judges; k++)
        if (edit->judges[k].says(&line, edit->judges[k].lexicon))
            return true;
    return false;
}

void mk_edit_judge(mk_edit *edit, const mk_lexicon *lexicon, mk_judge_fn *says)
{
    assert(edit->n_judges < MK_MAX_JUDGES);
    edit->judges[edit->n_judges++] = (mk_judge){says, lexicon};
}

const mk_mark *mk_line_best_mark(const mk_line *line, mk_strength at_least)
{
    const mk_mark *best = NULL;
    for (const mk_mark *m = line->marks; m; m = m->next)
        if (m->strength >= at_least && (!best || m->strength > best->strength ||
                                        (m->strength == best->strength && m->cover >= best->cover)))
            best = m;
    return best;
}

bool mk_lexicon_ends(const mk_lexicon *lexicon, mk_str text, unsigned rule, size_t *ret_entry)
{
    char folded[2 * MAX_TAIL];
    if (text.len > MAX_TAIL)
        return false;
    const size_t n = mk_fold(text, folded, NULL);
    for (size_t i = 0; i < lexicon->n_entries && n > 0; i++) {
        const mk_str phrase = mk_entry_folded(lexicon, &lexicon->entries[i]);
        if (lexicon->entries[i].rule != rule || phrase.len > n ||
            phrase.ptr[phrase.len - 1] != folded[n - 1] ||
            memcmp(folded + n - phrase.len, phrase.ptr, phrase.len) != 0 ||
            (phrase.len < n && folded[n - phrase.len - 1] != ' '))
            continue;
        *ret_entry = i;
        return true;
    }
    return false;
}
