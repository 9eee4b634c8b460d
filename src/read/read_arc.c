/* read_arc.c: ARC files, version 1 (headers "1 0" and "1 1" of the Internet Archive's
 * format of 1996): a record is a line of URL, address, date, type and length, and a
 * block. Source: the Internet Archive's description of the ARC file format.
 *
 * Refuses version 2, whose lines have ten words. Lengths that are off by the line
 * break are usual and taken as they are. Cases: tests/read/test_read_arc.c. */
#include "read/crawl.h"
#include "read/field.h"
#include "read/sized.h"

enum { BID = 95 };

/* The words of a record's line. */
typedef struct arc_line {
    mk_str url, address, date, type;
    uint64_t length;
} arc_line;

/* Cuts the last word off s. */
static mk_str cut_word(mk_str *s)
{
    size_t at = s->len;

    while (at > 0 && s->ptr[at - 1] != ' ')
        at--;
    const mk_str word = mk_str_sub(*s, at, s->len);
    s->len = at > 0 ? at - 1 : 0;
    return word;
}

static bool is_date(mk_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len >= 12 && s.len <= 17; /* 14, and those that had a bug */
}

/* The scheme of a URL: letters, digits and - up to a colon. */
static size_t scheme_of(mk_str s)
{
    size_t n = 0;

    while (n < s.len && n < 32 &&
           ((s.ptr[n] >= 'a' && s.ptr[n] <= 'z') || (s.ptr[n] >= 'A' && s.ptr[n] <= 'Z') ||
            (s.ptr[n] >= '0' && s.ptr[n] <= '9') || s.ptr[n] == '-'))
        n++;
    return n < s.len && s.ptr[n] == ':' ? n : 0;
}

/* URLs may hold spaces: the words are counted from the end. */
static bool read_line(mk_str line, arc_line *ret)
{
    const mk_str length = cut_word(&line);

    ret->type = cut_word(&line);
    ret->date = cut_word(&line);
    ret->address = cut_word(&line);
    ret->url = line;
    return mk_field_number(length, &ret->length) && is_date(ret->date) && ret->type.len > 0 &&
           ret->address.len > 0 && scheme_of(ret->url) > 0;
}

/* ---- framing ---- */

static bool is_start(mk_str s)
{
    arc_line words;
    size_t at = 0;
    mk_str line;

    /* Most lines are none: look at the beginning before at the end. */
    return scheme_of(s) > 0 && mk_field_line(s, &at, &line) && s.ptr[at - 1] == '\n' &&
           read_line(line, &words);
}

static bool measure(mk_str s, mk_sized_header *ret)
{
    arc_line words = {0};
    size_t at = 0;
    mk_str line;

    *ret = (mk_sized_header){0};
    if (!memchr(s.ptr, '\n', s.len))
        return true;
    if (!mk_field_line(s, &at, &line) || !read_line(line, &words))
        return false;
    ret->len = at;
    ret->block = words.length;
    return true;
}

static const mk_sized_kind kind = {
    .name = "ARC", .is_start = is_start, .measure = measure, .n_breaks = 1, .loose = true};

static mk_err open_arc(mk_stream *s, const mk_read_options *options, void **ret, mk_error *reterr)
{
    return mk_sized_open(&kind, s, options, ret, reterr);
}

static int bid(mk_str head)
{
    const mk_str magic = MK_STR("filedesc:");

    head = mk_sized_head(head);
    return head.len > magic.len && memcmp(head.ptr, magic.ptr, magic.len) == 0 && is_start(head)
               ? BID
               : 0;
}

/* ---- a record ---- */

/* 20080430204825 as 2008-04-30T20:48:25Z; other lengths stay. */
static mk_str iso_date(mk_str s, mk_arena *arena)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    const size_t n = sizeof(form) - 1;
    char *const date = s.len == 14 ? mk_arena_bytes(arena, n) : NULL;
    size_t from = 0;

    if (!date)
        return s;
    for (size_t i = 0; i < n; i++)
        date[i] = form[i] == 'd' ? s.ptr[from++] : form[i];
    return (mk_str){date, n};
}

static mk_err parse(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                    mk_error *reterr)
{
    arc_line words = {0};
    mk_crawl c = {.kind = MK_STR("response")};
    size_t at = 0;
    mk_str line;

    if (!mk_field_line(bytes, &at, &line) || !read_line(line, &words))
        return mk_fail(reterr, MK_RECORD, "no ARC header");
    const mk_str scheme = mk_str_sub(words.url, 0, scheme_of(words.url));
    c.http = mk_field_same(scheme, MK_STR("http")) || mk_field_same(scheme, MK_STR("https"));
    if (mk_field_same(scheme, MK_STR("filedesc")))
        c.kind = MK_STR("filedesc");
    else if (!c.http)
        c.kind = MK_STR("resource");
    c.url = words.url;
    c.date = iso_date(words.date, arena);
    c.content_type = words.type;
    c.length = words.length;
    c.block = mk_str_sub(bytes, at, bytes.len);
    return mk_crawl_parse(&c, options, arena, doc, reterr);
}

const mk_reader mk_reader_arc = {
    .name = "arc",
    .bid = bid,
    .open = open_arc,
    .next = mk_sized_next,
    .close = mk_sized_close,
    .renumber = mk_sized_renumber,
    .parse = parse,
    .anywhere = true,
};
