/* normalize_record.c: one JSONL record, its text normalised. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "minkhal/minkhal.h"
#include "read/reader.h"

static mk_language language_of(const mk_doc *doc)
{
    if (doc->lang.len > 0 && !mk_str_eq(doc->lang, MK_STR("und")))
        return mk_language_of_tag(doc->lang);
    return mk_language_detect(doc->raw);
}

static mk_err parse(mk_str record, mk_arena *arena, mk_doc *ret, mk_error *reterr)
{
    const mk_read_options options = {.max_doc = MK_NORM_MAX};

    return mk_reader_jsonl.parse(record, &options, arena, ret, reterr);
}

mk_err mk_norm_record(mk_normalizer *normalizer, const mk_norm_options *options, bool detect,
                      mk_str record, mk_scratch *scratch, mk_str *ret, mk_error *reterr)
{
    mk_buf out = {.ptr = scratch->ptr, .size = scratch->size, .max = MK_BUF_MAX};
    mk_norm_options how = *options;
    mk_doc doc = {.id = MK_STR("")};
    mk_str text;
    mk_arena *arena = mk_arena_new();

    if (!arena)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
    mk_err err = parse(record, arena, &doc, reterr);
    if (err == MK_OK) {
        how.language = detect ? language_of(&doc) : how.language;
        err = mk_norm_text(normalizer, &how, doc.raw, &text);
        if (err != MK_OK)
            mk_fail(reterr, err, "text too long, or out of memory");
    }
    if (err == MK_OK) {
        mk_buf_puts(&out, "{\"id\":");
        mk_json_put(&out, doc.id);
        mk_buf_puts(&out, ",\"text\":");
        mk_json_put(&out, text);
        mk_buf_putc(&out, '}');
        if (out.failed)
            err = mk_fail(reterr, MK_NOMEM, "out of memory for a record");
    }
    mk_arena_free(arena);
    scratch->ptr = out.ptr;
    scratch->size = out.size;
    if (err == MK_OK)
        *ret = mk_buf_str(&out);
    return err;
}
