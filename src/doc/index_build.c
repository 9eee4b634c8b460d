/* index_build.c: the tables of an index, in time that is linear in the phrases.
 * Cases: tests/doc/test_index.c. */
#include <stdlib.h>

#include "doc/index_tables.h"

enum {
    FIRST_BITS = 8,   /* of the number of slots for words, to begin with */
    MIN_GATE = 14,    /* of the number of bits in a gate */
    BITS_A_PHRASE = 8 /* and as many for each phrase: one bit in eight is set */
};

_Static_assert(MK_MAX_STEPS <= UINT8_MAX, "numbers of lexicons");

/* Tables that are being filled: what is const in them for those who search. */
typedef struct build {
    mk_index_tables *tables;
    char *letters;
    mk_index_phrase *phrases;
    mk_index_single *singles;
    mk_index_pair *pairs, *labels;
    uint64_t *is_single, *is_pair, *is_glued, *is_label; /* bits of the gates */
    size_t n_singles;
} build;

/* Bits for n phrases, or NULL. */
static uint64_t *make_gate(mk_index_gate *gate, size_t n)
{
    gate->bits = MIN_GATE;
    while ((size_t)1 << gate->bits < n * BITS_A_PHRASE)
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

/* Twice the slots, or the first. False if out of memory. */
static bool grow_singles(build *b)
{
    mk_index_single *const old = b->singles;
    const size_t n = old ? (size_t)1 << b->tables->single_bits : 0;
    const unsigned bits = old ? b->tables->single_bits + 1 : FIRST_BITS;

    b->singles = calloc((size_t)1 << bits, sizeof(*b->singles));
    for (size_t i = 0; i < n && b->singles; i++)
        if (old[i].word != 0)
            b->singles[mk_single_slot(b->singles, bits, old[i].word)] = old[i];
    free(old);
    b->tables->single_bits = bits;
    return b->singles != NULL;
}

/* Slots with room for n pairs, or NULL. */
static mk_index_pair *make_pairs(mk_index_pairs *table, size_t n)
{
    table->bits = FIRST_BITS;
    while ((size_t)1 << table->bits < n * 5 / 4 + 1)
        table->bits++;
    mk_index_pair *const slots = calloc((size_t)1 << table->bits, sizeof(*slots));
    table->slots = slots;
    return slots;
}

/* Puts phrase i, which is one word, before the others of its list. */
static bool put_single(build *b, uint32_t i, uint64_t word)
{
    mk_index_tables *const t = b->tables;
    mk_index_phrase *const p = &b->phrases[i];
    mk_index_single *slot = &b->singles[mk_single_slot(b->singles, t->single_bits, word)];

    if (slot->word == 0 && 2 * ++b->n_singles > (size_t)1 << t->single_bits) {
        if (!grow_singles(b))
            return false;
        slot = &b->singles[mk_single_slot(b->singles, t->single_bits, word)];
    }
    p->next = slot->word != 0 ? slot->phrase : MK_NOWHERE;
    *slot = (mk_index_single){.word = word, .phrase = i};
    let_pass(&t->is_single, b->is_single, mk_index_mix(word));
    if (p->label && p->n_letters >= MK_INDEX_GLUED)
        let_pass(&t->is_glued, b->is_glued, mk_index_mix_glued(word));
    return true;
}

/* Puts phrase i before the others of a list. Returns the list without it. */
static uint32_t put_pair(const mk_index_pairs *table, mk_index_pair *slots, uint64_t mixed,
                         uint32_t i)
{
    mk_index_pair *const slot = &slots[mk_pair_slot(table, mixed)];
    const uint32_t rest = slot->hash != 0 ? slot->phrase : MK_NOWHERE;

    *slot = (mk_index_pair){mk_pair_hash(mixed), i};
    return rest;
}

/* The first letters of the word at `at` of a phrase, which may end anywhere. */
static uint64_t word_of_phrase(mk_str folded, size_t at, size_t *ret_len)
{
    char bytes[MK_WORD];
    const size_t left = folded.len - at;

    memset(bytes, ' ', sizeof(bytes));
    memcpy(bytes, folded.ptr + at, left < MK_WORD ? left : MK_WORD);
    return mk_index_word(mk_word_load(bytes), ret_len);
}

/* Puts phrase i before the others of its lists: the last of the files is put first. */
static bool put_phrase(build *b, uint32_t i, mk_str folded)
{
    mk_index_tables *const t = b->tables;
    mk_index_phrase *const p = &b->phrases[i];
    size_t len, next_len;
    const uint64_t word = word_of_phrase(folded, 0, &len);
    const size_t end = mk_index_word_end(folded, 0, len);
    const uint64_t next = end < folded.len ? word_of_phrase(folded, end + 1, &next_len) : 0;

    if (next == 0)
        return put_single(b, i, word);
    const uint64_t mixed = mk_index_mix_pair(word, next);
    p->next = put_pair(&t->pairs, b->pairs, mixed, i);
    let_pass(&t->is_pair, b->is_pair, mixed);
    if (p->label) {
        const uint64_t label = mk_index_mix_label(word, next, 2);
        p->next_label = put_pair(&t->labels, b->labels, label, i);
        let_pass(&t->is_label, b->is_label, label);
    }
    return true;
}

static bool is_label(const mk_entry *entry)
{
    return entry->anchor == MK_ANCHOR_PIECE || entry->anchor == MK_ANCHOR_WHOLE;
}

/* Puts the phrases of lexicon l, of which phrase i and `letters` are the first. */
static bool put_lexicon(build *b, const mk_lexicon *lexicon, size_t l, uint32_t i, uint32_t letters)
{
    for (uint32_t e = lexicon->n_entries; e-- > 0;) {
        const mk_entry *const entry = &lexicon->entries[e];
        const mk_str folded = mk_entry_folded(lexicon, entry);
        b->phrases[i + e] = (mk_index_phrase){
            .letters = letters + entry->folded,
            .next_label = MK_NOWHERE,
            .number = (uint16_t)e,
            .n_letters = (uint16_t)folded.len,
            .tail = folded.len > 1 ? mk_tail_before(folded.ptr + folded.len) : 0,
            .lexicon = (uint8_t)l,
            .label = is_label(entry),
        };
        if (!put_phrase(b, i + e, folded))
            return false;
    }
    if (lexicon->n_folded > 0)
        memcpy(b->letters + letters, lexicon->folded, lexicon->n_folded);
    return true;
}

static bool put_lexicons(build *b, const mk_lexicon *const *lexicons, size_t n)
{
    uint32_t i = b->tables->n_phrases, letters = b->tables->n_letters;

    for (size_t l = n; l-- > 0;) {
        i -= lexicons[l]->n_entries;
        letters -= lexicons[l]->n_folded;
        if (!put_lexicon(b, lexicons[l], l, i, letters))
            return false;
    }
    return true;
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
    b.letters = malloc((size_t)t->n_letters + 1);
    b.phrases = malloc(((size_t)t->n_phrases + 1) * sizeof(*b.phrases));
    b.pairs = make_pairs(&t->pairs, t->n_phrases);
    b.labels = make_pairs(&t->labels, t->n_phrases);
    b.is_single = make_gate(&t->is_single, t->n_phrases / 4);
    b.is_pair = make_gate(&t->is_pair, t->n_phrases);
    b.is_glued = make_gate(&t->is_glued, t->n_phrases / 4);
    b.is_label = make_gate(&t->is_label, t->n_phrases / 2);
    const bool done = b.letters && b.phrases && b.pairs && b.labels && b.is_single && b.is_pair &&
                      b.is_glued && b.is_label && grow_singles(&b) && put_lexicons(&b, lexicons, n);
    t->letters = b.letters;
    t->phrases = b.phrases;
    t->singles = b.singles;
    if (done)
        return t;
    mk_index_tables_free(t);
    return NULL;
}

void mk_index_tables_free(mk_index_tables *tables)
{
    if (!tables)
        return;
    free((void *)tables->letters);
    free((void *)tables->phrases);
    free((void *)tables->singles);
    free((void *)tables->pairs.slots);
    free((void *)tables->labels.slots);
    free((void *)tables->is_single.words);
    free((void *)tables->is_pair.words);
    free((void *)tables->is_glued.words);
    free((void *)tables->is_label.words);
    free(tables);
}
