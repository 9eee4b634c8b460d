/* chunked.c: bodies in chunks (RFC 9112, 7.1): a length in hexadecimal, extensions,
 * a line break, so many bytes, a line break; the last chunk has none. Trailers are
 * passed over. Line breaks may be LF alone, spaces may follow a length.
 *
 * Refuses a chunk that is not followed by its line break, and lengths above 16 digits.
 * Cases: tests/read/test_http.c, fixtures/fuzz/chunked. */
#include "read/http.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

typedef enum size_line {
    SIZE_GOOD,
    SIZE_BAD,
    SIZE_CUT /* the body ends in it */
} size_line;

/* The line with a chunk's length at *at, which goes behind it. */
static size_line read_size(mk_str body, size_t *at, uint64_t *ret)
{
    enum { MAX_LINE = 4096 /* bytes: extensions are rare and short */ };
    size_t i = *at;
    uint64_t n = 0;

    while (i < body.len && i - *at < 16 && hex_value(body.ptr[i]) >= 0)
        n = n << 4 | (unsigned)hex_value(body.ptr[i++]);
    if (i == body.len)
        return SIZE_CUT;
    if (i == *at || hex_value(body.ptr[i]) >= 0)
        return SIZE_BAD;
    while (i < body.len && (body.ptr[i] == ' ' || body.ptr[i] == '\t'))
        i++;
    if (i < body.len && body.ptr[i] != ';' && body.ptr[i] != '\r' && body.ptr[i] != '\n')
        return SIZE_BAD;
    const size_t room = body.len - i < MAX_LINE ? body.len - i : MAX_LINE;
    const char *const lf = room > 0 ? memchr(body.ptr + i, '\n', room) : NULL;
    if (!lf)
        return room < MAX_LINE ? SIZE_CUT : SIZE_BAD;
    *at = (size_t)(lf - body.ptr) + 1;
    *ret = n;
    return SIZE_GOOD;
}

/* The line break after a chunk. */
static bool read_break(mk_str body, size_t *at)
{
    if (*at < body.len && body.ptr[*at] == '\r')
        ++*at;
    if (*at == body.len)
        return true;
    return body.ptr[(*at)++] == '\n';
}

mk_err mk_chunked_undo(mk_str body, mk_arena *arena, mk_str *ret, bool *ret_cut, mk_error *reterr)
{
    char *const bytes = mk_arena_bytes(arena, body.len + 1);
    size_t at = 0, len = 0;

    if (!bytes)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
    for (bool first = true;; first = false) {
        const size_t begin = at;
        uint64_t size = 0;
        const size_line line = read_size(body, &at, &size);
        if (line != SIZE_GOOD && first) { /* no chunks at all */
            *ret = body;
            *ret_cut = false;
            return MK_OK;
        }
        if (line == SIZE_BAD)
            return mk_fail(reterr, MK_RECORD, "broken chunk at byte %zu of the body", begin + 1);
        if (line == SIZE_GOOD && size == 0) {
            *ret = (mk_str){bytes, len};
            *ret_cut = false;
            return MK_OK;
        }
        const size_t left = body.len - at;
        const size_t n = size < left ? (size_t)size : left;
        if (line == SIZE_GOOD && n > 0) {
            memcpy(bytes + len, body.ptr + at, n);
            len += n;
            at += n;
        }
        if (line == SIZE_CUT || at == body.len) {
            *ret = (mk_str){bytes, len};
            *ret_cut = true;
            return MK_OK;
        }
        if (!read_break(body, &at))
            return mk_fail(reterr, MK_RECORD, "broken chunk at byte %zu of the body", begin + 1);
    }
}
