/* audit.c: removals at random for a person to judge, stratified by rule. The ledger
 * is read twice: to count and draw, then beside the documents as they were written,
 * to show what was drawn. Drawn are, of each rule, the removals whose mixed number is
 * the lowest, so that a sample does not depend on anything but ledger and seed.
 * A removal is an edit that put nothing in the place of text with a letter or digit.
 * Cases: tests/release/test_audit.c, fixtures/cli/audit_*. */
#include <stdlib.h>

#include "base/digest.h"
#include "base/intern.h"
#include "base/need.h"
#include "release/corpus.h"
#include "release/keys.h"
#include "release/verdicts.h"
#include "run/pairs.h"

enum {
    CONTEXT_LINES = 2,
    CONTEXT_BYTES = 600, /* of the kept text on either side */
    MAX_REMOVED = 4000   /* bytes of what was removed that are shown */
};

typedef struct draw {
    uint64_t priority, doc, src;
    uint32_t rule;
    uint32_t rank; /* among those of its rule */
} draw;

typedef struct stratum {
    draw *draws; /* n of them, owned */
    size_t n, size;
    size_t given; /* of them, to be shown */
    uint64_t population;
    uint32_t rule;
} stratum;

typedef struct auditor {
    const mk_audit_options *options;
    mk_corpus corpus;
    mk_paths ledgers; /* the corpus's */
    mk_arena *names, *work;
    mk_intern rules;
    stratum *strata; /* rules.n of them, owned: by the number of the rule */
    size_t n_strata;
    mk_verdict_set judged;
    mk_audit *audit;
    mk_error *reterr;
} auditor;

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for an audit");
}

/* ---- the ledger ---- */

static bool has_word(mk_str text)
{
    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_utf8_next(text, &at);
        if (mk_is_letter(cp) || mk_digit_value(cp) >= 0)
            return true;
    }
    return false;
}

/* Who did it: the first of the reasons. */
static mk_err first_why(auditor *a, const mk_ledger_edit *e, mk_ledger_why *ret)
{
    mk_json_array it = mk_ledger_whys(e);
    const mk_err err = mk_ledger_why_next(&it, a->work, ret, a->reterr);
    return err == MK_END ? mk_fail(a->reterr, MK_RECORD, "an edit without a reason") : err;
}

/* ---- drawing ---- */

static int by_priority(const void *a, const void *b)
{
    const draw *x = a, *y = b;
    if (x->priority != y->priority)
        return x->priority < y->priority ? -1 : 1;
    if (x->doc != y->doc)
        return x->doc < y->doc ? -1 : 1;
    return (x->src > y->src) - (x->src < y->src);
}

static void cut_draws(stratum *s, size_t max)
{
    if (s->n > 1)
        qsort(s->draws, s->n, sizeof(*s->draws), by_priority);
    if (s->n > max)
        s->n = max;
}

static stratum *stratum_of(auditor *a, mk_str rule)
{
    const uint32_t i = rule.ptr ? mk_intern_put(&a->rules, rule) : MK_INTERN_NONE;
    if (i == MK_INTERN_NONE)
        return NULL;
    if (i == a->n_strata) {
        stratum *const strata = realloc(a->strata, (a->n_strata + 1) * sizeof(*strata));
        if (!strata)
            return NULL;
        a->strata = strata;
        strata[a->n_strata++] = (stratum){.rule = i};
    }
    return &a->strata[i];
}

static uint64_t priority_of(uint64_t seed, uint64_t doc, uint64_t src)
{
    uint64_t i = seed * UINT64_C(0x9E3779B97F4A7C15) + doc * UINT64_C(0xC2B2AE3D27D4EB4F) + src;
    i = (i ^ i >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    i = (i ^ i >> 27) * UINT64_C(0x94D049BB133111EB);
    return i ^ i >> 31;
}

static mk_err put_draw(auditor *a, stratum *s, uint64_t doc, uint64_t src)
{
    const size_t max = a->options->n_sample;
    s->population++;
    a->audit->population++;
    if (s->n == s->size && s->n >= 2 * max)
        cut_draws(s, max);
    if (s->n == s->size) {
        const size_t size = s->size ? 2 * s->size : 64;
        draw *const draws = realloc(s->draws, size * sizeof(*draws));
        if (!draws)
            return no_memory(a->reterr);
        s->draws = draws;
        s->size = size;
    }
    s->draws[s->n++] = (draw){priority_of(a->options->seed, doc, src), doc, src, s->rule, 0};
    return MK_OK;
}

static bool is_removal(const mk_ledger_edit *e)
{
    return e->len == 0 && has_word(e->was);
}

static mk_err draw_line(auditor *a, uint64_t doc, const mk_ledger_record *record)
{
    mk_json_array it = mk_ledger_edits(record);
    mk_ledger_edit e;
    mk_ledger_why why;
    mk_err err;
    while ((err = mk_ledger_edit_next(&it, a->work, &e, a->reterr)) == MK_OK) {
        if (!is_removal(&e))
            continue;
        if ((err = first_why(a, &e, &why)) != MK_OK)
            return err;
        stratum *const s = stratum_of(a, mk_rule_name(why.filter, why.rule, a->work));
        if (!s)
            return no_memory(a->reterr);
        if ((err = put_draw(a, s, doc, e.src)) != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : err;
}

static mk_err draw_all(auditor *a)
{
    mk_lines lines = {.paths = a->ledgers, .stop = a->options->stop};
    mk_str line;
    mk_err err;
    for (uint64_t doc = 0; (err = mk_lines_next(&lines, &line, a->reterr)) == MK_OK; doc++) {
        mk_ledger_record record = {0};
        mk_arena_reset(a->work);
        err = mk_ledger_parse(line, a->work, &record, a->reterr);
        if (err == MK_OK)
            err = draw_line(a, doc, &record);
        if (err == MK_RECORD)
            err = mk_lines_at(&lines, MK_DAMAGED, a->reterr);
        if (err != MK_OK)
            break;
    }
    mk_lines_close(&lines);
    return err == MK_END ? MK_OK : err;
}

/* One more to each rule in turn, until the sample is full or all are drawn. */
static size_t share_out(auditor *a)
{
    size_t left = a->options->n_sample, n = 0;
    for (bool any = true; any && left > 0;) {
        any = false;
        for (size_t i = 0; i < a->n_strata && left > 0; i++)
            if (a->strata[i].given < a->strata[i].n) {
                a->strata[i].given++;
                left--;
                n++;
                any = true;
            }
    }
    return n;
}

static int by_population(const void *a, const void *b)
{
    const stratum *x = a, *y = b;
    if (x->population != y->population)
        return x->population < y->population ? 1 : -1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

/* ---- showing ---- */

typedef struct shower {
    auditor *a;
    draw *draws;          /* n of them, by place in the ledger; owned */
    size_t n, next;       /* of draws */
    mk_audit_case *cases; /* by rank, then population: as they are to be shown */
    size_t *place;        /* of each draw among the cases; owned */
} shower;

static int by_place(const void *a, const void *b)
{
    const draw *x = a, *y = b;
    if (x->doc != y->doc)
        return x->doc < y->doc ? -1 : 1;
    return (x->src > y->src) - (x->src < y->src);
}

/* The last lines before `at`. */
static mk_str before(mk_str text, size_t at)
{
    size_t from = at, lines = 0;
    const size_t least = at > CONTEXT_BYTES ? at - CONTEXT_BYTES : 0;
    while (from > least) {
        if (text.ptr[from - 1] == '\n' && from < at && ++lines == CONTEXT_LINES)
            break;
        from--;
    }
    while (from < at && ((unsigned char)text.ptr[from] & 0xC0) == 0x80)
        from++; /* not into a character */
    return mk_str_trim(mk_str_sub(text, from, at));
}

static mk_str after(mk_str text, size_t at)
{
    size_t to = at, lines = 0;
    while (to < text.len && to - at < CONTEXT_BYTES) {
        if (text.ptr[to] == '\n' && to > at && ++lines == CONTEXT_LINES)
            break;
        to++;
    }
    mk_str s = mk_str_sub(text, at, to);
    s.len = mk_utf8_valid(s);
    return mk_str_trim(s);
}

static bool copy(mk_arena *arena, mk_str s, mk_str *ret)
{
    *ret = s.len > 0 ? mk_arena_str(arena, s) : (mk_str){"", 0};
    return ret->ptr != NULL;
}

static mk_err put_case(shower *s, const draw *d, const mk_ledger_record *record,
                       const mk_ledger_edit *e, mk_str written)
{
    auditor *const a = s->a;
    mk_arena *const arena = a->audit->memory;
    mk_audit_case *const c = &s->cases[s->place[s->next]];
    mk_str removed = mk_str_trim(e->was);
    mk_ledger_why why;
    const mk_err err = first_why(a, e, &why);
    if (err != MK_OK)
        return err;
    if (removed.len > MAX_REMOVED)
        removed.len = mk_utf8_valid(mk_str_sub(removed, 0, MAX_REMOVED));
    *c = (mk_audit_case){.doc = d->doc, .src = d->src, .whole = record->verdict != MK_WRITTEN};
    for (size_t i = 0; i < a->n_strata; i++)
        if (a->strata[i].rule == d->rule)
            c->population = a->strata[i].population;
    if (e->at > written.len)
        return mk_fail(a->reterr, MK_MISMATCH, "the ledger does not fit document '%.*s'",
                       (int)record->id.len, record->id.ptr);
    const bool ok = copy(arena, record->id, &c->id) && copy(arena, removed, &c->removed) &&
                    copy(arena, a->rules.items[d->rule], &c->rule) &&
                    copy(arena, why.evidence, &c->evidence) &&
                    copy(arena, before(written, (size_t)e->at), &c->before) &&
                    copy(arena, after(written, (size_t)e->at), &c->after);
    return ok ? MK_OK : no_memory(a->reterr);
}

static mk_err show_pair(shower *s, uint64_t doc, const mk_pair *pair)
{
    mk_json_array it = mk_ledger_edits(&pair->ledger);
    const mk_str written = pair->doc.raw.ptr ? pair->doc.raw : (mk_str){"", 0};
    mk_ledger_edit e;
    mk_err err;
    while ((err = mk_ledger_edit_next(&it, s->a->work, &e, s->a->reterr)) == MK_OK)
        if (s->next < s->n && s->draws[s->next].doc == doc && s->draws[s->next].src == e.src &&
            is_removal(&e)) {
            if ((err = put_case(s, &s->draws[s->next], &pair->ledger, &e, written)) != MK_OK)
                return err;
            s->next++;
        }
    return err == MK_END ? MK_OK : err;
}

/* Till the last of the draws: what follows is not looked at. */
static mk_err show_draws(shower *s)
{
    auditor *const a = s->a;
    mk_pairs *pairs = NULL;
    mk_pair pair;
    mk_err err = mk_corpus_pairs(&a->corpus, a->options->stop, &pairs, a->reterr);
    for (uint64_t doc = 0; err == MK_OK && s->next < s->n; doc++) {
        mk_arena_reset(a->work);
        err = mk_pairs_next(pairs, a->work, &pair, a->reterr);
        if (err == MK_OK && s->draws[s->next].doc == doc)
            err = show_pair(s, doc, &pair);
    }
    mk_pairs_close(pairs);
    return err == MK_END ? mk_fail(a->reterr, MK_MISMATCH, "the ledger changed while it was read")
                         : err;
}

/* Where each draw stands among the cases: those of the first rank of all rules first. */
static int by_rank(const void *a, const void *b)
{
    const draw *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return by_place(a, b);
}

static mk_err choose(auditor *a, shower *s)
{
    const size_t n = share_out(a);
    s->draws = calloc(n + 1, sizeof(*s->draws));
    s->place = calloc(n + 1, sizeof(*s->place));
    s->cases = mk_arena_alloc(a->audit->memory, (n + 1) * sizeof(*s->cases));
    draw *const shown = calloc(n + 1, sizeof(*shown));
    if (!s->draws || !s->place || !s->cases || !shown) {
        free(shown);
        return no_memory(a->reterr);
    }
    for (size_t i = 0; i < a->n_strata; i++)
        for (size_t k = 0; k < a->strata[i].given; k++) {
            draw d = a->strata[i].draws[k];
            d.rank = (uint32_t)k;
            if (mk_verdict_set_has(&a->judged, d.doc, d.src))
                a->audit->n_judged++;
            else
                shown[s->n++] = d;
        }
    if (s->n > 1)
        qsort(shown, s->n, sizeof(*shown), by_rank);
    for (size_t i = 0; i < s->n; i++) {
        s->draws[i] = shown[i];
        s->draws[i].priority = i; /* its place among the cases */
    }
    free(shown);
    if (s->n > 1)
        qsort(s->draws, s->n, sizeof(*s->draws), by_place);
    for (size_t i = 0; i < s->n; i++)
        s->place[i] = (size_t)s->draws[i].priority;
    return MK_OK;
}

static mk_err show_all(auditor *a)
{
    shower s = {.a = a};
    mk_err err = choose(a, &s);
    if (err == MK_OK && s.n > 0)
        err = show_draws(&s);
    a->audit->cases = s.cases;
    a->audit->n_cases = s.n;
    free(s.draws);
    free(s.place);
    return err;
}

/* ---- the whole ---- */

static mk_err open_audit(auditor *a)
{
    const mk_audit_options *const o = a->options;
    a->audit->memory = mk_arena_new();
    a->names = mk_arena_new();
    a->work = mk_arena_new();
    if (!a->audit->memory || !a->names || !a->work)
        return no_memory(a->reterr);
    a->rules.arena = a->names;
    mk_err err = mk_corpus_open(o->inputs, o->n_inputs, &a->corpus, a->reterr);
    if (err != MK_OK)
        return err;
    a->ledgers = a->corpus.ledgers.n > 0 ? a->corpus.ledgers : a->corpus.told;
    if (a->ledgers.n == 0 && a->corpus.unread.code != MK_OK)
        return mk_fail(a->reterr, a->corpus.unread.code, "%s", a->corpus.unread.text);
    if (a->ledgers.n == 0)
        return mk_fail(a->reterr, MK_OPTION, "no ledger among what was given");
    if (a->corpus.data.n == 0)
        return mk_fail(a->reterr, MK_OPTION, "no cleaned documents among what was given");
    return o->verdicts ? mk_verdict_set_read(o->verdicts, true, &a->judged, a->reterr) : MK_OK;
}

mk_err mk_audit_draw(const mk_audit_options *options, mk_audit *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    auditor a = {.options = options, .audit = ret, .reterr = reterr ? reterr : &local};
    const mk_need needs[] = {{"inputs", options->inputs, options->n_inputs}};
    *ret = (mk_audit){0};
    mk_err err = mk_need_all(needs, 1, a.reterr);
    if (err == MK_OK)
        err = open_audit(&a);
    if (err == MK_OK)
        err = draw_all(&a);
    for (size_t i = 0; i < a.n_strata; i++)
        cut_draws(&a.strata[i], options->n_sample);
    if (a.n_strata > 1)
        qsort(a.strata, a.n_strata, sizeof(*a.strata), by_population);
    if (err == MK_OK)
        err = show_all(&a);
    for (size_t i = 0; i < a.n_strata; i++)
        free(a.strata[i].draws);
    free(a.strata);
    mk_verdict_set_clear(&a.judged);
    mk_corpus_close(&a.corpus);
    mk_arena_free(a.names);
    mk_arena_free(a.work);
    return err;
}

void mk_audit_clear(mk_audit *audit)
{
    mk_arena_free(audit->memory);
    *audit = (mk_audit){0};
}
