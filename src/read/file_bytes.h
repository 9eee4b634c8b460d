/* file_bytes.h: all of a small file at once: a list, a lexicon, a report. */
#ifndef MK_FILE_BYTES_H
#define MK_FILE_BYTES_H

#include "base/buf.h"
#include "read/stream.h"

typedef enum mk_file_form {
    MK_FILE_STORED, /* the bytes as they are */
    MK_FILE_DECODED /* what they unpack to */
} mk_file_form;

/* Appends all of a file ("-": standard input) to out, whose ceiling is the limit. The error
 * names the file. MK_LIMIT: larger than that, or too many open files; MK_NOMEM; else as
 * mk_stream_file and what it reads. */
mk_err mk_file_bytes(const char *path, mk_file_form form, mk_buf *out, mk_error *reterr);

/* The same of a file that an option names: one that cannot be read is MK_OPTION, for without
 * it nothing can be done. */
mk_err mk_file_option(const char *path, mk_file_form form, mk_buf *out, mk_error *reterr);

#endif
