/* stats.c: figures over a corpus. Texts are counted in the pool, added up in order;
 * all figures can be added, so that parts give the whole. Memory is bounded: names
 * and digests are forgotten where there are too many, and the figures say so.
 * Cases: tests/release/test_stats.c, fixtures/cli/stats_*. */
#include "release/stats.h"

#include <stdlib.h>

#include "base/need.h"
#include "doc/sites.h"
#include "release/corpus.h"
#include "release/scan.h"

/* ---- histograms ---- */

static unsigned bin_of(uint64_t value)
{
    unsigned bin = 0;
    for (; value > 0; value >>= 1)
        bin++;
    return bin;
}

void mk_histogram_put(mk_histogram *to, uint64_t value)
{
    if (to->n == 0 || value < to->min)
        to->min = value;
    if (value > to->max)
        to->max = value;
    to->n++;
    to->sum += value;
    to->bins[bin_of(value)]++;
}

void mk_histogram_add(mk_histogram *to, const mk_histogram *from)
{
    if (from->n == 0)
        return;
    if (to->n == 0 || from->min < to->min)
        to->min = from->min;
    if (from->max > to->max)
        to->max = from->max;
    to->n += from->n;
    to->sum += from->sum;
    for (size_t i = 0; i < MK_HISTOGRAM_BINS; i++)
        to->bins[i] += from->bins[i];
}

/* Within a bin the values are taken as evenly spread. */
uint64_t mk_histogram_quantile(const mk_histogram *h, unsigned permille)
{
    if (h->n == 0)
        return 0;
    const double wanted = (double)h->n * (double)permille / 1000;
    double before = 0;
    for (unsigned i = 0; i < MK_HISTOGRAM_BINS; i++) {
        const double in_bin = (double)h->bins[i];
        if (in_bin == 0 || before + in_bin < wanted) {
            before += in_bin;
            continue;
        }
        const uint64_t low = i == 0 ? 0 : UINT64_C(1) << (i - 1);
        const uint64_t width = i == 0 ? 0 : low - 1; /* its last value is low + width */
        uint64_t value = low + (uint64_t)((double)width * ((wanted - before) / in_bin));
        value = value < h->min ? h->min : value;
        return value > h->max ? h->max : value;
    }
    return h->max;
}

/* ---- names ---- */

const char *mk_script_name(mk_script script)
{
    static const char *const names[MK_SCRIPT_COUNT] = {"Arabic", "Latin", "Cyrillic", "Greek",
                                                       "Hebrew", "Han",   "other"};
    return (unsigned)script < MK_SCRIPT_COUNT ? names[script] : "";
}

const char *mk_sign_name(mk_sign sign)
{
    static const char *const names[MK_TEXT_SIGN_COUNT] = {
        "tashkeel",           "tatweel",  "ascii-digits", "arabic-digits", "persian-digits",
        "presentation-forms", "invisible"};
    return (unsigned)sign < MK_TEXT_SIGN_COUNT ? names[sign] : "";
}

/* ---- a document, in the pool ---- */

enum { MAX_TAG = 35 /* bytes of a language tag: RFC 5646, 4.4.1 */ };

static bool is_tag(mk_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && c != '-' &&
            c != '_')
            return false;
    }
    return s.len > 0 && s.len <= MAX_TAG;
}

bool mk_stats_look(const mk_doc *doc, mk_arena *arena, mk_stats_found *ret)
{
    ret->digest = mk_hash128(doc->raw).high;
    ret->language = doc->lang;
    ret->detected = !is_tag(doc->lang);
    ret->site = (mk_str){0};
    if (ret->detected)
        ret->language = mk_str_of(mk_language_code(mk_language_detect(doc->raw)));
    /* A site is what its url says; a folder is none. */
    const mk_doc of_url = {.url = doc->url, .members = doc->members};
    return doc->url.len == 0 || mk_site_name(&of_url, (mk_str){0}, arena, &ret->site);
}

static bool work(const void *arg, const mk_doc *doc, mk_arena *arena, void *result)
{
    mk_stats_found *const f = result;

    mk_census_take(arg, doc->raw, &f->census);
    return mk_stats_look(doc, arena, f);
}

/* ---- in order ---- */

typedef struct counter {
    mk_census_table table; /* first: it is what work is given */
    mk_stats *stats;
} counter;

static void add_shares(mk_stats *s, const mk_census *c)
{
    unsigned main_script = 0;
    for (unsigned i = 0; i < MK_SCRIPT_COUNT; i++) {
        s->scripts[i].characters += c->scripts[i];
        if (c->scripts[i] > c->scripts[main_script])
            main_script = i;
    }
    s->scripts[main_script].docs += c->letters > 0;
    for (unsigned i = 0; i < MK_TEXT_SIGN_COUNT; i++) {
        s->signs[i].characters += c->signs[i];
        s->signs[i].docs += c->signs[i] > 0;
    }
}

mk_err mk_stats_put(mk_stats *s, const mk_stats_found *f, mk_error *reterr)
{
    const mk_census *const c = &f->census;
    const uint64_t n[4] = {1, c->letters};
    s->n_docs++;
    s->bytes += c->bytes;
    s->letters += c->letters;
    s->words += c->words;
    s->lines += c->lines;
    s->n_empty += c->letters == 0;
    s->n_detected += f->detected;
    s->n_no_site += f->site.len == 0;
    mk_histogram_put(&s->doc_letters, c->letters);
    mk_histogram_put(&s->doc_words, c->words);
    add_shares(s, c);
    mk_distinct_put(s->memory->texts, f->digest, 1);
    if (!mk_top_table_put(s->memory->languages, f->language, n) ||
        (f->site.len > 0 && !mk_top_table_put(s->memory->sites, f->site, n)))
        return mk_fail(reterr, MK_NOMEM, "out of memory for the names of sites");
    return MK_OK;
}

static mk_err take(void *arg, const mk_doc *doc, const void *result, mk_error *reterr)
{
    (void)doc;
    return mk_stats_put(((counter *)arg)->stats, result, reterr);
}

/* ---- the whole ---- */

mk_err mk_stats_init(mk_stats *ret, mk_error *reterr)
{
    *ret = (mk_stats){.memory = calloc(1, sizeof(*ret->memory))};
    mk_stats_memory *const m = ret->memory;
    if (m) {
        m->languages = mk_top_table_new(MK_STATS_LANGUAGES);
        m->sites = mk_top_table_new(MK_STATS_SITES);
        m->rules = mk_top_table_new(MK_STATS_RULES);
        m->texts = mk_distinct_new(MK_STATS_TEXTS);
    }
    if (m && m->languages && m->sites && m->rules && m->texts)
        return MK_OK;
    mk_stats_clear(ret);
    return mk_fail(reterr, MK_NOMEM, "out of memory for statistics");
}

void mk_stats_clear(mk_stats *stats)
{
    mk_stats_memory *const m = stats->memory;
    if (m) {
        mk_top_table_free(m->languages);
        mk_top_table_free(m->sites);
        mk_top_table_free(m->rules);
        mk_distinct_free(m->texts);
    }
    free(m);
    *stats = (mk_stats){0};
}

void mk_stats_finish(mk_stats *s)
{
    mk_top_table_sort(s->memory->languages, &s->languages);
    mk_top_table_sort(s->memory->sites, &s->sites);
    mk_top_table_sort(s->memory->rules, &s->rules);
    mk_distinct_count(s->memory->texts, &s->sample_bits, &s->sampled, &s->sampled_distinct);
}

static mk_err add_figures(mk_stats *s, const mk_corpus *corpus, mk_error *reterr)
{
    mk_arena *arena = corpus->figures.n > 0 ? mk_arena_new() : NULL;
    mk_err err = corpus->figures.n == 0 || arena ? MK_OK
                                                 : mk_fail(reterr, MK_NOMEM, "out of memory");
    for (size_t i = 0; i < corpus->figures.n && err == MK_OK; i++) {
        const char *const path = corpus->figures.items[i];
        mk_str text = {0};
        mk_error why;
        mk_arena_reset(arena);
        err = mk_file_text(path, arena, &text, reterr);
        if (err == MK_OK && (err = mk_stats_merge(s, text, arena, &why)) != MK_OK)
            err = mk_fail(reterr, err == MK_RECORD ? MK_DAMAGED : err, "%s: %s", path, why.text);
    }
    mk_arena_free(arena);
    return err;
}

/* A run's summary says the same in less. */
static mk_err add_ledgers(mk_stats *s, const mk_corpus *corpus, const volatile sig_atomic_t *stop,
                          mk_error *reterr)
{
    mk_lines lines = {.paths = corpus->ledgers, .stop = stop};
    mk_arena *arena = mk_arena_new();
    mk_err err = arena ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory");
    mk_str line;
    while (err == MK_OK && (err = mk_lines_next(&lines, &line, reterr)) == MK_OK) {
        mk_arena_reset(arena);
        err = mk_stats_ledger(s, line, arena, reterr);
        if (err == MK_RECORD)
            err = mk_lines_at(&lines, MK_DAMAGED, reterr);
    }
    mk_lines_close(&lines);
    mk_arena_free(arena);
    return err == MK_END ? MK_OK : err;
}

mk_err mk_stats_add_rules(mk_stats *stats, const mk_corpus *corpus,
                          const volatile sig_atomic_t *stop, mk_error *reterr)
{
    const mk_err err = add_figures(stats, corpus, reterr);
    return err == MK_OK ? add_ledgers(stats, corpus, stop, reterr) : err;
}

static mk_err add_docs(mk_stats *s, const mk_stats_options *o, const mk_corpus *corpus,
                       mk_error *reterr)
{
    const mk_clean_options inputs = {
        .inputs = corpus->data.items,
        .n_inputs = corpus->data.n,
        .select = o->select,
        .text_field = o->text_field,
        .id_field = o->id_field,
        .charset = o->charset,
        .threads = o->threads,
        .max_doc = o->max_doc,
        .stop = o->stop,
        .on_progress = o->on_progress,
        .on_message = o->on_message,
        .arg = o->arg,
    };
    mk_summary summary;
    counter c = {.stats = s};
    const mk_scan scan = {&inputs, sizeof(mk_stats_found), work, take, &c};
    if (corpus->data.n == 0)
        return MK_OK;
    mk_census_table_init(&c.table);
    const mk_err err = mk_scan_run(&scan, &summary, reterr);
    s->n_rejected += summary.n_rejected;
    s->n_skipped += summary.n_skipped;
    s->n_bad = summary.n_rejected;
    s->no_text = summary.no_text;
    s->n_sources = summary.n_sources;
    s->n_damaged = summary.n_damaged;
    return err;
}

mk_err mk_stats_run(const mk_stats_options *options, mk_stats *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    mk_corpus corpus = {0};
    const mk_need needs[] = {{"inputs", options->inputs, options->n_inputs}};
    reterr = reterr ? reterr : &local;
    mk_err err = mk_stats_init(ret, reterr);
    if (err == MK_OK)
        err = mk_need_all(needs, 1, reterr);
    if (err == MK_OK)
        err = mk_corpus_open(options->inputs, options->n_inputs, &corpus, reterr);
    if (err == MK_OK)
        err = mk_stats_add_rules(ret, &corpus, options->stop, reterr);
    if (err == MK_OK)
        err = add_docs(ret, options, &corpus, reterr);
    if (err == MK_OK)
        mk_stats_finish(ret);
    mk_corpus_close(&corpus);
    return err;
}
