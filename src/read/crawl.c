/* crawl.c: from what a record says to a document or to why it is none. Pages that the
 * server did not answer with success are no documents unless they are asked for.
 *
 * A body that the crawler cut, and says so, is taken as far as it came; one that ends
 * too early without saying so is rejected. Cases: tests/read/test_read_warc.c. */
#include "read/crawl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "read/crawl_digest.h"
#include "read/html.h"
#include "read/http.h"
#include "read/plain.h"
#include "read/select.h"
#include "read/sniff.h"

/* A record on its way. */
typedef struct page {
    const mk_crawl *crawl;
    const mk_read_options *options;
    mk_arena *arena;
    mk_doc *doc;
    mk_error *reterr;
    mk_http http; /* status 0: no HTTP */
    mk_str type;  /* of the payload, in lower case; empty: not known */
    bool sniffed; /* by its bytes: nobody named it */
    mk_str charset;
    mk_str content_type; /* as it stands */
    mk_str payload;
} page;

static mk_err no_memory(const page *p)
{
    return mk_fail(p->reterr, MK_NOMEM, "out of memory for a record");
}

static mk_err skip(const page *p, const char *format, ...) MK_PRINTF(2, 3);

static mk_err skip(const page *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    p->doc->reason = mk_arena_vformat(p->arena, format, args);
    va_end(args);
    p->doc->verdict = MK_SKIPPED;
    return p->doc->reason.len > 0 ? MK_OK : no_memory(p);
}

/* True if a step has come to an end with the record. */
static bool is_done(const page *p, mk_err err)
{
    return err != MK_OK || p->doc->verdict == MK_SKIPPED;
}

/* ---- metadata ---- */

/* s with U+FFFD for each byte that is not UTF-8. */
static mk_str clean(const page *p, mk_str s)
{
    size_t len = 0;
    char *copy;

    if (s.len == 0)
        return (mk_str){"", 0};
    if (mk_utf8_valid(s) == s.len)
        return s;
    copy = s.len < SIZE_MAX / 4 ? mk_arena_bytes(p->arena, 3 * s.len + 1) : NULL;
    if (!copy)
        return (mk_str){"", 0};
    while (s.len > 0) {
        const size_t valid = mk_utf8_valid(s);
        memcpy(copy + len, s.ptr, valid);
        len += valid;
        if (valid < s.len)
            len += mk_utf8_put(copy + len, 0xFFFD);
        s = mk_str_sub(s, valid < s.len ? valid + 1 : valid, s.len);
    }
    return (mk_str){copy, len};
}

/* ,"key": in one go: there are some for each record. */
static void put_key(mk_buf *out, mk_str key)
{
    char *const to = mk_buf_room(out, key.len + 4);
    size_t n = 0;

    if (!to)
        return;
    if (out->len > 1)
        to[n++] = ',';
    to[n++] = '"';
    memcpy(to + n, key.ptr, key.len);
    n += key.len;
    to[n++] = '"';
    to[n++] = ':';
    out->len += n;
}

static void put_text(const page *p, mk_buf *out, mk_str key, mk_str value)
{
    if (value.len == 0)
        return;
    put_key(out, key);
    mk_json_put(out, clean(p, value));
}

static void put_number(mk_buf *out, mk_str key, uint64_t value)
{
    put_key(out, key);
    mk_buf_put_number(out, value);
}

/* Bytes that the members take at most: an escape has six. */
static size_t members_size(const page *p)
{
    enum { FIXED = 512 /* bytes: names, numbers, brackets */ };
    const size_t texts = p->crawl->kind.len + p->content_type.len + p->type.len +
                         p->crawl->languages.len + p->crawl->truncated.len + p->crawl->date.len;
    const size_t found = p->doc->members.len;

    return texts < SIZE_MAX / 16 && found < SIZE_MAX / 4 ? 6 * texts + found + FIXED : 0;
}

/* What a document has no place for: its `members`. Written to where they stay. */
static mk_err put_members(const page *p)
{
    const size_t size = members_size(p);
    char *const to = size > 0 ? mk_arena_bytes(p->arena, size) : NULL;
    mk_buf out = {.ptr = to, .size = size - 1, .max = size - 1}; /* the arena's: it cannot grow */

    if (!to)
        return no_memory(p);
    mk_buf_putc(&out, '{');
    put_text(p, &out, MK_STR("record_type"), p->crawl->kind);
    put_number(&out, MK_STR("offset"), p->doc->offset);
    if (p->doc->inner > 0)
        put_number(&out, MK_STR("offset_in_part"), p->doc->inner);
    if (p->http.status > 0)
        put_number(&out, MK_STR("http_status"), p->http.status);
    put_text(p, &out, MK_STR("content_type"), p->content_type);
    put_text(p, &out, MK_STR("sniffed_type"), p->sniffed ? p->type : (mk_str){"", 0});
    put_text(p, &out, MK_STR("languages"), p->crawl->languages);
    put_text(p, &out, MK_STR("truncated"), p->crawl->truncated);
    put_text(p, &out, MK_STR("crawled"), p->crawl->date);
    if (p->doc->members.len > 2) { /* what reading the payload found */
        mk_buf_putc(&out, ',');
        mk_buf_put(&out, mk_str_sub(p->doc->members, 1, p->doc->members.len - 1));
    }
    mk_buf_putc(&out, '}');
    if (out.failed)
        return no_memory(p);
    p->doc->members = mk_buf_str(&out);
    return MK_OK;
}

/* ---- digests ---- */

mk_err mk_crawl_check_digest(const mk_read_options *options, const char *name, mk_str field,
                             mk_str bytes, mk_str or, mk_error *reterr)
{
    bool known = false;

    if (!options->verify_digests || field.len == 0)
        return MK_OK;
    if (mk_crawl_digest_is(field, bytes, &known) ||
        (known && or.ptr != bytes.ptr && mk_crawl_digest_is(field, or, &known)))
        return MK_OK;
    if (!known)
        return mk_fail(reterr, MK_RECORD, "unknown kind of %s '%.*s'", name,
                       field.len < 20 ? (int)field.len : 20, field.ptr);
    return mk_fail(reterr, MK_RECORD, "%s mismatch", name);
}

static mk_err check_digest(const page *p, const char *name, mk_str field, mk_str bytes, mk_str or)
{
    return mk_crawl_check_digest(p->options, name, field, bytes, or, p->reterr);
}

/* ---- what is meant to be no document ---- */

static mk_err check_kind(const page *p)
{
    static const mk_str documents[] = {{"response", 8}, {"resource", 8}, {"conversion", 10}};
    static const mk_str others[] = {{"warcinfo", 8}, {"filedesc", 8}, {"request", 7},
                                    {"metadata", 8}, {"revisit", 7},  {"continuation", 12}};
    const mk_str kind = p->crawl->kind;

    for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++)
        if (mk_field_same(kind, documents[i]))
            return MK_OK;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (mk_field_same(kind, others[i]))
            return skip(p, "%s", others[i].ptr);
    return skip(p, "%s", "other kinds of record");
}

/* By what the record itself says. */
static mk_err check_selection(const page *p)
{
    const char *why = mk_select_url(p->options->select, p->crawl->url);

    if (!why)
        why = mk_select_languages(p->options->select, p->crawl->languages);
    return why ? skip(p, "%s", why) : MK_OK;
}

/* ---- the payload ---- */

static mk_err read_head(page *p)
{
    const mk_crawl *const c = p->crawl;
    mk_err err = MK_OK;

    p->payload = c->block;
    p->content_type = c->content_type;
    if (c->http) {
        err = mk_http_parse(c->block, p->arena, &p->http, p->reterr);
        if (err != MK_OK)
            return err;
        p->payload = p->http.body;
        p->content_type = mk_fields_get(&p->http.fields, MK_STR("Content-Type"));
    }
    if (p->content_type.len == 0)
        p->content_type = c->payload_type;
    err = mk_field_media(p->content_type, p->arena, &p->type, &p->charset);
    if (err == MK_OK && p->type.len == 0) /* "unk" */
        err = mk_field_media(c->payload_type, p->arena, &p->type, &p->charset);
    return err == MK_OK ? MK_OK : no_memory(p);
}

static mk_err check_type(const page *p)
{
    if (p->type.len == 0)
        return skip(p, "type not known");
    if (!mk_select_type(p->options->select, p->type))
        return skip(p, "type %.*s", (int)p->type.len, p->type.ptr);
    return MK_OK;
}

/* By what the server said. */
static mk_err check_head(const page *p)
{
    if (p->http.status > 0 && !mk_select_status(p->options->select, p->http.status))
        return skip(p, "status %u", p->http.status);
    if (p->type.len == 0) /* a body has bytes that tell it */
        return p->crawl->http ? MK_OK : skip(p, "type not known");
    return check_type(p);
}

static mk_err check_whole(const page *p)
{
    if (p->crawl->length > p->crawl->block.len)
        return mk_fail(p->reterr, MK_RECORD, "longer than %llu bytes (--max-doc)",
                       (unsigned long long)p->options->max_doc);
    if (p->crawl->segment.len > 0)
        return mk_fail(p->reterr, MK_RECORD, "a record in several segments");
    return MK_OK;
}

static mk_err check_cut(const page *p, bool cut, const char *what)
{
    return cut && p->crawl->truncated.len == 0
               ? mk_fail(p->reterr, MK_RECORD, "the %s body ends too early", what)
               : MK_OK;
}

/* Undoes what was done to the body on its way. */
static mk_err read_body(page *p)
{
    const mk_fields *const fields = &p->http.fields;
    const mk_str transfer = mk_fields_get(fields, MK_STR("Transfer-Encoding"));
    const mk_str coding = mk_fields_get(fields, MK_STR("Content-Encoding"));
    const mk_str stored = p->payload;
    bool cut = false;
    mk_err err = MK_OK;

    if (mk_field_same(transfer, MK_STR("chunked")))
        err = mk_chunked_undo(p->payload, p->arena, &p->payload, &cut, p->reterr);
    if (err == MK_OK) /* tools differ in what they take the digest of */
        err = check_digest(p, "WARC-Payload-Digest", p->crawl->payload_digest, stored, p->payload);
    if (err == MK_OK)
        err = check_cut(p, cut, "chunked");
    if (err == MK_OK)
        err = mk_coding_undo(coding, p->payload, p->options->max_doc, p->arena, &p->payload, &cut,
                             p->reterr);
    return err == MK_OK ? check_cut(p, cut, "compressed") : err;
}

/* ---- texts ---- */

static mk_err take_plain(page *p)
{
    if (p->options->charset)
        return mk_plain_take(p->payload, p->options->charset, p->arena, p->doc, p->reterr);
    return mk_plain_take_declared(p->payload, p->charset, p->arena, p->doc, p->reterr);
}

static mk_err take_html(page *p)
{
    const mk_html_limits limits = {.max_bytes = (size_t)p->options->max_doc};
    mk_html_page html;
    const mk_err err = mk_html_text(p->payload, p->charset, &limits, p->arena, &html, p->reterr);

    if (err != MK_OK)
        return err;
    return mk_html_fill(&html, p->arena, p->doc, p->reterr);
}

static const struct {
    mk_str type;
    mk_err (*take)(page *p);
} texts[] = {
    {{"text/plain", 10}, take_plain},
    {{"text/html", 9}, take_html},
    {{"application/xhtml+xml", 21}, take_html},
};

/* What becomes of the type; NULL: nothing does. */
static mk_err (*find_taker(const page *p))(page *p)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (mk_str_eq(p->type, texts[i].type))
            return texts[i].take;
    return NULL;
}

static mk_err take_text(page *p)
{
    mk_err (*take)(page * p) = find_taker(p);
    mk_err err = MK_OK;

    if (!take && p->type.len > 0)
        return skip(p, "type %.*s", (int)p->type.len, p->type.ptr);
    err = check_whole(p);
    if (err == MK_OK)
        err = read_body(p);
    if (err == MK_OK && !take) {
        p->type = mk_sniff(p->payload);
        p->sniffed = true;
        take = find_taker(p);
        err = check_type(p);
        if (is_done(p, err))
            return err;
        if (!take)
            return skip(p, "type %.*s", (int)p->type.len, p->type.ptr);
    }
    return err == MK_OK ? take(p) : err;
}

/* ---- the whole ---- */

static mk_err read_record(page *p)
{
    const mk_crawl *const c = p->crawl;
    const bool whole = c->length <= c->block.len;
    mk_err err = whole ? check_digest(p, "WARC-Block-Digest", c->block_digest, c->block, c->block)
                       : MK_OK;

    if (err == MK_OK)
        err = check_kind(p);
    if (!is_done(p, err))
        err = check_selection(p);
    if (is_done(p, err))
        return err;
    err = read_head(p);
    if (err == MK_OK)
        err = check_head(p);
    return is_done(p, err) ? err : take_text(p);
}

mk_err mk_crawl_parse(const mk_crawl *crawl, const mk_read_options *options, mk_arena *arena,
                      mk_doc *doc, mk_error *reterr)
{
    page p = {.crawl = crawl, .options = options, .arena = arena, .doc = doc, .reterr = reterr};
    mk_err err, members;

    doc->url = clean(&p, crawl->url);
    if (crawl->id.len > 0)
        doc->id = clean(&p, crawl->id);
    p.content_type = crawl->content_type;
    err = read_record(&p);
    members = err == MK_OK || err == MK_RECORD ? put_members(&p) : err;
    return members == MK_OK ? err : members;
}
