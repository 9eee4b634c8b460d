/* match.c: see match.h for what, lexicon.h for what the anchors mean.
 * Cases: tests/doc/test_match.c. */
#include "doc/match.h"

#include <stdlib.h>

#include "doc/fold.h"

enum {
    MAX_WORDS_PREFIX = 16, /* words: a longer line that begins with a phrase is prose */
    MAX_WORDS_LABEL = 25,  /* so is one after a weak phrase and a colon */
    MAX_ROW = 500,         /* folded bytes: a row of labels is not longer */
    MAX_TAIL = 250,        /* folded bytes after a glued phrase that matter */
    MIN_GLUED = 4          /* letters of a label that is glued to another */
};

/* The automaton's states are the beginnings of phrases, numbered breadth first: the
 * root is 0, children follow one another, and the few short ones, between which
 * nearly all steps are made, stand together at the front. Those have a row with
 * the next state for each letter; of the others only their children are known. */
enum { DEPTH_OF_ROWS = 2 /* letters */ };

typedef struct phrase {
    const mk_entry *entry;
    uint16_t lexicon, number;
} phrase;

typedef struct state {
    uint32_t fail;              /* the longest other state that it ends with */
    uint32_t child, n_children; /* states */
    uint32_t found;             /* itself if phrases end here, else the next on the way along
                                   `fail` where some do; 0: none */
    uint32_t first, n_ends;     /* the phrases that end here */
    uint32_t n_phrases;         /* all that begin so, from `first`; while building */
} state;

struct mk_matcher {
    const mk_lexicon **lexicons;
    size_t n_lexicons;
    phrase *phrases; /* in the order of their bytes; of equals in that of the files */
    uint32_t n_phrases;
    state *states;
    uint8_t *letters; /* of each state the last */
    uint32_t n_states;
    uint32_t *rows; /* n_rows * n_classes */
    uint32_t n_rows;
    uint32_t n_classes;
    uint8_t classes[MK_FOLD_CODES]; /* of a folded byte; 0: in no phrase */
    /* A line longer than `whole` can match at its ends alone: no phrase covers
     * enough of it. Of such a line `head` and `tail` bytes are read. */
    size_t whole, head, tail;
};

/* ---- building ---- */

/* Notes how much of a line an entry makes it necessary to read. */
static void measure_entry(mk_matcher *m, const mk_entry *entry)
{
    const size_t n = entry->folded.len + 2; /* a number or a waw in front */
    size_t whole = 0, tail = 0;
    switch ((mk_anchor)entry->anchor) {
    case MK_ANCHOR_ANY: /* spaces in the line come on top of its letters */
        whole = n * 100 / entry->cover * 5 / 4;
        break;
    case MK_ANCHOR_SUFFIX:
        tail = n;
        break;
    case MK_ANCHOR_GLUED:
        tail = n + MAX_TAIL;
        break;
    case MK_ANCHOR_WHOLE:
    case MK_ANCHOR_PREFIX:
    case MK_ANCHOR_PIECE:
    case MK_ANCHOR_INSIDE:
        break;
    }
    m->head = n + 2 > m->head ? n + 2 : m->head;
    m->tail = tail > m->tail ? tail : m->tail;
    m->whole = whole > m->whole ? whole : m->whole;
}

static void number_classes(mk_matcher *m, mk_lexicon *const *lexicons, size_t n)
{
    m->n_classes = 1;
    for (size_t l = 0; l < n; l++)
        for (size_t e = 0; e < lexicons[l]->n_entries; e++) {
            const mk_str folded = lexicons[l]->entries[e].folded;
            measure_entry(m, &lexicons[l]->entries[e]);
            for (size_t i = 0; i < folded.len; i++) {
                uint8_t *class = &m->classes[(uint8_t)folded.ptr[i]];
                if (*class == 0)
                    *class = (uint8_t)m->n_classes++;
            }
        }
}

static int compare_phrases(const void *left, const void *right)
{
    const phrase *a = left, *b = right;
    const int order = mk_str_cmp(a->entry->folded, b->entry->folded);
    if (order != 0)
        return order;
    if (a->lexicon != b->lexicon)
        return a->lexicon < b->lexicon ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static void sort_phrases(mk_matcher *m)
{
    for (size_t l = 0; l < m->n_lexicons; l++)
        for (size_t e = 0; e < m->lexicons[l]->n_entries; e++)
            m->phrases[m->n_phrases++] = (phrase){&m->lexicons[l]->entries[e], (uint16_t)l,
                                                  (uint16_t)e};
    qsort(m->phrases, m->n_phrases, sizeof(*m->phrases), compare_phrases);
}

static uint32_t *row_of(const mk_matcher *m, uint32_t s)
{
    return &m->rows[(size_t)s * m->n_classes];
}

/* The state after s and one more letter. */
static inline uint32_t step(const mk_matcher *m, uint32_t s, uint8_t letter)
{
    while (s >= m->n_rows) {
        const state *from = &m->states[s];
        for (uint32_t to = from->child; to < from->child + from->n_children; to++)
            if (m->letters[to] == letter)
                return to;
        s = from->fail;
    }
    return row_of(m, s)[m->classes[letter]];
}

/* Makes the children of s, which is `depth` letters long. The states before s,
 * and so all shorter ones, have theirs. */
static void add_children(mk_matcher *m, uint32_t s, size_t depth)
{
    state *from = &m->states[s];
    const uint32_t end = from->first + from->n_phrases;
    uint32_t i = from->first;
    while (i < end && m->phrases[i].entry->folded.len == depth)
        i++;
    from->n_ends = i - from->first;
    from->found = from->n_ends > 0 ? s : m->states[from->fail].found;
    from->child = m->n_states;
    while (i < end) {
        const char letter = m->phrases[i].entry->folded.ptr[depth];
        state *to = &m->states[m->n_states];
        m->letters[m->n_states++] = (uint8_t)letter;
        to->first = i;
        to->fail = s > 0 ? step(m, from->fail, (uint8_t)letter) : 0;
        while (i < end && m->phrases[i].entry->folded.ptr[depth] == letter)
            i++;
        to->n_phrases = i - to->first;
    }
    from->n_children = m->n_states - from->child;
}

/* What is no child of s is where the shorter state leads. */
static void fill_row(mk_matcher *m, uint32_t s)
{
    const state *from = &m->states[s];
    uint32_t *row = row_of(m, s);
    if (s > 0)
        memcpy(row, row_of(m, from->fail), m->n_classes * sizeof(*row));
    else
        memset(row, 0, m->n_classes * sizeof(*row));
    for (uint32_t to = from->child; to < from->child + from->n_children; to++)
        row[m->classes[m->letters[to]]] = to;
}

/* False if out of memory. */
static bool make_states(mk_matcher *m)
{
    m->n_states = 1;
    m->states[0].n_phrases = m->n_phrases;
    uint32_t s = 0;
    for (size_t depth = 0; s < m->n_states; depth++) {
        const uint32_t end = m->n_states; /* of the states of this length */
        const bool has_rows = depth <= DEPTH_OF_ROWS;
        if (has_rows) {
            uint32_t *rows = realloc(m->rows, (size_t)end * m->n_classes * sizeof(*rows));
            if (!rows)
                return false;
            m->rows = rows;
            m->n_rows = end;
        }
        for (; s < end; s++) {
            add_children(m, s, depth);
            if (has_rows)
                fill_row(m, s);
        }
    }
    return true;
}

/* Phrases share beginnings: there are fewer states than letters. */
static void shrink(mk_matcher *m)
{
    state *states = realloc(m->states, m->n_states * sizeof(*states));
    uint8_t *letters = realloc(m->letters, m->n_states);
    m->states = states ? states : m->states;
    m->letters = letters ? letters : m->letters;
}

mk_err mk_matcher_new(mk_lexicon *const *lexicons, size_t n, mk_matcher **ret, mk_error *reterr)
{
    size_t n_letters = 1, n_entries = 0;
    for (size_t l = 0; l < n; l++) {
        lexicons[l]->number = (uint16_t)l;
        n_entries += lexicons[l]->n_entries;
        for (size_t e = 0; e < lexicons[l]->n_entries; e++)
            n_letters += lexicons[l]->entries[e].folded.len;
    }
    mk_matcher *m = calloc(1, sizeof(*m));
    if (!m)
        goto nomem;
    number_classes(m, lexicons, n);
    m->whole = m->whole > MAX_ROW ? m->whole : MAX_ROW;
    m->lexicons = calloc(n + 1, sizeof(*m->lexicons));
    m->phrases = calloc(n_entries + 1, sizeof(*m->phrases));
    m->states = calloc(n_letters, sizeof(*m->states));
    m->letters = calloc(n_letters, 1);
    if (!m->lexicons || !m->phrases || !m->states || !m->letters)
        goto nomem;
    m->n_lexicons = n;
    for (size_t l = 0; l < n; l++)
        m->lexicons[l] = lexicons[l];
    sort_phrases(m);
    if (!make_states(m))
        goto nomem;
    shrink(m);
    *ret = m;
    return MK_OK;
nomem:
    mk_matcher_free(m);
    return mk_fail(reterr, MK_NOMEM, "out of memory for %zu phrases", n_entries);
}

void mk_matcher_free(mk_matcher *matcher)
{
    if (!matcher)
        return;
    free(matcher->lexicons);
    free(matcher->phrases);
    free(matcher->states);
    free(matcher->letters);
    free(matcher->rows);
    free(matcher);
}

const mk_lexicon *mk_matcher_lexicon(const mk_matcher *matcher, size_t number)
{
    return matcher->lexicons[number];
}

/* ---- matching ---- */

/* A phrase's letters found in a line, its anchor not yet asked. */
typedef struct found {
    const mk_entry *entry;
    uint16_t lexicon, number;
    uint32_t from, to;
} found;

typedef struct finds {
    found *items;
    size_t n, room;
    mk_arena *arena;
    bool failed;
} finds;

static void push(finds *f, found item)
{
    if (f->n == f->room) {
        const size_t room = f->room ? f->room * 2 : 16;
        found *items = mk_arena_alloc(f->arena, room * sizeof(*items));
        if (!items) {
            f->failed = true;
            return;
        }
        if (f->n > 0)
            memcpy(items, f->items, f->n * sizeof(*items));
        f->items = items;
        f->room = room;
    }
    f->items[f->n++] = item;
}

static void find_between(const mk_matcher *m, mk_str folded, size_t from, size_t to, finds *ret)
{
    uint32_t s = 0;
    for (size_t i = from; i < to; i++) {
        s = step(m, s, (uint8_t)folded.ptr[i]);
        for (uint32_t at = m->states[s].found; at != 0; at = m->states[m->states[at].fail].found)
            for (uint32_t k = 0; k < m->states[at].n_ends; k++) {
                const phrase *p = &m->phrases[m->states[at].first + k];
                const uint32_t end = (uint32_t)(i + 1);
                push(ret, (found){p->entry, p->lexicon, p->number,
                                  end - (uint32_t)p->entry->folded.len, end});
            }
    }
}

static void find_all(const mk_matcher *m, mk_str folded, finds *ret)
{
    if (folded.len <= m->whole || folded.len <= m->head + m->tail) {
        find_between(m, folded, 0, folded.len, ret);
    } else {
        find_between(m, folded, 0, m->head, ret);
        find_between(m, folded, folded.len - m->tail, folded.len, ret);
    }
}

static bool ends_word(mk_str folded, uint32_t at)
{
    return at == folded.len || folded.ptr[at] == ' ';
}

/* True at the start of a word, or after a waw ("and") that starts one, if the
 * phrase is long enough not to be the tail of another word. */
static bool starts_word(mk_str folded, uint32_t at, uint32_t to)
{
    if (at == 0 || folded.ptr[at - 1] == ' ')
        return true;
    return (uint8_t)folded.ptr[at - 1] == 0xA8 /* waw */ && to - at >= 6 &&
           (at == 1 || folded.ptr[at - 2] == ' ');
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
    size_t part = 0;
    for (uint32_t i = from; i < to; i++)
        part += line->folded.ptr[i] != ' ';
    return (unsigned)(part * 100 / all);
}

/* Do the conditions of the phrase's anchor hold? Pieces are for rows alone. */
static bool anchor_holds(const mk_line *line, const found *f)
{
    const mk_str folded = line->folded;
    if (!ends_word(folded, f->to) || !starts_word(folded, f->from, f->to))
        return false;
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

static void reach(cover *covers, size_t from, size_t to, bool number, int32_t last)
{
    const uint16_t pieces = (uint16_t)(covers[from].pieces + (last >= 0));
    cover *c = &covers[to];
    if (c->reached && c->pieces <= pieces) /* fewer pieces are longer ones */
        return;
    *c = (cover){pieces, true, covers[from].number || number, last};
}

/* Bytes of the one-letter word (a conjunction) at `at`, 0 if there is none. */
static size_t lone_letter(mk_str folded, size_t at)
{
    return (at == 0 || folded.ptr[at - 1] == ' ') && ends_word(folded, (uint32_t)at + 1) ? 1 : 0;
}

/* The strongest find of the row that ends at the line's end: for its rule. */
static const found *row_head(const cover *covers, const finds *f, size_t end, bool *ret_weak)
{
    const found *head = NULL;
    bool same = true; /* one word again and again is speech, not a menu */
    unsigned n = 0;
    for (size_t at = end; at > 0;) {
        const int32_t last = covers[at].last;
        if (last < 0) {
            at--;
            continue;
        }
        const found *item = &f->items[last];
        n++;
        same &= !head || head->entry == item->entry;
        if (!head || item->entry->effect > head->entry->effect ||
            (item->entry->effect == head->entry->effect &&
             (item->entry->strength > head->entry->strength ||
              (item->entry->strength == head->entry->strength &&
               item->to - item->from > head->to - head->from))))
            head = item;
        at = item->from;
    }
    *ret_weak = head && head->entry->strength == MK_WEAK && n < 3;
    return same && n > 1 ? NULL : head;
}

/* Labels of one line may be glued to one another, very short ones may not: "ad"
 * and "am" are no row in "Adam". */
static bool may_be_piece(const mk_line *line, const found *f)
{
    if (f->entry->anchor != MK_ANCHOR_PIECE && f->entry->anchor != MK_ANCHOR_WHOLE)
        return false;
    const bool word = (f->from == 0 || line->folded.ptr[f->from - 1] == ' ') &&
                      ends_word(line->folded, f->to);
    if (!word && f->to - f->from < MIN_GLUED)
        return false;
    return f->entry->sign == '\0' || sign_follows(line, f->to, f->entry->sign);
}

/* If pieces and whole-line phrases cover the line, two or more of them or one
 * and a number, the find whose rule speaks for the row; else NULL. A row of
 * weak labels is weak unless there are three of them. */
static const found *find_row(const mk_line *line, const finds *f, mk_arena *arena, bool *ret_weak,
                             bool *ret_failed)
{
    const mk_str folded = line->folded;
    if (f->n == 0 || folded.len > MAX_ROW)
        return NULL;
    cover *covers = mk_arena_alloc(arena, (folded.len + 1) * sizeof(*covers));
    if (!covers) {
        *ret_failed = true;
        return NULL;
    }
    covers[0] = (cover){.reached = true, .last = -1};
    /* finds are ordered by where they end: bucket them by where they begin */
    int32_t *first = mk_arena_alloc(arena, folded.len * sizeof(*first));
    int32_t *next = mk_arena_alloc(arena, f->n * sizeof(*next));
    if (!first || !next) {
        *ret_failed = true;
        return NULL;
    }
    for (size_t i = 0; i < f->n; i++) {
        const found *item = &f->items[i];
        if (!may_be_piece(line, item))
            continue;
        next[i] = first[item->from];
        first[item->from] = (int32_t)i + 1;
    }
    size_t farthest = 0; /* that is reached */
    for (size_t at = 0; at < folded.len && at <= farthest; at++) {
        if (!covers[at].reached)
            continue;
        if (folded.ptr[at] == ' ' || folded.ptr[at] == '0' || lone_letter(folded, at)) {
            reach(covers, at, at + 1, folded.ptr[at] == '0', -1);
            farthest = at + 1 > farthest ? at + 1 : farthest;
        }
        for (int32_t i = first[at]; i > 0; i = next[i - 1]) {
            const size_t to = f->items[i - 1].to;
            reach(covers, at, to, false, i - 1);
            farthest = to > farthest ? to : farthest;
        }
    }
    const cover end = covers[folded.len];
    if (!end.reached || end.pieces == 0 || (end.pieces == 1 && !end.number))
        return NULL;
    return row_head(covers, f, folded.len, ret_weak);
}

/* ---- a line ---- */

static mk_hit hit_of(const mk_line *line, const found *f)
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

static mk_hit hit_of_row(const mk_line *line, const found *f, bool weak)
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
    finds f = {.arena = arena};
    find_all(m, line->folded, &f);
    if (f.failed)
        return false;
    if (f.n == 0)
        return true;
    mk_hit *hits = mk_arena_alloc(arena, (f.n + 1) * sizeof(*hits));
    if (!hits)
        return false;
    uint32_t n = 0;
    bool whole = false, failed = false;
    for (size_t i = 0; i < f.n; i++) {
        if (!anchor_holds(line, &f.items[i]))
            continue;
        hits[n++] = hit_of(line, &f.items[i]);
        whole |= f.items[i].entry->anchor == MK_ANCHOR_WHOLE;
    }
    bool weak = false;
    const found *row = whole ? NULL : find_row(line, &f, arena, &weak, &failed);
    if (row)
        hits[n++] = hit_of_row(line, row, weak);
    line->hits = hits;
    line->n_hits = n;
    return !failed;
}

bool mk_line_scan(const mk_matcher *matcher, mk_line *line, mk_arena *arena)
{
    if (mk_line_is_scanned(line))
        return true;
    char *folded = mk_arena_bytes(arena, 2 * line->text.len + 1);
    if (!folded)
        return false;
    line->folded.len = mk_fold(line->text, folded, &line->features);
    line->folded.ptr = folded;
    line->seen = line->text.ptr ? line->text : (mk_str){"", 0};
    line->hits = NULL; /* those of an earlier text */
    line->n_hits = 0;
    return find_hits(matcher, line, arena);
}
