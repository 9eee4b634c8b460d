/* listed.h: the list of a takedown: ids, hosts or addresses, a line each, and which of them
 * documents were found by. Blank lines, and those that begin with #, are passed over. */
#ifndef MK_LISTED_H
#define MK_LISTED_H

#include "base/arena.h"
#include "release/manifest.h"

typedef enum mk_listed_kind { MK_LISTED_IDS, MK_LISTED_HOSTS, MK_LISTED_URLS } mk_listed_kind;

typedef struct mk_listed mk_listed;

/* Reads the file, which may be compressed. sha256: the digest of it as stored. An id that
 * begins with '"' is a string of JSON. MK_OPTION: it cannot be read, is empty, or has a line
 * that is no entry of that kind, by its number. */
mk_err mk_listed_open(const char *path, mk_listed_kind kind, char sha256[MK_SHA256_HEX + 1],
                      mk_listed **ret, mk_error *reterr);
uint64_t mk_listed_size(const mk_listed *listed); /* entries */

/* True if the list names a document of that id or, for hosts and addresses, url; entries that
 * do are marked. May be called by any number of threads. */
bool mk_listed_names(const mk_listed *listed, mk_str id_or_url);

/* Shows the entries that named no document, in the order of the file, as they stand there.
 * Returns how many. lacks may be NULL. The list is used up by that. */
uint64_t mk_listed_lacks(mk_listed *listed, void (*lacks)(void *arg, uint64_t line, mk_str entry),
                         void *arg);
void mk_listed_close(mk_listed *listed); /* takes NULL */

#endif
