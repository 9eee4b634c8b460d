/* input.h: paths of the command line as a list of files. */
#ifndef MK_INPUT_H
#define MK_INPUT_H

#include "minkhal/minkhal.h"

typedef struct mk_input {
    char *path;             /* to open; "-" is standard input. Owned */
    char *name;             /* for `source`: the file's name, or its path below the folder
                   that was given. The same from any working folder. Owned */
    uint64_t size;          /* bytes; 0 if unknown */
    uint64_t device, inode; /* which file it is; 0 if unknown */
    bool found;             /* in a folder, not named by the caller */
} mk_input;

typedef struct mk_inputs {
    mk_input *items; /* n of them: as given, folders in byte order of names */
    size_t n;
    size_t n_others;       /* behind those: of other parts */
    size_t n_again, again; /* of them, files that are listed before; the place of one */
    uint64_t n_skipped;    /* in folders: links, devices, names that begin with . */
    uint64_t n_links;      /* of them, links to files */
    uint64_t n_runs;       /* folders of finished runs, which may have no documents */
    uint64_t n_left_out;   /* files in folders that were not asked for by name */
} mk_inputs;

/* True if a file of that name, inside the folder or archive that is the input, is asked
 * for by include and exclude. names NULL: all are. */
bool mk_inputs_wants(const mk_selection *names, const char *name);

/* Walks folders for what names asks for. Links in them are followed to files, if names says
 * so, and never to folders: the walk ends. A path that cannot be
 * opened is listed all the same, so that reading it fails by name. A folder that cannot be
 * read: on_problem is told, the rest goes on. MK_NOMEM. */
mk_err mk_inputs_list(const char *const *paths, size_t n, const mk_selection *names,
                      void (*on_problem)(void *arg, const char *text), void *arg, mk_inputs *ret,
                      mk_error *reterr);

/* The same of one path, with the papers and ledgers of a release: of its folder the other
 * lists its documents. */
mk_err mk_inputs_list_all(const char *path, void (*on_problem)(void *arg, const char *text),
                          void *arg, mk_inputs *ret, mk_error *reterr);
void mk_inputs_clear(mk_inputs *inputs);

/* Leaves those of one part, from 1, of n_parts, in their order. Which part a file is of its
 * path as given tells, of one in a folder its name there, and nothing else: the first 64 bits
 * of the SHA-256, big-endian, modulo n_parts. MK_OPTION: there is no such part, or one of the
 * inputs is standard input; MK_NOMEM. */
mk_err mk_inputs_part(mk_inputs *inputs, uint64_t part, uint64_t n_parts, mk_error *reterr);

/* True if path is one of the files, of other parts too, or the folder that one of them is in. */
bool mk_inputs_has(const mk_inputs *inputs, const char *path);

#endif
