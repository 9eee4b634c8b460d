/* search.h: the search form of plain text in one pass. */
#ifndef MK_SEARCH_H
#define MK_SEARCH_H

#include "text/operations.h"

enum { MK_SEARCH_ROWS = 3 /* D8 A., D8 B., D9 8. */ };

/* What becomes of a sign of U+0600 to U+06FF. */
typedef struct mk_search_table {
    uint16_t code[256]; /* the bytes that it is written as, as they lie in memory */
    uint8_t len[256];   /* of them; MK_SEARCH_SLOW: other operations must see it */
    uint8_t odd[256];   /* a byte of windows-1256 may be it */
    /* The same of U+0620 to U+064F, for blocks: by the low half of the second byte,
     * what it becomes (0: not in a block), and, in the first row, what changes in the
     * first one. */
    uint8_t tail[MK_SEARCH_ROWS][16], flip[16];
    bool simd;
} mk_search_table;

enum { MK_SEARCH_SLOW = 0xFF };

/* By the passes' own facts. arabic: letters are folded as Arabic ones; simd: plain
 * words are folded in blocks (mk_has_simd). Both ways write the same. */
void mk_search_init(mk_search_table *table, bool arabic, bool simd);

/* Writes the search form of lines, of which train leaves every byte, to out (room
 * for a byte more than they have). Returns how much it has read: less than all
 * where a sign stands that the operations must see. *ret_odd: what came out may look as if
 * it were in a wrong encoding; NULL: it stops at such letters. */
size_t mk_search_plain(const mk_search_table *table, mk_str text, char *out, size_t *ret_len,
                       bool *ret_odd);

#endif
