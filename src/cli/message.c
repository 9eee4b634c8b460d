/* message.c: what is said on standard error, and how it ends. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "print.h"

/* ---- exit statuses ---- */

const cli_exit cli_exits[] = {
    {CLI_DONE, "done"},
    {CLI_REJECTS,
     "done, but more records were rejected than --max-rejects allows; "
     "explain, get, takedown: there is no such document; sweep: a figure is below --min; "
     "diff: there are differences"},
    {CLI_USAGE, "wrong usage: an option, a name or a value that does not exist"},
    {CLI_DAMAGED, "some inputs are damaged or unreadable: they are named, the rest is done"},
    {CLI_OUTPUT, "an output could not be written"},
    {CLI_EXISTS, "an output exists already, or is in use"},
    {CLI_MISMATCH, "two things that must agree do not"},
    {CLI_LIMIT, "a limit was reached, or memory ran out"},
    {CLI_BUG, "a bug of minkhal: please report it"},
    {CLI_STOPPED, "interrupted: a run into a folder can be resumed, others left nothing"},
    {CLI_CLOSED, "the reader of an output has gone, as 'head' does when it has enough: ends "
                 "by SIGPIPE, as other programs do, and says nothing"},
    {0, NULL},
};

int cli_exit_status(mk_err code)
{
    switch (code) {
    case MK_OK:
    case MK_END:
        return CLI_DONE;
    case MK_RECORD:
        return CLI_REJECTS;
    case MK_DAMAGED:
        return CLI_DAMAGED;
    case MK_OPTION:
        return CLI_USAGE;
    case MK_NOMEM:
    case MK_LIMIT:
        return CLI_LIMIT;
    case MK_OUTPUT:
        return CLI_OUTPUT;
    case MK_CLOSED:
        return CLI_CLOSED;
    case MK_EXISTS:
        return CLI_EXISTS;
    case MK_MISMATCH:
        return CLI_MISMATCH;
    case MK_STOPPED:
        return CLI_STOPPED;
    case MK_BUG:
        return CLI_BUG;
    }
    return CLI_BUG;
}

/* ---- messages ---- */

static void say(const char *format, va_list args)
{
    char small[1024];
    char *text = small;
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(small, sizeof(small), format, args);
    /* A message with a long path: if there is no memory for it, it is cut. */
    if (len >= (int)sizeof(small)) {
        text = malloc((size_t)len + 1);
        if (text)
            vsnprintf(text, (size_t)len + 1, format, again);
        else
            text = small;
    }
    va_end(again);
    fputs("minkhal: ", stderr);
    cli_put(stderr, mk_str_of(text), 0, CLI_SHOW_SAFE);
    fputc('\n', stderr);
    if (text != small)
        free(text);
}

void cli_say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(format, args);
    va_end(args);
}

int cli_say_usage(cli_command command, const char *format, ...)
{
    const char *name = cli_infos[command].name;
    va_list args;

    va_start(args, format);
    say(format, args);
    va_end(args);
    cli_say("try 'minkhal %s%s--help'", name, *name ? " " : "");
    return CLI_USAGE;
}

int cli_say_error(const mk_error *error)
{
    if (error->code == MK_BUG)
        cli_say("internal error: %s (please report this)", error->text);
    else if (error->code != MK_CLOSED)
        cli_say("%s", error->text);
    return cli_exit_status(error->code);
}

int cli_say_nomem(void)
{
    cli_say("out of memory");
    return CLI_LIMIT;
}

/* ---- did you mean ---- */

void cli_nearest_try(cli_nearest *nearest, const char *name)
{
    const size_t n_word = strlen(nearest->word);
    const unsigned near = n_word < 6 ? 1 : (unsigned)(n_word / 3);
    unsigned d;

    if (n_word == 0)
        return;
    /* A beginning counts as a slip of one: options are not to be shortened. */
    if (n_word >= 2 && strncmp(name, nearest->word, n_word) == 0)
        d = 1;
    else
        d = mk_edit_distance(mk_str_of(nearest->word), mk_str_of(name), near);
    if (d <= near && (!nearest->best || d < nearest->distance)) {
        nearest->best = name;
        nearest->distance = d;
    }
}

const char *cli_nearest_hint(const cli_nearest *nearest, const char *before, char out[96])
{
    if (nearest->best)
        snprintf(out, 96, " (did you mean '%s%s'?)", before, nearest->best);
    else
        out[0] = '\0';
    return out;
}

int cli_say_unknown_command(const char *name)
{
    cli_nearest near = {.word = name};
    char hint[96];

    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++)
        cli_nearest_try(&near, cli_infos[c].name);
    return cli_say_usage(CLI_MAIN, "unknown command '%s'%s", name,
                         cli_nearest_hint(&near, "", hint));
}

/* ---- terminals ---- */

bool cli_knows_escapes(FILE *f)
{
    const char *term = getenv("TERM");

    return isatty(fileno(f)) && term && strcmp(term, "dumb") != 0;
}

bool cli_color(int choice, FILE *f)
{
    const char *no_color = getenv("NO_COLOR");

    if (choice == CLI_COLOR_ALWAYS)
        return true;
    if (choice == CLI_COLOR_NEVER || (no_color && *no_color))
        return false;
    return cli_knows_escapes(f);
}

size_t cli_terminal_width(FILE *f)
{
    struct winsize size;

    if (!isatty(fileno(f)))
        return 0;
    if (ioctl(fileno(f), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 80;
}

/* True if f is a pipe whose reader has gone: to stop is what it asked for. */
static bool reader_gone(FILE *f)
{
    struct pollfd p = {.fd = fileno(f), .events = POLLOUT};

    return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}

int cli_close_stdout(int status)
{
    /* It waits for a reader, who may never come: what is left is not for him. */
    if (ferror(stdout) && cli_stopped()) {
        __fpurge(stdout);
        fclose(stdout);
        return CLI_STOPPED;
    }

    const bool failed = ferror(stdout) != 0;
    const int reason = fflush(stdout) == 0 ? 0 : errno;
    const bool gone = (failed || reason) && reader_gone(stdout);
    const bool closed = fclose(stdout) == 0;
    const int last = reason ? reason : closed ? 0 : errno;

    if (!failed && !last)
        return status;
    if (!gone)
        cli_say("cannot write standard output%s%s", last ? ": " : "", last ? strerror(last) : "");
    /* What was found, or was damaged, nobody can read. */
    if (status != CLI_DONE && status != CLI_REJECTS && status != CLI_DAMAGED &&
        status != CLI_OUTPUT)
        return status;
    return gone ? CLI_CLOSED : CLI_OUTPUT;
}
