/* field.h: lines of "Name: value", as WARC records and HTTP messages begin with. */
#ifndef MK_FIELD_H
#define MK_FIELD_H

#include "base/arena.h"

typedef struct mk_field {
    mk_str name, value; /* without spaces around them; value: folded lines joined by a space */
} mk_field;

typedef struct mk_fields {
    mk_field *items; /* n of them, in the order of the text */
    size_t n;
} mk_fields;

/* The next line of text from *at, without its LF or CR LF; *at goes behind it.
 * False at the end. */
bool mk_field_line(mk_str text, size_t *at, mk_str *ret);

/* The fields of text up to a blank line. *ret_end: where that line ends, 0 if there is none.
 * Lines without a colon are passed over, as browsers do. Values are lent from text or,
 * where folded, the arena. MK_NOMEM. */
mk_err mk_fields_parse(mk_str text, mk_arena *arena, mk_fields *ret, size_t *ret_end);

/* The value of the first field of that name, in any case; ptr NULL: there is none. */
mk_str mk_fields_get(const mk_fields *fields, mk_str name);

/* a and b are equal but for the case of ASCII letters. */
bool mk_field_same(mk_str a, mk_str b);

/* A decimal number, and nothing else, that fits. */
bool mk_field_number(mk_str s, uint64_t *ret);

/* s without spaces and tabs at its ends. */
mk_str mk_field_trim(mk_str s);

/* "text/html; charset=x" -> "text/html" in lower case, in the arena; empty if it is
 * no media type (RFC 9110, 8.3.1). *ret_charset: x without quotes, or empty.
 * MK_NOMEM. */
mk_err mk_field_media(mk_str value, mk_arena *arena, mk_str *ret, mk_str *ret_charset);

#endif
