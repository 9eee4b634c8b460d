/* bundle.h: a release as one file: tar, compressed tar, or zip. The same entries make the
 * same bytes: names come sorted, owner and group are 0, modes 0644, times given. */
#ifndef MK_BUNDLE_H
#define MK_BUNDLE_H

#include "minkhal/text.h"

typedef enum mk_bundle {
    MK_BUNDLE_FOLDER, /* none: files in a folder */
    MK_BUNDLE_TAR,
    MK_BUNDLE_TAR_GZ,
    MK_BUNDLE_TAR_ZST,
    MK_BUNDLE_ZIP
} mk_bundle;

typedef struct mk_bundle_entry {
    const char *name; /* ASCII */
    uint64_t size;
} mk_bundle_entry;

typedef struct mk_bundle_io {
    /* n bytes of an entry, exactly. */
    mk_err (*read)(void *arg, size_t entry, uint64_t offset, char *to, size_t n, mk_error *reterr);
    mk_err (*write)(void *arg, mk_str bytes, mk_error *reterr);
    void *arg;
} mk_bundle_io;

/* By the end of the name. */
mk_bundle mk_bundle_of(const char *path);

/* Writes n entries in their order. epoch: seconds, of tar; zip holds no time, because
 * its local time would depend on where it is made. Anything but FOLDER. */
mk_err mk_bundle_write(mk_bundle kind, const mk_bundle_entry *entries, size_t n, int64_t epoch,
                       const mk_bundle_io *io, mk_error *reterr);

#endif
