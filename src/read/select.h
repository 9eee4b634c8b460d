/* select.h: which documents are asked for, by what is known before their text is. */
#ifndef MK_SELECT_H
#define MK_SELECT_H

#include "minkhal/minkhal.h"

typedef struct mk_select mk_select; /* const once open: any number of threads */

/* MK_OPTION: a value or a file that cannot be read, by name. The files may be
 * compressed; blank lines, and those that begin with #, are passed over. */
mk_err mk_select_open(const mk_selection *options, mk_select **ret, mk_error *reterr);
void mk_select_close(mk_select *select); /* takes NULL */

/* What leaves it out, as the name of the option; NULL: nothing does. All take
 * NULL for a select that was not set up. Lent for ever. */
const char *mk_select_url(const mk_select *select, mk_str url);
const char *mk_select_languages(const mk_select *select, mk_str languages);

/* The i-th option that was given and asks what crawl files alone say; NULL: there are no
 * more. Lent for ever. */
const char *mk_select_of_crawls(const mk_select *select, size_t i);

bool mk_select_type(const mk_select *select, mk_str type);
bool mk_select_status(const mk_select *select, unsigned status);

#endif
