/* read_warc.c: WARC files of the versions 0.17 to 1.1 (ISO 28500), WET and WAT among
 * them: in records with a header of named fields. Lines may end in LF alone.
 *
 * Refuses other versions, two lengths in one header; see also sized.c and crawl.c. The
 * segments of a record (ISO 28500, 7) are put together where they follow one another;
 * else the first is rejected, the others are skipped by name.
 * Cases: tests/read/test_read_warc.c, tests/peers/crawl.py. */
#include "read/crawl.h"
#include "read/field.h"
#include "read/sized.h"

enum { BID = 100 };

/* ---- framing ---- */

/* "WARC/0.17", "WARC/1.0", "WARC/1.1" and a line break. */
static bool is_start(mk_str s)
{
    static const char magic[] = "WARC/";
    const size_t n = sizeof(magic) - 1;
    size_t i = n + 2;

    if (s.len < n + 4 || memcmp(s.ptr, magic, n) != 0 || s.ptr[n] < '0' || s.ptr[n] > '1' ||
        s.ptr[n + 1] != '.')
        return false;
    while (i < s.len && i < n + 5 && s.ptr[i] >= '0' && s.ptr[i] <= '9')
        i++;
    return i > n + 2 && i < s.len && (s.ptr[i] == '\r' || s.ptr[i] == '\n');
}

/* The length that a line gives; false if it gives none that is one. */
static bool read_length(mk_str line, size_t name, uint64_t *ret)
{
    return mk_field_number(mk_field_trim(mk_str_sub(line, name, line.len)), ret);
}

/* The line says that a record is the first of several segments. */
static bool is_first_segment(mk_str line)
{
    const mk_str name = MK_STR("WARC-Segment-Number:");

    return mk_field_same(mk_str_sub(line, 0, name.len), name) &&
           mk_str_eq(mk_field_trim(mk_str_sub(line, name.len, line.len)), MK_STR("1"));
}

/* On the main thread, so it looks at no more than where lines begin. */
static bool measure(mk_str s, mk_sized_header *ret)
{
    const mk_str name = MK_STR("Content-Length:"); /* in this case it is told soonest */
    uint64_t block = 0, n = 0;
    bool found = false, wrong = false;
    const char *lf;

    *ret = (mk_sized_header){0};
    for (size_t at = 0; at < s.len; at = (size_t)(lf - s.ptr) + 1) {
        lf = memchr(s.ptr + at, '\n', s.len - at);
        if (!lf)
            break;
        mk_str line = {s.ptr + at, (size_t)(lf - s.ptr) - at};
        line.len -= line.len > 0 && lf[-1] == '\r';
        if (line.len == 0) {
            ret->len = (size_t)(lf - s.ptr) + 1;
            ret->block = block;
            return found && !wrong;
        }
        if (line.len > 20 && (line.ptr[5] | 0x20) == 's') /* few fields have it there */
            ret->segmented = ret->segmented || is_first_segment(line);
        if ((line.ptr[0] | 0x20) != 'c' || line.len < name.len ||
            !mk_field_same(mk_str_sub(line, 0, name.len), name))
            continue;
        wrong = wrong || !read_length(line, name.len, &n) || (found && n != block);
        block = n;
        found = true;
    }
    return true;
}

/* The value of a field of the header that s begins with; empty: it has none. */
static mk_str get_field(mk_str s, mk_str name)
{
    size_t at = 0;
    mk_str line;

    while (mk_field_line(s, &at, &line) && line.len > 0)
        if (line.len > name.len && line.ptr[name.len] == ':' &&
            mk_field_same(mk_str_sub(line, 0, name.len), name))
            return mk_field_trim(mk_str_sub(line, name.len + 1, line.len));
    return (mk_str){"", 0};
}

static bool goes_on(mk_str first, mk_str s, uint64_t n, bool *ret_last)
{
    const mk_str id = get_field(first, MK_STR("WARC-Record-ID"));
    uint64_t number = 0;

    *ret_last = get_field(s, MK_STR("WARC-Segment-Total-Length")).len > 0;
    return id.len > 0 && mk_str_eq(get_field(s, MK_STR("WARC-Segment-Origin-ID")), id) &&
           mk_field_same(get_field(s, MK_STR("WARC-Type")), MK_STR("continuation")) &&
           mk_field_number(get_field(s, MK_STR("WARC-Segment-Number")), &number) && number == n;
}

static const mk_sized_kind kind = {
    .name = "WARC", .is_start = is_start, .measure = measure, .goes_on = goes_on, .n_breaks = 2};

static mk_err open_warc(mk_stream *s, const mk_read_options *options, void **ret, mk_error *reterr)
{
    return mk_sized_open(&kind, s, options, ret, reterr);
}

/* A file cut off in its first line, and one of another version, are no text. */
static int bid(mk_str head)
{
    const mk_str magic = MK_STR("WARC/");

    head = mk_sized_head(head);
    if (is_start(head))
        return BID;
    if (head.len < magic.len || memcmp(head.ptr, magic.ptr, magic.len) != 0)
        return 0;
    return head.len < 7 || (head.ptr[5] >= '0' && head.ptr[5] <= '9' && head.ptr[6] == '.') ? BID
                                                                                            : 0;
}

/* ---- a record ---- */

/* WARC before 1.1 puts URIs in angle brackets. */
static mk_str without_brackets(mk_str s)
{
    if (s.len >= 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>')
        return mk_str_sub(s, 1, s.len - 1);
    return s;
}

/* Some tools leave out the type of a response that begins as HTTP does. */
static bool is_http(const mk_crawl *c)
{
    const mk_str type = MK_STR("application/http"), version = MK_STR("HTTP/");

    if (c->content_type.len == 0)
        return mk_field_same(c->kind, MK_STR("response")) && c->block.len > version.len &&
               memcmp(c->block.ptr, version.ptr, version.len) == 0;
    return c->content_type.len >= type.len &&
           mk_field_same(mk_str_sub(c->content_type, 0, type.len), type);
}

/* What a document needs of the fields: the first of each name. */
static void take_fields(const mk_fields *fields, mk_crawl *ret, mk_str *ret_length)
{
    const struct {
        mk_str name;
        mk_str *value;
    } wanted[] = {
        {MK_STR("WARC-Type"), &ret->kind},
        {MK_STR("WARC-Target-URI"), &ret->url},
        {MK_STR("WARC-Date"), &ret->date},
        {MK_STR("WARC-Record-ID"), &ret->id},
        {MK_STR("Content-Type"), &ret->content_type},
        {MK_STR("WARC-Identified-Payload-Type"), &ret->payload_type},
        {MK_STR("WARC-Identified-Content-Language"), &ret->languages},
        {MK_STR("WARC-Truncated"), &ret->truncated},
        {MK_STR("WARC-Block-Digest"), &ret->block_digest},
        {MK_STR("WARC-Payload-Digest"), &ret->payload_digest},
        {MK_STR("WARC-Segment-Number"), &ret->segment},
        {MK_STR("Content-Length"), ret_length},
    };

    for (size_t i = 0; i < fields->n; i++) {
        const mk_field *const field = &fields->items[i];
        for (size_t k = 0; k < sizeof(wanted) / sizeof(*wanted); k++)
            if (field->name.len == wanted[k].name.len && !wanted[k].value->ptr &&
                mk_field_same(field->name, wanted[k].name)) {
                *wanted[k].value = field->value;
                break;
            }
    }
    ret->url = without_brackets(ret->url);
    ret->id = without_brackets(ret->id);
}

/* Puts the blocks of segments together: c->block is the first, and records behind it. */
static mk_err join_segments(mk_crawl *c, const mk_read_options *options, mk_arena *arena,
                            mk_error *reterr)
{
    mk_sized_header header = {.block = c->length};
    mk_str rest = c->block, digest = c->block_digest, total = {"", 0};
    char *const all = mk_arena_bytes(arena, rest.len);
    uint64_t length = 0;
    size_t n = 0;

    if (!all)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
    for (;;) {
        if (header.block > rest.len)
            return mk_fail(reterr, MK_RECORD, "a record in several segments");
        const mk_str block = mk_str_sub(rest, 0, (size_t)header.block);
        const mk_err err = mk_crawl_check_digest(options, "WARC-Block-Digest", digest, block, block,
                                                 reterr);
        if (err != MK_OK)
            return err;
        memcpy(all + n, block.ptr, block.len);
        n += block.len;
        rest = mk_str_sub(rest, block.len, rest.len);
        while (rest.len > 0 && (rest.ptr[0] == '\r' || rest.ptr[0] == '\n'))
            rest = mk_str_sub(rest, 1, rest.len);
        if (rest.len == 0)
            break;
        if (!measure(rest, &header) || header.len == 0)
            return mk_fail(reterr, MK_RECORD, "a record in several segments");
        digest = get_field(rest, MK_STR("WARC-Block-Digest"));
        total = get_field(rest, MK_STR("WARC-Segment-Total-Length"));
        rest = mk_str_sub(rest, header.len, rest.len);
    }
    if (!mk_field_number(total, &length) || length != n)
        return mk_fail(reterr, MK_RECORD,
                       "segments that are not as long as WARC-Segment-Total-Length");
    c->block = (mk_str){all, n};
    c->length = length;
    c->segment = c->block_digest = (mk_str){0};
    return MK_OK;
}

static mk_err parse(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                    mk_error *reterr)
{
    mk_crawl c = {0};
    mk_fields fields = {0};
    size_t head = 0;
    mk_str length = {0};

    if (mk_fields_parse(bytes, arena, &fields, &head) != MK_OK)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
    take_fields(&fields, &c, &length);
    if (head == 0 || !mk_field_number(length, &c.length))
        return mk_fail(reterr, MK_RECORD, "no WARC header");
    c.block = mk_str_sub(bytes, head, bytes.len);
    if (c.segment.len > 0 && c.block.len > c.length) {
        const mk_err err = join_segments(&c, options, arena, reterr);
        if (err != MK_OK)
            return err;
    }
    c.http = is_http(&c);
    return mk_crawl_parse(&c, options, arena, doc, reterr);
}

const mk_reader mk_reader_warc = {
    .name = "warc",
    .bid = bid,
    .open = open_warc,
    .next = mk_sized_next,
    .close = mk_sized_close,
    .renumber = mk_sized_renumber,
    .parse = parse,
    .anywhere = true,
};
