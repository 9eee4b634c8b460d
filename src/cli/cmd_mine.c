/* cmd_mine.c: what each site repeats, as a file of rules. The work is mk_mine's. */
#include "command.h"
#include "message.h"
#include "print.h"
#include "progress.h"

static void on_progress(void *arg, const mk_progress *now)
{
    cli_progress_show(arg, now);
}

static void on_message(void *arg, const char *text)
{
    cli_progress_clear(arg);
    cli_say("%s", text);
}

static void put_summary(const mk_mine_summary *s)
{
    char n[CLI_NUMBER], m[CLI_NUMBER];

    cli_say("%s %s of %s %s", cli_number(n, s->n_lines), cli_plural(s->n_lines, "line", "lines"),
            cli_number(m, s->n_sites), cli_plural(s->n_sites, "site", "sites"));
    fprintf(stderr, "  pages    %s read", cli_number(n, s->n_in - s->n_rejected - s->n_skipped));
    if (s->n_rejected > 0)
        fprintf(stderr, ", %s rejected", cli_number(n, s->n_rejected));
    if (s->n_skipped > 0)
        fprintf(stderr, ", %s %s skipped", cli_number(n, s->n_skipped),
                cli_plural(s->n_skipped, "record", "records"));
    if (s->n_no_site > 0)
        fprintf(stderr, ", %s without a site", cli_number(n, s->n_no_site));
    fputc('\n', stderr);
    if (s->n_merged > 0)
        fprintf(stderr, "  merged   %s %s\n", cli_number(n, s->n_merged),
                cli_plural(s->n_merged, "file", "files"));
    if (s->n_damaged > 0)
        fprintf(stderr, "  damaged  %s %s\n", cli_number(n, s->n_damaged),
                cli_plural(s->n_damaged, "source", "sources"));
    if (s->missed > 0)
        fprintf(stderr,
                "  short    counts may be %s %s short: rare lines were forgotten (--memory) "
                "or left out of parts\n",
                cli_number(n, s->missed), cli_plural(s->missed, "page", "pages"));
}

int cli_mine(const cli_args *args)
{
    cli_progress progress;
    mk_mine_summary summary = {0};
    mk_error error = {0};
    const mk_mine_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .select = cli_selection(args),
        .output = args->output,
        .text_field = args->text_field,
        .html_field = args->html_field,
        .site_field = args->site_field,
        .max_doc = args->max_doc,
        .limits = cli_limits(args),
        .memory = args->memory,
        .min_pages = args->min_pages,
        .min_share = (unsigned)args->min_share,
        .counts = args->counts,
        .force = args->force,
        .stop = cli_catch_signals(),
        .on_progress = on_progress,
        .on_message = on_message,
        .arg = &progress,
    };
    mk_err err;

    cli_progress_init(&progress, args->quiet);
    err = mk_mine(&options, &summary, &error);
    cli_progress_clear(&progress);
    if (err)
        return cli_say_error(&error);
    if (!args->quiet)
        put_summary(&summary);
    return cli_finish(args, summary.n_damaged, summary.n_rejected, summary.no_text);
}
