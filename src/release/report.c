/* report.c: a run as a page for people. */
#include "base/need.h"
#include "minkhal/minkhal.h"
#include "minkhal/report.h"
#include "release/corpus.h"
#include "release/report_page.h"
#include "write/sink.h"
#include "write/apart.h"

static mk_err count_all(const mk_report_options *o, mk_report_count *count, mk_error *reterr)
{
    mk_corpus corpus = {0};
    mk_pairs *pairs = NULL;
    mk_arena *const scratch = mk_arena_new();
    mk_pair pair;
    mk_err err = scratch ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory for a report");
    if (err == MK_OK)
        err = mk_corpus_pairs_of(o->cleaned, o->ledger, o->stop, &corpus, &pairs, reterr);
    while (err == MK_OK && (err = mk_pairs_next(pairs, scratch, &pair, reterr)) == MK_OK) {
        err = mk_report_count_add(count, &pair, scratch, reterr);
        mk_arena_reset(scratch);
    }
    mk_pairs_close(pairs);
    mk_corpus_close(&corpus);
    mk_arena_free(scratch);
    return err == MK_END ? MK_OK : err;
}

static mk_err write_page(const mk_report_options *o, const mk_report_count *count, mk_error *reterr)
{
    const mk_report_page page = {.title = o->title ? o->title : MK_REPORT_TITLE,
                                 .max_sites = o->max_sites,
                                 .command = o->command};
    mk_buf text = {.max = MK_BUF_MAX};
    mk_sink *sink = NULL;
    mk_err err = mk_report_page_put(count, &page, &text)
                     ? MK_OK
                     : mk_fail(reterr, MK_NOMEM, "out of memory for a report");
    if (err == MK_OK)
        err = mk_sink_open(o->output, o->force, &sink, reterr);
    if (err == MK_OK)
        mk_sink_stop_by(sink, o->stop);
    if (err == MK_OK)
        err = mk_sink_write(sink, mk_buf_str(&text), reterr);
    if (err == MK_OK)
        err = mk_sink_commit(sink, reterr);
    mk_sink_close(sink);
    mk_buf_clear(&text);
    return err;
}

mk_err mk_report(const mk_report_options *o, uint64_t *ret_docs, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    reterr = reterr ? reterr : &local;
    mk_report_count count = {0};
    const char *const read[] = {o->cleaned, o->ledger};
    const mk_need needs[] = {{"cleaned", &o->cleaned, 1}, {"output", &o->output, 1}};
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), reterr);
    if (err == MK_OK)
        err = mk_apart(&o->output, 1, read, sizeof(read) / sizeof(*read), reterr);
    if (err == MK_OK)
        err = mk_report_count_open(o->seed, o->max_samples, &count, reterr);
    if (err == MK_OK)
        err = count_all(o, &count, reterr);
    if (err == MK_OK)
        err = write_page(o, &count, reterr);
    *ret_docs = count.docs;
    mk_report_count_clear(&count);
    return err;
}
