/* nearest.c: "did you mean ...?". Optimal string alignment (Damerau 1964 as
 * restricted by Boytsov 2011): a swap of neighbours is one slip of the finger. */
#include "minkhal/text.h"

enum { MAX_WORD = 64 /* bytes: longer words are no slips */ };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned mk_edit_distance(mk_str a, mk_str b, unsigned limit)
{
    unsigned rows[3][MAX_WORD + 1] = {{0}};
    unsigned *two = rows[0], *one = rows[1], *now = rows[2];
    if (a.len > MAX_WORD || b.len > MAX_WORD)
        return limit + 1;
    for (size_t j = 0; j <= b.len; j++)
        one[j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned *const spare = two;
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            const unsigned cost = a.ptr[i - 1] != b.ptr[j - 1];
            now[j] = least(least(one[j] + 1, now[j - 1] + 1), one[j - 1] + cost);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1])
                now[j] = least(now[j], two[j - 2] + 1);
        }
        two = one;
        one = now;
        now = spare;
    }
    return least(one[b.len], limit + 1);
}
