/* fuzz_http.c: an HTTP response with its body undone: head, chunks, codings. */
#include "fuzz.h"
#include "read/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MAX = 1 << 20 /* bytes */ };
    mk_arena *const arena = mk_arena_new();
    mk_http http = {0};
    mk_str body, type, charset;
    bool cut = false;

    if (arena && mk_http_parse((mk_str){(const char *)data, size}, arena, &http, NULL) == MK_OK) {
        must(http.status >= 100 && http.status <= 999 && http.body.len <= size);
        body = http.body;
        (void)mk_field_media(mk_fields_get(&http.fields, MK_STR("Content-Type")), arena, &type,
                             &charset);
        if (mk_fields_get(&http.fields, MK_STR("Transfer-Encoding")).len > 0 &&
            mk_chunked_undo(body, arena, &body, &cut, NULL) == MK_OK)
            must(body.len <= size);
        if (mk_coding_undo(mk_fields_get(&http.fields, MK_STR("Content-Encoding")), body, MAX,
                           arena, &body, &cut, NULL) == MK_OK)
            must(body.len <= (size > MAX ? size : MAX));
    }
    mk_arena_free(arena);
    return 0;
}
