/* report_charts.c: what fell from filter to filter, and how long documents were before
 * and after: tables whose last column draws what the others say. */
#include <stdlib.h>

#include "release/report_view.h"

/* ---- filters ---- */

/* What all rules of a filter took, in letters. */
typedef struct step {
    mk_str name;
    const char *what;
    int64_t taken;
} step;

static int64_t letters_of(const mk_report_count *c, mk_str filter)
{
    int64_t sum = 0;
    for (size_t i = 0; i < c->rule_names.n; i++)
        if (mk_str_eq(c->rules[i].filter, filter))
            sum += c->rules[i].letters;
    return sum;
}

static int by_taken(const void *a, const void *b)
{
    const step *const x = a, *const y = b;
    if (x->taken != y->taken)
        return x->taken < y->taken ? 1 : -1;
    return mk_str_cmp(x->name, y->name);
}

static void add_step(const mk_report_count *c, step *steps, size_t *n, const char *name,
                     const char *what)
{
    const int64_t taken = letters_of(c, mk_str_of(name));
    if (taken != 0)
        steps[(*n)++] = (step){mk_str_of(name), what, taken};
}

/* The filters that took or gave letters, in an array to be freed; NULL if out of memory. */
static step *find_steps(const mk_report_count *c, size_t *ret_n)
{
    size_t max = 1; /* what no filter does */
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        max++;
    step *const steps = malloc(max * sizeof(*steps));
    size_t n = 0;
    if (!steps)
        return NULL;
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        add_step(c, steps, &n, (*f)->name, (*f)->summary);
    add_step(c, steps, &n, "dedup", "documents with a text that was written before");
    if (n > 1)
        qsort(steps, n, sizeof(*steps), by_taken);
    *ret_n = n;
    return steps;
}

/* Where the letters went, at a glance: the kept ones, the greatest takers, the rest. */
static void put_shares(mk_report_view *v, const step *steps, size_t n)
{
    enum { SHOWN = 5 };
    const uint64_t all = v->count->letters_in;
    uint64_t at = v->count->letters_out, sizes[SHOWN + 2] = {at};
    const size_t shown = n < SHOWN ? n : SHOWN;
    for (size_t i = 0; i < shown; i++)
        sizes[i + 1] = steps[i].taken > 0 ? (uint64_t)steps[i].taken : 0;
    for (size_t i = 1; i <= shown; i++)
        at += sizes[i];
    sizes[shown + 1] = at < all ? all - at : 0;
    mk_buf_puts(v->out, "<div class=\"figure\">\n<svg class=\"shares\" viewBox=\"0 0 1000 40\" "
                        "preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    at = 0;
    for (size_t i = 0; i < shown + 2; i++) {
        mk_html_part(v->out, at, at + sizes[i], all, (unsigned)i);
        at += sizes[i];
    }
    mk_buf_puts(v->out, "</svg>\n<ul class=\"key\">");
    for (size_t i = 0; i < shown + 2; i++) {
        if (sizes[i] == 0)
            continue;
        mk_buf_printf(v->out, "<li><span class=\"part%zu\"></span>", i);
        mk_html_put(v->out, i == 0           ? MK_STR("kept")
                            : i == shown + 1 ? MK_STR("all others")
                                             : steps[i - 1].name);
        mk_buf_putc(v->out, ' ');
        mk_html_share(v->out, sizes[i], all);
        mk_buf_puts(v->out, "</li>");
    }
    mk_buf_puts(v->out, "</ul>\n</div>\n");
}

/* base is the left end of the bars: what was kept, or less. */
static void put_step(mk_report_view *v, const step *s, uint64_t base, uint64_t *left)
{
    const uint64_t all = v->count->letters_in;
    const uint64_t size = s->taken < 0 ? -(uint64_t)s->taken : (uint64_t)s->taken;
    const uint64_t before = *left, after = s->taken < 0 ? before + size : before - size;
    const uint64_t low = (s->taken < 0 ? before : after) - base;
    *left = after;
    mk_buf_puts(v->out, "<tr><th scope=\"row\">");
    mk_html_put(v->out, s->name);
    mk_buf_puts(v->out, " <span class=\"soft\">");
    mk_html_put(v->out, mk_str_of(s->what));
    mk_buf_puts(v->out, "</span></th>");
    mk_html_cell(v->out, -s->taken);
    mk_html_share_cell(v->out, size, all);
    mk_report_wide_number(v, (int64_t)after);
    mk_buf_puts(v->out, "<td class=\"bar\">");
    mk_html_bar(v->out, low, low + size, all - base, s->taken < 0 ? "more" : "gone");
    mk_buf_puts(v->out, "</td></tr>\n");
}

static void put_end(mk_report_view *v, const char *name, uint64_t letters, uint64_t base)
{
    mk_buf_printf(v->out, "<tr class=\"total\"><th scope=\"row\">%s</th>", name);
    mk_html_cell(v->out, (int64_t)letters);
    mk_html_share_cell(v->out, letters, v->count->letters_in);
    mk_report_wide_number(v, (int64_t)letters);
    mk_buf_puts(v->out, "<td class=\"bar\">");
    mk_html_bar(v->out, 0, letters - base, v->count->letters_in - base, "other");
    mk_buf_puts(v->out, "</td></tr>\n");
}

static void put_fall(mk_report_view *v, const step *steps, size_t n)
{
    static const mk_report_head heads[] = {
        {"Filter", MK_HEAD_TEXT, false},  {"Letters", MK_HEAD_NUMBER, false},
        {"Share", MK_HEAD_NUMBER, false}, {"Left", MK_HEAD_NUMBER, true},
        {"Place", MK_HEAD_TEXT, false},   {NULL, MK_HEAD_TEXT, false}};
    const uint64_t all = v->count->letters_in;
    uint64_t left = all, base = all;
    /* Takers come first, so that the least that is left is before the givers. */
    for (size_t i = 0; i < n && steps[i].taken > 0; i++)
        base -= (uint64_t)steps[i].taken < base ? (uint64_t)steps[i].taken : base;
    mk_report_table(v, "filters", false, NULL, heads);
    put_end(v, "as read", all, base);
    for (size_t i = 0; i < n; i++)
        if (steps[i].taken < 0 || (uint64_t)steps[i].taken <= left - base)
            put_step(v, &steps[i], base, &left);
    put_end(v, "as written", v->count->letters_out < base ? base : v->count->letters_out, base);
    mk_report_table_end(v);
}

void mk_report_put_filters(mk_report_view *v)
{
    size_t n = 0;
    step *const steps = find_steps(v->count, &n);
    if (!steps) {
        v->out->failed = true;
        return;
    }
    mk_buf_puts(v->out, "<h2 id=\"filters\">What each filter took</h2>\n");
    put_shares(v, steps, n);
    mk_buf_puts(v->out, "<p>From the letters that were read to those that were written, the "
                        "greatest step first. A line goes in the name of the filter that accused "
                        "it; letters that were normalised count under the filter that did it. The "
                        "bars show the place of each in what was removed.</p>\n");
    put_fall(v, steps, n);
    free(steps);
}

/* ---- lengths ---- */

static void put_mean(mk_report_view *v, const char *before, uint64_t letters, uint64_t docs,
                     const char *after)
{
    mk_buf_puts(v->out, before);
    mk_html_number(v->out, docs > 0 ? (int64_t)((letters + docs / 2) / docs) : 0);
    mk_buf_puts(v->out, after);
}

static void put_bin(mk_report_view *v, size_t bin, uint64_t most)
{
    const mk_report_count *const c = v->count;
    mk_buf_puts(v->out, "<tr><th scope=\"row\" class=\"n\">");
    mk_html_number(v->out, (int64_t)mk_report_bin_least(bin));
    mk_buf_puts(v->out, "</th>");
    mk_html_cell(v->out, (int64_t)c->lengths_in[bin]);
    mk_html_cell(v->out, (int64_t)c->lengths_out[bin]);
    mk_buf_puts(v->out, "<td class=\"bar\">");
    mk_html_pair(v->out, c->lengths_in[bin], c->lengths_out[bin], most);
    mk_buf_puts(v->out, "</td></tr>\n");
}

void mk_report_put_lengths(mk_report_view *v)
{
    static const mk_report_head heads[] = {{"Letters, from", MK_HEAD_NUMBER, false},
                                           {"Read", MK_HEAD_NUMBER, false},
                                           {"Written", MK_HEAD_NUMBER, false},
                                           {"Documents", MK_HEAD_TEXT, false},
                                           {NULL, MK_HEAD_TEXT, false}};
    const mk_report_count *const c = v->count;
    size_t first = MK_REPORT_BINS, end = 0;
    uint64_t most = 0, read = 0;
    for (size_t i = 0; i < MK_REPORT_BINS; i++) {
        const uint64_t n = c->lengths_in[i] > c->lengths_out[i] ? c->lengths_in[i]
                                                                : c->lengths_out[i];
        most = n > most ? n : most;
        read += c->lengths_in[i];
        if (n > 0) {
            first = first < i ? first : i;
            end = i + 1;
        }
    }
    mk_buf_puts(v->out, "<h2 id=\"lengths\">Lengths before and after</h2>\n");
    if (end == 0) {
        mk_buf_puts(v->out, "<p>There was no document.</p>\n");
        return;
    }
    put_mean(v, "<p>A document that was read has ", c->letters_in, read, " letters, ");
    put_mean(v, "one that was written ", c->letters_out, c->verdicts[MK_WRITTEN],
             ", on the average.</p>\n");
    mk_buf_puts(v->out, "<ul class=\"key\" aria-hidden=\"true\"><li><span class=\"before\"></span>"
                        "as read</li><li><span class=\"part0\"></span>as written</li></ul>\n");
    mk_report_table(v, "lengths", false, NULL, heads);
    for (size_t i = first; i < end; i++)
        put_bin(v, i, most);
    mk_report_table_end(v);
}
