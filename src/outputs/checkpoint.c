/* checkpoint.c: see checkpoint.h. Everything that a line says is checked when it is read: a journal
 * may have been written by another version, or by nobody we know.
 * Cases: tests/outputs/test_checkpoint.c, fixtures/fuzz/journal. */
#include "outputs/checkpoint.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"

mk_err mk_checkpoint_init(mk_checkpoint *mark, const mk_chain *chain, mk_error *reterr)
{
    *mark = (mk_checkpoint){.unit = MK_NO_UNIT};
    return mk_tallies_init(&mark->tallies, chain, reterr);
}

void mk_checkpoint_copy(mk_checkpoint *to, const mk_checkpoint *from)
{
    const mk_tallies tallies = to->tallies;

    *to = *from;
    to->tallies = tallies;
    mk_tallies_reset(&to->tallies);
    mk_tallies_add(&to->tallies, &from->tallies);
}

void mk_checkpoint_clear(mk_checkpoint *mark)
{
    mk_tallies_clear(&mark->tallies);
}

/* ---- writing ---- */

static void put_number(mk_buf *out, const char *key, uint64_t n)
{
    mk_buf_printf(out, ",\"%s\":%" PRIu64, key, n);
}

void mk_shard_put(const mk_shard *s, mk_buf *out)
{
    char name[MK_SHARD_NAME];

    mk_buf_printf(out, "{\"name\":\"%s\"", mk_shard_name(s->id, name));
    put_number(out, "bytes", s->bytes);
    mk_buf_printf(out, ",\"sha256\":\"%s\"", s->sha256);
    put_number(out, "text_bytes", s->text);
    mk_buf_printf(out, ",\"text_sha256\":\"%s\"", s->text_sha256);
    put_number(out, "records", s->records);
    put_number(out, "first", s->first);
    mk_buf_putc(out, '}');
}

static void put_place(const mk_position *at, mk_buf *out)
{
    const mk_place *const p = &at->place;

    if (p->unit == MK_NO_UNIT)
        mk_buf_puts(out, ",\"place\":null");
    else
        mk_buf_printf(out,
                      ",\"place\":[%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
                      ",%" PRIu64 "]",
                      p->start, p->inner, p->unit, p->unpacked, at->number, at->n_damaged);
}

static void put_summary(const mk_summary *s, mk_buf *out)
{
    mk_buf_puts(out, ",\"counts\":{");
    for (const mk_summary_number *n = mk_summary_numbers; n->name; n++)
        mk_buf_printf(out, "%s\"%s\":%" PRIu64, n == mk_summary_numbers ? "" : ",", n->name,
                      mk_summary_get(s, n));
    mk_buf_puts(out, "},\"skips\":[");
    for (size_t i = 0; i < s->n_skips; i++) {
        mk_buf_puts(out, i > 0 ? ",[" : "[");
        mk_json_put(out, mk_str_of(s->skips[i].name));
        mk_buf_printf(out, ",%" PRIu64 "]", s->skips[i].records);
    }
    mk_buf_putc(out, ']');
}

static void put_rules(const mk_tallies *t, mk_buf *out)
{
    const char *before = "";

    mk_buf_puts(out, ",\"rules\":[");
    for (size_t i = 0; i < t->n_rules; i++) {
        const mk_rule_counts *c = &t->rules[i];
        if (c->lines + c->spans + c->docs + c->review == 0)
            continue;
        mk_buf_printf(out, "%s[%zu,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]",
                      before, i, c->lines, c->spans, c->docs, c->letters, c->review);
        before = ",";
    }
    mk_buf_putc(out, ']');
}

static void put_inputs(const mk_news *news, mk_buf *out)
{
    const char *before = "";

    mk_buf_puts(out, ",\"inputs\":[");
    for (size_t i = 0; i < news->n_inputs; i++) {
        const mk_input_counts *c = &news->inputs[i];
        if (c->in + c->damaged == 0)
            continue;
        mk_buf_printf(out,
                      "%s[%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
                      ",%" PRIu64 ",%" PRIu64 "]",
                      before, news->first_input + i, c->in, c->written, c->filtered, c->duplicate,
                      c->rejected, c->skipped, c->damaged);
        before = ",";
    }
    mk_buf_putc(out, ']');
}

static void put_shards(const char *key, const mk_shard *shards, size_t n, mk_buf *out)
{
    const char *before = "";

    mk_buf_printf(out, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        if (shards[i].bytes == 0)
            continue;
        mk_buf_puts(out, before);
        mk_shard_put(&shards[i], out);
        before = ",";
    }
    mk_buf_putc(out, ']');
}

void mk_checkpoint_put(const mk_checkpoint *m, const mk_news *news, mk_buf *out)
{
    put_number(out, "since", m->since);
    mk_buf_printf(out, ",\"end\":%s", m->end ? "true" : "false");
    mk_buf_printf(out, ",\"at\":[%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]", m->at.file, m->at.source,
                  m->at.event);
    put_place(&m->at, out);
    if (m->unit == MK_NO_UNIT)
        mk_buf_puts(out, ",\"unit\":null");
    else
        put_number(out, "unit", m->unit);
    put_number(out, "seq", m->seq);
    put_number(out, "shard", m->shard);
    put_number(out, "keys", m->n_keys);
    put_shards("open", m->open, MK_N_OUTS, out);
    put_shards("closed", news->closed, news->n_closed, out);
    put_summary(&m->summary, out);
    put_rules(&m->tallies, out);
    put_inputs(news, out);
}

/* ---- reading ---- */

/* value is an array of exactly n numbers. */
static bool read_numbers(mk_json_value value, uint64_t *ret, size_t n)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value v;
    mk_error why;
    mk_err err;
    size_t i = 0;

    if (value.type != MK_JSON_ARRAY)
        return false;
    while ((err = mk_json_array_next(&it, &v, &why)) == MK_OK)
        if (i == n || !mk_json_uint(v, &ret[i++]))
            return false;
    return err == MK_END && i == n;
}

static bool read_hex(mk_json_value value, char out[MK_SHA256_HEX + 1])
{
    if (value.type != MK_JSON_STRING || value.raw.len != MK_SHA256_HEX + 2)
        return false;
    for (size_t i = 0; i < MK_SHA256_HEX; i++) {
        const char c = value.raw.ptr[i + 1];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        out[i] = c;
    }
    out[MK_SHA256_HEX] = '\0';
    return true;
}

static bool read_name(mk_json_value value, mk_shard *ret)
{
    char name[MK_SHARD_NAME];

    if (value.type != MK_JSON_STRING || !value.plain || value.raw.len - 2 >= sizeof(name))
        return false;
    memcpy(name, value.raw.ptr + 1, value.raw.len - 2);
    name[value.raw.len - 2] = '\0';
    return mk_shard_parse(name, &ret->id) && !ret->id.part;
}

bool mk_shard_read(mk_json_value value, mk_shard *ret)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_error why;
    mk_err err;
    unsigned got = 0;

    *ret = (mk_shard){.bytes = 0};
    if (value.type != MK_JSON_OBJECT)
        return false;
    while ((err = mk_json_object_next(&it, &m, &why)) == MK_OK) {
        if (mk_json_is_key(&m, "name"))
            got |= read_name(m.value, ret) ? 1 : 0;
        else if (mk_json_is_key(&m, "bytes"))
            got |= mk_json_uint(m.value, &ret->bytes) ? 2 : 0;
        else if (mk_json_is_key(&m, "sha256"))
            got |= read_hex(m.value, ret->sha256) ? 4 : 0;
        else if (mk_json_is_key(&m, "text_bytes"))
            got |= mk_json_uint(m.value, &ret->text) ? 8 : 0;
        else if (mk_json_is_key(&m, "text_sha256"))
            got |= read_hex(m.value, ret->text_sha256) ? 16 : 0;
        else if (mk_json_is_key(&m, "records"))
            got |= mk_json_uint(m.value, &ret->records) ? 32 : 0;
        else if (mk_json_is_key(&m, "first"))
            got |= mk_json_uint(m.value, &ret->first) ? 64 : 0;
    }
    return err == MK_END && got == 127 && ret->bytes > 0;
}

/* What the members of a line are read into. */
typedef struct reading {
    mk_checkpoint *mark;
    const mk_news_reader *news;
    mk_err err; /* of those who are told the news */
} reading;

static bool read_counts(reading *r, mk_json_value value)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_error why;
    mk_err err;
    const mk_summary_number *n = mk_summary_numbers;

    if (value.type != MK_JSON_OBJECT)
        return false;
    while ((err = mk_json_object_next(&it, &m, &why)) == MK_OK) {
        if (!n->name || !mk_json_is_key(&m, n->name) ||
            !mk_json_uint(m.value, mk_summary_at(&r->mark->summary, n)))
            return false;
        n++;
    }
    return err == MK_END && !n->name;
}

/* ["reason",N] */
static bool read_skip(reading *r, mk_json_value value)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value name, number;
    mk_error why;
    uint64_t n;
    mk_arena *arena;
    mk_str text;
    bool ok;

    if (value.type != MK_JSON_ARRAY || r->mark->summary.n_skips == MK_MAX_SKIPS ||
        mk_json_array_next(&it, &name, &why) != MK_OK || name.type != MK_JSON_STRING ||
        mk_json_array_next(&it, &number, &why) != MK_OK || !mk_json_uint(number, &n) ||
        mk_json_array_next(&it, &number, &why) != MK_END)
        return false;
    arena = mk_arena_new();
    ok = arena && mk_json_text(name, arena, &text, &why) == MK_OK &&
         text.len < sizeof(r->mark->summary.skips[0].name);
    if (ok)
        mk_summary_skip(&r->mark->summary, text, n);
    mk_arena_free(arena);
    return ok;
}

static bool read_rule(reading *r, mk_json_value value)
{
    uint64_t n[6];

    if (!read_numbers(value, n, 6))
        return false;
    if (!r->mark->tallies.rules) /* which there are is not known */
        return true;
    if (n[0] >= r->mark->tallies.n_rules)
        return false;
    r->mark->tallies.rules[n[0]] = (mk_rule_counts){n[1], n[2], n[3], n[4], n[5]};
    return true;
}

static bool read_input(reading *r, mk_json_value value)
{
    uint64_t n[8];

    if (!read_numbers(value, n, 8))
        return false;
    const mk_input_counts counts = {n[1], n[2], n[3], n[4], n[5], n[6], n[7]};
    r->err = r->news->input(r->news->arg, n[0], &counts);
    return r->err == MK_OK;
}

static bool read_open(reading *r, mk_json_value value)
{
    mk_shard shard;

    if (!mk_shard_read(value, &shard) || r->mark->open[shard.id.kind].bytes > 0)
        return false;
    r->mark->open[shard.id.kind] = shard;
    return true;
}

static bool read_closed(reading *r, mk_json_value value)
{
    mk_shard shard;

    if (!mk_shard_read(value, &shard))
        return false;
    r->err = r->news->closed(r->news->arg, &shard);
    return r->err == MK_OK;
}

static bool read_list(reading *r, mk_json_value value, bool (*read)(reading *, mk_json_value))
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value v;
    mk_error why;
    mk_err err;

    if (value.type != MK_JSON_ARRAY)
        return false;
    while ((err = mk_json_array_next(&it, &v, &why)) == MK_OK)
        if (!read(r, v))
            return false;
    return err == MK_END;
}

static bool read_place(mk_position *at, mk_json_value value)
{
    uint64_t n[6];

    at->place = (mk_place){.unit = MK_NO_UNIT};
    if (value.type == MK_JSON_NULL)
        return true;
    if (!read_numbers(value, n, 6))
        return false;
    at->place = (mk_place){n[0], n[1], n[2], n[3]};
    at->number = n[4];
    at->n_damaged = n[5];
    return true;
}

static bool read_plain(mk_checkpoint *mark, size_t i, mk_json_value value)
{
    uint64_t at[3];

    switch (i) {
    case 0:
        return mk_json_uint(value, &mark->since);
    case 1:
        mark->end = value.type == MK_JSON_TRUE;
        return mark->end || value.type == MK_JSON_FALSE;
    case 2:
        if (!read_numbers(value, at, 3))
            return false;
        mark->at = (mk_position){.file = at[0], .source = at[1], .event = at[2]};
        return true;
    case 3:
        return read_place(&mark->at, value);
    case 4:
        return value.type == MK_JSON_NULL || mk_json_uint(value, &mark->unit);
    case 5:
        return mk_json_uint(value, &mark->seq);
    case 6:
        return mk_json_uint(value, &mark->shard);
    case 7:
        return mk_json_uint(value, &mark->n_keys);
    }
    return false;
}

/* The members in their order, behind those of every line of a journal. */
static const struct {
    const char *key;
    bool (*list)(reading *, mk_json_value); /* of each element; NULL: read_plain */
} members[] = {
    {"since", NULL},         {"end", NULL},           {"at", NULL},
    {"place", NULL},         {"unit", NULL},          {"seq", NULL},
    {"shard", NULL},         {"keys", NULL},          {"open", read_open},
    {"closed", read_closed}, {"counts", read_counts}, {"skips", read_skip},
    {"rules", read_rule},    {"inputs", read_input},
};

enum { N_MEMBERS = sizeof(members) / sizeof(*members), N_HEAD = 2 /* n and prev */ };

static bool read_member(reading *r, size_t i, mk_json_member m)
{
    if (i >= N_MEMBERS || !mk_json_is_key(&m, members[i].key))
        return false;
    if (!members[i].list)
        return read_plain(r->mark, i, m.value);
    return members[i].list == read_counts ? read_counts(r, m.value)
                                          : read_list(r, m.value, members[i].list);
}

mk_err mk_checkpoint_read(mk_str line, const mk_news_reader *news, mk_checkpoint *ret,
                          mk_error *reterr)
{
    reading r = {.mark = ret, .news = news};
    mk_json_object it = mk_json_object_of(line);
    mk_json_member m;
    mk_error why;
    mk_err err;
    size_t i = 0;
    const mk_tallies tallies = ret->tallies;

    *ret = (mk_checkpoint){.unit = MK_NO_UNIT, .tallies = tallies};
    if (ret->tallies.rules)
        mk_tallies_reset(&ret->tallies);
    while ((err = mk_json_object_next(&it, &m, &why)) == MK_OK) {
        if (i++ < N_HEAD || read_member(&r, i - 1 - N_HEAD, m))
            continue;
        if (r.err != MK_OK)
            return mk_fail(reterr, r.err, "out of memory for the journal");
        return mk_fail(reterr, MK_MISMATCH,
                       "'%.*s' is no member of a checkpoint, or not in its form",
                       (int)(m.key.raw.len < 40 ? m.key.raw.len : 40), m.key.raw.ptr);
    }
    if (err != MK_END || i != N_MEMBERS + N_HEAD)
        return mk_fail(reterr, MK_MISMATCH, "not a checkpoint");
    return MK_OK;
}
