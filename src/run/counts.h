/* counts.h: on how many pages of its site each line stands, in bounded memory.
 *
 * A table of lines that forgets the rare ones when it is full (after Manku and
 * Motwani, VLDB 2002, with the table's size in place of an error bound). Every
 * entry knows by how much its count may be short: what was seen before it was
 * let in and was forgotten. So for each line
 *
 *     pages counted <= pages that have it <= pages counted + missed
 *
 * and a line that is not in the table stands on `missed` pages at most. That is
 * twice the number of (line, page) pairs over the number of lines that the table
 * holds when it is full, or less: in the proof each pair adds one to the sum of
 * (pages + missed - what is forgotten) over all entries, and forgetting up to the
 * median takes as much from half of them. Nothing depends on the order of
 * hashes. */
#ifndef MK_COUNTS_H
#define MK_COUNTS_H

#include "doc/sites.h"

enum { MK_COUNTS_MIN = 1 << 20 /* bytes: below, hardly a page fits */ };

typedef struct mk_counts mk_counts;

typedef struct mk_counted_site {
    char *name; /* owned; NUL-ended, UTF-8 without control characters */
    size_t len;
    uint32_t pages, missed;
    uint32_t order;   /* in the order of names, once sorted */
    uint32_t n_lines; /* in the table */
} mk_counted_site;

typedef struct mk_counted {
    mk_digest key;
    uint64_t last; /* the document that was counted last, + 1 */
    char *text;    /* owned; the least in byte order; NULL until it is kept */
    uint32_t len;
    uint32_t site;
    uint32_t at[3]; /* pages by the place of the line */
    uint32_t missed;
} mk_counted;

/* memory: bytes that the tables may take. texts_at: from which page on a line's
 * text is kept (1: at once). */
mk_err mk_counts_new(uint64_t memory, uint32_t texts_at, mk_counts **ret, mk_error *reterr);
void mk_counts_free(mk_counts *counts); /* takes NULL */

/* Adds pages to the site of that name (copied). *ret_site holds till the next
 * call. False if out of memory. */
bool mk_counts_site(mk_counts *counts, mk_str name, uint32_t pages, uint32_t *ret_site);

/* Adds pages to a line of site. doc is not 0: one page, counted only once for
 * each doc. text is not empty. False if out of memory. */
bool mk_counts_line(mk_counts *counts, uint32_t site, mk_digest key, const uint32_t at[3],
                    uint64_t doc, mk_str text);

/* What follows was counted elsewhere, where that many were forgotten. */
void mk_counts_miss(mk_counts *counts, uint32_t missed, uint32_t pages_missed);

static inline uint64_t mk_counted_pages(const mk_counted *line)
{
    return (uint64_t)line->at[0] + line->at[1] + line->at[2];
}

/* How many pages of a line, and of a site, may have been forgotten. */
uint32_t mk_counts_missed(const mk_counts *counts);
uint32_t mk_counts_pages_missed(const mk_counts *counts);
size_t mk_counts_size(const mk_counts *counts); /* bytes taken */

/* Puts all in order: sites by name, lines by site, pages (most first), text.
 * Lends both. Nothing may be added after. */
void mk_counts_sort(mk_counts *counts, const mk_counted_site **ret_sites, size_t *ret_n_sites,
                    const mk_counted **ret_lines, size_t *ret_n_lines);

#endif
