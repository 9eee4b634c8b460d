/* tree.h: all phrases of some lexicons, found in folded bytes by their first words.
 * Cost hardly depends on the number of phrases: most words begin none, which one bit
 * says. What the phrases' anchors ask for is match.h's affair. */
#ifndef MK_TREE_H
#define MK_TREE_H

#include "doc/lexicon.h"

typedef struct mk_tree mk_tree; /* const once built: any number of threads */

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

/* Of n lexicons, which are lent while it lives. NULL if out of memory. */
mk_tree *mk_tree_new(const mk_lexicon *const *lexicons, size_t n);
void mk_tree_free(mk_tree *tree); /* takes NULL */

/* Adds the phrases that stand as whole words in the bytes from `from` to `to` of folded: from
 * the first letter of a word, or the one after a waw that begins it, to the last of
 * one. By where they end; of those that end together the longest first; of equals in
 * the order of the files. What was found before is to end before `from`. */
void mk_tree_find(const mk_tree *tree, mk_str folded, size_t from, size_t to, mk_finds *ret);

/* Adds all phrases that begin at `at`, wherever they end: the shortest first, equals
 * in the order of the files. */
void mk_tree_at(const mk_tree *tree, mk_str folded, size_t at, mk_finds *ret);

#endif
