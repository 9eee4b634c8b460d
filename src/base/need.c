/* need.c: see need.h. Refuses what is missing; whether a value is any good, who uses it
 * finds out. */
#include "base/need.h"

static mk_err missing(const char *member, mk_error *reterr)
{
    return mk_fail(reterr, MK_OPTION, "no value for '%s', which is needed", member);
}

mk_err mk_need_all(const mk_need *needs, size_t n, mk_error *reterr)
{
    for (size_t i = 0; i < n; i++) {
        if (!needs[i].values || needs[i].n == 0)
            return missing(needs[i].member, reterr);
        for (size_t j = 0; j < needs[i].n; j++)
            if (!needs[i].values[j] || !*needs[i].values[j])
                return missing(needs[i].member, reterr);
    }
    return MK_OK;
}
