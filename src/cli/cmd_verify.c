/* cmd_verify.c: is it still what was written? The work is the library's; here it is found
 * out what stands at each path. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "message.h"
#include "print.h"
#include "release_text.h"

static void on_message(void *arg, const char *text)
{
    (void)arg;
    cli_say("%s", text);
}

/* What the run could not read is said of what it wrote, beside "ok": nothing is wrong. */
static void on_note(void *arg, const char *text)
{
    const char *const *const path = arg;

    printf("%s: ", *path);
    cli_put(stdout, mk_str_of(text), 0, CLI_SHOW_SAFE);
    putchar('\n');
}

static void say_good(const char *path, const mk_verified *v, bool run)
{
    char docs[CLI_NUMBER], files[CLI_NUMBER], restored[CLI_NUMBER], bytes[CLI_NUMBER];

    printf("%s: ok, %s %s in %s %s, %s", path, cli_number(docs, v->n_docs),
           cli_plural(v->n_docs, run ? "document" : "line", run ? "documents" : "lines"),
           cli_number(files, v->n_files), cli_plural(v->n_files, "file", "files"),
           cli_bytes(bytes, (double)v->bytes));
    if (v->n_restored > 0)
        printf(", %s %s as they were read", cli_number(restored, v->n_restored),
               cli_plural(v->n_restored, "text", "texts"));
    if (v->n_damaged > 0)
        printf(", of inputs with %s damaged %s", cli_number(docs, v->n_damaged),
               cli_plural(v->n_damaged, "source", "sources"));
    if (v->n_rejected > 0)
        printf("%s %s rejected %s", v->n_damaged > 0 ? " and" : ", of inputs with",
               cli_number(docs, v->n_rejected), cli_plural(v->n_rejected, "record", "records"));
    putchar('\n');
}

static int verify_release(const cli_args *args, const char *path, const mk_verify_run_options *run)
{
    const mk_verify_options options = {.release = path,
                                       .threads = (unsigned)args->threads,
                                       .stop = run->stop,
                                       .on_message = run->on_message};
    mk_release_summary summary = {0};
    mk_error error = {0};

    if (mk_verify_release(&options, &summary, &error))
        return cli_say_error(&error);
    if (!args->quiet)
        cli_release_put("good", &summary);
    return 0;
}

/* One path. 0, or an exit status. */
static int verify(const cli_args *args, const char *path, const mk_verify_run_options *options)
{
    mk_verified verified = {0};
    mk_error error = {0};
    char n[CLI_NUMBER], text[128];
    struct stat st = {0};
    const bool run = mk_run_is(path);
    mk_err err;

    if (strcmp(path, "-") != 0 && stat(path, &st) != 0) {
        cli_say("cannot read '%s': %s", path, strerror_r(errno, text, sizeof(text)));
        return CLI_DAMAGED;
    }
    if (!run && mk_release_is(path))
        return verify_release(args, path, options);
    if (!run && strcmp(path, "-") != 0 && S_ISDIR(st.st_mode)) {
        cli_say("'%s' is no folder of a finished run, and no release", path);
        return CLI_MISMATCH;
    }
    const mk_verify_run_options noting = {.stop = options->stop,
                                          .on_message = options->on_message,
                                          .on_note = args->quiet ? NULL : on_note,
                                          .arg = &path};
    err = run ? mk_verify_run(path, &noting, &verified, &error)
              : mk_verify_file(path, options, &verified, &error);
    if (err == MK_MISMATCH) { /* what is wrong was told */
        cli_say("%s: %s %s wrong", path, cli_number(n, verified.n_wrong),
                cli_plural(verified.n_wrong, "thing is", "things are"));
        return CLI_MISMATCH;
    }
    if (err)
        return cli_say_error(&error);
    if (!args->quiet)
        say_good(path, &verified, run);
    return 0;
}

int cli_verify(const cli_args *args)
{
    const mk_verify_run_options options = {.stop = cli_catch_signals(), .on_message = on_message};
    int worst = CLI_DONE;

    for (size_t i = 0; i < args->operands.n; i++) {
        const int status = verify(args, args->operands.items[i], &options);

        if (status && status != CLI_MISMATCH)
            return status;
        if (status)
            worst = status;
    }
    return worst;
}
