/* buf.h: growable bytes, born with a ceiling. */
#ifndef MK_BUF_H
#define MK_BUF_H

#include <stdarg.h>

#include "minkhal/text.h"

/* Starts as {.max = ceiling}. A write that fails (no memory, or past max) sets
 * failed and leaves the content as it was; later writes do nothing. So a chain
 * of writes needs one check at its end. full tells which of the two it was. */
typedef struct mk_buf {
    char *ptr; /* owned */
    size_t len, size, max;
    bool failed, full; /* full: past max, and memory had nothing to do with it */
} mk_buf;

enum { MK_BUF_MAX = 1 << 30 }; /* bytes: the usual ceiling */

/* Room for n more bytes: where they go, or NULL (and failed). */
char *mk_buf_room(mk_buf *buf, size_t n);
void mk_buf_put(mk_buf *buf, mk_str s);
void mk_buf_putc(mk_buf *buf, char c);
void mk_buf_put_number(mk_buf *buf, uint64_t n); /* in decimal */
void mk_buf_printf(mk_buf *buf, const char *format, ...) MK_PRINTF(2, 3);
static inline void mk_buf_puts(mk_buf *buf, const char *s)
{
    mk_buf_put(buf, mk_str_of(s));
}
static inline mk_str mk_buf_str(const mk_buf *buf)
{
    return (mk_str){buf->ptr, buf->len};
}
/* Takes back what was written behind the first len bytes, and a failure. */
static inline void mk_buf_cut(mk_buf *buf, size_t len)
{
    buf->len = len;
    buf->failed = buf->full = false;
}
static inline void mk_buf_reset(mk_buf *buf)
{
    mk_buf_cut(buf, 0);
}
/* n in decimal, without a NUL: how many digits there are. */
enum { MK_DIGITS = 20 };
size_t mk_digits(uint64_t n, char out[MK_DIGITS]);

void mk_buf_clear(mk_buf *buf); /* frees; {.max} stays */

#endif
