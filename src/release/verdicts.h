/* verdicts.h: what a person said of removals, a line of JSON each (docs/FORMATS.md). */
#ifndef MK_VERDICTS_H
#define MK_VERDICTS_H

#include "base/arena.h"
#include "minkhal/report.h"

typedef struct mk_verdict_item {
    uint64_t doc, src, population;
    size_t line; /* of the file, from 0 */
    mk_str rule;
    mk_judgement judgement;
} mk_verdict_item;

/* By doc and src; each only once: the last. */
typedef struct mk_verdict_set {
    mk_verdict_item *items; /* n of them, owned */
    size_t n;
    mk_arena *arena; /* owns the names */
} mk_verdict_set;

/* may_lack: a file that is not there has no verdicts. MK_DAMAGED with file and line. */
mk_err mk_verdict_set_read(const char *path, bool may_lack, mk_verdict_set *ret, mk_error *reterr);
bool mk_verdict_set_has(const mk_verdict_set *set, uint64_t doc, uint64_t src);
void mk_verdict_set_clear(mk_verdict_set *set); /* takes {0} */

#endif
