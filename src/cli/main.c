/* main.c: finds the command, runs it, ends with its status. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "guard.h"
#include "message.h"

enum { OUT_SIZE = 64 << 10 /* bytes: the buffer of standard output */ };

/* A file opened later must not become standard input, output or error by
 * chance. What was closed is opened the wrong way round, so that using it fails
 * instead of losing data. False if that is not possible either. */
static bool hold_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            return false;
    }
    return true;
}

/* Ends as if we had been told by SIGPIPE at once: who started us knows by it that the output
 * is not whole, and why. Comes back where that signal is held. */
static void end_by_pipe(void)
{
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

/* A reader that has gone and a file that has grown too long are errors of a
 * write, which says so, not ends of the program. */
static void ignore_signals(void)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static int generate(int what)
{
    static void (*const generators[])(FILE *) = {
        [CLI_MAN] = cli_man_print,
        [CLI_BASH] = cli_bash_print,
        [CLI_ZSH] = cli_zsh_print,
        [CLI_FISH] = cli_fish_print,
    };

    generators[what](stdout);
    return CLI_DONE;
}

/* Of the commands that read what strangers have made. */
static void guard_writes(cli_command command, const cli_args *args)
{
    const char *const outputs[] = {args->output, args->ledger, args->rejects, args->summary,
                                   args->attributes};

    if (command == CLI_CLEAN || command == CLI_CAT || command == CLI_EXPLAIN || command == CLI_MINE)
        cli_guard_writes(outputs, sizeof(outputs) / sizeof(*outputs));
}

static int run_command(cli_command command, int argc, char **argv, int at)
{
    cli_args args;
    int status = cli_parse(command, argc, argv, &at, &args);

    if (!status && args.help) {
        cli_help_print(stdout, command);
    } else if (!status) {
        status = cli_check(&args);
        if (!status) {
            guard_writes(command, &args);
            status = cli_list_inputs(&args);
        }
        if (!status)
            status = cli_infos[command].run(&args);
    }
    cli_args_clear(&args);
    return status;
}

static int run(int argc, char **argv)
{
    cli_args args;
    int at = 1;
    int status = cli_parse(CLI_MAIN, argc, argv, &at, &args);
    const int what = args.generate;
    const bool help = args.help, version = args.version;
    cli_command command;

    cli_args_clear(&args);
    if (status)
        return status;
    if (help) {
        cli_help_print(stdout, CLI_MAIN);
        return CLI_DONE;
    }
    if (version) {
        printf("minkhal %s\n", mk_version());
        return CLI_DONE;
    }
    if (what)
        return generate(what);
    if (at >= argc) {
        cli_usage_print(stderr, CLI_MAIN);
        return cli_say_usage(CLI_MAIN, "no command");
    }
    command = cli_command_find(argv[at]);
    if (command == CLI_N_COMMANDS)
        return cli_say_unknown_command(argv[at]);
    return run_command(command, argc, argv, at + 1);
}

/* libarchive ends the program where it has no memory for a string. */
static void on_early_exit(int status, void *arg)
{
    const bool *const ended = arg;

    if (!*ended && status != CLI_DONE)
        _exit(CLI_LIMIT);
}

int main(int argc, char **argv)
{
    static bool ended; /* by ourselves */

    if (!hold_standard_streams() || on_exit(on_early_exit, &ended) != 0)
        return CLI_OUTPUT;
    ignore_signals();
    (void)cli_guard(); /* where the kernel has none, nothing is lost but a second line */
    /* Whole lines, so that those of two programs do not mix. */
    setvbuf(stderr, NULL, _IOLBF, 0);
    if (!isatty(STDOUT_FILENO))
        setvbuf(stdout, NULL, _IOFBF, OUT_SIZE);
    const int status = cli_close_stdout(run(argc, argv));
    ended = true;
    if (status == CLI_CLOSED)
        end_by_pipe();
    return status;
}
