/* index.c: see index.h. Phrases in lists by their first word, by their first two, and
 * the words in tables. Before the tables stand bits, one for each word that may begin
 * a phrase and one for each pair, which fit the first caches. A run builds it each
 * time it starts, so building is done in time that is linear in the phrases.
 *
 * Of a word the first eight letters count, in one number. Words that share them share
 * their lists: phrases are compared whole.
 * Cases: tests/doc/test_index.c. */
#include "doc/index.h"

#include <stdlib.h>

#include "base/word.h"
#include "doc/fold.h"

enum {
    GATE_BITS = 16,  /* of the number of bits for words */
    PAIR_BITS = 17,  /* for two words */
    GLUED_BITS = 14, /* for beginnings of labels */
    LABEL_BITS = 15, /* for a word and the first letter of the next */
    FIRST_BITS = 8   /* of the number of slots for first words, to begin with */
};

#define NOWHERE UINT32_MAX /* no phrase: the end of a list */

typedef struct phrase {
    const char *letters; /* n_letters of them */
    uint32_t next;       /* phrase with the same first words */
    uint32_t next_label; /* label of several words with the same first one */
    uint16_t number;     /* of the entry in its lexicon */
    uint8_t lexicon;
    bool label; /* it is a piece or a whole line */
    uint16_t n_letters;
    uint16_t tail; /* the last two letters: most are known by them; 0: it has one */
} phrase;

/* A first word. */
typedef struct start {
    uint64_t word;  /* 0: an empty slot */
    uint32_t alone; /* phrases without another word */
    uint32_t label; /* labels of several words */
} start;

/* Two first words. */
typedef struct pair {
    uint32_t hash; /* of both; 0: an empty slot */
    uint32_t phrase;
} pair;

struct mk_index {
    const mk_lexicon *const *lexicons;
    phrase *phrases; /* in the order of the files */
    uint32_t n_phrases;
    start *starts; /* open addressing */
    pair *pairs;
    unsigned start_bits, pair_bits; /* of their numbers */
    size_t n_starts;
    uint64_t is_start[((size_t)1 << GATE_BITS) / 64];
    uint64_t is_pair[((size_t)1 << PAIR_BITS) / 64];
    uint64_t is_glued[((size_t)1 << GLUED_BITS) / 64]; /* labels of one word */
    uint64_t is_label[((size_t)1 << LABEL_BITS) / 64]; /* of several */
};

_Static_assert(MK_MAX_STEPS <= UINT8_MAX, "numbers of lexicons");

/* ---- words ---- */

/* The first letters of the word at `at`, eight at most, and how many they are. */
static inline uint64_t word_at(mk_str folded, size_t at, size_t *ret_len)
{
    const size_t left = folded.len - at;
    const uint64_t bytes = left >= MK_WORD ? mk_word_load(folded.ptr + at)
                                           : mk_word_load_part(folded.ptr + at, left);
    const uint64_t ones = UINT64_C(0x0101010101010101), spaces = bytes ^ ones * ' ';
    const uint64_t found = (spaces - ones) & ~spaces & ones << 7;
    size_t n = found ? (size_t)__builtin_ctzll(found) / 8 : MK_WORD;

    n = n < left ? n : left;
    *ret_len = n;
    return mk_word_head(bytes, n);
}

/* The word after the one at `at`, of which a load showed len letters; 0: none. */
static inline uint64_t word_after(mk_str folded, size_t at, size_t len)
{
    const char *space = folded.ptr + at + len;

    if (at + len < folded.len && *space != ' ')
        space = memchr(space, ' ', folded.len - at - len);
    if (!space || space + 1 >= folded.ptr + folded.len)
        return 0;
    return word_at(folded, (size_t)(space - folded.ptr) + 1, &len);
}

static inline uint64_t mix(uint64_t word)
{
    return word * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint64_t mix_pair(uint64_t word, uint64_t next)
{
    return mix(word ^ mix(next) >> 7);
}

static inline void set_bit(uint64_t *bits, uint64_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i & 63);
}

static inline bool has_bit(const uint64_t *bits, uint64_t i)
{
    return bits[i / 64] >> (i & 63) & 1;
}

static inline uint64_t bit_of_start(uint64_t word)
{
    return mix(word) >> (64 - GATE_BITS);
}

static inline uint64_t bit_of_glued(uint64_t word)
{
    return mix(mk_word_head(word, MK_INDEX_GLUED)) >> (64 - GLUED_BITS);
}

static inline uint64_t bit_of_label(uint64_t word, uint64_t next)
{
    return mix_pair(word, mk_word_head(next, 1)) >> (64 - LABEL_BITS);
}

/* The slot that has the word, or the empty one where it would be. */
static start *start_of(const mk_index *x, uint64_t word)
{
    const size_t last = ((size_t)1 << x->start_bits) - 1;
    size_t at = (size_t)(mix(word) >> (64 - x->start_bits));

    while (x->starts[at].word != 0 && x->starts[at].word != word)
        at = (at + 1) & last;
    return &x->starts[at];
}

/* As start_of, of two words. */
static pair *pair_of(const mk_index *x, uint64_t mixed)
{
    const size_t last = ((size_t)1 << x->pair_bits) - 1;
    const uint32_t hash = (uint32_t)mixed | 1;
    size_t at = (size_t)(mixed >> (64 - x->pair_bits));

    while (x->pairs[at].hash != 0 && x->pairs[at].hash != hash)
        at = (at + 1) & last;
    return &x->pairs[at];
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
static bool grow_starts(mk_index *x)
{
    const size_t n = x->starts ? (size_t)1 << x->start_bits : 0;
    start *const old = x->starts;

    x->start_bits = old ? x->start_bits + 1 : FIRST_BITS;
    x->starts = calloc((size_t)1 << x->start_bits, sizeof(*x->starts));
    for (size_t i = 0; i < n && x->starts; i++)
        if (old[i].word != 0)
            *start_of(x, old[i].word) = old[i];
    free(old);
    return x->starts != NULL;
}

/* The slot of a first word, perhaps a new one; NULL: out of memory. */
static start *put_start(mk_index *x, uint64_t word)
{
    start *slot = start_of(x, word);

    if (slot->word != 0)
        return slot;
    if (2 * ++x->n_starts > (size_t)1 << x->start_bits) {
        if (!grow_starts(x))
            return NULL;
        slot = start_of(x, word);
    }
    *slot = (start){word, NOWHERE, NOWHERE};
    set_bit(x->is_start, bit_of_start(word));
    return slot;
}

static bool is_label(const mk_entry *entry)
{
    return entry->anchor == MK_ANCHOR_PIECE || entry->anchor == MK_ANCHOR_WHOLE;
}

/* Puts phrase i before the others of its lists: the last of the files is put first. */
static bool put_phrase(mk_index *x, uint32_t i, const mk_entry *entry)
{
    phrase *const p = &x->phrases[i];
    size_t len;
    const uint64_t word = word_at(entry->folded, 0, &len);
    const uint64_t next = word_after(entry->folded, 0, len);
    start *const s = put_start(x, word);

    if (!s)
        return false;
    if (next == 0) {
        p->next = s->alone;
        s->alone = i;
        if (p->label && len >= MK_INDEX_GLUED)
            set_bit(x->is_glued, bit_of_glued(word));
        return true;
    }
    if (p->label) {
        p->next_label = s->label;
        s->label = i;
        set_bit(x->is_label, bit_of_label(word, next));
    }
    const uint64_t mixed = mix_pair(word, next);
    pair *const slot = pair_of(x, mixed);
    p->next = slot->hash != 0 ? slot->phrase : NOWHERE;
    *slot = (pair){(uint32_t)mixed | 1, i};
    set_bit(x->is_pair, mixed >> (64 - PAIR_BITS));
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
            if (!put_phrase(x, i, entry))
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
    x->pair_bits = FIRST_BITS;
    while ((size_t)1 << x->pair_bits < 2 * (size_t)x->n_phrases)
        x->pair_bits++;
    x->phrases = malloc(((size_t)x->n_phrases + 1) * sizeof(*x->phrases));
    x->pairs = calloc((size_t)1 << x->pair_bits, sizeof(*x->pairs));
    if (x->phrases && x->pairs && grow_starts(x) && put_phrases(x, n))
        return x;
    mk_index_free(x);
    return NULL;
}

void mk_index_free(mk_index *index)
{
    if (!index)
        return;
    free(index->phrases);
    free(index->starts);
    free(index->pairs);
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

/* The slot of a first word; NULL: no phrase begins so. */
static inline const start *find_start(const mk_index *x, uint64_t word)
{
    const start *const found = word != 0 && has_bit(x->is_start, bit_of_start(word))
                                   ? start_of(x, word)
                                   : NULL;

    return found && found->word == word ? found : NULL;
}

/* The phrases from `from` on, which begins a word or follows its waw. Returns how many
 * letters it has, as far as one load shows. */
static inline size_t find_at(const search *s, size_t from, size_t least)
{
    const mk_index *const x = s->index;
    size_t len;
    const uint64_t word = word_at(s->folded, from, &len);

    const start *const found = find_start(x, word);
    if (!found)
        return len;
    find_in_list(s, found->alone, from, least);
    const uint64_t mixed = mix_pair(word, word_after(s->folded, from, len));
    if (has_bit(x->is_pair, mixed >> (64 - PAIR_BITS))) {
        const pair *const two = pair_of(x, mixed);
        find_in_list(s, two->hash != 0 ? two->phrase : NOWHERE, from, least);
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
    const search s = {index, folded, to, ret->n, ret};
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
    for (; i != NOWHERE; i = s->index->phrases[i].next) {
        const phrase *const p = &s->index->phrases[i];
        if (p->label && stands_at(s, p, at) &&
            (p->n_letters >= MK_INDEX_GLUED || ends_word(s, p, at)))
            put_find(s, p, at);
    }
}

void mk_index_labels(const mk_index *index, mk_str folded, size_t at, mk_finds *ret)
{
    const search s = {index, folded, folded.len, ret->n, ret};
    size_t len;
    const uint64_t word = word_at(folded, at, &len);
    const start *found;

    /* Words that the first letters of this one are, glued to the rest of it. */
    if (len > MK_INDEX_GLUED && has_bit(index->is_glued, bit_of_glued(word)))
        for (size_t n = MK_INDEX_GLUED; n < len; n++)
            if ((found = find_start(index, mk_word_head(word, n))) != NULL)
                labels_alone(&s, found->alone, at);
    if ((found = find_start(index, word)) == NULL)
        return;
    labels_alone(&s, found->alone, at);
    if (!has_bit(index->is_label, bit_of_label(word, word_after(folded, at, len))))
        return;
    for (uint32_t i = found->label; i != NOWHERE; i = index->phrases[i].next_label) {
        const phrase *const p = &index->phrases[i];
        if (stands_at(&s, p, at) && (p->n_letters >= MK_INDEX_GLUED || ends_word(&s, p, at)))
            put_find(&s, p, at);
    }
}
