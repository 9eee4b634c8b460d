/* sweep.c: a chain over labelled pages, and what became of them in figures. Pages
 * are read, cleaned and scored one by one on the calling thread; counts, names
 * and the lines of the worst pages are all that is kept of them.
 *
 * Refuses wrong labels with file and line: a figure over some of the pages would
 * pass for one over all. Cases: tests/measure/test_sweep.c, fixtures/cli/sweep_*. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/need.h"
#include "doc/doc.h"
#include "doc/sites.h"
#include "chain/pipeline.h"
#include "measure/sample.h"
#include "measure/score.h"
#include "read/source.h"

typedef struct sweeper {
    const mk_chain *chain;
    const mk_sweep_options *options;
    mk_arena *page, *all; /* memory of one page, and of what is reported */
    mk_buf text;
    mk_scores strata, categories, sites;
    bool any_stratum; /* a page has the member `by` */
    mk_sweep *sweep;
    mk_error *reterr;
} sweeper;

/* A page on its way. */
typedef struct subject {
    const mk_doc *doc;
    const mk_labelled *labelled;
    const mk_line_score *lines;
    mk_score score;
    mk_str stratum;
} subject;

static mk_err no_memory(sweeper *s)
{
    return mk_fail(s->reterr, MK_NOMEM, "out of memory for a labelled page");
}

/* ---- counting a page ---- */

static bool add_to(mk_scores *scores, mk_str key, const mk_score *score)
{
    mk_score *to = mk_scores_of(scores, key);
    if (to)
        mk_score_add(to, score);
    return to != NULL;
}

/* Strata have a byte before their name: pages without content stand apart. */
static bool count_stratum(sweeper *s, const subject *x)
{
    char *key = mk_arena_bytes(s->page, x->stratum.len + 1);
    if (!key)
        return false;
    key[0] = x->score.content > 0 ? 'y' : 'n';
    for (size_t i = 0; i < x->stratum.len; i++)
        key[i + 1] = x->stratum.ptr[i];
    return add_to(&s->strata, (mk_str){key, x->stratum.len + 1}, &x->score);
}

/* The member, the host of the url, or the page by itself. */
static bool count_site(sweeper *s, const subject *x)
{
    const mk_str field = mk_str_of(s->options->site_field ? s->options->site_field : "site");
    mk_doc doc = *x->doc;
    mk_str name;
    if (!mk_site_name(&doc, field, s->page, &name))
        return false;
    doc.source = MK_STR(""); /* a file of labelled pages is no site */
    if (name.len == 0 && !mk_site_name(&doc, MK_STR(""), s->page, &name))
        return false;
    return add_to(&s->sites, name.len > 0 ? name : doc.id, &x->score);
}

static bool count_categories(sweeper *s, const subject *x)
{
    for (size_t i = 0; i < x->labelled->n; i++) {
        const mk_line_score *l = &x->lines[i];
        const mk_score score = {.junk = l->junk,
                                .junk_kept = l->junk_kept,
                                .either = l->either,
                                .either_kept = l->either_kept};
        if (l->junk + l->either > 0 &&
            !add_to(&s->categories, x->labelled->lines[i].category, &score))
            return false;
    }
    return true;
}

/* ---- the worst pages ---- */

static void name_rule(const sweeper *s, size_t step, size_t rule, mk_wrong_line *to)
{
    const mk_filter *filter = s->chain->steps[step].filter;
    to->filter = filter->name;
    to->rule = filter->rules[rule].name;
}

static bool name_why(const sweeper *s, const mk_why *why, mk_wrong_line *to)
{
    if (!why)
        return true;
    name_rule(s, why->step, why->rule, to);
    to->evidence = mk_arena_str(s->all, why->evidence);
    return why->evidence.len == 0 || to->evidence.ptr;
}

static bool name_mark(const sweeper *s, const mk_mark *marks, mk_wrong_line *to)
{
    const mk_mark *best = marks;
    for (const mk_mark *m = marks; m; m = m->next)
        if (m->strength > best->strength)
            best = m;
    if (!best)
        return true;
    name_rule(s, best->step, best->rule, to);
    to->strength = (mk_strength)best->strength;
    to->evidence = mk_arena_str(s->all, best->evidence);
    return best->evidence.len == 0 || to->evidence.ptr;
}

/* The line of the document, of those that a labelled line became, that speaks of
 * what went wrong; NULL: none does. */
static const mk_line *find_line(const subject *x, size_t number, bool lost)
{
    const mk_labelled_line *l = &x->labelled->lines[number];
    for (size_t i = 0; i < x->doc->n_lines; i++) {
        const mk_line *line = &x->doc->lines[i];
        if (line->src_offset < l->offset)
            continue;
        if (line->src_offset > l->offset + l->text.len)
            break;
        if (lost ? line->gone || line->n_changes > 0 || x->doc->gone : !line->gone && !x->doc->gone)
            return line;
    }
    return NULL;
}

static bool describe(const sweeper *s, const subject *x, size_t number, bool lost,
                     mk_wrong_line *ret)
{
    const mk_labelled_line *l = &x->labelled->lines[number];
    const mk_line_score *n = &x->lines[number];
    const mk_line *line = find_line(x, number, lost);
    *ret = (mk_wrong_line){.number = number + 1,
                           .lost = lost,
                           .wrong = lost ? n->content - n->content_kept : n->junk_kept,
                           .whole = lost ? n->content : n->junk,
                           .text = mk_arena_str(s->all, l->text),
                           .category = mk_arena_str(s->all, l->category),
                           .agrees = line != NULL};
    if ((l->text.len > 0 && !ret->text.ptr) || (l->category.len > 0 && !ret->category.ptr))
        return false;
    if (!line)
        return true;
    ret->label = (mk_label)line->label;
    ret->zone = (mk_zone)line->zone;
    if (!lost)
        return name_mark(s, line->marks, ret);
    return name_why(s,
                    line->gone     ? line->gone
                    : x->doc->gone ? x->doc->gone
                                   : line->changes[0].why,
                    ret);
}

static size_t count_wrong(const subject *x)
{
    size_t n = 0;
    for (size_t i = 0; i < x->labelled->n; i++) {
        n += x->lines[i].content_kept < x->lines[i].content;
        n += x->lines[i].junk_kept > 0;
    }
    return n;
}

static bool list_wrong(const sweeper *s, const subject *x, mk_sweep_page *to)
{
    const size_t n = count_wrong(x);
    mk_wrong_line *lines = mk_arena_alloc(s->all, (n + 1) * sizeof(*lines));
    if (!lines)
        return false;
    to->lines = lines;
    for (size_t i = 0; i < x->labelled->n; i++) {
        const mk_line_score *l = &x->lines[i];
        if (l->content_kept < l->content && !describe(s, x, i, true, &lines[to->n_lines++]))
            return false;
        if (l->junk_kept > 0 && !describe(s, x, i, false, &lines[to->n_lines++]))
            return false;
    }
    return true;
}

/* Keeps the page if it is among the worst so far. Of equal ones the first stays. */
static bool keep_worst(sweeper *s, const subject *x)
{
    mk_sweep *const sweep = s->sweep;
    const size_t max = s->options->n_worst;
    const uint64_t loss = mk_score_loss(&x->score);
    size_t at = sweep->n_worst;
    while (at > 0 && mk_score_loss(&sweep->worst[at - 1].score) < loss)
        at--;
    if (loss == 0 || at == max)
        return true;
    mk_sweep_page page = {.id = mk_arena_str(s->all, x->doc->id),
                          .source = mk_arena_str(s->all, x->doc->source),
                          .stratum = mk_arena_str(s->all, x->stratum),
                          .number = x->doc->number,
                          .score = x->score};
    if ((x->doc->id.len > 0 && !page.id.ptr) || (x->doc->source.len > 0 && !page.source.ptr) ||
        (x->stratum.len > 0 && !page.stratum.ptr) || !list_wrong(s, x, &page))
        return false;
    sweep->n_worst += sweep->n_worst < max;
    for (size_t i = sweep->n_worst - 1; i > at; i--)
        sweep->worst[i] = sweep->worst[i - 1];
    sweep->worst[at] = page;
    return true;
}

/* ---- a page ---- */

static mk_err count(sweeper *s, const subject *x)
{
    mk_sweep *const sweep = s->sweep;
    mk_score_add(&sweep->all, &x->score);
    mk_score_add(x->score.content > 0 ? &sweep->with_content : &sweep->without_content, &x->score);
    if (!count_stratum(s, x) || !count_site(s, x) || !count_categories(s, x) || !keep_worst(s, x))
        return no_memory(s);
    return MK_OK;
}

static mk_err clean(sweeper *s, mk_doc *doc)
{
    const mk_err err = mk_pipeline_run(s->chain, doc, s->page);
    mk_buf_reset(&s->text);
    if (err == MK_OK)
        mk_doc_put_text(doc, &s->text);
    return err != MK_OK || s->text.failed ? no_memory(s) : MK_OK;
}

static mk_err sweep_page(sweeper *s, mk_doc *doc, const mk_labelled *labelled, mk_error *why)
{
    subject x = {.doc = doc, .labelled = labelled};
    mk_line_score *lines = mk_arena_alloc(s->page, labelled->n * sizeof(*lines));
    if (!lines)
        return no_memory(s);
    if (s->options->by) {
        if (!mk_site_name(doc, mk_str_of(s->options->by), s->page, &x.stratum))
            return no_memory(s);
        s->any_stratum |= x.stratum.len > 0;
    }
    mk_err err = clean(s, doc);
    if (err != MK_OK)
        return err;
    err = mk_score_page(labelled, mk_buf_str(&s->text), s->page, lines, &x.score, why);
    x.lines = lines;
    return err == MK_OK ? count(s, &x) : err;
}

/* ---- records ---- */

static mk_err refuse(sweeper *s, const mk_source *source, const mk_record *record, mk_err code,
                     const char *why)
{
    return mk_fail(s->reterr, code == MK_RECORD ? MK_DAMAGED : code, "%s:%" PRIu64 ": %s%s",
                   source->stream->name, record->number,
                   code == MK_RECORD ? "bad labelled page: " : "", why);
}

static mk_err take_record(void *arg, const mk_source *source, const mk_record *record,
                          const char *reason)
{
    sweeper *s = arg;
    mk_str where;
    mk_labelled labelled;
    mk_error why = {.text = "out of memory"};
    mk_doc doc;
    if (source->reader != &mk_reader_jsonl)
        return mk_fail(s->reterr, MK_DAMAGED, "%s: no labelled pages: not JSON lines",
                       source->stream->name);
    if (reason)
        return refuse(s, source, record, MK_RECORD, reason);
    mk_arena_reset(s->page);
    if (mk_source_doc(source, record, NULL, s->sweep->all.n_pages, s->page, NULL, &where, &doc) !=
        MK_OK)
        return no_memory(s);
    mk_err err = mk_labelled_parse(record->bytes, s->page, &labelled, &doc, &why);
    if (err == MK_OK)
        err = sweep_page(s, &doc, &labelled, &why);
    if (err == MK_RECORD || err == MK_LIMIT)
        return refuse(s, source, record, err, why.text);
    return err == MK_NOMEM ? no_memory(s) : err;
}

static void take_note(void *arg, const char *text)
{
    const sweeper *s = arg;
    if (s->options->on_message)
        s->options->on_message(s->options->arg, text);
}

static mk_err take_damage(void *arg, const mk_source *source, uint64_t unit, const char *text)
{
    const sweeper *s = arg;
    (void)source, (void)unit;
    return mk_fail(s->reterr, MK_DAMAGED, "%s", text);
}

static mk_err read_all(sweeper *s)
{
    const mk_clean_options inputs = {
        .stop = s->options->stop, .inputs = s->options->inputs, .n_inputs = s->options->n_inputs};
    const mk_source_events events = {take_record, take_damage, take_note, s};
    mk_read_options read = {0};
    mk_summary summary = {0};
    uint64_t total = 0;
    mk_err err = mk_source_options(&inputs, &read, s->reterr);
    if (err == MK_OK)
        err = mk_source_each(&inputs, &read, &events, &summary, &total, s->reterr);
    mk_source_options_clear(&read);
    if (err != MK_OK)
        return err;
    if (s->sweep->all.n_pages == 0)
        return mk_fail(s->reterr, MK_DAMAGED, "no labelled page in the input");
    if (s->options->by && !s->any_stratum)
        return mk_fail(s->reterr, MK_OPTION, "no page has a member '%s'", s->options->by);
    return MK_OK;
}

/* ---- the report ---- */

static int by_name(const void *a, const void *b)
{
    const mk_stratum *x = a, *y = b;
    const int order = mk_str_cmp(x->name, y->name);
    return order ? order : y->has_content - x->has_content;
}

static int by_size(const void *a, const void *b)
{
    const mk_junk *x = a, *y = b;
    if (x->junk != y->junk)
        return x->junk < y->junk ? 1 : -1;
    return mk_str_cmp(x->category, y->category);
}

static bool report_strata(const sweeper *s, mk_sweep *to)
{
    to->strata = mk_arena_alloc(s->all, (s->strata.keys.n + 1) * sizeof(*to->strata));
    for (size_t i = 0; to->strata && i < s->strata.keys.n; i++) {
        const mk_str key = s->strata.keys.items[i];
        to->strata[to->n_strata++] = (mk_stratum){.name = mk_str_sub(key, 1, key.len),
                                                  .has_content = key.ptr[0] == 'y',
                                                  .score = s->strata.items[i]};
    }
    if (to->strata)
        qsort(to->strata, to->n_strata, sizeof(*to->strata), by_name);
    return to->strata != NULL;
}

static bool report_junk(const sweeper *s, mk_sweep *to)
{
    to->junk = mk_arena_alloc(s->all, (s->categories.keys.n + 1) * sizeof(*to->junk));
    for (size_t i = 0; to->junk && i < s->categories.keys.n; i++) {
        const mk_score *n = &s->categories.items[i];
        to->junk[to->n_junk++] = (mk_junk){.category = s->categories.keys.items[i],
                                           .junk = n->junk,
                                           .junk_kept = n->junk_kept,
                                           .either = n->either,
                                           .either_kept = n->either_kept};
    }
    if (to->junk)
        qsort(to->junk, to->n_junk, sizeof(*to->junk), by_size);
    return to->junk != NULL;
}

static mk_err report(sweeper *s)
{
    mk_sweep *const to = s->sweep;
    to->n_sites = s->sites.keys.n;
    bool ok = report_junk(s, to) && (!s->options->by || report_strata(s, to));
    if (ok && s->options->n_folds > 0)
        ok = mk_sample_folds(&s->sites, s->options->n_folds, s->all, &to->folds, &to->n_folds);
    if (ok && s->options->intervals)
        ok = mk_sample_intervals(&s->sites, s->all, &to->content, &to->junk_gone);
    return ok ? MK_OK : no_memory(s);
}

mk_err mk_sweep_run(const mk_chain *chain, const mk_sweep_options *options, mk_sweep *ret,
                    mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    sweeper s = {.chain = chain,
                 .options = options,
                 .page = mk_arena_new(),
                 .all = mk_arena_new(),
                 .text = {.max = MK_BUF_MAX},
                 .sweep = ret,
                 .reterr = reterr ? reterr : &local};
    *ret = (mk_sweep){.memory = s.all};
    s.strata.keys.arena = s.categories.keys.arena = s.sites.keys.arena = s.all;
    const mk_need needs[] = {{"inputs", options->inputs, options->n_inputs}};
    mk_err err = mk_need_all(needs, 1, s.reterr);
    if (err == MK_OK && options->n_worst > SIZE_MAX / sizeof(*ret->worst) - 1)
        err = mk_fail(s.reterr, MK_OPTION, "too many worst pages asked for");
    else if (s.all)
        ret->worst = mk_arena_alloc(s.all, (options->n_worst + 1) * sizeof(*ret->worst));
    if (err == MK_OK && (!s.page || !ret->worst))
        err = no_memory(&s);
    if (err == MK_OK)
        err = read_all(&s);
    if (err == MK_OK)
        err = report(&s);
    mk_arena_free(s.page);
    mk_buf_clear(&s.text);
    if (err != MK_OK)
        mk_sweep_clear(ret);
    return err;
}

void mk_sweep_clear(mk_sweep *sweep)
{
    mk_arena_free(sweep->memory);
    *sweep = (mk_sweep){0};
}
