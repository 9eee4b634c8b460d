/* cmd_stats.c: figures over a corpus, for people. The work is mk_stats_run's, and the
 * JSON mk_stats_json's. Bars are drawn on a terminal alone.
 * Cases: fixtures/cli/stats_*. */
#include <stdlib.h>

#include "command.h"
#include "message.h"
#include "print.h"
#include "progress.h"
#include "minkhal/report.h"

enum {
    BAR = 24,     /* columns of the longest bar */
    NAME_MAX = 48 /* columns of a name in a table */
};

typedef struct view {
    const cli_args *args;
    const mk_stats *stats;
    bool bars, color;
    bool *nomem; /* a table could not be printed */
} view;

static void on_progress(void *arg, const mk_progress *now)
{
    cli_progress_show(arg, now);
}

static void on_message(void *arg, const char *text)
{
    cli_progress_clear(arg);
    cli_say("%s", text);
}

/* ---- cells ---- */

/* part of whole as eighths of a column: U+2588, and U+258F to U+2589 at its end. */
static void add_bar(cli_table *table, uint64_t part, uint64_t whole)
{
    char bar[3 * (BAR + 1) + 1];
    const double eighths = whole > 0 ? 8.0 * BAR * ((double)part / (double)whole) : 0;
    const unsigned n = (unsigned)(eighths + 0.5);
    size_t at = 0;

    for (unsigned i = 0; i < n / 8 && i < BAR; i++)
        at += mk_utf8_put(bar + at, 0x2588);
    if (n % 8 > 0 || (n == 0 && part > 0))
        at += mk_utf8_put(bar + at, 0x2590 - (n % 8 > 0 ? n % 8 : 1));
    bar[at] = '\0';
    cli_table_add(table, bar);
}

static void add_name(cli_table *table, mk_str name, const char *none)
{
    char text[4 * NAME_MAX + 4];
    size_t at = 0, columns = 0;

    if (name.len == 0) {
        cli_table_add(table, none);
        return;
    }
    while (at < name.len && columns < NAME_MAX) {
        mk_utf8_next(name, &at);
        columns++;
    }
    memcpy(text, name.ptr, at);
    if (at < name.len)
        at += mk_utf8_put(text + at, 0x2026);
    text[at] = '\0';
    cli_table_add(table, text);
}

static void add_percent(cli_table *table, uint64_t part, uint64_t whole)
{
    char text[CLI_NUMBER];

    cli_table_add(table, cli_percent(text, part, whole));
}

static void add_heads(cli_table *table, const char *const *heads)
{
    const size_t n = table->n_columns;

    for (size_t i = 0; i < n; i++)
        cli_table_add(table, heads[i]);
}

static void finish_table(const view *v, cli_table *table)
{
    if (v->stats->n_docs > 0) /* something stands above it */
        fputc('\n', stdout);
    if (!cli_table_print(stdout, table, v->color))
        *v->nomem = true;
    cli_table_clear(table);
}

/* ---- tables ---- */

static void put_amounts(const view *v)
{
    const mk_stats *const s = v->stats;
    const struct {
        const char *name;
        uint64_t n;
    } rows[] = {{"documents", s->n_docs},
                {"bytes", s->bytes},
                {"letters", s->letters},
                {"words", s->words},
                {"lines", s->lines}};
    cli_table table = {.n_columns = 3, .right = 0x6};

    add_heads(&table, (const char *const[]){"text", "in all", "a document"});
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char mean[CLI_NUMBER] = "-";

        cli_table_add(&table, rows[i].name);
        cli_table_number(&table, rows[i].n);
        if (s->n_docs > 0 && i > 0)
            snprintf(mean, sizeof(mean), "%.1f", (double)rows[i].n / (double)s->n_docs);
        cli_table_add(&table, i > 0 ? mean : "");
    }
    if (!cli_table_print(stdout, &table, v->color))
        *v->nomem = true;
    cli_table_clear(&table);
}

static void add_quantiles(cli_table *table, const char *name, const mk_histogram *h)
{
    static const unsigned permille[] = {50, 250, 500, 750, 950, 990};

    cli_table_add(table, name);
    cli_table_number(table, h->min);
    for (size_t i = 0; i < sizeof(permille) / sizeof(*permille); i++)
        cli_table_number(table, mk_histogram_quantile(h, permille[i]));
    cli_table_number(table, h->max);
}

static void put_lengths(const view *v)
{
    cli_table table = {.n_columns = 9, .right = 0x1FE};

    add_heads(&table, (const char *const[]){"a document has", "min", "5%", "25%", "50%", "75%",
                                            "95%", "99%", "max"});
    add_quantiles(&table, "letters", &v->stats->doc_letters);
    add_quantiles(&table, "words", &v->stats->doc_words);
    finish_table(v, &table);
}

static void put_histogram(const view *v, const char *head, const mk_histogram *h)
{
    cli_table table = {.n_columns = v->bars ? 4 : 3, .right = 0x7};
    unsigned first = 0, last = MK_HISTOGRAM_BINS;
    uint64_t most = 0;

    while (first < last && h->bins[first] == 0)
        first++;
    while (last > first && h->bins[last - 1] == 0)
        last--;
    for (unsigned i = first; i < last; i++)
        most = h->bins[i] > most ? h->bins[i] : most;
    add_heads(&table, (const char *const[]){head, "documents", "share", ""});
    for (unsigned i = first; i < last; i++) {
        char range[2 * CLI_NUMBER], number[CLI_NUMBER];

        snprintf(range, sizeof(range), "%s",
                 i == 0 ? "0" : cli_number(number, UINT64_C(1) << (i - 1)));
        cli_table_add(&table, range);
        cli_table_number(&table, h->bins[i]);
        add_percent(&table, h->bins[i], h->n);
        if (v->bars)
            add_bar(&table, h->bins[i], most);
    }
    finish_table(v, &table);
}

static void put_scripts(const view *v)
{
    const mk_stats *const s = v->stats;
    cli_table table = {.n_columns = v->bars ? 6 : 5, .right = 0x1E};

    add_heads(&table,
              (const char *const[]){"script", "letters", "share", "documents", "share", ""});
    for (int i = 0; i < MK_SCRIPT_COUNT; i++) {
        if (s->scripts[i].characters == 0)
            continue;
        cli_table_add(&table, mk_script_name((mk_script)i));
        cli_table_number(&table, s->scripts[i].characters);
        add_percent(&table, s->scripts[i].characters, s->letters);
        cli_table_number(&table, s->scripts[i].docs);
        add_percent(&table, s->scripts[i].docs, s->n_docs);
        if (v->bars)
            add_bar(&table, s->scripts[i].characters, s->letters);
    }
    finish_table(v, &table);
}

static void put_signs(const view *v)
{
    const mk_stats *const s = v->stats;
    cli_table table = {.n_columns = v->bars ? 5 : 4, .right = 0xE};

    add_heads(&table, (const char *const[]){"sign", "characters", "documents", "share", ""});
    for (int i = 0; i < MK_TEXT_SIGN_COUNT; i++) {
        cli_table_add(&table, mk_sign_name((mk_sign)i));
        cli_table_number(&table, s->signs[i].characters);
        cli_table_number(&table, s->signs[i].docs);
        add_percent(&table, s->signs[i].docs, s->n_docs);
        if (v->bars)
            add_bar(&table, s->signs[i].docs, s->n_docs);
    }
    finish_table(v, &table);
}

static void put_rest(const view *v, const mk_tops *tops, const char *one, const char *many)
{
    char n[CLI_NUMBER];

    if (tops->n > v->args->top)
        printf("and %s more %s\n", cli_number(n, tops->n - v->args->top),
               cli_plural(tops->n - v->args->top, one, many));
    if (tops->missed > 0)
        printf("there are too many %s to keep: any number may be short by %s\n", many,
               cli_number(n, tops->missed));
}

static void put_names(const view *v, const char *head, const char *none, const char *many,
                      const mk_tops *tops)
{
    cli_table table = {.n_columns = v->bars ? 5 : 4, .right = 0xE};

    if (tops->n == 0 || v->args->top == 0)
        return;
    add_heads(&table, (const char *const[]){head, "documents", "share", "letters", ""});
    for (size_t i = 0; i < tops->n && i < v->args->top; i++) {
        add_name(&table, tops->items[i].name, none);
        cli_table_number(&table, tops->items[i].n[0]);
        add_percent(&table, tops->items[i].n[0], v->stats->n_docs);
        cli_table_number(&table, tops->items[i].n[1]);
        if (v->bars)
            add_bar(&table, tops->items[i].n[0], tops->items[0].n[0]);
    }
    finish_table(v, &table);
    put_rest(v, tops, head, many);
}

static void put_rules(const view *v)
{
    const mk_tops *const tops = &v->stats->rules;
    cli_table table = {.n_columns = 5, .right = 0x1E};

    if (tops->n == 0 || v->args->top == 0)
        return;
    add_heads(&table, (const char *const[]){"rule", "lines", "spans", "documents", "letters"});
    for (size_t i = 0; i < tops->n && i < v->args->top; i++) {
        add_name(&table, tops->items[i].name, "");
        for (size_t k = 0; k < 4; k++)
            cli_table_number(&table, tops->items[i].n[k]);
    }
    finish_table(v, &table);
    put_rest(v, tops, "rule", "rules");
}

static void put_others(const view *v)
{
    const mk_stats *const s = v->stats;
    char n[CLI_NUMBER], m[CLI_NUMBER], share[CLI_NUMBER];

    printf("\nequal texts: %s of %s %s (%s) have the text of another",
           cli_number(n, s->sampled - s->sampled_distinct), cli_number(m, s->sampled),
           cli_plural(s->sampled, "document", "documents"),
           cli_percent(share, s->sampled - s->sampled_distinct, s->sampled));
    if (s->sample_bits > 0)
        printf("; of a sample: there are too many to keep");
    fputc('\n', stdout);
    if (s->n_empty > 0)
        printf("without a letter: %s\n", cli_number(n, s->n_empty));
    if (s->n_no_site > 0)
        printf("without a site: %s\n", cli_number(n, s->n_no_site));
    if (s->n_detected > 0)
        printf("language told by the text: %s\n", cli_number(n, s->n_detected));
    if (s->n_rejected > 0)
        printf("rejected: %s\n", cli_number(n, s->n_rejected));
    if (s->n_skipped > 0)
        printf("skipped: %s\n", cli_number(n, s->n_skipped));
}

static void put_text(const view *v)
{
    if (v->stats->n_docs > 0) {
        put_amounts(v);
        put_lengths(v);
        put_histogram(v, "letters from", &v->stats->doc_letters);
        put_scripts(v);
        put_names(v, "language", "not known", "languages", &v->stats->languages);
        put_signs(v);
        put_names(v, "site", "", "sites", &v->stats->sites);
    }
    put_rules(v);
    if (v->stats->n_docs > 0 || v->stats->n_rejected > 0)
        put_others(v);
}

/* ---- the run ---- */

static int put_json(const mk_stats *stats)
{
    mk_scratch scratch = {0};
    mk_str json;
    const bool ok = mk_stats_json(stats, &scratch, &json);

    if (ok)
        fwrite(json.ptr, 1, json.len, stdout);
    free(scratch.ptr);
    return ok ? CLI_DONE : cli_say_nomem();
}

int cli_stats(const cli_args *args)
{
    cli_progress progress;
    bool nomem = false;
    mk_stats stats = {0};
    mk_error error = {0};
    const mk_stats_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .select = cli_selection(args),
        .text_field = args->text_field,
        .charset = args->charset,
        .threads = (unsigned)args->threads,
        .max_doc = args->max_doc,
        .stop = cli_catch_signals(),
        .on_progress = on_progress,
        .on_message = on_message,
        .arg = &progress,
    };
    const view v = {args, &stats, cli_terminal_width(stdout) > 0, cli_color(args->color, stdout),
                    &nomem};
    int status;

    cli_progress_init(&progress, args->quiet);
    const mk_err err = mk_stats_run(&options, &stats, &error);
    cli_progress_clear(&progress);
    if (err) {
        status = cli_say_error(&error);
    } else {
        status = args->json ? put_json(&stats) : CLI_DONE;
        if (!args->json)
            put_text(&v);
        fflush(stdout);
        if (nomem)
            status = cli_say_nomem();
        status = status ? status : cli_finish(args, stats.n_damaged, stats.n_bad, stats.no_text);
    }
    mk_stats_clear(&stats);
    return status;
}
