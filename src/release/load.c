/* load.c: see load.h. Refuses lines that mk_flat_parse refuses. Blank lines, CR before
 * LF, a byte order mark and a missing last LF are mended: the load is not exact then.
 * Cases: tests/release/test_release.c. */
#include "release/load.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/digest.h"

enum {
    GZ_LEAST = 20,   /* bytes of a gzip member that holds anything */
    GZ_RATIO = 1100, /* deflate makes 1032 bytes of one at most */
};

mk_load *mk_load_new(const mk_load_rules *rules)
{
    mk_load *const load = calloc(1, sizeof(*load));

    if (!load)
        return NULL;
    load->rules = rules;
    load->arena = mk_arena_new();
    load->names = mk_arena_new();
    mk_census_table_init(&load->table);
    load->job.work = mk_load_work;
    if (!load->arena || !load->names) {
        mk_load_free(load);
        return NULL;
    }
    mk_load_reset(load);
    return load;
}

void mk_load_reset(mk_load *load)
{
    for (size_t i = 0; i < MK_SPLITS_MAX; i++) {
        mk_portion *const p = &load->portions[i];
        mk_buf_reset(&p->lines);
        p->lines.max = MK_BUF_MAX;
        p->counts = (mk_flat_counts){0};
        p->content = 0;
    }
    mk_buf_reset(&load->stored);
    mk_buf_reset(&load->content);
    load->stored.max = load->content.max = MK_BUF_MAX;
    load->codec = MK_CODEC_NONE;
    load->first = load->last = load->torn = load->exact = false;
    load->n_lines = load->n_dropped = load->n_grouped = 0;
    load->n_docs = 0;
    mk_arena_reset(load->names);
    load->whole = load->part = 0;
    load->err = MK_OK;
}

void mk_load_free(mk_load *load)
{
    if (!load)
        return;
    for (size_t i = 0; i < MK_SPLITS_MAX; i++) {
        mk_buf_clear(&load->portions[i].lines);
        free(load->portions[i].hashes);
    }
    mk_buf_clear(&load->stored);
    mk_buf_clear(&load->content);
    if (load->inflater)
        libdeflate_free_decompressor(load->inflater);
    ZSTD_freeDCtx(load->unpacker);
    mk_arena_free(load->arena);
    mk_arena_free(load->names);
    free(load->docs);
    free(load);
}

/* ---- unpacking ---- */

static mk_err no_memory(mk_load *load)
{
    return mk_fail(&load->error, MK_NOMEM, "out of memory for documents");
}

static uint32_t little_endian(const char *from)
{
    const unsigned char *const b = (const unsigned char *)from;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static mk_err inflate_member(mk_load *load, mk_str stored, mk_buf *out)
{
    size_t used = 0, made = 0, want;
    char *to;

    if (stored.len < GZ_LEAST)
        return MK_MISMATCH;
    want = little_endian(stored.ptr + stored.len - 4);
    if (want > MK_LINE_MAX || want / GZ_RATIO > stored.len)
        return MK_MISMATCH;
    if (!load->inflater)
        load->inflater = libdeflate_alloc_decompressor();
    to = mk_buf_room(out, want);
    if (!load->inflater || !to)
        return MK_NOMEM;
    if (libdeflate_gzip_decompress_ex(load->inflater, stored.ptr, stored.len, to, want, &used,
                                      &made) != LIBDEFLATE_SUCCESS ||
        used != stored.len || made != want)
        return MK_MISMATCH;
    out->len += made;
    return MK_OK;
}

static mk_err unpack_frame(mk_load *load, mk_str stored, mk_buf *out)
{
    const unsigned long long want = ZSTD_getFrameContentSize(stored.ptr, stored.len);
    char *to;

    if (want > MK_LINE_MAX || ZSTD_findFrameCompressedSize(stored.ptr, stored.len) != stored.len)
        return MK_MISMATCH;
    if (!load->unpacker)
        load->unpacker = ZSTD_createDCtx();
    to = mk_buf_room(out, (size_t)want);
    if (!load->unpacker || !to)
        return MK_NOMEM;
    const size_t n = ZSTD_decompressDCtx(load->unpacker, to, (size_t)want, stored.ptr, stored.len);
    if (ZSTD_isError(n) || n != want)
        return MK_MISMATCH;
    out->len += n;
    return MK_OK;
}

mk_err mk_load_unpack(mk_load *load, mk_str stored, mk_buf *out)
{
    if (load->codec == MK_CODEC_GZ)
        return inflate_member(load, stored, out);
    return load->codec == MK_CODEC_ZST ? unpack_frame(load, stored, out) : MK_MISMATCH;
}

/* ---- lines ---- */

static bool add_hash(mk_portion *p, uint64_t hash)
{
    const size_t n = (size_t)p->counts.documents;

    if (n == p->size) {
        const size_t size = n * 2 + 64;
        uint64_t *const hashes = realloc(p->hashes, size * sizeof(*hashes));
        if (!hashes)
            return false;
        p->hashes = hashes;
        p->size = size;
    }
    p->hashes[n] = hash;
    return true;
}

/* The split of a document; MK_MISMATCH if it is in another. */
static mk_err pick(mk_load *load, const mk_flat *flat, size_t *ret)
{
    const mk_load_rules *const rules = load->rules;
    mk_str key = {0};
    size_t split = 0;
    bool own = false;

    if (!rules->only || rules->check) {
        if (rules->splits->n > 1 &&
            !mk_flat_group(flat, rules->group_field, load->arena, &key, &own))
            return no_memory(load);
        load->n_grouped += own;
        if (!mk_splits_pick(rules->splits, rules->salt, key, &split))
            return no_memory(load);
    }
    *ret = rules->only ? rules->only[load->part] : split;
    if (rules->check && *ret != split)
        return mk_fail(&load->error, MK_MISMATCH, "a document of split '%s'",
                       rules->splits->items[split].name);
    return MK_OK;
}

/* A document at the end of the list; NULL: out of memory. */
static mk_load_doc *add_doc(mk_load *load)
{
    if (load->n_docs == load->docs_size) {
        const size_t size = load->docs_size * 2 + 64;
        mk_load_doc *const docs = realloc(load->docs, size * sizeof(*docs));
        if (!docs)
            return NULL;
        load->docs = docs;
        load->docs_size = size;
    }
    load->docs[load->n_docs] = (mk_load_doc){0};
    return &load->docs[load->n_docs++];
}

/* What stats says of the document. */
static mk_err look(mk_load *load, const mk_flat *flat, mk_stats_found *ret)
{
    const struct {
        mk_flat_key key;
        mk_arena *arena;
    } needed[] = {
        {MK_FLAT_TEXT, load->arena}, {MK_FLAT_URL, load->names}, {MK_FLAT_LANG, load->names}};
    mk_str s[3];
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < 3; i++)
        err = mk_json_text(flat->values[needed[i].key], needed[i].arena, &s[i], &load->error);
    if (err != MK_OK)
        return err;
    if (!mk_schema_has(load->rules->schema, MK_SCHEMA_LANG))
        s[2] = (mk_str){"", 0}; /* it leaves with the conversion */
    const mk_doc doc = {.raw = s[0], .url = s[1], .lang = s[2]};
    return mk_stats_look(&doc, load->names, ret) ? MK_OK : no_memory(load);
}

static mk_err count(mk_load *load, const mk_flat *flat, mk_load_doc *doc)
{
    const mk_str text = flat->values[MK_FLAT_TEXT].raw;
    mk_flat_counts *const to = &load->portions[doc->split].counts;
    mk_census *const c = &doc->found.census;

    mk_census_string(&load->table, mk_str_sub(text, 1, text.len - 1), c);
    to->documents++;
    to->bytes += c->bytes;
    to->letters += c->letters;
    to->words += c->parted;
    return load->rules->figures ? look(load, flat, &doc->found) : MK_OK;
}

/* Of the schema of the release, or, where it is to be converted, of ours; what the line
 * before was is tried first, and if the line is of neither, that is said. */
static mk_err parse(mk_load *load, mk_str line, mk_flat *ret, const mk_schema **ret_schema)
{
    const mk_schema *const ours = &mk_schemas[0];
    const mk_schema *first = load->rules->schema;
    mk_error why;
    mk_err err;

    if (load->rules->convert)
        first = load->found ? load->found : ours;
    const mk_schema *const second = first == ours ? load->rules->schema : ours;
    *ret_schema = first;
    err = mk_flat_parse(first, line, load->arena, ret, &load->error);
    if (err == MK_RECORD && load->rules->convert && second != first) {
        err = mk_flat_parse(second, line, load->arena, ret, &why);
        if (err == MK_OK)
            *ret_schema = second;
        else if (err == MK_RECORD && !load->found) {
            const mk_error one = load->error;
            mk_fail(&load->error, err, "%s, as %s: %s", one.text, second->name, why.text);
        }
    }
    if (err == MK_OK)
        load->found = *ret_schema;
    return err;
}

/* Puts the line where it belongs. */
static mk_err keep(mk_load *load, mk_str line, const mk_flat *flat, bool is_other,
                   const mk_load_doc *doc)
{
    mk_portion *const p = &load->portions[doc->split];
    const size_t before = p->lines.len;
    mk_err err = MK_OK;

    if (is_other) {
        load->exact = false;
        err = mk_flat_put(load->rules->schema, flat, load->arena, &p->lines, &load->error);
        line.len = p->lines.len - before;
    } else if (load->rules->splits->n > 1 || !load->exact) {
        mk_buf_put(&p->lines, line);
    }
    if (err == MK_OK && (load->rules->splits->n > 1 || !load->exact))
        mk_buf_putc(&p->lines, '\n');
    p->content += line.len + 1;
    return err == MK_OK && p->lines.failed ? no_memory(load) : err;
}

/* One line, without LF. */
static mk_err take_line(mk_load *load, mk_str line)
{
    const mk_load_rules *const rules = load->rules;
    mk_load_doc *const doc = add_doc(load);
    const mk_schema *schema = NULL;
    mk_flat flat;
    mk_str id;
    mk_err err;

    if (!doc)
        return no_memory(load);
    doc->at = (size_t)(line.ptr - load->content.ptr);
    doc->len = line.len;
    doc->split = rules->only ? rules->only[load->part] : 0;
    mk_arena_reset(load->arena);
    err = parse(load, line, &flat, &schema);
    if (err != MK_OK)
        return err;
    if (rules->drop && !rules->drop(rules->arg, &flat, load->arena, &doc->is_dropped))
        return no_memory(load);
    if (doc->is_dropped) {
        load->n_dropped++;
        load->exact = false;
        return MK_OK;
    }
    err = mk_json_text(flat.values[MK_FLAT_ID], load->arena, &id, &load->error);
    if (err == MK_OK)
        err = pick(load, &flat, &doc->split);
    if (err == MK_OK && !add_hash(&load->portions[doc->split], mk_hash64(id)))
        err = no_memory(load);
    if (err == MK_OK)
        err = count(load, &flat, doc);
    return err == MK_OK ? keep(load, line, &flat, schema != rules->schema, doc) : err;
}

static bool is_blank(mk_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != ' ' && s.ptr[i] != '\t')
            return false;
    return true;
}

/* All lines are of one split and stand in content as they are. */
static void settle(mk_load *load)
{
    size_t n_splits = 0;

    for (size_t i = 0; i < load->rules->splits->n; i++)
        if (load->portions[i].counts.documents > 0) {
            load->whole = i;
            n_splits++;
        }
    load->exact = load->exact && n_splits == 1;
}

static mk_err take_lines(mk_load *load, mk_str s)
{
    mk_err err = MK_OK;

    while (err == MK_OK && s.len > 0) {
        const char *const end = memchr(s.ptr, '\n', s.len);
        const size_t n = end ? (size_t)(end - s.ptr) : s.len;
        mk_str line = mk_str_sub(s, 0, n);
        load->n_lines++;
        s = mk_str_sub(s, end ? n + 1 : n, s.len);
        if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
            line.len--;
            load->exact = false;
        }
        if (is_blank(line))
            load->exact = false;
        else
            err = take_line(load, line);
    }
    return err;
}

/* A load that turned out not to be exact: its lines are needed after all. */
static mk_err take_again(mk_load *load, mk_str s)
{
    for (size_t i = 0; i < MK_SPLITS_MAX; i++) {
        mk_portion *const p = &load->portions[i];
        mk_buf_reset(&p->lines);
        p->counts = (mk_flat_counts){0};
        p->content = 0;
    }
    load->n_lines = load->n_dropped = load->n_grouped = 0;
    load->n_docs = 0;
    mk_arena_reset(load->names);
    return take_lines(load, s);
}

void mk_load_work(mk_job *job)
{
    mk_load *const load = (mk_load *)(void *)job;
    mk_str s;

    if (load->codec != MK_CODEC_NONE) {
        const mk_err err = mk_load_unpack(load, mk_buf_str(&load->stored), &load->content);
        load->torn = err == MK_MISMATCH;
        if (err == MK_NOMEM)
            load->err = no_memory(load);
        if (err != MK_OK)
            return;
    }
    s = mk_buf_str(&load->content);
    load->found = NULL; /* of the load before: nothing may depend on it */
    load->exact = s.len > 0 && s.ptr[s.len - 1] == '\n';
    if (load->first && s.len >= 3 && memcmp(s.ptr, "\xEF\xBB\xBF", 3) == 0) {
        s = mk_str_sub(s, 3, s.len);
        load->exact = false;
    }
    const bool was_exact = load->exact;
    load->err = take_lines(load, s);
    if (load->err == MK_OK && was_exact && !load->exact && load->rules->splits->n < 2)
        load->err = take_again(load, s);
    if (load->err == MK_OK)
        settle(load);
}

mk_str mk_load_lines(const mk_load *load, size_t split)
{
    const mk_portion *const p = &load->portions[split];

    if (load->exact)
        return split == load->whole ? mk_buf_str(&load->content) : (mk_str){"", 0};
    return mk_buf_str(&p->lines);
}

mk_err mk_load_figures(const mk_load *load, mk_stats *stats, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < load->n_docs; i++)
        if (!load->docs[i].is_dropped)
            err = mk_stats_put(stats, &load->docs[i].found, reterr);
    return err;
}
