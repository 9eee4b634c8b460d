/* beside.c: see beside.h. All of it is done on the thread that writes, in the order of the
 * documents. Cases: tests/release/test_release.c, fixtures/cli/pack_ledger, takedown_ledger. */
#include "release/beside.h"

#include <stdio.h>
#include <stdlib.h>

#include "release/beside_private.h"
#include "release/report_page.h"

enum {
    SAMPLES = 10, /* of each rule in the report */
    SITES = 200   /* rows of its table */
};

mk_err mk_beside_no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

/* ---- life ---- */

static mk_err make_folders(const mk_beside_options *o, mk_error *reterr)
{
    mk_err err = MK_OK;

    if (o->stage && o->ledger)
        err = mk_stage_mkdir(o->stage, "ledger", reterr);
    if (err == MK_OK && o->stage && o->attributes)
        err = mk_stage_mkdir(o->stage, "attributes", reterr);
    if (err == MK_OK && o->stage && o->attributes)
        err = mk_stage_mkdir(o->stage, MK_ATTRIBUTES_FOLDER, reterr);
    return err;
}

mk_err mk_beside_open(const mk_beside_options *options, mk_beside **ret, mk_error *reterr)
{
    mk_beside *const b = calloc(1, sizeof(*b));
    mk_err err;

    if (!b)
        return mk_beside_no_memory(reterr);
    b->o = *options;
    b->to.stage = options->stage;
    b->to.codec = options->codec;
    b->splits = calloc(options->splits->n, sizeof(*b->splits));
    b->arena = mk_arena_new();
    b->maker = mk_attributes_maker_new();
    err = b->splits && b->arena && b->maker
              ? mk_encoder_open(options->codec, 0, &b->to.encoder, reterr)
              : mk_beside_no_memory(reterr);
    if (err == MK_OK && options->report)
        err = mk_report_count_open(0, SAMPLES, &b->report, reterr);
    if (err == MK_OK)
        err = make_folders(options, reterr);
    if (err == MK_OK)
        *ret = b;
    else
        mk_beside_close(b);
    return err;
}

void mk_beside_close(mk_beside *b)
{
    if (!b)
        return;
    for (size_t i = 0; b->splits && i < b->o.splits->n; i++) {
        mk_side_clear(&b->splits[i].ledger);
        mk_side_clear(&b->splits[i].attributes);
        mk_buf_clear(&b->splits[i].waiting);
    }
    free(b->splits);
    free(b->done);
    mk_buf_clear(&b->stub);
    mk_beside_close_lines(b);
    mk_pairs_close(b->pairs);
    mk_report_count_clear(&b->report);
    mk_attributes_maker_free(b->maker);
    mk_encoder_close(b->to.encoder);
    mk_arena_free(b->arena);
    free(b);
}

const uint64_t *mk_beside_counts(const mk_beside *b)
{
    return b->counts;
}

/* ---- documents ---- */

mk_err mk_beside_load(mk_beside *b, const mk_load *load, const char *name, uint64_t before,
                      mk_error *reterr)
{
    const mk_str content = mk_buf_str(&load->content);
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < load->n_docs; i++) {
        const mk_load_doc *const doc = &load->docs[i];
        if (b->pairs) {
            mk_pairs_feed(b->pairs, mk_str_sub(content, doc->at, doc->at + doc->len), name,
                          before + i + 1);
            err = mk_beside_records(b, doc, reterr);
        }
        if (err == MK_OK && b->lines.reader)
            err = mk_beside_take_line(b, load, doc, reterr);
    }
    return err;
}

/* ---- the end ---- */

mk_err mk_beside_list(mk_manifest *m, const char *name, const mk_file *file, mk_error *reterr)
{
    mk_file *const f = mk_manifest_file(m, &m->files, mk_str_of(name));

    if (!f)
        return mk_beside_no_memory(reterr);
    f->bytes = file->bytes;
    memcpy(f->sha256, file->sha256, sizeof(f->sha256));
    return MK_OK;
}

static mk_err put_report(mk_beside *b, mk_manifest *m, mk_str name, mk_error *reterr)
{
    char title[256] = MK_REPORT_TITLE;
    const mk_report_page page = {.title = title, .max_sites = SITES};
    mk_buf text = {.max = MK_BUF_MAX};
    mk_file file = {0};
    mk_checksum_run *digest = NULL;
    mk_err err;

    if (name.len > 0 && name.len < sizeof(title))
        snprintf(title, sizeof(title), "%.*s", (int)name.len, name.ptr);
    err = mk_report_page_put(&b->report, &page, &text) ? MK_OK : mk_beside_no_memory(reterr);
    if (err == MK_OK)
        err = mk_stage_file(b->o.stage, MK_REPORT_NAME, mk_buf_str(&text), reterr);
    if (err == MK_OK)
        err = mk_checksum_open(MK_SHA256, &digest, reterr);
    if (err == MK_OK) {
        mk_checksum_add(digest, mk_buf_str(&text));
        file.bytes = text.len;
        err = mk_checksum_end_hex(digest, file.sha256)
                  ? mk_beside_list(m, MK_REPORT_NAME, &file, reterr)
                  : mk_beside_no_memory(reterr);
    }
    mk_checksum_close(digest);
    mk_buf_clear(&text);
    return err;
}

mk_err mk_beside_finish(mk_beside *b, mk_manifest *m, mk_str name, mk_error *reterr)
{
    mk_err err = mk_beside_end_ledger(b, m, reterr);

    if (err == MK_OK)
        err = mk_beside_end_attributes(b, m, reterr);
    if (err == MK_OK && b->o.report)
        err = put_report(b, m, name, reterr);
    if (b->o.ledger)
        memcpy(m->ledger, b->counts, sizeof(m->ledger));
    return err;
}
