/* report_tables.c: rules, sites, and for each rule what it removed, in its place. */
#include <stdlib.h>

#include "release/report_view.h"

/* ---- rules ---- */

static void put_rule(mk_report_view *v, size_t i)
{
    const mk_report_rule *const rule = v->rules[i];
    const mk_rule *const known = mk_report_known(rule);
    const bool samples = rule->samples.n > 0;
    mk_buf_puts(v->out, "<tr><th scope=\"row\">");
    if (samples)
        mk_buf_printf(v->out, "<a href=\"#rule-%zu\">", i);
    mk_report_rule_name(v, rule);
    mk_buf_puts(v->out, samples ? "</a></th><td class=\"wide\">" : "</th><td class=\"wide\">");
    mk_html_put(v->out, mk_str_of(known ? known->category : "duplicate"));
    mk_buf_puts(v->out, "</td>");
    mk_html_cell(v->out, (int64_t)rule->docs);
    mk_report_wide_number(v, (int64_t)rule->lines);
    mk_report_wide_number(v, (int64_t)rule->changes);
    mk_html_cell(v->out, rule->letters);
    mk_html_share_cell(v->out, rule->letters > 0 ? (uint64_t)rule->letters : 0,
                       v->count->letters_in);
    mk_buf_puts(v->out, "</tr>\n");
}

void mk_report_put_rules(mk_report_view *v)
{
    static const mk_report_head heads[] = {
        {"Rule", MK_HEAD_TEXT, false},        {"Category", MK_HEAD_TEXT, true},
        {"Documents", MK_HEAD_NUMBER, false}, {"Lines", MK_HEAD_NUMBER, true},
        {"Changes", MK_HEAD_NUMBER, true},    {"Letters", MK_HEAD_SORTED, false},
        {"Share", MK_HEAD_NUMBER, false},     {NULL, MK_HEAD_TEXT, false}};
    mk_buf_puts(v->out, "<h2 id=\"rules\">What each rule took</h2>\n<p>Lines are those that went "
                        "whole, changes all else. A rule links to samples of what it did.</p>\n"
                        "<p class=\"only\" hidden><label>Only rules with <input type=\"search\" "
                        "data-of=\"#rule-rows tr\"></label> <output></output></p>\n");
    mk_report_table(v, "rules", true, "rule-rows", heads);
    for (size_t i = 0; i < v->n_rules; i++)
        if (v->rules[i]->docs > 0)
            put_rule(v, i);
    mk_report_table_end(v);
}

/* ---- sites ---- */

static int by_letters_in(const void *a, const void *b)
{
    const mk_report_site *const x = a, *const y = b;
    if (x->letters_in != y->letters_in)
        return x->letters_in < y->letters_in ? 1 : -1;
    return mk_str_cmp(x->name, y->name);
}

static void put_site(mk_report_view *v, const mk_report_site *site)
{
    const uint64_t gone = site->letters_in > site->letters_out
                              ? site->letters_in - site->letters_out
                              : 0;
    mk_buf_puts(v->out, "<tr><th scope=\"row\"><bdi>");
    mk_html_put(v->out, site->name.len > 0 ? site->name : MK_STR("(none)"));
    mk_buf_puts(v->out, "</bdi></th>");
    mk_html_cell(v->out, (int64_t)site->docs);
    mk_html_cell(v->out, (int64_t)site->letters_in);
    mk_report_wide_number(v, (int64_t)site->letters_out);
    mk_html_share_cell(v->out, gone, site->letters_in);
    mk_buf_puts(v->out, "<td class=\"bar wide\">");
    mk_html_bar(v->out, 0, gone, site->letters_in, "gone");
    mk_buf_puts(v->out, "</td></tr>\n");
}

static void put_about_sites(mk_report_view *v, size_t shown)
{
    const size_t n = v->count->site_names.n;
    mk_buf_puts(v->out, "<h2 id=\"sites\">Sites</h2>\n<p>Documents that were written, by the host "
                        "of their address, or by the folder that they came in.");
    if (shown < n || v->count->n_sites_left > 0) {
        mk_buf_puts(v->out, " Shown are the ");
        mk_html_number(v->out, (int64_t)shown);
        mk_buf_puts(v->out, " largest of ");
        mk_html_number(v->out, (int64_t)n);
        mk_buf_puts(v->out,
                    v->count->n_sites_left > 0 ? " sites; more were not counted." : " sites.");
    }
    mk_buf_puts(v->out, "</p>\n");
}

void mk_report_put_sites(mk_report_view *v)
{
    static const mk_report_head heads[] = {{"Site", MK_HEAD_TEXT, false},
                                           {"Documents", MK_HEAD_NUMBER, false},
                                           {"Letters read", MK_HEAD_SORTED, false},
                                           {"Written", MK_HEAD_NUMBER, true},
                                           {"Removed", MK_HEAD_NUMBER, false},
                                           {"", MK_HEAD_TEXT, true},
                                           {NULL, MK_HEAD_TEXT, false}};
    const mk_report_count *const c = v->count;
    const size_t n = c->site_names.n, shown = n < v->page->max_sites ? n : v->page->max_sites;
    mk_report_site *const sorted = n > 0 ? malloc(n * sizeof(*sorted)) : NULL;
    if (n > 0 && !sorted)
        v->out->failed = true;
    put_about_sites(v, shown);
    if (!sorted)
        return;
    memcpy(sorted, c->sites, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), by_letters_in);
    mk_buf_puts(v->out, "<p class=\"only\" hidden><label>Only sites with <input type=\"search\" "
                        "data-of=\"#site-rows tr\"></label> <output></output></p>\n");
    mk_report_table(v, "sites", true, "site-rows", heads);
    for (size_t i = 0; i < shown; i++)
        put_site(v, &sorted[i]);
    mk_report_table_end(v);
    free(sorted);
}

/* ---- samples ---- */

static void put_piece(mk_report_view *v, const mk_report_piece *piece)
{
    const bool sample = piece->part == MK_REPORT_SAMPLE, now = piece->part == MK_REPORT_NOW;
    if (piece->text.len == 0)
        return;
    mk_buf_puts(v->out, sample ? "<del>" : now ? "<ins>" : "");
    mk_html_put(v->out, piece->text);
    mk_buf_puts(v->out, sample ? "</del>" : now ? "</ins>" : "");
}

/* The pieces of a line, from number i on; returns the number behind its end. */
static size_t put_line(mk_report_view *v, const mk_report_sample *s, size_t i)
{
    const mk_report_piece *const first = &s->pieces[i];
    bool ltr = false, told = false;
    if (first->part == MK_REPORT_GAP) {
        mk_buf_puts(v->out, "<p class=\"gap\" dir=\"ltr\" lang=\"en\">");
        mk_html_put(v->out, first->text);
        mk_buf_puts(v->out, mk_str_eq(first->text, MK_STR("1")) ? " more line was removed</p>\n"
                                                                : " more lines were removed</p>\n");
        return i + 1;
    }
    for (size_t k = i; k < s->n_pieces && s->pieces[k].part != MK_REPORT_BREAK && !told; k++)
        told = mk_html_direction(s->pieces[k].text, &ltr);
    mk_buf_puts(v->out, first->part == MK_REPORT_GONE ? "<p class=\"gone\"" : "<p");
    mk_buf_puts(v->out, ltr ? " dir=\"ltr\">" : ">");
    for (; i < s->n_pieces && s->pieces[i].part != MK_REPORT_BREAK; i++)
        put_piece(v, &s->pieces[i]);
    mk_buf_puts(v->out, "</p>\n");
    return i + 1;
}

static void put_sample(mk_report_view *v, const mk_report_sample *s)
{
    mk_buf_puts(v->out, "<figure>\n<blockquote dir=\"rtl\" lang=\"ar\">\n");
    for (size_t i = 0; i < s->n_pieces;)
        i = put_line(v, s, i);
    mk_buf_puts(v->out, "</blockquote>\n<figcaption>in <bdi>");
    mk_html_put(v->out, s->id);
    mk_buf_puts(v->out, "</bdi>");
    if (s->evidence.len > 0) {
        mk_buf_puts(v->out, ", because: <bdi>");
        mk_html_put(v->out, s->evidence);
        mk_buf_puts(v->out, "</bdi>");
    }
    mk_buf_puts(v->out, "</figcaption>\n</figure>\n");
}

static void put_samples_of(mk_report_view *v, size_t i)
{
    const mk_report_rule *const rule = v->rules[i];
    mk_buf_printf(v->out, "<details id=\"rule-%zu\"><summary><span><strong>", i);
    mk_report_rule_name(v, rule);
    mk_buf_puts(v->out, "</strong> <span class=\"soft\">");
    mk_html_put(v->out, mk_str_of(mk_report_rule_help(rule)));
    mk_buf_puts(v->out, "</span></span> <span class=\"soft count\">");
    mk_html_number(v->out, (int64_t)(rule->lines + rule->changes));
    mk_buf_puts(v->out, " in ");
    mk_html_number(v->out, (int64_t)rule->docs);
    mk_buf_puts(v->out, rule->docs == 1 ? " document" : " documents");
    mk_buf_puts(v->out, "</span></summary>\n");
    for (size_t k = 0; k < rule->samples.n; k++)
        put_sample(v, &rule->samples.items[k]);
    mk_buf_puts(v->out, "</details>\n");
}

void mk_report_put_samples(mk_report_view *v)
{
    mk_buf_puts(v->out,
                "<h2 id=\"samples\">Samples of what was removed and changed</h2>\n"
                "<p>Drawn by chance, one of a document, the same for the same seed. "
                "<del>Struck</del> is what the rule took, <ins>marked</ins> what it put there. "
                "<span class=\"gone\">Grey with a minus</span> is what other rules took. All else "
                "was kept.</p>\n"
                "<p class=\"only\" hidden><label>Only rules and samples with <input "
                "type=\"search\" data-of=\"#samples-of-rules > details\"></label> "
                "<output></output> <button type=\"button\" class=\"all\">Open all</button></p>\n"
                "<div id=\"samples-of-rules\">\n");
    for (size_t i = 0; i < v->n_rules; i++)
        if (v->rules[i]->samples.n > 0)
            put_samples_of(v, i);
    mk_buf_puts(v->out, "</div>\n");
}
