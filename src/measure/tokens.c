/* tokens.c: see tokens.h. Refuses nothing. Cases: tests/measure/test_tokens.c. */
#include "measure/tokens.h"

#include <utf8proc.h>

enum { FOLDED = 4 /* code points that case folding makes of one, at most, and one more */ };

/* ---- letters ---- */

typedef struct letter {
    uint32_t from, to;
} letter;

/* Spellings of one letter, by code point. */
static const letter letters[] = {
    {0x0622, 0x0627}, {0x0623, 0x0627}, {0x0624, 0x0648}, {0x0625, 0x0627}, {0x0626, 0x064A},
    {0x0629, 0x0647}, {0x0649, 0x064A}, {0x0671, 0x0627}, {0x0672, 0x0627}, {0x0673, 0x0627},
    {0x0675, 0x0627}, {0x06A9, 0x0643}, {0x06AA, 0x0643}, {0x06BE, 0x0647}, {0x06C0, 0x0647},
    {0x06C1, 0x0647}, {0x06CC, 0x064A}, {0x06CD, 0x064A}, {0x06D0, 0x064A}, {0x06D5, 0x0647},
};

static uint32_t fold_letter(uint32_t cp)
{
    if (cp < letters[0].from || cp > letters[sizeof(letters) / sizeof(*letters) - 1].from)
        return cp;
    for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++)
        if (letters[i].from == cp)
            return letters[i].to;
    return cp;
}

/* Letters and signs by their category, which sit on or between letters. */
static bool vanishes(uint32_t cp)
{
    return cp == 0x0640 || (cp >= 0x06D6 && cp <= 0x06ED);
}

/* Digits of a script follow one another from its zero (Unicode 14.0 section
 * 4.6). */
static uint32_t fold_digit(uint32_t cp)
{
    uint32_t n = 0;
    while (n < 9 && utf8proc_category((utf8proc_int32_t)(cp - n - 1)) == UTF8PROC_CATEGORY_ND)
        n++;
    return '0' + n;
}

/* ---- words ---- */

static const uint32_t letter_categories = UINT32_C(1) << UTF8PROC_CATEGORY_LU |
                                          UINT32_C(1) << UTF8PROC_CATEGORY_LL |
                                          UINT32_C(1) << UTF8PROC_CATEGORY_LT |
                                          UINT32_C(1) << UTF8PROC_CATEGORY_LM |
                                          UINT32_C(1) << UTF8PROC_CATEGORY_LO;
static const uint32_t silent_categories = UINT32_C(1) << UTF8PROC_CATEGORY_MN |
                                          UINT32_C(1) << UTF8PROC_CATEGORY_MC |
                                          UINT32_C(1) << UTF8PROC_CATEGORY_ME |
                                          UINT32_C(1) << UTF8PROC_CATEGORY_CF;

typedef struct writer {
    mk_buf *out;
    bool any, parted; /* a word was begun; a space is due */
} writer;

static void put_cp(writer *w, uint32_t cp)
{
    char bytes[4];
    if (w->parted && w->any)
        mk_buf_putc(w->out, ' ');
    mk_buf_put(w->out, (mk_str){bytes, mk_utf8_put(bytes, cp)});
    w->any = true;
    w->parted = false;
}

static void take_cp(writer *w, uint32_t cp)
{
    const uint32_t is = UINT32_C(1) << utf8proc_category((utf8proc_int32_t)cp);
    if (is & letter_categories)
        put_cp(w, cp);
    else if (is & UINT32_C(1) << UTF8PROC_CATEGORY_ND)
        put_cp(w, fold_digit(cp));
    else if (!(is & silent_categories))
        w->parted = true;
}

static void fold_cp(writer *w, uint32_t cp)
{
    utf8proc_int32_t folded[FOLDED];
    int boundary = 0;
    if (vanishes(cp))
        return;
    cp = fold_letter(cp);
    if (cp >= 0x0600 && cp <= 0x06FF) { /* no case */
        take_cp(w, cp);
        return;
    }
    const utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, folded, FOLDED,
                                                       UTF8PROC_CASEFOLD, &boundary);
    for (utf8proc_ssize_t i = 0; i < n && i < FOLDED; i++)
        take_cp(w, (uint32_t)folded[i]);
}

/* text in NFKC as code points in scratch. Returns their number, < 0 if out of
 * memory. */
static utf8proc_ssize_t normalize(mk_str text, mk_buf *scratch, utf8proc_int32_t **ret)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE;
    size_t room = text.len;
    for (;;) {
        mk_buf_reset(scratch);
        if (room > MK_BUF_MAX / sizeof(**ret))
            return -1;
        char *bytes = mk_buf_room(scratch, room * sizeof(**ret));
        if (!bytes)
            return -1;
        *ret = (utf8proc_int32_t *)(void *)bytes; /* of malloc: aligned */
        const utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)text.ptr,
                                                      (utf8proc_ssize_t)text.len, *ret,
                                                      (utf8proc_ssize_t)room, options);
        if (n < 0 || (size_t)n <= room)
            return n < 0 ? n : utf8proc_normalize_utf32(*ret, n, options);
        room = (size_t)n;
    }
}

bool mk_tokens_put(mk_str text, mk_buf *scratch, mk_buf *out)
{
    utf8proc_int32_t *cps = NULL;
    writer w = {.out = out};
    if (text.len == 0)
        return true;
    const utf8proc_ssize_t n = normalize(text, scratch, &cps);
    for (utf8proc_ssize_t i = 0; i < n; i++)
        fold_cp(&w, (uint32_t)cps[i]);
    return n >= 0 && !out->failed;
}
