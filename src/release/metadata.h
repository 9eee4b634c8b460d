/* metadata.h: what people say of a release: --metadata FILE, YAML or JSON, with known
 * members only (docs/FORMATS.md, "Release metadata"). */
#ifndef MK_METADATA_H
#define MK_METADATA_H

#include "base/arena.h"
#include "base/buf.h"

/* ---- licences ---- */

typedef struct mk_license {
    const char *id, *name, *url; /* of SPDX */
    const char *hub;             /* as Hugging Face has it, or NULL: other */
} mk_license;

/* NULL: not known. Letter case does not count. */
const mk_license *mk_license_find(mk_str id);
const mk_license *mk_license_nearest(mk_str id); /* NULL: none is near */

/* ---- members ---- */

typedef enum mk_meta_key {
    MK_META_NAME,
    MK_META_PRETTY_NAME,
    MK_META_VERSION,
    MK_META_DATE,
    MK_META_DESCRIPTION,
    MK_META_LICENSE,
    MK_META_LICENSE_NAME,
    MK_META_LICENSE_LINK,
    MK_META_AUTHORS,
    MK_META_HOMEPAGE,
    MK_META_REPOSITORY,
    MK_META_DOI,
    MK_META_CITATION,
    MK_META_CONTACT,
    MK_META_LANGUAGE,
    MK_META_KEYWORDS,
    MK_META_TASK_CATEGORIES,
    MK_META_SOURCE,
    MK_META_SOURCE_DATASETS,
    MK_META_MOTIVATION,
    MK_META_COLLECTION,
    MK_META_PERSONAL,
    MK_META_USES,
    MK_META_LIMITATIONS,
    MK_META_MAINTENANCE,
    MK_META_N
} mk_meta_key;

typedef enum mk_person_key {
    MK_PERSON_NAME,
    MK_PERSON_ORCID,
    MK_PERSON_AFFILIATION,
    MK_PERSON_EMAIL,
    MK_PERSON_URL,
    MK_PERSON_N
} mk_person_key;

enum { MK_META_ITEMS = 64 /* of a list: more is no description any more */ };

typedef struct mk_person {
    mk_str values[MK_PERSON_N]; /* len 0: not given */
} mk_person;

/* All text is the arena's. */
typedef struct mk_metadata {
    struct {
        mk_str items[MK_META_ITEMS]; /* n of them; one of what is no list */
        size_t n;
    } values[MK_META_N]; /* but authors */
    mk_person authors[MK_META_ITEMS];
    size_t n_authors;
} mk_metadata;

/* text: the file's; where: its name, for messages. MK_OPTION: "FILE:LINE: what". */
mk_err mk_metadata_parse(const char *where, mk_str text, mk_arena *arena, mk_metadata *ret,
                         mk_error *reterr);

/* Appends it as a JSON object, in a fixed order, that parse reads again. */
void mk_metadata_put(const mk_metadata *meta, mk_buf *out);

/* The value of a member that is no list; len 0: not given. */
mk_str mk_metadata_get(const mk_metadata *meta, mk_meta_key key);
const char *mk_metadata_name(mk_meta_key key);

/* ---- for the two parsers ---- */

/* What a parser has found, in order. Each returns MK_OPTION with a text without place. */
typedef struct mk_meta_builder {
    mk_metadata *meta;
    mk_arena *arena;
    mk_meta_key key;
    mk_person_key person_key;
    bool seen[MK_META_N];
} mk_meta_builder;

mk_err mk_meta_key_found(mk_meta_builder *b, mk_str key, mk_error *reterr);
mk_err mk_meta_value(mk_meta_builder *b, mk_str text, mk_error *reterr);
mk_err mk_meta_person(mk_meta_builder *b, mk_error *reterr);
mk_err mk_meta_person_key(mk_meta_builder *b, mk_str key, mk_error *reterr);
mk_err mk_meta_person_value(mk_meta_builder *b, mk_str text, mk_error *reterr);
mk_err mk_meta_list(mk_meta_builder *b, mk_error *reterr); /* a list begins */

mk_err mk_meta_yaml(const char *where, mk_str text, mk_meta_builder *b, mk_error *reterr);
mk_err mk_meta_json(const char *where, mk_str text, mk_meta_builder *b, mk_error *reterr);

#endif
