/* report_view.h: the sections of the page, each in a file of its own or with its like. */
#ifndef MK_REPORT_VIEW_H
#define MK_REPORT_VIEW_H

#include "minkhal/minkhal.h"
#include "release/html_put.h"
#include "release/report_page.h"

typedef struct mk_report_view {
    const mk_report_count *count;
    const mk_report_page *page;
    mk_buf *out;
    const mk_report_rule **rules; /* n_rules of them, most letters first */
    size_t n_rules;
} mk_report_view;

/* A column of a table. */
typedef struct mk_report_head {
    const char *text;
    enum { MK_HEAD_TEXT, MK_HEAD_NUMBER, MK_HEAD_SORTED /* a number, by it the rows stand */ } kind;
    bool wide; /* left out where the window is narrow */
} mk_report_head;

/* Begins a table in a box that scrolls if it must, named by the element `by`; NULL text
 * ends heads. sorts: its heads can be pressed. rows: the id of its body, or NULL. */
void mk_report_table(mk_report_view *v, const char *by, bool sorts, const char *rows,
                     const mk_report_head *heads);
void mk_report_table_end(mk_report_view *v);

/* A cell of a column that may be left out. */
void mk_report_wide_number(mk_report_view *v, int64_t n);

/* The rule as it is built in; NULL if there is none of that name. */
const mk_rule *mk_report_known(const mk_report_rule *rule);
void mk_report_rule_name(mk_report_view *v, const mk_report_rule *rule); /* filter.rule */
const char *mk_report_rule_help(const mk_report_rule *rule);

void mk_report_put_filters(mk_report_view *v);
void mk_report_put_lengths(mk_report_view *v);
void mk_report_put_rules(mk_report_view *v);
void mk_report_put_sites(mk_report_view *v);
void mk_report_put_samples(mk_report_view *v);

#endif
