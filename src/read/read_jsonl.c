/* read_jsonl.c: JSON Lines: a record a line, each one JSON object.
 *
 * Refuses lines longer than max_doc, lines that are not one valid object
 * (base/json.h), objects without a string of text, with an id that is neither a
 * string nor an integer, with a member twice. Lines end in LF or CR LF; blank
 * ones and a byte order mark before the first are passed over.
 *
 * Members that a document has no place for are kept byte for byte, so that our
 * own output read again gives the same members. Cases:
 * tests/read/test_read_jsonl.c. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "read/reader.h"
#include "read/select.h"

enum {
    BID_SURE = 90,
    BID_BRACE = 40,            /* begins as JSON may, and as a text may */
    MARK_LEN = 3,              /* bytes of the byte order mark */
    EDGES = MARK_LEN + 1,      /* bytes of a line beside its record: mark, CR */
    MAX_MEMBERS = 1 << 20,     /* of an object: bounds its table to 96 MiB */
    MAX_NAME = 200,            /* bytes of a name in a message */
    DEFAULT_MAX_DOC = 64 << 20 /* bytes: where the caller sets none */
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
    mk_str rest;       /* of the chunk that the stream lends */
    mk_buf carry;      /* the line's bytes from earlier chunks */
    uint64_t number;   /* of the line being read, from 1 */
    uint64_t unit;     /* of the line's last byte so far */
    bool verified;     /* all of the line's bytes so far */
    bool begun;        /* the line has a byte */
    bool too_long;     /* its bytes are passed over */
    bool done;         /* the stream has no more */
} state;

static mk_err open_jsonl(mk_stream *s, const mk_read_options *options, void **ret, mk_error *reterr)
{
    state *const st = calloc(1, sizeof(*st));
    uint64_t max_doc = options->max_doc ? options->max_doc : DEFAULT_MAX_DOC;

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
    *ret = (mk_record){.number = st->number, .unit = st->unit, .verified = st->verified};
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

/* ---- parse ---- */

/* A member of the record or of its metadata. */
typedef struct field {
    struct field *next;   /* in the order of the text */
    struct field *sorted; /* in the order of keys */
    mk_str key;           /* escapes resolved */
    mk_str raw_key;       /* as it stands, with quotes */
    mk_json_value value;
    bool taken; /* the document has it elsewhere than among its members */
} field;

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
}

/* s, or its beginning if that is enough for a message. */
static mk_str name_of(mk_str s)
{
    if (s.len > MAX_NAME)
        s.len = mk_utf8_valid(mk_str_sub(s, 0, MAX_NAME));
    return s;
}

/* The members of the object that text is, as a list; NULL if it has none. */
static mk_err list_fields(mk_str text, mk_arena *arena, field **ret, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member member;
    field *first = NULL, **last = &first;
    size_t n = 0;
    mk_err err;

    while ((err = mk_json_object_next(&it, &member, reterr)) == MK_OK) {
        field *const f = mk_arena_alloc(arena, sizeof(*f));
        if (!f)
            return no_memory(reterr);
        if (n++ == MAX_MEMBERS)
            return mk_fail(reterr, MK_RECORD, "more than %d members", MAX_MEMBERS);
        f->raw_key = member.key.raw;
        f->value = member.value;
        err = mk_json_text(member.key, arena, &f->key, reterr);
        if (err != MK_OK)
            return err;
        *last = f;
        last = &f->next;
    }
    if (err != MK_END)
        return err;
    *ret = first;
    return MK_OK;
}

/* Any total order will do: it only brings equal keys together. */
static bool is_before(mk_str a, mk_str b)
{
    if (a.len != b.len)
        return a.len < b.len;
    return a.len && memcmp(a.ptr, b.ptr, a.len) < 0;
}

static field *merge(field *a, field *b)
{
    field *first = NULL, **last = &first;

    while (a && b) {
        field **const from = is_before(b->key, a->key) ? &b : &a;
        *last = *from;
        *from = (*from)->sorted;
        last = &(*last)->sorted;
    }
    *last = a ? a : b;
    return first;
}

enum { MAX_RUNS = 32 /* more than the bits of a number of members */ };

/* Sorts the members of list that are not taken into runs, of which runs[i] has
 * 2^i members or none. */
static void sort_into(field *runs[MAX_RUNS], field *list)
{
    for (field *f = list; f; f = f->next) {
        field *run = f;
        size_t i;
        if (f->taken)
            continue;
        f->sorted = NULL;
        for (i = 0; runs[i]; i++) {
            run = merge(runs[i], run);
            runs[i] = NULL;
        }
        runs[i] = run;
    }
}

/* A member, not taken, whose key another one in either list has too; NULL if
 * there is none. By sorting, because hashes of keys can be made to collide. */
static const field *find_twin(field *list, field *other)
{
    field *runs[MAX_RUNS] = {NULL}, *all = NULL;

    sort_into(runs, list);
    sort_into(runs, other);
    for (size_t i = 0; i < MAX_RUNS; i++)
        all = merge(runs[i], all);
    for (; all && all->sorted; all = all->sorted) {
        if (mk_str_eq(all->key, all->sorted->key))
            return all;
    }
    return NULL;
}

static mk_err take_text(mk_json_value value, mk_str name, mk_arena *arena, mk_str *ret,
                        mk_error *reterr)
{
    name = name_of(name);
    if (value.type != MK_JSON_STRING)
        return mk_fail(reterr, MK_RECORD, "member '%.*s' is not a string", (int)name.len, name.ptr);
    return mk_json_text(value, arena, ret, reterr);
}

static bool is_integer(mk_json_value value)
{
    return value.type == MK_JSON_NUMBER && !memchr(value.raw.ptr, '.', value.raw.len) &&
           !memchr(value.raw.ptr, 'e', value.raw.len) && !memchr(value.raw.ptr, 'E', value.raw.len);
}

/* An id of null or of no characters is none: the default stays. */
static mk_err take_id(mk_json_value value, mk_str name, mk_arena *arena, mk_str *ret,
                      mk_error *reterr)
{
    mk_str id = value.raw;
    mk_err err;

    if (value.type == MK_JSON_NULL)
        return MK_OK;
    name = name_of(name);
    if (value.type != MK_JSON_STRING && !is_integer(value))
        return mk_fail(reterr, MK_RECORD, "member '%.*s' is neither a string nor an integer",
                       (int)name.len, name.ptr);
    if (value.type == MK_JSON_STRING) {
        err = mk_json_text(value, arena, &id, reterr);
        if (err != MK_OK)
            return err;
    }
    if (id.len)
        *ret = id;
    return MK_OK;
}

/* Where the document has a place for f; NULL if it has none. */
static mk_str *place_of(mk_doc *doc, mk_str key)
{
    static const struct {
        mk_str key;
        size_t offset;
    } places[] = {
        {{"url", 3}, offsetof(mk_doc, url)},       {{"title", 5}, offsetof(mk_doc, title)},
        {{"date", 4}, offsetof(mk_doc, date)},     {{"lang", 4}, offsetof(mk_doc, lang)},
        {{"source", 6}, offsetof(mk_doc, source)},
    };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (mk_str_eq(places[i].key, key))
            return (mk_str *)((char *)doc + places[i].offset);
    }
    return NULL;
}

/* Moves f into the document if it belongs there. What is null is absent. A
 * string that has no text (half of a pair in it, as where a title was cut) and
 * a value of another type stay members: they are no reason to lose the text. */
static mk_err take_known(field *f, mk_arena *arena, mk_doc *doc)
{
    mk_str *const place = place_of(doc, f->key);
    mk_str text = {0};
    mk_err err;

    if (!place && !mk_str_eq(f->key, MK_STR("metadata")))
        return MK_OK;
    f->taken = f->value.type == MK_JSON_NULL;
    if (!place || f->value.type != MK_JSON_STRING)
        return MK_OK;
    err = mk_json_text(f->value, arena, &text, NULL);
    if (err == MK_RECORD)
        return MK_OK;
    if (err == MK_OK && text.len)
        *place = text;
    f->taken = err == MK_OK;
    return err;
}

/* The members of the record's metadata: an object, or a string with the text of
 * one, as our output has it. *ret_object is false if it is something else. */
static mk_err list_metadata(mk_json_value value, mk_arena *arena, field **ret, bool *ret_object)
{
    mk_str text = value.raw;
    mk_err err = MK_OK;

    if (value.type == MK_JSON_STRING)
        err = mk_json_text(value, arena, &text, NULL);
    if (err == MK_OK)
        err = list_fields(text, arena, ret, NULL);
    *ret_object = err == MK_OK;
    return err == MK_RECORD ? MK_OK : err;
}

static size_t size_of(const field *list)
{
    size_t size = 0;

    for (; list; list = list->next)
        size += list->taken ? 0 : list->raw_key.len + list->value.raw.len + 2;
    return size;
}

/* Copies the members of list that are not taken to `to`, a comma after each.
 * Returns where the next goes. */
static char *copy_members(char *to, const field *list)
{
    for (; list; list = list->next) {
        if (list->taken)
            continue;
        memcpy(to, list->raw_key.ptr, list->raw_key.len);
        to += list->raw_key.len;
        *to++ = ':';
        memcpy(to, list->value.raw.ptr, list->value.raw.len);
        to += list->value.raw.len;
        *to++ = ',';
    }
    return to;
}

/* All members that are not taken, those of the metadata first, as one object.
 * Metadata that shares a key with the others, or with itself, stays whole. */
static mk_err join_members(field *all, mk_arena *arena, mk_str *ret)
{
    field *inner = NULL;
    bool spread = false;
    mk_err err;

    for (field *f = all; f; f = f->next) {
        if (f->taken || !mk_str_eq(f->key, MK_STR("metadata")))
            continue;
        err = list_metadata(f->value, arena, &inner, &spread);
        if (err != MK_OK)
            return err;
        f->taken = spread;
        if (spread && find_twin(inner, all)) {
            f->taken = false;
            inner = NULL;
        }
    }
    const size_t size = size_of(inner) + size_of(all);
    if (size == 0) {
        *ret = MK_STR("{}");
        return MK_OK;
    }
    char *const text = mk_arena_bytes(arena, size + 1);
    if (!text)
        return MK_NOMEM;
    text[0] = '{';
    copy_members(copy_members(text + 1, inner), all);
    text[size] = '}'; /* instead of the last comma */
    *ret = (mk_str){text, size + 1};
    return MK_OK;
}

static mk_err parse(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                    mk_error *reterr)
{
    const mk_str text_name = options->text_field.len ? options->text_field : MK_STR("text");
    const mk_str id_name = options->id_field.len ? options->id_field : MK_STR("id");
    mk_doc found = *doc;
    field *all = NULL;
    const field *twin;
    bool has_text = false;
    mk_err err = list_fields(bytes, arena, &all, reterr);

    if (err != MK_OK)
        return err;
    twin = find_twin(all, NULL);
    if (twin) {
        const mk_str raw = twin->raw_key; /* its escapes stand: no C0 */
        const mk_str name = name_of(mk_str_sub(raw, 1, raw.len - 1));
        return mk_fail(reterr, MK_RECORD, "member '%.*s' twice", (int)name.len, name.ptr);
    }
    for (field *f = all; f; f = f->next) {
        if (mk_str_eq(f->key, text_name)) {
            err = take_text(f->value, text_name, arena, &found.raw, reterr);
            has_text = f->taken = true;
        } else if (mk_str_eq(f->key, id_name)) {
            err = take_id(f->value, id_name, arena, &found.id, reterr);
            f->taken = true;
        } else {
            err = take_known(f, arena, &found);
        }
        if (err != MK_OK)
            return err == MK_NOMEM ? no_memory(reterr) : err;
    }
    if (!has_text) {
        const mk_str name = name_of(text_name);
        return mk_fail(reterr, MK_RECORD, "no member '%.*s'", (int)name.len, name.ptr);
    }
    if (join_members(all, arena, &found.members) != MK_OK)
        return no_memory(reterr);
    const char *const why = mk_select_url(options->select, found.url);
    if (why) {
        found.verdict = MK_SKIPPED;
        found.reason = mk_str_of(why);
        found.raw = (mk_str){"", 0};
    }
    *doc = found;
    return MK_OK;
}

const mk_reader mk_reader_jsonl = {
    .name = "jsonl",
    .bid = bid,
    .open = open_jsonl,
    .next = next,
    .close = close_jsonl,
    .parse = parse,
};
