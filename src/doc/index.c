/* index.c: see index.h; what an index is made of is in index_tables.h.
 * Cases: tests/doc/test_index.c. */
#include "doc/index.h"

#include <stdlib.h>

#include "base/simd.h"
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
    bool simd;
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
    x->simd = mk_has_simd();
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
        mk_find *items = mk_arena_room(f->arena, room * sizeof(*items));
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
    size_t whole; /* where a phrase that is the line ends, or behind it */
    size_t first; /* find of this search: those before stay where they are */
    mk_finds *ret;
} search;

static bool stands_before(const mk_find *a, const mk_find *b)
{
    if (a->to != b->to)
        return a->to < b->to;
    if (a->from != b->from)
        return a->from < b->from;
    return a->lexicon != b->lexicon ? a->lexicon < b->lexicon : a->number < b->number;
}

/* Puts a find at its place. Equals stand in the order of the lexicons searched, whatever
 * it is in the tables. */
static void put_find(const search *s, const mk_index_phrase *p, size_t from)
{
    const place of = s->index->places[p->lexicon];
    mk_find *at = of.lexicon ? append(s->ret) : NULL;

    if (!at)
        return;
    const mk_find find = {&of.lexicon->entries[p->number], of.number, p->number, (uint32_t)from,
                          (uint32_t)(from + p->n_letters)};
    for (; at > s->ret->items + s->first && stands_before(&find, &at[-1]); at--)
        *at = at[-1];
    *at = find;
}

/* True if no word goes on behind the phrase, for which there is room: spaces stand behind the
 * line. */
static inline bool ends_word(const search *s, const mk_index_phrase *p, size_t from)
{
    return s->folded.ptr[from + p->n_letters] == ' ';
}

/* glued: a word may go on behind it. Its letters, which lie far away, are looked at last. */
static inline bool stands_at(const search *s, const mk_index_phrase *p, size_t from, bool glued)
{
    const char *const letters = s->folded.ptr + from;

    return p->n_letters <= s->end - from &&
           (p->tail == 0 || mk_tail_before(letters + p->n_letters) == p->tail) &&
           (glued || ends_word(s, p, from)) &&
           memcmp(letters, s->tables->letters + p->letters, p->n_letters) == 0;
}

/* Those of the run at i that are whole words from `from` on, and have so many letters. */
static void find_in_run(const search *s, uint32_t i, size_t from, size_t least)
{
    const mk_index_phrase *p = &s->tables->phrases[i];

    for (;; p++) {
        const unsigned kind = p->is & (MK_PHRASE_LABEL | MK_PHRASE_WHOLE);
        if (p->n_letters >= least &&
            (kind == 0 || (kind & MK_PHRASE_WHOLE && from + p->n_letters >= s->whole)) &&
            stands_at(s, p, from, false))
            put_find(s, p, from);
        if (p->is & MK_PHRASE_LAST)
            return;
    }
}

/* ---- words of a line, behind which there are spaces ---- */

/* The first letters of the word at `at`. */
static inline uint64_t word_at(mk_str folded, size_t at, size_t *ret_len)
{
    return mk_folded_word(mk_word_load(folded.ptr + at), ret_len);
}

/* The word after the one that ends at `end`, and its letters as word_at; 0: none. */
static inline uint64_t word_after(mk_str folded, size_t end, size_t *ret_len)
{
    *ret_len = 0;
    return end + 1 < folded.len ? word_at(folded, end + 1, ret_len) : 0;
}

/* The first of the phrases that are this word, which may begin one. */
static inline uint32_t single_of(const mk_index_words *w, uint64_t word)
{
    const mk_index_single *const found =
        &w->singles[mk_single_slot(w->singles, w->single_bits, word)];
    return found->word != 0 ? found->phrase : MK_NOWHERE;
}

/* Letters: a shorter one behind a waw may be the tail of another word. */
enum { AFTER_WAW = 6 };

/* A word, 0 for none, and what it is asked for by. */
typedef struct mixed_word {
    uint64_t word, mixed;
} mixed_word;

static inline mixed_word mix_word(uint64_t word)
{
    return (mixed_word){word, mk_index_mix(word)};
}

/* The phrases from `from` on that are one word, if it is any. */
static __attribute__((noinline)) void find_single(const search *s, const mk_index_words *w,
                                                  size_t from, mixed_word word, size_t least)
{
    if (!mk_index_may_pass(&w->begins, word.mixed))
        return;
    const uint32_t i = single_of(w, word.word);
    if (i != MK_NOWHERE)
        find_in_run(s, i, from, least);
}

/* Those that begin with two words, if there are two, and they do. */
static __attribute__((noinline)) void find_pair(const search *s, const mk_index_words *w,
                                                size_t from, mixed_word word, mixed_word next,
                                                size_t least)
{
    const uint64_t mixed = mk_index_mix_before(word.word, next.mixed);
    const mk_index_pairs *const t = &w->pairs;

    if (!mk_index_may_pass(&w->begins, mixed) || word.word == 0 || next.word == 0)
        return;
    for (size_t at = mk_pair_slot(t, mixed, mk_pair_home(t, mixed)); t->slots[at].hash != 0;
         at = mk_pair_slot(t, mixed, at + 1))
        find_in_run(s, t->slots[at].phrase, from, least);
}

/* Both, behind the waw that the word at `at` begins with, if letters follow it. */
static __attribute__((noinline)) void find_after_waw(const search *s, const mk_index_words *w,
                                                     size_t at, mixed_word next)
{
    size_t len;
    const mixed_word word = mix_word(word_at(s->folded, at + 1, &len));

    if (len == 0)
        return;
    find_single(s, w, at + 1, word, AFTER_WAW);
    find_pair(s, w, at + 1, word, next, AFTER_WAW);
}

/* Phrases that open the line, if it begins at `at`. */
static void find_opening(const search *s, size_t at)
{
    const mk_index_words *const w = &s->tables->opening;
    size_t len, rest;
    const mixed_word word = mix_word(word_at(s->folded, at, &len));
    const size_t end = mk_folded_word_end(s->folded, at, len);
    const mixed_word next = mix_word(word_after(s->folded, end, &rest));

    find_single(s, w, at, word, 0);
    find_pair(s, w, at, word, next, 0);
    if ((uint8_t)word.word == MK_FOLD_WAW)
        find_after_waw(s, w, at, next);
}

/* Those that may stand anywhere, from the word at `at` on. Most words begin none, which
 * two bits tell that stay in the cache: one branch for all that could be. */
__attribute__((always_inline)) static inline void find_from_any(const search *s, size_t at)
{
    const mk_index_words *const w = &s->tables->inner;
    const uint64_t *const begins = w->begins.words;
    const unsigned shift = 64 - w->begins.bits;
    mk_words words = mk_words_from(s->folded, at);
    mixed_word last = {0, 0}; /* the word before this one */
    size_t last_from = 0, from, to;

    while (mk_words_next(&words, &from, &to)) {
        const size_t n = to - from < MK_WORD ? to - from : MK_WORD;
        const mixed_word word = mix_word(mk_word_head(mk_word_load(s->folded.ptr + from), n));
        const uint64_t single = word.mixed >> shift;
        const uint64_t pair = mk_index_mix_before(last.word, word.mixed) >> shift;
        const bool waw = (uint8_t)last.word == MK_FOLD_WAW;
        if (((begins[pair / 64] >> (pair & 63) | begins[single / 64] >> (single & 63)) & 1) | waw) {
            find_pair(s, w, last_from, last, word, 0);
            if (waw)
                find_after_waw(s, w, last_from, word);
            if (from < s->end)
                find_single(s, w, from, word, 0);
        }
        if (from >= s->end)
            return;
        last = word;
        last_from = from;
    }
    if ((uint8_t)last.word == MK_FOLD_WAW)
        find_after_waw(s, w, last_from, (mixed_word){0, 0});
}

#ifdef MK_WITH_AVX2
/* The same where bits are counted and cut off by instructions of their own. */
__attribute__((target("avx2,bmi,bmi2"))) static void find_from_simd(const search *s, size_t at)
{
    find_from_any(s, at);
}
#endif

static void find_from(const search *s, size_t at)
{
#ifdef MK_WITH_AVX2
    if (s->index->simd) {
        find_from_simd(s, at);
        return;
    }
#endif
    find_from_any(s, at);
}

/* Those that may stand anywhere. */
static void find_inner(const search *s, size_t from)
{
    const mk_str folded = s->folded;

    if (from == 0 || folded.ptr[from - 1] == ' ') {
        find_from(s, from);
        return;
    }
    /* inside a word */
    size_t len, rest;
    word_at(folded, from, &len);
    const size_t end = mk_folded_word_end(folded, from, len);
    if ((uint8_t)folded.ptr[from - 1] == MK_FOLD_WAW && (from == 1 || folded.ptr[from - 2] == ' '))
        find_after_waw(s, &s->tables->inner, from - 1, mix_word(word_after(folded, end, &rest)));
    if (end + 1 < s->end)
        find_from(s, end + 1);
}

static inline void prefetch_bit(const mk_index_gate *gate, uint64_t mixed)
{
    __builtin_prefetch(&gate->words[(mixed >> (64 - gate->bits)) / 64]);
}

static inline void prefetch_pair(const mk_index_pairs *table, uint64_t mixed)
{
    __builtin_prefetch(&table->slots[mixed >> (64 - table->bits)]);
}

void mk_index_prefetch(const mk_index *index, mk_str folded)
{
    const mk_index_tables *const x = index->tables;
    size_t len, rest;
    if (folded.len == 0)
        return;
    const uint64_t word = word_at(folded, 0, &len);
    const uint64_t next = word_after(folded, mk_folded_word_end(folded, 0, len), &rest);
    const uint64_t pair = mk_index_mix_pair(word, next);
    const uint64_t label = mk_index_mix_label(word, next, 2);

    prefetch_bit(&x->opening.begins, mk_index_mix(word));
    prefetch_bit(&x->opening.begins, pair);
    prefetch_pair(&x->opening.pairs, pair);
    prefetch_bit(&x->is_glued, mk_index_mix_glued(word));
    prefetch_bit(&x->is_label, label);
    prefetch_pair(&x->labels, label);
}

void mk_index_find(const mk_index *index, mk_str folded, size_t from, size_t to, mk_finds *ret)
{
    const size_t n = folded.len;
    const bool number = n > 2 && folded.ptr[n - 1] == '0' && folded.ptr[n - 2] == ' ';
    const search s = {index, index->tables, folded, to, number ? n - 2 : n, ret->n, ret};

    if (from >= to)
        return;
    if (from == 0)
        find_opening(&s, 0);
    if (from == 0 && to > 2 && folded.ptr[0] == '0' && folded.ptr[1] == ' ')
        find_opening(&s, 2);
    find_inner(&s, from);
}

/* Labels of the run at i, to the phrase that is its last; of MK_INDEX_GLUED letters they
 * may be glued to what follows. */
static void labels_in_run(const search *s, uint32_t i, size_t at, unsigned last)
{
    const mk_index_phrase *p = &s->tables->phrases[i];

    for (;; p++) {
        if (p->is & MK_PHRASE_LABEL && stands_at(s, p, at, p->n_letters >= MK_INDEX_GLUED))
            put_find(s, p, at);
        if (p->is & last)
            return;
    }
}

static void labels_alone(const search *s, uint64_t word, size_t at)
{
    const mk_index_words *const w = &s->tables->opening;
    const bool may = word != 0 && mk_index_may_pass(&w->begins, mk_index_mix(word));
    const uint32_t i = may ? single_of(w, word) : MK_NOWHERE;

    if (i != MK_NOWHERE)
        labels_in_run(s, i, at, MK_PHRASE_LAST);
}

void mk_index_labels(const mk_index *index, mk_str folded, size_t at, mk_finds *ret)
{
    const search s = {index, index->tables, folded, folded.len, 0, ret->n, ret};
    const mk_index_pairs *const t = &index->tables->labels;
    size_t len, rest;
    const uint64_t word = word_at(folded, at, &len);

    /* Words that the first letters of this one are, glued to the rest of it. */
    if (len > MK_INDEX_GLUED &&
        mk_index_may_pass(&index->tables->is_glued, mk_index_mix_glued(word)))
        for (size_t n = MK_INDEX_GLUED; n < len; n++)
            labels_alone(&s, mk_word_head(word, n), at);
    labels_alone(&s, word, at);
    const uint64_t next = word_after(folded, mk_folded_word_end(folded, at, len), &rest);
    if (next == 0)
        return;
    /* The second may be of one letter, and glued to what is not the label's. */
    for (size_t n = rest > 1 ? 2 : 1; n > 0; n--) {
        const uint64_t mixed = mk_index_mix_label(word, next, n);
        if (!mk_index_may_pass(&index->tables->is_label, mixed))
            continue;
        for (size_t i = mk_pair_slot(t, mixed, mk_pair_home(t, mixed)); t->slots[i].hash != 0;
             i = mk_pair_slot(t, mixed, i + 1))
            labels_in_run(&s, t->slots[i].phrase, at, MK_PHRASE_LAST_LABEL);
    }
}
