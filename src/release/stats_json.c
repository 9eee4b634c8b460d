/* stats_json.c: figures as JSON and back. What is
 * written is enough to add parts up: histograms whole, all names that were kept, all
 * digests of the sample. What can be worked out of it stands there for readers and
 * is passed over when it is read.
 * Cases: tests/release/test_stats.c, fixtures/cli/stats_*. */
#include <inttypes.h>

#include "release/keys.h"
#include "release/stats.h"

#define NUMBER(key, field)             \
    {                                  \
        key, offsetof(mk_stats, field) \
    }

static const struct {
    const char *key;
    size_t offset; /* of a uint64_t */
} numbers[] = {
    NUMBER("documents", n_docs),
    NUMBER("rejected", n_rejected),
    NUMBER("skipped", n_skipped),
    NUMBER("without_letters", n_empty),
    NUMBER("bytes", bytes),
    NUMBER("letters", letters),
    NUMBER("words", words),
    NUMBER("lines", lines),
    NUMBER("without_site", n_no_site),
    NUMBER("languages_detected", n_detected),
};

static const struct {
    const char *key;
    size_t offset; /* of an mk_histogram */
} histograms[] = {
    NUMBER("letters_a_document", doc_letters),
    NUMBER("words_a_document", doc_words),
};

enum {
    N_NUMBERS = sizeof(numbers) / sizeof(*numbers),
    N_HISTOGRAMS = sizeof(histograms) / sizeof(*histograms)
};

static const char *const rule_keys[] = {"lines", "spans", "documents", "letters"};
static const char *const name_keys[] = {"documents", "letters"};

static const struct {
    const char *key;
    unsigned permille;
} quantiles[] = {{"p05", 50}, {"p25", 250}, {"p50", 500}, {"p75", 750}, {"p95", 950}, {"p99", 990}};

/* ---- writing ---- */

static void put_histogram(mk_buf *out, const char *key, const mk_histogram *h)
{
    unsigned last = MK_HISTOGRAM_BINS;
    mk_buf_printf(out,
                  ",\n\"%s\": {\"n\": %" PRIu64 ", \"sum\": %" PRIu64 ", \"min\": %" PRIu64
                  ", \"max\": %" PRIu64,
                  key, h->n, h->sum, h->min, h->max);
    for (size_t i = 0; i < sizeof(quantiles) / sizeof(*quantiles); i++)
        mk_buf_printf(out, ", \"%s\": %" PRIu64, quantiles[i].key,
                      mk_histogram_quantile(h, quantiles[i].permille));
    while (last > 0 && h->bins[last - 1] == 0)
        last--;
    mk_buf_puts(out, ", \"bins\": [");
    for (unsigned i = 0; i < last; i++)
        mk_buf_printf(out, "%s%" PRIu64, i > 0 ? ", " : "", h->bins[i]);
    mk_buf_puts(out, "]}");
}

static void put_share(mk_buf *out, bool first, const char *name, const mk_share *share)
{
    mk_buf_printf(out, "%s\n  \"%s\": {\"characters\": %" PRIu64 ", \"documents\": %" PRIu64 "}",
                  first ? "" : ",", name, share->characters, share->docs);
}

static void put_tops(mk_buf *out, const char *key, const mk_tops *tops, const char *const *keys,
                     size_t n_keys)
{
    mk_buf_printf(out, ",\n\"%s\": {\"missed\": %" PRIu64 ", \"items\": [", key, tops->missed);
    for (size_t i = 0; i < tops->n; i++) {
        mk_buf_printf(out, "%s\n  {\"name\": ", i > 0 ? "," : "");
        mk_json_put(out, tops->items[i].name);
        for (size_t k = 0; k < n_keys; k++)
            mk_buf_printf(out, ", \"%s\": %" PRIu64, keys[k], tops->items[i].n[k]);
        mk_buf_putc(out, '}');
    }
    mk_buf_puts(out, tops->n > 0 ? "\n]}" : "]}");
}

static void put_texts(mk_buf *out, const mk_stats *s)
{
    size_t n = 0;
    const mk_distinct_item *const items = mk_distinct_sort(s->memory->texts, &n);
    mk_buf_printf(out,
                  ",\n\"texts\": {\"sample_bits\": %u, \"sampled\": %" PRIu64
                  ", \"distinct\": %" PRIu64 ", \"digests\": [",
                  s->sample_bits, s->sampled, s->sampled_distinct);
    for (size_t i = 0; i < n; i++) {
        mk_buf_printf(out, "%s%s\"%016" PRIx64, i > 0 ? "," : "", i % 8 == 0 ? "\n  " : "",
                      items[i].digest);
        if (items[i].n > 1)
            mk_buf_printf(out, " %" PRIu64, items[i].n);
        mk_buf_putc(out, '"');
    }
    mk_buf_puts(out, n > 0 ? "\n]}" : "]}");
}

bool mk_stats_json(const mk_stats *s, mk_scratch *scratch, mk_str *ret)
{
    mk_buf out = {.ptr = scratch->ptr, .size = scratch->size, .max = MK_BUF_MAX};
    mk_buf_puts(&out, "{\n\"stats\": 1,\n\"version\": ");
    mk_json_put(&out, mk_str_of(mk_version()));
    for (size_t i = 0; i < N_NUMBERS; i++)
        mk_buf_printf(&out, ",\n\"%s\": %" PRIu64, numbers[i].key,
                      *(const uint64_t *)(const void *)((const char *)s + numbers[i].offset));
    for (size_t i = 0; i < N_HISTOGRAMS; i++)
        put_histogram(&out, histograms[i].key,
                      (const void *)((const char *)s + histograms[i].offset));
    mk_buf_puts(&out, ",\n\"scripts\": {");
    for (int i = 0; i < MK_SCRIPT_COUNT; i++)
        put_share(&out, i == 0, mk_script_name((mk_script)i), &s->scripts[i]);
    mk_buf_puts(&out, "\n},\n\"signs\": {");
    for (int i = 0; i < MK_TEXT_SIGN_COUNT; i++)
        put_share(&out, i == 0, mk_sign_name((mk_sign)i), &s->signs[i]);
    mk_buf_puts(&out, "\n}");
    put_tops(&out, "languages", &s->languages, name_keys, 2);
    put_tops(&out, "sites", &s->sites, name_keys, 2);
    put_tops(&out, "rules", &s->rules, rule_keys, 4);
    put_texts(&out, s);
    mk_buf_puts(&out, "\n}\n");
    scratch->ptr = out.ptr;
    scratch->size = out.size;
    *ret = mk_buf_str(&out);
    return !out.failed;
}

/* ---- reading ---- */

static mk_err bad(mk_error *reterr, const char *what)
{
    return mk_fail(reterr, MK_RECORD, "bad statistics: %s", what);
}

static mk_err add_number(const mk_json_member *m, uint64_t *to, mk_error *reterr)
{
    return mk_json_add(m, to) ? MK_OK : bad(reterr, "a number is needed");
}

static mk_err read_bins(mk_json_value value, mk_histogram *h, mk_error *reterr)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value bin;
    size_t i = 0;
    mk_err err;
    while ((err = mk_json_array_next(&it, &bin, reterr)) == MK_OK)
        if (i == MK_HISTOGRAM_BINS || !mk_json_uint(bin, &h->bins[i++]))
            return bad(reterr, "wrong bins");
    return err == MK_END ? MK_OK : err;
}

static mk_err read_histogram(mk_json_value value, mk_histogram *to, mk_error *reterr)
{
    mk_histogram h = {0};
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    uint64_t in_bins = 0;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        if (mk_json_is_key(&m, "bins") && m.value.type == MK_JSON_ARRAY)
            err = read_bins(m.value, &h, reterr);
        else if (mk_json_is_key(&m, "n"))
            err = add_number(&m, &h.n, reterr);
        else if (mk_json_is_key(&m, "sum"))
            err = add_number(&m, &h.sum, reterr);
        else if (mk_json_is_key(&m, "min"))
            err = add_number(&m, &h.min, reterr);
        else if (mk_json_is_key(&m, "max"))
            err = add_number(&m, &h.max, reterr);
        if (err != MK_OK)
            return err;
    }
    for (size_t i = 0; i < MK_HISTOGRAM_BINS; i++)
        in_bins += h.bins[i];
    if (err != MK_END || in_bins != h.n)
        return err != MK_END ? err : bad(reterr, "wrong bins");
    mk_histogram_add(to, &h);
    return MK_OK;
}

static mk_err read_share(mk_json_value value, mk_share *to, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        if (mk_json_is_key(&m, "characters"))
            err = add_number(&m, &to->characters, reterr);
        else if (mk_json_is_key(&m, "documents"))
            err = add_number(&m, &to->docs, reterr);
        if (err != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : err;
}

static mk_err read_scripts(mk_json_value value, mk_stats *s, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK)
        for (int i = 0; i < MK_SCRIPT_COUNT && err == MK_OK; i++)
            if (mk_json_is_key(&m, mk_script_name((mk_script)i)) &&
                (err = read_share(m.value, &s->scripts[i], reterr)) != MK_OK)
                return err;
    return err == MK_END ? MK_OK : err;
}

static mk_err read_signs(mk_json_value value, mk_stats *s, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK)
        for (int i = 0; i < MK_TEXT_SIGN_COUNT && err == MK_OK; i++)
            if (mk_json_is_key(&m, mk_sign_name((mk_sign)i)) &&
                (err = read_share(m.value, &s->signs[i], reterr)) != MK_OK)
                return err;
    return err == MK_END ? MK_OK : err;
}

/* An item of names: an object with its name and numbers. */
static mk_err read_top(mk_json_value value, const char *const *keys, size_t n_keys, mk_arena *arena,
                       mk_top_table *to, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_top top = {0};
    bool has_name = false;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        if (mk_json_is_key(&m, "name") && m.value.type == MK_JSON_STRING) {
            err = mk_json_text(m.value, arena, &top.name, reterr);
            has_name = true;
        }
        for (size_t k = 0; k < n_keys && err == MK_OK; k++)
            if (mk_json_is_key(&m, keys[k]))
                err = add_number(&m, &top.n[k], reterr);
        if (err != MK_OK)
            return err;
    }
    if (err != MK_END || !has_name)
        return err != MK_END ? err : bad(reterr, "an item without a name");
    return mk_top_table_put(to, top.name, top.n) ? MK_OK
                                                 : mk_fail(reterr, MK_NOMEM, "out of memory");
}

static mk_err read_items(mk_json_value value, const char *const *keys, size_t n_keys,
                         mk_arena *arena, mk_top_table *to, mk_error *reterr)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value item;
    mk_err err;
    while ((err = mk_json_array_next(&it, &item, reterr)) == MK_OK) {
        if (item.type != MK_JSON_OBJECT)
            return bad(reterr, "an item that is no object");
        if ((err = read_top(item, keys, n_keys, arena, to, reterr)) != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : err;
}

static mk_err read_tops(mk_json_value value, const char *const *keys, size_t n_keys,
                        mk_arena *arena, mk_top_table *to, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    uint64_t missed = 0;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        if (mk_json_is_key(&m, "items") && m.value.type == MK_JSON_ARRAY)
            err = read_items(m.value, keys, n_keys, arena, to, reterr);
        else if (mk_json_is_key(&m, "missed"))
            err = add_number(&m, &missed, reterr);
        if (err != MK_OK)
            return err;
    }
    mk_top_table_miss(to, missed);
    return err == MK_END ? MK_OK : err;
}

enum { DIGEST_HEX = 16 /* characters */ };

static bool read_hex(mk_str s, uint64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
        *ret = *ret << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* "0123456789abcdef" or "0123456789abcdef 3". */
static bool read_digest(mk_json_value value, uint64_t *ret, uint64_t *ret_n)
{
    if (value.type != MK_JSON_STRING || value.raw.len < DIGEST_HEX + 2)
        return false;
    const mk_str text = mk_str_sub(value.raw, 1, value.raw.len - 1);
    if (!read_hex(mk_str_sub(text, 0, DIGEST_HEX), ret))
        return false;
    *ret_n = 1;
    if (text.len == DIGEST_HEX)
        return true;
    const mk_json_value n = {.type = MK_JSON_NUMBER,
                             .raw = mk_str_sub(text, DIGEST_HEX + 1, text.len)};
    return text.ptr[DIGEST_HEX] == ' ' && n.raw.len > 0 && mk_json_uint(n, ret_n);
}

static mk_err read_digests(mk_json_value value, mk_distinct *to, mk_error *reterr)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value item;
    mk_err err;
    while ((err = mk_json_array_next(&it, &item, reterr)) == MK_OK) {
        uint64_t digest, n;
        if (!read_digest(item, &digest, &n))
            return bad(reterr, "a wrong digest");
        mk_distinct_put(to, digest, n);
    }
    return err == MK_END ? MK_OK : err;
}

static mk_err read_texts(mk_json_value value, mk_distinct *to, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    uint64_t bits = 0;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        if (mk_json_is_key(&m, "digests") && m.value.type == MK_JSON_ARRAY)
            err = read_digests(m.value, to, reterr);
        else if (mk_json_is_key(&m, "sample_bits"))
            err = add_number(&m, &bits, reterr);
        if (err != MK_OK)
            return err;
    }
    if (err == MK_END && bits > 64)
        return bad(reterr, "sample_bits above 64");
    mk_distinct_raise(to, (unsigned)bits);
    return err == MK_END ? MK_OK : err;
}

/* A member that holds others. */
static mk_err read_part(const mk_json_member *m, mk_stats *s, mk_arena *arena, mk_error *reterr)
{
    mk_stats_memory *const t = s->memory;
    if (m->value.type != MK_JSON_OBJECT)
        return MK_OK;
    for (size_t i = 0; i < N_HISTOGRAMS; i++)
        if (mk_json_is_key(m, histograms[i].key))
            return read_histogram(m->value, (void *)((char *)s + histograms[i].offset), reterr);
    if (mk_json_is_key(m, "scripts"))
        return read_scripts(m->value, s, reterr);
    if (mk_json_is_key(m, "signs"))
        return read_signs(m->value, s, reterr);
    if (mk_json_is_key(m, "languages"))
        return read_tops(m->value, name_keys, 2, arena, t->languages, reterr);
    if (mk_json_is_key(m, "sites"))
        return read_tops(m->value, name_keys, 2, arena, t->sites, reterr);
    if (mk_json_is_key(m, "rules"))
        return read_tops(m->value, rule_keys, 4, arena, t->rules, reterr);
    return mk_json_is_key(m, "texts") ? read_texts(m->value, t->texts, reterr) : MK_OK;
}

static mk_err read_stats(mk_str json, mk_stats *s, mk_arena *arena, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(json);
    mk_json_member m;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        for (size_t i = 0; i < N_NUMBERS && err == MK_OK; i++)
            if (mk_json_is_key(&m, numbers[i].key))
                err = add_number(&m, (uint64_t *)(void *)((char *)s + numbers[i].offset), reterr);
        if (err == MK_OK)
            err = read_part(&m, s, arena, reterr);
        if (err != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : err;
}

/* ---- a file of figures ---- */

static bool is_stats(mk_str json)
{
    mk_json_object it = mk_json_object_of(json);
    mk_json_member m;
    uint64_t format;
    return mk_json_object_next(&it, &m, NULL) == MK_OK && mk_json_is_key(&m, "stats") &&
           mk_json_uint(m.value, &format) && format == 1;
}

mk_err mk_stats_merge(mk_stats *s, mk_str json, mk_arena *arena, mk_error *reterr)
{
    s->n_merged++;
    return is_stats(json) ? read_stats(json, s, arena, reterr)
                          : mk_stats_summary(s, json, arena, reterr);
}
