/* shards.c: see shards.h. Cases: tests/run/test_clean_folder.c. */
#include "outputs/shards.h"

#include <stdio.h>
#include <stdlib.h>

/* A shard that was cut. Its file is open till its last block is written. */
typedef struct cut {
    mk_outfile *file; /* owned; NULL: closed */
    mk_shard shard;
} cut;

struct mk_shards {
    mk_shards_options options;
    mk_outfile *file;     /* being written; NULL: none */
    mk_shard shard;       /* what it holds, but for stored bytes and digests */
    mk_checksum_run *sum; /* owned: of the lines in it; NULL: one file */
    cut *cuts;            /* owned: n_cuts from first_cut on, in order */
    size_t first_cut, n_cuts, max_cuts;
    size_t n_waiting; /* of them, not closed */
};

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for the shards");
}

mk_err mk_shards_open(const mk_shards_options *options, mk_shards **ret, mk_error *reterr)
{
    mk_shards *s = calloc(1, sizeof(*s));
    mk_err err = MK_OK;

    if (!s)
        return no_memory(reterr);
    s->options = *options;
    s->shard.id = (mk_shard_id){.kind = options->kind, .codec = options->codec};
    if (options->folder)
        err = mk_checksum_open(MK_SHA256, &s->sum, reterr);
    else
        err = mk_outfile_open(options->path, options->force, options->codec, options->level,
                              options->pool, &s->file, reterr);
    if (err == MK_OK && s->file)
        mk_sink_stop_by(mk_outfile_sink(s->file), options->stop);
    if (err == MK_OK)
        *ret = s;
    else
        mk_shards_close(s);
    return err;
}

/* Opens the file of s->shard, of which `bytes` are there. */
static mk_err open_file(mk_shards *s, uint64_t bytes, mk_error *reterr)
{
    const mk_shards_options *o = &s->options;
    char name[MK_SHARD_NAME];
    mk_sink *sink = NULL;
    mk_err err;

    mk_shard_name(s->shard.id, name);
    err = mk_sink_open_part(o->folder->fd, o->folder->where, name, bytes, &sink, reterr);
    return err == MK_OK ? mk_outfile_on(sink, o->codec, o->level, o->pool, &s->file, reterr) : err;
}

mk_err mk_shards_put(mk_shards *s, uint64_t index, uint64_t seq, mk_str line, mk_error *reterr)
{
    mk_err err = MK_OK;

    if (s->shard.records == 0) {
        s->shard.id.index = index;
        s->shard.first = seq;
    }
    if (!s->file)
        err = open_file(s, 0, reterr);
    if (err == MK_OK)
        err = mk_outfile_put(s->file, line, reterr);
    if (err != MK_OK)
        return err;
    if (s->sum)
        mk_checksum_add(s->sum, line);
    s->shard.records++;
    s->shard.text += line.len;
    return MK_OK;
}

void mk_shards_filled(const mk_shards *s, uint64_t *ret_records, uint64_t *ret_text)
{
    *ret_records = s->shard.records;
    *ret_text = s->shard.text;
}

mk_err mk_shards_flush(mk_shards *s, mk_error *reterr)
{
    return s->file ? mk_outfile_flush(s->file, reterr) : MK_OK;
}

/* ---- cutting ---- */

mk_err mk_shards_cut(mk_shards *s, mk_error *reterr)
{
    mk_err err;

    if (!s->file)
        return MK_OK;
    if (s->first_cut + s->n_cuts == s->max_cuts) {
        const size_t max = s->max_cuts ? s->max_cuts * 2 : 16;
        cut *const cuts = max < SIZE_MAX / sizeof(cut) ? realloc(s->cuts, max * sizeof(cut)) : NULL;
        if (!cuts)
            return no_memory(reterr);
        s->cuts = cuts;
        s->max_cuts = max;
    }
    err = mk_outfile_flush(s->file, reterr);
    if (err == MK_OK && !mk_checksum_so_far(s->sum, s->shard.text_sha256))
        err = no_memory(reterr);
    if (err != MK_OK)
        return err;
    s->cuts[s->first_cut + s->n_cuts++] = (cut){s->file, s->shard};
    s->n_waiting++;
    s->file = NULL;
    s->shard = (mk_shard){.id = {.kind = s->options.kind, .codec = s->options.codec}};
    unsigned char old[MK_CHECKSUM_MAX];
    mk_checksum_end(s->sum, old); /* begins anew */
    return mk_shards_collect(s, reterr);
}

/* Fills in what the file on disk is, all of which is synced then. */
static mk_err sync_file(mk_outfile *file, mk_shard *shard, mk_error *reterr)
{
    const mk_err err = mk_sink_sync(mk_outfile_sink(file), reterr);

    if (err != MK_OK)
        return err;
    shard->bytes = mk_outfile_size(file);
    return mk_sink_digest(mk_outfile_sink(file), shard->sha256) ? MK_OK : no_memory(reterr);
}

mk_err mk_shards_collect(mk_shards *s, mk_error *reterr)
{
    for (size_t i = 0; s->n_waiting > 0 && i < s->n_cuts; i++) {
        cut *const c = &s->cuts[s->first_cut + i];
        if (!c->file)
            continue;
        if (mk_outfile_pending(c->file) > 0)
            return MK_OK; /* blocks are written in order: later ones wait as well */
        const mk_err err = sync_file(c->file, &c->shard, reterr);
        if (err != MK_OK)
            return err;
        mk_outfile_close(c->file);
        c->file = NULL;
        s->n_waiting--;
    }
    return MK_OK;
}

/* ---- with no block under way ---- */

mk_err mk_shards_mark(mk_shards *s, mk_shard *ret, mk_error *reterr)
{
    *ret = s->shard;
    ret->bytes = 0;
    if (!s->file)
        return MK_OK;
    if (!s->options.folder) {
        ret->bytes = mk_outfile_size(s->file);
        return MK_OK;
    }
    if (!mk_checksum_so_far(s->sum, ret->text_sha256))
        return no_memory(reterr);
    return sync_file(s->file, ret, reterr);
}

bool mk_shards_next(mk_shards *s, mk_shard *ret)
{
    if (s->n_cuts == 0 || s->cuts[s->first_cut].file)
        return false;
    *ret = s->cuts[s->first_cut++].shard;
    if (--s->n_cuts == 0)
        s->first_cut = 0;
    return true;
}

static void forget_all(mk_shards *s)
{
    for (size_t i = 0; i < s->n_cuts; i++)
        mk_outfile_close(s->cuts[s->first_cut + i].file);
    s->first_cut = s->n_cuts = s->n_waiting = 0;
    mk_outfile_close(s->file);
    s->file = NULL;
}

/* Makes the sum that of the lines in the file of `shard`. */
static mk_err sum_up(mk_shards *s, const mk_shard *shard, mk_error *reterr)
{
    char name[MK_SHARD_NAME], *path = NULL;
    unsigned char old[MK_CHECKSUM_MAX];
    mk_stream *stream = NULL;
    mk_str chunk;

    mk_shard_name(shard->id, name);
    if (asprintf(&path, "%s%s.part", s->options.folder->where, name) < 0)
        return no_memory(reterr);
    mk_checksum_end(s->sum, old);
    mk_err err = mk_stream_file(path, &stream, reterr);
    if (err == MK_OK)
        err = mk_stream_decode(&stream, reterr);
    while (err == MK_OK && (err = stream->read(stream, &chunk, reterr)) == MK_OK)
        mk_checksum_add(s->sum, chunk);
    mk_stream_close(stream);
    free(path);
    if (err == MK_DAMAGED)
        return mk_fail(reterr, MK_MISMATCH, "%s", reterr->text);
    return err == MK_END ? MK_OK : err;
}

static mk_err check_digests(const mk_shards *s, const mk_shard *want, mk_error *reterr)
{
    char name[MK_SHARD_NAME];
    mk_shard now;

    if (!mk_sink_digest(mk_outfile_sink(s->file), now.sha256) ||
        !mk_checksum_so_far(s->sum, now.text_sha256))
        return no_memory(reterr);
    if (strcmp(now.sha256, want->sha256) == 0 && strcmp(now.text_sha256, want->text_sha256) == 0)
        return MK_OK;
    return mk_fail(reterr, MK_MISMATCH, "'%s%s.part' is not what the journal says",
                   s->options.folder->where, mk_shard_name(want->id, name));
}

mk_err mk_shards_rewind(mk_shards *s, const mk_shard *open, mk_error *reterr)
{
    unsigned char old[MK_CHECKSUM_MAX];
    mk_err err;

    if (!s->options.folder) {
        s->shard.records = open->records;
        s->shard.text = open->text;
        return mk_outfile_rewind(s->file, open->bytes, reterr);
    }
    forget_all(s);
    s->shard = (mk_shard){.id = {.kind = s->options.kind, .codec = s->options.codec}};
    mk_checksum_end(s->sum, old);
    if (open->bytes == 0)
        return MK_OK;
    s->shard = *open;
    err = open_file(s, open->bytes, reterr);
    if (err == MK_OK)
        err = sum_up(s, open, reterr);
    return err == MK_OK ? check_digests(s, open, reterr) : err;
}

mk_err mk_shards_end(mk_shards *s, mk_error *reterr)
{
    return mk_outfile_end(s->file, reterr);
}

mk_err mk_shards_commit(mk_shards *s, mk_error *reterr)
{
    return mk_outfile_commit(s->file, reterr);
}

void mk_shards_close(mk_shards *s)
{
    if (!s)
        return;
    forget_all(s);
    mk_checksum_close(s->sum);
    free(s->cuts);
    free(s);
}
