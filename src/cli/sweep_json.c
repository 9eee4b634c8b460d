/* sweep_json.c: what was measured, for programs: one JSON object. Keys come in the
 * same order in every run; what was not asked for is an empty array or null. */
#include "explain_view.h"
#include "print.h"
#include "sweep_view.h"

static void key_str(cli_json *j, const char *key, mk_str value)
{
    cli_json_key(j, key);
    cli_json_str(j, value);
}

static void key_number(cli_json *j, const char *key, uint64_t value)
{
    cli_json_key(j, key);
    cli_json_number(j, value);
}

static void key_open(cli_json *j, const char *key, char bracket)
{
    cli_json_key(j, key);
    cli_json_open(j, bracket);
}

/* ---- a score ---- */

static void put_counts(cli_json *j, const mk_score *s)
{
    const struct {
        const char *name;
        uint64_t n;
    } counts[] = {
        {"pages", s->n_pages},
        {"pages_perfect", s->n_perfect},
        {"pages_harmed", s->n_harmed},
        {"content_size", s->content},
        {"content_kept", s->content_kept},
        {"junk_size", s->junk},
        {"junk_kept", s->junk_kept},
        {"either_size", s->either},
        {"either_kept", s->either_kept},
        {"novel", s->novel},
    };

    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
        key_number(j, counts[i].name, counts[i].n);
}

static void put_score(cli_json *j, const mk_score *s)
{
    cli_json_open(j, '{');
    for (int i = 0; i < MK_FIGURE_COUNT; i++) {
        cli_json_key(j, mk_figure_name((mk_figure)i));
        cli_json_real(j, mk_score_figure(s, (mk_figure)i));
    }
    put_counts(j, s);
    cli_json_close(j, '}');
}

static void key_score(cli_json *j, const char *key, const mk_score *s)
{
    cli_json_key(j, key);
    put_score(j, s);
}

/* ---- parts ---- */

static void put_strata(cli_json *j, const mk_sweep *s)
{
    key_open(j, "strata", '[');
    for (size_t i = 0; i < s->n_strata; i++) {
        cli_json_open(j, '{');
        key_str(j, "name", s->strata[i].name);
        cli_json_key(j, "has_content");
        cli_json_bool(j, s->strata[i].has_content);
        key_score(j, "score", &s->strata[i].score);
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
}

static void put_junk(cli_json *j, const mk_sweep *s)
{
    key_open(j, "junk", '[');
    for (size_t i = 0; i < s->n_junk; i++) {
        cli_json_open(j, '{');
        key_str(j, "category", s->junk[i].category);
        key_number(j, "size", s->junk[i].junk);
        key_number(j, "kept", s->junk[i].junk_kept);
        key_number(j, "either_size", s->junk[i].either);
        key_number(j, "either_kept", s->junk[i].either_kept);
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
}

static void put_folds(cli_json *j, const mk_sweep *s)
{
    key_open(j, "folds", '[');
    for (size_t i = 0; i < s->n_folds; i++) {
        cli_json_open(j, '{');
        key_number(j, "number", s->folds[i].number + 1);
        key_number(j, "sites", s->folds[i].n_sites);
        key_score(j, "score", &s->folds[i].score);
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
    key_open(j, "folds_mean", '{');
    for (int i = 0; s->n_folds > 0 && i < MK_FIGURE_COUNT; i++) {
        cli_json_key(j, mk_figure_name((mk_figure)i));
        cli_json_real(j, cli_fold_mean(s, (mk_figure)i));
    }
    cli_json_close(j, '}');
    key_open(j, "folds_worst", '{');
    for (int i = 0; s->n_folds > 0 && i < MK_FIGURE_COUNT; i++) {
        cli_json_key(j, mk_figure_name((mk_figure)i));
        cli_json_real(j, cli_fold_worst(s, (mk_figure)i));
    }
    cli_json_close(j, '}');
}

static void put_interval(cli_json *j, const char *key, const mk_interval *x)
{
    key_open(j, key, '[');
    cli_json_real(j, x->low);
    cli_json_real(j, x->high);
    cli_json_close(j, ']');
}

static void put_intervals(cli_json *j, const cli_sweep_view *v, const mk_sweep *s)
{
    key_open(j, "intervals", '{');
    if (v->args->intervals) {
        put_interval(j, "content", &s->content);
        put_interval(j, "junk", &s->junk_gone);
    }
    cli_json_close(j, '}');
}

/* ---- the worst pages ---- */

static void put_line(cli_json *j, const mk_wrong_line *l)
{
    cli_json_open(j, '{');
    key_number(j, "number", l->number);
    key_str(j, "wrong", l->lost ? MK_STR("lost") : MK_STR("kept"));
    key_number(j, "size", l->wrong);
    key_number(j, "of", l->whole);
    key_str(j, "text", l->text);
    key_str(j, "category", l->category);
    cli_json_key(j, "agrees");
    cli_json_bool(j, l->agrees);
    key_str(j, "label", mk_str_of(cli_label_name(l->label)));
    key_str(j, "zone", mk_str_of(cli_zone_name(l->zone)));
    key_str(j, "filter", mk_str_of(l->filter));
    key_str(j, "rule", mk_str_of(l->rule));
    key_str(j, "strength",
            !l->lost && l->filter ? mk_str_of(cli_strength_name(l->strength)) : MK_STR(""));
    key_str(j, "evidence", l->evidence);
    cli_json_close(j, '}');
}

static void put_worst(cli_json *j, const cli_sweep_view *v, const mk_sweep *s)
{
    key_open(j, "worst", '[');
    for (size_t i = 0; i < s->n_worst; i++) {
        const mk_sweep_page *p = &s->worst[i];

        cli_json_open(j, '{');
        key_str(j, "id", p->id);
        key_str(j, "source", p->source);
        key_number(j, "number", p->number);
        key_str(j, "stratum", p->stratum);
        key_score(j, "score", &p->score);
        key_open(j, "lines", '[');
        for (size_t k = 0; v->args->lines && k < p->n_lines; k++)
            put_line(j, &p->lines[k]);
        cli_json_close(j, ']');
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
}

void cli_sweep_json(const cli_sweep_view *view, const mk_sweep *sweep)
{
    cli_json json = {.f = view->f};
    cli_json *const j = &json;

    cli_json_open(j, '{');
    key_score(j, "all", &sweep->all);
    key_score(j, "with_content", &sweep->with_content);
    key_score(j, "without_content", &sweep->without_content);
    key_number(j, "sites", sweep->n_sites);
    put_strata(j, sweep);
    put_junk(j, sweep);
    put_folds(j, sweep);
    put_intervals(j, view, sweep);
    put_worst(j, view, sweep);
    cli_json_close(j, '}');
    fputc('\n', view->f);
}
