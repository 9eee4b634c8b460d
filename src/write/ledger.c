/* ledger.c: see ledger.h for the format. Cases: tests/write/test_ledger.c. */
#include "write/ledger.h"

#include <inttypes.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/json.h"

static const char *const verdicts[] = {"written", "filtered", "duplicate", "rejected", "skipped"};

/* ---- writing ---- */

typedef struct writer {
    const mk_doc *doc;
    const mk_filter *const *filters;
    mk_buf *out;
    uint64_t at; /* in the written text */
    bool any;    /* an edit was written */
} writer;

static void put_why(writer *w, const char *filter, const char *rule, mk_str evidence)
{
    mk_buf_puts(w->out, "{\"filter\":");
    mk_json_put(w->out, mk_str_of(filter));
    mk_buf_puts(w->out, ",\"rule\":");
    mk_json_put(w->out, mk_str_of(rule));
    mk_buf_puts(w->out, ",\"evidence\":");
    mk_json_put(w->out, evidence);
    mk_buf_putc(w->out, '}');
}

static void put_whys(writer *w, const mk_why *why)
{
    for (bool first = true; why; why = why->next, first = false) {
        if (!first)
            mk_buf_putc(w->out, ',');
        const mk_filter *filter = w->filters[why->step];
        put_why(w, filter->name, filter->rules[why->rule].name, why->evidence);
    }
}

static void put_edit(writer *w, uint64_t len, uint64_t src, uint64_t src_len, const mk_why *why)
{
    mk_buf_printf(w->out, "%s{\"at\":%" PRIu64 ",\"len\":%" PRIu64 ",\"src\":%" PRIu64 ",\"was\":",
                  w->any ? "," : "", w->at, len, src);
    mk_json_put(w->out, mk_str_sub(w->doc->raw, src, src + src_len));
    mk_buf_puts(w->out, ",\"why\":[");
    if (w->doc->verdict == MK_DUPLICATE && !why)
        put_why(w, "dedup", "exact", MK_STR("an earlier document has the same text"));
    put_whys(w, why);
    mk_buf_puts(w->out, "]}");
    w->any = true;
}

static bool is_written(const mk_doc *doc, const mk_line *line)
{
    return doc->verdict == MK_WRITTEN && !line->gone;
}

static size_t last_written(const mk_doc *doc)
{
    size_t i = doc->n_lines;
    while (i > 0 && !is_written(doc, &doc->lines[i - 1]))
        i--;
    return i; /* one past it */
}

/* Line breaks belong to the filter that ends every chain. */
static void put_break(writer *w, const mk_line *line, bool last, uint8_t lines_step)
{
    static const mk_str lf = {"\n", 1};
    const uint64_t src = line->src_offset + line->src_len;
    const mk_str was = mk_str_sub(w->doc->raw, src, src + line->break_len);
    const mk_why why = {.rule = last ? 2 : 1, .step = lines_step};
    if (last ? was.len > 0 : !mk_str_eq(was, lf))
        put_edit(w, last ? 0 : 1, src, was.len, &why);
    w->at += last ? 0 : 1;
}

static void put_edits(writer *w)
{
    const mk_doc *doc = w->doc;
    const size_t end = last_written(doc);
    size_t lines_step = 0; /* the chain's last */
    while (w->filters[lines_step + 1])
        lines_step++;
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        if (!is_written(doc, line)) {
            put_edit(w, 0, line->src_offset, (uint64_t)line->src_len + line->break_len,
                     line->gone ? line->gone : doc->gone);
            continue;
        }
        const uint64_t begin = w->at;
        for (uint32_t c = 0; c < line->n_changes; c++) {
            const mk_change *change = &line->changes[c];
            w->at = begin + change->at;
            put_edit(w, change->len, line->src_offset + change->src_at, change->src_len,
                     change->why);
        }
        w->at = begin + line->text.len;
        put_break(w, line, i + 1 == end, (uint8_t)lines_step);
    }
}

static void put_review(writer *w)
{
    if (!w->doc->review) {
        mk_buf_puts(w->out, ",\"review\":false");
        return;
    }
    mk_buf_puts(w->out, ",\"review\":true,\"review_why\":[");
    put_whys(w, w->doc->review);
    mk_buf_putc(w->out, ']');
}

/* The bytes that were decoded, or the mark, which no edit of the text can give back. */
static void put_stored(writer *w)
{
    const mk_str stored = w->doc->stored;

    if (w->doc->bom)
        mk_buf_puts(w->out, ",\"bom\":true");
    if (!stored.ptr)
        return;
    mk_buf_puts(w->out, ",\"stored\":\"");
    mk_base64_put(w->out, stored);
    mk_buf_printf(w->out, "\",\"stored_crc32\":\"%08" PRIx32 "\"", mk_crc32(stored));
}

void mk_ledger_put(const mk_doc *doc, const mk_filter *const *filters, mk_buf *out)
{
    mk_buf_printf(out, "{\"doc\":%" PRIu64 ",\"id\":", doc->seq);
    mk_json_put(out, doc->id);
    mk_buf_puts(out, ",\"source\":");
    mk_json_put(out, doc->source);
    mk_buf_printf(out, ",\"verdict\":\"%s\",\"reason\":", verdicts[doc->verdict]);
    mk_json_put(out, doc->reason);
    writer w = {.doc = doc, .filters = filters, .out = out};
    put_review(&w);
    mk_buf_printf(out, ",\"bytes\":%zu,\"crc32\":\"%08" PRIx32 "\"", doc->raw.len,
                  mk_crc32(doc->raw));
    put_stored(&w);
    mk_buf_puts(out, ",\"edits\":[");
    if (doc->verdict != MK_REJECTED && doc->verdict != MK_SKIPPED)
        put_edits(&w);
    mk_buf_puts(out, "]}\n");
}

/* ---- reading ---- */

static bool read_verdict(mk_json_value value, mk_verdict *ret)
{
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
        const size_t n = strlen(verdicts[i]);
        if (value.type == MK_JSON_STRING && value.raw.len == n + 2 &&
            memcmp(value.raw.ptr + 1, verdicts[i], n) == 0) {
            *ret = (mk_verdict)i;
            return true;
        }
    }
    return false;
}

static bool read_hex(mk_json_value value, uint32_t *ret)
{
    if (value.type != MK_JSON_STRING || value.raw.len != 10)
        return false;
    *ret = 0;
    for (size_t i = 1; i <= 8; i++) {
        const char c = value.raw.ptr[i];
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return false;
        *ret = *ret << 4 | (uint32_t)digit;
    }
    return true;
}

/* The bytes that a string in base64 stands for. */
static mk_err read_bytes(mk_json_value value, mk_arena *arena, mk_str *ret, mk_error *reterr)
{
    if (value.type != MK_JSON_STRING)
        return mk_fail(reterr, MK_RECORD, "not a string where a ledger has one");
    const mk_str text = mk_str_sub(value.raw, 1, value.raw.len - 1);
    char *const room = mk_arena_alloc(arena, text.len / 4 * 3 + 1);
    if (!room)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a ledger");
    if (!mk_base64_take(text, room, &ret->len))
        return mk_fail(reterr, MK_RECORD, "stored bytes of a ledger are not base64");
    ret->ptr = room;
    return MK_OK;
}

/* Reads a member that is a string into *ret. */
static mk_err read_text(mk_json_value value, mk_arena *arena, mk_str *ret, mk_error *reterr)
{
    if (value.type != MK_JSON_STRING)
        return mk_fail(reterr, MK_RECORD, "not a string where a ledger has one");
    return mk_json_text(value, arena, ret, reterr);
}

mk_err mk_ledger_parse(mk_str line, mk_arena *arena, mk_ledger_record *ret, mk_error *reterr)
{
    enum { ID = 1, VERDICT = 2, BYTES = 4, CRC = 8, EDITS = 16, ALL = 31 };
    enum { STORED = 32, STORED_CRC = 64, WITH_STORED = ALL | STORED | STORED_CRC };
    unsigned got = 0;
    mk_json_object it = mk_json_object_of(line);
    mk_json_member m;
    mk_err err;
    *ret = (mk_ledger_record){.source = {"", 0}, .reason = {"", 0}};
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        if (mk_json_is_key(&m, "id")) {
            err = read_text(m.value, arena, &ret->id, reterr);
            got |= ID;
        } else if (mk_json_is_key(&m, "source")) {
            err = read_text(m.value, arena, &ret->source, reterr);
        } else if (mk_json_is_key(&m, "reason")) {
            err = read_text(m.value, arena, &ret->reason, reterr);
        } else if (mk_json_is_key(&m, "review")) {
            ret->review = m.value.type == MK_JSON_TRUE;
        } else if (mk_json_is_key(&m, "review_why") && m.value.type == MK_JSON_ARRAY) {
            ret->reviews = m.value.raw;
        } else if (mk_json_is_key(&m, "verdict") && read_verdict(m.value, &ret->verdict)) {
            got |= VERDICT;
        } else if (mk_json_is_key(&m, "bytes") && mk_json_uint(m.value, &ret->bytes)) {
            got |= BYTES;
        } else if (mk_json_is_key(&m, "crc32") && read_hex(m.value, &ret->crc32)) {
            got |= CRC;
        } else if (mk_json_is_key(&m, "bom")) {
            ret->bom = m.value.type == MK_JSON_TRUE;
        } else if (mk_json_is_key(&m, "stored")) {
            err = read_bytes(m.value, arena, &ret->stored, reterr);
            got |= STORED;
        } else if (mk_json_is_key(&m, "stored_crc32") && read_hex(m.value, &ret->stored_crc32)) {
            got |= STORED_CRC;
        } else if (mk_json_is_key(&m, "edits") && m.value.type == MK_JSON_ARRAY) {
            ret->edits = m.value.raw;
            got |= EDITS;
        }
        if (err != MK_OK)
            return err;
    }
    if (err != MK_END)
        return err;
    if (got != ALL && got != WITH_STORED)
        return mk_fail(reterr, MK_RECORD, "not a line of a ledger");
    if (got == WITH_STORED && mk_crc32(ret->stored) != ret->stored_crc32)
        return mk_fail(reterr, MK_MISMATCH, "the stored bytes are not those that were read");
    return MK_OK;
}

bool mk_ledger_has_text(const mk_ledger_record *r)
{
    return r->verdict != MK_REJECTED && r->verdict != MK_SKIPPED &&
           (r->verdict == MK_WRITTEN || !mk_str_eq(r->reason, MK_STR(MK_LEDGER_TAKEN_DOWN)));
}

mk_json_array mk_ledger_edits(const mk_ledger_record *record)
{
    return mk_json_array_of(record->edits);
}

mk_json_array mk_ledger_reviews(const mk_ledger_record *record)
{
    return mk_json_array_of(record->reviews.ptr ? record->reviews : MK_STR("[]"));
}

mk_json_array mk_ledger_whys(const mk_ledger_edit *edit)
{
    return mk_json_array_of(edit->whys);
}

/* The next element, which must be an object. It is whole: its members need no second look. */
static mk_err next_object(mk_json_array *it, mk_json_object *ret, mk_error *reterr)
{
    mk_json_value value;
    const mk_err err = mk_json_array_next(it, &value, reterr);
    if (err != MK_OK)
        return err;
    if (value.type != MK_JSON_OBJECT)
        return mk_fail(reterr, MK_RECORD, "not an edit of a ledger");
    *ret = mk_json_object_of(value.raw);
    return MK_OK;
}

mk_err mk_ledger_edit_next(mk_json_array *it, mk_arena *arena, mk_ledger_edit *ret,
                           mk_error *reterr)
{
    unsigned got = 0;
    mk_json_object members;
    mk_json_member m;
    mk_err err = next_object(it, &members, reterr);
    if (err != MK_OK)
        return err;
    *ret = (mk_ledger_edit){.whys = {"[]", 2}};
    while (mk_json_object_next(&members, &m, reterr) == MK_OK) {
        if (mk_json_is_key(&m, "at"))
            got |= mk_json_uint(m.value, &ret->at) ? 1 : 0;
        else if (mk_json_is_key(&m, "len"))
            got |= mk_json_uint(m.value, &ret->len) ? 2 : 0;
        else if (mk_json_is_key(&m, "src"))
            got |= mk_json_uint(m.value, &ret->src) ? 4 : 0;
        else if (mk_json_is_key(&m, "was")) {
            err = read_text(m.value, arena, &ret->was, reterr);
            got |= 8;
        } else if (mk_json_is_key(&m, "why") && m.value.type == MK_JSON_ARRAY) {
            ret->whys = m.value.raw;
        }
        if (err != MK_OK)
            return err;
    }
    return got == 15 ? MK_OK : mk_fail(reterr, MK_RECORD, "not an edit of a ledger");
}

mk_err mk_ledger_why_next(mk_json_array *it, mk_arena *arena, mk_ledger_why *ret, mk_error *reterr)
{
    mk_json_object members;
    mk_json_member m;
    mk_err err = next_object(it, &members, reterr);
    if (err != MK_OK)
        return err;
    *ret = (mk_ledger_why){{"", 0}, {"", 0}, {"", 0}};
    while (mk_json_object_next(&members, &m, reterr) == MK_OK) {
        if (mk_json_is_key(&m, "filter"))
            err = read_text(m.value, arena, &ret->filter, reterr);
        else if (mk_json_is_key(&m, "rule"))
            err = read_text(m.value, arena, &ret->rule, reterr);
        else if (mk_json_is_key(&m, "evidence"))
            err = read_text(m.value, arena, &ret->evidence, reterr);
        if (err != MK_OK)
            return err;
    }
    return ret->filter.len > 0 ? MK_OK : mk_fail(reterr, MK_RECORD, "not an edit of a ledger");
}

mk_err mk_ledger_undo(mk_str written, const mk_ledger_record *record, mk_arena *arena, mk_buf *out,
                      mk_error *reterr)
{
    const size_t begin = out->len;
    uint64_t at = 0;
    mk_json_array it = mk_ledger_edits(record);
    mk_ledger_edit e;
    mk_err err;
    if (!written.ptr)
        written = (mk_str){"", 0};
    while ((err = mk_ledger_edit_next(&it, arena, &e, reterr)) == MK_OK) {
        if (out->failed)
            break;
        if (e.at < at || e.at > written.len || e.len > written.len - e.at ||
            out->len - begin + (e.at - at) != e.src)
            return mk_fail(reterr, MK_MISMATCH,
                           "the edit at byte %" PRIu64
                           " does not fit: the ledger is of another run, "
                           "or it or the text was changed",
                           e.at);
        mk_buf_put(out, mk_str_sub(written, at, e.at));
        mk_buf_put(out, e.was);
        at = e.at + e.len;
    }
    if (err != MK_END && err != MK_OK)
        return err;
    mk_buf_put(out, mk_str_sub(written, at, written.len));
    if (out->failed)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a text");
    const mk_str text = {out->ptr ? out->ptr + begin : "", out->len - begin};
    if (text.len != record->bytes || mk_crc32(text) != record->crc32)
        return mk_fail(reterr, MK_MISMATCH, "the text is not the one that was read");
    return MK_OK;
}

mk_str mk_rule_name(mk_str filter, mk_str rule, mk_arena *arena)
{
    char *const name = mk_arena_bytes(arena, filter.len + rule.len + 1);
    if (!name)
        return (mk_str){0};
    if (filter.len > 0)
        memcpy(name, filter.ptr, filter.len);
    name[filter.len] = '/';
    if (rule.len > 0)
        memcpy(name + filter.len + 1, rule.ptr, rule.len);
    return (mk_str){name, filter.len + rule.len + 1};
}
