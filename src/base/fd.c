/* fd.c: see fd.h. Facts from write(2), fsync(2). Cases: tests/write/test_sink.c. */
#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { WRITE_PART = 1 << 30 /* bytes: under the kernel's limit of one write */ };

int mk_fd_write_some(int fd, mk_str bytes, size_t *ret)
{
    const ssize_t n = write(fd, bytes.ptr, bytes.len < WRITE_PART ? bytes.len : WRITE_PART);

    *ret = n > 0 ? (size_t)n : 0;
    if (n > 0 || bytes.len == 0)
        return 0;
    if (n == 0)
        return ENOSPC;
    if (errno == EAGAIN) /* a terminal or pipe that its other user made non-blocking */
        poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
    else if (errno != EINTR)
        return errno;
    return 0;
}

int mk_fd_write(int fd, mk_str bytes)
{
    int error = 0;
    size_t n;

    while (bytes.len > 0 && error == 0) {
        error = mk_fd_write_some(fd, bytes, &n);
        bytes = mk_str_sub(bytes, n, bytes.len);
    }
    return error;
}

int mk_fd_sync(int fd)
{
    while (fsync(fd) != 0)
        if (errno != EINTR) /* that did not finish: no failure */
            return errno;
    return 0;
}

int mk_fd_sync_folder(int fd)
{
    const int error = mk_fd_sync(fd);

    return error == EINVAL ? 0 : error;
}
