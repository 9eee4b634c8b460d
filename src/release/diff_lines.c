/* diff_lines.c: what changed between two texts, by the digests of their lines, in
 * linear time: a line that the other text has no more is gone or new; lines that only
 * moved are shown as both. Not the shortest script of changes, but one that people
 * read as well. Cases: tests/release/test_diff.c. */
#include "release/diff_lines.h"

#include <stdlib.h>

typedef struct text_line {
    mk_str text;
    uint64_t digest;
} text_line;

static mk_str next_line(mk_str text, size_t *at)
{
    const char *const lf = memchr(text.ptr + *at, '\n', text.len - *at);
    const size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
    const mk_str line = mk_str_trim(mk_str_sub(text, *at, end));
    *at = lf ? end + 1 : text.len;
    return line;
}

/* The lines that are not blank. */
static text_line *lines_of(mk_str text, mk_arena *arena, size_t *ret_n)
{
    size_t n = 1;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    text_line *const lines = mk_arena_alloc(arena, n * sizeof(*lines));
    *ret_n = 0;
    for (size_t at = 0; lines && at < text.len;) {
        const mk_str line = next_line(text, &at);
        if (line.len > 0)
            lines[(*ret_n)++] = (text_line){line, mk_hash64(line)};
    }
    return lines;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint64_t *mk_line_digests(mk_str text, mk_arena *arena, size_t *ret_n)
{
    size_t n = 1;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    uint64_t *const digests = mk_arena_alloc(arena, n * sizeof(*digests));
    *ret_n = 0;
    for (size_t at = 0; digests && at < text.len;) {
        const mk_str line = next_line(text, &at);
        if (line.len > 0)
            digests[(*ret_n)++] = mk_hash64(line);
    }
    if (digests && *ret_n > 1)
        qsort(digests, *ret_n, sizeof(*digests), by_value);
    return digests;
}

uint64_t mk_digests_missing(const uint64_t *a, size_t n_a, const uint64_t *b, size_t n_b)
{
    uint64_t missing = 0;
    for (size_t i = 0, k = 0; i < n_a; i++) {
        while (k < n_b && b[k] < a[i])
            k++;
        if (k < n_b && b[k] == a[i])
            k++;
        else
            missing++;
    }
    return missing;
}

/* ---- for people ---- */

typedef struct script {
    mk_diff_line *lines; /* n of them */
    size_t n;
} script;

/* Lines of a text that are still to come, as sorted digests with what is left of
 * each. */
typedef struct bag {
    uint64_t *digests;
    uint32_t *left; /* beside the first of equal digests */
    size_t n;
} bag;

static bool fill_bag(const text_line *lines, size_t n, mk_arena *arena, bag *ret)
{
    ret->digests = mk_arena_alloc(arena, (n + 1) * sizeof(*ret->digests));
    ret->left = mk_arena_alloc(arena, (n + 1) * sizeof(*ret->left));
    ret->n = 0;
    if (!ret->digests || !ret->left)
        return false;
    for (size_t i = 0; i < n; i++)
        ret->digests[i] = lines[i].digest;
    if (n > 1)
        qsort(ret->digests, n, sizeof(*ret->digests), by_value);
    for (size_t i = 0; i < n; i++) {
        if (ret->n == 0 || ret->digests[ret->n - 1] != ret->digests[i])
            ret->digests[ret->n++] = ret->digests[i];
        ret->left[ret->n - 1]++;
    }
    return true;
}

static uint32_t *left_of(const bag *b, uint64_t digest)
{
    uint64_t *const found = bsearch(&digest, b->digests, b->n, sizeof(*b->digests), by_value);
    return found ? &b->left[found - b->digests] : NULL;
}

static bool has(const bag *b, uint64_t digest)
{
    const uint32_t *const left = left_of(b, digest);
    return left && *left > 0;
}

static void use(const bag *b, uint64_t digest)
{
    uint32_t *const left = left_of(b, digest);
    if (left && *left > 0)
        --*left;
}

/* The whole script. */
static bool compare(const text_line *a, size_t n_a, const text_line *b, size_t n_b, mk_arena *arena,
                    script *ret)
{
    bag of_a, of_b;
    size_t i = 0, k = 0;
    ret->lines = mk_arena_alloc(arena, (n_a + n_b + 1) * sizeof(*ret->lines));
    ret->n = 0;
    if (!ret->lines || !fill_bag(a, n_a, arena, &of_a) || !fill_bag(b, n_b, arena, &of_b))
        return false;
    while (i < n_a || k < n_b) {
        char sign = ' ';
        if (i == n_a)
            sign = '+';
        else if (k == n_b || (a[i].digest != b[k].digest && !has(&of_b, a[i].digest)))
            sign = '-';
        else if (a[i].digest != b[k].digest)
            sign = has(&of_a, b[k].digest) ? '-' : '+';
        ret->lines[ret->n++] = (mk_diff_line){sign, sign == '+' ? b[k].text : a[i].text};
        if (sign != '+')
            use(&of_a, a[i++].digest);
        if (sign != '-')
            use(&of_b, b[k++].digest);
    }
    return true;
}

/* True if line i is a change or stands beside one. */
static bool is_near(const script *s, size_t i)
{
    const size_t from = i > MK_DIFF_CONTEXT ? i - MK_DIFF_CONTEXT : 0;
    for (size_t k = from; k < s->n && k <= i + MK_DIFF_CONTEXT; k++)
        if (s->lines[k].sign != ' ')
            return true;
    return false;
}

static bool copy_line(mk_diff_line *line, mk_arena *arena)
{
    mk_str text = line->text;
    if (text.len > MK_DIFF_WIDTH)
        text.len = mk_utf8_valid(mk_str_sub(text, 0, MK_DIFF_WIDTH));
    line->text = mk_arena_str(arena, text);
    return text.len == 0 || line->text.ptr;
}

bool mk_diff_show(mk_str from, mk_str to, mk_arena *arena, const mk_diff_line **ret, size_t *ret_n)
{
    size_t n_a = 0, n_b = 0, n = 0, i = 0;
    script s = {0};
    mk_arena *const work = mk_arena_new();
    /* A line more for a gap before the last, and one for what follows. */
    mk_diff_line *const lines = mk_arena_alloc(arena, (MK_DIFF_LINES + 2) * sizeof(*lines));
    const text_line *const a = work ? lines_of(from, work, &n_a) : NULL;
    const text_line *const b = a ? lines_of(to, work, &n_b) : NULL;
    bool ok = lines && b && compare(a, n_a, b, n_b, work, &s);
    bool gap = false;
    for (; ok && i < s.n && n < MK_DIFF_LINES; i++) {
        if (!is_near(&s, i)) {
            gap = true;
            continue;
        }
        if (gap)
            lines[n++] = (mk_diff_line){'.', {"", 0}};
        gap = false;
        lines[n] = s.lines[i];
        ok = copy_line(&lines[n++], arena);
    }
    if (ok && (gap || i < s.n))
        lines[n++] = (mk_diff_line){'.', {"", 0}};
    *ret = lines;
    *ret_n = n;
    mk_arena_free(work);
    return ok;
}
