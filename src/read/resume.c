/* resume.c: the next unit behind a damaged one. Its magic is looked for from the
 * byte behind the beginning of the damaged unit, because what was taken for its
 * data may hold the beginning of the next. A unit that is found so and proves
 * damaged too is passed over in silence: the magic can stand in any data.
 *
 * Bytes of a damaged unit are kept up to HISTORY: where it was longer, the search
 * begins where the damage was found. Cases: tests/read/test_resume.c. */
#include <string.h>

#include "read/stream_private.h"

enum { HISTORY = 1 << 20 /* bytes: a unit that is not large, compressed, has seldom more */ };

void mk_decoder_unmark(mk_decoder *d)
{
    d->marked = false;
    mk_buf_reset(&d->history);
}

void mk_decoder_mark(mk_decoder *d)
{
    mk_decoder_unmark(d);
    d->history.max = HISTORY;
    d->marked = true;
}

void mk_decoder_keep(mk_decoder *d, size_t n)
{
    mk_buf_put(&d->history, mk_str_sub(d->in, 0, n));
    if (d->history.failed) /* too long, or no memory to be thorough */
        mk_decoder_unmark(d);
}

/* Makes in what was kept, with what follows it. */
static mk_err replay(mk_decoder *d, mk_error *reterr)
{
    const mk_buf kept = d->history;

    d->marked = false;
    d->history = (mk_buf){.max = MK_BUF_MAX, .ptr = kept.ptr, .size = kept.size, .len = kept.len};
    mk_buf_put(&d->history, d->in);
    if (d->history.failed)
        return mk_stream_nomem(reterr);
    d->in_offset -= kept.len;
    const mk_buf next = d->history;
    d->history = d->replay;
    d->replay = next;
    mk_buf_reset(&d->history);
    d->in = mk_buf_str(&d->replay);
    return MK_OK;
}

/* Adds the source's next bytes to those of in, which are few. */
static mk_err extend(mk_decoder *d, mk_error *reterr)
{
    const mk_str few = d->in;
    mk_err err;

    d->history.max = MK_BUF_MAX;
    mk_buf_reset(&d->history);
    mk_buf_put(&d->history, few);
    if (d->history.failed)
        return mk_stream_nomem(reterr);
    d->in = (mk_str){0};
    err = mk_decoder_more(d, reterr);
    if (err != MK_OK)
        return err;
    d->in_offset += few.len; /* they were never consumed */
    return replay(d, reterr);
}

mk_err mk_decoder_find(mk_decoder *d, mk_error *reterr)
{
    const mk_str magic = d->magic;

    mk_decoder_unmark(d);
    for (;;) {
        mk_err err = mk_decoder_more(d, reterr);
        if (err != MK_OK)
            return err;
        const char *const found = magic.len > 0 && d->in.len > 0
                                      ? memmem(d->in.ptr, d->in.len, magic.ptr, magic.len)
                                      : NULL;
        if (found) {
            mk_decoder_consume(d, (size_t)(found - d->in.ptr));
            return MK_OK;
        }
        const size_t keep = magic.len > 0 && !d->in_end ? magic.len - 1 : 0;
        if (d->in.len > keep)
            mk_decoder_consume(d, d->in.len - keep);
        if (d->in_end)
            return MK_OK;
        if (keep > 0)
            err = extend(d, reterr);
        if (err != MK_OK)
            return err;
    }
}

mk_err mk_decoder_seek(mk_decoder *d, mk_error *reterr)
{
    mk_err err = MK_OK;

    d->seeking = true;
    d->lost = false;
    d->large = d->between = d->cut = false;
    d->unit_at = 0;
    if (d->marked) {
        err = replay(d, reterr);
        if (err == MK_OK) /* or the same would be found again */
            mk_decoder_consume(d, d->in.len > 0);
    }
    if (err == MK_OK)
        err = mk_decoder_find(d, reterr);
    return err == MK_OK ? d->restart(d, reterr) : err;
}

void mk_decoder_resume(mk_body *body)
{
    mk_decoder *const d = (mk_decoder *)body;

    d->lost = true;
}
