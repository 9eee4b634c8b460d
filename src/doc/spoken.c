/* spoken.c: tells lines in which somebody speaks, verse and talk, from names of sections, by
 * words that those do without, and lines in which a sentence goes on from headlines, by how they
 * begin. Cases: fixtures/filters/{verse,heads,tickers}.cases */
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

/* Words that join what follows to what went before. */
static const mk_str joining[] = {
    WORD("حيث"), WORD("حسبما"), WORD("كما"),  WORD("كذلك"),  WORD("بما"),
    WORD("مما"), WORD("لكن"),   WORD("لكنه"), WORD("بينما"), WORD("فيما"),
    WORD("إذ"),  WORD("التي"),  WORD("الذي"), WORD("أن"),    WORD("ثم"),
    WORD("أو"),  WORD("بل"),    WORD("حتى"),  WORD("كي"),    WORD("لأن"),
};

/* How words begin whose first letter is a waw of their own: a minister, a death, an agency. */
static const mk_str own_waw[] = {
    WORD("وزير"),  WORD("وزار"), WORD("وزراء"),  WORD("وفا"),   WORD("وفد"),    WORD("وفود"),
    WORD("وكال"),  WORD("وكيل"), WORD("واشنطن"), WORD("وصول"),  WORD("ورش"),    WORD("وقف"),
    WORD("وقود"),  WORD("وقت"),  WORD("وقائع"),  WORD("وضع"),   WORD("والي"),   WORD("ولي"),
    WORD("ولاي"),  WORD("ولاد"), WORD("وثيق"),   WORD("وثائق"), WORD("وداع"),   WORD("وسط"),
    WORD("وسائل"), WORD("وسام"), WORD("وظائف"),  WORD("وظيف"),  WORD("وجه"),    WORD("وجوه"),
    WORD("وحد"),   WORD("وحيد"), WORD("وعد"),    WORD("وعود"),  WORD("ورد"),    WORD("ورق"),
    WORD("وزن"),   WORD("واتس"), WORD("وائل"),   WORD("واحد"),  WORD("وصف"),    WORD("وصي"),
    WORD("وباء"),  WORD("وادي"), WORD("واقع"),   WORD("واجب"),  WORD("وطن"),    WORD("وعي"),
    WORD("وول"),   WORD("ويكي"), WORD("وساط"),   WORD("وثب"),   WORD("واردات"),
};

static bool begins_with(mk_str s, mk_str word)
{
    return s.len >= word.len && memcmp(s.ptr, word.ptr, word.len) == 0;
}

bool mk_line_goes_on(const mk_line *line)
{
    static const mk_str waw = WORD("و");
    const mk_str s = line->trimmed;
    const char *const space = s.len > 0 ? memchr(s.ptr, ' ', s.len) : NULL;
    const mk_str word = mk_str_sub(s, 0, space ? (size_t)(space - s.ptr) : s.len);
    for (size_t i = 0; i < sizeof(joining) / sizeof(*joining); i++)
        if (mk_str_eq(word, joining[i]))
            return true;
    if (!begins_with(word, waw))
        return false;
    for (size_t i = 0; i < sizeof(own_waw) / sizeof(*own_waw); i++)
        if (begins_with(word, own_waw[i]))
            return false;
    return true;
}
