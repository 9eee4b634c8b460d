/* sweep_view.h: what was measured on labelled pages. */
#ifndef CLI_SWEEP_VIEW_H
#define CLI_SWEEP_VIEW_H

#include <stdio.h>

#include "options.h"
#include "minkhal/minkhal.h"

typedef struct cli_sweep_view {
    const cli_args *args;
    FILE *f;
    bool color;
    size_t width; /* columns; 0: lines are not cut */
    bool *nomem;  /* a table could not be printed */
} cli_sweep_view;

void cli_sweep_text(const cli_sweep_view *view, const mk_sweep *sweep);
void cli_sweep_json(const cli_sweep_view *view, const mk_sweep *sweep);

/* False where there is nothing that the figure could speak of: junk without junk,
 * others without content. */
bool cli_figure_speaks(const mk_score *score, mk_figure figure);

/* Of the folds of which the figure speaks: its mean and its worst. */
double cli_fold_mean(const mk_sweep *sweep, mk_figure figure);
double cli_fold_worst(const mk_sweep *sweep, mk_figure figure);

#endif
