/* papers.h: what a release says of itself to people and to programs of others, made of
 * its manifest and its metadata alone. */
#ifndef MK_PAPERS_H
#define MK_PAPERS_H

#include "release/manifest.h"
#include "release/metadata.h"
#include "release/stats.h"

#define MK_FIGURES_NAME "stats.json"

typedef struct mk_papers {
    const mk_manifest *m;
    const mk_metadata *meta;
    const mk_stats *stats; /* finished */
    mk_buf *lacks;         /* names of metadata that only people know and that are missing,
                      with ", " between them; NULL: not asked for */
} mk_papers;

/* README.md: the card of Hugging Face. What only people know is TODO where the metadata
 * does not say it. */
void mk_card_put(const mk_papers *p, mk_buf *out);

/* croissant.json, of version 1.0 or 1.1. */
void mk_croissant_put(const mk_papers *p, mk_buf *out);

void mk_license_put(const mk_papers *p, mk_buf *out);  /* LICENSE */
void mk_citation_put(const mk_papers *p, mk_buf *out); /* CITATION.cff */
void mk_figures_put(const mk_papers *p, mk_buf *out);  /* stats.json: see mk_stats_json */

/* What a value of a schema is of a document, in words; "" for none of it. */
const char *mk_papers_member(mk_schema_value value);

/* The sum of the shards as stored. */
uint64_t mk_papers_stored(const mk_manifest *m);

/* What the metadata says, or that default. */
mk_str mk_papers_value(const mk_papers *p, mk_meta_key key, const char *otherwise);

#endif
