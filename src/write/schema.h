/* schema.h: the keys that a document is written under: ours, and those of corpora that
 * others read (docs/FORMATS.md, "Schemas"). In every line of a schema the keys, their
 * order and their types are the same. */
#ifndef MK_SCHEMA_H
#define MK_SCHEMA_H

#include "base/buf.h"
#include "minkhal/doc.h"

typedef enum mk_schema_value {
    MK_SCHEMA_END,  /* of the table */
    MK_SCHEMA_OPEN, /* an object */
    MK_SCHEMA_CLOSE,
    MK_SCHEMA_ID,
    MK_SCHEMA_TEXT,
    MK_SCHEMA_SOURCE,
    MK_SCHEMA_URL,
    MK_SCHEMA_TITLE,
    MK_SCHEMA_DATE,
    MK_SCHEMA_ADDED,   /* when it was crawled; "" */
    MK_SCHEMA_CRAWLED, /* so; else the date, for which the schema has no other key */
    MK_SCHEMA_LANG,
    MK_SCHEMA_WRITING,  /* "Arab" where lang is written in it, else "" */
    MK_SCHEMA_MEMBERS,  /* all others, as a string that holds an object */
    MK_SCHEMA_STRING,   /* not known: "" */
    MK_SCHEMA_NO_PAIRS, /* not known: "{}", a string that holds an object */
    MK_SCHEMA_REAL,     /* not known: 0.0 */
    MK_SCHEMA_INTEGER,  /* not known: 0 */
    MK_SCHEMA_ARRAY     /* not known: [] */
} mk_schema_value;

typedef struct mk_schema_field {
    const char *key;
    mk_schema_value value;
} mk_schema_field;

typedef struct mk_schema {
    const char *name; /* NULL ends the table */
    const mk_schema_field *fields;
} mk_schema;

extern const mk_schema mk_schemas[]; /* the first is ours: flat */

/* By its name; NULL: there is none. */
const mk_schema *mk_schema_find(mk_str name);

/* True if a line of it has that value. */
bool mk_schema_has(const mk_schema *schema, mk_schema_value value);

/* What stands for what is not known, as JSON; ptr NULL: the document tells the value. */
mk_str mk_schema_unknown(mk_schema_value value);

/* When a document with these members was crawled; empty: they do not say. Lent by members. */
mk_str mk_schema_crawled(mk_str members);

/* The value of MK_SCHEMA_WRITING: "Arab" or "". */
mk_str mk_schema_writing(mk_str lang);

/* Appends doc as a line, LF included. Pure. A line is whole or absent. */
void mk_schema_put(const mk_schema *schema, const mk_doc *doc, mk_buf *out);

#endif
