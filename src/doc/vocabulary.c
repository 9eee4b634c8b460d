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
    size_t from = *at;

    while (from < folded.len && folded.ptr[from] == ' ')
        from++;
    size_t to = from;
    while (folded.len - to >= MK_WORD) {
        const size_t n = mk_word_span(mk_word_load(folded.ptr + to), ' ');
        to += n;
        if (n < MK_WORD)
            break;
    }
    while (to < folded.len && folded.ptr[to] != ' ')
        to++;
    *at = to;
    return mk_str_sub(folded, from, to);
}

/* Letters before the stem of a word: conjunctions, prepositions, the article. */
static inline size_t before_stem(const char *word, size_t len)
{
    const unsigned char *const p = (const unsigned char *)word;

    if (len > 5 && p[1] == MK_FOLD_ALEF && p[2] == MK_FOLD_LAM &&
        (p[0] == MK_FOLD_WAW || p[0] == MK_FOLD_FEH || p[0] == MK_FOLD_BEH || p[0] == MK_FOLD_KAF))
        return 3;
    if (len > 4 && (p[0] == MK_FOLD_ALEF || p[0] == MK_FOLD_LAM) && p[1] == MK_FOLD_LAM)
        return 2;
    return len > 4 && p[0] == MK_FOLD_WAW;
}

mk_str mk_word_stem(mk_str word)
{
    const size_t from = before_stem(word.ptr, word.len);
    return mk_str_sub(word, from, word.len - from > STEM ? from + STEM : word.len);
}

/* The stem of a word of MIN_WORD letters or more, as a number: never 0. */
static inline uint32_t stem_of(mk_str word)
{
    const size_t from = before_stem(word.ptr, word.len);
    const unsigned char *const p = (const unsigned char *)word.ptr + from;
    const uint32_t three = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;

    return word.len - from < STEM ? three : three | (uint32_t)p[3] << 24;
}

/* The slot that has the stem, or the empty one where it would be. */
static inline uint32_t *slot_of(const mk_vocabulary *v, uint32_t stem)
{
    size_t at = (size_t)(stem * UINT32_C(0x9E3779B1) >> 8) & v->last;

    while (v->stems[at] != 0 && v->stems[at] != stem)
        at = (at + 1) & v->last;
    return &v->stems[at];
}

/* The next line in play that counts. */
static size_t next_line(const mk_vocabulary *v, size_t i)
{
    for (i = mk_edit_next(v->edit, i); i != SIZE_MAX; i = mk_edit_next(v->edit, i)) {
        const mk_line *const line = mk_edit_line(v->edit, i);
        if (v->counts ? v->counts(line) : line->zone == MK_ZONE_BODY)
            break;
    }
    return i;
}

/* False if out of memory. */
static bool gather(mk_vocabulary *v)
{
    mk_edit *const edit = v->edit;
    size_t n_words = 0;

    for (size_t i = SIZE_MAX; (i = next_line(v, i)) != SIZE_MAX && n_words < MAX_STEMS;)
        n_words += mk_edit_line(edit, i)->features.n_words;
    size_t room = 64;
    while (room < 2 * (n_words < MAX_STEMS ? n_words : MAX_STEMS))
        room *= 2;
    v->stems = mk_edit_scratch(edit, room * sizeof(*v->stems));
    if (!v->stems)
        return false;
    v->last = room - 1;
    for (size_t i = SIZE_MAX; (i = next_line(v, i)) != SIZE_MAX && v->n < MAX_STEMS;) {
        const mk_str folded = mk_edit_line(edit, i)->folded;
        size_t at = 0;
        for (mk_str w = mk_word_next(folded, &at); w.len > 0 && v->n < MAX_STEMS;
             w = mk_word_next(folded, &at))
            if (w.len >= MIN_WORD) {
                const uint32_t stem = stem_of(w);
                *slot_of(v, stem) = stem;
                v->n++;
            }
    }
    return true;
}

size_t mk_vocabulary_words(mk_vocabulary *v)
{
    return v->stems || gather(v) ? v->n : 0;
}

double mk_vocabulary_share(mk_vocabulary *v, mk_str folded, size_t more)
{
    size_t n = more, hits = 0, at = 0;

    if (!v->stems && !gather(v))
        return 0;
    for (mk_str w = mk_word_next(folded, &at); w.len > 0; w = mk_word_next(folded, &at)) {
        if (w.len < MIN_WORD)
            continue;
        n++;
        hits += *slot_of(v, stem_of(w)) != 0;
    }
    return n > 0 ? (double)hits / (double)n : 0;
}
