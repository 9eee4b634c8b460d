/* automaton.c: see automaton.h. A table for the beginnings of phrases and a tree for
 * the rest. A run builds it each time it starts, so building is done in time that is
 * linear in the phrases' letters, and nothing is sorted.
 *
 * The states are the beginnings of phrases, numbered breadth first: the root is 0,
 * children follow one another, and the few short ones, between which nearly all
 * steps are made, stand together at the front. Those have a row with the next state
 * for each letter; of the others only their children are known.
 *
 * A beginning that one phrase alone has is the last state of that phrase: the rest
 * of it is compared when the beginning was found. That saves two states of three.
 * Cases: tests/doc/test_automaton.c. */
#include "doc/automaton.h"

#include <stdlib.h>

#include "doc/fold.h"

enum {
    DEPTH_OF_ROWS = 2,   /* letters */
    NOWHERE = UINT32_MAX /* no phrase: the end of a list */
};

typedef struct phrase {
    const mk_entry *entry;
    uint32_t next; /* phrase of the same state, in the order of the files */
    uint16_t lexicon;
    uint16_t rest; /* letters that no state stands for */
} phrase;

typedef struct state {
    uint32_t fail;   /* the longest other state that it ends with */
    uint32_t child;  /* the first of its children; the next state's is the end */
    uint32_t found;  /* itself if it has phrases, else the next on the way along
                        `fail` that has; 0: none */
    uint32_t phrase; /* the first of those that it stands for; while building, of all
                        that begin so */
} state;

struct mk_automaton {
    const mk_lexicon *const *lexicons;
    phrase *phrases;
    uint32_t n_phrases;
    state *states;
    uint8_t *letters; /* of each state the last */
    uint32_t n_states;
    uint32_t *rows; /* n_rows * n_classes */
    uint32_t n_rows;
    uint32_t n_classes;
    uint8_t classes[MK_FOLD_CODES]; /* of a folded byte; 0: no row has it */
};

/* ---- building ---- */

/* The letters that lead on from a state with a row. */
static void number_classes(mk_automaton *a)
{
    a->n_classes = 1;
    for (uint32_t i = 0; i < a->n_phrases; i++) {
        const mk_str folded = a->phrases[i].entry->folded;
        for (size_t at = 0; at < folded.len && at <= DEPTH_OF_ROWS; at++) {
            uint8_t *class = &a->classes[(uint8_t)folded.ptr[at]];
            if (*class == 0)
                *class = (uint8_t)a->n_classes++;
        }
    }
}

static uint32_t *row_of(const mk_automaton *a, uint32_t s)
{
    return &a->rows[(size_t)s * a->n_classes];
}

/* The state after s and one more letter. */
static inline uint32_t step(const mk_automaton *a, uint32_t s, uint8_t letter)
{
    while (s >= a->n_rows) {
        const state *from = &a->states[s];
        for (uint32_t to = from->child; to < from[1].child; to++)
            if (a->letters[to] == letter)
                return to;
        s = from->fail;
    }
    return row_of(a, s)[a->classes[letter]];
}

/* Phrases in lists by the letter that comes next. */
typedef struct parts {
    uint32_t first[MK_FOLD_CODES], last[MK_FOLD_CODES]; /* NOWHERE */
    uint8_t letters[MK_FOLD_CODES];                     /* that have a list */
    uint16_t n;
} parts;

/* Parts the phrases of s, which is `depth` letters long. Those that end here stay
 * with it; so does one that nobody shares its beginning with. */
static void part_phrases(mk_automaton *a, uint32_t s, size_t depth, parts *ret)
{
    phrase *const phrases = a->phrases;
    uint32_t *stays = &a->states[s].phrase;
    uint32_t i = *stays, n = 0;
    if (i != NOWHERE && phrases[i].next == NOWHERE && s > 0) {
        phrases[i].rest = (uint16_t)(phrases[i].entry->folded.len - depth);
        i = NOWHERE;
    }
    while (i != NOWHERE) {
        phrase *const p = &phrases[i];
        const uint32_t next = p->next;
        if (p->entry->folded.len == depth) {
            *stays = i;
            stays = &p->next;
        } else {
            const uint8_t letter = (uint8_t)p->entry->folded.ptr[depth];
            if (ret->first[letter] == NOWHERE) {
                ret->first[letter] = i;
                ret->letters[n++] = letter;
            } else {
                phrases[ret->last[letter]].next = i;
            }
            ret->last[letter] = i;
            p->next = NOWHERE;
        }
        i = next;
    }
    if (n > 0)
        *stays = NOWHERE;
    ret->n = (uint16_t)n;
}

/* Makes the children of s, which is `depth` letters long. The states before s,
 * and so all shorter ones, have theirs. Leaves the lists of p empty. */
static void add_children(mk_automaton *a, uint32_t s, size_t depth, parts *p)
{
    state *from = &a->states[s];
    part_phrases(a, s, depth, p);
    from->found = from->phrase != NOWHERE ? s : a->states[from->fail].found;
    for (uint16_t i = 0; i < p->n; i++) {
        const uint8_t letter = p->letters[i];
        const uint32_t fail = s > 0 ? step(a, from->fail, letter) : 0;
        a->letters[a->n_states] = letter;
        a->states[a->n_states].fail = fail;
        a->states[a->n_states++].phrase = p->first[letter];
        p->first[letter] = NOWHERE;
    }
    from[1].child = a->n_states; /* the end; where the next one's begin */
}

/* What is no child of s is where the shorter state leads. */
static void fill_row(mk_automaton *a, uint32_t s)
{
    const state *from = &a->states[s];
    uint32_t *row = row_of(a, s);
    if (s > 0)
        memcpy(row, row_of(a, from->fail), a->n_classes * sizeof(*row));
    else
        memset(row, 0, a->n_classes * sizeof(*row));
    for (uint32_t to = from->child; to < from[1].child; to++)
        row[a->classes[a->letters[to]]] = to;
}

/* From the root, whose phrases are all. False if out of memory. */
static bool make_states(mk_automaton *a)
{
    parts p;
    memset(p.first, 0xFF, sizeof(p.first)); /* NOWHERE */
    a->states[0] = (state){.child = 1, .phrase = a->n_phrases > 0 ? 0 : NOWHERE};
    a->n_states = 1;
    uint32_t s = 0;
    for (size_t depth = 0; s < a->n_states; depth++) {
        const uint32_t end = a->n_states; /* of the states of this length */
        const bool has_rows = depth <= DEPTH_OF_ROWS;
        if (has_rows) {
            uint32_t *rows = realloc(a->rows, (size_t)end * a->n_classes * sizeof(*rows));
            if (!rows)
                return false;
            a->rows = rows;
            a->n_rows = end;
        }
        for (; s < end; s++) {
            add_children(a, s, depth, &p);
            if (has_rows)
                fill_row(a, s);
        }
    }
    return true;
}

/* Phrases share beginnings: there are fewer states than letters. */
static void shrink(mk_automaton *a)
{
    state *states = realloc(a->states, ((size_t)a->n_states + 1) * sizeof(*states));
    uint8_t *letters = realloc(a->letters, a->n_states);
    a->states = states ? states : a->states;
    a->letters = letters ? letters : a->letters;
}

/* Lists all phrases. Returns the number of their letters. */
static size_t take_phrases(mk_automaton *a, const mk_lexicon *const *lexicons, size_t n)
{
    size_t n_letters = 0;
    for (size_t l = 0; l < n; l++)
        for (size_t e = 0; e < lexicons[l]->n_entries; e++) {
            const mk_entry *entry = &lexicons[l]->entries[e];
            a->phrases[a->n_phrases] = (phrase){entry, a->n_phrases + 1, (uint16_t)l, 0};
            a->n_phrases++;
            n_letters += entry->folded.len;
        }
    if (a->n_phrases > 0)
        a->phrases[a->n_phrases - 1].next = NOWHERE;
    return n_letters;
}

mk_automaton *mk_automaton_new(const mk_lexicon *const *lexicons, size_t n)
{
    size_t n_entries = 0;
    for (size_t l = 0; l < n; l++)
        n_entries += lexicons[l]->n_entries;
    mk_automaton *a = calloc(1, sizeof(*a));
    if (!a)
        return NULL;
    a->lexicons = lexicons;
    a->phrases = malloc((n_entries + 1) * sizeof(*a->phrases));
    if (!a->phrases)
        goto nomem;
    const size_t n_letters = take_phrases(a, lexicons, n);
    a->states = malloc((n_letters + 2) * sizeof(*a->states)); /* the root; the end */
    a->letters = malloc(n_letters + 1);
    if (!a->states || !a->letters)
        goto nomem;
    number_classes(a);
    if (!make_states(a))
        goto nomem;
    shrink(a);
    return a;
nomem:
    mk_automaton_free(a);
    return NULL;
}

void mk_automaton_free(mk_automaton *automaton)
{
    if (!automaton)
        return;
    free(automaton->phrases);
    free(automaton->states);
    free(automaton->letters);
    free(automaton->rows);
    free(automaton);
}

/* ---- finding ---- */

/* Puts item at its place, which is at the end or near it: only what ends after
 * item, because its rest was compared, can have been found before. */
static void insert(mk_finds *f, mk_find item)
{
    if (f->n == f->room) {
        const size_t room = f->room ? f->room * 2 : 16;
        mk_find *items = mk_arena_alloc(f->arena, room * sizeof(*items));
        if (!items) {
            f->failed = true;
            return;
        }
        if (f->n > 0)
            memcpy(items, f->items, f->n * sizeof(*items));
        f->items = items;
        f->room = room;
    }
    size_t at = f->n++;
    for (; at > 0; at--) {
        const mk_find *before = &f->items[at - 1];
        if (before->to < item.to || (before->to == item.to && before->from <= item.from))
            break;
        f->items[at] = *before;
    }
    f->items[at] = item;
}

/* The phrases of state s, which ends before `at`, whose rest follows. */
static void take(const mk_automaton *a, uint32_t s, mk_str folded, size_t at, size_t end,
                 mk_finds *ret)
{
    for (uint32_t i = a->states[s].phrase; i != NOWHERE; i = a->phrases[i].next) {
        const phrase *p = &a->phrases[i];
        const mk_str whole = p->entry->folded;
        if (p->rest > 0 && (p->rest > end - at ||
                            memcmp(folded.ptr + at, whole.ptr + whole.len - p->rest, p->rest) != 0))
            continue;
        const uint32_t to = (uint32_t)at + p->rest;
        const uint16_t number = (uint16_t)(p->entry - a->lexicons[p->lexicon]->entries);
        insert(ret, (mk_find){p->entry, p->lexicon, number, to - (uint32_t)whole.len, to});
    }
}

void mk_automaton_find(const mk_automaton *automaton, mk_str folded, size_t from, size_t to,
                       mk_finds *ret)
{
    const state *states = automaton->states;
    uint32_t s = 0;
    for (size_t i = from; i < to; i++) {
        s = step(automaton, s, (uint8_t)folded.ptr[i]);
        for (uint32_t at = states[s].found; at != 0; at = states[states[at].fail].found)
            take(automaton, at, folded, i + 1, to, ret);
    }
}
