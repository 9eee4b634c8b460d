/* tatweel.c: U+0640, the stroke that stretches a word, by context.
 *
 * Removed where it only stretches. Refuses to remove it where it is spelling
 * or a sign: the seat of a hamza or small letter (Quranic text has U+0640
 * U+0654 by the hundred), a carrier whose marks would pile up on the letter
 * before, a prefix joined to what follows (li- before a quotation, al- before
 * a figure), the Hijri sign. Between figures it is a dash and becomes one: to
 * remove it there would join two numbers.
 *
 * Decisions look at the line as it reads so far, from left to right, so that a
 * second pass finds nothing to do. Sources: Unicode 15.0 chapter 9.2; UAX #53
 * for the marks that need a seat. */
#include "text/pass.h"

enum { TATWEEL_LEN = 2 /* bytes */ };

enum {
    PREFIX_LETTERS = 3, /* a longer word before the last tatweel is no prefix */
    DASH_RUN = 2        /* more of them draw a rule */
};

/* A run of marks. */
typedef struct marks {
    bool any, vowel, shadda, seated;
} marks;

/* The line as it reads so far. */
typedef struct left {
    uint32_t base;    /* the last that is no mark; MK_CP_NONE: there is none */
    marks marks;      /* on it */
    unsigned letters; /* of the word that it ends, PREFIX_LETTERS + 1 at most */
} left;

/* What stands after the marks and tatweels that follow a place. */
typedef struct right {
    size_t end; /* of those marks and tatweels, bytes; 0: not looked for yet */
    bool letter;
} right;

static void add_mark(marks *all, uint32_t cp, unsigned facts)
{
    all->any = true;
    all->vowel |= (facts & MK_VOWEL) != 0;
    all->shadda |= cp == MK_SHADDA;
    all->seated |= (facts & MK_SEATED) != 0;
}

/* The text grows by cp. */
static void grow(left *l, uint32_t cp)
{
    const unsigned facts = mk_letter_facts_of(cp);

    if (facts & MK_MARK) {
        add_mark(&l->marks, cp, facts);
        return;
    }
    if (!(facts & MK_LETTER))
        l->letters = 0;
    else if (l->letters <= PREFIX_LETTERS)
        l->letters++;
    l->base = cp;
    l->marks = (marks){0};
}

static marks marks_at(mk_str text, size_t at)
{
    marks all = {0};

    for (;;) {
        const uint32_t cp = mk_utf8_next(text, &at);
        const unsigned facts = mk_letter_facts_of(cp);
        if (!(facts & MK_MARK))
            return all;
        add_mark(&all, cp, facts);
    }
}

/* Looks past marks and tatweels from `at` on, once for all runs among them. */
static void look_right(mk_str text, size_t at, right *r)
{
    uint32_t cp;

    if (at <= r->end && r->end != 0)
        return;
    do {
        r->end = at;
        cp = mk_utf8_next(text, &at);
    } while (mk_letter_facts_of(cp) & (MK_MARK | MK_TATWEEL));
    r->letter = mk_is_l(cp);
}

typedef enum fate { GOES, STAYS, IS_DASH } fate;

/* What becomes of the tatweels after l, of which the last bears `over`. */
static fate judge(const left *l, marks over, bool letter_after)
{
    const bool letter_before = mk_is_l(l->base);

    if (over.seated)
        return STAYS;
    if (l->base == MK_TATWEEL_CP)
        return GOES;
    if (letter_before && ((over.vowel && l->marks.vowel) || (over.shadda && l->marks.shadda)))
        return STAYS;
    if (letter_before && letter_after)
        return GOES;
    if (letter_before)
        return l->letters <= PREFIX_LETTERS ? STAYS : GOES;
    return letter_after || over.any ? STAYS : IS_DASH;
}

/* text[from, to) is tatweels, as many as there are. */
static void patch_run(mk_str text, size_t from, size_t to, left *l, right *r, mk_patches *patches)
{
    const size_t run = (to - from) / TATWEEL_LEN;

    look_right(text, to, r);
    switch (judge(l, marks_at(text, to), r->letter)) {
    case GOES:
        mk_patch(patches, from, to - from, (mk_str){NULL, 0}, 0);
        break;
    case STAYS:
        if (run > 1)
            mk_patch(patches, from + TATWEEL_LEN, to - from - TATWEEL_LEN, (mk_str){NULL, 0}, 0);
        grow(l, MK_TATWEEL_CP);
        break;
    case IS_DASH:
        mk_patch(patches, from, to - from, run > DASH_RUN ? MK_STR("---") : MK_STR("-"), 0);
        grow(l, '-');
        break;
    }
}

/* Where to go on reading, from `at` on: the space before the next tatweel, which begins all
 * anew; `at` if there is none between; the end if there is no tatweel. */
static size_t skip_words(mk_str text, size_t at)
{
    size_t space = at, to = at;

    for (; text.len - to >= TATWEEL_LEN; to++) {
        if (text.ptr[to] == ' ')
            space = to;
        else if (text.ptr[to] == '\xD9' && text.ptr[to + 1] == '\x80')
            return space;
    }
    return text.len;
}

void mk_pass_tatweel(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    left l = {.base = MK_CP_NONE};
    right r = {0};

    (void)context;
    for (size_t at = skip_words(text, 0); at < text.len;) {
        const size_t from = at;
        size_t to = at;
        uint32_t cp = MK_CP_NONE;
        while (at < text.len && (cp = mk_take(text, &at)) == MK_TATWEEL_CP)
            to = at;
        if (to > from) {
            patch_run(text, from, to, &l, &r, patches);
            at = skip_words(text, to);
        } else {
            grow(&l, cp);
        }
    }
}

void mk_pass_tatweel_all(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        size_t to = at;
        while (at < text.len && mk_take(text, &at) == MK_TATWEEL_CP)
            to = at;
        if (to > from)
            mk_patch_away(patches, from, to);
    }
}
