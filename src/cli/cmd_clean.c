/* cmd_clean.c: raw pages in, clean JSON lines out. The work is mk_clean's; here
 * are its options, the progress, the closing figures and the exit status. */
#include <string.h>

#include "command.h"
#include "message.h"
#include "print.h"
#include "progress.h"

/* ---- while it runs ---- */

static void on_progress(void *arg, const mk_progress *now)
{
    cli_progress_show(arg, now);
}

static void on_message(void *arg, const char *text)
{
    cli_progress_clear(arg);
    cli_say("%s", text);
}

/* ---- the closing figures ---- */

/* "records in 12 = 9 written + 1 filtered + 0 duplicate + 2 rejected": the law
 * that nothing is lost silently, in figures. */
static void put_records(FILE *f, const mk_summary *s)
{
    char n[6][CLI_NUMBER];

    fprintf(f, "  records  %s in = %s written + %s filtered + %s duplicate + %s rejected",
            cli_number(n[0], s->n_in), cli_number(n[1], s->n_written),
            cli_number(n[2], s->n_filtered), cli_number(n[3], s->n_duplicate),
            cli_number(n[4], s->n_rejected));
    if (s->n_skipped > 0)
        fprintf(f, " + %s skipped", cli_number(n[5], s->n_skipped));
    fputc('\n', f);
}

static void put_skips(FILE *f, const mk_summary *s)
{
    char n[CLI_NUMBER];

    for (size_t i = 0; i < s->n_skips; i++) {
        fprintf(f, "  %s  %s ", i == 0 ? "skipped" : "       ", cli_number(n, s->skips[i].records));
        cli_put(f, mk_str_of(s->skips[i].name), 0, CLI_SHOW_SAFE);
        fputc('\n', f);
    }
}

static void add_share(cli_table *table, const char *name, uint64_t in, uint64_t out)
{
    char kept[CLI_NUMBER];

    cli_table_add(table, name);
    cli_table_number(table, in);
    cli_table_number(table, out);
    cli_table_add(table, cli_percent(kept, out, in));
}

static void put_shares(FILE *f, const mk_summary *s, bool color)
{
    cli_table table = {.n_columns = 4, .right = 0xE, .indent = 2};

    cli_table_add(&table, "");
    cli_table_add(&table, "in");
    cli_table_add(&table, "out");
    cli_table_add(&table, "kept");
    add_share(&table, "text, bytes", s->text_in, s->text_out);
    add_share(&table, "letters", s->letters_in, s->letters_out);
    add_share(&table, "lines", s->lines_in, s->lines_out);
    cli_table_print(f, &table, color);
    cli_table_clear(&table);
}

static void put_tallies(FILE *f, const mk_summary *s, bool color)
{
    static const char *const heads[] = {"filter", "rule", "lines", "spans", "documents", "letters"};
    cli_table table = {.n_columns = 6, .right = 0x3C, .indent = 2};

    for (size_t i = 0; i < 6; i++)
        cli_table_add(&table, heads[i]);
    for (size_t i = 0; i < s->n_tallies; i++) {
        const mk_tally *t = &s->tallies[i];

        if (t->lines == 0 && t->spans == 0 && t->docs == 0 && t->letters == 0)
            continue;
        cli_table_add(&table, t->filter);
        cli_table_add(&table, t->rule);
        cli_table_number(&table, t->lines);
        cli_table_number(&table, t->spans);
        cli_table_number(&table, t->docs);
        cli_table_number(&table, t->letters);
    }
    if (table.n > table.n_columns) {
        fputs("\n  removed and changed\n", f);
        cli_table_print(f, &table, color);
    }
    cli_table_clear(&table);
}

static const char *plural(uint64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

static void put_summary(FILE *f, const mk_summary *s, double secs, bool color)
{
    char n[CLI_NUMBER], time[CLI_NUMBER], rate[CLI_NUMBER], bytes[CLI_NUMBER];

    cli_style_put(f, color, CLI_BOLD);
    fprintf(f, "minkhal: %s %s in %s, %s of text a second, %s written", cli_number(n, s->n_sources),
            plural(s->n_sources, "source", "sources"), cli_duration(time, secs),
            cli_bytes(rate, secs > 0.001 ? (double)s->text_in / secs : (double)s->text_in / 0.001),
            cli_bytes(bytes, (double)s->bytes_out));
    cli_style_put(f, color, CLI_PLAIN);
    fputc('\n', f);
    put_records(f, s);
    put_skips(f, s);
    if (s->n_damaged > 0)
        fprintf(f, "  damaged  %s %s\n", cli_number(n, s->n_damaged),
                plural(s->n_damaged, "source", "sources"));
    if (s->n_review > 0)
        fprintf(f, "  review   %s %s\n", cli_number(n, s->n_review),
                plural(s->n_review, "document that a person should look at",
                       "documents that a person should look at"));
    fputc('\n', f);
    put_shares(f, s, color);
    put_tallies(f, s, color);
}

/* ---- the run ---- */

/* Two outputs of one name would eat each other. */
static int check_outputs(const cli_args *args)
{
    const struct {
        const char *option, *path;
    } outputs[] = {
        {"output", args->output},
        {"ledger", args->ledger},
        {"rejects", args->rejects},
        {"summary", args->summary},
    };
    const size_t n = sizeof(outputs) / sizeof(*outputs);

    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; outputs[i].path && j < n; j++)
            if (outputs[j].path && strcmp(outputs[i].path, outputs[j].path) == 0)
                return cli_say_usage(CLI_CLEAN, "'--%s' and '--%s' name the same file '%s'",
                                     outputs[i].option, outputs[j].option, outputs[i].path);
    return cli_check_output(args);
}

static int finish(const cli_args *args, const mk_summary *s)
{
    char n[CLI_NUMBER], limit[CLI_NUMBER];

    if (s->n_damaged > 0)
        return CLI_DAMAGED;
    if (s->n_rejected <= args->max_rejects)
        return CLI_DONE;
    cli_say("%s %s rejected, --max-rejects allows %s", cli_number(n, s->n_rejected),
            plural(s->n_rejected, "record was", "records were"),
            cli_number(limit, args->max_rejects));
    return CLI_REJECTS;
}

static int clean(const cli_args *args, const mk_chain *chain)
{
    cli_progress progress;
    mk_summary summary = {0};
    mk_error error = {0};
    const mk_clean_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .select = cli_selection(args),
        .verify_digests = args->verify_digests,
        .output = args->output,
        .codec = cli_codec(args),
        .ledger = args->ledger,
        .rejects = args->rejects,
        .summary = args->summary,
        .text_field = args->text_field,
        .id_field = args->id_field,
        .charset = args->charset,
        .threads = (unsigned)args->threads,
        .level = (int)args->level,
        .max_doc = args->max_doc,
        .limits = cli_limits(args),
        .memory = args->memory,
        .dedup = args->dedup,
        .force = args->force,
        .stop = cli_catch_signals(),
        .on_progress = on_progress,
        .on_message = on_message,
        .arg = &progress,
    };
    int status;

    cli_progress_init(&progress, args->quiet);
    if (mk_clean(chain, &options, &summary, &error)) {
        cli_progress_clear(&progress);
        status = cli_say_error(&error);
    } else {
        cli_progress_clear(&progress);
        if (!args->quiet)
            put_summary(stderr, &summary, cli_progress_seconds(&progress),
                        cli_color(args->color, stderr));
        status = finish(args, &summary);
    }
    mk_summary_clear(&summary);
    return status;
}

int cli_clean(const cli_args *args)
{
    mk_chain *chain = NULL;
    int status = check_outputs(args);

    if (!status)
        status = cli_chain_open(args, &chain);
    if (!status)
        status = clean(args, chain);
    mk_chain_close(chain);
    return status;
}
