/* explain_view.h: one document with all that the filters thought about it. */
#ifndef CLI_EXPLAIN_VIEW_H
#define CLI_EXPLAIN_VIEW_H

#include <stdio.h>

#include "minkhal/minkhal.h"

typedef struct cli_view {
    const mk_chain *chain;
    FILE *f;
    bool color;
    size_t width;  /* columns; 0: lines are not cut */
    bool features; /* what rules count of each line is shown too */
} cli_view;

void cli_explain_text(const cli_view *view, const mk_doc *doc);
void cli_explain_json(const cli_view *view, const mk_doc *doc);

/* Words for numbers; "?" for one that is none. */
const char *cli_label_name(unsigned label);
const char *cli_zone_name(unsigned zone);
const char *cli_end_name(unsigned end);
const char *cli_part_name(unsigned bit); /* number of an MK_PART_ bit */
const char *cli_block_name(unsigned block);
const char *cli_strength_name(unsigned strength);
const char *cli_effect_name(unsigned effect);
const char *cli_verdict_name(unsigned verdict);

/* What stood in line (as it was read) where change is now. */
mk_str cli_change_before(const mk_doc *doc, const mk_line *line, const mk_change *change);
mk_str cli_change_after(const mk_line *line, const mk_change *change);

#endif
