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

/* ---- words of a line, behind which there are spaces ---- */

/* The first letters of the word at `at`. */
static inline uint64_t word_at(mk_str folded, size_t at, size_t *ret_len)
{
    return mk_index_word(mk_word_load(folded.ptr + at), ret_len);
}

/* The word after the one that ends at `end`, and its letters as word_at; 0: none. */
static inline uint64_t word_after(mk_str folded, size_t end, size_t *ret_len)
{
    *ret_len = 0;
    return end + 1 < folded.len ? word_at(folded, end + 1, ret_len) : 0;
}

/* The phrases that are this word. */
static inline uint32_t singles_of(const mk_index_tables *x, uint64_t word)
{
    if (!mk_index_may_pass(&x->is_single, mk_index_mix(word)) || word == 0)
        return MK_NOWHERE;
    const mk_index_single *const found =
        &x->singles[mk_single_slot(x->singles, x->single_bits, word)];
    return found->word != 0 ? found->phrase : MK_NOWHERE;
}

/* Those of a table that begin with two words, whose bit is set. */
static inline uint32_t pairs_of(const mk_index_pairs *table, uint64_t mixed)
{
    const mk_index_pair *const found = &table->slots[mk_pair_slot(table, mixed)];
    return found->hash != 0 ? found->phrase : MK_NOWHERE;
}

/* The phrases from `from` on, where a word begins or follows its waw, and the next one. */
static inline void find_words(const search *s, size_t from, uint64_t word, uint64_t next,
                              size_t least)
{
    const mk_index_tables *const x = s->tables;
    const uint64_t mixed = mk_index_mix_pair(word, next);

    if (mk_index_may_pass(&x->is_single, mk_index_mix(word)))
        find_in_list(s, singles_of(x, word), from, least);
    if (mk_index_may_pass(&x->is_pair, mixed) && next != 0)
        find_in_list(s, pairs_of(&x->pairs, mixed), from, least);
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
    size_t at = from, len = 0;

    if (from > 0 && from < to && folded.ptr[from - 1] != ' ') { /* inside a word */
        at = next_word(folded, from, to);
        if ((uint8_t)folded.ptr[from - 1] == MK_FOLD_WAW &&
            (from == 1 || folded.ptr[from - 2] == ' ')) {
            size_t rest;
            const uint64_t word = word_at(folded, from, &len);
            const uint64_t next = word_after(folded, mk_index_word_end(folded, from, len), &rest);
            find_words(&s, from, word, next, AFTER_WAW);
        }
    }
    uint64_t word = at < to ? word_at(folded, at, &len) : 0;
    while (at < to) {
        const size_t end = mk_index_word_end(folded, at, len);
        const uint64_t next = word_after(folded, end, &len);
        find_words(&s, at, word, next, 0);
        if ((uint8_t)folded.ptr[at] == MK_FOLD_WAW && at + 1 < end) {
            size_t rest;
            find_words(&s, at + 1, word_at(folded, at + 1, &rest), next, AFTER_WAW);
        }
        at = end + 1;
        word = next;
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

/* As labels_alone, of several words. */
static void labels_in_list(const search *s, uint32_t i, size_t at)
{
    for (; i != MK_NOWHERE; i = s->tables->phrases[i].next_label) {
        const mk_index_phrase *const p = &s->tables->phrases[i];
        if (stands_at(s, p, at) && (p->n_letters >= MK_INDEX_GLUED || ends_word(s, p, at)))
            put_find(s, p, at);
    }
}

void mk_index_labels(const mk_index *index, mk_str folded, size_t at, mk_finds *ret)
{
    const search s = {index, index->tables, folded, folded.len, ret->n, ret};
    size_t len, rest;
    const uint64_t word = word_at(folded, at, &len);

    /* Words that the first letters of this one are, glued to the rest of it. */
    if (len > MK_INDEX_GLUED &&
        mk_index_may_pass(&index->tables->is_glued, mk_index_mix_glued(word)))
        for (size_t n = MK_INDEX_GLUED; n < len; n++)
            labels_alone(&s, singles_of(index->tables, mk_word_head(word, n)), at);
    labels_alone(&s, singles_of(index->tables, word), at);
    const uint64_t next = word_after(folded, mk_index_word_end(folded, at, len), &rest);
    if (next == 0)
        return;
    /* The second may be of one letter, and glued to what is not the label's. */
    for (size_t n = rest > 1 ? 2 : 1; n > 0; n--) {
        const uint64_t mixed = mk_index_mix_label(word, next, n);
        if (mk_index_may_pass(&index->tables->is_label, mixed))
            labels_in_list(&s, pairs_of(&index->tables->labels, mixed), at);
    }
}
