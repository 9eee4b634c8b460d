/* base64.h: bytes as text, RFC 4648 section 4, padded, without line breaks. */
#ifndef MK_BASE64_H
#define MK_BASE64_H

#include "base/buf.h"

void mk_base64_put(mk_buf *out, mk_str bytes);

/* Writes the bytes that text stands for to out, which has room for text.len / 4 * 3,
 * and how many they are to *ret_len. False if text is no base64. */
bool mk_base64_take(mk_str text, char *out, size_t *ret_len);

#endif
