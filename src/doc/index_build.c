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
typedef struct word_lists {
    mk_index_words *tables;
    mk_index_single *singles;
    mk_index_pair *pairs;
    uint64_t *is_single, *is_pair; /* bits of the gates */
    size_t n_singles;
} word_lists;

typedef struct build {
    mk_index_tables *tables;
    char *letters;
    mk_index_phrase *phrases;
    word_lists opening, inner;
    mk_index_pair *labels;
    uint64_t *is_glued, *is_label;
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
static bool grow_singles(word_lists *w)
{
    mk_index_single *const old = w->singles;
    const size_t n = old ? (size_t)1 << w->tables->single_bits : 0;
    const unsigned bits = old ? w->tables->single_bits + 1 : FIRST_BITS;

    w->singles = calloc((size_t)1 << bits, sizeof(*w->singles));
    for (size_t i = 0; i < n && w->singles; i++)
        if (old[i].word != 0)
            w->singles[mk_single_slot(w->singles, bits, old[i].word)] = old[i];
    free(old);
    w->tables->single_bits = bits;
    w->tables->singles = w->singles;
    return w->singles != NULL;
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

/* Tables for n phrases. False if out of memory. */
static bool make_words(word_lists *w, mk_index_words *tables, size_t n)
{
    w->tables = tables;
    w->pairs = make_pairs(&tables->pairs, n);
    w->is_single = make_gate(&tables->is_single, n / 4);
    w->is_pair = make_gate(&tables->is_pair, n);
    return grow_singles(w) && w->pairs && w->is_single && w->is_pair;
}

/* Puts phrase i, which is one word, before the others of its list. */
static bool put_single(build *b, word_lists *w, uint32_t i, uint64_t word)
{
    mk_index_words *const t = w->tables;
    mk_index_phrase *const p = &b->phrases[i];
    mk_index_single *slot = &w->singles[mk_single_slot(w->singles, t->single_bits, word)];

    if (slot->word == 0 && 2 * ++w->n_singles > (size_t)1 << t->single_bits) {
        if (!grow_singles(w))
            return false;
        slot = &w->singles[mk_single_slot(w->singles, t->single_bits, word)];
    }
    p->next = slot->word != 0 ? slot->phrase : MK_NOWHERE;
    *slot = (mk_index_single){.word = word, .phrase = i};
    let_pass(&t->is_single, w->is_single, mk_index_mix(word));
    if (p->label && p->n_letters >= MK_INDEX_GLUED)
        let_pass(&b->tables->is_glued, b->is_glued, mk_index_mix_glued(word));
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
static bool put_phrase(build *b, word_lists *w, uint32_t i, mk_str folded)
{
    mk_index_tables *const t = b->tables;
    mk_index_phrase *const p = &b->phrases[i];
    size_t len, next_len;
    const uint64_t word = word_of_phrase(folded, 0, &len);
    const size_t end = mk_index_word_end(folded, 0, len);
    const uint64_t next = end < folded.len ? word_of_phrase(folded, end + 1, &next_len) : 0;

    if (next == 0)
        return put_single(b, w, i, word);
    const uint64_t mixed = mk_index_mix_pair(word, next);
    p->next = put_pair(&w->tables->pairs, w->pairs, mixed, i);
    let_pass(&w->tables->is_pair, w->is_pair, mixed);
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

/* True if it stands nowhere but where a line, or a piece of one, begins. */
static bool is_opening(const mk_entry *entry)
{
    return is_label(entry) || entry->anchor == MK_ANCHOR_PREFIX;
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
        if (!put_phrase(b, is_opening(entry) ? &b->opening : &b->inner, i + e, folded))
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

/* Room for all that is put. False if out of memory. */
static bool make_tables(build *b, size_t n_opening)
{
    mk_index_tables *const t = b->tables;
    const size_t n = t->n_phrases;

    t->letters = b->letters = malloc((size_t)t->n_letters + 1);
    t->phrases = b->phrases = malloc((n + 1) * sizeof(*b->phrases));
    b->labels = make_pairs(&t->labels, n_opening);
    b->is_glued = make_gate(&t->is_glued, n_opening / 4);
    b->is_label = make_gate(&t->is_label, n_opening / 2);
    const bool made = make_words(&b->opening, &t->opening, n_opening) &&
                      make_words(&b->inner, &t->inner, n - n_opening);
    return made && b->letters && b->phrases && b->labels && b->is_glued && b->is_label;
}

mk_index_tables *mk_index_build(const mk_lexicon *const *lexicons, size_t n)
{
    build b = {.tables = calloc(1, sizeof(*b.tables))};
    mk_index_tables *const t = b.tables;
    size_t n_opening = 0;

    if (!t)
        return NULL;
    for (size_t l = 0; l < n; l++) {
        t->n_phrases += lexicons[l]->n_entries;
        t->n_letters += lexicons[l]->n_folded;
        for (uint32_t e = 0; e < lexicons[l]->n_entries; e++)
            n_opening += is_opening(&lexicons[l]->entries[e]);
    }
    if (make_tables(&b, n_opening) && put_lexicons(&b, lexicons, n))
        return t;
    mk_index_tables_free(t);
    return NULL;
}

static void free_words(const mk_index_words *words)
{
    free((void *)words->singles);
    free((void *)words->pairs.slots);
    free((void *)words->is_single.words);
    free((void *)words->is_pair.words);
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
