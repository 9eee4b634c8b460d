/* elongation.c: letters that are repeated for emphasis.
 *
 * Two of a letter are normal, three are legal, so that what is released keeps up
 * to four; the fold for matching takes long vowels back to one and others to
 * two. Marks and tatweel end a run. */
#include "text/pass.h"

enum {
    KEPT = 4,    /* of a run */
    EMPHASIS = 3 /* of a run that is folded, and of a word of one letter */
};

/* The end of the run of cp from `at` on; *ret_kept: the end of its first `keep`. */
static size_t run_end(mk_str text, size_t at, uint32_t cp, size_t keep, size_t *ret_n,
                      size_t *ret_kept)
{
    size_t n = 1;

    *ret_kept = at;
    for (size_t next = at; next < text.len && mk_take(text, &next) == cp; at = next)
        if (++n == keep)
            *ret_kept = next;
    *ret_n = n;
    return at;
}

void mk_pass_elongation_cap(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_take(text, &at);
        size_t n, kept;
        if (!mk_is_l(cp))
            continue;
        at = run_end(text, at, cp, KEPT, &n, &kept);
        if (n > KEPT)
            mk_patch_away(patches, kept, at);
    }
}

static bool is_long_vowel(uint32_t cp)
{
    return cp == 0x0627 || cp == 0x0648 || cp == 0x064A || cp == 0x0649 || cp == 0x06CC ||
           cp == 0x0622;
}

void mk_pass_elongation_fold(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    bool word = false; /* a letter stands before */

    (void)context;
    for (size_t at = 0; at < text.len;) {
        size_t n, kept;
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        const size_t first = at;
        if (!mk_is_l(cp)) {
            word = false;
            continue;
        }
        at = run_end(text, first, cp, EMPHASIS, &n, &kept);
        const bool alone = !word && !mk_is_l(mk_look(text, at));
        word = true;
        if (n < EMPHASIS || (alone && n == EMPHASIS))
            continue;
        if (!alone)
            kept = first + (is_long_vowel(cp) ? 0 : first - from);
        mk_patch_away(patches, kept, at);
    }
}
