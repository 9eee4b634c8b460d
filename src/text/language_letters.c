/* language_letters.c: the letters of one language written with those of another,
 * because of a keyboard or a font: Persian kaf and yeh in Arabic, Arabic ones in
 * Persian, heh and ae in Kurdish, Uyghur, Urdu.
 *
 * Works word by word: what each letter is in every place comes from letters.tsv,
 * what depends on the place is here. Refuses an Arabic word that holds a letter
 * of no Arabic alphabet, the medial heh of Urdu, final yeh in Uyghur and Pashto,
 * where they are letters of their own, and texts in other languages altogether.
 * Sources: Unicode 15.0 chapter 9.2; spelling of the languages. */
#include "text/pass.h"

enum {
    HEH = 0x0647,
    MAKSURA = 0x0649,
    YEH = 0x064A,
    YEH_HAMZA = 0x0626,
    HAH = 0x062D,
    HAH_HAMZA = 0x0681,
    HEH_DOACHASHMEE = 0x06BE,
    HEH_GOAL = 0x06C1,
    HEH_GOAL_HAMZA = 0x06C2,
    FARSI_YEH = 0x06CC,
    AE = 0x06D5,
    STEM = 8 /* letters kept of a word: one more than the longest in the list */
};

/* Arabic words that end in alef maksura, that letter left out. */
static const char *const maksura[] = {
    "عل", "إل", "ال",  "حت",  "مت",   "لد",    "سو",  "بل",  "مد",  "عس",
    "شت", "أن", "موس", "عيس", "مصطف", "مستشف", "كبر", "أخر", "اخر", "ذكر",
};

/* A word while it is read. */
typedef struct word {
    mk_language language;
    mk_str text; /* of which the word is a part */
    uint32_t stem[STEM];
    unsigned n_stem;
} word;

/* The letter after the marks and tatweels from `at` on; MK_CP_NONE: none. */
static uint32_t next_letter(mk_str text, size_t at)
{
    uint32_t cp;

    do
        cp = mk_utf8_next(text, &at);
    while (mk_letter_facts_of(cp) & (MK_MARK | MK_TATWEEL));
    return mk_is_l(cp) ? cp : MK_CP_NONE;
}

static bool is_in_list(const uint32_t *letters, unsigned n)
{
    char bytes[4 * STEM];
    size_t len = 0;

    for (unsigned i = 0; i < n; i++)
        len += mk_utf8_put(bytes + len, letters[i]);
    for (size_t i = 0; i < sizeof(maksura) / sizeof(*maksura); i++)
        if (mk_str_eq(mk_str_of(maksura[i]), (mk_str){bytes, len}))
            return true;
    return false;
}

/* The letters before a final yeh are those of a word of the list, the word with
 * wa- or fa- before it included. */
static bool ends_in_maksura(const word *w)
{
    const uint32_t first = w->n_stem > 0 ? w->stem[0] : MK_CP_NONE;

    if (w->n_stem == STEM)
        return false;
    return is_in_list(w->stem, w->n_stem) ||
           ((first == 0x0648 || first == 0x0641) && is_in_list(w->stem + 1, w->n_stem - 1));
}

/* What cp is at its place; what stands after it begins at `after`. */
static uint32_t letter_at(const word *w, uint32_t cp, size_t after)
{
    switch (w->language) {
    case MK_LANGUAGE_AR:
        if (cp != FARSI_YEH)
            break;
        return next_letter(w->text, after) || !ends_in_maksura(w) ? YEH : MAKSURA;
    case MK_LANGUAGE_UR:
        if (cp == HEH && !next_letter(w->text, after))
            return HEH_GOAL;
        break;
    case MK_LANGUAGE_CKB:
        if (cp == HEH && mk_look(w->text, after) == MK_ZWNJ)
            return AE;
        if (cp == HEH_DOACHASHMEE && next_letter(w->text, after))
            return HEH;
        break;
    case MK_LANGUAGE_UG:
        if (cp == HEH)
            return next_letter(w->text, after) ? HEH_DOACHASHMEE : AE;
        if (cp == FARSI_YEH && next_letter(w->text, after))
            return YEH;
        break;
    case MK_LANGUAGE_FA:
    case MK_LANGUAGE_PS:
    case MK_LANGUAGE_OTHER:
        break;
    }
    return cp;
}

/* What cp and a hamza above are together, 0 if nothing. `to`: what letter_at
 * makes of cp. */
static uint32_t with_hamza(mk_language language, uint32_t cp, uint32_t to)
{
    switch (language) {
    case MK_LANGUAGE_AR:
        return to == YEH || to == MAKSURA ? YEH_HAMZA : 0;
    case MK_LANGUAGE_FA:
    case MK_LANGUAGE_CKB:
        return to == FARSI_YEH ? YEH_HAMZA : 0;
    case MK_LANGUAGE_UR:
        if (cp == HEH || cp == HEH_GOAL)
            return HEH_GOAL_HAMZA;
        return to == FARSI_YEH ? YEH_HAMZA : 0;
    case MK_LANGUAGE_UG:
        return cp == FARSI_YEH || cp == YEH ? YEH_HAMZA : 0;
    case MK_LANGUAGE_PS:
        return cp == HAH ? HAH_HAMZA : 0;
    case MK_LANGUAGE_OTHER:
        break;
    }
    return 0;
}

/* Where the hamza stands that follows `at`, vowels and madda between allowed;
 * SIZE_MAX: there is none. */
static size_t find_hamza(mk_str text, size_t at)
{
    for (;;) {
        const size_t from = at;
        const uint32_t cp = mk_utf8_next(text, &at);
        if (cp == MK_HAMZA_ABOVE)
            return from;
        if (cp < 0x064B || cp > 0x0653)
            return SIZE_MAX;
    }
}

static unsigned map_of(mk_language language)
{
    return MK_MAP_AR + ((unsigned)language - MK_LANGUAGE_AR);
}

/* The word text[from, to). */
static void repair_word(mk_language language, mk_str text, size_t from, size_t to,
                        mk_patches *patches)
{
    word w = {.language = language, .text = mk_str_sub(text, 0, to)};
    size_t hamza = SIZE_MAX; /* that the letter before has taken in */

    for (size_t at = from; at < to;) {
        const size_t start = at;
        const uint32_t cp = mk_take(text, &at);
        if (!mk_is_l(cp)) {
            if (start == hamza)
                mk_patch_away(patches, start, at);
            continue;
        }
        uint32_t is = letter_at(&w, cp, at);
        if (is == cp)
            is = mk_letter_map(map_of(language), cp);
        if (w.n_stem < STEM)
            w.stem[w.n_stem++] = cp == FARSI_YEH ? YEH : mk_letter_map(MK_MAP_AR, cp);
        const uint32_t both = with_hamza(language, cp, is);
        hamza = both ? find_hamza(w.text, at) : SIZE_MAX;
        if (language == MK_LANGUAGE_CKB && cp == HEH && is == AE)
            at += 3; /* the non-joiner goes with it */
        if (hamza != SIZE_MAX)
            is = both;
        if (is != cp)
            mk_patch_cp(patches, start, at, is);
    }
}

/* True of what words are made of; *all_arabic is cleared by other letters. */
static bool in_word(uint32_t cp, bool *all_arabic)
{
    const unsigned facts = mk_letter_facts_of(cp);

    if (facts & MK_LETTER && !(facts & MK_ARABIC))
        *all_arabic = false;
    return facts & (MK_LETTER | MK_MARK | MK_TATWEEL) || cp == MK_ZWNJ || cp == MK_ZWJ;
}

void mk_pass_letters(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    const mk_language language = context->language;

    if (language == MK_LANGUAGE_OTHER)
        return;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        size_t to = at;
        bool all_arabic = true;
        while (at < text.len && in_word(mk_take(text, &at), &all_arabic))
            to = at;
        if (to > from && (all_arabic || language != MK_LANGUAGE_AR))
            repair_word(language, text, from, to, patches);
    }
}
