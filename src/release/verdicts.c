/* verdicts.c: the file of verdicts, and what follows from it. The rate over all rules
 * weights each by its removals; its interval is Wilson's for the size of an unweighted
 * sample that would be as certain (Kish: one over the sum of squared weights over
 * sizes). Sources: E. B. Wilson, JASA 22 (1927); L. Kish, Survey Sampling (1965).
 * Cases: tests/release/test_audit.c. */
#include "release/verdicts.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/need.h"
#include "release/corpus.h"
#include "release/keys.h"

enum { MAX_REMOVED = 400 /* bytes of it in a verdict: enough to find it again */ };

static const char *const judgements[MK_JUDGED_COUNT] = {"right", "wrong", "unsure"};

/* ---- writing ---- */

bool mk_audit_line(const mk_audit_case *c, mk_judgement judgement, mk_scratch *scratch, mk_str *ret)
{
    mk_buf out = {.ptr = scratch->ptr, .size = scratch->size, .max = MK_BUF_MAX};
    mk_str removed = c->removed;
    if (removed.len > MAX_REMOVED)
        removed.len = mk_utf8_valid(mk_str_sub(removed, 0, MAX_REMOVED));
    mk_buf_printf(&out, "{\"doc\":%" PRIu64 ",\"src\":%" PRIu64 ",\"id\":", c->doc, c->src);
    mk_json_put(&out, c->id);
    mk_buf_puts(&out, ",\"rule\":");
    mk_json_put(&out, c->rule);
    mk_buf_printf(&out, ",\"of\":%" PRIu64 ",\"verdict\":\"%s\",\"removed\":", c->population,
                  judgements[judgement]);
    mk_json_put(&out, removed);
    mk_buf_puts(&out, "}\n");
    scratch->ptr = out.ptr;
    scratch->size = out.size;
    *ret = mk_buf_str(&out);
    return !out.failed;
}

/* ---- reading ---- */

static bool read_judgement(mk_json_value value, mk_judgement *ret)
{
    for (int i = 0; i < MK_JUDGED_COUNT; i++) {
        const size_t n = strlen(judgements[i]);
        if (value.type == MK_JSON_STRING && value.raw.len == n + 2 &&
            memcmp(value.raw.ptr + 1, judgements[i], n) == 0) {
            *ret = (mk_judgement)i;
            return true;
        }
    }
    return false;
}

static mk_err read_item(mk_str line, mk_arena *arena, mk_verdict_item *ret, mk_error *reterr)
{
    enum { DOC = 1, SRC = 2, RULE = 4, OF = 8, VERDICT = 16, ALL = 31 };
    unsigned got = 0;
    mk_json_object it = mk_json_object_of(line);
    mk_json_member m;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        if (mk_json_is_key(&m, "doc")) {
            got |= mk_json_uint(m.value, &ret->doc) ? DOC : 0;
        } else if (mk_json_is_key(&m, "src")) {
            got |= mk_json_uint(m.value, &ret->src) ? SRC : 0;
        } else if (mk_json_is_key(&m, "of")) {
            got |= mk_json_uint(m.value, &ret->population) ? OF : 0;
        } else if (mk_json_is_key(&m, "verdict")) {
            got |= read_judgement(m.value, &ret->judgement) ? VERDICT : 0;
        } else if (mk_json_is_key(&m, "rule") && m.value.type == MK_JSON_STRING) {
            mk_str rule;
            if ((err = mk_json_text(m.value, arena, &rule, reterr)) != MK_OK)
                return err;
            if (rule.len == 0)
                return mk_fail(reterr, MK_RECORD, "a verdict without a rule");
            ret->rule = mk_arena_str(arena, rule);
            if (!ret->rule.ptr)
                return mk_fail(reterr, MK_NOMEM, "out of memory for verdicts");
            got |= RULE;
        }
    }
    if (err != MK_END)
        return err;
    return got == ALL ? MK_OK : mk_fail(reterr, MK_RECORD, "not a verdict");
}

static int by_place(const void *a, const void *b)
{
    const mk_verdict_item *x = a, *y = b;
    if (x->doc != y->doc)
        return x->doc < y->doc ? -1 : 1;
    if (x->src != y->src)
        return x->src < y->src ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Sorts, and keeps the last of each removal. */
static void settle(mk_verdict_set *set)
{
    size_t n = 0;
    if (set->n > 1)
        qsort(set->items, set->n, sizeof(*set->items), by_place);
    for (size_t i = 0; i < set->n; i++) {
        const bool again = i + 1 < set->n && set->items[i + 1].doc == set->items[i].doc &&
                           set->items[i + 1].src == set->items[i].src;
        if (!again)
            set->items[n++] = set->items[i];
    }
    set->n = n;
}

mk_err mk_verdict_set_read(const char *path, bool may_lack, mk_verdict_set *ret, mk_error *reterr)
{
    mk_lines lines = {.paths = {&path, 1}};
    mk_str line;
    size_t size = 0;
    mk_err err = MK_OK;
    *ret = (mk_verdict_set){.arena = mk_arena_new()};
    if (!ret->arena)
        return mk_fail(reterr, MK_NOMEM, "out of memory for verdicts");
    if (may_lack && access(path, F_OK) != 0)
        return MK_OK;
    while (err == MK_OK && (err = mk_lines_next(&lines, &line, reterr)) == MK_OK) {
        if (ret->n == size) {
            size = size ? 2 * size : 64;
            mk_verdict_item *const items = realloc(ret->items, size * sizeof(*items));
            if (!items) {
                err = mk_fail(reterr, MK_NOMEM, "out of memory for verdicts");
                break;
            }
            ret->items = items;
        }
        ret->items[ret->n] = (mk_verdict_item){.line = ret->n};
        err = read_item(line, ret->arena, &ret->items[ret->n], reterr);
        if (err == MK_RECORD)
            err = mk_lines_at(&lines, MK_DAMAGED, reterr);
        ret->n += err == MK_OK;
    }
    mk_lines_close(&lines);
    settle(ret);
    return err == MK_END ? MK_OK : err;
}

bool mk_verdict_set_has(const mk_verdict_set *set, uint64_t doc, uint64_t src)
{
    size_t low = 0, high = set->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const mk_verdict_item *const item = &set->items[middle];
        if (item->doc == doc && item->src == src)
            return true;
        if (item->doc < doc || (item->doc == doc && item->src < src))
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

void mk_verdict_set_clear(mk_verdict_set *set)
{
    free(set->items);
    mk_arena_free(set->arena);
    *set = (mk_verdict_set){0};
}

/* ---- rates ---- */

void mk_wilson(double wrong, double n, double *ret_low, double *ret_high)
{
    static const double z = 1.959963984540054; /* 97.5 % of a normal distribution */
    if (n <= 0) {
        *ret_low = 0;
        *ret_high = 1;
        return;
    }
    const double p = wrong / n, z2 = z * z;
    const double middle = p + z2 / (2 * n);
    const double half = z * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    const double low = (middle - half) / (1 + z2 / n), high = (middle + half) / (1 + z2 / n);
    *ret_low = wrong <= 0 || low < 0 ? 0 : low;
    *ret_high = wrong >= n || high > 1 ? 1 : high;
}

static uint64_t decided(const mk_audit_rate *r)
{
    return r->judged[MK_JUDGED_RIGHT] + r->judged[MK_JUDGED_WRONG];
}

static void rate_rule(mk_audit_rate *r)
{
    const double n = (double)decided(r), wrong = (double)r->judged[MK_JUDGED_WRONG];
    r->rate = n > 0 ? wrong / n : 0;
    mk_wilson(wrong, n, &r->low, &r->high);
}

static void rate_all(mk_audit_report *report)
{
    mk_audit_rate *const all = &report->all;
    double weight = 0, wrong = 0, squares = 0;
    for (size_t i = 0; i < report->n_rules; i++) {
        const mk_audit_rate *const r = &report->rules[i];
        const double n = (double)decided(r), population = (double)r->population;
        for (int k = 0; k < MK_JUDGED_COUNT; k++)
            all->judged[k] += r->judged[k];
        if (n == 0)
            continue;
        all->population += r->population;
        weight += population;
        wrong += population * r->rate;
        squares += population * population / n;
    }
    all->rate = weight > 0 ? wrong / weight : 0;
    const double n = squares > 0 ? weight * weight / squares : 0;
    mk_wilson(all->rate * n, n, &all->low, &all->high);
}

static int by_rule(const void *a, const void *b)
{
    return mk_str_cmp(((const mk_verdict_item *)a)->rule, ((const mk_verdict_item *)b)->rule);
}

static int by_population(const void *a, const void *b)
{
    const mk_audit_rate *x = a, *y = b;
    if (x->population != y->population)
        return x->population < y->population ? 1 : -1;
    return mk_str_cmp(x->rule, y->rule);
}

static void count(mk_verdict_set *set, mk_audit_rate *rules, size_t *ret_n)
{
    size_t n = 0;
    if (set->n > 1)
        qsort(set->items, set->n, sizeof(*set->items), by_rule);
    for (size_t i = 0; i < set->n; i++) {
        const mk_verdict_item *const item = &set->items[i];
        if (n == 0 || !mk_str_eq(rules[n - 1].rule, item->rule))
            rules[n++] = (mk_audit_rate){.rule = item->rule};
        rules[n - 1].judged[item->judgement]++;
        if (item->population > rules[n - 1].population)
            rules[n - 1].population = item->population;
    }
    for (size_t i = 0; i < n; i++)
        rate_rule(&rules[i]);
    if (n > 1)
        qsort(rules, n, sizeof(*rules), by_population);
    *ret_n = n;
}

mk_err mk_audit_read(const char *path, mk_audit_report *ret, mk_error *reterr)
{
    const mk_need needs[] = {{"path", &path, 1}};
    mk_verdict_set set = {0};
    *ret = (mk_audit_report){0};
    mk_err err = mk_need_all(needs, 1, reterr);
    if (err == MK_OK)
        err = mk_verdict_set_read(path, false, &set, reterr);
    mk_audit_rate *const rules = err == MK_OK
                                     ? mk_arena_alloc(set.arena, (set.n + 1) * sizeof(*rules))
                                     : NULL;
    if (err == MK_OK && !rules)
        err = mk_fail(reterr, MK_NOMEM, "out of memory for verdicts");
    if (err == MK_OK && rules) {
        count(&set, rules, &ret->n_rules);
        ret->rules = rules;
        rate_all(ret);
        ret->memory = set.arena;
        set.arena = NULL;
    }
    mk_verdict_set_clear(&set);
    return err;
}

void mk_audit_report_clear(mk_audit_report *report)
{
    mk_arena_free(report->memory);
    *report = (mk_audit_report){0};
}
