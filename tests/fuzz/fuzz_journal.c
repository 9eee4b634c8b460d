/* fuzz_journal.c: the journal of a run, line by line, and the checkpoints in it. What is
 * read must be written as it was read. */
#include "fuzz.h"
#include "outputs/checkpoint.h"
#include "outputs/journal.h"

static mk_err on_closed(void *arg, const mk_shard *shard)
{
    char name[MK_SHARD_NAME];
    mk_shard_id id;

    (void)arg;
    must(shard->bytes > 0 && mk_shard_parse(mk_shard_name(shard->id, name), &id));
    return MK_OK;
}

static mk_err on_input(void *arg, uint64_t number, const mk_input_counts *counts)
{
    (void)arg;
    (void)counts;
    return number < 1000 ? MK_OK : MK_MISMATCH;
}

static void check(mk_str line)
{
    const mk_news_reader news = {on_closed, on_input, NULL};
    mk_checkpoint mark = {.end = false}, again = {.end = false};
    mk_buf text = {.max = MK_BUF_MAX};

    if (mk_checkpoint_read(line, &news, &mark, NULL) != MK_OK)
        return;
    mk_buf_puts(&text, "{\"n\":1,\"prev\":\"\"");
    mk_checkpoint_put(&mark, &(mk_news){.n_closed = 0}, &text);
    mk_buf_putc(&text, '}');
    must(mk_checkpoint_read(mk_buf_str(&text), &news, &again, NULL) == MK_OK);
    must(mark.seq == again.seq && mark.unit == again.unit && mark.at.event == again.at.event);
    must(mark.summary.n_skips == again.summary.n_skips);
    mk_buf_clear(&text);
}

/* The journal in pieces, so that lines lie across them. */
typedef struct pieces {
    mk_str rest;
} pieces;

static mk_err read_piece(void *arg, mk_str *ret, mk_error *reterr)
{
    enum { PIECE = 100 };
    pieces *const p = arg;

    (void)reterr;
    *ret = mk_str_sub(p->rest, 0, p->rest.len < PIECE ? p->rest.len : PIECE);
    p->rest = mk_str_sub(p->rest, ret->len, p->rest.len);
    return ret->len > 0 ? MK_OK : MK_END;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pieces all = {{(const char *)data, size}};
    mk_journal_scan scan = {.read = read_piece, .arg = &all, .text.max = MK_BUF_MAX};
    mk_str line;

    while (mk_journal_next(&scan, &line, NULL) == MK_OK)
        must(line.len > 0 && line.len <= size);
    must(scan.size <= size);
    mk_journal_scan_clear(&scan);
    check((mk_str){(const char *)data, size});
    return 0;
}
