/* vocabulary.c: the words of a folded line and what their inflected forms share. A
 * rough stem, for comparing lines of one page: no dictionary, no claim about
 * the language. */
#include "doc/fold.h"
#include "doc/words.h"
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

/* Letters before the stem of a word of len letters, of which these are the first:
 * conjunctions, prepositions, the article. */
static inline unsigned before_stem(uint64_t letters, size_t len)
{
    enum { ARTICLE = MK_FOLD_ALEF | MK_FOLD_LAM << 8, FOR_THE = MK_FOLD_LAM | MK_FOLD_LAM << 8 };
    const unsigned first = letters & 0xFF, two = letters & 0xFFFF;

    if (len > 5 && (letters >> 8 & 0xFFFF) == ARTICLE &&
        (first == MK_FOLD_WAW || first == MK_FOLD_FEH || first == MK_FOLD_BEH ||
         first == MK_FOLD_KAF))
        return 3;
    if (len > 4 && (two == ARTICLE || two == FOR_THE))
        return 2;
    return len > 4 && first == MK_FOLD_WAW;
}

mk_str mk_word_stem(mk_str word)
{
    char letters[MK_WORD] = {0};
    if (word.len > 0)
        memcpy(letters, word.ptr, word.len < MK_WORD ? word.len : MK_WORD);
    const size_t from = before_stem(mk_word_load(letters), word.len);
    return mk_str_sub(word, from, word.len - from > STEM ? from + STEM : word.len);
}

/* The stem of the next word of MIN_WORD letters or more, as a number, which is never 0;
 * 0: there is none. */
static inline uint32_t next_stem(mk_words *words)
{
    for (size_t from, to; mk_words_next(words, &from, &to);) {
        const size_t n = to - from;
        if (n < MIN_WORD)
            continue;
        const uint64_t word = mk_word_load(words->folded.ptr + from);
        return (uint32_t)(mk_word_head(word, n) >> 8 * before_stem(word, n));
    }
    return 0;
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
        mk_words words = mk_words_from(mk_edit_line(edit, i)->folded, 0);
        for (uint32_t stem; v->n < MAX_STEMS && (stem = next_stem(&words)) != 0; v->n++)
            *slot_of(v, stem) = stem;
    }
    return true;
}

size_t mk_vocabulary_words(mk_vocabulary *v)
{
    return v->stems || gather(v) ? v->n : 0;
}

double mk_vocabulary_share(mk_vocabulary *v, const mk_line *line, size_t more)
{
    size_t n = more, hits = 0;

    if (!v->stems && !gather(v))
        return 0;
    mk_words words = mk_words_from(line->folded, 0);
    for (uint32_t stem; (stem = next_stem(&words)) != 0; n++)
        hits += *slot_of(v, stem) != 0;
    return n > 0 ? (double)hits / (double)n : 0;
}
