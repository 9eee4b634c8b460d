/* flags.c: text that does not say what its readers saw, and that nothing can repair:
 * codes that only a font of its own makes letters of, spans that were told to run
 * backwards. A person should look; no byte changes. Cases: fixtures/filters/repair.cases. */
#include "doc/flags.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "text/operations.h"
#include "text/visual_order.h"

enum { PRIVATE_PART = 100 /* one private character in so many flags a text */ };

static void flag_page_glyphs(mk_edit *edit, mk_str text, unsigned bytes)
{
    size_t at;

    if (mk_has_page_glyphs(text, bytes & MK_BYTE_EF, &at))
        mk_edit_review(edit, MK_OP_QCF_FLAG, mk_edit_format(edit, "glyph codes at byte %zu", at));
}

/* Characters that begin with lead and go on with a byte from low to high. */
static uint64_t count_leads(mk_str text, uint8_t lead, uint8_t low, uint8_t high)
{
    uint64_t n = 0;

    for (size_t at = 0; at + 1 < text.len; at++) {
        const char *const found = memchr(text.ptr + at, lead, text.len - at - 1);
        if (!found)
            break;
        n += (uint8_t)found[1] >= low && (uint8_t)found[1] <= high;
        at = (size_t)(found - text.ptr);
    }
    return n;
}

/* U+E000 to U+F8FF begin with EE 80 to EF A3, the planes 15 and 16 with F3 B0 to F4. */
static void flag_private(mk_edit *edit, mk_str text, unsigned bytes)
{
    uint64_t n_private = 0;
    if (bytes & MK_BYTE_EE)
        n_private += count_leads(text, 0xEE, 0x80, 0xBF);
    if (bytes & MK_BYTE_EF)
        n_private += count_leads(text, 0xEF, 0x80, 0xA3);
    if (bytes & MK_BYTE_F)
        n_private += count_leads(text, 0xF3, 0xB0, 0xBF) + count_leads(text, 0xF4, 0x80, 0xBF);
    uint64_t n_cp = 0;

    if (n_private == 0)
        return;
    for (size_t i = 0; i < text.len; i++)
        n_cp += ((uint8_t)text.ptr[i] & 0xC0) != 0x80;
    if (n_private * PRIVATE_PART > n_cp)
        mk_edit_review(edit, MK_OP_PUA,
                       mk_edit_format(edit, "%" PRIu64 " of %" PRIu64 " characters are private",
                                      n_private, n_cp));
}

/* An Arabic letter stands behind `at`, before the override ends or the next begins:
 * many of them take no more time. */
static bool has_letter_behind(mk_str text, size_t at)
{
    uint32_t cp;

    while ((cp = mk_utf8_next(text, &at)) != MK_CP_NONE && cp != '\n' &&
           (cp < 0x202C || cp > 0x202E))
        if (mk_is_arabic_letter(cp))
            return true;
    return false;
}

/* U+202D and U+202E, over letters of Arabic. */
static void flag_override(mk_edit *edit, mk_str text)
{
    size_t at = 0;

    while (at < text.len) {
        const char *const lead = memchr(text.ptr + at, 0xE2, text.len - at);
        if (!lead)
            return;
        at = (size_t)(lead - text.ptr);
        const size_t here = at;
        const uint32_t cp = mk_utf8_next(text, &at);
        if ((cp != 0x202D && cp != 0x202E) || !has_letter_behind(text, at))
            continue;
        mk_edit_review(edit, MK_OP_BIDI,
                       mk_edit_format(edit, "U+%04X over letters at byte %zu", (unsigned)cp, here));
        return;
    }
}

void mk_edit_flag(mk_edit *edit, uint64_t operations, unsigned bytes)
{
    const mk_str text = edit->doc->raw;

    if (text.len == 0)
        return;
    if (operations & MK_OP_BIT(MK_OP_QCF_FLAG))
        flag_page_glyphs(edit, text, bytes);
    if (operations & MK_OP_BIT(MK_OP_PUA) && bytes & (MK_BYTE_EE | MK_BYTE_EF | MK_BYTE_F))
        flag_private(edit, text, bytes);
    if (operations & MK_OP_BIT(MK_OP_BIDI) && bytes & MK_BYTE_E2)
        flag_override(edit, text);
}
