/* progress.h: one line on a terminal, a plain line a minute elsewhere. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "minkhal/minkhal.h"

/* Starts with cli_progress_init. */
typedef struct cli_progress {
    bool terminal;      /* redraw one line */
    bool quiet;         /* show nothing */
    bool drawn;         /* a line stands there */
    double began, last; /* seconds of a clock that only goes on */
} cli_progress;

void cli_progress_init(cli_progress *progress, bool quiet);

/* Shows where the run is, unless it did so a moment ago. */
void cli_progress_show(cli_progress *progress, const mk_progress *now);

/* Takes the line away, so that something else can be printed. */
/* The same line once, whatever stands in progress: somebody asked. */
void cli_progress_tell(cli_progress *progress, const mk_progress *now);

void cli_progress_clear(cli_progress *progress);

double cli_progress_seconds(const cli_progress *progress); /* since init */

#endif
