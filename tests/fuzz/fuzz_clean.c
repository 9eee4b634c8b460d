/* fuzz_clean.c: the whole way of a document: charset, lines, all filters of a profile, the
 * written line, the ledger. The first byte says which profile. What is written is valid,
 * and with the ledger it gives back the text that was read. */
#include "fuzz.h"
#include "minkhal/minkhal.h"
#include "chain/pipeline.h"
#include "write/ledger.h"

enum { N_PROFILES = 3 };

static const char *const profiles[N_PROFILES] = {"web", "strict", "search"};
static mk_chain *chains[N_PROFILES];
static mk_batch batch;
static const mk_read_options options = {
    .text_field = {"text", 4}, .id_field = {"id", 2}, .max_doc = 1 << 20};

/* Leak checkers find what is reachable: the chains live as long as the process. */
static const mk_chain *chain_of(unsigned i)
{
    const mk_chain_options o = {.profile = profiles[i]};
    mk_error error;

    if (!chains[i])
        must(mk_chain_open(&o, &chains[i], &error) == MK_OK);
    return chains[i];
}

static void check_restored(const mk_item *item, mk_arena *arena)
{
    mk_doc doc = {.id = MK_STR("id"), .members = MK_STR("{}")};
    mk_doc read = doc;
    mk_buf text = {.max = MK_BUF_MAX};
    mk_ledger_record record;
    mk_error error;

    if (item->doc.verdict == MK_WRITTEN) {
        must(batch.out.len > 0 && batch.out.ptr[batch.out.len - 1] == '\n');
        must(mk_reader_jsonl.parse(mk_str_sub(mk_buf_str(&batch.out), 0, batch.out.len - 1),
                                   &options, arena, &doc, &error) == MK_OK);
        must(mk_utf8_valid(doc.raw) == doc.raw.len && doc.raw.len > 0);
    }
    must(batch.ledger.len > 0);
    must(mk_ledger_parse(mk_str_sub(mk_buf_str(&batch.ledger), 0, batch.ledger.len - 1), arena,
                         &record, &error) == MK_OK);
    must(record.verdict == item->doc.verdict);
    if (item->doc.verdict != MK_REJECTED) {
        must(item->reader->parse(item->bytes, &options, arena, &read, &error) == MK_OK);
        must(mk_ledger_undo(doc.raw, &record, arena, &text, &error) == MK_OK);
        must(mk_str_eq(mk_buf_str(&text), read.raw));
    }
    mk_buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mk_arena *const arena = mk_arena_new();
    mk_error error;

    if (size < 2 || !arena) {
        mk_arena_free(arena);
        return 0;
    }
    const mk_str bytes = {(const char *)data + 1, size - 1};
    batch = (mk_batch){.chain = chain_of(data[0] % N_PROFILES),
                       .schema = mk_schemas,
                       .read = &options,
                       .want_ledger = true,
                       .arena = arena,
                       .n_items = 1,
                       .max_line = MK_BATCH_LINE};
    must(mk_tallies_init(&batch.tallies, batch.chain, &error) == MK_OK);
    batch.items[0] = (mk_item){
        .reader = mk_reader_pick(bytes)->whole ? mk_reader_pick(bytes) : &mk_reader_text,
        .bytes = bytes,
        .where = MK_STR("in"),
        .doc = {.number = 1, .id = MK_STR("in"), .source = MK_STR("in"), .members = MK_STR("{}")}};
    mk_pipeline_work(&batch.job);
    must(batch.err == MK_OK);
    check_restored(&batch.items[0], arena);
    mk_tallies_clear(&batch.tallies);
    mk_buf_clear(&batch.out);
    mk_buf_clear(&batch.ledger);
    mk_arena_free(arena);
    return 0;
}
