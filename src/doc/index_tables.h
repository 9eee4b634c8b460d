/* index_tables.h: what an index is made of. index_build.c fills the tables when a chain
 * with lexicons of its own is opened, and make_lexicons.c prints those of the built-in
 * lexicons, so that a run with these alone builds nothing. For index.c and those two.
 *
 * Phrases in lists by their first word, by their first two, and the words in tables.
 * Before the tables stand bits, one for each word that may begin a phrase and one for
 * each pair, which fit the first caches.
 *
 * Of a word the first eight letters count, in one number. Words that share them share
 * their lists: phrases are compared whole. */
#ifndef MK_INDEX_TABLES_H
#define MK_INDEX_TABLES_H

#include "base/word.h"
#include "doc/index.h"

enum {
    MK_GATE_BITS = 16,  /* of the number of bits for words */
    MK_PAIR_BITS = 17,  /* for two words */
    MK_GLUED_BITS = 14, /* for beginnings of labels */
    MK_LABEL_BITS = 15  /* for a word and the first letter of the next */
};

#define MK_NOWHERE UINT32_MAX /* no phrase: the end of a list */

typedef struct mk_index_phrase {
    uint32_t letters;    /* where the first of n_letters is */
    uint32_t next;       /* phrase with the same first words */
    uint32_t next_label; /* label of several words with the same first one */
    uint16_t number;     /* of the entry in its lexicon */
    uint16_t n_letters;
    uint16_t tail; /* the last two letters: most are known by them; 0: it has one */
    uint8_t lexicon;
    uint8_t label; /* it is a piece or a whole line */
} mk_index_phrase;

/* A first word. */
typedef struct mk_index_start {
    uint64_t word;  /* 0: an empty slot */
    uint32_t alone; /* phrases without another word */
    uint32_t label; /* labels of several words */
} mk_index_start;

/* Two first words. */
typedef struct mk_index_pair {
    uint32_t hash; /* of both; 0: an empty slot */
    uint32_t phrase;
} mk_index_pair;

typedef struct mk_index_tables {
    const char *letters;            /* of all phrases */
    const mk_index_phrase *phrases; /* in the order of the files */
    const mk_index_start *starts;   /* open addressing */
    const mk_index_pair *pairs;     /* the same */
    uint32_t n_phrases, n_letters;
    unsigned start_bits, pair_bits; /* of their numbers */
    uint64_t is_start[((size_t)1 << MK_GATE_BITS) / 64];
    uint64_t is_pair[((size_t)1 << MK_PAIR_BITS) / 64];
    uint64_t is_glued[((size_t)1 << MK_GLUED_BITS) / 64]; /* labels of one word */
    uint64_t is_label[((size_t)1 << MK_LABEL_BITS) / 64]; /* of several */
} mk_index_tables;

/* Tables of n lexicons, or NULL: out of memory. */
mk_index_tables *mk_index_build(const mk_lexicon *const *lexicons, size_t n);
void mk_index_tables_free(mk_index_tables *tables); /* takes NULL */

/* The first letters of the word at `at`, eight at most, and how many they are. */
static inline uint64_t mk_index_word(mk_str folded, size_t at, size_t *ret_len)
{
    const size_t left = folded.len - at;
    const uint64_t bytes = left >= MK_WORD ? mk_word_load(folded.ptr + at)
                                           : mk_word_load_part(folded.ptr + at, left);
    const uint64_t found = mk_word_equal(bytes, ' ');
    size_t n = found ? (size_t)__builtin_ctzll(found) / 8 : MK_WORD;

    n = n < left ? n : left;
    *ret_len = n;
    return mk_word_head(bytes, n);
}

/* The word after the one at `at`, of which a load showed len letters; 0: none. */
static inline uint64_t mk_index_word_after(mk_str folded, size_t at, size_t len)
{
    const char *space = folded.ptr + at + len;

    if (at + len < folded.len && *space != ' ')
        space = memchr(space, ' ', folded.len - at - len);
    if (!space || space + 1 >= folded.ptr + folded.len)
        return 0;
    return mk_index_word(folded, (size_t)(space - folded.ptr) + 1, &len);
}

static inline uint64_t mk_index_mix(uint64_t word)
{
    return word * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint64_t mk_index_mix_pair(uint64_t word, uint64_t next)
{
    return mk_index_mix(word ^ mk_index_mix(next) >> 7);
}

static inline uint64_t mk_bit_of_start(uint64_t word)
{
    return mk_index_mix(word) >> (64 - MK_GATE_BITS);
}

static inline uint64_t mk_bit_of_pair(uint64_t mixed)
{
    return mixed >> (64 - MK_PAIR_BITS);
}

static inline uint64_t mk_bit_of_glued(uint64_t word)
{
    return mk_index_mix(mk_word_head(word, MK_INDEX_GLUED)) >> (64 - MK_GLUED_BITS);
}

static inline uint64_t mk_bit_of_label(uint64_t word, uint64_t next)
{
    return mk_index_mix_pair(word, mk_word_head(next, 1)) >> (64 - MK_LABEL_BITS);
}

/* The slot that has the word, or the empty one where it would be. */
static inline size_t mk_start_slot(const mk_index_start *starts, unsigned bits, uint64_t word)
{
    const size_t last = ((size_t)1 << bits) - 1;
    size_t at = (size_t)(mk_index_mix(word) >> (64 - bits));

    while (starts[at].word != 0 && starts[at].word != word)
        at = (at + 1) & last;
    return at;
}

static inline uint32_t mk_pair_hash(uint64_t mixed)
{
    return (uint32_t)mixed | 1;
}

/* As mk_start_slot, of two words. */
static inline size_t mk_pair_slot(const mk_index_pair *pairs, unsigned bits, uint64_t mixed)
{
    const size_t last = ((size_t)1 << bits) - 1;
    size_t at = (size_t)(mixed >> (64 - bits));

    while (pairs[at].hash != 0 && pairs[at].hash != mk_pair_hash(mixed))
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
