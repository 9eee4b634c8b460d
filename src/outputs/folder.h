/* folder.h: the folder that a run writes into: its lock, the names in it, and what
 * makes a name appear or vanish for good. */
#ifndef MK_FOLDER_H
#define MK_FOLDER_H

#include <stdbool.h>

#include "minkhal/text.h"
#include "write/codec.h"

#define MK_FOLDER_JOURNAL "journal.jsonl"
#define MK_FOLDER_REPORT "run.json"
#define MK_FOLDER_KEYS "dedup.keys"
#define MK_FOLDER_LOCK "lock"
#define MK_FOLDER_AUDIT "audit.jsonl" /* verdicts on a run: people's, and never removed */

/* What a run writes, each in shards of its own. */
typedef enum mk_out { MK_OUT_DATA, MK_OUT_LEDGER, MK_OUT_REJECTS, MK_N_OUTS } mk_out;

/* ---- names of shards ---- */

enum { MK_SHARD_NAME = 48 /* bytes of a shard's name with ".part" and NUL */ };

typedef struct mk_shard_id {
    mk_out kind;
    uint64_t index;
    mk_codec codec;
    bool part; /* not whole yet */
} mk_shard_id;

/* "data-00000.jsonl.gz", with ".part" behind it for one. Returns out. */
const char *mk_shard_name(mk_shard_id id, char out[MK_SHARD_NAME]);

/* The reverse; false: name is none of these. */
bool mk_shard_parse(const char *name, mk_shard_id *ret);

/* ---- the folder ---- */

typedef struct mk_folder {
    char *where; /* owned: its path with a slash at the end, for messages and opening */
    int fd;
    int lock;
} mk_folder;

/* What a folder holds. */
typedef enum mk_folder_state {
    MK_FOLDER_EMPTY,  /* nothing, or what a run leaves that had read nothing yet */
    MK_FOLDER_BEGUN,  /* a run that has not come to its end */
    MK_FOLDER_DONE,   /* a run that has */
    MK_FOLDER_FOREIGN /* something else, at least one file of it */
} mk_folder_state;

/* True if path names a folder: it ends in a slash, or there is one. */
bool mk_folder_is(const char *path);

/* Opens the folder, makes it if it is not there, and locks it. MK_EXISTS: another run
 * has the lock. MK_OUTPUT. */
mk_err mk_folder_open(const char *path, mk_folder **ret, mk_error *reterr);

/* True for what may lie beside what a run writes: verdicts, and hidden names (.DS_Store,
 * .nfs0001), which reading passes over too. */
bool mk_folder_beside(const char *name);

/* ret_name: the first foreign file, or "". Hidden names are passed over; verdicts are foreign
 * where no run is done. */
mk_err mk_folder_look(const mk_folder *folder, mk_folder_state *ret, char ret_name[256],
                      mk_error *reterr);

/* Calls `each` with every name. */
mk_err mk_folder_each(const mk_folder *folder, mk_err (*each)(void *arg, const char *name),
                      void *arg, mk_error *reterr);

/* Removes all that runs write. */
mk_err mk_folder_clear(const mk_folder *folder, mk_error *reterr);

bool mk_folder_has(const mk_folder *folder, const char *name);
mk_err mk_folder_remove(const mk_folder *folder, const char *name, mk_error *reterr);

/* name.part becomes name. Nothing happens where that has happened already. */
mk_err mk_folder_finish(const mk_folder *folder, const char *name, mk_error *reterr);

/* What happened to names is on disk. */
mk_err mk_folder_sync(const mk_folder *folder, mk_error *reterr);

/* Gives the lock back. Takes NULL. */
void mk_folder_close(mk_folder *folder);

#endif
