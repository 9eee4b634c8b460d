/* side.h: a file of lines that is made beside the documents of a release: compressed
 * member by member, digested, and written as it comes. */
#ifndef MK_SIDE_H
#define MK_SIDE_H

#include "release/manifest.h"
#include "release/stage.h"
#include "write/codec.h"

/* What all sides of a release have in common. Lent. */
typedef struct mk_side_to {
    mk_stage *stage;
    mk_encoder *encoder;
    mk_codec codec;
} mk_side_to;

typedef struct mk_side {
    char name[96]; /* empty: none is open */
    mk_buf lines, stored;
    mk_checksum_run *digest;
    uint64_t bytes;
} mk_side;

/* Begins the file of that name, which the caller has put into side->name. */
mk_err mk_side_open(mk_side *side, const mk_side_to *to, mk_error *reterr);

/* What was appended to side->lines since: whole lines. */
mk_err mk_side_send(mk_side *side, const mk_side_to *to, mk_error *reterr);

/* The file is whole; its bytes and digest are put into *ret. */
mk_err mk_side_close(mk_side *side, const mk_side_to *to, mk_file *ret, mk_error *reterr);
void mk_side_clear(mk_side *side);

#endif
