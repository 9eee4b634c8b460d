/* outputs_resume.c: outputs put back to a checkpoint: of the same run, to take back what
 * came of a damaged unit, or of an earlier one, to go on with it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "outputs/outputs_private.h"

/* ---- keys of duplicates ---- */

static uint64_t little_endian(const char *p)
{
    uint64_t n = 0;

    for (unsigned i = 8; i-- > 0;)
        n = n << 8 | (unsigned char)p[i];
    return n;
}

/* The file of the keys, with those of the mark. */
static mk_err open_keys(mk_outputs *o, uint64_t n, mk_error *reterr)
{
    mk_sink_close(o->keys);
    o->keys = NULL;
    mk_buf_reset(&o->new_keys);
    return mk_sink_open_part(o->folder->fd, o->folder->where, MK_FOLDER_KEYS, n * MK_KEY, &o->keys,
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
        return mk_outputs_no_memory(reterr);
    mk_err err = mk_stream_file(path, &stream, reterr);
    while (err == MK_OK && n < n_keys && (err = stream->read(stream, &chunk, reterr)) == MK_OK) {
        size_t at = 0;
        mk_buf_put(&rest, chunk);
        for (; err == MK_OK && at + MK_KEY <= rest.len; at += MK_KEY, n++) {
            const char *p = rest.ptr + at;
            bool seen;
            uint64_t twin;
            err = mk_gate_pass(gate, (mk_digest){little_endian(p), little_endian(p + 8)},
                               little_endian(p + 16), &seen, &twin, reterr);
        }
        if (rest.failed)
            err = mk_outputs_no_memory(reterr);
        else
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

    return mk_outputs_add_closed(r->outputs, shard, r->reterr);
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
           m->n_keys <= UINT64_MAX / MK_KEY && (!m->end || m->at.file == o->spec->inputs->n);
}

static mk_err read_marks(mk_outputs *o, mk_input_counts *counts, mk_buf *line, mk_checkpoint *sure,
                         mk_checkpoint *last, mk_error *reterr)
{
    replay r = {o, counts, reterr};
    const mk_news_reader news = {replay_closed, replay_input, &r};
    const uint64_t n = mk_journal_count(o->journal);

    for (uint64_t i = 1; i < n; i++) {
        mk_error why;
        mk_err err = mk_journal_line(o->journal, i, line, reterr);
        if (err != MK_OK)
            return err;
        err = mk_checkpoint_read(mk_buf_str(line), &news, last, &why);
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
    const mk_err err = mk_outputs_name_closed(o, reterr);
    o->n_closed = n_closed;
    return err;
}

static mk_err compare_spec(const mk_outputs *o, mk_buf *line, mk_error *reterr)
{
    const mk_str members = mk_buf_str(&o->spec_text);
    mk_buf now = {.max = MK_BUF_MAX};
    mk_error why;

    mk_buf_putc(&now, '{');
    mk_buf_put(&now, mk_str_sub(members, 1, members.len)); /* without the comma */
    mk_buf_putc(&now, '}');
    mk_err err = now.failed ? mk_outputs_no_memory(reterr)
                            : mk_journal_line(o->journal, 0, line, reterr);
    if (err == MK_OK) {
        err = mk_spec_compare(mk_buf_str(line), mk_buf_str(&now), &why);
        if (err != MK_OK)
            mk_fail(reterr, err, "cannot resume '%s': %s", o->folder->where, why.text);
    }
    mk_buf_clear(&now);
    return err;
}

static mk_err resume(mk_outputs *o, mk_input_counts *counts, mk_gate *gate, mk_checkpoint *sure,
                     mk_checkpoint *last, bool *ret_done, mk_error *reterr)
{
    mk_buf line = {.max = MK_BUF_MAX};
    mk_err err = compare_spec(o, &line, reterr);

    if (err == MK_OK)
        err = read_marks(o, counts, &line, sure, last, reterr);
    mk_buf_clear(&line);
    if (err == MK_OK)
        err = check_closed(o, reterr);
    *ret_done = last->end && mk_folder_has(o->folder, MK_FOLDER_REPORT);
    if (err != MK_OK || *ret_done)
        return err;
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
