/* score.c: see score.h; what the figures mean is in docs/QUALITY.md. Cases:
 * tests/measure/test_score.c. */
#include "measure/score.h"

#include "base/intern.h"
#include "measure/align.h"
#include "measure/tokens.h"

/* ---- words and lines as numbers ---- */

/* A line of the page or of the output; `line` is its number, the same for equal
 * ones, MK_INTERN_NONE for one without words. */
typedef struct row {
    uint32_t line;
    uint32_t *words; /* n of them */
    size_t n;
    uint64_t size;  /* characters of its words */
    mk_truth truth; /* of the page: of the whole line */
    bool *content;  /* of a partial line: which words must stay; else NULL */
} row;

typedef struct scorer {
    mk_arena *arena;
    mk_intern words, lines;
    mk_buf scratch, folded;
    row *page, *output;
    size_t n_page, n_output;
    const char *failure; /* for people; NULL: out of memory */
} scorer;

static uint64_t count_cp(mk_str s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}

static size_t count_words(mk_str folded)
{
    size_t n = folded.len > 0;
    for (size_t i = 0; i < folded.len; i++)
        n += folded.ptr[i] == ' ';
    return n;
}

static uint64_t size_of(const scorer *s, uint32_t word)
{
    return count_cp(s->words.items[word]);
}

static bool read_row(scorer *s, mk_str text, row *ret)
{
    *ret = (row){.line = MK_INTERN_NONE};
    mk_buf_reset(&s->folded);
    if (!mk_tokens_put(text, &s->scratch, &s->folded))
        return false;
    const mk_str folded = mk_buf_str(&s->folded);
    if (folded.len == 0)
        return true;
    ret->line = mk_intern_put(&s->lines, folded);
    ret->words = mk_arena_alloc(s->arena, count_words(folded) * sizeof(*ret->words));
    if (ret->line == MK_INTERN_NONE || !ret->words)
        return false;
    for (size_t at = 0; at < folded.len;) {
        const char *space = memchr(folded.ptr + at, ' ', folded.len - at);
        const size_t end = space ? (size_t)(space - folded.ptr) : folded.len;
        const mk_str word = mk_str_sub(folded, at, end);
        const uint32_t number = mk_intern_put(&s->words, word);
        if (number == MK_INTERN_NONE)
            return false;
        ret->words[ret->n++] = number;
        ret->size += count_cp(word);
        at = end + 1;
    }
    return true;
}

static bool align(scorer *s, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
                  bool *in_a)
{
    const mk_err err = mk_align(a, n_a, b, n_b, (uint32_t)s->words.n, s->arena, in_a);
    if (err == MK_LIMIT)
        s->failure = "too much of it differs from what is left";
    return err == MK_OK;
}

static bool read_partial(scorer *s, const mk_labelled_line *line, row *r)
{
    row keep;
    if (!read_row(s, line->keep, &keep))
        return false;
    r->content = mk_arena_alloc(s->arena, r->n * sizeof(*r->content));
    return r->content && align(s, r->words, r->n, keep.words, keep.n, r->content);
}

static bool read_page(scorer *s, const mk_labelled *page)
{
    s->page = mk_arena_alloc(s->arena, page->n * sizeof(*s->page));
    if (!s->page)
        return false;
    for (size_t i = 0; i < page->n; i++) {
        row *r = &s->page[i];
        if (!read_row(s, page->lines[i].text, r))
            return false;
        r->truth = page->lines[i].truth;
        if (page->lines[i].partial && r->n > 0 && !read_partial(s, &page->lines[i], r))
            return false;
    }
    s->n_page = page->n;
    return true;
}

static bool read_output(scorer *s, mk_str output)
{
    size_t n = 1;
    for (size_t i = 0; i < output.len; i++)
        n += output.ptr[i] == '\n';
    s->output = mk_arena_alloc(s->arena, n * sizeof(*s->output));
    if (!s->output)
        return false;
    for (size_t at = 0; at < output.len; s->n_output++) {
        const char *lf = memchr(output.ptr + at, '\n', output.len - at);
        const size_t end = lf ? (size_t)(lf - output.ptr) : output.len;
        if (!read_row(s, mk_str_sub(output, at, end), &s->output[s->n_output]))
            return false;
        at = end + 1;
    }
    return true;
}

/* ---- equal lines ---- */

/* Rows of the page that are equal, in the order in which they are taken: what
 * must stay before what may before what must go. */
typedef struct group {
    row **rows; /* the next at [0], n left */
    size_t n;
} group;

static int rank_of(const row *r)
{
    /* A line of which a part must stay is as good as content, unless it turns out
     * to be junk whole. */
    if (!r->content)
        return (int)r->truth;
    for (size_t i = 0; i < r->n; i++)
        if (r->content[i])
            return MK_TRUTH_KEEP;
    return MK_TRUTH_DROP;
}

static group *make_groups(const scorer *s)
{
    group *groups = mk_arena_alloc(s->arena, (s->lines.n + 1) * sizeof(*groups));
    row **rows = mk_arena_alloc(s->arena, (s->n_page + 1) * sizeof(*rows));
    if (!groups || !rows)
        return NULL;
    for (size_t i = 0; i < s->n_page; i++)
        if (s->page[i].n > 0)
            groups[s->page[i].line].n++;
    for (size_t k = 0; k < s->lines.n; k++) {
        groups[k].rows = rows;
        rows += groups[k].n;
        groups[k].n = 0;
    }
    for (int rank = MK_TRUTH_KEEP; rank <= MK_TRUTH_DROP; rank++)
        for (size_t i = 0; i < s->n_page; i++) {
            group *g = s->page[i].n > 0 ? &groups[s->page[i].line] : NULL;
            if (g && rank_of(&s->page[i]) == rank)
                g->rows[g->n++] = &s->page[i];
        }
    return groups;
}

static row *take(group *g)
{
    g->n--;
    return *g->rows++;
}

/* ---- counting ---- */

static void count_word(const scorer *s, const row *r, size_t i, bool kept, mk_line_score *to)
{
    const uint64_t size = size_of(s, r->words[i]), kept_size = kept ? size : 0;
    const bool content = r->content ? r->content[i] : r->truth == MK_TRUTH_KEEP;
    if (content) {
        to->content += size;
        to->content_kept += kept_size;
    } else if (r->truth == MK_TRUTH_EITHER) {
        to->either += size;
        to->either_kept += kept_size;
    } else {
        to->junk += size;
        to->junk_kept += kept_size;
    }
}

static void count_row(const scorer *s, const row *r, const bool *kept, mk_line_score *lines)
{
    for (size_t i = 0; i < r->n; i++)
        count_word(s, r, i, !kept || kept[i], &lines[r - s->page]);
}

/* ---- what is left ---- */

/* Words of rows that found no equal, as one sequence. */
typedef struct rest {
    uint32_t *words;
    size_t n;
} rest;

static bool gather(const scorer *s, row *const *rows, size_t n_rows, rest *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < n_rows; i++)
        n += rows[i]->n;
    *ret = (rest){mk_arena_alloc(s->arena, (n + 1) * sizeof(*ret->words)), 0};
    if (!ret->words)
        return false;
    for (size_t i = 0; i < n_rows; i++)
        for (size_t k = 0; k < rows[i]->n; k++)
            ret->words[ret->n++] = rows[i]->words[k];
    return true;
}

/* Rows of the page that are left. Of equal ones the places in the page stay, and
 * the rows take them in their order. */
static row **list_left(const scorer *s, group *groups, size_t *ret_n)
{
    row **left = mk_arena_alloc(s->arena, (s->n_page + 1) * sizeof(*left));
    *ret_n = 0;
    for (size_t i = 0; left && i < s->n_page; i++)
        if (s->page[i].n > 0 && groups[s->page[i].line].n > 0)
            left[(*ret_n)++] = take(&groups[s->page[i].line]);
    return left;
}

static bool score_rest(scorer *s, group *groups, row *const *output, size_t n_output,
                       mk_line_score *lines, uint64_t *ret_novel)
{
    size_t n_left;
    rest a, b;
    row **left = list_left(s, groups, &n_left);
    if (!left || !gather(s, left, n_left, &a) || !gather(s, output, n_output, &b))
        return false;
    bool *kept = mk_arena_alloc(s->arena, (a.n + 1) * sizeof(*kept));
    if (!kept || (a.n > 0 && b.n > 0 && !align(s, a.words, a.n, b.words, b.n, kept)))
        return false;
    uint64_t novel = 0;
    for (size_t i = 0; i < b.n; i++)
        novel += size_of(s, b.words[i]);
    for (size_t i = 0; i < a.n; i++)
        novel -= kept[i] ? size_of(s, a.words[i]) : 0;
    for (size_t i = 0, at = 0; i < n_left; at += left[i++]->n)
        count_row(s, left[i], kept + at, lines);
    *ret_novel = novel;
    return true;
}

/* ---- a page ---- */

static bool score(scorer *s, const mk_labelled *page, mk_str output, mk_line_score *lines,
                  uint64_t *ret_novel)
{
    if (!read_page(s, page) || !read_output(s, output))
        return false;
    group *groups = make_groups(s);
    row **left = mk_arena_alloc(s->arena, (s->n_output + 1) * sizeof(*left));
    size_t n_left = 0;
    if (!groups || !left)
        return false;
    for (size_t i = 0; i < s->n_output; i++) {
        row *r = &s->output[i];
        if (r->n == 0)
            continue;
        if (groups[r->line].n > 0)
            count_row(s, take(&groups[r->line]), NULL, lines);
        else
            left[n_left++] = r;
    }
    return score_rest(s, groups, left, n_left, lines, ret_novel);
}

mk_err mk_score_page(const mk_labelled *page, mk_str output, mk_arena *arena,
                     mk_line_score *ret_lines, mk_score *ret, mk_error *reterr)
{
    scorer s = {.arena = arena,
                .words = {.arena = arena},
                .lines = {.arena = arena},
                .scratch = {.max = MK_BUF_MAX},
                .folded = {.max = MK_BUF_MAX}};
    mk_score sum = {.n_pages = 1};
    const bool ok = score(&s, page, output, ret_lines, &sum.novel);
    mk_buf_clear(&s.scratch);
    mk_buf_clear(&s.folded);
    if (!ok && s.failure)
        return mk_fail(reterr, MK_LIMIT, "cannot score the page: %s", s.failure);
    if (!ok)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a score");
    for (size_t i = 0; i < page->n; i++) {
        sum.content += ret_lines[i].content;
        sum.content_kept += ret_lines[i].content_kept;
        sum.junk += ret_lines[i].junk;
        sum.junk_kept += ret_lines[i].junk_kept;
        sum.either += ret_lines[i].either;
        sum.either_kept += ret_lines[i].either_kept;
    }
    const double content = mk_score_figure(&sum, MK_FIGURE_CONTENT);
    sum.n_perfect = content >= 0.995 && sum.junk_kept == 0;
    sum.n_harmed = content < 0.8;
    *ret = sum;
    return MK_OK;
}

void mk_score_add(mk_score *to, const mk_score *from)
{
    to->n_pages += from->n_pages;
    to->n_perfect += from->n_perfect;
    to->n_harmed += from->n_harmed;
    to->content += from->content;
    to->content_kept += from->content_kept;
    to->junk += from->junk;
    to->junk_kept += from->junk_kept;
    to->either += from->either;
    to->either_kept += from->either_kept;
    to->novel += from->novel;
}

/* ---- figures ---- */

const char *mk_figure_name(mk_figure figure)
{
    static const char *const names[] = {[MK_FIGURE_CONTENT] = "content", [MK_FIGURE_JUNK] = "junk",
                                        [MK_FIGURE_PURITY] = "purity",   [MK_FIGURE_F1] = "f1",
                                        [MK_FIGURE_PERFECT] = "perfect", [MK_FIGURE_HARM] = "harm",
                                        [MK_FIGURE_COST] = "cost"};
    return figure < MK_FIGURE_COUNT ? names[figure] : "?";
}

static double ratio(uint64_t part, uint64_t whole, double of_nothing)
{
    return whole > 0 ? (double)part / (double)whole : of_nothing;
}

uint64_t mk_score_loss(const mk_score *score)
{
    return 5 * (score->content - score->content_kept) + score->junk_kept;
}

static double content_of(const mk_score *s)
{
    return ratio(s->content_kept, s->content, 1);
}

static double purity_of(const mk_score *s)
{
    return ratio(s->content_kept, s->content_kept + s->junk_kept + s->novel, 1);
}

static double mean_of(double a, double b)
{
    return a + b > 0 ? 2 * a * b / (a + b) : 0;
}

double mk_score_figure(const mk_score *s, mk_figure figure)
{
    switch (figure) {
    case MK_FIGURE_CONTENT:
        return content_of(s);
    case MK_FIGURE_JUNK:
        return 1 - ratio(s->junk_kept, s->junk, 0);
    case MK_FIGURE_PURITY:
        return purity_of(s);
    case MK_FIGURE_F1:
        return mean_of(content_of(s), purity_of(s));
    case MK_FIGURE_PERFECT:
        return ratio(s->n_perfect, s->n_pages, 0);
    case MK_FIGURE_HARM:
        return ratio(s->n_harmed, s->n_pages, 0);
    case MK_FIGURE_COST:
        return 1000 * (double)mk_score_loss(s) / (double)(s->content > 0 ? s->content : 1);
    case MK_FIGURE_COUNT:
        break;
    }
    return 0;
}
