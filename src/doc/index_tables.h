/* index_tables.h: what an index is made of. index_build.c fills the tables when a chain
 * with lexicons of its own is opened, and make_lexicons.c prints those of the built-in
 * lexicons, so that a run with these alone builds nothing. For index.c and those two.
 *
 * Phrases in runs, which stand together in memory: those of one word by that word,
 * others by their first two, labels of several words also by the first and two letters
 * of the second, in which the runs of two words lie. Before the tables of runs stand bits,
 * which say no to most words. Most phrases are a whole line or begin one: these lie
 * apart, as they are asked for once a line, and the few that may stand anywhere, which
 * all words are asked for, so fit the first cache.
 *
 * Of a word the first eight letters count, in one number. Words that share them share
 * their runs: phrases are compared whole. */
#ifndef MK_INDEX_TABLES_H
#define MK_INDEX_TABLES_H

#include "doc/index.h"
#include "doc/words.h"

#define MK_NOWHERE UINT32_MAX /* no phrase */

typedef struct mk_index_phrase {
    uint32_t letters; /* where the first of n_letters is */
    uint16_t n_letters;
    uint16_t number; /* of the entry in its lexicon */
    uint16_t tail;   /* the last two letters: most are known by them; 0: it has one */
    uint8_t lexicon;
    uint8_t is; /* MK_PHRASE_ */
} mk_index_phrase;

enum {
    MK_PHRASE_LABEL = 1,     /* a piece or a whole line */
    MK_PHRASE_WHOLE = 2,     /* a whole line */
    MK_PHRASE_LAST = 4,      /* of those that begin with the same words */
    MK_PHRASE_LAST_LABEL = 8 /* of the run of labels */
};

/* The phrases that are this word. */
typedef struct mk_index_single {
    uint64_t word;   /* 0: an empty slot */
    uint32_t phrase; /* the first of the run */
    uint32_t none;   /* 0: so that all bytes are known */
} mk_index_single;

/* Those that begin with two words. Others may have the same hash. */
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
    mk_index_gate begins; /* single words and pairs */
} mk_index_words;

typedef struct mk_index_tables {
    const char *letters;            /* of all phrases */
    const mk_index_phrase *phrases; /* by their runs, in those in the order of the files */
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

static inline uint64_t mk_index_mix(uint64_t word)
{
    return word * UINT64_C(0x9E3779B97F4A7C15);
}

/* Of a word and the next one, which is mixed. */
static inline uint64_t mk_index_mix_before(uint64_t word, uint64_t mixed_next)
{
    return mk_index_mix(word ^ mixed_next >> 7);
}

static inline uint64_t mk_index_mix_pair(uint64_t word, uint64_t next)
{
    return mk_index_mix_before(word, mk_index_mix(next));
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

/* The slot where a search for two words begins. */
static inline size_t mk_pair_home(const mk_index_pairs *table, uint64_t mixed)
{
    return (size_t)(mixed >> (64 - table->bits));
}

/* The first slot from `at` on that has the hash of two words, or that is empty. */
static inline size_t mk_pair_slot(const mk_index_pairs *table, uint64_t mixed, size_t at)
{
    const size_t last = ((size_t)1 << table->bits) - 1;

    for (at &= last; table->slots[at].hash != 0; at = (at + 1) & last)
        if (table->slots[at].hash == mk_pair_hash(mixed))
            break;
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
