/* mojibake.c: see mojibake.h.
 *
 * Two kinds. UTF-8 that was read as a page of one byte a character (`Ø§Ù„`, `ط§ظ„`):
 * a run of such characters is put right where its bytes are UTF-8, once one run of
 * the document has shown enough Arabic. And Arabic of one byte a letter that was
 * read as windows-1252 or Latin-1 (`ÇáÓáÇã`): a line is put right where its
 * words become Arabic ones, once one line has shown words that Arabic has.
 * Refuses what has lost bytes on the way, but for the digit zero before other
 * digits. It must run while no-break spaces, soft hyphens, joiners and curly
 * quotes are where they were: they are bytes.
 * Cases: tests/text/test_mojibake.c. */
#include "text/mojibake.h"

#include "base/simd.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#ifdef MK_WITH_AVX2
#include <immintrin.h>
#endif

#include "text/codepage.h"
#include "text/draft.h"
#include "text/eight_bit.h"

/* The stages of a round that undo a reading of UTF-8, in order; the last stage
 * is the other kind's. strong: Arabic in one run that is enough. Bytes of Arabic
 * look like Arabic in windows-1256, so that chance pairs are to be outdone. */
static const struct {
    mk_codepage page;
    size_t strong;
} pages[] = {{MK_PAGE_1252, 2}, {MK_PAGE_1256, 3}, {MK_PAGE_1250, 3}, {MK_PAGE_MAC, 3}};

enum { N_PAGES = sizeof(pages) / sizeof(*pages), EIGHT_BIT = N_PAGES };

/* ---- the screen: may there be something? ---- */

enum { MAYBE_WESTERN = 1, MAYBE_1256 = 2, MAYBE_EIGHT_BIT = 4 };

/* True if a page other than 1256 shows a byte as cp that begins what counts as
 * Arabic in UTF-8: C3, D8 to DB, DD, E0, EF. */
static bool is_western_lead(uint32_t cp)
{
    static const mk_codepage western[] = {MK_PAGE_1252, MK_PAGE_1250, MK_PAGE_MAC};

    /* Dashes and quotation marks are other bytes in all three: what most texts have. */
    if (cp == 0xAB || cp == 0xBB || (cp >= 0x2010 && cp < 0x2020))
        return false;
    for (size_t i = 0; i < 3; i++) {
        const uint8_t b = mk_page_byte(western[i], cp);
        if (b == 0xC3 || (b >= 0xD8 && b <= 0xDB) || b == 0xDD || b == 0xE0 || b == 0xEF)
            return true;
    }
    return false;
}

/* True if the character that begins at `at` is the second of a run of 1256 whose
 * bytes may be UTF-8. */
static bool is_second_of_1256(mk_str s, size_t at, uint32_t cp)
{
    if (at == 0 || (uint8_t)s.ptr[at - 1] < 0x80 || (mk_page_byte(MK_PAGE_1256, cp) & 0xC0) != 0x80)
        return false;
    const uint8_t first = mk_page_byte(MK_PAGE_1256, mk_utf8_prev(s, &at));
    return first >= 0xC2 && first <= 0xF4 && !mk_page_byte(MK_PAGE_1256, mk_utf8_before(s, at));
}

/* Of U+0600 to U+06FF, those that windows-1256 has at 80 to BF: U+060C 061B 061F
 * 0679 067E 0686 0688 0691 0698 06A9 06AF 06BA 06BE. */
static bool is_1256_tail(uint32_t cp)
{
    static const uint32_t tails[8] = {
        0x88001000, 0, 0, 0x42000000, 0x01020140, 0x44008200, 0, 0,
    };

    return tails[cp >> 5 & 7] >> (cp & 31) & 1;
}

static bool is_high(uint32_t cp)
{
    return cp >= 0xC0 && cp <= 0xFF;
}

/* True if the character of U+0600 to U+067F whose last byte is at `last` may be one of
 * 1256: behind two letters it is not. */
static inline bool may_be_tail(mk_str s, size_t last)
{
    const uint32_t cp = ((uint8_t)s.ptr[last - 1] & 3u) << 6 | ((uint8_t)s.ptr[last] & 0x3Fu);
    return is_1256_tail(0x600u + cp) && !mk_follows_letters(s, last - 1);
}

/* Of the places in a block at `at` that may be work, the first that is; SIZE_MAX: none. leads:
 * those where a character begins that is more than U+067F. */
static inline size_t first_work(mk_str s, size_t at, uint32_t look, uint32_t leads)
{
    for (; look; look &= look - 1) {
        const unsigned i = (unsigned)__builtin_ctz(look);
        if (leads >> i & 1)
            return at + i;
        if (may_be_tail(s, at + i))
            return at + i - 1;
    }
    return SIZE_MAX;
}

/* Where the first character from *at on may stand that is to be looked at, in blocks: none
 * before it is more than ASCII or U+0600 to U+067F without tails of 1256. A character begins
 * at *at. SIZE_MAX: there is none in them, and *at moves behind. */
#ifdef __SSE2__
static size_t skip_blocks_16(mk_str s, size_t *at)
{
    const __m128i d8 = _mm_set1_epi8((char)0xD8), d9 = _mm_set1_epi8((char)0xD9);

    while (s.len - *at >= 16) {
        const __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + *at));
        const __m128i before = _mm_slli_si128(c, 1);
        const __m128i plain = _mm_or_si128(_mm_cmpeq_epi8(c, d8), _mm_cmpeq_epi8(c, d9));
        const __m128i lead = _mm_andnot_si128(
            plain, _mm_cmpeq_epi8(_mm_max_epu8(c, _mm_set1_epi8((char)0xC0)), c));
        /* D8 80 to 9F and D9 B0 to BF: tails are among them, letters of Arabic are not */
        const __m128i low = _mm_and_si128(_mm_cmpeq_epi8(before, d8),
                                          _mm_cmpgt_epi8(_mm_set1_epi8((char)0xA0), c));
        const __m128i high = _mm_and_si128(_mm_cmpeq_epi8(before, d9),
                                           _mm_cmpgt_epi8(c, _mm_set1_epi8((char)0xAF)));
        const unsigned leads = (unsigned)_mm_movemask_epi8(lead);
        const unsigned look = leads | (unsigned)_mm_movemask_epi8(_mm_or_si128(low, high));
        const size_t found = first_work(s, *at, look, leads);
        if (found != SIZE_MAX)
            return found;
        *at += 16 - (size_t)((unsigned)_mm_movemask_epi8(plain) >> 15); /* not into a character */
    }
    return SIZE_MAX;
}
#endif

#ifdef MK_WITH_AVX2
__attribute__((target("avx2"))) static size_t skip_blocks_32(mk_str s, size_t *at)
{
    const __m256i d8 = _mm256_set1_epi8((char)0xD8), d9 = _mm256_set1_epi8((char)0xD9);
    const __m256i c0 = _mm256_set1_epi8((char)0xC0), a0 = _mm256_set1_epi8((char)0xA0);
    const __m256i af = _mm256_set1_epi8((char)0xAF);

    while (s.len - *at >= 32) {
        const __m256i c = _mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + *at));
        const __m256i is_d8 = _mm256_cmpeq_epi8(c, d8), is_d9 = _mm256_cmpeq_epi8(c, d9);
        const uint32_t in_d8 = (uint32_t)_mm256_movemask_epi8(is_d8);
        const uint32_t in_d9 = (uint32_t)_mm256_movemask_epi8(is_d9);
        const uint32_t leads = (uint32_t)_mm256_movemask_epi8(
                                   _mm256_cmpeq_epi8(_mm256_max_epu8(c, c0), c)) &
                               ~(in_d8 | in_d9);
        const uint32_t low = in_d8 << 1 & (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(a0, c));
        const uint32_t high = in_d9 << 1 & (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(c, af));
        const size_t found = first_work(s, *at, leads | low | high, leads);
        if (found != SIZE_MAX)
            return found;
        *at += 32 - ((in_d8 | in_d9) >> 31); /* not into a character */
    }
    return SIZE_MAX;
}
#endif

/* The same of the whole text; where no block is whole any more a character may be plain. */
static size_t skip_plain(mk_str s, size_t at, bool simd)
{
    size_t found = SIZE_MAX;

#ifdef MK_WITH_AVX2
    if (simd)
        found = skip_blocks_32(s, &at);
#else
    (void)simd;
#endif
#ifdef __SSE2__
    if (found == SIZE_MAX)
        found = skip_blocks_16(s, &at);
#endif
    return found == SIZE_MAX ? at : found;
}

/* The MAYBE_ bits of a document. */
static unsigned screen(mk_str s, bool simd)
{
    unsigned maybe = 0;

    for (size_t at = 0; (at = skip_plain(s, at, simd)) < s.len;) {
        const size_t from = at;
        const uint8_t b = (uint8_t)s.ptr[at];
        if (b < 0x80) {
            at++;
            continue;
        }
        if ((b & 0xFC) == 0xD8 && s.len - at > 1) { /* U+0600 to U+06FF */
            at += 2;
            if (may_be_tail(s, from + 1) && is_second_of_1256(s, from, mk_utf8_peek(s, from)))
                maybe |= MAYBE_1256;
            continue;
        }
        const uint32_t cp = mk_utf8_next(s, &at);
        if (is_second_of_1256(s, from, cp))
            maybe |= MAYBE_1256;
        if (at == s.len || (uint8_t)s.ptr[at] < 0x80)
            continue;
        if (is_western_lead(cp))
            maybe |= MAYBE_WESTERN;
        if (is_high(cp) && is_high(mk_utf8_peek(s, at)))
            maybe |= MAYBE_EIGHT_BIT;
    }
    return maybe;
}

/* ---- what a stage finds, and what it does ---- */

static uint8_t stage_finds(mk_str s, size_t stage)
{
    mk_page_run run;

    if (stage == EIGHT_BIT)
        return (uint8_t)mk_eight_bit_evidence(s);
    for (size_t at = 0; mk_page_next_run(pages[stage].page, s, at, &run); at = run.to)
        if (run.utf8 && run.n_arabic >= pages[stage].strong)
            return 1;
    return 0;
}

/* The run's characters as bytes: UTF-8, never longer than they were. */
static void put_run(const mk_draft *draft, mk_codepage page, mk_page_run run, mk_draft *next)
{
    const mk_str s = mk_buf_str(&draft->text);
    char piece[256];
    size_t len = 0;
    size_t begin = run.from;

    for (size_t at = run.from; at < run.to;) {
        piece[len++] = (char)mk_page_byte(page, mk_utf8_next(s, &at));
        if (len == sizeof(piece) || at == run.to) {
            if (begin == run.from)
                mk_draft_put(next, draft, begin, (mk_str){piece, len});
            else
                mk_draft_add(next, (mk_str){piece, len});
            begin = at;
            len = 0;
        }
    }
}

static void undo_page(const mk_draft *draft, mk_codepage page, mk_draft *next)
{
    const mk_str s = mk_buf_str(&draft->text);
    size_t kept = 0;
    mk_page_run run;

    for (size_t at = 0; mk_page_next_run(page, s, at, &run); at = run.to) {
        if (!run.utf8)
            continue;
        mk_draft_keep(next, draft, kept, run.from);
        put_run(draft, page, run, next);
        kept = run.to;
    }
    mk_draft_keep(next, draft, kept, s.len);
}

/* Bytes of `Ù` and a space at `at`, or 0. */
static size_t lost_zero(mk_str s, size_t at)
{
    if (s.len - at < 3 || memcmp(s.ptr + at, "\xC3\x99", 2) != 0)
        return 0;
    if (s.ptr[at + 2] == ' ')
        return 3;
    return s.len - at >= 4 && memcmp(s.ptr + at + 2, "\xC2\xA0", 2) == 0 ? 4 : 0;
}

/* Zeros, D9 A0, whose second byte has become a space. Only those before another
 * digit are certain. */
static void restore_zeros(const mk_draft *draft, mk_draft *next)
{
    const mk_str s = mk_buf_str(&draft->text);
    size_t kept = 0, at = 0;

    while (at < s.len) {
        const char *const found = memchr(s.ptr + at, '\xC3', s.len - at);
        if (!found)
            break;
        size_t to = at = (size_t)(found - s.ptr);
        while (to < s.len && lost_zero(s, to))
            to += lost_zero(s, to);
        const int digit = mk_digit_value(mk_utf8_peek(s, to));
        if (to > at && digit > 0 && s.ptr[to] == '\xD9') {
            mk_draft_keep(next, draft, kept, at);
            for (kept = at; kept < to; kept += lost_zero(s, kept))
                mk_draft_put(next, draft, kept, MK_STR("\u0660"));
        }
        at = to > at ? to : at + 1;
    }
    mk_draft_keep(next, draft, kept, s.len);
}

/* Undoes a stage in draft; next serves as the other half. */
static void undo(mk_draft *draft, size_t stage, uint8_t how, mk_draft *next)
{
    if (stage == EIGHT_BIT) {
        mk_eight_bit_undo(draft, (mk_eight_bit)how, next);
        mk_draft_turn(draft, next);
        return;
    }
    undo_page(draft, pages[stage].page, next);
    mk_draft_turn(draft, next);
    if (pages[stage].page == MK_PAGE_1252 && !mk_draft_failed(draft)) {
        restore_zeros(draft, next);
        mk_draft_turn(draft, next);
    }
}

/* ---- the two calls ---- */

/* True if nothing is to be done to document: what most of them come to. */
static bool is_clean(mk_str document, bool simd)
{
    const unsigned maybe = screen(document, simd);

    for (size_t stage = 0; stage < MK_MOJIBAKE_STAGES; stage++) {
        const unsigned needs = stage == EIGHT_BIT                  ? MAYBE_EIGHT_BIT
                               : pages[stage].page == MK_PAGE_1256 ? MAYBE_1256
                                                                   : MAYBE_WESTERN;
        if ((maybe & needs) && stage_finds(document, stage))
            return false;
    }
    return true;
}

bool mk_mojibake_by_line(mk_str line)
{
    for (size_t at = 0; at + 2 < line.len; at++) {
        const char *const found = memchr(line.ptr + at, '\xC3', line.len - at - 2);
        if (!found)
            break;
        if (found[2] == '\xC3') /* two of U+00C0 to U+00FF */
            return true;
        at = (size_t)(found - line.ptr);
    }
    return false;
}

bool mk_mojibake_evidence(mk_str document, mk_drafts *drafts, mk_mojibake *ret)
{
    mk_draft *const draft = &drafts->draft;
    bool any = false;

    *ret = (mk_mojibake){0};
    if (is_clean(document, drafts->simd))
        return false;
    mk_drafts_begin(drafts, document, false);
    for (size_t round = 0; round < MK_MOJIBAKE_ROUNDS && !mk_draft_failed(draft); round++) {
        bool changed = false;
        for (size_t stage = 0; stage < MK_MOJIBAKE_STAGES && !mk_draft_failed(draft); stage++) {
            const uint8_t how = stage_finds(mk_buf_str(&draft->text), stage);
            ret->stages[round][stage] = how;
            if (how)
                undo(draft, stage, how, &drafts->next);
            changed = changed || how;
        }
        any = any || changed;
        if (!changed)
            break;
    }
    ret->nomem = mk_draft_failed(draft);
    return any || ret->nomem;
}

void mk_op_mojibake(const mk_mojibake *evidence, mk_str text, mk_drafts *drafts,
                    mk_patches *patches)
{
    mk_draft *const draft = &drafts->draft;

    if (evidence->nomem) {
        patches->nomem = true;
        return;
    }
    mk_drafts_begin(drafts, text, true);
    for (size_t round = 0; round < MK_MOJIBAKE_ROUNDS; round++)
        for (size_t stage = 0; stage < MK_MOJIBAKE_STAGES; stage++)
            if (evidence->stages[round][stage] && !mk_draft_failed(draft))
                undo(draft, stage, evidence->stages[round][stage], &drafts->next);
    mk_draft_patch(draft, text, 0, patches);
}
