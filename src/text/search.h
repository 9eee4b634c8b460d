/* search.h: the search form of plain text in one pass. */
#ifndef MK_SEARCH_H
#define MK_SEARCH_H

#include "text/operations.h"

/* What becomes of a sign of U+0600 to U+06FF. */
typedef struct mk_search_table {
    char bytes[256][2]; /* what it is written as */
    uint8_t len[256];   /* of them; MK_SEARCH_SLOW: other operations must see it */
} mk_search_table;

enum { MK_SEARCH_SLOW = 0xFF };

/* By the passes' own facts. arabic: letters are folded as Arabic ones. */
void mk_search_init(mk_search_table *table, bool arabic);

/* Writes the search form of text, of which train leaves every byte, to out (room
 * for text.len bytes). False: text is not plain enough; the operations must do it. */
bool mk_search_plain(const mk_search_table *table, mk_str text, char *out, size_t *ret_len);

#endif
