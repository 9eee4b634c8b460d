/* release_text.h: what pack, verify and takedown say of a release. */
#ifndef CLI_RELEASE_TEXT_H
#define CLI_RELEASE_TEXT_H

#include "minkhal/release.h"

/* The figures, on standard error, after a line that begins with what. */
void cli_release_put(const char *what, const mk_release_summary *summary);

/* SOURCE_DATE_EPOCH: 0, or CLI_USAGE if it is no number of seconds. */
int cli_epoch(int64_t *ret, bool *ret_has);

#endif
