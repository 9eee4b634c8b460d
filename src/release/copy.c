/* copy.c: see copy.h. The file has its name when all of it is read and has the digest.
 * Cases: tests/release/test_repack.c. */
#include "release/copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "write/sink.h"

enum { CHUNK = 256 << 10 /* bytes: they stay near the processor from one use to the next */ };

static mk_err copy_bytes(mk_copy *c, mk_sink *to, mk_checksum_run *sum, char *chunk)
{
    uint64_t left = c->entry->size, offset = 0;
    int fd = -1;
    mk_err err = mk_container_fd(c->from, c->entry, &fd, &offset, &c->error);

    while (err == MK_OK && left > 0) {
        const size_t n = left < CHUNK ? (size_t)left : CHUNK;
        if (c->stop && *c->stop)
            err = mk_fail(&c->error, MK_STOPPED, "interrupted");
        if (err == MK_OK)
            err = mk_container_pread(fd, c->entry->name, offset, chunk, n, &c->error);
        if (err != MK_OK)
            break;
        mk_checksum_add(sum, (mk_str){chunk, n});
        err = mk_sink_write(to, (mk_str){chunk, n}, &c->error);
        offset += n;
        left -= n;
    }
    if (fd >= 0)
        close(fd);
    return err;
}

static mk_err no_memory(mk_copy *c)
{
    return mk_fail(&c->error, MK_NOMEM, "out of memory for a release");
}

void mk_copy_work(mk_job *job)
{
    mk_copy *const c = (mk_copy *)(void *)job;
    char path[4096], digest[MK_SHA256_HEX + 1];
    char *const chunk = malloc(CHUNK);
    mk_checksum_run *sum = NULL;
    mk_sink *to = NULL;

    c->err = chunk ? mk_checksum_open(MK_SHA256, &sum, &c->error) : no_memory(c);
    if (snprintf(path, sizeof(path), "%s/%s", c->folder, c->entry->name) >= (int)sizeof(path))
        c->err = mk_fail(&c->error, MK_OUTPUT, "cannot write '%s': the name is too long",
                         c->entry->name);
    if (c->err == MK_OK)
        c->err = mk_sink_open(path, false, &to, &c->error);
    if (c->err == MK_OK)
        c->err = copy_bytes(c, to, sum, chunk);
    if (c->err == MK_OK && !mk_checksum_end_hex(sum, digest))
        c->err = no_memory(c);
    if (c->err == MK_OK && strcmp(digest, c->sha256) != 0)
        c->err = mk_fail(&c->error, MK_MISMATCH, "'%s' has another digest than the manifest says",
                         c->entry->name);
    if (c->err == MK_OK)
        c->err = mk_sink_commit(to, &c->error);
    mk_sink_close(to);
    mk_checksum_close(sum);
    free(chunk);
}
