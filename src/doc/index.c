/* index.c: see index.h. Phrases in lists: those of one word by that word, others by their
 * first two, labels of several words also by the first and two letters of the second.
 * Before the tables of lists stand bits, which fit the first caches and say no to most
 * words. A run builds it each time it starts, so building is done in time that is linear
 * in the phrases.
 *
 * Of a word the first eight letters count, in one number. Words that share them share
 * their lists: phrases are compared whole.
 * Cases: tests/doc/test_index.c. */
#include "doc/index.h"

#include <stdlib.h>

#include "base/word.h"
#include "doc/fold.h"

enum {
    MIN_GATE = 14,     /* of the number of bits in a gate */
    BITS_A_PHRASE = 8, /* and as many for each phrase: one bit in eight is set */
    FIRST_BITS = 8     /* of the number of slots for words, to begin with */
};

#define NOWHERE UINT32_MAX /* no phrase: the end of a list */

typedef struct phrase {
    const char *letters; /* n_letters of them */
    uint32_t next;       /* phrase of its list */
    uint32_t next_label; /* label of its list */
    uint16_t number;     /* of the entry in its lexicon */
    uint8_t lexicon;
    bool label; /* it is a piece or a whole line */
    uint16_t n_letters;
    uint16_t tail; /* the last two letters: most are known by them; 0: it has one */
} phrase;

/* The phrases that are this word. */
typedef struct single {
    uint64_t word;   /* 0: an empty slot */
    uint32_t phrase; /* the first of the list */
} single;

/* Those that begin with two words. */
typedef struct pair {
    uint32_t hash; /* of both; 0: an empty slot */
    uint32_t phrase;
} pair;

/* A table of them, open addressing, never full. */
typedef struct pairs {
    pair *slots;
    unsigned bits; /* of their number */
} pairs;

/* A bit for each that may be in a table: most words end here. */
typedef struct gate {
    uint64_t *bits;
    unsigned shift; /* of a mixed number, to its bit's */
} gate;

struct mk_index {
    const mk_lexicon *const *lexicons;
    phrase *phrases; /* in the order of the files */
    uint32_t n_phrases;
    single *singles;      /* open addressing */
    unsigned single_bits; /* of their number */
    size_t n_singles;
    pairs pairs, labels;
    gate is_single, is_pair;
    gate is_glued; /* beginnings of labels of one word */
    gate is_label; /* labels of several */
};

_Static_assert(MK_MAX_STEPS <= UINT8_MAX, "numbers of lexicons");

/* ---- words ---- */

/* The letters of the word that the bytes begin with, and how many they are: to the
 * first space, eight at most. */
static inline uint64_t word_of(uint64_t bytes, size_t *ret_len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), spaces = bytes ^ ones * ' ';
    const uint64_t found = (spaces - ones) & ~spaces & ones << 7;
    const uint64_t first = found & (0 - found);

    *ret_len = found ? (size_t)__builtin_ctzll(found) / 8 : MK_WORD;
    return bytes & ((first >> 7) - 1);
}

/* The first letters of the word at `at` of a line, behind which there are spaces. */
static inline uint64_t word_at(mk_str folded, size_t at, size_t *ret_len)
{
    return word_of(mk_word_load(folded.ptr + at), ret_len);
}

/* Where the word at `at` ends, of which a load showed len letters. */
static inline size_t word_end(mk_str folded, size_t at, size_t len)
{
    at += len;
    if (len < MK_WORD || at == folded.len || folded.ptr[at] == ' ')
        return at;
    const char *const space = memchr(folded.ptr + at, ' ', folded.len - at);
    return space ? (size_t)(space - folded.ptr) : folded.len;
}

/* The word after the one that ends at `end`, and its letters as word_at; 0: none. */
static inline uint64_t word_after(mk_str folded, size_t end, size_t *ret_len)
{
    *ret_len = 0;
    return end + 1 < folded.len ? word_at(folded, end + 1, ret_len) : 0;
}

static inline uint64_t mix(uint64_t word)
{
    return word * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint64_t mix_pair(uint64_t word, uint64_t next)
{
    return mix(word ^ mix(next) >> 7);
}

static inline uint64_t mix_glued(uint64_t word)
{
    return mix(mk_word_head(word, MK_INDEX_GLUED));
}

static inline void let_pass(gate *g, uint64_t mixed)
{
    const uint64_t i = mixed >> g->shift;
    g->bits[i / 64] |= UINT64_C(1) << (i & 63);
}

static inline bool may_pass(const gate *g, uint64_t mixed)
{
    const uint64_t i = mixed >> g->shift;
    return g->bits[i / 64] >> (i & 63) & 1;
}

/* A word and n letters of the next; no word is as short as a shorter one's letters. */
static inline uint64_t mix_label(uint64_t word, uint64_t next, size_t n)
{
    return mix_pair(word, mk_word_head(next, n));
}

/* The slot that has the word, or the empty one where it would be. */
static single *single_of(const mk_index *x, uint64_t word)
{
    const size_t last = ((size_t)1 << x->single_bits) - 1;
    size_t at = (size_t)(mix(word) >> (64 - x->single_bits));

    while (x->singles[at].word != 0 && x->singles[at].word != word)
        at = (at + 1) & last;
    return &x->singles[at];
}

/* As single_of, of two words. */
static pair *pair_of(const pairs *table, uint64_t mixed)
{
    const size_t last = ((size_t)1 << table->bits) - 1;
    const uint32_t hash = (uint32_t)mixed | 1;
    size_t at = (size_t)(mixed >> (64 - table->bits));

    while (table->slots[at].hash != 0 && table->slots[at].hash != hash)
        at = (at + 1) & last;
    return &table->slots[at];
}

/* The two letters before `end`. */
static inline uint16_t tail_before(const char *end)
{
    uint16_t tail;

    memcpy(&tail, end - sizeof(tail), sizeof(tail));
    return tail;
}

/* ---- building ---- */

/* Twice the slots, or the first. False if out of memory. */
static bool grow_singles(mk_index *x)
{
    const size_t n = x->singles ? (size_t)1 << x->single_bits : 0;
    single *const old = x->singles;

    x->single_bits = old ? x->single_bits + 1 : FIRST_BITS;
    x->singles = calloc((size_t)1 << x->single_bits, sizeof(*x->singles));
    for (size_t i = 0; i < n && x->singles; i++)
        if (old[i].word != 0)
            *single_of(x, old[i].word) = old[i];
    free(old);
    return x->singles != NULL;
}

/* A table with room for n pairs. False if out of memory. */
static bool make_pairs(pairs *table, size_t n)
{
    table->bits = FIRST_BITS;
    while ((size_t)1 << table->bits < n * 5 / 4 + 1)
        table->bits++;
    table->slots = calloc((size_t)1 << table->bits, sizeof(*table->slots));
    return table->slots != NULL;
}

/* False if out of memory. */
static bool make_gate(gate *g, size_t n)
{
    unsigned bits = MIN_GATE;
    while ((size_t)1 << bits < n * BITS_A_PHRASE)
        bits++;
    g->shift = 64 - bits;
    g->bits = calloc(((size_t)1 << bits) / 64, sizeof(*g->bits));
    return g->bits != NULL;
}

static bool is_label(const mk_entry *entry)
{
    return entry->anchor == MK_ANCHOR_PIECE || entry->anchor == MK_ANCHOR_WHOLE;
}

/* Puts phrase i, which is one word, before the others of its list. */
static bool put_single(mk_index *x, uint32_t i, uint64_t word)
{
    single *slot = single_of(x, word);

    if (slot->word == 0 && 2 * ++x->n_singles > (size_t)1 << x->single_bits) {
        if (!grow_singles(x))
            return false;
        slot = single_of(x, word);
    }
    x->phrases[i].next = slot->word != 0 ? slot->phrase : NOWHERE;
    *slot = (single){word, i};
    let_pass(&x->is_single, mix(word));
    if (x->phrases[i].label && x->phrases[i].n_letters >= MK_INDEX_GLUED)
        let_pass(&x->is_glued, mix_glued(word));
    return true;
}

/* Puts phrase i before the others of a list. Returns the list without it. */
static uint32_t put_pair(pairs *table, uint64_t mixed, uint32_t i)
{
    pair *const slot = pair_of(table, mixed);
    const uint32_t rest = slot->hash != 0 ? slot->phrase : NOWHERE;

    *slot = (pair){(uint32_t)mixed | 1, i};
    return rest;
}

/* As word_at, of a phrase, which may end anywhere. */
static uint64_t word_of_phrase(mk_str folded, size_t at, size_t *ret_len)
{
    char bytes[MK_WORD];
    const size_t left = folded.len - at;

    memset(bytes, ' ', sizeof(bytes));
    memcpy(bytes, folded.ptr + at, left < MK_WORD ? left : MK_WORD);
    return word_of(mk_word_load(bytes), ret_len);
}

/* Puts phrase i before the others of its lists: the last of the files is put first. */
static bool put_phrase(mk_index *x, uint32_t i, mk_str folded)
{
    phrase *const p = &x->phrases[i];
    size_t len, next_len;
    const uint64_t word = word_of_phrase(folded, 0, &len);
    const size_t end = word_end(folded, 0, len);
    const uint64_t next = end < folded.len ? word_of_phrase(folded, end + 1, &next_len) : 0;

    if (next == 0)
        return put_single(x, i, word);
    const uint64_t mixed = mix_pair(word, next);
    p->next = put_pair(&x->pairs, mixed, i);
    let_pass(&x->is_pair, mixed);
    if (p->label) {
        const uint64_t label = mix_label(word, next, 2);
        p->next_label = put_pair(&x->labels, label, i);
        let_pass(&x->is_label, label);
    }
    return true;
}

static bool put_phrases(mk_index *x, size_t n_lexicons)
{
    uint32_t i = x->n_phrases;

    for (size_t l = n_lexicons; l-- > 0;)
        for (size_t e = x->lexicons[l]->n_entries; e-- > 0;) {
            const mk_entry *const entry = &x->lexicons[l]->entries[e];
            const mk_str folded = entry->folded;
            x->phrases[--i] = (phrase){
                .letters = folded.ptr,
                .number = (uint16_t)e,
                .lexicon = (uint8_t)l,
                .label = is_label(entry),
                .n_letters = (uint16_t)folded.len,
                .tail = folded.len > 1 ? tail_before(folded.ptr + folded.len) : 0,
            };
            if (!put_phrase(x, i, folded))
                return false;
        }
    return true;
}

mk_index *mk_index_new(const mk_lexicon *const *lexicons, size_t n)
{
    mk_index *const x = calloc(1, sizeof(*x));

    if (!x)
        return NULL;
    x->lexicons = lexicons;
    for (size_t l = 0; l < n; l++)
        x->n_phrases += (uint32_t)lexicons[l]->n_entries;
    const size_t n_all = x->n_phrases;
    x->phrases = malloc((n_all + 1) * sizeof(*x->phrases));
    if (x->phrases && make_pairs(&x->pairs, n_all) && make_pairs(&x->labels, n_all) &&
        make_gate(&x->is_single, n_all / 4) && make_gate(&x->is_pair, n_all) &&
        make_gate(&x->is_glued, n_all / 4) && make_gate(&x->is_label, n_all / 2) &&
        grow_singles(x) && put_phrases(x, n))
        return x;
    mk_index_free(x);
    return NULL;
}

void mk_index_free(mk_index *index)
{
    if (!index)
        return;
    free(index->phrases);
    free(index->singles);
    free(index->pairs.slots);
    free(index->labels.slots);
    free(index->is_single.bits);
    free(index->is_pair.bits);
    free(index->is_glued.bits);
    free(index->is_label.bits);
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
    mk_str folded;
    size_t end;   /* of the bytes that count */
    size_t first; /* find of this search: those before stay where they are */
    mk_finds *ret;
} search;

/* Puts a find at its place: what was found begins before it, or where it does. */
static void put_find(const search *s, const phrase *p, size_t from)
{
    const mk_entry *const entry = &s->index->lexicons[p->lexicon]->entries[p->number];
    const uint32_t to = (uint32_t)(from + p->n_letters);
    mk_find *at = append(s->ret);

    if (!at)
        return;
    for (; at > s->ret->items + s->first && at[-1].to > to; at--)
        *at = at[-1];
    *at = (mk_find){entry, p->lexicon, p->number, (uint32_t)from, to};
}

static inline bool stands_at(const search *s, const phrase *p, size_t from)
{
    const char *const letters = s->folded.ptr + from;

    return p->n_letters <= s->end - from &&
           (p->tail == 0 || tail_before(letters + p->n_letters) == p->tail) &&
           memcmp(letters, p->letters, p->n_letters) == 0;
}

/* True if no word goes on behind the phrase. */
static inline bool ends_word(const search *s, const phrase *p, size_t from)
{
    const size_t to = from + p->n_letters;

    return to == s->folded.len || s->folded.ptr[to] == ' ';
}

/* Those of a list that are whole words from `from` on, and have so many letters. */
static void find_in_list(const search *s, uint32_t i, size_t from, size_t least)
{
    for (; i != NOWHERE; i = s->index->phrases[i].next) {
        const phrase *const p = &s->index->phrases[i];
        if (p->n_letters >= least && stands_at(s, p, from) && ends_word(s, p, from))
            put_find(s, p, from);
    }
}

/* The phrases that are this word. */
static inline uint32_t singles_of(const mk_index *x, uint64_t word)
{
    if (!may_pass(&x->is_single, mix(word)) || word == 0)
        return NOWHERE;
    const single *const found = single_of(x, word);
    return found->word != 0 ? found->phrase : NOWHERE;
}

/* Those of a table that begin with two words, whose bit is set. */
static inline uint32_t pairs_of(const pairs *table, uint64_t mixed)
{
    const pair *const found = pair_of(table, mixed);
    return found->hash != 0 ? found->phrase : NOWHERE;
}

/* The phrases from `from` on, where a word begins or follows its waw, and the next one. */
static inline void find_words(const search *s, size_t from, uint64_t word, uint64_t next,
                              size_t least)
{
    const mk_index *const x = s->index;
    const uint64_t mixed = mix_pair(word, next);

    if (may_pass(&x->is_single, mix(word)))
        find_in_list(s, singles_of(x, word), from, least);
    if (may_pass(&x->is_pair, mixed) && next != 0)
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
    const search s = {index, folded, to, ret->n, ret};
    size_t at = from, len = 0;

    if (from > 0 && from < to && folded.ptr[from - 1] != ' ') { /* inside a word */
        at = next_word(folded, from, to);
        if ((uint8_t)folded.ptr[from - 1] == MK_FOLD_WAW &&
            (from == 1 || folded.ptr[from - 2] == ' ')) {
            size_t rest;
            const uint64_t word = word_at(folded, from, &len);
            const uint64_t next = word_after(folded, word_end(folded, from, len), &rest);
            find_words(&s, from, word, next, AFTER_WAW);
        }
    }
    uint64_t word = at < to ? word_at(folded, at, &len) : 0;
    while (at < to) {
        const size_t end = word_end(folded, at, len);
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
    for (; i != NOWHERE; i = s->index->phrases[i].next) {
        const phrase *const p = &s->index->phrases[i];
        if (p->label && stands_at(s, p, at) &&
            (p->n_letters >= MK_INDEX_GLUED || ends_word(s, p, at)))
            put_find(s, p, at);
    }
}

/* As labels_alone, of several words. */
static void labels_in_list(const search *s, uint32_t i, size_t at)
{
    for (; i != NOWHERE; i = s->index->phrases[i].next_label) {
        const phrase *const p = &s->index->phrases[i];
        if (stands_at(s, p, at) && (p->n_letters >= MK_INDEX_GLUED || ends_word(s, p, at)))
            put_find(s, p, at);
    }
}

void mk_index_labels(const mk_index *index, mk_str folded, size_t at, mk_finds *ret)
{
    const search s = {index, folded, folded.len, ret->n, ret};
    size_t len, rest;
    const uint64_t word = word_at(folded, at, &len);

    /* Words that the first letters of this one are, glued to the rest of it. */
    if (len > MK_INDEX_GLUED && may_pass(&index->is_glued, mix_glued(word)))
        for (size_t n = MK_INDEX_GLUED; n < len; n++)
            labels_alone(&s, singles_of(index, mk_word_head(word, n)), at);
    labels_alone(&s, singles_of(index, word), at);
    const uint64_t next = word_after(folded, word_end(folded, at, len), &rest);
    if (next == 0)
        return;
    /* The second may be of one letter, and glued to what is not the label's. */
    for (size_t n = rest > 1 ? 2 : 1; n > 0; n--) {
        const uint64_t mixed = mix_label(word, next, n);
        if (may_pass(&index->is_label, mixed))
            labels_in_list(&s, pairs_of(&index->labels, mixed), at);
    }
}
