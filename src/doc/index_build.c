/* index_build.c: the tables of an index, in time that is linear in the phrases.
 * Cases: tests/doc/test_index.c. */
#include <stdlib.h>

#include "doc/index_tables.h"

enum { FIRST_BITS = 8 /* of the number of slots for first words, to begin with */ };

_Static_assert(MK_MAX_STEPS <= UINT8_MAX, "numbers of lexicons");

/* Tables that are being filled. */
typedef struct build {
    mk_index_tables *tables;
    char *letters;
    mk_index_phrase *phrases;
    mk_index_start *starts;
    mk_index_pair *pairs;
    size_t n_starts;
} build;

static inline void set_bit(uint64_t *bits, uint64_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i & 63);
}

/* Twice the slots, or the first. False if out of memory. */
static bool grow_starts(build *b)
{
    mk_index_start *const old = b->starts;
    const size_t n = old ? (size_t)1 << b->tables->start_bits : 0;
    const unsigned bits = old ? b->tables->start_bits + 1 : FIRST_BITS;

    b->starts = calloc((size_t)1 << bits, sizeof(*b->starts));
    for (size_t i = 0; i < n && b->starts; i++)
        if (old[i].word != 0)
            b->starts[mk_start_slot(b->starts, bits, old[i].word)] = old[i];
    free(old);
    b->tables->start_bits = bits;
    return b->starts != NULL;
}

/* The slot of a first word, perhaps a new one; NULL: out of memory. */
static mk_index_start *put_start(build *b, uint64_t word)
{
    const unsigned *const bits = &b->tables->start_bits;
    mk_index_start *slot = &b->starts[mk_start_slot(b->starts, *bits, word)];

    if (slot->word != 0)
        return slot;
    if (2 * ++b->n_starts > (size_t)1 << *bits) {
        if (!grow_starts(b))
            return NULL;
        slot = &b->starts[mk_start_slot(b->starts, *bits, word)];
    }
    *slot = (mk_index_start){word, MK_NOWHERE, MK_NOWHERE};
    set_bit(b->tables->is_start, mk_bit_of_start(word));
    return slot;
}

/* Puts phrase i before the others of its lists: the last of the files is put first. */
static bool put_phrase(build *b, uint32_t i, mk_str folded)
{
    mk_index_phrase *const p = &b->phrases[i];
    size_t len;
    const uint64_t word = mk_index_word(folded, 0, &len);
    const uint64_t next = mk_index_word_after(folded, 0, len);
    mk_index_start *const s = put_start(b, word);

    if (!s)
        return false;
    if (next == 0) {
        p->next = s->alone;
        s->alone = i;
        if (p->label && len >= MK_INDEX_GLUED)
            set_bit(b->tables->is_glued, mk_bit_of_glued(word));
        return true;
    }
    if (p->label) {
        p->next_label = s->label;
        s->label = i;
        set_bit(b->tables->is_label, mk_bit_of_label(word, next));
    }
    const uint64_t mixed = mk_index_mix_pair(word, next);
    mk_index_pair *const slot = &b->pairs[mk_pair_slot(b->pairs, b->tables->pair_bits, mixed)];
    p->next = slot->hash != 0 ? slot->phrase : MK_NOWHERE;
    *slot = (mk_index_pair){mk_pair_hash(mixed), i};
    set_bit(b->tables->is_pair, mk_bit_of_pair(mixed));
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
    t->pair_bits = FIRST_BITS;
    while ((size_t)1 << t->pair_bits < (size_t)t->n_phrases * 5 / 4 + 1)
        t->pair_bits++;
    b.letters = malloc((size_t)t->n_letters + 1);
    b.phrases = malloc(((size_t)t->n_phrases + 1) * sizeof(*b.phrases));
    b.pairs = calloc((size_t)1 << t->pair_bits, sizeof(*b.pairs));
    const bool done = b.letters && b.phrases && b.pairs && grow_starts(&b) &&
                      put_lexicons(&b, lexicons, n);
    t->letters = b.letters;
    t->phrases = b.phrases;
    t->starts = b.starts;
    t->pairs = b.pairs;
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
    free((void *)tables->starts);
    free((void *)tables->pairs);
    free(tables);
}
