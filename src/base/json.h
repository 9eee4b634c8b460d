/* json.h: JSON as our files need it (RFC 8259, strict): a pull scanner over one
 * value in memory and an escaper. No tree, no recursion, numbers stay text. */
#ifndef MK_JSON_H
#define MK_JSON_H

#include "base/arena.h"
#include "base/buf.h"

typedef enum mk_json_type {
    MK_JSON_NULL,
    MK_JSON_FALSE,
    MK_JSON_TRUE,
    MK_JSON_NUMBER,
    MK_JSON_STRING,
    MK_JSON_ARRAY,
    MK_JSON_OBJECT
} mk_json_type;

enum { MK_JSON_DEPTH = 256 /* levels of nesting: deeper is an attack */ };

/* One value as it stands in the text. */
typedef struct mk_json_value {
    mk_json_type type;
    mk_str raw; /* the whole value, byte for byte, quotes or brackets included */
    bool plain; /* STRING: holds no backslash, so the text is raw without quotes */
    bool units; /* STRING: holds code units, as \u0640 */
} mk_json_value;

typedef struct mk_json_member {
    mk_json_value key; /* a STRING */
    mk_json_value value;
} mk_json_member;

/* Walks the members of the object that text is (white space around it allowed).
 * Use: mk_json_object it = mk_json_object_of(text); while
 * (mk_json_object_next(&it, &member, reterr) == MK_OK) ...
 * next returns MK_END after the last member and the last byte of text, and
 * MK_RECORD with a text like "expected ':' at byte 37" (bytes from 1) where
 * text is not one valid JSON object in valid UTF-8. Every value is checked to
 * its end, nested ones too: after MK_END all of text is known to be valid.
 * Duplicate keys are the caller's to refuse. */
typedef struct mk_json_object {
    mk_str text;
    size_t at;
    int state;
} mk_json_object;
mk_json_object mk_json_object_of(mk_str text);
mk_err mk_json_object_next(mk_json_object *it, mk_json_member *ret, mk_error *reterr);

/* As the two above for the elements of the array that text is. */
typedef struct mk_json_array {
    mk_str text;
    size_t at;
    int state;
} mk_json_array;
mk_json_array mk_json_array_of(mk_str text);
mk_err mk_json_array_next(mk_json_array *it, mk_json_value *ret, mk_error *reterr);

/* True if the key of m, which has no escapes, is that. */
bool mk_json_is_key(const mk_json_member *m, const char *key);

/* The text of a STRING value, escapes resolved. Lent: part of raw if plain, else
 * in the arena. MK_RECORD for an escape that is no Unicode scalar value (a lone
 * surrogate); MK_NOMEM. */
mk_err mk_json_text(mk_json_value value, mk_arena *arena, mk_str *ret, mk_error *reterr);

/* A non-negative integer that fits; false if value is no such NUMBER. */
bool mk_json_uint(mk_json_value value, uint64_t *ret);

/* Appends s (valid UTF-8) as a JSON string with its quotes. Escapes ", \, C0,
 * U+007F, U+0085, U+2028, U+2029 and nothing else; short forms \b \f \n \r \t. */
void mk_json_put(mk_buf *out, mk_str s);

#endif
