/* sites.h: lines that stand on many pages of one site, as rules in a text file
 * that a person can read and change (docs/FORMATS.md, "Site rules"):
 *
 *   # minkhal site rules 1
 *   [example.org pages=4010]
 *   312 300/2/10<TAB>the line as it stands on a page
 *
 * The first line may end in missed=N (any count may be short by N),
 * pages-missed=N (any number of pages may) and site-field=NAME. With `counts`
 * instead of `rules` in it a file holds what was counted in a part of a corpus:
 * `minkhal mine` makes rules of it, a chain refuses it. */
#ifndef MK_SITES_H
#define MK_SITES_H

#include "base/arena.h"
#include "base/digest.h"
#include "minkhal/filter.h"

enum { MK_SITE_TEXT = 4096 /* bytes of a rule's line: longer ones are seldom twice the same */ };

#define MK_SITE_COUNT_MAX UINT32_MAX /* pages: what one counter holds */

/* ---- names ---- */

/* The site of doc: the record's member `field` if field is not empty; else the
 * host of its URL, or the first folder of its source, or the archive that it is
 * from. Hosts are in lower case, without www. and port. Lent: doc's or the
 * arena's; empty: it has none. False if out of memory. */
bool mk_site_name(const mk_doc *doc, mk_str field, mk_arena *arena, mk_str *ret);

/* What makes lines equal: the folded form, in which a number is one 0. Letters
 * that folding cannot tell apart are compared as they stand. */
mk_digest mk_site_key(mk_str folded, mk_str text);

/* ---- the file ---- */

typedef struct mk_site_item {
    bool is_site;   /* the head of a section; else a line of it */
    mk_str site;    /* its name */
    uint64_t pages; /* of the site, or those that have the line */
    uint32_t at[3]; /* of the line's pages: in the first, middle, last third */
    mk_str text;    /* the line */
    uint32_t line;  /* of the file, from 1 */
} mk_site_item;

typedef struct mk_site_reader {
    const char *where; /* names the file in errors */
    mk_str rest;
    mk_str site; /* of the section; ptr NULL before the first */
    uint32_t line;
    bool counts; /* of a part, no rules */
    uint32_t missed, pages_missed;
    mk_str site_field;
} mk_site_reader;

/* True if bytes (the first of a file will do) are rules or counts. */
bool mk_site_file_is(mk_str bytes);

/* Reads the first line. All is lent by bytes. MK_OPTION with "x.rules:1: ...". */
mk_err mk_site_read(const char *where, mk_str bytes, mk_site_reader *ret, mk_error *reterr);

/* MK_END, or MK_OPTION with "x.rules:12: ...". */
mk_err mk_site_next(mk_site_reader *reader, mk_site_item *ret, mk_error *reterr);

/* ---- the rules, ready for use ---- */

/* Const once made: any number of threads. text is copied as far as needed. */
mk_err mk_sites_new(const char *where, mk_str text, mk_sites **ret, mk_error *reterr);
void mk_sites_free(mk_sites *sites); /* takes NULL */

#endif
