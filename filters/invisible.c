/* invisible.c: characters that no reader sees.
 *
 * Removed without a look around: bidi controls, byte order marks, soft hyphens,
 * C0 and C1 controls, terminal sequences (ESC [ ... letter, whole), private use
 * characters, noncharacters. By what stands beside them:
 *   zero width space      stays beside Thai, Lao, Tibetan, Burmese, Khmer, Tai,
 *                         which do not write spaces between words
 *   tags                  stay in flags
 *   variation selectors   go after an Arabic letter or mark and after spaces
 *   non-joiner, joiner    stay where they are spelling: in Indic and like
 *                         scripts, in emoji, between letters (Persian). With
 *                         lang=ar a non-joiner goes where the letter before it
 *                         does not join anyway, and heh + joiner at the end of
 *                         a word becomes heh + tatweel, the Hijri sign
 * A removed character never leaves a space: it would split words. Refuses the
 * visible formats U+0600 to U+0605, U+06DD, U+0890, U+0891, U+08E2, the
 * grapheme joiner U+034F, which keeps marks from being put in order, and
 * line breaks.
 *
 * Each kind is decided as if the kinds before it in this list were gone
 * already, so that the result does not depend on what stood between, and a
 * second pass finds nothing to do.
 *
 * Where we differ from the written specification: emoji are signs of U+2190 to
 * U+2BFF, U+1F000 to U+1FAFF and a few more, not all of category So and Sk; the
 * letters that do not join are all that ArabicShaping.txt has, not those of six
 * languages; terminal sequences are looked for before private use characters
 * are gone.
 * Sources: Unicode 15.0 chapters 9.2, 12 and 23, ArabicShaping.txt; ECMA-48
 * section 5.4 for control sequences. Cases: fixtures/filters/invisible.cases. */
#include "minkhal/filter.h"

enum {
    ESC = 0x1B,
    HEH = 0x0647,
    TATWEEL = 0x0640,
    ZWSP = 0x200B,
    ZWNJ = 0x200C,
    ZWJ = 0x200D,
    EMOJI_SELECTOR = 0xFE0F,
    FLAG = 0x1F3F4
};

enum {
    BIDI,
    ZERO_WIDTH,
    JOINER,
    HIJRI,
    CONTROL,
    BOM,
    SOFT_HYPHEN,
    SELECTOR,
    TAG,
    ANNOTATION,
    PRIVATE,
    NONCHARACTER,
    STAYS /* no rule */
};

static const mk_rule rules[] = {
    [BIDI] = {"bidi", "invisible", "marks and controls of writing direction"},
    [ZERO_WIDTH] = {"zero-width", "invisible", "zero width space, word joiner"},
    [JOINER] = {"joiner", "invisible", "joiners and non-joiners that change nothing"},
    [HIJRI] = {"hijri", "invisible", "heh and joiner become heh and tatweel (lang=ar)"},
    [CONTROL] = {"control", "invisible", "control characters, terminal sequences"},
    [BOM] = {"bom", "invisible", "byte order marks, wherever they are"},
    [SOFT_HYPHEN] = {"soft-hyphen", "invisible", "hyphens for the end of a line"},
    [SELECTOR] = {"selector", "invisible", "variation selectors that select nothing"},
    [TAG] = {"tag", "invisible", "tag characters outside a flag"},
    [ANNOTATION] = {"annotation", "invisible", "annotation and object characters"},
    [PRIVATE] = {"private", "invisible", "private use characters"},
    [NONCHARACTER] = {"nonchar", "invisible", "code points that are no characters"},
    {0},
};

enum { LANG_AR, LANG_OTHER };

typedef struct config {
    int lang;
} config;

static const mk_option options[] = {
    {.name = "lang",
     .help = "ar: non-joiners and joiners as Arabic needs them; other: as Persian too",
     .type = MK_OPTION_CHOICE,
     .offset = offsetof(config, lang),
     .def = LANG_OTHER,
     .choices = "ar|other"},
    {0},
};

/* ---- code points ---- */

typedef struct range {
    uint32_t first, last;
} range;

/* ranges ascend; the last one of the table is {0}. */
static bool in_ranges(const range *ranges, uint32_t cp)
{
    for (; ranges->last != 0 && cp >= ranges->first; ranges++)
        if (cp <= ranges->last)
            return true;
    return false;
}

/* Scripts without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, Tai
 * Le, New Tai Lue, Khmer symbols, Buginese, Tai Tham. */
static bool is_unspaced(uint32_t cp)
{
    static const range blocks[] = {
        {0x0E00, 0x109F},
        {0x1780, 0x17FF},
        {0x1950, 0x1AAF},
        {0},
    };

    return in_ranges(blocks, cp);
}

/* Scripts that spell with joiners: Syriac, NKo, Mandaic, the Indic ones and
 * those of South-East Asia, Mongolian. */
static bool is_joining_script(uint32_t cp)
{
    static const range blocks[] = {
        {0x0700, 0x074F}, {0x07C0, 0x07FF}, {0x0840, 0x085F}, {0x0900, 0x0DFF},   {0x0F00, 0x109F},
        {0x1700, 0x18AF}, {0x1A00, 0x1CFF}, {0xA800, 0xABFF}, {0x10A00, 0x11FFF}, {0},
    };

    return in_ranges(blocks, cp);
}

/* Arabic letters that do not join the next one (Joining_Type R or U). */
static bool is_unjoined(uint32_t cp)
{
    static const range letters[] = {
        {0x0621, 0x0625}, {0x0627, 0x0627},
        {0x0629, 0x0629}, {0x062F, 0x0632},
        {0x0648, 0x0648}, {0x0671, 0x0677},
        {0x0688, 0x0699}, {0x06C0, 0x06C0},
        {0x06C3, 0x06CB}, {0x06CD, 0x06CD},
        {0x06CF, 0x06CF}, {0x06D2, 0x06D3},
        {0x06D5, 0x06D5}, {0x06EE, 0x06EF},
        {0x0759, 0x075B}, {0x076B, 0x076C},
        {0x0771, 0x0771}, {0x0773, 0x0774},
        {0x0778, 0x0779}, {0x0870, 0x0882},
        {0x0887, 0x0887}, {0x088E, 0x088E},
        {0x08AA, 0x08AE}, {0x08B1, 0x08B2},
        {0x08B9, 0x08B9}, {0},
    };

    return in_ranges(letters, cp);
}

static bool is_emoji(uint32_t cp)
{
    static const range signs[] = {
        {0x00A9, 0x00A9},
        {0x00AE, 0x00AE},
        {0x2122, 0x2122},
        {0x2190, 0x2BFF},
        {0x3030, 0x3030},
        {0x303D, 0x303D},
        {0x3297, 0x3297},
        {0x3299, 0x3299},
        {EMOJI_SELECTOR, EMOJI_SELECTOR},
        {0x1F000, 0x1FAFF},
        {0},
    };

    return in_ranges(signs, cp);
}

static bool is_selector(uint32_t cp)
{
    return cp >= 0xFE00 && cp <= 0xFE0F;
}

/* A tag that spells the name of a region after FLAG. */
static bool is_flag_tag(uint32_t cp)
{
    return cp >= 0xE0020 && cp <= 0xE007F;
}

static bool is_tag(uint32_t cp)
{
    return cp == 0xE0001 || is_flag_tag(cp);
}

/* What selects nothing after it: no glyph, or one that has no variants. */
static bool is_unselected(uint32_t cp)
{
    return cp == MK_CP_NONE || mk_is_space(cp) || cp == TATWEEL || cp == ZWNJ || cp == ZWJ ||
           mk_is_arabic_letter(cp) || mk_is_arabic_mark(cp);
}

/* The rule that removes cp wherever it stands, or STAYS. */
static unsigned rule_of(uint32_t cp)
{
    if (cp < 0xAD)
        return cp <= 0x08 || (cp >= 0x0E && cp < 0x20) || (cp >= 0x7F && cp < 0xA0 && cp != 0x85)
                   ? CONTROL
                   : STAYS;
    if (cp == 0xAD)
        return SOFT_HYPHEN;
    if (cp == 0x061C || cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
        (cp >= 0x2066 && cp <= 0x206F))
        return BIDI;
    if (cp == 0x2060)
        return ZERO_WIDTH;
    if (cp == 0xFEFF)
        return BOM;
    if (cp >= 0xFFF9 && cp <= 0xFFFC)
        return ANNOTATION;
    if ((cp >= 0xFDD0 && cp <= 0xFDEF) || (cp & 0xFFFE) == 0xFFFE)
        return NONCHARACTER;
    if ((cp >= 0xE000 && cp <= 0xF8FF) || cp >= 0xF0000)
        return PRIVATE;
    return STAYS;
}

/* ---- what stands to the right ---- */

/* Bytes of the control sequence that begins at ESC, or 0. */
static size_t control_sequence(mk_str s)
{
    size_t at = 2;

    if (s.len < 3 || s.ptr[0] != ESC || s.ptr[1] != '[')
        return 0;
    while (at < s.len &&
           ((s.ptr[at] >= '0' && s.ptr[at] <= '9') || s.ptr[at] == ';' || s.ptr[at] == '?'))
        at++;
    while (at < s.len && s.ptr[at] >= ' ' && s.ptr[at] <= '/')
        at++;
    return at < s.len && s.ptr[at] >= '@' && s.ptr[at] <= '~' ? at + 1 : 0;
}

/* The character at *at, which is advanced past it; *ret_rule: the rule that
 * removes it wherever it stands. A control sequence is one character, ESC. */
static uint32_t next_char(mk_str text, size_t *at, unsigned *ret_rule)
{
    const size_t from = *at;
    const uint32_t cp = mk_utf8_next(text, at);

    *ret_rule = STAYS;
    if (from == *at) /* the end */
        return MK_CP_NONE;
    *ret_rule = rule_of(cp);
    if (cp == ESC) {
        const size_t len = control_sequence(mk_str_sub(text, from, text.len));
        *at = len ? from + len : *at;
    }
    return cp;
}

/* The next character that is not removed wherever it stands. */
static uint32_t next_seen(mk_str text, size_t *at)
{
    unsigned rule;
    uint32_t cp;

    do
        cp = next_char(text, at, &rule);
    while (rule != STAYS);
    return cp;
}

/* The next character after a joiner or non-joiner that can matter to it: a zero
 * width space, selector or tag there goes, or is not followed by a letter of
 * ours. also: skipped too. */
static uint32_t next_joined(mk_str text, size_t *at, uint32_t also)
{
    uint32_t cp;

    do
        cp = next_seen(text, at);
    while (cp == also || cp == ZWSP || is_selector(cp) || is_tag(cp));
    return cp;
}

/* ---- the line, read from left to right ---- */

/* What stands to the left, as each kind of decision sees it (see above). */
typedef struct left {
    uint32_t seen;   /* zero width spaces: all that is not removed anywhere */
    uint32_t spaced; /* tags: after zero width spaces were decided */
    bool in_flag;    /* that is a tag of a flag */
    uint32_t shown;  /* selectors: after tags were decided */
    uint32_t base;   /* non-joiners: not counting Arabic marks and, but for
                        lang=ar, joiners */
    bool joiner;     /* joiners: nothing stayed since another */
    uint32_t last;   /* joiners: as it is written */
} left;

/* ---- decisions: a rule, or STAYS ---- */

static unsigned judge_zwsp(const left *l, mk_str text, size_t at)
{
    if (is_unspaced(l->seen) || is_unspaced(next_seen(text, &at)))
        return STAYS;
    return ZERO_WIDTH;
}

static unsigned judge_tag(const left *l)
{
    const bool flag = l->spaced == FLAG || (is_flag_tag(l->spaced) && l->in_flag);

    return flag ? STAYS : TAG;
}

/* base: what stands before, as left.base; next: what comes after. */
static unsigned judge_zwnj(const config *conf, uint32_t base, uint32_t next)
{
    if (is_joining_script(base))
        return STAYS;
    if (!mk_is_arabic_letter(next))
        return JOINER;
    if (conf->lang == LANG_AR)
        return mk_is_arabic_letter(base) && !is_unjoined(base) ? STAYS : JOINER;
    return mk_is_arabic_letter(base) || mk_digit_value(base) >= 0 ? STAYS : JOINER;
}

/* What comes after the joiners that go on at `at`, once non-joiners among them
 * that go are gone. */
static uint32_t after_zwj(const config *conf, const left *l, mk_str text, size_t at)
{
    uint32_t cp;

    do {
        cp = next_joined(text, &at, ZWJ);
        if (cp != ZWNJ)
            return cp;
        cp = next_joined(text, &at, ZWNJ);
        /* with lang=ar it goes because it stands after a joiner */
        if (conf->lang != LANG_AR && judge_zwnj(conf, l->base, cp) == STAYS)
            return ZWNJ;
    } while (cp == ZWJ);
    return cp;
}

static unsigned judge_zwj(const config *conf, const left *l, uint32_t next)
{
    const bool letter = mk_is_arabic_letter(l->last);
    const bool mark_next = mk_is_arabic_mark(next) || next == TATWEEL;
    const bool letter_next = mk_is_arabic_letter(next);

    if (is_emoji(l->last) && is_emoji(next))
        return STAYS;
    if (l->last == HEH && conf->lang == LANG_AR && !letter_next && !mark_next)
        return HIJRI;
    if (letter && letter_next)
        return is_unjoined(l->last) ? STAYS : JOINER;
    if (letter && !mark_next)
        return STAYS;
    if (letter_next && l->last != TATWEEL && !mk_is_arabic_mark(l->last))
        return STAYS;
    return is_joining_script(l->last) ? STAYS : JOINER;
}

/* cp, which ends at `at` and is not removed wherever it stands. */
static unsigned judge(const config *conf, left *l, uint32_t cp, mk_str text, size_t at)
{
    unsigned rule = STAYS;

    if (cp == ZWSP)
        rule = judge_zwsp(l, text, at);
    l->seen = cp;
    if (rule != STAYS)
        return rule;
    if (is_tag(cp)) {
        rule = judge_tag(l);
        l->in_flag = rule == STAYS && is_flag_tag(cp);
    }
    l->spaced = cp;
    if (is_selector(cp) && is_unselected(l->shown))
        rule = SELECTOR;
    if (rule != STAYS)
        return rule;
    const bool again = cp == ZWNJ && l->shown == ZWNJ; /* the first spoke for all */
    l->shown = cp;
    if (cp == ZWNJ) {
        rule = again ? JOINER : judge_zwnj(conf, l->base, next_joined(text, &at, ZWNJ));
        if (rule != STAYS)
            return rule;
    } else if (cp == ZWJ) {
        rule = l->joiner ? JOINER : judge_zwj(conf, l, after_zwj(conf, l, text, at));
    }
    l->joiner = cp == ZWJ;
    if (!mk_is_arabic_mark(cp) && (cp != ZWJ || conf->lang == LANG_AR))
        l->base = cp;
    if (rule != JOINER)
        l->last = rule == HIJRI ? TATWEEL : cp;
    return rule;
}

/* ---- the filter ---- */

/* Removals that touch and have one rule are one patch. */
typedef struct pen {
    mk_patches *patches;
    size_t from, to;
    unsigned rule;
} pen;

static void flush(pen *p)
{
    if (p->to > p->from)
        mk_patch(p->patches, p->from, p->to - p->from, (mk_str){0}, p->rule);
    p->from = p->to;
}

static void cut(pen *p, size_t from, size_t to, unsigned rule)
{
    if (p->to != from || p->rule != rule) {
        flush(p);
        p->from = from;
        p->rule = rule;
    }
    p->to = to;
}

static void remove_invisible(const void *arg, mk_str text, mk_patches *patches)
{
    left l = {0};
    pen p = {.patches = patches};
    size_t at = 0;

    while (at < text.len) {
        const size_t from = at;
        unsigned rule;
        const uint32_t cp = next_char(text, &at, &rule);
        if (rule == STAYS)
            rule = judge(arg, &l, cp, text, at);
        if (rule == HIJRI) {
            flush(&p);
            mk_patch(patches, from, at - from, MK_STR("\xD9\x80"), HIJRI);
        } else if (rule != STAYS) {
            cut(&p, from, at, rule);
        }
    }
    flush(&p);
}

const mk_filter mk_filter_invisible = {
    .abi = MK_FILTER_ABI,
    .name = "invisible",
    .summary = "characters that no reader sees",
    .kind = MK_KIND_LETTERS,
    .rules = rules,
    .options = options,
    .config_size = sizeof(config),
    .touches = MK_HAS_INVISIBLE,
    .letters = remove_invisible,
};
