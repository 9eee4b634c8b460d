/* unseen.c: characters that no reader sees, joiners apart.
 *
 * A removed character never leaves a space: it would split words. Refuses the
 * visible formats U+0600 to U+0605, U+06DD, U+0890, U+0891, U+08E2, the grapheme
 * joiner U+034F, which keeps marks from being put in order, and what stays where
 * it stands: zero width spaces beside scripts without spaces, tags in flags,
 * variation selectors of emoji. Sources: Unicode 15.0 chapters 9.2 and 23;
 * ECMA-48 section 5.4 for control sequences. */
#include "text/pass.h"

enum { ESC = 0x1B, FLAG = 0x1F3F4 };

/* Removes each code point that is_gone says yes to. */
static void remove_all(mk_str text, mk_patches *patches, bool (*is_gone)(uint32_t cp))
{
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        size_t to = at;
        while (to < text.len && is_gone(mk_take(text, &at)))
            to = at;
        if (to > from)
            mk_patch_away(patches, from, to);
    }
}

/* ---- controls ---- */

/* Bytes of the control sequence that begins s, ESC [ ..., or 0. */
static size_t control_sequence(mk_str s)
{
    size_t at = 2;

    if (s.len < 3 || s.ptr[0] != ESC || s.ptr[1] != '[')
        return 0;
    while (at < s.len &&
           ((s.ptr[at] >= '0' && s.ptr[at] <= '9') || s.ptr[at] == ';' || s.ptr[at] == '?'))
        at++;
    while (at < s.len && s.ptr[at] >= ' ' && s.ptr[at] <= '/')
        at++;
    return at < s.len && s.ptr[at] >= '@' && s.ptr[at] <= '~' ? at + 1 : 0;
}

static bool is_c0(uint32_t cp)
{
    return cp <= 0x08 || (cp >= 0x0E && cp < 0x20) || cp == 0x7F;
}

void mk_pass_control(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        const size_t len = cp == ESC ? control_sequence(mk_str_sub(text, from, text.len)) : 0;
        at = len ? from + len : at;
        if (is_c0(cp) || (cp > 0x7F && cp < 0xA0 && cp != 0x85))
            mk_patch_away(patches, from, at);
    }
}

void mk_pass_control_c0(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    remove_all(text, patches, is_c0);
}

/* ---- removed wherever they stand ---- */

static bool is_nonchar(uint32_t cp)
{
    return (cp >= 0xFDD0 && cp <= 0xFDEF) || (cp & 0xFFFE) == 0xFFFE;
}

static bool is_private(uint32_t cp)
{
    return (cp >= 0xE000 && cp <= 0xF8FF) || (cp >= 0xF0000 && !is_nonchar(cp));
}

static bool is_bidi(uint32_t cp)
{
    return cp == 0x061C || cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x206F);
}

/* Soft hyphen, word joiner, byte order mark, annotations, object. */
static bool is_unseen(uint32_t cp)
{
    return cp == 0xAD || cp == 0x2060 || cp == 0xFEFF || (cp >= 0xFFF9 && cp <= 0xFFFC);
}

void mk_pass_nonchar(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    remove_all(text, patches, is_nonchar);
}

void mk_pass_pua(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    remove_all(text, patches, is_private);
}

void mk_pass_bidi(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    remove_all(text, patches, is_bidi);
}

void mk_pass_unseen(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    remove_all(text, patches, is_unseen);
}

/* Byte order marks at the beginning. */
void mk_pass_bom(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    size_t at = 0, to = 0;

    (void)context;
    while (to < text.len && mk_take(text, &at) == 0xFEFF)
        to = at;
    if (to > 0)
        mk_patch_away(patches, 0, to);
}

/* ---- removed by what stands beside them ---- */

/* Scripts without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, Tai
 * Le, New Tai Lue, Khmer symbols, Buginese, Tai Tham. */
static bool is_unspaced(uint32_t cp)
{
    return (cp >= 0x0E00 && cp <= 0x109F) || (cp >= 0x1780 && cp <= 0x17FF) ||
           (cp >= 0x1950 && cp <= 0x1AAF);
}

/* Of a run of zero width spaces the one that touches such a script stays. */
void mk_pass_zwsp(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        size_t from = at, to = at;
        uint32_t cp = mk_take(text, &at);
        if (cp != MK_ZWSP) {
            before = cp;
            continue;
        }
        while (cp == MK_ZWSP) {
            to = at;
            cp = mk_look(text, at);
            at += cp == MK_ZWSP ? 3 : 0;
        }
        if (is_unspaced(before))
            from += 3;
        if (is_unspaced(cp))
            to -= 3;
        if (to > from)
            mk_patch_away(patches, from, to);
        before = MK_ZWSP;
    }
}

/* A tag that spells the name of a region after FLAG. */
static bool is_flag_tag(uint32_t cp)
{
    return cp >= 0xE0020 && cp <= 0xE007F;
}

void mk_pass_tags(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        uint32_t cp = mk_take(text, &at);
        const bool out = before != FLAG && !is_flag_tag(before);
        if (out && (cp == 0xE0001 || is_flag_tag(cp))) {
            for (size_t next = at; next < text.len; at = next) {
                const uint32_t tag = mk_take(text, &next);
                if (tag != 0xE0001 && !is_flag_tag(tag))
                    break;
                cp = tag;
            }
            mk_patch_away(patches, from, at);
        }
        before = cp;
    }
}

static bool is_selector(uint32_t cp)
{
    return cp >= 0xFE00 && cp <= 0xFE0F;
}

/* Variation selectors after what has no variants. */
void mk_pass_selectors(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    bool unselected = true;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        size_t to = at;
        uint32_t cp = MK_CP_NONE;
        while (at < text.len && is_selector(cp = mk_take(text, &at)))
            to = at;
        if (to > from && unselected)
            mk_patch_away(patches, from, to);
        if (!is_selector(cp))
            unselected = mk_is_white(cp) || cp == MK_ZWNJ || cp == MK_ZWJ ||
                         (mk_letter_facts_of(cp) & (MK_LETTER | MK_MARK | MK_TATWEEL)) != 0;
    }
}
