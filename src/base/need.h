/* need.h: what a call cannot do without. */
#ifndef MK_NEED_H
#define MK_NEED_H

#include "minkhal/error.h"
#include <stddef.h>

/* A member of options that is a text or a list of texts. */
typedef struct mk_need {
    const char *member;
    const char *const *values; /* n of them: of a text 1 */
    size_t n;
} mk_need;

/* MK_OPTION with the name of the first member that is NULL or empty, or holds what is. */
mk_err mk_need_all(const mk_need *needs, size_t n, mk_error *reterr);

#endif
