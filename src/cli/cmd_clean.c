/* cmd_clean.c: raw pages in, clean JSON lines out. The work is mk_clean's; here
 * are its options, the progress, the closing figures and the exit status. */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "print.h"
#include "progress.h"

/* ---- while it runs ---- */

typedef struct watch {
    cli_progress progress;
    volatile sig_atomic_t *asked; /* by SIGUSR1 */
} watch;

static void on_progress(void *arg, const mk_progress *now)
{
    watch *const w = arg;

    if (*w->asked) {
        *w->asked = 0;
        cli_progress_tell(&w->progress, now);
    }
    cli_progress_show(&w->progress, now);
}

static void on_message(void *arg, const char *text)
{
    watch *const w = arg;

    cli_progress_clear(&w->progress);
    cli_say("%s", text);
}

/* ---- the closing figures ---- */

enum { SHOWN_RULES = 25 /* rows: a screen, with what stands over them */ };

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

/* What was removed most comes first, then what was changed; else as they run. */
static int by_letters(const void *a, const void *b)
{
    const mk_tally *const x = *(const mk_tally *const *)a, *const y = *(const mk_tally *const *)b;

    if (x->letters != y->letters)
        return x->letters < y->letters ? 1 : -1;
    if (x->lines + x->docs != y->lines + y->docs)
        return x->lines + x->docs < y->lines + y->docs ? 1 : -1;
    if (x->spans != y->spans)
        return x->spans < y->spans ? 1 : -1;
    return x < y ? -1 : x > y;
}

static void add_tally(cli_table *table, const mk_tally *t)
{
    cli_table_add(table, t->filter);
    cli_table_add(table, t->rule);
    cli_table_number(table, t->lines);
    cli_table_number(table, t->spans);
    cli_table_number(table, t->docs);
    cli_table_number(table, t->letters);
}

static void put_tallies(FILE *f, const cli_args *args, const mk_summary *s, bool color)
{
    static const char *const heads[] = {"filter", "rule", "lines", "spans", "documents", "letters"};
    cli_table table = {.n_columns = 6, .right = 0x3C, .indent = 2};
    const mk_tally **const rules = calloc(s->n_tallies + 1, sizeof(*rules));
    size_t n = 0;

    for (size_t i = 0; i < 6; i++)
        cli_table_add(&table, heads[i]);
    for (size_t i = 0; rules && i < s->n_tallies; i++) {
        const mk_tally *t = &s->tallies[i];
        if (t->lines > 0 || t->spans > 0 || t->docs > 0 || t->letters > 0)
            rules[n++] = t;
    }
    if (n > 1)
        qsort(rules, n, sizeof(*rules), by_letters);
    for (size_t i = 0; i < n && i < SHOWN_RULES; i++)
        add_tally(&table, rules[i]);
    if (n > 0) {
        fputs("\n  removed and changed\n", f);
        cli_table_print(f, &table, color);
    }
    if (n > SHOWN_RULES)
        fprintf(f, "  and %zu more %s (%s)\n", n - SHOWN_RULES,
                cli_plural(n - SHOWN_RULES, "rule", "rules"),
                cli_is_folder(args->output) ? "run.json has all"
                : args->summary             ? "the summary has all"
                                            : "--summary has all");
    cli_table_clear(&table);
    free(rules);
}

/* How many documents, how to find them, and which rules ask for it: some ask together. */
static void put_reviews(FILE *f, const cli_args *args, const mk_summary *s)
{
    char n[CLI_NUMBER];

    if (s->n_review == 0)
        return;
    fprintf(f, "  review   %s %s that a person should look at (%s)\n", cli_number(n, s->n_review),
            cli_plural(s->n_review, "document", "documents"),
            args->ledger ? "\"review\":true in the ledger" : "--ledger tells which");
    for (size_t i = 0; i < s->n_tallies; i++)
        if (s->tallies[i].review > 0)
            fprintf(f, "           %s %s.%s\n", cli_number(n, s->tallies[i].review),
                    s->tallies[i].filter, s->tallies[i].rule);
}

static void put_summary(FILE *f, const cli_args *args, const mk_summary *s, double secs, bool color)
{
    char n[CLI_NUMBER], time[CLI_NUMBER], rate[CLI_NUMBER], bytes[CLI_NUMBER];

    cli_style_put(f, color, CLI_BOLD);
    fprintf(f, "minkhal: %s %s in %s, %s of text a second, %s written", cli_number(n, s->n_sources),
            cli_plural(s->n_sources, "source", "sources"), cli_duration(time, secs),
            cli_bytes(rate, secs > 0.001 ? (double)s->text_in / secs : (double)s->text_in / 0.001),
            cli_bytes(bytes, (double)s->bytes_out));
    cli_style_put(f, color, CLI_PLAIN);
    fputc('\n', f);
    put_records(f, s);
    put_skips(f, s);
    if (s->n_damaged > 0)
        fprintf(f, "  damaged  %s %s\n", cli_number(n, s->n_damaged),
                cli_plural(s->n_damaged, "source", "sources"));
    put_reviews(f, args, s);
    fputc('\n', f);
    put_shares(f, s, color);
    put_tallies(f, args, s, color);
}

/* ---- the run ---- */

/* Two outputs of one name would eat each other. */
static int check_outputs(const cli_args *args)
{
    const struct {
        const char *option, *path;
    } outputs[] = {
        {"output", args->output},   {"ledger", args->ledger},         {"rejects", args->rejects},
        {"summary", args->summary}, {"attributes", args->attributes},
    };
    const size_t n = sizeof(outputs) / sizeof(*outputs);

    assert(args->output); /* cli_check asks for it */
    for (size_t i = 0; i < n && !cli_is_folder(args->output); i++)
        for (size_t j = i + 1; outputs[i].path && j < n; j++)
            if (outputs[j].path && strcmp(outputs[i].path, outputs[j].path) == 0 &&
                (strcmp(outputs[i].path, "-") == 0 || !cli_is_pipe(outputs[i].path)))
                return cli_say_usage(CLI_CLEAN, "'--%s' and '--%s' name the same file '%s'",
                                     outputs[i].option, outputs[j].option, outputs[i].path);
    if (args->attributes && (!args->ledger || cli_is_pipe(args->ledger) ||
                             cli_is_pipe(args->output) || cli_is_pipe(args->attributes)))
        return cli_say_usage(CLI_CLEAN,
                             "'--attributes' needs '--ledger', and files instead of pipes");
    return cli_check_output(args);
}

/* Options that only one kind of output has. */
static int check_folder(const cli_args *args)
{
    const struct {
        const char *option;
        bool given;
    } folder[] = {
        {"resume", args->resume},
        {"shard-size", args->shard_size > 0},
        {"shard-docs", args->shard_docs > 0},
        {"checkpoint", args->checkpoint > 0},
    };
    const struct {
        const char *option, *value;
    } files[] = {{"ledger", args->ledger}, {"rejects", args->rejects}};
    const bool is_folder = cli_is_folder(args->output);

    for (size_t i = 0; i < sizeof(folder) / sizeof(*folder) && !is_folder; i++)
        if (folder[i].given)
            return cli_say_usage(CLI_CLEAN, "'--%s' is of runs into a folder, '%s' is none",
                                 folder[i].option, args->output);
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        if (files[i].value && is_folder != (strcmp(files[i].value, "auto") == 0))
            return is_folder
                       ? cli_say_usage(CLI_CLEAN, "'--%s %s' beside a folder: only 'auto' goes",
                                       files[i].option, files[i].value)
                       : cli_say_usage(CLI_CLEAN, "'--%s auto' needs a folder for the output",
                                       files[i].option);
    if (is_folder && args->summary)
        return cli_say_usage(CLI_CLEAN,
                             "'--summary' beside a folder: its run.json has the figures");
    if (is_folder && args->attributes)
        return cli_say_usage(CLI_CLEAN, "'--attributes' does not go with a folder");
    if (is_folder && args->gz_single)
        return cli_say_usage(CLI_CLEAN, "'--gz-single' does not go with a folder");
    if (args->resume && args->force)
        return cli_say_usage(CLI_CLEAN, "'--resume' goes on, '--force' begins again: which?");
    return 0;
}

static bool take_number(const char **at, uint64_t *ret)
{
    enum { MAX_DIGITS = 9 }; /* more machines than there are */
    const size_t len = strspn(*at, "0123456789");

    *ret = 0;
    for (size_t i = 0; i < len && len <= MAX_DIGITS; i++)
        *ret = *ret * 10 + (uint64_t)((*at)[i] - '0');
    *at += len;
    return *ret > 0;
}

/* "I/N" to I and N; NULL: 0 and 0. 0, or an exit status (a message was printed). */
static int shard_of(const char *text, uint64_t *ret_part, uint64_t *ret_n)
{
    const char *at = text;

    *ret_part = *ret_n = 0;
    if (text && (!take_number(&at, ret_part) || *at++ != '/' || !take_number(&at, ret_n) || *at ||
                 *ret_part > *ret_n))
        return cli_say_usage(CLI_CLEAN,
                             "bad value '%s' for '--shard': I/N is needed, I from 1 to N", text);
    return 0;
}

/* The name of the schema that was asked for; NULL: none. */
static const char *schema_of(const cli_args *args, char out[CLI_NUMBER])
{
    const cli_word word = cli_choice("schema", args->schema);

    if (word.len == 0)
        return NULL;
    snprintf(out, CLI_NUMBER, "%.*s", (int)word.len, word.ptr);
    return out;
}

/* True if a run into that folder has begun: it can be resumed. */
static bool has_journal(const char *folder)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool has = fd >= 0 && faccessat(fd, "journal.jsonl", F_OK, 0) == 0;

    if (fd >= 0)
        close(fd);
    return has;
}

static int clean(const cli_args *args, const mk_chain *chain)
{
    char schema[CLI_NUMBER];
    watch w = {.asked = cli_catch_questions()};
    cli_progress *const progress = &w.progress;
    mk_summary summary = {0};
    mk_error error = {0};
    mk_clean_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .select = cli_selection(args),
        .verify_digests = args->verify_digests,
        .output = args->output,
        .schema = schema_of(args, schema),
        .codec = cli_codec(args),
        .shard_size = args->shard_size,
        .shard_docs = args->shard_docs,
        .checkpoint = args->checkpoint,
        .resume = args->resume,
        .ledger = args->ledger,
        .rejects = args->rejects,
        .summary = args->summary,
        .attributes = args->attributes,
        .text_field = args->text_field,
        .html_field = args->html_field,
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
        .arg = &w,
    };
    int status = shard_of(args->shard, &options.part, &options.n_parts);

    if (status)
        return status;
    cli_progress_init(progress, args->quiet);
    if (mk_clean(chain, &options, &summary, &error)) {
        cli_progress_clear(progress);
        status = cli_say_error(&error);
        if ((status == CLI_STOPPED || status == CLI_OUTPUT) && has_journal(args->output))
            cli_say("the same command with --resume goes on from the last checkpoint");
    } else {
        cli_progress_clear(progress);
        if (!args->quiet)
            put_summary(stderr, args, &summary, cli_progress_seconds(progress),
                        cli_color(args->color, stderr));
        status = cli_finish(args, summary.n_damaged, summary.n_rejected, summary.no_text);
    }
    mk_summary_clear(&summary);
    return status;
}

int cli_clean(const cli_args *args)
{
    mk_chain *chain = NULL;
    int status = check_outputs(args);

    if (!status)
        status = check_folder(args);
    if (!status)
        status = cli_chain_open(args, &chain);
    if (!status)
        status = clean(args, chain);
    mk_chain_close(chain);
    return status;
}
