/* bundle.c: archives by libarchive, formats named one by one. tar is restricted pax: plain
 * ustar unless a file has 8 GiB or more. In zip everything is stored: shards are
 * compressed already, and what is stored can be read in place. A compressed tar is made
 * of independent members or frames, like a shard. Cases: tests/release/test_release.c. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#include "release/bundle.h"
#include "write/codec.h"

enum { CHUNK = 1 << 20 /* bytes moved at once; and of a member of a compressed tar */ };

static bool ends_in(mk_str name, const char *end)
{
    const mk_str e = mk_str_of(end);

    return name.len > e.len && mk_str_eq(mk_str_sub(name, name.len - e.len, name.len), e);
}

mk_bundle mk_bundle_of(const char *path)
{
    const mk_str name = mk_str_of(path);

    if (ends_in(name, ".tar"))
        return MK_BUNDLE_TAR;
    if (ends_in(name, ".tar.gz"))
        return MK_BUNDLE_TAR_GZ;
    if (ends_in(name, ".tar.zst"))
        return MK_BUNDLE_TAR_ZST;
    return ends_in(name, ".zip") ? MK_BUNDLE_ZIP : MK_BUNDLE_FOLDER;
}

typedef struct bundle {
    const mk_bundle_io *io;
    mk_encoder *encoder;  /* of a compressed tar */
    mk_buf plain, packed; /* of a compressed tar: a member's bytes */
    struct archive *writer;
    char *chunk;
    mk_err err; /* of io or codec */
    mk_error *reterr;
} bundle;

static mk_err send(bundle *b, bool all)
{
    while (b->err == MK_OK && (b->plain.len >= CHUNK || (all && b->plain.len > 0))) {
        const size_t n = b->plain.len < CHUNK ? b->plain.len : CHUNK;
        mk_buf_reset(&b->packed);
        b->err = mk_encode(b->encoder, mk_str_sub(mk_buf_str(&b->plain), 0, n), &b->packed,
                           b->reterr);
        if (b->err == MK_OK)
            b->err = b->io->write(b->io->arg, mk_buf_str(&b->packed), b->reterr);
        memmove(b->plain.ptr, b->plain.ptr + n, b->plain.len - n);
        b->plain.len -= n;
    }
    return b->err;
}

/* Never fails for libarchive, which would not free what it has for a writer that has failed:
 * what comes behind an error goes nowhere. */
static la_ssize_t on_write(struct archive *writer, void *arg, const void *bytes, size_t n)
{
    bundle *const b = arg;
    const mk_str s = {bytes, n};

    if (b->err == MK_OK && !b->encoder) {
        b->err = b->io->write(b->io->arg, s, b->reterr);
    } else if (b->err == MK_OK) {
        mk_buf_put(&b->plain, s);
        if (b->plain.failed)
            b->err = mk_fail(b->reterr, MK_NOMEM, "out of memory for an archive");
        else
            send(b, false);
    }
    (void)writer;
    return (la_ssize_t)n;
}

static mk_err fail(bundle *b)
{
    const char *const why = archive_error_string(b->writer);

    if (b->err != MK_OK)
        return b->err;
    return mk_fail(b->reterr, archive_errno(b->writer) == ENOMEM ? MK_NOMEM : MK_OUTPUT,
                   "cannot write an archive: %s", why ? why : "no reason was given");
}

static bool set_up(bundle *b, mk_bundle kind)
{
    struct archive *const w = b->writer;
    const bool zip = kind == MK_BUNDLE_ZIP;

    if ((zip ? archive_write_set_format_zip(w) : archive_write_set_format_pax_restricted(w)) !=
        ARCHIVE_OK)
        return false;
    if (zip && archive_write_zip_set_compression_store(w) != ARCHIVE_OK)
        return false;
    return archive_write_add_filter_none(w) == ARCHIVE_OK &&
           archive_write_set_bytes_per_block(w, 512 * 128) == ARCHIVE_OK &&
           archive_write_set_bytes_in_last_block(w, 1) == ARCHIVE_OK &&
           archive_write_open(w, b, NULL, on_write, NULL) == ARCHIVE_OK;
}

static bool put_header(bundle *b, mk_bundle kind, const mk_bundle_entry *entry, int64_t epoch)
{
    struct archive_entry *const e = archive_entry_new();
    bool good = false;

    if (!e) {
        b->err = mk_fail(b->reterr, MK_NOMEM, "out of memory for an archive");
        return false;
    }
    archive_entry_set_pathname(e, entry->name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_uid(e, 0);
    archive_entry_set_gid(e, 0);
    archive_entry_set_size(e, (la_int64_t)entry->size);
    if (kind != MK_BUNDLE_ZIP)
        archive_entry_set_mtime(e, (time_t)epoch, 0);
    good = archive_write_header(b->writer, e) == ARCHIVE_OK;
    archive_entry_free(e);
    return good;
}

static bool put_data(bundle *b, size_t entry, uint64_t size)
{
    uint64_t at = 0;

    while (at < size && b->err == MK_OK) {
        const size_t n = size - at < CHUNK ? (size_t)(size - at) : CHUNK;
        b->err = b->io->read(b->io->arg, entry, at, b->chunk, n, b->reterr);
        if (b->err != MK_OK || archive_write_data(b->writer, b->chunk, n) != (la_ssize_t)n)
            return false;
        at += n;
    }
    return b->err == MK_OK;
}

mk_err mk_bundle_write(mk_bundle kind, const mk_bundle_entry *entries, size_t n, int64_t epoch,
                       const mk_bundle_io *io, mk_error *reterr)
{
    bundle b = {
        .io = io, .reterr = reterr, .plain = {.max = MK_BUF_MAX}, .packed = {.max = MK_BUF_MAX}};
    mk_err err = MK_OK;
    bool good;

    b.writer = archive_write_new();
    b.chunk = malloc(CHUNK);
    if (!b.writer || !b.chunk) {
        err = mk_fail(reterr, MK_NOMEM, "out of memory for an archive");
        goto out;
    }
    if (kind == MK_BUNDLE_TAR_GZ || kind == MK_BUNDLE_TAR_ZST)
        err = mk_encoder_open(kind == MK_BUNDLE_TAR_GZ ? MK_CODEC_GZ : MK_CODEC_ZST, 0, &b.encoder,
                              reterr);
    if (err != MK_OK)
        goto out;
    good = set_up(&b, kind);
    for (size_t i = 0; good && i < n; i++)
        good = put_header(&b, kind, &entries[i], epoch) && put_data(&b, i, entries[i].size) &&
               archive_write_finish_entry(b.writer) == ARCHIVE_OK && b.err == MK_OK;
    good = good && archive_write_close(b.writer) == ARCHIVE_OK && b.err == MK_OK;
    if (!good)
        err = fail(&b);
    else if (b.encoder)
        err = send(&b, true);
out:
    b.err = b.err == MK_OK ? err : b.err; /* then no end is written */
    archive_write_free(b.writer);
    mk_encoder_close(b.encoder);
    free(b.chunk);
    mk_buf_clear(&b.plain);
    mk_buf_clear(&b.packed);
    return err;
}
