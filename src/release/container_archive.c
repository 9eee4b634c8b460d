/* container_archive.c: where the files of a tar or a zip lie. Only what mk_bundle_write
 * makes is understood: plain entries of ustar, pax headers for sizes that ustar cannot
 * hold, zip entries that are stored. Anything else is said to be not of its making; the
 * frame is compared byte for byte when a release is verified.
 *
 * Facts: POSIX.1-2017, pax; APPNOTE.TXT of PKWARE 6.3, 4.3 and 4.5.3 (zip64).
 * Cases: tests/release/test_release.c. */
#include "release/container.h"

/* ---- tar ---- */

enum { BLOCK = 512, SIZE_AT = 124, TIME_AT = 136, TYPE_AT = 156, PREFIX_AT = 345 };

static mk_err not_ours(const mk_container *c, uint64_t at, mk_error *reterr)
{
    return mk_fail(reterr, MK_MISMATCH, "the archive '%s' is not as minkhal made it, at byte %llu",
                   c->path, (unsigned long long)at);
}

/* Octal digits with an end; false if there is something else. */
static bool octal(const char *field, size_t n, uint64_t *ret)
{
    uint64_t value = 0;
    size_t i = 0;

    for (; i < n && field[i] >= '0' && field[i] <= '7'; i++)
        value = value * 8 + (uint64_t)(field[i] - '0');
    *ret = value;
    return i > 0 && (i == n || field[i] == ' ' || field[i] == '\0');
}

/* The size that a pax header of n bytes at `at` tells of the next entry. */
static mk_err pax_size(mk_container *c, uint64_t at, uint64_t n, uint64_t *ret, mk_error *reterr)
{
    char text[1024];
    const char *found;

    if (n >= sizeof(text))
        return not_ours(c, at, reterr);
    const mk_err err = mk_container_bytes(c, at, text, (size_t)n, reterr);
    if (err != MK_OK)
        return err;
    text[n] = '\0';
    found = strstr(text, " size=");
    if (!found)
        return not_ours(c, at, reterr);
    *ret = 0;
    for (found += 6; *found >= '0' && *found <= '9' && *ret < UINT64_MAX / 100; found++)
        *ret = *ret * 10 + (uint64_t)(*found - '0');
    return *found == '\n' ? MK_OK : not_ours(c, at, reterr);
}

static bool is_zero(const char *block)
{
    for (size_t i = 0; i < BLOCK; i++)
        if (block[i])
            return false;
    return true;
}

mk_err mk_container_tar(mk_container *c, mk_error *reterr)
{
    char block[BLOCK];
    uint64_t at = 0, size, told = UINT64_MAX, when;
    mk_err err;

    while ((err = mk_container_bytes(c, at, block, BLOCK, reterr)) == MK_OK) {
        mk_container_entry *entry;
        if (is_zero(block))
            return MK_OK; /* the rest is compared when the frame is */
        if (memcmp(block + 257, "ustar", 6) != 0 || !octal(block + SIZE_AT, 12, &size) ||
            !octal(block + TIME_AT, 12, &when) || block[PREFIX_AT])
            return not_ours(c, at, reterr);
        if (block[TYPE_AT] == 'x') {
            err = pax_size(c, at + BLOCK, size, &told, reterr);
            if (err != MK_OK)
                return err;
            at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
            continue;
        }
        if (block[TYPE_AT] != '0' || !memchr(block, '\0', 100))
            return not_ours(c, at, reterr);
        if (told != UINT64_MAX)
            size = told;
        told = UINT64_MAX;
        if (size > c->size - at - BLOCK)
            return mk_fail(reterr, MK_DAMAGED, "'%s' ends too early", c->path);
        if (c->n == 0)
            c->epoch = (int64_t)when;
        entry = mk_container_add(c, mk_str_of(block), reterr);
        if (!entry)
            return MK_NOMEM;
        entry->size = size;
        entry->offset = at + BLOCK;
        at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    return err;
}

/* ---- zip ---- */

enum {
    END_BYTES = 22,
    END64_BYTES = 56,
    LOCATOR_BYTES = 20,
    CENTRAL_BYTES = 46,
    LOCAL_BYTES = 30,
    NAME_MOST = 256
};

static uint64_t number(const unsigned char *at, int n)
{
    uint64_t value = 0;

    while (n-- > 0)
        value = value << 8 | at[n];
    return value;
}

/* Where the central directory is, and how many entries it has. */
static mk_err zip_directory(mk_container *c, uint64_t *ret_at, uint64_t *ret_n, mk_error *reterr)
{
    unsigned char end[END_BYTES], locator[LOCATOR_BYTES], end64[END64_BYTES];
    const uint64_t at = c->size < END_BYTES ? 0 : c->size - END_BYTES;
    mk_err err = mk_container_bytes(c, at, end, sizeof(end), reterr);

    if (err == MK_OK && memcmp(end, "PK\5\6", 4) != 0)
        err = not_ours(c, at, reterr);
    if (err != MK_OK)
        return err;
    *ret_n = number(end + 10, 2);
    *ret_at = number(end + 16, 4);
    if (*ret_n != 0xFFFF && *ret_at != 0xFFFFFFFF)
        return MK_OK;
    if (at < LOCATOR_BYTES)
        return not_ours(c, at, reterr);
    err = mk_container_bytes(c, at - LOCATOR_BYTES, locator, sizeof(locator), reterr);
    if (err == MK_OK && memcmp(locator, "PK\6\7", 4) != 0)
        err = not_ours(c, at, reterr);
    if (err == MK_OK)
        err = mk_container_bytes(c, number(locator + 8, 8), end64, sizeof(end64), reterr);
    if (err == MK_OK && memcmp(end64, "PK\6\6", 4) != 0)
        err = not_ours(c, at, reterr);
    if (err != MK_OK)
        return err;
    *ret_n = number(end64 + 32, 8);
    *ret_at = number(end64 + 48, 8);
    return MK_OK;
}

/* Of an entry, from its extra field: what its header has no room for. */
static void zip64(mk_str extra, uint64_t *size, uint64_t *stored, uint64_t *where)
{
    uint64_t *const fields[] = {size, stored, where};
    const unsigned char *const bytes = (const unsigned char *)extra.ptr;
    size_t at = 0;

    while (at + 4 <= extra.len) {
        const size_t n = (size_t)number(bytes + at + 2, 2);
        const bool is_it = number(bytes + at, 2) == 1;
        size_t from = at + 4;
        at = from + n;
        if (!is_it || at > extra.len)
            continue;
        for (size_t i = 0; i < 3; i++)
            if (*fields[i] == 0xFFFFFFFF && from + 8 <= at) {
                *fields[i] = number(bytes + from, 8);
                from += 8;
            }
    }
}

static mk_err zip_entry(mk_container *c, uint64_t *at, mk_error *reterr)
{
    unsigned char head[CENTRAL_BYTES], local[LOCAL_BYTES];
    char rest[NAME_MOST * 2];
    mk_err err = mk_container_bytes(c, *at, head, sizeof(head), reterr);
    mk_container_entry *entry;

    if (err != MK_OK)
        return err;
    const size_t name = (size_t)number(head + 28, 2), extra = (size_t)number(head + 30, 2);
    uint64_t stored = number(head + 20, 4), size = number(head + 24, 4);
    uint64_t where = number(head + 42, 4);
    if (memcmp(head, "PK\1\2", 4) != 0 || number(head + 10, 2) != 0 || name > NAME_MOST ||
        extra > NAME_MOST || name == 0)
        return not_ours(c, *at, reterr);
    err = mk_container_bytes(c, *at + CENTRAL_BYTES, rest, name + extra, reterr);
    if (err != MK_OK)
        return err;
    zip64((mk_str){rest + name, extra}, &size, &stored, &where);
    if (size != stored || memchr(rest, '\0', name))
        return not_ours(c, *at, reterr);
    err = mk_container_bytes(c, where, local, sizeof(local), reterr);
    if (err != MK_OK)
        return err;
    where += LOCAL_BYTES + number(local + 26, 2) + number(local + 28, 2);
    if (memcmp(local, "PK\3\4", 4) != 0 || where > c->size || size > c->size - where)
        return not_ours(c, *at, reterr);
    entry = mk_container_add(c, (mk_str){rest, name}, reterr);
    if (!entry)
        return MK_NOMEM;
    entry->size = size;
    entry->offset = where;
    *at += CENTRAL_BYTES + name + extra + number(head + 32, 2);
    return MK_OK;
}

mk_err mk_container_zip(mk_container *c, mk_error *reterr)
{
    uint64_t at = 0, n = 0;
    mk_err err = zip_directory(c, &at, &n, reterr);

    if (err == MK_OK && n > c->size / CENTRAL_BYTES)
        return not_ours(c, c->size, reterr);
    for (uint64_t i = 0; err == MK_OK && i < n; i++)
        err = zip_entry(c, &at, reterr);
    return err;
}
