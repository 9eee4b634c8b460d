/* outputs.c: see outputs.h. What a kill leaves behind at any place is either before a
 * journal line, and cut off when the run is resumed, or behind it, and done again.
 * Cases: tests/run/test_clean_folder.c, tests/faults/resume.py. */
#include "run/outputs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "run/journal.h"
#include "run/shards.h"

enum { KEY = 24 /* bytes of a key: digest and seq + 1, little endian */ };

struct mk_outputs {
    const mk_spec *spec;
    mk_pool *pool;
    mk_folder *folder; /* owned; NULL: one file each */
    mk_journal *journal;
    mk_buf spec_text;
    mk_shards *kinds[MK_N_OUTS]; /* owned; NULL: not wanted */
    uint64_t shard;
    mk_shard *closed; /* owned: n_closed of them, max_closed at most */
    size_t n_closed, max_closed;
    size_t n_told;       /* of them, in the journal */
    size_t n_named;      /* of those, with their final names */
    uint64_t next_input; /* what became of inputs before it is in the journal for good */
    mk_sink *keys;       /* owned; NULL: without --dedup */
    mk_buf new_keys;     /* not in the file yet */
};

static mk_err no_memory(mk_error *reterr)
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
        return no_memory(reterr);
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

static uint64_t little_endian(const char *p)
{
    uint64_t n = 0;

    for (unsigned i = 8; i-- > 0;)
        n = n << 8 | (unsigned char)p[i];
    return n;
}

mk_err mk_outputs_key(mk_outputs *o, mk_digest digest, uint64_t seq, mk_error *reterr)
{
    if (!o->folder)
        return MK_OK;
    put_little_endian(&o->new_keys, digest.high);
    put_little_endian(&o->new_keys, digest.low);
    put_little_endian(&o->new_keys, seq);
    return o->new_keys.failed ? no_memory(reterr) : MK_OK;
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
    mark->n_keys = mk_sink_size(o->keys) / KEY;
    return err;
}

/* The file of the keys, with those of the mark. */
static mk_err open_keys(mk_outputs *o, uint64_t n, mk_error *reterr)
{
    mk_sink_close(o->keys);
    o->keys = NULL;
    mk_buf_reset(&o->new_keys);
    return mk_sink_open_part(o->folder->fd, o->folder->where, MK_FOLDER_KEYS, n * KEY, &o->keys,
                             reterr);
}

/* Puts the keys of the file into the gate. */
static mk_err load_keys(const mk_outputs *o, uint64_t n_keys, mk_gate *gate, mk_error *reterr)
{
    char *path = NULL;
    mk_stream *stream = NULL;
    mk_buf rest = {.max = MK_BUF_MAX};
    mk_str chunk;
    uint64_t n = 0;

    if (asprintf(&path, "%s" MK_FOLDER_KEYS ".part", o->folder->where) < 0)
        return no_memory(reterr);
    mk_err err = mk_stream_file(path, &stream, reterr);
    while (err == MK_OK && n < n_keys && (err = stream->read(stream, &chunk, reterr)) == MK_OK) {
        size_t at = 0;
        mk_buf_put(&rest, chunk);
        for (; err == MK_OK && at + KEY <= rest.len; at += KEY, n++) {
            const char *p = rest.ptr + at;
            bool seen;
            uint64_t twin;
            err = mk_gate_pass(gate, (mk_digest){little_endian(p), little_endian(p + 8)},
                               little_endian(p + 16), &seen, &twin, reterr);
        }
        if (rest.failed)
            err = no_memory(reterr);
        else if (at > 0)
            memmove(rest.ptr, rest.ptr + at, rest.len -= at);
    }
    mk_stream_close(stream);
    mk_buf_clear(&rest);
    free(path);
    if (err == MK_END || err == MK_DAMAGED)
        return mk_fail(reterr, MK_MISMATCH, "'%s" MK_FOLDER_KEYS ".part' does not fit the journal",
                       o->folder->where);
    return err;
}

/* ---- checkpoints ---- */

static mk_err add_closed(mk_outputs *o, const mk_shard *shard, mk_error *reterr)
{
    if (o->n_closed == o->max_closed) {
        const size_t max = o->max_closed ? o->max_closed * 2 : 16;
        mk_shard *const closed = max < SIZE_MAX / sizeof(*shard)
                                     ? realloc(o->closed, max * sizeof(*shard))
                                     : NULL;
        if (!closed)
            return no_memory(reterr);
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
            err = add_closed(o, &shard, reterr);
    if (o->n_closed > from)
        qsort(o->closed + from, o->n_closed - from, sizeof(shard), by_place);
    return err;
}

/* Gives closed shards their final names. */
static mk_err name_closed(mk_outputs *o, mk_error *reterr)
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
    const mk_err err = text.failed ? no_memory(reterr)
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
    return sure ? name_closed(o, reterr) : MK_OK;
}

/* ---- going back ---- */

typedef struct sweep {
    mk_outputs *outputs;
    const mk_checkpoint *mark;
    mk_error *reterr;
} sweep;

/* Removes a part that was begun after the mark. */
static mk_err remove_later(void *arg, const char *name)
{
    const sweep *s = arg;
    mk_shard_id id;

    if (!mk_shard_parse(name, &id) || id.index < s->mark->shard)
        return MK_OK;
    if (id.index == s->mark->shard && s->mark->open[id.kind].bytes > 0)
        return MK_OK;
    if (!id.part)
        return mk_fail(s->reterr, MK_MISMATCH, "'%s%s' is not in the journal",
                       s->outputs->folder->where, name);
    return mk_folder_remove(s->outputs->folder, name, s->reterr);
}

static mk_err rewind_folder(mk_outputs *o, const mk_checkpoint *mark, mk_error *reterr)
{
    sweep s = {o, mark, reterr};
    /* The journal first: what is behind its end may be anything. */
    mk_err err = mk_journal_cut(o->journal, mark->line + 1, reterr);

    if (err == MK_OK)
        err = mk_folder_each(o->folder, remove_later, &s, reterr);
    o->shard = mark->shard;
    o->n_closed = o->n_told = mark->n_closed;
    o->next_input = mark->at.file;
    if (err == MK_OK && o->spec->options->dedup && !mark->end)
        err = open_keys(o, mark->n_keys, reterr);
    return err;
}

mk_err mk_outputs_rewind(mk_outputs *o, const mk_checkpoint *mark, mk_error *reterr)
{
    mk_err err = MK_OK;

    if (o->folder)
        err = rewind_folder(o, mark, reterr);
    for (unsigned k = 0; k < MK_N_OUTS && err == MK_OK; k++)
        if (o->kinds[k])
            err = mk_shards_rewind(o->kinds[k], &mark->open[k], reterr);
    return err;
}

/* ---- beginning ---- */

/* Who reads the journal. */
typedef struct replay {
    mk_outputs *outputs;
    mk_input_counts *counts;
    mk_error *reterr;
} replay;

static mk_err replay_closed(void *arg, const mk_shard *shard)
{
    const replay *r = arg;

    return add_closed(r->outputs, shard, r->reterr);
}

static mk_err replay_input(void *arg, uint64_t number, const mk_input_counts *counts)
{
    const replay *r = arg;

    if (number >= r->outputs->spec->inputs->n)
        return MK_MISMATCH;
    r->counts[number] = *counts;
    return MK_OK;
}

/* What a line says must be possible: later code relies on it. */
static bool is_possible(const mk_outputs *o, const mk_checkpoint *m, uint64_t line, uint64_t sure)
{
    for (unsigned k = 0; k < MK_N_OUTS; k++)
        if (m->open[k].bytes > 0 && (m->open[k].id.index != m->shard || !o->kinds[k] ||
                                     m->open[k].id.codec != o->spec->codec))
            return false;
    return m->at.file <= o->spec->inputs->n && (m->since == line || m->since == sure) &&
           m->n_keys <= UINT64_MAX / KEY && (!m->end || m->at.file == o->spec->inputs->n);
}

static mk_err read_marks(mk_outputs *o, mk_input_counts *counts, mk_checkpoint *sure,
                         mk_checkpoint *last, mk_error *reterr)
{
    replay r = {o, counts, reterr};
    const mk_news_reader news = {replay_closed, replay_input, &r};
    const uint64_t n = mk_journal_count(o->journal);

    for (uint64_t i = 1; i < n; i++) {
        mk_error why;
        const mk_err err = mk_checkpoint_read(mk_journal_line(o->journal, i), &news, last, &why);
        if (err != MK_OK || !is_possible(o, last, i, sure->line))
            return mk_fail(reterr, err == MK_NOMEM ? err : MK_MISMATCH,
                           "line %" PRIu64 " of the journal in '%s' is no checkpoint: %s", i + 1,
                           o->folder->where, err != MK_OK ? why.text : "it cannot be");
        last->line = i;
        last->n_closed = o->n_closed;
        if (last->at.file < o->spec->inputs->n)
            last->input = counts[last->at.file];
        if (last->since == i) {
            mk_checkpoint_copy(sure, last);
            o->n_named = 0; /* all that were closed by now are to have their names */
        }
    }
    return MK_OK;
}

/* Closed shards must be there, under one name or the other. */
static mk_err check_closed(const mk_outputs *o, mk_error *reterr)
{
    char name[MK_SHARD_NAME], part[MK_SHARD_NAME + 8];

    for (size_t i = 0; i < o->n_closed; i++) {
        const mk_shard *s = &o->closed[i];
        mk_shard_name(s->id, name);
        snprintf(part, sizeof(part), "%s.part", name);
        if (!mk_folder_has(o->folder, name) && !mk_folder_has(o->folder, part))
            return mk_fail(reterr, MK_MISMATCH, "cannot resume: '%s%s' is missing",
                           o->folder->where, name);
    }
    return MK_OK;
}

/* Names the shards that were closed at the last sure mark, where a kill was faster. */
static mk_err name_sure(mk_outputs *o, const mk_checkpoint *sure, mk_error *reterr)
{
    const size_t n_closed = o->n_closed;

    o->n_closed = sure->n_closed;
    o->n_named = 0;
    const mk_err err = name_closed(o, reterr);
    o->n_closed = n_closed;
    return err;
}

static mk_err compare_spec(const mk_outputs *o, mk_error *reterr)
{
    const mk_str members = mk_buf_str(&o->spec_text);
    mk_buf now = {.max = MK_BUF_MAX};

    mk_buf_putc(&now, '{');
    mk_buf_put(&now, mk_str_sub(members, 1, members.len)); /* without the comma */
    mk_buf_putc(&now, '}');
    const mk_err err = now.failed ? no_memory(reterr)
                                  : mk_spec_compare(mk_journal_line(o->journal, 0),
                                                    mk_buf_str(&now), reterr);
    mk_buf_clear(&now);
    return err;
}

static mk_err resume(mk_outputs *o, mk_input_counts *counts, mk_gate *gate, mk_checkpoint *sure,
                     mk_checkpoint *last, bool *ret_done, mk_error *reterr)
{
    mk_err err = compare_spec(o, reterr);

    if (err == MK_OK)
        err = read_marks(o, counts, sure, last, reterr);
    mk_journal_forget(o->journal);
    if (err == MK_OK)
        err = check_closed(o, reterr);
    *ret_done = last->end && mk_folder_has(o->folder, MK_FOLDER_REPORT);
    if (err != MK_OK || *ret_done)
        return err;
    if (err == MK_OK)
        err = mk_outputs_rewind(o, last, reterr);
    if (err == MK_OK)
        err = name_sure(o, sure, reterr);
    if (err == MK_OK && gate && !last->end && last->n_keys > 0)
        err = load_keys(o, last->n_keys, gate, reterr);
    return err;
}

/* The folder may hold what a run left that was killed before its first line. */
static mk_err begin_folder(mk_outputs *o, mk_error *reterr)
{
    mk_checkpoint nothing = {.line = 0};
    sweep s = {o, &nothing, reterr};
    mk_err err = mk_folder_each(o->folder, remove_later, &s, reterr);

    if (err == MK_OK)
        err = mk_journal_append(o->journal, mk_buf_str(&o->spec_text), reterr);
    if (err == MK_OK)
        err = mk_folder_sync(o->folder, reterr);
    if (err == MK_OK && o->spec->options->dedup)
        err = open_keys(o, 0, reterr);
    return err;
}

mk_err mk_outputs_begin(mk_outputs *o, mk_input_counts *counts, mk_gate *gate,
                        mk_checkpoint *ret_sure, mk_checkpoint *ret_last, bool *ret_done,
                        mk_error *reterr)
{
    *ret_done = false;
    if (!o->folder)
        return MK_OK;
    const mk_err err = mk_spec_put(o->spec, &o->spec_text, reterr);
    if (err != MK_OK)
        return err;
    return mk_journal_count(o->journal) == 0
               ? begin_folder(o, reterr)
               : resume(o, counts, gate, ret_sure, ret_last, ret_done, reterr);
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
