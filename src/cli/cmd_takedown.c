/* cmd_takedown.c: a release again, without some documents. The work is mk_takedown's. */
#include <inttypes.h>

#include "command.h"
#include "message.h"
#include "release_text.h"

static void on_message(void *arg, const char *text)
{
    (void)arg;
    cli_say("%s", text);
}

static void lacks(void *arg, uint64_t line, mk_str entry)
{
    const char *const list = arg;

    cli_say("%s:%" PRIu64 ": no document has '%.*s'", list, line,
            (int)(entry.len < 1000 ? entry.len : 1000), entry.ptr);
}

int cli_takedown(const cli_args *args)
{
    const char *const list = args->ids ? args->ids : args->hosts ? args->hosts : args->urls;
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
        .lacks = lacks,
        .arg = (void *)(uintptr_t)list,
    };
    mk_release_summary summary = {0};
    mk_error error = {0};
    bool has_epoch;
    int status = 0;

    if (!list)
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
    return summary.n_lacking > 0 ? CLI_REJECTS : CLI_DONE;
}
