/* run_file.h: run.json read again: what a finished run says of itself. */
#ifndef MK_RUN_FILE_H
#define MK_RUN_FILE_H

#include "outputs/checkpoint.h"

typedef struct mk_run_file {
    char *where;      /* owned: the folder, with a slash at its end */
    mk_buf text;      /* of run.json */
    mk_shard *shards; /* owned: n_shards of them, in order */
    size_t n_shards;
    uint64_t n_inputs;
    mk_input_counts inputs; /* their sum */
    bool inputs_add_up;     /* each of them by itself */
    mk_summary summary;     /* its numbers alone */
} mk_run_file;

/* True if path is a folder with a run.json and a journal in it. */
bool mk_run_file_is(const char *path);

/* MK_MISMATCH: it is no run.json as we write it; MK_DAMAGED: it cannot be read. */
mk_err mk_run_file_open(const char *path, mk_run_file **ret, mk_error *reterr);

/* Calls back for each input in order, with its name and what became of its records; false
 * ends it. name: lent for the call. MK_NOMEM. */
mk_err mk_run_file_each_input(const mk_run_file *file,
                              bool (*each)(void *arg, mk_str name, const mk_input_counts *counts),
                              void *arg, mk_error *reterr);

/* The paths of the shards of one kind, in order: *ret_n of them in an array that ends in
 * NULL and is freed with mk_run_paths_free. */
mk_err mk_run_file_paths(const mk_run_file *file, mk_out kind, char ***ret, size_t *ret_n,
                         mk_error *reterr);
void mk_run_paths_free(char **paths); /* takes NULL */

void mk_run_file_close(mk_run_file *file); /* takes NULL */

#endif
