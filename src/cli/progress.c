/* progress.c: how far a run is, on standard error. */
#include <stdio.h>
#include <time.h>

#include "message.h"
#include "print.h"
#include "progress.h"

#define REDRAW_SECONDS 0.1 /* what an eye can follow */
#define REPORT_SECONDS 60  /* what a log can bear */
#define SETTLE_SECONDS 2   /* before that a guess of the rest is worth nothing */

static double seconds(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void cli_progress_init(cli_progress *progress, bool quiet)
{
    *progress = (cli_progress){.quiet = quiet};
    progress->terminal = cli_knows_escapes(stderr);
    progress->began = progress->last = seconds();
}

double cli_progress_seconds(const cli_progress *progress)
{
    return seconds() - progress->began;
}

/* "1.2 of 3.4 GB, 35.3%", "1.2 MB" where the total is not known. */
static int format_bytes(char *out, size_t size, const mk_progress *now)
{
    char done[CLI_NUMBER], total[CLI_NUMBER], percent[CLI_NUMBER];

    if (now->total_bytes == 0)
        return snprintf(out, size, "%s", cli_bytes(done, (double)now->bytes_in));
    return snprintf(
        out, size, "%s  %s of %s", cli_percent(percent, now->bytes_in, now->total_bytes),
        cli_bytes(done, (double)now->bytes_in), cli_bytes(total, (double)now->total_bytes));
}

/* The seconds that are left, less than 0 if nobody can tell. */
static double left(const mk_progress *now, double passed)
{
    if (passed < SETTLE_SECONDS || now->bytes_in == 0 || now->bytes_in > now->total_bytes)
        return -1;
    return passed * (double)(now->total_bytes - now->bytes_in) / (double)now->bytes_in;
}

static void format_line(char *out, size_t size, const mk_progress *now, double passed)
{
    char docs[CLI_NUMBER], rate[CLI_NUMBER], kept[CLI_NUMBER], eta[CLI_NUMBER];
    char shard[CLI_NUMBER], mark[CLI_NUMBER];
    const double rest = left(now, passed);
    int len = format_bytes(out, size, now);

    len += snprintf(out + len, size - (size_t)len, "  %s %s  %s/s", cli_number(docs, now->n_in),
                    cli_plural(now->n_in, "document", "documents"),
                    cli_bytes(rate, passed > 0 ? (double)now->bytes_in / passed : 0));
    if (now->text_out > 0)
        len += snprintf(out + len, size - (size_t)len, "  kept %s",
                        cli_percent(kept, now->text_out, now->text_in));
    if (now->n_checkpoints > 0)
        len += snprintf(out + len, size - (size_t)len, "  shard %s  checkpoint %s",
                        cli_number(shard, now->shard), cli_number(mark, now->n_checkpoints));
    if (rest >= 0)
        snprintf(out + len, size - (size_t)len, "  %s left", cli_duration(eta, rest));
}

/* The figures first, what is left of the line for the name of the source. */
static void redraw(const char *line, const char *source)
{
    const size_t width = cli_terminal_width(stderr);
    const size_t room = width > 1 ? width - 1 : 79;
    size_t used;

    fputs("\r\033[K", stderr);
    used = cli_put(stderr, mk_str_of(line), room, CLI_SHOW_SAFE);
    if (source && used + 8 < room) {
        fputs("  ", stderr);
        cli_put(stderr, mk_str_of(source), room - used - 2, CLI_SHOW_SAFE);
    }
    fflush(stderr);
}

void cli_progress_show(cli_progress *progress, const mk_progress *now)
{
    const double t = seconds();
    char line[320];

    if (progress->quiet ||
        t - progress->last < (progress->terminal ? REDRAW_SECONDS : REPORT_SECONDS))
        return;
    progress->last = t;
    format_line(line, sizeof(line), now, t - progress->began);
    if (progress->terminal)
        redraw(line, now->source);
    else
        cli_say("%s", line);
    progress->drawn = progress->terminal;
}

void cli_progress_tell(cli_progress *progress, const mk_progress *now)
{
    char line[320];

    cli_progress_clear(progress);
    format_line(line, sizeof(line), now, seconds() - progress->began);
    cli_say("%s", line);
}

void cli_progress_clear(cli_progress *progress)
{
    if (!progress->drawn)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->drawn = false;
}
