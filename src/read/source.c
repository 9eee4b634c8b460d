#include "read/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "read/ahead.h"
#include "read/input.h"
#include "read/select.h"
#include "read/opener.h"

_Static_assert((int)MK_LARGEST_MAX_DOC <= (int)MK_BUF_MAX, "a text fits a buffer");

typedef struct walk {
    const mk_clean_options *options;
    const mk_read_options *read;
    const mk_source_events *events;
    mk_summary *summary;
    mk_source source;
    const mk_position *from; /* what is before it was told of; NULL: nothing was */
    bool ended;              /* the caller has seen enough */
    bool told_idle;          /* that options have no effect here */
    mk_error *reterr;
} walk;

mk_err mk_source_options(const mk_clean_options *options, mk_read_options *ret, mk_error *reterr)
{
    *ret = (mk_read_options){
        .text_field = mk_str_of(options->text_field),
        .id_field = mk_str_of(options->id_field),
        .html_field = mk_str_of(options->html_field),
        .max_doc = options->max_doc ? options->max_doc : MK_DEFAULT_MAX_DOC,
        .charset = mk_charset_by_label(mk_str_of(options->charset)),
        .verify_digests = options->verify_digests,
    };
    if (ret->max_doc > MK_LARGEST_MAX_DOC)
        return mk_fail(reterr, MK_OPTION, "records of up to %" PRIu64 " bytes: the most is %d",
                       ret->max_doc, MK_LARGEST_MAX_DOC);
    if (ret->text_field.len > 0 && ret->html_field.len > 0)
        return mk_fail(reterr, MK_OPTION, "a text field and an HTML field: records have one text");
    mk_select *select = NULL;
    const mk_err err = mk_select_open(&options->select, &select, reterr);
    ret->select = select;
    return err;
}

void mk_source_options_clear(mk_read_options *read)
{
    mk_select_close((mk_select *)(uintptr_t)read->select); /* ours: opened above */
    read->select = NULL;
}

/* ---- places ---- */

static int compare(mk_position a, mk_position b)
{
    if (a.file != b.file)
        return a.file < b.file ? -1 : 1;
    if (a.source != b.source)
        return a.source < b.source ? -1 : 1;
    return a.event < b.event ? -1 : a.event > b.event;
}

/* The event at hand was told of in an earlier run. */
static bool is_old(const walk *w)
{
    return w->from && compare(w->source.at, *w->from) < 0;
}

/* The source at hand was begun in an earlier run. */
static bool was_begun(const walk *w)
{
    const mk_position at = w->source.at;

    return w->from && compare((mk_position){.file = at.file, .source = at.source}, *w->from) <= 0;
}

/* ---- telling ---- */

static mk_err damaged(walk *w, uint64_t unit, const char *text)
{
    mk_err err = MK_OK;
    if (!is_old(w))
        err = w->events->damage(w->events->arg, &w->source, unit, text);
    w->source.n_damaged++;
    w->source.at.event++;
    return err;
}

/* The same of a stream that failed: where it was only cut off, what becomes of the rest. */
static mk_err stream_damaged(walk *w, uint64_t unit, const char *text)
{
    const mk_stream *const s = w->source.stream;
    const mk_reader *const reader = w->source.reader;
    mk_error more;

    if (!s->cut || (reader && reader->whole))
        return damaged(w, unit, text);
    mk_fail(&more, MK_DAMAGED, "%s; %s", text,
            w->options->limits.salvage ? "records before the cut are kept"
                                       : "--salvage keeps records before the cut");
    return damaged(w, unit, more.text);
}

static mk_err tell_record(walk *w, const mk_record *record, const char *reason)
{
    mk_position *const at = &w->source.at;
    mk_err err = MK_OK;
    at->place = (mk_place){.unit = MK_NO_UNIT};
    if (at->source == 0 && at->event > 0 && w->source.reader->renumber) {
        at->place = record->place;
        at->number = record->number;
        at->n_damaged = w->source.n_damaged;
    }
    if (!is_old(w))
        err = w->events->record(w->events->arg, &w->source, record, reason);
    at->event++;
    return err;
}

/* Goes to where an earlier run was, if that is in this file and the file can be sought. */
static mk_err go_to_place(walk *w, void *state, bool *ret_gone)
{
    const mk_position *const from = w->from;
    mk_source *const s = &w->source;
    *ret_gone = false;
    if (!from || from->place.unit == MK_NO_UNIT || from->number == 0 || !s->reader->renumber ||
        s->at.file != from->file || s->at.source != 0 || from->source != 0)
        return MK_OK;
    const mk_err err = mk_stream_seek(s->stream, &from->place, w->reterr);
    if (err == MK_END)
        return MK_OK;
    s->reader->renumber(state, from->number);
    s->at.event = from->event;
    s->n_damaged = from->n_damaged;
    *ret_gone = err == MK_OK;
    return err;
}

/* Records of w->source until its end. MK_OK: go on with the next source. */
static mk_err read_records(walk *w, void *state)
{
    mk_record record = {0};
    bool gone;
    mk_err sought = go_to_place(w, state, &gone);
    uint64_t n = gone; /* what was read before, at least */
    if (sought != MK_OK)
        return sought;
    for (;;) {
        mk_error why;
        if (w->options->stop && *w->options->stop)
            return mk_fail(w->reterr, MK_STOPPED, "stopped by a signal");
        mk_err err = w->source.reader->next(state, &record, &why);
        if (err == MK_END) {
            if (n == 0 && !is_old(w)) {
                mk_error note;
                mk_fail(&note, MK_OK, "%s: no record in it", w->source.stream->name);
                w->events->note(w->events->arg, note.text);
            }
            return MK_OK;
        }
        if (err == MK_DAMAGED) {
            err = stream_damaged(w, record.unit, why.text);
            n++; /* there was something */
            if (err != MK_OK)
                return err;
            continue;
        }
        if (err != MK_OK && err != MK_RECORD)
            return mk_fail(w->reterr, err, "%s", why.text);
        n++;
        err = tell_record(w, &record, err == MK_RECORD ? why.text : NULL);
        w->ended = err == MK_END;
        if (err != MK_OK)
            return err;
    }
}

/* Picks a reader by the head. Where the stream is damaged before its first byte, by what
 * follows the damage, if there is a reader that can begin there. */
static mk_err pick_reader(walk *w)
{
    mk_stream *const s = w->source.stream;
    mk_error why;
    mk_str head;
    for (;;) {
        mk_err err = mk_stream_peek(s, MK_OPENER_HEAD, &head, &why);
        if (err != MK_OK)
            return mk_fail(w->reterr, err, "%s", why.text);
        w->source.reader = mk_reader_pick(head);
        if (head.len > 0 && w->source.n_damaged > 0)
            return w->source.reader->anywhere ? MK_OK : MK_DAMAGED;
        if (head.len > 0) {
            err = mk_reader_choose(s, head, &w->source.reader, &why);
            if (err == MK_OK)
                return MK_OK;
            err = damaged(w, MK_NO_UNIT, why.text);
            return err != MK_OK ? err : MK_DAMAGED;
        }
        err = s->read(s, &head, &why);
        if (err == MK_END)
            return w->source.n_damaged == 0 ? MK_OK : MK_DAMAGED;
        if (err != MK_DAMAGED)
            return mk_fail(w->reterr, err, "%s", why.text);
        w->source.reader = NULL; /* nothing was read to tell */
        err = stream_damaged(w, s->unit, why.text);
        if (err != MK_OK || !mk_stream_resume(s))
            return err != MK_OK ? err : MK_DAMAGED;
    }
}

/* Options that ask what this source has not leave nothing out of it: said once, of the first. */
static void tell_idle(walk *w)
{
    const mk_reader *const reader = w->source.reader;
    const char *option;

    if (w->told_idle || reader == &mk_reader_warc || reader == &mk_reader_arc || is_old(w))
        return;
    for (size_t i = 0; (option = mk_select_of_crawls(w->read->select, i)); i++) {
        mk_error note;
        mk_fail(&note, MK_OK, "%s: no crawl file: %s leaves nothing out of it and its like%s",
                w->source.stream->name, option,
                strcmp(option, "--only-lang") == 0 ? " (--keep-lang asks the text)" : "");
        w->events->note(w->events->arg, note.text);
        w->told_idle = true;
    }
}

/* w->source.stream is open and decoded. */
static mk_err read_stream(walk *w)
{
    w->summary->n_sources += !was_begun(w);
    w->source.n_damaged = 0;
    mk_err err = pick_reader(w);
    if (err != MK_OK) /* MK_DAMAGED: it was told of */
        return err == MK_DAMAGED ? MK_OK : err;
    tell_idle(w);
    void *state = NULL;
    err = w->source.reader->open(w->source.stream, w->read, &state, w->reterr);
    if (err == MK_OK)
        err = read_records(w, state);
    w->source.reader->close(state);
    return err;
}

/* "archive!member" with the archive's portable name. */
static char *member_name(const char *archive, const char *path, const char *stream_name)
{
    const size_t n = strlen(path);
    const char *member = strncmp(stream_name, path, n) == 0 && stream_name[n] == '!'
                             ? stream_name + n + 1
                             : stream_name;
    char *name = NULL;
    return asprintf(&name, "%s!%s", archive, member) < 0 ? NULL : name;
}

/* What w->source.stream, a member, holds. */
static mk_err read_content(walk *w)
{
    mk_stream *const s = w->source.stream;
    mk_error why;
    mk_str head;
    const mk_err err = mk_stream_peek(s, MK_OPENER_HEAD, &head, &why);
    if (err != MK_OK)
        return mk_fail(w->reterr, err, "%s", why.text);
    if (!mk_archive_is(head))
        return read_stream(w);
    mk_fail(&why, MK_DAMAGED, "'%s' is an archive within an archive, which is not opened", s->name);
    return damaged(w, MK_NO_UNIT, why.text);
}

/* One member, or the damage that stands in its place. */
static mk_err read_member(walk *w, mk_stream *member, const char *path)
{
    const char *archive_name = w->source.name;
    char *name = member_name(archive_name, path, member->name);
    if (!name)
        return mk_fail(w->reterr, MK_NOMEM, "out of memory");
    mk_stream *ahead = NULL;
    mk_err err = w->read->pool ? mk_ahead_open(member, false, w->read->pool, &ahead, w->reterr)
                               : MK_OK;
    w->source.name = name;
    w->source.stream = ahead ? ahead : member;
    if (err == MK_OK)
        err = read_content(w);
    w->source.name = archive_name;
    w->source.stream = NULL;
    mk_stream_close(ahead);
    free(name);
    return err;
}

/* n of its members are not read, and why. */
static void note_members(const walk *w, const char *path, const char *why, uint64_t n)
{
    mk_error note;

    if (n == 0)
        return;
    mk_fail(&note, MK_OK, "%s: members %s: %" PRIu64, path, why, n);
    w->events->note(w->events->arg, note.text);
}

/* Takes s, the archive's stream. names: which members are asked for; NULL: all. */
static mk_err read_archive(walk *w, mk_stream *s, const char *path, const mk_selection *names)
{
    mk_archive *archive = NULL;
    mk_error why;
    mk_err err = mk_archive_open(s, &archive, &why);
    if (err != MK_OK)
        return err == MK_DAMAGED ? damaged(w, 0, why.text)
                                 : mk_fail(w->reterr, err, "%s", why.text);
    mk_archive_select(archive, names);
    for (;;) {
        mk_stream *member = NULL;
        w->source.n_damaged = 0;
        w->source.at.source++;
        w->source.at.event = 0;
        err = mk_archive_next(archive, &member, &why);
        if (err == MK_OK)
            err = read_member(w, member, path);
        else if (err == MK_DAMAGED)
            err = damaged(w, mk_archive_unit(archive), why.text);
        else if (err != MK_END)
            mk_fail(w->reterr, err, "%s", why.text);
        if (err != MK_OK)
            break;
    }
    if (err == MK_END && !is_old(w)) {
        note_members(w, path, "that hold no documents, skipped", mk_archive_skipped(archive));
        note_members(w, path, "hidden, skipped", mk_archive_hidden(archive));
        note_members(w, path, "left out by --include and --exclude", mk_archive_left_out(archive));
    }
    mk_archive_close(archive);
    return err == MK_END ? MK_OK : err;
}

static mk_err read_file(walk *w, const mk_input *input, mk_opened *opened)
{
    mk_stream *const s = opened->stream;
    mk_str head;
    mk_err err = opened->err;
    w->source.name = input->name;
    w->source.stream = NULL;
    w->source.n_damaged = 0;
    const bool counted = w->from && w->source.at.file <= w->from->file;
    if (!counted)
        w->summary->bytes_in += input->size;
    if (err == MK_OK) /* again: it is held */
        err = mk_stream_peek(s, MK_OPENER_HEAD, &head, &opened->error);
    if (err == MK_OK && mk_archive_is(head))
        return read_archive(w, s, s->name, input->found ? NULL : &w->options->select);
    w->source.stream = s;
    if (err == MK_OK)
        err = read_stream(w);
    else if (err == MK_DAMAGED)
        err = damaged(w, s ? s->unit : 0, opened->error.text);
    else
        mk_fail(w->reterr, err, "%s", opened->error.text);
    if (s && input->size == 0)
        w->summary->bytes_in += s->stored; /* standard input */
    mk_stream_close(s);
    w->source.stream = NULL;
    return err;
}

/* ---- all inputs ---- */

/* An earlier run has told of a record that was not found: what it spoke of has gone, or
 * could not be read. */
static mk_err check_found(const walk *w, const mk_input *input)
{
    if (!w->from || w->source.at.file != w->from->file || compare(w->source.at, *w->from) > 0)
        return MK_OK;
    return mk_fail(w->reterr, MK_MISMATCH,
                   "cannot resume: '%s' cannot be read as far as it was before", input->name);
}

static void count_folder(void *arg, const char *text)
{
    walk *w = arg;
    w->source = (mk_source){.name = "", .at = {.file = UINT64_MAX}};
    damaged(w, 0, text);
}

static mk_err take_part(const mk_clean_options *options, const mk_source_events *events,
                        mk_inputs *inputs, mk_error *reterr)
{
    const size_t n = inputs->n;
    mk_error note;
    const mk_err err = mk_inputs_part(inputs, options->part, options->n_parts, reterr);

    if (err != MK_OK)
        return err;
    mk_fail(&note, MK_OK, "shard %" PRIu64 "/%" PRIu64 ": %zu of %zu inputs", options->part,
            options->n_parts, inputs->n, n);
    events->note(events->arg, note.text);
    return MK_OK;
}

/* Folders without a file, or without one that was asked for: nobody means that. */
static mk_err no_file(const mk_clean_options *options, mk_error *reterr)
{
    return options->n_inputs == 1
               ? mk_fail(reterr, MK_DAMAGED, "no input file in '%s'", options->inputs[0])
               : mk_fail(reterr, MK_DAMAGED, "no input file in %zu folders", options->n_inputs);
}

mk_err mk_source_list(const mk_clean_options *options, const mk_read_options *read,
                      const mk_source_events *events, mk_inputs *ret, mk_error *reterr)
{
    walk w = {.read = read, .events = events, .reterr = reterr};

    if (options->charset && !read->charset && strcmp(options->charset, "auto") != 0)
        return mk_fail(reterr, MK_OPTION, "unknown charset '%s'", options->charset);
    mk_err err = mk_inputs_list(options->inputs, options->n_inputs, &options->select, count_folder,
                                &w, ret, reterr);
    if (err == MK_OK && ret->n_skipped > 0) {
        mk_error note;
        mk_fail(&note, MK_OK, "%" PRIu64 " %s in folders skipped%s", ret->n_skipped,
                ret->n_skipped == 1 ? "link, hidden or special file"
                                    : "links, hidden and special files",
                ret->n_links > 0 ? " (--follow-links reads what links to files lead to)" : "");
        events->note(events->arg, note.text);
    }
    if (err == MK_OK && ret->n_left_out > 0) {
        mk_error note;
        mk_fail(&note, MK_OK, "files in folders left out by --include and --exclude: %" PRIu64,
                ret->n_left_out);
        events->note(events->arg, note.text);
    }
    if (err == MK_OK && ret->n_again > 0) {
        mk_error note;
        mk_fail(&note, MK_OK, "%zu of the inputs %s: '%s'", ret->n_again,
                ret->n_again == 1 ? "is the same file as another" : "are the same files as others",
                ret->items[ret->again].name);
        events->note(events->arg, note.text);
    }
    if (err == MK_OK && ret->n == 0 && options->n_inputs > 0 && ret->n_runs == 0 &&
        w.source.n_damaged == 0)
        err = no_file(options, reterr);
    return err == MK_OK && (options->part > 0 || options->n_parts > 0)
               ? take_part(options, events, ret, reterr)
               : err;
}

mk_err mk_source_walk(const mk_clean_options *options, const mk_inputs *inputs,
                      const mk_position *from, const mk_read_options *read,
                      const mk_source_events *events, mk_summary *summary, mk_error *reterr)
{
    walk w = {.options = options,
              .read = read,
              .events = events,
              .summary = summary,
              .from = from,
              .reterr = reterr};
    mk_opener *opener = NULL;
    size_t i = 0;

    for (; from && i < inputs->n && i < from->file; i++)
        w.source.stored_before += inputs->items[i].size;
    const mk_inputs rest = {.items = inputs->items + i, .n = inputs->n - i};
    mk_err err = mk_opener_open(&rest, &options->limits, options->stop, read->pool, &opener,
                                reterr);
    for (; i < inputs->n && err == MK_OK && !w.ended; i++) {
        mk_opened opened = mk_opener_next(opener);
        w.source.at = (mk_position){.file = i};
        err = read_file(&w, &inputs->items[i], &opened);
        if (err == MK_OK)
            err = check_found(&w, &inputs->items[i]);
        w.source.stored_before += inputs->items[i].size;
    }
    mk_opener_close(opener);
    return err == MK_END ? MK_OK : err;
}

mk_err mk_source_each(const mk_clean_options *options, const mk_read_options *read,
                      const mk_source_events *events, mk_summary *summary, uint64_t *ret_total,
                      mk_error *reterr)
{
    mk_inputs inputs = {0};
    mk_err err = mk_source_list(options, read, events, &inputs, reterr);

    *ret_total = 0;
    for (size_t i = 0; i < inputs.n; i++)
        *ret_total += inputs.items[i].size;
    if (err == MK_OK)
        err = mk_source_walk(options, &inputs, NULL, read, events, summary, reterr);
    mk_inputs_clear(&inputs);
    return err;
}

/* ---- documents ---- */

/* The name without the endings that say how it is stored. */
static mk_str stem_of(mk_str name)
{
    static const char *const endings[] = {".gz",   ".zst",  ".xz",  ".bz2",  ".txt",
                                          ".text", ".html", ".htm", ".xhtml"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        const mk_str end = mk_str_of(endings[i]);
        if (name.len > end.len && memcmp(name.ptr + name.len - end.len, end.ptr, end.len) == 0)
            name.len -= end.len;
    }
    return name;
}

mk_err mk_source_doc(const mk_source *source, const mk_record *record, const char *reason,
                     uint64_t seq, mk_arena *arena, mk_str *ret_bytes, mk_str *ret_where,
                     mk_doc *ret)
{
    const mk_str name = mk_str_of(source->name);
    *ret = (mk_doc){
        .seq = seq, .number = record->number, .offset = record->offset, .inner = record->inner};
    ret->source = mk_arena_str(arena, name);
    *ret_where = mk_arena_str(arena, mk_str_of(source->stream->name));
    const mk_str bytes = reason ? MK_STR("") : record->bytes;
    const mk_str copy = ret_bytes ? mk_arena_str(arena, bytes) : bytes;
    if (source->reader->whole) {
        ret->id = mk_arena_str(arena, stem_of(name));
    } else {
        char *const id = mk_arena_bytes(arena, name.len + 1 + MK_DIGITS);
        if (!id)
            return MK_NOMEM;
        memcpy(id, name.ptr, name.len);
        id[name.len] = ':';
        ret->id = (mk_str){id, name.len + 1 + mk_digits(record->number, id + name.len + 1)};
    }
    ret->members = MK_STR("{}");
    if (reason) {
        ret->verdict = MK_REJECTED;
        ret->reason = mk_arena_str(arena, mk_str_of(reason));
    }
    if (!ret->source.ptr || !ret->id.ptr || !ret_where->ptr || copy.len != bytes.len)
        return MK_NOMEM;
    if (ret_bytes)
        *ret_bytes = copy;
    return MK_OK;
}

void mk_source_show(const mk_source *source, mk_source_place *place, mk_progress *progress)
{
    mk_str name = mk_str_of(source->name);
    if (name.len >= sizeof(place->name))
        name.len = mk_utf8_valid(mk_str_sub(name, 0, sizeof(place->name) - 1));
    memcpy(place->name, name.ptr, name.len);
    place->name[name.len] = '\0';
    progress->source = place->name;
    progress->bytes_in = source->stored_before + source->stream->stored;
}
