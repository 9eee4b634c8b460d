/* archive.c: tar and zip as streams, one a member, by libarchive. Formats are
 * named one by one: all of them together take JSONL for mtree, and filters can
 * start programs. Zip is read front to back, by its local headers, so that it
 * may come from a pipe; a link in a zip is a file with its target as content. Of a zip
 * whose name ends in .wacz (WACZ 1.1.1, Webrecorder) the crawl files in archive/ are
 * read: the other members are indexes, logs and lists of what those hold. Hidden members
 * are passed over, as hidden files are in folders.
 *
 * Refuses: encrypted members, sparse ones (their holes cost nothing to make),
 * zip members compressed with lzma or xz (libarchive bounds no memory there),
 * archives that end too early or too late. Names open nothing. */
#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/input.h"
#include "read/stream_private.h"

typedef struct member {
    mk_decoder decoder;
    mk_archive *archive; /* lent */
    mk_str block;        /* given by libarchive and not yet handed on */
    int64_t offset;      /* in the member, of what follows block */
    bool done;           /* its end was reached */
} member;

struct mk_archive {
    mk_stream *source; /* owned */
    struct archive *reader;
    locale_t locale; /* C.UTF-8, for names; or 0 */
    mk_archive_end end;
    mk_stream *member; /* owned; the one handed out last, or NULL */
    uint64_t unit, bad_unit;
    uint64_t n_members, n_skipped, n_hidden, n_left_out;
    const mk_selection *names;     /* lent; NULL: all members are wanted */
    uint64_t unpacked;             /* bytes of all members so far */
    mk_str ahead;                  /* of the source, not yet given to libarchive */
    struct archive_entry *waiting; /* found, but told of something else first */
    bool opened, over;
    bool wacz;         /* by its name */
    bool failed;       /* the last member could not be read to its end */
    mk_err source_err; /* what read of source said, if not MK_OK */
    mk_error source_error;
};

/* ---- tar or zip? ---- */

enum { TAR_HEADER = 512, TAR_CHECKSUM = 148, TAR_MAGIC = 257 };

/* The number in the checksum field, or -1. */
static long tar_checksum(const char *field)
{
    long value = 0;
    int i = 0;

    while (i < 8 && field[i] == ' ')
        i++;
    if (i == 8 || field[i] < '0' || field[i] > '7')
        return -1;
    for (; i < 8 && field[i] >= '0' && field[i] <= '7'; i++)
        value = value * 8 + (field[i] - '0');
    return i < 8 && (field[i] == ' ' || field[i] == 0) ? value : -1;
}

/* A header as before POSIX: nothing but its checksum tells. */
static bool is_old_tar(mk_str head)
{
    const long want = tar_checksum(head.ptr + TAR_CHECKSUM);
    long sum = 8 * ' '; /* the field itself counts as spaces */

    if (head.ptr[0] == 0)
        return false;
    for (size_t i = 0; i < TAR_HEADER; i++)
        if (i < TAR_CHECKSUM || i >= TAR_CHECKSUM + 8)
            sum += (unsigned char)head.ptr[i];
    return sum == want;
}

bool mk_archive_is(mk_str head)
{
    if (head.len >= 4 && (memcmp(head.ptr, "PK\3\4", 4) == 0 || memcmp(head.ptr, "PK\5\6", 4) == 0))
        return true;
    if (head.len < TAR_HEADER)
        return head.len >= TAR_MAGIC + 6 && memcmp(head.ptr + TAR_MAGIC, "ustar", 6) == 0;
    return memcmp(head.ptr + TAR_MAGIC, "ustar", 6) == 0 ||   /* POSIX */
           memcmp(head.ptr + TAR_MAGIC, "ustar  ", 8) == 0 || /* GNU */
           is_old_tar(head);
}

/* ---- libarchive ---- */

/* Reads the source and watches its end. In small pieces, so that what is
 * watched is never far from where libarchive stands. */
static mk_err read_source(mk_archive *a, mk_str *ret)
{
    enum { PIECE = 64 * 1024 /* bytes */ };
    size_t n;

    if (a->ahead.len == 0 && a->source_err == MK_OK)
        a->source_err = a->source->read(a->source, &a->ahead, &a->source_error);
    if (a->source_err != MK_OK)
        return a->source_err;
    n = a->ahead.len < PIECE ? a->ahead.len : PIECE;
    *ret = mk_str_sub(a->ahead, 0, n);
    a->ahead = mk_str_sub(a->ahead, n, a->ahead.len);
    mk_archive_end_see(&a->end, *ret);
    return MK_OK;
}

static la_ssize_t on_read(struct archive *reader, void *arg, const void **ret)
{
    mk_archive *const a = arg;
    mk_str bytes = {0};
    const mk_err err = read_source(a, &bytes);

    if (err == MK_OK) {
        *ret = bytes.ptr;
        return (la_ssize_t)bytes.len;
    }
    if (err == MK_END)
        return 0;
    archive_set_error(reader, EIO, "%s", "the source failed");
    return ARCHIVE_FATAL;
}

/* Why libarchive failed at `what`: the source's own words, or libarchive's. */
static mk_err fail_archive(mk_archive *a, const char *what, const char *name, uint64_t at,
                           mk_error *reterr)
{
    const char *const why = archive_error_string(a->reader);
    const bool capital = why && why[0] >= 'A' && why[0] <= 'Z' && why[1] >= 'a' && why[1] <= 'z';

    if (a->source_err != MK_OK && a->source_err != MK_END)
        return mk_fail(reterr, a->source_err, "%s", a->source_error.text);
    if (archive_errno(a->reader) == ENOMEM)
        return mk_stream_nomem(reterr);
    if (!why || !why[0])
        return mk_fail(reterr, MK_DAMAGED, "%s '%s' at byte %llu", what, name,
                       (unsigned long long)at);
    return mk_fail(reterr, MK_DAMAGED, "%s '%s' at byte %llu: %c%.*s", what, name,
                   (unsigned long long)at, capital ? why[0] - 'A' + 'a' : why[0],
                   (int)strcspn(why + 1, "\n"), why + 1); /* some end in LF */
}

static int open_reader(mk_archive *a)
{
    if (archive_read_support_format_tar(a->reader) != ARCHIVE_OK ||
        archive_read_support_format_zip_streamable(a->reader) != ARCHIVE_OK ||
        archive_read_set_read_callback(a->reader, on_read) != ARCHIVE_OK ||
        archive_read_set_callback_data(a->reader, a) != ARCHIVE_OK)
        return ARCHIVE_FATAL;
    return archive_read_open1(a->reader);
}

/* Where the last header began, or was looked for. */
static uint64_t header_at(const mk_archive *a)
{
    const la_int64_t at = archive_read_header_position(a->reader);

    return at > 0 ? (uint64_t)at : 0;
}

static bool is_zip(const mk_archive *a)
{
    return (archive_format(a->reader) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
}

/* The next header. Names are converted in it, so it needs a locale with UTF-8;
 * the thread's is left as it was. */
static int next_header(mk_archive *a, struct archive_entry **ret)
{
    const locale_t before = uselocale(a->locale);
    int result = ARCHIVE_OK;

    if (!a->opened)
        result = open_reader(a);
    a->opened = true;
    if (result == ARCHIVE_OK)
        result = archive_read_next_header(a->reader, ret);
    uselocale(before);
    return result;
}

/* The member's name as it is stored. Lent by the entry; NULL: it has none. */
static const char *path_of(const mk_archive *a, struct archive_entry *entry)
{
    const locale_t before = uselocale(a->locale);
    const char *name = archive_entry_pathname(entry);

    if (!name || !name[0]) /* a name that is not what its flag says */
        name = archive_entry_pathname_utf8(entry);
    uselocale(before);
    return name;
}

/* "archive!member"; owned by the caller, NULL if out of memory. */
static char *name_of(mk_archive *a, struct archive_entry *entry)
{
    const char *name = path_of(a, entry);
    char *clean, *full = NULL;
    char number[32];

    if (!name || !name[0]) {
        snprintf(number, sizeof(number), "member %llu", (unsigned long long)a->n_members);
        name = number;
    }
    clean = mk_name_clean(mk_str_of(name), true);
    if (clean && asprintf(&full, "%s!%s", a->source->name, clean) < 0)
        full = NULL;
    free(clean);
    return full;
}

/* ---- members ---- */

static mk_err member_fill(mk_decoder *d, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                          mk_error *reterr)
{
    member *const m = (member *)d;
    struct archive *const reader = m->archive->reader;

    if (m->done)
        return MK_END; /* a member is one unit */
    if (m->block.len == 0) {
        const void *bytes = NULL;
        size_t size = 0;
        la_int64_t offset = 0;
        const int result = archive_read_data_block(reader, &bytes, &size, &offset);

        if (result == ARCHIVE_EOF) {
            m->done = true;
            *ret_n = 0;
            *ret_whole = true;
            return MK_OK;
        }
        if (result == ARCHIVE_FATAL)
            m->archive->over = true;
        if (result != ARCHIVE_OK) { /* a zip's wrong crc is but a warning */
            const la_int64_t at = archive_filter_bytes(reader, -1);
            m->archive->failed = true;
            return fail_archive(m->archive,
                                m->archive->over ? "cannot read on from member" : "damaged member",
                                d->body.name, at > 0 ? (uint64_t)at : 0, reterr);
        }
        if (offset != m->offset)
            return mk_fail(reterr, MK_DAMAGED, "hole in member '%s' at byte %lld", d->body.name,
                           (long long)m->offset);
        m->block = (mk_str){bytes, size};
        m->offset += (la_int64_t)size;
    }
    *ret_n = m->block.len < room ? m->block.len : room;
    if (*ret_n > 0) {
        memcpy(to, m->block.ptr, *ret_n);
        m->block = mk_str_sub(m->block, *ret_n, m->block.len);
    }
    return MK_OK;
}

/* A decoder for the member that libarchive stands at. */
static mk_err open_member(mk_archive *a, const char *name, mk_stream **ret, mk_error *reterr)
{
    member *const m = mk_body_new(sizeof(*m), mk_str_of(name));

    if (!m)
        return mk_stream_nomem(reterr);
    m->decoder.body.pull = mk_decoder_pull;
    m->decoder.body.finish = mk_decoder_finish;
    m->decoder.body.unit = &a->unit;
    m->decoder.body.pub.unit = a->unit;
    m->decoder.fill = member_fill;
    m->decoder.body.unpacked = &a->unpacked;
    m->decoder.source = a->source; /* lent */
    m->decoder.body.limits = ((mk_body *)a->source)->limits;
    m->decoder.body.stop = ((mk_body *)a->source)->stop;
    m->archive = a;
    *ret = &m->decoder.body.pub;
    return MK_OK;
}

/* MK_OK if the member can be read. */
static mk_err check_member(mk_archive *a, struct archive_entry *entry, const char *name,
                           mk_error *reterr)
{
    const char *const format = archive_format_name(a->reader);
    const char *why = NULL;

    if (archive_entry_is_encrypted(entry))
        why = "encrypted";
    else if (archive_entry_sparse_count(entry) > 0)
        why = "sparse";
    else if (format && (strstr(format, "(lzma)") || strstr(format, "(xz)")))
        why = "compressed with lzma or xz, which needs unknown memory";
    else if (archive_entry_filetype(entry) != AE_IFREG)
        why = "a folder with content"; /* a file whose name was damaged */
    if (!why)
        return MK_OK;
    return mk_fail(reterr, MK_DAMAGED, "member '%s' is %s", name, why);
}

static bool is_wacz(const char *name)
{
    const mk_str end = MK_STR(".wacz"), s = mk_str_of(name);

    return s.len > end.len && memcmp(s.ptr + s.len - end.len, end.ptr, end.len) == 0;
}

/* Members of a WACZ that are no crawl file: their text would come again, or is none. */
static bool is_beside(const mk_archive *a, struct archive_entry *entry)
{
    const mk_str crawls = MK_STR("archive/");
    const char *const name = a->wacz ? archive_entry_pathname(entry) : NULL;

    return a->wacz && (!name || strncmp(name, crawls.ptr, crawls.len) != 0);
}

/* In folders such files are left out, so they are here: ".x", ".git/x", "__MACOSX/._x"; not
 * "./x" and "../x". */
static bool is_hidden(const mk_archive *a, struct archive_entry *entry)
{
    const char *name = path_of(a, entry);

    while (name && *name) {
        const size_t n = strcspn(name, "/");

        if (name[0] == '.' && n != 1 && !(n == 2 && name[1] == '.'))
            return true;
        name += n + (name[n] == '/');
    }
    return false;
}

/* Members that were not asked for. */
static bool is_left_out(const mk_archive *a, struct archive_entry *entry)
{
    const char *name = a->names ? path_of(a, entry) : NULL;

    while (name && strncmp(name, "./", 2) == 0)
        name += 2;
    return a->names && !mk_inputs_wants(a->names, name ? name : "");
}

/* Folders, links, devices. A folder of some size is none. */
static bool is_skipped(struct archive_entry *entry)
{
    if (archive_entry_hardlink(entry))
        return true;
    if (archive_entry_filetype(entry) == AE_IFDIR)
        return archive_entry_size(entry) <= 0;
    return archive_entry_filetype(entry) != AE_IFREG;
}

/* ---- the archive ---- */

mk_err mk_archive_open(mk_stream *s, mk_archive **ret, mk_error *reterr)
{
    mk_archive *const a = calloc(1, sizeof(*a));
    mk_err err;

    if (!a) {
        mk_stream_close(s);
        return mk_stream_nomem(reterr);
    }
    a->source = s;
    a->wacz = is_wacz(s->name);
    a->reader = archive_read_new();
    err = mk_archive_end_init(&a->end, reterr);
    a->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (err == MK_OK && !a->reader)
        err = mk_stream_nomem(reterr);
    if (err == MK_OK && !a->locale)
        err = mk_fail(reterr, MK_LIMIT,
                      "cannot read names in '%s': no C.UTF-8 locale, or no memory for it", s->name);
    if (err != MK_OK) {
        mk_archive_close(a);
        return err;
    }
    *ret = a;
    return MK_OK;
}

/* The next unit begins, unless the source may yet void the last. */
static void step_unit(mk_archive *a)
{
    if (a->source->verified)
        a->unit++;
}

/* A failure of the archive itself: of what unit? */
static mk_err spoil(mk_archive *a, mk_err err)
{
    a->bad_unit = a->unit++;
    return err;
}

/* In a zip libarchive looks for the next header over any bytes; those that it
 * passed over were a member, once. */
static mk_err check_gap(mk_archive *a, mk_zip_part part, mk_error *reterr)
{
    const uint64_t at = header_at(a);

    if (!is_zip(a) || a->failed || mk_archive_end_sees(&a->end, at, part))
        return MK_OK;
    return mk_fail(reterr, MK_DAMAGED, "bytes of no member in zip '%s' at byte %llu",
                   a->source->name, (unsigned long long)at);
}

/* libarchive has seen the end of the archive: is it the end of the source? */
static mk_err check_end(mk_archive *a, mk_error *reterr)
{
    const uint64_t at = header_at(a);
    const mk_err gap = check_gap(a, MK_ZIP_DIRECTORY, reterr);
    mk_str rest;

    while (read_source(a, &rest) == MK_OK) /* which verifies it, too */
        continue;
    if (a->source_err != MK_END)
        return mk_fail(reterr, a->source_err, "%s", a->source_error.text);
    if (gap != MK_OK)
        return gap;
    if (is_zip(a))
        return mk_archive_end_zip(&a->end, a->n_members, a->source->name, reterr);
    return mk_archive_end_tar(&a->end, at, a->source->name, reterr);
}

/* The next header, of whatever it is; MK_END, MK_DAMAGED. */
static mk_err find_entry(mk_archive *a, struct archive_entry **ret, mk_error *reterr)
{
    mk_err err;
    int result;

    if (a->waiting) {
        *ret = a->waiting;
        a->waiting = NULL;
        return MK_OK;
    }
    if (a->over)
        return MK_END;
    result = next_header(a, ret);
    if (result == ARCHIVE_EOF) {
        a->over = true;
        return check_end(a, reterr);
    }
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        /* Behind a damaged tar header nothing can be trusted. */
        a->over = result != ARCHIVE_FAILED || !is_zip(a);
        a->failed = true;
        return fail_archive(a, "damaged archive", a->source->name, header_at(a), reterr);
    }
    a->n_members++;
    err = check_gap(a, MK_ZIP_MEMBER, reterr);
    a->failed = false;
    if (err != MK_OK)
        a->waiting = *ret;
    return err;
}

/* Opens the member that entry is the header of. */
static mk_err enter_member(mk_archive *a, struct archive_entry *entry, mk_error *reterr)
{
    char *const name = name_of(a, entry);
    mk_err err;

    if (!name)
        return mk_stream_nomem(reterr);
    err = check_member(a, entry, name, reterr);
    if (err == MK_OK)
        err = open_member(a, name, &a->member, reterr);
    free(name);
    return err;
}

static void leave_member(mk_archive *a)
{
    if (!a->member)
        return;
    /* Of a bomb nothing more is read. */
    if (mk_body_check((mk_body *)a->member, a->source->stored, NULL) != MK_OK)
        a->over = true;
    mk_stream_close(a->member);
    a->member = NULL;
    step_unit(a);
}

/* Reads a member and hands on nothing of it: what is damaged is told of. */
static mk_err pass_member(mk_archive *a, struct archive_entry *entry, mk_error *reterr)
{
    mk_err err = enter_member(a, entry, reterr);
    mk_str bytes;

    if (err != MK_OK)
        return spoil(a, err);
    assert(a->member);
    while (err == MK_OK)
        err = a->member->read(a->member, &bytes, reterr);
    if (err != MK_END)
        a->bad_unit = a->member->unit;
    leave_member(a);
    return err == MK_END ? MK_OK : err;
}

mk_err mk_archive_next(mk_archive *a, mk_stream **ret, mk_error *reterr)
{
    struct archive_entry *entry = NULL;
    mk_err err;

    leave_member(a);
    while ((err = find_entry(a, &entry, reterr)) == MK_OK) {
        if (is_skipped(entry)) {
            a->n_skipped++;
            continue;
        }
        uint64_t *const count = is_beside(a, entry)     ? &a->n_skipped
                                : is_hidden(a, entry)   ? &a->n_hidden
                                : is_left_out(a, entry) ? &a->n_left_out
                                                        : NULL;
        if (!count)
            break;
        ++*count;
        err = pass_member(a, entry, reterr);
        if (err != MK_OK)
            return err;
    }
    if (err == MK_OK)
        err = enter_member(a, entry, reterr);
    if (err == MK_OK)
        err = mk_stream_decode(&a->member, reterr);
    if (err == MK_OK)
        *ret = a->member;
    return err == MK_OK || err == MK_END ? err : spoil(a, err);
}

void mk_archive_select(mk_archive *a, const mk_selection *names)
{
    a->names = names;
}

uint64_t mk_archive_hidden(const mk_archive *a)
{
    return a->n_hidden;
}

uint64_t mk_archive_left_out(const mk_archive *a)
{
    return a->n_left_out;
}

uint64_t mk_archive_skipped(const mk_archive *a)
{
    return a->n_skipped;
}

uint64_t mk_archive_unit(const mk_archive *a)
{
    return a->bad_unit;
}

void mk_archive_close(mk_archive *a)
{
    if (!a)
        return;
    mk_stream_close(a->member);
    archive_read_free(a->reader); /* takes NULL */
    mk_archive_end_clear(&a->end);
    if (a->locale)
        freelocale(a->locale);
    mk_stream_close(a->source);
    free(a);
}
