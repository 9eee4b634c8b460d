/* marks.c: what is done to combining marks alone, and for their sake.
 *
 * Refuses hamza marks (U+0653 to U+0655) in `tashkeel` and `harakat`: they are
 * spelling. Sources: Unicode 15.0 chapter 9.2; UAX #53 for the order of shadda. */
#include "text/pass.h"

enum { MARKS_MAX = 8 /* on one base: the Quran has 4, more is an ornament */ };

/* The same mark again. */
void mk_pass_dup_marks(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        size_t to = at;
        uint32_t cp;
        do {
            cp = mk_take(text, &at);
            if (cp != before || !mk_is_m(cp))
                break;
            to = at;
        } while (at < text.len);
        if (to > from)
            mk_patch_away(patches, from, to);
        before = cp;
    }
}

void mk_pass_mark_cap(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        size_t n = 0, cap = at, to = at;
        while (at < text.len) {
            const uint32_t cp = mk_take(text, &at);
            if (!mk_is_m(cp) && !(cp >= 0x0300 && cp <= 0x036F))
                break;
            to = at;
            if (++n == MARKS_MAX)
                cap = to;
        }
        if (n > MARKS_MAX)
            mk_patch_away(patches, cap, to);
    }
}

/* Vowels and the shadda after them change places: what keyboards write. Each
 * run of vowels is a patch, and so is the run of shadda. */
void mk_pass_shadda_first(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    const mk_str none = {NULL, 0};
    size_t vowels = 0, n_vowels = 0;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (cp >= 0x064B && cp <= 0x0650) {
            vowels = n_vowels++ == 0 ? from : vowels;
            continue;
        }
        if (cp == MK_SHADDA && n_vowels > 0) {
            while (mk_look(text, at) == MK_SHADDA)
                at += 2;
            mk_patch(patches, vowels, 0, mk_str_sub(text, from, at), 0);
            mk_patch(patches, from, at - from, none, 0);
        }
        n_vowels = 0;
    }
}

static void remove_range(mk_str text, mk_patches *patches, bool (*is_gone)(uint32_t cp))
{
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        size_t to = at;
        while (at < text.len && is_gone(mk_take(text, &at)))
            to = at;
        if (to > from)
            mk_patch_away(patches, from, to);
    }
}

static bool is_tashkeel(uint32_t cp)
{
    return (cp >= 0x064B && cp <= 0x0652) || cp == 0x0670;
}

static bool is_haraka(uint32_t cp)
{
    return (cp >= 0x064B && cp <= 0x0650) || cp == 0x0652;
}

void mk_pass_tashkeel(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    remove_range(text, patches, is_tashkeel);
}

void mk_pass_harakat(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    remove_range(text, patches, is_haraka);
}

/* Signs of recitation go; the three that stand by themselves part words. */
void mk_pass_quran_marks(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (cp < 0x0615 || cp > 0x08FF)
            continue;
        if (cp == 0x06DD || cp == 0x06DE || cp == 0x06E9)
            mk_patch_cp(patches, from, at, ' ');
        else if (cp <= 0x061A || (cp >= 0x06D6 && cp <= 0x06ED) || (cp > 0x0700 && mk_is_m(cp)))
            mk_patch_away(patches, from, at);
    }
}

static bool is_any_mark(uint32_t cp)
{
    return cp == 0x06E5 || cp == 0x06E6 || mk_is_m(cp);
}

/* All that is left: after mk_pass_quran_marks. */
void mk_pass_marks(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    remove_range(text, patches, is_any_mark);
}

/* ---- tanween and the alef at the end of a word ---- */

static bool is_seat(uint32_t cp)
{
    return cp == 0x0627 || cp == 0x0649;
}

/* first and second stand at the end of a word: they change places. */
static void swap(mk_str text, mk_patches *patches, bool tanween_first)
{
    enum { FATHATAN = 0x064B };

    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t one = mk_take(text, &at);
        const uint32_t two = mk_look(text, at);
        const bool found = tanween_first ? one == FATHATAN && is_seat(two)
                                         : is_seat(one) && two == FATHATAN;
        if (!found || mk_letter_facts_of(mk_look(text, at + 2)) & (MK_LETTER | MK_MARK))
            continue;
        char both[4];
        memcpy(both, text.ptr + at, 2);
        memcpy(both + 2, text.ptr + from, 2);
        at += 2;
        mk_patch(patches, from, at - from, (mk_str){both, 4}, 0);
    }
}

void mk_pass_tanween_after(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    swap(text, patches, true);
}

void mk_pass_tanween_before(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    swap(text, patches, false);
}
