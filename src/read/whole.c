/* whole.c: a stream that is one record. Refuses what is longer than max_doc. An
 * empty stream has no record. */
#include "read/whole.h"

#include <stdlib.h>

#include "base/buf.h"

typedef struct whole {
    mk_stream *stream; /* lent */
    uint64_t max_doc;
    mk_buf text;
    bool done;
    mk_err end; /* what next has still to say after a record that was too long */
    mk_error error;
} whole;

mk_err mk_whole_open(mk_stream *s, const mk_read_options *options, void **ret, mk_error *reterr)
{
    whole *const t = calloc(1, sizeof(*t));

    if (!t)
        return mk_fail(reterr, MK_NOMEM, "out of memory while reading");
    t->stream = s;
    t->max_doc = options->max_doc;
    t->text.max = PTRDIFF_MAX - 1; /* max_doc is what bounds it */
    t->end = MK_END;
    *ret = t;
    return MK_OK;
}

/* Reads on to the end of a stream that is too long to keep. */
static mk_err drain(whole *t, mk_record *ret, mk_error *reterr)
{
    mk_str chunk;

    mk_buf_clear(&t->text);
    do {
        t->end = t->stream->read(t->stream, &chunk, &t->error);
        ret->verified = ret->verified && t->stream->verified;
        ret->unit = t->stream->unit;
    } while (t->end == MK_OK);
    ret->bytes = (mk_str){0};
    return mk_fail(reterr, MK_RECORD, "longer than %llu bytes (--max-doc)",
                   (unsigned long long)t->max_doc);
}

mk_err mk_whole_next(void *state, mk_record *ret, mk_error *reterr)
{
    whole *const t = state;
    mk_record record = {.number = 1, .verified = true};
    mk_str chunk;
    mk_err err;

    if (t->done) {
        err = t->end;
        t->end = MK_END;
        return err == MK_END ? MK_END : mk_fail(reterr, err, "%s", t->error.text);
    }
    t->done = true;
    while ((err = t->stream->read(t->stream, &chunk, reterr)) == MK_OK) {
        record.unit = t->stream->unit;
        record.verified = record.verified && t->stream->verified;
        if (chunk.len > t->max_doc - t->text.len) {
            err = drain(t, &record, reterr);
            *ret = record;
            return err;
        }
        mk_buf_put(&t->text, chunk);
        if (t->text.failed)
            return mk_fail(reterr, MK_NOMEM, "out of memory while reading");
    }
    if (err != MK_END || t->text.len == 0)
        return err;
    record.bytes = mk_buf_str(&t->text);
    *ret = record;
    return MK_OK;
}

void mk_whole_close(void *state)
{
    whole *const t = state;

    if (!t)
        return;
    mk_buf_clear(&t->text);
    free(t);
}
