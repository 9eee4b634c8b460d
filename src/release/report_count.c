/* report_count.c: one pass over the records, memory for names and samples alone.
 * Samples are the edits with the smallest hash of seed, rule, document and place,
 * so that they do not depend on the order of the records. */
#include "release/report_count.h"

#include <stdio.h>
#include <stdlib.h>

#include "doc/sites.h"

enum { CLIP = 320 /* bytes of a line that a sample shows */ };

/* ---- small things ---- */

static uint64_t letters_of(mk_str s)
{
    uint64_t n = 0;
    for (size_t at = 0; at < s.len;)
        n += mk_is_letter(mk_utf8_next(s, &at));
    return n;
}

uint64_t mk_report_bin_least(size_t bin)
{
    static const uint64_t steps[] = {1, 2, 5};
    uint64_t least = bin == 0 ? 0 : steps[(bin - 1) % 3];
    for (size_t i = 0; bin > 0 && i < (bin - 1) / 3; i++)
        least *= 10;
    return least;
}

size_t mk_report_bin(uint64_t letters)
{
    size_t bin = 0;
    while (bin + 1 < MK_REPORT_BINS && letters >= mk_report_bin_least(bin + 1))
        bin++;
    return bin;
}

/* Room for item number n of *items; the new ones are zeroed. */
static bool grow(void **items, size_t *size, size_t n, size_t item)
{
    if (n < *size)
        return true;
    const size_t more = *size ? 2 * *size : 64;
    char *const fresh = realloc(*items, more * item);
    if (!fresh)
        return false;
    memset(fresh + *size * item, 0, (more - *size) * item);
    *items = fresh;
    *size = more;
    return true;
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a report");
}

/* ---- samples ---- */

/* An edit as a sample needs it. */
typedef struct place {
    const mk_pair *pair;
    const mk_ledger_edit *edit;
    mk_str evidence, now;
    bool whole_lines;
    const bool *gone; /* for each byte that begins a line of the text: it is removed */
} place;

/* Pieces on their way: their text lies one after the other in `text`. */
typedef struct drawing {
    mk_report_piece pieces[MK_REPORT_PIECES];
    size_t n;
    mk_buf text;
} drawing;

/* The beginning of s, or its end, cut at a code point. */
static mk_str clip(mk_str s, bool end)
{
    if (s.len <= CLIP)
        return s;
    size_t at = end ? s.len - CLIP : CLIP;
    while (at < s.len && at > 0 && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
        at += end ? 1 : (size_t)-1;
    return end ? mk_str_sub(s, at, s.len) : mk_str_sub(s, 0, at);
}

static void draw(drawing *d, mk_report_part part, mk_str text, bool end)
{
    if (d->n == MK_REPORT_PIECES)
        return;
    const mk_str shown = clip(text, end);
    const size_t begin = d->text.len;
    if (end && shown.len < text.len)
        mk_buf_puts(&d->text, "… ");
    mk_buf_put(&d->text, shown);
    if (!end && shown.len < text.len)
        mk_buf_puts(&d->text, " …");
    /* the pointer is set when the text has its place */
    d->pieces[d->n++] = (mk_report_piece){part, {NULL, d->text.len - begin}};
}

/* Characters without a glyph are shown by their numbers. */
static void draw_was(drawing *d, mk_str was)
{
    char names[CLIP];
    size_t n = 0;
    if (was.len == 0 || mk_str_trim(was).len > 0) {
        draw(d, MK_REPORT_SAMPLE, was, false);
        return;
    }
    for (size_t at = 0; at < was.len && n + 16 < sizeof(names);)
        n += (size_t)snprintf(names + n, sizeof(names) - n, "%sU+%04X", n > 0 ? " " : "",
                              (unsigned)mk_utf8_next(was, &at));
    draw(d, MK_REPORT_SAMPLE, (mk_str){names, n}, false);
}

static size_t line_begin(mk_str text, size_t at)
{
    while (at > 0 && text.ptr[at - 1] != '\n')
        at--;
    return at;
}

/* The end of the line at `at`, its break left out. */
static size_t line_end(mk_str text, size_t at)
{
    const char *const lf = at < text.len ? memchr(text.ptr + at, '\n', text.len - at) : NULL;
    return lf ? (size_t)(lf - text.ptr) : text.len;
}

static void draw_line(drawing *d, const place *p, size_t begin, size_t end)
{
    const mk_str line = mk_str_sub(p->pair->read, begin, end);
    if (mk_str_trim(line).len == 0)
        return;
    draw(d, p->gone[begin] ? MK_REPORT_GONE : MK_REPORT_KEPT, line, false);
    draw(d, MK_REPORT_BREAK, (mk_str){"", 0}, false);
}

/* Lines that are not blank before `at`, which begins a line: where the first of them
 * begins. */
static size_t lines_before(mk_str text, size_t at)
{
    for (int n = 0; at > 0 && n < MK_REPORT_CONTEXT;) {
        const size_t end = at - 1;
        at = line_begin(text, end);
        n += mk_str_trim(mk_str_sub(text, at, end)).len > 0;
    }
    return at;
}

static void draw_place(drawing *d, const place *p)
{
    const mk_str text = p->pair->read;
    const size_t src = p->edit->src, end = src + p->edit->was.len;
    const size_t begin = line_begin(text, src);
    for (size_t at = lines_before(text, begin); at < begin;) {
        const size_t stop = line_end(text, at);
        draw_line(d, p, at, stop);
        at = stop + 1;
    }
    size_t after = end;
    if (p->whole_lines) {
        for (size_t at = src; at < end;) {
            const size_t stop = line_end(mk_str_sub(text, 0, end), at);
            draw(d, MK_REPORT_SAMPLE, mk_str_sub(text, at, stop), false);
            draw(d, MK_REPORT_BREAK, (mk_str){"", 0}, false);
            at = stop + 1;
        }
    } else {
        after = line_end(text, end);
        draw(d, MK_REPORT_KEPT, mk_str_sub(text, begin, src), true);
        draw_was(d, p->edit->was);
        draw(d, MK_REPORT_NOW, p->now, false);
        draw(d, MK_REPORT_KEPT, mk_str_sub(text, end, after), false);
        draw(d, MK_REPORT_BREAK, (mk_str){"", 0}, false);
        after++;
    }
    for (int n = 0; after < text.len && n < MK_REPORT_CONTEXT;) {
        const size_t stop = line_end(text, after);
        n += mk_str_trim(mk_str_sub(text, after, stop)).len > 0;
        draw_line(d, p, after, stop);
        after = stop + 1;
    }
}

static void free_sample(mk_report_sample *s)
{
    free(s->memory);
}

static mk_err make_sample(const place *p, uint64_t key, mk_report_sample *ret, mk_error *reterr)
{
    drawing d = {.text = {.max = MK_BUF_MAX}};
    const mk_str id = p->pair->ledger.id;
    draw_place(&d, p);
    const size_t id_at = d.text.len;
    mk_buf_put(&d.text, id);
    mk_buf_put(&d.text, p->evidence);
    if (d.text.failed) {
        mk_buf_clear(&d.text);
        return no_memory(reterr);
    }
    *ret = (mk_report_sample){.key = key, .n_pieces = d.n, .memory = d.text.ptr};
    const mk_str all = d.text.ptr ? mk_buf_str(&d.text) : (mk_str){"", 0};
    ret->id = mk_str_sub(all, id_at, id_at + id.len);
    ret->evidence = mk_str_sub(all, id_at + id.len, all.len);
    size_t at = 0;
    for (size_t i = 0; i < d.n; i++) {
        ret->pieces[i].part = d.pieces[i].part;
        ret->pieces[i].text = mk_str_sub(all, at, at + d.pieces[i].text.len);
        at += d.pieces[i].text.len;
    }
    return MK_OK;
}

static uint64_t key_of(const mk_report_count *count, const mk_report_rule *rule, const place *p)
{
    const struct {
        uint64_t seed, filter, rule, id, src;
    } all = {count->seed, mk_hash64(rule->filter), mk_hash64(rule->rule),
             mk_hash64(p->pair->ledger.id), p->edit->src};
    return mk_hash64((mk_str){(const char *)&all, sizeof(all)});
}

static mk_err offer_sample(mk_report_count *count, mk_report_rule *rule, const place *p,
                           mk_error *reterr)
{
    const uint64_t key = key_of(count, rule, p);
    size_t at = rule->n_samples;
    if (count->max_samples == 0 || (at == count->max_samples && key >= rule->samples[at - 1].key))
        return MK_OK;
    if (!rule->samples) {
        rule->samples = calloc(count->max_samples, sizeof(*rule->samples));
        if (!rule->samples)
            return no_memory(reterr);
    }
    mk_report_sample fresh;
    const mk_err err = make_sample(p, key, &fresh, reterr);
    if (err != MK_OK)
        return err;
    if (at == count->max_samples)
        free_sample(&rule->samples[--at]);
    else
        rule->n_samples++;
    for (; at > 0 && rule->samples[at - 1].key > key; at--)
        rule->samples[at] = rule->samples[at - 1];
    rule->samples[at] = fresh;
    return MK_OK;
}

/* ---- rules ---- */

static mk_report_rule *rule_of(mk_report_count *count, const mk_ledger_why *why, mk_arena *scratch)
{
    const size_t n = why->filter.len + 1 + why->rule.len;
    char *const name = mk_arena_bytes(scratch, n);
    if (!name)
        return NULL;
    memcpy(name, why->filter.ptr, why->filter.len);
    name[why->filter.len] = '.';
    if (why->rule.len > 0)
        memcpy(name + why->filter.len + 1, why->rule.ptr, why->rule.len);
    const uint32_t i = mk_intern_put(&count->rule_names, (mk_str){name, n});
    if (i == MK_INTERN_NONE ||
        !grow((void **)&count->rules, &count->size_rules, i, sizeof(mk_report_rule)))
        return NULL;
    mk_report_rule *rule = &count->rules[i];
    const mk_str whole = count->rule_names.items[i];
    rule->filter = mk_str_sub(whole, 0, why->filter.len);
    rule->rule = mk_str_sub(whole, why->filter.len + 1, n);
    return rule;
}

static bool is_blank(mk_str s)
{
    for (size_t at = 0; at < s.len;) {
        const uint32_t cp = mk_utf8_next(s, &at);
        if (!mk_is_space(cp) && cp != '\n' && cp != '\r')
            return false;
    }
    return true;
}

/* Whether an edit takes whole lines away. */
static bool is_whole(mk_str text, const mk_ledger_edit *e)
{
    const size_t end = e->src + e->was.len;
    const bool begins = e->src == 0 || text.ptr[e->src - 1] == '\n';
    const bool ends = end == text.len || (e->was.len > 0 && e->was.ptr[e->was.len - 1] == '\n');
    return e->len == 0 && begins && ends;
}

static mk_err count_edit(mk_report_count *count, const mk_pair *pair, const mk_ledger_edit *e,
                         const bool *gone, mk_arena *scratch, mk_error *reterr)
{
    mk_json_array whys = mk_ledger_whys(e);
    mk_ledger_why why;
    const mk_err err = mk_ledger_why_next(&whys, scratch, &why, reterr);
    if (err != MK_OK)
        return err == MK_END ? mk_fail(reterr, MK_MISMATCH, "an edit without a rule") : err;
    mk_report_rule *rule = rule_of(count, &why, scratch);
    if (!rule)
        return no_memory(reterr);
    const place p = {.pair = pair,
                     .edit = e,
                     .evidence = why.evidence,
                     .now = mk_str_sub(pair->doc.raw, e->at, e->at + e->len),
                     .whole_lines = is_whole(pair->read, e),
                     .gone = gone};
    const bool blank = is_blank(e->was);
    rule->letters += (int64_t)letters_of(e->was) - (int64_t)letters_of(p.now);
    rule->docs += rule->last != count->docs;
    rule->last = count->docs;
    if (p.whole_lines && !blank)
        rule->lines++;
    else
        rule->changes++;
    /* where a blank line was tells nobody anything */
    return blank && p.now.len == 0 ? MK_OK : offer_sample(count, rule, &p, reterr);
}

/* For each byte that begins a line: whether an edit removes the line. */
static mk_err find_gone(const mk_pair *pair, mk_arena *scratch, bool **ret, mk_error *reterr)
{
    mk_json_array it = mk_ledger_edits(&pair->ledger);
    mk_ledger_edit e;
    mk_err err;
    *ret = mk_arena_alloc(scratch, pair->read.len + 1);
    if (!*ret)
        return no_memory(reterr);
    while ((err = mk_ledger_edit_next(&it, scratch, &e, reterr)) == MK_OK)
        if (is_whole(pair->read, &e))
            for (size_t i = e.src; i < e.src + e.was.len; i++)
                (*ret)[i] = true;
    return err == MK_END ? MK_OK : err;
}

static mk_err count_edits(mk_report_count *count, const mk_pair *pair, mk_arena *scratch,
                          mk_error *reterr)
{
    bool *gone = NULL;
    mk_err err = find_gone(pair, scratch, &gone, reterr);
    mk_json_array it = mk_ledger_edits(&pair->ledger);
    mk_ledger_edit e;
    while (err == MK_OK && (err = mk_ledger_edit_next(&it, scratch, &e, reterr)) == MK_OK)
        err = count_edit(count, pair, &e, gone, scratch, reterr);
    return err == MK_END ? MK_OK : err;
}

/* ---- sites and reasons ---- */

static mk_err count_site(mk_report_count *count, const mk_pair *pair, uint64_t letters_in,
                         uint64_t letters_out, mk_arena *scratch, mk_error *reterr)
{
    mk_str name;
    if (!mk_site_name(&pair->doc, (mk_str){"", 0}, scratch, &name))
        return no_memory(reterr);
    if (count->site_names.n >= MK_REPORT_MAX_SITES) {
        count->n_sites_left++;
        return MK_OK;
    }
    const uint32_t i = mk_intern_put(&count->site_names, name);
    if (i == MK_INTERN_NONE ||
        !grow((void **)&count->sites, &count->size_sites, i, sizeof(mk_report_site)))
        return no_memory(reterr);
    mk_report_site *site = &count->sites[i];
    site->name = count->site_names.items[i];
    site->docs++;
    site->letters_in += letters_in;
    site->letters_out += letters_out;
    return MK_OK;
}

/* Reasons that say where in a record something is wrong are many: those beyond a
 * bound count together. */
static mk_err count_reason(mk_report_count *count, const mk_ledger_record *record, mk_error *reterr)
{
    char name[2 + CLIP + 4];
    const bool full = count->reason_names.n >= MK_REPORT_MAX_REASONS;
    const mk_str text = clip(full ? MK_STR("other reasons") : record->reason, false);
    const int n = snprintf(name, sizeof(name), "%d %.*s", full ? 9 : (int)record->verdict,
                           (int)text.len, text.ptr);
    const uint32_t i = mk_intern_put(&count->reason_names, (mk_str){name, (size_t)n});
    if (i == MK_INTERN_NONE ||
        !grow((void **)&count->reasons, &count->size_reasons, i, sizeof(mk_report_reason)))
        return no_memory(reterr);
    mk_report_reason *reason = &count->reasons[i];
    reason->text = mk_str_sub(count->reason_names.items[i], 2, (size_t)n);
    reason->verdict = record->verdict;
    reason->records++;
    return MK_OK;
}

/* ---- the whole ---- */

mk_err mk_report_count_open(uint64_t seed, size_t max_samples, mk_report_count *ret,
                            mk_error *reterr)
{
    *ret = (mk_report_count){.seed = seed, .max_samples = max_samples, .arena = mk_arena_new()};
    ret->rule_names.arena = ret->site_names.arena = ret->reason_names.arena = ret->arena;
    return ret->arena ? MK_OK : no_memory(reterr);
}

mk_err mk_report_count_add(mk_report_count *count, const mk_pair *pair, mk_arena *scratch,
                           mk_error *reterr)
{
    const mk_ledger_record *record = &pair->ledger;
    count->docs++;
    count->verdicts[record->verdict]++;
    if (record->verdict == MK_REJECTED || record->verdict == MK_SKIPPED)
        return count_reason(count, record, reterr);
    const uint64_t in = letters_of(pair->read), out = letters_of(pair->doc.raw);
    count->bytes_in += pair->read.len;
    count->letters_in += in;
    count->lengths_in[mk_report_bin(in)]++;
    if (record->verdict == MK_WRITTEN) {
        count->bytes_out += pair->doc.raw.len;
        count->letters_out += out;
        count->lengths_out[mk_report_bin(out)]++;
        count->review += record->review;
        const mk_err err = count_site(count, pair, in, out, scratch, reterr);
        if (err != MK_OK)
            return err;
    }
    return count_edits(count, pair, scratch, reterr);
}

void mk_report_count_clear(mk_report_count *count)
{
    for (size_t i = 0; i < count->rule_names.n && count->rules; i++) {
        for (size_t k = 0; k < count->rules[i].n_samples; k++)
            free_sample(&count->rules[i].samples[k]);
        free(count->rules[i].samples);
    }
    free(count->rules);
    free(count->sites);
    free(count->reasons);
    mk_arena_free(count->arena);
}
