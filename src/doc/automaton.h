/* automaton.h: all phrases of some lexicons found in folded bytes, in one pass (Aho
 * and Corasick, CACM 18, 1975). Cost hardly depends on the number of phrases. What
 * the phrases' anchors ask for is match.h's affair. */
#ifndef MK_AUTOMATON_H
#define MK_AUTOMATON_H

#include "doc/lexicon.h"

typedef struct mk_automaton mk_automaton; /* const once built: any number of threads */

/* A phrase's letters found in a line, its anchor not yet asked. */
typedef struct mk_find {
    const mk_entry *entry;
    uint16_t lexicon, number; /* of the entry in its lexicon */
    uint32_t from, to;        /* folded bytes */
} mk_find;

/* By where they end; of those that end together the longest first; of equals in
 * the order of the files. Starts as zeros and an arena. */
typedef struct mk_finds {
    mk_find *items; /* n of them, in the arena */
    size_t n, room;
    mk_arena *arena;
    bool failed; /* out of memory */
} mk_finds;

/* Of n lexicons, which are lent while it lives. NULL if out of memory. */
mk_automaton *mk_automaton_new(const mk_lexicon *const *lexicons, size_t n);
void mk_automaton_free(mk_automaton *automaton); /* takes NULL */

/* Adds the phrases that stand in the bytes from `from` to `to` of folded. What was
 * found before is to end before `from`. */
void mk_automaton_find(const mk_automaton *automaton, mk_str folded, size_t from, size_t to,
                       mk_finds *ret);

#endif
