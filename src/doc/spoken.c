/* spoken.c: tells lines in which somebody speaks, verse and talk, from names of sections, by
 * words that those do without. Cases: fixtures/filters/{verse,heads}.cases */
#include <string.h>

#include "minkhal/filter.h"

/* Particles, pronouns, short verbs: what verse is made of, and names of sections are not. */
#define WORD(text)               \
    {                            \
        (text), sizeof(text) - 1 \
    }
static const mk_str spoken[] = {
    WORD("يا"),    WORD("لا"),   WORD("ولا"),  WORD("فلا"),  WORD("لم"),   WORD("ولم"),
    WORD("لن"),    WORD("إن"),   WORD("ان"),   WORD("إذا"),  WORD("اذا"),  WORD("لو"),
    WORD("ولو"),   WORD("قد"),   WORD("وقد"),  WORD("كان"),  WORD("كأن"),  WORD("كنت"),
    WORD("وكنت"),  WORD("ليس"),  WORD("ليت"),  WORD("لعل"),  WORD("أنا"),  WORD("انا"),
    WORD("وأنا"),  WORD("أنت"),  WORD("انت"),  WORD("وأنت"), WORD("وهو"),  WORD("ذاك"),
    WORD("لي"),    WORD("لك"),   WORD("له"),   WORD("لها"),  WORD("لهم"),  WORD("بي"),
    WORD("بك"),    WORD("به"),   WORD("بها"),  WORD("فيه"),  WORD("فيها"), WORD("فيك"),
    WORD("منه"),   WORD("منها"), WORD("منك"),  WORD("مني"),  WORD("عليك"), WORD("عليه"),
    WORD("عليها"), WORD("إليك"), WORD("اليك"), WORD("كي"),   WORD("حتى"),  WORD("حين"),
    WORD("كلما"),  WORD("ثم"),   WORD("لكن"),  WORD("ولكن"), WORD("اللي"), WORD("مو"),
    WORD("مش"),    WORD("وين"),
};

bool mk_line_speaks(const mk_line *line)
{
    enum { MIN_MARKS = 3 };
    unsigned marks = 0;
    for (size_t at = 0; at < line->trimmed.len && marks < MIN_MARKS;)
        marks += mk_is_arabic_mark(mk_utf8_next(line->trimmed, &at));
    if (marks >= MIN_MARKS)
        return true;
    for (mk_str s = line->trimmed; s.len > 0;) {
        const char *const space = memchr(s.ptr, ' ', s.len);
        const size_t len = space ? (size_t)(space - s.ptr) : s.len;
        for (size_t i = 0; i < sizeof(spoken) / sizeof(*spoken); i++)
            if (spoken[i].len == len && memcmp(spoken[i].ptr, s.ptr, len) == 0)
                return true;
        s = mk_str_sub(s, len + (space != NULL), s.len);
    }
    return false;
}
