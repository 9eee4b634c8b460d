/* beside_lines.c: attributes, a line a document. Where a shard ends is known when it was
 * written: lines wait for that. Cases: tests/release/test_release.c, fixtures/cli/pack_ledger. */
#include <stdlib.h>

#include "release/beside_private.h"
#include "release/volumes.h"

/* ---- those that are read ---- */

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

void mk_beside_close_lines(mk_beside *b)
{
    mk_reader_jsonl.close(b->lines.reader);
    mk_stream_close(b->lines.stream);
    b->lines.reader = NULL;
    b->lines.stream = NULL;
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
    mk_beside_close_lines(b);
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
mk_err mk_beside_take_line(mk_beside *b, const mk_load *load, const mk_load_doc *doc,
                           mk_error *reterr)
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
    return to->failed ? mk_beside_no_memory(reterr) : MK_OK;
}

/* ---- those that are made ---- */

static mk_err end_shard(mk_beside *b, size_t split, mk_error *reterr)
{
    mk_beside_split *const s = &b->splits[split];

    if (!s->attributes.name[0])
        return MK_OK;
    if (b->n_done == b->done_size) {
        const size_t size = b->done_size * 2 + 16;
        mk_beside_done *const more = realloc(b->done, size * sizeof(*more));
        if (!more)
            return mk_beside_no_memory(reterr);
        b->done = more;
        b->done_size = size;
    }
    mk_beside_done *const d = &b->done[b->n_done];
    *d = (mk_beside_done){.split = split, .shard = s->shard};
    b->n_done++;
    return mk_side_close(&s->attributes, &b->to, &d->file, reterr);
}

mk_err mk_beside_block(void *beside, size_t split, size_t shard, uint64_t n, mk_error *reterr)
{
    mk_beside *const b = beside;
    mk_beside_split *const s = &b->splits[split];
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
            err = mk_side_open(&s->attributes, &b->to, reterr);
    }
    for (uint64_t i = 0; err == MK_OK && i < n; i++) {
        const char *const end = len < waiting.len
                                    ? memchr(waiting.ptr + len, '\n', waiting.len - len)
                                    : NULL;
        if (!end)
            return mk_fail(reterr, MK_BUG, "too few attributes");
        const size_t to = (size_t)(end - waiting.ptr) + 1;
        mk_buf_put(&s->attributes.lines, mk_str_sub(waiting, len, to));
        err = mk_side_send(&s->attributes, &b->to, reterr);
        len = to;
    }
    if (err == MK_OK && len > 0) {
        memmove(s->waiting.ptr, s->waiting.ptr + len, s->waiting.len - len);
        s->waiting.len -= len;
    }
    return err;
}
mk_err mk_beside_end_attributes(mk_beside *b, mk_manifest *m, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < b->o.splits->n; i++)
        err = end_shard(b, i, reterr);
    for (size_t i = 0; err == MK_OK && i < b->n_done; i++) {
        const mk_beside_done *const d = &b->done[i];
        const char *const split = b->o.splits->items[d->split].name;
        char from[96], to[96];
        mk_volume_name(MK_ATTRIBUTES_FOLDER, split, d->shard, 0, b->o.codec, from, sizeof(from));
        mk_volume_name(MK_ATTRIBUTES_FOLDER, split, d->shard, b->splits[d->split].n_shards,
                       b->o.codec, to, sizeof(to));
        err = mk_stage_rename(b->o.stage, from, to, reterr);
        if (err == MK_OK)
            err = mk_beside_list(m, to, &d->file, reterr);
    }
    return err;
}
