/* run_set.c: see run_set.h. Two corpora in as many shards may be packed together, if they were
 * cleaned in the same way: each number is there twice then. What options say of files alone
 * (codec, size, checkpoints) may differ. Cases: fixtures/cli/pack_shards. */
#include "release/run_set.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"

#define WAY_OUT " (a part is packed by its files: RUN/data-*)"

typedef struct shard {
    uint64_t k, n;
    const mk_run_note *run;
} shard;

/* Which members of run.json, and which not of its options, documents depend on. */
static const char *const members[] = {"version", "chain", "texts"};
static const char *const of_files[] = {"shard",      "codec",      "level",  "shard-size",
                                       "shard-docs", "checkpoint", "ledger", "rejects"};

static mk_err bad_report(mk_error *reterr)
{
    return mk_fail(reterr, MK_DAMAGED, "a run.json with a bad 'shard'");
}

/* The member of an object; empty if there is none. */
static mk_str member(mk_str object, mk_str key)
{
    mk_json_object it = mk_json_object_of(object);
    mk_json_member m;

    while (mk_json_object_next(&it, &m, NULL) == MK_OK)
        if (mk_str_eq(mk_str_sub(m.key.raw, 1, m.key.raw.len - 1), key))
            return m.value.raw;
    return (mk_str){"", 0};
}

/* Reads a number from 1 up to the byte `end`; *at goes behind that. */
static bool read_number(mk_str s, size_t *at, char end, uint64_t *ret)
{
    uint64_t n = 0;

    for (; *at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9' && n < UINT32_MAX; ++*at)
        n = n * 10 + (uint64_t)(s.ptr[*at] - '0');
    *ret = n;
    return n > 0 && *at < s.len && s.ptr[(*at)++] == end;
}

/* False: the run is no shard. MK_DAMAGED by *reterr: it is, but of what cannot be told. */
static mk_err read_shard(const mk_run_note *run, shard *ret, bool *ret_is, mk_error *reterr)
{
    const mk_str s = member(member(run->report, MK_STR("options")), MK_STR("shard"));
    size_t at = 1;

    *ret_is = s.len > 0 && *s.ptr == '"';
    ret->run = run;
    if (!*ret_is)
        return MK_OK;
    return read_number(s, &at, '/', &ret->k) && read_number(s, &at, '"', &ret->n) && at == s.len &&
                   ret->k <= ret->n
               ? MK_OK
               : bad_report(reterr);
}

static int compare(const void *a, const void *b)
{
    const shard *const x = a, *const y = b;

    return x->n != y->n   ? (x->n > y->n) - (x->n < y->n)
           : x->k != y->k ? (x->k > y->k) - (x->k < y->k)
                          : strcmp(x->run->sha256, y->run->sha256);
}

/* ---- one way of cleaning ---- */

static bool is_of_files(mk_str key)
{
    for (size_t i = 0; i < sizeof(of_files) / sizeof(*of_files); i++)
        if (mk_str_eq(key, mk_str_of(of_files[i])))
            return true;
    return false;
}

/* What differs between two runs; empty: nothing. Lent from a or for ever. */
static mk_str difference(mk_str a, mk_str b)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
        if (!mk_str_eq(member(a, mk_str_of(members[i])), member(b, mk_str_of(members[i]))))
            return mk_str_of(members[i]);
    const mk_str theirs = member(b, MK_STR("options"));
    mk_json_object it = mk_json_object_of(member(a, MK_STR("options")));
    mk_json_member m;
    while (mk_json_object_next(&it, &m, NULL) == MK_OK) {
        const mk_str key = mk_str_sub(m.key.raw, 1, m.key.raw.len - 1);
        if (!is_of_files(key) && !mk_str_eq(m.value.raw, member(theirs, key)))
            return key;
    }
    return (mk_str){"", 0};
}

static mk_err check_same(const shard *a, const shard *b, mk_error *reterr)
{
    const mk_str what = difference(a->run->report, b->run->report);

    if (what.len == 0)
        return MK_OK;
    return mk_fail(reterr, MK_MISMATCH,
                   "shards %" PRIu64 "/%" PRIu64 " and %" PRIu64 "/%" PRIu64
                   " of a run differ in '%.*s'" WAY_OUT,
                   a->k, a->n, b->k, b->n, (int)what.len, what.ptr);
}

/* ---- all of them ---- */

static mk_err missing(uint64_t k, uint64_t n, mk_error *reterr)
{
    return mk_fail(reterr, MK_MISMATCH, "shard %" PRIu64 "/%" PRIu64 " of a run is missing" WAY_OUT,
                   k, n);
}

/* How many shards from the first on are of the same number. */
static size_t same_number(const shard *s, size_t n)
{
    size_t i = 1;

    while (i < n && s[i].n == s->n && s[i].k == s->k)
        i++;
    return i;
}

/* Checks those that are of as many as the first; *ret: how many these are. */
static mk_err check_set(const shard *s, size_t n, size_t *ret, mk_error *reterr)
{
    const size_t times = same_number(s, n);
    uint64_t k = 1;
    size_t at = 0;

    for (; at < n && s[at].n == s->n; k++) {
        const size_t count = same_number(s + at, n - at);
        if (s[at].k != k || count < times)
            return missing(k, s->n, reterr);
        for (size_t i = at; i < at + count; i++) {
            const mk_err err = check_same(s, &s[i], reterr);
            if (err != MK_OK)
                return err;
            if (count > times || (i > at && strcmp(s[i].run->sha256, s[i - 1].run->sha256) == 0))
                return mk_fail(reterr, MK_MISMATCH,
                               "shard %" PRIu64 "/%" PRIu64 " of a run is given twice", k, s->n);
        }
        at += count;
    }
    *ret = at;
    return k == s->n + 1 ? MK_OK : missing(k, s->n, reterr);
}

mk_err mk_run_set_check(const mk_manifest *m, mk_error *reterr)
{
    shard *const s = calloc(m->n_runs + 1, sizeof(*s));
    mk_err err = MK_OK;
    size_t n = 0;

    if (!s)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a list of runs");
    for (size_t i = 0; err == MK_OK && i < m->n_runs; i++) {
        bool is;
        err = read_shard(&m->runs[i], &s[n], &is, reterr);
        n += is;
    }
    qsort(s, n, sizeof(*s), compare);
    for (size_t at = 0, len = 0; err == MK_OK && at < n; at += len)
        err = check_set(s + at, n - at, &len, reterr);
    free(s);
    return err;
}
