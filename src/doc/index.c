/* index.c: see index.h; what an index is made of is in index_tables.h.
 * Cases: tests/doc/test_index.c. */
#include "doc/index.h"

#include <stdlib.h>

#include "doc/fold.h"
#include "doc/index_tables.h"

/* A lexicon by its number in the tables. */
typedef struct place {
    const mk_lexicon *lexicon; /* NULL: it is not searched */
    uint16_t number;           /* among those that are */
} place;

struct mk_index {
    const mk_index_tables *tables;
    mk_index_tables *own; /* the same, if they were built here; or NULL */
    place places[];
};

/* The set whose lexicons all of these are, no two the same; NULL if there is none. */
static const mk_lexicon_set *common_set(const mk_lexicon *const *lexicons, size_t n)
{
    const mk_lexicon_set *const set = n > 0 ? lexicons[0]->set : NULL;

    for (size_t l = 0; l < n; l++) {
        if (lexicons[l]->set != set)
            return NULL;
        for (size_t k = 0; k < l; k++)
            if (lexicons[k]->place == lexicons[l]->place)
                return NULL;
    }
    return set;
}

mk_index *mk_index_new(const mk_lexicon *const *lexicons, size_t n)
{
    const mk_lexicon_set *const set = common_set(lexicons, n);
    const size_t n_places = set ? set->n : n;
    mk_index *const x = calloc(1, sizeof(*x) + n_places * sizeof(x->places[0]));

    if (!x)
        return NULL;
    for (size_t l = 0; l < n; l++)
        x->places[set ? lexicons[l]->place : l] = (place){lexicons[l], (uint16_t)l};
    x->own = set ? NULL : mk_index_build(lexicons, n);
    x->tables = set ? set->tables : x->own;
    if (x->tables)
        return x;
    free(x);
    return NULL;
}

void mk_index_free(mk_index *index)
{
    if (!index)
        return;
    mk_index_tables_free(index->own);
    free(index);
}

/* ---- finding ---- */

/* Appends a find, or NULL: out of memory. */
static mk_find *append(mk_finds *f)
{
    if (f->n == f->room) {
        const size_t room = f->room ? f->room * 2 : 16;
        mk_find *items = mk_arena_alloc(f->arena, room * sizeof(*items));
        if (!items) {
            f->failed = true;
            return NULL;
        }
        if (f->n > 0)
            memcpy(items, f->items, f->n * sizeof(*items));
        f->items = items;
        f->room = room;
    }
    return &f->items[f->n++];
}

/* What is looked for in a line. */
typedef struct search {
    const mk_index *index;
    const mk_index_tables *tables;
    mk_str folded;
    size_t end;   /* of the bytes that count */
    size_t first; /* find of this search: those before stay where they are */
    mk_finds *ret;
} search;

/* Puts a find at its place: what was found begins before it, or where it does. Equals
 * stand in the order of the lexicons searched, whatever it is in the tables. */
static void put_find(const search *s, const mk_index_phrase *p, size_t from)
{
    const place of = s->index->places[p->lexicon];
    const uint32_t to = (uint32_t)(from + p->n_letters);
    mk_find *at = of.lexicon ? append(s->ret) : NULL;

    if (!at)
        return;
    for (; at > s->ret->items + s->first; at--) {
        const mk_find *const before = &at[-1];
        if (before->to < to ||
            (before->to == to && (before->from < from || before->lexicon <= of.number)))
            break;
        *at = *before;
    }
    *at = (mk_find){&of.lexicon->entries[p->number], of.number, p->number, (uint32_t)from, to};
}

static inline bool has_bit(const uint64_t *bits, uint64_t i)
{
    return bits[i / 64] >> (i & 63) & 1;
}

static inline bool stands_at(const search *s, const mk_index_phrase *p, size_t from)
{
    const char *const letters = s->folded.ptr + from;

    return p->n_letters <= s->end - from &&
           (p->tail == 0 || mk_tail_before(letters + p->n_letters) == p->tail) &&
           memcmp(letters, s->tables->letters + p->letters, p->n_letters) == 0;
}

/* True if no word goes on behind the phrase. */
static inline bool ends_word(const search *s, const mk_index_phrase *p, size_t from)
{
    const size_t to = from + p->n_letters;

    return to == s->folded.len || s->folded.ptr[to] == ' ';
}

/* Those of a list that are whole words from `from` on, and have so many letters. */
static void find_in_list(const search *s, uint32_t i, size_t from, size_t least)
{
    for (; i != MK_NOWHERE; i = s->tables->phrases[i].next) {
        const mk_index_phrase *const p = &s->tables->phrases[i];
        if (p->n_letters >= least && stands_at(s, p, from) && ends_word(s, p, from))
            put_find(s, p, from);
    }
}

/* The slot of a first word; NULL: no phrase begins so. */
static inline const mk_index_start *find_start(const mk_index_tables *x, uint64_t word)
{
    const mk_index_start *const found =
        word != 0 && has_bit(x->is_start, mk_bit_of_start(word))
            ? &x->starts[mk_start_slot(x->starts, x->start_bits, word)]
            : NULL;

    return found && found->word == word ? found : NULL;
}

/* The phrases from `from` on, which begins a word or follows its waw. Returns how many
 * letters it has, as far as one load shows. */
static inline size_t find_at(const search *s, size_t from, size_t least)
{
    const mk_index_tables *const x = s->tables;
    size_t len;
    const uint64_t word = mk_index_word(s->folded, from, &len);

    const mk_index_start *const found = find_start(x, word);
    if (!found)
        return len;
    find_in_list(s, found->alone, from, least);
    const uint64_t mixed = mk_index_mix_pair(word, mk_index_word_after(s->folded, from, len));
    if (has_bit(x->is_pair, mk_bit_of_pair(mixed))) {
        const mk_index_pair *const two = &x->pairs[mk_pair_slot(x->pairs, x->pair_bits, mixed)];
        find_in_list(s, two->hash != 0 ? two->phrase : MK_NOWHERE, from, least);
    }
    return len;
}

/* The beginning of the next word after `at`; end if there is none. */
static inline size_t next_word(mk_str folded, size_t at, size_t end)
{
    const char *space = at < end ? memchr(folded.ptr + at, ' ', end - at) : NULL;

    return space ? (size_t)(space - folded.ptr) + 1 : end;
}

void mk_index_find(const mk_index *index, mk_str folded, size_t from, size_t to, mk_finds *ret)
{
    enum { AFTER_WAW = 6 /* letters: a shorter one may be the tail of another word */ };
    const search s = {index, index->tables, folded, to, ret->n, ret};
    size_t at = from;

    if (from > 0 && from < to && folded.ptr[from - 1] != ' ') { /* inside a word */
        if ((uint8_t)folded.ptr[from - 1] == MK_FOLD_WAW &&
            (from == 1 || folded.ptr[from - 2] == ' '))
            find_at(&s, from, AFTER_WAW);
        at = next_word(folded, from, to);
    }
    while (at < to) {
        const size_t len = find_at(&s, at, 0);
        if ((uint8_t)folded.ptr[at] == MK_FOLD_WAW && at + 1 < to)
            find_at(&s, at + 1, AFTER_WAW);
        at = len < MK_WORD ? at + len + 1 : next_word(folded, at + len, to);
    }
}

/* Those of a list that are labels of one word, and perhaps glued to the next. */
static void labels_alone(const search *s, uint32_t i, size_t at)
{
    for (; i != MK_NOWHERE; i = s->tables->phrases[i].next) {
        const mk_index_phrase *const p = &s->tables->phrases[i];
        if (p->label && stands_at(s, p, at) &&
            (p->n_letters >= MK_INDEX_GLUED || ends_word(s, p, at)))
            put_find(s, p, at);
    }
}

void mk_index_labels(const mk_index *index, mk_str folded, size_t at, mk_finds *ret)
{
    const search s = {index, index->tables, folded, folded.len, ret->n, ret};
    size_t len;
    const uint64_t word = mk_index_word(folded, at, &len);
    const mk_index_start *found;

    /* Words that the first letters of this one are, glued to the rest of it. */
    if (len > MK_INDEX_GLUED && has_bit(index->tables->is_glued, mk_bit_of_glued(word)))
        for (size_t n = MK_INDEX_GLUED; n < len; n++)
            if ((found = find_start(index->tables, mk_word_head(word, n))) != NULL)
                labels_alone(&s, found->alone, at);
    if ((found = find_start(index->tables, word)) == NULL)
        return;
    labels_alone(&s, found->alone, at);
    if (!has_bit(index->tables->is_label,
                 mk_bit_of_label(word, mk_index_word_after(folded, at, len))))
        return;
    for (uint32_t i = found->label; i != MK_NOWHERE; i = s.tables->phrases[i].next_label) {
        const mk_index_phrase *const p = &s.tables->phrases[i];
        if (stands_at(&s, p, at) && (p->n_letters >= MK_INDEX_GLUED || ends_word(&s, p, at)))
            put_find(&s, p, at);
    }
}
