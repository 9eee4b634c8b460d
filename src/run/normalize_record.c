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

/* The document of a record, and how it is to be normalised. */
static mk_err read_record(mk_str record, const mk_norm_options *options, bool detect,
                          mk_arena *arena, mk_doc *ret, mk_norm_options *ret_how, mk_error *reterr)
{
    if (!arena)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
    const mk_err err = parse(record, arena, ret, reterr);
    *ret_how = *options;
    if (err == MK_OK && detect)
        ret_how->language = language_of(ret);
    return err;
}

static void put_record(mk_buf *out, mk_str id, mk_str text)
{
    mk_buf_puts(out, "{\"id\":");
    mk_json_put(out, id);
    mk_buf_puts(out, ",\"text\":");
    mk_json_put(out, text);
    mk_buf_putc(out, '}');
}

mk_err mk_norm_record(mk_normalizer *normalizer, const mk_norm_options *options, bool detect,
                      mk_str record, mk_scratch *scratch, mk_str *ret, mk_error *reterr)
{
    mk_buf out = {.ptr = scratch->ptr, .size = scratch->size, .max = MK_BUF_MAX};
    mk_doc doc = {.id = MK_STR("")};
    mk_norm_options how;
    mk_str text;
    mk_arena *const arena = mk_arena_new();
    mk_err err = read_record(record, options, detect, arena, &doc, &how, reterr);

    if (err == MK_OK) {
        err = mk_norm_text(normalizer, &how, doc.raw, &text);
        if (err != MK_OK)
            mk_fail(reterr, err, "text too long, or out of memory");
    }
    if (err == MK_OK) {
        put_record(&out, doc.id, text);
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

mk_err mk_norm_record_trace(mk_normalizer *normalizer, const mk_norm_options *options, bool detect,
                            mk_str record, mk_scratch *scratch, mk_norm_account *ret,
                            mk_error *reterr)
{
    mk_buf kept = {.ptr = scratch->ptr, .size = scratch->size, .max = MK_BUF_MAX};
    mk_doc doc = {.id = MK_STR("")};
    mk_norm_options how;
    mk_norm_account account;
    mk_arena *const arena = mk_arena_new();
    mk_err err = read_record(record, options, detect, arena, &doc, &how, reterr);

    if (err == MK_OK) { /* what the arena has outlives it */
        mk_buf_put(&kept, doc.id);
        mk_buf_put(&kept, doc.raw);
        if (kept.failed)
            err = mk_fail(reterr, MK_NOMEM, "out of memory for a record");
    }
    if (err == MK_OK) {
        account.id = (mk_str){kept.ptr, doc.id.len};
        account.source = (mk_str){kept.ptr + doc.id.len, doc.raw.len};
        err = mk_norm_trace(normalizer, &how, account.source, &account.text, &account.changes,
                            &account.n_changes);
        if (err != MK_OK)
            mk_fail(reterr, err, "text too long, or out of memory");
    }
    mk_arena_free(arena);
    scratch->ptr = kept.ptr;
    scratch->size = kept.size;
    if (err == MK_OK)
        *ret = account;
    return err;
}
