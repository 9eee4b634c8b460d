/* vocabulary.c: the words of a folded line and what their inflected forms share. A
 * rough stem, for comparing lines of one page: no dictionary, no claim about
 * the language. */
#include "base/simd.h"
#include "doc/edit.h"
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
    static const bool joins[MK_FOLD_CODES] = {
        [MK_FOLD_WAW] = true, [MK_FOLD_FEH] = true, [MK_FOLD_BEH] = true, [MK_FOLD_KAF] = true};
    const unsigned first = letters & 0xFF, two = letters & 0xFFFF;
    /* no branches: which of these a word has nobody can foretell */
    const unsigned three = (unsigned)joins[first] & (unsigned)(len > 5) &
                           (unsigned)((letters >> 8 & 0xFFFF) == ARTICLE);
    const unsigned article = (unsigned)(two == ARTICLE) | (unsigned)(two == FOR_THE);
    const unsigned waw = (unsigned)(first == MK_FOLD_WAW) & ~three;

    return 3 * three + (unsigned)(len > 4) * (2 * article + waw);
}

mk_str mk_word_stem(mk_str word)
{
    char letters[MK_WORD] = {0};
    if (word.len > 0)
        memcpy(letters, word.ptr, word.len < MK_WORD ? word.len : MK_WORD);
    const size_t from = before_stem(mk_word_load(letters), word.len);
    return mk_str_sub(word, from, word.len - from > STEM ? from + STEM : word.len);
}

/* The stem of a word of n letters, of which these are the first, as a number. */
static inline uint32_t stem_of(uint64_t letters, size_t n)
{
    return (uint32_t)(mk_word_head(letters, n) >> 8 * before_stem(letters, n));
}

/* The slot that has the stem, or the empty one where it would be. */
static inline uint32_t *slot_of(const mk_vocabulary *v, uint32_t stem)
{
    size_t at = (size_t)(stem * UINT32_C(0x9E3779B1) >> 8) & v->last;

    while (v->stems[at] != 0 && v->stems[at] != stem)
        at = (at + 1) & v->last;
    return &v->stems[at];
}

/* Adds the stems of a folded line's words of MIN_WORD letters or more. */
__attribute__((always_inline)) static inline void add_words(mk_vocabulary *v, mk_str folded)
{
    mk_words words = mk_words_from(folded, 0);

    for (size_t from, to; v->n < MAX_STEMS && mk_words_next(&words, &from, &to);) {
        const uint32_t stem = stem_of(mk_word_load(folded.ptr + from), to - from);
        if (to - from < MIN_WORD)
            continue;
        *slot_of(v, stem) = stem;
        v->n++;
    }
}

#ifdef MK_WITH_AVX2
/* The same where bits are counted and cut off by instructions of their own. */
__attribute__((target("avx2,bmi,bmi2"))) static void add_words_simd(mk_vocabulary *v,
                                                                    mk_str folded)
{
    add_words(v, folded);
}
#endif

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
#ifdef MK_WITH_AVX2
        if (edit->simd) {
            add_words_simd(v, mk_edit_line(edit, i)->folded);
            continue;
        }
#endif
        add_words(v, mk_edit_line(edit, i)->folded);
    }
    return true;
}

/* That of the body may have been gathered before, and the lines be the same as then. */
static bool find(mk_vocabulary *v)
{
    mk_edit *const edit = v->edit;

    if (!v->counts && edit->vocabulary.stems && edit->known_changes == edit->n_changes) {
        *v = edit->vocabulary;
        return true;
    }
    if (!gather(v))
        return false;
    if (!v->counts) {
        edit->vocabulary = *v;
        edit->known_changes = edit->n_changes;
    }
    return true;
}

size_t mk_vocabulary_words(mk_vocabulary *v)
{
    return v->stems || find(v) ? v->n : 0;
}

double mk_vocabulary_share(mk_vocabulary *v, const mk_line *line, size_t more)
{
    size_t n = more, hits = 0;

    if (!v->stems && !find(v))
        return 0;
    mk_words words = mk_words_from(line->folded, 0);
    for (size_t from, to; mk_words_next(&words, &from, &to);) {
        if (to - from < MIN_WORD)
            continue;
        hits += *slot_of(v, stem_of(mk_word_load(line->folded.ptr + from), to - from)) != 0;
        n++;
    }
    return n > 0 ? (double)hits / (double)n : 0;
}
