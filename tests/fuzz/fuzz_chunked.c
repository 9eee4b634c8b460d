/* fuzz_chunked.c: a body in chunks; and one that is chunked here must come out whole. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "read/http.h"

/* data in chunks of at most `step` bytes comes back. */
static void round_trip(mk_str data, size_t step, mk_arena *arena)
{
    mk_buf out = {.max = MK_BUF_MAX};
    mk_str back = {0};
    bool cut = true;

    for (size_t at = 0; at < data.len; at += step) {
        const size_t n = data.len - at < step ? data.len - at : step;
        mk_buf_printf(&out, "%zx\r\n", n);
        mk_buf_put(&out, mk_str_sub(data, at, at + n));
        mk_buf_puts(&out, "\r\n");
    }
    mk_buf_puts(&out, "0\r\n\r\n");
    must(!out.failed);
    must(mk_chunked_undo(mk_buf_str(&out), arena, &back, &cut, NULL) == MK_OK);
    must(!cut && mk_str_eq(back, data));
    mk_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const mk_str body = {(const char *)data, size};
    mk_arena *const arena = mk_arena_new();
    mk_str got = {0};
    bool cut = false;

    if (arena && size > 0) {
        if (mk_chunked_undo(body, arena, &got, &cut, NULL) == MK_OK)
            must(got.len <= size);
        round_trip(body, data[0] % 61 + (size_t)1, arena);
    }
    mk_arena_free(arena);
    return 0;
}
