/* stream.h: bytes in. A stream is a file, standard input, what decompressing
 * another stream gives, or a member of an archive.
 *
 * Bytes come in units of verification: a gzip member, a zip entry, or, where
 * the codec only tells at the end (or never), the whole stream. Small units are
 * checked before their first byte is handed on; large ones are handed on
 * unverified, and the caller must be able to take back what came of them. */
#ifndef MK_STREAM_H
#define MK_STREAM_H

#include "minkhal/minkhal.h"

typedef struct mk_stream mk_stream;

enum {
    MK_STREAM_CHUNK = 256 * 1024, /* bytes of a read(2) */
    MK_STREAM_VERIFY = 4 << 20,   /* bytes: a unit up to this is checked first */
    MK_STREAM_NESTING = 2,        /* codecs within one another, unless told */
    MK_STREAM_RATIO = 1000,       /* as mk_limits.max_ratio: gzip makes 1032 at most */
    MK_STREAM_FREE = 64 << 20     /* bytes unpacked that no ratio is asked of */
};

#define MK_STREAM_UNPACKED (UINT64_C(1) << 40) /* as mk_limits.max_unpacked */

#define MK_NO_UNIT UINT64_MAX /* of a damage that voids nothing that was read, of no place */

/* A place in a file, decoded once or not at all, from which it can be read again. */
typedef struct mk_place {
    uint64_t start;    /* where the unit that holds it begins in the file, as stored */
    uint64_t inner;    /* bytes of the unit before it, as read */
    uint64_t unit;     /* number of the unit; MK_NO_UNIT: no place is known */
    uint64_t unpacked; /* bytes that the file unpacks to before the unit */
} mk_place;

struct mk_stream {
    /* Lends the next bytes till the next call. MK_END at the end; MK_DAMAGED
     * when what follows cannot be read: the error names the stream, what is
     * wrong and the offset in the stored bytes ("crc mismatch in the member
     * that begins at byte 1234"). After MK_DAMAGED or MK_END: MK_END. */
    mk_err (*read)(mk_stream *s, mk_str *ret, mk_error *reterr);
    void (*close)(mk_stream *s); /* and what it reads from */
    const char *name;            /* for messages: path or path!member; owned */
    uint64_t unit;               /* number of the unit of the bytes lent last, from 0; after
                        MK_DAMAGED, of the unit that is damaged; MK_NO_UNIT: what was lent of it
                        is to be kept */
    bool cut;                    /* after MK_DAMAGED: a codec's bytes have ended within a unit, and
                        there was something in it. With salvage that was lent */
    bool verified;               /* that unit is known to be whole */
    bool packed;                 /* a codec made these bytes */
    uint64_t unit_start;         /* where that unit begins in the bytes underneath, as stored */
    uint64_t unit_at;            /* bytes of the unit before those lent last */
    uint64_t unit_base;          /* bytes that the file unpacks to before that unit */
    uint64_t stored;             /* bytes of the file consumed so far: for progress */
};

/* A file ("-": standard input). MK_DAMAGED with the reason in words (no such
 * file, permission denied, is a folder, not a regular file); MK_LIMIT: no more files can
 * be open. */
mk_err mk_stream_file(const char *path, mk_stream **ret, mk_error *reterr);

/* What holds for s and all that is opened upon it from now on; lent till they are
 * closed. Where *stop is set, reading ends with MK_STOPPED, also while it waits. */
void mk_stream_limit(mk_stream *s, const mk_limits *limits, const volatile sig_atomic_t *stop);

/* Looks at the first bytes of *s and, if they are those of gzip, zstd, xz or
 * bzip2, puts a decompressor in front of it (up to MK_STREAM_NESTING of them).
 * Takes *s; on failure it is closed. gzip: our own driver on zlib: all members,
 * CRC and length of each verified, zero padding after the last allowed, other
 * bytes after it are MK_DAMAGED. Others: each by its own library (unpack.c). */
mk_err mk_stream_decode(mk_stream **s, mk_error *reterr);

/* After MK_DAMAGED: true if the next read goes on with the next unit that can be
 * found behind the damage (gzip members, zstd frames); what was passed over
 * shows in unit_start. False: this kind of stream ends at a damage. */
bool mk_stream_resume(mk_stream *s);

/* The place of byte i of those lent last. */
static inline mk_place mk_stream_place(const mk_stream *s, size_t i)
{
    return (mk_place){s->unit_start, s->unit_at + i, s->unit, s->unit_base};
}

/* Makes the next read begin at a place that this stream, or one of the same file, has told.
 * All that follows is as if everything before had been read. MK_END: this kind of stream
 * cannot, and is as it was; MK_MISMATCH: the file has no such place. */
mk_err mk_stream_seek(mk_stream *s, const mk_place *place, mk_error *reterr);

/* The first bytes (at most n, fewer at the end) without consuming them. Lent
 * till the next read. n <= MK_STREAM_CHUNK. */
mk_err mk_stream_peek(mk_stream *s, size_t n, mk_str *ret, mk_error *reterr);

void mk_stream_close(mk_stream *s); /* takes NULL */

/* ---- archives ---- */

typedef struct mk_archive mk_archive;

/* True if head (512 bytes or more where there are as many) begins a tar or zip. */
bool mk_archive_is(mk_str head);

/* Takes s. libarchive, formats tar and zip by name, no filters; names are read
 * in a C.UTF-8 locale of the thread. */
mk_err mk_archive_open(mk_stream *s, mk_archive **ret, mk_error *reterr);

/* The next regular member, decoded (mk_stream_decode) and named
 * "archive!member"; valid till the next call, which closes it. Folders, links,
 * devices are skipped and counted; a name that is not UTF-8 has U+FFFD in it.
 * MK_END; MK_DAMAGED: this member or the rest of the archive is (and
 * mk_archive_next may be called again: it goes on or says MK_END). */
mk_err mk_archive_next(mk_archive *a, mk_stream **ret, mk_error *reterr);

/* From now on only members that names asks for (read/input.h) are found; the others are read
 * and passed over, and counted. names: lent till close, or NULL. */
void mk_archive_select(mk_archive *a, const mk_selection *names);
uint64_t mk_archive_left_out(const mk_archive *a);

/* The unit that the last MK_DAMAGED of mk_archive_next spoke of: what came of its
 * unverified bytes is void. */
uint64_t mk_archive_unit(const mk_archive *a);

/* Members that are no files, or stand beside the crawl of a WACZ. */
uint64_t mk_archive_skipped(const mk_archive *a);

/* Members of whose name a part begins with a point, as files in folders that are hidden. */
uint64_t mk_archive_hidden(const mk_archive *a);
void mk_archive_close(mk_archive *a); /* takes NULL */

#endif
