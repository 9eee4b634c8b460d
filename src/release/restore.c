/* restore.c: the written texts and the ledger, side by side, back to what was read; of a
 * release split by split. Cases: fixtures/cli/restore_*. */
#include "base/base64.h"
#include "base/json.h"
#include "base/need.h"
#include "minkhal/minkhal.h"
#include "outputs/outfile.h"
#include "release/corpus.h"
#include "write/apart.h"

/* With the bytes that were read where the text is not all of them. */
static mk_err put_text(mk_outfile *out, const mk_pair *pair, mk_buf *line, mk_error *reterr)
{
    mk_buf_reset(line);
    mk_buf_puts(line, "{\"id\":");
    mk_json_put(line, pair->ledger.id);
    mk_buf_puts(line, ",\"text\":");
    mk_json_put(line, pair->read);
    if (pair->ledger.stored.ptr || pair->ledger.bom) {
        mk_buf_puts(line, ",\"bytes\":\"");
        if (pair->ledger.stored.ptr) {
            mk_base64_put(line, pair->ledger.stored);
        } else {
            mk_buf_puts(line, "77u/"); /* EF BB BF: three bytes are four signs of their own */
            mk_base64_put(line, pair->read);
        }
        mk_buf_putc(line, '"');
    }
    mk_buf_puts(line, "}\n");
    return line->failed ? mk_fail(reterr, MK_NOMEM, "out of memory for a text")
                        : mk_outfile_put(out, mk_buf_str(line), reterr);
}

static mk_err drain(mk_pool *pool, mk_error *reterr)
{
    mk_err err = MK_OK;
    while (mk_pool_pending(pool) > 0) {
        mk_error error;
        if (mk_outfile_take(mk_pool_pull(pool), &error) && error.code != MK_OK && err == MK_OK) {
            *reterr = error;
            err = error.code;
        }
    }
    return err;
}

/* What is at hand while restoring. */
typedef struct restorer {
    mk_corpus corpus;
    mk_pairs *pairs;
    mk_outfile *out;
    mk_pool *pool;
    mk_arena *arena;
    mk_buf line;
} restorer;

static mk_err restore_all(restorer *r, uint64_t *n_docs, mk_error *reterr)
{
    mk_pair pair;
    mk_err err;
    while ((err = mk_pairs_next(r->pairs, r->arena, &pair, reterr)) == MK_OK) {
        if (mk_ledger_has_text(&pair.ledger)) {
            ++*n_docs;
            err = put_text(r->out, &pair, &r->line, reterr);
            if (err == MK_OK)
                err = drain(r->pool, reterr);
        }
        if (err != MK_OK)
            return err;
        mk_arena_reset(r->arena);
    }
    if (err != MK_END)
        return err;
    err = mk_outfile_flush(r->out, reterr);
    if (err == MK_OK)
        err = drain(r->pool, reterr);
    return err == MK_OK ? mk_outfile_commit(r->out, reterr) : err;
}

mk_err mk_restore(const mk_restore_options *o, uint64_t *ret_docs, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    reterr = reterr ? reterr : &local;
    restorer r = {.line = {.max = MK_BUF_MAX}};
    mk_codec codec = MK_CODEC_NONE;
    const mk_need needs[] = {{"cleaned", &o->cleaned, 1}, {"output", &o->output, 1}};
    *ret_docs = 0;
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), reterr);
    if (err == MK_OK && !(r.arena = mk_arena_new()))
        err = mk_fail(reterr, MK_NOMEM, "out of memory");
    if (err == MK_OK)
        err = mk_pool_open(0, &r.pool, reterr);
    const char *const read[] = {o->cleaned, o->ledger};
    if (err == MK_OK)
        err = mk_apart(&o->output, 1, read, sizeof(read) / sizeof(*read), reterr);
    if (err == MK_OK)
        err = mk_corpus_pairs_of(o->cleaned, o->ledger, o->stop, &r.corpus, &r.pairs, reterr);
    if (err == MK_OK)
        err = mk_codec_pick(o->output, o->codec, &codec, reterr);
    if (err == MK_OK)
        err = mk_outfile_open(o->output, o->force, codec, o->level, r.pool, &r.out, reterr);
    if (err == MK_OK)
        mk_sink_stop_by(mk_outfile_sink(r.out), o->stop);
    if (err == MK_OK)
        err = restore_all(&r, ret_docs, reterr);
    mk_pool_close(r.pool);
    mk_outfile_close(r.out);
    mk_pairs_close(r.pairs);
    mk_corpus_close(&r.corpus);
    mk_buf_clear(&r.line);
    mk_arena_free(r.arena);
    return err;
}
