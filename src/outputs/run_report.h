/* run_report.h: run.json: what a finished run was, and what came of it. The same for the
 * same work, whoever did it, where and when. */
#ifndef MK_RUN_REPORT_H
#define MK_RUN_REPORT_H

#include "outputs/checkpoint.h"

typedef struct mk_run_report {
    mk_str spec;            /* members, as mk_spec_put wrote them */
    const mk_shard *shards; /* n_shards of them */
    size_t n_shards;
    const mk_input_counts *inputs; /* one for each input of the spec */
    const mk_summary *summary;
} mk_run_report;

void mk_run_report_put(const mk_run_report *report, mk_buf *out);

#endif
