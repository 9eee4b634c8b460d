/* read_jsonl.c: JSON Lines: a record a line, each one JSON object.
 *
 * Refuses lines longer than max_doc, and what parse_jsonl.c refuses of a line. Lines
 * end in LF or CR LF; blank ones and a byte order mark before the first are passed
 * over. Cases: tests/read/test_read_jsonl.c. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "minkhal/minkhal.h"
#include "read/parse_jsonl.h"

enum {
    BID_SURE = 90,
    BID_BRACE = 40,       /* begins as JSON may, and as a text may */
    MARK_LEN = 3,         /* bytes of the byte order mark */
    EDGES = MARK_LEN + 1, /* bytes of a line beside its record: mark, CR */
};

static const char byte_order_mark[] = "\xEF\xBB\xBF";

/* ---- bid ---- */

static mk_str without_mark(mk_str s)
{
    if (s.len >= MARK_LEN && memcmp(s.ptr, byte_order_mark, MARK_LEN) == 0)
        return mk_str_sub(s, MARK_LEN, s.len);
    return s;
}

static bool is_json_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_blank(mk_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!is_json_space(s.ptr[i]))
            return false;
    }
    return true;
}

/* True if text is an object, or may become one when more bytes follow. */
static bool is_object(mk_str text, bool more)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member member;
    mk_err err;

    do {
        err = mk_json_object_next(&it, &member, NULL);
    } while (err == MK_OK);
    return err == MK_END || (more && it.at == text.len);
}

static int bid(mk_str head)
{
    mk_str s = without_mark(head);
    size_t from = 0;
    const char *end;

    while (from < s.len && is_json_space(s.ptr[from]))
        from++;
    if (from == s.len || s.ptr[from] != '{')
        return 0;
    s = mk_str_sub(s, from, s.len);
    end = memchr(s.ptr, '\n', s.len);
    if (end) {
        s.len = (size_t)(end - s.ptr);
    } else {
        /* The cut may have gone through a character. */
        const size_t n_valid = mk_utf8_valid(s);
        if (s.len - n_valid < 4)
            s.len = n_valid;
    }
    return is_object(s, !end) ? BID_SURE : BID_BRACE;
}

/* ---- next ---- */

typedef struct state {
    mk_stream *stream; /* the caller's */
    uint64_t max_doc;  /* bytes */
    const char *chunk; /* that the stream lends */
    mk_str rest;       /* of it */
    mk_buf carry;      /* the line's bytes from earlier chunks */
    uint64_t number;   /* of the line being read, from 1 */
    mk_place place;    /* of the line's first byte */
    uint64_t unit;     /* of the line's last byte so far */
    bool verified;     /* all of the line's bytes so far */
    bool begun;        /* the line has a byte */
    bool too_long;     /* its bytes are passed over */
    bool done;         /* the stream has no more */
} state;

static mk_err open_jsonl(mk_stream *s, const mk_read_options *options, void **ret, mk_error *reterr)
{
    state *const st = calloc(1, sizeof(*st));
    uint64_t max_doc = options->max_doc ? options->max_doc : MK_DEFAULT_MAX_DOC;

    if (!st)
        return mk_fail(reterr, MK_NOMEM, "out of memory to read %s", s->name);
    if (max_doc > SIZE_MAX / 2)
        max_doc = SIZE_MAX / 2; /* so that adding EDGES is safe */
    st->stream = s;
    st->max_doc = max_doc;
    st->carry.max = (size_t)max_doc + EDGES;
    *ret = st;
    return MK_OK;
}

static void close_jsonl(void *ptr)
{
    state *const st = ptr;

    if (!st)
        return;
    mk_buf_clear(&st->carry);
    free(st);
}

/* Adds the next n bytes of the chunk to the line. A line that cannot fit the
 * limit any more is let go of. */
static bool carry_bytes(state *st, size_t n)
{
    if (!st->too_long && n > st->carry.max - st->carry.len) {
        st->too_long = true;
        mk_buf_reset(&st->carry);
    }
    if (!st->too_long)
        mk_buf_put(&st->carry, mk_str_sub(st->rest, 0, n));
    return !st->carry.failed;
}

/* Counts bytes of the chunk at hand as the line's. */
static void touch_line(state *st)
{
    st->verified = (!st->begun || st->verified) && st->stream->verified;
    st->unit = st->stream->unit;
    if (!st->begun)
        st->place = mk_stream_place(st->stream, (size_t)(st->rest.ptr - st->chunk));
    st->begun = true;
}

/* The line, which is whole: at st->carry if it began in an earlier chunk, else
 * `piece`. MK_END: it is blank. */
static mk_err end_line(state *st, mk_str piece, bool has_break, mk_record *ret, mk_error *reterr)
{
    mk_str line = st->carry.len ? mk_buf_str(&st->carry) : piece;
    const bool too_long = st->too_long;

    st->too_long = st->begun = false;
    mk_buf_reset(&st->carry); /* the bytes stay till the next put */
    st->number++;
    if (!too_long) {
        if (st->number == 1)
            line = without_mark(line);
        if (has_break && line.len && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (is_blank(line))
            return MK_END;
    }
    *ret = (mk_record){
        .number = st->number, .unit = st->unit, .verified = st->verified, .place = st->place};
    if (too_long || line.len > st->max_doc)
        return mk_fail(reterr, MK_RECORD, "longer than %llu bytes (--max-doc)",
                       (unsigned long long)st->max_doc);
    ret->bytes = line;
    return MK_OK;
}

/* The next chunk that holds bytes. On failure the line begun is dropped. */
static mk_err read_chunk(state *st, mk_error *reterr)
{
    mk_err err = MK_END;

    while (!st->done) {
        err = st->stream->read(st->stream, &st->rest, reterr);
        st->chunk = st->rest.ptr;
        if (err == MK_OK && st->rest.len)
            return MK_OK;
        if (err != MK_OK) {
            st->done = true;
            st->rest = (mk_str){0};
        }
    }
    if (err != MK_END) {
        st->begun = st->too_long = false;
        mk_buf_reset(&st->carry);
    }
    return err;
}

static mk_err next(void *ptr, mk_record *ret, mk_error *reterr)
{
    state *const st = ptr;
    mk_err err;

    do {
        if (!st->rest.len) {
            err = read_chunk(st, reterr);
            if (err == MK_END && st->begun)
                return end_line(st, (mk_str){0}, false, ret, reterr);
            if (err == MK_DAMAGED)
                ret->unit = st->stream->unit;
            if (err != MK_OK)
                return err;
        }
        const char *const end = memchr(st->rest.ptr, '\n', st->rest.len);
        const size_t n = end ? (size_t)(end - st->rest.ptr) : st->rest.len;
        const bool in_pieces = st->begun || !end;
        const mk_str piece = mk_str_sub(st->rest, 0, n);
        touch_line(st);
        if (in_pieces && !carry_bytes(st, n))
            return mk_fail(reterr, MK_NOMEM, "out of memory for a line of %s", st->stream->name);
        st->rest = mk_str_sub(st->rest, end ? n + 1 : n, st->rest.len);
        err = end ? end_line(st, piece, true, ret, reterr) : MK_END;
    } while (err == MK_END);
    return err;
}

static void renumber(void *ptr, uint64_t number)
{
    ((state *)ptr)->number = number - 1;
}

const mk_reader mk_reader_jsonl = {
    .name = "jsonl",
    .bid = bid,
    .open = open_jsonl,
    .next = next,
    .close = close_jsonl,
    .renumber = renumber,
    .parse = mk_jsonl_parse,
};
