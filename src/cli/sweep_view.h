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
} cli_sweep_view;

void cli_sweep_text(const cli_sweep_view *view, const mk_sweep *sweep);
void cli_sweep_json(const cli_sweep_view *view, const mk_sweep *sweep);

/* Of all folds: the mean of a figure and the one in which it is worst. */
double cli_fold_mean(const mk_sweep *sweep, mk_figure figure);
const mk_fold_score *cli_fold_worst(const mk_sweep *sweep, mk_figure figure);

#endif
