/* verse: finds the lines of poems and songs, which look like furniture. They are guarded: they
 * go only on strong evidence that is not alone.
 *
 * - six lines or more of like length, three words or more, few of them accused, that share a
 *   rhyme or are short; a fifth of them speak: have vowel signs, or a word that sections of
 *   a site do without («لا», «يا», «أنا»). Two words are enough where half of them do. Rules
 *   and numbers may part stanzas
 * - under the credits of a song («غناء:», «كلمات:»), two or more, any four lines side by side
 * Refuses lines under the heading of a list: those are headlines, however much they look like
 * verse. Labels are changed only where no prose was found. Cases: fixtures/filters/verse.cases */
#include <stdlib.h>

#include "minkhal/filter.h"

enum {
    MIN_VERSE = 6, /* lines */
    MAX_WORDS = 14,
    MIN_CREDITS = 2,    /* of a song */
    MIN_SUNG = 4,       /* lines */
    HALF = 50,          /* percent of a line that weak evidence covers, to count in verse */
    RHYME_PERCENT = 40, /* of the lines end in the same letter */
    LIKE_PERCENT = 70,  /* of the lines are of like length */
    SHORT_VERSE = 32,   /* letters of a line that needs no rhyme */
    MEAN_WORDS = 3,     /* of a line */
    SPOKEN_PART = 5,    /* one of so many lines speaks */
    FREE_WORDS = 2,     /* of a line of free verse */
    FREE_PART = 2       /* of those lines one of so many speaks */
};

enum { CREDIT };

/* Of its lexicon: no line goes by it. */
static const mk_rule rules[] = {
    [CREDIT] = {"credit", "list", "who wrote and who sings a song, whose lines stay"},
    {0},
};

static void guard(mk_edit *edit, size_t i, const char *shape)
{
    mk_edit_guard(edit, i, shape);
    if (mk_edit_line(edit, i)->label == MK_LABEL_TEXT)
        mk_edit_label(edit, i, MK_LABEL_VERSE);
}

/* True if the line before i heads a list of links. */
static bool is_under_links(mk_edit *edit, size_t i)
{
    const size_t before = mk_edit_prev(edit, i);
    const mk_mark *m = before != SIZE_MAX ? mk_edit_line(edit, before)->marks : NULL;
    while (m && (m->effect != MK_EFFECT_OPENS || m->strength < MK_STRONG))
        m = m->next;
    return m != NULL;
}

/* ---- poems ---- */

static bool may_be_verse(const mk_line *line)
{
    const mk_features *f = &line->features;
    const bool vowels = line->trimmed.len > 2 * line->folded.len; /* one sign is enough */
    return f->n_words + vowels >= 2 && f->n_words <= MAX_WORDS && f->n_arabic > 0 &&
           f->n_digits == 0 && f->end != MK_END_COLON && line->label != MK_LABEL_PROSE &&
           !line->features.bullet && !mk_line_mark(line, MK_STRONG);
}

/* "***", "-2-": between stanzas. */
static bool parts_stanzas(const mk_line *line)
{
    return line->features.n_letters == 0 && line->features.n_digits < 3;
}

static int by_size(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The last letter of the line's folded form that is not a space. */
static uint8_t rhyme_of(const mk_line *line)
{
    return line->folded.len > 0 ? (uint8_t)line->folded.ptr[line->folded.len - 1] : 0;
}

/* True if weak evidence covers a little of the line: a word of a poem may look like it. */
static bool is_hinted(const mk_line *line)
{
    const mk_mark *mark = mk_line_mark(line, MK_WEAK);
    return mark && mark->cover < HALF;
}

/* True if line may be of the box of who posted the poem, which stands over it. */
static bool is_of_box(const mk_line *line)
{
    const mk_mark *mark = mk_line_mark(line, MK_WEAK);
    return mark && mark->effect == MK_EFFECT_WITHIN;
}

/* True if one of so many lines speaks. */
static bool is_spoken(mk_edit *edit, const size_t *run, size_t n, unsigned part)
{
    size_t spoken = 0;
    for (size_t i = 0; i < n && spoken * part < n; i++)
        spoken += mk_line_speaks(mk_edit_line(edit, run[i]));
    return spoken * part >= n;
}

static bool is_verse(mk_edit *edit, const size_t *run, size_t n, uint32_t *sizes)
{
    unsigned rhymes[256] = {0}, best = 0, like = 0;
    size_t words = 0, weak = 0, hinted = 0;
    for (size_t i = 0; i < n; i++) {
        const mk_line *line = mk_edit_line(edit, run[i]);
        sizes[i] = line->features.n_letters;
        words += line->features.n_words;
        hinted += is_hinted(line);
        weak += line->marks && !is_hinted(line);
        const unsigned count = ++rhymes[rhyme_of(line)];
        best = count > best ? count : best;
    }
    qsort(sizes, n, sizeof(*sizes), by_size);
    const double median = sizes[n / 2];
    for (size_t i = 0; i < n; i++)
        like += sizes[i] >= .5 * median && sizes[i] <= 1.6 * median;
    return like * 100 >= n * LIKE_PERCENT && words >= FREE_WORDS * n && weak * 10 <= n &&
           hinted * MIN_VERSE <= n && (best * 100 >= n * RHYME_PERCENT || median <= SHORT_VERSE) &&
           is_spoken(edit, run, n, words >= MEAN_WORDS * n ? SPOKEN_PART : FREE_PART);
}

static mk_err guard_verse(mk_edit *edit)
{
    const size_t n_lines = mk_edit_doc(edit)->n_lines;
    size_t *run = mk_edit_scratch(edit, (n_lines + 1) * sizeof(*run));
    uint32_t *sizes = mk_edit_scratch(edit, (n_lines + 1) * sizeof(*sizes));
    if (!run || !sizes)
        return MK_NOMEM;
    size_t n = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX);; i = mk_edit_next(edit, i)) {
        if (i != SIZE_MAX && may_be_verse(mk_edit_line(edit, i))) {
            run[n++] = i;
            continue;
        }
        if (i != SIZE_MAX && n > 0 && parts_stanzas(mk_edit_line(edit, i)))
            continue;
        size_t from = 0;
        while (from < n && is_of_box(mk_edit_line(edit, run[from])))
            from++;
        if (n >= from + MIN_VERSE && !is_under_links(edit, run[0]) &&
            is_verse(edit, run + from, n - from, sizes))
            for (size_t k = from; k < n; k++)
                guard(edit, run[k], "verse");
        n = 0;
        if (i == SIZE_MAX)
            return MK_OK;
    }
}

/* ---- songs ---- */

/* "Words: Sami", "Music / Sami". */
static bool is_credit(const mk_line *line, const mk_lexicon *lexicon)
{
    if (line->features.n_words > MAX_WORDS ||
        !(line->features.signs & (MK_SIGN_COLON | MK_SIGN_SLASH)))
        return false;
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (line->hits[h].from == 0 && mk_hit_is_of(&line->hits[h], lexicon) &&
            mk_hit_rule(&line->hits[h], lexicon) == CREDIT)
            return true;
    return false;
}

static bool may_be_sung(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_words <= MAX_WORDS && f->n_arabic > 0 && f->n_digits == 0 &&
           f->end != MK_END_COLON && line->label == MK_LABEL_TEXT && !line->marks;
}

/* Under the credits of a song its lines are verse, short and without a rhyme as they may be. */
static void guard_song(mk_edit *edit, const mk_lexicon *lexicon)
{
    size_t first = SIZE_MAX, n = 0;
    unsigned credits = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX);; i = mk_edit_next(edit, i)) {
        const mk_line *line = i != SIZE_MAX ? mk_edit_line(edit, i) : NULL;
        const bool credit = line && is_credit(line, lexicon);
        credits += credit;
        if (line && !credit && credits >= MIN_CREDITS && may_be_sung(line)) {
            first = n++ == 0 ? i : first;
            continue;
        }
        for (size_t k = first; n >= MIN_SUNG && !is_under_links(edit, first) && k != i;
             k = mk_edit_next(edit, k))
            guard(edit, k, "verse of a song");
        n = 0;
        if (!line)
            return;
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    if (mk_edit_holds(edit, lexicon))
        guard_song(edit, lexicon);
    return guard_verse(edit);
}

static const mk_option options[] = {MK_PHRASES_OPTION("verse"), {0}};

const mk_filter mk_filter_verse = {
    .abi = MK_FILTER_ABI,
    .name = "verse",
    .summary = "find poems and songs, which look like furniture",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
