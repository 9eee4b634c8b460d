/* restore.c: the written texts and the ledger, side by side, back to what was
 * read. */
#include "base/json.h"
#include "minkhal/minkhal.h"
#include "run/outfile.h"
#include "run/pairs.h"
#include "run/run_file.h"

static mk_err put_text(mk_outfile *out, mk_str id, mk_str text, mk_buf *line, mk_error *reterr)
{
    mk_buf_reset(line);
    mk_buf_puts(line, "{\"id\":");
    mk_json_put(line, id);
    mk_buf_puts(line, ",\"text\":");
    mk_json_put(line, text);
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
        const mk_verdict verdict = pair.ledger.verdict;
        if (verdict != MK_REJECTED && verdict != MK_SKIPPED) { /* never were texts */
            ++*n_docs;
            err = put_text(r->out, pair.ledger.id, pair.read, &r->line, reterr);
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

/* The files of documents and ledger: two that were named, or those of a folder. */
typedef struct sides {
    const char *cleaned[1], *ledger[1];
    char **owned[2];
    mk_pair_files files[2];
} sides;

static mk_err find_sides(const mk_restore_options *o, sides *ret, mk_error *reterr)
{
    *ret = (sides){.cleaned = {o->cleaned}, .ledger = {o->ledger}};
    ret->files[0] = (mk_pair_files){ret->cleaned, 1, o->stop};
    ret->files[1] = (mk_pair_files){ret->ledger, 1, o->stop};
    if (o->ledger)
        return MK_OK;
    static const mk_out kinds[2] = {MK_OUT_DATA, MK_OUT_LEDGER};
    mk_run_file *run = NULL;
    mk_err err = mk_run_file_open(o->cleaned, &run, reterr);
    for (unsigned i = 0; i < 2 && err == MK_OK; i++) {
        err = mk_run_file_paths(run, kinds[i], &ret->owned[i], &ret->files[i].n, reterr);
        ret->files[i].paths = (const char *const *)ret->owned[i];
    }
    if (err == MK_OK && ret->files[1].n == 0 && run->summary.n_in > 0)
        err = mk_fail(reterr, MK_OPTION, "the run in '%s' has no ledger", o->cleaned);
    mk_run_file_close(run);
    return err;
}

mk_err mk_restore(const mk_restore_options *o, uint64_t *ret_docs, mk_error *reterr)
{
    mk_error local;
    reterr = reterr ? reterr : &local;
    restorer r = {.line = {.max = MK_BUF_MAX}};
    sides s = {.owned = {NULL}};
    mk_codec codec = MK_CODEC_NONE;
    *ret_docs = 0;
    r.arena = mk_arena_new();
    mk_err err = r.arena ? mk_pool_open(0, &r.pool, reterr)
                         : mk_fail(reterr, MK_NOMEM, "out of memory");
    if (err == MK_OK)
        err = find_sides(o, &s, reterr);
    if (err == MK_OK)
        err = mk_pairs_open(s.files[0], s.files[1], &r.pairs, reterr);
    if (err == MK_OK)
        err = mk_codec_pick(o->output, o->codec, &codec, reterr);
    if (err == MK_OK)
        err = mk_outfile_open(o->output, o->force, codec, o->level, r.pool, &r.out, reterr);
    if (err == MK_OK)
        err = restore_all(&r, ret_docs, reterr);
    mk_pool_close(r.pool);
    mk_outfile_close(r.out);
    mk_pairs_close(r.pairs);
    mk_run_paths_free(s.owned[0]);
    mk_run_paths_free(s.owned[1]);
    mk_buf_clear(&r.line);
    mk_arena_free(r.arena);
    return err;
}
