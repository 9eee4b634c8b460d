/* option.h: name=value into a filter's config, by its option table. */
#ifndef MK_OPTION_H
#define MK_OPTION_H

#include "base/buf.h"
#include "minkhal/filter.h"

/* Sets every option of filter to its default in config (zeroed before). Files
 * (lexicons, site rules) stay NULL: the chain loads them. */
void mk_option_defaults(const mk_filter *filter, void *config);

/* The option of that name, or MK_OPTION with the nearest name. */
mk_err mk_option_find(const mk_filter *filter, mk_str name, const mk_option **ret,
                      mk_error *reterr);

/* Parses value into config. Not for files. MK_OPTION. */
mk_err mk_option_set(const mk_filter *filter, const mk_option *option, mk_str value, void *config,
                     mk_error *reterr);

/* Appends the value in config as mk_option_set would read it; nothing for a
 * file. */
void mk_option_put(const mk_option *option, const void *config, mk_buf *out);

#endif
