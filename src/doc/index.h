/* index.h: all phrases of some lexicons, found in folded bytes by their first words.
 * Cost hardly depends on the number of phrases: most words begin none, which one bit
 * says. What the phrases' anchors ask for is match.h's affair. */
#ifndef MK_INDEX_H
#define MK_INDEX_H

#include "base/arena.h"
#include "doc/lexicon.h"

typedef struct mk_index mk_index; /* const once built: any number of threads */

/* A phrase's letters found in a line, its anchor not yet asked. */
typedef struct mk_find {
    const mk_entry *entry;
    uint16_t lexicon, number; /* of the entry in its lexicon */
    uint32_t from, to;        /* folded bytes */
} mk_find;

/* Starts as zeros and an arena. */
typedef struct mk_finds {
    mk_find *items; /* n of them, in the arena */
    size_t n, room;
    mk_arena *arena;
    bool failed; /* out of memory */
} mk_finds;

enum { MK_INDEX_GLUED = 4 /* letters of a label that is glued to another */ };

/* Of n lexicons, which are lent while it lives. Those of a set have tables already; else
 * they are built now. NULL if out of memory. */
mk_index *mk_index_new(const mk_lexicon *const *lexicons, size_t n);
void mk_index_free(mk_index *index); /* takes NULL */

enum { MK_INDEX_PAD = 32 /* spaces that stand behind the folded bytes of a line, beyond len */ };

/* Adds the phrases that stand as whole words in the bytes from `from` to `to` of folded:
 * from the first letter of a word, or the one after a waw that begins it, to the last
 * of one. Those that begin a line (=, ^) are found only where it begins, or behind a
 * number there, whole lines only if they end where it does, or before a number there,
 * and pieces not at all. By where they end; of those that end together the longest first; of equals
 * in the order of the files. What was found before is to end before `from`. */
void mk_index_find(const mk_index *index, mk_str folded, size_t from, size_t to, mk_finds *ret);

/* Has the parts of the tables that a line's beginning is looked up in brought near, and
 * does not wait for them. */
void mk_index_prefetch(const mk_index *index, mk_str folded);

/* Adds the labels (pieces and whole lines) that begin at `at`: those that end with a
 * word, and those that end inside of one if they have MK_INDEX_GLUED letters. The
 * shortest first, equals in the order of the files. */
void mk_index_labels(const mk_index *index, mk_str folded, size_t at, mk_finds *ret);

#endif
