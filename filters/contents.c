/* contents: removes a table of contents: lines that begin with a number and whose
 * words stand again further down, alone, as a heading. Three of them or more.
 * Entries between two known ones go too, whatever became of their heading.
 * Cases: fixtures/filters/contents.cases */
#include <stdlib.h>

#include "minkhal/filter.h"

enum { ENTRY };

static const mk_rule rules[] = {
    [ENTRY] = {"entry", "controls", "a numbered line whose words head a part further down"},
    {0},
};

enum { MIN_ENTRIES = 3, MIN_LETTERS = 3, MAX_LETTERS = 120 };

/* The folded words after the numbers that the line begins with; empty if it does
 * not begin with one. */
static mk_str words_of(const mk_line *line)
{
    mk_str s = line->folded;
    while (s.len >= 2 && s.ptr[0] == '0' && s.ptr[1] == ' ')
        s = mk_str_sub(s, 2, s.len);
    return s.len < line->folded.len ? s : (mk_str){"", 0};
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

/* True if a line below `line` has that hash. */
static bool stands_below(const key *keys, size_t n, uint64_t hash, size_t line)
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
    return low < n && keys[low].hash == hash;
}

static bool is_entry(mk_edit *edit, const key *keys, size_t n, size_t i)
{
    const mk_line *line = mk_edit_line(edit, i);
    const mk_str words = words_of(line);
    return line->features.n_letters >= MIN_LETTERS && line->features.n_letters <= MAX_LETTERS &&
           words.len > 0 && stands_below(keys, n, mk_hash64(words), i);
}

/* Drops the entries from line i on, if there are enough. Returns the last line. */
static size_t drop_run(mk_edit *edit, const key *keys, size_t n, size_t i)
{
    const size_t first = i;
    size_t last = i;
    unsigned count = 1;
    while ((i = mk_edit_next(edit, i)) != SIZE_MAX && words_of(mk_edit_line(edit, i)).len > 0) {
        if (is_entry(edit, keys, n, i)) {
            count++;
            last = i;
        }
    }
    if (count < MIN_ENTRIES)
        return last;
    const mk_str evidence = mk_edit_format(edit, "%u numbered lines head parts below", count);
    for (i = first; i != SIZE_MAX && i <= last; i = mk_edit_next(edit, i))
        mk_edit_drop(edit, i, ENTRY, evidence);
    return last;
}

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    const mk_doc *doc = mk_edit_doc(edit);
    key *keys = mk_edit_scratch(edit, (doc->n_lines + 1) * sizeof(*keys));
    if (!keys)
        return MK_NOMEM;
    size_t n = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        keys[n++] = (key){mk_hash64(mk_edit_line(edit, i)->folded), i};
    qsort(keys, n, sizeof(*keys), by_hash);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i))
        if (is_entry(edit, keys, n, i))
            i = drop_run(edit, keys, n, i);
    return MK_OK;
}

const mk_filter mk_filter_contents = {
    .abi = MK_FILTER_ABI,
    .name = "contents",
    .summary = "remove a table of contents whose headings stand below",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
