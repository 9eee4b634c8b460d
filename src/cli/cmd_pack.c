/* cmd_pack.c: cleaned documents as a release. The work is mk_pack's. */
#include "command.h"
#include "message.h"
#include "progress.h"
#include "release_text.h"

static void on_message(void *arg, const char *text)
{
    cli_progress_clear(arg);
    cli_say("%s", text);
}

static void on_progress(void *arg, const mk_progress *progress)
{
    cli_progress_show(arg, progress);
}

int cli_pack(const cli_args *args)
{
    static const char *const schemas[] = {NULL,       "flat",     "datatrove", "dolma",
                                          "fineweb2", "culturax", "oscar"};
    static const char *const codecs[] = {NULL, "gz", "zst"};
    static const char *const croissants[] = {NULL, "1.0", "1.1"};
    cli_progress progress;
    mk_pack_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .output = args->output,
        .metadata = args->metadata,
        .split = args->split,
        .salt = args->salt,
        .group_field = args->group_field,
        .schema = schemas[args->schema],
        .croissant = croissants[args->croissant],
        .codec = codecs[args->codec],
        .ledger = args->ledger,
        .audit = args->audit,
        .shard_size = args->shard_size,
        .level = (int)args->level,
        .strict = args->strict,
        .force = args->force,
        .threads = (unsigned)args->threads,
        .stop = cli_catch_signals(),
        .on_message = on_message,
        .on_progress = on_progress,
        .arg = &progress,
    };
    mk_release_summary summary = {0};
    mk_error error = {0};
    const int status = cli_epoch(&options.epoch, &options.has_epoch);

    if (status)
        return status;
    cli_progress_init(&progress, args->quiet);
    const mk_err err = mk_pack(&options, &summary, &error);
    cli_progress_clear(&progress);
    if (err)
        return cli_say_error(&error);
    if (!args->quiet)
        cli_release_put("packed", &summary);
    return CLI_DONE;
}
