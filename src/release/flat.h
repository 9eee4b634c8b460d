/* flat.h: a line of a release: the members of its schema (docs/FORMATS.md, "Schemas"), in
 * their order and of their types; and what it knows of a document, which is what our own
 * schema has: eight strings. */
#ifndef MK_FLAT_H
#define MK_FLAT_H

#include "base/json.h"
#include "write/schema.h"

typedef enum mk_flat_key {
    MK_FLAT_ID,
    MK_FLAT_TEXT,
    MK_FLAT_SOURCE,
    MK_FLAT_URL,
    MK_FLAT_TITLE,
    MK_FLAT_DATE,
    MK_FLAT_LANG,
    MK_FLAT_METADATA,
    MK_FLAT_N
} mk_flat_key;

extern const char *const mk_flat_names[MK_FLAT_N];

typedef struct mk_flat {
    mk_json_value values[MK_FLAT_N]; /* STRINGs, empty where the schema has none; lent by
                                        the line */
} mk_flat;

/* line: one line without its LF. MK_RECORD: it is not of the schema as minkhal writes it, or
 * no loader would take it: a member is missing, too many, in another place or of
 * another type; half of a pair of surrogates; metadata that is no object. MK_NOMEM. */
mk_err mk_flat_parse(const mk_schema *schema, mk_str line, mk_arena *arena, mk_flat *ret,
                     mk_error *reterr);

/* Appends it as a line of the schema, without LF. MK_NOMEM. */
mk_err mk_flat_put(const mk_schema *schema, const mk_flat *flat, mk_arena *arena, mk_buf *out,
                   mk_error *reterr);

/* True if a line of the schema has all that ours has. */
bool mk_flat_is_kept(const mk_schema *schema);

/* The folder of a release in which those who read the schema look for documents. */
const char *mk_flat_folder(const mk_schema *schema);

/* What makes documents belong together, so that no split separates them: the member
 * of the metadata (or of the line) named field, if field is not empty; else its
 * url's host; else its id; else its text. Lent by line and arena. *ret_own: it is the field's.
 * False if out of memory. */
bool mk_flat_group(const mk_flat *flat, mk_str field, mk_arena *arena, mk_str *ret, bool *ret_own);

/* True if field names a member of the line, or begins with "metadata.". */
bool mk_flat_may_group(mk_str field);

/* The host of a URL in lower case, without user, port and www.; empty: it has none.
 * Lent by the arena. False if out of memory. */
bool mk_flat_host(mk_str url, mk_arena *arena, mk_str *ret);

/* What can be counted of texts. */
typedef struct mk_flat_counts {
    uint64_t documents, bytes; /* of UTF-8 */
    uint64_t letters, words;   /* words: what white space parts */
} mk_flat_counts;

#endif
