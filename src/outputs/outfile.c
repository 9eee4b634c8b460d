/* outfile.c: blocks on their way through the pool. A thread of the pool has one
 * encoder a file, made when it is first needed.
 *
 * A gz-single is parts between a header and an end that sums them up. To take
 * blocks back, the sum at the end of each is kept: 24 bytes a MiB. */
#include "outputs/outfile.h"

#include <assert.h>
#include <stdlib.h>

/* Lines on their way, and what became of them. */
typedef struct block {
    mk_job job; /* must be first */
    mk_outfile *file;
    mk_buf lines, stored;
    mk_gz_sum sum; /* of lines, if the file is a gz-single */
    mk_err err;
    mk_error error;
    struct block *next;  /* in the list of free ones */
    struct block *older; /* in the list of all */
} block;

/* How much of a gz-single there was when a block had been written. */
typedef struct mark {
    uint64_t size;
    mk_gz_sum sum;
} mark;

struct mk_outfile {
    mk_sink *sink;
    mk_codec codec;
    int level;
    size_t block_bytes;
    mk_pool *pool;
    size_t n_pending;      /* blocks pushed and not yet taken */
    mk_encoder **encoders; /* owned, n_encoders: one for each worker of the pool, or NULL */
    unsigned n_encoders;
    mark *marks; /* owned, n_marks of max_marks: of a gz-single */
    size_t n_marks, max_marks;
    bool ended;
    block *current;
    block *spare; /* list of those not in use */
    block *all;
};

static block *new_block(mk_outfile *file, mk_error *reterr)
{
    block *b = file->spare;
    if (b) {
        file->spare = b->next;
    } else {
        b = calloc(1, sizeof(*b));
        if (!b) {
            mk_fail(reterr, MK_NOMEM, "out of memory for a block");
            return NULL;
        }
        b->older = file->all;
        file->all = b;
    }
    mk_buf_reset(&b->lines);
    mk_buf_reset(&b->stored);
    b->lines.max = b->stored.max = MK_BUF_MAX;
    b->file = file;
    b->err = MK_OK;
    b->job.work = mk_outfile_work;
    return b;
}

mk_err mk_outfile_on(mk_sink *sink, mk_codec codec, int level, mk_pool *pool, mk_outfile **ret,
                     mk_error *reterr)
{
    mk_outfile *file = calloc(1, sizeof(*file));
    if (!file) {
        mk_sink_close(sink);
        return mk_fail(reterr, MK_NOMEM, "out of memory for an output");
    }
    file->sink = sink;
    file->codec = codec;
    file->level = level;
    file->block_bytes = mk_codec_block(codec);
    file->pool = pool;
    file->n_encoders = mk_pool_width(pool);
    file->encoders = calloc(file->n_encoders, sizeof(mk_encoder *));
    mk_err err = file->encoders ? mk_encoder_open(codec, level, &file->encoders[0], reterr)
                                : mk_fail(reterr, MK_NOMEM, "out of memory for an output");
    if (err == MK_OK && !(file->current = new_block(file, reterr)))
        err = MK_NOMEM;
    if (err != MK_OK) {
        mk_outfile_close(file);
        return err;
    }
    *ret = file;
    return MK_OK;
}

mk_err mk_outfile_open(const char *path, bool force, mk_codec codec, int level, mk_pool *pool,
                       mk_outfile **ret, mk_error *reterr)
{
    mk_encoder *encoder = NULL;
    mk_sink *sink = NULL;
    /* A level that there is not must not leave a file. */
    mk_err err = mk_encoder_open(codec, level, &encoder, reterr);
    mk_encoder_close(encoder);
    if (err == MK_OK)
        err = mk_sink_open(path, force, &sink, reterr);
    return err == MK_OK ? mk_outfile_on(sink, codec, level, pool, ret, reterr) : err;
}

void mk_outfile_work(mk_job *job)
{
    block *b = (block *)(void *)job;
    mk_outfile *file = b->file;
    mk_encoder **encoder = &file->encoders[job->worker]; /* no other job has it now */
    if (file->codec == MK_CODEC_NONE)
        return;
    if (!*encoder)
        b->err = mk_encoder_open(file->codec, file->level, encoder, &b->error);
    if (b->err == MK_OK)
        b->err = mk_encode(*encoder, mk_buf_str(&b->lines), &b->stored, &b->error);
    if (file->codec == MK_CODEC_GZ_SINGLE)
        b->sum = mk_gz_sum_of(mk_buf_str(&b->lines));
}

mk_err mk_outfile_flush(mk_outfile *file, mk_error *reterr)
{
    if (file->current->lines.len == 0)
        return MK_OK;
    block *fresh = new_block(file, reterr);
    if (!fresh)
        return MK_NOMEM;
    mk_pool_push(file->pool, &file->current->job);
    file->n_pending++;
    file->current = fresh;
    return MK_OK;
}

mk_err mk_outfile_put(mk_outfile *file, mk_str lines, mk_error *reterr)
{
    assert(!file->ended);
    mk_buf_put(&file->current->lines, lines);
    if (file->current->lines.failed)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a block");
    return file->current->lines.len >= file->block_bytes ? mk_outfile_flush(file, reterr) : MK_OK;
}

/* ---- gz-single ---- */

static mk_gz_sum sum_so_far(const mk_outfile *file)
{
    return file->n_marks > 0 ? file->marks[file->n_marks - 1].sum : (mk_gz_sum){0};
}

/* Writes what stands before the first part, and behind the last. */
static mk_err put_frame(mk_outfile *file, bool end, mk_error *reterr)
{
    mk_buf bytes = {.max = 64};
    if (end)
        mk_gz_put_end(sum_so_far(file), &bytes);
    else
        mk_gz_put_header(file->level, &bytes);
    const mk_err err = bytes.failed ? mk_fail(reterr, MK_NOMEM, "out of memory for a gz header")
                                    : mk_sink_write(file->sink, mk_buf_str(&bytes), reterr);
    mk_buf_clear(&bytes);
    return err;
}

/* A part was written. */
static mk_err add_mark(mk_outfile *file, mk_gz_sum sum, mk_error *reterr)
{
    if (file->n_marks == file->max_marks) {
        const size_t max = file->max_marks ? file->max_marks * 2 : 64;
        mark *marks = max < SIZE_MAX / sizeof(mark) ? realloc(file->marks, max * sizeof(mark))
                                                    : NULL;
        if (!marks)
            return mk_fail(reterr, MK_NOMEM, "out of memory for the parts of a file");
        file->marks = marks;
        file->max_marks = max;
    }
    const mk_gz_sum all = mk_gz_sum_join(sum_so_far(file), sum);
    file->marks[file->n_marks++] = (mark){mk_sink_size(file->sink), all};
    return MK_OK;
}

/* ---- finished blocks ---- */

static mk_err write_block(block *b, mk_error *reterr)
{
    mk_outfile *file = b->file;
    const bool single = file->codec == MK_CODEC_GZ_SINGLE;
    mk_err err = MK_OK;
    if (single && file->n_marks == 0)
        err = put_frame(file, false, reterr);
    if (err == MK_OK)
        err = mk_sink_write(
            file->sink, mk_buf_str(file->codec == MK_CODEC_NONE ? &b->lines : &b->stored), reterr);
    return err == MK_OK && single ? add_mark(file, b->sum, reterr) : err;
}

bool mk_outfile_take(mk_job *job, mk_error *reterr)
{
    if (job->work != mk_outfile_work)
        return false;
    block *b = (block *)(void *)job;
    reterr->code = MK_OK;
    if (b->err != MK_OK)
        *reterr = b->error;
    else
        write_block(b, reterr);
    b->next = b->file->spare;
    b->file->spare = b;
    b->file->n_pending--;
    return true;
}

size_t mk_outfile_pending(const mk_outfile *file)
{
    return file->n_pending;
}

mk_sink *mk_outfile_sink(const mk_outfile *file)
{
    return file->sink;
}

uint64_t mk_outfile_size(const mk_outfile *file)
{
    return mk_sink_size(file->sink);
}

mk_err mk_outfile_rewind(mk_outfile *file, uint64_t size, mk_error *reterr)
{
    assert(!file->ended);
    mk_buf_reset(&file->current->lines);
    while (file->n_marks > 0 && file->marks[file->n_marks - 1].size > size)
        file->n_marks--;
    return mk_sink_rewind(file->sink, size, reterr);
}

mk_err mk_outfile_end(mk_outfile *file, mk_error *reterr)
{
    if (file->ended)
        return MK_OK;
    file->ended = true;
    return file->n_marks > 0 ? put_frame(file, true, reterr) : MK_OK;
}

mk_err mk_outfile_commit(mk_outfile *file, mk_error *reterr)
{
    const mk_err err = mk_outfile_end(file, reterr);
    return err == MK_OK ? mk_sink_commit(file->sink, reterr) : err;
}

void mk_outfile_close(mk_outfile *file)
{
    if (!file)
        return;
    mk_sink_close(file->sink);
    for (block *b = file->all, *older; b; b = older) {
        older = b->older;
        mk_buf_clear(&b->lines);
        mk_buf_clear(&b->stored);
        free(b);
    }
    for (unsigned i = 0; file->encoders && i < file->n_encoders; i++)
        mk_encoder_close(file->encoders[i]);
    free(file->encoders);
    free(file->marks);
    free(file);
}
