/* attributes.c: the changes of a run as attributes of Dolma: a line for each document
 * that was written, in its order, with spans of the written text by rule. Offsets are
 * code points, as Dolma's docs/data-format.md has them; where something was cut out the
 * span is empty. Names are minkhal__FILTER_RULE.
 * Cases: fixtures/cli/clean_attributes, clean_attributes_first. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/need.h"
#include "minkhal/report.h"
#include "run/attributes.h"
#include "write/apart.h"

typedef struct span {
    mk_str rule;
    uint64_t from, to; /* code points */
    size_t order;      /* of the edit */
} span;

struct mk_attributes_maker {
    span *spans; /* n of them, owned */
    size_t n, size;
};

typedef struct writer {
    mk_attributes_maker *maker;
    mk_pairs *pairs;
    mk_outfile *out;
    mk_pool *pool;
    mk_arena *arena;
    mk_buf line;
    mk_error *reterr;
} writer;

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for attributes");
}

static int by_rule(const void *a, const void *b)
{
    const span *x = a, *y = b;
    const int order = mk_str_cmp(x->rule, y->rule);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static uint64_t count_points(mk_str text, uint64_t from, uint64_t to)
{
    uint64_t n = 0;
    for (uint64_t i = from; i < to; i++)
        n += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return n;
}

static mk_err put_span(mk_attributes_maker *w, mk_str rule, uint64_t from, uint64_t to,
                       mk_error *reterr)
{
    if (!rule.ptr)
        return no_memory(reterr);
    if (w->n == w->size) {
        const size_t size = w->size ? 2 * w->size : 64;
        span *const spans = realloc(w->spans, size * sizeof(*spans));
        if (!spans)
            return no_memory(reterr);
        w->spans = spans;
        w->size = size;
    }
    w->spans[w->n] = (span){rule, from, to, w->n};
    w->n++;
    return MK_OK;
}

/* The edits of a document as spans: each under the first of its reasons. The ledger
 * was checked against the text: edits are in order and inside it. */
static mk_err list_spans(mk_attributes_maker *w, const mk_pair *pair, mk_arena *arena,
                         mk_error *reterr)
{
    const mk_str text = pair->doc.raw;
    mk_json_array edits = mk_ledger_edits(&pair->ledger);
    mk_ledger_edit e;
    mk_ledger_why why;
    uint64_t at = 0, point = 0;
    mk_err err;
    w->n = 0;
    while ((err = mk_ledger_edit_next(&edits, arena, &e, reterr)) == MK_OK) {
        mk_json_array whys = mk_ledger_whys(&e);
        err = mk_ledger_why_next(&whys, arena, &why, reterr);
        if (err == MK_END)
            return mk_fail(reterr, MK_MISMATCH, "an edit without a reason");
        if (err != MK_OK)
            return err;
        point += count_points(text, at, e.at);
        at = e.at + e.len;
        const uint64_t end = point + count_points(text, e.at, at);
        err = put_span(w, mk_rule_name(why.filter, why.rule, arena), point, end, reterr);
        if (err != MK_OK)
            return err;
        point = end;
    }
    if (w->n > 1)
        qsort(w->spans, w->n, sizeof(*w->spans), by_rule);
    return err == MK_END ? MK_OK : err;
}

/* "filter/rule" as "minkhal__filter_rule". */
static void put_name(mk_buf *out, mk_str rule)
{
    mk_buf_puts(out, "\"minkhal__");
    for (size_t i = 0; i < rule.len; i++)
        mk_buf_putc(out, rule.ptr[i] == '/' ? '_' : rule.ptr[i]);
    mk_buf_puts(out, "\":[");
}

static bool is_name(mk_str rule)
{
    for (size_t i = 0; i < rule.len; i++) {
        const char c = rule.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '/')
            return false;
    }
    return true;
}

static mk_err put_line(const mk_attributes_maker *w, const mk_pair *pair, mk_buf *out,
                       mk_error *reterr)
{
    mk_buf_puts(out, "{\"id\":");
    mk_json_put(out, pair->ledger.id);
    mk_buf_puts(out, ",\"source\":");
    mk_json_put(out, pair->ledger.source);
    mk_buf_puts(out, ",\"attributes\":{");
    for (size_t i = 0; i < w->n; i++) {
        const span *const s = &w->spans[i];
        const bool same = i > 0 && mk_str_eq(s->rule, s[-1].rule);
        if (!is_name(s->rule))
            return mk_fail(reterr, MK_MISMATCH, "'%.*s' is no name of a rule", (int)s->rule.len,
                           s->rule.ptr);
        if (!same) {
            mk_buf_puts(out, i > 0 ? "]," : "");
            put_name(out, s->rule);
        }
        mk_buf_printf(out, "%s[%" PRIu64 ",%" PRIu64 ",1.0]", same ? "," : "", s->from, s->to);
    }
    mk_buf_puts(out, w->n > 0 ? "]}}\n" : "}}\n");
    return out->failed ? no_memory(reterr) : MK_OK;
}

mk_attributes_maker *mk_attributes_maker_new(void)
{
    return calloc(1, sizeof(mk_attributes_maker));
}

void mk_attributes_maker_free(mk_attributes_maker *maker)
{
    if (maker)
        free(maker->spans);
    free(maker);
}

mk_err mk_attributes_put(mk_attributes_maker *maker, const mk_pair *pair, mk_arena *arena,
                         mk_buf *out, mk_error *reterr)
{
    const mk_err err = list_spans(maker, pair, arena, reterr);

    return err == MK_OK ? put_line(maker, pair, out, reterr) : err;
}

static mk_err drain(const writer *w)
{
    mk_err err = MK_OK;
    while (mk_pool_pending(w->pool) > 0) {
        mk_error error;
        if (mk_outfile_take(mk_pool_pull(w->pool), &error) && error.code != MK_OK && err == MK_OK) {
            *w->reterr = error;
            err = error.code;
        }
    }
    return err;
}

static mk_err write_all(writer *w, uint64_t *ret_docs)
{
    mk_pair pair;
    mk_err err;
    while ((err = mk_pairs_next(w->pairs, w->arena, &pair, w->reterr)) == MK_OK) {
        if (pair.ledger.verdict == MK_WRITTEN) {
            ++*ret_docs;
            mk_buf_reset(&w->line);
            err = mk_attributes_put(w->maker, &pair, w->arena, &w->line, w->reterr);
            if (err == MK_OK)
                err = mk_outfile_put(w->out, mk_buf_str(&w->line), w->reterr);
            if (err == MK_OK)
                err = drain(w);
        }
        if (err != MK_OK)
            return err == MK_RECORD ? MK_MISMATCH : err;
        mk_arena_reset(w->arena);
    }
    if (err != MK_END)
        return err;
    err = mk_outfile_flush(w->out, w->reterr);
    if (err == MK_OK)
        err = drain(w);
    return err == MK_OK ? mk_outfile_commit(w->out, w->reterr) : err;
}

mk_err mk_attributes_write(const mk_attributes_files *files, mk_outfile *out, mk_pool *pool,
                           uint64_t *ret_docs, mk_error *reterr)
{
    writer w = {.out = out, .pool = pool, .line = {.max = MK_BUF_MAX}, .reterr = reterr};
    mk_err err = MK_OK;
    *ret_docs = 0;
    w.arena = mk_arena_new();
    w.maker = mk_attributes_maker_new();
    if (!w.arena || !w.maker)
        err = no_memory(reterr);
    if (err == MK_OK)
        err = mk_pairs_open((mk_pair_files){.paths = &files->cleaned, .n = 1, .stop = files->stop},
                            (mk_pair_files){.paths = &files->ledger, .n = 1, .stop = files->stop},
                            &w.pairs, reterr);
    if (err == MK_OK)
        err = write_all(&w, ret_docs);
    mk_pairs_close(w.pairs);
    mk_buf_clear(&w.line);
    mk_attributes_maker_free(w.maker);
    mk_arena_free(w.arena);
    return err;
}

mk_err mk_attributes(const mk_attributes_options *options, uint64_t *ret_docs, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    const mk_need needs[] = {{"cleaned", &options->cleaned, 1},
                             {"ledger", &options->ledger, 1},
                             {"output", &options->output, 1}};
    const mk_attributes_files files = {options->cleaned, options->ledger, options->stop};
    const char *const read[] = {options->cleaned, options->ledger};
    mk_pool *pool = NULL;
    mk_outfile *out = NULL;
    reterr = reterr ? reterr : &local;
    *ret_docs = 0;
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), reterr);
    if (err == MK_OK)
        err = mk_apart(&options->output, 1, read, sizeof(read) / sizeof(*read), reterr);
    if (err == MK_OK)
        err = mk_pool_open(0, &pool, reterr);
    if (err == MK_OK)
        err = mk_outfile_open(options->output, options->force, mk_codec_of(options->output), 0,
                              pool, &out, reterr);
    if (err == MK_OK)
        err = mk_attributes_write(&files, out, pool, ret_docs, reterr);
    mk_pool_close(pool);
    mk_outfile_close(out);
    return err;
}
