/* http.h: an HTTP response as a crawler stored it. */
#ifndef MK_HTTP_H
#define MK_HTTP_H

#include "read/field.h"

typedef struct mk_http {
    unsigned status; /* 100 to 999 */
    mk_fields fields;
    mk_str body; /* as stored: codings not undone. Lent from the message */
} mk_http;

/* MK_RECORD: it is no HTTP response. MK_NOMEM. */
mk_err mk_http_parse(mk_str message, mk_arena *arena, mk_http *ret, mk_error *reterr);

/* Undoes `Transfer-Encoding: chunked` (RFC 9112, 7.1). *ret_cut: the end is missing;
 * *ret is what came before. A body that does not begin with a chunk was unchunked by
 * the crawler: it is handed back as it is. MK_RECORD: broken inside; MK_NOMEM. */
mk_err mk_chunked_undo(mk_str body, mk_arena *arena, mk_str *ret, bool *ret_cut, mk_error *reterr);

/* Undoes the codings that a `Content-Encoding` names: gzip, deflate (of both kinds), br, zstd,
 * identity. A body that is not coded as the field says, and neither so far as its first
 * bytes, was decoded by the crawler: it is handed back as it is. *ret_cut: as above.
 *
 * MK_RECORD: an unknown coding, broken data, more than max bytes, or more than
 * MK_CODING_RATIO times what it was, MK_CODING_SMALL bytes excepted. MK_NOMEM. */
mk_err mk_coding_undo(mk_str names, mk_str body, uint64_t max, mk_arena *arena, mk_str *ret,
                      bool *ret_cut, mk_error *reterr);

enum {
    MK_CODING_RATIO = 400,     /* pages reach 100; deflate can reach 1032, brotli millions */
    MK_CODING_SMALL = 8 << 20, /* bytes that cost nobody anything */
    MK_CODING_LAYERS = 3       /* codings one on top of the other */
};

#endif
