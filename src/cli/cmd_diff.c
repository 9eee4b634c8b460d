/* cmd_diff.c: what changed between two corpora: as text, Markdown for release notes,
 * or JSON. The work is mk_diff_run's. The exit status is that of diff(1): 0 for no
 * difference, 1 for some. Cases: fixtures/cli/diff_*. */
#include "command.h"
#include "message.h"
#include "print.h"
#include "progress.h"
#include "minkhal/report.h"

typedef struct view {
    const cli_args *args;
    const mk_diff *diff;
    bool color;
    bool *nomem; /* a table could not be printed */
} view;

static const char *const kinds[] = {"added", "removed", "changed"};

static void on_progress(void *arg, const mk_progress *now)
{
    cli_progress_show(arg, now);
}

static void on_message(void *arg, const char *text)
{
    cli_progress_clear(arg);
    cli_say("%s", text);
}

/* ---- text and Markdown ---- */

/* Both have the same tables; Markdown's have bars between the cells. */
static void finish_table(const view *v, cli_table *table)
{
    *v->nomem = *v->nomem || table->failed;
    if (!v->args->markdown) {
        if (!cli_table_print(stdout, table, v->color))
            *v->nomem = true;
        cli_table_clear(table);
        return;
    }
    for (size_t i = 0; i < table->n && !table->failed; i++) {
        const bool last = (i + 1) % table->n_columns == 0;

        fputs(i % table->n_columns == 0 ? "| " : " | ", stdout);
        for (const char *c = table->cells[i]; *c; c++)
            printf(*c == '|' ? "\\%c" : "%c", *c);
        fputs(last ? " |\n" : "", stdout);
        if (i + 1 == table->n_columns) {
            for (size_t k = 0; k < table->n_columns; k++)
                fputs((table->right >> k & 1) != 0 ? "| ---: " : "| --- ", stdout);
            fputs("|\n", stdout);
        }
    }
    cli_table_clear(table);
}

static void put_head(const view *v, const char *text)
{
    if (v->args->markdown) {
        printf("\n## %s\n", text);
        if (v->diff->n_samples == 0 || strcmp(text, "Samples") != 0)
            fputc('\n', stdout);
        return;
    }
    fputc('\n', stdout);
    cli_style_put(stdout, v->color, CLI_BOLD);
    fputs(text, stdout);
    cli_style_put(stdout, v->color, CLI_PLAIN);
    fputc('\n', stdout);
}

static void put_counts(const view *v)
{
    const mk_diff *const d = v->diff;
    const struct {
        const char *name;
        uint64_t n;
    } rows[] = {{"in OLD", d->n_old},      {"in NEW", d->n_new},      {"added", d->n_added},
                {"removed", d->n_removed}, {"changed", d->n_changed}, {"the same", d->n_same}};
    cli_table table = {.n_columns = 2, .right = 0x2};

    cli_table_add(&table, "documents");
    cli_table_add(&table, "number");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        cli_table_add(&table, rows[i].name);
        cli_table_number(&table, rows[i].n);
    }
    finish_table(v, &table);
    if (d->n_compared > 0) {
        char a[CLI_NUMBER], b[CLI_NUMBER], c[CLI_NUMBER];

        printf("\n%s%s changed %s: lines added %s, removed %s\n",
               d->n_compared < d->n_changed ? "in a sample of " : "in ",
               cli_number(a, d->n_compared), d->n_compared == 1 ? "document" : "documents",
               cli_number(b, d->lines_added), cli_number(c, d->lines_removed));
    }
}

/* A table of names: columns from..to of their numbers. */
static void put_tops(const view *v, const char *title, const char *const *heads, size_t n_columns,
                     size_t from, const mk_tops *tops, bool differing)
{
    cli_table table = {.n_columns = n_columns, .right = ~1U};
    size_t n_shown = 0;

    for (size_t i = 0; i < n_columns; i++)
        cli_table_add(&table, heads[i]);
    for (size_t i = 0; i < tops->n && n_shown < v->args->top; i++) {
        const mk_top *const t = &tops->items[i];
        char name[256];

        if (differing && t->n[from] == t->n[from + 1])
            continue;
        snprintf(name, sizeof(name), "%.*s", (int)(t->name.len < 200 ? t->name.len : 200),
                 t->name.ptr);
        cli_table_add(&table, name);
        for (size_t k = 0; k + 1 < n_columns; k++)
            cli_table_number(&table, t->n[from + k]);
        n_shown++;
    }
    if (n_shown > 0) {
        put_head(v, title);
        finish_table(v, &table);
    }
    cli_table_clear(&table);
}

static cli_style style_of(char sign)
{
    return sign == '+' ? CLI_GREEN : sign == '-' ? CLI_RED : CLI_DIM;
}

static void put_sample(const view *v, const mk_diff_sample *s)
{
    fputs(v->args->markdown ? "\n**" : "\n", stdout);
    fputs(kinds[s->kind], stdout);
    fputs(v->args->markdown ? "** `" : "  ", stdout);
    cli_put(stdout, s->id, 0, CLI_SHOW_SAFE);
    fputs(v->args->markdown ? "`" : "", stdout);
    if (s->url.len > 0) {
        fputs("  ", stdout);
        cli_put(stdout, s->url, 0, CLI_SHOW_SAFE);
    }
    fputs(v->args->markdown ? "\n\n" : "\n", stdout);
    for (size_t i = 0; i < s->n_lines; i++) {
        const mk_diff_line *const l = &s->lines[i];

        fputs("    ", stdout);
        cli_style_put(stdout, v->color, style_of(l->sign));
        if (l->sign == '.') {
            fputs("...", stdout);
        } else {
            printf("%c ", l->sign);
            cli_put(stdout, l->text, 0, CLI_SHOW_SAFE);
        }
        cli_style_put(stdout, v->color, CLI_PLAIN);
        fputc('\n', stdout);
    }
}

static void put_text(const view *v)
{
    const mk_diff *const d = v->diff;

    if (v->args->markdown)
        fputs("# What changed\n\n", stdout);
    put_counts(v);
    put_tops(v, "Why documents were removed", (const char *const[]){"reason", "documents"}, 2, 0,
             &d->reasons, false);
    put_tops(v, "By site", (const char *const[]){"site", "added", "removed", "changed"}, 4, 1,
             &d->sites, false);
    put_tops(v, "Edits by rule", (const char *const[]){"rule", "OLD", "NEW"}, 3, 1, &d->rules,
             true);
    if (d->n_samples > 0)
        put_head(v, "Samples");
    for (size_t i = 0; i < d->n_samples; i++)
        put_sample(v, &d->samples[i]);
}

/* ---- JSON ---- */

static void key_number(cli_json *j, const char *key, uint64_t n)
{
    cli_json_key(j, key);
    cli_json_number(j, n);
}

static void put_json_tops(cli_json *j, const char *key, const mk_tops *tops,
                          const char *const *keys, size_t n_keys, size_t from)
{
    cli_json_key(j, key);
    cli_json_open(j, '[');
    for (size_t i = 0; i < tops->n; i++) {
        cli_json_open(j, '{');
        cli_json_key(j, "name");
        cli_json_str(j, tops->items[i].name);
        for (size_t k = 0; k < n_keys; k++)
            key_number(j, keys[k], tops->items[i].n[from + k]);
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
}

static void put_json_sample(cli_json *j, const mk_diff_sample *s)
{
    cli_json_open(j, '{');
    cli_json_key(j, "kind");
    cli_json_str(j, mk_str_of(kinds[s->kind]));
    cli_json_key(j, "id");
    cli_json_str(j, s->id);
    cli_json_key(j, "url");
    cli_json_str(j, s->url);
    cli_json_key(j, "lines");
    cli_json_open(j, '[');
    for (size_t i = 0; i < s->n_lines; i++) {
        cli_json_open(j, '{');
        cli_json_key(j, "sign");
        cli_json_str(j, (mk_str){&s->lines[i].sign, 1});
        cli_json_key(j, "text");
        cli_json_str(j, s->lines[i].text);
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
    cli_json_close(j, '}');
}

static void put_json(const mk_diff *d)
{
    const struct {
        const char *key;
        uint64_t n;
    } numbers[] = {
        {"old", d->n_old},
        {"new", d->n_new},
        {"added", d->n_added},
        {"removed", d->n_removed},
        {"changed", d->n_changed},
        {"same", d->n_same},
        {"compared", d->n_compared},
        {"lines_added", d->lines_added},
        {"lines_removed", d->lines_removed},
        {"sites_missed", d->sites.missed},
    };
    cli_json json = {.f = stdout};
    cli_json *const j = &json;

    cli_json_open(j, '{');
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        key_number(j, numbers[i].key, numbers[i].n);
    put_json_tops(j, "sites", &d->sites, (const char *const[]){"added", "removed", "changed"}, 3,
                  1);
    put_json_tops(j, "reasons", &d->reasons, (const char *const[]){"documents"}, 1, 0);
    put_json_tops(j, "rules", &d->rules, (const char *const[]){"old", "new"}, 2, 1);
    cli_json_key(j, "samples");
    cli_json_open(j, '[');
    for (size_t i = 0; i < d->n_samples; i++)
        put_json_sample(j, &d->samples[i]);
    cli_json_close(j, ']');
    cli_json_close(j, '}');
    fputc('\n', stdout);
}

/* ---- the run ---- */

int cli_diff(const cli_args *args)
{
    cli_progress progress;
    mk_diff diff = {0};
    mk_error error = {0};
    const mk_diff_options options = {
        .old_path = args->operands.items[0],
        .new_path = args->operands.items[1],
        .old_ledger = args->old_ledger,
        .new_ledger = args->ledger,
        .text_field = args->text_field,
        .id_field = args->id_field,
        .memory = args->memory,
        .seed = args->seed,
        .n_samples = (size_t)args->samples,
        .threads = (unsigned)args->threads,
        .stop = cli_catch_signals(),
        .on_progress = on_progress,
        .on_message = on_message,
        .arg = &progress,
    };
    bool nomem = false;
    const view v = {args, &diff, !args->markdown && cli_color(args->color, stdout), &nomem};
    int status;

    if (args->json && args->markdown)
        return cli_say_usage(CLI_DIFF, "'--json' and '--markdown' do not go together");
    cli_progress_init(&progress, args->quiet);
    const mk_err err = mk_diff_run(&options, &diff, &error);
    cli_progress_clear(&progress);
    if (err) {
        status = cli_say_error(&error);
    } else {
        if (args->json)
            put_json(&diff);
        else
            put_text(&v);
        fflush(stdout);
        status = nomem                                                ? cli_say_nomem()
                 : diff.n_damaged > 0                                 ? CLI_DAMAGED
                 : diff.n_added + diff.n_removed + diff.n_changed > 0 ? CLI_REJECTS
                                                                      : CLI_DONE;
    }
    mk_diff_clear(&diff);
    return status;
}
