/* cmd_verify.c: is a release what it says? The work is mk_verify_release's. */
#include "command.h"
#include "message.h"
#include "release_text.h"

int cli_verify(const cli_args *args)
{
    const mk_verify_options options = {.release = args->operands.items[0],
                                       .threads = (unsigned)args->threads,
                                       .stop = cli_catch_signals()};
    mk_release_summary summary = {0};
    mk_error error = {0};

    if (mk_verify_release(&options, &summary, &error))
        return cli_say_error(&error);
    if (!args->quiet)
        cli_release_put("good", &summary);
    return CLI_DONE;
}
