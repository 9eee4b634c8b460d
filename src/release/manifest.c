/* manifest.c: manifest.json as it is kept and written. Every member is always there, in
 * one order, so that equal releases have equal manifests.
 * Cases: tests/release/test_release.c. */
#include "release/sources.h"

#include <inttypes.h>
#include <stdlib.h>

mk_err mk_manifest_init(mk_manifest *m, mk_error *reterr)
{
    *m = (mk_manifest){.arena = mk_arena_new()};
    return m->arena ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory for a manifest");
}

void mk_manifest_clear(mk_manifest *m)
{
    for (size_t i = 0; i < m->n_parts; i++)
        free(m->parts[i].members);
    free(m->parts);
    free(m->inputs.items);
    free(m->files.items);
    free(m->takedowns);
    free(m->runs);
    mk_arena_free(m->arena);
    *m = (mk_manifest){0};
}

/* Room for one item more in a list of n, size of them; NULL if out of memory. */
static void *grow(void *items, size_t n, size_t *size, size_t item)
{
    if (n < *size)
        return items;
    const size_t more = n + n / 2 + 16;
    if (more > SIZE_MAX / 2 / item)
        return NULL;
    void *const grown = realloc(items, more * item);
    if (grown)
        *size = more;
    return grown;
}

mk_file *mk_manifest_file(mk_manifest *m, mk_files *files, mk_str name)
{
    mk_file *const items = grow(files->items, files->n, &files->size, sizeof(*items));
    const mk_str copy = mk_arena_str(m->arena, name);

    if (items)
        files->items = items;
    if (!items || (name.len > 0 && !copy.ptr))
        return NULL;
    items[files->n] = (mk_file){.name = copy};
    return &items[files->n++];
}

mk_part *mk_manifest_part(mk_manifest *m)
{
    mk_part *const parts = grow(m->parts, m->n_parts, &m->parts_size, sizeof(*parts));

    if (!parts)
        return NULL;
    m->parts = parts;
    parts[m->n_parts] = (mk_part){0};
    return &parts[m->n_parts++];
}

mk_takedown_note *mk_manifest_takedown(mk_manifest *m)
{
    mk_takedown_note *const notes = realloc(m->takedowns, (m->n_takedowns + 1) * sizeof(*notes));

    if (!notes)
        return NULL;
    m->takedowns = notes;
    notes[m->n_takedowns] = (mk_takedown_note){0};
    return &notes[m->n_takedowns++];
}

mk_run_note *mk_manifest_run(mk_manifest *m)
{
    mk_run_note *const notes = realloc(m->runs, (m->n_runs + 1) * sizeof(*notes));

    if (!notes)
        return NULL;
    m->runs = notes;
    notes[m->n_runs] = (mk_run_note){0};
    return &notes[m->n_runs++];
}

mk_member *mk_part_member(mk_part *part)
{
    mk_member *const members = grow(part->members, part->n_members, &part->members_size,
                                    sizeof(*members));

    if (!members)
        return NULL;
    part->members = members;
    members[part->n_members] = (mk_member){0};
    return &members[part->n_members++];
}

mk_flat_counts mk_manifest_counts(const mk_manifest *m)
{
    mk_flat_counts sum = {0};

    for (size_t i = 0; i < m->splits.n; i++) {
        sum.documents += m->counts[i].documents;
        sum.bytes += m->counts[i].bytes;
        sum.letters += m->counts[i].letters;
        sum.words += m->counts[i].words;
    }
    return sum;
}

const mk_schema *mk_manifest_schema(const mk_manifest *m)
{
    return mk_schema_find(m->schema);
}

const char *mk_manifest_codec(mk_codec codec)
{
    return codec == MK_CODEC_ZST ? "zst" : codec == MK_CODEC_GZ ? "gz" : "none";
}

/* ---- writing ---- */

static void put_key(mk_buf *out, const char *key)
{
    mk_buf_printf(out, "\"%s\":", key);
}

static void put_text(mk_buf *out, const char *key, mk_str text)
{
    put_key(out, key);
    mk_json_put(out, text);
}

static void put_number(mk_buf *out, const char *key, uint64_t n)
{
    mk_buf_printf(out, "\"%s\":%" PRIu64, key, n);
}

static void put_options(const mk_manifest *m, mk_buf *out)
{
    mk_buf_puts(out, "\"options\":{");
    put_text(out, "schema", m->schema);
    mk_buf_putc(out, ',');
    put_text(out, "croissant", m->croissant);
    mk_buf_putc(out, ',');
    put_text(out, "codec", mk_str_of(mk_manifest_codec(m->codec)));
    mk_buf_putc(out, ',');
    put_number(out, "level", m->level);
    mk_buf_putc(out, ',');
    put_number(out, "shard_size", m->shard_size);
    mk_buf_putc(out, ',');
    put_text(out, "salt", m->salt);
    mk_buf_putc(out, ',');
    put_text(out, "group_field", m->group_field);
    mk_buf_puts(out, "},\n");
}

static void put_counts(const mk_flat_counts *c, uint64_t content, mk_buf *out)
{
    put_number(out, "documents", c->documents);
    mk_buf_putc(out, ',');
    put_number(out, "content_bytes", content);
    mk_buf_putc(out, ',');
    put_number(out, "text_bytes", c->bytes);
    mk_buf_putc(out, ',');
    put_number(out, "letters", c->letters);
    mk_buf_putc(out, ',');
    put_number(out, "words", c->words);
}

static void put_splits(const mk_manifest *m, mk_buf *out)
{
    mk_buf_puts(out, "\"splits\":[");
    for (size_t i = 0; i < m->splits.n; i++) {
        mk_buf_puts(out, i ? ",\n{" : "\n{");
        put_text(out, "name", mk_str_of(m->splits.items[i].name));
        mk_buf_putc(out, ',');
        put_number(out, "millionths", m->splits.items[i].part);
        mk_buf_putc(out, ',');
        put_counts(&m->counts[i], m->content[i], out);
        mk_buf_putc(out, '}');
    }
    mk_buf_puts(out, "],\n");
}

static void put_files(const char *key, const mk_files *files, bool documents, mk_buf *out)
{
    mk_buf_printf(out, "\"%s\":[", key);
    for (size_t i = 0; i < files->n; i++) {
        mk_buf_puts(out, i ? ",\n{" : "\n{");
        put_text(out, "name", files->items[i].name);
        mk_buf_putc(out, ',');
        put_number(out, "bytes", files->items[i].bytes);
        mk_buf_putc(out, ',');
        put_text(out, "sha256", mk_str_of(files->items[i].sha256));
        if (documents) {
            mk_buf_putc(out, ',');
            put_number(out, "documents", files->items[i].documents);
        }
        mk_buf_putc(out, '}');
    }
    mk_buf_puts(out, "],\n");
}

static void put_runs(const mk_manifest *m, mk_buf *out)
{
    mk_buf_puts(out, "\"runs\":[");
    for (size_t i = 0; i < m->n_runs; i++) {
        mk_buf_puts(out, i ? ",\n{" : "\n{");
        put_text(out, "sha256", mk_str_of(m->runs[i].sha256));
        mk_buf_puts(out, ",\"report\":");
        mk_buf_put(out, m->runs[i].report);
        mk_buf_putc(out, '}');
    }
    mk_buf_puts(out, "],\n");
}

static void put_part(const mk_manifest *m, const mk_part *p, mk_buf *out)
{
    put_text(out, "name", mk_str_of(p->name));
    mk_buf_putc(out, ',');
    put_text(out, "split", mk_str_of(m->splits.items[p->split].name));
    mk_buf_putc(out, ',');
    put_number(out, "bytes", p->bytes);
    mk_buf_putc(out, ',');
    put_text(out, "sha256", mk_str_of(p->sha256));
    mk_buf_putc(out, ',');
    put_number(out, "content_bytes", p->content);
    mk_buf_putc(out, ',');
    put_text(out, "content_sha256", mk_str_of(p->content_sha256));
    mk_buf_putc(out, ',');
    put_number(out, "documents", p->documents);
    mk_buf_puts(out, ",\"members\":[");
    for (size_t i = 0; i < p->n_members; i++) {
        const mk_member *const b = &p->members[i];
        mk_buf_printf(out, "%s[%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]",
                      i ? ",\n" : "\n", b->offset, b->length, b->content, b->documents, b->first);
    }
    mk_buf_putc(out, ']');
}

static void put_ledger(const mk_manifest *m, mk_buf *out)
{
    mk_buf_puts(out, "\"ledger\":{");
    for (size_t i = 0; i < MK_RUN_COUNTS; i++) {
        mk_buf_puts(out, i ? "," : "");
        put_number(out, mk_run_count_names[i], m->ledger[i]);
    }
    mk_buf_puts(out, "},\n");
}

static void put_audit(const mk_manifest *m, mk_buf *out)
{
    const mk_audit_note *const a = &m->audit;

    if (!a->sha256[0]) {
        mk_buf_puts(out, "\"audit\":null,\n");
        return;
    }
    mk_buf_puts(out, "\"audit\":{");
    put_text(out, "sha256", mk_str_of(a->sha256));
    mk_buf_printf(out,
                  ",\"removals\":%" PRIu64 ",\"right\":%" PRIu64 ",\"wrong\":%" PRIu64
                  ",\"unsure\":%" PRIu64 ",\"rate\":%" PRIu64 ",\"low\":%" PRIu64
                  ",\"high\":%" PRIu64 "},\n",
                  a->removals, a->right, a->wrong, a->unsure, a->rate, a->low, a->high);
}

static void put_takedowns(const mk_manifest *m, mk_buf *out)
{
    mk_buf_puts(out, "\"taken_down\":[");
    for (size_t i = 0; i < m->n_takedowns; i++) {
        const mk_takedown_note *const t = &m->takedowns[i];
        mk_buf_puts(out, i ? ",\n{" : "\n{");
        put_number(out, "documents", t->documents);
        mk_buf_putc(out, ',');
        put_text(out, "by", t->by);
        mk_buf_putc(out, ',');
        put_text(out, "reason", t->reason);
        mk_buf_putc(out, ',');
        put_number(out, "listed", t->listed);
        mk_buf_putc(out, ',');
        put_text(out, "list_sha256", mk_str_of(t->list_sha256));
        mk_buf_putc(out, ',');
        put_text(out, "manifest_sha256", mk_str_of(t->manifest_sha256));
        mk_buf_putc(out, '}');
    }
    mk_buf_puts(out, "],\n");
}

static void put_totals(const mk_manifest *m, mk_buf *out)
{
    const mk_flat_counts sum = mk_manifest_counts(m);
    uint64_t in = 0, down = 0, content = 0, stored = 0;

    for (size_t i = 0; i < m->inputs.n; i++)
        in += m->inputs.items[i].documents;
    for (size_t i = 0; i < m->n_takedowns; i++)
        down += m->takedowns[i].documents;
    for (size_t i = 0; i < m->n_parts; i++) {
        content += m->parts[i].content;
        stored += m->parts[i].bytes;
    }
    mk_buf_puts(out, "\"totals\":{");
    put_number(out, "in", in);
    mk_buf_putc(out, ',');
    put_number(out, "taken_down", down);
    mk_buf_putc(out, ',');
    put_number(out, "stored_bytes", stored);
    mk_buf_putc(out, ',');
    put_counts(&sum, content, out);
    mk_buf_putc(out, ',');
    put_number(out, "same_ids", m->same_ids);
    mk_buf_puts(out, "}\n");
}

void mk_manifest_put(const mk_manifest *m, mk_buf *out)
{
    mk_buf_puts(out, "{\"format\":\"" MK_MANIFEST_FORMAT "\",\n\"program\":{\"name\":\"minkhal\",");
    put_text(out, "version", m->version);
    mk_buf_puts(out, ",\"libraries\":");
    mk_buf_put(out, m->libraries);
    mk_buf_puts(out, "},\n\"metadata\":");
    mk_buf_put(out, m->metadata);
    mk_buf_puts(out, ",\n");
    put_options(m, out);
    put_files("inputs", &m->inputs, true, out);
    put_runs(m, out);
    put_splits(m, out);
    mk_buf_puts(out, "\"shards\":[");
    for (size_t i = 0; i < m->n_parts; i++) {
        mk_buf_puts(out, i ? ",\n{" : "\n{");
        put_part(m, &m->parts[i], out);
        mk_buf_putc(out, '}');
    }
    mk_buf_puts(out, "],\n");
    put_files("files", &m->files, false, out);
    put_ledger(m, out);
    put_audit(m, out);
    put_takedowns(m, out);
    put_totals(m, out);
    mk_buf_puts(out, "}\n");
}

/* ---- what must hold ---- */

static mk_err wrong(mk_error *reterr, const char *what, const char *name)
{
    return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": %s of '%s' do not add up", what, name);
}

static mk_err check_part(const mk_part *p, mk_error *reterr)
{
    uint64_t offset = 0, content = 0, documents = 0;

    if (p->n_members == 0)
        return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": '%s' has no members", p->name);
    for (size_t i = 0; i < p->n_members; i++) {
        const mk_member *const b = &p->members[i];
        if (b->offset != offset || b->first != documents || b->length == 0 || b->documents == 0 ||
            b->length > UINT64_MAX / 4 - offset || b->content > UINT64_MAX / 4 - content ||
            b->documents > UINT64_MAX / 4 - documents)
            return wrong(reterr, "members", p->name);
        offset += b->length;
        content += b->content;
        documents += b->documents;
    }
    if (offset != p->bytes)
        return wrong(reterr, "bytes", p->name);
    if (content != p->content)
        return wrong(reterr, "content_bytes", p->name);
    return documents == p->documents ? MK_OK : wrong(reterr, "documents", p->name);
}

mk_err mk_manifest_check(const mk_manifest *m, mk_error *reterr)
{
    uint64_t in = 0, down = 0, parts = 0;

    for (size_t s = 0; s < m->splits.n; s++) {
        uint64_t content = 0, documents = 0;
        parts += m->splits.items[s].part;
        for (size_t i = 0; i < m->n_parts; i++)
            if (m->parts[i].split == s) {
                content += m->parts[i].content;
                documents += m->parts[i].documents;
            }
        if (content != m->content[s] || documents != m->counts[s].documents)
            return wrong(reterr, "shards", m->splits.items[s].name);
    }
    if (parts != MK_SPLIT_UNIT)
        return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": the splits are not 1 together");
    for (size_t i = 0; i < m->n_parts; i++) {
        const mk_err err = check_part(&m->parts[i], reterr);
        if (err != MK_OK)
            return err;
    }
    for (size_t i = 0; i < m->inputs.n; i++)
        in += m->inputs.items[i].documents;
    for (size_t i = 0; i < m->n_takedowns; i++)
        down += m->takedowns[i].documents;
    const uint64_t *const l = m->ledger;
    if (l[0] != l[1] + l[2] + l[3] + l[4] + l[5] ||
        (l[0] > 0 && l[1] != mk_manifest_counts(m).documents))
        return mk_fail(reterr, MK_MISMATCH,
                       MK_MANIFEST_NAME ": the records of the ledger do not add up");
    const mk_audit_note *const a = &m->audit;
    if (a->low > a->rate || a->rate > a->high || a->high > 1000000 || a->wrong > a->removals)
        return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": bad 'audit'");
    if (in != mk_manifest_counts(m).documents + down)
        return mk_fail(reterr, MK_MISMATCH,
                       MK_MANIFEST_NAME ": %" PRIu64 " documents came in, %" PRIu64
                                        " are there and %" PRIu64 " were taken down",
                       in, mk_manifest_counts(m).documents, down);
    return MK_OK;
}

bool mk_manifest_has(const mk_manifest *m, const char *prefix)
{
    const size_t n = strlen(prefix);

    for (size_t i = 0; i < m->files.n; i++)
        if (m->files.items[i].name.len >= n && memcmp(m->files.items[i].name.ptr, prefix, n) == 0)
            return true;
    return false;
}
