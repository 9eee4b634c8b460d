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
 * for the marks that need a seat. Cases: fixtures/filters/tatweel.cases. */
#include "minkhal/filter.h"

enum { TATWEEL = 0x0640, SHADDA = 0x0651, TATWEEL_LEN = 2 /* bytes */ };

enum { STRETCH, RUN, DASH };

static const mk_rule rules[] = {
    [STRETCH] = {"stretch", "tatweel", "it stretches a word"},
    [RUN] = {"run", "tatweel", "several become one"},
    [DASH] = {"dash", "tatweel", "it stands for a dash, or several for a rule"},
    {0},
};

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

/* Vowel signs, of which a letter bears one. */
static bool is_vowel(uint32_t cp)
{
    return (cp >= 0x064B && cp <= 0x0650) || cp == 0x0652 || cp == 0x06E1 ||
           (cp >= 0x08F0 && cp <= 0x08F2);
}

/* The modifier combining marks of UAX #53: hamza and small letters. */
static bool is_seated(uint32_t cp)
{
    switch (cp) {
    case 0x0654:
    case 0x0655:
    case 0x0658:
    case 0x06DC:
    case 0x06E3:
    case 0x06E7:
    case 0x06E8:
    case 0x08CA:
    case 0x08CB:
    case 0x08CD:
    case 0x08CE:
    case 0x08CF:
    case 0x08D3:
    case 0x08F3:
        return true;
    default:
        return false;
    }
}

static void add_mark(marks *all, uint32_t cp)
{
    all->any = true;
    all->vowel |= is_vowel(cp);
    all->shadda |= cp == SHADDA;
    all->seated |= is_seated(cp);
}

/* The line grows by cp. */
static void grow(left *l, uint32_t cp)
{
    if (mk_is_arabic_mark(cp)) {
        add_mark(&l->marks, cp);
        return;
    }
    const bool letter = mk_is_arabic_letter(cp);
    if (!letter)
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
        if (!mk_is_arabic_mark(cp))
            return all;
        add_mark(&all, cp);
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
    } while (mk_is_arabic_mark(cp) || cp == TATWEEL);
    r->letter = mk_is_arabic_letter(cp);
}

typedef enum fate { GOES, STAYS, IS_DASH } fate;

/* What becomes of the tatweels after l, of which the last bears `over`. */
static fate judge(const left *l, marks over, bool letter_after)
{
    const bool letter_before = mk_is_arabic_letter(l->base);

    if (over.seated)
        return STAYS;
    if (l->base == TATWEEL)
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
        mk_patch(patches, from, to - from, (mk_str){0}, l->base == TATWEEL ? RUN : STRETCH);
        break;
    case STAYS:
        if (run > 1)
            mk_patch(patches, from + TATWEEL_LEN, to - from - TATWEEL_LEN, (mk_str){0}, RUN);
        grow(l, TATWEEL);
        break;
    case IS_DASH:
        mk_patch(patches, from, to - from, run > DASH_RUN ? MK_STR("---") : MK_STR("-"), DASH);
        grow(l, '-');
        break;
    }
}

static void tidy_tatweel(const void *config, mk_str text, mk_patches *patches)
{
    left l = {.base = MK_CP_NONE};
    right r = {0};
    size_t at = 0;

    (void)config;
    while (at < text.len) {
        const size_t from = at;
        size_t to = at;
        uint32_t cp;
        while ((cp = mk_utf8_next(text, &at)) == TATWEEL)
            to = at;
        if (to > from) {
            patch_run(text, from, to, &l, &r, patches);
            at = to;
        } else {
            grow(&l, cp);
        }
    }
}

const mk_filter mk_filter_tatweel = {
    .abi = MK_FILTER_ABI,
    .name = "tatweel",
    .summary = "tatweel inside words; the one that means something stays",
    .kind = MK_KIND_LETTERS,
    .rules = rules,
    .touches = MK_HAS_TATWEEL,
    .letters = tidy_tatweel,
};
