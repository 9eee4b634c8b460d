/* fd.h: what is asked of a descriptor as a whole, whatever interrupts it. */
#ifndef MK_FD_H
#define MK_FD_H

#include "minkhal/text.h"

/* Writes all of bytes. 0, or an errno: some of them may be written then. A write that moves
 * nothing and does not say why is ENOSPC. */
int mk_fd_write(int fd, mk_str bytes);

/* One write of that, for who looks at something between two. *ret: bytes that were written; 0
 * with no error: it was interrupted, or has waited for room. */
int mk_fd_write_some(int fd, mk_str bytes, size_t *ret);

/* What was written is on disk. 0, or an errno. One that failed is not to be tried again: the
 * kernel may have dropped the pages, and say so once. */
int mk_fd_sync(int fd);

/* The same of a folder: there are file systems whose folders need no sync, or know none. */
int mk_fd_sync_folder(int fd);

#endif
