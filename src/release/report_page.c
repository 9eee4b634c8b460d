/* report_page.c: the sections of the page, from the most general to the single
 * removal. Every picture stands beside the figures that it draws. */
#include "release/report_page.h"

#include <inttypes.h>
#include <stdlib.h>

#include "minkhal/minkhal.h"
#include "release/html_put.h"

const mk_builtin *mk_report_files(void); /* made of report_style.css and report_script.js */

typedef struct writer {
    const mk_report_count *count;
    const mk_report_page *page;
    mk_buf *out;
    const mk_report_rule **rules; /* those with samples or figures, most letters first */
    size_t n_rules;
} writer;

static void puts_to(writer *w, const char *text)
{
    mk_buf_puts(w->out, text);
}

static void put_file(writer *w, const char *name)
{
    for (const mk_builtin *f = mk_report_files(); f->name; f++)
        if (strcmp(f->name, name) == 0)
            puts_to(w, f->text);
}

/* ---- the top ---- */

static void put_head(writer *w)
{
    puts_to(w, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<title>");
    mk_html_put(w->out, mk_str_of(w->page->title));
    puts_to(w, "</title>\n<style>\n");
    put_file(w, "report_style");
    puts_to(w,
            "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#records\">To the figures</a>\n");
}

static void put_tile(writer *w, const char *name, uint64_t n, uint64_t of, const char *what)
{
    mk_buf_printf(w->out, "<div><dt>%s</dt><dd>", name);
    mk_html_number(w->out, (int64_t)n);
    puts_to(w, "<small>");
    if (of > 0) {
        mk_html_share(w->out, n, of);
        mk_buf_putc(w->out, ' ');
    }
    mk_buf_printf(w->out, "%s</small></dd></div>\n", what);
}

static void put_header(writer *w)
{
    const mk_report_count *c = w->count;
    const uint64_t written = c->verdicts[MK_WRITTEN];
    const uint64_t gone = c->letters_in > c->letters_out ? c->letters_in - c->letters_out : 0;
    puts_to(w, "<header>\n<h1>");
    mk_html_put(w->out, mk_str_of(w->page->title));
    puts_to(w, "</h1>\n<p class=\"lead\">What came in, what became of it, and in whose name "
               "each line and letter was taken away.</p>\n<dl class=\"tiles\">\n");
    put_tile(w, "Records read", c->docs, 0, "each accounted for below");
    put_tile(w, "Documents written", written, c->docs, "of the records");
    put_tile(w, "Letters kept", c->letters_out, c->letters_in, "of the letters read");
    put_tile(w, "Letters removed", gone, c->letters_in, "by named rules");
    put_tile(w, "For review", c->review, written, "of the documents: a rail held a rule back");
    puts_to(w, "</dl>\n<nav aria-label=\"Sections\"><ul>"
               "<li><a href=\"#records\">Records</a></li>"
               "<li><a href=\"#filters\">Filters</a></li>"
               "<li><a href=\"#lengths\">Lengths</a></li>"
               "<li><a href=\"#rules\">Rules</a></li>"
               "<li><a href=\"#sites\">Sites</a></li>"
               "<li><a href=\"#samples\">Samples</a></li></ul></nav>\n</header>\n<main>\n");
}

/* ---- records ---- */

static const struct {
    const char *name, *kind, *help;
} verdicts[MK_REPORT_VERDICTS] = {
    [MK_WRITTEN] = {"written", "kept", "cleaned, and in the output"},
    [MK_FILTERED] = {"filtered", "gone", "removed whole by a rule"},
    [MK_DUPLICATE] = {"duplicate", "more", "an earlier document has the same text"},
    [MK_REJECTED] = {"rejected", "gone", "could not be read as a document"},
    [MK_SKIPPED] = {"skipped", "other", "no document, or not asked for"},
};

static int by_records(const void *a, const void *b)
{
    const mk_report_reason *const x = a, *const y = b;
    if (x->records != y->records)
        return x->records < y->records ? 1 : -1;
    return mk_str_cmp(x->text, y->text);
}

static void put_reasons(writer *w)
{
    const mk_report_count *c = w->count;
    const size_t n = c->reason_names.n;
    mk_report_reason *const sorted = n > 0 ? malloc(n * sizeof(*sorted)) : NULL;
    if (n > 0 && !sorted)
        w->out->failed = true;
    if (!sorted)
        return;
    memcpy(sorted, c->reasons, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), by_records);
    puts_to(w, "<h3 id=\"reasons\">Why records are no documents</h3>\n<div class=\"scroll\" "
               "tabindex=\"0\" role=\"region\" aria-labelledby=\"reasons\">"
               "<table class=\"sorts\"><thead><tr><th "
               "scope=\"col\">Reason</th><th scope=\"col\">Verdict</th><th scope=\"col\" "
               "class=\"n\">Records</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < n; i++) {
        puts_to(w, "<tr><th scope=\"row\"><bdi>");
        mk_html_put(w->out, sorted[i].text);
        mk_buf_printf(w->out, "</bdi></th><td>%s</td>", verdicts[sorted[i].verdict].name);
        mk_html_cell(w->out, (int64_t)sorted[i].records);
        puts_to(w, "</tr>\n");
    }
    puts_to(w, "</tbody></table></div>\n");
    free(sorted);
}

static void put_records(writer *w)
{
    const mk_report_count *c = w->count;
    uint64_t at = 0;
    puts_to(w, "<h2 id=\"records\">Records</h2>\n<p>Every record ends as exactly one of these. "
               "Together they are all that was read.</p>\n"
               "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"records\">"
               "<table><thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\" "
               "class=\"n\">Records</th><th scope=\"col\" class=\"n\">Share</th>"
               "<th scope=\"col\">Place in the whole</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < MK_REPORT_VERDICTS; i++) {
        mk_buf_printf(w->out, "<tr><th scope=\"row\">%s <span class=\"soft\">%s</span></th>",
                      verdicts[i].name, verdicts[i].help);
        mk_html_cell(w->out, (int64_t)c->verdicts[i]);
        mk_html_share_cell(w->out, c->verdicts[i], c->docs);
        puts_to(w, "<td class=\"bar\">");
        mk_html_bar(w->out, at, at + c->verdicts[i], c->docs, verdicts[i].kind);
        puts_to(w, "</td></tr>\n");
        at += c->verdicts[i];
    }
    puts_to(w, "</tbody></table></div>\n");
    put_reasons(w);
}

/* ---- filters ---- */

/* What all rules of a filter took, in letters. */
static int64_t letters_of_filter(const mk_report_count *c, mk_str filter)
{
    int64_t sum = 0;
    for (size_t i = 0; i < c->rule_names.n; i++)
        if (mk_str_eq(c->rules[i].filter, filter))
            sum += c->rules[i].letters;
    return sum;
}

static void put_step(writer *w, mk_str name, const char *what, int64_t taken, uint64_t *left)
{
    const uint64_t all = w->count->letters_in;
    const uint64_t size = taken < 0 ? -(uint64_t)taken : (uint64_t)taken;
    const uint64_t before = *left;
    *left = taken < 0 ? before + size : size < before ? before - size : 0;
    puts_to(w, "<tr><th scope=\"row\">");
    mk_html_put(w->out, name);
    puts_to(w, " <span class=\"soft\">");
    mk_html_put(w->out, mk_str_of(what));
    puts_to(w, "</span></th>");
    mk_html_cell(w->out, -taken);
    mk_html_share_cell(w->out, size, all);
    mk_html_cell(w->out, (int64_t)*left);
    puts_to(w, "<td class=\"bar\">");
    mk_html_bar(w->out, taken < 0 ? before : *left, taken < 0 ? *left : before, all,
                taken < 0 ? "more" : "gone");
    puts_to(w, "</td></tr>\n");
}

static void put_end_of_fall(writer *w, const char *name, uint64_t letters)
{
    mk_buf_printf(w->out, "<tr><th scope=\"row\">%s</th><td class=\"n\"></td>", name);
    mk_html_share_cell(w->out, letters, w->count->letters_in);
    mk_html_cell(w->out, (int64_t)letters);
    puts_to(w, "<td class=\"bar\">");
    mk_html_bar(w->out, 0, letters, w->count->letters_in, "kept");
    puts_to(w, "</td></tr>\n");
}

static void put_filters(writer *w)
{
    const mk_report_count *c = w->count;
    uint64_t left = c->letters_in;
    puts_to(w, "<h2 id=\"filters\">What each filter took</h2>\n<p>Letters from the text as read "
               "to the text as written. A line goes in the name of the filter that accused it; "
               "letters that were normalised count under the filter that did it.</p>\n"
               "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"filters\">"
               "<table><thead><tr><th scope=\"col\">Filter</th>"
               "<th scope=\"col\" class=\"n\">Letters</th><th scope=\"col\" class=\"n\">Share"
               "</th><th scope=\"col\" class=\"n\">Left</th><th scope=\"col\">From read to "
               "written</th></tr></thead><tbody>\n");
    put_end_of_fall(w, "as read", left);
    for (const mk_filter *const *f = mk_filters(); *f; f++) {
        const int64_t taken = letters_of_filter(c, mk_str_of((*f)->name));
        if (taken != 0)
            put_step(w, mk_str_of((*f)->name), (*f)->summary, taken, &left);
    }
    const int64_t copies = letters_of_filter(c, MK_STR("dedup"));
    if (copies != 0)
        put_step(w, MK_STR("dedup"), "documents with a text that was written before", copies,
                 &left);
    put_end_of_fall(w, "as written", c->letters_out);
    puts_to(w, "</tbody></table></div>\n");
}

/* ---- lengths ---- */

enum { PLOT_WIDTH = 900, PLOT_HEIGHT = 240, PLOT_FOOT = 40 };

static void put_bin_name(mk_buf *out, uint64_t least)
{
    if (least >= 1000000)
        mk_buf_printf(out, "%" PRIu64 "M", least / 1000000);
    else if (least >= 1000)
        mk_buf_printf(out, "%" PRIu64 "k", least / 1000);
    else
        mk_buf_printf(out, "%" PRIu64, least);
}

static void put_plot(writer *w, size_t first, size_t end)
{
    const mk_report_count *c = w->count;
    const size_t step = PLOT_WIDTH / (end - first);
    uint64_t most = 1;
    for (size_t i = first; i < end; i++) {
        most = c->lengths_in[i] > most ? c->lengths_in[i] : most;
        most = c->lengths_out[i] > most ? c->lengths_out[i] : most;
    }
    mk_buf_printf(w->out,
                  "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Documents by letters, "
                  "before and after; the table below has the figures\">",
                  PLOT_WIDTH, PLOT_HEIGHT + PLOT_FOOT);
    for (size_t i = first; i < end; i++) {
        const size_t x = (i - first) * step;
        const uint64_t tall_in = c->lengths_in[i] * PLOT_HEIGHT / most;
        const uint64_t tall_out = c->lengths_out[i] * PLOT_HEIGHT / most;
        mk_buf_printf(w->out,
                      "<rect class=\"other\" x=\"%zu\" y=\"%" PRIu64 "\" width=\"%zu\" "
                      "height=\"%" PRIu64 "\"/><rect class=\"kept\" x=\"%zu\" y=\"%" PRIu64
                      "\" width=\"%zu\" height=\"%" PRIu64 "\"/>",
                      x + 2, PLOT_HEIGHT - tall_in, step / 2 - 3, tall_in, x + step / 2,
                      PLOT_HEIGHT - tall_out, step / 2 - 3, tall_out);
        mk_buf_printf(w->out, "<text x=\"%zu\" y=\"%d\">", x + 2, PLOT_HEIGHT + 18);
        put_bin_name(w->out, mk_report_bin_least(i));
        puts_to(w, "</text>");
    }
    mk_buf_printf(w->out, "<text x=\"0\" y=\"%d\">letters of a document, from</text></svg>\n",
                  PLOT_HEIGHT + 36);
}

static void put_lengths(writer *w)
{
    const mk_report_count *c = w->count;
    size_t first = MK_REPORT_BINS, end = 0;
    for (size_t i = 0; i < MK_REPORT_BINS; i++)
        if (c->lengths_in[i] > 0 || c->lengths_out[i] > 0) {
            first = first < i ? first : i;
            end = i + 1;
        }
    puts_to(w, "<h2 id=\"lengths\">Lengths before and after</h2>\n");
    if (end == 0) {
        puts_to(w, "<p>There was no document.</p>\n");
        return;
    }
    puts_to(w, "<div class=\"figure\">\n<ul class=\"key\" aria-hidden=\"true\"><li><span "
               "style=\"background:var(--other)\"></span>as read</li><li><span "
               "style=\"background:var(--kept)\"></span>as written</li></ul>\n");
    put_plot(w, first, end);
    puts_to(w, "<details><summary>The figures</summary><div class=\"scroll\" tabindex=\"0\" "
               "role=\"region\" aria-label=\"Lengths\"><table>"
               "<thead><tr><th scope=\"col\" "
               "class=\"n\">Letters, from</th><th scope=\"col\" class=\"n\">Documents read</th>"
               "<th scope=\"col\" class=\"n\">Documents written</th></tr></thead><tbody>\n");
    for (size_t i = first; i < end; i++) {
        puts_to(w, "<tr><th scope=\"row\" class=\"n\">");
        mk_html_number(w->out, (int64_t)mk_report_bin_least(i));
        puts_to(w, "</th>");
        mk_html_cell(w->out, (int64_t)c->lengths_in[i]);
        mk_html_cell(w->out, (int64_t)c->lengths_out[i]);
        puts_to(w, "</tr>\n");
    }
    puts_to(w, "</tbody></table></div></details>\n</div>\n");
}

/* ---- rules ---- */

static const mk_rule *known_rule(mk_str filter, mk_str rule)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        if (mk_str_eq(mk_str_of((*f)->name), filter))
            for (const mk_rule *r = (*f)->rules; r && r->name; r++)
                if (mk_str_eq(mk_str_of(r->name), rule))
                    return r;
    return NULL;
}

static void put_rule_name(writer *w, const mk_report_rule *rule)
{
    mk_html_put(w->out, rule->filter);
    mk_buf_putc(w->out, '.');
    mk_html_put(w->out, rule->rule);
}

static void put_rules(writer *w)
{
    const mk_report_count *c = w->count;
    puts_to(w, "<h2 id=\"rules\">What each rule took</h2>\n<p>Press a head to sort. A rule with "
               "samples links to them.</p>\n<label hidden>Only rules with <input type=\"search\" "
               "data-of=\"#rule-rows tr\"></label>\n<div class=\"scroll\" tabindex=\"0\" "
               "role=\"region\" aria-labelledby=\"rules\">"
               "<table class=\"sorts\"><thead><tr><th scope=\"col\">Rule</th><th scope=\"col\">"
               "Category</th><th scope=\"col\" class=\"n\">Documents</th><th scope=\"col\" "
               "class=\"n\">Lines</th><th scope=\"col\" class=\"n\">Other changes</th><th "
               "scope=\"col\" class=\"n\">Letters</th><th scope=\"col\" class=\"n\">Share</th>"
               "</tr></thead><tbody id=\"rule-rows\">\n");
    for (size_t i = 0; i < w->n_rules; i++) {
        const mk_report_rule *rule = w->rules[i];
        const mk_rule *known = known_rule(rule->filter, rule->rule);
        puts_to(w, "<tr><th scope=\"row\">");
        if (rule->n_samples > 0)
            mk_buf_printf(w->out, "<a href=\"#rule-%zu\">", i);
        put_rule_name(w, rule);
        puts_to(w, rule->n_samples > 0 ? "</a></th><td>" : "</th><td>");
        mk_html_put(w->out, mk_str_of(known ? known->category : ""));
        puts_to(w, "</td>");
        mk_html_cell(w->out, (int64_t)rule->docs);
        mk_html_cell(w->out, (int64_t)rule->lines);
        mk_html_cell(w->out, (int64_t)rule->changes);
        mk_html_cell(w->out, rule->letters);
        mk_html_share_cell(w->out, rule->letters > 0 ? (uint64_t)rule->letters : 0, c->letters_in);
        puts_to(w, "</tr>\n");
    }
    puts_to(w, "</tbody></table></div>\n");
}

/* ---- sites ---- */

static int by_letters_in(const void *a, const void *b)
{
    const mk_report_site *const x = a, *const y = b;
    if (x->letters_in != y->letters_in)
        return x->letters_in < y->letters_in ? 1 : -1;
    return mk_str_cmp(x->name, y->name);
}

static void put_site(writer *w, const mk_report_site *site)
{
    const uint64_t gone = site->letters_in > site->letters_out
                              ? site->letters_in - site->letters_out
                              : 0;
    puts_to(w, "<tr><th scope=\"row\"><bdi>");
    mk_html_put(w->out, site->name.len > 0 ? site->name : MK_STR("(none)"));
    puts_to(w, "</bdi></th>");
    mk_html_cell(w->out, (int64_t)site->docs);
    mk_html_cell(w->out, (int64_t)site->letters_in);
    mk_html_cell(w->out, (int64_t)site->letters_out);
    mk_html_share_cell(w->out, gone, site->letters_in);
    puts_to(w, "</tr>\n");
}

static void put_sites(writer *w)
{
    const mk_report_count *c = w->count;
    const size_t n = c->site_names.n, shown = n < w->page->max_sites ? n : w->page->max_sites;
    mk_report_site *const sorted = n > 0 ? malloc(n * sizeof(*sorted)) : NULL;
    if (n > 0 && !sorted)
        w->out->failed = true;
    puts_to(w, "<h2 id=\"sites\">Sites</h2>\n<p>Documents that were written, by the host of "
               "their address, or by the folder that they came in.");
    if (shown < n || c->n_sites_left > 0) {
        puts_to(w, " Shown are the ");
        mk_html_number(w->out, (int64_t)shown);
        puts_to(w, " largest of ");
        mk_html_number(w->out, (int64_t)n);
        puts_to(w, c->n_sites_left > 0 ? " sites; more were not counted." : " sites.");
    }
    puts_to(w, "</p>\n");
    if (!sorted)
        return;
    memcpy(sorted, c->sites, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), by_letters_in);
    puts_to(w, "<label hidden>Only sites with <input type=\"search\" data-of=\"#site-rows tr\">"
               "</label>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
               "aria-labelledby=\"sites\"><table class=\"sorts\">"
               "<thead><tr><th scope=\"col\">Site</th><th scope=\"col\" class=\"n\">Documents"
               "</th><th scope=\"col\" class=\"n\">Letters read</th><th scope=\"col\" "
               "class=\"n\">Letters written</th><th scope=\"col\" class=\"n\">Removed</th></tr>"
               "</thead><tbody id=\"site-rows\">\n");
    for (size_t i = 0; i < shown; i++)
        put_site(w, &sorted[i]);
    puts_to(w, "</tbody></table></div>\n");
    free(sorted);
}

/* ---- samples ---- */

static void put_piece(writer *w, const mk_report_piece *piece)
{
    const bool sample = piece->part == MK_REPORT_SAMPLE, now = piece->part == MK_REPORT_NOW;
    if (piece->text.len == 0)
        return;
    puts_to(w, sample ? "<del>" : now ? "<ins>" : "");
    mk_html_put(w->out, piece->text);
    puts_to(w, sample ? "</del>" : now ? "</ins>" : "");
}

static void put_sample(writer *w, const mk_report_sample *s)
{
    bool open = false;
    puts_to(w, "<blockquote dir=\"auto\">\n");
    for (size_t i = 0; i < s->n_pieces; i++) {
        const mk_report_piece *piece = &s->pieces[i];
        if (!open)
            puts_to(w, piece->part == MK_REPORT_GONE ? "<p class=\"gone\">" : "<p>");
        open = piece->part != MK_REPORT_BREAK;
        put_piece(w, piece);
        if (!open)
            puts_to(w, "</p>\n");
    }
    puts_to(w, open ? "</p>\n</blockquote>\n" : "</blockquote>\n");
    puts_to(w, "<p class=\"about\"><bdi>");
    mk_html_put(w->out, s->id);
    puts_to(w, "</bdi>");
    if (s->evidence.len > 0) {
        puts_to(w, " \u00b7 because: <bdi>");
        mk_html_put(w->out, s->evidence);
        puts_to(w, "</bdi>");
    }
    puts_to(w, "</p>\n");
}

static void put_samples(writer *w)
{
    puts_to(
        w,
        "<h2 id=\"samples\">Samples of what was removed and changed</h2>\n"
        "<p>Drawn by chance, the same for the same seed. <del>Struck</del> is what the rule "
        "took, <ins>lit</ins> what it put there; grey lines with a minus went by other decisions, all "
        "else was kept.</p>\n<label hidden>Only samples with <input type=\"search\" "
        "data-of=\"#samples-of-rules > details\"></label>\n<div id=\"samples-of-rules\">\n");
    for (size_t i = 0; i < w->n_rules; i++) {
        const mk_report_rule *rule = w->rules[i];
        const mk_rule *known = known_rule(rule->filter, rule->rule);
        if (rule->n_samples == 0)
            continue;
        mk_buf_printf(w->out, "<details id=\"rule-%zu\"><summary><strong>", i);
        put_rule_name(w, rule);
        puts_to(w, "</strong> ");
        mk_html_put(w->out, mk_str_of(known ? known->help : ""));
        puts_to(w, " <span class=\"n\">");
        mk_html_number(w->out, (int64_t)rule->n_samples);
        puts_to(w, " of ");
        mk_html_number(w->out, (int64_t)(rule->lines + rule->changes));
        puts_to(w, "</span></summary>\n<div class=\"rule\">\n");
        for (size_t k = 0; k < rule->n_samples; k++)
            put_sample(w, &rule->samples[k]);
        puts_to(w, "</div></details>\n");
    }
    puts_to(w, "</div>\n");
}

static void put_footer(writer *w)
{
    mk_buf_printf(w->out, "</main>\n<footer>\n<p>Made by minkhal %s", mk_version());
    if (w->page->command) {
        puts_to(w, ": <code>");
        mk_html_put(w->out, mk_str_of(w->page->command));
        puts_to(w, "</code>");
    }
    puts_to(w, ". The page needs no network; its samples are parts of the texts that were read, "
               "and their rights are those of the texts.</p>\n</footer>\n<script>\n");
    put_file(w, "report_script");
    puts_to(w, "</script>\n</body>\n</html>\n");
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
    writer w = {.count = count, .page = page, .out = out, .n_rules = count->rule_names.n};
    if (w.n_rules > 0) {
        w.rules = malloc(w.n_rules * sizeof(*w.rules));
        if (!w.rules)
            return false;
        for (size_t i = 0; i < w.n_rules; i++)
            w.rules[i] = &count->rules[i];
        qsort(w.rules, w.n_rules, sizeof(*w.rules), by_letters);
    }
    put_head(&w);
    put_header(&w);
    put_records(&w);
    put_filters(&w);
    put_lengths(&w);
    put_rules(&w);
    put_sites(&w);
    put_samples(&w);
    put_footer(&w);
    free(w.rules);
    return !out->failed;
}
