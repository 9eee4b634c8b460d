#include "run/outfile.h"

#include <stdlib.h>

/* Lines on their way, and what became of them. */
typedef struct block {
    mk_job job; /* must be first */
    mk_outfile *file;
    mk_buf lines, stored;
    mk_err err;
    mk_error error;
    struct block *next;  /* in the list of free ones */
    struct block *older; /* in the list of all */
} block;

struct mk_outfile {
    mk_sink *sink;
    mk_codec codec;
    int level;
    mk_pool *pool;
    size_t n_pending; /* blocks pushed and not yet taken */
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
    file->pool = pool;
    if (!(file->current = new_block(file, reterr))) {
        mk_outfile_close(file);
        return MK_NOMEM;
    }
    *ret = file;
    return MK_OK;
}

mk_err mk_outfile_open(const char *path, bool force, int level, mk_pool *pool, mk_outfile **ret,
                       mk_error *reterr)
{
    mk_sink *sink = NULL;
    const mk_err err = mk_sink_open(path, force, &sink, reterr);
    return err == MK_OK ? mk_outfile_on(sink, mk_codec_of(path), level, pool, ret, reterr) : err;
}

void mk_outfile_work(mk_job *job)
{
    block *b = (block *)(void *)job;
    if (b->file->codec != MK_CODEC_NONE)
        b->err = mk_encode(b->file->codec, b->file->level, mk_buf_str(&b->lines), &b->stored,
                           &b->error);
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
    mk_buf_put(&file->current->lines, lines);
    if (file->current->lines.failed)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a block");
    return file->current->lines.len >= MK_BLOCK_BYTES ? mk_outfile_flush(file, reterr) : MK_OK;
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
        mk_sink_write(b->file->sink,
                      mk_buf_str(b->file->codec == MK_CODEC_NONE ? &b->lines : &b->stored), reterr);
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
    mk_buf_reset(&file->current->lines);
    return mk_sink_rewind(file->sink, size, reterr);
}

mk_err mk_outfile_commit(mk_outfile *file, mk_error *reterr)
{
    return mk_sink_commit(file->sink, reterr);
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
    free(file);
}
