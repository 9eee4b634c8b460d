/* report_page.h: the figures and samples of a run as one HTML page, which needs
 * nothing but itself. */
#ifndef MK_REPORT_PAGE_H
#define MK_REPORT_PAGE_H

#include "release/report_count.h"

#define MK_REPORT_TITLE "What minkhal did" /* where nobody says another */

typedef struct mk_report_page {
    const char *title;
    size_t max_sites;    /* rows of the table of sites */
    const char *command; /* how the page can be made again, or NULL */
} mk_report_page;

/* Appends the page. False if out of memory. */
bool mk_report_page_put(const mk_report_count *count, const mk_report_page *page, mk_buf *out);

#endif
