/* sweep_text.c: what was measured, for people: tables, and the lines that went
 * wrong on the worst pages. */
#include <inttypes.h>

#include "explain_view.h"
#include "message.h"
#include "print.h"
#include "sweep_view.h"

enum {
    TEXT_AT = 16, /* column of a line's text */
    NAME_MAX = 64 /* bytes of a name in a table */
};

/* ---- cells ---- */

static void add_figure(cli_table *table, mk_figure figure, double x)
{
    char text[32];

    snprintf(text, sizeof(text), figure == MK_FIGURE_COST ? "%.1f" : "%.4f", x);
    cli_table_add(table, text);
}

static void add_score_figure(cli_table *table, const mk_score *s, mk_figure figure)
{
    if (cli_figure_speaks(s, figure))
        add_figure(table, figure, mk_score_figure(s, figure));
    else
        cli_table_add(table, "-");
}

static void add_figures(cli_table *table, const mk_score *s)
{
    for (int i = 0; i < MK_FIGURE_COUNT; i++)
        add_score_figure(table, s, (mk_figure)i);
}

static void add_heads(cli_table *table, const char *first, const char *second)
{
    cli_table_add(table, first);
    cli_table_add(table, second);
    for (int i = 0; i < MK_FIGURE_COUNT; i++)
        cli_table_add(table, mk_figure_name((mk_figure)i));
}

/* Prints the table, or remembers that it could not be, and frees it. */
static void finish(const cli_sweep_view *v, cli_table *table)
{
    if (!cli_table_print(v->f, table, v->color))
        *v->nomem = true;
    cli_table_clear(table);
}

static void put_title(const cli_sweep_view *v, const char *text)
{
    fputc('\n', v->f);
    cli_style_put(v->f, v->color, CLI_BOLD);
    fputs(text, v->f);
    cli_style_put(v->f, v->color, CLI_PLAIN);
    fputc('\n', v->f);
}

static cli_table figures_table(void)
{
    return (cli_table){.n_columns = MK_FIGURE_COUNT + 2, .right = ~1U};
}

/* ---- figures ---- */

static void add_score(cli_table *table, const char *name, const mk_score *s)
{
    if (s->n_pages == 0)
        return;
    cli_table_add(table, name);
    cli_table_number(table, s->n_pages);
    add_figures(table, s);
}

static void add_stratum(cli_table *table, const mk_stratum *s)
{
    char name[NAME_MAX + 32];
    const mk_str value = s->name.len > 0 ? s->name : MK_STR("(none)");
    const size_t cut = value.len > NAME_MAX ? mk_utf8_valid(mk_str_sub(value, 0, NAME_MAX))
                                            : value.len;

    snprintf(name, sizeof(name), "%.*s%s%s", (int)cut, value.ptr, cut < value.len ? "\u2026" : "",
             s->has_content ? "" : ", no content");
    add_score(table, name, &s->score);
}

static void put_figures(const cli_sweep_view *v, const mk_sweep *s)
{
    cli_table table = figures_table();

    add_heads(&table, "", "pages");
    add_score(&table, "all pages", &s->all);
    if (s->without_content.n_pages > 0) {
        add_score(&table, "with content", &s->with_content);
        add_score(&table, "without content", &s->without_content);
    }
    finish(v, &table);
}

static void put_strata(const cli_sweep_view *v, const mk_sweep *s)
{
    const mk_str by = mk_str_of(v->args->by);
    const size_t len = by.len < NAME_MAX ? by.len : NAME_MAX;
    cli_table table = figures_table();
    char title[NAME_MAX + 8];

    if (s->n_strata == 0)
        return;
    snprintf(title, sizeof(title), "by %.*s", (int)mk_utf8_valid((mk_str){by.ptr, len}), by.ptr);
    put_title(v, title);
    add_heads(&table, v->args->by, "pages");
    for (size_t i = 0; i < s->n_strata; i++)
        add_stratum(&table, &s->strata[i]);
    finish(v, &table);
}

static void put_junk(const cli_sweep_view *v, const mk_sweep *s)
{
    cli_table table = {.n_columns = 5, .right = ~1U};
    char share[CLI_NUMBER], name[NAME_MAX + 1];
    size_t n = 0;

    cli_table_add(&table, "category");
    cli_table_add(&table, "characters");
    cli_table_add(&table, "removed");
    cli_table_add(&table, "kept");
    cli_table_add(&table, "share");
    for (size_t i = 0; i < s->n_junk; i++) {
        const mk_junk *j = &s->junk[i];
        const mk_str c = j->category;

        if (j->junk == 0)
            continue;
        n++;
        snprintf(name, sizeof(name), "%.*s",
                 (int)mk_utf8_valid(mk_str_sub(c, 0, c.len < NAME_MAX ? c.len : NAME_MAX)), c.ptr);
        cli_table_add(&table, name);
        cli_table_number(&table, j->junk);
        cli_table_number(&table, j->junk - j->junk_kept);
        cli_table_number(&table, j->junk_kept);
        cli_table_add(&table, cli_percent(share, j->junk - j->junk_kept, j->junk));
    }
    if (n > 0)
        put_title(v, "junk by category");
    if (n > 0)
        finish(v, &table);
    else
        cli_table_clear(&table);
}

/* ---- folds and intervals ---- */

static void put_folds(const cli_sweep_view *v, const mk_sweep *s)
{
    cli_table table = figures_table();
    char name[32];

    if (s->n_folds == 0)
        return;
    put_title(v, "folds that share no site");
    add_heads(&table, "fold", "sites");
    for (size_t i = 0; i < s->n_folds; i++) {
        snprintf(name, sizeof(name), "%u", s->folds[i].number + 1);
        cli_table_add(&table, name);
        cli_table_number(&table, s->folds[i].n_sites);
        add_figures(&table, &s->folds[i].score);
    }
    cli_table_add(&table, "mean");
    cli_table_number(&table, s->n_sites);
    for (int i = 0; i < MK_FIGURE_COUNT; i++)
        add_figure(&table, (mk_figure)i, cli_fold_mean(s, (mk_figure)i));
    cli_table_add(&table, "worst");
    cli_table_add(&table, "");
    for (int i = 0; i < MK_FIGURE_COUNT; i++)
        add_figure(&table, (mk_figure)i, cli_fold_worst(s, (mk_figure)i));
    finish(v, &table);
}

static void put_intervals(const cli_sweep_view *v, const mk_sweep *s)
{
    char n[CLI_NUMBER];

    if (!v->args->intervals)
        return;
    put_title(v, "95 percent of samples of the sites");
    fprintf(v->f, "content  %.4f to %.4f\njunk     %.4f to %.4f\nsites    %s\n", s->content.low,
            s->content.high, s->junk_gone.low, s->junk_gone.high, cli_number(n, s->n_sites));
}

/* ---- the worst pages ---- */

static void put_why(const cli_sweep_view *v, const mk_wrong_line *l)
{
    if (!l->agrees)
        fprintf(v->f, "an equal line was %s", l->lost ? "dropped instead" : "kept instead");
    else if (!l->lost && l->filter)
        fprintf(v->f, "%s, %s; accused by %s.%s (%s)", cli_label_name(l->label),
                cli_zone_name(l->zone), l->filter, l->rule, cli_strength_name(l->strength));
    else if (!l->lost)
        fprintf(v->f, "%s, %s; nothing accuses it", cli_label_name(l->label),
                cli_zone_name(l->zone));
    else if (l->filter)
        fprintf(v->f, "%s, %s; by %s.%s", cli_label_name(l->label), cli_zone_name(l->zone),
                l->filter, l->rule);
    if (l->evidence.len > 0) {
        fputs(": ", v->f);
        cli_put(v->f, l->evidence, 0, CLI_SHOW_ALL);
    }
    fputc('\n', v->f);
}

static void put_line(const cli_sweep_view *v, const mk_wrong_line *l)
{
    const size_t width = v->width > TEXT_AT + 8 ? v->width - TEXT_AT : 0;

    fprintf(v->f, "%7" PRIu64 "  ", l->number);
    cli_style_put(v->f, v->color, l->lost ? CLI_RED : CLI_YELLOW);
    fputs(l->lost ? "lost   " : "kept   ", v->f);
    cli_style_put(v->f, v->color, CLI_PLAIN);
    cli_put(v->f, l->text, width, CLI_SHOW_SAFE);
    fprintf(v->f, "\n%*s", TEXT_AT, "");
    cli_style_put(v->f, v->color, CLI_DIM);
    if (!l->lost) {
        cli_put(v->f, l->category, 0, CLI_SHOW_SAFE);
        fputs(": ", v->f);
    }
    if (l->wrong < l->whole)
        fprintf(v->f, "%" PRIu64 " of %" PRIu64 " characters; ", l->wrong, l->whole);
    put_why(v, l);
    cli_style_put(v->f, v->color, CLI_PLAIN);
}

static void put_page(const cli_sweep_view *v, const mk_sweep_page *p)
{
    fputc('\n', v->f);
    cli_style_put(v->f, v->color, CLI_BOLD);
    cli_put(v->f, p->id, 0, CLI_SHOW_SAFE);
    cli_style_put(v->f, v->color, CLI_PLAIN);
    fputs("  ", v->f);
    cli_put(v->f, p->source, 0, CLI_SHOW_SAFE);
    fprintf(v->f, ":%" PRIu64 "\n", p->number);
    for (size_t i = 0; i < p->n_lines; i++)
        put_line(v, &p->lines[i]);
}

static void add_page(cli_table *table, const mk_sweep_page *p)
{
    char name[NAME_MAX + 1];
    const size_t len = p->id.len < NAME_MAX ? p->id.len : NAME_MAX;

    snprintf(name, sizeof(name), "%.*s", (int)mk_utf8_valid(mk_str_sub(p->id, 0, len)), p->id.ptr);
    cli_table_add(table, name);
    cli_table_number(table, p->score.content - p->score.content_kept);
    cli_table_number(table, p->score.junk_kept);
    add_score_figure(table, &p->score, MK_FIGURE_CONTENT);
    add_score_figure(table, &p->score, MK_FIGURE_JUNK);
    add_score_figure(table, &p->score, MK_FIGURE_COST);
}

static void put_worst(const cli_sweep_view *v, const mk_sweep *s)
{
    cli_table table = {.n_columns = 6, .right = ~1U};
    static const char *const heads[] = {"page", "lost", "left", "content", "junk", "cost"};

    if (s->n_worst == 0)
        return;
    put_title(v, "the worst pages, with characters of content lost and of junk left");
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        cli_table_add(&table, heads[i]);
    for (size_t i = 0; i < s->n_worst; i++)
        add_page(&table, &s->worst[i]);
    finish(v, &table);
}

void cli_sweep_text(const cli_sweep_view *view, const mk_sweep *sweep)
{
    put_figures(view, sweep);
    put_strata(view, sweep);
    put_junk(view, sweep);
    put_folds(view, sweep);
    put_intervals(view, sweep);
    put_worst(view, sweep);
    for (size_t i = 0; view->args->lines && i < sweep->n_worst; i++)
        put_page(view, &sweep->worst[i]);
}
