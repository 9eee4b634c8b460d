/* language.c: see language.h.
 *
 * Each word of the text speaks for the languages that have it among their
 * commonest, each letter for or against those that write it. The language that
 * gathers most has it, if that is enough for the length of the text and well
 * above the next. Other languages of the script (Sindhi, Punjabi, Kazakh, Jawi,
 * Azeri, ...) have letters that none of the six writes, or words in the list of
 * others. Refuses to say more than it knows: OTHER is the answer to a name alone.
 * Words are compared with kaf and yeh as Persian codes them, because texts of all
 * six are typed with either. Source of the letters: Unicode 15.0 chapter 9.2 and
 * the orthographies of the six; the words are our own lists.
 * Cases: tests/text/test_language.c. */
#include "minkhal/text.h"

enum {
    N_LANGUAGES = MK_LANGUAGE_PS + 1,
    MAX_LETTERS = 1000, /* of Arabic script, that are looked at: 200 words say it */
    MAX_WORD = 16,      /* bytes of the words below */
};

/* ---- words ---- */

enum {
    O = 1 << MK_LANGUAGE_OTHER,
    A = 1 << MK_LANGUAGE_AR,
    F = 1 << MK_LANGUAGE_FA,
    U = 1 << MK_LANGUAGE_UR,
    K = 1 << MK_LANGUAGE_CKB,
    G = 1 << MK_LANGUAGE_UG,
    P = 1 << MK_LANGUAGE_PS
};

typedef struct entry {
    char word[MAX_WORD + 1];
    uint8_t languages;
} entry;

/* clang-format off */
/* In byte order. */
static const entry words[] = {
    {"آمد", F}, {"آن", F}, {"آنان", F}, {"آنها", F}, {"آنکه", F}, {"آهی", O}, {"آپ", U},
    {"آں", O}, {"أبو", A}, {"أما", A}, {"أن", A}, {"أنا", A}, {"أنت", A}, {"أنه", A}, {"أنها", A},
    {"أو", A}, {"أکثر", A}, {"أی", A}, {"أیضا", A}, {"أین", A}, {"إحنا", A}, {"إذا", A},
    {"إزای", A}, {"إلى", A}, {"إلیه", A}, {"إن", A}, {"إنت", A}, {"إنه", A}, {"إیه", A},
    {"ئارقىلىق", G}, {"ئىدى", G}, {"ئىکەن", G}, {"ئۆز", G}, {"ئۇ", G}, {"ئۇلار", G}, {"ئۇنىڭ", G},
    {"ئۇیغۇر", G}, {"ئۈچۈن", G}, {"ئێمە", K}, {"ئێوە", K}, {"ئەم", K}, {"ئەمما", G}, {"ئەمە", K},
    {"ئەو", K}, {"ئەوان", K}, {"ئەوە", K}, {"ئەڭ", G}, {"اؤز", O}, {"ائدیر", O}, {"اب", U},
    {"احنا", A}, {"اداله", O}, {"از", F}, {"ازای", A}, {"اس", U}, {"است", F}, {"التى", A},
    {"التی", A}, {"الذى", A}, {"الذی", A}, {"الذین", A}, {"اللی", A}, {"الى", A}, {"اما", A | F},
    {"ان", A | U}, {"انا", A}, {"انت", A}, {"اند", F}, {"او", F | P}, {"اور", U}, {"اولاراق", O},
    {"اولان", O}, {"اولدی", O}, {"اونتوق", O}, {"اوچون", O}, {"اوہ", O}, {"اوہناں", O},
    {"اپنا", U}, {"اپنی", U}, {"اپنے", U}, {"اکو", A}, {"اگر", F | U}, {"ای", F}, {"ایتدی", O},
    {"ایدی", O}, {"ایس", O}, {"ایله", O}, {"این", F}, {"ایه", A}, {"ایچون", O}, {"ایک", U},
    {"ایہ", O}, {"ایہناں", O}, {"ایہہ", O}, {"اے", O}, {"با", F}, {"بار", G}, {"باش", A},
    {"باشد", F}, {"باندې", P}, {"باید", F}, {"بدی", A}, {"بر", F}, {"برای", F}, {"برشا", A},
    {"بزاف", A}, {"بس", A}, {"بعد", A | F | U}, {"بعض", A}, {"بل", A}, {"بن", A}, {"به", A | F},
    {"بو", O}, {"بود", F}, {"بوده", F}, {"بولدى", G}, {"بولسا", G}, {"بولغان", G}, {"بولىدۇ", G},
    {"بولۇش", G}, {"بولۇپ", G}, {"بوو", K}, {"بوون", K}, {"بووە", K}, {"بویىچە", G}, {"بىر", G},
    {"بىز", G}, {"بىلەن", G}, {"بھی", U}, {"بہت", U}, {"بۆ", K}, {"بۇ", G}, {"بۇل", O},
    {"بیا", P}, {"بیر", O}, {"بیش", F}, {"بین", A | F}, {"بە", K}, {"بەڵام", K}, {"تا", F | K},
    {"تاسو", P}, {"تر", F | P}, {"ترین", F}, {"تلک", A}, {"ته", P}, {"تو", U}, {"توں", O},
    {"تک", U}, {"تھا", U}, {"تھی", U}, {"تھے", U}, {"تۆ", K}, {"تیدق", O}, {"تینوں", O},
    {"تێدا", K}, {"تے", O}, {"ثم", A}, {"جانە", O}, {"جب", U}, {"جدا", A}, {"جس", U}, {"جن", U},
    {"جو", U}, {"جىل", O}, {"جۇرت", O}, {"جیہڑا", O}, {"جیہڑی", O}, {"جیہڑے", O}, {"جے", O},
    {"حتی", A | F}, {"حنا", A}, {"حیث", A}, {"حین", A}, {"خو", P}, {"خواهد", F}, {"خود", F},
    {"خۆی", K}, {"خۆیان", K}, {"د", P}, {"دا", P}, {"داد", F}, {"دارد", F}, {"دارند", F},
    {"داشت", F}, {"دالم", O}, {"دخی", O}, {"در", F}, {"درباره", F}, {"دغه", P}, {"ده", A | P},
    {"دهد", F}, {"دو", F | U}, {"دوای", K}, {"دوجا", O}, {"دوجی", O}, {"دول", A}, {"دون", A},
    {"دوو", K}, {"دوی", P}, {"دڠن", O}, {"دی", A | P}, {"دیا", U}, {"دیال", A}, {"دیر", O},
    {"دیگر", F}, {"دې", P}, {"دېگەن", G}, {"دے", O}, {"دە", O}, {"دەبێت", K}, {"دەپ", G},
    {"دەکات", K}, {"دەکرێت", K}, {"دەکەن", K}, {"دەڵێت", K}, {"ذلک", A}, {"را", F}, {"راه", A},
    {"رح", A}, {"رفت", F}, {"روز", F}, {"روی", F}, {"رہا", U}, {"رہی", U}, {"رہے", U},
    {"زموږ", P}, {"زۆر", K}, {"ساتھ", U}, {"سال", F}, {"ساڵی", K}, {"سب", U}, {"سره", P},
    {"سوف", A}, {"سونرا", O}, {"سوی", F}, {"سىز", G}, {"سکتا", U}, {"سکتی", U}, {"سکتے", U},
    {"سێ", K}, {"سے", U}, {"سەر", K}, {"شد", F}, {"شده", F}, {"شلون", A}, {"شما", F}, {"شنو", A},
    {"شو", A | P}, {"شود", F}, {"شوه", P}, {"شوی", P}, {"شکو", A}, {"شۇ", G}, {"ضد", A},
    {"عاوز", A}, {"عایز", A}, {"عبر", A}, {"عشان", A}, {"علاش", A}, {"علشان", A}, {"على", A},
    {"علیه", A}, {"علیها", A}, {"عم", A}, {"عن", A}, {"عند", A}, {"عندما", A}, {"فقد", A},
    {"فلا", A}, {"فى", A}, {"فی", A}, {"فین", A}, {"فیه", A}, {"فیها", A}, {"قال", A},
    {"قانداق", G}, {"قد", A}, {"قىلدى", G}, {"قىلغان", G}, {"قىلىدۇ", G}, {"قىلىش", G},
    {"قىلىپ", G}, {"لأن", A}, {"لئے", U}, {"لا", A}, {"لاء", O}, {"لدى", A}, {"لقد", A},
    {"لم", A}, {"لماذا", A}, {"لن", A}, {"له", A | P}, {"لها", A}, {"لهم", A}, {"لپاره", P},
    {"لکن", A}, {"لیس", A}, {"لیست", A}, {"لیش", A}, {"لیه", A}, {"لیکن", U}, {"لیے", U},
    {"لێ", K}, {"لېکىن", G}, {"لە", K}, {"لەسەر", K}, {"لەلایەن", K}, {"لەم", K}, {"لەو", K},
    {"لەگەڵ", K}, {"ما", A | F}, {"ماذا", A}, {"ماشی", A}, {"ماکو", A}, {"مثل", A}, {"مش", A},
    {"مع", A}, {"معاک", A}, {"مفیش", A}, {"من", A | F | K}, {"منذ", A}, {"منه", A}, {"منها", A},
    {"مورد", F}, {"موږ", P}, {"می", F}, {"مین", A}, {"مینوں", O}, {"میں", U}, {"مەن", G},
    {"نال", O}, {"ناو", K}, {"نحن", A}, {"نحو", A}, {"نمی", F}, {"نه", F | P}, {"نو", P},
    {"نوں", O}, {"نىڭ", G}, {"نہیں", U}, {"نیز", F}, {"نیست", F}, {"نیں", O}, {"نییە", K},
    {"نێوان", K}, {"نېمە", G}, {"نے", U}, {"نەبوو", K}, {"هؤلاء", A}, {"هاد", A}, {"های", A | F},
    {"هایی", F}, {"هذا", A}, {"هذه", A}, {"هر", F | P}, {"هست", F}, {"هستند", F}, {"هسه", A},
    {"هغه", P}, {"هغوی", P}, {"هل", A}, {"هلق", A}, {"هم", F | P}, {"همه", F}, {"همچنین", F},
    {"همین", F}, {"هنوز", F}, {"هو", A}, {"هون", A}, {"هى", A}, {"هی", A}, {"هیدا", A},
    {"هیدی", A}, {"هیچ", K}, {"هیک", A}, {"هەر", K}, {"هەموو", K}, {"هەیە", K},
    {"و", A | F | U | K}, {"وأن", A}, {"وإن", A}, {"واش", A}, {"والا", U}, {"والی", U},
    {"والے", U}, {"واید", A}, {"وروسته", P}, {"وسى", O}, {"وعلى", A}, {"وفی", A}, {"وقد", A},
    {"ول", O}, {"ولا", A}, {"ولکن", A}, {"ولی", F}, {"ولې", P}, {"وما", A}, {"ومن", A},
    {"وهو", A}, {"وهی", A}, {"وویل", P}, {"ووېل", P}, {"وچ", O}, {"وکان", A}, {"وکړ", P},
    {"وکړی", P}, {"وہ", U}, {"وی", F | P}, {"وین", A}, {"وەک", K}, {"پر", U | P}, {"پس", F},
    {"په", P}, {"پورې", P}, {"پھر", U}, {"پیش", F}, {"پێ", K}, {"پێش", K}, {"ٿا", O}, {"ٿو", O},
    {"ٿی", O}, {"ځکه", P}, {"څخه", P}, {"چا", P}, {"چرا", F}, {"چند", F}, {"چه", F}, {"چون", F},
    {"چگونه", F}, {"چۆن", K}, {"چی", F | K}, {"چې", P}, {"ډیر", P}, {"ډېر", P}, {"ڕۆژی", K},
    {"کا", U}, {"کان", A}, {"کانت", A}, {"کتیر", A}, {"کجا", F}, {"کده", A}, {"کر", U},
    {"کراوە", K}, {"کرد", F | K}, {"کردا", O}, {"کردن", F | K}, {"کرده", F}, {"کردووە", K},
    {"کردے", O}, {"کرنے", U}, {"کل", A}, {"کله", P}, {"کما", A}, {"کمان", A}, {"کند", F},
    {"کنند", F}, {"کنید", F}, {"کنیم", F}, {"که", F}, {"کو", U}, {"کوئی", U}, {"کوردستان", K},
    {"کولو", P}, {"کوپ", O}, {"کوی", P}, {"کچھ", U}, {"کړ", P}, {"کړه", P}, {"کړی", P},
    {"کڤد", O}, {"کہ", U}, {"کہا", U}, {"کہاں", U}, {"کۆپ", G}, {"کی", U}, {"کیا", U},
    {"کیتا", O}, {"کیسے", U}, {"کیف", A}, {"کیمی", O}, {"کیوں", U}, {"کې", P}, {"کېرەک", G},
    {"کېیىن", G}, {"کے", U}, {"کە", K}, {"گؤره", O}, {"گئی", U}, {"گئے", U}, {"گا", U},
    {"گرفت", F}, {"گفت", F}, {"گی", U}, {"گیا", U}, {"گے", U}, {"ھەر", G}, {"ھەم", G}, {"ہم", U},
    {"ہن", O}, {"ہو", U}, {"ہوئی", U}, {"ہوئے", U}, {"ہوا", U}, {"ہور", O}, {"ہونے", U},
    {"ہویا", O}, {"ہی", U}, {"ہیں", U}, {"ہے", U}, {"ۋە", G}, {"یا", A | F}, {"یان", K},
    {"یاکى", G}, {"یو", P}, {"یوق", G}, {"یوه", P}, {"یڠ", O}, {"یک", F}, {"یہ", U}, {"یې", P},
    {"یەنە", G}, {"یەک", K}, {"ەدى", O}, {"ەڭ", O}, {"۽", O}, {"۾", O},
};
/* clang-format on */

/* The languages that have word among their commonest. */
static unsigned languages_of(mk_str word)
{
    size_t low = 0, high = sizeof(words) / sizeof(*words);
    char key[sizeof(words[0].word)] = ""; /* zeros at its end, as theirs have */

    if (word.len > MAX_WORD)
        return 0;
    memcpy(key, word.ptr, word.len);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = memcmp(key, words[middle].word, sizeof(key));
        if (order == 0)
            return words[middle].languages;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
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
    fgn  /* of none of the six */
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
    size_t n_letters, n_words;
    char word[MAX_WORD]; /* the one at hand, kaf and yeh folded */
    size_t word_len;     /* bytes; above MAX_WORD: too long to be in the list */
    size_t n_in_word;    /* letters */
    uint32_t last;       /* of them; 0: none */
} tally;

static uint32_t fold(uint32_t cp)
{
    return cp == 0x0643 ? 0x06A9 : cp == 0x064A ? 0x06CC : cp;
}

/* What is said by where a letter stands. Uyghur and Kurdish write a hamza before
 * a vowel that begins a word, and only Uyghur (and Kazakh, which does not) has
 * alef maksura inside words. */
static void add_place(tally *t, uint32_t cp, letter l)
{
    const bool vowel = l == ae_ || l == oe_ || l == sor || l == uyg || l == ee_;

    if (t->n_in_word == 0 && vowel)
        t->score[MK_LANGUAGE_CKB] += AGAINST_A_START;
    if (t->n_in_word == 0 && (vowel || cp == 0x0627 || cp == 0x0649))
        t->score[MK_LANGUAGE_UG] += AGAINST_A_START;
    if (t->last == 0x0649) {
        t->score[MK_LANGUAGE_UG] += FOR_A_MAKSURA;
        t->n_own[MK_LANGUAGE_UG]++;
    }
    t->last = cp;
}

static void add_letter(tally *t, uint32_t cp, letter l)
{
    char bytes[4];
    const size_t len = mk_utf8_put(bytes, fold(cp));

    for (size_t i = 0; l != bas && i < N_LANGUAGES; i++) {
        t->score[i] += speaks[l][i];
        t->n_own[i] += speaks[l][i] > 1;
    }
    add_place(t, cp, l);
    if (t->word_len + len <= MAX_WORD)
        memcpy(t->word + t->word_len, bytes, len);
    t->word_len += len;
    t->n_in_word++;
    t->n_letters++;
}

/* Alef and lam, also after one of waw, feh, beh, kaf. */
static bool has_article(const tally *t)
{
    static const mk_str article = {"ال", 4};
    const mk_str word = {t->word, t->word_len < MAX_WORD ? t->word_len : MAX_WORD};

    if (t->n_in_word < 4)
        return false;
    return memcmp(word.ptr, article.ptr, article.len) == 0 ||
           (t->n_in_word > 4 && mk_str_has(MK_STR("وفبک"), mk_str_sub(word, 0, 2)) &&
            memcmp(word.ptr + 2, article.ptr, article.len) == 0);
}

static void end_word(tally *t)
{
    if (t->n_in_word == 0)
        return;
    const unsigned languages = languages_of((mk_str){t->word, t->word_len});

    for (size_t i = 0; i < N_LANGUAGES; i++)
        t->score[i] += !(languages >> i & 1)    ? 0
                       : i == MK_LANGUAGE_OTHER ? FOR_ANOTHER
                                                : FOR_A_WORD;
    t->score[MK_LANGUAGE_AR] += has_article(t) ? FOR_AN_ARTICLE : 0;
    t->n_words++;
    t->word_len = 0;
    t->n_in_word = 0;
    t->last = 0;
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

mk_language mk_language_detect(mk_str text)
{
    tally t = {.n_letters = 0};

    for (size_t at = 0; at < text.len && t.n_letters < MAX_LETTERS;) {
        if ((uint8_t)text.ptr[at] < 0x80) {
            end_word(&t);
            at++;
            continue;
        }
        const uint32_t cp = mk_utf8_next(text, &at);
        const letter l = letter_of(cp);
        if (l != no_)
            add_letter(&t, cp, l);
        else if (!mk_is_arabic_mark(cp) && cp != 0x0640)
            end_word(&t);
    }
    end_word(&t);
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
