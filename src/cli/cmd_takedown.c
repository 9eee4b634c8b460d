/* cmd_takedown.c: a release again, without some documents. The work is mk_takedown's. */
#include "command.h"
#include "message.h"
#include "release_text.h"

static void on_message(void *arg, const char *text)
{
    (void)arg;
    cli_say("%s", text);
}

int cli_takedown(const cli_args *args)
{
    mk_takedown_options options = {
        .release = args->operands.items[0],
        .output = args->output,
        .ids = args->ids,
        .hosts = args->hosts,
        .urls = args->urls,
        .reason = args->reason,
        .force = args->force,
        .threads = (unsigned)args->threads,
        .stop = cli_catch_signals(),
        .on_message = on_message,
    };
    mk_release_summary summary = {0};
    mk_error error = {0};
    bool has_epoch;
    int status = 0;

    if (!args->ids && !args->hosts && !args->urls)
        return cli_say_usage(CLI_TAKEDOWN, "takedown needs one of --ids, --hosts and --urls");
    if (!!args->ids + !!args->hosts + !!args->urls > 1)
        return cli_say_usage(CLI_TAKEDOWN, "only one of --ids, --hosts and --urls may be given");
    status = cli_epoch(&options.epoch, &has_epoch);
    if (status)
        return status;
    if (mk_takedown(&options, &summary, &error))
        return cli_say_error(&error);
    if (!args->quiet)
        cli_release_put("packed again", &summary);
    return CLI_DONE;
}
