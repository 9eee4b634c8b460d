/* index_tables.h: what an index is made of. index_build.c fills the tables when a chain
 * with lexicons of its own is opened, and make_lexicons.c prints those of the built-in
 * lexicons, so that a run with these alone builds nothing. For index.c and those two.
 *
 * Phrases in lists: those of one word by that word, others by their first two, labels of
 * several words also by the first and two letters of the second. Before the tables of
 * lists stand bits, which say no to most words. Most phrases are a whole line or begin
 * one: these lie apart, as they are asked for once a line, and the few that may stand
 * anywhere, which all words are asked for, so fit the first cache.
 *
 * Of a word the first eight letters count, in one number. Words that share them share
 * their lists: phrases are compared whole. */
#ifndef MK_INDEX_TABLES_H
#define MK_INDEX_TABLES_H

#include "base/word.h"
#include "doc/index.h"

#define MK_NOWHERE UINT32_MAX /* no phrase: the end of a list */

typedef struct mk_index_phrase {
    uint32_t letters;    /* where the first of n_letters is */
    uint32_t next;       /* phrase of its list */
    uint32_t next_label; /* label of its list */
    uint16_t number;     /* of the entry in its lexicon */
    uint16_t n_letters;
    uint16_t tail; /* the last two letters: most are known by them; 0: it has one */
    uint8_t lexicon;
    uint8_t label; /* it is a piece or a whole line */
} mk_index_phrase;

/* The phrases that are this word. */
typedef struct mk_index_single {
    uint64_t word;   /* 0: an empty slot */
    uint32_t phrase; /* the first of the list */
    uint32_t none;   /* 0: so that all bytes are known */
} mk_index_single;

/* Those that begin with two words. */
typedef struct mk_index_pair {
    uint32_t hash; /* of both; 0: an empty slot */
    uint32_t phrase;
} mk_index_pair;

/* A table of them, open addressing, never full. */
typedef struct mk_index_pairs {
    const mk_index_pair *slots;
    unsigned bits; /* of their number */
} mk_index_pairs;

/* A bit for each that may be in a table: most words end here. */
typedef struct mk_index_gate {
    const uint64_t *words; /* of 64 bits */
    unsigned bits;         /* of their number */
} mk_index_gate;

/* Phrases by their first words. */
typedef struct mk_index_words {
    const mk_index_single *singles; /* open addressing */
    unsigned single_bits;           /* of their number */
    mk_index_pairs pairs;
    mk_index_gate is_single, is_pair;
} mk_index_words;

typedef struct mk_index_tables {
    const char *letters;            /* of all phrases */
    const mk_index_phrase *phrases; /* in the order of the files */
    uint32_t n_phrases, n_letters;
    mk_index_words opening; /* whole lines, their beginnings, pieces */
    mk_index_words inner;   /* what may stand anywhere */
    mk_index_pairs labels;
    mk_index_gate is_glued; /* beginnings of labels of one word */
    mk_index_gate is_label; /* labels of several */
} mk_index_tables;

/* Tables of n lexicons, or NULL: out of memory. */
mk_index_tables *mk_index_build(const mk_lexicon *const *lexicons, size_t n);
void mk_index_tables_free(mk_index_tables *tables); /* takes NULL */

/* ---- words ---- */

/* The letters of the word that the bytes begin with, and how many they are: to the
 * first space, eight at most. */
static inline uint64_t mk_index_word(uint64_t bytes, size_t *ret_len)
{
    const uint64_t found = mk_word_equal(bytes, ' ');
    const uint64_t first = found & (0 - found);

    *ret_len = found ? (size_t)__builtin_ctzll(found) / 8 : MK_WORD;
    return bytes & ((first >> 7) - 1);
}

/* Where the word at `at` ends, of which a load showed len letters. */
static inline size_t mk_index_word_end(mk_str folded, size_t at, size_t len)
{
    at += len;
    if (len < MK_WORD || at == folded.len || folded.ptr[at] == ' ')
        return at;
    const char *const space = memchr(folded.ptr + at, ' ', folded.len - at);
    return space ? (size_t)(space - folded.ptr) : folded.len;
}

static inline uint64_t mk_index_mix(uint64_t word)
{
    return word * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint64_t mk_index_mix_pair(uint64_t word, uint64_t next)
{
    return mk_index_mix(word ^ mk_index_mix(next) >> 7);
}

/* A word and n letters of the next; no word is as short as a shorter one's letters. */
static inline uint64_t mk_index_mix_label(uint64_t word, uint64_t next, size_t n)
{
    return mk_index_mix_pair(word, mk_word_head(next, n));
}

static inline uint64_t mk_index_mix_glued(uint64_t word)
{
    return mk_index_mix(mk_word_head(word, MK_INDEX_GLUED));
}

static inline bool mk_index_may_pass(const mk_index_gate *gate, uint64_t mixed)
{
    const uint64_t i = mixed >> (64 - gate->bits);
    return gate->words[i / 64] >> (i & 63) & 1;
}

/* The slot that has the word, or the empty one where it would be. */
static inline size_t mk_single_slot(const mk_index_single *singles, unsigned bits, uint64_t word)
{
    const size_t last = ((size_t)1 << bits) - 1;
    size_t at = (size_t)(mk_index_mix(word) >> (64 - bits));

    while (singles[at].word != 0 && singles[at].word != word)
        at = (at + 1) & last;
    return at;
}

static inline uint32_t mk_pair_hash(uint64_t mixed)
{
    return (uint32_t)mixed | 1;
}

/* As mk_single_slot, of two words. */
static inline size_t mk_pair_slot(const mk_index_pairs *table, uint64_t mixed)
{
    const size_t last = ((size_t)1 << table->bits) - 1;
    size_t at = (size_t)(mixed >> (64 - table->bits));

    while (table->slots[at].hash != 0 && table->slots[at].hash != mk_pair_hash(mixed))
        at = (at + 1) & last;
    return at;
}

/* The two letters before `end`. */
static inline uint16_t mk_tail_before(const char *end)
{
    uint16_t tail;

    memcpy(&tail, end - sizeof(tail), sizeof(tail));
    return tail;
}

#endif
