/* tally.h: counts of what happened, per step and rule, and of documents. They are
 * read off the finished documents, so that they cannot drift from them. */
#ifndef MK_TALLY_H
#define MK_TALLY_H

#include "base/buf.h"
#include "chain/chain.h"

typedef struct mk_doc_counts {
    uint64_t text_in, text_out;       /* bytes */
    uint64_t lines_in, lines_out;     /* without blank ones */
    uint64_t letters_in, letters_out; /* letters of lines */
} mk_doc_counts;

typedef struct mk_rule_counts {
    uint64_t lines, spans, docs, letters;
    uint64_t review; /* written documents that it asks a person to look at */
} mk_rule_counts;

/* One entry for each rule of each step of a chain. */
typedef struct mk_tallies {
    const mk_chain *chain;
    mk_rule_counts *rules;      /* n_rules of them, owned */
    size_t first[MK_MAX_STEPS]; /* of a step's rules */
    size_t n_rules;
} mk_tallies;

mk_err mk_tallies_init(mk_tallies *tallies, const mk_chain *chain, mk_error *reterr);
void mk_tallies_reset(mk_tallies *tallies);
void mk_tallies_clear(mk_tallies *tallies);

/* Counts a finished document. */
void mk_tallies_count(mk_tallies *tallies, const mk_doc *doc, mk_doc_counts *ret);

/* Counts a document that was written, once for each rule that asks for its review. */
void mk_tallies_review(mk_tallies *tallies, const mk_doc *doc);
void mk_tallies_add(mk_tallies *to, const mk_tallies *from);

/* Fills in summary's tallies, rules that did nothing left out. MK_NOMEM. */
mk_err mk_tallies_report(const mk_tallies *tallies, mk_summary *ret, mk_error *reterr);

/* The numbers of a summary, by name. A NULL name ends the table. */
typedef struct mk_summary_number {
    const char *name;
    size_t offset; /* of the uint64_t in mk_summary */
} mk_summary_number;
extern const mk_summary_number mk_summary_numbers[];

static inline uint64_t *mk_summary_at(mk_summary *summary, const mk_summary_number *number)
{
    return (uint64_t *)(void *)((char *)summary + number->offset);
}

static inline uint64_t mk_summary_get(const mk_summary *summary, const mk_summary_number *number)
{
    return *(const uint64_t *)(const void *)((const char *)summary + number->offset);
}

/* Counts records that `name` skipped. */
void mk_summary_skip(mk_summary *summary, mk_str name, uint64_t records);

/* Appends `"key": value` members, indented: skips, and what the rules did. */
void mk_summary_put_details(const mk_summary *summary, mk_buf *out);

/* Appends the summary as JSON, pretty-printed, LF at the end. */
void mk_summary_put(const mk_summary *summary, const mk_chain *chain, mk_buf *out);

#endif
