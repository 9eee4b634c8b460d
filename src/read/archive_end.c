/* archive_end.c: does an archive end where it should? libarchive 3.6.2 takes
 * the end of the bytes for the end of a tar, reads nothing after a tar's end
 * mark, looks for the next zip member by its signature (so that a damaged one
 * vanishes) and needs no zip directory. Each would be a silent loss.
 *
 * Sources: POSIX pax, "ustar Interchange Format"; PKWARE APPNOTE 6.3, 4.3.14
 * to 4.3.16. */
#include <stdlib.h>
#include <string.h>

#include "read/stream_private.h"

enum {
    RECORD_SIZE = 22, /* bytes of a zip's end of central directory */
    COMMENT_MAX = 65535,
    LOCATOR_SIZE = 20, /* bytes of the zip64 locator before it */
    ZIP64_SIZE = 56,   /* bytes of the zip64 record, without extensions */
    /* Bytes that are remembered: the end of a zip with the longest comment, or
     * a member's header with the longest name and extra field and what
     * libarchive has read beyond it. */
    TAIL_SIZE = 4 * 65536
};

mk_err mk_archive_end_init(mk_archive_end *end, mk_error *reterr)
{
    *end = (mk_archive_end){.tail = malloc(TAIL_SIZE)};
    return end->tail ? MK_OK : mk_stream_nomem(reterr);
}

void mk_archive_end_clear(mk_archive_end *end)
{
    free(end->tail);
    *end = (mk_archive_end){0};
}

void mk_archive_end_see(mk_archive_end *end, mk_str bytes)
{
    size_t last = bytes.len;

    while (last > 0 && bytes.ptr[last - 1] == 0)
        last--;
    if (last > 0)
        end->nonzero = end->total + last;
    end->total += bytes.len;
    if (bytes.len > TAIL_SIZE)
        bytes = mk_str_sub(bytes, bytes.len - TAIL_SIZE, bytes.len);
    /* The byte at offset i of the archive is at i modulo TAIL_SIZE. */
    while (bytes.len > 0) {
        const size_t at = (size_t)((end->total - bytes.len) % TAIL_SIZE);
        const size_t n = bytes.len < TAIL_SIZE - at ? bytes.len : TAIL_SIZE - at;
        memcpy(end->tail + at, bytes.ptr, n);
        bytes = mk_str_sub(bytes, n, bytes.len);
    }
}

/* size bytes, little-endian, that begin `back` bytes before the end. */
static uint64_t number_at(const mk_archive_end *end, uint64_t back, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = size; i-- > 0;) {
        const size_t at = (size_t)((end->total - back + i) % TAIL_SIZE);
        value = value << 8 | (unsigned char)end->tail[at];
    }
    return value;
}

bool mk_archive_end_sees(const mk_archive_end *end, uint64_t at, mk_zip_part part)
{
    const uint64_t back = end->total - at;
    uint64_t signature;

    if (at > end->total || back < 4 || back > TAIL_SIZE)
        return false;
    signature = number_at(end, back, 4);
    if (part == MK_ZIP_MEMBER)
        return signature == 0x04034B50;                        /* "PK\3\4" */
    return signature == 0x02014B50 ||                          /* "PK\1\2", its first member */
           signature == 0x06054B50 || signature == 0x06064B50; /* empty */
}

mk_err mk_archive_end_tar(const mk_archive_end *end, uint64_t at, const char *name,
                          mk_error *reterr)
{
    if (at >= end->total)
        return mk_fail(reterr, MK_DAMAGED, "truncated tar '%s': no end mark at byte %llu", name,
                       (unsigned long long)end->total);
    if (end->nonzero > at)
        return mk_fail(reterr, MK_DAMAGED, "bytes after the end mark of tar '%s' at byte %llu",
                       name, (unsigned long long)at);
    return MK_END;
}

/* ---- zip ---- */

/* Members by the zip64 record, if there is one before the record that begins
 * `back` bytes before the end. */
static bool find_zip64(const mk_archive_end *end, uint64_t back, uint64_t *ret_n)
{
    const uint64_t most = end->total < TAIL_SIZE ? end->total : TAIL_SIZE;

    if (back + LOCATOR_SIZE > most ||
        number_at(end, back + LOCATOR_SIZE, 4) != 0x07064B50) /* "PK\6\7" */
        return false;
    for (uint64_t b = back + LOCATOR_SIZE + ZIP64_SIZE; b <= most; b++) {
        if (number_at(end, b, 4) == 0x06064B50) { /* "PK\6\6" */
            *ret_n = number_at(end, b - 32, 8);
            return true;
        }
    }
    return false;
}

/* Members by the end of the central directory. */
static bool find_count(const mk_archive_end *end, uint64_t *ret_n)
{
    const uint64_t most = end->total < TAIL_SIZE ? end->total : TAIL_SIZE;

    for (uint64_t back = RECORD_SIZE; back <= most && back <= RECORD_SIZE + COMMENT_MAX; back++) {
        if (number_at(end, back, 4) != 0x06054B50 || /* "PK\5\6" */
            number_at(end, back - 20, 2) != back - RECORD_SIZE)
            continue; /* its comment would not end the file */
        *ret_n = number_at(end, back - 10, 2);
        if (*ret_n == 0xFFFF) /* or just as many, without zip64 */
            (void)find_zip64(end, back, ret_n);
        return true;
    }
    return false;
}

mk_err mk_archive_end_zip(const mk_archive_end *end, uint64_t n, const char *name, mk_error *reterr)
{
    uint64_t n_listed = 0;

    if (!find_count(end, &n_listed))
        return mk_fail(reterr, MK_DAMAGED,
                       "truncated zip '%s': no end of its directory before byte %llu", name,
                       (unsigned long long)end->total);
    if (n_listed != n)
        return mk_fail(reterr, MK_DAMAGED,
                       "damaged zip '%s': its directory lists %llu members, %llu were found", name,
                       (unsigned long long)n_listed, (unsigned long long)n);
    return MK_END;
}
