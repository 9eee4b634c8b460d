/* charset.h: bytes of a page as UTF-8: the encodings of the WHATWG Encoding
 * standard, and which of them a page without a declaration is in. */
#ifndef MK_CHARSET_H
#define MK_CHARSET_H

#include "base/buf.h"

typedef struct mk_charset mk_charset; /* static */

/* The charset with that label, trimmed, in any case; NULL: there is none. */
const mk_charset *mk_charset_by_label(mk_str label);

const char *mk_charset_name(const mk_charset *charset); /* in lower case */

/* Its letters take two bytes or more, of any value. */
bool mk_charset_is_wide(const mk_charset *charset);

/* The charset whose byte order mark begins bytes, and the mark's length; NULL:
 * there is none. */
const mk_charset *mk_charset_bom(mk_str bytes, size_t *ret_len);

/* What a document that declares nothing is in, by its bytes; never NULL: a byte
 * order mark, UTF-16 without one, UTF-8 (also damaged), windows-1256 or
 * iso-8859-6, else windows-1252. */
const mk_charset *mk_charset_detect(mk_str bytes);

/* Appends bytes as UTF-8, without the charset's byte order mark. What cannot be
 * decoded becomes U+FFFD, one for each maximal part of a sequence, counted in
 * *ret_bad; surrogate pairs in UTF-8 (CESU-8) become their character. MK_OPTION
 * if the charset is refused, or is not known to the C library. MK_NOMEM also
 * where out is full. */
mk_err mk_charset_decode(const mk_charset *charset, mk_str bytes, mk_buf *out, uint64_t *ret_bad,
                         mk_error *reterr);

#endif
