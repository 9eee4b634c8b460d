/* attributes.h: the changes of a document as a line of Dolma's attributes. */
#ifndef MK_ATTRIBUTES_H
#define MK_ATTRIBUTES_H

#include "outputs/outfile.h"
#include "run/pairs.h"

typedef struct mk_attributes_maker mk_attributes_maker;

mk_attributes_maker *mk_attributes_maker_new(void); /* NULL: out of memory */
void mk_attributes_maker_free(mk_attributes_maker *maker);

/* Appends the line of a document that was written, LF included. The arena is the caller's
 * to reset. MK_MISMATCH: its edits are no ledger's; MK_NOMEM. */
mk_err mk_attributes_put(mk_attributes_maker *maker, const mk_pair *pair, mk_arena *arena,
                         mk_buf *out, mk_error *reterr);

typedef struct mk_attributes_files {
    const char *cleaned, *ledger;      /* of one run */
    const volatile sig_atomic_t *stop; /* as mk_clean, or NULL */
} mk_attributes_files;

/* Writes the lines of a run to out, which is empty, and gives it its final name. pool: of
 * out, with no job in it. Errors as mk_attributes; MK_STOPPED. */
mk_err mk_attributes_write(const mk_attributes_files *files, mk_outfile *out, mk_pool *pool,
                           uint64_t *ret_docs, mk_error *reterr);

#endif
