/* fuzz_ledger.c: a line of a ledger and, behind the first LF, the text that was written.
 * Whatever they are, to undo ends with the text whose digest the line has, or refuses. */
#include "fuzz.h"
#include "base/digest.h"
#include "write/ledger.h"

static void walk(const mk_ledger_record *record, mk_arena *arena)
{
    mk_json_array edits = mk_ledger_edits(record);
    mk_ledger_edit edit;
    mk_ledger_why why;
    mk_error error;
    mk_err err;

    while ((err = mk_ledger_edit_next(&edits, arena, &edit, &error)) == MK_OK) {
        mk_json_array whys = mk_ledger_whys(&edit);
        while ((err = mk_ledger_why_next(&whys, arena, &why, &error)) == MK_OK)
            must(mk_utf8_valid(why.rule) == why.rule.len);
        must(err == MK_END || err == MK_RECORD);
    }
    must(err == MK_END || err == MK_RECORD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const mk_str all = {(const char *)data, size};
    const char *const lf = size > 0 ? memchr(data, '\n', size) : NULL;
    const size_t n = lf ? (size_t)(lf - all.ptr) : size;
    const mk_str written = lf ? mk_str_sub(all, n + 1, size) : (mk_str){"", 0};
    mk_arena *const arena = mk_arena_new();
    mk_buf text = {.max = MK_BUF_MAX};
    mk_ledger_record record;
    mk_error error = {.code = MK_OK};

    must(arena != NULL);
    mk_err err = mk_ledger_parse(mk_str_sub(all, 0, n), arena, &record, &error);
    must(err == MK_OK || (err == MK_RECORD && error.text[0]));
    if (err == MK_OK) {
        walk(&record, arena);
        err = mk_ledger_undo(written, &record, arena, &text, &error);
        must(err == MK_OK || err == MK_MISMATCH || err == MK_RECORD);
        must(err != MK_OK || text.len == record.bytes);
        must(err != MK_OK || mk_crc32(mk_buf_str(&text)) == record.crc32);
    }
    mk_buf_clear(&text);
    mk_arena_free(arena);
    return 0;
}
