/* report_sample.h: removals and changes drawn for people, in their places. Samples are
 * the edits with the smallest hash of seed, rule, document and place, one of a
 * document at most, so that they do not depend on the order of the records. */
#ifndef MK_REPORT_SAMPLE_H
#define MK_REPORT_SAMPLE_H

#include "release/report_count.h"

/* An edit of a record. */
typedef struct mk_report_cut {
    mk_ledger_edit edit;
    mk_str evidence;
    uint32_t rule; /* its number among those of the count */
    bool whole;    /* it takes whole lines away */
} mk_report_cut;

/* A record with its edits, in order. */
typedef struct mk_report_record {
    const mk_pair *pair;
    const mk_report_cut *cuts; /* n of them */
    size_t n;
} mk_report_record;

/* The first bytes of a text that a page shows, cut at a code point. */
enum { MK_REPORT_CLIP = 320 };
mk_str mk_report_clip(mk_str text);

/* Takes cut number i among the rule's samples if it is one of them so far. MK_NOMEM. */
mk_err mk_report_offer(const mk_report_count *count, mk_report_rule *rule,
                       const mk_report_record *record, size_t i, mk_error *reterr);

/* The same for a record that the rule asks a person to look at. */
mk_err mk_report_offer_review(const mk_report_count *count, mk_report_rule *rule,
                              const mk_pair *pair, mk_str evidence, mk_error *reterr);

void mk_report_samples_clear(mk_report_samples *samples);

#endif
