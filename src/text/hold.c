/* hold.c: what operations on letters must not touch: code, addresses, the Quran.
 *
 * These passes patch nothing: they emit the spans that are to be held, and the
 * engine puts a placeholder in the place of each until it has done. What is code
 * or an address: between back quotes (three of them over lines too), http, https
 * and ftp addresses, www., e-mail. What is the Quran: text between ornate
 * brackets; words with signs of recitation; lines that show several such words,
 * or few and nearly every vowel. Held text of the Quran still gets the repairs
 * that run before. */
#include <utf8proc.h>

#include "text/pass.h"

/* ---- code and addresses ---- */

/* What ends an address. */
static bool ends_address(uint32_t cp)
{
    switch (cp) {
    case '<':
    case '>':
    case '"':
    case 0xAB:
    case 0xBB:
    case 0x201C:
    case 0x201D:
    case 0x060C:
    case 0x061B:
        return true;
    default:
        return mk_is_white(cp);
    }
}

/* A letter, digit or number of any script, or the low line. */
static bool is_word_sign(uint32_t cp)
{
    if (cp < 0x80)
        return (cp | 0x20) - 'a' < 26 || cp - '0' < 10 || cp == '_';
    const utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static bool is_local_sign(uint32_t cp)
{
    return cp == '.' || cp == '+' || cp == '-' || is_word_sign(cp);
}

/* Each of the following returns the end of what begins at `at`, or 0. */

static size_t end_of_code(mk_str s, size_t at)
{
    const mk_str fence = MK_STR("```");
    const mk_str rest = mk_str_sub(s, at, s.len);
    size_t end = at + 1;

    if (rest.len >= 6 && memcmp(rest.ptr, fence.ptr, 3) == 0) {
        const char *close = memmem(rest.ptr + 3, rest.len - 3, fence.ptr, 3);
        return close ? (size_t)(close - s.ptr) + 3 : 0;
    }
    while (end < s.len && s.ptr[end] != '`' && s.ptr[end] != '\n')
        end++;
    return end > at + 1 && end < s.len && s.ptr[end] == '`' ? end + 1 : 0;
}

static bool begins(mk_str s, size_t at, mk_str with)
{
    return s.len - at >= with.len && memcmp(s.ptr + at, with.ptr, with.len) == 0;
}

static size_t end_of_url(mk_str s, size_t at)
{
    static const char *const heads[] = {"http://", "https://", "ftp://", "www."};

    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
        const mk_str head = mk_str_of(heads[i]);
        size_t end = at + head.len;
        if (!begins(s, at, head))
            continue;
        for (size_t next = end; next < s.len && !ends_address(mk_take(s, &next));)
            end = next;
        return end > at + head.len ? end : 0;
    }
    return 0;
}

/* at: after the sign @. */
static size_t end_of_domain(mk_str s, size_t at)
{
    size_t next = at, end = 0, n = 0;
    uint32_t cp = MK_CP_NONE;

    while (next < s.len && ((cp = mk_take(s, &next)) == '-' || is_word_sign(cp)))
        n++;
    if (n == 0 || cp != '.')
        return 0;
    for (n = 0; next < s.len; n++) {
        cp = mk_take(s, &next);
        if (cp != '.' && cp != '-' && !is_word_sign(cp))
            break;
        if (n > 0 && is_word_sign(cp))
            end = next;
    }
    return end;
}

/* The address whose local part begins at `at`. *ret_run: the end of what could
 * be that part. */
static size_t end_of_email(mk_str s, size_t at, size_t *ret_run)
{
    size_t next = at;
    uint32_t cp = MK_CP_NONE;

    *ret_run = at;
    while (next < s.len && is_local_sign(cp = mk_take(s, &next)))
        *ret_run = next;
    return *ret_run > at && *ret_run < s.len && cp == '@' ? end_of_domain(s, *ret_run + 1) : 0;
}

void mk_pass_find_code(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    size_t run = 0, email = 0; /* a run of signs of local parts, and what it is in */

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const char c = text.ptr[at];
        size_t end = 0, next = at;
        if (c == '`')
            end = end_of_code(text, at);
        else if (c == 'h' || c == 'f' || c == 'w')
            end = end_of_url(text, at);
        if (end == 0 && at >= run) {
            email = end_of_email(text, at, &run);
            end = email;
        }
        if (end > at) {
            mk_patch_away(patches, at, end);
            at = run = end;
            continue;
        }
        mk_take(text, &next);
        at = next;
    }
}

/* ---- the Quran ---- */

enum { ORNATE_LEFT = 0xFD3E, ORNATE_RIGHT = 0xFD3F };

/* From one bracket to the other, on a line. */
static void find_between(mk_str text, size_t at, size_t to, uint32_t opens, uint32_t closes,
                         mk_patches *patches)
{
    size_t open = SIZE_MAX;

    while (at < to) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (cp == opens && open == SIZE_MAX)
            open = from;
        else if (cp == '\n')
            open = SIZE_MAX;
        if (cp == closes && open != SIZE_MAX) {
            mk_patch_away(patches, open, at);
            open = SIZE_MAX;
        }
    }
}

void mk_pass_find_ayah(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    find_between(text, 0, text.len, ORNATE_LEFT, ORNATE_RIGHT, patches);
}

/* The brackets as they are read from right to left: on lines of which the right one is
 * the first. */
void mk_pass_find_ayah_turned(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    size_t line = 0;
    uint32_t first = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_take(text, &at);
        if (first == MK_CP_NONE && (cp == ORNATE_LEFT || cp == ORNATE_RIGHT))
            first = cp;
        if (cp != '\n' && at < text.len)
            continue;
        if (first == ORNATE_RIGHT)
            find_between(text, line, at, ORNATE_RIGHT, ORNATE_LEFT, patches);
        line = at;
        first = MK_CP_NONE;
    }
}

/* What a line shows of the Quran. */
typedef struct signs {
    size_t n_words, n_quran; /* words with signs of recitation or alef wasla */
    size_t n_letters, n_marks;
    bool dagger, in_word, counted;
} signs;

static void count(signs *s, uint32_t cp)
{
    const unsigned facts = mk_letter_facts_of(cp);
    const bool space = mk_is_white(cp);

    s->n_letters += (facts & MK_LETTER) != 0;
    s->n_marks += (facts & MK_MARK) != 0;
    s->dagger |= cp == 0x0670;
    if (space || !s->in_word)
        s->counted = false;
    s->n_words += !space && !s->in_word;
    s->in_word = !space;
    if ((facts & MK_QURAN || cp == 0x0671) && !s->counted) {
        s->counted = true;
        s->n_quran++;
    }
}

static bool is_verse(const signs *s)
{
    return (s->n_quran >= 2 && 8 * s->n_quran >= s->n_words) ||
           ((s->n_quran > 0 || s->dagger) && 10 * s->n_marks >= 6 * s->n_letters);
}

void mk_pass_find_verse(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len; at++) {
        const size_t from = at;
        signs s = {.n_words = 0};
        while (at < text.len && text.ptr[at] != '\n')
            count(&s, mk_take(text, &at));
        if (at > from && is_verse(&s))
            mk_patch_away(patches, from, at);
    }
}

void mk_pass_find_quran_word(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    const unsigned word = MK_LETTER | MK_MARK | MK_TATWEEL;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        size_t to = at;
        bool quran = false;
        while (at < text.len) {
            const uint32_t cp = mk_take(text, &at);
            const unsigned facts = mk_letter_facts_of(cp);
            if (!(facts & word) && cp != 0x06E5 && cp != 0x06E6 && cp != MK_ZWNJ && cp != MK_ZWJ)
                break;
            quran |= (facts & MK_QURAN) != 0;
            to = at;
        }
        if (quran)
            mk_patch_away(patches, from, to);
    }
}
