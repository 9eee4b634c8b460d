/* sized.c: one record after the other, by the lengths that they give. A record is
 * handed on when what follows it can follow it: else its length is not true. Then the
 * next record is looked for behind its header, so that a length that is too large
 * swallows none.
 *
 * Refuses headers above MK_FRAME_HEAD and what is no record; both are named with their
 * place, and reading goes on. Cases: tests/read/test_read_warc.c. */
#include "read/sized.h"

#include <stdlib.h>
#include <string.h>

#include "read/frame.h"

typedef struct sized {
    const mk_sized_kind *kind;
    mk_frame frame;
    uint64_t max_doc;
    uint64_t number;
    uint64_t lent;      /* bytes of the record that was handed on, not yet consumed */
    bool long_one;      /* it was above max_doc */
    bool after;         /* a record ends here: its line breaks follow */
    mk_frame_where was; /* where it began */
} sized;

mk_err mk_sized_open(const mk_sized_kind *kind, mk_stream *s, const mk_read_options *options,
                     void **ret, mk_error *reterr)
{
    sized *const z = calloc(1, sizeof(*z));
    mk_err err;

    if (!z)
        return mk_fail(reterr, MK_NOMEM, "out of memory to read %s", s->name);
    z->kind = kind;
    z->max_doc = options->max_doc < SIZE_MAX / 4 ? options->max_doc : SIZE_MAX / 4;
    err = mk_frame_init(&z->frame, s, z->max_doc, reterr);
    if (err != MK_OK)
        mk_sized_close(z);
    else
        *ret = z;
    return err;
}

void mk_sized_close(void *state)
{
    sized *const z = state;

    if (!z)
        return;
    mk_frame_clear(&z->frame);
    free(z);
}

void mk_sized_renumber(void *state, uint64_t number)
{
    ((sized *)state)->number = number - 1;
}

mk_str mk_sized_head(mk_str head)
{
    const mk_str mark = MK_STR("\xEF\xBB\xBF");

    if (head.len < mark.len || memcmp(head.ptr, mark.ptr, mark.len) != 0)
        return head;
    return mk_str_sub(head, mark.len, head.len);
}

/* ---- what is no record ---- */

/* Looks for the next record. Says `what` of the place where, and how much was passed
 * over. MK_DAMAGED. */
static mk_err pass_over(sized *z, const char *what, mk_frame_where where, uint64_t n,
                        mk_record *ret, mk_error *reterr)
{
    const uint64_t begin = z->frame.pos;
    const mk_err err = mk_frame_find(&z->frame, z->kind->is_start, reterr);

    if (err != MK_OK)
        return err;
    z->after = false;
    *ret = (mk_record){.unit = MK_NO_UNIT};
    return mk_fail(reterr, MK_DAMAGED, "%s %s: %llu bytes passed over", what,
                   mk_frame_tell(&z->frame, where).text,
                   (unsigned long long)(n + z->frame.pos - begin));
}

/* The same behind the first n bytes of the window, which are no record either. */
static mk_err pass_head(sized *z, const char *what, size_t n, mk_record *ret, mk_error *reterr)
{
    const mk_frame_where where = mk_frame_here(&z->frame);

    mk_frame_skip(&z->frame, n);
    return pass_over(z, what, where, n, ret, reterr);
}

/* ---- between records ---- */

/* Consumes what is left of a record above max_doc; *ret_whole: all of it came. */
static mk_err pass_long(sized *z, bool *ret_whole, mk_error *reterr)
{
    mk_frame *const f = &z->frame;
    bool first = true;

    while (z->lent > 0) {
        const mk_err err = mk_frame_need(f, MK_FRAME_HEAD, reterr);
        const mk_str window = mk_frame_window(f);
        size_t n = z->lent < window.len ? (size_t)z->lent : window.len;
        size_t unit = first ? 1 : 0;
        if (err != MK_OK)
            return err;
        /* A compressed part that begins with a record: the length was not true. */
        while (unit < n && !mk_frame_begins_unit(f, unit))
            unit = mk_frame_next_unit(f, unit);
        if (unit < n && z->kind->is_start(mk_str_sub(window, unit, window.len))) {
            mk_frame_skip(f, unit);
            break;
        }
        n = unit < n && unit > 0 ? unit : n;
        if (n == 0)
            break;
        mk_frame_skip(f, n);
        z->lent -= n;
        first = false;
    }
    *ret_whole = z->lent == 0;
    return MK_OK;
}

/* Consumes line breaks. MK_DAMAGED: the file ends before those of its last record. */
static mk_err pass_breaks(sized *z, mk_record *ret, mk_error *reterr)
{
    mk_frame *const f = &z->frame;
    unsigned n_breaks = 0;

    for (;;) {
        const mk_err err = mk_frame_need(f, 1, reterr);
        const mk_str window = mk_frame_window(f);
        size_t n = 0;
        if (err != MK_OK)
            return err;
        while (n < window.len && (window.ptr[n] == '\n' || window.ptr[n] == '\r'))
            n_breaks += window.ptr[n++] == '\n';
        mk_frame_skip(f, n);
        if (n < window.len || window.len == 0)
            break;
    }
    /* Where a codec has checked the end, writers that forget them do no harm. */
    if (f->end != MK_END || mk_frame_window(f).len > 0 || !z->after || f->stream->packed ||
        n_breaks >= z->kind->n_breaks)
        return MK_OK;
    z->after = false;
    *ret = (mk_record){.unit = MK_NO_UNIT};
    return mk_fail(reterr, MK_DAMAGED, "truncated end of the record that begins at %s",
                   mk_frame_tell(f, z->was).text);
}

/* Consumes the record handed on last and what parts it from the next. */
static mk_err pass_lent(sized *z, mk_record *ret, mk_error *reterr)
{
    bool whole = true;
    mk_err err = MK_OK;

    if (z->long_one) {
        err = pass_long(z, &whole, reterr);
    } else {
        mk_frame_skip(&z->frame, (size_t)z->lent);
    }
    if (err != MK_OK)
        return err;
    z->long_one = false;
    z->lent = 0;
    if (!whole && z->frame.end != MK_DAMAGED) {
        z->after = false;
        *ret = (mk_record){.unit = MK_NO_UNIT};
        return mk_fail(reterr, MK_DAMAGED, "truncated record that begins at %s",
                       mk_frame_tell(&z->frame, z->was).text);
    }
    return pass_breaks(z, ret, reterr);
}

/* ---- a record ---- */

/* Measures the record that the window begins with. MK_DAMAGED. */
static mk_err measure(sized *z, mk_sized_header *ret_header, mk_record *ret, mk_error *reterr)
{
    mk_frame *const f = &z->frame;
    const size_t magic = 5; /* bytes that begin no other record */

    for (size_t want = 1;; want = want < 1024 ? 1024 : 2 * want) {
        const mk_err err = mk_frame_need(f, want, reterr);
        mk_str window = mk_frame_window(f);
        if (err != MK_OK)
            return err;
        if (window.len > MK_FRAME_HEAD)
            window.len = MK_FRAME_HEAD;
        if (!z->kind->measure(window, ret_header))
            return pass_head(z, "no length in the header of the record that begins at", magic, ret,
                             reterr);
        if (ret_header->len > 0)
            return MK_OK;
        if (window.len == MK_FRAME_HEAD)
            return pass_head(z, "header above 64 KiB of the record that begins at", magic, ret,
                             reterr);
        if (window.len < want && f->end == MK_DAMAGED)
            return mk_frame_damage(f, ret, reterr);
        if (window.len < want)
            return pass_head(z, "truncated header of the record that begins at", magic, ret,
                             reterr);
    }
}

/* True if what stands behind a record's n bytes may: line breaks, the end, or, where
 * a compressed part begins, another record. */
static bool ends_well(const sized *z, size_t n)
{
    const mk_frame *const f = &z->frame;
    const mk_str rest = mk_str_sub(mk_frame_window(f), n, mk_frame_window(f).len);

    if (rest.len == 0 || rest.ptr[0] == '\n')
        return true;
    if (rest.ptr[0] == '\r')
        return rest.len == 1 || rest.ptr[1] == '\n';
    return (z->kind->loose || mk_frame_begins_unit(f, n)) && z->kind->is_start(rest);
}

/* True if ends_well can tell: line breaks, which are all that the last record of a
 * compressed part has behind it, need no look at the next part. */
static bool sees_end(const mk_frame *f, size_t n)
{
    const mk_str window = mk_frame_window(f);

    if (window.len <= n)
        return false;
    const mk_str rest = mk_str_sub(window, n, window.len);
    return rest.ptr[0] == '\n' || (rest.ptr[0] == '\r' && rest.len > 1);
}

/* True if the record whose header begins at window offset `at` goes on with the record
 * that the window begins with, as its segment n. *ret_len: its bytes. */
static bool is_segment(const sized *z, size_t at, uint64_t n, size_t *ret_len, bool *ret_last)
{
    const mk_str window = mk_frame_window(&z->frame), rest = mk_str_sub(window, at, window.len);
    const mk_str head = mk_str_sub(rest, 0, rest.len < MK_FRAME_HEAD ? rest.len : MK_FRAME_HEAD);
    mk_sized_header header;

    if (!z->kind->is_start(head) || !z->kind->measure(head, &header) || header.len == 0 ||
        !z->kind->goes_on(window, mk_str_sub(head, 0, header.len), n, ret_last) ||
        at > z->max_doc || header.block > z->max_doc - at)
        return false;
    *ret_len = header.len + (size_t)header.block;
    return true;
}

/* *n: bytes of the first segment, which the window begins with, and then of all of them,
 * if they follow: else each is a record of its own. */
static mk_err take_segments(sized *z, size_t *n, mk_error *reterr)
{
    mk_frame *const f = &z->frame;
    size_t end = *n, len;
    bool last = false;

    for (uint64_t number = 2; !last; number++) {
        mk_err err = mk_frame_need(f, end + MK_FRAME_HEAD, reterr);
        if (err != MK_OK)
            return err;
        const mk_str window = mk_frame_window(f);
        while (end < window.len && (window.ptr[end] == '\r' || window.ptr[end] == '\n'))
            end++;
        if (end == window.len || !is_segment(z, end, number, &len, &last))
            return MK_OK;
        end += len;
        err = mk_frame_need(f, end + 2, reterr);
        if (err != MK_OK)
            return err;
        if (mk_frame_window(f).len < end || !ends_well(z, end))
            return MK_OK;
    }
    *n = end;
    return MK_OK;
}

/* Hands on the record with that header that the window begins with. */
static mk_err lend(sized *z, const mk_sized_header *header, mk_record *ret, mk_error *reterr)
{
    mk_frame *const f = &z->frame;
    const size_t head = header->len;
    const uint64_t block = header->block;
    const bool long_one = block > z->max_doc;
    size_t n = head + (size_t)(long_one ? MK_FRAME_HEAD : block);
    const size_t behind = z->kind->loose ? MK_FRAME_HEAD : 16; /* what ends_well looks at */
    mk_err err = mk_frame_need(f, n, reterr);

    if (err == MK_OK && !long_one && !sees_end(f, n))
        err = mk_frame_need(f, n + behind, reterr);
    if (err != MK_OK)
        return err;
    const size_t have = mk_frame_window(f).len;
    if (have < n && f->end == MK_DAMAGED)
        return mk_frame_damage(f, ret, reterr);
    if (have < n)
        return pass_head(z, "truncated record that begins at", head, ret, reterr);
    if (!long_one && !ends_well(z, n))
        return pass_head(z, "wrong length in the header of the record that begins at", head, ret,
                         reterr);
    if (header->segmented && !long_one)
        err = take_segments(z, &n, reterr);
    if (err != MK_OK)
        return err;
    *ret = (mk_record){.bytes = mk_str_sub(mk_frame_window(f), 0, n), .number = ++z->number};
    mk_frame_place(f, n, ret);
    z->was = mk_frame_here(f);
    z->lent = long_one ? head + block : n;
    z->long_one = long_one;
    z->after = true;
    return MK_OK;
}

mk_err mk_sized_next(void *state, mk_record *ret, mk_error *reterr)
{
    sized *const z = state;
    mk_frame *const f = &z->frame;
    mk_sized_header header = {0};
    mk_err err = pass_lent(z, ret, reterr);

    if (err == MK_OK)
        err = mk_frame_need_line(f, reterr);
    if (err != MK_OK)
        return err;
    if (mk_frame_window(f).len == 0) {
        if (f->end == MK_DAMAGED)
            return mk_frame_damage(f, ret, reterr);
        z->after = false;
        return f->end;
    }
    if (f->pos == 0 && z->kind->is_start(mk_sized_head(mk_frame_window(f))))
        mk_frame_skip(f, mk_frame_window(f).len - mk_sized_head(mk_frame_window(f)).len);
    if (!z->kind->is_start(mk_frame_window(f))) {
        const mk_frame_where where = mk_frame_here(f);
        return pass_over(z, "no record at", where, 0, ret, reterr);
    }
    err = measure(z, &header, ret, reterr);
    if (err != MK_OK)
        return err;
    if (header.block > UINT64_MAX - MK_FRAME_HEAD)
        return pass_head(z, "wrong length in the header of the record that begins at", header.len,
                         ret, reterr);
    return lend(z, &header, ret, reterr);
}
