/* beside.c: see beside.h. All of it is done on the thread that writes, in the order of the
 * documents. Where a shard ends is known when it was written: lines of attributes wait for
 * that. Cases: tests/release/test_beside.c, fixtures/cli/pack_ledger, takedown_ledger. */
#include "release/beside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "read/reader.h"
#include "release/report_page.h"
#include "release/volumes.h"

enum {
    SEND_BYTES = 4 << 20, /* of a file, written at once */
    SAMPLES = 10,         /* of each rule in the report */
    SITES = 200           /* rows of its table */
};

/* A file that is being made, of lines. */
typedef struct side {
    char name[96]; /* empty: none is open */
    mk_buf lines, stored;
    mk_checksum_run *digest;
    uint64_t bytes;
} side;

/* A file of attributes that is whole, under its name while it was made. */
typedef struct done {
    size_t split, shard;
    mk_file file;
} done;

typedef struct of_split {
    side ledger, attributes;
    mk_buf waiting; /* lines of attributes */
    size_t shard;   /* that attributes are of */
    size_t n_shards;
} of_split;

struct mk_beside {
    mk_beside_options o;
    mk_encoder *encoder;
    of_split *splits; /* o.splits->n of them, owned */
    mk_pairs *pairs;
    mk_arena *arena;
    mk_attributes_maker *maker;
    mk_report_count report;
    uint64_t counts[MK_RUN_COUNTS];
    done *done; /* n_done of them, owned */
    size_t n_done, done_size;
    struct {
        mk_stream *stream;
        void *reader;
        mk_record record;
        const char *name;
    } lines;
    mk_container *c; /* of the ledger */
    const mk_entry *entry;
};

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

int mk_beside_ledger_name(const char *split, mk_codec codec, char *out, size_t size)
{
    return snprintf(out, size, "ledger/%s.jsonl.%s", split, mk_manifest_codec(codec));
}

/* ---- files of lines ---- */

static mk_err open_side(mk_beside *b, side *s, mk_error *reterr)
{
    s->lines.max = s->stored.max = MK_BUF_MAX;
    s->bytes = 0;
    if (!s->digest && mk_checksum_open(MK_SHA256, &s->digest, reterr) != MK_OK)
        return MK_NOMEM;
    return mk_stage_file(b->o.stage, s->name, (mk_str){"", 0}, reterr);
}

/* Compresses what there is, and sends it on where that is enough. */
static mk_err send_side(mk_beside *b, side *s, bool all, mk_error *reterr)
{
    mk_err err = MK_OK;

    if (s->lines.len > 0 && (all || s->lines.len >= mk_codec_block(b->o.codec))) {
        err = mk_encode(b->encoder, mk_buf_str(&s->lines), &s->stored, reterr);
        mk_buf_reset(&s->lines);
    }
    if (err == MK_OK && s->stored.len > 0 && (all || s->stored.len >= SEND_BYTES)) {
        mk_checksum_add(s->digest, mk_buf_str(&s->stored));
        s->bytes += s->stored.len;
        err = mk_stage_append(b->o.stage, s->name, mk_buf_str(&s->stored), reterr);
        mk_buf_reset(&s->stored);
    }
    return err;
}

static mk_err put_side(mk_beside *b, side *s, mk_str line, mk_error *reterr)
{
    mk_buf_put(&s->lines, line);
    return s->lines.failed ? no_memory(reterr) : send_side(b, s, false, reterr);
}

/* The file is whole. */
static mk_err close_side(mk_beside *b, side *s, mk_file *ret, mk_error *reterr)
{
    const mk_err err = send_side(b, s, true, reterr);

    if (err != MK_OK)
        return err;
    ret->bytes = s->bytes;
    s->name[0] = '\0';
    return mk_checksum_end_hex(s->digest, ret->sha256) ? MK_OK : no_memory(reterr);
}

static void clear_side(side *s)
{
    mk_buf_clear(&s->lines);
    mk_buf_clear(&s->stored);
    mk_checksum_close(s->digest);
}

/* ---- life ---- */

static mk_err make_folders(const mk_beside_options *o, mk_error *reterr)
{
    mk_err err = MK_OK;

    if (o->stage && o->ledger)
        err = mk_stage_mkdir(o->stage, "ledger", reterr);
    if (err == MK_OK && o->stage && o->attributes)
        err = mk_stage_mkdir(o->stage, "attributes", reterr);
    if (err == MK_OK && o->stage && o->attributes)
        err = mk_stage_mkdir(o->stage, MK_ATTRIBUTES_FOLDER, reterr);
    return err;
}

mk_err mk_beside_open(const mk_beside_options *options, mk_beside **ret, mk_error *reterr)
{
    mk_beside *const b = calloc(1, sizeof(*b));
    mk_err err;

    if (!b)
        return no_memory(reterr);
    b->o = *options;
    b->splits = calloc(options->splits->n, sizeof(*b->splits));
    b->arena = mk_arena_new();
    b->maker = mk_attributes_maker_new();
    err = b->splits && b->arena && b->maker
              ? mk_encoder_open(options->codec, 0, &b->encoder, reterr)
              : no_memory(reterr);
    if (err == MK_OK && options->report)
        err = mk_report_count_open(0, SAMPLES, &b->report, reterr);
    if (err == MK_OK)
        err = make_folders(options, reterr);
    if (err == MK_OK)
        *ret = b;
    else
        mk_beside_close(b);
    return err;
}

static void close_lines(mk_beside *b)
{
    mk_reader_jsonl.close(b->lines.reader);
    mk_stream_close(b->lines.stream);
    b->lines.reader = NULL;
    b->lines.stream = NULL;
}

void mk_beside_close(mk_beside *b)
{
    if (!b)
        return;
    for (size_t i = 0; b->splits && i < b->o.splits->n; i++) {
        clear_side(&b->splits[i].ledger);
        clear_side(&b->splits[i].attributes);
        mk_buf_clear(&b->splits[i].waiting);
    }
    free(b->splits);
    free(b->done);
    close_lines(b);
    mk_pairs_close(b->pairs);
    mk_report_count_clear(&b->report);
    mk_attributes_maker_free(b->maker);
    mk_encoder_close(b->encoder);
    mk_arena_free(b->arena);
    free(b);
}

const uint64_t *mk_beside_counts(const mk_beside *b)
{
    return b->counts;
}

/* ---- attributes ---- */

static const mk_read_options read_options = {.max_doc = MK_BUF_MAX};

mk_err mk_beside_lines(mk_beside *b, mk_stream *stream, const char *name, mk_error *reterr)
{
    mk_err err;

    b->lines.stream = stream;
    b->lines.name = name;
    b->lines.record = (mk_record){0};
    err = mk_stream_decode(&b->lines.stream, reterr);
    if (err == MK_OK)
        err = mk_reader_jsonl.open(b->lines.stream, &read_options, &b->lines.reader, reterr);
    else
        b->lines.stream = NULL; /* it was closed */
    return err;
}

static mk_err wrong_lines(const mk_beside *b, mk_error *reterr)
{
    return mk_fail(reterr, MK_MISMATCH, "the lines of '%s' are not those of its documents",
                   b->lines.name);
}

mk_err mk_beside_lines_end(mk_beside *b, mk_error *reterr)
{
    mk_err err = mk_reader_jsonl.next(b->lines.reader, &b->lines.record, reterr);

    if (err == MK_OK || err == MK_RECORD)
        err = wrong_lines(b, reterr);
    close_lines(b);
    return err == MK_END ? MK_OK : err;
}

/* The id that a line begins with, as it stands in JSON. */
static mk_str id_of(mk_str line, const char *before)
{
    const size_t from = strlen(before);
    size_t to = from + 1;

    if (line.len <= from || memcmp(line.ptr, before, from) != 0)
        return (mk_str){0};
    while (to < line.len && line.ptr[to] != '"')
        to += line.ptr[to] == '\\' ? 2 : 1;
    return mk_str_sub(line, from, to < line.len ? to + 1 : line.len);
}

/* The next line of the attributes that are read. */
static mk_err take_line(mk_beside *b, const mk_load *load, const mk_load_doc *doc, mk_error *reterr)
{
    const mk_err err = mk_reader_jsonl.next(b->lines.reader, &b->lines.record, reterr);
    const mk_str line = b->lines.record.bytes;
    const mk_str of_doc = mk_str_sub(mk_buf_str(&load->content), doc->at, doc->at + doc->len);
    mk_buf *const to = &b->splits[doc->split].waiting;

    if (err == MK_END || err == MK_RECORD)
        return wrong_lines(b, reterr);
    if (err != MK_OK)
        return err;
    if (!mk_str_eq(id_of(line, "{\"id\":"), id_of(of_doc, "{\"id\":")))
        return wrong_lines(b, reterr);
    if (!b->o.stage || doc->is_dropped)
        return MK_OK;
    to->max = MK_BUF_MAX;
    mk_buf_put(to, line);
    mk_buf_putc(to, '\n');
    return to->failed ? no_memory(reterr) : MK_OK;
}

static mk_err end_shard(mk_beside *b, size_t split, mk_error *reterr)
{
    of_split *const s = &b->splits[split];

    if (!s->attributes.name[0])
        return MK_OK;
    if (b->n_done == b->done_size) {
        const size_t size = b->done_size * 2 + 16;
        done *const more = realloc(b->done, size * sizeof(*more));
        if (!more)
            return no_memory(reterr);
        b->done = more;
        b->done_size = size;
    }
    done *const d = &b->done[b->n_done];
    *d = (done){.split = split, .shard = s->shard};
    b->n_done++;
    return close_side(b, &s->attributes, &d->file, reterr);
}

mk_err mk_beside_block(void *beside, size_t split, size_t shard, uint64_t n, mk_error *reterr)
{
    mk_beside *const b = beside;
    of_split *const s = &b->splits[split];
    const mk_str waiting = mk_buf_str(&s->waiting);
    size_t len = 0;
    mk_err err = MK_OK;

    if (!b->o.attributes)
        return MK_OK;
    if (s->n_shards == 0 || s->shard != shard) {
        err = end_shard(b, split, reterr);
        s->shard = shard;
        s->n_shards = shard + 1;
        mk_volume_name(MK_ATTRIBUTES_FOLDER, b->o.splits->items[split].name, shard, 0, b->o.codec,
                       s->attributes.name, sizeof(s->attributes.name));
        if (err == MK_OK)
            err = open_side(b, &s->attributes, reterr);
    }
    for (uint64_t i = 0; err == MK_OK && i < n; i++) {
        const char *const end = len < waiting.len
                                    ? memchr(waiting.ptr + len, '\n', waiting.len - len)
                                    : NULL;
        if (!end)
            return mk_fail(reterr, MK_BUG, "too few attributes");
        const size_t to = (size_t)(end - waiting.ptr) + 1;
        err = put_side(b, &s->attributes, mk_str_sub(waiting, len, to), reterr);
        len = to;
    }
    if (err == MK_OK && len > 0) {
        memmove(s->waiting.ptr, s->waiting.ptr + len, s->waiting.len - len);
        s->waiting.len -= len;
    }
    return err;
}

/* ---- the ledger ---- */

mk_err mk_beside_ledger(mk_beside *b, mk_pair_files files, mk_error *reterr)
{
    mk_pairs_close(b->pairs);
    b->pairs = NULL;
    files.stop = b->o.stop;
    return mk_pairs_open_fed(files, &b->pairs, reterr);
}

static void count_record(mk_beside *b, mk_verdict verdict)
{
    static const mk_verdict order[MK_RUN_COUNTS] = {[1] = MK_WRITTEN,
                                                    [2] = MK_FILTERED,
                                                    [3] = MK_DUPLICATE,
                                                    [4] = MK_REJECTED,
                                                    [5] = MK_SKIPPED};

    b->counts[0]++;
    for (size_t i = 1; i < MK_RUN_COUNTS; i++)
        b->counts[i] += order[i] == verdict;
}

/* A line of the ledger without id, source and text: that there was a record, and what
 * became of it. */
static void put_stub(const mk_pair *pair, mk_buf *out)
{
    static const char *const words[] = {[MK_WRITTEN] = "skipped",
                                        [MK_FILTERED] = "filtered",
                                        [MK_DUPLICATE] = "duplicate",
                                        [MK_REJECTED] = "rejected",
                                        [MK_SKIPPED] = "skipped"};
    const char *const comma = memchr(pair->line.ptr, ',', pair->line.len);

    mk_buf_put(out, mk_str_sub(pair->line, 0, comma ? (size_t)(comma - pair->line.ptr) : 0));
    mk_buf_printf(out,
                  ",\"id\":\"\",\"source\":\"\",\"verdict\":\"%s\",\"reason\":\"taken down\","
                  "\"review\":false,\"bytes\":0,\"crc32\":\"00000000\",\"edits\":[]}\n",
                  words[pair->ledger.verdict]);
}

/* What becomes of a line of the ledger: in a takedown the texts of documents that are not
 * in the release leave. Of those that never were written nobody can tell whether
 * they are of the site that asked, or a copy. */
static mk_err keep_line(mk_beside *b, const mk_pair *pair, size_t split, bool is_dropped,
                        mk_error *reterr)
{
    side *const s = &b->splits[split].ledger;
    const mk_verdict verdict = pair->ledger.verdict;
    mk_err err = MK_OK;

    if (!s->name[0]) {
        mk_beside_ledger_name(b->o.splits->items[split].name, b->o.codec, s->name, sizeof(s->name));
        err = open_side(b, s, reterr);
    }
    if (err != MK_OK)
        return err;
    if (b->o.takedown && (is_dropped || verdict == MK_FILTERED || verdict == MK_DUPLICATE)) {
        put_stub(pair, &s->lines);
    } else {
        mk_buf_put(&s->lines, pair->line);
        mk_buf_putc(&s->lines, '\n');
    }
    return s->lines.failed ? no_memory(reterr) : send_side(b, s, false, reterr);
}

/* A record: of a document, or NULL. */
static mk_err take_pair(mk_beside *b, const mk_pair *pair, const mk_load_doc *doc, mk_error *reterr)
{
    const size_t split = doc ? doc->split : 0;
    mk_err err = MK_OK;

    count_record(b, doc && doc->is_dropped ? MK_SKIPPED : pair->ledger.verdict);
    if (b->o.report)
        err = mk_report_count_add(&b->report, pair, b->arena, reterr);
    if (err == MK_OK && b->o.stage && b->o.ledger)
        err = keep_line(b, pair, split, doc && doc->is_dropped, reterr);
    if (err == MK_OK && doc && b->o.attributes && !b->lines.reader) {
        b->splits[split].waiting.max = MK_BUF_MAX;
        err = mk_attributes_put(b->maker, pair, b->arena, &b->splits[split].waiting, reterr);
    }
    return err;
}

/* The records up to a document, or with NULL those that are left. */
static mk_err take_records(mk_beside *b, const mk_load_doc *doc, mk_error *reterr)
{
    mk_pair pair;
    mk_err err;

    for (;;) {
        mk_arena_reset(b->arena);
        err = mk_pairs_next(b->pairs, b->arena, &pair, reterr);
        if (err != MK_OK)
            return err == MK_RECORD ? MK_MISMATCH : err;
        const bool is_doc = pair.ledger.verdict == MK_WRITTEN;
        err = take_pair(b, &pair, is_doc ? doc : NULL, reterr);
        if (err != MK_OK || is_doc)
            return err == MK_RECORD ? MK_MISMATCH : err;
    }
}

mk_err mk_beside_ledger_end(mk_beside *b, mk_error *reterr)
{
    const mk_err err = take_records(b, NULL, reterr);

    mk_pairs_close(b->pairs);
    b->pairs = NULL;
    return err == MK_END ? MK_OK : err;
}

mk_err mk_beside_load(mk_beside *b, const mk_load *load, const char *name, uint64_t before,
                      mk_error *reterr)
{
    const mk_str content = mk_buf_str(&load->content);
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < load->n_docs; i++) {
        const mk_load_doc *const doc = &load->docs[i];
        if (b->pairs) {
            mk_pairs_feed(b->pairs, mk_str_sub(content, doc->at, doc->at + doc->len), name,
                          before + i + 1);
            err = take_records(b, doc, reterr);
        }
        if (err == MK_OK && b->lines.reader)
            err = take_line(b, load, doc, reterr);
    }
    return err;
}

/* ---- parts of releases ---- */

static bool has_file(const mk_manifest *m, const char *prefix)
{
    const size_t n = strlen(prefix);

    for (size_t i = 0; i < m->files.n; i++)
        if (m->files.items[i].name.len > n && memcmp(m->files.items[i].name.ptr, prefix, n) == 0)
            return true;
    return false;
}

bool mk_beside_has_ledger(const mk_manifest *m)
{
    return has_file(m, "ledger/");
}

bool mk_beside_has_attributes(const mk_manifest *m)
{
    return has_file(m, MK_ATTRIBUTES_FOLDER "/");
}

static mk_err open_entry(void *arg, size_t i, mk_stream **ret, mk_error *reterr)
{
    const mk_beside *const b = arg;

    (void)i;
    return mk_container_stream(b->c, b->entry, ret, reterr);
}

static mk_err find_entry(mk_container *c, const char *name, const mk_entry **ret, mk_error *reterr)
{
    *ret = mk_container_find(c, name);
    return *ret ? MK_OK : mk_fail(reterr, MK_MISMATCH, "'%s' is missing", name);
}

static mk_err next_ledger(mk_beside *b, mk_container *c, const mk_manifest *m, size_t split,
                          mk_error *reterr)
{
    char name[96];
    mk_err err = b->pairs ? mk_beside_ledger_end(b, reterr) : MK_OK;

    mk_beside_ledger_name(m->splits.items[split].name, m->codec, name, sizeof(name));
    b->c = c;
    if (err == MK_OK)
        err = find_entry(c, name, &b->entry, reterr);
    if (err != MK_OK)
        return err;
    const mk_pair_files files = {.paths = &b->entry->name, .n = 1, .open = open_entry, .arg = b};
    return mk_beside_ledger(b, files, reterr);
}

mk_err mk_beside_part(mk_beside *b, mk_container *c, const mk_manifest *m, size_t part,
                      mk_error *reterr)
{
    const mk_part *const p = &m->parts[part];
    char name[128];
    const mk_entry *entry = NULL;
    mk_stream *stream = NULL;
    mk_err err = MK_OK;

    if (mk_beside_has_ledger(m) && (part == 0 || m->parts[part - 1].split != p->split))
        err = next_ledger(b, c, m, p->split, reterr);
    if (err != MK_OK || !mk_beside_has_attributes(m))
        return err;
    snprintf(name, sizeof(name), MK_ATTRIBUTES_FOLDER "/%s", strchr(p->name, '/') + 1);
    err = find_entry(c, name, &entry, reterr);
    if (err == MK_OK)
        err = mk_container_stream(c, entry, &stream, reterr);
    return err == MK_OK ? mk_beside_lines(b, stream, entry->name, reterr) : err;
}

mk_err mk_beside_part_end(mk_beside *b, mk_error *reterr)
{
    return b->lines.reader ? mk_beside_lines_end(b, reterr) : MK_OK;
}

mk_err mk_beside_parts_end(mk_beside *b, mk_error *reterr)
{
    return b->pairs ? mk_beside_ledger_end(b, reterr) : MK_OK;
}

/* ---- the end ---- */

static mk_err list_file(mk_manifest *m, const char *name, const mk_file *file, mk_error *reterr)
{
    mk_file *const f = mk_manifest_file(m, &m->files, mk_str_of(name));

    if (!f)
        return no_memory(reterr);
    f->bytes = file->bytes;
    memcpy(f->sha256, file->sha256, sizeof(f->sha256));
    return MK_OK;
}

static mk_err put_report(mk_beside *b, mk_manifest *m, const char *title, mk_error *reterr)
{
    const mk_report_page page = {.title = title, .max_sites = SITES};
    mk_buf text = {.max = MK_BUF_MAX};
    mk_file file = {0};
    mk_checksum_run *digest = NULL;
    mk_err err = mk_report_page_put(&b->report, &page, &text) ? MK_OK : no_memory(reterr);

    if (err == MK_OK)
        err = mk_stage_file(b->o.stage, MK_REPORT_NAME, mk_buf_str(&text), reterr);
    if (err == MK_OK)
        err = mk_checksum_open(MK_SHA256, &digest, reterr);
    if (err == MK_OK) {
        mk_checksum_add(digest, mk_buf_str(&text));
        file.bytes = text.len;
        err = mk_checksum_end_hex(digest, file.sha256) ? list_file(m, MK_REPORT_NAME, &file, reterr)
                                                       : no_memory(reterr);
    }
    mk_checksum_close(digest);
    mk_buf_clear(&text);
    return err;
}

static mk_err put_attributes(mk_beside *b, mk_manifest *m, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < b->n_done; i++) {
        const done *const d = &b->done[i];
        const char *const split = b->o.splits->items[d->split].name;
        char from[96], to[96];
        mk_volume_name(MK_ATTRIBUTES_FOLDER, split, d->shard, 0, b->o.codec, from, sizeof(from));
        mk_volume_name(MK_ATTRIBUTES_FOLDER, split, d->shard, b->splits[d->split].n_shards,
                       b->o.codec, to, sizeof(to));
        err = mk_stage_rename(b->o.stage, from, to, reterr);
        if (err == MK_OK)
            err = list_file(m, to, &d->file, reterr);
    }
    return err;
}

mk_err mk_beside_finish(mk_beside *b, mk_manifest *m, const char *title, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < b->o.splits->n; i++) {
        char name[sizeof(b->splits[i].ledger.name)];
        mk_file file = {0};
        err = end_shard(b, i, reterr);
        if (err != MK_OK || !b->splits[i].ledger.name[0])
            continue;
        memcpy(name, b->splits[i].ledger.name, sizeof(name));
        err = close_side(b, &b->splits[i].ledger, &file, reterr);
        if (err == MK_OK)
            err = list_file(m, name, &file, reterr);
    }
    if (err == MK_OK)
        err = put_attributes(b, m, reterr);
    if (err == MK_OK && b->o.report)
        err = put_report(b, m, title, reterr);
    if (b->o.ledger)
        memcpy(m->ledger, b->counts, sizeof(m->ledger));
    return err;
}
