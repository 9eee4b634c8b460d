/* side.c: see side.h. Cases: fixtures/cli/pack_ledger, tests/release/test_release.c. */
#include "release/side.h"

enum { SEND_BYTES = 4 << 20 /* of a file, written at once */ };

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

mk_err mk_side_open(mk_side *s, const mk_side_to *to, mk_error *reterr)
{
    s->lines.max = s->stored.max = MK_BUF_MAX;
    s->bytes = 0;
    if (!s->digest && mk_checksum_open(MK_SHA256, &s->digest, reterr) != MK_OK)
        return MK_NOMEM;
    return mk_stage_file(to->stage, s->name, (mk_str){"", 0}, reterr);
}

/* Compresses what there is, and writes it where that is enough. */
static mk_err send(mk_side *s, const mk_side_to *to, bool all, mk_error *reterr)
{
    mk_err err = MK_OK;

    if (s->lines.failed)
        return no_memory(reterr);
    if (s->lines.len > 0 && (all || s->lines.len >= mk_codec_block(to->codec))) {
        err = mk_encode(to->encoder, mk_buf_str(&s->lines), &s->stored, reterr);
        mk_buf_reset(&s->lines);
    }
    if (err == MK_OK && s->stored.len > 0 && (all || s->stored.len >= SEND_BYTES)) {
        mk_checksum_add(s->digest, mk_buf_str(&s->stored));
        s->bytes += s->stored.len;
        err = mk_stage_append(to->stage, s->name, mk_buf_str(&s->stored), reterr);
        mk_buf_reset(&s->stored);
    }
    return err;
}

mk_err mk_side_send(mk_side *s, const mk_side_to *to, mk_error *reterr)
{
    return send(s, to, false, reterr);
}

mk_err mk_side_close(mk_side *s, const mk_side_to *to, mk_file *ret, mk_error *reterr)
{
    const mk_err err = send(s, to, true, reterr);

    if (err != MK_OK)
        return err;
    ret->bytes = s->bytes;
    s->name[0] = '\0';
    return mk_checksum_end_hex(s->digest, ret->sha256) ? MK_OK : no_memory(reterr);
}

void mk_side_clear(mk_side *s)
{
    mk_buf_clear(&s->lines);
    mk_buf_clear(&s->stored);
    mk_checksum_close(s->digest);
}
