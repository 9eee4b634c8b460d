/* vocabulary.c: the words of a folded line and what their inflected forms share. A
 * rough stem, for comparing lines of one page: no dictionary, no claim about
 * the language. */
#include "base/word.h"
#include "doc/fold.h"
#include "minkhal/filter.h"

enum {
    STEM = 4,         /* letters */
    MIN_WORD = 3,     /* folded letters: shorter words are in every text */
    MAX_STEMS = 4096, /* words of the body that are remembered */
};

mk_str mk_word_next(mk_str folded, size_t *at)
{
    size_t from = *at, to;
    while (from < folded.len && folded.ptr[from] == ' ')
        from++;
    for (to = from; folded.len - to >= MK_WORD; to += MK_WORD) {
        const uint64_t spaces = mk_word_equal(mk_word_load(folded.ptr + to), ' ');
        if (spaces) {
            *at = to + (size_t)__builtin_ctzll(spaces) / 8;
            return mk_str_sub(folded, from, *at);
        }
    }
    while (to < folded.len && folded.ptr[to] != ' ')
        to++;
    *at = to;
    return mk_str_sub(folded, from, to);
}

mk_str mk_word_stem(mk_str word)
{
    const unsigned char *p = (const unsigned char *)word.ptr;
    const bool article = word.len > 5 && p[1] == MK_FOLD_ALEF && p[2] == MK_FOLD_LAM;
    if (article &&
        (p[0] == MK_FOLD_WAW || p[0] == MK_FOLD_FEH || p[0] == MK_FOLD_BEH || p[0] == MK_FOLD_KAF))
        word = mk_str_sub(word, 3, word.len);
    else if (word.len > 4 && (p[0] == MK_FOLD_ALEF || p[0] == MK_FOLD_LAM) && p[1] == MK_FOLD_LAM)
        word = mk_str_sub(word, 2, word.len);
    else if (word.len > 4 && p[0] == MK_FOLD_WAW)
        word = mk_str_sub(word, 1, word.len);
    return word.len > STEM ? mk_str_sub(word, 0, STEM) : word;
}

/* The stem as a number that no other has: of its letters none is 0. */
static uint32_t key_of(mk_str word)
{
    const mk_str stem = mk_word_stem(word);
    uint32_t key = 0;
    for (size_t i = 0; i < stem.len; i++)
        key = key << 8 | (uint8_t)stem.ptr[i];
    return key;
}

_Static_assert(STEM <= sizeof(uint32_t), "a stem is a number");

/* Where the key is in the table, or would be. */
static size_t slot_of(const mk_vocabulary *v, uint32_t key)
{
    const size_t last = ((size_t)1 << v->bits) - 1;
    size_t at = key * UINT32_C(0x9E3779B1) >> (32 - v->bits);
    while (v->stems[at] != 0 && v->stems[at] != key)
        at = (at + 1) & last;
    return at;
}

/* So many bits that the table has room for all words that the body may have. */
static unsigned bits_for(mk_edit *edit)
{
    size_t n = 1;
    unsigned bits = 1;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        n += line->zone == MK_ZONE_BODY ? line->folded.len / (MIN_WORD + 1) + 1 : 0;
    }
    n = n < MAX_STEMS ? n : MAX_STEMS;
    while ((size_t)1 << bits < n * 5 / 4 + 1)
        bits++;
    return bits;
}

bool mk_vocabulary_gather(mk_edit *edit, mk_vocabulary *ret)
{
    const unsigned bits = bits_for(edit);
    uint32_t *stems = mk_edit_scratch(edit, sizeof(*stems) << bits);
    const mk_vocabulary v = {stems, bits};
    size_t n = 0;
    if (!stems)
        return false;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, i);
        size_t at = 0;
        if (line->zone != MK_ZONE_BODY)
            continue;
        for (mk_str w = mk_word_next(line->folded, &at); w.len > 0 && n < MAX_STEMS;
             w = mk_word_next(line->folded, &at))
            if (w.len >= MIN_WORD) {
                const uint32_t key = key_of(w);
                stems[slot_of(&v, key)] = key;
                n++;
            }
    }
    *ret = v;
    return true;
}

double mk_vocabulary_share(const mk_vocabulary *v, mk_str folded, size_t more)
{
    size_t n = more, hits = 0, at = 0;
    for (mk_str w = mk_word_next(folded, &at); w.len > 0; w = mk_word_next(folded, &at)) {
        if (w.len < MIN_WORD)
            continue;
        n++;
        hits += v->stems[slot_of(v, key_of(w))] != 0;
    }
    return n > 0 ? (double)hits / (double)n : 0;
}
