/* http.c: the head of an HTTP response (RFC 9112). Lines may end in LF alone, fields
 * may be folded and hold any bytes, the words after the status may be missing.
 *
 * Refuses what does not begin with HTTP/ and a status of three digits, and a head that
 * no blank line ends. Cases: tests/read/test_http.c. */
#include "read/http.h"

/* "HTTP/1.1 200 OK" */
static bool read_status(mk_str line, unsigned *ret)
{
    static const char magic[] = "HTTP/";
    size_t i = sizeof(magic) - 1;
    unsigned status = 0, n = 0;

    if (line.len < i || !mk_field_same(mk_str_sub(line, 0, i), MK_STR("HTTP/")))
        return false;
    while (i < line.len && line.ptr[i] != ' ' && line.ptr[i] != '\t')
        i++;
    while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
        i++;
    for (; i < line.len && line.ptr[i] >= '0' && line.ptr[i] <= '9' && n < 4; i++, n++)
        status = status * 10 + (unsigned)(line.ptr[i] - '0');
    *ret = status;
    return n == 3 && status >= 100;
}

mk_err mk_http_parse(mk_str message, mk_arena *arena, mk_http *ret, mk_error *reterr)
{
    mk_http http = {0};
    size_t at = 0, end = 0;
    mk_str line;

    if (!mk_field_line(message, &at, &line) || !read_status(line, &http.status))
        return mk_fail(reterr, MK_RECORD, "no HTTP response");
    message = mk_str_sub(message, at, message.len);
    if (mk_fields_parse(message, arena, &http.fields, &end) != MK_OK)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
    if (end == 0)
        return mk_fail(reterr, MK_RECORD, "the HTTP head has no end");
    http.body = mk_str_sub(message, end, message.len);
    *ret = http;
    return MK_OK;
}
