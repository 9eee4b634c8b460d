/* report_page.c: the page, from the most general to the single removal: its frame, what
 * became of the records, and what is for review. Every picture stands beside the figures
 * that it draws. Cases: tests/cli/report_page.py, fixtures/cli/report. */
#include "release/report_page.h"

#include <inttypes.h>
#include <stdlib.h>

#include "release/report_view.h"

const mk_builtin *mk_report_files(void); /* made of report_style.css and report_script.js */

static void put_file(mk_report_view *v, const char *name)
{
    for (const mk_builtin *f = mk_report_files(); f->name; f++)
        if (strcmp(f->name, name) == 0)
            mk_buf_puts(v->out, f->text);
}

static const struct {
    const char *name, *kind, *help;
} verdicts[MK_REPORT_VERDICTS] = {
    [MK_WRITTEN] = {"written", "kept", "cleaned, and in the output"},
    [MK_FILTERED] = {"filtered", "gone", "removed whole by a rule"},
    [MK_DUPLICATE] = {"duplicate", "more", "an earlier document has the same text"},
    [MK_REJECTED] = {"rejected", "gone", "could not be read as a document"},
    [MK_SKIPPED] = {"skipped", "other", "no document, or not asked for"},
};

/* ---- tables and rules ---- */

static void put_column(mk_report_view *v, const mk_report_head *h)
{
    mk_buf_puts(v->out, "<th scope=\"col\"");
    if (h->kind != MK_HEAD_TEXT || h->wide)
        mk_buf_printf(v->out, " class=\"%s%s%s\"", h->kind == MK_HEAD_TEXT ? "" : "n",
                      h->kind != MK_HEAD_TEXT && h->wide ? " " : "", h->wide ? "wide" : "");
    mk_buf_puts(v->out, h->kind == MK_HEAD_SORTED ? " aria-sort=\"descending\">" : ">");
    mk_buf_puts(v->out, h->text);
    mk_buf_puts(v->out, "</th>");
}

void mk_report_table(mk_report_view *v, const char *by, bool sorts, const char *rows,
                     const mk_report_head *heads)
{
    mk_buf_printf(v->out,
                  "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"%s\">\n"
                  "<table%s><thead><tr>",
                  by, sorts ? " class=\"sorts\"" : "");
    for (const mk_report_head *h = heads; h->text; h++)
        put_column(v, h);
    if (rows)
        mk_buf_printf(v->out, "</tr></thead><tbody id=\"%s\">\n", rows);
    else
        mk_buf_puts(v->out, "</tr></thead><tbody>\n");
}

void mk_report_table_end(mk_report_view *v)
{
    mk_buf_puts(v->out, "</tbody></table>\n</div>\n");
}

void mk_report_wide_number(mk_report_view *v, int64_t n)
{
    mk_buf_printf(v->out, "<td class=\"n wide\" data-v=\"%" PRId64 "\">", n);
    mk_html_number(v->out, n);
    mk_buf_puts(v->out, "</td>");
}

const mk_rule *mk_report_known(const mk_report_rule *rule)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        if (mk_str_eq(mk_str_of((*f)->name), rule->filter))
            for (const mk_rule *r = (*f)->rules; r && r->name; r++)
                if (mk_str_eq(mk_str_of(r->name), rule->rule))
                    return r;
    return NULL;
}

const char *mk_report_rule_help(const mk_report_rule *rule)
{
    const mk_rule *const known = mk_report_known(rule);
    if (known)
        return known->help;
    return mk_str_eq(rule->filter, MK_STR("dedup")) ? verdicts[MK_DUPLICATE].help : "";
}

void mk_report_rule_name(mk_report_view *v, const mk_report_rule *rule)
{
    mk_html_put(v->out, rule->filter);
    mk_buf_puts(v->out, ".<wbr>");
    mk_html_put(v->out, rule->rule);
}

/* ---- the top ---- */

static void put_head(mk_report_view *v)
{
    mk_buf_puts(v->out,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<title>");
    mk_html_put(v->out, mk_str_of(v->page->title));
    mk_buf_puts(v->out, "</title>\n<style>\n");
    put_file(v, "report_style");
    mk_buf_puts(
        v->out,
        "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#records\">To the figures</a>\n");
}

static void put_tile(mk_report_view *v, const char *name, uint64_t n, uint64_t of, const char *what)
{
    mk_buf_printf(v->out, "<div><dt>%s</dt><dd>", name);
    mk_html_number(v->out, (int64_t)n);
    mk_buf_puts(v->out, "<small>");
    if (of > 0) {
        mk_html_share(v->out, n, of);
        mk_buf_putc(v->out, ' ');
    }
    mk_buf_printf(v->out, "%s</small></dd></div>\n", what);
}

static void put_tiles(mk_report_view *v)
{
    const mk_report_count *const c = v->count;
    const uint64_t written = c->verdicts[MK_WRITTEN];
    const uint64_t gone = c->letters_in > c->letters_out ? c->letters_in - c->letters_out : 0;
    mk_buf_puts(v->out, "<dl class=\"tiles\">\n");
    put_tile(v, "Records read", c->docs, 0, "each accounted for below");
    put_tile(v, "Documents written", written, c->docs, "of the records");
    put_tile(v, "Letters kept", c->letters_out, c->letters_in, "of the letters read");
    put_tile(v, "Letters removed", gone, c->letters_in, "by named rules");
    put_tile(v, "For review", c->review, c->review > 0 ? written : 0,
             c->review > 0 ? "of the documents: <a href=\"#review\">why</a>"
                           : "no document that a person should look at");
    mk_buf_puts(v->out, "</dl>\n");
}

static void put_header(mk_report_view *v)
{
    mk_buf_puts(v->out, "<header>\n<h1>");
    mk_html_put(v->out, mk_str_of(v->page->title));
    mk_buf_puts(v->out, "</h1>\n<p class=\"lead\">What came in, what became of it, and in whose "
                        "name each line and letter was taken away.</p>\n");
    put_tiles(v);
    mk_buf_puts(v->out, "<nav aria-label=\"Sections\"><ul>"
                        "<li><a href=\"#records\">Records</a></li>");
    if (v->count->review > 0)
        mk_buf_puts(v->out, "<li><a href=\"#review\">For review</a></li>");
    mk_buf_puts(v->out, "<li><a href=\"#filters\">Filters</a></li>"
                        "<li><a href=\"#lengths\">Lengths</a></li>"
                        "<li><a href=\"#rules\">Rules</a></li>"
                        "<li><a href=\"#sites\">Sites</a></li>"
                        "<li><a href=\"#samples\">Samples</a></li></ul></nav>\n"
                        "</header>\n<main>\n");
}

/* ---- records ---- */

static int by_records(const void *a, const void *b)
{
    const mk_report_reason *const x = a, *const y = b;
    if (x->records != y->records)
        return x->records < y->records ? 1 : -1;
    const int order = mk_str_cmp(x->text, y->text);
    return order ? order : (int)x->verdict - (int)y->verdict;
}

static void put_reasons(mk_report_view *v)
{
    static const mk_report_head heads[] = {{"Reason", MK_HEAD_TEXT, false},
                                           {"Verdict", MK_HEAD_TEXT, false},
                                           {"Records", MK_HEAD_SORTED, false},
                                           {NULL, MK_HEAD_TEXT, false}};
    const mk_report_count *const c = v->count;
    const size_t n = c->reason_names.n;
    mk_report_reason *const sorted = n > 0 ? malloc(n * sizeof(*sorted)) : NULL;
    if (n > 0 && !sorted)
        v->out->failed = true;
    if (!sorted)
        return;
    memcpy(sorted, c->reasons, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), by_records);
    mk_buf_puts(v->out, "<h3 id=\"reasons\">Why records were left out</h3>\n");
    mk_report_table(v, "reasons", true, NULL, heads);
    for (size_t i = 0; i < n; i++) {
        mk_buf_puts(v->out, "<tr><th scope=\"row\"><bdi>");
        mk_html_put(v->out, sorted[i].text);
        mk_buf_printf(v->out, "</bdi></th><td>%s</td>", verdicts[sorted[i].verdict].name);
        mk_html_cell(v->out, (int64_t)sorted[i].records);
        mk_buf_puts(v->out, "</tr>\n");
    }
    mk_report_table_end(v);
    for (size_t i = 0; i < n; i++)
        if (mk_str_eq(sorted[i].text, MK_STR(MK_LEDGER_TAKEN_DOWN))) {
            mk_buf_puts(v->out, "<p>What was taken down is counted here, and nowhere below: its "
                                "texts have left this release.</p>\n");
            break;
        }
    free(sorted);
}

static void put_records(mk_report_view *v)
{
    static const mk_report_head heads[] = {{"Verdict", MK_HEAD_TEXT, false},
                                           {"Records", MK_HEAD_NUMBER, false},
                                           {"Share", MK_HEAD_NUMBER, false},
                                           {"Place", MK_HEAD_TEXT, false},
                                           {NULL, MK_HEAD_TEXT, false}};
    const mk_report_count *const c = v->count;
    uint64_t at = 0;
    mk_buf_puts(v->out, "<h2 id=\"records\">Records</h2>\n<p>Every record ends as exactly one of "
                        "these. Together they are all that was read.</p>\n");
    mk_report_table(v, "records", false, NULL, heads);
    for (size_t i = 0; i < MK_REPORT_VERDICTS; i++) {
        mk_buf_printf(v->out, "<tr><th scope=\"row\">%s <span class=\"soft\">%s</span></th>",
                      verdicts[i].name, verdicts[i].help);
        mk_html_cell(v->out, (int64_t)c->verdicts[i]);
        mk_html_share_cell(v->out, c->verdicts[i], c->docs);
        mk_buf_puts(v->out, "<td class=\"bar\">");
        mk_html_bar(v->out, at, at + c->verdicts[i], c->docs, verdicts[i].kind);
        mk_buf_puts(v->out, "</td></tr>\n");
        at += c->verdicts[i];
    }
    mk_report_table_end(v);
    put_reasons(v);
}

/* ---- for review ---- */

enum { REVIEW_SHOWN = 5 /* documents of a rule */ };

static int by_reviews(const void *a, const void *b)
{
    const mk_report_rule *const x = *(const mk_report_rule *const *)a;
    const mk_report_rule *const y = *(const mk_report_rule *const *)b;
    if (x->reviews != y->reviews)
        return x->reviews < y->reviews ? 1 : -1;
    const int order = mk_str_cmp(x->filter, y->filter);
    return order ? order : mk_str_cmp(x->rule, y->rule);
}

static void put_review_of(mk_report_view *v, const mk_report_rule *rule)
{
    mk_buf_puts(v->out, "<tr><th scope=\"row\">");
    mk_report_rule_name(v, rule);
    mk_buf_puts(v->out, " <span class=\"soft\">");
    mk_html_put(v->out, mk_str_of(mk_report_rule_help(rule)));
    mk_buf_puts(v->out, "</span></th>");
    mk_html_cell(v->out, (int64_t)rule->reviews);
    mk_buf_puts(v->out, "<td><ul class=\"documents\">");
    for (size_t i = 0; i < rule->for_review.n && i < REVIEW_SHOWN; i++) {
        const mk_report_sample *const s = &rule->for_review.items[i];
        mk_buf_puts(v->out, "<li><bdi>");
        mk_html_put(v->out, s->id);
        mk_buf_puts(v->out, "</bdi> <span class=\"soft\"><bdi>");
        mk_html_put(v->out, s->evidence);
        mk_buf_puts(v->out, "</bdi></span></li>");
    }
    mk_buf_puts(v->out, "</ul></td></tr>\n");
}

/* Left out if there is nothing to say. v's rules are sorted anew by its caller. */
static void put_review(mk_report_view *v)
{
    static const mk_report_head heads[] = {{"Rule", MK_HEAD_TEXT, false},
                                           {"Documents", MK_HEAD_SORTED, false},
                                           {"Some of them", MK_HEAD_TEXT, false},
                                           {NULL, MK_HEAD_TEXT, false}};
    if (v->count->review == 0)
        return;
    qsort(v->rules, v->n_rules, sizeof(*v->rules), by_reviews);
    mk_buf_puts(v->out, "<h2 id=\"review\">For review</h2>\n<p>Documents that were written, and "
                        "that a person should look at; some for more reasons than one. The ledger "
                        "names all of them.</p>\n");
    mk_report_table(v, "review", false, NULL, heads);
    for (size_t i = 0; i < v->n_rules && v->rules[i]->reviews > 0; i++)
        put_review_of(v, v->rules[i]);
    mk_report_table_end(v);
}

static void put_footer(mk_report_view *v)
{
    mk_buf_printf(v->out, "</main>\n<footer>\n<p>Made by minkhal %s", mk_version());
    if (v->page->command) {
        mk_buf_puts(v->out, ": <code>");
        mk_html_put(v->out, mk_str_of(v->page->command));
        mk_buf_puts(v->out, "</code>");
    }
    mk_buf_puts(v->out,
                ". The page needs no network; its samples are parts of the texts that were read, "
                "and their rights are those of the texts.</p>\n</footer>\n<script>\n");
    put_file(v, "report_script");
    mk_buf_puts(v->out, "</script>\n</body>\n</html>\n");
}

/* ---- the whole ---- */

static int by_letters(const void *a, const void *b)
{
    const mk_report_rule *const x = *(const mk_report_rule *const *)a;
    const mk_report_rule *const y = *(const mk_report_rule *const *)b;
    if (x->letters != y->letters)
        return x->letters < y->letters ? 1 : -1;
    const int order = mk_str_cmp(x->filter, y->filter);
    return order ? order : mk_str_cmp(x->rule, y->rule);
}

bool mk_report_page_put(const mk_report_count *count, const mk_report_page *page, mk_buf *out)
{
    mk_report_view v = {.count = count, .page = page, .out = out, .n_rules = count->rule_names.n};
    v.rules = malloc((v.n_rules + 1) * sizeof(*v.rules));
    if (!v.rules)
        return false;
    for (size_t i = 0; i < v.n_rules; i++)
        v.rules[i] = &count->rules[i];
    put_head(&v);
    put_header(&v);
    put_records(&v);
    put_review(&v);
    qsort(v.rules, v.n_rules, sizeof(*v.rules), by_letters);
    mk_report_put_filters(&v);
    mk_report_put_lengths(&v);
    mk_report_put_rules(&v);
    mk_report_put_sites(&v);
    mk_report_put_samples(&v);
    put_footer(&v);
    free(v.rules);
    return !out->failed;
}
