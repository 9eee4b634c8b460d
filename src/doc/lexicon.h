/* lexicon.h: phrases as data. One parser for the built-in files and the user's.
 *
 * A lexicon is a text file, UTF-8, a phrase a line:
 *
 *   # a comment; the top of the file says what it is and where it is from
 *   [button]                   a section: a rule of the filter, then flags that
 *                              hold for all of it, e.g. [list opens]
 *   = شارك هذا الخبر           an anchor, a space, the phrase
 *   = شارك<TAB>weak            flags of one phrase stand after a TAB
 *   {thing} = الخبر | المقال   a slot: from here on a phrase with {thing} in it
 *                              stands for one phrase with each of the words
 *
 * Anchors:
 *   =  the phrase is the whole line (signs around it and one number at either
 *      end do not count)
 *   ^  it begins the line, which has 16 words at most and no full stop at its
 *      end, unless the phrase is followed by a colon or certain
 *   $  it ends the line
 *   ~  it stands anywhere and covers cover % of the line's letters (default 42)
 *   +  it is a piece: a line that two or more pieces and = phrases of any
 *      lexicon cover whole is a row of labels; alone a piece says nothing
 *   >  glued: it stands inside the line, after the end of a sentence, and what
 *      follows it to the end of the line is little; both go, the rest stays
 *   -  inside: it stands anywhere, and accuses no line: what it means is the
 *      filter's affair. `glued` cuts it with the brackets around it, others
 *      count it
 * In lines of several hundred letters only the ends are looked at for the last
 * two.
 *
 * Phrases are matched folded (fold.h), so one spelling stands for all; words are
 * matched whole, with or without a waw in front. {n} stands for a number. A
 * colon or an asterisk at the end of a phrase, and a bracket ( or [ at its
 * beginning, must be in the line too. A phrase has a letter at least.
 *
 * Flags: weak, strong (the default), certain; within, opens, closes (default: the
 * line goes and says nothing of others); cover=N. */
#ifndef MK_LEXICON_H
#define MK_LEXICON_H

#include "base/buf.h"
#include "minkhal/filter.h"

typedef enum mk_anchor {
    MK_ANCHOR_WHOLE,  /* = */
    MK_ANCHOR_PREFIX, /* ^ */
    MK_ANCHOR_SUFFIX, /* $ */
    MK_ANCHOR_ANY,    /* ~ */
    MK_ANCHOR_PIECE,  /* + */
    MK_ANCHOR_GLUED,  /* > */
    MK_ANCHOR_INSIDE  /* - */
} mk_anchor;

typedef struct mk_entry {
    uint32_t phrase, folded;     /* where its bytes begin among those of the lexicon */
    uint16_t n_phrase, n_folded; /* bytes */
    uint32_t line;               /* of the file, from 1 */
    uint16_t rule;               /* of the filter */
    uint8_t file;                /* 0: the built-in or the replacement; 1: the addition */
    uint8_t anchor;              /* mk_anchor */
    uint8_t strength;            /* mk_strength */
    uint8_t effect;              /* mk_effect */
    uint8_t cover;               /* percent; ANY only */
    char sign;                   /* ':' or '*' that must follow in the line, or 0 */
    char bracket;                /* '(' or '[' that must stand before it in the line, or 0 */
} mk_entry;

/* How much of a line must be read, in folded bytes, so that no phrase is overlooked. */
typedef struct mk_reach {
    uint32_t whole;      /* of a longer line its ends are enough: */
    uint32_t head, tail; /* so much of them */
} mk_reach;

typedef struct mk_lexicon_set mk_lexicon_set;

/* A view of entries and their bytes, wherever these lie: in the program for a built-in
 * lexicon, in `own` where a file was read. */
struct mk_lexicon {
    uint16_t number;         /* in the chain; filter.h knows that it is first */
    uint16_t place;          /* in the set */
    const char *name;        /* the built-in's */
    const mk_entry *entries; /* n_entries of them, in file order */
    const char *phrases;     /* bytes of all phrases as files have them, slots filled */
    const char *folded;      /* and as they are matched */
    uint32_t n_entries;
    uint32_t n_phrases, n_folded; /* bytes */
    mk_reach reach;
    const mk_lexicon_set *set; /* that has this lexicon, word for word; or NULL */
    struct {
        mk_buf entries, phrases, folded;
    } own;
};

/* Lexicons that were read when the program was built, with the index of their phrases. */
struct mk_lexicon_set {
    const mk_lexicon *lexicons; /* n of them */
    size_t n;
    const struct mk_index_tables *tables;
};

/* What make_lexicons.c made of filters/lexicons. */
const mk_lexicon_set *mk_builtin_set(void);

/* A new lexicon without entries. */
mk_err mk_lexicon_new(const char *name, mk_lexicon **ret, mk_error *reterr);

/* A new lexicon with the entries of one of a set, which are lent. */
mk_err mk_lexicon_view(const mk_lexicon *of, mk_lexicon **ret, mk_error *reterr);

/* Adds the entries of one file, of which it keeps copies. where names it in errors:
 * MK_OPTION with "share.txt:12: unknown rule 'buton'". rules: of the filter. */
mk_err mk_lexicon_add(mk_lexicon *lexicon, const char *where, mk_str text, const mk_rule *rules,
                      mk_error *reterr);

void mk_lexicon_free(mk_lexicon *lexicon); /* takes NULL */

static inline mk_str mk_entry_phrase(const mk_lexicon *lexicon, const mk_entry *entry)
{
    return (mk_str){lexicon->phrases + entry->phrase, entry->n_phrase};
}

static inline mk_str mk_entry_folded(const mk_lexicon *lexicon, const mk_entry *entry)
{
    return (mk_str){lexicon->folded + entry->folded, entry->n_folded};
}

#endif
