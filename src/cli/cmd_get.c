/* cmd_get.c: documents of a release by their ids. The work is mk_get's. */
#include "command.h"
#include "message.h"
#include "minkhal/release.h"

static bool show(void *arg, mk_str line)
{
    (void)arg;
    fwrite(line.ptr, 1, line.len, stdout);
    fputc('\n', stdout);
    return !ferror(stdout);
}

static void lacks(void *arg, const char *id)
{
    (void)arg;
    cli_say("no document has the id '%s'", id);
}

int cli_get(const cli_args *args)
{
    const mk_get_options options = {.release = args->operands.items[0],
                                    .ids = args->operands.items + 1,
                                    .n_ids = args->operands.n - 1,
                                    .show = show,
                                    .lacks = lacks,
                                    .stop = cli_catch_signals()};
    mk_error error = {0};
    uint64_t lacking = 0;

    const mk_err err = mk_get(&options, &lacking, &error);
    if (!ferror(stdout)) /* or it could wait again */
        fflush(stdout);
    if (err)
        return cli_say_error(&error);
    return lacking > 0 ? CLI_REJECTS : CLI_DONE;
}
