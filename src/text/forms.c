/* forms.c: presentation forms, codes of glyphs, back to letters; words that are
 * written as one sign.
 *
 * Text out of PDF files and old typesetting has U+FE8D where it means alef.
 * Forms become the letters that Unicode gives for them, with exceptions: a mark
 * that stands alone goes on the letter before it (Unicode would put a space or
 * tatweel between them), and U+FE73 is a piece of a glyph and goes. The sign of
 * the word Allah loses its alef where the writer typed one, since fonts draw the
 * sign without it.
 *
 * Refuses ornate brackets U+FD3E U+FD3F, the dots U+FBB2 to U+FBC2, and four or
 * more codes in sequence: those are glyph numbers of a printed Quran's page
 * fonts, not letters. Source: UnicodeData.txt 15.0 by forms_table.h; chapter 9.2
 * of the standard. */
#include "text/forms_table.h"
#include "text/pass.h"

enum {
    ALLAH = 0xFDF2,
    GLYPHS_LAST = 0xFDFF, /* of the block whose codes page fonts borrow */
    GLYPHS_RUN = 4        /* codes in sequence: three occur by chance */
};

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

/* Writes the letters of a form; a mark alone needs a seat if nothing before it
 * can bear it. Returns their number. */
static unsigned spell(const unsigned char *row, uint32_t before, uint32_t out[MAX_LETTERS])
{
    const unsigned bears = MK_LETTER | MK_MARK | MK_TATWEEL;
    const bool skip = row[0] == (MK_TATWEEL_CP & 0xFF) && mk_letter_facts_of(before) & bears;
    unsigned n = 0;

    if (row[0] == GONE)
        return 0;
    for (unsigned i = skip ? 1 : 0; i < MAX_LETTERS && row[i]; i++)
        out[n++] = 0x0600u | row[i];
    return n;
}

unsigned mk_form_letters(uint32_t cp, uint32_t ret[3])
{
    const unsigned char *row = row_of(cp);

    return row ? spell(row, MK_CP_NONE, ret) : 0;
}

/* ---- glyph numbers ---- */

static bool is_glyph(uint32_t cp)
{
    return cp >= FORMS_A && cp <= GLYPHS_LAST;
}

/* The end of the glyph codes from `at` on, each one more than the one before,
 * with nothing but spaces and line breaks between. *ret_n: how many. */
static size_t glyph_run(mk_str text, size_t at, size_t *ret_n)
{
    uint32_t cp = mk_take(text, &at), next;
    size_t end = at;

    *ret_n = 1;
    while (at < text.len) {
        next = mk_take(text, &at);
        if (next == ' ' || next == 0x00A0 || next == '\n')
            continue;
        if (next != cp + 1 || !is_glyph(next))
            break;
        cp = next;
        end = at;
        ++*ret_n;
    }
    return end;
}

void mk_pass_forms(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;
    size_t looked = 0;   /* up to which glyph runs are known */
    bool glyphs = false; /* what stands before that is one */

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        uint32_t letters[MAX_LETTERS];
        char bytes[4 * MAX_LETTERS];
        size_t len = 0;
        const uint32_t cp = mk_take(text, &at);
        if (is_glyph(cp) && from >= looked) {
            size_t n;
            looked = glyph_run(text, from, &n);
            glyphs = n >= GLYPHS_RUN;
        }
        const unsigned char *row = cp < FORMS_A || (glyphs && from < looked) ? NULL : row_of(cp);
        if (!row) {
            before = cp;
            continue;
        }
        const unsigned n = spell(row, before, letters);
        for (unsigned i = 0; i < n; i++)
            len += mk_utf8_put(bytes + len, letters[i]);
        mk_patch(patches, from, at - from, (mk_str){bytes, len}, 0);
        before = n ? letters[n - 1] : before;
    }
}

/* ---- the sign of the word Allah ---- */

enum { WORD_LETTERS = 4 /* one more than the longest prefix that is asked for */ };

/* The first letters of the word that ends here. */
typedef struct word {
    uint32_t letters[WORD_LETTERS];
    unsigned n;
} word;

static void grow(word *w, uint32_t cp)
{
    const unsigned facts = mk_letter_facts_of(cp);

    if (facts & MK_MARK)
        return;
    if (!(facts & MK_LETTER))
        w->n = 0;
    else if (w->n < WORD_LETTERS)
        w->letters[w->n++] = cp;
}

/* Words that end in an alef which is the sign's own: the alef or wasla alone,
 * after a prefix (wa fa bi ta ka, wa-bi, fa-bi) or after the hamza of a
 * question. */
static bool brought_alef(const word *w)
{
    const mk_str prefixes = MK_STR(" و ف ب ت ك وب فب أ ");
    char bytes[2 + 4 * WORD_LETTERS] = " ";
    size_t len = 1;

    if (w->n == 0 || w->n == WORD_LETTERS)
        return false;
    if (w->letters[w->n - 1] != 0x0627 && w->letters[w->n - 1] != 0x0671)
        return false;
    for (unsigned i = 0; i + 1 < w->n; i++)
        len += mk_utf8_put(bytes + len, w->letters[i]);
    bytes[len++] = ' ';
    return w->n == 1 || mk_str_has(prefixes, (mk_str){bytes, len});
}

/* Words that end in the lam of "to": li, wa-li, fa-li. */
static bool brought_lam(const word *w)
{
    const uint32_t lam = 0x0644, waw = 0x0648, feh = 0x0641;

    return (w->n == 1 && w->letters[0] == lam) ||
           (w->n == 2 && w->letters[1] == lam && (w->letters[0] == waw || w->letters[0] == feh));
}

/* A word that ends the line before counts as what stands before the sign: lines
 * are broken there too. */
void mk_pass_allah(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    word w = {.n = 0};
    bool broken = false; /* a line break follows the word */

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (cp != ALLAH) {
            if (broken)
                w.n = 0;
            broken = cp == '\n' && !broken;
            if (!broken)
                grow(&w, cp);
            continue;
        }
        const mk_str with = brought_alef(&w)  ? MK_STR("لله")
                            : brought_lam(&w) ? MK_STR("له")
                                              : MK_STR("الله");
        mk_patch(patches, from, at - from, with, 0);
        for (size_t i = 0; i < with.len;)
            grow(&w, mk_take(with, &i));
        broken = false;
    }
}

/* ---- words as one sign ---- */

/* Spelled as they are written today, not as Unicode decomposes them. */
static mk_str words_of(uint32_t cp)
{
    static const struct {
        uint32_t cp;
        const char *words;
    } table[] = {
        {0xFD40, "رحمه الله"},
        {0xFD41, "رضي الله عنه"},
        {0xFD42, "رضي الله عنها"},
        {0xFD43, "رضي الله عنهم"},
        {0xFD44, "رضي الله عنهما"},
        {0xFD45, "رضي الله عنهن"},
        {0xFD46, "صلى الله عليه وآله"},
        {0xFD47, "عليه السلام"},
        {0xFD48, "عليهم السلام"},
        {0xFD49, "عليهما السلام"},
        {0xFD4A, "عليه الصلاة والسلام"},
        {0xFD4B, "قدس سره"},
        {0xFD4C, "صلى الله عليه وآله وسلم"},
        {0xFD4D, "عليها السلام"},
        {0xFD4E, "تبارك وتعالى"},
        {0xFD4F, "رحمهم الله"},
        {0xFDCF, "سلامه علينا"},
        {0xFDF0, "صلى"},
        {0xFDF1, "قلى"},
        {0xFDF3, "أكبر"},
        {0xFDF4, "محمد"},
        {0xFDF5, "صلعم"},
        {0xFDF6, "رسول"},
        {0xFDF7, "عليه"},
        {0xFDF8, "وسلم"},
        {0xFDF9, "صلى"},
        {0xFDFA, "صلى الله عليه وسلم"},
        {0xFDFB, "جل جلاله"},
        {0xFDFC, "ريال"},
        {0xFDFD, "بسم الله الرحمن الرحيم"},
        {0xFDFE, "سبحانه وتعالى"},
        {0xFDFF, "عز وجل"},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (table[i].cp == cp)
            return mk_str_of(table[i].words);
    return (mk_str){NULL, 0};
}

/* Spaces part the words from letters and digits beside them. */
void mk_pass_words(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    uint32_t before = MK_CP_NONE;

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        const mk_str words = cp >= 0xFD40 && cp <= GLYPHS_LAST ? words_of(cp) : (mk_str){NULL, 0};
        if (words.len == 0) {
            before = cp;
            continue;
        }
        const uint32_t after = mk_look(text, at);
        const bool left = mk_is_digit(before) || mk_is_l(before) || mk_is_m(before);
        const bool right = mk_is_digit(after) || mk_is_l(after);
        char bytes[64];
        size_t len = 0;
        if (left)
            bytes[len++] = ' ';
        memcpy(bytes + len, words.ptr, words.len);
        len += words.len;
        if (right)
            bytes[len++] = ' ';
        mk_patch(patches, from, at - from, (mk_str){bytes, len}, 0);
        before = right ? ' ' : 0x0647; /* every word ends in a letter */
    }
}
