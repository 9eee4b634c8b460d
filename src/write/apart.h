/* apart.h: outputs that must not be what is read, nor each other. Files are told by what
 * they are, not by name: a link, another path to the folder, ./ before it make no difference. */
#ifndef MK_APART_H
#define MK_APART_H

#include "minkhal/minkhal.h"

/* MK_OPTION, with both names, if a path of outputs is the same file as one of inputs or as
 * another output, or is there and lies in an input that is a folder, or is a folder and an
 * input lies in it. NULL and "-" are
 * passed over, and so is what is no regular file and no folder (/dev/null). A path that is
 * not there yet is told by its folder and its last name. */
mk_err mk_apart(const char *const outputs[], size_t n_outputs, const char *const inputs[],
                size_t n_inputs, mk_error *reterr);

#endif
