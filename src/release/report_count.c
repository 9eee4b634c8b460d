/* report_count.c: one pass over the records, memory for names and samples alone.
 * Cases: tests/release/test_report_count.c. */
#include "release/report_count.h"

#include <stdio.h>
#include <stdlib.h>

#include "doc/sites.h"
#include "release/report_sample.h"

/* ---- small things ---- */

static uint64_t letters_of(const mk_report_count *count, mk_str s)
{
    mk_census census;
    mk_census_take(&count->table, s, &census);
    return census.letters;
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

/* ---- rules ---- */

/* The number of a rule; MK_INTERN_NONE if out of memory. */
static uint32_t rule_of(mk_report_count *count, const mk_ledger_why *why, mk_arena *scratch)
{
    const size_t n = why->filter.len + 1 + why->rule.len;
    char *const name = mk_arena_bytes(scratch, n);
    if (!name)
        return MK_INTERN_NONE;
    memcpy(name, why->filter.ptr, why->filter.len);
    name[why->filter.len] = '.';
    if (why->rule.len > 0)
        memcpy(name + why->filter.len + 1, why->rule.ptr, why->rule.len);
    const uint32_t i = mk_intern_put(&count->rule_names, (mk_str){name, n});
    if (i == MK_INTERN_NONE ||
        !grow((void **)&count->rules, &count->size_rules, i, sizeof(mk_report_rule)))
        return MK_INTERN_NONE;
    mk_report_rule *const rule = &count->rules[i];
    const mk_str whole = count->rule_names.items[i];
    rule->filter = mk_str_sub(whole, 0, why->filter.len);
    rule->rule = mk_str_sub(whole, why->filter.len + 1, n);
    return i;
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

/* Appends to the array at *cuts, n of them, room for *size. */
static bool put_cut(mk_arena *scratch, mk_report_cut **cuts, size_t *size, size_t n,
                    const mk_report_cut *cut)
{
    if (n == *size) {
        const size_t more = *size ? 2 * *size : 64;
        mk_report_cut *const fresh = more < SIZE_MAX / sizeof(*fresh)
                                         ? mk_arena_alloc(scratch, more * sizeof(*fresh))
                                         : NULL;
        if (!fresh)
            return false;
        if (n > 0)
            memcpy(fresh, *cuts, n * sizeof(*fresh));
        *cuts = fresh;
        *size = more;
    }
    (*cuts)[n] = *cut;
    return true;
}

/* The edits of a record, each with the rule that had the last part in it. */
static mk_err read_cuts(mk_report_count *count, const mk_pair *pair, mk_arena *scratch,
                        mk_report_record *ret, mk_error *reterr)
{
    mk_json_array it = mk_ledger_edits(&pair->ledger);
    mk_report_cut *cuts = NULL, cut;
    size_t n = 0, size = 0;
    mk_err err;
    while ((err = mk_ledger_edit_next(&it, scratch, &cut.edit, reterr)) == MK_OK) {
        mk_json_array whys = mk_ledger_whys(&cut.edit);
        mk_ledger_why why;
        err = mk_ledger_why_next(&whys, scratch, &why, reterr);
        if (err != MK_OK)
            return err == MK_END ? mk_fail(reterr, MK_MISMATCH, "an edit without a rule") : err;
        cut.rule = rule_of(count, &why, scratch);
        cut.evidence = why.evidence;
        cut.whole = is_whole(pair->read, &cut.edit);
        if (cut.rule == MK_INTERN_NONE || !put_cut(scratch, &cuts, &size, n, &cut))
            return no_memory(reterr);
        n++;
    }
    *ret = (mk_report_record){pair, cuts, n};
    return err == MK_END ? MK_OK : err;
}

static mk_err count_cut(mk_report_count *count, const mk_report_record *record, size_t i,
                        mk_error *reterr)
{
    const mk_report_cut *const cut = &record->cuts[i];
    const mk_ledger_edit *const e = &cut->edit;
    const mk_str now = mk_str_sub(record->pair->doc.raw, (size_t)e->at, (size_t)(e->at + e->len));
    mk_report_rule *const rule = &count->rules[cut->rule];
    const bool blank = is_blank(e->was);
    rule->letters += (int64_t)letters_of(count, e->was) - (int64_t)letters_of(count, now);
    rule->docs += rule->last != count->docs;
    rule->last = count->docs;
    if (cut->whole && !blank)
        rule->lines++;
    else
        rule->changes++;
    /* where a blank line was tells nobody anything */
    return blank && now.len == 0 ? MK_OK : mk_report_offer(count, rule, record, i, reterr);
}

static mk_err count_edits(mk_report_count *count, const mk_pair *pair, mk_arena *scratch,
                          mk_error *reterr)
{
    mk_report_record record = {.n = 0};
    mk_err err = read_cuts(count, pair, scratch, &record, reterr);
    for (size_t i = 0; err == MK_OK && i < record.n; i++)
        err = count_cut(count, &record, i, reterr);
    return err;
}

/* Why a person should look at a document: each rule once. */
static mk_err count_review(mk_report_count *count, const mk_pair *pair, mk_arena *scratch,
                           mk_error *reterr)
{
    mk_json_array it = mk_ledger_reviews(&pair->ledger);
    mk_ledger_why why;
    mk_err err;
    count->review += pair->ledger.review;
    while ((err = mk_ledger_why_next(&it, scratch, &why, reterr)) == MK_OK) {
        const uint32_t i = rule_of(count, &why, scratch);
        if (i == MK_INTERN_NONE)
            return no_memory(reterr);
        mk_report_rule *const rule = &count->rules[i];
        if (rule->reviewed == count->docs)
            continue;
        rule->reviewed = count->docs;
        rule->reviews++;
        err = mk_report_offer_review(count, rule, pair, why.evidence, reterr);
        if (err != MK_OK)
            return err;
    }
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
    char name[2 + MK_REPORT_CLIP + 1];
    const bool full = count->reason_names.n >= MK_REPORT_MAX_REASONS;
    const mk_str text = mk_report_clip(full ? MK_STR("other reasons") : record->reason);
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
    mk_census_table_init(&ret->table);
    ret->rule_names.arena = ret->site_names.arena = ret->reason_names.arena = ret->arena;
    return ret->arena ? MK_OK : no_memory(reterr);
}

mk_err mk_report_count_add(mk_report_count *count, const mk_pair *pair, mk_arena *scratch,
                           mk_error *reterr)
{
    const mk_ledger_record *record = &pair->ledger;
    count->docs++;
    count->verdicts[record->verdict]++;
    if (!mk_ledger_has_text(record))
        return count_reason(count, record, reterr);
    const uint64_t in = letters_of(count, pair->read), out = letters_of(count, pair->doc.raw);
    count->bytes_in += pair->read.len;
    count->letters_in += in;
    count->lengths_in[mk_report_bin(in)]++;
    if (record->verdict == MK_WRITTEN) {
        count->bytes_out += pair->doc.raw.len;
        count->letters_out += out;
        count->lengths_out[mk_report_bin(out)]++;
        mk_err err = count_site(count, pair, in, out, scratch, reterr);
        if (err == MK_OK)
            err = count_review(count, pair, scratch, reterr);
        if (err != MK_OK)
            return err;
    }
    return count_edits(count, pair, scratch, reterr);
}

void mk_report_count_clear(mk_report_count *count)
{
    for (size_t i = 0; i < count->rule_names.n && count->rules; i++) {
        mk_report_samples_clear(&count->rules[i].samples);
        mk_report_samples_clear(&count->rules[i].for_review);
    }
    free(count->rules);
    free(count->sites);
    free(count->reasons);
    mk_arena_free(count->arena);
}
