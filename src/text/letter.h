/* letter.h: facts about the signs of the Arabic blocks, made at build time of
 * letters.tsv, which says what they mean. Operations, the search form and the
 * folded line all work by these tables. */
#ifndef MK_LETTER_H
#define MK_LETTER_H

#include "minkhal/text.h"

/* Bits of mk_letter_facts; make_letters.py has the same numbers. */
enum {
    MK_LETTER = 1,
    MK_MARK = 2,
    MK_DIGIT = 4, /* Arabic-Indic or Persian */
    MK_TATWEEL = 8,
    MK_UNJOINED = 16,
    MK_ARABIC = 32,
    MK_VOWEL = 64,
    MK_SEATED = 128,
    MK_QURAN = 256
};

/* Rows of mk_letter_maps; the first six stand in the order of mk_language. */
enum {
    MK_MAP_AR,
    MK_MAP_FA,
    MK_MAP_UR,
    MK_MAP_CKB,
    MK_MAP_UG,
    MK_MAP_PS,
    MK_MAP_ALEF,
    MK_MAP_MAKSURA,
    MK_MAP_MARBUTA,
    MK_MAP_HAMZA,
    MK_MAP_SCRIPT,
    MK_N_LETTER_MAPS
};

extern const uint16_t mk_letter_facts[512];                  /* U+06xx, U+08xx */
extern const uint8_t mk_letter_bytes[256];                   /* U+06xx, see fold.h */
extern const uint16_t mk_letter_maps[MK_N_LETTER_MAPS][256]; /* U+06xx; 0: itself */

/* The bits of cp; of letters outside the two blocks MK_LETTER alone. */
static inline unsigned mk_letter_facts_of(uint32_t cp)
{
    if (cp - 0x600 < 0x100)
        return mk_letter_facts[cp - 0x600];
    if (cp < 0x750)
        return 0;
    if (mk_is_arabic_letter(cp))
        return MK_LETTER;
    return cp - 0x800 < 0x100 ? mk_letter_facts[256 + cp - 0x800] : 0;
}

static inline bool mk_is_l(uint32_t cp)
{
    return (mk_letter_facts_of(cp) & MK_LETTER) != 0;
}

static inline bool mk_is_m(uint32_t cp)
{
    return (mk_letter_facts_of(cp) & MK_MARK) != 0;
}

/* What cp is in that map; cp itself if the map says nothing. */
static inline uint32_t mk_letter_map(unsigned map, uint32_t cp)
{
    const uint32_t to = cp - 0x600 < 0x100 ? mk_letter_maps[map][cp - 0x600] : 0;

    return to ? to : cp;
}

/* The letters of a presentation form, as an operation makes them of it; 0: it is
 * none. */
unsigned mk_form_letters(uint32_t cp, uint32_t ret[3]);

#endif
