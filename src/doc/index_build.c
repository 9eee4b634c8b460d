/* index_build.c: the tables of an index: phrases are sorted by how they begin, and the
 * first of each run goes into a table. Cases: tests/doc/test_index.c. */
#include <stdlib.h>

#include "doc/index_tables.h"

enum {
    FIRST_BITS = 8,   /* of the number of slots, to begin with */
    MIN_GATE = 14,    /* of the number of bits in a gate */
    BITS_A_PHRASE = 8, /* and as many for each phrase: one bit in eight is set */
    BITS_FOR_ALL = 16  /* where all words are asked, not only those that begin a line */
};

_Static_assert(MK_MAX_STEPS <= UINT8_MAX, "numbers of lexicons");

/* A phrase by what it is sorted by. */
typedef struct key {
    uint64_t label, pair; /* mixed; of one word: 0 and the word */
    mk_index_phrase phrase;
    uint32_t order; /* in the files */
    bool inner, single;
} key;

/* Tables that are being filled: what is const in them for those who search. */
typedef struct build {
    mk_index_tables *tables;
    key *keys; /* of all phrases */
    size_t n_keys;
    char *letters;
} build;

/* ---- keys ---- */

/* The first letters of the word at `at` of a phrase, which may end anywhere. */
static uint64_t word_of_phrase(mk_str folded, size_t at, size_t *ret_len)
{
    char bytes[MK_WORD];
    const size_t left = folded.len - at;

    memset(bytes, ' ', sizeof(bytes));
    memcpy(bytes, folded.ptr + at, left < MK_WORD ? left : MK_WORD);
    return mk_folded_word(mk_word_load(bytes), ret_len);
}

static uint8_t kind_of(const mk_entry *entry)
{
    switch ((mk_anchor)entry->anchor) {
    case MK_ANCHOR_WHOLE:
        return MK_PHRASE_LABEL | MK_PHRASE_WHOLE;
    case MK_ANCHOR_PIECE:
        return MK_PHRASE_LABEL;
    default:
        return 0;
    }
}

/* Entry e of lexicon l, whose letters begin at `letters` of all. */
static void put_key(build *b, const mk_lexicon *lexicon, size_t l, uint32_t e, uint32_t letters)
{
    const mk_entry *const entry = &lexicon->entries[e];
    const mk_str folded = mk_entry_folded(lexicon, entry);
    key *const k = &b->keys[b->n_keys];
    size_t len, next_len;
    const uint64_t word = word_of_phrase(folded, 0, &len);
    const size_t end = mk_folded_word_end(folded, 0, len);
    const uint64_t next = end < folded.len ? word_of_phrase(folded, end + 1, &next_len) : 0;

    k->phrase = (mk_index_phrase){
        .letters = letters + entry->folded,
        .n_letters = (uint16_t)folded.len,
        .number = (uint16_t)e,
        .tail = folded.len > 1 ? mk_tail_before(folded.ptr + folded.len) : 0,
        .lexicon = (uint8_t)l,
        .is = kind_of(entry),
    };
    k->order = (uint32_t)b->n_keys++;
    k->inner = !(k->phrase.is & MK_PHRASE_LABEL) && entry->anchor != MK_ANCHOR_PREFIX;
    k->single = next == 0;
    k->pair = k->single ? word : mk_index_mix_pair(word, next);
    k->label = k->single ? 0 : mk_index_mix_label(word, next, 2);
}

static void put_keys(build *b, const mk_lexicon *const *lexicons, size_t n)
{
    uint32_t letters = 0;

    for (size_t l = 0; l < n; l++) {
        for (uint32_t e = 0; e < lexicons[l]->n_entries; e++)
            put_key(b, lexicons[l], l, e, letters);
        if (lexicons[l]->n_folded > 0)
            memcpy(b->letters + letters, lexicons[l]->folded, lexicons[l]->n_folded);
        letters += lexicons[l]->n_folded;
    }
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_run(const void *a, const void *b)
{
    const key *const x = a, *const y = b;

    if (x->inner != y->inner)
        return x->inner ? 1 : -1;
    if (x->single != y->single)
        return x->single ? -1 : 1;
    if (x->label != y->label)
        return order(x->label, y->label);
    return x->pair != y->pair ? order(x->pair, y->pair) : order(x->order, y->order);
}

/* What by_run compares first, as a number: the family and the first bits of what follows. */
static uint32_t rank_of(const key *k)
{
    const uint32_t family = k->inner * UINT32_C(2) + !k->single;
    return family << 30 | (uint32_t)((k->single ? k->pair : k->label) >> 34);
}

enum { DIGIT_BITS = 16 };

/* Puts keys in the order of one half of their ranks; those with the same stay as they
 * stand. starts: room for one number more than such halves. */
static void sort_by_digit(const key *from, key *to, size_t n, unsigned shift, uint32_t *starts)
{
    const uint32_t mask = (1u << DIGIT_BITS) - 1;

    memset(starts, 0, (mask + 2) * sizeof(*starts));
    for (size_t i = 0; i < n; i++)
        starts[(rank_of(&from[i]) >> shift & mask) + 1]++;
    for (size_t d = 0; d < mask; d++)
        starts[d + 1] += starts[d];
    for (size_t i = 0; i < n; i++)
        to[starts[rank_of(&from[i]) >> shift & mask]++] = from[i];
}

/* Sorts the keys by their runs: by their ranks in two steps, then those of one rank by the
 * rest. There are tens of thousands, before a run begins. False if out of memory. */
static bool sort_keys(build *b)
{
    key *const other = malloc((b->n_keys + 1) * sizeof(*other));
    uint32_t *const starts = malloc(((1u << DIGIT_BITS) + 1) * sizeof(*starts));
    const bool done = other && starts;

    if (done) {
        sort_by_digit(b->keys, other, b->n_keys, 0, starts);
        sort_by_digit(other, b->keys, b->n_keys, DIGIT_BITS, starts);
        for (size_t from = 0, to; from < b->n_keys; from = to) {
            bool sorted = true;
            for (to = from + 1; to < b->n_keys && rank_of(&b->keys[to]) == rank_of(&b->keys[from]);
                 to++)
                sorted = sorted && by_run(&b->keys[to - 1], &b->keys[to]) < 0;
            if (!sorted)
                qsort(b->keys + from, to - from, sizeof(*b->keys), by_run);
        }
    }
    free(other);
    free(starts);
    return done;
}

static bool same_family(const key *a, const key *b)
{
    return a->inner == b->inner && a->single == b->single;
}

/* True if key i begins with the same words as the one before it. */
static bool goes_on(const build *b, size_t i)
{
    return i > 0 && i < b->n_keys && same_family(&b->keys[i - 1], &b->keys[i]) &&
           b->keys[i - 1].label == b->keys[i].label && b->keys[i - 1].pair == b->keys[i].pair;
}

static bool label_goes_on(const build *b, size_t i)
{
    return i > 0 && i < b->n_keys && same_family(&b->keys[i - 1], &b->keys[i]) &&
           b->keys[i - 1].label == b->keys[i].label;
}

/* ---- tables ---- */

/* A gate of so many bits for each of n phrases, or NULL. */
static uint64_t *make_gate(mk_index_gate *gate, size_t n, size_t bits)
{
    gate->bits = MIN_GATE;
    while ((size_t)1 << gate->bits < n * bits)
        gate->bits++;
    uint64_t *const words = calloc(((size_t)1 << gate->bits) / 64, sizeof(*words));
    gate->words = words;
    return words;
}

static void let_pass(const mk_index_gate *gate, uint64_t *words, uint64_t mixed)
{
    const uint64_t i = mixed >> (64 - gate->bits);
    words[i / 64] |= UINT64_C(1) << (i & 63);
}

/* The number of bits for a table that n leave half empty. */
static unsigned bits_for(size_t n)
{
    unsigned bits = FIRST_BITS;

    while ((size_t)1 << bits < 2 * n)
        bits++;
    return bits;
}

/* Slots with room for n, or NULL. */
static mk_index_pair *make_pairs(mk_index_pairs *table, size_t n)
{
    table->bits = bits_for(n);
    mk_index_pair *const slots = calloc((size_t)1 << table->bits, sizeof(*slots));
    table->slots = slots;
    return slots;
}

static void put_pair(const mk_index_pairs *table, mk_index_pair *slots, uint64_t mixed, size_t i)
{
    size_t at = mk_pair_slot(table, mixed, mk_pair_home(table, mixed));

    while (slots[at].hash != 0) /* another run with the same hash */
        at = mk_pair_slot(table, mixed, at + 1);
    slots[at] = (mk_index_pair){mk_pair_hash(mixed), (uint32_t)i};
}

/* The words of phrases that may stand anywhere, or of the others. */
static bool put_words(const build *b, mk_index_words *t, bool inner)
{
    size_t n_singles = 0, n_pairs = 0;

    for (size_t i = 0; i < b->n_keys; i++)
        if (b->keys[i].inner == inner && !goes_on(b, i))
            *(b->keys[i].single ? &n_singles : &n_pairs) += 1;
    t->single_bits = bits_for(n_singles);
    mk_index_single *const singles = calloc((size_t)1 << t->single_bits, sizeof(*singles));
    t->singles = singles;
    mk_index_pair *const pairs = make_pairs(&t->pairs, n_pairs);
    uint64_t *const begins = make_gate(&t->begins, n_singles + n_pairs,
                                       inner ? BITS_FOR_ALL : BITS_A_PHRASE);
    if (!singles || !pairs || !begins)
        return false;
    for (size_t i = 0; i < b->n_keys; i++) {
        const key *const k = &b->keys[i];
        if (k->inner != inner || goes_on(b, i))
            continue;
        if (k->single) {
            let_pass(&t->begins, begins, mk_index_mix(k->pair));
            singles[mk_single_slot(singles, t->single_bits, k->pair)] = (mk_index_single){
                .word = k->pair, .phrase = (uint32_t)i};
        } else {
            put_pair(&t->pairs, pairs, k->pair, i);
            let_pass(&t->begins, begins, k->pair);
        }
    }
    return true;
}

/* A run of labels while its keys are gone through. */
typedef struct run {
    size_t first;   /* key */
    bool has_label; /* so far */
} run;

/* True if key i is of several words, and the first label of its run. */
static bool opens_labels(const build *b, size_t i, run *r)
{
    if (!label_goes_on(b, i))
        *r = (run){.first = i};
    const bool opens = !r->has_label && !b->keys[i].single &&
                       b->keys[i].phrase.is & MK_PHRASE_LABEL;
    r->has_label |= opens;
    return opens;
}

/* The labels, glued ones among them. */
static bool put_labels(const build *b, mk_index_tables *t)
{
    size_t n_single = 0, n_runs = 0;
    run r = {0};

    for (size_t i = 0; i < b->n_keys; i++) {
        n_single += b->keys[i].phrase.is & MK_PHRASE_LABEL && b->keys[i].single;
        n_runs += opens_labels(b, i, &r);
    }
    mk_index_pair *const labels = make_pairs(&t->labels, n_runs);
    uint64_t *const is_glued = make_gate(&t->is_glued, n_single, BITS_A_PHRASE);
    uint64_t *const is_label = make_gate(&t->is_label, n_runs, BITS_A_PHRASE);
    if (!labels || !is_glued || !is_label)
        return false;
    for (size_t i = 0; i < b->n_keys; i++) {
        const key *const k = &b->keys[i];
        if (opens_labels(b, i, &r)) {
            put_pair(&t->labels, labels, k->label, r.first);
            let_pass(&t->is_label, is_label, k->label);
        } else if (k->single && k->phrase.is & MK_PHRASE_LABEL &&
                   k->phrase.n_letters >= MK_INDEX_GLUED) {
            let_pass(&t->is_glued, is_glued, mk_index_mix_glued(k->pair));
        }
    }
    return true;
}

/* The phrases, and where their runs end. */
static bool put_phrases(const build *b, mk_index_tables *t)
{
    mk_index_phrase *const phrases = malloc((b->n_keys + 1) * sizeof(*phrases));

    t->phrases = phrases;
    for (size_t i = 0; i < b->n_keys && phrases; i++) {
        phrases[i] = b->keys[i].phrase;
        if (!goes_on(b, i + 1))
            phrases[i].is |= MK_PHRASE_LAST;
        if (!label_goes_on(b, i + 1))
            phrases[i].is |= MK_PHRASE_LAST_LABEL;
    }
    return phrases != NULL;
}

mk_index_tables *mk_index_build(const mk_lexicon *const *lexicons, size_t n)
{
    build b = {.tables = calloc(1, sizeof(*b.tables))};
    mk_index_tables *const t = b.tables;

    if (!t)
        return NULL;
    for (size_t l = 0; l < n; l++) {
        t->n_phrases += lexicons[l]->n_entries;
        t->n_letters += lexicons[l]->n_folded;
    }
    t->letters = b.letters = malloc((size_t)t->n_letters + 1);
    b.keys = malloc(((size_t)t->n_phrases + 1) * sizeof(*b.keys));
    bool done = b.letters && b.keys;
    if (done) {
        put_keys(&b, lexicons, n);
        done = sort_keys(&b) && put_phrases(&b, t) && put_words(&b, &t->opening, false) &&
               put_words(&b, &t->inner, true) && put_labels(&b, t);
    }
    free(b.keys);
    if (done)
        return t;
    mk_index_tables_free(t);
    return NULL;
}

static void free_words(const mk_index_words *words)
{
    free((void *)words->singles);
    free((void *)words->pairs.slots);
    free((void *)words->begins.words);
}

void mk_index_tables_free(mk_index_tables *tables)
{
    if (!tables)
        return;
    free((void *)tables->letters);
    free((void *)tables->phrases);
    free_words(&tables->opening);
    free_words(&tables->inner);
    free((void *)tables->labels.slots);
    free((void *)tables->is_glued.words);
    free((void *)tables->is_label.words);
    free(tables);
}
