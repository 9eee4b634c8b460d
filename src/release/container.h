/* container.h: the files of a release, wherever they are: in a folder, a tar or a zip.
 * In a folder hidden names (.git, .gitattributes, .cache, .DS_Store) are passed over, as
 * reading does: who keeps or carries a release puts them there. So are empty folders. Any part of a file can be read without what stands before it. A compressed tar is
 * unpacked to a temporary file without a name first. */
#ifndef MK_CONTAINER_H
#define MK_CONTAINER_H

#include "base/arena.h"
#include "base/buf.h"
#include "read/stream.h"
#include "release/bundle.h"

typedef struct mk_container_entry {
    const char *name; /* "data/..."; the container's */
    uint64_t size;
    uint64_t offset; /* in the archive */
} mk_container_entry;

typedef struct mk_container {
    char *path; /* as given, owned */
    mk_bundle kind;
    int fd;                    /* of the archive */
    uint64_t size;             /* of the archive */
    int64_t epoch;             /* of a tar: the time of its first entry */
    mk_container_entry *items; /* n of them, in byte order of names; owned */
    size_t n, items_size;
    const char *passed; /* of a folder: the first name, in byte order, that was passed over */
    size_t n_passed;
    mk_arena *arena;
    int open_fd; /* of a folder: the file read last */
    size_t open_entry;
} mk_container;

/* stop: ends the unpacking of a compressed tar with MK_STOPPED; NULL: nobody stops it.
 * MK_DAMAGED: it is not there or cannot be read. MK_MISMATCH: an archive's frame is not
 * as mk_bundle_write makes it; a name twice; what is no file. */
mk_err mk_container_open(const char *path, const volatile sig_atomic_t *stop, mk_container **ret,
                         mk_error *reterr);

/* Tells what was passed over, if anything was; on_message may be NULL. */
void mk_container_tell(const mk_container *c, void (*on_message)(void *arg, const char *text),
                       void *arg);

/* NULL: there is none. */
const mk_container_entry *mk_container_find(const mk_container *c, const char *name);

/* n bytes from offset on, exactly. MK_DAMAGED. */
mk_err mk_container_read(mk_container *c, const mk_container_entry *entry, uint64_t offset,
                         char *to, size_t n, mk_error *reterr);

/* A descriptor of the caller's own from which the entry can be read on any thread: its bytes
 * begin at *ret_offset. MK_DAMAGED. */
mk_err mk_container_fd(const mk_container *c, const mk_container_entry *entry, int *ret_fd,
                       uint64_t *ret_offset, mk_error *reterr);

/* n bytes of such a descriptor, exactly; name: of the entry, for errors. */
mk_err mk_container_pread(int fd, const char *name, uint64_t offset, char *to, size_t n,
                          mk_error *reterr);

/* The entry of that name, which must be there with that many bytes. MK_MISMATCH. */
mk_err mk_container_expect(const mk_container *c, const char *name, uint64_t bytes,
                           const mk_container_entry **ret, mk_error *reterr);

/* A whole file of max bytes at most. */
mk_err mk_container_load(mk_container *c, const char *name, uint64_t max, mk_buf *out,
                         mk_error *reterr);

/* Of an archive: it is what mk_bundle_write makes of its entries, byte for byte (of a
 * compressed tar, what it unpacks to). MK_MISMATCH. */
mk_err mk_container_check_frame(mk_container *c, mk_error *reterr);
/* An entry as a stream. It lends c. */
mk_err mk_container_stream(mk_container *c, const mk_container_entry *entry, mk_stream **ret,
                           mk_error *reterr);
void mk_container_close(mk_container *c); /* takes NULL */

/* ---- for the formats ---- */

mk_container_entry *mk_container_add(mk_container *c, mk_str name, mk_error *reterr);
mk_err mk_container_tar(mk_container *c, mk_error *reterr);
mk_err mk_container_zip(mk_container *c, mk_error *reterr);

/* n bytes of the archive itself. */
mk_err mk_container_bytes(mk_container *c, uint64_t offset, void *to, size_t n, mk_error *reterr);

#endif
