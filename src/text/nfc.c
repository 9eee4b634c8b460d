/* nfc.c: Unicode normalisation forms C and KC, cluster by cluster, and case.
 *
 * A cluster is a code point that never composes with what stands before it,
 * and all that follows up to the next such. A cluster that shows nothing to do
 * is not looked at twice. The others are written in canonical order and
 * composed; those that come out as they were are left alone.
 *
 * A run of marks is put in order by one pass for each combining class that
 * occurs in it (55 exist), so that time stays linear and no memory is needed,
 * however long somebody made the run; utf8proc sorts by exchanging neighbours.
 *
 * Sources: UAX #15 (Unicode 15.0), sections 1.3 and 9; Arabic pairs from
 * UnicodeData.txt; CaseFolding.txt by utf8proc.
 * Cases: fixtures/text/, tests/text/test_nfc_unicode.c. */
#include <utf8proc.h>

#include "text/pass.h"

enum {
    MAX_PARTS = 20, /* of a decomposition: U+FDFA has 18 */
    CHUNK = 256     /* bytes of a patch; any size does */
};

static const uint32_t NO_CP = UINT32_MAX; /* U+0000 is a code point too */

typedef struct range {
    uint32_t first, last;
} range;

/* ---- facts about code points ---- */

/* Arabic pairs that are one letter. */
static const struct pair {
    uint16_t letter, mark, both;
} pairs[] = {
    {0x0627, 0x0653, 0x0622}, /* alef, madda */
    {0x0627, 0x0654, 0x0623}, /* alef, hamza above */
    {0x0648, 0x0654, 0x0624}, /* waw, hamza above */
    {0x0627, 0x0655, 0x0625}, /* alef, hamza below */
    {0x064A, 0x0654, 0x0626}, /* yeh, hamza above */
    {0x06D5, 0x0654, 0x06C0}, /* ae, hamza above */
    {0x06C1, 0x0654, 0x06C2}, /* heh goal, hamza above */
    {0x06D2, 0x0654, 0x06D3}, /* yeh barree, hamza above */
};

enum { N_PAIRS = sizeof(pairs) / sizeof(*pairs) };

static bool in_arabic_block(uint32_t cp)
{
    return cp >= 0x0600 && cp <= 0x06FF;
}

/* The letters of the Arabic block that have a compatible decomposition. */
static bool is_high_hamza(uint32_t cp)
{
    return cp >= 0x0675 && cp <= 0x0678;
}

/* Starters that may compose with what stands before them. */
static bool is_second(uint32_t cp)
{
    /* clang-format off */
    static const range second[] = {
        {0x09BE, 0x09BE},   {0x09D7, 0x09D7},   {0x0B3E, 0x0B3E},   {0x0B56, 0x0B57},
        {0x0BBE, 0x0BBE},   {0x0BD7, 0x0BD7},   {0x0CC2, 0x0CC2},   {0x0CD5, 0x0CD6},
        {0x0D3E, 0x0D3E},   {0x0D57, 0x0D57},   {0x0DCF, 0x0DCF},   {0x0DDF, 0x0DDF},
        {0x102E, 0x102E},   {0x1161, 0x1175},   {0x11A8, 0x11C2},   {0x1B35, 0x1B35},
        {0x11127, 0x11127}, {0x1133E, 0x1133E}, {0x11357, 0x11357}, {0x114B0, 0x114B0},
        {0x114BA, 0x114BA}, {0x114BD, 0x114BD}, {0x115AF, 0x115AF}, {0x11930, 0x11930},
    };
    /* clang-format on */

    if (cp < second[0].first)
        return false;
    for (size_t i = 0; i < sizeof(second) / sizeof(*second); i++)
        if (cp >= second[i].first && cp <= second[i].last)
            return true;
    return false;
}

/* The canonical combining class; 0: cp is a starter. */
static unsigned class_of(uint32_t cp)
{
    if (cp < 0x300 || mk_is_arabic_letter(cp))
        return 0;
    return (uint8_t)utf8proc_get_property((utf8proc_int32_t)cp)->combining_class;
}

/* Writes the canonical decomposition, or with compat the compatible one. Returns
 * the number of its parts. */
static unsigned decompose(bool compat, uint32_t cp, uint32_t parts[MAX_PARTS])
{
    const utf8proc_option_t how = UTF8PROC_DECOMPOSE | UTF8PROC_STABLE |
                                  (compat ? UTF8PROC_COMPAT : 0);

    parts[0] = cp;
    if (cp < (compat ? 0xA0 : 0xC0))
        return 1;
    if (in_arabic_block(cp) && !(compat && is_high_hamza(cp))) {
        for (size_t i = 0; i < N_PAIRS; i++) {
            if (pairs[i].both == cp) {
                parts[0] = pairs[i].letter;
                parts[1] = pairs[i].mark;
                return 2;
            }
        }
        return 1;
    }
    utf8proc_int32_t out[MAX_PARTS];
    int last = 0;
    const utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, out, MAX_PARTS, how,
                                                       &last);
    if (n < 1 || n > MAX_PARTS)
        return 1;
    for (utf8proc_ssize_t i = 0; i < n; i++)
        parts[i] = (uint32_t)out[i];
    return (unsigned)n;
}

/* What starter and cp are together, or NO_CP. */
static uint32_t compose(uint32_t starter, uint32_t cp)
{
    if (starter == NO_CP || cp < 0x300)
        return NO_CP;
    if (in_arabic_block(cp)) {
        for (size_t i = 0; i < N_PAIRS; i++)
            if (pairs[i].letter == starter && pairs[i].mark == cp)
                return pairs[i].both;
        return NO_CP;
    }
    utf8proc_int32_t two[2] = {(utf8proc_int32_t)starter, (utf8proc_int32_t)cp};
    const utf8proc_ssize_t n = utf8proc_normalize_utf32(two, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    return n == 1 ? (uint32_t)two[0] : NO_CP;
}

/* ---- a cluster, decomposed, as a stream ---- */

typedef struct parts {
    mk_str text;
    bool compat;
    size_t at, end; /* of the cluster's rest, bytes */
    uint32_t cps[MAX_PARTS];
    unsigned n, i; /* cps[i, n) come before text[at, end) */
} parts;

static uint32_t next_part(parts *p)
{
    if (p->i == p->n) {
        if (p->at >= p->end)
            return NO_CP;
        p->n = decompose(p->compat, mk_take(p->text, &p->at), p->cps);
        p->i = 0;
    }
    return p->cps[p->i++];
}

/* ---- where the result goes ---- */

/* First a comparison with what is there, then patches. A patch for each chunk
 * but the last takes the place of one code point, and the last one of all that
 * is left: a cluster grows to at most three times its bytes (UAX #15 table 5;
 * what has longer compatible forms begins a cluster), so there are more code
 * points than chunks. */
typedef struct output {
    mk_str text;
    size_t at, end;      /* of the cluster's part not yet compared or replaced */
    mk_patches *patches; /* NULL: compare */
    bool differs;
    size_t n;
    char chunk[CHUNK];
} output;

static void put(output *o, uint32_t cp)
{
    char bytes[4];
    const size_t len = mk_utf8_put(bytes, cp);

    if (!o->patches) {
        o->differs |= o->end - o->at < len || memcmp(o->text.ptr + o->at, bytes, len) != 0;
        o->at += o->differs ? 0 : len;
        return;
    }
    if (o->n + len > CHUNK) {
        const size_t from = o->at;
        mk_take(o->text, &o->at);
        mk_patch(o->patches, from, o->at - from, (mk_str){o->chunk, o->n}, 0);
        o->n = 0;
    }
    memcpy(o->chunk + o->n, bytes, len);
    o->n += len;
}

static void finish(output *o)
{
    if (o->patches)
        mk_patch(o->patches, o->at, o->end - o->at, (mk_str){o->chunk, o->n}, 0);
    else
        o->differs |= o->at != o->end;
}

/* ---- marks ---- */

enum { N_CLASSES = 256 };

/* The marks that follow a starter. */
typedef struct marks {
    parts first;                /* where they begin */
    size_t n;                   /* how many there are */
    uint64_t present[4];        /* a bit for each class that occurs */
    uint32_t joined[N_CLASSES]; /* marks of a class that the starter took in */
} marks;

/* Reads marks up to the next starter, which is returned, or NO_CP. */
static uint32_t read_marks(parts *p, marks *m)
{
    uint32_t cp;
    unsigned class;

    m->first = *p;
    m->n = 0;
    memset(m->present, 0, sizeof(m->present));
    for (;;) {
        cp = next_part(p);
        class = cp == NO_CP ? 0 : class_of(cp);
        if (class == 0)
            return cp;
        if (!(m->present[class >> 6] >> (class & 63) & 1)) {
            m->present[class >> 6] |= UINT64_C(1) << (class & 63);
            m->joined[class] = 0;
        }
        m->n++;
    }
}

/* The lowest class that is present and not below class, or N_CLASSES. */
static unsigned next_class(const marks *m, unsigned class)
{
    while (class < N_CLASSES) {
        const uint64_t rest = m->present[class >> 6] >> (class & 63);
        if (rest)
            return class + (unsigned)__builtin_ctzll(rest);
        class = (class | 63) + 1;
    }
    return N_CLASSES;
}

/* Lets starter take in what it composes with; returns the result. In each class
 * that is the marks before the first that does not compose, which blocks the
 * rest of its class. */
static uint32_t join_marks(marks *m, uint32_t starter)
{
    const size_t n = m->n;

    for (unsigned class = next_class(m, 1); class < N_CLASSES; class = next_class(m, class + 1)) {
        parts p = m->first;
        for (size_t i = 0; i < n; i++) {
            const uint32_t cp = next_part(&p);
            if (class_of(cp) != class)
                continue;
            const uint32_t both = compose(starter, cp);
            if (both == NO_CP)
                break;
            starter = both;
            m->joined[class]++;
            m->n--;
        }
    }
    return starter;
}

/* Puts the marks that were not taken in, in canonical order. n_read: as many as
 * there were before. */
static void put_marks(const marks *m, size_t n_read, output *o)
{
    for (unsigned class = next_class(m, 1); class < N_CLASSES; class = next_class(m, class + 1)) {
        parts p = m->first;
        uint32_t joined = m->joined[class];
        for (size_t i = 0; i < n_read && !o->differs; i++) {
            const uint32_t cp = next_part(&p);
            if (class_of(cp) != class)
                continue;
            if (joined > 0)
                joined--;
            else
                put(o, cp);
        }
    }
}

/* ---- clusters ---- */

static void write_cluster(bool compat, mk_str text, size_t from, size_t to, output *o)
{
    const parts whole = {.text = text, .compat = compat, .at = from, .end = to};
    parts p = whole;
    marks m;
    uint32_t starter = next_part(&p);

    if (class_of(starter) != 0) { /* the text begins with marks */
        p = whole;
        starter = NO_CP;
    }
    while (!o->differs) {
        const uint32_t after = read_marks(&p, &m);
        const size_t n_read = m.n;
        starter = join_marks(&m, starter);
        const uint32_t both = m.n == 0 && after != NO_CP ? compose(starter, after) : NO_CP;
        if (both != NO_CP) {
            starter = both;
            continue;
        }
        if (starter != NO_CP)
            put(o, starter);
        put_marks(&m, n_read, o);
        if (after == NO_CP)
            break;
        starter = after;
    }
    finish(o);
}

/* Writes a cluster in form C if there is no more to do than to put its marks in order: a
 * letter of Arabic and a few marks with which none composes. False: there is. */
static bool order_marks(mk_str text, size_t from, size_t to, mk_patches *patches)
{
    enum { LEN = 2 /* bytes of each */, MOST = 8 /* marks */ };
    unsigned classes[MOST + 1];
    char out[LEN * (MOST + 1)];

    if (to - from > sizeof(out))
        return false;
    for (size_t at = from, n = 0; at < to; n++) {
        const size_t sign = at;
        const uint32_t cp = mk_take(text, &at);
        const unsigned class = class_of(cp);
        size_t i = n;
        if (!in_arabic_block(cp) || (class == 0) != (n == 0) || (cp >= 0x0653 && cp <= 0x0655))
            return false;
        for (; i > 0 && classes[i - 1] > class; i--) {
            classes[i] = classes[i - 1];
            memcpy(out + LEN * i, out + LEN * (i - 1), LEN);
        }
        classes[i] = class;
        memcpy(out + LEN * i, text.ptr + sign, LEN);
    }
    if (memcmp(out, text.ptr + from, to - from) != 0)
        mk_patch(patches, from, to - from, (mk_str){out, to - from}, 0);
    return true;
}

static void do_cluster(bool compat, mk_str text, size_t from, size_t to, mk_patches *patches)
{
    output o = {.text = text, .at = from, .end = to};

    if (!compat && order_marks(text, from, to, patches))
        return;
    write_cluster(compat, text, from, to, &o);
    if (!o.differs)
        return;
    o = (output){.text = text, .at = from, .end = to, .patches = patches};
    write_cluster(compat, text, from, to, &o);
}

/* What a look at one code point tells. */
typedef struct look {
    bool begins;  /* a cluster */
    bool suspect; /* it may change, or the cluster because of it */
    unsigned class;
} look;

static look look_at(bool compat, uint32_t cp)
{
    uint32_t cps[MAX_PARTS];

    if (cp < (compat ? 0xA0 : 0x300))
        return (look){.begins = true};
    if (in_arabic_block(cp) && !(compat && is_high_hamza(cp))) {
        const unsigned class = class_of(cp);
        return (look){
            .begins = class == 0, .suspect = cp >= 0x0653 && cp <= 0x0655, .class = class};
    }
    const unsigned class = class_of(cp), n = decompose(compat, cp, cps);
    return (look){.begins = class_of(cps[0]) == 0 && !is_second(cps[0]),
                  .suspect = n > 1 || cps[0] != cp || class != 0 || is_second(cp),
                  .class = class};
}

static void normalise(bool compat, mk_str text, mk_patches *patches)
{
    size_t at = 0, cluster = 0;
    unsigned class = 0;
    bool suspect = false;

    while (at < text.len) {
        const size_t from = at;
        const look l = look_at(compat, mk_take(text, &at));
        if (l.begins) {
            if (suspect)
                do_cluster(compat, text, cluster, from, patches);
            cluster = from;
            suspect = false;
        }
        suspect |= l.suspect || (l.class != 0 && l.class < class);
        class = l.class;
    }
    if (suspect)
        do_cluster(compat, text, cluster, text.len, patches);
}

void mk_pass_nfc(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    normalise(false, text, patches);
}

void mk_pass_nfkc(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    normalise(true, text, patches);
}

/* Full case folding, letter by letter. */
void mk_pass_casefold(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        utf8proc_int32_t folded[4];
        char bytes[16];
        size_t len = 0;
        int last = 0;
        if (cp < 0x80) {
            if (cp >= 'A' && cp <= 'Z')
                mk_patch_cp(patches, from, at, cp | 0x20);
            continue;
        }
        if (cp >= 0x0590 && cp < 0x10A0)
            continue; /* scripts without case */
        const utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, folded, 4,
                                                           UTF8PROC_CASEFOLD, &last);
        if (n < 1 || n > 4 || (n == 1 && (uint32_t)folded[0] == cp))
            continue;
        for (utf8proc_ssize_t i = 0; i < n; i++)
            len += mk_utf8_put(bytes + len, (uint32_t)folded[i]);
        mk_patch(patches, from, at - from, (mk_str){bytes, len}, 0);
    }
}

/* Code points that decompose, but are what NFC makes of their parts: the many
 * of which every line of some language has one. */
static bool is_composed(uint32_t cp)
{
    return cp < 0x300 || (cp >= 0x0400 && cp <= 0x0482) || (cp >= 0x1E00 && cp <= 0x1EFF) ||
           (cp >= 0x2010 && cp <= 0x20CF) || (cp >= 0x3041 && cp <= 0x3098) ||
           (cp >= 0x309B && cp <= 0x9FFF) || (cp >= 0xAC00 && cp <= 0xD7A3) ||
           (cp >= 0x1F000 && cp <= 0x1FAFF);
}

bool mk_nfc_may_change(uint32_t cp)
{
    return !is_composed(cp) && look_at(false, cp).suspect;
}
