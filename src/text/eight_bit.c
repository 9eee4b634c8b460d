/* eight_bit.c: see eight_bit.h.
 *
 * A line could be such if nine in ten of its words that hold letters from À to ÿ
 * become words of Arabic letters, and if none of these letters stands beside an
 * ASCII one, as accents do inside words. It is for certain if it has three such
 * words and more such letters than ASCII ones, and a word has the article or is a
 * common one: else Italian «è» would be a waw.
 * Cases: tests/text/test_mojibake.c. */
#include "text/eight_bit.h"

#include "text/charset_table.h"
#include "text/codepage.h"
#include "text/words.h"

/* A reading that may have to be undone: the page that was taken, and the table
 * of the one that it should have been. */
typedef struct reading {
    mk_codepage page;
    const uint16_t *table;
} reading;

static reading reading_of(mk_eight_bit kind)
{
    return kind == MK_EIGHT_1256 ? (reading){MK_PAGE_1252, mk_charset_windows_1256->table}
                                 : (reading){MK_PAGE_LATIN1, mk_charset_iso_8859_6->table};
}

/* What a character should have been; 0: it is not of the page, or its byte means
 * nothing. */
static uint32_t meant(const reading *r, uint32_t cp)
{
    const uint8_t b = mk_page_byte(r->page, cp);

    return b ? r->table[b - 0x80] : 0;
}

typedef enum level { LEVEL_NO, LEVEL_COULD, LEVEL_CERTAIN } level;

/* What a line's words say. */
typedef struct line_look {
    size_t n_words, n_arabic_words; /* that hold a letter from À to ÿ */
    size_t n_chars;                 /* of these words */
    size_t n_ascii;                 /* letters of the line */
    size_t n_evidence;
    bool refused;
} line_look;

/* The word at hand: code points that are neither ASCII nor white space. */
typedef struct word_look {
    mk_word word; /* as it should have been */
    bool high, undecodable, other;
} word_look;

static bool is_ascii_letter(uint32_t cp)
{
    return (cp | 0x20) - 'a' < 26;
}

static bool is_high(uint32_t cp)
{
    return cp >= 0xC0 && cp <= 0xFF;
}

static bool is_between_words(uint32_t cp)
{
    return cp < 0x80 || cp == 0x85 || cp == 0x2028 || cp == 0x2029 || mk_is_space(cp);
}

/* Letters, marks, and the signs that stand at words without a space. */
static bool is_arabic(uint32_t cp)
{
    return mk_is_arabic_letter(cp) || mk_is_arabic_mark(cp) || cp == 0x060C || cp == 0x061B ||
           cp == 0x061F || cp == 0x0640 || cp == 0x201C || cp == 0x201D || cp == 0xAB || cp == 0xBB;
}

static void end_word(line_look *l, word_look *w)
{
    if (w->high) {
        l->refused = l->refused || w->undecodable;
        l->n_words++;
        l->n_arabic_words += !w->other;
        l->n_chars += w->word.n;
        l->n_evidence += (w->word.n > 3 && mk_word_has_article(&w->word)) ||
                         (w->word.n > 1 && mk_word_is_common(&w->word));
    }
    *w = (word_look){0};
}

static void add_to_word(word_look *w, const reading *r, uint32_t cp)
{
    const uint32_t as = meant(r, cp);

    mk_word_add(&w->word, as);
    w->high = w->high || is_high(cp);
    w->undecodable = w->undecodable || as == 0;
    w->other = w->other || !is_arabic(as);
}

static level look_at(mk_str line, const reading *r, size_t *ret_evidence)
{
    line_look l = {0};
    word_look w = {0};
    uint32_t before = 0;

    *ret_evidence = 0;
    for (size_t at = 0; at < line.len && !l.refused;) {
        const uint32_t cp = mk_utf8_next(line, &at);
        l.refused = (is_ascii_letter(before) && is_high(cp)) ||
                    (is_high(before) && is_ascii_letter(cp));
        l.n_ascii += is_ascii_letter(cp);
        if (is_between_words(cp))
            end_word(&l, &w);
        else
            add_to_word(&w, r, cp);
        before = cp;
    }
    end_word(&l, &w);
    if (l.refused || l.n_words == 0 || 10 * l.n_arabic_words < 9 * l.n_words)
        return LEVEL_NO;
    *ret_evidence = l.n_evidence;
    return l.n_words >= 3 && l.n_evidence > 0 && l.n_chars > l.n_ascii ? LEVEL_CERTAIN
                                                                       : LEVEL_COULD;
}

/* Where the line that begins at `at` ends. */
static size_t line_end(mk_str s, size_t at)
{
    const char *const lf = memchr(s.ptr + at, '\n', s.len - at);

    return lf ? (size_t)(lf - s.ptr) : s.len;
}

/* The evidence of all lines; 0 if none is certain. */
static size_t evidence_of(mk_str s, mk_eight_bit kind)
{
    const reading r = reading_of(kind);
    size_t sum = 0, n = 0;
    bool certain = false;

    for (size_t at = 0, end; at < s.len; at = end + 1) {
        end = line_end(s, at);
        certain |= look_at(mk_str_sub(s, at, end), &r, &n) == LEVEL_CERTAIN;
        sum += n;
    }
    return certain ? sum : 0;
}

mk_eight_bit mk_eight_bit_evidence(mk_str document)
{
    const size_t as_1256 = evidence_of(document, MK_EIGHT_1256);
    const size_t as_8859 = evidence_of(document, MK_EIGHT_8859);

    if (as_1256 == 0 && as_8859 == 0)
        return MK_EIGHT_NONE;
    return as_1256 >= as_8859 ? MK_EIGHT_1256 : MK_EIGHT_8859;
}

static void undo_line(const mk_draft *draft, size_t from, size_t to, const reading *r,
                      mk_draft *next)
{
    const mk_str s = mk_buf_str(&draft->text);
    bool inside = false;

    for (size_t at = from, end; at < to; at = end) {
        end = at;
        const uint32_t cp = mk_utf8_next(s, &end);
        const uint8_t b = mk_page_byte(r->page, cp);
        char as[4];
        if (!b) {
            mk_draft_keep(next, draft, at, end);
            inside = false;
            continue;
        }
        const mk_str with = {as, mk_utf8_put(as, r->table[b - 0x80] ? r->table[b - 0x80] : 0xFFFD)};
        if (inside)
            mk_draft_add(next, with);
        else
            mk_draft_put(next, draft, at, with);
        inside = true;
    }
}

void mk_eight_bit_undo(const mk_draft *draft, mk_eight_bit kind, mk_draft *next)
{
    const reading r = reading_of(kind);
    const mk_str s = mk_buf_str(&draft->text);
    size_t evidence;

    for (size_t at = 0, end; at < s.len; at = end < s.len ? end + 1 : end) {
        end = line_end(s, at);
        if (look_at(mk_str_sub(s, at, end), &r, &evidence) == LEVEL_NO)
            mk_draft_keep(next, draft, at, end);
        else
            undo_line(draft, at, end, &r, next);
        if (end < s.len)
            mk_draft_keep(next, draft, end, end + 1);
    }
}
