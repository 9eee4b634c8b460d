/* match.c: see match.h for what, lexicon.h for what the anchors mean.
 * Cases: tests/doc/test_match.c. */
#include "doc/match.h"

#include <stdlib.h>

#include "base/simd.h"
#include "doc/fold.h"
#include "doc/index.h"
#include "doc/words.h"
#include "text/screen.h"

enum {
    MAX_WORDS_PREFIX = 16, /* words: a longer line that begins with a phrase is prose */
    MAX_WORDS_LABEL = 25,  /* so is one after a weak phrase and a colon */
    MAX_ROW = 500,         /* folded bytes: a row of labels is not longer */
    MENU_LABELS = 4,       /* of a row: a menu, whatever one of them may head alone */
    AHEAD = 32             /* lines that are folded before their phrases are looked for */
};

struct mk_matcher {
    const mk_lexicon **lexicons; /* by their number */
    mk_index *index;
    /* A line longer than `whole` can match at its ends alone: no phrase covers
     * enough of it. Of such a line `head` and `tail` bytes are read. */
    size_t whole, head, tail;
    bool simd;
};

/* ---- building ---- */

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

mk_err mk_matcher_new(mk_lexicon *const *lexicons, size_t n, mk_matcher **ret, mk_error *reterr)
{
    mk_matcher *m = calloc(1, sizeof(*m));
    if (!m)
        goto nomem;
    m->lexicons = calloc(n + 1, sizeof(*m->lexicons));
    if (!m->lexicons)
        goto nomem;
    m->simd = mk_has_simd();
    m->whole = MAX_ROW;
    for (size_t l = 0; l < n; l++) {
        lexicons[l]->number = (uint16_t)l;
        m->lexicons[l] = lexicons[l];
        m->whole = larger(lexicons[l]->reach.whole, m->whole);
        m->head = larger(lexicons[l]->reach.head, m->head);
        m->tail = larger(lexicons[l]->reach.tail, m->tail);
    }
    m->index = mk_index_new(m->lexicons, n);
    if (!m->index)
        goto nomem;
    *ret = m;
    return MK_OK;
nomem:
    mk_matcher_free(m);
    return mk_fail(reterr, MK_NOMEM, "out of memory for the phrases of %zu lexicons", n);
}

void mk_matcher_free(mk_matcher *matcher)
{
    if (!matcher)
        return;
    free(matcher->lexicons);
    mk_index_free(matcher->index);
    free(matcher);
}

mk_anchor mk_matcher_anchor(const mk_matcher *matcher, const mk_hit *hit)
{
    return (mk_anchor)matcher->lexicons[hit->lexicon]->entries[hit->entry].anchor;
}

/* ---- matching ---- */

static void find_all(const mk_matcher *m, mk_str folded, mk_finds *ret)
{
    if (folded.len <= m->whole || folded.len <= m->head + m->tail) {
        mk_index_find(m->index, folded, 0, folded.len, ret);
    } else {
        mk_index_find(m->index, folded, 0, m->head, ret);
        mk_index_find(m->index, folded, folded.len - m->tail, folded.len, ret);
    }
}

static bool ends_word(mk_str folded, uint32_t at)
{
    return at == folded.len || folded.ptr[at] == ' ';
}

/* The line's first and last folded byte but for one number at each end. */
static void inner(mk_str folded, uint32_t *from, uint32_t *to)
{
    *from = folded.len > 2 && folded.ptr[0] == '0' && folded.ptr[1] == ' ' ? 2 : 0;
    const size_t n = folded.len;
    *to = (uint32_t)(n > 2 && folded.ptr[n - 1] == '0' && folded.ptr[n - 2] == ' ' ? n - 2 : n);
}

/* True if the sign stands in the line after folded byte `at`, spaces between. */
static bool sign_follows(const mk_line *line, uint32_t at, char sign)
{
    /* the last letter of the phrase, then marks and signs up to the next letter */
    const size_t from = mk_fold_offset(line->seen, at - 1);
    const size_t to = at < line->folded.len ? mk_fold_offset(line->seen, at + 1) : line->seen.len;
    return memchr(line->seen.ptr + from, sign, to - from) != NULL;
}

/* True if an opening bracket stands in the line before folded byte `at`. */
static bool bracket_precedes(const mk_line *line, uint32_t at, char bracket)
{
    const size_t from = at > 1 ? mk_fold_offset(line->seen, at - 2) : 0;
    const size_t to = mk_fold_offset(line->seen, at);
    return memchr(line->seen.ptr + from, bracket, to - from) != NULL;
}

/* True if the last sign before folded byte `at`, spaces and dashes skipped, ends a
 * sentence. */
static bool sentence_ends_before(const mk_line *line, uint32_t at)
{
    static const uint32_t ends[] = {'.', '!',  '?',    0x061F, 0x2026, 0x06D4,
                                    '"', 0xBB, 0x201D, ')',    ']'};
    size_t i = mk_fold_offset(line->seen, at);
    for (uint32_t cp; (cp = mk_utf8_prev(line->seen, &i)) != MK_CP_NONE;) {
        if (mk_is_space(cp) || cp == '-' || cp == '|' || cp == '_' || cp == '*' || cp == '/' ||
            cp == '(' || cp == 0x2022 || cp == 0x2013 || cp == 0xAB || mk_is_invisible(cp))
            continue;
        for (size_t k = 0; k < sizeof(ends) / sizeof(*ends); k++)
            if (cp == ends[k])
                return true;
        return false;
    }
    return false;
}

static bool is_at_start(const mk_line *line, uint32_t from)
{
    return from == 0 || (from == 1 && line->folded.ptr[0] != '0') ||
           (from == 2 && line->folded.ptr[0] == '0');
}

/* Linear in the phrase, not in the line: there may be as many finds as words. */
static unsigned cover_of(const mk_line *line, uint32_t from, uint32_t to)
{
    /* one space between two words, none elsewhere */
    const size_t all = line->folded.len + 1 - line->features.n_words;
    size_t part = to - from;
    for (uint32_t i = from; i < to; i += MK_WORDS_BLOCK) {
        const uint32_t spaces = mk_spaces_of(line->folded.ptr + i);
        const uint32_t left = to - i;
        part -= (unsigned)__builtin_popcount(
            left < MK_WORDS_BLOCK ? spaces & ((UINT32_C(1) << left) - 1) : spaces);
    }
    return (unsigned)(part * 100 / all);
}

/* Do the conditions of the phrase's anchor hold? Pieces are for rows alone. */
static bool anchor_holds(const mk_line *line, const mk_find *f)
{
    const mk_str folded = line->folded;
    uint32_t from, to;
    inner(folded, &from, &to);
    switch ((mk_anchor)f->entry->anchor) {
    case MK_ANCHOR_WHOLE:
        if (!((f->from <= from || (f->from == from + 1 && folded.ptr[from] != ' ')) && f->to >= to))
            return false;
        break;
    case MK_ANCHOR_PREFIX:
        if (!is_at_start(line, f->from))
            return false;
        if (f->entry->strength != MK_CERTAIN &&
            (line->features.n_words > MAX_WORDS_PREFIX || line->features.end == MK_END_STOP) &&
            (!sign_follows(line, f->to, ':') ||
             (f->entry->strength == MK_WEAK && line->features.n_words > MAX_WORDS_LABEL)))
            return false;
        break;
    case MK_ANCHOR_SUFFIX:
        if (f->to < to)
            return false;
        break;
    case MK_ANCHOR_ANY:
        if (cover_of(line, f->from, f->to) < f->entry->cover)
            return false;
        break;
    case MK_ANCHOR_GLUED:
        if (f->from == 0 || !sentence_ends_before(line, f->from))
            return false;
        break;
    case MK_ANCHOR_INSIDE:
        break;
    case MK_ANCHOR_PIECE:
        return false;
    }
    if (f->entry->bracket && !bracket_precedes(line, f->from, f->entry->bracket))
        return false;
    return f->entry->sign == '\0' || sign_follows(line, f->to, f->entry->sign);
}

/* ---- rows of labels ---- */

/* The best way to cover the line up to a place. */
typedef struct cover {
    uint16_t pieces; /* labels used; 0: only numbers and spaces */
    bool reached;
    bool number;  /* a number was used */
    int32_t last; /* the find that ends here, -1: none */
} cover;

/* The ways to all places of a line. */
typedef struct row {
    cover covers[MAX_ROW + 1];
    size_t farthest; /* place that is reached */
} row;

/* to is reached over from, which was. */
static void reach(row *r, size_t from, size_t to, bool number, int32_t last)
{
    const uint16_t pieces = (uint16_t)(r->covers[from].pieces + (last >= 0));
    for (; r->farthest < to; r->farthest++)
        r->covers[r->farthest + 1].reached = false;
    cover *c = &r->covers[to];
    if (c->reached && c->pieces <= pieces) /* fewer pieces are longer ones */
        return;
    *c = (cover){pieces, true, r->covers[from].number || number, last};
}

/* Bytes of the one-letter word (a conjunction) at `at`, 0 if there is none. */
static size_t lone_letter(mk_str folded, size_t at)
{
    return (at == 0 || folded.ptr[at - 1] == ' ') && ends_word(folded, (uint32_t)at + 1) ? 1 : 0;
}

/* True if a's entry says more of a row than b's. */
static bool is_stronger(const mk_find *a, const mk_find *b)
{
    if (!b || a->entry->effect != b->entry->effect)
        return !b || a->entry->effect > b->entry->effect;
    if (a->entry->strength != b->entry->strength)
        return a->entry->strength > b->entry->strength;
    return a->to - a->from > b->to - b->from;
}

/* The strongest find of the row that ends at the line's end: for its rule. The head of a list
 * is none among the labels of a menu. */
static const mk_find *row_head(const cover *covers, const mk_finds *f, size_t end, bool *ret_weak)
{
    const mk_find *head = NULL, *plain = NULL; /* of those that open nothing */
    bool same = true;                          /* one word again and again is speech, not a menu */
    unsigned n = 0;
    for (size_t at = end; at > 0;) {
        const int32_t last = covers[at].last;
        if (last < 0) {
            at--;
            continue;
        }
        const mk_find *item = &f->items[last];
        n++;
        same &= !head || head->entry == item->entry;
        if (is_stronger(item, head))
            head = item;
        if (item->entry->effect != MK_EFFECT_OPENS && is_stronger(item, plain))
            plain = item;
        at = item->from;
    }
    if (n >= MENU_LABELS && head->entry->effect == MK_EFFECT_OPENS && plain)
        head = plain;
    *ret_weak = head && head->entry->strength == MK_WEAK && n < 3;
    return same && n > 1 ? NULL : head;
}

/* Labels of one line may be glued to one another, very short ones may not: "ad"
 * and "am" are no row in "Adam". */
static bool may_be_piece(const mk_line *line, const mk_find *f)
{
    if (f->entry->anchor != MK_ANCHOR_PIECE && f->entry->anchor != MK_ANCHOR_WHOLE)
        return false;
    const bool word = (f->from == 0 || line->folded.ptr[f->from - 1] == ' ') &&
                      ends_word(line->folded, f->to);
    if (!word && f->to - f->from < MK_INDEX_GLUED)
        return false;
    return f->entry->sign == '\0' || sign_follows(line, f->to, f->entry->sign);
}

/* Goes on from a place over the labels that begin there, the longest first; of equals
 * the last of the files. */
static void reach_labels(const mk_matcher *m, const mk_line *line, row *r, size_t at, mk_finds *f)
{
    const size_t first = f->n;
    mk_index_labels(m->index, line->folded, at, f);
    for (size_t i = f->n; i-- > first;)
        if (may_be_piece(line, &f->items[i]))
            reach(r, at, f->items[i].to, false, (int32_t)i);
}

/* If pieces and whole-line phrases cover the line, two or more of them or one
 * and a number, the find whose rule speaks for the row; else NULL. A row of
 * weak labels is weak unless there are three of them. */
static const mk_find *find_row(const mk_matcher *m, const mk_line *line, mk_finds *f,
                               bool *ret_weak)
{
    const mk_str folded = line->folded;
    row r;
    if (folded.len == 0 || folded.len > MAX_ROW)
        return NULL;
    r.covers[0] = (cover){.reached = true, .last = -1};
    r.farthest = 0;
    for (size_t at = 0; at < folded.len && at <= r.farthest; at++) {
        if (!r.covers[at].reached)
            continue;
        if (folded.ptr[at] == ' ' || folded.ptr[at] == '0' || lone_letter(folded, at))
            reach(&r, at, at + 1, folded.ptr[at] == '0', -1);
        reach_labels(m, line, &r, at, f);
    }
    const cover end = r.covers[folded.len];
    if (r.farthest < folded.len || !end.reached || end.pieces == 0 ||
        (end.pieces == 1 && !end.number))
        return NULL;
    return row_head(r.covers, f, folded.len, ret_weak);
}

/* The end of the longest label that stands as whole words at `at`; 0 if there is none. */
static size_t label_end(const mk_matcher *m, mk_str folded, size_t at, mk_finds *f)
{
    size_t end = 0;
    f->n = 0;
    mk_index_labels(m->index, folded, at, f);
    for (size_t i = 0; i < f->n; i++)
        if (f->items[i].to > end && ends_word(folded, f->items[i].to))
            end = f->items[i].to;
    return end;
}

bool mk_line_labels(const mk_matcher *matcher, const mk_line *line, mk_arena *arena,
                    unsigned *ret_labels, unsigned *ret_words)
{
    mk_finds f = {.arena = arena};
    const mk_str folded = line->folded;
    size_t end = 0; /* of the last label */
    *ret_labels = *ret_words = 0;
    for (size_t at = 0;;) {
        const mk_str word = mk_word_next(folded, &at);
        if (word.len == 0)
            return !f.failed;
        if (*word.ptr == '0')
            continue;
        const size_t from = (size_t)(word.ptr - folded.ptr);
        if (from >= end)
            end = label_end(matcher, folded, from, &f);
        if (from >= end && (unsigned char)*word.ptr == MK_FOLD_WAW)
            end = label_end(matcher, folded, from + 1, &f);
        ++*ret_words;
        *ret_labels += from < end;
    }
}

/* ---- a line ---- */

static mk_hit hit_of(const mk_line *line, const mk_find *f)
{
    return (mk_hit){
        .lexicon = f->lexicon,
        .entry = f->number,
        .from = f->from,
        .to = f->to,
        .cover = (uint8_t)cover_of(line, f->from, f->to),
        .strength = f->entry->strength,
    };
}

static mk_hit hit_of_row(const mk_line *line, const mk_find *f, bool weak)
{
    return (mk_hit){
        .lexicon = f->lexicon,
        .entry = f->number,
        .to = (uint32_t)line->folded.len,
        .cover = 100,
        .strength = weak ? MK_WEAK : MK_STRONG,
        .composite = true,
    };
}

static bool find_hits(const mk_matcher *m, mk_line *line, mk_arena *arena)
{
    mk_finds f = {.arena = arena}, labels = {.arena = arena};
    uint32_t n = 0;
    bool whole = false, weak = false;
    find_all(m, line->folded, &f);
    for (size_t i = 0; i < f.n; i++) {
        if (!anchor_holds(line, &f.items[i]))
            continue;
        whole |= f.items[i].entry->anchor == MK_ANCHOR_WHOLE;
        f.items[n++] = f.items[i];
    }
    const mk_find *labelled = whole ? NULL : find_row(m, line, &labels, &weak);
    if (f.failed || labels.failed)
        return false;
    if (n == 0 && !labelled)
        return true;
    mk_hit *hits = mk_arena_room(arena, (n + 1) * sizeof(*hits));
    if (!hits)
        return false;
    for (uint32_t i = 0; i < n; i++)
        hits[i] = hit_of(line, &f.items[i]);
    if (labelled)
        hits[n++] = hit_of_row(line, labelled, weak);
    line->hits = hits;
    line->n_hits = n;
    return true;
}

_Static_assert((int)MK_INDEX_PAD >= (int)MK_FOLD_PAD, "room behind a folded line");

/* The line folded, with its features. False if out of memory. */
static bool fold_line(const mk_matcher *m, mk_line *line, mk_arena *arena)
{
    char *const folded = mk_arena_bytes(arena, 2 * line->text.len + MK_INDEX_PAD);
    if (!folded)
        return false;
    line->seen = line->text.ptr ? line->text : (mk_str){"", 0};
    line->trimmed = mk_str_trim(line->seen);
    line->folded.len = mk_fold_fast(line->trimmed, m->simd, folded, &line->features);
    memset(folded + line->folded.len, ' ', MK_INDEX_PAD);
    line->folded.ptr = folded;
    line->hits = NULL; /* those of an earlier text */
    line->n_hits = 0;
    return true;
}

bool mk_line_scan(const mk_matcher *matcher, mk_line *line, mk_arena *arena)
{
    if (mk_line_is_scanned(line))
        return true;
    return fold_line(matcher, line, arena) && find_hits(matcher, line, arena);
}

/* What a line's first words are asked for lies far apart in tables that are larger than
 * the caches near the processor. So some lines are folded, and all that they ask for is
 * on its way while it is asked for one line after the other. */
bool mk_lines_scan(const mk_matcher *matcher, mk_line *lines, size_t n, mk_arena *arena)
{
    for (size_t from = 0; from < n; from += AHEAD) {
        mk_line *ahead[AHEAD];
        size_t n_ahead = 0;
        for (size_t i = from; i < n && i < from + AHEAD; i++) {
            if (lines[i].gone || mk_line_is_scanned(&lines[i]))
                continue;
            if (!fold_line(matcher, &lines[i], arena))
                return false;
            mk_index_prefetch(matcher->index, lines[i].folded);
            ahead[n_ahead++] = &lines[i];
        }
        for (size_t i = 0; i < n_ahead; i++)
            if (!find_hits(matcher, ahead[i], arena))
                return false;
    }
    return true;
}
