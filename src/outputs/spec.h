/* spec.h: all that the bytes of a run depend on, as JSON: the version, the chain, the
 * texts of lexicons, the options, the inputs. Two runs with the same one write the same
 * bytes; a run can be resumed by one with the same, and no other. */
#ifndef MK_SPEC_H
#define MK_SPEC_H

#include "base/buf.h"
#include "read/input.h"
#include "chain/chain.h"
#include "write/codec.h"

/* Of the journal and run.json: one more whenever a line of either comes to hold something else.
 * 1: the first. 2: the place inside a file, and what a rule leaves for review. */
enum { MK_RUN_FORMAT = 2 };

typedef struct mk_spec {
    const mk_chain *chain;
    const mk_clean_options *options; /* with the defaults filled in */
    mk_codec codec;
    const mk_inputs *inputs;
} mk_spec;

/* Appends ",\"key\":value" members. Reads the ends of each input, and the files that
 * options name. MK_OPTION: one of those cannot be read; MK_NOMEM. */
mk_err mk_spec_put(const mk_spec *spec, mk_buf *out, mk_error *reterr);

/* object: a journal's first line, or run.json. MK_MISMATCH: it is of another format, or of none. */
mk_err mk_spec_check_format(mk_str object, mk_error *reterr);

/* was and now: objects with the members of mk_spec_put, besides others that are left
 * out of account. MK_MISMATCH: they differ, and in what. */
mk_err mk_spec_compare(mk_str was, mk_str now, mk_error *reterr);

#endif
