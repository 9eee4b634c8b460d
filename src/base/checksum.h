/* checksum.h: digests that others can check: those of crawl files, runs and
 * releases. MD5 and SHA-1 are there because crawl files carry them. */
#ifndef MK_CHECKSUM_H
#define MK_CHECKSUM_H

#include "minkhal/text.h"

typedef enum mk_checksum_kind { MK_MD5, MK_SHA1, MK_SHA256 } mk_checksum_kind;

enum {
    MK_CHECKSUM_MAX = 32, /* bytes of the longest */
    MK_SHA256_HEX = 64    /* characters */
};

/* The digest of s. Returns its bytes: 16, 20 or 32; 0 if out of memory, or where
 * the library was told not to compute this kind. */
size_t mk_checksum(mk_checksum_kind kind, mk_str s, unsigned char out[MK_CHECKSUM_MAX]);

/* ---- piece by piece ---- */

typedef struct mk_checksum_run mk_checksum_run;

/* MK_NOMEM, also where the library was told not to compute this kind. */
mk_err mk_checksum_open(mk_checksum_kind kind, mk_checksum_run **ret, mk_error *reterr);
void mk_checksum_add(mk_checksum_run *run, mk_str s);

/* The digest of all that was added; its bytes as mk_checksum, 0 if any call
 * since the beginning failed. From here it begins anew. */
size_t mk_checksum_end(mk_checksum_run *run, unsigned char out[MK_CHECKSUM_MAX]);

/* The same in lower-case hexadecimal, for SHA-256. False where the above is 0. */
bool mk_checksum_end_hex(mk_checksum_run *run, char out[MK_SHA256_HEX + 1]);

/* The digest of what was added so far, for SHA-256; more may follow. False as above. */
bool mk_checksum_so_far(const mk_checksum_run *run, char out[MK_SHA256_HEX + 1]);
void mk_checksum_close(mk_checksum_run *run); /* takes NULL */

/* n bytes in lower-case hexadecimal; out has room for 2 * n + 1. */
void mk_hex(const unsigned char *bytes, size_t n, char *out);

#endif
