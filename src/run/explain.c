/* explain.c: documents as the pipeline leaves them, one at a time. */
#include "base/need.h"
#include "doc/doc.h"
#include "chain/pipeline.h"
#include "read/source.h"

typedef struct explainer {
    const mk_chain *chain;
    const mk_clean_options *options;
    mk_read_options read;
    bool (*show)(void *arg, const mk_doc *doc);
    void *arg;
    mk_arena *arena;
    uint64_t seq;
    mk_error *reterr;
} explainer;

static mk_err take_record(void *arg, const mk_source *source, const mk_record *record,
                          const char *reason)
{
    explainer *e = arg;
    mk_str where;
    mk_doc doc;
    mk_arena_reset(e->arena);
    mk_err err = mk_source_doc(source, record, reason, e->seq++, e->arena, NULL, &where, &doc);
    if (err == MK_OK && doc.verdict != MK_REJECTED) {
        mk_error why;
        err = source->reader->parse(record->bytes, &e->read, e->arena, &doc, &why);
        if (err == MK_RECORD) {
            doc.verdict = MK_REJECTED;
            doc.reason = mk_str_of(why.text);
            return e->show(e->arg, &doc) ? MK_OK : MK_END;
        }
        if (err == MK_OK && doc.verdict == MK_SKIPPED)
            return MK_OK;
        if (err == MK_OK)
            err = mk_pipeline_run(e->chain, &doc, e->arena);
    }
    if (err != MK_OK)
        return mk_fail(e->reterr, err, "out of memory for a document");
    return e->show(e->arg, &doc) ? MK_OK : MK_END;
}

static void take_note(void *arg, const char *text)
{
    const explainer *e = arg;
    if (e->options->on_message)
        e->options->on_message(e->options->arg, text);
}

static mk_err take_damage(void *arg, const mk_source *source, uint64_t unit, const char *text)
{
    (void)source, (void)unit;
    explainer *e = arg;
    return mk_fail(e->reterr, MK_DAMAGED, "%s", text);
}

mk_err mk_explain(const mk_chain *chain, const mk_clean_options *options,
                  bool (*show)(void *arg, const mk_doc *doc), void *arg, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    mk_summary summary = {0};
    uint64_t total = 0;
    explainer e = {.chain = chain,
                   .options = options,
                   .show = show,
                   .arg = arg,
                   .reterr = reterr ? reterr : &local};
    const mk_source_events events = {take_record, take_damage, take_note, &e};
    const mk_need needs[] = {{"inputs", options->inputs, options->n_inputs}};
    mk_err err = mk_need_all(needs, 1, e.reterr);
    e.arena = err == MK_OK ? mk_arena_new() : NULL;
    if (err == MK_OK && !e.arena)
        err = mk_fail(e.reterr, MK_NOMEM, "out of memory");
    if (err == MK_OK)
        err = mk_source_options(options, &e.read, e.reterr);
    if (err == MK_OK)
        err = mk_source_each(options, &e.read, &events, &summary, &total, e.reterr);
    mk_source_options_clear(&e.read);
    mk_arena_free(e.arena);
    return err;
}
