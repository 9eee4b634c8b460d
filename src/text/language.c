/* language.c: see language.h.
 *
 * Each word of the text speaks for the languages that have it among their
 * commonest, each letter for or against those that write it. The language that
 * gathers most has it, if that is enough for the length of the text and well
 * above the next. Other languages of the script (Sindhi, Punjabi, Kazakh, Jawi,
 * Azeri, ...) have letters that none of the six writes, or words in the list of
 * others. Refuses to say more than it knows: OTHER is the answer to a name alone.
 * Source of the letters: Unicode 15.0 chapter 9.2 and the orthographies of the six;
 * the words are in common_words.txt.
 * Cases: tests/text/test_language.c. */
#include "text/common_words.h"

#include "base/eight.h"
#include "text/screen.h"

enum {
    N_LANGUAGES = MK_LANGUAGE_PS + 1,
    MAX_LETTERS = 1000, /* of Arabic script, that are looked at: 200 words say it */
    CLEAR_WORDS = 50    /* say it where they are clear */
};

/* ---- words ---- */

/* The languages that have the word among their commonest. */
static unsigned languages_of(uint64_t word)
{
    for (size_t at = mk_word_slot(word);; at = (at + 1) % MK_WORD_SLOTS) {
        const mk_common_word *const slot = &mk_common_words[at];
        if (slot->key == word)
            return slot->languages;
        if (slot->key == 0)
            return 0;
    }
}

static inline uint32_t fold(uint32_t cp)
{
    return cp == 0x0643 ? 0x06A9 : cp == 0x064A ? 0x06CC : cp;
}

unsigned mk_language_common_words(mk_str text, mk_language language)
{
    unsigned n = 0;
    for (size_t at = 0; at < text.len;) {
        uint64_t word = 0;
        size_t letters = 0;
        for (; at < text.len; mk_utf8_next(text, &at)) {
            const uint32_t cp = mk_utf8_peek(text, at);
            if (mk_is_arabic_mark(cp) || cp == 0x0640)
                continue;
            if (cp < 0x0620 || cp > 0x06D5 || !mk_is_letter(cp))
                break;
            if (letters++ < MK_WORD_LETTERS)
                word = mk_word_add(word, fold(cp));
        }
        if (letters == 0)
            mk_utf8_next(text, &at);
        else if (letters <= MK_WORD_LETTERS)
            n += languages_of(word) >> language & 1;
    }
    return n;
}

/* ---- letters ---- */

typedef enum letter {
    no_, /* no letter */
    bas, /* of all, or nearly */
    teh, /* teh marbuta */
    ham, /* alef with hamza */
    was, /* alef wasla */
    peh, /* peh, tcheh, jeh, gaf */
    keh, /* keheh and Farsi yeh, also typed for kaf and yeh */
    gaf, /* Pashto gaf */
    ret, /* Urdu: retroflex letters, noon ghunna, yeh barree */
    goa, /* heh goal */
    doa, /* heh doachashmee */
    ae_, /* Kurdish and Uyghur ae */
    oe_, /* oe */
    sor, /* Sorani yeh, lam and reh with small v */
    uyg, /* Uyghur u, yu, ve, ng */
    ee_, /* e of Pashto and Uyghur */
    pas, /* Pashto alone */
    veh,
    qaf, /* Maghrebi gaf */
    hey, /* heh with yeh */
    fgn, /* of none of the six */
    N_CLASSES
} letter;

/* clang-format off */
static const uint8_t block[256] = {
    no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, /* 0600 */
    no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, /* 0610 */
    fgn, bas, bas, ham, bas, ham, bas, bas, bas, teh, bas, bas, bas, bas, bas, bas, /* 0620 */
    bas, bas, bas, bas, bas, bas, bas, bas, bas, bas, bas, fgn, fgn, fgn, fgn, fgn, /* 0630 */
    no_, bas, bas, bas, bas, bas, bas, bas, bas, bas, bas, no_, no_, no_, no_, no_, /* 0640 */
    no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, /* 0650 */
    no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, fgn, fgn, /* 0660 */
    no_, was, fgn, fgn, fgn, fgn, fgn, fgn, fgn, ret, fgn, fgn, pas, fgn, peh, fgn, /* 0670 */
    fgn, pas, fgn, fgn, fgn, pas, peh, fgn, ret, pas, fgn, fgn, fgn, fgn, fgn, fgn, /* 0680 */
    fgn, ret, fgn, pas, fgn, sor, pas, fgn, peh, fgn, pas, fgn, fgn, fgn, fgn, fgn, /* 0690 */
    fgn, fgn, fgn, fgn, veh, fgn, fgn, fgn, qaf, keh, fgn, gaf, fgn, uyg, fgn, peh, /* 06A0 */
    fgn, fgn, fgn, fgn, fgn, sor, fgn, fgn, fgn, fgn, ret, fgn, pas, fgn, doa, fgn, /* 06B0 */
    hey, goa, ret, ret, fgn, fgn, oe_, uyg, uyg, fgn, fgn, uyg, keh, pas, sor, fgn, /* 06C0 */
    ee_, fgn, ret, ret, no_, ae_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, /* 06D0 */
    no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, fgn, fgn, /* 06E0 */
    no_, no_, no_, no_, no_, no_, no_, no_, no_, no_, fgn, fgn, fgn, no_, no_, fgn, /* 06F0 */
};

/* What a letter says for or against each language. */
static const int8_t speaks[][N_LANGUAGES] = {
    /*         other ar  fa  ur  ckb  ug  ps */
    [no_]     = {0,  0,  0,  0,  0,   0,  0},
    [bas]     = {0,  0,  0,  0,  0,   0,  0},
    [teh]     = {0,  2, -1, -1, -4,  -4, -1},
    [ham]     = {0,  1,  0, -1, -2,  -3, -1},
    [was]     = {0,  1, -1, -1, -1,  -1, -1},
    [peh]     = {0, -1,  2,  1,  1,   1,  1},
    [keh]     = {0,  0,  1,  1,  1,  -1,  1},
    [gaf]     = {0, -4, -4, -4, -4,  -4,  4},
    [ret]     = {0, -4, -4,  4, -4,  -4, -3},
    [goa]     = {0, -1, -3,  2, -3,  -4, -3},
    [doa]     = {0,  0, -1,  1,  0,   1, -1},
    [ae_]     = {0, -1, -3, -3,  2,   2, -3},
    [oe_]     = {0, -4, -4, -4,  3,   1, -4},
    [sor]     = {0, -4, -4, -4,  4,  -4, -4},
    [uyg]     = {0, -2, -4, -4, -4,   4, -4},
    [ee_]     = {0, -4, -4, -4, -4,   3,  3},
    [pas]     = {0, -4, -4, -4, -4,  -4,  4},
    [veh]     = {0,  0, -2, -2,  1,  -4, -2},
    [qaf]     = {0,  0, -4, -4, -4,  -4, -4},
    [hey]     = {0, -1,  2, -1, -1,  -4, -1},
    [fgn]     = {0, -5, -5, -5, -5,  -5, -5},
};
/* clang-format on */

static letter letter_of(uint32_t cp)
{
    if (cp - 0x600 < 0x100)
        return (letter)block[cp - 0x600];
    return mk_is_arabic_letter(cp) ? fgn : no_;
}

/* ---- a text ---- */

enum {
    FOR_A_WORD = 4,
    FOR_ANOTHER = 12,   /* a word of a language that is none of the six */
    FOR_AN_ARTICLE = 3, /* alef and lam at the head of a longer word */
    FOR_A_MAKSURA = 2,
    AGAINST_A_START = -6,
};

typedef struct tally {
    int64_t score[N_LANGUAGES];
    size_t n_own[N_LANGUAGES]; /* letters that speak for a language loudly */
    size_t n_of[N_CLASSES];    /* letters of each class but bas */
    size_t n_letters, n_words;
    uint64_t word;    /* the first letters of the one at hand, kaf and yeh folded */
    size_t n_in_word; /* letters */
    bool odd;         /* one of them is not of U+06xx: it is in no list */
    uint32_t last;    /* of them; 0: none */
    bool simd;
} tally;

/* What is said by where a letter stands. Uyghur and Kurdish write a hamza before
 * a vowel that begins a word, and only Uyghur (and Kazakh, which does not) has
 * alef maksura inside words. */
static void add_place(tally *t, uint32_t cp, letter l, bool first)
{
    if (first) {
        const bool vowel = l == ae_ || l == oe_ || l == sor || l == uyg || l == ee_;
        if (vowel)
            t->score[MK_LANGUAGE_CKB] += AGAINST_A_START;
        if (vowel || cp == 0x0627 || cp == 0x0649)
            t->score[MK_LANGUAGE_UG] += AGAINST_A_START;
    }
    if (t->last == 0x0649) {
        t->score[MK_LANGUAGE_UG] += FOR_A_MAKSURA;
        t->n_own[MK_LANGUAGE_UG]++;
    }
}

static void add_letter(tally *t, uint32_t cp, letter l)
{
    add_place(t, cp, l, t->n_in_word == 0);
    t->last = cp;
    t->odd |= cp - 0x600 >= 0x100;
    if (t->n_in_word++ < MK_WORD_LETTERS)
        t->word = mk_word_add(t->word, fold(cp));
    t->n_of[l]++;
    t->n_letters++;
}

/* Alef and lam, also after one of waw, feh, beh, kaf. */
static bool has_article(const tally *t)
{
    enum { ARTICLE = 0x2744 };
    const size_t n = t->n_in_word < MK_WORD_LETTERS ? t->n_in_word : MK_WORD_LETTERS;

    if (n < 4)
        return false;
    if ((t->word >> 8 * (n - 2) & 0xFFFF) == ARTICLE)
        return true;
    const uint64_t first = t->word >> 8 * (n - 1) & 0xFF;
    return n > 4 && (t->word >> 8 * (n - 3) & 0xFFFF) == ARTICLE &&
           (first == 0x48 || first == 0x41 || first == 0x28 || first == 0xA9);
}

static void end_word(tally *t)
{
    if (t->n_in_word == 0)
        return;
    const bool listed = !t->odd && t->n_in_word <= MK_WORD_LETTERS;
    const unsigned languages = listed ? languages_of(t->word) : 0;

    for (size_t i = 0; languages >> i; i++)
        t->score[i] += !(languages >> i & 1)    ? 0
                       : i == MK_LANGUAGE_OTHER ? FOR_ANOTHER
                                                : FOR_A_WORD;
    t->score[MK_LANGUAGE_AR] += has_article(t) ? FOR_AN_ARTICLE : 0;
    t->n_words++;
    t->word = 0;
    t->odd = false;
    t->n_in_word = 0;
    t->last = 0;
}

/* What the letters say, wherever they stand. */
static void add_classes(tally *t)
{
    for (size_t l = 0; l < N_CLASSES; l++)
        for (size_t i = 0; i < N_LANGUAGES; i++) {
            t->score[i] += speaks[l][i] * (int64_t)t->n_of[l];
            t->n_own[i] += speaks[l][i] > 1 ? t->n_of[l] : 0;
        }
}

/* Four of the six cannot be written without letters of their own. */
static bool lacks_letters(const tally *t, mk_language l)
{
    return l != MK_LANGUAGE_AR && l != MK_LANGUAGE_FA && t->n_own[l] == 0;
}

/* What must be gathered, at least; and beside the next: three halves of it. */
static mk_language judge(const tally *t)
{
    enum { MIN_SCORE = 3, WORDS_A_POINT = 4 };
    mk_language best = MK_LANGUAGE_OTHER;
    int64_t next = 0;

    for (mk_language l = MK_LANGUAGE_AR; l <= MK_LANGUAGE_PS; l++)
        if (best == MK_LANGUAGE_OTHER || t->score[l] > t->score[best])
            best = l;
    for (mk_language l = MK_LANGUAGE_OTHER; l <= MK_LANGUAGE_PS; l++)
        if (l != best && t->score[l] > next)
            next = t->score[l];
    const int64_t score = t->score[best];
    if (lacks_letters(t, best) || score < MIN_SCORE ||
        score * WORDS_A_POINT < (int64_t)t->n_words || 2 * score <= 3 * next)
        return MK_LANGUAGE_OTHER;
    return best;
}

/* True if the text is Arabic by far: what most texts are after a few words. */
static bool is_clearly_arabic(const tally *so_far)
{
    tally t = *so_far;
    int64_t next = 0;

    add_classes(&t);
    for (mk_language l = MK_LANGUAGE_OTHER; l <= MK_LANGUAGE_PS; l++)
        if (l != MK_LANGUAGE_AR && t.score[l] > next)
            next = t.score[l];
    return t.score[MK_LANGUAGE_AR] >= (int64_t)t.n_words && t.score[MK_LANGUAGE_AR] > 8 * next;
}

#ifdef MK_WITH_AVX2
/* clang-format off */
/* Those of bas but alef maksura, as they stand in the keys of words; 0: another. */
static const uint8_t plain[256] = {
    [0x20] = 0, 0, 0x22, 0, 0x24, 0, 0x26, 0x27, /* 0620 */
    0x28, 0, 0x2A, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, /* 0628 */
    0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, /* 0630 */
    0x38, 0x39, 0x3A, 0, 0, 0, 0, 0, /* 0638 */
    0, 0x41, 0x42, 0xA9, 0x44, 0x45, 0x46, 0x47, /* 0640 */
    0x48, 0, 0xCC, 0, 0, 0, 0, 0, /* 0648 */
};
/* clang-format on */

/* The plain letters that begin a word at p, eight at most. Returns how many. */
__attribute__((target("avx2"))) static unsigned begin_word(tally *t, const unsigned char *p)
{
    uint64_t key;
    const unsigned n = mk_eight_letters(p, plain, 1, &key);

    if (n == 0)
        return 0;
    add_place(t, 0x600u | (uint32_t)(key & 0xFF), bas, true);
    t->word = __builtin_bswap64(key) >> (64 - 8 * n); /* the first letter is the highest */
    t->last = 0x600u | (uint32_t)(t->word & 0xFF);
    t->n_in_word = n;
    return n;
}
#endif

/* The letters of U+06xx from `at` on, to the first that is none. */
static size_t take_letters(tally *t, mk_str text, size_t at)
{
    const unsigned char *const p = (const unsigned char *)text.ptr;
    const size_t room = 2 * (MAX_LETTERS - t->n_letters);
    const size_t end = text.len - at > room ? at + room : text.len;
#ifdef MK_WITH_AVX2
    if (t->simd && t->n_in_word == 0 && end - at >= MK_EIGHT_BYTES) {
        const unsigned begun = begin_word(t, p + at);
        t->n_letters += begun;
        at += (size_t)2 * begun;
    }
#endif
    const size_t before = t->n_in_word;
    size_t n = before;
    uint64_t word = t->word;
    uint32_t last = t->last;

    while (at + 1 < end && (p[at] & 0xFC) == 0xD8) {
        const uint32_t cp = 0x600u | (p[at] & 3u) << 6 | (p[at + 1] & 0x3Fu);
        const letter l = (letter)block[cp & 0xFF];
        if (l == no_)
            break;
        if (n == 0 || last == 0x0649)
            add_place(t, cp, l, n == 0);
        if (l != bas)
            t->n_of[l]++;
        if (n++ < MK_WORD_LETTERS)
            word = mk_word_add(word, fold(cp));
        last = cp;
        at += 2;
    }
    t->n_letters += n - before;
    t->n_in_word = n;
    t->word = word;
    t->last = last;
    return at;
}

mk_language mk_language_detect(mk_str text)
{
    tally t = {.simd = mk_has_simd()};

    for (size_t at = 0, check = CLEAR_WORDS; at < text.len && t.n_letters < MAX_LETTERS;) {
        if ((uint8_t)text.ptr[at] < 0x80) {
            end_word(&t);
            at++;
            if (t.n_words < check)
                continue;
            if (is_clearly_arabic(&t))
                return MK_LANGUAGE_AR;
            check *= 2;
            continue;
        }
        const size_t from = at;
        at = take_letters(&t, text, at);
        if (at > from)
            continue;
        const uint32_t cp = mk_utf8_next(text, &at);
        const letter l = letter_of(cp);
        if (l != no_)
            add_letter(&t, cp, l);
        else if (!mk_is_arabic_mark(cp) && cp != 0x0640)
            end_word(&t);
    }
    end_word(&t);
    add_classes(&t);
    return judge(&t);
}

/* ---- names ---- */

const char *mk_language_code(mk_language language)
{
    static const char *const codes[] = {"", "ar", "fa", "ur", "ckb", "ug", "ps"};

    return codes[language];
}

mk_language mk_language_of_tag(mk_str tag)
{
    /* the codes of ISO 639, those of single varieties of Arabic among them */
    static const struct {
        char code[4];
        uint8_t language;
    } tags[] = {
        {"ar", MK_LANGUAGE_AR},  {"ara", MK_LANGUAGE_AR},  {"arb", MK_LANGUAGE_AR},
        {"arz", MK_LANGUAGE_AR}, {"ary", MK_LANGUAGE_AR},  {"arq", MK_LANGUAGE_AR},
        {"apc", MK_LANGUAGE_AR}, {"ajp", MK_LANGUAGE_AR},  {"acm", MK_LANGUAGE_AR},
        {"afb", MK_LANGUAGE_AR}, {"aeb", MK_LANGUAGE_AR},  {"ars", MK_LANGUAGE_AR},
        {"fa", MK_LANGUAGE_FA},  {"fas", MK_LANGUAGE_FA},  {"per", MK_LANGUAGE_FA},
        {"pes", MK_LANGUAGE_FA}, {"prs", MK_LANGUAGE_FA},  {"ur", MK_LANGUAGE_UR},
        {"urd", MK_LANGUAGE_UR}, {"ckb", MK_LANGUAGE_CKB}, {"ug", MK_LANGUAGE_UG},
        {"uig", MK_LANGUAGE_UG}, {"ps", MK_LANGUAGE_PS},   {"pus", MK_LANGUAGE_PS},
        {"pbt", MK_LANGUAGE_PS}, {"pbu", MK_LANGUAGE_PS},
    };
    char code[4] = "";
    size_t len = 0;

    tag = mk_str_trim(tag);
    while (len < tag.len && tag.ptr[len] != '-' && tag.ptr[len] != '_') {
        if (len == 3)
            return MK_LANGUAGE_OTHER;
        const char c = tag.ptr[len];
        code[len++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
        if (mk_str_eq((mk_str){code, len}, mk_str_of(tags[i].code)))
            return (mk_language)tags[i].language;
    return MK_LANGUAGE_OTHER;
}
