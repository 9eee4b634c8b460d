/* presentation.c: presentation forms, codes of glyphs, back to letters.
 *
 * Text out of PDF files and old typesetting has U+FE8D where it means alef.
 * Forms become the letters that Unicode gives for them, with three exceptions:
 * a mark that stands alone goes on the letter before it (Unicode would put a
 * space or tatweel between them), U+FE73 is a piece of a glyph and goes, and
 * the sign of the word Allah loses its alef where the writer typed one, since
 * fonts draw the sign without it.
 *
 * Refuses words that are written as one sign on purpose (U+FDFA and its like),
 * ornate brackets U+FD3E U+FD3F, the dots U+FBB2 to U+FBC2, and four or more
 * codes in sequence: those are glyph numbers of a printed Quran's page fonts,
 * not letters. That holds for the sign of Allah in such a sequence too, and a
 * mark after that sign goes on its heh: in both we differ from the written
 * specification, which spells the sign in a second step. Source: UnicodeData.txt 15.0 by presentation_table.h; chapter
 * 9.2 of the standard. Cases: fixtures/filters/presentation.cases. */
#include "minkhal/filter.h"
#include "presentation_table.h"

enum {
    ALLAH = 0xFDF2,
    TATWEEL = 0x0640,
    GLYPHS_LAST = 0xFDFF, /* of the block whose codes page fonts borrow */
    GLYPHS_RUN = 4        /* codes in sequence: three occur by chance */
};

enum { FORM, LIGATURE };

static const mk_rule rules[] = {
    [FORM] = {"form", "glyph", "a presentation form becomes its letters"},
    [LIGATURE] = {"ligature", "glyph", "the sign of the word Allah becomes letters"},
    {0},
};

/* ---- the line as it reads so far ---- */

enum { WORD_LETTERS = 4 /* one more than the longest prefix that is asked for */ };

typedef struct left {
    uint32_t last;               /* code point; MK_CP_NONE: there is none */
    uint32_t word[WORD_LETTERS]; /* the first letters of the word it ends */
    unsigned n;                  /* of them */
} left;

static void grow(left *l, uint32_t cp)
{
    l->last = cp;
    if (mk_is_arabic_mark(cp))
        return;
    if (!mk_is_arabic_letter(cp))
        l->n = 0;
    else if (l->n < WORD_LETTERS)
        l->word[l->n++] = cp;
}

static void grow_by(left *l, mk_str s)
{
    size_t at = 0;

    while (at < s.len)
        grow(l, mk_utf8_next(s, &at));
}

/* ---- forms ---- */

/* The row of cp, NULL if it is no form or not ours. */
static const unsigned char *row_of(uint32_t cp)
{
    const unsigned char *row = NULL;

    if (cp >= FORMS_A && cp < FORMS_A_END)
        row = forms_a[cp - FORMS_A];
    else if (cp >= FORMS_B && cp < FORMS_B_END)
        row = forms_b[cp - FORMS_B];
    return row && row[0] ? row : NULL;
}

/* Writes the letters of a form that stands after l. Returns their bytes. */
static size_t spell(const unsigned char *row, const left *l, char out[4 * MAX_LETTERS])
{
    const bool seat = row[0] != (TATWEEL & 0xFF) ||
                      !(mk_is_arabic_letter(l->last) || mk_is_arabic_mark(l->last) ||
                        l->last == TATWEEL);
    size_t len = 0;

    if (row[0] == GONE)
        return 0;
    for (unsigned i = seat ? 0 : 1; i < MAX_LETTERS && row[i]; i++)
        len += mk_utf8_put(out + len, 0x0600u | row[i]);
    return len;
}

/* ---- the sign of the word Allah ---- */

/* Words that end in an alef which is the sign's own: the alef or wasla alone,
 * after a prefix (wa fa bi ta ka, wa-bi, fa-bi) or after the hamza of a
 * question. */
static bool brought_alef(const left *l)
{
    const mk_str prefixes = MK_STR(" و ف ب ت ك وب فب أ ");
    char word[2 + 4 * WORD_LETTERS] = " ";
    size_t len = 1;

    if (l->n == 0 || l->n == WORD_LETTERS)
        return false;
    if (l->word[l->n - 1] != 0x0627 && l->word[l->n - 1] != 0x0671)
        return false;
    for (unsigned i = 0; i + 1 < l->n; i++)
        len += mk_utf8_put(word + len, l->word[i]);
    word[len++] = ' ';
    return l->n == 1 || mk_str_has(prefixes, (mk_str){word, len});
}

/* Words that end in the lam of "to": li, wa-li, fa-li. */
static bool brought_lam(const left *l)
{
    const uint32_t lam = 0x0644, waw = 0x0648, feh = 0x0641;

    return (l->n == 1 && l->word[0] == lam) ||
           (l->n == 2 && l->word[1] == lam && (l->word[0] == waw || l->word[0] == feh));
}

static mk_str spell_allah(const left *l)
{
    if (brought_alef(l))
        return MK_STR("لله");
    return brought_lam(l) ? MK_STR("له") : MK_STR("الله");
}

/* ---- glyph numbers ---- */

static bool is_glyph(uint32_t cp)
{
    return cp >= FORMS_A && cp <= GLYPHS_LAST;
}

/* Bytes of the glyph codes from `at` on, each one more than the one before,
 * with nothing but spaces between. *ret_n: how many. */
static size_t glyph_run(mk_str text, size_t at, size_t *ret_n)
{
    uint32_t cp = mk_utf8_next(text, &at), next;
    size_t end = at;

    *ret_n = 1;
    while (at < text.len) {
        next = mk_utf8_next(text, &at);
        if (next == ' ' || next == 0x00A0)
            continue;
        if (next != cp + 1 || !is_glyph(next))
            break;
        cp = next;
        end = at;
        ++*ret_n;
    }
    return end;
}

/* ---- the filter ---- */

static void unshape(const void *config, mk_str text, mk_patches *patches)
{
    left l = {.last = MK_CP_NONE};
    size_t at = 0, looked = 0; /* up to which glyph runs are known */
    bool glyphs = false;       /* what stands before that is one */

    (void)config;
    while (at < text.len) {
        const size_t from = at;
        const uint32_t cp = mk_utf8_next(text, &at);
        char letters[4 * MAX_LETTERS];
        if (is_glyph(cp) && from >= looked) {
            size_t n;
            looked = glyph_run(text, from, &n);
            glyphs = n >= GLYPHS_RUN;
        }
        const bool skip = glyphs && from < looked;
        const unsigned char *row = skip ? NULL : row_of(cp);
        if (row) {
            const mk_str with = {letters, spell(row, &l, letters)};
            mk_patch(patches, from, at - from, with, FORM);
            grow_by(&l, with);
        } else if (cp == ALLAH && !skip) {
            const mk_str with = spell_allah(&l);
            mk_patch(patches, from, at - from, with, LIGATURE);
            grow_by(&l, with);
        } else {
            grow(&l, cp);
        }
    }
}

const mk_filter mk_filter_presentation = {
    .abi = MK_FILTER_ABI,
    .name = "presentation",
    .summary = "presentation forms, codes of glyphs, back to letters",
    .kind = MK_KIND_LETTERS,
    .rules = rules,
    .touches = MK_HAS_FORM,
    .letters = unshape,
};
