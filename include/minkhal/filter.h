/* filter.h: all that a filter needs to know. docs/HACKING.md adds one in five
 * steps.
 *
 * It is for the filters of this tree, which are built into the library: no call takes
 * a filter from outside, the inlines look behind opaque types, and all of it may change
 * from version to version. It is not installed; filters.h, which lists what there is,
 * is.
 *
 * All filters are pure: they may run on any thread, in any order of documents,
 * and keep nothing between two calls. A document changes through the pen
 * (mk_edit_...) alone, and each change names a rule of the filter. */
#ifndef MINKHAL_FILTER_H
#define MINKHAL_FILTER_H

#include "minkhal/doc.h"
#include "minkhal/filters.h"

enum { MK_LONG_LINE = 250 /* letters: nobody writes a menu of so many */ };

/* What filters look for in lines, beside MK_SIGN_, a bit each: most lines have few, so
 * that a walk over those that have one (mk_edit_next_with) is short. */
enum {
    MK_TRAIT_PLAY = 1 << 16,    /* kept so far and not blank */
    MK_TRAIT_HITS = 1 << 17,    /* holds phrases of some lexicon */
    MK_TRAIT_DIGITS = 1 << 18,  /* n_digits > 0 */
    MK_TRAIT_FIGURES = 1 << 19, /* n_letters == 0 */
    MK_TRAIT_BULLET = 1 << 20,
    MK_TRAIT_COLON = 1 << 21,   /* ends in one */
    MK_TRAIT_DOTS = 1 << 22,    /* so */
    MK_TRAIT_FOREIGN = 1 << 23, /* n_latin > 0, or n_arabic == 0 */
    MK_TRAIT_BRACKET = 1 << 24, /* ends in ) */
    MK_TRAIT_LONG = 1 << 25     /* n_letters >= MK_LONG_LINE */
};

/* ---- the pen ---- */

/* What is asked of every line by nearly every filter is inline. A pen begins with this. */
typedef struct mk_pen {
    mk_doc *doc;
    uint32_t *traits; /* of each line, and all behind the last; of one that was not
                         looked at as it reads now, all */
} mk_pen;

static inline const mk_doc *mk_edit_doc(const mk_edit *edit)
{
    return ((const mk_pen *)(const void *)edit)->doc;
}

/* As mk_edit_line, of a line that may not have been asked for as it reads now. */
const mk_line *mk_edit_scan(mk_edit *edit, size_t i);

/* Line i, with features, folded form and hits of its text as it reads now. Lent
 * while the document lives; what it shows follows the pen. */
static inline const mk_line *mk_edit_line(mk_edit *edit, size_t i)
{
    const mk_line *const line = &mk_edit_doc(edit)->lines[i];
    return line->seen.ptr && line->seen.ptr == line->text.ptr ? line : mk_edit_scan(edit, i);
}

/* The nearest line after i that is in play and may have all these traits (MK_SIGN_,
 * MK_TRAIT_): whether it has them its features say. SIZE_MAX if there is none. i may be
 * SIZE_MAX for the first. */
static inline size_t mk_edit_next_with(const mk_edit *edit, size_t i, uint32_t traits)
{
    const mk_pen *const pen = (const mk_pen *)(const void *)edit;
    const size_t n = pen->doc->n_lines;

    traits |= MK_TRAIT_PLAY;
    if (++i >= n) /* SIZE_MAX: from the first on */
        return SIZE_MAX;
    while ((pen->traits[i] & traits) != traits)
        i++;
    return i < n ? i : SIZE_MAX;
}

/* How many lines in play may have all these traits. */
static inline size_t mk_edit_count(const mk_edit *edit, uint32_t traits)
{
    const mk_pen *const pen = (const mk_pen *)(const void *)edit;
    size_t n = 0;

    traits |= MK_TRAIT_PLAY;
    for (size_t i = 0; i < pen->doc->n_lines; i++)
        n += (pen->traits[i] & traits) == traits;
    return n;
}

/* The nearest line before or after i that is in play; SIZE_MAX if there is none. i may be
 * SIZE_MAX for the first, n_lines for the last. */
static inline size_t mk_edit_next(const mk_edit *edit, size_t i)
{
    return mk_edit_next_with(edit, i, MK_TRAIT_PLAY);
}

static inline size_t mk_edit_prev(const mk_edit *edit, size_t i)
{
    const uint32_t *const traits = ((const mk_pen *)(const void *)edit)->traits;

    while (i-- > 0)
        if (traits[i] & MK_TRAIT_PLAY)
            return i;
    return SIZE_MAX;
}

/* The strongest mark of line, at least that strong; NULL if there is none. Of
 * equals the one that covers most, then the earliest. */
const mk_mark *mk_line_best_mark(const mk_line *line, mk_strength at_least);

static inline const mk_mark *mk_line_mark(const mk_line *line, mk_strength at_least)
{
    return line->marks ? mk_line_best_mark(line, at_least) : NULL;
}

/* size zeroed bytes of the batch's arena; NULL if out of memory (return
 * MK_NOMEM then). */
void *mk_edit_scratch(mk_edit *edit, size_t size);

/* printf into the arena, for evidence. ptr NULL if out of memory. */
mk_str mk_edit_format(mk_edit *edit, const char *format, ...) MK_PRINTF(2, 3);

/* Accuses line i. mark.next and mark.step are set here; evidence is lent and
 * must live in the arena or for ever. */
void mk_edit_mark(mk_edit *edit, size_t i, mk_mark mark);

/* The same of a whole line that is boilerplate: its effect is to drop it. */
static inline void mk_edit_accuse(mk_edit *edit, size_t i, unsigned rule, mk_strength strength,
                                  mk_str evidence)
{
    mk_edit_mark(edit, i,
                 (mk_mark){.rule = (uint16_t)rule,
                           .effect = MK_EFFECT_DROP,
                           .strength = (uint8_t)strength,
                           .cover = 100,
                           .evidence = evidence});
}

/* Line i is not written, because of rule (of the filter whose pen this is).
 * A line that is gone already stays as it is. */
void mk_edit_drop(mk_edit *edit, size_t i, unsigned rule, mk_str evidence);

/* Line i is not written, in the name of a mark that another filter made. */
void mk_edit_convict(mk_edit *edit, size_t i, const mk_mark *mark);

/* The verdict's second thought: line i is written after all. */
void mk_edit_acquit(mk_edit *edit, size_t i);

/* text[at, at+len) of kept line i reads `with` (lent) because of rule. */
void mk_edit_replace(mk_edit *edit, size_t i, size_t at, size_t len, mk_str with, unsigned rule,
                     mk_str evidence);

/* Kept lines read as mk_norm_text makes them. The filter's rules are
 * mk_operation_rules. */
void mk_edit_normalize(mk_edit *edit, const mk_norm_options *options);

/* Undoes damage that only the whole document gives away (html_entities, mojibake,
 * visual_order, those of them that are in the mask), line by line, and marks it for
 * review where nothing can (qcf_flag, pua, bidi). Rules as above. */
void mk_edit_repair(mk_edit *edit, uint64_t operations);

void mk_edit_label(mk_edit *edit, size_t i, mk_label label);
void mk_edit_zone(mk_edit *edit, size_t i, mk_zone zone);
/* Line i is guarded because of a shape of the page (static words for people), or,
 * with NULL, by nothing any more. */
void mk_edit_guard(mk_edit *edit, size_t i, const char *shape);

/* The whole document is not written, because of rule. */
void mk_edit_drop_doc(mk_edit *edit, unsigned rule, mk_str evidence);

/* A person should look at this document, because of rule. */
void mk_edit_review(mk_edit *edit, unsigned rule, mk_str evidence);

/* A fact found on the page, if the record did not bring it: key is title, date,
 * url or lang. Lent. */
void mk_edit_meta(mk_edit *edit, const char *key, mk_str value);

/* ---- site rules ---- */

typedef struct mk_site {
    const mk_sites *sites;
    mk_str name;      /* a host, or a folder */
    uint64_t n_pages; /* of the site, when it was mined */
} mk_site;

/* The site of edit's document; NULL if there are no rules for it. Lent. */
const mk_site *mk_edit_site(mk_edit *edit, const mk_sites *sites);

/* On how many pages of site the line was found; 0: there is no rule for it. */
uint64_t mk_site_line(const mk_site *site, const mk_line *line);

/* ---- phrases ---- */

/* The first member of the config of an evidence filter that has a lexicon. */
typedef struct mk_phrases {
    const mk_lexicon *lexicon;
} mk_phrases;

#define MK_PHRASES_OPTION(builtin)                                                 \
    {                                                                              \
        .name = "phrases", .help = "the lexicon (=+FILE adds, =FILE replaces it)", \
        .type = MK_OPTION_LEXICON, .offset = 0, .lexicon = (builtin)               \
    }

/* True if a line that is kept holds a phrase of lexicon. */
bool mk_edit_holds(mk_edit *edit, const mk_lexicon *lexicon);

/* apply for filters that accuse by lexicon alone; others call it first. Marks
 * each line that holds phrases of config's lexicon, in the rule that the
 * phrase's section names. */
mk_err mk_phrases_apply(const void *config, mk_edit *edit);

/* Whether hit is a phrase of lexicon, which begins with its number; then its rule, and
 * words for people. */
static inline bool mk_hit_is_of(const mk_hit *hit, const mk_lexicon *lexicon)
{
    return hit->lexicon == *(const uint16_t *)(const void *)lexicon;
}

unsigned mk_hit_rule(const mk_hit *hit, const mk_lexicon *lexicon);
mk_str mk_hit_evidence(mk_edit *edit, const mk_hit *hit, const mk_lexicon *lexicon);

/* True if the last words of text are a phrase of lexicon's rule, whatever its
 * anchor; *ret_entry is its number. Linear in the phrases: for lines that have
 * shown other signs. */
bool mk_lexicon_ends(const mk_lexicon *lexicon, mk_str text, unsigned rule, size_t *ret_entry);

/* How many words of line i labels stand for (phrases that are whole lines, pieces of rows),
 * of whatever lexicon; *ret_words is how many words it has, numbers left out. For lines that
 * have shown other signs. */
unsigned mk_edit_labels(mk_edit *edit, size_t i, unsigned *ret_words);

/* True if text, were it a line of its own, would be accused strongly: by a phrase that covers
 * `cover` percent of it or by a row of labels, of the filters that ran before, or by a judge of
 * theirs. */
bool mk_edit_would_accuse(mk_edit *edit, mk_str text, unsigned cover);

/* True if a filter that accuses by more than single phrases would accuse line, which has features
 * and hits and may be no line of a document. */
typedef bool mk_judge_fn(const mk_line *line, const mk_lexicon *lexicon);

/* Has later filters of this document ask `says` too, with lexicon (lent). */
void mk_edit_judge(mk_edit *edit, const mk_lexicon *lexicon, mk_judge_fn *says);

/* The offset in line->seen of a byte of line->folded. */
size_t mk_line_offset(const mk_line *line, size_t folded_at);

/* The offset there behind the letter before a byte of line->folded, its marks with it. */
size_t mk_line_end_of(const mk_line *line, size_t folded_at);

/* The next word of a folded line from *at on, which moves past it; empty at the
 * end. */
mk_str mk_word_next(mk_str folded, size_t *at);

/* What the inflected forms of a folded word share: its first letters, without a
 * conjunction or preposition that is written with it and without the article. */
mk_str mk_word_stem(mk_str word);

/* True if line has vowel signs, or a particle, a pronoun or a short verb: what names of
 * sections do without. */
bool mk_line_speaks(const mk_line *line);

/* True if line begins as a sentence goes on: with a conjunction, which headlines do without. */
bool mk_line_goes_on(const mk_line *line);

/* Stems of the words of a page's body, words of one and two letters left out: those of
 * the lines in play when it is first asked. Starts as the pen, what lines count, and zeros. */
typedef struct mk_vocabulary {
    mk_edit *edit;
    bool (*counts)(const mk_line *line); /* NULL: those of the body do */
    uint32_t *stems;                     /* a table with last + 1 slots, 0 for none; in the arena */
    size_t last;
    size_t n; /* words, 4,096 at most: no more are remembered */
} mk_vocabulary;

/* Words in it. Out of memory, which the pen remembers, 0. */
size_t mk_vocabulary_words(mk_vocabulary *v);

/* The share of a line's words that v has too, 0 to 1; as if the line had
 * `more` words that it has not, so that of two lines the longer one counts more. Out of
 * memory, which the pen remembers, nothing is shared. */
double mk_vocabulary_share(mk_vocabulary *v, const mk_line *line, size_t more);

/* A whole filter that accuses by its lexicon alone. The lexicon has its name. */
#define MK_PHRASES_FILTER(word, text, table)                                   \
    static const mk_option word##_options[] = {MK_PHRASES_OPTION(#word), {0}}; \
    const mk_filter mk_filter_##word = {                                       \
        .abi = MK_FILTER_ABI,                                                  \
        .name = #word,                                                         \
        .summary = (text),                                                     \
        .kind = MK_KIND_EVIDENCE,                                              \
        .rules = (table),                                                      \
        .options = word##_options,                                             \
        .config_size = sizeof(mk_phrases),                                     \
        .apply = mk_phrases_apply,                                             \
    }

#endif
