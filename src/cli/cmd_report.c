/* cmd_report.c: what a run did, as a page for people. The work is mk_report's. */
#include <string.h>

#include "command.h"
#include "message.h"
#include "minkhal/report.h"
#include "print.h"

int cli_report(const cli_args *args)
{
    const mk_report_options options = {
        .cleaned = args->operands.items[0],
        .ledger = args->operands.n > 1 ? args->operands.items[1] : NULL,
        .output = args->output,
        .title = args->title,
        .seed = args->seed,
        .max_samples = (size_t)args->samples,
        .max_sites = (size_t)args->sites,
        .force = args->force,
        .stop = cli_catch_signals(),
    };
    mk_error error = {0};
    char n[CLI_NUMBER];
    uint64_t n_docs = 0;

    if (mk_report(&options, &n_docs, &error))
        return cli_say_error(&error);
    if (!args->quiet)
        cli_say("%s %s in %s", cli_number(n, n_docs), n_docs == 1 ? "record" : "records",
                strcmp(args->output, "-") == 0 ? "the page" : args->output);
    return CLI_DONE;
}
