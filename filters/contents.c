/* contents: removes a table of contents: lines whose words stand again further
 * down, alone, as a heading: three of them or more if they begin with a number,
 * four or more if not, in the same order, with text under the headings.
 * Entries between two known ones go too, whatever became of their heading, and
 * so do the numbered ones that follow. The headings are guarded. A refrain is no
 * table of contents: its lines stand side by side the second time too. Where a line says
 * that contents follow, numbered or bulleted entries go without their headings: four or
 * more, of three words in the mean, as ingredients and what is in a box have not.
 * Cases: fixtures/filters/contents.cases */
#include <stdlib.h>
#include <string.h>

#include "minkhal/filter.h"

enum { ENTRY };

static const mk_rule rules[] = {
    [ENTRY] = {"entry", "controls", "a line whose words head a part further down"},
    {0},
};

enum {
    MIN_ENTRIES = 3,   /* numbered */
    MIN_PLAIN = 4,     /* not numbered */
    INLINE_WORDS = 12, /* of an entry, where all stand on one line */
    MIN_LETTERS = 3,
    MAX_LETTERS = 90,  /* letters of a heading */
    MAX_WORDS = 16,    /* words of an entry */
    MAX_NUMBER = 999,  /* of an entry */
    MAX_ENTRIES = 512, /* side by side: what is longer is looked at in parts */
    LONG_RUN = 64,     /* entries that are not looked at again from each of them */
    SENTENCE_WORDS = 8,
    MAX_LEVELS = 6,  /* of numbers, one inside the other */
    LABEL_WORDS = 5, /* words of the line over them */
    WORD_BYTES = 16, /* between «المحتويات» and the entries: a button */
    ENTRY_WORDS = 3  /* of entries without headings, in the mean */
};

static bool is_numbered(const mk_line *line)
{
    return line->folded.len > 2 && line->folded.ptr[0] == '0' && line->folded.ptr[1] == ' ';
}

/* The folded words after the numbers that the line may begin with. */
static mk_str words_of(const mk_line *line)
{
    mk_str s = line->folded;
    while (s.len >= 2 && s.ptr[0] == '0' && s.ptr[1] == ' ')
        s = mk_str_sub(s, 2, s.len);
    return s;
}

/* A line and a hash of its folded form, to be sorted by the hash. */
typedef struct key {
    uint64_t hash;
    size_t line;
} key;

static int by_hash(const void *a, const void *b)
{
    const key *x = a, *y = b;
    return x->hash != y->hash ? (x->hash > y->hash ? 1 : -1)
                              : (x->line > y->line) - (x->line < y->line);
}

/* The nearest line below `line` with that hash; SIZE_MAX if there is none. */
static size_t find_below(const key *keys, size_t n, uint64_t hash, size_t line)
{
    size_t low = 0, high = n;
    const key wanted = {hash, line + 1};
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (by_hash(&keys[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && keys[low].hash == hash ? keys[low].line : SIZE_MAX;
}

/* True if the line may be an entry of a table of contents, known or not. */
static bool may_be_entry(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_letters >= MIN_LETTERS && f->n_letters <= MAX_LETTERS && f->end != MK_END_STOP &&
           line->label != MK_LABEL_PROSE;
}

/* Where the words of line i stand again below line `from` as a heading; SIZE_MAX
 * if they do not. */
static size_t heading_of(mk_edit *edit, const key *keys, size_t n, size_t i, size_t from)
{
    const mk_line *line = mk_edit_line(edit, i);
    if (!may_be_entry(line))
        return SIZE_MAX;
    return find_below(keys, n, mk_hash64(words_of(line)), from);
}

/* True if what follows line i is longer by half: a text under its heading. */
static bool heads_text(mk_edit *edit, size_t i)
{
    const uint32_t n = mk_edit_line(edit, i)->features.n_letters;
    const size_t next = mk_edit_next(edit, i);
    return next != SIZE_MAX && mk_edit_line(edit, next)->features.n_letters * 2 >= n * 3;
}

/* Entries side by side, from one line on. */
typedef struct run {
    size_t last;     /* the last line of them */
    unsigned count;  /* those whose words stand again */
    unsigned apart;  /* of those, the ones whose heading does not follow the last */
    unsigned texts;  /* of those, the ones whose heading heads longer text */
    unsigned others; /* entries up to `last` whose words do not */
} run;

static run measure(mk_edit *edit, const key *keys, size_t n, size_t i)
{
    const bool numbered = is_numbered(mk_edit_line(edit, i));
    run r = {.last = i};
    size_t heading = SIZE_MAX, first = SIZE_MAX;
    unsigned missed = 0; /* entries since r.last */
    for (unsigned k = 0;
         k < MAX_ENTRIES && i < first && is_numbered(mk_edit_line(edit, i)) == numbered;
         k++, i = mk_edit_next(edit, i)) {
        const size_t from = heading == SIZE_MAX || numbered ? i : heading;
        const size_t below = heading_of(edit, keys, n, i, from);
        if (below == SIZE_MAX) {
            if (!may_be_entry(mk_edit_line(edit, i)) || (!numbered && ++missed > 1))
                break;
            continue;
        }
        r.apart += heading == SIZE_MAX || mk_edit_next(edit, heading) != below;
        r.texts += heads_text(edit, below);
        r.others += missed;
        missed = 0;
        r.last = i;
        r.count++;
        heading = below;
        first = first == SIZE_MAX ? below : first;
    }
    return r;
}

static bool is_contents(const run *r, bool numbered)
{
    if (numbered)
        return r->count >= MIN_ENTRIES && r->apart * 2 >= r->count;
    return r->count >= MIN_PLAIN && r->apart * 2 >= r->count && r->texts * 3 >= r->count &&
           r->others * 3 <= r->count;
}

/* The last of the numbered entries that follow line i side by side. */
static size_t last_numbered(mk_edit *edit, size_t i)
{
    for (size_t next = mk_edit_next(edit, i); next != SIZE_MAX; next = mk_edit_next(edit, i)) {
        const mk_line *line = mk_edit_line(edit, next);
        if (!is_numbered(line) || !may_be_entry(line))
            break;
        i = next;
    }
    return i;
}

/* Drops the line over the entries if it is a few words and announces them. */
static void drop_label(mk_edit *edit, size_t i, mk_str evidence)
{
    const size_t before = mk_edit_prev(edit, i);
    if (before == SIZE_MAX)
        return;
    const mk_line *line = mk_edit_line(edit, before);
    if (line->features.n_words <= LABEL_WORDS && line->label != MK_LABEL_TITLE &&
        (line->features.end == MK_END_COLON || line->features.end == MK_END_DOTS))
        mk_edit_drop(edit, before, ENTRY, evidence);
}

/* Drops the entries from line i on, if there are enough. Returns the last line. */
static size_t drop_run(mk_edit *edit, const key *keys, size_t n, size_t i)
{
    const bool numbered = is_numbered(mk_edit_line(edit, i));
    const run r = measure(edit, keys, n, i);
    if (!is_contents(&r, numbered)) /* half of a long run need not be asked again */
        return r.count > LONG_RUN ? i + (r.last - i) / 2 : i;
    const size_t last = numbered ? last_numbered(edit, r.last) : r.last;
    const mk_str evidence = mk_edit_format(edit, "%u lines head parts below", r.count);
    drop_label(edit, i, evidence);
    for (; i != SIZE_MAX && i <= last; i = mk_edit_next(edit, i)) {
        const size_t heading = heading_of(edit, keys, n, i, last);
        if (heading != SIZE_MAX) {
            mk_edit_label(edit, heading, MK_LABEL_HEADING);
            mk_edit_guard(edit, heading, "a heading that the contents name");
        }
        mk_edit_drop(edit, i, ENTRY, evidence);
    }
    return last;
}

/* True if so many lines may have a heading further down that it is worth sorting: lines
 * whose words may stand twice, by some bits of their hashes. */
static bool may_have_entries(mk_edit *edit, const key *keys, size_t n)
{
    enum { N_BITS = 4096 };
    uint8_t once[N_BITS / 8] = {0}, twice[N_BITS / 8] = {0};
    unsigned count = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t at = keys[i].hash / 8 % (N_BITS / 8);
        const uint8_t bit = (uint8_t)(1u << keys[i].hash % 8);
        twice[at] |= once[at] & bit;
        once[at] |= bit;
    }
    for (size_t i = 0; i < n && count < MIN_ENTRIES; i++) {
        const mk_line *line = mk_edit_line(edit, keys[i].line);
        const bool numbered = is_numbered(line);
        const uint64_t hash = numbered ? mk_hash64(words_of(line)) : keys[i].hash;
        count += (numbered ? once : twice)[hash / 8 % (N_BITS / 8)] >> hash % 8 & 1;
    }
    return count >= MIN_ENTRIES;
}

/* True if what stands below line i begins like an entry: with a bullet or a number. */
static bool begins_entry(const mk_features *f)
{
    return f->bullet || f->n_digits > 0;
}

/* True if line, which evidence accuses, says that contents follow. */
static bool is_announcement(const mk_line *line)
{
    return line->marks && line->features.n_words <= LABEL_WORDS &&
           (mk_str_has(line->seen, MK_STR("محتو")) || mk_str_has(line->seen, MK_STR("فهرس"))) &&
           line->label != MK_LABEL_TITLE;
}

/* The number that the line begins with; -1 if it begins with something else. */
static int first_number(const mk_line *line)
{
    const mk_str s = mk_str_trim(line->seen);
    int n = -1;
    for (size_t at = 0; at < s.len && n < MAX_NUMBER;) {
        const int digit = mk_digit_value(mk_utf8_next(s, &at));
        if (digit < 0)
            break;
        n = (n < 0 ? 0 : n * 10) + digit;
    }
    return n;
}

/* True if a stop ends the few numbered words of line. */
static bool is_short_sentence(const mk_line *line)
{
    return is_numbered(line) && line->features.end == MK_END_STOP &&
           line->features.n_words <= SENTENCE_WORDS && line->label != MK_LABEL_PROSE;
}

/* The numbers that entries have reached, the outermost first. */
typedef struct levels {
    int number[MAX_LEVELS];
    unsigned depth; /* of the entry before */
} levels;

/* True if an entry with that number can come next: the same again or one more, here or
 * further out, or the first of a level of its own. */
static bool step_to(levels *l, int number)
{
    for (unsigned k = l->depth + 1; k-- > 0;)
        if (number == l->number[k] + 1 || (k == l->depth && number == l->number[k])) {
            l->number[k] = number;
            l->depth = k;
            return true;
        }
    if (number != 1 || l->depth + 1 >= MAX_LEVELS)
        return false;
    l->number[++l->depth] = 1;
    return true;
}

/* "1 First heading 2 Second heading 3 Third": the numbers of entries on one line, each one more
 * than the last; 0 if there are others, or too many words between two. */
static unsigned count_inline(mk_str s)
{
    unsigned n = 0, words = 0;
    for (size_t at = 0; at < s.len;) {
        const char *const space = memchr(s.ptr + at, ' ', s.len - at);
        const size_t end = space ? (size_t)(space - s.ptr) : s.len;
        size_t k = at;
        unsigned number = 0;
        int digit = 0;
        while (k < end && digit >= 0 && number < MAX_NUMBER) {
            digit = mk_digit_value(mk_utf8_next(s, &k));
            number = digit >= 0 ? number * 10 + (unsigned)digit : number;
        }
        if (end > at && digit >= 0 && number == n + 1) {
            n++;
            words = 0;
        } else if (n == 0 || ++words > INLINE_WORDS) {
            return 0;
        }
        at = end + 1;
    }
    return words > 0 ? n : 0;
}

/* Drops the entries on the line under line i, and that line, which announces them. */
static bool drop_inline(mk_edit *edit, size_t i)
{
    const size_t next = mk_edit_next(edit, i);
    const unsigned n = next != SIZE_MAX ? count_inline(mk_edit_line(edit, next)->trimmed) : 0;
    if (n < MIN_PLAIN)
        return false;
    const mk_str evidence = mk_edit_format(edit, "%u entries on one line", n);
    for (const size_t lines[] = {i, next}, *line = lines; line < lines + 2; line++) {
        mk_edit_accuse(edit, *line, ENTRY, MK_STRONG, evidence);
        mk_edit_drop(edit, *line, ENTRY, evidence);
    }
    return true;
}

/* Drops the entries under line i, which announces them, and that line. Returns the line behind
 * them, whether they go or stay. */
static size_t drop_announced(mk_edit *edit, size_t i)
{
    unsigned n = 0, words = 0, digits = 0;
    levels reached = {0};
    size_t end = mk_edit_next(edit, i);
    for (; end != SIZE_MAX; end = mk_edit_next(edit, end)) {
        const mk_line *line = mk_edit_line(edit, end);
        const int own = first_number(line);
        if ((!may_be_entry(line) && !is_short_sentence(line)) ||
            line->features.n_words > MAX_WORDS ||
            (own < 0 ? !line->features.bullet : !step_to(&reached, own)))
            break;
        n++;
        words += line->features.n_words - (own >= 0);
        digits += line->features.n_digits > 0 && own < 0;
    }
    if (n < MIN_PLAIN || words < ENTRY_WORDS * n || digits * 3 > n)
        return end;
    const mk_str evidence = mk_edit_format(edit, "%u entries under a heading of contents", n);
    for (; i != end; i = mk_edit_next(edit, i)) {
        /* a mark, so that the rails do not take them for lines that go by place alone */
        mk_edit_accuse(edit, i, ENTRY, MK_STRONG, evidence);
        mk_edit_drop(edit, i, ENTRY, evidence);
    }
    return end;
}

/* Drops the entries whose words stand again further down. */
static mk_err drop_known(mk_edit *edit)
{
    key *keys = mk_edit_scratch(edit, (mk_edit_doc(edit)->n_lines + 1) * sizeof(*keys));
    if (!keys)
        return MK_NOMEM;
    size_t n = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (mk_edit_line(edit, i)->features.n_letters <= MAX_LETTERS) /* no entry has more */
            keys[n++] = (key){mk_hash64(mk_edit_line(edit, i)->folded), i};
    if (!may_have_entries(edit, keys, n))
        return MK_OK;
    qsort(keys, n, sizeof(*keys), by_hash);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (heading_of(edit, keys, n, i, i) != SIZE_MAX)
            i = drop_run(edit, keys, n, i);
    return MK_OK;
}

/* Drops the entries under each line that announces some; that may be gone by now. */
static void drop_all_announced(mk_edit *edit)
{
    const mk_doc *doc = mk_edit_doc(edit);
    for (size_t i = 0, next = mk_edit_next(edit, SIZE_MAX); next != SIZE_MAX;) {
        size_t announced = SIZE_MAX; /* the last before `next`, from i on */
        const bool entry = begins_entry(&mk_edit_line(edit, next)->features);
        for (; i < next; i++)
            if (entry && doc->lines[i].marks && is_announcement(&doc->lines[i]))
                announced = i;
        const bool below = announced != SIZE_MAX && !drop_inline(edit, announced);
        const size_t end = below ? drop_announced(edit, announced) : next;
        next = end > next ? end : mk_edit_next(edit, next);
    }
}

/* What stands behind «المحتويات» and a word at most, from the number 1 on; empty if the line does
 * not begin so. */
static mk_str behind_heading(mk_str s)
{
    static const char *const heads[] = {"المحتويات ", "محتويات ", "جدول المحتويات "};
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
        const size_t n = strlen(heads[i]);
        if (s.len <= n || memcmp(s.ptr, heads[i], n) != 0)
            continue;
        const char *const one = memmem(s.ptr + n - 1, s.len - n + 1, " 1 ", 3);
        const size_t at = one ? (size_t)(one - s.ptr) + 1 : s.len;
        return at <= n + WORD_BYTES ? mk_str_sub(s, at, s.len) : (mk_str){0};
    }
    return (mk_str){0};
}

/* Drops lines that are the heading and the entries. */
static void drop_headed(mk_edit *edit)
{
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_DIGITS); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_DIGITS)) {
        const unsigned n = count_inline(behind_heading(mk_edit_line(edit, i)->trimmed));
        if (n < MIN_PLAIN)
            continue;
        const mk_str evidence = mk_edit_format(edit, "%u entries behind their heading", n);
        mk_edit_accuse(edit, i, ENTRY, MK_STRONG, evidence);
        mk_edit_drop(edit, i, ENTRY, evidence);
    }
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_err err = drop_known(edit);
    if (!err) {
        drop_all_announced(edit);
        drop_headed(edit);
    }
    return err;
}

const mk_filter mk_filter_contents = {
    .abi = MK_FILTER_ABI,
    .name = "contents",
    .summary = "remove a table of contents whose headings stand below",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
