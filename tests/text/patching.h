/* patching.h: what patches make of a text, for the tests of operations. */
#ifndef MK_TEST_PATCHING_H
#define MK_TEST_PATCHING_H

#include <stdlib.h>

#include "base/buf.h"
#include "text/patch.h"

#include "support.h"

/* text with patches applied, owned by the caller. Fails the test if they are not
 * in order, or cut a character. */
static inline mk_str patched(mk_str text, const mk_patches *patches)
{
    mk_buf out = {.max = MK_BUF_MAX};
    size_t at = 0;

    ck_assert(!patches->nomem);
    for (size_t i = 0; i < patches->n; i++) {
        const mk_patch_item *const p = &patches->items[i];
        ck_assert_uint_ge(p->at, at);
        ck_assert_uint_le(p->at + p->len, text.len);
        const mk_str was = mk_str_sub(text, p->at, p->at + p->len);
        ck_assert_uint_eq(mk_utf8_valid(was), was.len);
        ck_assert_msg(!mk_str_eq(was, p->with), "a patch that changes nothing");
        mk_buf_put(&out, mk_str_sub(text, at, p->at));
        mk_buf_put(&out, p->with);
        at = p->at + p->len;
    }
    mk_buf_put(&out, mk_str_sub(text, at, text.len));
    mk_buf_putc(&out, '\0');
    ck_assert(!out.failed);
    return (mk_str){out.ptr, out.len - 1};
}

static inline uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Up to max code points of alphabet into out, which has 4 * max bytes. */
static inline mk_str random_of(uint32_t *state, mk_str alphabet, uint32_t max, char *out)
{
    uint32_t cps[512];
    size_t n = 0, len = 0;

    for (size_t at = 0; at < alphabet.len && n < 512;)
        cps[n++] = mk_utf8_next(alphabet, &at);
    for (uint32_t left = next_random(state) % (max + 1); left > 0; left--)
        len += mk_utf8_put(out + len, cps[next_random(state) % n]);
    return (mk_str){out, len};
}

#endif
