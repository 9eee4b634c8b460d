/* diff.c: two corpora by the ids of their documents, in bounded memory. Of each
 * document 32 bytes are kept: digests of its id and its text, its number, its site.
 * Both tables are sorted and joined. Where they do not fit, only the documents are
 * kept whose id's digest begins with the bits of one part, and both corpora are read
 * again for each of the others. Texts are read once more, of the documents that
 * differ: lines are compared for a seeded sample of them.
 * Cases: tests/release/test_diff.c, fixtures/cli/diff_*. */
#include <assert.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/need.h"
#include "doc/sites.h"
#include "release/diff_private.h"
#include "release/stats.h"
#include "write/ledger.h"

enum {
    DEFAULT_MEMORY = 512 << 20, /* bytes */
    MIN_ENTRIES = 1024,         /* below, hardly anything fits */
    MAX_BITS = 20,              /* of parts: a million readings are more than anyone waits for */
    SITES = 1 << 20             /* names: those of all further sites are forgotten */
};

mk_err mk_diff_nomem(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory to compare");
}

mk_err mk_diff_scan(differ *d, const side *s, size_t result_size,
                    bool (*work)(const void *, const mk_doc *, mk_arena *, void *),
                    mk_err (*take)(void *, const mk_doc *, const void *, mk_error *), void *arg,
                    bool first)
{
    const mk_diff_options *const o = d->options;
    const mk_clean_options inputs = {
        .inputs = s->corpus.data.items,
        .n_inputs = s->corpus.data.n,
        .text_field = o->text_field,
        .id_field = o->id_field,
        .threads = o->threads,
        .stop = o->stop,
        .on_progress = o->on_progress,
        .on_message = first ? o->on_message : NULL, /* once is enough */
        .arg = o->arg,
    };
    const mk_scan scan = {&inputs, result_size, work, take, arg};
    mk_summary summary;
    const mk_err err = mk_scan_run(&scan, &summary, d->reterr);
    if (first) {
        d->diff->n_rejected += summary.n_rejected;
        d->diff->n_damaged += summary.n_damaged;
    }
    return err;
}

/* ---- the first readings: digests ---- */

typedef struct found {
    mk_digest id;
    uint64_t text;
    mk_str site;
} found;

static bool digest_doc(const void *arg, const mk_doc *doc, mk_arena *arena, void *result)
{
    found *const f = result;
    const mk_doc of_url = {.url = doc->url};
    (void)arg;
    f->id = mk_hash128(doc->id);
    f->text = mk_hash128(doc->raw).high;
    return doc->url.len == 0 || mk_site_name(&of_url, (mk_str){0}, arena, &f->site);
}

typedef struct collector {
    differ *d;
    side *side;
} collector;

static bool is_of_part(const differ *d, uint64_t high)
{
    return d->bits == 0 || high >> (64 - d->bits) == d->part;
}

/* Drops what is not of the part at hand. */
static void drop(const differ *d, side *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (is_of_part(d, s->entries[i].high))
            s->entries[n++] = s->entries[i];
    s->n = n;
}

/* Room for one more entry of side s. In the first reading there may be more parts. */
static mk_err make_room(differ *d, side *s)
{
    while (d->sides[0].n + d->sides[1].n >= d->max_entries) {
        if (d->part > 0 || d->bits == MAX_BITS)
            return mk_fail(d->reterr, MK_LIMIT,
                           "too many documents, or too many of one id, for the memory that was "
                           "given (--memory)");
        d->bits++;
        drop(d, &d->sides[0]);
        drop(d, &d->sides[1]);
    }
    if (s->n < s->size)
        return MK_OK;
    const size_t size = s->size ? 2 * s->size : MIN_ENTRIES;
    entry *const entries = realloc(s->entries, size * sizeof(*entries));
    if (!entries)
        return mk_diff_nomem(d->reterr);
    s->entries = entries;
    s->size = size;
    return MK_OK;
}

static mk_err site_number(differ *d, mk_str site, uint32_t *ret)
{
    *ret = 0;
    if (site.len == 0 || d->names.n >= SITES)
        return MK_OK;
    const uint32_t i = mk_intern_put(&d->names, site);
    if (i == MK_INTERN_NONE)
        return mk_diff_nomem(d->reterr);
    *ret = i;
    return MK_OK;
}

static mk_err take_digest(void *arg, const mk_doc *doc, const void *result, mk_error *reterr)
{
    const collector *const c = arg;
    differ *const d = c->d;
    const found *const f = result;
    c->side->n_docs += d->part == 0;
    if (!is_of_part(d, f->id.high))
        return MK_OK;
    if (doc->seq >= UINT32_MAX)
        return mk_fail(reterr, MK_LIMIT, "more than %u documents", UINT32_MAX);
    mk_err err = make_room(d, c->side);
    if (err != MK_OK || !is_of_part(d, f->id.high))
        return err;
    entry e = {f->id.high, f->id.low, f->text, (uint32_t)doc->seq, 0};
    err = site_number(d, f->site, &e.site);
    if (err == MK_OK)
        c->side->entries[c->side->n++] = e;
    return err;
}

/* ---- joining ---- */

static int by_id(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->high != y->high)
        return x->high < y->high ? -1 : 1;
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

static int compare_ids(const entry *a, const entry *b)
{
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    return (a->low > b->low) - (a->low < b->low);
}

static uint64_t mixed(uint64_t i)
{
    i = (i ^ i >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    i = (i ^ i >> 27) * UINT64_C(0x94D049BB133111EB);
    return i ^ i >> 31;
}

/* A document that differs; old or new may be NULL. */
static mk_err put_difference(differ *d, const entry *old, const entry *new)
{
    assert(old || new);
    const entry *const e = new ? new : old;
    const mk_diff_kind kind = !old ? MK_DIFF_ADDED : !new ? MK_DIFF_REMOVED : MK_DIFF_CHANGED;
    const uint64_t n[4] = {1, kind == MK_DIFF_ADDED, kind == MK_DIFF_REMOVED,
                           kind == MK_DIFF_CHANGED};
    const pick item = {
        .priority = mixed(e->low + d->options->seed * UINT64_C(0x9E3779B97F4A7C15)),
        .high = e->high,
        .low = e->low,
        .old_seq = old ? old->seq : UINT32_MAX,
        .new_seq = new ? new->seq : UINT32_MAX,
        .kind = kind,
    };
    d->diff->n_added += n[1];
    d->diff->n_removed += n[2];
    d->diff->n_changed += n[3];
    if (e->site > 0 && !mk_top_table_put(d->diff->memory->sites, d->names.items[e->site], n))
        return mk_diff_nomem(d->reterr);
    return mk_diff_pick(&d->kinds[kind], &item, d->reterr);
}

static mk_err join(differ *d)
{
    side *const old = &d->sides[0], *const new = &d->sides[1];
    size_t i = 0, k = 0;
    mk_err err = MK_OK;
    if (old->n > 1)
        qsort(old->entries, old->n, sizeof(entry), by_id);
    if (new->n > 1)
        qsort(new->entries, new->n, sizeof(entry), by_id);
    while ((i < old->n || k < new->n) && err == MK_OK) {
        const int order = i == old->n   ? 1
                          : k == new->n ? -1
                                        : compare_ids(&old->entries[i], &new->entries[k]);
        if (order == 0 && old->entries[i].text == new->entries[k].text)
            d->diff->n_same++;
        else
            err = put_difference(d, order <= 0 ? &old->entries[i] : NULL,
                                 order >= 0 ? &new->entries[k] : NULL);
        i += order <= 0;
        k += order >= 0;
    }
    return err;
}

/* ---- why documents were removed ---- */

static int compare_key(const void *key, const void *item)
{
    return compare_ids(key, item);
}

static bool is_entry(const side *s, mk_digest id)
{
    const entry key = {.high = id.high, .low = id.low};
    return s->n > 0 && bsearch(&key, s->entries, s->n, sizeof(entry), compare_key) != NULL;
}

static const char *reason_of(mk_verdict verdict)
{
    switch (verdict) {
    case MK_WRITTEN:
        return "written in the run, not in what was compared";
    case MK_FILTERED:
        return "filtered";
    case MK_DUPLICATE:
        return "duplicate";
    case MK_REJECTED:
        return "rejected";
    case MK_SKIPPED:
        return "skipped";
    }
    return "";
}

/* Looks up the ids of the ledger among the documents that OLD alone has. */
static mk_err take_reasons(differ *d)
{
    const side *const old = &d->sides[0], *const new = &d->sides[1];
    const mk_paths *const paths = new->corpus.ledgers.n > 0 ? &new->corpus.ledgers
                                                            : &new->corpus.told;
    mk_lines lines = {.paths = *paths, .stop = d->options->stop};
    mk_arena *const arena = mk_arena_new();
    mk_err err = arena ? MK_OK : mk_diff_nomem(d->reterr);
    mk_str line;
    while (err == MK_OK && (err = mk_lines_next(&lines, &line, d->reterr)) == MK_OK) {
        const uint64_t one[4] = {1};
        mk_ledger_record record = {0};
        mk_arena_reset(arena);
        err = mk_ledger_parse(line, arena, &record, d->reterr);
        if (err == MK_RECORD)
            err = mk_lines_at(&lines, MK_DAMAGED, d->reterr);
        if (err != MK_OK)
            break;
        const mk_digest id = mk_hash128(record.id);
        if (is_of_part(d, id.high) && is_entry(old, id) && !is_entry(new, id) &&
            !mk_top_table_put(d->diff->memory->reasons, mk_str_of(reason_of(record.verdict)), one))
            err = mk_diff_nomem(d->reterr);
    }
    mk_lines_close(&lines);
    mk_arena_free(arena);
    return err == MK_END ? MK_OK : err;
}

/* ---- rules ---- */

static mk_err take_rules(differ *d)
{
    for (int i = 0; i < 2; i++) {
        mk_stats stats;
        mk_tops tops;
        mk_err err = mk_stats_init(&stats, d->reterr);
        if (err == MK_OK)
            err = mk_stats_add_rules(&stats, &d->sides[i].corpus, d->options->stop, d->reterr);
        if (err == MK_OK)
            mk_top_table_sort(stats.memory->rules, &tops);
        for (size_t k = 0; err == MK_OK && k < tops.n; k++) {
            const uint64_t edits = tops.items[k].n[0] + tops.items[k].n[1];
            const uint64_t n[4] = {edits, i == 0 ? edits : 0, i == 1 ? edits : 0};
            if (!mk_top_table_put(d->diff->memory->rules, tops.items[k].name, n))
                err = mk_diff_nomem(d->reterr);
        }
        mk_stats_clear(&stats);
        if (err != MK_OK)
            return err;
    }
    return MK_OK;
}

/* ---- the whole ---- */

/* Reads both and joins the part at hand. */
static mk_err read_part(differ *d)
{
    for (int i = 0; i < 2; i++) {
        collector c = {d, &d->sides[i]};
        d->sides[i].n = 0;
        const mk_err err = mk_diff_scan(d, &d->sides[i], sizeof(found), digest_doc, take_digest, &c,
                                        d->part == 0);
        if (err != MK_OK)
            return err;
    }
    const mk_err err = join(d);
    return err == MK_OK ? take_reasons(d) : err;
}

static mk_err open_side(side *s, const char *path, const char *ledger, mk_error *reterr)
{
    const char *const paths[] = {path, ledger};
    if (strcmp(path, "-") == 0)
        return mk_fail(reterr, MK_OPTION, "cannot compare standard input: it is read twice");
    const mk_err err = mk_corpus_open(paths, ledger ? 2 : 1, &s->corpus, reterr);
    if (err == MK_OK && s->corpus.data.n == 0)
        return mk_fail(reterr, MK_OPTION, "'%s' holds no documents", path);
    return err;
}

static mk_err open_diff(differ *d)
{
    const mk_diff_options *const o = d->options;
    struct mk_diff_memory *const m = calloc(1, sizeof(*m));
    d->diff->memory = m;
    d->name_arena = mk_arena_new();
    if (m) {
        m->sites = mk_top_table_new(MK_STATS_SITES);
        m->reasons = mk_top_table_new(MK_STATS_RULES);
        m->rules = mk_top_table_new(MK_STATS_RULES);
        m->arena = mk_arena_new();
    }
    if (!m || !d->name_arena || !m->sites || !m->reasons || !m->rules || !m->arena)
        return mk_diff_nomem(d->reterr);
    d->names.arena = d->name_arena;
    if (mk_intern_put(&d->names, MK_STR("")) == MK_INTERN_NONE) /* number 0 */
        return mk_diff_nomem(d->reterr);
    d->max_entries = (size_t)((o->memory ? o->memory : DEFAULT_MEMORY) / sizeof(entry));
    if (d->max_entries < MIN_ENTRIES)
        d->max_entries = MIN_ENTRIES;
    mk_diff_pick_limits(d);
    mk_err err = open_side(&d->sides[0], o->old_path, o->old_ledger, d->reterr);
    return err == MK_OK ? open_side(&d->sides[1], o->new_path, o->new_ledger, d->reterr) : err;
}

static void finish(differ *d)
{
    d->diff->n_old = d->sides[0].n_docs;
    d->diff->n_new = d->sides[1].n_docs;
    mk_top_table_sort(d->diff->memory->sites, &d->diff->sites);
    mk_top_table_sort(d->diff->memory->reasons, &d->diff->reasons);
    mk_top_table_sort(d->diff->memory->rules, &d->diff->rules);
}

mk_err mk_diff_run(const mk_diff_options *options, mk_diff *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    differ d = {.options = options, .diff = ret, .reterr = reterr ? reterr : &local};
    const mk_need needs[] = {{"old_path", &options->old_path, 1},
                             {"new_path", &options->new_path, 1}};
    *ret = (mk_diff){0};
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), d.reterr);
    if (err == MK_OK)
        err = open_diff(&d);
    if (err == MK_OK)
        err = take_rules(&d);
    do {
        if (err == MK_OK)
            err = read_part(&d);
        d.part++;
    } while (err == MK_OK && d.part < UINT64_C(1) << d.bits);
    if (err == MK_OK)
        err = mk_diff_samples(&d);
    if (err == MK_OK)
        finish(&d);
    for (int i = 0; i < 2; i++) {
        mk_corpus_close(&d.sides[i].corpus);
        free(d.sides[i].entries);
    }
    for (int kind = 0; kind < 3; kind++)
        free(d.kinds[kind].items);
    mk_arena_free(d.name_arena);
    return err;
}

void mk_diff_clear(mk_diff *diff)
{
    struct mk_diff_memory *const m = diff->memory;
    if (m) {
        mk_top_table_free(m->sites);
        mk_top_table_free(m->reasons);
        mk_top_table_free(m->rules);
        mk_arena_free(m->arena);
    }
    free(m);
    *diff = (mk_diff){0};
}
