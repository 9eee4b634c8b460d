/* stats.h: figures while they are counted. */
#ifndef MK_STATS_H
#define MK_STATS_H

#include "minkhal/doc.h"
#include "release/census.h"
#include "release/distinct.h"
#include "release/tops.h"

enum {
    MK_STATS_SITES = 1 << 16,     /* names that are kept: a few MB */
    MK_STATS_TEXTS = 1 << 16,     /* digests, likewise */
    MK_STATS_LANGUAGES = 1 << 10, /* tags */
    MK_STATS_RULES = 1 << 13      /* filters and their rules: far above what there is */
};

typedef struct mk_stats_memory {
    mk_top_table *languages, *sites, *rules;
    mk_distinct *texts;
} mk_stats_memory;

/* An empty one, with its tables. MK_NOMEM. */
mk_err mk_stats_init(mk_stats *ret, mk_error *reterr);

/* What is to be added of a document. */
typedef struct mk_stats_found {
    mk_census census;
    mk_str site, language; /* lent by the document or the arena */
    bool detected;
    uint64_t digest;
} mk_stats_found;

/* All of it but the census, by the text, url, lang and members of doc. Any thread. False
 * if out of memory. */
bool mk_stats_look(const mk_doc *doc, mk_arena *arena, mk_stats_found *ret);

/* Adds a document. MK_NOMEM. */
mk_err mk_stats_put(mk_stats *stats, const mk_stats_found *found, mk_error *reterr);

/* The figures that are made from the tables. */
void mk_stats_finish(mk_stats *stats);

/* Adds a file of figures: statistics as mk_stats_json writes them, or the summary of a
 * run, of which the rules count. MK_DAMAGED: it is neither; the text does not name
 * the file. */
mk_err mk_stats_merge(mk_stats *stats, mk_str json, mk_arena *arena, mk_error *reterr);

/* Adds the rules of the summary of a run; errors as above. */
mk_err mk_stats_summary(mk_stats *stats, mk_str json, mk_arena *arena, mk_error *reterr);

/* The same, where there need be none. */
mk_err mk_stats_rules(mk_stats *stats, mk_str json, mk_arena *arena, mk_error *reterr);

/* Adds the rules of a line of a ledger. MK_RECORD: it is none. */
mk_err mk_stats_ledger(mk_stats *stats, mk_str line, mk_arena *arena, mk_error *reterr);

/* Adds the rules of a corpus: its figures, its ledgers. */
struct mk_corpus;
mk_err mk_stats_add_rules(mk_stats *stats, const struct mk_corpus *corpus,
                          const volatile sig_atomic_t *stop, mk_error *reterr);

#endif
