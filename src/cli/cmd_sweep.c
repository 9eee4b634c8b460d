/* cmd_sweep.c: figures over labelled pages. The work is mk_sweep_run's. Refuses a
 * minimum for what is better when it is less. Cases: fixtures/cli/sweep_*. */
#include <stdlib.h>

#include "command.h"
#include "message.h"
#include "print.h"
#include "sweep_view.h"

enum { DEFAULT_WORST = 10 /* pages whose lines can be read at a sitting */ };

/* ---- folds ---- */

static bool is_better_low(mk_figure figure)
{
    return figure == MK_FIGURE_HARM || figure == MK_FIGURE_COST;
}

bool cli_figure_speaks(const mk_score *score, mk_figure figure)
{
    return (figure == MK_FIGURE_JUNK ? score->junk : score->content) > 0;
}

double cli_fold_mean(const mk_sweep *sweep, mk_figure figure)
{
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < sweep->n_folds; i++)
        if (cli_figure_speaks(&sweep->folds[i].score, figure)) {
            sum += mk_score_figure(&sweep->folds[i].score, figure);
            n++;
        }
    return n > 0 ? sum / (double)n : 0;
}

double cli_fold_worst(const mk_sweep *sweep, mk_figure figure)
{
    double worst = 0;
    bool any = false;

    for (size_t i = 0; i < sweep->n_folds; i++) {
        const double x = mk_score_figure(&sweep->folds[i].score, figure);

        if (!cli_figure_speaks(&sweep->folds[i].score, figure))
            continue;
        if (!any || (is_better_low(figure) ? x > worst : x < worst))
            worst = x;
        any = true;
    }
    return worst;
}

/* ---- minima ---- */

typedef struct minimum {
    mk_figure figure;
    double value;
} minimum;

static int parse_minimum(const char *text, minimum *ret)
{
    const size_t len = strcspn(text, "=");
    char *end = NULL;

    ret->figure = MK_FIGURE_COUNT;
    for (int i = 0; i < MK_FIGURE_COUNT; i++)
        if (!is_better_low((mk_figure)i) &&
            mk_str_eq((mk_str){text, len}, mk_str_of(mk_figure_name((mk_figure)i))))
            ret->figure = (mk_figure)i;
    if (ret->figure == MK_FIGURE_COUNT)
        return cli_say_usage(CLI_SWEEP,
                             "bad value '%s' for '--min': one of content, junk, purity, f1, "
                             "perfect is needed before '='",
                             text);
    if (text[len] == '=' && text[len + 1] >= '0' && text[len + 1] <= '9')
        ret->value = strtod(text + len + 1, &end);
    if (!end || *end != '\0' || !(ret->value >= 0 && ret->value <= 1))
        return cli_say_usage(CLI_SWEEP,
                             "bad value '%s' for '--min': a number from 0 to 1 is needed after '='",
                             text);
    return 0;
}

static int check_minima(const cli_args *args)
{
    minimum m;

    for (size_t i = 0; i < args->minima.n; i++) {
        const int status = parse_minimum(args->minima.items[i], &m);

        if (status)
            return status;
    }
    return 0;
}

static int compare_minima(const cli_args *args, const mk_score *score)
{
    int status = CLI_DONE;
    minimum m;

    for (size_t i = 0; i < args->minima.n; i++) {
        if (parse_minimum(args->minima.items[i], &m))
            return CLI_USAGE;
        const double x = mk_score_figure(score, m.figure);
        if (x < m.value) {
            /* Cut, not rounded: it must not read like what was asked for. */
            cli_say("%s is %.4f, below --min %s", mk_figure_name(m.figure),
                    (double)(unsigned)(x * 10000) / 10000, args->minima.items[i]);
            status = CLI_REJECTS;
        }
    }
    return status;
}

/* ---- the run ---- */

static void on_message(void *arg, const char *text)
{
    (void)arg;
    cli_say("%s", text);
}

static int sweep(const cli_args *args, const mk_chain *chain)
{
    const mk_sweep_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .by = args->by,
        .site_field = args->site_field,
        .n_worst = args->worst || !args->lines ? (size_t)args->worst : DEFAULT_WORST,
        .n_folds = (unsigned)args->folds,
        .intervals = args->intervals,
        .stop = cli_catch_signals(),
        .on_message = on_message,
    };
    bool nomem = false;
    const cli_sweep_view view = {
        .args = args,
        .f = stdout,
        .color = cli_color(args->color, stdout),
        .width = cli_terminal_width(stdout),
        .nomem = &nomem,
    };
    mk_sweep result = {0};
    mk_error error = {0};
    int status;

    if (mk_sweep_run(chain, &options, &result, &error))
        return cli_say_error(&error);
    if (args->json)
        cli_sweep_json(&view, &result);
    else
        cli_sweep_text(&view, &result);
    fflush(stdout);
    status = nomem ? cli_say_nomem() : compare_minima(args, &result.all);
    mk_sweep_clear(&result);
    return status;
}

int cli_sweep(const cli_args *args)
{
    mk_chain *chain = NULL;
    int status = check_minima(args);

    if (!status)
        status = cli_chain_open(args, &chain);
    if (!status)
        status = sweep(args, chain);
    mk_chain_close(chain);
    return status;
}
