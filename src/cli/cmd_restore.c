/* cmd_restore.c: the input texts again, byte for byte. */

#include "command.h"
#include "message.h"
#include "minkhal/release.h"
#include "print.h"

int cli_restore(const cli_args *args)
{
    const mk_restore_options options = {
        .cleaned = args->operands.items[0],
        .ledger = args->operands.n > 1 ? args->operands.items[1] : NULL,
        .output = args->output,
        .codec = cli_codec(args),
        .force = args->force,
        .level = (int)args->level,
        .stop = cli_catch_signals(),
    };
    mk_error error = {0};
    char n[CLI_NUMBER];
    uint64_t n_docs = 0;
    int status = cli_check_output(args);

    if (!status && !options.ledger && !mk_run_is(options.cleaned) &&
        !mk_release_is(options.cleaned))
        status = cli_say_usage(
            CLI_RESTORE, "restore needs CLEANED and LEDGER, or the folder of a run or a release");

    if (status)
        return status;
    if (mk_restore(&options, &n_docs, &error))
        return cli_say_error(&error);
    if (!args->quiet)
        cli_say("%s %s restored, each checked against its digest", cli_number(n, n_docs),
                n_docs == 1 ? "text" : "texts");
    return CLI_DONE;
}
