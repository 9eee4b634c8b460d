#include "base/nearest.h"

enum { MAX_WORD = 64 };

unsigned mk_edit_distance(mk_str a, mk_str b, unsigned limit)
{
    unsigned row[MAX_WORD + 1];
    if (a.len > MAX_WORD || b.len > MAX_WORD)
        return limit + 1;
    for (unsigned j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            const unsigned swapped = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
            diagonal = row[j];
            const unsigned shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = swapped < shorter ? swapped : shorter;
        }
    }
    return row[b.len] <= limit ? row[b.len] : limit + 1;
}
