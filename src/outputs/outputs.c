/* outputs.c: see outputs.h. What a kill leaves behind at any place is either before a
 * journal line, and cut off when the run is resumed, or behind it, and done again.
 * Cases: tests/run/test_clean_folder.c, tests/faults/resume.py. */
#include <stdlib.h>

#include "outputs/outputs_private.h"

mk_err mk_outputs_no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for the outputs");
}

/* ---- opening ---- */

static mk_err open_kinds(mk_outputs *o, mk_error *reterr)
{
    const mk_clean_options *options = o->spec->options;
    const char *const paths[MK_N_OUTS] = {options->output, options->ledger, options->rejects};
    const char *const codecs[MK_N_OUTS] = {options->codec, NULL, NULL};
    mk_err err = MK_OK;

    for (unsigned k = 0; k < MK_N_OUTS && err == MK_OK; k++) {
        mk_shards_options shards = {
            .kind = (mk_out)k,
            .codec = o->spec->codec,
            .level = k == MK_OUT_DATA ? options->level : 0,
            .pool = o->pool,
            .folder = o->folder,
            .path = paths[k],
            .force = options->force,
            .stop = options->stop,
        };
        if (paths[k] && !o->folder)
            err = mk_codec_pick(paths[k], codecs[k], &shards.codec, reterr);
        if (paths[k] && err == MK_OK)
            err = mk_shards_open(&shards, &o->kinds[k], reterr);
    }
    return err;
}

/* Only what is ours is ever replaced, and only if that was asked for. */
static mk_err check_folder(mk_outputs *o, mk_error *reterr)
{
    const mk_clean_options *options = o->spec->options;
    mk_folder_state state;
    char name[256];
    const mk_err err = mk_folder_look(o->folder, &state, name, reterr);

    if (err != MK_OK)
        return err;
    switch (state) {
    case MK_FOLDER_EMPTY:
        return MK_OK;
    case MK_FOLDER_FOREIGN:
        return mk_fail(reterr, MK_EXISTS, "output folder '%s' holds '%s', which is of no run",
                       o->folder->where, name);
    case MK_FOLDER_BEGUN:
    case MK_FOLDER_DONE:
        break;
    }
    if (options->resume)
        return MK_OK;
    if (options->force && mk_folder_has(o->folder, MK_FOLDER_AUDIT))
        return mk_fail(reterr, MK_EXISTS,
                       "output folder '%s' holds verdicts on its run, '" MK_FOLDER_AUDIT
                       "': they would be of no run",
                       o->folder->where);
    if (options->force)
        return mk_folder_clear(o->folder, reterr);
    return state == MK_FOLDER_DONE
               ? mk_fail(reterr, MK_EXISTS, "output folder '%s' holds a run (--force replaces it)",
                         o->folder->where)
               : mk_fail(reterr, MK_EXISTS,
                         "output folder '%s' holds a run that was stopped (--resume goes on, "
                         "--force begins again)",
                         o->folder->where);
}

/* What a folder is for, and what it is not. */
static mk_err check_options(mk_spec *spec, mk_error *reterr)
{
    const mk_clean_options *options = spec->options;

    if (options->summary)
        return mk_fail(reterr, MK_OPTION,
                       "no summary beside a folder: it is in its " MK_FOLDER_REPORT);
    if ((options->ledger && strcmp(options->ledger, "auto") != 0) ||
        (options->rejects && strcmp(options->rejects, "auto") != 0))
        return mk_fail(reterr, MK_OPTION,
                       "in a folder ledger and rejects have their own names: 'auto' is needed");
    const mk_err err = mk_codec_pick("", options->codec ? options->codec : "gz", &spec->codec,
                                     reterr);
    if (err == MK_OK && spec->codec == MK_CODEC_GZ_SINGLE)
        return mk_fail(reterr, MK_OPTION, "no gz-single in a folder: its members are checkpoints");
    return err;
}

static mk_err open_folder(mk_outputs *o, mk_error *reterr)
{
    mk_err err = mk_folder_open(o->spec->options->output, &o->folder, reterr);

    if (err == MK_OK)
        err = check_folder(o, reterr);
    if (err == MK_OK)
        err = mk_journal_open(o->folder, &o->journal, reterr);
    return err;
}

mk_err mk_outputs_open(mk_spec *spec, mk_pool *pool, mk_outputs **ret, mk_error *reterr)
{
    mk_outputs *o = calloc(1, sizeof(*o));
    mk_err err = MK_OK;

    if (!o)
        return mk_outputs_no_memory(reterr);
    o->spec = spec;
    o->pool = pool;
    o->spec_text.max = o->new_keys.max = MK_BUF_MAX;
    if (mk_folder_is(spec->options->output)) {
        err = check_options(spec, reterr);
        if (err == MK_OK)
            err = open_folder(o, reterr);
    } else if (spec->options->resume) {
        err = mk_fail(reterr, MK_OPTION, "only a run into a folder can be resumed");
    }
    if (err == MK_OK)
        err = open_kinds(o, reterr);
    if (err == MK_OK)
        *ret = o;
    else
        mk_outputs_close(o);
    return err;
}

void mk_outputs_close(mk_outputs *o)
{
    if (!o)
        return;
    for (unsigned k = 0; k < MK_N_OUTS; k++)
        mk_shards_close(o->kinds[k]);
    mk_sink_close(o->keys);
    mk_journal_close(o->journal);
    mk_folder_close(o->folder);
    mk_buf_clear(&o->spec_text);
    mk_buf_clear(&o->new_keys);
    free(o->closed);
    free(o);
}

bool mk_outputs_in_folder(const mk_outputs *o)
{
    return o->folder != NULL;
}

/* ---- lines on their way ---- */

bool mk_outputs_want(const mk_outputs *o, mk_out kind)
{
    return o->kinds[kind] != NULL;
}

static mk_err cut_all(mk_outputs *o, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (unsigned k = 0; k < MK_N_OUTS && err == MK_OK; k++)
        if (o->kinds[k])
            err = mk_shards_cut(o->kinds[k], reterr);
    o->shard++;
    return err;
}

/* Nothing comes any more. */
static mk_err end_all(mk_outputs *o, mk_error *reterr)
{
    mk_err err = o->folder ? cut_all(o, reterr) : MK_OK;

    for (unsigned k = 0; k < MK_N_OUTS && err == MK_OK && !o->folder; k++)
        if (o->kinds[k])
            err = mk_shards_end(o->kinds[k], reterr);
    return err;
}

mk_err mk_outputs_make_room(mk_outputs *o, size_t len, mk_error *reterr)
{
    const mk_clean_options *options = o->spec->options;
    uint64_t records, text;

    if (!o->folder)
        return MK_OK;
    mk_shards_filled(o->kinds[MK_OUT_DATA], &records, &text);
    if (records == 0 || (text + len <= options->shard_size &&
                         (options->shard_docs == 0 || records < options->shard_docs)))
        return MK_OK;
    return cut_all(o, reterr);
}

mk_err mk_outputs_put(mk_outputs *o, mk_out kind, uint64_t seq, mk_str line, mk_error *reterr)
{
    return o->kinds[kind] ? mk_shards_put(o->kinds[kind], o->shard, seq, line, reterr) : MK_OK;
}

mk_err mk_outputs_flush(mk_outputs *o, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (unsigned k = 0; k < MK_N_OUTS && err == MK_OK; k++)
        if (o->kinds[k])
            err = mk_shards_flush(o->kinds[k], reterr);
    return err;
}

mk_err mk_outputs_collect(mk_outputs *o, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (unsigned k = 0; k < MK_N_OUTS && err == MK_OK; k++)
        if (o->kinds[k])
            err = mk_shards_collect(o->kinds[k], reterr);
    return err;
}

/* ---- keys of duplicates ---- */

static void put_little_endian(mk_buf *out, uint64_t n)
{
    for (unsigned i = 0; i < 8; i++)
        mk_buf_putc(out, (char)(n >> 8 * i & 0xFF));
}

mk_err mk_outputs_key(mk_outputs *o, mk_digest digest, uint64_t seq, mk_error *reterr)
{
    if (!o->folder)
        return MK_OK;
    put_little_endian(&o->new_keys, digest.high);
    put_little_endian(&o->new_keys, digest.low);
    put_little_endian(&o->new_keys, seq);
    return o->new_keys.failed ? mk_outputs_no_memory(reterr) : MK_OK;
}

static mk_err save_keys(mk_outputs *o, mk_checkpoint *mark, mk_error *reterr)
{
    mk_err err;

    if (!o->keys)
        return MK_OK;
    err = mk_sink_write(o->keys, mk_buf_str(&o->new_keys), reterr);
    if (err == MK_OK)
        err = mk_sink_sync(o->keys, reterr);
    mk_buf_reset(&o->new_keys);
    mark->n_keys = mk_sink_size(o->keys) / MK_KEY;
    return err;
}

/* ---- checkpoints ---- */

mk_err mk_outputs_add_closed(mk_outputs *o, const mk_shard *shard, mk_error *reterr)
{
    if (o->n_closed == o->max_closed) {
        const size_t max = o->max_closed ? o->max_closed * 2 : 16;
        mk_shard *const closed = max < SIZE_MAX / sizeof(*shard)
                                     ? realloc(o->closed, max * sizeof(*shard))
                                     : NULL;
        if (!closed)
            return mk_outputs_no_memory(reterr);
        o->closed = closed;
        o->max_closed = max;
    }
    o->closed[o->n_closed++] = *shard;
    return MK_OK;
}

static int by_place(const void *a, const void *b)
{
    const mk_shard *x = a, *y = b;

    if (x->id.index != y->id.index)
        return x->id.index < y->id.index ? -1 : 1;
    return x->id.kind < y->id.kind ? -1 : x->id.kind > y->id.kind;
}

/* Takes over the shards that were closed, in an order that does not depend on when. */
static mk_err take_closed(mk_outputs *o, mk_error *reterr)
{
    const size_t from = o->n_closed;
    mk_shard shard;
    mk_err err = MK_OK;

    for (unsigned k = 0; k < MK_N_OUTS; k++)
        while (err == MK_OK && o->kinds[k] && mk_shards_next(o->kinds[k], &shard))
            err = mk_outputs_add_closed(o, &shard, reterr);
    if (o->n_closed > from)
        qsort(o->closed + from, o->n_closed - from, sizeof(shard), by_place);
    return err;
}

mk_err mk_outputs_name_closed(mk_outputs *o, mk_error *reterr)
{
    char name[MK_SHARD_NAME];
    mk_err err = MK_OK;

    if (o->n_named == o->n_closed)
        return MK_OK;
    while (err == MK_OK && o->n_named < o->n_closed) {
        const mk_shard *s = &o->closed[o->n_named];
        err = mk_folder_finish(o->folder, mk_shard_name(s->id, name), reterr);
        o->n_named += err == MK_OK;
    }
    return err == MK_OK ? mk_folder_sync(o->folder, reterr) : err;
}

static mk_err write_mark(mk_outputs *o, const mk_checkpoint *mark, const mk_input_counts *counts,
                         mk_error *reterr)
{
    const uint64_t n_inputs = o->spec->inputs->n;
    const uint64_t to = mark->at.file < n_inputs ? mark->at.file + 1 : n_inputs;
    const mk_news news = {
        .closed = o->closed + o->n_told,
        .n_closed = o->n_closed - o->n_told,
        .first_input = o->next_input,
        .inputs = counts + o->next_input,
        .n_inputs = (size_t)(to > o->next_input ? to - o->next_input : 0),
    };
    mk_buf text = {.max = MK_BUF_MAX};

    mk_checkpoint_put(mark, &news, &text);
    const mk_err err = text.failed ? mk_outputs_no_memory(reterr)
                                   : mk_journal_append(o->journal, mk_buf_str(&text), reterr);
    mk_buf_clear(&text);
    return err;
}

mk_err mk_outputs_mark(mk_outputs *o, mk_checkpoint *mark, bool sure, const mk_input_counts *counts,
                       mk_error *reterr)
{
    mk_err err = mark->end ? end_all(o, reterr) : MK_OK;

    if (err == MK_OK)
        err = mk_outputs_collect(o, reterr);
    if (err == MK_OK && o->folder)
        err = take_closed(o, reterr);
    for (unsigned k = 0; k < MK_N_OUTS && err == MK_OK; k++) {
        mark->open[k] = (mk_shard){.bytes = 0};
        if (o->kinds[k])
            err = mk_shards_mark(o->kinds[k], &mark->open[k], reterr);
    }
    mark->shard = o->shard;
    mark->n_closed = o->n_closed;
    if (err != MK_OK || !o->folder)
        return err;
    mark->line = mk_journal_count(o->journal);
    if (sure)
        mark->since = mark->line;
    err = save_keys(o, mark, reterr);
    if (err == MK_OK) /* the names of parts, before the journal speaks of them */
        err = mk_folder_sync(o->folder, reterr);
    if (err == MK_OK)
        err = write_mark(o, mark, counts, reterr);
    if (err != MK_OK)
        return err;
    o->n_told = o->n_closed;
    o->next_input = mark->at.file;
    return sure ? mk_outputs_name_closed(o, reterr) : MK_OK;
}

/* ---- the end ---- */

mk_err mk_outputs_commit(mk_outputs *o, mk_out kind, mk_error *reterr)
{
    return o->kinds[kind] ? mk_shards_commit(o->kinds[kind], reterr) : MK_OK;
}

mk_err mk_outputs_finish(mk_outputs *o, mk_str report, mk_error *reterr)
{
    mk_sink *sink = NULL;
    /* Nothing may be left to do behind the name that says that all is done. */
    mk_err err = mk_folder_remove(o->folder, MK_FOLDER_KEYS ".part", reterr);

    if (err == MK_OK)
        err = mk_sink_open_part(o->folder->fd, o->folder->where, MK_FOLDER_REPORT, 0, &sink,
                                reterr);
    if (err == MK_OK)
        err = mk_sink_write(sink, report, reterr);
    if (err == MK_OK)
        err = mk_sink_commit(sink, reterr);
    mk_sink_close(sink);
    return err;
}

uint64_t mk_outputs_bytes(const mk_outputs *o, const mk_checkpoint *mark)
{
    uint64_t n = mark->open[MK_OUT_DATA].bytes;

    for (size_t i = 0; i < o->n_closed; i++)
        n += o->closed[i].id.kind == MK_OUT_DATA ? o->closed[i].bytes : 0;
    return n;
}

uint64_t mk_outputs_shard(const mk_outputs *o)
{
    return o->shard;
}

const mk_shard *mk_outputs_closed(const mk_outputs *o, size_t *ret_n)
{
    *ret_n = o->n_closed;
    return o->closed;
}

mk_str mk_outputs_spec(const mk_outputs *o)
{
    return mk_buf_str(&o->spec_text);
}

const char *mk_outputs_where(const mk_outputs *o)
{
    return o->folder ? o->folder->where : "";
}
