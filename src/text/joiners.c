/* joiners.c: the non-joiner U+200C and the joiner U+200D, by what stands beside
 * them.
 *
 * They are spelling in Persian, Urdu, Kurdish, Pashto and Uyghur, in Indic and
 * like scripts, and in emoji; in Arabic a non-joiner after a letter that does not
 * join, and a joiner between letters that join, change nothing. Sources: Unicode
 * 15.0 chapters 9.2, 12 and 23; ArabicShaping.txt. */
#include <utf8proc.h>

#include "text/pass.h"

enum { HEH = 0x0647, AE = 0x06D5, EMOJI_SELECTOR = 0xFE0F, GRAPHEME_JOINER = 0x034F };

/* Scripts that spell with joiners: Syriac, NKo, Mandaic, the Indic ones and
 * those of South-East Asia, Mongolian. */
static bool is_joining_script(uint32_t cp)
{
    static const struct {
        uint32_t first, last;
    } blocks[] = {
        {0x0700, 0x074F}, {0x07C0, 0x07FF}, {0x0840, 0x085F}, {0x0900, 0x0DFF},   {0x0F00, 0x109F},
        {0x1700, 0x18AF}, {0x1A00, 0x1CFF}, {0xA800, 0xABFF}, {0x10A00, 0x11FFF},
    };

    for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
        if (cp >= blocks[i].first && cp <= blocks[i].last)
            return true;
    return false;
}

/* Symbols and modifiers that emoji are made of. */
static bool is_emoji(uint32_t cp)
{
    if (cp < 0xA0)
        return cp == '^' || cp == '`'; /* of category Sk like the skin tones */
    if (cp == EMOJI_SELECTOR || (cp >= 0x1F000 && cp <= 0x1FAFF))
        return true;
    const utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
    return category == UTF8PROC_CATEGORY_SO || category == UTF8PROC_CATEGORY_SK;
}

/* The end of the run of `joiner` from `at` on. */
static size_t run_end(mk_str text, size_t at, uint32_t joiner)
{
    while (mk_look(text, at) == joiner)
        at += 3;
    return at;
}

static bool keeps_zwnj(mk_language language, uint32_t before, uint32_t after)
{
    const unsigned facts = mk_letter_facts_of(before);

    if (is_joining_script(before))
        return true;
    if (!mk_is_l(after) || !(facts & MK_LETTER || mk_is_digit(before)))
        return false;
    return language != MK_LANGUAGE_AR || (facts & (MK_LETTER | MK_UNJOINED)) == MK_LETTER;
}

/* Of a run at most one stays. */
void mk_pass_zwnj(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE; /* the last that is no mark */

    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (cp != MK_ZWNJ) {
            if (!mk_is_m(cp) && !(cp == MK_ZWJ && context->language != MK_LANGUAGE_AR))
                before = cp;
            continue;
        }
        at = run_end(text, at, MK_ZWNJ);
        if (keeps_zwnj(context->language, before, mk_look(text, at))) {
            from += 3;
            before = MK_ZWNJ;
        }
        if (at > from)
            mk_patch_away(patches, from, at);
    }
}

typedef enum fate { GOES, STAYS, HIJRI } fate;

static fate judge_zwj(mk_language language, uint32_t before, uint32_t after)
{
    const unsigned b = mk_letter_facts_of(before), a = mk_letter_facts_of(after);

    if (before != MK_CP_NONE && after != MK_CP_NONE && is_emoji(before) && is_emoji(after))
        return STAYS;
    if (before == HEH && language == MK_LANGUAGE_AR && !(a & (MK_LETTER | MK_MARK | MK_TATWEEL)))
        return HIJRI;
    if (b & MK_LETTER && a & MK_LETTER)
        return b & MK_UNJOINED ? STAYS : GOES;
    if (b & MK_LETTER && !(a & (MK_MARK | MK_TATWEEL)))
        return STAYS;
    if (a & MK_LETTER && !(b & (MK_MARK | MK_TATWEEL)))
        return STAYS;
    return is_joining_script(before) ? STAYS : GOES;
}

/* In Arabic heh and joiner at the end of a word become heh and tatweel, the sign
 * of the Hijri year. */
void mk_pass_zwj(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (cp != MK_ZWJ) {
            before = cp;
            continue;
        }
        at = run_end(text, at, MK_ZWJ);
        switch (judge_zwj(context->language, before, mk_look(text, at))) {
        case GOES:
            mk_patch_away(patches, from, at);
            break;
        case STAYS:
            if (at - from > 3)
                mk_patch_away(patches, from + 3, at);
            before = MK_ZWJ;
            break;
        case HIJRI:
            mk_patch_cp(patches, from, at, MK_TATWEEL_CP);
            before = MK_TATWEEL_CP;
            break;
        }
    }
}

/* Kurdish typed on other keyboards: heh and a non-joiner are the vowel ae. */
void mk_pass_heh_zwnj(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    if (context->language != MK_LANGUAGE_CKB)
        return;
    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_take(text, &at);
        if (cp == MK_ZWNJ && before == HEH)
            mk_patch_cp(patches, at - 5, at, AE);
        before = cp;
    }
}

/* For matching: what no reader sees goes, but in emoji. */
void mk_pass_joiners_all(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        const bool emoji = before == EMOJI_SELECTOR || (before >= 0x1F000 && before <= 0x1FAFF);
        if (cp == MK_ZWNJ || cp == GRAPHEME_JOINER || (cp == MK_ZWJ && !emoji))
            mk_patch_away(patches, from, at);
        else
            before = cp;
    }
}
