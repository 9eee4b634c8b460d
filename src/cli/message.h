/* message.h: what is said to people on standard error, and how it ends. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stdio.h>

#include "options.h"
#include "minkhal/error.h"

/* ---- exit statuses ---- */

enum {
    CLI_DONE = 0,
    CLI_REJECTS = 1,
    CLI_USAGE = 2,
    CLI_DAMAGED = 3,
    CLI_OUTPUT = 4,
    CLI_EXISTS = 5,
    CLI_MISMATCH = 6,
    CLI_LIMIT = 7,
    CLI_BUG = 70,     /* as EX_SOFTWARE of sysexits.h */
    CLI_STOPPED = 75, /* as EX_TEMPFAIL: running it again may do */
    CLI_CLOSED = 141  /* 128 and the number of SIGPIPE, as shells tell of it */
};

typedef struct cli_exit {
    int status;
    const char *text; /* NULL ends the table */
} cli_exit;

extern const cli_exit cli_exits[];

/* The status that stands for a failure of the library. */
int cli_exit_status(mk_err code);

/* ---- messages ---- */

/* "minkhal: " and a line on standard error. Control characters in it (file
 * names may hold them) are shown as escapes. */
void cli_say(const char *format, ...) MK_PRINTF(1, 2);

/* As cli_say, with a hint at the command's help. Returns CLI_USAGE. */
int cli_say_usage(cli_command command, const char *format, ...) MK_PRINTF(2, 3);

/* Says why a call failed. Returns the exit status. */
int cli_say_error(const mk_error *error);

int cli_say_nomem(void); /* CLI_LIMIT */

/* ---- did you mean ---- */

/* Starts as {word}. Names are tried one by one; the best of them is kept if it
 * is near enough, the first of equals. */
typedef struct cli_nearest {
    const char *word;
    const char *best; /* lent; NULL: none is near */
    unsigned distance;
} cli_nearest;

void cli_nearest_try(cli_nearest *nearest, const char *name);

/* " (did you mean 'x'?)" with before and after x, or "". Returns out. */
const char *cli_nearest_hint(const cli_nearest *nearest, const char *before, char out[96]);

int cli_say_unknown_command(const char *name); /* CLI_USAGE */

/* ---- terminals ---- */

/* choice: CLI_COLOR_... */
bool cli_color(int choice, FILE *f);

/* Whether f is a terminal that can take a line back: not one whose TERM is dumb or unset. */
bool cli_knows_escapes(FILE *f);

/* Columns of the terminal that f is, 0 if it is none. */
size_t cli_terminal_width(FILE *f);

/* Closes standard output. Returns status, or, where that says that the work was done and
 * something could not be written, CLI_OUTPUT (which is said) or, if its reader has gone,
 * CLI_CLOSED. */
int cli_close_stdout(int status);

#endif
