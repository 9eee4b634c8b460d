/* cat.c: records as they are read, one at a time. */
#include "base/need.h"
#include "read/source.h"

typedef struct cat {
    const mk_clean_options *options;
    mk_read_options read;
    bool (*show)(void *arg, const mk_doc *doc);
    void *arg;
    mk_arena *arena;
    mk_summary *summary;
    mk_error *reterr;
} cat;

static mk_err take_record(void *arg, const mk_source *source, const mk_record *record,
                          const char *reason)
{
    cat *const c = arg;
    mk_str where;
    mk_doc doc;
    mk_error why;
    mk_arena_reset(c->arena);
    mk_err err = mk_source_doc(source, record, reason, c->summary->n_in++, c->arena, NULL, &where,
                               &doc);
    if (err == MK_OK && doc.verdict != MK_REJECTED)
        err = source->reader->parse(record->bytes, &c->read, c->arena, &doc, &why);
    if (err == MK_RECORD) {
        doc.verdict = MK_REJECTED;
        doc.reason = mk_str_of(why.text);
        doc.raw = (mk_str){"", 0};
    } else if (err != MK_OK) {
        return mk_fail(c->reterr, err, "out of memory for a record");
    }
    c->summary->n_rejected += doc.verdict == MK_REJECTED;
    c->summary->n_skipped += doc.verdict == MK_SKIPPED;
    return c->show(c->arg, &doc) ? MK_OK : MK_END;
}

static void take_note(void *arg, const char *text)
{
    const cat *const c = arg;
    if (c->options->on_message)
        c->options->on_message(c->options->arg, text);
}

static mk_err take_damage(void *arg, const mk_source *source, uint64_t unit, const char *text)
{
    cat *const c = arg;
    (void)unit;
    c->summary->n_damaged += source->n_damaged == 0;
    take_note(c, text);
    return MK_OK;
}

mk_err mk_cat(const mk_clean_options *options, bool (*show)(void *arg, const mk_doc *doc),
              void *arg, mk_summary *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    uint64_t total = 0;
    *ret = (mk_summary){0};
    cat c = {.options = options,
             .show = show,
             .arg = arg,
             .summary = ret,
             .reterr = reterr ? reterr : &local};
    const mk_source_events events = {take_record, take_damage, take_note, &c};
    const mk_need needs[] = {{"inputs", options->inputs, options->n_inputs}};
    mk_err err = mk_need_all(needs, 1, c.reterr);
    if (err == MK_OK)
        err = mk_source_options(options, &c.read, c.reterr);
    c.arena = err == MK_OK ? mk_arena_new() : NULL;
    if (err == MK_OK && !c.arena)
        err = mk_fail(reterr, MK_NOMEM, "out of memory");
    if (err == MK_OK)
        err = mk_source_each(options, &c.read, &events, ret, &total, c.reterr);
    mk_source_options_clear(&c.read);
    mk_arena_free(c.arena);
    return err;
}
