/* fuzz_metadata.c: what people say of a release, as YAML or JSON. What is accepted is
 * written as JSON that says the same again; what is not has a message with the file. */
#include "fuzz.h"

#include <string.h>

#include "release/metadata.h"

static mk_err parse(mk_str text, mk_arena *arena, mk_metadata *ret)
{
    mk_error error = {.code = MK_OK};
    const mk_err err = mk_metadata_parse("in", text, arena, ret, &error);

    must(err == MK_OK || (err == MK_OPTION && strncmp(error.text, "in:", 3) == 0));
    return err;
}

static void check_texts(const mk_metadata *meta)
{
    must(meta->n_authors <= MK_META_ITEMS);
    for (unsigned k = 0; k < MK_META_N; k++) {
        must(meta->values[k].n <= MK_META_ITEMS);
        for (size_t i = 0; i < meta->values[k].n; i++)
            must(mk_utf8_valid(meta->values[k].items[i]) == meta->values[k].items[i].len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static mk_metadata meta; /* large */
    mk_arena *const arena = mk_arena_new();
    mk_buf once = {.max = MK_BUF_MAX}, twice = {.max = MK_BUF_MAX};

    must(arena != NULL);
    if (parse((mk_str){(const char *)data, size}, arena, &meta) == MK_OK) {
        check_texts(&meta);
        mk_metadata_put(&meta, &once);
        must(!once.failed && mk_utf8_valid(mk_buf_str(&once)) == once.len);
        must(parse(mk_buf_str(&once), arena, &meta) == MK_OK);
        mk_metadata_put(&meta, &twice);
        must(mk_str_eq(mk_buf_str(&once), mk_buf_str(&twice)));
    }
    mk_buf_clear(&once);
    mk_buf_clear(&twice);
    mk_arena_free(arena);
    return 0;
}
